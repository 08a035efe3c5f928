"""What surrounds the records of a golden case: period, clock, people, parameters. Decides what holds unless it is said.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import cached_property
from typing import Any

from meritline_sdk.evaluate.calendars import CalendarError, Clock, WorkCalendar, clock_for
from meritline_sdk.evaluate.credits import DepartmentOf, Subject
from meritline_sdk.evaluate.expressions import Record
from meritline_sdk.evaluate.hours import WEEKDAYS, calendar_from
from meritline_sdk.evaluate.windows import FiscalCalendar, Window, earlier, window
from meritline_sdk.model.indicators import Indicator, indicator_tallies
from meritline_sdk.model.kinds import MICROSECONDS_PER_SECOND, NUMERIC, Kind
from meritline_sdk.model.measures import Tally, settled
from meritline_sdk.model.nodes import ClockTime, LocalDay, ParameterRef, PeriodEdge, Scalar, WorkDays, WorkedTime, walk
from meritline_sdk.model.schemes import PeriodKind, SubjectKind
from meritline_sdk.model.tallies import OF_NO_RECORDS
from meritline_sdk.testing.values import CaseError

ALL_TIME = Window("always", PeriodKind.YEAR, datetime(1, 1, 2, tzinfo=UTC), datetime(9999, 12, 30, tzinfo=UTC),
                  date(1, 1, 2), date(9999, 12, 30))
ZONE = "Asia/Shanghai"
OF_A_PERIOD = (PeriodEdge, LocalDay, ClockTime, WorkedTime, WorkDays)


@dataclass(frozen=True)
class GoldenCase:
    """A golden case: ``place`` names its file, ``indicator`` what is read, ``records`` the records by type and ``body``
    what else the file says; what it leaves out has the defaults that ``golden`` names. Made by ``load_golden``."""

    place: str
    indicator: Indicator
    records: Mapping[str, tuple[Record, ...]]
    body: Mapping[str, Any]

    @property
    def zone(self) -> str:
        """The IANA time zone of the case, Asia/Shanghai by default."""
        return str(self.body.get("time_zone", ZONE))

    @cached_property
    def tallies(self) -> tuple[Tally, ...]:
        """All tallies, with the credit that the case chooses."""
        return tuple(settled(tally, self.parameters) for tally in indicator_tallies(self.indicator))

    @cached_property
    def parameters(self) -> dict[str, Scalar]:
        """What the case sets."""
        return parameters_of(self)

    @cached_property
    def subject(self) -> Subject:
        """Whose reading it is."""
        return subject_of(self)

    def window(self, periods: int = 0) -> Window:
        """The window so many periods before; without a period all time."""
        period = self.body.get("period")
        if period is not None:
            fiscal = FiscalCalendar(**self.body["fiscal"]) if "fiscal" in self.body else None
            return window(earlier(str(period), periods), self.zone, fiscal)
        if periods or needs_period(self):
            raise CaseError(f"{self.place}: the indicator looks at its period, or an earlier one: say period =")
        return ALL_TIME

    @cached_property
    def calendar(self) -> WorkCalendar | None:
        """The working hours, if there are any."""
        given = self.body.get("calendar")
        if given is None:
            return None
        try:
            week = {day: given[day] for day in WEEKDAYS if day in given}
            rest = {name: value for name, value in given.items() if name not in WEEKDAYS}
            return calendar_from({"working_hours": week, **rest} if week else rest)
        except (CalendarError, ValueError) as problem:
            raise CaseError(f"{self.place}: {problem}") from problem

    @cached_property
    def clock(self) -> Clock | None:
        """The clock of the period; none where there is no period."""
        return clock_for(self.window(), self.zone, self.calendar) if "period" in self.body else None

    @cached_property
    def department_of(self) -> DepartmentOf:
        """Each person's departments, the same at any moment."""
        given = {person: frozenset([found] if isinstance(found, str) else found)
                 for person, found in self.body.get("departments", {}).items()}
        return lambda person, moment: given.get(person, frozenset())

    @cached_property
    def employed_days(self) -> Callable[[Subject, Window], int]:
        """How many days of a window the subject was employed; by default all."""
        stays = employed_of(self)
        return lambda subject, looked: sum(common_days(looked, first, end) for first, end in stays)

    def covered(self, tally: Tally) -> bool | None:
        """Whether the source delivered the record type; of those that a list leaves out the company has no source."""
        given = self.body.get("covered", True)
        if isinstance(given, list):
            return True if tally.record in given else None
        found = given.get(tally.record) if isinstance(given, Mapping) else given
        return None if found is None else bool(found)


def needs_period(case: GoldenCase) -> bool:
    """Whether it matters which period it is."""
    return any(tally.how in OF_NO_RECORDS or any(isinstance(node, OF_A_PERIOD) for part in tally.nodes()
                                                 for node in walk(part)) for tally in case.tallies)


def parameters_of(case: GoldenCase) -> dict[str, Scalar]:
    """What the case sets, a duration in seconds."""
    known = {node.name: node for node in case.indicator.parameters()}
    given = case.body.get("parameters", {})
    if given.keys() - known.keys():
        raise CaseError(f"{case.place}: the parameters are {', '.join(known) or 'none'}")
    return {name: parameter(known[name], value, case.place) for name, value in given.items()}


def parameter(node: ParameterRef, value: Any, place: str) -> Scalar:
    """One value, of the parameter's kind and among its options."""
    if node.options and value not in node.options:
        raise CaseError(f"{place}: {node.name} is one of {', '.join(map(str, node.options))}: got {value!r}")
    if node.kind is Kind.DURATION:
        return int(value * MICROSECONDS_PER_SECOND)
    if node.kind in NUMERIC and (isinstance(value, bool) or not isinstance(value, int | Decimal)):
        raise CaseError(f"{place}: {node.name} is a number: got {value!r}")
    found: Scalar = value
    return found


def subject_of(case: GoldenCase) -> Subject:
    """Whose reading it is: as the case says, else that of the only one who is credited."""
    for key, kind in (("subject", SubjectKind.EMPLOYEE), ("department", SubjectKind.DEPARTMENT)):
        if key in case.body:
            return Subject(kind, case.body[key])
    credited = {(tally.record, tally.credit.field) for tally in case.tallies if tally.credit.field}  # type: ignore[union-attr]
    if case.body.get("company") or not credited:
        return Subject(SubjectKind.COMPANY, "company")
    holders = {(row.get(field.name), field.kind) for record, field in credited
               for row in case.records.get(record, ()) if row.get(field.name)}
    if len(holders) != 1 or not isinstance(holder := next(iter(holders))[0], str):
        raise CaseError(f"{case.place}: say subject =, department = or company = true: the records name several people")
    team = next(iter(holders))[1] is Kind.TEAM
    return Subject(SubjectKind.DEPARTMENT if team else SubjectKind.EMPLOYEE, holder)


def employed_of(case: GoldenCase) -> Sequence[tuple[date, date]]:
    """The stays ``["2026-05-10", "2026-06-01"]``, from the first day to before the second; without it for good."""
    given = case.body.get("employed")
    if given is None:
        return [(date.min, date.max)]
    stays = given if given and isinstance(given[0], list) else [given]
    try:
        return [(day(stay[0]), day(stay[1]) if len(stay) > 1 else date.max) for stay in stays]
    except (TypeError, ValueError, IndexError) as problem:
        raise CaseError(f'{case.place}: write employed = ["2026-05-10", "2026-06-01"]: {problem}') from problem


def day(value: date | str) -> date:
    """The day."""
    return date.fromisoformat(value) if isinstance(value, str) else value


def common_days(looked: Window, first: date, end: date) -> int:
    """How many days of the window lie in the stay."""
    return max((min(looked.end_day, end) - max(looked.first_day, first)).days, 0)
