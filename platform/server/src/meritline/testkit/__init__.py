"""The server's side of the SDK's testkit: its meaning of golden cases and pools, beside that of plain Python.

Found by the pytest plugin of the SDK through the entry point group ``meritline.testing``. Each case is read in a
transaction of a tenant of its own that is rolled back: nothing is left in the database.
"""

import asyncio
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager
from threading import Thread
from typing import Any

from meritline.db import Database
from meritline.testkit.cases import difference
from meritline.testkit.pools import leaks
from meritline_sdk.model.rewards import RewardTable
from meritline_sdk.model.schemes import Scheme
from meritline_sdk.testing import GoldenCase

LONGEST_S = 60


class Server:
    """What the SDK's laws ``sql`` and ``pools`` ask; it has an event loop of its own, so that any test may ask."""

    def __init__(self, loop: asyncio.AbstractEventLoop, database: Database) -> None:
        self._loop, self._database = loop, database

    def differs(self, case: GoldenCase) -> str | None:
        """In what SQL reads the case otherwise than plain Python does; None where both are the same."""
        return waited(self._loop, difference(self._database, case))

    def pools_that_leak(self, table: RewardTable, scheme: Scheme) -> list[str]:
        """The pools whose parts do not sum to their amount."""
        return leaks(table, scheme)


def waited[T](loop: asyncio.AbstractEventLoop, work: Coroutine[Any, Any, T]) -> T:
    """The result of work in the loop of another thread."""
    return asyncio.run_coroutine_threadsafe(work, loop).result(LONGEST_S)


@contextmanager
def opened(url: str) -> Iterator[Server]:
    """The server's meaning in this migrated database, as the application role."""
    loop = asyncio.new_event_loop()
    thread = Thread(target=loop.run_forever, name="meritline-testkit", daemon=True)
    thread.start()
    try:
        database = waited(loop, entered(url))
        try:
            yield Server(loop, database)
        finally:
            waited(loop, database.close())
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join(LONGEST_S)
        loop.close()


async def entered(url: str) -> Database:
    """The database, opened."""
    return await Database.open(url)
