"""The executor. Decides that finished JSON is an answer as it is, and that a known call of a root field is not read
from the document again.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from enum import Enum
from inspect import iscoroutinefunction
from typing import Any, Final
from uuid import UUID

import orjson
from graphql import FieldNode, GraphQLField, get_argument_values
from graphql.execution.values import VariableValues
from strawberry.schema.schema import StrawberryGraphQLCoreExecutionContext
from strawberry.schema.schema_converter import get_arguments
from strawberry.types.unset import UNSET

#: Values that nobody can change: what was made of arguments may be used by many requests.
LASTING: Final = (str, int, Decimal, date, UUID, Enum, type(None), type(UNSET))
type Calls = dict[str, "Call | None"]


@dataclass(frozen=True, slots=True)
class Call:
    """A root field with its arguments as its resolver gets them; where it stands, and by which nodes."""

    nodes: list[FieldNode]
    parent: Any
    path: Any
    field: GraphQLField
    definition: Any
    resolve: Callable[..., Awaitable[Any]]
    arguments: Mapping[str, Any]
    info_name: str | None

    def of(self, owner: Any, variables: VariableValues) -> "Call | None":
        """The same call by other variables."""
        arguments = arguments_of(owner, self.field, self.definition, self.nodes[0], variables)
        return None if arguments is None else replace(self, arguments=arguments)

    def given(self, owner: Any, info: Any) -> dict[str, Any]:
        """The arguments of one request."""
        arguments = dict(self.arguments)
        if self.info_name is not None:
            arguments[self.info_name] = owner.config.info_class(_raw_info=info, _field=self.definition)
        return arguments


def replayed(call: Call, found: Any, error: Exception | None) -> Call:
    """The call, which was made already."""

    async def again(**_: Any) -> Any:
        if error is not None:
            raise error
        return found

    return replace(call, resolve=again)


class PassingExecutor(StrawberryGraphQLCoreExecutionContext):
    """GraphQL-core's executor, which does not walk into what the database has finished.

    ``calls`` are those of earlier requests with the same document and variables, whose arguments are the same.
    ``turns`` are the root fields in the order of the document, each with what tells that it has ended; ``failed`` is
    the one whose error is that of the operation.
    """

    calls: Calls | None = None
    turns: dict[Any, asyncio.Future[None]] | None = None
    failed: Any = None

    def execute_field(self, parent_type: Any, source: Any, field_details_list: Any, path: Any,
                      position_context: Any) -> Any:  # fmt: skip
        """A root field that was called before is called again; everything else is executed as ever."""
        if path.prev is not None:
            return super().execute_field(parent_type, source, field_details_list, path, position_context)
        call = None
        if source is None and self.calls is not None:
            call = self.calls[path.key] if path.key in self.calls else self.first(parent_type, path, field_details_list)
        found = (super().execute_field(parent_type, source, field_details_list, path, position_context)
                 if call is None else self.called(call, path, field_details_list, position_context))  # fmt: skip
        return self.in_turn(path.key, found) if self.is_awaitable(found) else found

    def in_turn(self, key: Any, found: Awaitable[Any]) -> Awaitable[Any]:
        """A root field, which fails after those before it have ended: of several that end an operation the first one is
        told, and not the quickest."""
        self.turns = self.turns or {}
        before = tuple(self.turns.values())
        ended = self.turns[key] = asyncio.get_running_loop().create_future()

        async def settled() -> Any:
            try:
                return await found
            except Exception:
                for each in before:
                    await each
                self.failed = self.failed or key
                raise
            finally:
                if not ended.done():
                    ended.set_result(None)

        return settled()

    def build_response(self, data: Any) -> Any:
        """The answer; where a root field has ended it, what came after that field is as if it had not been tried."""
        if data is None and self.failed is not None and self.turns is not None:
            keys = list(self.turns)
            after, errors = set(keys[keys.index(self.failed) + 1 :]), self.collected_errors.errors
            errors[:] = [each for each in errors if not each.path or each.path[0] not in after]
        return super().build_response(data)

    def called(self, call: Call, path: Any, details: Any, position: Any) -> Awaitable[Any]:
        """The resolver's answer, completed."""
        info = self.build_resolve_info(call.field, call.nodes, call.parent, path)
        owner: Any = self.schema._strawberry_schema  # type: ignore[attr-defined]
        found = call.resolve(**call.given(owner, info))
        return self.complete_awaitable_value(call.field.type, details, info, path, found, position)

    def first(self, parent_type: Any, path: Any, details: Any) -> Call | None:
        """The call, for all to come; none where the arguments do not fit (the executor tells why) or do not last."""
        assert self.calls is not None
        found = None
        with suppress(Exception):  # whatever it is, the executor comes upon it again
            found = self.call(parent_type, details[0])
            found = found and replace(found, path=path, nodes=[each.node for each in details])
        self.calls[path.key] = found
        return found

    def call(self, parent_type: Any, detail: Any) -> Call | None:
        """The call of a field with a resolver of ours."""
        owner: Any = self.schema._strawberry_schema  # type: ignore[attr-defined]
        made = self.schema.get_field(parent_type, detail.node.name.value)
        definition: Any = made and (made.extensions or {}).get(owner.schema_converter.DEFINITION_BACKREF)
        resolver = definition and definition.base_resolver
        if made is None or not resolver or definition.extensions or not iscoroutinefunction(resolver.wrapped_func):
            return None
        arguments = arguments_of(owner, made, definition, detail.node, self.variable_values,
                                 detail.fragment_variable_values)  # fmt: skip
        info = resolver.info_parameter
        if arguments is None:
            return None
        return Call([detail.node], parent_type, None, made, definition, resolver.wrapped_func, arguments,
                    info and info.name)  # fmt: skip

    def complete_value(self, return_type: Any, field_details_list: Any, info: Any, path: Any, result: Any,
                       position_context: Any) -> Any:  # fmt: skip
        """Finished JSON passes untouched; everything else is completed as ever."""
        if result.__class__ is orjson.Fragment:
            return result
        return super().complete_value(return_type, field_details_list, info, path, result, position_context)


def arguments_of(owner: Any, made: GraphQLField, definition: Any, node: FieldNode, variables: VariableValues,
                 of_fragment: Any = None) -> dict[str, Any] | None:  # fmt: skip
    """The arguments as the resolver gets them; none where they do not last, or it is given more than those."""
    places, arguments = get_arguments(
        field=definition, source=None, info=None, config=owner.config,  # type: ignore[arg-type]
        kwargs=get_argument_values(made, node, variables, of_fragment),
        scalar_registry=owner.schema_converter.scalar_registry,
    )  # fmt: skip
    return None if places or not all(map(lasting, arguments.values())) else arguments


def lasting(value: object) -> bool:
    """Whether a converted argument is the same for every request; a document of JSON could be changed by its reader."""
    if isinstance(value, LASTING):
        return True
    if isinstance(value, list):
        return all(map(lasting, value))
    return hasattr(value, "__strawberry_definition__") and all(map(lasting, vars(value).values()))
