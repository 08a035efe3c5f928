"""Levels that a share of the people reached. Pure. Decides what a suggested target means.

Looked at are person-months: each measured reading of each person counts once, and who was not measured counts not at
all. The level of 75 % is the best value that at least 75 of 100 readings reached, by nearest rank; printed, it is cut
to the side on which they still reach it. Fewer than four people give no level: it would tell of one of them.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from math import ceil, floor
from typing import Final, Literal

from meritline_sdk.evaluate.numbers import shifted
from meritline_sdk.evaluate.rules import reached
from meritline_sdk.model.units import Direction

SHARES: Final = (25, 50, 75)
LEAST_PEOPLE: Final = 4
PLACES: Final = 2
type Reason = Literal["too_few", "no_direction", "not_own", "not_measured"]


@dataclass(frozen=True, slots=True)
class Level:
    """What ``percent`` of the readings reached: exact, and as a target may be written."""

    percent: int
    exact: Fraction
    value: Decimal


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A line with the levels of its readings, or the reason why there are none. ``reached``: how many reached the
    present target."""

    line: str
    indicator: str
    unit: str
    better: Direction
    target: Decimal | None
    readings: int
    people: int
    reached: int | None
    levels: tuple[Level, ...] = ()
    reason: Reason | None = None

    def level(self, percent: int) -> Decimal | None:
        """The level of a share."""
        return next((one.value for one in self.levels if one.percent == percent), None)


@dataclass(slots=True)
class Column:
    """The measured readings of a line, by person."""

    line: str
    indicator: str
    unit: str
    better: Direction
    target: Decimal | None
    own: bool
    found: dict[str, list[Fraction]] = field(default_factory=dict)

    def add(self, code: str, value: Fraction) -> None:
        """One more month of a person."""
        self.found.setdefault(code, []).append(value)

    def suggestion(self) -> Suggestion:
        """What the readings come to."""
        values = [value for some in self.found.values() for value in some]
        goal = None if self.target is None else Fraction(self.target)
        met = None if goal is None else sum(reached(value, goal, self.better) for value in values)
        reason = self._why_none(len(self.found))
        levels = () if reason else levels_of(values, self.better)
        return Suggestion(self.line, self.indicator, self.unit, self.better, self.target, len(values),
                          len(self.found), met if reason is None else None, levels, reason)

    def _why_none(self, people: int) -> Reason | None:
        if not self.own:
            return "not_own"
        if self.better not in (Direction.HIGHER, Direction.LOWER):
            return "no_direction"
        if not people:
            return "not_measured"
        return "too_few" if people < LEAST_PEOPLE else None


def levels_of(values: Sequence[Fraction], better: Direction) -> tuple[Level, ...]:
    """The levels of some readings, the easiest last.

    >>> [str(one.value) for one in levels_of([Fraction(n) for n in (100, 70, 60, 100)], Direction.HIGHER)]
    ['100', '70', '60']
    """
    ordered = sorted(values, reverse=better is Direction.HIGHER)
    found = ((percent, ordered[ceil(Fraction(percent * len(ordered), 100)) - 1]) for percent in SHARES)
    return tuple(Level(percent, value, written(value, better)) for percent, value in found)


def written(value: Fraction, better: Direction) -> Decimal:
    """The level as a target: with two places, cut downwards where more is better and upwards where less is."""
    if value.denominator == 1:
        return Decimal(value.numerator)
    cut = floor if better is Direction.HIGHER else ceil
    return shifted(cut(value * 10**PLACES), PLACES)


def chosen(suggestions: Sequence[Suggestion], percent: int) -> Mapping[str, Decimal]:
    """The level of a share for each line that has a target now."""
    return {one.line: value for one in suggestions
            if one.target is not None and (value := one.level(percent)) is not None}
