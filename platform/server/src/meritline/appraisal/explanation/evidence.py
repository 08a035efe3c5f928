"""The records behind a line. Decides which of its tallies are shown, and whose records they are.

The definitions, the parameters, the calendar and the moment are those of the line's run: what arrives later changes
nothing. A ratio shows the records of its denominator, which hold those of the numerator as a rule: each tells whether
it counts in both; either side can be asked for. Where several tallies make the number (a total over record types, a
mean of means) the records of one follow those of another. A composite item shows its first part unless another is
named. Behind a rating there are no records.
"""

from dataclasses import dataclass, fields
from typing import Final, Literal
from uuid import UUID

from meritline.appraisal.explanation import store
from meritline.appraisal.explanation.store import Origin
from meritline.appraisal.run.roster import memberships
from meritline.db import Connection
from meritline.measuring.evidence import Evidence, EvidenceKey, records_behind
from meritline.measuring.memberships import Moment, Piece
from meritline.tenancy.calendar import company_calendar
from meritline.tenancy.people import employments
from meritline_sdk.model.indicators import Indicator
from meritline_sdk.model.measures import Change, Complete, Measure, Ratio, Tally, Weighted, side_tallies, tallies_of
from meritline_sdk.model.schemes import OWN, SubjectKind

__all__ = ["Behind", "LineKey", "LinePage", "evidence", "line_evidence"]

type Side = Literal["numerator", "denominator"]
type LineKey = tuple[int, Moment, str, str]


@dataclass(frozen=True, slots=True)
class Behind(Evidence):
    """A record behind a line; ``place`` is that of its tally among those that make the number."""

    place: int = 0

    @property
    def key(self) -> LineKey:  # type: ignore[override]
        """Its place in the order of the pages."""
        return (self.place, self.at, self.source, self.external_id)


@dataclass(frozen=True, slots=True)
class LinePage:
    """Records by tally, moment, source and external id, and whether more follow."""

    records: tuple[Behind, ...]
    more: bool


NOTHING: Final = LinePage((), False)


async def line_evidence(conn: Connection, tenant_id: UUID, card_id: UUID, position: int, *, first: int = 50,
                        after: LineKey | None = None, side: Side = "denominator",
                        indicator: str | None = None) -> LinePage:
    """One page of the records behind the line at a position of a card; ``after`` is the ``key`` of the last seen."""
    origin = await store.line_origin(conn, tenant_id, card_id, position)
    return await evidence(conn, tenant_id, origin, first=first, after=after, side=side, indicator=indicator)


async def evidence(conn: Connection, tenant_id: UUID, origin: Origin, *, first: int = 50, after: LineKey | None = None,
                   side: Side = "denominator", indicator: str | None = None) -> LinePage:
    """One page of the records behind a line of that origin; ``indicator`` is one of those that it looks at."""
    read_from, target = origin.read_from, target_of(origin, tenant_id)
    key = indicator if indicator in origin.keys else next(iter(origin.keys), "")
    if key not in origin.definitions:  # scores of shorter periods; a reward that looks at no indicator
        return NOTHING
    declared, parameters = await store.indicator_used(conn, tenant_id, origin, key)
    if target is None or not isinstance(declared, Indicator) or key in origin.without_records:
        return NOTHING
    calendar = origin.calendar or await company_calendar(conn, tenant_id)
    now = calendar.window(origin.period)
    back, clock = calendar.windows_back(origin.period), calendar.clock(now)
    pieces = [Piece(origin.subject_id, origin.subject_id, origin.spans)] if origin.spans and read_from == OWN else []
    people = memberships(await employments(conn, tenant_id), calendar.zone, pieces, now.first_day)
    found: list[Behind] = []
    for place, tally in enumerate(tallies_shown(declared.measure, side)):
        if after is not None and place < after[0]:
            continue
        seen: EvidenceKey | None = after[1:] if after is not None and place == after[0] else None
        page = await records_behind(conn, tenant_id, tally, parameters, back(tally.earlier), *target, people,
                                    origin.known_at, first + 1 - len(found), seen, clock=clock,
                                    against=compared_with(declared.measure, side))
        found += [behind(each, place) for each in page.records]
        if len(found) > first:
            break
    return LinePage(tuple(found[:first]), len(found) > first)


def behind(each: Evidence, place: int) -> Behind:
    """The record with the place of its tally."""
    return Behind(**{one.name: getattr(each, one.name) for one in fields(each)}, place=place)


def target_of(origin: Origin, company: UUID) -> tuple[SubjectKind, UUID] | None:
    """Whose records they are."""
    if origin.read_from == OWN:
        return origin.subject_kind, origin.subject_id
    if origin.read_from == "company":
        return SubjectKind.COMPANY, company
    return None if origin.department_id is None else (SubjectKind.DEPARTMENT, origin.department_id)


def compared_with(measure: Measure, side: Side) -> tuple[Tally, ...]:
    """The tallies of which each record tells whether they count it too: the other side of a ratio."""
    match measure:
        case Change():
            return compared_with(measure.measure, side)
        case Ratio():
            return side_tallies(measure.denominator if side == "numerator" else measure.numerator)
    return ()


def tallies_shown(measure: Measure, side: Side) -> tuple[Tally, ...]:
    """The tallies whose records are shown."""
    match measure:
        case Change():
            return tallies_shown(measure.measure, side)
        case Ratio():
            return side_tallies(measure.numerator if side == "numerator" else measure.denominator)
        case Weighted():
            return tuple(dict.fromkeys(each for one, _ in measure.parts for each in tallies_shown(one, side)))
        case Complete():
            return tuple(dict.fromkeys(part if side == "numerator" else whole for part, whole in measure.pairs))
    return tallies_of(measure)
