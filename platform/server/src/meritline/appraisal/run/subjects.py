"""Whom a scheme appraises. Decides which employees, departments or company get a scorecard.

- Employees: those whose last employment inside the period has one of the scheme's positions; each gets a card, also
  with nothing measured. Their department is that of the same employment. A scheme without positions appraises nobody:
  its company has not chosen yet, or gave its positions to another scheme.
- Departments: the teams, which are the departments without others below them; where the scheme names positions, only
  teams in which somebody has one of them. A department above is read where an item reads from it.
- The company: itself.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from meritline.tenancy.people import DepartmentRow
from meritline_sdk.evaluate.tallies import Subject
from meritline_sdk.model.schemes import Scheme, SubjectKind


@dataclass(frozen=True, slots=True)
class Appraised:
    """A subject with everything a scorecard says of it."""

    subject: Subject
    id: UUID
    name: str
    department_id: UUID | None = None
    department_code: str | None = None
    position: str | None = None
    base_pay: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Roster:
    """Who could be appraised in a period."""

    company: Appraised
    employees: tuple[Appraised, ...]
    departments: Mapping[UUID, DepartmentRow]

    def of(self, scheme: Scheme) -> tuple[Appraised, ...]:
        """Those whom the scheme appraises, by code."""
        match scheme.subject:
            case SubjectKind.COMPANY:
                return (self.company,)
            case SubjectKind.DEPARTMENT:
                found = self.teams(frozenset(scheme.for_positions))
            case _:
                found = [each for each in self.employees if each.position in scheme.for_positions]
        return tuple(sorted(found, key=lambda each: each.subject.key))

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
