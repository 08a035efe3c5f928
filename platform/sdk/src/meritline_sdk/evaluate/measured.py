"""From what the tallies found to the value of a measure. Decides when there is one, and what to say when there is none.

A ratio, mean, percentile or extreme of nothing is not measured. A count, sum or total of nothing is 0 only where a
source delivered the period, else not measured. Of a total's record types those that the company has no source of are
left aside: a company without tickets has only work orders to count.
"""

from collections.abc import Callable, Mapping
from decimal import Decimal
from fractions import Fraction

from meritline_sdk.evaluate.answers import Asked
from meritline_sdk.evaluate.numbers import fraction
from meritline_sdk.evaluate.results import (
    DENOMINATOR_NEGATIVE,
    DENOMINATOR_ZERO,
    EARLIER_NOT_MEASURED,
    FAILED,
    MEASURED,
    NO_RECORDS,
    NOT_ASKED,
    NOT_DELIVERED,
    NOTHING_DELIVERED,
    NOTHING_FOUND,
    Reading,
    ReadingPart,
    unread,
)  # fmt: skip
from meritline_sdk.evaluate.tallies import NOTHING, Tallied
from meritline_sdk.model.kinds import MICROSECONDS_PER_SECOND
from meritline_sdk.model.measures import (
    OF_NO_RECORDS,
    Change,
    Complete,
    Count,
    Distinct,
    EmployedDays,
    Largest,
    Mean,
    Measure,
    Percentile,
    PeriodDays,
    Pooled,
    PythonMeasure,
    Ratio,
    Side,
    Smallest,
    Sum,
    Tally,
    Total,
    Weighted,
    side_tallies,
    tallies_of,
    timed,
)  # fmt: skip
from meritline_sdk.model.nodes import Literal, ParameterRef, Scalar
from meritline_sdk.model.units import COUNT, SECONDS, Unit

ONE, TO_SECONDS = Fraction(1), Fraction(1, MICROSECONDS_PER_SECOND)

type Covered = Callable[[Tally], bool | None]
"""Whether the tally's record type was delivered for its window; None where the tenant has no source of it at all."""
type Found = Mapping[Tally, Tallied]
type Parameters = Mapping[str, Scalar]


def measured(measure: Measure, unit: Unit, tallied: Found, covered: Covered, parameters: Parameters,
             asked: Asked | None = None) -> Reading:
    """The reading before its sample is judged; ``asked`` is how a Python function is asked."""
    match measure:
        case Ratio():
            return divided(measure, unit, tallied, covered)
        case Count() | Sum() | Distinct() | EmployedDays() | PeriodDays():
            found = tallied.get(measure.tally, NOTHING)
            if not found.records and not delivered(measure.tally, covered):
                return NOTHING_DELIVERED
            return Reading(MEASURED, times(found.amount, scale(measure.tally, unit)), sample=found.records)
        case Mean():
            return mean((measure.tally,), unit, tallied, covered)
        case Pooled():
            return mean(measure.parts, unit, tallied, covered)
        case Percentile():
            found = tallied.get(measure.tally, NOTHING)
            rank = -(-measure.percent * len(found.values) // 100)
            return ranked(measure.tally, found, rank - 1, unit, covered)
        case Largest() | Smallest():
            return extreme(measure, unit, tallied, covered)
        case Total():
            return total(measure, unit, tallied, covered)
        case Weighted():
            return weighted(measure, unit, tallied, covered, parameters)
        case Complete():
            return complete(measure, tallied, covered)
        case Change():
            return changed(measure, unit, tallied, covered, parameters)
        case PythonMeasure():
            return answered(measure, unit, tallied, covered, parameters, asked)


def delivered(part: Tally, covered: Covered) -> bool:
    """Whether nothing found means nothing there; the days of a calendar need no delivery."""
    return part.how in OF_NO_RECORDS or bool(covered(part))


def all_delivered(parts: tuple[Tally, ...], covered: Covered) -> bool:
    """Whether nothing found in several record types means nothing there: one was delivered, and none is awaited."""
    states = [part.how in OF_NO_RECORDS or covered(part) for part in parts]
    return any(states) and False not in states


def why_nothing(parts: tuple[Tally, ...], covered: Covered) -> Reading:
    """Not measured: of what was delivered there is none, or nothing was delivered."""
    return NOTHING_FOUND if any(delivered(part, covered) for part in parts) else NOTHING_DELIVERED


def scale(tally: Tally, unit: Unit) -> Fraction:
    """The factor from what was tallied to the unit: only times have one."""
    return unit.of_microseconds() if timed(tally) and unit.seconds is not None else ONE


def times(amount: Fraction, factor: Fraction) -> Fraction:
    """The product; most factors are one, and a run multiplies millions of times."""
    return amount if factor is ONE else amount * factor


def gathered(side: Side, tallied: Found) -> Tallied:
    """What the side's tallies found together."""
    if not isinstance(side, Total):
        return tallied.get(side, NOTHING)
    found = [tallied.get(part, NOTHING) for part in side.parts]
    return Tallied(sum((one.amount for one in found), NOTHING.amount), sum(one.records for one in found))


def divided(measure: Ratio, unit: Unit, tallied: Found, covered: Covered) -> Reading:
    """A ratio; by nothing, or of something that was not delivered, it is not measured."""
    above, below = gathered(measure.numerator, tallied), gathered(measure.denominator, tallied)
    upper, lower = side_tallies(measure.numerator), side_tallies(measure.denominator)
    if not below.amount and (above.amount or below.records):
        return unread(DENOMINATOR_ZERO, below.records)
    if below.amount < 0:
        return unread(DENOMINATOR_NEGATIVE, below.records)
    if not above.records and not all_delivered(upper, covered):
        return unread(NOT_DELIVERED, below.records)
    if not below.amount:
        return why_nothing(lower, covered)
    numerator, denominator = above.amount, below.amount
    if timed(upper[0]):
        both = timed(lower[0])
        numerator *= TO_SECONDS if both else unit.of_microseconds()
        denominator = denominator * TO_SECONDS if both else denominator
    value = numerator / denominator
    return Reading(MEASURED, value if unit.ratio_factor == 1 else value * unit.ratio_factor, numerator, denominator,
                   below.records)


def mean(parts: tuple[Tally, ...], unit: Unit, tallied: Found, covered: Covered) -> Reading:
    """The mean over all records of all parts."""
    found = [tallied.get(part, NOTHING) for part in parts]
    count = sum(one.records for one in found)
    if not count:
        return why_nothing(parts, covered)
    amount = times(sum((one.amount for one in found), NOTHING.amount), scale(parts[0], unit))
    return Reading(MEASURED, amount / count, amount, Fraction(count), count)


def ranked(tally: Tally, found: Tallied, place: int, unit: Unit, covered: Covered) -> Reading:
    """The value at a place of the sorted values."""
    if not found.values:
        return why_nothing((tally,), covered)
    return Reading(MEASURED, Fraction(times(found.values[place], scale(tally, unit))), sample=len(found.values))


def extreme(measure: Largest | Smallest, unit: Unit, tallied: Found, covered: Covered) -> Reading:
    """The largest or smallest value; where there is none, what the author says."""
    found = tallied.get(measure.tally, NOTHING)
    if not found.values and measure.nothing is not None and delivered(measure.tally, covered):
        return Reading(MEASURED, Fraction(measure.nothing))
    return ranked(measure.tally, found, -1 if isinstance(measure, Largest) else 0, unit, covered)


def total(measure: Total, unit: Unit, tallied: Found, covered: Covered) -> Reading:
    """What the parts come to together, each shown."""
    found = gathered(measure, tallied)
    if not found.records and not all_delivered(measure.parts, covered):
        return NOTHING_DELIVERED
    factor = scale(measure.parts[0], unit)
    parts = tuple(ReadingPart(amount_of(part, tallied, factor, covered)) for part in measure.parts)
    return Reading(MEASURED, times(found.amount, factor), sample=found.records, parts=parts)


def amount_of(part: Tally, tallied: Found, factor: Fraction, covered: Covered) -> Reading:
    """One part of a total."""
    found = tallied.get(part, NOTHING)
    if not found.records and not delivered(part, covered):
        return NOTHING_DELIVERED
    return Reading(MEASURED, times(found.amount, factor), sample=found.records)


def weighted(measure: Weighted, unit: Unit, tallied: Found, covered: Covered, parameters: Parameters) -> Reading:
    """The weighted mean of the parts that are measured; its sample is that of the largest of them."""
    parts = tuple(ReadingPart(measured(one, unit, tallied, covered, parameters), weight_of(weight, parameters))
                  for one, weight in measure.parts)
    known = [(one.reading.value, one.weight) for one in parts if one.reading.value is not None]
    if not known:
        return unread(next((one.reading.reason for one in parts if one.reading.reason != NOT_DELIVERED), NOT_DELIVERED)
                      or NO_RECORDS, parts=parts)
    sample = max(one.reading.sample for one in parts)
    above = sum((value * weight for value, weight in known if weight), NOTHING.amount)
    below = sum((weight for _, weight in known if weight), NOTHING.amount)
    if not below:
        return unread(DENOMINATOR_ZERO, sample, parts)
    return Reading(MEASURED, above / below, above, below, sample, parts=parts)


def weight_of(weight: Literal | ParameterRef, parameters: Parameters) -> Fraction:
    """The weight that the tenant set, or the author's; a blank does not come this far."""
    found = weight.value if isinstance(weight, Literal) else parameters.get(weight.name, weight.default)
    assert isinstance(found, int | Decimal)
    return fraction(found)


def complete(measure: Complete, tallied: Found, covered: Covered) -> Reading:
    """1 where every part is its whole, else 0. That nothing is lacking is known only of what was delivered; that
    something is, by the first record that says so."""
    found = [(tallied.get(part, NOTHING), tallied.get(whole, NOTHING)) for part, whole in measure.pairs]
    parts = tuple(ReadingPart(Reading(MEASURED, Fraction(int(whole_of(*pair))), pair[0].amount, pair[1].amount,
                                      pair[1].records)) for pair in found)
    wholes = [whole for _, whole in measure.pairs]
    sample = max(one.reading.sample for one in parts)
    lacking = any(whole.amount and part.amount != whole.amount for (part, whole), of in zip(found, wholes, strict=True)
                  if of.how not in OF_NO_RECORDS)
    if not lacking and not all(delivered(whole, covered) for whole in wholes):
        return unread(NOT_DELIVERED, sample, parts)
    return Reading(MEASURED, Fraction(int(all(whole_of(*pair) for pair in found))), sample=sample, parts=parts)


def whole_of(part: Tallied, whole: Tallied) -> bool:
    """Whether the part is the whole, and the whole is not nothing."""
    return bool(whole.amount) and part.amount == whole.amount


def changed(measure: Change, unit: Unit, tallied: Found, covered: Covered, parameters: Parameters) -> Reading:
    """The measure less the same one period earlier; its sample is the smaller of the two."""
    inner = inner_unit(measure.measure) if measure.relative else unit
    before = {part: tallied.get(part.before(), NOTHING) for part in tallies_of(measure.measure)}
    now = measured(measure.measure, inner, tallied, covered, parameters)
    then = measured(measure.measure, inner, before, lambda part: covered(part.before()), parameters)
    sample = min(now.sample, then.sample)
    if now.value is None:
        return unread(now.reason or NO_RECORDS, sample)
    if then.value is None:
        return unread(EARLIER_NOT_MEASURED, sample)
    more = now.value - then.value
    if not measure.relative:
        return Reading(MEASURED, more, sample=sample, earlier=then.value)
    if not then.value:
        return unread(DENOMINATOR_ZERO, sample)
    return Reading(MEASURED, more / then.value * unit.ratio_factor, more, then.value, sample, then.value)


def answered(measure: PythonMeasure, unit: Unit, tallied: Found, covered: Covered, parameters: Parameters,
             asked: Asked | None) -> Reading:
    """What the function says of the rows; without any it is not asked."""
    found = tallied.get(measure.tally, NOTHING)
    if not found.rows:
        if measure.nothing is not None and delivered(measure.tally, covered):
            return Reading(MEASURED, Fraction(measure.nothing))
        return why_nothing((measure.tally,), covered)
    return Reading(FAILED, reason=NOT_ASKED) if asked is None else asked(measure, unit, found.rows, parameters)


def inner_unit(measure: Measure) -> Unit:
    """In what a relative change shows what changed: a time in seconds, everything else as it is."""
    if isinstance(measure, Ratio):
        numerator, denominator = side_tallies(measure.numerator), side_tallies(measure.denominator)
        return SECONDS if timed(numerator[0]) and not timed(denominator[0]) else COUNT
    return SECONDS if timed(tallies_of(measure)[0]) else COUNT
