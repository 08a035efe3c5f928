"""Requests of a few records each, in one unit of work. Decides that each gets its own verdicts, import and answer.

Only what is plain is taken together: whole objects, every id once. A request with anything else, or one that the
others would have to wait for, goes by itself afterwards, as a delivery does. Where the database refuses the whole,
each goes by itself, so that nobody pays for another's rows.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID

import msgspec

from meritline.db import Call, Connection, Database, UnitOfWork
from meritline.errors import MeritlineError
from meritline.records import store
from meritline.records.clock import offsets
from meritline.records.copying import moments
from meritline.records.formats import ObjectChunk
from meritline.records.mappings import Pair
from meritline.records.marking import Marks, chosen
from meritline.records.parts import Part, at_home, chunk_of, told, without
from meritline.records.ready import AllReady, Ready
from meritline.records.rejecting import kept_reject
from meritline.records.repeating import AnsweredMeanwhile, KeyReused
from meritline.records.sources import SourceMapping
from meritline.records.summary import ImportSummary, Verdict, summary_dict, summary_of
from meritline.records.together_statements import HELD_LOOKED_UP, HOLD, KEEP, LOOKED_UP, written
from meritline.records.upkeep import have_jobs, records_changed
from meritline.records.validate.resolving import codes_in
from meritline.records.validate.rows import Naming, Read, Validated
from meritline.tenancy.codes import CodeBook
from meritline_sdk.evaluate.windows import zone_of

NAME = "body"
FEW = 20
"""Up to so many rows land by one statement, which also tells their marks; of more we tell them in less time."""
READY = AllReady(NAME)
type Outcome = ImportSummary | MeritlineError
type Choose = Callable[[Known], tuple[SourceMapping, list[Part]]]


@dataclass(slots=True)
class Known:
    """What was found of a company that was held: its zone, sources and sets; and by what that says rows are read, once
    somebody has chosen it."""

    zone: str
    sources: list[Any]
    sets: list[Any]
    ways: Pair | None = field(default=None, compare=False)


@dataclass(slots=True)
class Ahead:
    """Parts that are read by what was known before the company was held: first whom they name, then all else."""

    parts: list[Part]
    chunk: ObjectChunk
    naming: Naming
    at: datetime
    read: Read | None = None


class Together:
    """Parts in one unit of work. ``choose`` says by what is known of a company how the parts are read, and which of
    them are; ``installed`` are the sets of whose declarations nothing is asked for that. ``known`` is what was found
    of the company the last time, and after this one now: as long as that still holds there is one trip less."""

    source: SourceMapping
    ready: Ready
    looked: Any

    def __init__(self, database: Database, tenant_id: UUID, installed: list[str], choose: Choose,
                 clock: Callable[[], datetime], known: Known | None = None) -> None:  # fmt: skip
        self.database, self.tenant_id, self.clock = database, tenant_id, clock
        self.installed, self.choose, self.known = installed, choose, known

    async def take(self, parts: Sequence[Part]) -> dict[Part, Outcome]:
        """The outcomes; a part without one has to go by itself. Raises what the database says against the whole."""
        held = self.tenant_id, len(parts), self.installed
        ahead = self.read_ahead(parts)
        if ahead is None:
            begun = self.database.unit_of_work(self.tenant_id, first=(HOLD, *held))
        else:
            whom = {name: values for name, (values, _) in ahead.naming.items()}
            begun = self.database.unit_of_work(
                self.tenant_id, first=(HELD_LOOKED_UP, *held, *self.asked(ahead.parts, whom)),
                holding=Call("_hold_company", (self.tenant_id,)), meanwhile=partial(self.read_rest, ahead))  # fmt: skip
        async with begun as uow:
            return {} if uow.first is None else await self.taken(uow, parts, ahead)

    def read_ahead(self, parts: Sequence[Part]) -> Ahead | None:
        """The parts as they are to be read if nothing has changed."""
        if self.known is None:
            return None
        try:
            self.source, fit = self.choose(self.known)
        except MeritlineError:  # whoever holds the company is told if it is so
            return None
        if not fit:
            return None
        self.ready = READY.of(self.source)
        now, chunk = self.clock(), chunk_of(fit)
        return Ahead(fit, chunk, self.ready.validator(self.known.zone, now).naming(chunk), now)

    def read_rest(self, ahead: Ahead) -> Read:
        """All else of them, once."""
        if ahead.read is None:
            assert self.known is not None
            ahead.read = self.ready.validator(self.known.zone, ahead.at).read(ahead.chunk, ahead.naming)
        return ahead.read

    async def taken(self, uow: UnitOfWork, parts: Sequence[Part], ahead: Ahead | None) -> dict[Part, Outcome]:
        """The outcomes, once the company is held."""
        held = uow.first
        for part, import_id in zip(parts, held["ids"], strict=True):
            part.import_id = import_id
        now_known = Known(held["time_zone"], held["sources"], held["sets"])
        if ahead is not None and self.known == now_known:
            return await self.apply(uow, ahead.parts, self.read_rest(ahead), ahead.at, held)
        self.known = now_known
        self.source, fit = self.choose(now_known)
        self.ready = READY.of(self.source)
        if not fit:
            return {}
        now = self.clock()
        read = self.read(fit, now_known.zone, now)
        looked = await uow.conn.fetchrow(LOOKED_UP, self.tenant_id, *self.asked(fit, read.columns))
        return await self.apply(uow, fit, read, now, looked)

    def asked(self, parts: Sequence[Part], columns: Mapping[str, Sequence[Any]],
              ) -> tuple[list[str], list[str], list[str]]:
        """What is looked up of these parts: code spaces, codes, request keys."""
        return (self.ready.spaces, sorted(codes_in(self.source.fields, columns)),
                [part.request.stored_key for part in parts if part.request])

    def answered(self, parts: Sequence[Part], known: Sequence[tuple[str, str, str]]) -> dict[Part, Outcome]:
        """What was answered before to the same keys."""
        asked = {part.request.stored_key: part for part in parts if part.request}
        found: dict[Part, Outcome] = {}
        for key, digest, response in known:
            part = asked[key]
            assert part.request is not None
            same = digest == part.request.digest
            found[part] = summary_of(msgspec.json.decode(response)) if same else KeyReused(value=part.request.key)
        return found

    def read(self, parts: Sequence[Part], zone: str, now: datetime) -> Read:
        """The values of all rows."""
        return self.ready.validator(zone, now).read(chunk_of(parts))

    async def apply(self, uow: UnitOfWork, parts: list[Part], read: Read, at: datetime,
                    looked: Any) -> dict[Part, Outcome]:  # fmt: skip
        """Validate and write the rows of these parts, which were read at that moment."""
        assert self.known is not None
        self.looked, zone = looked, self.known.zone
        now = store.after(looked["known_at"], at)
        found = self.answered(parts, looked["answered"])
        if found:
            parts = [part for part in parts if part not in found]
            if not parts:
                return found
            read = self.read(parts, zone, now)
        validator = self.ready.validator(zone, now)  # another request may have had it meanwhile
        validator.resolve_by(CodeBook.of_some(looked["meanings"]))
        validated = validator.settled(read)
        validator.forget()
        return found | await self.land(uow, parts, validated, zone, now)

    async def land(self, uow: UnitOfWork, parts: list[Part], validated: Validated, zone: str,
                   now: datetime) -> dict[Part, Outcome]:  # fmt: skip
        """Write the rows of these parts."""
        landing, alone = self.once(parts, validated)
        parts = [part for part in parts if part not in alone]
        if not parts:
            return {}
        validated = without(validated, alone)
        of = [landing[line] for line in validated.numbers]
        steps = offsets(zone_of(zone))
        if self.at_once(parts, validated):
            return dict(told(self.source, parts, validated, await self.landed(uow, parts, validated, of, now, steps)))
        marks = Marks(self.source.record, steps)
        changed = await self.merge(uow.conn, validated, of, marks, now, steps)
        found = told(self.source, parts, validated, changed)
        await self.keep(uow, found, marks, now)
        await self.reject(uow.conn, parts, validated)
        return dict(found)

    def at_once(self, parts: Sequence[Part], validated: Validated) -> bool:
        """Whether all that is to be written is known beforehand, and little: rows that land, and nothing besides."""
        wanting = self.looked["kept"] or self.looked["refreshed"]
        return (0 < len(validated.ids) <= FEW
                and not (wanting or validated.rejects or any(part.request for part in parts)))

    def once(self, parts: list[Part], validated: Validated) -> tuple[dict[int, Part], set[Part]]:
        """The part of every row, and the parts that have an id twice, or one that another part has."""
        of = {line: part for part in parts for line in part.lines}
        first: dict[str, Part] = {}
        alone = set[Part]()
        for line, external_id in zip(validated.numbers, validated.ids, strict=True):
            if external_id in first:
                alone.add(of[line])
            first.setdefault(external_id, of[line])
        return of, alone

    async def landed(self, uow: UnitOfWork, parts: Sequence[Part], validated: Validated, of: list[Part], now: datetime,
                     steps: Any) -> dict[str, Verdict]:  # fmt: skip
        """Write the rows, their marks and the rows of their imports, and nothing after it; those that are new or
        changed."""
        opened = [sum(line in validated.unresolved for line in part.lines) for part in parts]
        row = await uow.last(
            self.ready.land, self.tenant_id, self.source.record.key, now, [start for start, _ in steps],
            [step for _, step in steps], self.source.key, self.clock(), [part.import_id for part in parts],
            [len(part.rows) for part in parts], opened, *self.columns(validated, of)[1],
        )  # fmt: skip
        if (row["accepted"] or row["updated"]) and (row["kept"] or row["refreshed"]):
            uow.after_commit(self.have_jobs)  # a job that waited has begun since it was looked for
        return (dict.fromkeys(row["accepted"], Verdict.ACCEPTED) | dict.fromkeys(row["updated"], Verdict.UPDATED))

    def columns(self, validated: Validated, of: list[Part]) -> tuple[dict[str, Any], list[Any]]:
        """The columns that have any value, and the array of every column as the statements take it."""
        columns = dict(zip(self.ready.stored, validated.stored, strict=True))
        columns |= {"external_id": validated.ids, "digest": validated.digests,
                    "import_id": [part.import_id for part in of]}  # fmt: skip
        columns = {name: values for name, values in columns.items() if any(each is not None for each in values)}
        arrays = [columns.get(name) if not lists or name not in columns else list(map(written, columns[name]))
                  for name, lists in self.ready.arrays]  # fmt: skip
        return columns, arrays

    async def merge(self, conn: Connection, validated: Validated, of: list[Part], marks: Marks, now: datetime,
                    steps: Any) -> dict[str, Verdict]:  # fmt: skip
        """Write the rows; gives those that are new or changed."""
        if not validated.ids:
            return {}
        columns, arrays = self.columns(validated, of)
        row = await conn.fetchrow(
            self.ready.merge, self.tenant_id, self.source.record.key, now, [start for start, _ in steps],
            [step for _, step in steps], self.source.key, None, len(validated.ids), *arrays,
        )  # fmt: skip
        assert row is not None
        updated = frozenset(row["updated"])
        every = row["accepted"] + len(updated) == len(validated.ids)
        accepted = frozenset(validated.ids) - updated if every else frozenset(row["accepted_ids"] or ())
        self.mark(marks, columns, chosen(validated.ids, accepted | updated))
        marks.add_pairs(zip(row["whose"], row["days"], strict=True))
        marks.newest = row["newest"]
        return dict.fromkeys(accepted, Verdict.ACCEPTED) | dict.fromkeys(updated, Verdict.UPDATED)

    def mark(self, marks: Marks, columns: dict[str, Any], keep: list[bool]) -> None:
        """Mark what the new and changed rows name."""
        if any(keep):
            instants = [moments(columns[name]) for name in self.ready.instants if name in columns]
            days = [columns[name] for name in self.ready.days if name in columns]
            marks.add(marks.named(columns, instants, days).only(keep))

    async def reject(self, conn: Connection, parts: Sequence[Part], validated: Validated) -> None:
        """Keep the rejected rows of every part."""
        rejects = {each.line: each for each in validated.rejects}
        for part in parts if rejects else ():
            own = [at_home(rejects[line], part) for line in part.lines if line in rejects]
            assert part.import_id is not None
            await store.put_rejects(conn, self.tenant_id, part.import_id, [kept_reject(each) for each in own])

    async def keep(self, uow: UnitOfWork, found: dict[Part, ImportSummary], marks: Marks, now: datetime) -> None:
        """The marks, the rows of the imports and the answers under their keys; and the jobs for what has changed."""
        counts = ("lines", "accepted", "updated", "unchanged", "rejected", "unresolved")
        asked = [(part.request, summary) for part, summary in found.items() if part.request]
        changed = any(summary.accepted + summary.updated for summary in found.values())
        wanting = changed and (self.looked["kept"] or self.looked["refreshed"])
        last = not (asked or wanting or any(summary.rejected for summary in found.values()))
        kept = await (uow.last if last else uow.conn.fetchrow)(
            KEEP, self.tenant_id, self.source.key, self.source.record.key, now, self.clock(),
            [part.import_id for part in found], [part.request and part.request.key for part in found],
            [part.request and part.request.digest for part in found],
            *([getattr(summary, name) for summary in found.values()] for name in counts),
            *marks.rows(now), [request.stored_key for request, _ in asked], [request.digest for request, _ in asked],
            [msgspec.json.encode(summary_dict(summary)).decode() for _, summary in asked],
        )  # fmt: skip
        assert kept is not None
        if kept["answered"] < len(asked):
            raise AnsweredMeanwhile
        if changed and not last:
            await have_jobs(uow, kept)
        elif changed and (kept["kept"] or kept["refreshed"]):  # a job that waited has begun since it was looked for
            uow.after_commit(self.have_jobs)

    async def have_jobs(self) -> None:
        """Have the jobs for what has changed, in a unit of its own."""
        async with self.database.unit_of_work(self.tenant_id) as uow:
            await records_changed(uow)
