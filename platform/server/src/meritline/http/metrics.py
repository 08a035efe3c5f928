"""Metrics for Prometheus: what came in, how it ended, how long it took. No label ever names a tenant or a person."""

import time
from functools import cache
from typing import Any

from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

KNOWN = ("/graphql", "/healthz", "/readyz", "/metrics", "/")
BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)


class Metrics:
    """The instruments of one application; a registry of its own, so that several can live in one process."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.requests = Counter(
            "meritline_http_requests", "Requests by route, method and status.", ("route", "method", "status"),
            registry=self.registry,
        )  # fmt: skip
        self.seconds = Histogram(
            "meritline_http_request_seconds", "Time to the end of the answer, by route.", ("route",),
            buckets=BUCKETS, registry=self.registry,
        )  # fmt: skip
        self.plugins = Gauge(
            "meritline_plugins", "Plugins by what became of them at start.", ("state",), registry=self.registry
        )
        self.running = Gauge("meritline_http_running", "Requests being answered.", registry=self.registry)
        # Their labels are few, and finding them by name costs more than counting.
        self.timed, self.counted = cache(self.seconds.labels), cache(self.requests.labels)

    def count_plugins(self, catalogue: Any) -> None:
        """What became of the plugins: used, quarantined or left out by the operator."""
        for state in ("used", "quarantined", "off"):
            self.plugins.labels(state).set(sum(state == state_of(one) for one in catalogue.plugins))

    async def page(self, _: Request) -> Response:
        """The metrics as text."""
        return Response(generate_latest(self.registry), media_type=CONTENT_TYPE_LATEST)


def state_of(plugin: Any) -> str:
    """What became of a plugin."""
    return "off" if plugin.off else "quarantined" if plugin.quarantined else "used"


class Measured:
    """Counts and times every request."""

    def __init__(self, app: ASGIApp, metrics: Metrics) -> None:
        self.app = app
        self.metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        route, status, begun = route_of(scope["path"]), 500, time.perf_counter()

        async def noted(message: Any) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        self.metrics.running.inc()
        try:
            await self.app(scope, receive, noted)
        finally:
            self.metrics.running.dec()
            self.metrics.timed(route).observe(time.perf_counter() - begun)
            self.metrics.counted(route, method_of(scope), status).inc()


def route_of(path: str) -> str:
    """The route of a path; what clients make up does not become a label."""
    if path in KNOWN:
        return path
    return "/v1/records" if path.startswith("/v1/records/") else "other"


def method_of(scope: Scope) -> str:
    """The method, where it is a usual one."""
    return scope["method"] if scope["method"] in ("GET", "HEAD", "POST", "OPTIONS") else "other"
