"""Whom a scheme appraises. Decides which employees, departments or company get a scorecard.

- Employees: those who had one of the scheme's positions on a day of the period, in an employment that the scheme is
  for; each gets a card, also with nothing measured. Whoever changes position within the period gets a card under each
  scheme, for the days under it; the department is that of the last of these days. A scheme for probation (or for
  regular staff) comes before one of the same position that is for any. A scheme without positions appraises nobody: its
  company has not chosen yet, or gave its positions to another scheme.
- Departments: the teams, which are the departments without others below them; where the scheme names positions, only
  teams in which somebody has one of them. A department above is read where an item reads from it.
- The company: itself.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import NamedTuple
from uuid import UUID, uuid5

from meritline.tenancy.people import DepartmentRow
from meritline_sdk.evaluate.tallies import Subject
from meritline_sdk.model.schemes import ANY_EMPLOYMENT, REGULAR, Scheme, SubjectKind

type Days = tuple[date, date]
"""From a day to before another."""


@dataclass(frozen=True, slots=True)
class Stay:
    """An employee's days under a scheme in a period.

    ``records`` is the id under which the records within these days are tallied, where the employee has other days in
    the period too; None: all records of the period count.
    """

    days: int
    period_days: int
    to_the_end: bool = True
    employment: str = REGULAR
    spans: tuple[Days, ...] = ()
    records: UUID | None = None


class Appraised(NamedTuple):
    """A subject with everything a scorecard says of it; ``stay`` is that of an employee."""

    subject: Subject
    id: UUID
    name: str
    department_id: UUID | None = None
    department_code: str | None = None
    position: str | None = None
    base_pay: Decimal | None = None
    performance_pay: Decimal | None = None
    stay: Stay | None = None

    @property
    def records(self) -> UUID:
        """Under which id its own records are tallied."""
        return self.id if self.stay is None or self.stay.records is None else self.stay.records


class Stint(NamedTuple):
    """The days of the period that one employment has, with who had it."""

    who: Appraised
    status: str
    days: Days


@dataclass(frozen=True, slots=True)
class Roster:
    """Who could be appraised in a period. ``employees`` stand where their last employment in it has them.

    ``stints`` are all employments of the period by employee and time; ``particular`` are the positions for which a
    scheme of the period is for one kind of employment only, with that kind.
    """

    company: Appraised
    employees: tuple[Appraised, ...]
    departments: Mapping[UUID, DepartmentRow]
    stints: Mapping[UUID, tuple[Stint, ...]]
    period: Days
    particular: frozenset[tuple[str, str]] = frozenset()

    def of(self, scheme: Scheme) -> tuple[Appraised, ...]:
        """Those whom the scheme appraises, by code."""
        match scheme.subject:
            case SubjectKind.COMPANY:
                return (self.company,)
            case SubjectKind.DEPARTMENT:
                found = self.teams(frozenset(scheme.for_positions))
            case _:
                found = self.staff(scheme)
        return tuple(sorted(found, key=lambda each: each.subject.key))

    def staff(self, scheme: Scheme) -> list[Appraised]:
        """The employees with days under the scheme."""
        positions, stays = frozenset(scheme.for_positions), Stays(scheme.key, self.period)
        found: list[Appraised] = []
        for stints in self.stints.values():
            mine = [each for each in stints if each.who.position in positions and self.holds(scheme, each)]
            if mine:
                found.append(stayed(mine[-1].who, stays.of(mine, stints)))
        return found

    def holds(self, scheme: Scheme, one: Stint) -> bool:
        """Whether the scheme, which is for the position, is the one for these days."""
        if scheme.for_employment == ANY_EMPLOYMENT:
            return (one.who.position, one.status) not in self.particular
        return scheme.for_employment == one.status

    def every_department(self) -> list[Appraised]:
        """All departments as subjects."""
        return [Appraised(Subject(SubjectKind.DEPARTMENT, each.code), each.id, each.name, each.id, each.code)
                for each in self.departments.values()]

    def teams(self, positions: frozenset[str]) -> list[Appraised]:
        """The departments without others below them."""
        above = {each.parent_id for each in self.departments.values()}
        staffed = {each.department_id for each in self.employees if each.position in positions}
        return [each for each in self.every_department()
                if each.id not in above and (not positions or each.id in staffed)]


class Stays:
    """The days of everybody under one scheme; nearly all have the same ones."""

    def __init__(self, scheme: str, period: Days) -> None:
        self._scheme, self._period = scheme, period
        self._whole: dict[tuple[bool, str, tuple[Days, ...]], Stay] = {}

    def of(self, mine: Sequence[Stint], every: Sequence[Stint]) -> Stay:
        """Those of an employee with ``mine`` under the scheme, of ``every`` stint of the period."""
        last, to_the_end = mine[-1], every[-1].days[1] >= self._period[1]
        spans = tuple([each.days for each in mine])
        if len(mine) < len(every):
            return self._made(to_the_end, last.status, spans, uuid5(last.who.id, self._scheme))
        key = to_the_end, last.status, spans
        if (found := self._whole.get(key)) is None:
            found = self._whole[key] = self._made(*key)
        return found

    def _made(self, to_the_end: bool, employment: str, spans: tuple[Days, ...], records: UUID | None = None) -> Stay:
        return Stay(counted(spans), counted((self._period,)), to_the_end, employment, spans, records)


def stayed(who: Appraised, stay: Stay) -> Appraised:
    """The employee with the days under a scheme, as the last of them has it; they stand last."""
    return Appraised(*who[:-1], stay)


def counted(spans: tuple[Days, ...]) -> int:
    """How many days they have."""
    return sum((end - first).days for first, end in spans)
