"""The connection of a run as a wire: some writes are on their way while the next one is being computed.

Decides that writes go in the order in which they were sent, one at a time; that some wait for those before them, as
long as they are not too large together, so that neither the database nor who computes waits for the other for long; and
that a write that failed fails the run at one of the next, or at the end. None behind it is begun.
"""

import asyncio
from collections import deque
from collections.abc import Coroutine
from types import TracebackType
from typing import Any, Final, NamedTuple, Self

MOST: Final = 16 << 20
"""So many bytes may be under way or wait."""

type Write = Coroutine[Any, Any, Any]


class Sent(NamedTuple):
    """A write that is not known to be done, and how many bytes it holds."""

    task: asyncio.Task[Any]
    write: Write
    size: int


class Wire:
    """Writes of one unit of work; whoever reads on the same connection settles it before."""

    def __init__(self) -> None:
        self._sent = deque[Sent]()

    async def send(self, write: Write, size: int = 0) -> None:
        """Have the write done after those before it, once there is room for the bytes that it holds."""
        try:
            while self._sent and (self._sent[0].task.done() or self._full(size)):
                await self._first()
        except BaseException:
            write.close()
            raise
        before = self._sent[-1].task if self._sent else None
        self._sent.append(Sent(asyncio.create_task(behind(before, write)), write, size))

    def _full(self, size: int) -> bool:
        """Whether so many bytes more have no room."""
        return size > 0 and size + sum(one.size for one in self._sent) > MOST

    @property
    def behind(self) -> bool:
        """Whether a write waits for another one."""
        return sum(not one.task.done() for one in self._sent) > 1

    async def settle(self) -> None:
        """Wait until nothing is under way."""
        while self._sent:
            await self._first()

    async def _first(self) -> None:
        """The first that was sent. It stays among them until it is done: whoever is cancelled meanwhile ends it."""
        await asyncio.wait({self._sent[0].task})
        await self._sent.popleft().task

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, kind: type[BaseException] | None, error: BaseException | None,
                        trace: TracebackType | None) -> None:
        """The connection goes back with nothing on it."""
        try:
            if error is None:
                await self.settle()
        finally:
            tasks = [one.task for one in self._sent]
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            for one in self._sent:
                one.write.close()  # of those that were never begun
            self._sent.clear()


async def behind(before: asyncio.Task[Any] | None, write: Write) -> None:
    """The write, if the one before it is done and well."""
    if before is not None:
        await asyncio.wait({before})
        if before.cancelled() or before.exception() is not None:
            raise asyncio.CancelledError
    await write
