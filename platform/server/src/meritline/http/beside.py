"""Health and metrics of a process that serves nothing else: a worker. On a port of its own, in the worker's loop."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import Any

import uvicorn
from starlette.applications import Starlette
from starlette.routing import Route

from meritline.http import health
from meritline.http.metrics import Metrics
from meritline.http.server import address_of, configuration, listening


class Beside(uvicorn.Server):
    """A server that leaves the signals to whoever it stands beside."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Capture none."""
        yield


@asynccontextmanager
async def watched(platform: Any, port: int) -> AsyncIterator[str]:
    """Serve ``/healthz``, ``/readyz`` and ``/metrics`` within the block; gives the address."""
    metrics = Metrics(platform)
    app = Starlette(routes=[Route("/healthz", health.healthz), Route("/readyz", health.readyz),
                            Route("/metrics", metrics.page)])  # fmt: skip
    app.state.platform = platform
    listener = listening(platform.settings.host, port)
    server = Beside(configuration(app, grace_s=1))
    serving = asyncio.create_task(server.serve(sockets=[listener]), name="health and metrics")
    try:
        yield address_of(listener)
    finally:
        server.should_exit = True
        await serving
