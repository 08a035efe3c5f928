"""Connections between two uses. Decides that a connection which has just been used is at hand for the next one.

asyncpg's pool sets up and takes down so much around each use that a read by key costs as much again. So connections
that a read or a unit is done with wait here, outside any transaction and with nothing set; whoever comes first takes
one, or waits in turn. What is not used for a moment goes back to the pool, and so does whatever did not end well: the
pool knows how to mend or close it.
"""

import asyncio
from collections import deque
from typing import Any, Final

from meritline.db.pools import Pool, unavailable
from meritline.errors import MeritlineError

REST_S: Final = 0.25


class Lanes:
    """All connections that the platform has out of its pool."""

    def __init__(self, pool: Pool, wait_s: float) -> None:
        self._pool, self._wait_s = pool, wait_s
        self._idle: list[Any] = []
        self._waiting: deque[asyncio.Future[Any]] = deque()
        self._out = 0
        self._used = self._closed = False
        self._timer: asyncio.TimerHandle | None = None
        self._going: set[asyncio.Task[None]] = set()

    def at_hand(self) -> Any:
        """A connection that waits here, or nothing; never one that was lost meanwhile."""
        self._used = True
        while self._idle:
            conn = self._idle.pop()
            if not conn.is_closed():
                return conn
            self._let_go(conn)
        return None

    async def take(self) -> Any:
        """A connection, outside any transaction; ``give`` or ``drop`` it."""
        if (conn := self.at_hand()) is not None:
            return conn
        try:
            async with asyncio.timeout(self._wait_s):
                while True:
                    if self._out < self._pool.get_max_size():
                        return await self._from_pool()
                    conn = await self._turn()
                    if conn is not None:
                        return conn
        except TimeoutError as error:
            raise MeritlineError("E-DB-BUSY", seconds=self._wait_s) from error

    def give(self, conn: Any) -> None:
        """Back, after what ended well."""
        while self._waiting:
            turn = self._waiting.popleft()
            if not turn.done():
                turn.set_result(conn)
                return
        if self._closed:
            self._let_go(conn)
            return
        self._idle.append(conn)
        if self._timer is None:
            self._timer = asyncio.get_running_loop().call_later(REST_S, self._rest)

    async def drop(self, conn: Any) -> None:
        """Back to the pool, which rolls back, waits for a cancellation or closes; safe to cancel."""
        try:
            await self._pool.release(conn)
        finally:
            self._place_free()

    async def close(self) -> None:
        """Let go of everything that waits here."""
        self._closed = True
        if self._timer is not None:
            self._timer.cancel()
        self._let_go(*self._idle)
        self._idle.clear()
        while self._going:
            await asyncio.wait(self._going)

    def counted(self) -> dict[str, int]:
        """How many connections there may be, are at work and are free, and how many wait for one."""
        used = self._out - len(self._idle)
        most = self._pool.get_max_size()
        return {"limit": most, "used": used, "free": most - used, "waiting": len(self._waiting)}

    async def _from_pool(self) -> Any:
        self._out += 1
        try:
            return await self._pool.acquire()
        except (TimeoutError, OSError) as error:  # to connect: what we wait for here ends by a cancellation
            self._place_free()
            raise ConnectionError(unavailable(error)) from error
        except BaseException:
            self._place_free()
            raise

    async def _turn(self) -> Any:
        turn: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        self._waiting.append(turn)
        try:
            return await turn
        except BaseException:
            if turn.done() and not turn.cancelled():  # given and cancelled in the same moment
                if turn.result() is None:
                    self._wake()
                else:
                    self.give(turn.result())
            raise

    def _place_free(self) -> None:
        self._out -= 1
        self._wake()

    def _wake(self) -> None:
        while self._waiting:
            turn = self._waiting.popleft()
            if not turn.done():
                turn.set_result(None)
                return

    def _rest(self) -> None:
        self._timer = None
        if self._used:
            self._used = False
            self._timer = asyncio.get_running_loop().call_later(REST_S, self._rest)
        else:
            self._let_go(*self._idle)
            self._idle.clear()

    def _let_go(self, *conns: Any) -> None:
        for conn in conns:
            task = asyncio.ensure_future(self.drop(conn))
            self._going.add(task)
            task.add_done_callback(self._going.discard)
