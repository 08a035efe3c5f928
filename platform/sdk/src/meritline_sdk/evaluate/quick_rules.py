"""The points of a rule in whole numbers, without the steps that explain them: what a simulation of thousands needs.

Decides nothing: every rule here gives exactly what ``rules.points`` gives (a property test compares them), and a kind
that stands not here is asked there. A rational is a pair of whole numbers, not reduced, the second above zero.
"""

from collections.abc import Callable
from fractions import Fraction
from math import gcd
from typing import Any, Final

from meritline_sdk.evaluate import rules as slow
from meritline_sdk.evaluate.numbers import fraction
from meritline_sdk.model import rules
from meritline_sdk.model.rules import Rule
from meritline_sdk.model.units import Direction

type Pair = tuple[int, int]
type Points = Callable[[int, int], Pair]
"""From a reading to its points."""

NOTHING: Final[Pair] = (0, 1)


def pair(value: Any) -> Pair:
    """A declared number."""
    return fraction(value).as_integer_ratio()


def reduced(number: Pair) -> Pair:
    """The same number in lowest terms."""
    shared = gcd(*number)
    return number[0] // shared, number[1] // shared


def pointing(rule: Rule, target: Any, better: Direction) -> Points:
    """The rule as a function of the reading."""
    make: Callable[..., Points] | None = MADE.get(type(rule))
    if make is not None:
        return make(rule, target, better)
    goal = None if target is None else fraction(target)
    return lambda top, bottom: slow.points(rule, Fraction(top, bottom), goal, better).as_integer_ratio()


def within(least: Any, most: Any) -> Callable[[int, int], Pair]:
    """A number within its limits."""
    low, high = (None if one is None else pair(one) for one in (least, most))

    def limited(top: int, bottom: int) -> Pair:
        if low is not None and top * low[1] < low[0] * bottom:
            top, bottom = low
        if high is not None and top * high[1] > high[0] * bottom:
            return high
        return top, bottom

    return limited


def steps(mode: str) -> Callable[[int, int], Pair]:
    """How many steps count."""
    if mode == rules.PROPORTIONAL:
        return lambda top, bottom: (top, bottom)
    if mode == rules.WHOLE:
        return lambda top, bottom: (top // bottom, 1)
    return lambda top, bottom: (-(-top // bottom), 1)


def deduct(rule: Any, target: Any, _: Direction) -> Points:
    """Points off for each step by which the target is missed."""
    (goal, goal_of), (per, per_of), (each, each_of), (full, full_of) = map(
        pair, (target, rule.per, rule.points, rule.full))
    counted, limited = steps(rule.step), within(rule.floor, None)
    sign = 1 if rule.when == rules.BELOW_TARGET else -1

    def points(top: int, bottom: int) -> Pair:
        over = sign * (goal * bottom - top * goal_of)
        if over <= 0:
            return limited(full, full_of)
        count, count_of = counted(over * per_of, goal_of * bottom * per)
        return limited(full * each_of * count_of - each * count * full_of, full_of * each_of * count_of)

    return points


def around(rule: Any, target: Any, _: Direction) -> Points:
    """Full points at the target, more or fewer on either side."""
    (goal, goal_of), (per, per_of), (full, full_of) = map(pair, (target, rule.per, rule.full))
    above, below, counted = pair(rule.above), pair(rule.below), steps(rule.step)
    limited = within(rule.floor, rule.cap)

    def points(top: int, bottom: int) -> Pair:
        over = top * goal_of - goal * bottom
        count, count_of = counted(abs(over) * per_of, goal_of * bottom * per)
        each, each_of = above if over > 0 else below
        return limited(full * each_of * count_of + each * count * full_of, full_of * each_of * count_of)

    return points


def above_floor(rule: Any, _: Any, __: Direction) -> Points:
    """Points for each unit above a start."""
    (start, start_of), (each, each_of) = pair(rule.start), pair(rule.points)
    counted, limited = steps(rule.step), within(None, rule.cap)

    def points(top: int, bottom: int) -> Pair:
        over = top * start_of - start * bottom
        if over <= 0:
            return limited(*NOTHING)
        count, count_of = counted(over, start_of * bottom)
        return limited(count * each, count_of * each_of)

    return points


def per_unit(rule: Any, _: Any, __: Direction) -> Points:
    """A start, and points for each unit."""
    (start, start_of), (each, each_of) = pair(rule.start), pair(rule.points)
    limited = within(rule.floor, rule.cap)
    return lambda top, bottom: limited(start * each_of * bottom + each * top * start_of, start_of * each_of * bottom)


def as_points(rule: Any, _: Any, __: Direction) -> Points:
    """The reading itself."""
    return within(rule.floor, rule.cap)


def threshold(rule: Any, _: Any, __: Direction) -> Points:
    """Points above a limit."""
    (over, over_of), worth = pair(rule.over), pair(rule.points)
    return lambda top, bottom: worth if top * over_of > over * bottom else NOTHING


def bands(rule: Any, _: Any, __: Direction) -> Points:
    """The points of the range in which the reading lies."""
    upper, rest = rule.closed == "upper", pair(rule.rest)
    found = [(*pair(limit), pair(worth)) for limit, worth in rule.steps]
    table = found if upper else found[::-1]

    def points(top: int, bottom: int) -> Pair:
        for limit, limit_of, worth in table:
            if (top * limit_of <= limit * bottom) if upper else (top * limit_of >= limit * bottom):
                return worth
        return rest

    return points


def to_target(rule: Any, target: Any, better: Direction) -> Points:
    """The share of the target that was reached."""
    (goal, goal_of), (full, full_of) = pair(target), pair(rule.full)
    if better is not Direction.LOWER:
        limited = within(0, rule.cap)
        return lambda top, bottom: limited(full * top * goal_of, full_of * bottom * goal)
    most = rule.full if rule.cap is None else rule.cap
    limited, best = within(0, most), pair(most)
    return lambda top, bottom: best if top <= 0 else limited(full * goal * bottom, full_of * goal_of * top)


def target_met(rule: Any, target: Any, better: Direction) -> Points:
    """One of two."""
    goal, met, missed = fraction(target), pair(rule.met), pair(rule.missed)
    return lambda top, bottom: met if slow.reached(Fraction(top, bottom), goal, better, rule.strict) else missed


MADE: Final[dict[type[Rule], Callable[..., Points]]] = {
    rules.Deduct: deduct, rules.AroundTarget: around, rules.AboveFloor: above_floor, rules.PerUnit: per_unit,
    rules.AsPoints: as_points, rules.Threshold: threshold, rules.Bands: bands, rules.ToTarget: to_target,
    rules.TargetMet: target_met,
}  # fmt: skip
