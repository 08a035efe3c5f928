"""Ingest: the rows of a delivery into the record table, in one unit of work. Decides that all good rows land or none.

Two deliveries of the same rows at once end with every row once: the second waits for the first and finds it unchanged.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import suppress
from datetime import date, datetime, timedelta
from typing import Any, Final
from uuid import UUID

import asyncpg

from meritline import audit
from meritline.db import Database, UnitOfWork
from meritline.errors import MeritlineError, problem
from meritline.records import store
from meritline.records.clock import offsets
from meritline.records.delivery import Delivery, Progress, Tally
from meritline.records.formats import Chunk
from meritline.records.headers import check_header
from meritline.records.rejecting import kept_reject, raw_lines
from meritline.records.repeating import AnsweredMeanwhile
from meritline.records.sources.mapping import CoverageMode
from meritline.records.statements import Statements, statements
from meritline.records.summary import ImportSummary, RowVerdict, Verdict
from meritline.records.validate.resolving import stored_columns
from meritline.records.validate.rows import Reject, Validated, Validator
from meritline.tenancy.codes import CodeBook
from meritline_sdk.evaluate.windows import zone_of

MOST_REJECTS_KEPT: Final = 10_000
MOST_REJECTS_TOLD: Final = 50
MOST_CODES_TOLD: Final = 20
TRIES: Final = 3


async def ingest(
    database: Database, tenant_id: UUID, delivery: Delivery, *, clock: Callable[[], datetime]
) -> ImportSummary:
    """Ingest a delivery; raises a ``MeritlineError``, with nothing applied, where it cannot be read as a whole."""
    check_header(delivery.table, delivery.source)
    for _ in range(TRIES):
        try:
            return await once(database, tenant_id, delivery, clock)
        except (asyncpg.DeadlockDetectedError, AnsweredMeanwhile):
            continue
    raise MeritlineError("E-CONFLICT-BUSY")


async def once(
    database: Database, tenant_id: UUID, delivery: Delivery, clock: Callable[[], datetime]
) -> ImportSummary:
    """One try."""
    async with database.unit_of_work(tenant_id) as uow:
        if delivery.request and (before := await delivery.request.answer(uow.conn, tenant_id)):
            return before
        summary = await Ingest(uow, delivery, clock).run()
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

    def __init__(self, uow: UnitOfWork, delivery: Delivery, clock: Callable[[], datetime]) -> None:
        self.conn, self.tenant_id, self.delivery, self.clock = uow.conn, uow.tenant_id, delivery, clock
        self.source, self.tally = delivery.source, Tally()
        self.zone, self.import_id = "UTC", UUID(int=0)

    async def run(self) -> ImportSummary:
        """Stage, apply, and keep what came of it."""
        source, delivery = self.source, self.delivery
        self.zone = await store.hold(self.conn, self.tenant_id) or self.zone
        spaces = [space for space in source.code_spaces().values() if space is not None]
        codes = await CodeBook.load(self.conn, self.tenant_id, spaces)
        validator = Validator(source, codes, zone=self.zone, now=self.clock(), file=delivery.table.name)
        self.import_id = await store.begin(
            self.conn, self.tenant_id, source=source.key, record_type=source.record.key,
            file_name=delivery.file_name, request_key=delivery.request.key if delivery.request else None,
            content_digest=delivery.request.digest if delivery.request else None, at=self.clock(),
        )  # fmt: skip
        fields = tuple(each.spec.name for each in source.fields)
        made = statements(source.record, fields, bool(source.fold))
        order = stored_columns(source.fields)
        assert list(made.columns[5:]) == order, "the columns are staged in the order in which they are resolved"
        await self.conn.execute(made.create)
        await self.stage(validator, made)
        counts, rows = await self.apply(made)
        return await self.finish(validator, counts, rows)

    async def stage(self, validator: Validator, made: Statements) -> None:
        """Copy every good row into the temporary table, and keep the others with their reasons."""
        reading = self.delivery.table.reading
        async for chunk in validated_ahead(self.delivery.table.chunks(), validator):
            self.tally.count(chunk)
            if self.delivery.rows_wanted:
                self.tally.unresolved.update(chunk.unresolved)
            if chunk.records:
                await self.conn.copy_records_to_table(made.staging, records=chunk.records, columns=made.columns)
            await self.keep_rejects(chunk.rejects)
            if self.delivery.progress:
                self.delivery.progress(Progress(self.tally.lines, reading.consumed, reading.size))

    async def keep_rejects(self, rejects: list[Reject]) -> None:
        """Count rejected rows, hand them on, and keep the first ten thousand in the database."""
        tally = self.tally
        tally.rejected += len(rejects)
        for each in rejects:
            if self.delivery.rejected:
                self.delivery.rejected(each)
            if self.delivery.rows_wanted or len(tally.rejects) < MOST_REJECTS_TOLD:
                tally.rejects.append(RowVerdict(each.line, each.external_id, Verdict.REJECTED, each.reasons))
        some = rejects[: max(0, MOST_REJECTS_KEPT - tally.kept_rejects)]
        tally.kept_rejects += len(some)
        await store.put_rejects(self.conn, self.tenant_id, self.import_id, [kept_reject(each) for each in some])

    async def apply(self, made: Statements) -> tuple[dict[str, int], list[RowVerdict]]:
        """Write the staged rows; lines of one record that contradict each other are taken out and rejected first."""
        savepoint = self.conn.transaction()
        await savepoint.start()
        counts, rows = await self.write(made)
        if not self.source.fold and counts["candidates"] < self.tally.staged:
            differing = {row["external_id"]: list(row["lines"]) for row in await self.conn.fetch(made.differing)}
            if differing:
                await savepoint.rollback()
                await self.conn.execute(made.forget, list(differing))
                self.tally.staged -= sum(map(len, differing.values()))
                await self.reject_differing(differing)
                return await self.write(made)
        await savepoint.commit()
        return counts, rows

    async def write(self, made: Statements) -> tuple[dict[str, int], list[RowVerdict]]:
        """Run the one statement."""
        starts = offsets(zone_of(self.zone))
        arguments = (self.tenant_id, self.source.record.key, self.clock(), [start for start, _ in starts],
                     [offset for _, offset in starts], self.source.key, self.import_id)  # fmt: skip
        if not self.delivery.rows_wanted:
            row = await self.conn.fetchrow(made.apply, *arguments)
            assert row is not None
            return dict(row), []
        found = await self.conn.fetch(made.apply_with_rows, *arguments)
        outcomes = [row["outcome"] for row in found]
        counts = {"candidates": sum(row["unresolved"] is not None for row in found),
                  "unresolved": sum(row["unresolved"] is True for row in found),
                  "accepted": outcomes.count("accepted"), "updated": outcomes.count("updated"),
                  "older": sum(row["unresolved"] is not None and row["outcome"] is None for row in found)}  # fmt: skip
        return counts, [self.verdict(row) for row in found]

    def verdict(self, row: Any) -> RowVerdict:
        """The verdict of a staged line."""
        again = Verdict.FOLDED if self.source.fold else Verdict.UNCHANGED
        reasons = tuple(self.tally.unresolved.get(row["line"], ()))
        outcome = Verdict(row["outcome"]) if row["outcome"] else again
        if row["unresolved"] and outcome is not Verdict.FOLDED:
            outcome = Verdict.UNRESOLVED
        return RowVerdict(row["line"], row["external_id"], outcome, reasons if row["unresolved"] else ())

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

    async def finish(self, validator: Validator, counts: dict[str, int], rows: list[RowVerdict]) -> ImportSummary:
        """Count everything, and keep what the file covers."""
        tally, source = self.tally, self.source
        again = tally.staged - counts["candidates"]
        folded = counts["older"] + (again if source.fold else 0)
        unchanged = counts["candidates"] - counts["accepted"] - counts["updated"] - counts["older"]
        summary = ImportSummary(
            import_id=self.import_id, source=source.key, record_type=source.record.key,
            file_name=self.delivery.file_name, lines=tally.lines, accepted=counts["accepted"],
            updated=counts["updated"], unchanged=unchanged + (0 if source.fold else again), rejected=tally.rejected,
            folded=folded, skipped=tally.skipped, unresolved=counts["unresolved"], covered=self.covered(),
            rejects=tuple(tally.rejects), unknown_codes=tuple(
                (space, code, count) for (space, code), count in
                validator.unresolved_codes.most_common(MOST_CODES_TOLD)
            ),
            rows=tuple(sorted([*rows, *tally.rejects], key=lambda row: row.line)) if self.delivery.rows_wanted else (),
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


async def validated_ahead(chunks: Iterator[Chunk], validator: Validator) -> AsyncIterator[Validated]:
    """The chunks, validated in a thread, each while the one before it is on its way to the database."""

    def following() -> Validated | None:
        chunk = next(chunks, None)
        return None if chunk is None else validator.validated(chunk)

    ahead = asyncio.create_task(asyncio.to_thread(following))
    try:
        while (found := await ahead) is not None:
            ahead = asyncio.create_task(asyncio.to_thread(following))
            yield found
    finally:
        ahead.cancel()
        with suppress(asyncio.CancelledError, Exception):
            await ahead
