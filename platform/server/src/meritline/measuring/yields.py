"""What a row of a pass has for each request. Decides how its columns are read, and what need not be asked of SQL.

- Of the values that some tally collects the sum of the same values follows: it is not asked for.
- Whole values come in order, as one text: Postgres sorts and spells them while Python waits for it anyway.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from typing import Any, Final

from meritline.measuring.heaps import NOTHING, Cell, plus
from meritline.measuring.requests import TallyRequest
from meritline.measuring.taken import rows_taken, width
from meritline.measuring.written import Written, numbers_in, written
from meritline_sdk.evaluate.numbers import EXACT
from meritline_sdk.model.functions import ROWS
from meritline_sdk.model.kinds import Kind
from meritline_sdk.model.nodes import kind_of

WHOLE: Final = frozenset({Kind.INT, Kind.DURATION})
COLUMNS: Final = {"count": 1, "distinct": 2, "values": 1}

type Row = Sequence[Any]
type Reads = Callable[[Row], Cell]


@lru_cache(maxsize=256)
def twins(requests: tuple[TallyRequest, ...]) -> Mapping[int, int]:
    """The places of the sums that follow from values which are collected anyway, with the place of these."""
    collected = {request: place for place, request in enumerate(requests) if request.tally.how == "values"}
    found = {place: collected.get(replace(request, tally=replace(request.tally, how="values")))
             for place, request in enumerate(requests)
             if request.tally.how == "sum" and request.tally.over is None and request.tally.value is not None
             and kind_of(request.tally.value) in WHOLE}  # fmt: skip
    return {place: twin for place, twin in found.items() if twin is not None}


class Yields:
    """Reads the rows of a pass; the columns of its requests stand behind those that it is grouped by. ``columns`` are
    the first of each, ``twins`` those that have none of their own."""

    def __init__(self, requests: Iterable[TallyRequest], groups: int) -> None:
        every = tuple(requests)
        self.twins = twins(every)
        self.columns: list[int] = []
        self.reads: list[Reads] = []
        place = groups
        for number, request in enumerate(every):
            self.columns.append(place)
            if number in self.twins:
                self.reads.append(nothing)
                continue
            self.reads.append(reads(request, place))
            place += columns_of(request)

    def of(self, row: Row) -> list[Cell]:
        """What the row has for each request."""
        found = [read(row) for read in self.reads]
        for place, twin in self.twins.items():
            records, _, values = found[twin]
            if records:
                found[place] = records, total(values), None
        return found


def columns_of(request: TallyRequest) -> int:
    """How many columns a request has."""
    tally = request.tally
    if tally.how == ROWS:
        return width(request)
    return 1 if tally.over is not None else COLUMNS.get(tally.how, 2)


def nothing(_: Row) -> Cell:
    """What is made of something else."""
    return NOTHING


def reads(request: TallyRequest, at: int) -> Reads:
    """How the request's columns are read, which begin at this place."""
    match request.tally.how:
        case "count":
            return lambda row: (found, found, None) if (found := row[at]) else NOTHING
        case "distinct":
            return lambda row: (found, None, row[at + 1]) if (found := row[at]) else NOTHING
        case "rows":
            return lambda row: (len(rows), None, rows) if (rows := rows_taken(
                request, row[at : at + width(request)])) else NOTHING
        case "sum" if request.tally.over is not None:
            return lambda row: (len(found), quotients(found), None) if (found := row[at]) else NOTHING
        case "sum":
            return lambda row: (found, row[at + 1], None) if (found := row[at]) else NOTHING
    return lambda row: (len(values), None, values) if (values := listed(row[at])) else NOTHING


def listed(found: Any) -> Any:
    """Values, or as they are spelt."""
    return written(found) if isinstance(found, str) else found


def total(values: Sequence[Any]) -> Any:
    """The exact sum of whole numbers."""
    if isinstance(values, Written):
        return sum(numbers_in(values.text))
    if isinstance(values[0], int):
        return sum(values)
    found = None
    for each in values:
        found = plus(found, each)
    return found


def quotients(pairs: Iterable[Sequence[Decimal]]) -> Fraction:
    """The exact sum of the quotients: by divisor first, since adding fractions is slow."""
    sums: dict[Decimal, Decimal] = {}
    for value, over in pairs:
        sums[over] = EXACT.add(sums.get(over, Decimal(0)), value)
    return sum((Fraction(value) / Fraction(over) for over, value in sums.items()), Fraction(0))
