"""Makes the state and keeps it up. Decides that no change is lost, whoever imports meanwhile.

All who change the state of a tenant hold one row to their commit, and read with the newest snapshot for every
statement. First marks are taken, then the records are read: a change that a statement does not see has left a mark
that nobody has taken. So at every moment each number of the state is what the records say, or is marked.
"""

import logging
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final
from uuid import UUID

from meritline.db import Connection
from meritline.measuring.attempts import OWN_DEFINITION, OWN_STATEMENT, TOO_LARGE, reason_of
from meritline.measuring.state import build, store
from meritline.measuring.state.build import NOBODY
from meritline.measuring.state.kept import Kept, kept_of
from meritline.measuring.state.months import epoch, meant, next_month
from meritline.measuring.state.store import Mark

log = logging.getLogger(__name__)

MOST_MARKS: Final = 20_000
MOST_PAIRS: Final = 5_000
"""More marks of a month than that, and its days are made anew for everybody."""


@dataclass(frozen=True, slots=True)
class State:
    """A state as it stands."""

    id: UUID
    kept: Kept
    months: tuple[date, ...]
    refused: bool = False


async def known_states(conn: Connection, tenant_id: UUID) -> list[State]:
    """The states of the tenant; those by another profile, or by definitions that cannot be read, are dropped."""
    found, gone = list[State](), list[UUID]()
    for row in await store.states(conn, tenant_id):
        try:
            kept = kept_of(row["definition"]) if row["valid"] else None
        except OWN_DEFINITION:
            kept = None
        if kept is None or kept.digest != row["digest"]:
            gone.append(row["id"])
        else:
            found.append(State(row["id"], kept, tuple(row["months"]), row["refused"] is not None))
    await store.drop(conn, tenant_id, gone)
    return found


async def refresh(conn: Connection, tenant_id: UUID, *, most: int = MOST_MARKS) -> int:
    """Take marks and make anew what they mark; how many were taken. Inside a unit of work (read committed)."""
    await store.lock(conn, tenant_id)
    taken = await store.take_marks(conn, tenant_id, most)
    if taken:
        await store.tried_again(conn, tenant_id, {mark.record_type for mark in taken})
        for state in await known_states(conn, tenant_id):
            if not state.refused and (marked := marks_in(state, taken)):
                await made_anew(conn, tenant_id, state, marked)
    return len(taken)


def marks_in(state: State, taken: Iterable[Mark]) -> list[tuple[UUID, date]]:
    """The marks that may be about the months of the state: most of an import are about months it has not."""
    near = {each.replace(day=1) for month in state.months for each in (before(month), month, next_month(month))}
    record = state.kept.one.record
    return [(mark.subject, day) for mark in taken if mark.record_type == record and mark.days
            and mark.days[0].replace(day=1) in near for day in mark.days]


def before(day: date) -> date:
    """The day before."""
    return date.fromordinal(max(1, day.toordinal() - 1))


async def made_anew(conn: Connection, tenant_id: UUID, state: State, marked: Iterable[tuple[UUID, date]]) -> None:
    """The marked rows of one state; a state that cannot be made is refused, and the rest is not harmed."""
    pairs = sorted(pairs_of(state.kept, marked))
    try:
        async with conn.transaction():
            for month in state.months:
                end = next_month(month)
                if inside := [each for each in pairs if month <= each[1] < end]:
                    await some_days(conn, tenant_id, state, month, inside)
    except (*TOO_LARGE, *OWN_STATEMENT, *OWN_DEFINITION) as error:
        await refused(conn, tenant_id, state.id, state.kept, error)


def pairs_of(kept: Kept, marked: Iterable[tuple[UUID, date]]) -> set[tuple[UUID, date]]:
    """Which rows the marks mean."""
    by_subject, in_days, zone = kept.by_subject, kept.in_days, kept.zone
    return {(subject if by_subject else NOBODY, each) for subject, day in marked
            for each in ((day,) if in_days else meant(day, zone))}


async def some_days(conn: Connection, tenant_id: UUID, state: State, month: date,
                    pairs: Sequence[tuple[UUID, date]]) -> None:
    """Some rows of one month."""
    days = [day for _, day in pairs]
    first, end = min(days), max(days) + timedelta(days=1)
    subjects = sorted({subject for subject, _ in pairs})
    if len(pairs) > MOST_PAIRS:
        await store.sorted_groups(conn)
        await store.clear(conn, tenant_id, state.id, first, end, month, None, None)
        await make(conn, build.day_rows(state.kept, tenant_id, state.id, first, end, None))
        await make(conn, build.month_rows(state.kept, tenant_id, state.id, month, None))
        return
    await store.clear(conn, tenant_id, state.id, first, end, month, subjects, pairs)
    for run in runs(pairs):
        first, end = run[0][1], run[-1][1] + timedelta(days=1)
        await make(conn, build.day_rows(state.kept, tenant_id, state.id, first, end, run))
    await make(conn, build.month_rows(state.kept, tenant_id, state.id, month, subjects))


def runs(pairs: Sequence[tuple[UUID, date]]) -> list[list[tuple[UUID, date]]]:
    """The pairs by days that follow one another, since records of a stretch of days are found at once."""
    found: list[list[tuple[UUID, date]]] = []
    for pair in sorted(pairs, key=lambda each: each[1]):
        if found and (pair[1] - found[-1][-1][1]).days <= 1:
            found[-1].append(pair)
        else:
            found.append([pair])
    return found


async def ensure(conn: Connection, tenant_id: UUID, wanted: Sequence[tuple[Kept, Sequence[date]]]) -> int:
    """Make the states that are wanted, with their months, where they are missing; how many months were made."""
    await store.lock(conn, tenant_id)
    known, made = await known_states(conn, tenant_id), 0
    for kept, months in wanted:
        state = next((each for each in known if covers(each.kept, kept)), None)
        if state is None:
            older = [each.id for each in known if covers(kept, each.kept)]
            await store.drop(conn, tenant_id, older)
            known = [each for each in known if each.id not in older]
            state = State(await store.add(conn, tenant_id, kept), kept, ())
        missing = [] if state.refused else [each for each in months if each not in state.months]
        known = [*(each for each in known if each.id != state.id),
                 State(state.id, state.kept, (*state.months, *missing), state.refused)]
        made += await whole_months(conn, tenant_id, state, missing)
    return made


def covers(one: Kept, other: Kept) -> bool:
    """Whether the one has all measures of the other."""
    return one.pass_digest == other.pass_digest and set(other.measures) <= set(one.measures)


async def whole_months(conn: Connection, tenant_id: UUID, state: State, months: Sequence[date]) -> int:
    """Make whole months; how many it could make."""
    if not months:
        return 0
    try:
        async with conn.transaction():
            await store.sorted_groups(conn)
            for month in months:
                await whole_month(conn, tenant_id, state, month)
    except (*TOO_LARGE, *OWN_STATEMENT, *OWN_DEFINITION) as error:
        await refused(conn, tenant_id, state.id, state.kept, error)
        return 0
    return len(months)


async def whole_month(conn: Connection, tenant_id: UUID, state: State, month: date) -> None:
    """One month of everybody, from the records; it knows what was recorded until the newest of them."""
    record, end = state.kept.one.record, next_month(month)
    await store.clear(conn, tenant_id, state.id, month, end, month, None, None)
    await make(conn, build.day_rows(state.kept, tenant_id, state.id, month, end, None))
    await make(conn, build.month_rows(state.kept, tenant_id, state.id, month, None))
    # Every record of the month has left a mark; only of records that were put there by hand may there be none.
    newest = await store.newest_mark(conn, tenant_id, record) or await store.newest_record(conn, tenant_id, record)
    await store.complete(conn, tenant_id, state.id, month, newest or epoch())


async def refused(conn: Connection, tenant_id: UUID, state_id: UUID, kept: Kept, error: Exception) -> None:
    """Leave the measures to the pass over the records, which tells which of them fails."""
    log.warning("no state of measures of %s (%s): %s", kept.one.record, reason_of(error), error,
                extra={"tenant_id": str(tenant_id)})
    await store.refuse(conn, tenant_id, state_id, f"{reason_of(error)}: {error}"[:500])


async def make(conn: Connection, statement: tuple[str, list[Any]]) -> None:
    """Run one of the statements that are made for a state."""
    sql, values = statement
    await conn.execute(sql, *values)
