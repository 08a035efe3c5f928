"""GraphQL over HTTP and WebSocket. Decides what a request must look like, and which status an answer has.

Strawberry's view, with what the specification asks and it lacks: the media type of its own, request errors as 400,
one deadline for an operation, bodies read exactly (no float) and refused by reason.
"""

import asyncio
import json
import time
from typing import Any, Final

import msgspec
import orjson
from cross_web import HTTPException
from graphql import GraphQLError
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send
from starlette.websockets import WebSocket
from strawberry.asgi import GraphQL
from strawberry.exceptions import ConnectionRejectionError, MissingQueryError
from strawberry.http import GraphQLRequestData, process_result
from strawberry.schema.exceptions import CannotGetOperationTypeError, InvalidOperationTypeError
from strawberry.subscriptions import GRAPHQL_TRANSPORT_WS_PROTOCOL
from strawberry.types import ExecutionResult
from strawberry.types.graphql import OperationType
from strawberry.types.unset import UNSET

from meritline.access import reach
from meritline.db.warrants import unproven
from meritline.errors import MeritlineError
from meritline.graphql.kit.context import RequestContext
from meritline.graphql.kit.errors import told
from meritline.graphql.kit.scalars import decode_json
from meritline.graphql.schema import Schema, schema
from meritline.http.answers import error_response, header, language_for
from meritline.http.authentication import authenticator, bearer
from meritline.http.metrics import Metrics
from meritline.http.operations import note, told_of
from meritline.http.socket import Messages
from meritline.logs.requests import CURRENT

NEW: Final = "application/graphql-response+json"
DEEPEST_JSON: Final = 32
MOST_VALUES: Final = 200_000
TOO_MANY: Final = f"it has more than {MOST_VALUES:,} values"
MOST_SUBSCRIPTIONS: Final = 20
WRITES: Final = "mutation"
"""What stands in every document that writes."""
BY_POST: Final = OperationType.from_http("POST")


class Malformed(HTTPException):
    """A body that is no request."""

    def __init__(self, reason: str) -> None:
        super().__init__(400, reason)


class GraphQLView(GraphQL[RequestContext, None]):
    """The endpoint."""

    schema: Schema
    graphql_transport_ws_handler_class = Messages
    #: Off, the plain resolvers answer everything: the meaning that the read compiler is held to.
    compiled = True

    def __init__(self, platform: Any, metrics: Metrics) -> None:
        super().__init__(
            schema(),
            graphql_ide=None,
            allow_queries_via_get=False,
            subscription_protocols=(GRAPHQL_TRANSPORT_WS_PROTOCOL,),
            max_subscriptions_per_connection=MOST_SUBSCRIPTIONS,
        )
        self.platform = platform
        self.verify = authenticator(platform)
        self.metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer; what strawberry would say as plain text is said as JSON."""
        if scope["type"] != "http":
            await super().__call__(scope, receive, send)
            return
        request = Request(scope, receive)
        try:
            answer = await self.answer(request)
        except HTTPException as error:
            answer = error_response(
                MeritlineError("E-HTTP-BODY", reason=error.reason), language_for(request), status=error.status_code
            )
        await answer(scope, receive, send)

    async def answer(self, request: Request) -> Response:
        """One operation. Strawberry's own way does the same with more in between (batches, files, pages, streams)."""
        if request.method != "POST":
            raise HTTPException(405, "only POST is answered")
        context = await self.get_context(request, request)
        asked = self.asked(request, await body_of(request.receive))
        started = time.perf_counter()
        result = await self.executed(asked, context)
        self.note(asked, result, time.perf_counter() - started)
        found: Any = process_result(result) if result.errors or result.extensions else {"data": result.data}
        # A request that was not executed has no data at all.
        if result.errors and result.data is None and all(error.path is None for error in result.errors):
            found.pop("data", None)
        accepted = header(request.scope, b"accept") or ""
        new = NEW in [part.split(";")[0].strip().lower() for part in accepted.split(",")]
        media_type = f"{NEW}; charset=utf-8" if new else "application/json"
        return Response(encode(found), 400 if new and "data" not in found else 200, media_type=media_type)

    def note(self, asked: GraphQLRequestData, result: ExecutionResult, seconds: float) -> None:
        """Tell log and metrics what was asked and how it ended."""
        entry = CURRENT.get()
        executed = entry.document if entry is not None else None
        told = (self.schema.known.noted(asked.query or "", asked.operation_name, told_of) if executed is None
                else told_of(executed, asked.operation_name))  # fmt: skip
        note(entry, told)
        first: str | None = None
        for error in result.errors or ():
            extensions = error.extensions or {}
            first = first or str(extensions.get("code"))
            if entry is not None:
                entry.refused(str(extensions.get("error") or extensions.get("code")))
        self.metrics.operation(told, first, seconds)

    async def get_context(self, request: Request | WebSocket, response: Any) -> RequestContext:
        """The context of the request; of a WebSocket whose key comes later, without a principal yet."""
        state = request.scope.get("state", {})
        context = RequestContext(
            platform=self.platform,
            principal=state.get("principal"),
            reach_of=reach,
            language=language_for(request),
            declarations=self.schema.declarations,
            streams=isinstance(request, WebSocket),
            compiled=self.compiled,
        )
        self.admit(context, state.get("token"))
        return context

    def admit(self, context: RequestContext, token: str | None) -> None:
        """Set what follows from the principal."""
        if context.principal is None or token is None:
            return
        shown = self.platform.settings.introspection
        context.sees_schema = shown == "on" or (shown == "authorized" and context.principal.may("schema:read"))
        context.still_valid = lambda: self.verify(token)

    async def on_ws_connect(self, context: RequestContext) -> Any:
        """Take the key from the first message, unless the handshake had one."""
        if context.principal is None:
            given = {name.lower(): value for name, value in (context.connection_params or {}).items()}
            value = given.get("authorization")
            token = bearer(value) if isinstance(value, str) else None
            try:
                if token is None:
                    raise ConnectionRejectionError
                context.principal = await self.verify(token)
            except MeritlineError as error:
                raise ConnectionRejectionError from error
            self.admit(context, token)
        return UNSET

    def decode_json(self, data: str | bytes) -> object:
        """JSON with exact numbers; the error is the one that strawberry expects."""
        if too_many(data if isinstance(data, bytes) else data.encode(errors="surrogatepass")):
            raise json.JSONDecodeError(TOO_MANY, "", 0)
        try:
            found = decode_json(data)
        except (msgspec.DecodeError, UnicodeError, RecursionError, ValueError, ArithmeticError) as error:
            raise json.JSONDecodeError(str(error)[:100], "", 0) from error
        if (refused := too_much(found)) is not None:
            raise json.JSONDecodeError(refused, "", 0)
        return found

    def asked(self, request: Request, body: bytes) -> GraphQLRequestData:
        """The request, each part of the kind it must be."""
        if (header(request.scope, b"content-type") or "").split(";")[0].strip().lower() != "application/json":
            raise HTTPException(415, "the content type must be application/json")
        try:
            found = self.decode_json(body)
        except json.JSONDecodeError as error:
            raise Malformed(error.msg) from error
        if not isinstance(found, dict):
            raise Malformed("it is not an object")
        query, name = found.get("query"), found.get("operationName")
        if not isinstance(query, str) or not isinstance(name, str | None):
            raise Malformed("'query' must be a text, and 'operationName' a text or null")
        for part in ("variables", "extensions"):
            if not isinstance(found.get(part), dict | None):
                raise Malformed(f"'{part}' must be an object or null")
        return GraphQLRequestData(
            query=query, variables=found.get("variables"), operation_name=name, extensions=found.get("extensions")
        )

    async def executed(self, asked: GraphQLRequestData, context: RequestContext) -> ExecutionResult:
        """Execute within the deadline; a statement that runs then is cancelled with it. Who may write is asked before
        that: only what reads may prove it on the way."""
        try:
            async with asyncio.timeout(self.platform.settings.request_timeout_s):
                if (warrant := unproven()) is not None and WRITES in (asked.query or WRITES):
                    await warrant.settle()
                return await self.schema.execute(
                    asked.query, variable_values=asked.variables, context_value=context,
                    operation_name=asked.operation_name, allowed_operation_types=BY_POST,
                    operation_extensions=asked.extensions,
                )  # fmt: skip
        except TimeoutError:
            error = MeritlineError("E-REQUEST-TIMEOUT")
            return ExecutionResult(None, [told(GraphQLError(str(error), original_error=error), context.language)])
        except (CannotGetOperationTypeError, InvalidOperationTypeError) as error:
            by = () if isinstance(error, CannotGetOperationTypeError) else ("POST",)
            raise HTTPException(400, error.as_http_error_reason(*by)) from error
        except MissingQueryError as error:
            raise HTTPException(400, "No GraphQL query found in the request") from error

    def encode_json(self, data: object) -> str:
        """Text for WebSocket frames; bytes would make them binary."""
        return encode(data).decode()


async def body_of(receive: Receive) -> bytes:
    """The body of a request, which is one message nearly always."""
    parts: list[bytes] = []
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise ClientDisconnect
        parts.append(message.get("body", b""))
        if not message.get("more_body", False):
            return b"".join(parts)


def encode(data: object) -> bytes:
    """JSON; what orjson does not know (database types) is written as text."""
    return orjson.dumps(data, default=str)


def too_many(body: bytes) -> bool:
    """Whether JSON has more values than are taken, before an object is made of each. Texts may hold what they like."""
    if count(body) <= MOST_VALUES:
        return False
    plain = body.replace(b"\\\\", b"").replace(b'\\"', b"")
    # A value has at most its name and its text.
    return plain.count(b'"') > 4 * (MOST_VALUES + 1) or count(b"".join(plain.split(b'"')[::2])) > MOST_VALUES


def count(plain: bytes) -> int:
    """What begins a value, but for the first of each list."""
    return max(plain.count(b","), plain.count(b"[") + plain.count(b"{"))


def too_much(value: object) -> str | None:
    """Why JSON is not taken: nested too deep, or of too many values, each of which is looked at more than once."""
    level: list[object] = [value]
    seen = 0
    for _ in range(DEEPEST_JSON + 1):
        level = [
            inner
            for each in level
            if isinstance(each, dict | list)
            for inner in (each.values() if isinstance(each, dict) else each)
        ]
        seen += len(level)
        if seen > MOST_VALUES:
            return TOO_MANY
        if not level:
            return None
    return f"it is nested more than {DEEPEST_JSON} deep"
