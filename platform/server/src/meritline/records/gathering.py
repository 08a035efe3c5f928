"""Records that programs send one by one, gathered. Decides what waits for what, and for how long.

While one batch of a source is written, the next gathers. Where several requests came together last time, the first of
the next ones waits a few milliseconds for the others; one that comes alone, as those before it did, does not. Every
request is answered after the commit of its own rows, and fails alone.
"""

import asyncio
import logging
from collections import OrderedDict, deque
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

import asyncpg

from meritline.db import Database
from meritline.errors import MeritlineError
from meritline.plugins.record_types import RecordTypes
from meritline.records.entitled import Declarations
from meritline.records.mappings import Pair
from meritline.records.parts import Part, plain_rows
from meritline.records.repeating import AnsweredMeanwhile, Request
from meritline.records.service import direct_at_once, direct_by, installed
from meritline.records.sources import SourceMapping
from meritline.records.summary import ImportSummary
from meritline.records.together import Known, Outcome, Together

WINDOW_S: Final = 0.005
MOST_ROWS: Final = 1000
MOST_BYTES: Final = 64 * 1024
MOST_DOORS: Final = 10_000
MOST_KNOWN: Final = 500
"""Of so many doors it is kept what was found of the company: its mappings are some kilobytes."""
log = logging.getLogger(__name__)

type Alone = Callable[[SourceMapping, SourceMapping], Awaitable[ImportSummary]]


@dataclass(frozen=True, slots=True)
class Door:
    """Where requests come in that may be taken together."""

    tenant_id: UUID
    record_type: str
    source: str | None


@dataclass(slots=True, eq=False)
class Waiting:
    """A request that waits. ``alone`` takes it by itself, as its mappings say; ``repeatable`` gives its key."""

    part: Part
    alone: Alone
    repeatable: Callable[[SourceMapping], Request | None]
    done: asyncio.Future[ImportSummary]


class Gatherer:
    """Takes small requests of one server together."""

    def __init__(self, database: Database, declarations: Declarations, clock: Callable[[], datetime]) -> None:
        self.database, self.declarations, self.clock = database, declarations, clock
        self._waiting: dict[Door, deque[Waiting]] = {}
        self._tasks = set[asyncio.Task[None]]()
        self._crowded = set[Door]()
        self._known: OrderedDict[Door, Known] = OrderedDict()

    async def take(
        self, door: Door, body: bytes, repeatable: Callable[[SourceMapping], Request | None], alone: Alone
    ) -> ImportSummary | None:
        """What became of the request; None where its body is nothing that is gathered."""
        rows = plain_rows(body) if len(body) <= MOST_BYTES else None
        if rows is None or len(rows) > MOST_ROWS:
            return None
        waiting = Waiting(Part(rows), alone, repeatable, asyncio.get_running_loop().create_future())
        if door in self._waiting:
            self._waiting[door].append(waiting)
        else:
            self._waiting[door] = deque([waiting])
            task = asyncio.create_task(self.serve(door))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
        return await waiting.done

    async def serve(self, door: Door) -> None:
        """Take batch after batch until nothing waits."""
        await asyncio.sleep(WINDOW_S if door in self._crowded else 0)
        waiting, most = self._waiting[door], 1
        while waiting:
            most = max(most, len(waiting))
            batch, rows = [waiting.popleft()], 0
            while waiting and (rows := rows + len(batch[-1].part.rows)) + len(waiting[0].part.rows) <= MOST_ROWS:
                batch.append(waiting.popleft())
            try:
                await self.batch(door, batch)
            except Exception as error:
                if not isinstance(error, MeritlineError):
                    log.exception("records could not be taken", extra={"tenant_id": str(door.tenant_id)})
                for each in batch:
                    if not each.done.done():
                        each.done.set_exception(error)
        del self._waiting[door]
        self.note(door, crowded=most > 1)

    def note(self, door: Door, *, crowded: bool) -> None:
        """Remember whether requests came together."""
        if not crowded:
            self._crowded.discard(door)
        elif len(self._crowded) < MOST_DOORS:
            self._crowded.add(door)

    def remember(self, door: Door, known: Known | None) -> None:
        """Keep what was found of the company, for the next batch."""
        if known is not None:
            self._known[door] = known
            while len(self._known) > MOST_KNOWN:
                self._known.popitem(last=False)

    async def batch(self, door: Door, batch: list[Waiting]) -> None:
        """Take these requests together, and by themselves what cannot be."""
        waiting = [each for each in batch if not each.done.done()]
        left, ways = await self.together(door, waiting)
        if not left:
            return
        direct, mapped = ways or await direct_at_once(self.database, door.tenant_id, door.record_type, door.source,
                                                      self.declarations)  # fmt: skip
        for each in left:
            try:
                settle(each, await each.alone(direct, mapped))
            except Exception as error:
                if not each.done.done():
                    each.done.set_exception(error)

    async def together(self, door: Door, batch: list[Waiting]) -> tuple[list[Waiting], Pair | None]:
        """Take them together; gives those that have to go by themselves, and how they are read, where it is known."""
        ways: Pair | None = None
        left = batch

        def choose(known: Known) -> tuple[SourceMapping, list[Part]]:
            nonlocal ways, left
            ways = direct, mapped = known.ways or direct_by(known.sources, known.sets, door.record_type, door.source,
                                                            self.declarations)  # fmt: skip
            if isinstance(self.declarations, RecordTypes):  # others may change under it
                known.ways = ways
            if mapped.hints.format == "ndjson":
                return direct, []
            left, keys = keyed(batch, direct), set[str]()
            return direct, [each.part for each in left if not repeats(each, keys)]

        found: dict[Part, Outcome] = {}
        taking = Together(self.database, door.tenant_id, installed(self.declarations), choose, self.clock,
                          self._known.pop(door, None))  # fmt: skip
        with suppress(asyncpg.PostgresError, AnsweredMeanwhile):
            found = await taking.take([each.part for each in batch])
            self.remember(door, taking.known)
        for each in batch:
            outcome = found.get(each.part)
            if isinstance(outcome, MeritlineError):
                if not each.done.done():
                    each.done.set_exception(outcome)
            elif outcome is not None:
                settle(each, outcome)
        return [each for each in left if each.part not in found], ways


def keyed(batch: list[Waiting], direct: SourceMapping) -> list[Waiting]:
    """Those whose keys can be keys; the others fail."""
    found = list[Waiting]()
    for each in batch:
        try:
            each.part.request = each.repeatable(direct)
        except MeritlineError as error:
            if not each.done.done():
                each.done.set_exception(error)
            continue
        found.append(each)
    return found


def repeats(waiting: Waiting, known: set[str]) -> bool:
    """Whether its key is known; it is from now on."""
    if waiting.part.request is None:
        return False
    again = waiting.part.request.key in known
    known.add(waiting.part.request.key)
    return again


def settle(waiting: Waiting, summary: ImportSummary) -> None:
    """Answer, if anybody still waits."""
    if not waiting.done.done():
        waiting.done.set_result(summary)
