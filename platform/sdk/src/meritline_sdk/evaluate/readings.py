"""From tallies to a reading. Decides when a number is a reading, and when it is not measured or rests on too little.

A ratio, mean or percentile of nothing is not measured. A count or sum of nothing is 0 only where the source
delivered the period, else not measured. A reading that rests on too few records keeps its value for the reader,
and counts as missing.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING

from meritline_sdk.evaluate.tallies import NOTHING, Tallied
from meritline_sdk.model.indicators import Indicator, RatedIndicator
from meritline_sdk.model.kinds import MICROSECONDS_PER_SECOND, Kind
from meritline_sdk.model.measures import Change, Count, Mean, Measure, Percentile, Ratio, Sum, Tally
from meritline_sdk.model.nodes import kind_of
from meritline_sdk.model.units import Unit

if TYPE_CHECKING:
    from meritline_sdk.evaluate.ratings import Group, Rating

MEASURED, NOT_MEASURED, SAMPLE_TOO_SMALL = "measured", "not_measured", "sample_too_small"
FAILED, WAIVED = "failed", "waived"
STATES = (MEASURED, NOT_MEASURED, SAMPLE_TOO_SMALL, FAILED, WAIVED)

ONE, TO_SECONDS = Fraction(1), Fraction(1, MICROSECONDS_PER_SECOND)

type Covered = Callable[[Tally], bool]


@dataclass(frozen=True, slots=True)
class Entered:
    """Who gave or waived a reading by hand, when (RFC 3339), and from where; a waiver has a reason, and no source.

    ``found`` is what the records give, so that nothing is ever overridden in silence.
    """

    by: str
    at: str
    source: str | None = None
    note: str | None = None
    version: int = 1
    found: "Reading | None" = None


@dataclass(frozen=True, slots=True)
class Reading:
    """An indicator's value for a subject and a period, in the indicator's unit, never rounded.

    ``numerator`` and ``denominator`` are what the value is the quotient of (a ratio's two sides, a mean's sum and
    count), in the unit of the value save for a ratio's factor; ``earlier`` is what a change is the difference to;
    ``needed`` is the minimum sample it was judged by; ``reason`` is a word for why there is no value ("no_records",
    "not_delivered" ...), or the words of the person who waived it; ``groups`` are the raters behind a rated one.
    """

    state: str
    value: Fraction | None = None
    numerator: Fraction | None = None
    denominator: Fraction | None = None
    sample: int = 0
    earlier: Fraction | None = None
    needed: int | None = None
    reason: str | None = None
    entered: Entered | None = None
    groups: tuple["Group", ...] = ()

    def needing(self, minimum: int) -> "Reading":
        """The same reading judged by another minimum sample; what was entered without one is not judged by it."""
        if self.value is None or self.state not in (MEASURED, SAMPLE_TOO_SMALL) or (self.entered and not self.sample):
            return self
        state = MEASURED if self.sample >= minimum else SAMPLE_TOO_SMALL
        return Reading(state, self.value, self.numerator, self.denominator, self.sample, self.earlier, minimum,
                       self.reason, self.entered, self.groups)


UNREAD = Reading(NOT_MEASURED)


def read(indicator: Indicator, tallied: Mapping[Tally, Tallied], *, covered: Covered,
         minimum_sample: int | None = None) -> Reading:
    """The indicator's reading of what was tallied; a tally that is absent found nothing.

    ``covered`` says of a tally whether the source delivered its record type for the tally's period.
    """
    minimum = indicator.minimum_sample if minimum_sample is None else minimum_sample
    found = value_and_parts(indicator.measure, indicator.unit, tallied, covered)
    if isinstance(indicator.measure, Count | Sum) and minimum <= 1:
        return found  # a count of nothing is a result; the default minimum of one is not meant for it
    return found.needing(minimum)


def value_and_parts(measure: Measure, unit: Unit, tallied: Mapping[Tally, Tallied], covered: Covered) -> Reading:
    """The reading before its sample is judged."""
    match measure:
        case Change():
            return changed(measure, unit, tallied, covered)
        case Ratio():
            return divided(measure, unit, tallied, covered)
        case Percentile():
            return nearest_rank(measure.percent, scale(measure.tally, unit), tallied.get(measure.tally, NOTHING))
        case Mean():
            found = tallied.get(measure.tally, NOTHING)
            if not found.records:
                return UNREAD
            total = times(found.amount, scale(measure.tally, unit))
            return Reading(MEASURED, total / found.records, total, Fraction(found.records), found.records)
        case Count() | Sum():
            found = tallied.get(measure.tally, NOTHING)
            if not found.records and not covered(measure.tally):
                return UNREAD
            return Reading(MEASURED, times(found.amount, scale(measure.tally, unit)), sample=found.records)


def scale(tally: Tally, unit: Unit) -> Fraction:
    """The factor from what was tallied to the unit: only times have one."""
    return unit.of_microseconds() if timed(tally) and unit.seconds is not None else ONE


def timed(tally: Tally) -> bool:
    """Whether it adds up or collects durations."""
    return tally.value is not None and kind_of(tally.value) is Kind.DURATION


def times(amount: Fraction, factor: Fraction) -> Fraction:
    """The product; most factors are one, and a run multiplies millions of times."""
    return amount if factor is ONE else amount * factor


def divided(measure: Ratio, unit: Unit, tallied: Mapping[Tally, Tallied], covered: Covered) -> Reading:
    """A ratio; by nothing, or of something that was not delivered, it is not measured."""
    above, below = (tallied.get(part, NOTHING) for part in (measure.numerator, measure.denominator))
    if not below.amount or (not above.records and not covered(measure.numerator)):
        return replace(UNREAD, sample=below.records)
    numerator, denominator = above.amount, below.amount
    if timed(measure.numerator):
        both = timed(measure.denominator)
        numerator *= TO_SECONDS if both else unit.of_microseconds()
        denominator = denominator * TO_SECONDS if both else denominator
    value = numerator / denominator
    return Reading(MEASURED, value if unit.ratio_factor == 1 else value * unit.ratio_factor, numerator, denominator,
                   below.records)


def nearest_rank(percent: int, factor: Fraction, found: Tallied) -> Reading:
    """The value at rank ``ceil(percent * n / 100)`` of the sorted values."""
    count = len(found.values)
    if not count:
        return UNREAD
    rank = -(-percent * count // 100)
    return Reading(MEASURED, found.values[rank - 1] * factor, sample=count)


def changed(measure: Change, unit: Unit, tallied: Mapping[Tally, Tallied], covered: Covered) -> Reading:
    """The measure less the same one period earlier; its sample is the smaller of the two."""
    before = {part: tallied.get(part.before(), NOTHING) for part in parts_of(measure)}
    now = value_and_parts(measure.measure, unit, tallied, covered)
    then = value_and_parts(measure.measure, unit, before, lambda part: covered(part.before()))
    sample = min(now.sample, then.sample)
    if now.value is None or then.value is None:
        return replace(UNREAD, sample=sample)
    return Reading(MEASURED, now.value - then.value, sample=sample, earlier=then.value)


def parts_of(measure: Change) -> tuple[Tally, ...]:
    """The tallies of the measure whose change is looked at."""
    inner = measure.measure
    return (inner.numerator, inner.denominator) if isinstance(inner, Ratio) else (inner.tally,)


def rated(indicator: RatedIndicator, given: "Sequence[Rating | Decimal]") -> Reading:
    """What people gave, put together as the indicator says; ``ratings`` has the rules."""
    from meritline_sdk.evaluate.ratings import reading_of

    return reading_of(indicator, given)
