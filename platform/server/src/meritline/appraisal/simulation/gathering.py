"""Everything one period is tried from. Decides where its readings come from and what counts as before.

Before is what stands: the cards and the money of the run that counts. Where the scheme never ran in the period, before
is what the scheme in force gives on the records as they are now. The draft is scored from the readings which that run
kept; where it looks at something else, or at somebody else, the records are read again for the period, as they were
known to the run: so between before and after only the draft differs. Each period is read by itself, by its own moment:
every record is looked at once.
"""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from uuid import UUID

from meritline.appraisal.definitions import SchemeInForce, TenantIndicator
from meritline.appraisal.pins import NO_PINS, Pins, as_pinned
from meritline.appraisal.rated import as_chosen
from meritline.appraisal.run.answers import Answers, Functions
from meritline.appraisal.run.earlier import Earlier, earlier_of
from meritline.appraisal.run.facts import NEVER, facts
from meritline.appraisal.run.needs import Need, carrying, needs, table_needs
from meritline.appraisal.run.roster import roster_of
from meritline.appraisal.run.snapshot import of_kind, take, with_draft
from meritline.appraisal.run.subjects import Appraised
from meritline.appraisal.simulation.drafts import Draft
from meritline.appraisal.simulation.money import looks_at_facts
from meritline.appraisal.simulation.outcomes import Given, Who
from meritline.appraisal.simulation.standing import Cards, Standing, cards_of, stored
from meritline.appraisal.store import Cycle
from meritline.db import Connection
from meritline.domain.calendars import CompanyCalendar
from meritline.domain.periods import Window
from meritline.errors import MeritlineError, Problem, problem
from meritline.tenancy.people import Employments
from meritline.tenancy.values import Profile
from meritline_sdk import Item, Scheme, rules
from meritline_sdk.evaluate.quick import Seen, seen
from meritline_sdk.evaluate.readings import Reading
from meritline_sdk.model.items import SCORE
from meritline_sdk.model.records import DeclarationError
from meritline_sdk.model.rewards import require_grades
from meritline_sdk.model.schemes import AS_GIVEN

NO_ID = UUID(int=0)
NO_PAST = Earlier()


@dataclass(frozen=True, slots=True)
class Frame:
    """What all periods share; ``cells`` are the readings that were spelt out, by their spelling."""

    conn: Connection
    tenant_id: UUID
    key: str
    profile: Profile
    calendar: CompanyCalendar
    people: Employments
    indicators: Mapping[str, TenantIndicator]
    standing: Mapping[str, Mapping[str, Standing]]
    now: datetime
    cells: dict[str, Seen] = field(default_factory=dict)
    functions: Functions | None = None
    answers: Answers = field(default_factory=Answers)


@dataclass(frozen=True, slots=True)
class Gathered:
    """A period ready to be scored. ``cards`` are what stands, if anything does; without them ``base`` is scored too.

    ``rescored`` is False where only the reward table is tried: then the cards stay as they stand.
    """

    period: str
    after: Given
    cards: Cards | None
    base: Given | None
    rescored: bool
    again: bool
    warnings: tuple[Problem, ...]


async def gather(frame: Frame, draft: Draft, period: str) -> Gathered:
    """What a period is tried from, with the definitions that it is scored by."""
    found, pins, base_pins = await gathered(frame, draft, period)
    return replace(found, after=await declared(frame, found.after, pins),
                   base=found.base and await declared(frame, found.base, base_pins))


async def declared(frame: Frame, given: Given, pins: Pins) -> Given:
    """The period with the pinned declarations that are not those of the present."""
    (known,) = await as_pinned(frame.conn, frame.tenant_id, frame.indicators, [pins])
    other = sorted(key for key in pins if key in known
                   and known[key].definition_hash != frame.indicators[key].definition_hash)
    return replace(given, indicators={key: as_chosen(known[key]) for key in other},
                   read_by=tuple(known[key].definition_hash for key in other))


async def gathered(frame: Frame, draft: Draft, period: str) -> tuple[Gathered, Pins, Pins]:
    """Read it; beside it what the draft pins, and what is in force."""
    window = frame.calendar.window(period)
    in_force = await of_kind(frame.conn, frame.tenant_id, window)
    base = next((one for one in in_force if one.scheme.key == draft.key), None)
    held = frame.standing[period].get(draft.key)
    tried = drafted(draft, base, held, period)
    cards = None if held is None else await cards_of(frame.conn, frame.tenant_id, held)
    rescored = draft.scheme is not None or cards is None
    pins = tried.pins, base.pins if base else NO_PINS
    if held is not None and cards is not None:
        kept = await from_run(frame, held, cards, tried, window, in_force, rescored=rescored)
        if kept is not None:
            given, warnings = kept
            return Gathered(period, given, cards, None, rescored, warnings is not None, tuple(warnings or ())), *pins
    return await from_records(frame, window, tried, base if cards is None else None, cards, held,
                              rescored=rescored), *pins


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
    return SchemeInForce(NO_ID, NO_ID, 0, scheme, "", date.min, table, pins=pins_tried(draft, base, held))


def pins_tried(draft: Draft, base: SchemeInForce | None, held: Standing | None) -> Pins:
    """A drafted scheme is read by the present definitions, as if it were saved now; what is left alone as it stands."""
    if draft.scheme is not None:
        return NO_PINS
    return held.pins if held else base.pins if base else NO_PINS


def needs_of(tried: SchemeInForce, *, rescored: bool) -> tuple[Need, ...]:
    """The readings that are looked at; cards that stay as they are need only what the table reads, unless its terms
    ask how much was measured."""
    if rescored or any(terms.least_measured is not None for terms in (tried.reward.terms if tried.reward else ())):
        return needs(tried.scheme, tried.reward)
    return tuple(dict.fromkeys(table_needs(tried.reward))) if tried.reward else ()


async def from_run(frame: Frame, held: Standing, cards: Cards, tried: SchemeInForce, window: Window,
                   in_force: Sequence[SchemeInForce], *, rescored: bool) -> tuple[Given, list[Problem] | None] | None:
    """The period from what its run kept; None where that lacks a person. What it lacks of readings is read from the
    records, and nothing else; then there is a list of what failed.

    Where the draft appraises the same people and looks at nothing of their employment, they are those of the run.
    """
    wanted = needs_of(tried, rescored=rescored)
    (known,) = await as_pinned(frame.conn, frame.tenant_id, frame.indicators, [tried.pins])
    columns = await stored(frame.conn, frame.tenant_id, held, wanted, known, frame.cells)
    columns = {need: column for need, column in columns.items() if len(column) == len(cards.people)}
    missing = [need for need in wanted if need not in columns]
    if any(key.startswith(SCORE) for key, _ in missing) or (missing and len(missing) == len(wanted)):
        return None
    warnings: list[Problem] | None = None
    if missing:
        probed, warnings = await read_anew(frame, window, probing(tried, missing), held.known_at)
        rows_of = {who.code: row for who, row in zip(probed.people, probed.rows, strict=True)}
        if any(who.code not in rows_of for who in cards.people):
            return None
        for place, need in enumerate(probed.needs):
            columns[need] = [rows_of[who.code][place] for who in cards.people]
    rows: list[tuple[Seen, ...]] = list(zip(*(columns[need] for need in wanted), strict=True)) if wanted else [
        ()] * len(cards.people)
    if same_people(tried, held) and not looks_at_facts(tried.reward) and not (rescored and carrying(tried.scheme)):
        return Given(window.period, tried.scheme, tried.reward, cards.people, wanted, rows), warnings
    roster = roster_of(frame.people, window, frame.tenant_id, frame.key, frame.profile.name,
                       (one.scheme for one in with_draft(list(in_force), [tried])))
    people = [who for who in roster.of(tried.scheme) if rescored or who.subject.key in cards.sides]
    if any(who.subject.key not in cards.sides for who in people):
        return None
    by_code = {who.code: row for who, row in zip(cards.people, rows, strict=True)}
    past = await earlier_of(frame.conn, frame.tenant_id, cycle_of(window), frame.calendar, [tried])
    return given_of(window, tried, people, wanted, [by_code[who.subject.key] for who in people], past), warnings


def probing(tried: SchemeInForce, missing: Sequence[Need]) -> SchemeInForce:
    """A scheme for the same people that looks at these readings alone."""
    items = tuple(Item(key, 1, rules.AsPoints(), read_from=read_from, key=f"probe_{place}")
                  for place, (key, read_from) in enumerate(missing))
    scheme = tried.scheme
    probe = Scheme(scheme.key, scheme.title, items, subject=scheme.subject, period=scheme.period,
                   for_positions=scheme.for_positions, for_employment=scheme.for_employment, weights=AS_GIVEN)
    return replace(tried, scheme=probe, reward=None)


def same_people(tried: SchemeInForce, held: Standing) -> bool:
    """Whether the draft is for whom the run's scheme was for."""
    new, old = tried.scheme, held.scheme
    return (new.subject, set(new.for_positions), new.for_employment) == (
        old.subject, set(old.for_positions), old.for_employment)


async def from_records(frame: Frame, window: Window, tried: SchemeInForce, base: SchemeInForce | None,
                       cards: Cards | None, held: Standing | None, *, rescored: bool) -> Gathered:
    """The period from its records, by the run's own way; with the scheme in force beside it where nothing stands."""
    known_at = held.known_at if held else frame.now
    found, warnings = await read_anew(frame, window, tried, known_at)
    before = None if base is None else (await read_anew(frame, window, base, known_at))[0]
    if held is None:
        warnings.append(problem("E-SIMULATE-NEVER-RUN", field="period", value=window.period, scheme=tried.scheme.key))
    if cards is not None and not rescored:
        kept = [place for place, who in enumerate(found.people) if who.code in cards.sides]
        found = replace(found, people=[found.people[place] for place in kept],
                        rows=[found.rows[place] for place in kept])
    return Gathered(window.period, found, cards, before, rescored, True, tuple(warnings))


async def read_anew(frame: Frame, window: Window, chosen: SchemeInForce, known_at: datetime,
                    ) -> tuple[Given, list[Problem]]:
    """What a run of the scheme would read; readings that failed are told."""
    snapshot = await take(frame.conn, frame.tenant_id, cycle_of(window), None, known_at, [chosen])
    if frame.functions is not None:
        await frame.functions.answer(snapshot, frame.answers)
    (appraisal,) = snapshot.appraisals
    wanted, key, people = appraisal.wanted, chosen.scheme.key, appraisal.people
    rows = await asyncio.to_thread(lambda: [seen_of(appraisal.reader.all_of(key, who, wanted)) for who in people])
    return given_of(window, chosen, people, wanted, rows, snapshot.earlier), [
        problem("E-SIMULATE-READING", field="indicator", value=name, period=window.period, count=len(targets))
        for (name, _), targets in sorted(appraisal.reader.failures.items())]


def cycle_of(window: Window) -> Cycle:
    """A cycle of the period, whether it was ever opened or not."""
    return Cycle(NO_ID, window.period, window.kind.value, window.start, window.end, "open", None, 0)


def seen_of(readings: Mapping[Need, Reading]) -> tuple[Seen, ...]:
    """The readings of a subject, in the order in which they were asked for."""
    return tuple(seen(reading) for reading in readings.values())


def given_of(window: Window, chosen: SchemeInForce, people: Sequence[Appraised], wanted: tuple[Need, ...],
             rows: Sequence[Sequence[Seen]], past: Earlier) -> Given:
    """All of a period, with the facts that the table looks at and the shares that the scheme carries."""
    history, shares = past.history.get(chosen.scheme.key, {}), past.shares.get(chosen.scheme.key, {})
    whole = (window.end_day - window.first_day).days
    ids = [(who, (who.subject.kind, who.id)) for who in people]
    known = {who.subject.key: facts(who, whole, history.get(key, NEVER)) for who, key in ids} if looks_at_facts(
        chosen.reward) else {}
    return Given(window.period, chosen.scheme, chosen.reward,
                 [Who(who.subject.key, who.name, who.department_code) for who in people], wanted, rows, known,
                 {who.subject.key: shares[key] for who, key in ids if key in shares})
