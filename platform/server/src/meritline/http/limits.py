"""Limits on bodies. Decides that a body is counted as it comes and never trusted to be as long as it says."""

from http import HTTPStatus
from typing import Any

from starlette.requests import HTTPConnection
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from meritline.errors import MeritlineError
from meritline.http.answers import error_response, header, language_for


class BodyTooLarge(MeritlineError):
    """The body is longer than allowed."""

    code = "E-HTTP-TOO-LARGE"


class BodyLimit:
    """Refuses bodies over the limit: at once where they say so, else when they get there."""

    def __init__(self, app: ASGIApp, most: int) -> None:
        self.app = app
        self.most = most

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        told = header(scope, b"content-length") or "0"
        if not told.isascii() or not told.isdigit() or int(told[:20]) > self.most:
            await self.refuse(scope, receive, send)
            return
        started = False
        read = 0

        async def counted() -> Message:
            nonlocal read
            message = await receive()
            read += len(message.get("body", b""))
            if read > self.most:
                raise BodyTooLarge(most=self.most)
            return message

        async def sending(message: Any) -> None:
            nonlocal started
            started = True
            await send(message)

        try:
            await self.app(scope, counted, sending)
        except BodyTooLarge:
            if started:
                raise
            await self.refuse(scope, receive, send)

    async def refuse(self, scope: Scope, receive: Receive, send: Send) -> None:
        """413, and the connection is not used again, since its rest was not read."""
        answer = error_response(
            BodyTooLarge(most=self.most), language_for(HTTPConnection(scope)),
            status=HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
        )  # fmt: skip
        answer.headers["connection"] = "close"
        await answer(scope, receive, send)
