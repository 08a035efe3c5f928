"""Employees whose records of a window are one row of the state, each read for himself: nearly everybody in a run.

Decides nothing that ``sharing`` does not: it says the same of whole columns, without looking at each row one by one.
"""

from collections.abc import Collection, Sequence
from typing import Any
from uuid import UUID

from meritline.measuring import each
from meritline.measuring.columns import Places
from meritline.measuring.each import Each
from meritline.measuring.requests import TallyRequest
from meritline.measuring.sharing import Everybody
from meritline.measuring.state.build import NOBODY
from meritline.measuring.state.cells import Place
from meritline.measuring.state.parts import Part
from meritline_sdk.model.schemes import SubjectKind

type Columns = Sequence[Sequence[Any]]


def alone(part: Part, everybody: Everybody) -> bool:
    """Whether every row of the part is one employee's own, whole, and nobody else is asked for."""
    return len(part.months) == 1 and everybody.alone(part.kept.one)


def each_alone(part: Part, everybody: Everybody, rows: Sequence[Any], others: Collection[UUID],
               ) -> dict[TallyRequest, Each]:
    """What each employee has, but for the others."""
    wanted = None if everybody.employees is None else frozenset(everybody.employees)
    mine = [row for row in rows if (who := row[2]) != NOBODY and who not in others
            and (wanted is None or who in wanted)]
    places = Places([(SubjectKind.EMPLOYEE, row[2]) for row in mine])
    counts, sums = (list(zip(*[row[place] for row in mine], strict=True)) for place in (4, 5))
    texts = list(zip(*[row[6] for row in mine], strict=True)) if part.collects else []
    return {request: told(place, places, counts, sums, texts) if mine else {}
            for request, place in zip(part.requests, part.places, strict=True)}


def told(place: Place, places: Places, counts: Columns, sums: Columns, texts: Columns) -> Each:
    """What one measure comes to for everybody who has any record in it."""
    records = counts[place.count]
    match place.how:
        case "count":
            return each.counts(places, records)
        case "sum":
            return each.sums(places, records, sums[place.sum])
    return each.spelt(places, records, texts[place.values])
