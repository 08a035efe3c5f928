"""Within which limits a reading can lie. Decides it from the declaration alone, and says nothing where it cannot tell.

- A count is never negative. A score of 100 lies within 0 and 100, one of 5 within 0 and 5, yes or no is 1 or 0; where
  it is calculated with (a mark by the top of its own scale) only the records know.
- A share whose numerator is a part of its denominator (the same records under a further condition) lies within 0 and
  100 percent.
- A time, sum, mean, percentile or extreme is not negative where its value cannot be: a difference of two instants can.
"""

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from meritline_sdk.model import nodes
from meritline_sdk.model.fields import Int, Number
from meritline_sdk.model.indicators import Indicator
from meritline_sdk.model.measures import (
    Change,
    Complete,
    Count,
    Distinct,
    EmployedDays,
    Largest,
    Mean,
    Percentile,
    PeriodDays,
    Pooled,
    Ratio,
    Smallest,
    Sum,
    Tally,
    Total,
    Weighted,
    side_tallies,
    tallies_of,
)  # fmt: skip
from meritline_sdk.model.related import conjuncts
from meritline_sdk.model.units import PERCENT

NOT_BELOW_ZERO = (Count, Sum, Distinct, Mean, Percentile, Largest, Smallest, EmployedDays, PeriodDays, Total, Pooled,
                  Ratio, Weighted, Complete)


@dataclass(frozen=True, slots=True)
class Bounds:
    """The least and the most that a reading can be; None is no limit."""

    least: Fraction | None = None
    most: Fraction | None = None

    def hold(self, value: Fraction) -> bool:
        """Whether the value lies within."""
        return (self.least is None or value >= self.least) and (self.most is None or value <= self.most)

    @property
    def told(self) -> str:
        """``from 0 to 100``."""
        return " ".join([*(["from", str(self.least)] if self.least is not None else []),
                         *(["to", str(self.most)] if self.most is not None else [])])


def bounds_of(indicator: Indicator) -> Bounds:
    """Within which limits the indicator's readings lie."""
    measure, unit = indicator.measure, indicator.unit
    if unit.least is not None and unit.most is not None and all(map(as_given, tallies_of(measure))):
        return Bounds(Fraction(unit.least), Fraction(unit.most))
    if isinstance(measure, Change) or not isinstance(measure, NOT_BELOW_ZERO):
        return Bounds()
    least = Fraction(0) if all(map(never_negative, tallies_of(measure))) else None
    share = isinstance(measure, Ratio) and unit is PERCENT and least is not None and is_share(measure)
    return Bounds(least, Fraction(unit.ratio_factor) if share else None)


def is_share(measure: Ratio) -> bool:
    """Whether what is divided is a part of what it is divided by, side by side."""
    left = list(side_tallies(measure.denominator))
    for part in side_tallies(measure.numerator):
        whole = next((one for one in left if part_of(part, one)), None)
        if whole is None:
            return False
        left.remove(whole)
    return True


def part_of(part: Tally, whole: Tally) -> bool:
    """The same tally under the same conditions, or under more of them."""
    def said(tally: Tally) -> tuple[object, ...]:
        return tally.how, tally.record, tally.credit, tally.at, tally.value, tally.earlier, tally.by, tally.over

    conditions = set() if whole.where is None else set(conjuncts(whole.where))
    return said(part) == said(whole) and conditions <= (set() if part.where is None else set(conjuncts(part.where)))


def never_negative(tally: Tally) -> bool:
    """Whether what it adds up or ranks cannot be below zero."""
    return tally.value is None or not_below(tally.value)


def as_given(tally: Tally) -> bool:
    """Whether its values are those of fields, which have limits of their own, and not calculated with."""
    calculated = nodes.Arithmetic | nodes.Quotient | nodes.Related | nodes.ParameterRef
    return tally.over is None and (tally.value is None or not any(isinstance(node, calculated)
                                                                  for node in nodes.walk(tally.value)))


def not_below(node: nodes.Node) -> bool:
    """Whether the expression cannot be below zero; a parameter is what a company makes of it."""
    match node:
        case nodes.Field(record, name):
            return (record, name) in fields_not_below()
        case nodes.Literal(value):
            return not isinstance(value, int | Decimal) or value >= 0
        case nodes.Arithmetic("+" | "*", left, right) | nodes.Quotient(left, right):
            return not_below(left) and not_below(right)
        case nodes.If(_, then, otherwise):
            return not_below(then) and (otherwise is None or not_below(otherwise))
        case nodes.FirstPresent(parts) | nodes.Extreme(_, parts):
            return all(map(not_below, parts))
        case nodes.Titled(inner):
            return not_below(inner)
        case nodes.Related("count"):
            return True
    return False


def fields_not_below() -> frozenset[tuple[str, str]]:
    """The number fields of all declared record types that are not below zero."""
    from meritline_sdk.explain.words import known_records

    return frozenset((key, spec.name) for key, one in known_records().items() for spec in one.fields
                     if isinstance(spec, Int | Number) and spec.minimum is not None and spec.minimum >= 0)
