"""Mutations. Decides their form: one ``input``; a payload with the changed object and ``errors``; one unit of work.

A mutation does its work in a unit of work that is committed before the payload is read, so what the client gets is
what was stored. What the user can mend becomes ``errors`` of the payload; everything else is an error of GraphQL.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import strawberry
from strawberry.types.info import Info
from strawberry.utils.str_converters import to_camel_case

from meritline.errors import Forbidden, MeritlineError, Problem
from meritline.graphql.kit.context import RequestContext

#: Problems that a user mends by another input; others (forbidden, unavailable, our own) end the operation.
MENDABLE = frozenset({"BAD_USER_INPUT", "CONFLICT", "NOT_FOUND"})


@strawberry.type(description="Something that the user can mend; what it speaks of was not changed.")
class UserError:
    """Something that the user can mend."""

    code: str = strawberry.field(description="The stable code; its page stands under docs/errors.")
    message: str = strawberry.field(description="What is wrong, in the reader's language.")
    field: str | None = strawberry.field(description="The input field, where it is one.")
    line: int | None = strawberry.field(description="The line of a document or the row of a list, from 1.")
    value: str | None = strawberry.field(description="The value that was refused.")
    remedy: str = strawberry.field(description="What to do.")


def user_error(each: Problem, context: RequestContext, *, document: bool = False) -> UserError:
    """The problem in the reader's language."""
    shown = each.as_dict(context.language)
    named = each.field if document or each.field is None else to_camel_case(each.field)
    return UserError(
        code=each.code,
        message=each.message(context.language),
        field=named,
        line=each.line or each.row,
        value=str(shown["value"]) if "value" in shown else None,
        remedy=each.remedy(context.language),
    )


@dataclass(frozen=True, slots=True)
class Mutation:
    """A mutation as a feature declares it.

    ``work(context, input)`` does everything in its own unit of work and returns, for each name in ``returns``, the key
    of the object, ``Keys`` of several, or plain values. ``returns`` are written types. Where ``document`` is true,
    problems name places of the document that the client sent; else they name fields of the input. Where ``partly`` is
    true, the work may return ``Partly``: some of a list was done, the rest has its own errors.
    """

    name: str
    description: str
    action: str
    input: type
    returns: Mapping[str, tuple[str, str]]
    work: "Callable[[RequestContext, Any], Awaitable[Mapping[str, Any] | Partly]]"
    document: bool = False
    partly: bool = False


@dataclass(frozen=True, slots=True)
class Partly:
    """What was done of a list, and what is wrong with the rest."""

    values: Mapping[str, Any]
    problems: Sequence[Problem]


@dataclass(frozen=True, slots=True)
class Keys:
    """Which objects a mutation changed: those whose ``on`` is one of the values."""

    on: str
    values: Sequence[object]


@dataclass(slots=True)
class Payload:
    """The values of a payload type."""

    values: Mapping[str, Any]
    errors: list[UserError]


def resolver(mutation: Mutation) -> Callable[..., Any]:
    """The resolver of a mutation."""

    async def resolve(info: Info, input: Any) -> Payload:
        context: RequestContext = info.context
        if context.reach(mutation.action) is None:
            raise Forbidden(role=str(context.principal.role), action=mutation.action)
        try:
            found = await mutation.work(context, input)
            if isinstance(found, Partly):
                return Payload(found.values, [user_error(each, context) for each in found.problems])
            return Payload(found, [])
        except MeritlineError as error:
            if isinstance(error, Forbidden) or not all(mendable(each) for each in error.problems):
                raise
            return Payload({}, [user_error(each, context, document=mutation.document) for each in error.problems])

    resolve.__annotations__ = {"info": Info, "input": mutation.input, "return": Any}
    return resolve


def mendable(each: Problem) -> bool:
    """Whether another input would help."""
    return each.extension in MENDABLE


def seen_version(given: int | None) -> int | None:
    """The version that the writer saw; not given means that nobody looked."""
    return None if given is strawberry.UNSET else given
