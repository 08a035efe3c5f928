"""Hands the rows of a pass to everybody they count for. Decides how much of a row is whose.

Rows come from the records or from the state; of each it is known who holds it, when, and what it has for every tally.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from meritline.measuring.columns import COUNTED
from meritline.measuring.credits import Holding, Share, shares
from meritline.measuring.days import SubjectKey
from meritline.measuring.heaps import Cell, Heap
from meritline.measuring.memberships import Memberships
from meritline.measuring.requests import Pass, TallyRequest
from meritline_sdk.evaluate.tallies import Tallied
from meritline_sdk.model.kinds import Kind
from meritline_sdk.model.schemes import SubjectKind

type Row = tuple[Holding, Sequence[Cell]]


@dataclass(frozen=True, slots=True)
class Everybody:
    """Whom rows can count for: the levels that are asked for, and of the employees perhaps only some."""

    tenant_id: UUID
    people: Memberships
    levels: frozenset[SubjectKind]
    employees: Collection[UUID] | None = None

    def alone(self, one: Pass) -> bool:
        """Whether every row of the pass is one employee's own, whole, and nobody else is asked for."""
        credit = one.credit
        return (self.levels == {SubjectKind.EMPLOYEE} and not self.people.pieces and credit.divisor is None
                and credit.field is not None and credit.field.kind is Kind.PERSON)


def heaped(one: Pass, rows: Iterable[Row], width: int, everybody: Everybody) -> dict[SubjectKey, Heap]:
    """What everybody has of the rows; each has so many cells."""
    heaps: dict[SubjectKey, Heap] = {}
    above: dict[tuple[Share, ...], Heap] = {}
    people, whole = everybody.people, everybody.alone(one)
    for holding, cells in rows:
        if whole:
            person = holding.ids[0]
            if person is not None and (everybody.employees is None or person in everybody.employees):
                hand(heaps, SubjectKind.EMPLOYEE, person, cells)
            continue
        found = [share for share in shares(one.credit, holding, people, everybody.tenant_id)
                 if share.kind in everybody.levels
                 and (everybody.employees is None or share.subject in everybody.employees)]  # fmt: skip
        for share in found:
            if share.kind is SubjectKind.EMPLOYEE:
                hand(heaps, share.kind, share.subject, cells, share.numerator, share.denominator)
                for piece in people.pieces_at(share.subject, None if one.at is None else holding.moment) \
                        if people.pieces else ():
                    hand(heaps, share.kind, piece, cells, share.numerator, share.denominator)
        # Many rows count alike for departments and the company: those are heaped first and handed up once.
        alike = tuple(share for share in found if share.kind is not SubjectKind.EMPLOYEE)
        if alike:
            above.setdefault(alike, Heap()).add(cells)
    for alike, heap in above.items():
        cells = heap.merged(width)
        for share in alike:
            hand(heaps, share.kind, share.subject, cells, share.numerator, share.denominator)
    return heaps


def hand(heaps: dict[SubjectKey, Heap], kind: SubjectKind, subject: UUID, cells: Sequence[Cell], numerator: int = 1,
         denominator: int = 1) -> None:
    """Give the subject its share of the cells, one for each request."""
    heap = heaps.get((kind, subject))
    if heap is None:
        heap = heaps[kind, subject] = Heap()
    heap.add(cells, numerator, denominator)


def totals(heaps: Mapping[SubjectKey, Heap], requests: Iterable[TallyRequest],
           ) -> dict[TallyRequest, dict[SubjectKey, Tallied]]:
    """What every tally comes to for everybody."""
    return {request: total(heaps, place, request.tally.how) for place, request in enumerate(requests)}


def total(heaps: Mapping[SubjectKey, Heap], place: int, how: str) -> dict[SubjectKey, Tallied]:
    """What one tally comes to for everybody."""
    found: dict[SubjectKey, Tallied] = {}
    for subject, heap in heaps.items():
        if how == "count" and len(heap.rows) == 1 and heap.rows[0][2] == 1:
            if records := heap.rows[0][0][place][0]:
                found[subject] = COUNTED[records]
        elif (more := heap.tallied(place, how)) is not None:
            found[subject] = more
    return found
