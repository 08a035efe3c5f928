"""Employees whose records of a window are one row of the state, each read for himself: nearly everybody in a run.

Decides nothing that ``sharing`` does not: it says the same, without looking at each row one by one.
"""

from collections.abc import Collection, Sequence
from fractions import Fraction
from typing import Any
from uuid import UUID

from meritline.measuring.days import SubjectKey
from meritline.measuring.requests import TallyRequest
from meritline.measuring.sharing import counted
from meritline.measuring.state.build import NOBODY
from meritline.measuring.state.cells import Place
from meritline.measuring.state.parts import Asked, Part
from meritline.measuring.written import Written
from meritline_sdk.evaluate.tallies import Tallied
from meritline_sdk.model.kinds import Kind
from meritline_sdk.model.schemes import SubjectKind

NO_AMOUNT = Fraction(0)


def alone(part: Part, asked: Asked) -> bool:
    """Whether every row of the part is one employee's own, whole, and nobody else is asked for."""
    credit = part.kept.one.credit
    return (asked.levels == {SubjectKind.EMPLOYEE} and len(part.months) == 1 and not asked.people.pieces
            and credit.field is not None and credit.field.kind is Kind.PERSON and credit.divisor is None)


def each_alone(part: Part, asked: Asked, rows: Sequence[Any], others: Collection[UUID],
               ) -> dict[TallyRequest, dict[SubjectKey, Tallied]]:
    """What each employee has, but for the others."""
    wanted = None if asked.employees is None else frozenset(asked.employees)
    mine = [row for row in rows if (who := row[2]) != NOBODY and who not in others
            and (wanted is None or who in wanted)]
    keys = [(SubjectKind.EMPLOYEE, row[2]) for row in mine]
    counts, sums, values = ([row[place] for row in mine] for place in (4, 5, 6))
    return {request: told(place, keys, counts, sums, values)
            for request, place in zip(part.requests, part.places, strict=True)}


def told(place: Place, keys: Sequence[SubjectKey], counts: Sequence[Sequence[int]], sums: Sequence[Sequence[Any]],
         values: Sequence[Sequence[str]]) -> dict[SubjectKey, Tallied]:
    """What one measure comes to for everybody who has any record in it."""
    at, by_sum, by_values = place.count, place.sum, place.values
    match place.how:
        case "count":
            return {key: counted(own[at]) for key, own in zip(keys, counts, strict=True) if own[at]}
        case "sum":
            return {key: Tallied(fraction(added[by_sum]), own[at])
                    for key, own, added in zip(keys, counts, sums, strict=True) if own[at]}
    return {key: Tallied(NO_AMOUNT, own[at], Written(texts[by_values], own[at]))  # type: ignore[arg-type]
            for key, own, texts in zip(keys, counts, values, strict=True) if own[at]}


def fraction(amount: Any) -> Fraction:
    """The amount, exactly; nearly all are whole, which is quicker."""
    whole = int(amount)
    return Fraction(whole) if whole == amount else Fraction(amount)
