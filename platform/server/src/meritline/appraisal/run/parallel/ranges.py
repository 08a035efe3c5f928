"""People by ranges, each scored where there is room. Decides that what comes back is in the order of the people.

The first who is free takes the next range: this process in a thread, and every process of the pool once it knows the
scheme. What a process does not answer is scored here; so a killed one costs time, and nothing else.
"""

import asyncio
import logging
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Mapping, Sequence
from typing import Any, Final
from uuid import UUID

from meritline.appraisal.run.parallel.away import Away
from meritline.appraisal.run.parallel.pool import Child, Gone
from meritline.appraisal.run.parallel.talk import packed
from meritline.appraisal.run.parallel.work import Done
from meritline.appraisal.run.subjects import Appraised
from meritline_sdk.evaluate.tallies import Subject

log = logging.getLogger(__name__)

AHEAD: Final = 3
"""For each who scores, so many ranges may wait to be written."""

type People = Sequence[Appraised]
type Scores = Callable[[People], Awaitable[bytes]]


async def scored(ranges: Iterable[People], here: Callable[[People], bytes], children: Sequence[Child],
                 away: Callable[[], Away], ids: Mapping[Subject, UUID]) -> AsyncIterator[tuple[People, bytes]]:
    """Each range with the rows of its lines; ``here`` scores one in this process."""
    free = asyncio.Queue[Scores]()

    async def in_thread(people: People) -> bytes:
        return await asyncio.to_thread(here, people)

    free.put_nowait(in_thread)
    room = AHEAD * (1 + len(children))
    readying = [asyncio.create_task(ready(children, away, ids, in_thread, free))] if children else []
    under_way = deque[tuple[People, asyncio.Task[bytes]]]()
    try:
        for people in ranges:
            while under_way and (under_way[0][1].done() or len(under_way) >= room):
                first, task = under_way.popleft()
                yield first, await task
            one = await free.get()
            under_way.append((people, asyncio.create_task(done(one, people, free))))
        while under_way:
            first, task = under_way.popleft()
            yield first, await task
    finally:
        tasks: list[asyncio.Task[Any]] = [*readying, *(task for _, task in under_way)]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def done(one: Scores, people: People, free: asyncio.Queue[Scores]) -> bytes:
    """One range; then whoever scored it is free."""
    try:
        return await one(people)
    finally:
        free.put_nowait(one)


async def ready(children: Sequence[Child], away: Callable[[], Away], ids: Mapping[Subject, UUID], here: Scores,
                free: asyncio.Queue[Scores]) -> None:
    """Tell the processes of the scheme; who knows it is free. Whatever is wrong with them, the run does without."""
    try:
        found = await asyncio.to_thread(away)
        task = await asyncio.to_thread(packed, found.task)
    except Exception:
        log.exception("a scheme could not be told to other processes; it is scored by this one alone")
        return
    await asyncio.gather(*(join(child, found, task, ids, here, free) for child in children))


async def join(child: Child, away: Away, task: bytes, ids: Mapping[Subject, UUID], here: Scores,
               free: asyncio.Queue[Scores]) -> None:
    """One process learns the scheme."""
    def told(people: People) -> bytes:
        return packed(away.heap(people, ids))

    alive = True

    async def there(people: People) -> bytes:
        nonlocal alive
        try:
            if not alive:  # it would have to learn the scheme again
                return await here(people)
            answer = await child.ask(await asyncio.to_thread(told, people))
            if isinstance(answer, Done):
                return away.take(people, answer)
            log.warning("a scoring process could not score %s people: %s", len(people), answer)
        except Gone as gone:
            alive = False
            log.warning("%s; its people are scored by this one", gone)
        return await here(people)

    try:
        answer = await child.ask(task)
    except Gone as gone:
        log.warning("%s", gone)
        return
    if answer is None:
        free.put_nowait(there)
    else:
        log.warning("a scoring process does not understand the scheme: %s", answer)
