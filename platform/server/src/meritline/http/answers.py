"""Answers that are errors. Decides their one form outside of GraphQL execution: ``{"errors": [...]}`` as JSON."""

from http import HTTPStatus

import orjson
from starlette.requests import HTTPConnection
from starlette.responses import Response
from starlette.types import Scope

from meritline.errors import MeritlineError
from meritline.graphql.kit.errors import spoken
from meritline.logs.requests import note_code
from meritline.messages import Language, language_of

STATUS = {
    "BAD_USER_INPUT": HTTPStatus.BAD_REQUEST,
    "UNAUTHENTICATED": HTTPStatus.UNAUTHORIZED,
    "FORBIDDEN": HTTPStatus.FORBIDDEN,
    "NOT_FOUND": HTTPStatus.NOT_FOUND,
    "CONFLICT": HTTPStatus.CONFLICT,
    "TOO_LARGE": HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    "RATE_LIMITED": HTTPStatus.TOO_MANY_REQUESTS,
    "UNAVAILABLE": HTTPStatus.SERVICE_UNAVAILABLE,
    "INTERNAL": HTTPStatus.INTERNAL_SERVER_ERROR,
}


def language_for(connection: HTTPConnection) -> Language:
    """The reader's language: their own choice, else what the request prefers."""
    scope = connection.scope
    principal = scope.get("state", {}).get("principal")
    chosen: Language | None = getattr(principal, "language", None)
    return chosen or language_of(header(scope, b"accept-language"))


def header(scope: Scope, name: bytes) -> str | None:
    """The first header of this name. What stands before every request reads a few, and makes no object of all."""
    for each, value in scope["headers"]:
        if each == name:
            return value.decode("latin-1")  # type: ignore[no-any-return]
    return None


def error_response(
    error: MeritlineError, language: Language, *, status: int | None = None, media_type: str = "application/json"
) -> Response:
    """The error as a response with the status of its code."""
    message, extensions = spoken(error, language)
    note_code(error.problem.code)
    code = status or STATUS[error.problem.extension]
    headers = {"www-authenticate": 'Bearer realm="meritline"'} if code == HTTPStatus.UNAUTHORIZED else {}
    body = orjson.dumps({"errors": [{"message": message, "extensions": extensions}]}, default=str)
    return Response(body, status_code=code, media_type=media_type, headers=headers)
