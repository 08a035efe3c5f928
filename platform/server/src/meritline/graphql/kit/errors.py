"""Errors on their way out. Decides that each carries a code of the closed list, and that no surprise tells its insides.

``extensions.code`` is one of the catalogue's codes or, for the document itself, GRAPHQL_PARSE_FAILED,
GRAPHQL_VALIDATION_FAILED, OPERATION_RESOLUTION_FAILURE. Errors of ours add ``error`` (E-...), ``field``, ``value`` and
``remedy``. Anything unexpected is logged with a reference, and only the reference goes out.
"""

import logging
from collections.abc import Iterator
from typing import Any, Final
from uuid import uuid4

import asyncpg
from graphql import ExecutionResult as CoreResult
from graphql import GraphQLError, GraphQLSyntaxError
from strawberry.extensions import SchemaExtension
from strawberry.types import ExecutionResult

from meritline.errors import MeritlineError, Problem, Refused
from meritline.messages import Language

log = logging.getLogger("meritline.graphql")
DOCUMENT_CODES: Final = ("GRAPHQL_PARSE_FAILED", "GRAPHQL_VALIDATION_FAILED", "OPERATION_RESOLUTION_FAILURE")
MOST_ERRORS: Final = 10

#: What the database says where the input or the moment is at fault, and not the program.
OF_DATABASE: Final[tuple[tuple[type[Exception], str], ...]] = (
    (asyncpg.QueryCanceledError, "E-REQUEST-TIMEOUT"),
    (TimeoutError, "E-REQUEST-TIMEOUT"),
    (asyncpg.SerializationError, "E-CONFLICT-BUSY"),
    (asyncpg.DeadlockDetectedError, "E-CONFLICT-BUSY"),
    (asyncpg.LockNotAvailableError, "E-CONFLICT-BUSY"),
    (asyncpg.CharacterNotInRepertoireError, "E-TEXT-NUL"),
    (asyncpg.UntranslatableCharacterError, "E-TEXT-NUL"),
    (asyncpg.exceptions.DataError, "E-VALUE-RANGE"),
    (asyncpg.PostgresConnectionError, "E-DATABASE-AWAY"),
    (asyncpg.TooManyConnectionsError, "E-DATABASE-AWAY"),
    (asyncpg.AdminShutdownError, "E-DATABASE-AWAY"),
    (asyncpg.CannotConnectNowError, "E-DATABASE-AWAY"),
    (asyncpg.InterfaceError, "E-DATABASE-AWAY"),
    (ConnectionError, "E-DATABASE-AWAY"),
)


def as_meritline(error: BaseException | None) -> MeritlineError | None:
    """The error in our terms, where it is one."""
    if isinstance(error, MeritlineError):
        return error
    for kind, code in OF_DATABASE:
        if isinstance(error, kind):
            return MeritlineError(code)
    return None


def masked(error: BaseException) -> MeritlineError:
    """What goes out of a surprise; the log has the rest."""
    reference = uuid4().hex[:12]
    log.error("unexpected error, reference %s", reference, exc_info=error)
    return MeritlineError("E-INTERNAL", reference=reference)


def told(error: GraphQLError, language: Language) -> GraphQLError:
    """The error as a client gets it."""
    known = as_meritline(error.original_error)
    if known is None and error.original_error is not None and not isinstance(error.original_error, GraphQLError):
        known = masked(error.original_error)
    if known is None:
        return with_extensions(error, error.message, document_extensions(error))
    message, extensions = spoken(known, language)
    return with_extensions(error, message, extensions)


def spoken(error: MeritlineError, language: Language) -> tuple[str, dict[str, Any]]:
    """Message and extensions of an error of ours."""
    first: Problem = error.problem
    details = {"error": first.code, "field": first.field, "remedy": first.remedy(language)}
    extensions: dict[str, Any] = {
        "code": first.extension,
        **{name: value for name, value in details.items() if value is not None},
    }
    if isinstance(error, Refused):
        extensions["problems"] = [each.as_dict(language) for each in error.problems]
    return first.message(language), extensions


def document_extensions(error: GraphQLError) -> dict[str, Any]:
    """The extensions of an error that GraphQL itself found."""
    if isinstance(error, GraphQLSyntaxError):
        return {"code": "GRAPHQL_PARSE_FAILED"}
    found = dict(error.extensions or {})
    inner = error.original_error
    if "code" not in found and isinstance(inner, GraphQLError) and inner.extensions:
        found = dict(inner.extensions)
    return {**found, "code": found.get("code", "BAD_USER_INPUT")}


def with_extensions(error: GraphQLError, message: str, extensions: dict[str, Any]) -> GraphQLError:
    """The same place, another content; the original goes no further."""
    return GraphQLError(
        message=message,
        nodes=error.nodes,
        source=error.source,
        positions=error.positions,
        path=error.path,
        extensions=extensions,
    )


class TellErrors(SchemaExtension):
    """Puts the errors of a subscription into their outward form, result by result; see ``tell`` for all others."""

    def on_stream_result(self, result: Any) -> Iterator[None]:
        """Before a result leaves."""
        tell(result, getattr(self.execution_context.context, "language", "en"))
        yield


def tell(result: object, language: Language) -> None:
    """Rewrite the errors of a result, the first ten of them by their paths.

    In the order in which they came up they would tell of the order in which rows were read, which is nobody's promise.
    """
    if isinstance(result, CoreResult | ExecutionResult) and result.errors:
        result.errors = [told(error, language) for error in sorted(result.errors, key=place)[:MOST_ERRORS]]


def place(error: GraphQLError) -> list[tuple[int, str]]:
    """Where an error belongs: by names, and by numbers as numbers."""
    return [(each, "") if isinstance(each, int) else (-1, each) for each in error.path or ()]
