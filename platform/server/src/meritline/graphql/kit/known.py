"""Known documents: queries that were parsed, checked and validated before. Decides that they go straight to execution.

The checks that a known document skips depend on its text alone; what is prepared beside it, on its text and its
variables: their values by the types of the schema, and the arguments of its root fields. Who asks, and what they may
see, is asked each time.
"""

from collections import OrderedDict
from dataclasses import dataclass, field
from typing import Any, Final

from graphql import DocumentNode, GraphQLError, default_field_resolver, default_type_resolver
from strawberry.execution import optimized_is_awaitable
from strawberry.types import ExecutionResult
from strawberry.types.graphql import OperationType
from strawberry.utils.await_maybe import await_maybe

from meritline.graphql.kit.compiled.executor import Calls, PassingExecutor

MOST_DOCUMENTS: Final = 512
LONGEST: Final = 32 * 1024
#: Characters of all of them: a parsed document takes up to 270 bytes for each.
MOST_TEXT: Final = 256 * 1024
MOST_PREPARED, LONGEST_VARIABLES = 512, 1024


class Documents:
    """The documents by their text and the operation that is named."""

    def __init__(self) -> None:
        self.kept: OrderedDict[tuple[str, str | None], DocumentNode] = OrderedDict()
        self.text = 0
        #: By document, operation and variables. The document is kept with it, so that no other takes its identity.
        self.ready: OrderedDict[tuple[int, str | None, str], tuple[DocumentNode, Prepared]] = OrderedDict()

    def found(self, query: str | None, operation_name: str | None) -> DocumentNode | None:
        """The document of a query, if it is known."""
        if query is None:
            return None
        document = self.kept.get((query, operation_name))
        if document is not None:
            self.kept.move_to_end((query, operation_name))
        return document

    def keep(self, query: str, operation_name: str | None, document: DocumentNode) -> None:
        """Keep a document in place of the one that was longest not asked for."""
        if len(query) > LONGEST:
            return
        self.text += len(query) if (query, operation_name) not in self.kept else 0
        self.kept[query, operation_name] = document
        while len(self.kept) > MOST_DOCUMENTS or self.text > MOST_TEXT:
            (text, _), gone = self.kept.popitem(last=False)
            self.text -= len(text)
            for key in [key for key in self.ready if key[0] == id(gone)]:
                del self.ready[key]

    def prepared(self, document: DocumentNode, operation_name: str | None, variables: str) -> "Prepared | None":
        """What was prepared for these variables, as they are written in Python: 1, "1", 1.0 and true are told apart."""
        found = self.ready.get((id(document), operation_name, variables))
        if found is None:
            return None
        self.ready.move_to_end((id(document), operation_name, variables))
        return found[1]

    def prepare(
        self, document: DocumentNode, operation_name: str | None, variables: str, prepared: "Prepared"
    ) -> None:
        """Keep it in place of what was longest not asked for, as long as its document is kept."""
        if not any(each is document for each in self.kept.values()):
            return
        self.ready[id(document), operation_name, variables] = document, prepared
        if len(self.ready) > MOST_PREPARED:
            self.ready.popitem(last=False)


@dataclass(frozen=True, slots=True)
class Prepared:
    """What a document and its variables decide of an execution, whoever asks."""

    operation: Any
    fragment_definitions: Any
    fragments: Any
    variables: Any
    calls: Calls = field(default_factory=dict)


async def execute_known(
    schema: Any,
    document: DocumentNode,
    *,
    variable_values: dict[str, Any] | None = None,
    context_value: Any = None,
    root_value: Any = None,
    operation_name: str | None = None,
    operation_extensions: dict[str, Any] | None = None,
    allowed_operation_types: Any = (OperationType.QUERY,),
) -> ExecutionResult:
    """Execute a known query as Strawberry's schema does, without asking its extensions again."""
    assert OperationType.QUERY in allowed_operation_types
    fresh = getattr(context_value, "fresh", None)
    context = fresh() if fresh else context_value
    try:
        executor = executor_of(schema, document, operation_name, variable_values, root_value, context,
                               operation_extensions)  # fmt: skip
        if isinstance(executor, list):
            return ExecutionResult(None, executor)
        found: Any = await await_maybe(executor.execute_operation())
    except Exception as error:
        return ExecutionResult(None, [GraphQLError(str(error), original_error=error)])
    return ExecutionResult(found.data, found.errors)


def executor_of(
    schema: Any, document: DocumentNode, name: str | None, variables: dict[str, Any] | None, root: Any, context: Any,
    extensions: Any,
) -> PassingExecutor | list[GraphQLError]:  # fmt: skip
    """The executor of an operation, or why there is none."""
    is_awaitable: Any = optimized_is_awaitable
    given = repr(variables)
    prepared = schema.known.prepared(document, name, given)
    if prepared is None:
        made: Any = PassingExecutor.build(schema._schema, document, root, context, variables, name,
                                          is_awaitable=is_awaitable, operation_extensions=extensions)  # fmt: skip
        if isinstance(made, list) or len(given) > LONGEST_VARIABLES:
            return made  # type: ignore[no-any-return]
        prepared = Prepared(made.operation, made.fragment_definitions, made.fragments, made.variable_values)
        schema.known.prepare(document, name, given, prepared)
    else:
        made = PassingExecutor(
            schema._schema, prepared.fragment_definitions, prepared.fragments, root, context, prepared.operation,
            prepared.variables, default_field_resolver, default_type_resolver, default_field_resolver,
            is_awaitable=is_awaitable, operation_extensions=extensions,
        )  # fmt: skip
    made.calls = prepared.calls
    return made  # type: ignore[no-any-return]
