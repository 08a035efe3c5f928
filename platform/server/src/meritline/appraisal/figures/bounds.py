"""What a number of an indicator can be. Decides which are whole, which never fall below zero, which are at most 100 %.

A share counts some of the very records that it is divided by, so it cannot exceed them; another ratio may. A time is
not below zero. A change, money or a sum of numbers that may be negative has no limits but those of the store.
"""

from fractions import Fraction
from typing import Final

from meritline.appraisal.indicators import TenantIndicator
from meritline_sdk.model.functions import ROWS
from meritline_sdk.model.indicators import Indicator
from meritline_sdk.model.measures import (
    Change,
    Complete,
    Count,
    Distinct,
    EmployedDays,
    Mean,
    Measure,
    PeriodDays,
    Pooled,
    Ratio,
    Tally,
    Total,
    settled,
    side_tallies,
    tallies_of,
)
from meritline_sdk.model.nodes import Both, Node
from meritline_sdk.model.tallies import SHARED

type Bounds = tuple[int | None, int | None]

NO_BOUNDS: Final[Bounds] = (None, None)


def quotient(measure: Measure) -> bool:
    """Whether a reading is one number divided by another, so that both can be entered."""
    return isinstance(measure, Ratio | Mean | Pooled)


def factor(indicator: Indicator) -> int:
    """By what a quotient is multiplied: 100 for percent."""
    return indicator.unit.ratio_factor if isinstance(indicator.measure, Ratio) else 1


def bounds(indicator: Indicator) -> Bounds:
    """The least and the most that a reading can be, in its unit."""
    measure = indicator.measure
    if isinstance(measure, Change):
        return NO_BOUNDS
    if indicator.unit.least is not None:
        return indicator.unit.least, indicator.unit.most
    if isinstance(measure, Ratio) and share(measure):
        return 0, indicator.unit.ratio_factor
    if indicator.unit.seconds is not None or all(map(counts, tallies_of(measure))):
        return 0, None
    return NO_BOUNDS


def counts(tally: Tally) -> bool:
    """Whether it counts, and does not add up values; what a function makes of the records is another matter."""
    return tally.value is None and tally.how != ROWS


def share(measure: Ratio) -> bool:
    """Whether the numerator counts some of what the denominator counts: each part of it some of another part."""
    rest = list(side_tallies(measure.denominator))
    for above in side_tallies(measure.numerator):
        whole = next((below for below in rest if some_of(above, below)), None)
        if whole is None:
            return False
        rest.remove(whole)
    return True


def some_of(above: Tally, below: Tally) -> bool:
    """Whether both count the same records, but for further conditions on the first."""
    same = ((each.how, each.record, each.credit, each.at, each.earlier, each.by) for each in (above, below))
    return counts(above) and len(set(same)) == 1 and conditions(below.where) <= conditions(above.where)


def conditions(where: Node | None) -> frozenset[Node]:
    """What must all be true."""
    if where is None:
        return frozenset()
    return conditions(where.left) | conditions(where.right) if isinstance(where, Both) else frozenset({where})


def whole_value(chosen: TenantIndicator) -> bool:
    """Whether a reading is a whole number: a count of what is credited whole, or a yes or no."""
    measure = chosen.indicator.measure  # type: ignore[union-attr]
    if isinstance(measure, Complete):
        return True
    inner = measure.measure if isinstance(measure, Change) and not measure.relative else measure
    counted = isinstance(inner, Count | Distinct | Total | EmployedDays | PeriodDays)
    return counted and all(whole_tally(each, chosen) for each in tallies_of(inner))


def whole_tally(tally: Tally, chosen: TenantIndicator) -> bool:
    """Whether it finds whole numbers: it counts, and no record is shared out."""
    return counts(tally) and getattr(settled(tally, chosen.parameters).credit, "mode", "") not in SHARED


def whole_sides(chosen: TenantIndicator) -> tuple[bool, bool]:
    """Whether numerator and denominator of a quotient are whole numbers."""
    measure = chosen.indicator.measure  # type: ignore[union-attr]
    if not isinstance(measure, Ratio):
        return False, True  # a mean divides by how many there were
    above, below = (all(whole_tally(each, chosen) for each in side_tallies(side))
                    for side in (measure.numerator, measure.denominator))
    return above, below


def counted_by(chosen: TenantIndicator, denominator: Fraction) -> int | None:
    """How many records a quotient rests on, where its denominator counts them."""
    return int(denominator) if whole_sides(chosen)[1] and denominator.denominator == 1 else None
