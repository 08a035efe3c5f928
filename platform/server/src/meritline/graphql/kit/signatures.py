"""Signatures of resolvers. Decides how the parameters of a plain function become arguments of a field."""

import inspect
from collections.abc import Callable, Mapping
from typing import Any

import strawberry
from strawberry.types.info import Info


def given_only(chosen: Mapping[str, Any]) -> dict[str, Any]:
    """The arguments that the client gave."""
    return {name: value for name, value in chosen.items() if value is not strawberry.UNSET and value is not None}


def own_arguments(resolve: Callable[..., Any]) -> dict[str, tuple[Any, Any]]:
    """The parameters of a computing function after the row and the request: annotation and default."""
    _, _, *rest = inspect.signature(resolve).parameters.values()
    return {each.name: (each.annotation, each.default) for each in rest}


def with_signature(
    resolve: Callable[..., Any], given: Mapping[str, tuple[Any, Any]], *, rooted: bool
) -> Callable[..., Any]:
    """The resolver, with the parameters that Strawberry shall see as arguments."""
    keyword = inspect.Parameter.KEYWORD_ONLY
    first = [inspect.Parameter("root", inspect.Parameter.POSITIONAL_OR_KEYWORD)] if rooted else []
    info = inspect.Parameter("info", inspect.Parameter.POSITIONAL_OR_KEYWORD, annotation=Info)
    # UNSET instead of None, or the schema would print "= null" as a default.
    arguments = [
        inspect.Parameter(name, keyword, annotation=kind, default=strawberry.UNSET if default is None else default)
        for name, (kind, default) in given.items()
    ]
    resolve.__signature__ = inspect.Signature([*first, info, *arguments])  # type: ignore[attr-defined]
    resolve.__annotations__ = {"info": Info, **{name: kind for name, (kind, _) in given.items()}}
    return resolve
