"""Targets suggested from imported months. Decides which lines are looked at and where their readings come from.

A scheme's lines are those with an indicator of their own, parts of composites among them; or indicators are named, and
read for every employee with a position. A month that was run gives the readings of its run; another is read now.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from uuid import UUID

from meritline.appraisal import schemes_store
from meritline.appraisal.definitions import SchemeInForce, TenantIndicator, indicators_of
from meritline.appraisal.rated import as_chosen
from meritline.appraisal.run.answers import Functions
from meritline.appraisal.run.needs import Need
from meritline.appraisal.run.snapshot import of_kind
from meritline.appraisal.simulation.drafts import Draft, listed_periods, periods_asked
from meritline.appraisal.simulation.gathering import NO_ID, Frame, from_records, from_run
from meritline.appraisal.simulation.levels import Column, Suggestion
from meritline.appraisal.simulation.outcomes import Given
from meritline.appraisal.simulation.standing import cards_of, standing_of
from meritline.db import Connection, Database
from meritline.documents.table import nearest_first
from meritline.errors import MeritlineError
from meritline.tenancy import store as company
from meritline.tenancy.calendar import calendar_of
from meritline.tenancy.people import employments
from meritline.tenancy.service import tenant_profile
from meritline_sdk import Item, Scheme, Text, rules
from meritline_sdk.evaluate.quick import Seen, judged
from meritline_sdk.evaluate.quick_lines import ratio
from meritline_sdk.evaluate.readings import MEASURED
from meritline_sdk.model.canonical import parse
from meritline_sdk.model.items import OWN, Part, key_of
from meritline_sdk.model.schemes import AS_GIVEN

PROBE = "suggested_targets"


@dataclass(frozen=True, slots=True)
class Wanted:
    """Whose targets: those of a scheme, or of some indicators; and from which months."""

    scheme: str | None = None
    indicators: Sequence[str] = ()
    first: str = ""
    to: str | None = None
    count: int | None = None
    periods: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Line:
    """A line that has readings: its name, where its reading stands, its target and its own minimum sample."""

    name: str
    need: Need
    target: Decimal | None
    minimum: int | None


@dataclass(frozen=True, slots=True)
class Suggested:
    """The suggestions for a version of a scheme (0: for indicators), from these periods."""

    version: int
    periods: tuple[str, ...]
    found: tuple[Suggestion, ...]


async def suggest(database: Database, tenant_id: UUID, wanted: Wanted, now: datetime, *,
                  functions: Functions | None = None) -> Suggested:
    """The levels that 25, 50 and 75 % reached."""
    async with database.scoped_read(tenant_id, snapshot=True) as conn:
        known = {one.key: one for one in await indicators_of(conn, tenant_id)}
        version, scheme = await looked_at(conn, tenant_id, wanted, known)
        profile = await tenant_profile(conn, tenant_id)
        calendar = calendar_of(profile)
        draft = Draft(scheme.key, scheme.period, scheme.subject, scheme, None)
        periods = listed_periods(draft, wanted.periods, calendar, now) if wanted.periods else periods_asked(
            draft, wanted.first, wanted.to, wanted.count, calendar, now)
        frame = Frame(conn, tenant_id, await company.tenant_key(conn, tenant_id) or str(tenant_id), profile, calendar,
                      await employments(conn, tenant_id), known, await standing_of(conn, tenant_id, periods), now,
                      functions=functions)
        lines = [line for line in lines_of(scheme) if line.need[0] in known]
        columns = [column_of(line, known) for line in lines]
        for period in periods:
            add(await readings_of(frame, scheme, period), lines, columns)
    return Suggested(version, periods, tuple(each.suggestion() for each in columns))


async def looked_at(conn: Connection, tenant_id: UUID, wanted: Wanted,
                    known: Mapping[str, TenantIndicator]) -> tuple[int, Scheme]:
    """The newest version of the scheme; or a scheme of the indicators alone, for everybody with a position."""
    if wanted.scheme is not None:
        rows = {row["key"]: row for row in await schemes_store.scheme_versions(conn, tenant_id)}
        if wanted.scheme not in rows:
            raise MeritlineError("E-SCHEME-UNKNOWN", field="scheme", value=wanted.scheme,
                                 known=nearest_first(wanted.scheme, rows)[:3] or ("—",))
        return rows[wanted.scheme]["version"], parse(rows[wanted.scheme]["body"])
    for key in wanted.indicators:
        if key not in known:
            raise MeritlineError("E-INDICATOR-UNKNOWN", field="indicators", value=key,
                                 known=nearest_first(key, known)[:3])
    if not wanted.indicators:
        raise MeritlineError("E-SUGGEST-WHAT")
    positions = await company.positions(conn, tenant_id)
    items = tuple(Item(key, 1, rules.AsPoints(), key=f"line_{place}") for place, key in enumerate(wanted.indicators))
    return 0, Scheme(PROBE, Text("Suggested targets", "建议目标值"), items, weights=AS_GIVEN,
                     for_positions=tuple(sorted(positions)))


def lines_of(scheme: Scheme) -> Iterator[Line]:
    """The lines with a reading of an indicator; a part is named after its item."""
    for item in scheme.items:
        if item.parts:
            yield from parts_of(item, item.parts)
        elif item.score_of is None:
            yield Line(item.name(), (key_of(item.indicator), item.read_from), number(item.target), item.minimum_sample)


def parts_of(item: Item, parts: Sequence[Part]) -> Iterator[Line]:
    """The parts of a composite, and their parts."""
    for part in parts:
        if part.parts:
            yield from parts_of(item, part.parts)
        else:
            key = key_of(part.indicator)
            yield Line(f"{item.name()}/{key}", (key, item.read_from), number(part.target), item.minimum_sample)


def number(target: object) -> Decimal | None:
    """The target as a number."""
    return None if target is None else Decimal(str(target))


def column_of(line: Line, known: Mapping[str, TenantIndicator]) -> Column:
    """Where the readings of a line gather."""
    indicator = as_chosen(known[line.need[0]])
    return Column(line.name, line.need[0], indicator.unit.key, indicator.better, line.target, line.need[1] == OWN)


async def readings_of(frame: Frame, scheme: Scheme, period: str) -> Given:
    """What a run of the scheme reads in a period."""
    window = frame.calendar.window(period)
    tried = SchemeInForce(NO_ID, NO_ID, 0, scheme, "", date.min)
    held = frame.standing[period].get(scheme.key)
    if held is not None:
        cards = await cards_of(frame.conn, frame.tenant_id, held)
        in_force = await of_kind(frame.conn, frame.tenant_id, window)
        kept = await from_run(frame, held, cards, tried, window, in_force, rescored=True)
        if kept is not None:
            return kept[0]
    return (await from_records(frame, window, tried, None, None, held, rescored=True)).after


def add(given: Given, lines: Sequence[Line], columns: Sequence[Column]) -> None:
    """The readings of a period."""
    places = [given.needs.index(line.need) for line in lines]
    for who, row in zip(given.people, given.rows, strict=True):
        for line, column, place in zip(lines, columns, places, strict=True):
            cell: Seen = judged(row[place], line.minimum)
            if cell.state == MEASURED and cell.value is not None:
                column.add(who.code, Fraction(*ratio(cell.value)))
