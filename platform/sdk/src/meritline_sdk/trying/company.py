"""The company that a file tells of: who is in it, which period is looked at, what its source delivered.

A file does not say who was employed when, nor in which department: everybody named in it is employed throughout, and
departments are those that records name. What there is no file for was not delivered, which is not nothing.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from typing import Any

from meritline_sdk.evaluate.calendars import Clock, WorkCalendar, clock_for
from meritline_sdk.evaluate.expressions import Record
from meritline_sdk.evaluate.scenes import Others
from meritline_sdk.evaluate.tallies import Subject
from meritline_sdk.evaluate.windows import Window, earlier, spell, window, zone_of
from meritline_sdk.model.credits import credits_of
from meritline_sdk.model.indicators import AnyIndicator, Indicator, indicator_tallies
from meritline_sdk.model.kinds import Kind
from meritline_sdk.model.nodes import Scalar
from meritline_sdk.model.records import RecordDeclaration
from meritline_sdk.model.schemes import PeriodKind, SubjectKind
from meritline_sdk.model.sets import IndicatorSet
from meritline_sdk.model.tallies import Tally
from meritline_sdk.trying.ratings import GivenRating

EVERYBODY = Subject(SubjectKind.COMPANY, "company")
PEOPLE = (Kind.PERSON, Kind.PEOPLE)


@dataclass(frozen=True)
class Company:
    """The records with what surrounds them; ``settings`` are what was set, by the indicator's full name."""

    sets: tuple[IndicatorSet, ...]
    records: Mapping[str, tuple[Record, ...]]
    declared: Mapping[str, RecordDeclaration]
    period: str
    zone: str
    calendar: WorkCalendar | None = None
    settings: Mapping[str, Mapping[str, Scalar]] = field(default_factory=dict)
    ratings: Sequence[GivenRating] = ()
    kept: dict[tuple[str, Subject], Any] = field(default_factory=dict, init=False, compare=False, repr=False)

    @cached_property
    def indicators(self) -> Mapping[str, AnyIndicator]:
        """Every indicator by its full name."""
        return {f"{one.key}.{indicator.key}": indicator for one in self.sets for indicator in one.indicators}

    @cached_property
    def others(self) -> Others:
        """All records, found by what they hold."""
        return Others(self.records)

    @cached_property
    def clock(self) -> Clock:
        """The clock of the period."""
        return clock_for(self.window(), self.zone, self.calendar)

    def window(self, periods: int = 0) -> Window:
        """The period, or the one so many before it."""
        return window(earlier(self.period, periods) if periods else self.period, self.zone)

    def covered(self, tally: Tally) -> bool | None:
        """Whether the source delivered: no file is no source; a period before all records of it was not delivered."""
        if tally.record not in self.records:
            return None
        if not tally.earlier:
            return True
        first = self.first_moments.get(tally.record)
        return first is not None and is_before(first, self.window(tally.earlier))

    @cached_property
    def first_moments(self) -> Mapping[str, datetime | date]:
        """When the first record of each type was."""
        found: dict[str, datetime | date] = {}
        for key, records in self.records.items():
            moments: list[Any] = [moment for record in records
                                  if (moment := record.get(self.declared[key].at)) is not None]
            if moments:
                found[key] = min(moments)
        return found

    @cached_property
    def by_holder(self) -> Mapping[tuple[str, str], Mapping[str, tuple[Record, ...]]]:
        """For each (record type, field of people) the records in which each person or team stands."""
        found: dict[tuple[str, str], dict[str, list[Record]]] = {}
        for key, record in self.declared.items():
            for spec in record.fields:
                if spec.kind in (*PEOPLE, Kind.TEAM):
                    held = found.setdefault((key, spec.name), {})
                    for one in self.records.get(key, ()):
                        for holder in holders(one.get(spec.name)):
                            held.setdefault(holder, []).append(one)
        return {place: {holder: tuple(some) for holder, some in held.items()} for place, held in found.items()}

    def candidates(self, tally: Tally, subject: Subject) -> Iterable[Record]:
        """The records that can count for the subject: a person's are those that name that person."""
        every = self.records.get(tally.record, ())
        credit = credits_of(tally.credit)
        if subject.kind is SubjectKind.COMPANY or len(credit) != 1 or credit[0].field is None:
            return every
        return self.by_holder.get((tally.record, credit[0].field.name), {}).get(subject.key, ())

    def subjects_of(self, indicator: AnyIndicator) -> tuple[Subject, ...]:
        """Whose readings an indicator has: the people and teams whom its records name, and the company."""
        if not isinstance(indicator, Indicator):
            rated = {one.subject for one in self.ratings if self.indicators.get(one.indicator) in (
                indicator, self.source_of(indicator))}
            return tuple(Subject(SubjectKind.EMPLOYEE, name) for name in sorted(rated))
        found: set[Subject] = set()
        for tally in indicator_tallies(indicator):
            for credit in credits_of(tally.credit):
                if credit.field is not None:
                    kind = SubjectKind.DEPARTMENT if credit.field.kind is Kind.TEAM else SubjectKind.EMPLOYEE
                    found |= {Subject(kind, name) for name in self.by_holder.get((tally.record, credit.field.name), {})}
        return (*sorted(found), EVERYBODY)

    def source_of(self, indicator: AnyIndicator) -> AnyIndicator | None:
        """The rated indicator whose ratings another one reads."""
        of = getattr(indicator, "of", None)
        if of is None:
            return None
        own = next((name.partition(".")[0] for name, one in self.indicators.items() if one == indicator), "")
        return self.indicators.get(of if "." in of else f"{own}.{of}")


def holders(value: object) -> tuple[str, ...]:
    """Who stands in a field of people."""
    if isinstance(value, tuple):
        return tuple(name for name, _ in value)
    return (value,) if isinstance(value, str) else ()


def is_before(moment: datetime | date, looked: Window) -> bool:
    """Whether the moment lies before the end of the window."""
    return moment < looked.end if isinstance(moment, datetime) else moment < looked.end_day


def likely_period(records: Mapping[str, Sequence[Record]], declared: Mapping[str, RecordDeclaration],
                  zone: str) -> str | None:
    """The month in which most records lie; the later one of two that have as many."""
    counted: Counter[str] = Counter()
    for key, some in records.items():
        for record in some:
            moment = record.get(declared[key].at)
            if isinstance(moment, datetime):
                moment = moment.astimezone(zone_of(zone)).date()
            if isinstance(moment, date):
                counted[spell(PeriodKind.MONTH, moment.year, moment.month)] += 1
    return max(counted, key=lambda period: (counted[period], period), default=None)


type CompanyOf = Callable[[str], Company]
"""The same company looked at in another period."""
