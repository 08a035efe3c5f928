"""The server beside the story: it answers while the story is told, and after it until a signal."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

from meritline.http.server import address_of, listening, server_for


@asynccontextmanager
async def served(platform: Any, port: int) -> AsyncIterator[tuple[str, Callable[[], Awaitable[object]]]]:
    """Serve on loopback within the block; gives the address and what waits for the signal to stop."""
    listener = listening("127.0.0.1", port)
    server = server_for(platform)
    serving = asyncio.create_task(server.serve(sockets=[listener]))

    async def until_stopped() -> None:
        await asyncio.shield(serving)

    try:
        yield address_of(listener), until_stopped
    finally:
        server.should_exit = True
        await serving
