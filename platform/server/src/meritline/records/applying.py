"""How staged rows become records: batch by batch, or all at once. Decides the verdicts and the counts of a delivery."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby
from operator import attrgetter
from typing import Any
from uuid import UUID

from meritline.db import Connection
from meritline.records import batch_statements
from meritline.records.copying import HEADER, TRAILER
from meritline.records.marking import Marks, Offsets, chosen
from meritline.records.preparing import Batch, Contradiction, Piece, all_columns, filled_fields, rows_of
from meritline.records.sources import SourceMapping
from meritline.records.statements import statements
from meritline.records.summary import RowVerdict, Verdict

FEW_ROWS = 500


@dataclass(frozen=True, slots=True)
class Ground:
    """Where and as what rows are applied."""

    conn: Connection
    tenant_id: UUID
    source: SourceMapping
    import_id: UUID
    now: datetime
    offsets: Offsets
    rows_wanted: bool

    @property
    def arguments(self) -> tuple[Any, ...]:
        """The first parameters of the statements."""
        starts, steps = [start for start, _ in self.offsets], [step for _, step in self.offsets]
        return (self.tenant_id, self.source.record.key, self.now, starts, steps, self.source.key, self.import_id)

    async def copy(self, table: str, pieces: list[Piece]) -> None:
        """Send rows to a table, those of chunks that have the same columns at once."""
        for columns, some in groupby(pieces, key=attrgetter("columns")):
            await self.conn.copy_to_table(table, source=sent(some), columns=columns, format="binary")


@dataclass(slots=True)
class Applied:
    """What became of the rows that were staged."""

    accepted: int = 0
    updated: int = 0
    unchanged: int = 0
    folded: int = 0
    unresolved: int = 0
    rows: list[RowVerdict] = field(default_factory=list)


class Batches:
    """Applies every batch as it comes; the marks are written in the end."""

    def __init__(self, ground: Ground, marks: Marks, *, careful: bool) -> None:
        self.ground, self.marks, self.careful = ground, marks, careful
        self.applied, self.taken, self.any_open = Applied(), 0, False
        self._marking: asyncio.Task[None] | None = None

    async def open(self) -> None:
        """Make the temporary table."""
        record = self.ground.source.record
        await self.ground.conn.execute(batch_statements.create(record, all_columns(self.ground.source)))

    async def take(self, batch: Batch) -> None:
        """Apply a batch."""
        ground, record = self.ground, self.ground.source.record
        if self.taken:
            await ground.conn.execute(batch_statements.clear(record))
        if not batch.rows:
            return
        await ground.copy(batch_statements.staging(record), batch.pieces)
        self.taken += 1
        filled = filled_fields(ground.source, batch)
        if batch.rows < FEW_ROWS:  # then planning another statement costs more than it saves
            filled = tuple(mapping.spec.name for mapping in ground.source.fields)
        made = batch_statements.batch_statements(record, filled)
        if not self.careful and await self.inserted(batch, made):
            await self.count(batch, batch.digests.keys(), ())
        else:
            await self.merge(batch, made.merge)

    async def inserted(self, batch: Batch, made: batch_statements.BatchStatements) -> bool:
        """Insert the rows, unless one of them may be known."""
        ground = self.ground
        in_order = batch.in_order and batch.rows >= FEW_ROWS
        done: str = await ground.conn.execute(
            made.insert_in_order if in_order else made.insert, ground.tenant_id, ground.source.key, ground.now,
            ground.import_id, min(batch.digests), max(batch.digests),
        )  # fmt: skip
        return not done.endswith(" 0")

    async def merge(self, batch: Batch, statement: str) -> None:
        """Apply rows of which some may be known."""
        ground = self.ground
        row = await ground.conn.fetchrow(statement, *ground.arguments, batch.rows)
        assert row is not None
        if row["own"]:  # an earlier batch wrote it with other content
            raise Contradiction
        if row["newest"]:
            self.marks.newest = max(row["newest"], self.marks.newest or row["newest"])
        updated = frozenset(row["updated"])
        every = row["accepted"] + len(updated) == batch.rows
        accepted = frozenset(batch.digests) - updated if every else frozenset(row["accepted_ids"] or ())
        await self.count(batch, accepted, updated, (row["whose"], row["days"]))

    async def count(
        self, batch: Batch, accepted: Collection[str], updated: Collection[str],
        before: tuple[list[UUID], list[int]] = ([], []),
    ) -> None:  # fmt: skip
        """Count the batch, tell what became of its rows, and mark what changed."""
        done = self.applied
        done.accepted += len(accepted)
        done.updated += len(updated)
        done.unchanged += batch.rows + len(batch.again) - len(accepted) - len(updated)
        unresolved = await self.newly_open(batch)
        done.unresolved += len(unresolved)
        await self.marked()
        if accepted or updated or self.ground.rows_wanted:
            self._marking = asyncio.create_task(asyncio.to_thread(
                self.told, batch, accepted, updated, unresolved, before))  # fmt: skip

    async def newly_open(self, batch: Batch) -> Collection[str]:
        """The ids with codes that mean nobody, but those that an earlier batch had as well."""
        if not any(any(one.open_rows) for one in batch.validated):
            return ()
        found = [external_id for line, external_id, open_row, _ in rows_of(batch)
                 if open_row and line not in batch.again]  # fmt: skip
        if not found:
            return ()
        if not self.any_open:
            await self.ground.conn.execute(batch_statements.OPEN)
            self.any_open = True
        return frozenset(row[0] for row in await self.ground.conn.fetch(batch_statements.NEWLY_OPEN, found))

    def told(self, batch: Batch, accepted: Collection[str], updated: Collection[str], unresolved: Collection[str],
             before: tuple[list[UUID], list[int]]) -> None:  # fmt: skip
        """Tell what became of the rows, where it is asked for, and mark what is new or changed."""
        if self.ground.rows_wanted:
            self.applied.rows += verdicts(batch, accepted, updated, unresolved)
        if accepted or updated:
            self.mark(batch, accepted, updated, before)

    def mark(self, batch: Batch, accepted: Collection[str], updated: Collection[str],
             before: tuple[list[UUID], list[int]]) -> None:  # fmt: skip
        """Mark what is new or changed, and what was there before."""
        every = len(accepted) + len(updated) == batch.rows
        changed = frozenset[str]() if every else frozenset(accepted) | frozenset(updated)
        self.marks.add(*(named if every else named.only(chosen(ids, changed)) for ids, named in batch.named))
        self.marks.add_pairs(zip(*before, strict=True))

    async def marked(self) -> None:
        """Wait until the rows of the batch before are marked."""
        if self._marking is not None:
            task, self._marking = self._marking, None
            await task

    async def finish(self) -> Applied:
        """Write the marks."""
        await self.marked()
        ground = self.ground
        await self.marks.write(ground.conn, ground.tenant_id, ground.source.record.key, ground.now)
        return self.applied

    async def close(self) -> None:
        """Leave nothing at work."""
        with suppress(asyncio.CancelledError, Exception):
            await self.marked()


def verdicts(
    batch: Batch, accepted: Collection[str], updated: Collection[str], unresolved: Collection[str]
) -> Iterator[RowVerdict]:
    """What became of every row of a batch; one that says what another says changes nothing."""
    for line, external_id, _, reasons in rows_of(batch):
        if line in batch.again:
            yield RowVerdict(line, external_id, Verdict.UNCHANGED)
        elif external_id in unresolved:
            yield RowVerdict(line, external_id, Verdict.UNRESOLVED, tuple(reasons))
        elif external_id in updated:
            yield RowVerdict(line, external_id, Verdict.UPDATED)
        else:
            yield RowVerdict(line, external_id, Verdict.ACCEPTED if external_id in accepted else Verdict.UNCHANGED)


class Whole:
    """Applies the whole delivery at once, after taking out lines of one id that contradict each other."""

    def __init__(self, ground: Ground, reject: Callable[[dict[str, list[int]]], Awaitable[None]]) -> None:
        self.ground, self.reject, self.staged = ground, reject, 0
        fields = tuple(mapping.spec.name for mapping in ground.source.fields)
        self.made = statements(ground.source.record, fields, bool(ground.source.fold))
        self.reasons: dict[int, Any] = {}

    async def open(self) -> None:
        """Make the temporary table."""
        await self.ground.conn.execute(self.made.create)

    async def take(self, batch: Batch) -> None:
        """Stage a batch."""
        self.staged += sum(len(one.ids) for one in batch.validated)
        if self.ground.rows_wanted:
            for one in batch.validated:
                self.reasons.update(one.unresolved)
        await self.ground.copy(self.made.staging, batch.pieces)

    async def finish(self) -> Applied:
        """Write the staged rows."""
        conn, folding = self.ground.conn, bool(self.ground.source.fold)
        savepoint = conn.transaction()
        await savepoint.start()
        counts, rows = await self.write()
        if not folding and counts["candidates"] < self.staged:
            differing = {row["external_id"]: list(row["lines"]) for row in await conn.fetch(self.made.differing)}
            if differing:
                await savepoint.rollback()
                await conn.execute(self.made.forget, list(differing))
                self.staged -= sum(map(len, differing.values()))
                await self.reject(differing)
                return self.counted(*await self.write())
        await savepoint.commit()
        return self.counted(counts, rows)

    def counted(self, counts: dict[str, int], rows: list[RowVerdict]) -> Applied:
        """The counts of all lines: what another line of the file stands for is unchanged, or folded."""
        again, folding = self.staged - counts["candidates"], bool(self.ground.source.fold)
        unchanged = counts["candidates"] - counts["accepted"] - counts["updated"] - counts["older"]
        return Applied(counts["accepted"], counts["updated"], unchanged + (0 if folding else again),
                       counts["older"] + (again if folding else 0), counts["unresolved"], rows)  # fmt: skip

    async def write(self) -> tuple[dict[str, int], list[RowVerdict]]:
        """Run the one statement."""
        ground = self.ground
        if not ground.rows_wanted:
            row = await ground.conn.fetchrow(self.made.apply, *ground.arguments)
            assert row is not None
            return dict(row), []
        found = await ground.conn.fetch(self.made.apply_with_rows, *ground.arguments)
        outcomes = [row["outcome"] for row in found]
        counts = {"candidates": sum(row["unresolved"] is not None for row in found),
                  "unresolved": sum(row["unresolved"] is True for row in found),
                  "accepted": outcomes.count("accepted"), "updated": outcomes.count("updated"),
                  "older": sum(row["unresolved"] is not None and row["outcome"] is None for row in found)}  # fmt: skip
        return counts, [self.verdict(row) for row in found]

    def verdict(self, row: Any) -> RowVerdict:
        """The verdict of a staged line."""
        again = Verdict.FOLDED if self.ground.source.fold else Verdict.UNCHANGED
        outcome = Verdict(row["outcome"]) if row["outcome"] else again
        if row["unresolved"] and outcome is not Verdict.FOLDED:
            outcome = Verdict.UNRESOLVED
        reasons = tuple(self.reasons.get(row["line"], ())) if row["unresolved"] else ()
        return RowVerdict(row["line"], row["external_id"], outcome, reasons)

    async def close(self) -> None:
        """Nothing is at work."""


async def sent(pieces: Iterable[Piece]) -> AsyncIterator[bytes]:
    """A stream as the driver wants it."""
    yield HEADER
    for piece in pieces:
        yield piece.data
    yield TRAILER
