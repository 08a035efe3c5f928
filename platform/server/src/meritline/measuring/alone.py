"""Employees of whom each has one row of a pass for himself: nearly everybody in a run.

Decides nothing that ``sharing`` does not: it says the same of whole columns, without looking at each row one by one.
"""

from collections.abc import Collection, Mapping, Sequence
from typing import Any
from uuid import UUID

from meritline.measuring import each
from meritline.measuring.columns import Places
from meritline.measuring.days import SubjectKey
from meritline.measuring.each import Each
from meritline.measuring.heaps import Heap
from meritline.measuring.requests import TallyRequest
from meritline.measuring.written import how_many
from meritline.measuring.yields import Row, Yields, total
from meritline_sdk.evaluate.tallies import Tallied
from meritline_sdk.model.schemes import SubjectKind


def each_alone(rows: Sequence[Row], requests: Sequence[TallyRequest], employees: Collection[UUID] | None,
               ) -> Mapping[TallyRequest, Each]:
    """What each employee has of rows that are grouped by nothing but who holds them."""
    wanted = None if employees is None else frozenset(employees)
    mine = [row for row in rows if (who := row[0]) is not None and (wanted is None or who in wanted)]
    if not mine:
        return {request: {} for request in requests}
    places = Places([(SubjectKind.EMPLOYEE, row[0]) for row in mine])
    columns, yields = list(zip(*mine, strict=True)), Yields(requests, 1)
    found = {request: told(yields, place, request, places, mine, columns) for place, request in enumerate(requests)
             if place not in yields.twins}  # fmt: skip
    return found | {requests[place]: added(found[requests[twin]]) for place, twin in yields.twins.items()}


def told(yields: Yields, place: int, request: TallyRequest, places: Places, rows: Sequence[Row],
         columns: Sequence[Sequence[Any]]) -> Each:
    """What one tally comes to for everybody who has any record in it."""
    tally, at = request.tally, yields.columns[place]
    match tally.how:
        case "count":
            return each.counts(places, columns[at])
        case "sum" if tally.over is None:
            return each.sums(places, columns[at], columns[at + 1])
        case "values":
            if any(isinstance(some, str) for some in columns[at]):
                return each.spelt(places, list(map(how_many, columns[at])), columns[at])
            return each.values(places, columns[at])
    found: dict[SubjectKey, Tallied] = {}
    for key, row in zip(places.keys, rows, strict=True):
        heap = Heap()
        heap.add([yields.reads[place](row)])
        if (one := heap.tallied(0, tally.how)) is not None:
            found[key] = one
    return found


def added(collected: Each) -> Each:
    """The sums of the values that were collected anyway."""
    every = collected.values()
    return each.sums(Places(list(collected)), [one.records for one in every], [total(one.values) for one in every])
