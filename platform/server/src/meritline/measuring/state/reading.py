"""Tallies from the state. Decides that what comes from it is what the records say at the moment.

Who is in no mark and stays where he is has one row for each month. Whoever moves between departments or schemes is read
day by day, and so is whoever a mark is about: the marked days come from the records. Where there are too many marks all
of the part is left to the records.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from meritline.db.pools import Connection
from meritline.measuring import sharing
from meritline.measuring.columns import joined
from meritline.measuring.credits import DIVISOR, HOLDER, PARTS, holding_of
from meritline.measuring.days import SubjectKey
from meritline.measuring.heaps import Cell
from meritline.measuring.memberships import Moment
from meritline.measuring.reach import Reach
from meritline.measuring.requests import Pass, TallyRequest
from meritline.measuring.sharing import Everybody
from meritline.measuring.state import store
from meritline.measuring.state.alone import alone, each_alone
from meritline.measuring.state.build import NOBODY, cells_by_day
from meritline.measuring.state.cells import Place
from meritline.measuring.state.months import days_between, meant
from meritline.measuring.state.parts import Asked, Part, parts_of
from meritline_sdk.evaluate.tallies import Tallied
from meritline_sdk.model.kinds import Kind
from meritline_sdk.model.schemes import SubjectKind

type Found = dict[TallyRequest, Mapping[SubjectKey, Tallied]]
type Days = dict[UUID, set[date]]

MOST_STALE: Final = 2_000
"""More marked subject-days of a record type than that, and the pass over the records is quicker."""
ONE_DAY: Final = timedelta(days=1)


@dataclass(slots=True)
class Reading:
    """One part while it is read: whom marks are about, on which days, and who is read day by day."""

    part: Part
    stale: Days
    by_day: set[UUID]
    months: list[Any] = field(default_factory=list)

    def too_long(self) -> None:
        """Who has more values than are kept is read from the records, and not from the state."""
        every = set(days_between(self.part.window.first_day, self.part.window.end_day))
        for row in self.months if self.part.collects else ():
            if row["vals"] is None:
                self.stale[row["subject_id"]] = every
                self.by_day.add(row["subject_id"])


async def from_state(conn: Connection, asked: Asked, requests: Iterable[TallyRequest]) -> Found:
    """What the state answers of the requests; those it does not are left out."""
    parts = await parts_of(conn, asked, requests)
    if not parts:
        return {}
    readings = await unmarked(conn, asked, parts)
    await read_months(conn, asked, readings)
    found: Found = {}
    for reading in readings:
        reading.too_long()
        found |= await read(conn, asked, reading)
    return found


async def unmarked(conn: Connection, asked: Asked, parts: Sequence[Part]) -> list[Reading]:
    """The parts with what is marked of them; those with too many marks are left out."""
    records = sorted({part.kept.one.record for part in parts})
    first, end = min(part.window.first_day for part in parts), max(part.window.end_day for part in parts)
    marked: dict[str, list[tuple[UUID, date]]] = defaultdict(list)
    for mark in await store.marks(conn, asked.tenant_id, records, first - ONE_DAY, end + ONE_DAY, asked.known_at,
                                  MOST_STALE + 1):
        marked[mark.record_type] += ((mark.subject, day) for day in mark.days)
    return [Reading(part, stale := stale_of(part, marked[part.kept.one.record]), stale.keys() | moving(part, asked))
            for part in parts if len(marked[part.kept.one.record]) <= MOST_STALE]


def stale_of(part: Part, marked: Iterable[tuple[UUID, date]]) -> Days:
    """The marked days of the window, by whose row it is."""
    kept, found = part.kept, defaultdict[UUID, set[date]](set)
    for subject, day in marked:
        for each in (day,) if kept.in_days else meant(day, kept.zone):
            if part.window.holds(each):
                found[subject if kept.by_subject else NOBODY].add(each)
    return dict(found)


def moving(part: Part, asked: Asked) -> set[UUID]:
    """Whose records are looked at day by day, since it matters where their people are."""
    field, people = part.kept.one.credit.field, asked.people
    departments = SubjectKind.DEPARTMENT in asked.levels
    if field is None or field.kind is Kind.TEAM or not (departments or people.pieces):
        return set()
    movers = people.moves(part.window.first_day, part.window.end_day, departments=departments).movers
    return set(movers) if part.kept.by_subject else {NOBODY} if movers else set()


async def read_months(conn: Connection, asked: Asked, readings: Sequence[Reading]) -> None:
    """The rows of the months, for all parts in one statement."""
    wanted = {(each.part.state_id, month) for each in readings for month in each.part.months}
    if not wanted:
        return
    with_values = {each.part.state_id for each in readings if each.part.collects}
    subjects = asked.employees if all(each.part.kept.by_subject for each in readings) else None
    by_key: dict[tuple[UUID, date], list[Any]] = defaultdict(list)
    for row in await store.month_rows(conn, asked.tenant_id, wanted, with_values, subjects):
        by_key[row["state_id"], row["month"]].append(row)
    for each in readings:
        each.months = [row for month in each.part.months for row in by_key[each.part.state_id, month]]


async def read(conn: Connection, asked: Asked, reading: Reading) -> Found:
    """What one part comes to for everybody."""
    part, everybody = reading.part, Everybody(asked.tenant_id, asked.people, asked.levels, asked.employees)
    own = each_alone(part, everybody, reading.months, reading.by_day) if alone(part, everybody) else {}
    rows = [] if own else list(whole(reading))
    if by_day := limited(reading.by_day, asked, part):
        rows += [row async for row in each_day(conn, asked, reading, by_day)]
    found = sharing.totals(sharing.heaped(part.kept.one, rows, len(part.requests), everybody), part.requests)
    return joined(own, found) if own else dict(found)


def limited(subjects: set[UUID], asked: Asked, part: Part) -> set[UUID]:
    """Those of them that anybody asks for."""
    return subjects & set(asked.employees) if asked.employees is not None and part.kept.by_subject else subjects


def whole(reading: Reading) -> Iterator[sharing.Row]:
    """The rows of those who are read by the month."""
    part, first = reading.part, reading.part.window.first_day
    for _, _, subject, holding, counts, texts, vals in reading.months:
        if subject not in reading.by_day:
            sums = list(map(Decimal, texts))
            yield held(part.kept.one, subject, holding, first), [
                each.of_month(counts, sums, vals) for each in part.places]


async def each_day(conn: Connection, asked: Asked, reading: Reading, subjects: set[UUID]) -> Any:
    """The rows of those who are read by the day: from the state, and what is marked from the records."""
    part, stale = reading.part, {subject: days for subject, days in reading.stale.items() if subject in subjects}
    window, one = part.window, part.kept.one
    for day, subject, holding, counts, sums, vals in await store.day_rows(
            conn, asked.tenant_id, part.state_id, window.first_day, window.end_day, subjects):
        if day in stale.get(subject, ()):
            continue
        if vals is None and part.collects:
            stale.setdefault(subject, set()).add(day)
            continue
        yield held(one, subject, holding, day), cells(part.places, counts, sums, vals)
    pairs = [(subject, day) for subject, days in stale.items() for day in days]
    if not pairs:
        return
    days = [day for _, day in pairs]
    sql, binds = cells_by_day(part.kept, Reach(asked.tenant_id, asked.known_at), min(days), max(days) + ONE_DAY, pairs)
    for day, subject, holding, counts, sums, vals in await conn.fetch(sql, *binds.values):
        yield held(one, subject, holding, day), cells(part.own, counts, sums, vals)


def cells(found: Sequence[Place], counts: Sequence[int], sums: Sequence[Any], vals: Sequence[int] | None) -> list[Cell]:
    """What a row has for each request."""
    return [each.cell(counts, sums, vals) for each in found]


def held(one: Pass, subject: UUID, holding: str, moment: Moment) -> Any:
    """Who holds a row, as the groups of a pass tell it."""
    field = one.credit.field
    if field is not None and field.kind is Kind.PEOPLE:
        ids, _, parts = holding.partition("|")
        groups: dict[str, Any] = {HOLDER: [None if each == "NULL" else UUID(each) for each in listed(ids)],
                                  PARTS: [int(each) for each in listed(parts)]}
    else:
        groups = {HOLDER: None if subject == NOBODY else subject}
    if one.credit.divisor is not None:
        groups[DIVISOR] = int(holding) if holding else None
    return holding_of(one.credit, groups, lambda _: moment)


def listed(text: str) -> list[str]:
    """The elements of an array as Postgres writes it."""
    inside = text.strip("{}")
    return inside.split(",") if inside else []

