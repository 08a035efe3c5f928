"""Ingest: the rows of a delivery into the record table, in one unit of work. Decides that all good rows land or none.

Rows are applied batch by batch, each while the next is read and validated. What only the whole file tells (lines of
one id that contradict each other, lines that fold) is found out by staging all of it and applying it at once: a
delivery that turns out to need this is undone and begun again so. Two deliveries of the same rows at once end with
every row once: the second waits for the first and finds it unchanged.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final
from uuid import UUID

import asyncpg

from meritline import audit
from meritline.db import Database, UnitOfWork
from meritline.errors import MeritlineError, problem
from meritline.records import store
from meritline.records.applying import Applied, Batches, Ground, Whole
from meritline.records.clock import offsets
from meritline.records.delivery import Delivery, Progress, Tally
from meritline.records.headers import check_header
from meritline.records.marking import Marks
from meritline.records.preparing import Batch, Contradiction, Preparer
from meritline.records.rejecting import kept_reject, raw_lines
from meritline.records.repeating import AnsweredMeanwhile
from meritline.records.sources.mapping import CoverageMode
from meritline.records.summary import ImportSummary, RowVerdict, Verdict
from meritline.records.turns import short_turns
from meritline.records.upkeep import records_changed
from meritline.records.validate.rows import Reject, Validator
from meritline.tenancy.codes import CodeBook
from meritline_sdk.evaluate.windows import zone_of

MOST_REJECTS_KEPT: Final = 10_000
MOST_REJECTS_TOLD: Final = 50
MOST_CODES_TOLD: Final = 20
TRIES: Final = 5


@dataclass(slots=True)
class Attempt:
    """How a delivery is tried: ``whole``, all at once; ``careful``, no row is taken for new without looking.
    ``told`` rejected rows were handed on before."""

    whole: bool = False
    careful: bool = False
    told: int = 0


async def ingest(
    database: Database, tenant_id: UUID, delivery: Delivery, *, clock: Callable[[], datetime]
) -> ImportSummary:
    """Ingest a delivery; raises a ``MeritlineError``, with nothing applied, where it cannot be read as a whole."""
    check_header(delivery.table, delivery.source)
    attempt = Attempt(whole=bool(delivery.source.fold))
    for _ in range(TRIES):
        try:
            return await once(database, tenant_id, delivery, clock, attempt)
        except (asyncpg.DeadlockDetectedError, AnsweredMeanwhile):
            continue
        except Contradiction:
            attempt.whole = True
        except asyncpg.UniqueViolationError:  # another import was faster with the same rows
            if attempt.careful:
                raise
            attempt.careful = True
    raise MeritlineError("E-CONFLICT-BUSY")


async def once(
    database: Database, tenant_id: UUID, delivery: Delivery, clock: Callable[[], datetime], attempt: Attempt
) -> ImportSummary:
    """One try."""
    async with database.unit_of_work(tenant_id) as uow:
        if delivery.request and (before := await delivery.request.answer(uow.conn, tenant_id)):
            return before
        summary = await Ingest(uow, delivery, clock, attempt).run()
        if summary.accepted or summary.updated:
            await records_changed(uow)
        if delivery.request:
            await delivery.request.keep(uow.conn, tenant_id, summary)
        if delivery.file_name is not None:
            counts = {"lines": summary.lines, "accepted": summary.accepted, "updated": summary.updated,
                      "rejected": summary.rejected}  # fmt: skip
            await audit.append(uow.conn, tenant_id, actor=delivery.actor, action="records.import",
                               subject=f"source:{summary.source}",
                               body={"import": str(summary.import_id), "file": delivery.file_name, **counts})
        return summary


class Ingest:
    """One delivery inside its unit of work."""

    def __init__(self, uow: UnitOfWork, delivery: Delivery, clock: Callable[[], datetime], attempt: Attempt) -> None:
        self.conn, self.tenant_id, self.delivery, self.clock = uow.conn, uow.tenant_id, delivery, clock
        self.source, self.tally, self.attempt = delivery.source, Tally(), attempt
        self.import_id = UUID(int=0)

    async def run(self) -> ImportSummary:
        """Stage, apply, and keep what came of it."""
        source, delivery, whole = self.source, self.delivery, self.attempt.whole
        zone = await store.hold(self.conn, self.tenant_id) or "UTC"
        spaces = [space for space in source.code_spaces().values() if space is not None]
        codes = await CodeBook.load(self.conn, self.tenant_id, spaces)
        now = await store.later(self.conn, self.tenant_id, self.clock())
        validator = Validator(source, codes, zone=zone, now=now, file=delivery.table.name)
        self.import_id = await store.begin(
            self.conn, self.tenant_id, source=source.key, record_type=source.record.key,
            file_name=delivery.file_name, request_key=delivery.request.key if delivery.request else None,
            content_digest=delivery.request.digest if delivery.request else None, at=now,
        )  # fmt: skip
        steps = offsets(zone_of(zone))
        marks = Marks(source.record, steps)
        ground = Ground(self.conn, self.tenant_id, source, self.import_id, max(now, self.clock()), steps,
                        delivery.rows_wanted)
        applying = Whole(ground, self.reject_differing) if whole else Batches(ground, marks,
                                                                             careful=self.attempt.careful)
        try:
            await applying.open()
            prepared = Preparer(source, validator, marks, whole=whole)
            async for batch in ahead(prepared.batches(delivery.table.chunks())):
                await self.take(batch)
                await applying.take(batch)
                self.tell_progress()
            return await self.finish(validator, await applying.finish())
        finally:
            await applying.close()

    async def take(self, batch: Batch) -> None:
        """Count a batch, and keep the rows that do not land with their reasons."""
        for each in batch.validated:
            self.tally.count(each)
            await self.keep_rejects(each.rejects)

    def tell_progress(self) -> None:
        """Say how far it is."""
        reading = self.delivery.table.reading
        if self.delivery.progress:
            self.delivery.progress(Progress(self.tally.lines, reading.consumed, reading.size))

    async def keep_rejects(self, rejects: list[Reject]) -> None:
        """Count rejected rows, hand them on, and keep the first ten thousand in the database."""
        tally = self.tally
        for place, each in enumerate(rejects, tally.rejected):
            if self.delivery.rejected and place >= self.attempt.told:
                self.delivery.rejected(each)
            if self.delivery.rows_wanted or len(tally.rejects) < MOST_REJECTS_TOLD:
                tally.rejects.append(RowVerdict(each.line, each.external_id, Verdict.REJECTED, each.reasons))
        tally.rejected += len(rejects)
        self.attempt.told = max(self.attempt.told, tally.rejected)
        some = rejects[: max(0, MOST_REJECTS_KEPT - tally.kept_rejects)]
        tally.kept_rejects += len(some)
        await store.put_rejects(self.conn, self.tenant_id, self.import_id, [kept_reject(each) for each in some])

    async def reject_differing(self, differing: dict[str, list[int]]) -> None:
        """Reject every line of the ids that say two things; their text is read again."""
        lines = {line: numbers for numbers in differing.values() for line in numbers}
        ids = {line: external_id for external_id, numbers in differing.items() for line in numbers}
        found = await asyncio.to_thread(raw_lines, self.delivery.table, set(lines))
        name, column = self.delivery.table.name, "+".join(self.source.id_columns)
        await self.keep_rejects([
            Reject(line, ids[line], found.get(line, {}), (problem(
                "E-ROW-DUPLICATE", file=name, row=line, field=column, value=ids[line], lines=lines[line][:20]
            ),))
            for line in sorted(lines)
        ])  # fmt: skip

    async def finish(self, validator: Validator, applied: Applied) -> ImportSummary:
        """Count everything, and keep what the file covers."""
        tally, source = self.tally, self.source
        summary = ImportSummary(
            import_id=self.import_id, source=source.key, record_type=source.record.key,
            file_name=self.delivery.file_name, lines=tally.lines, accepted=applied.accepted, updated=applied.updated,
            unchanged=applied.unchanged, rejected=tally.rejected, folded=applied.folded, skipped=tally.skipped,
            unresolved=applied.unresolved, covered=self.covered(),
            rejects=tuple(tally.rejects), unknown_codes=tuple(
                (space, code, count) for (space, code), count in
                validator.unresolved_codes.most_common(MOST_CODES_TOLD)
            ),
            rows=tuple(sorted([*applied.rows, *tally.rejects], key=lambda row: row.line))
            if self.delivery.rows_wanted else (),
        )  # fmt: skip
        if summary.covered:
            await store.cover(self.conn, self.tenant_id, source.key, source.record.key, *summary.covered,
                              self.import_id)  # fmt: skip
        told = {name: getattr(summary, name) for name in
                ("lines", "accepted", "updated", "unchanged", "rejected", "folded", "unresolved")}  # fmt: skip
        await store.finish(self.conn, self.tenant_id, self.import_id, told, self.clock())
        return summary

    def covered(self) -> tuple[date, date] | None:
        """The period that the delivery speaks for: as its sender says, or the days of its rows."""
        first, last, mode = self.tally.first_day, self.tally.last_day, self.source.coverage
        if self.delivery.period or first is None or last is None or mode is CoverageMode.NONE:
            return self.delivery.period
        if mode is CoverageMode.BY_ROWS:
            return first, last + timedelta(days=1)
        return first.replace(day=1), (last.replace(day=28) + timedelta(days=4)).replace(day=1)


async def ahead(batches: Iterator[Batch]) -> AsyncIterator[Batch]:
    """The batches, each made in a thread while the one before it is applied."""
    with short_turns():
        following = asyncio.create_task(asyncio.to_thread(next, batches, None))
        try:
            while (found := await following) is not None:
                following = asyncio.create_task(asyncio.to_thread(next, batches, None))
                yield found
        finally:
            following.cancel()
            with suppress(asyncio.CancelledError, Exception):
                await following
