"""The records of a few employees, read again and again by statements that are made once.

Making the statement of a pass walks through every expression of it, which takes longer than reading a month of one
employee. What differs from time to time are the employees alone: everything else stands with people and definitions.
So it can also stand within another statement, which finds out whom it is about.
"""

import re
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final
from uuid import UUID

from meritline.db import Connection
from meritline.measuring.binds import Binds
from meritline.measuring.compiler import Compiler
from meritline.measuring.days import days_of
from meritline.measuring.memberships import Memberships, Moves
from meritline.measuring.reach import Reach
from meritline.measuring.requests import Pass, TallyRequest, passes
from meritline.measuring.sharing import Everybody
from meritline.measuring.statements import tally_statement
from meritline.measuring.store import Found, heaped, moves_of
from meritline_sdk.evaluate.calendars import Clock
from meritline_sdk.evaluate.windows import Window
from meritline_sdk.model.kinds import Kind
from meritline_sdk.model.measures import OF_NO_RECORDS
from meritline_sdk.model.schemes import SubjectKind

SOMEBODY: Final = UUID(int=(1 << 128) - 1)
EMPLOYEES: Final = frozenset({SubjectKind.EMPLOYEE})
PARAMETER: Final = re.compile(r"\$(\d+)")
type Rows = Sequence[Any] | None
"""The rows of a pass, None where they were not read."""


@dataclass(frozen=True, slots=True)
class Made:
    """The statement of one pass; ``values`` without the employees, who stand at ``place``."""

    one: Pass
    requests: tuple[TallyRequest, ...]
    moves: Moves
    sql: str
    groups: tuple[str, ...]
    values: tuple[Any, ...]
    place: int


@dataclass(frozen=True, slots=True)
class Again:
    """What some employees' records can be asked for; the newest versions count."""

    tenant_id: UUID
    window_of: Callable[[int], Window]
    people: Memberships
    without_records: tuple[TallyRequest, ...]
    passes: tuple[Made, ...]

    @classmethod
    def of(cls, tenant_id: UUID, requests: Iterable[TallyRequest], window_of: Callable[[int], Window],
           people: Memberships, clock: Clock | None) -> "Again":
        """Make the statements."""
        asked = list(requests)
        return cls(tenant_id, window_of, people,
                   tuple(each for each in asked if each.tally.how in OF_NO_RECORDS),
                   tuple(made(tenant_id, one, some, window_of, people, clock) for one, some in passes(asked).items()
                         if of_people(one)))

    def within(self, employees: str, first: int) -> tuple[list[str], list[Any]]:
        """The rows of each pass as SQL for one value, an array, for the employees that this SQL names; and the values
        of its parameters, of which that is the first."""
        queries, values = list[str](), list[Any]()
        for each in self.passes:
            queries.append(placed(each.sql, each.place, employees, first + len(values)))
            values += each.values[: each.place] + each.values[each.place + 1 :]
        return queries, values

    async def tallied(self, conn: Connection, employees: Collection[UUID], found_ahead: Sequence[Rows] = ()) -> Found:
        """As ``store.tallied`` gives it for these employees, by the newest versions. ``found_ahead`` are rows that were
        read by ``within``, of these and perhaps of others."""
        found: Found = {each: days_of(each.tally, self.window_of(each.tally.earlier), self.people, self.tenant_id,
                                      EMPLOYEES, employees) for each in self.without_records}
        everybody = Everybody(self.tenant_id, self.people, EMPLOYEES, employees)
        for each, ahead in zip(self.passes, found_ahead or [None] * len(self.passes), strict=True):
            rows = ahead
            if rows is None:
                values = list(each.values)
                values[each.place] = sorted(employees)
                rows = await conn.fetch(each.sql, *values)
            found |= heaped(rows, each.groups, each.one, each.requests, each.moves, everybody)
        return found


@lru_cache(maxsize=256)
def placed(sql: str, place: int, employees: str, first: int) -> str:
    """A statement within another one, whose own parameters end before ``first``."""

    def moved(found: re.Match[str]) -> str:
        at = int(found[1]) - 1
        return employees if at == place else f"${first + at - (at > place)}"

    return f"array(select row(found.*) from ({PARAMETER.sub(moved, sql)}) found)"  # noqa: S608 - a statement of ours


def of_people(one: Pass) -> bool:
    """Whether an employee can hold its records; what is a team's or the company's is nobody's own."""
    return one.credit.field is not None and one.credit.field.kind is not Kind.TEAM


def made(tenant_id: UUID, one: Pass, requests: Iterable[TallyRequest], window_of: Callable[[int], Window],
         people: Memberships, clock: Clock | None) -> Made:
    """The statement of a pass, with nobody in particular in it."""
    some = tuple(requests)
    windows = {each: window_of(each) for each in sorted({request.tally.earlier for request in some})}
    compiler = Compiler(Binds(), reach=Reach(tenant_id, None, (SOMEBODY,)), clock=clock)
    moves = moves_of(one, list(windows.values()), people, EMPLOYEES)
    statement = tally_statement(one, some, windows, moves, compiler, grouped=True)
    values = tuple(statement.values)
    return Made(one, some, moves, statement.sql, tuple(statement.groups), values, values.index([SOMEBODY]))
