"""Whom a heap of equal records counts for. Decides shares, as ``meritline_sdk.evaluate.tallies.share_of`` does.

SQL groups records by who holds them; what that means for employees, departments and the company is decided here,
in exact fractions.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final, NamedTuple
from uuid import UUID

from meritline.measuring.memberships import Memberships, Moment
from meritline_sdk.model.kinds import Kind
from meritline_sdk.model.measures import Credit
from meritline_sdk.model.schemes import SubjectKind

HOLDER: Final = "holder"
PARTS: Final = "parts"
DIVISOR: Final = "divisor"
SEGMENT: Final = "segment"


class Holding(NamedTuple):
    """Who holds the records of a cell: ids with parts, an unresolved one as None; and the divisor of the credit."""

    ids: tuple[UUID | None, ...]
    parts: tuple[int, ...]
    divisor: int | None
    moment: Moment


class Share(NamedTuple):
    """``numerator / denominator`` of each record, for one subject."""

    kind: SubjectKind
    subject: UUID
    numerator: int
    denominator: int


def holding_of(credit: Credit, groups: Mapping[str, Any], moment_of: Callable[[int | None], Moment]) -> Holding:
    """Who holds the records of a row, from the columns it is grouped by."""
    holder = groups.get(HOLDER)
    ids = tuple(holder or ()) if credit.field and credit.field.kind is Kind.PEOPLE else (holder,)
    divisor = groups.get(DIVISOR, 1)
    return Holding(ids, tuple(groups.get(PARTS) or (1,) * len(ids)), None if divisor is None else int(divisor),
                   moment_of(groups.get(SEGMENT)))  # fmt: skip


def shares(credit: Credit, holding: Holding, people: Memberships, tenant_id: UUID) -> Iterator[Share]:
    """Everyone the records count for, the company included."""
    yield Share(SubjectKind.COMPANY, tenant_id, 1, 1)
    if credit.field is None or holding.divisor is None:
        return
    if credit.field.kind is Kind.TEAM:
        for team in holding.ids:
            yield from (Share(SubjectKind.DEPARTMENT, each, 1, 1) for each in people.lineage(team))
        return
    employees: dict[UUID, int] = {}
    for person, part in zip(holding.ids, holding.parts, strict=True):
        if person is not None:
            employees[person] = employees.get(person, 0) + part
    total = holding.divisor * sum(holding.parts)
    yield from weighed(SubjectKind.EMPLOYEE, employees, credit, total)
    yield from weighed(SubjectKind.DEPARTMENT, by_department(employees, holding.moment, people), credit, total)


def by_department(employees: Mapping[UUID, int], moment: Moment, people: Memberships) -> dict[UUID, int]:
    """The parts of the people of each department at the moment."""
    found: dict[UUID, int] = {}
    for person, part in employees.items():
        for department in people.departments_at(person, moment):
            found[department] = found.get(department, 0) + part
    return found


def weighed(kind: SubjectKind, parts: Mapping[UUID, int], credit: Credit, total: int) -> Iterator[Share]:
    """The parts of the whole, or the whole for each."""
    for subject, part in parts.items():
        if credit.mode == "each" or part == total:
            yield Share(kind, subject, 1, 1)
        else:
            yield Share(kind, subject, part, total)
