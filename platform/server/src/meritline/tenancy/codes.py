"""Which outside code is whom at a moment. Decides that a code is looked up at the record's time, not at today's."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, Literal, NamedTuple, Self
from uuid import UUID

from meritline.db import Connection

CODES = """
select code_space, code, employee_id, department_id, valid_from, valid_to from external_code
where tenant_id = $1 and ($2::text[] is null or code_space = any($2))
"""
NUMBERS = "select number, id from employee where tenant_id = $1"
DEPARTMENTS = "select code, id from department where tenant_id = $1"
# ``$2`` are the code spaces, ``$3`` the codes: asked so that the planner cannot see how many there are. Else it would
# plan anew each time, which takes longer than the look.
SOME = """
select code_space, code, employee_id, department_id, valid_from, valid_to from external_code
where tenant_id = $1 and code_space = any((select $2::text[])::text[]) and code = any((select $3::text[])::text[])
union all select null, number, id, null, null, null from employee
where tenant_id = $1 and number = any((select $3::text[])::text[])
union all select null, code, null, id, null, null from department
where tenant_id = $1 and code = any((select $3::text[])::text[])
"""


class Meaning(NamedTuple):
    """Whom a code means, from ``since`` to before ``until``."""

    employee_id: UUID | None
    department_id: UUID | None
    since: datetime | None
    until: datetime | None

    def holds(self, at: datetime) -> bool:
        """Whether it means so at the moment."""
        return (self.since is None or self.since <= at) and (self.until is None or at < self.until)


class CodeBook:
    """The codes of some code spaces, in memory. Without a space a code is the company's own number or code."""

    def __init__(self, meanings: Iterable[tuple[str, str, Meaning]], numbers: dict[str, UUID],
                 departments: dict[str, UUID]) -> None:
        self._meanings: dict[tuple[str, str], list[Meaning]] = defaultdict(list)
        for space, code, meaning in meanings:
            self._meanings[space, code].append(meaning)
        self._numbers, self._departments = numbers, departments
        self._always: dict[tuple[str, str], Mapping[str, UUID]] = {}

    @classmethod
    async def load(cls, conn: Connection, tenant_id: UUID, code_spaces: Iterable[str] | None = None) -> Self:
        """The codes of these spaces (None: of all), and the company's own."""
        spaces = None if code_spaces is None else sorted(set(code_spaces))
        rows = await conn.fetch(CODES, tenant_id, spaces)
        numbers = {row["number"]: row["id"] for row in await conn.fetch(NUMBERS, tenant_id)}
        departments = {row["code"]: row["id"] for row in await conn.fetch(DEPARTMENTS, tenant_id)}
        return cls(((row[0], row[1], Meaning(*row[2:])) for row in map(tuple, rows)), numbers, departments)

    @classmethod
    def of_some(cls, rows: Iterable[Sequence[Any]]) -> Self:
        """The codes that ``SOME`` found alone: of a few rows a book of everybody is too much."""
        meanings, numbers, departments = list[tuple[str, str, Meaning]](), dict[str, UUID](), dict[str, UUID]()
        for space, code, employee, department, since, until in rows:
            if space is not None:
                meanings.append((space, code, Meaning(employee, department, since, until)))
            elif employee is not None:
                numbers[code] = employee
            else:
                departments[code] = department
        return cls(meanings, numbers, departments)

    def employee(self, space: str | None, code: str, at: datetime) -> UUID | None:
        """The employee of the code at the moment; None where it means nobody, or a department."""
        if space is None:
            return self._numbers.get(code)
        found = self._at(space, code, at)
        return found.employee_id if found else None

    def department(self, space: str | None, code: str, at: datetime) -> UUID | None:
        """The department of the code at the moment; None where it means none, or an employee."""
        if space is None:
            return self._departments.get(code)
        found = self._at(space, code, at)
        return found.department_id if found else None

    def always(self, space: str | None, kind: Literal["employee", "department"]) -> Mapping[str, UUID]:
        """The codes of a space that mean the same employee, or department, at all times."""
        if space is None:
            return self._numbers if kind == "employee" else self._departments
        if (space, kind) not in self._always:
            self._always[space, kind] = {
                code: one
                for (of, code), meanings in self._meanings.items()
                if of == space and len(meanings) == 1 and meanings[0].since is None and meanings[0].until is None
                and (one := meanings[0].employee_id if kind == "employee" else meanings[0].department_id) is not None
            }  # fmt: skip
        return self._always[space, kind]

    def _at(self, space: str, code: str, at: datetime) -> Meaning | None:
        meanings = self._meanings.get((space, code), ())
        return next((one for one in meanings if one.holds(at)), None)
