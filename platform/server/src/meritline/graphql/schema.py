"""The schema: what the features declare, assembled once per process."""

import logging
from collections.abc import AsyncIterator
from functools import cache
from typing import Any

import strawberry
from graphql import DocumentNode, GraphQLError, build_schema, lexicographic_sort_schema
from graphql import print_schema as print_core
from strawberry.printer import print_schema
from strawberry.schema.config import StrawberryConfig
from strawberry.types import ExecutionContext, ExecutionResult
from strawberry.types.execution import PreExecutionError

from meritline.appraisal import graphql as appraisal
from meritline.appraisal import mutations as appraisal_writes
from meritline.appraisal import subscriptions as appraisal_news
from meritline.appraisal.simulation import graphql as simulation
from meritline.audit import graphql as audit
from meritline.graphql.kit.build import Builder
from meritline.graphql.kit.compiled.executor import PassingExecutor
from meritline.graphql.kit.declare import Module
from meritline.graphql.kit.errors import tell
from meritline.graphql.kit.known import Documents, execute_known
from meritline.graphql.kit.limits import extensions, too_long
from meritline.graphql.kit.loading import Declarations
from meritline.graphql.kit.money import MONEY
from meritline.graphql.kit.mutating import UserError
from meritline.graphql.kit.node import Node
from meritline.graphql.kit.operations import done, mutation_type, subscription_type
from meritline.graphql.kit.scalars import scalar_map
from meritline.onboarding import graphql as onboarding
from meritline.onboarding import mutations as onboarding_writes
from meritline.records import graphql as records
from meritline.records import mutations as records_writes
from meritline.records import subscriptions as records_news
from meritline.rewards import graphql as rewards
from meritline.rewards import mutations as rewards_writes
from meritline.rewards.statements import graphql as statements
from meritline.tenancy import graphql as tenancy
from meritline.tenancy import mutations as tenancy_writes

MODULES = (
    Module(objects=(MONEY,)),
    audit.MODULE,
    tenancy.MODULE,
    records.MODULE,
    appraisal.MODULE,
    simulation.MODULE,
    rewards.MODULE,
    statements.MODULE,
    onboarding.MODULE,
    tenancy_writes.MODULE,
    records_writes.MODULE,
    appraisal_writes.MODULE,
    rewards_writes.MODULE,
    onboarding_writes.MODULE,
    records_news.MODULE,
    appraisal_news.MODULE,
)


class Schema(strawberry.Schema):
    """Strawberry's schema with the declarations it was made from, and the queries it has seen to be valid."""

    declarations: Declarations
    known: Documents

    async def execute(self, query: str | None, *args: Any, **kwargs: Any) -> ExecutionResult:
        """Execute, and put every error into its outward form."""
        document = None if args else self.known.found(query, kwargs.get("operation_name"))
        if document is None and (refused := too_long(query)) is not None:
            result: ExecutionResult = PreExecutionError(None, [refused])
        elif document is None:
            result = await super().execute(query, *args, **kwargs)
        else:
            result = await execute_known(self, document, **kwargs)
        tell(result, getattr(kwargs.get("context_value"), "language", "en"))
        return result

    async def stream(self, query: str | None, *args: Any, **kwargs: Any) -> Any:
        """The results of an operation on a WebSocket."""
        refused = too_long(query)
        return await super().stream(query, *args, **kwargs) if refused is None else alone(refused, **kwargs)

    def remember(self, query: str, operation_name: str | None, document: DocumentNode) -> None:
        """A query that passed every check that does not depend on who asks."""
        self.known.keep(query, operation_name, document)

    def process_errors(self, errors: list[GraphQLError], execution_context: ExecutionContext | None = None) -> None:
        """Errors are logged where they are masked, once, with their reference."""


async def alone(refused: GraphQLError, context_value: Any = None, **_: Any) -> AsyncIterator[ExecutionResult]:
    """The one result of what is not even parsed."""
    result = PreExecutionError(None, [refused])
    tell(result, getattr(context_value, "language", "en"))
    yield result


@cache
def schema() -> Schema:
    """The one schema of this process."""
    builder = Builder(MODULES, {"UserError": UserError})
    declarations = builder.built()
    made = Schema(
        query=query_type(builder),
        mutation=mutation_type(builder),
        subscription=subscription_type(builder),
        types=[Node, *builder.classes.values()],
        extensions=extensions(),
        execution_context_class=PassingExecutor,
        config=StrawberryConfig(scalar_map=scalar_map()),
    )
    made.declarations, made.known = declarations, Documents()
    return made


def query_type(builder: Builder) -> Any:
    """The root of all reads."""
    made: Any = type("Query", (), {"__annotations__": {}, "__doc__": "All reads."})
    for module in builder.modules:
        for each in module.queries:
            builder.put(made, each)
    made.node = strawberry.field(
        resolver=builder.resolvers.node_resolver(), name="node", graphql_type=Node | None,
        description="The object of an opaque id; null where there is none for the viewer.",
    )  # fmt: skip
    return done(made, description="All reads. Each shows what the viewer may see, and nothing else.")


def sdl() -> str:
    """The schema as text: what stands in schema.graphql."""
    # Sorted as text: a sorted schema object would lose Strawberry's enums.
    return print_core(lexicographic_sort_schema(build_schema(print_schema(schema())))).strip() + "\n"


logging.getLogger("strawberry.execution").setLevel(logging.CRITICAL)
