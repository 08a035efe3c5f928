"""What stands before everything: each request is counted, timed and told in one line, whatever becomes of it."""

import logging
import time
from typing import Any, Final

from starlette.types import ASGIApp, Receive, Scope, Send

from meritline.http.answers import header
from meritline.http.metrics import Metrics
from meritline.logs.lines import spoken
from meritline.logs.requests import CURRENT, Entry, begun

log = logging.getLogger("meritline.http")
KNOWN: Final = frozenset({"/graphql", "/healthz", "/readyz", "/metrics", "/", "/graphiql", "/v1/figures",
                          "/v1/ratings/sheet"})  # fmt: skip
FOLDERS: Final = ("/v1/records/", "/v1/exports/", "/console/")
METHODS: Final = frozenset({"GET", "HEAD", "POST", "OPTIONS"})
#: Asked every few seconds by machines: told only when they go wrong.
QUIET: Final = frozenset({"/healthz", "/readyz", "/metrics"})
BAD, OURS = 400, 500


class Measured:
    """Counts, times and tells every request."""

    def __init__(self, app: ASGIApp, metrics: Metrics) -> None:
        self.app = app
        self.metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            await self.http(scope, receive, send)
        elif scope["type"] == "websocket":
            await self.socket(scope, receive, send)
        else:
            await self.app(scope, receive, send)

    async def http(self, scope: Scope, receive: Receive, send: Send) -> None:
        """A request; its answer carries the id that stands in the log."""
        route, status, started = route_of(scope["path"]), 500, time.perf_counter()
        entry = begun(header(scope, b"x-request-id"))
        token = CURRENT.set(entry)

        async def noted(message: Any) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                message["headers"] = [*message.get("headers", ()), (b"x-request-id", entry.request_id.encode())]
            await send(message)

        metrics = self.metrics
        metrics.running.now += 1
        try:
            await self.app(scope, receive, noted)
        finally:
            took = time.perf_counter() - started
            metrics.running.now -= 1
            metrics.request_seconds.add(route, took)
            metrics.requests.add(route, method_of(scope), str(status))
            if route not in QUIET or status >= BAD:
                tell(scope, entry, route, status, took)
            CURRENT.reset(token)

    async def socket(self, scope: Scope, receive: Receive, send: Send) -> None:
        """A WebSocket, from its handshake to its end."""
        started, entry = time.perf_counter(), begun(header(scope, b"x-request-id"))
        token = CURRENT.set(entry)
        self.metrics.sockets.now += 1
        try:
            await self.app(scope, receive, send)
        finally:
            self.metrics.sockets.now -= 1
            tell(scope, entry, route_of(scope["path"]), None, time.perf_counter() - started)
            CURRENT.reset(token)


def tell(scope: Scope, entry: Entry, route: str, status: int | None, took: float) -> None:
    """The line."""
    level = logging.ERROR if status is not None and status >= OURS else logging.INFO
    if not log.isEnabledFor(level):
        return
    said: dict[str, Any] = {"request_id": entry.request_id, "route": route, "ms": round(took * 1000, 1)}
    if status is not None:
        said["method"], said["status"] = method_of(scope), status
    principal = scope.get("state", {}).get("principal")
    if principal is not None:
        said["tenant_id"], said["principal"] = str(principal.tenant_id), principal.actor
        said["role"] = principal.role
    if entry.kind is not None:
        said["kind"], said["fields"] = entry.kind, entry.fields
        if entry.operation is not None:
            said["operation"] = entry.operation
    if entry.codes:
        said["codes"] = entry.codes
    log.handle(spoken(log.name, level, "request" if status is not None else "socket", said))


def route_of(path: str) -> str:
    """The route of a path; what clients make up does not become a label."""
    if path in KNOWN:
        return path
    return next((folder.rstrip("/") for folder in FOLDERS if path.startswith(folder)), "other")


def method_of(scope: Scope) -> str:
    """The method, where it is a usual one."""
    return scope["method"] if scope["method"] in METHODS else "other"
