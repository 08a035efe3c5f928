"""What a subject's cells add up to. Decides that nothing is rounded between SQL's exact sums and the fraction."""

from decimal import Decimal
from fractions import Fraction
from itertools import chain
from typing import Any, Final, NamedTuple

from meritline.measuring.credits import Share
from meritline_sdk.evaluate.numbers import EXACT
from meritline_sdk.evaluate.tallies import Tallied


class Cell(NamedTuple):
    """What one group of rows holds for one tally: how many records, and their sum or their values."""

    records: int
    amount: int | Decimal | None
    values: list[Any] | None = None


NOTHING: Final = Cell(0, None)


class Heap:
    """The cells of one tally for one subject: amounts by the denominator of their share, and runs of values."""

    __slots__ = ("amounts", "records", "runs")

    def __init__(self) -> None:
        self.records = 0
        self.amounts: dict[int, Any] = {}
        self.runs: list[list[Any]] = []

    def add(self, cell: Cell, share: Share) -> None:
        """The subject's share of the cell."""
        self.records += cell.records
        if cell.values is not None:
            self.runs.append(cell.values)
        if cell.amount is None or not cell.records:
            return
        amount: Any = cell.amount
        if share.numerator != 1:
            amount = times(amount, share.numerator)
        if share.denominator in self.amounts:
            amount = plus(self.amounts[share.denominator], amount)
        self.amounts[share.denominator] = amount

    def tallied(self) -> Tallied:
        """All of it, exactly."""
        amount = sum((Fraction(amount) / denominator for denominator, amount in self.amounts.items()), Fraction(0))
        return Tallied(amount, self.records, tuple(map(Fraction, sorted(chain.from_iterable(self.runs)))))


def plus(left: Any, right: Any) -> Any:
    """The exact sum of two counts or of two sums."""
    return left + right if isinstance(left, int) else EXACT.add(left, right)


def times(amount: Any, factor: int) -> Any:
    """The exact product."""
    return amount * factor if isinstance(amount, int) else EXACT.multiply(amount, factor)
