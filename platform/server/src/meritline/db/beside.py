"""Work beside a trip to the database. Decides that it begins once the statement is on its way."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any


async def beside[F](waited: Coroutine[Any, Any, F], work: Callable[[], object]) -> F:
    """What is waited for, with the work done meanwhile. If the work fails, nothing is waited for any more."""
    task = asyncio.create_task(waited)
    try:
        for _ in range(2):  # it begins, and the loop sends what it wrote
            await asyncio.sleep(0)
        work()
    except BaseException:
        task.cancel()
        await asyncio.wait([task])
        raise
    return await task
