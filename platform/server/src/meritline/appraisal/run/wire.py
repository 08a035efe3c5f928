"""The connection of a run as a wire: one write is on its way while the next one is being computed.

Decides that writes go in the order in which they were sent, one at a time; a write that failed fails the run at the
next one, or at the end.
"""

import asyncio
from collections.abc import Coroutine
from types import TracebackType
from typing import Any, Self


class Wire:
    """Writes of one unit of work; whoever reads on the same connection settles it before."""

    def __init__(self) -> None:
        self._under_way: asyncio.Task[Any] | None = None

    async def send(self, write: Coroutine[Any, Any, Any]) -> None:
        """Begin the write once the one before it is done."""
        try:
            await self.settle()
        except BaseException:
            write.close()
            raise
        self._under_way = asyncio.create_task(write)

    async def settle(self) -> None:
        """Wait until nothing is under way."""
        task, self._under_way = self._under_way, None
        if task is not None:
            await task

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, kind: type[BaseException] | None, error: BaseException | None,
                        trace: TracebackType | None) -> None:
        """The connection goes back with nothing on it."""
        if error is None:
            await self.settle()
        elif self._under_way is not None:
            self._under_way.cancel()
            await asyncio.wait({self._under_way})
