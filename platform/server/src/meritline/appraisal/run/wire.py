"""The connection of a run as a wire: some writes are on their way while the next one is being computed.

Decides that writes go in the order in which they were sent, one at a time; that a few wait for those before them, so
that the database has something to do when computing takes longer for once; and that a write that failed fails the run
at one of the next, or at the end. None behind it is begun.
"""

import asyncio
from collections import deque
from collections.abc import Coroutine
from types import TracebackType
from typing import Any, Final, Self

AHEAD: Final = 3
"""So many writes may wait, beside the one under way."""

type Write = Coroutine[Any, Any, Any]


class Wire:
    """Writes of one unit of work; whoever reads on the same connection settles it before."""

    def __init__(self) -> None:
        self._sent = deque[tuple[asyncio.Task[Any], Write]]()

    async def send(self, write: Write) -> None:
        """Have the write done after those before it, once there is room."""
        try:
            while self._sent and (len(self._sent) > AHEAD or self._sent[0][0].done()):
                await self._first()
        except BaseException:
            write.close()
            raise
        before = self._sent[-1][0] if self._sent else None
        self._sent.append((asyncio.create_task(behind(before, write)), write))

    async def settle(self) -> None:
        """Wait until nothing is under way."""
        while self._sent:
            await self._first()

    async def _first(self) -> None:
        """The first that was sent. It stays among them until it is done: whoever is cancelled meanwhile ends it."""
        await asyncio.wait({self._sent[0][0]})
        await self._sent.popleft()[0]

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, kind: type[BaseException] | None, error: BaseException | None,
                        trace: TracebackType | None) -> None:
        """The connection goes back with nothing on it."""
        try:
            if error is None:
                await self.settle()
        finally:
            tasks = [task for task, _ in self._sent]
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            for _, write in self._sent:
                write.close()  # of those that were never begun
            self._sent.clear()


async def behind(before: asyncio.Task[Any] | None, write: Write) -> None:
    """The write, if the one before it is done and well."""
    if before is not None:
        await asyncio.wait({before})
        if before.cancelled() or before.exception() is not None:
            raise asyncio.CancelledError
    await write
