"""What a subject's cells add up to. Decides that nothing is rounded between SQL's exact sums and the fraction.

A cell is what one group of rows holds for one tally. A run has a hundred thousand of them, so they are plain tuples
and are added up once, at the end.
"""

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from itertools import chain
from typing import Any, Final

from meritline.measuring.taken import in_order
from meritline.measuring.written import Written
from meritline_sdk.evaluate.numbers import EXACT
from meritline_sdk.evaluate.tallies import Tallied
from meritline_sdk.model.functions import ROWS

type Cell = tuple[int, Any, Any]
"""Records, amount (a whole number or Decimal; None for values, keys and rows), values, keys or rows."""

NOTHING: Final[Cell] = (0, None, None)
ZERO: Final = Fraction(0)


class Heap:
    """The rows of one subject: for each row its cells, one per tally, and how much of them is the subject's."""

    __slots__ = ("rows",)

    def __init__(self) -> None:
        self.rows: list[tuple[Sequence[Cell], int, int]] = []

    def add(self, cells: Sequence[Cell], numerator: int = 1, denominator: int = 1) -> None:
        """So much of the cells of a row."""
        self.rows.append((cells, numerator, denominator))

    def merged(self, tallies: int) -> list[Cell]:
        """All rows as one; only where nothing was shared."""
        if len(self.rows) == 1:
            return list(self.rows[0][0])
        return [united([cells[place] for cells, _, _ in self.rows]) for place in range(tallies)]

    def tallied(self, place: int, how: str = "") -> Tallied | None:
        """What the tally at this place comes to, exactly; None where it found no record. What is ``distinct`` counts
        once, however many rows have it; ``rows`` stay what they are."""
        if len(self.rows) == 1 and self.rows[0][2] == 1:
            records, amount, values = self.rows[0][0][place]
        else:
            records, amount, values = united([cells[place] for cells, _, _ in self.rows])
            amount = self.shared(place) if amount is not None else None
        if not records:
            return None
        if how == "distinct":
            return Tallied(Fraction(len(frozenset(map(hashable, values or ())))), records)
        if how == ROWS:
            return Tallied(ZERO, records, rows=in_order(values or ()))
        return Tallied(ZERO if amount is None else Fraction(amount), records, () if values is None else exact(values))

    def shared(self, place: int) -> Fraction:
        """The sum of the shares: amounts by denominator first, since adding fractions is slow."""
        amounts: dict[int, Any] = {}
        for cells, numerator, denominator in self.rows:
            amount = cells[place][1]
            if amount is not None:
                amounts[denominator] = plus(amounts.get(denominator), times(amount, numerator))
        return sum((Fraction(amount) / by for by, amount in amounts.items()), ZERO)


def united(cells: Sequence[Cell]) -> Cell:
    """Several cells of one tally as one."""
    amount, runs = None, []
    for _, more, values in cells:
        if more is not None:
            amount = plus(amount, more)
        if values is not None:
            runs.append(values)
    return sum(cell[0] for cell in cells), amount, list(chain.from_iterable(runs)) if runs else None


def exact(values: Any) -> Any:
    """The values in order, as rationals. A whole number is one already; there may be millions of them."""
    if isinstance(values, Written):
        return values
    found = sorted(values)
    return tuple(found) if isinstance(found[0], int) else tuple(map(Fraction, found))


def hashable(key: Any) -> Any:
    """A key as a member of a set."""
    return tuple(key) if isinstance(key, list) else key


def plus(left: Any, right: Any) -> Any:
    """The exact sum of two counts or of two sums; nothing yet is None."""
    if left is None:
        return right
    return EXACT.add(left, right) if isinstance(left, Decimal) else left + right


def times(amount: Any, factor: int) -> Any:
    """The exact product."""
    return EXACT.multiply(amount, factor) if isinstance(amount, Decimal) else amount * factor
