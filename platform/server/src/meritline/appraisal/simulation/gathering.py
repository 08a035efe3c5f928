"""Everything one period is tried from. Decides where its readings come from and what counts as before.

Before is what stands: the cards and the money of the run that counts. Where the scheme never ran in the period, before
is what the scheme in force gives on the records as they are now. The draft is scored from the readings which that run
kept; where it looks at something else, or at somebody else, the records are read again for the period, as they were
known to the run: so between before and after only the draft differs. Each period is read by itself, by its own moment:
every record is looked at once.
"""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from uuid import UUID

from meritline.appraisal.definitions import SchemeInForce, TenantIndicator
from meritline.appraisal.run.earlier import Earlier, earlier_of
from meritline.appraisal.run.facts import NEVER, facts
from meritline.appraisal.run.needs import Need, needs, table_needs
from meritline.appraisal.run.roster import roster_of
from meritline.appraisal.run.snapshot import of_kind, take, with_draft
from meritline.appraisal.run.subjects import Appraised
from meritline.appraisal.simulation.drafts import Draft
from meritline.appraisal.simulation.outcomes import Given
from meritline.appraisal.simulation.standing import Cards, Standing, cards_of, stored
from meritline.appraisal.store import Cycle
from meritline.db import Connection
from meritline.domain.calendars import CompanyCalendar
from meritline.errors import MeritlineError, Problem, problem
from meritline.tenancy.people import Employments
from meritline.tenancy.values import Profile
from meritline_sdk.evaluate.quick import Seen, seen
from meritline_sdk.evaluate.readings import Reading
from meritline_sdk.evaluate.tallies import Subject
from meritline_sdk.model.records import DeclarationError
from meritline_sdk.model.rewards import require_grades

NO_ID = UUID(int=0)


@dataclass(frozen=True, slots=True)
class Frame:
    """What all periods share."""

    conn: Connection
    tenant_id: UUID
    key: str
    profile: Profile
    calendar: CompanyCalendar
    people: Employments
    indicators: Mapping[str, TenantIndicator]
    standing: Mapping[str, Mapping[str, Standing]]
    now: datetime


@dataclass(frozen=True, slots=True)
class Gathered:
    """A period ready to be scored. ``cards`` are what stands, if anything does; without them ``base`` is scored too.

    ``rescored`` is False where only the reward table is tried: then the cards stay as they stand."""

    period: str
    after: Given
    cards: Cards | None
    base: Given | None
    rescored: bool
    again: bool
    names: Mapping[Subject, str]
    warnings: tuple[Problem, ...]


async def gather(frame: Frame, draft: Draft, period: str) -> Gathered:
    """Read what a period is tried from."""
    window = frame.calendar.window(period)
    in_force = await of_kind(frame.conn, frame.tenant_id, window)
    base = next((one for one in in_force if one.scheme.key == draft.key), None)
    held = frame.standing[period].get(draft.key)
    tried = drafted(draft, base, held, period)
    cards = None if held is None else await cards_of(frame.conn, frame.tenant_id, held)
    rescored = draft.scheme is not None or cards is None
    roster = roster_of(frame.people, window, frame.tenant_id, frame.key, frame.profile.name,
                       (one.scheme for one in with_draft(list(in_force), [tried])))
    people = roster.of(tried.scheme)
    if cards is not None and not rescored:
        people = tuple(who for who in people if who.subject in cards.sides)
    wanted = needs_of(tried, rescored=rescored)
    rows = None if held is None or cards is None else await from_run(frame, held, cards, people, wanted)
    cycle = Cycle(NO_ID, period, window.kind.value, window.start, window.end, "open", None, 0)
    standing = base if cards is None else None
    if rows is None:
        return await measured(frame, cycle, tried, standing, cards, held, rescored=rescored)
    past = await earlier_of(frame.conn, frame.tenant_id, cycle, frame.calendar, [tried])
    given = given_of(period, tried, people, wanted, rows, (window.first_day, window.end_day), past)
    return Gathered(period, given, cards, None, rescored, False, names(people), ())


def drafted(draft: Draft, base: SchemeInForce | None, held: Standing | None, period: str) -> SchemeInForce:
    """What is tried in the period: the draft, and what stands or is in force for what it leaves alone."""
    scheme = draft.scheme or (held.scheme if held else base.scheme if base else None)
    table = draft.table or (held.table if held else base.reward if base else None)
    if scheme is None:
        raise MeritlineError("E-SIMULATE-NO-SCHEME", field="scheme", value=draft.key, period=period)
    if table is not None:
        try:
            require_grades(table, scheme.grades)
        except DeclarationError as wrong:
            raise MeritlineError("E-SIMULATE-GRADES", field="grades", value=table.key, scheme=scheme.key,
                                 period=period, reason=wrong) from wrong
    return SchemeInForce(NO_ID, NO_ID, 0, scheme, "", date.min, table)


def needs_of(tried: SchemeInForce, *, rescored: bool) -> tuple[Need, ...]:
    """The readings that are looked at; cards that stay as they are need only what the table reads, unless its terms
    ask how much was measured."""
    if rescored or any(terms.least_measured is not None for terms in (tried.reward.terms if tried.reward else ())):
        return needs(tried.scheme, tried.reward)
    return tuple(dict.fromkeys(table_needs(tried.reward))) if tried.reward else ()


async def from_run(frame: Frame, held: Standing, cards: Cards, people: Sequence[Appraised],
                   wanted: tuple[Need, ...]) -> list[tuple[Seen, ...]] | None:
    """The rows of readings that the run kept; None where it lacks a reading or a person."""
    if any(who.subject not in cards.sides for who in people):
        return None
    columns = await stored(frame.conn, frame.tenant_id, held, wanted, frame.indicators)
    if any(need not in columns or len(columns[need]) != len(cards.order) for need in wanted):
        return None
    rows: list[tuple[Seen, ...]] = list(zip(*(columns[need] for need in wanted), strict=True)) if wanted else [
        ()] * len(cards.order)
    if [who.subject for who in people] == list(cards.order):
        return rows
    by_subject = dict(zip(cards.order, rows, strict=True))
    return [by_subject[who.subject] for who in people]


async def measured(frame: Frame, cycle: Cycle, tried: SchemeInForce, base: SchemeInForce | None, cards: Cards | None,
                   held: Standing | None, *, rescored: bool) -> Gathered:
    """The period from its records, by the run's own way; with the scheme in force beside it where nothing stands."""
    known_at = held.known_at if held else frame.now
    found, warnings = await read_again(frame, cycle, tried, known_at)
    before = None if base is None else (await read_again(frame, cycle, base, known_at))[0]
    if held is None:
        warnings.append(problem("E-SIMULATE-NEVER-RUN", field="period", value=cycle.period, scheme=tried.scheme.key))
    if cards is not None and not rescored:
        kept = [place for place, who in enumerate(found.people) if who.subject in cards.sides]
        found = replace(found, people=tuple(found.people[place] for place in kept),
                        rows=[found.rows[place] for place in kept])
    everybody = [*found.people, *(before.people if before is not None else ())]
    return Gathered(cycle.period, found, cards, before, rescored, True, names(everybody), tuple(warnings))


async def read_again(frame: Frame, cycle: Cycle, chosen: SchemeInForce, known_at: datetime,
                     ) -> tuple[Given, list[Problem]]:
    """What a run of the scheme would read; readings that failed are told."""
    snapshot = await take(frame.conn, frame.tenant_id, cycle, None, known_at, [chosen])
    (appraisal,) = snapshot.appraisals
    wanted, key = appraisal.wanted, chosen.scheme.key
    rows = await asyncio.to_thread(lambda: [seen_of(snapshot.reader.all_of(key, who, wanted)) for who in
                                            appraisal.people])
    given = given_of(cycle.period, chosen, appraisal.people, wanted, rows, snapshot.roster.period, snapshot.earlier)
    return given, [problem("E-SIMULATE-READING", field="indicator", value=name, period=cycle.period,
                           count=len(targets)) for name, (_, targets) in sorted(snapshot.reader.failures.items())]


def seen_of(readings: Mapping[Need, Reading]) -> tuple[Seen, ...]:
    """The readings of a subject, in the order in which they were asked for."""
    return tuple(seen(reading) for reading in readings.values())


def given_of(period: str, chosen: SchemeInForce, people: tuple[Appraised, ...], wanted: tuple[Need, ...],
             rows: Sequence[Sequence[Seen]], days: tuple[date, date], past: Earlier) -> Given:
    """All of a period."""
    history, shares = past.history.get(chosen.scheme.key, {}), past.shares.get(chosen.scheme.key, {})
    ids = [(who, (who.subject.kind, who.id)) for who in people]
    whole = (days[1] - days[0]).days
    return Given(
        period, chosen.scheme, chosen.reward, people, wanted, rows,
        {who.subject: facts(who, whole, history.get(key, NEVER)) for who, key in ids},
        {who.subject: shares[key] for who, key in ids if key in shares},
    )  # fmt: skip


def names(people: Sequence[Appraised]) -> dict[Subject, str]:
    """What everybody is called."""
    return {who.subject: who.name for who in people}
