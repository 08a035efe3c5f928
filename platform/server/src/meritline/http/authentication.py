"""Who is asking. Decides that a key is shown as ``Authorization: Bearer`` and nowhere else.

The principal stands in ``request.state.principal``; protected paths are refused without one, all others ignore keys.
Of a key that was shown before, a GraphQL request proves that it still stands by whatever it reads first; no word of the
answer leaves before that. A WebSocket may show its key in its first message instead, since browsers cannot set headers
there.
"""

from collections.abc import Awaitable, Callable
from typing import Any, Final

from starlette.requests import HTTPConnection
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from meritline.access import Principal, authenticate
from meritline.access.remembered import Remembered
from meritline.access.service import Unauthenticated
from meritline.db.warrants import WARRANT, Warrant
from meritline.errors import MeritlineError
from meritline.graphql.kit.errors import as_meritline, masked
from meritline.http.answers import error_response, header, language_for

PROTECTED: Final = ("/graphql", "/v1/")
GRAPHQL: Final = "/graphql"
type Authenticate = Callable[[str], Awaitable[Principal]]


def bearer(value: str | None) -> str | None:
    """The key in an Authorization value."""
    scheme, _, token = (value or "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" and token.strip() else None


def authenticator(platform: Any) -> Authenticate:
    """Verifies keys by the platform's database and clock."""

    async def verify(token: str) -> Principal:
        return await authenticate(platform.database, token, now=platform.clock())

    return verify


class Authentication:
    """Puts the principal into the state of protected requests, or refuses them."""

    def __init__(self, app: ASGIApp, platform: Any) -> None:
        self.app, self.platform = app, platform
        self.verify = authenticator(platform)
        self.remembered = Remembered(platform.database)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket") or not scope["path"].startswith(PROTECTED):
            await self.app(scope, receive, send)
            return
        token = bearer(header(scope, b"authorization"))
        state = scope.setdefault("state", {})
        state["principal"], state["token"] = None, token
        warrant: Warrant | None = None
        try:
            if token is not None and scope["type"] == "http" and scope["path"] == GRAPHQL:
                state["principal"], warrant = await self.remembered.principal(token, self.platform.clock())
            elif token is not None:
                state["principal"] = await self.verify(token)
            elif scope["type"] == "http" and not open_page(scope):
                raise Unauthenticated
        except MeritlineError as error:
            await self.refuse(error, HTTPConnection(scope), scope, receive, send)
            return
        if warrant is None:
            await self.app(scope, receive, send)
        else:
            await self.proving(warrant, scope, receive, send)

    async def proving(self, warrant: Warrant, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one whose key is still to be proven, and nothing of it to one whose key is refused."""
        refused = False

        async def proven(message: Message) -> None:
            nonlocal refused
            if message["type"] == "http.response.start":
                try:
                    await warrant.settle()
                except Exception as error:
                    refused = True
                    told = as_meritline(error) or masked(error)
                    await error_response(told, language_for(HTTPConnection(scope)))(scope, receive, send)
            if not refused:
                await send(message)

        token = WARRANT.set(warrant)
        try:
            await self.app(scope, receive, proven)
        finally:
            WARRANT.reset(token)

    async def refuse(
        self, error: MeritlineError, connection: HTTPConnection, scope: Scope, receive: Receive, send: Send
    ) -> None:
        """Answer, or end a handshake."""
        if scope["type"] == "websocket":
            await receive()
            await send({"type": "websocket.close", "code": 4403, "reason": "Forbidden"})
            return
        await error_response(error, language_for(connection))(scope, receive, send)


def open_page(scope: Scope) -> bool:
    """GET /graphql from a browser is the page to write queries on, which tells nothing of the schema."""
    return scope["method"] in ("GET", "HEAD") and "text/html" in (header(scope, b"accept") or "")
