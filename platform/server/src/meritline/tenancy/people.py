"""Who worked where and when. Decides which employment of a period decides an employee's position and department."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from types import MappingProxyType
from typing import NamedTuple
from uuid import UUID

from meritline.db import Connection
from meritline_sdk.evaluate.windows import Window

EMPLOYMENTS = """
select m.employee_id, e.number, e.name, e.performance_pay, e.base_pay, m.department_id, p.code as position,
       m.manager_id, m.status, m.valid_from, m.valid_to
from employment m
join employee e on e.tenant_id = m.tenant_id and e.id = m.employee_id
left join position p on p.tenant_id = m.tenant_id and p.id = m.position_id
where m.tenant_id = $1
order by e.number, m.valid_from
"""
DEPARTMENTS = "select id, code, name, parent_id from department where tenant_id = $1 order by code"


class Employment(NamedTuple):
    """One interval: from ``valid_from`` to before ``valid_to`` (None: until further notice), as local days."""

    employee_id: UUID
    number: str
    name: str
    performance_pay: object
    base_pay: Decimal | None
    department_id: UUID | None
    position: str | None
    manager_id: UUID | None
    status: str
    valid_from: date
    valid_to: date | None

    def meets(self, first: date, end: date) -> bool:
        """Whether a day of it lies between the first day and before the end."""
        return self.valid_from < end and (self.valid_to is None or self.valid_to > first)


class DepartmentRow(NamedTuple):
    """A department with its place in the tree."""

    id: UUID
    code: str
    name: str
    parent_id: UUID | None


@dataclass(frozen=True, slots=True)
class Employments:
    """All intervals of a company by employee number and time, and the tree of its departments."""

    intervals: tuple[Employment, ...]
    departments: Mapping[UUID, DepartmentRow]

    def subjects(self, window: Window) -> dict[UUID, Employment]:
        """Employees of the period, each with the last employment inside it, which decides position and department."""
        return {one.employee_id: one for one in self.intervals if one.meets(window.first_day, window.end_day)}

    def at(self, employee_id: UUID, day: date) -> Employment | None:
        """The employment on a local day."""
        return next((one for one in self.intervals if one.employee_id == employee_id and one.valid_from <= day
                     and (one.valid_to is None or day < one.valid_to)), None)  # fmt: skip

    def lineage(self, department_id: UUID | None) -> tuple[UUID, ...]:
        """The department and all above it."""
        found: list[UUID] = []
        while department_id is not None and department_id not in found:
            found.append(department_id)
            department_id = self.departments[department_id].parent_id
        return tuple(found)

    def stays(self) -> Iterator[tuple[UUID, UUID | None, date, date | None]]:
        """Employee, department, first day and end day of every interval, as ``measuring.memberships`` takes them."""
        return ((one.employee_id, one.department_id, one.valid_from, one.valid_to) for one in self.intervals)

    @property
    def parents(self) -> Mapping[UUID, UUID | None]:
        """Each department with the one above it."""
        return MappingProxyType({one.id: one.parent_id for one in self.departments.values()})


async def employments(conn: Connection, tenant_id: UUID) -> Employments:
    """Read them all: two statements for any number of people."""
    intervals = tuple(map(Employment._make, await conn.fetch(EMPLOYMENTS, tenant_id)))
    rows = list(map(DepartmentRow._make, await conn.fetch(DEPARTMENTS, tenant_id)))
    return Employments(intervals, MappingProxyType({row.id: row for row in rows}))
