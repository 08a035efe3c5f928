"""Asking the database how it is. Decides that whoever asks for health never waits behind those who work.

The probe has one connection of its own, made when it is first asked: a pool whose connections are all at work is busy,
and not away. Whoever asks while another asks gets the same answer. A connection that was lost is made anew once before
the database counts as away.
"""

import asyncio
from collections.abc import Awaitable, Callable, Hashable
from contextlib import suppress
from typing import Any

import asyncpg

from meritline.db.scope import Database
from meritline.errors import MeritlineError


class Probe:
    """The door of health checks and metrics to the database."""

    def __init__(self, url: str, *, patience_s: float = 2.0) -> None:
        self._url, self.patience_s = url, patience_s
        self._database: Database | None = None
        self._lock = asyncio.Lock()
        self._asked: dict[Hashable, asyncio.Task[Any]] = {}

    async def ask[T](self, about: Hashable, question: Callable[[Database], Awaitable[T]]) -> T:
        """The answer; raises what the database says, or ``MeritlineError`` where it does not answer in time."""
        task = self._asked.get(about)
        if task is None or task.done():
            task = self._asked[about] = asyncio.create_task(self._answer(question))
            task.add_done_callback(lambda done: done.cancelled() or done.exception())
        return await asyncio.shield(task)  # type: ignore[no-any-return]

    async def _answer[T](self, question: Callable[[Database], Awaitable[T]]) -> T:
        try:
            async with asyncio.timeout(self.patience_s), self._lock:
                if self._database is not None:
                    with suppress(asyncpg.PostgresConnectionError, asyncpg.InterfaceError, OSError,
                                  asyncpg.AdminShutdownError, asyncpg.CannotConnectNowError):  # fmt: skip
                        return await question(self._database)
                    await self._drop()
                self._database = await Database.open(self._url, max_size=1, application_name="meritline-health")
                return await question(self._database)
        except (TimeoutError, OSError, asyncpg.PostgresConnectionError, asyncpg.InterfaceError,
                asyncpg.CannotConnectNowError) as error:  # fmt: skip
            await self._drop()
            raise MeritlineError("E-DATABASE-AWAY") from error

    async def _drop(self) -> None:
        database, self._database = self._database, None
        if database is not None:
            database.pool.terminate()

    async def close(self) -> None:
        """Let the connection go."""
        for task in self._asked.values():
            task.cancel()
        await asyncio.gather(*self._asked.values(), return_exceptions=True)
        await self._drop()
