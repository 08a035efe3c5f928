"""From ratings to a reading. Decides which voices count, and how the groups of raters become one number.

- One rating per rater: of several by the same rater in the same role the last one counts; ratings without a rater are
  each a voice of its own (customers, sampled records).
- Each rating is put on the indicator's unit by the scale it was given on: 4 of 5 is 80 of 100, before and after a
  change of the scale alike.
- Within a group the arithmetic mean; across groups ``sum(weight * mean) / sum(weight)`` over the groups that have a
  weight and their least number of ratings.
- Nobody in any group that has a weight: not measured. Ratings, but no group with enough: the sample is too small, and
  no mean is told, since it could be traced to a person.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from meritline_sdk.evaluate.numbers import fraction
from meritline_sdk.evaluate.readings import MEASURED, NOT_MEASURED, SAMPLE_TOO_SMALL, Reading
from meritline_sdk.model.rated import MIN_MAX, RatedIndicator, Raters

HUNDRED = Fraction(100)


@dataclass(frozen=True, slots=True)
class Rating:
    """A number that somebody gave in a role, on the scale they saw; without a scale, on the indicator's own."""

    role: str
    value: Decimal | Fraction | int
    rater: str | None = None
    scale_min: Decimal | int | None = None
    scale_max: Decimal | int | None = None


@dataclass(frozen=True, slots=True)
class Group:
    """What a group of raters came to.

    ``mean`` is on the indicator's unit, ``total`` the sum it is the mean of; both are None below ``minimum``. ``given``
    is the mean as it was given, where everybody used the scale ``low`` to ``high`` and it is not the unit itself.
    """

    role: str
    weight: Fraction
    minimum: int
    number: int
    mean: Fraction | None = None
    total: Fraction | None = None
    given: Fraction | None = None
    low: Fraction | None = None
    high: Fraction | None = None

    @property
    def enough(self) -> bool:
        """Whether it has as many ratings as it needs."""
        return self.number >= self.minimum

    @property
    def counts(self) -> bool:
        """Whether it enters the value."""
        return self.enough and self.weight > 0


def reading_of(indicator: RatedIndicator, given: Sequence[Rating | Decimal]) -> Reading:
    """The reading of what people gave; a bare number is a rating by somebody of the first group."""
    first = indicator.groups[0].role
    voices = one_per_rater(one if isinstance(one, Rating) else Rating(first, one) for one in given)
    groups = tuple(grouped(indicator, raters, voices) for raters in indicator.groups)
    groups = tuple(one for one in groups if one.number or one.weight > 0)
    counting = [one for one in groups if one.counts]
    if not counting:
        return without(groups)
    above, below = quotient(counting)
    sample = sum(one.number for one in counting)
    return Reading(MEASURED, above / below, above, below, sample, groups=groups).needing(indicator.minimum_raters)


def without(groups: tuple[Group, ...]) -> Reading:
    """Nobody rated, or too few of any group."""
    heard = [one for one in groups if one.number and one.weight > 0]
    if not heard:
        return Reading(NOT_MEASURED, groups=groups)
    return Reading(SAMPLE_TOO_SMALL, sample=sum(one.number for one in heard),
                   needed=min(one.minimum for one in heard), groups=groups)


def quotient(counting: Sequence[Group]) -> tuple[Fraction, Fraction]:
    """What the value is the quotient of: sum and number of a single group, else the weighted means and the weights."""
    if len(counting) == 1:
        return counting[0].total or Fraction(0), Fraction(counting[0].number)
    above = sum(((one.mean or Fraction(0)) * one.weight for one in counting), Fraction(0))
    return above, sum((one.weight for one in counting), Fraction(0))


def one_per_rater(given: Iterable[Rating]) -> list[Rating]:
    """The voices that count: a rater's last one."""
    last: dict[tuple[str, str], Rating] = {}
    nameless: list[Rating] = []
    for one in given:
        if one.rater is None:
            nameless.append(one)
        else:
            last[one.role, one.rater] = one
    return [*nameless, *last.values()]


def grouped(indicator: RatedIndicator, raters: Raters, voices: Iterable[Rating]) -> Group:
    """The group with the ratings in its role."""
    mine = [one for one in voices if one.role == raters.role]
    weight, least = fraction(raters.weight or 0), raters.minimum or 1
    if len(mine) < least:
        return Group(raters.role, weight, least, len(mine))
    total = sum((on_unit(indicator, one) for one in mine), Fraction(0))
    scales = {scale_of(indicator, one) for one in mine}
    mean = total / len(mine)
    plain = sum((fraction(one.value) for one in mine), Fraction(0)) / len(mine)
    low, high = scales.pop()
    if scales or plain == mean:
        return Group(raters.role, weight, least, len(mine), mean, total)
    return Group(raters.role, weight, least, len(mine), mean, total, plain,
                 low if indicator.normalising == MIN_MAX else Fraction(0), high)


def scale_of(indicator: RatedIndicator, one: Rating) -> tuple[Fraction, Fraction]:
    """The scale that the rater saw."""
    low = indicator.scale_min if one.scale_min is None else one.scale_min
    return fraction(low), fraction(indicator.scale_max if one.scale_max is None else one.scale_max)


def on_unit(indicator: RatedIndicator, one: Rating) -> Fraction:
    """The rating in the indicator's unit: 0 to 100, or the native scale, to which other scales are converted."""
    low, high = scale_of(indicator, one)
    value, most = fraction(one.value), HUNDRED if indicator.normalised else fraction(indicator.scale_max)
    if not indicator.normalised:
        return value if high in (0, most) else value / high * most
    if indicator.normalising == MIN_MAX:
        return (value - low) / (high - low) * most
    return value if high == most else value / high * most
