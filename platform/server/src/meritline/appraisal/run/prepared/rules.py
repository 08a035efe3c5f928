"""A rule as a function from a reading to its points and the text of the step that explains them.

Decides nothing: ``evaluate.rules`` says what a rule gives and what its step tells. Rules with few outcomes ask it once
for each; rules whose every reading has its own step write that step here; a kind that stands not here asks each time.
"""

from collections.abc import Callable
from fractions import Fraction
from typing import Any, Final

import msgspec

from meritline.appraisal.run.prepared.pairs import lowest, pair, spelt
from meritline_sdk.evaluate.drafts import scored
from meritline_sdk.evaluate.numbers import fraction
from meritline_sdk.evaluate.quick_rules import steps
from meritline_sdk.evaluate.rules import declared, reached
from meritline_sdk.model import rules
from meritline_sdk.model.rules import Rule
from meritline_sdk.model.units import Direction, Unit

type Scored = tuple[int, int, str]
"""The points in lowest terms, and the step."""
type Told = Callable[[int, int], Scored]
"""From a reading in lowest terms."""


def as_json(value: Any) -> str:
    """The text of a step, as rows keep it."""
    return msgspec.json.encode(value).decode()


class Made:
    """What the makers of functions look at."""

    def __init__(self, rule: Any, goal: Fraction | None, unit: Unit, better: Direction) -> None:
        self.rule, self.goal, self.unit, self.better = rule, goal, unit, better
        self.head = as_json(dict(declared(rule)))[:-1]
        self.tail = f',{as_json({"unit": unit.key, "better": better.value})[1:]}'

    def plainly(self, top: int, bottom: int) -> Scored:
        """As the plain way says."""
        points, step = scored(self.rule, Fraction(top, bottom), self.goal, self.unit, self.better)
        return *pair(points), as_json(step)

    def limited(self, least: Any, most: Any) -> Callable[[str, int, int], Scored]:
        """The points within their limits, and the step with its details."""
        low, high = (None if one is None else pair(fraction(one)) for one in (least, most))
        low_text, high_text = ("" if one is None else spelt(*one) for one in (low, high))
        head, tail = self.head, self.tail

        def limit(details: str, top: int, bottom: int) -> Scored:
            top, bottom = lowest(top, bottom)
            amount = str(top) if bottom == 1 else f"{top}/{bottom}"
            if low is None or top * low[1] >= low[0] * bottom:
                if high is None or top * high[1] <= high[0] * bottom:
                    return top, bottom, (f'{head}{details},"unlimited":"{amount}","limit":null,'
                                         f'"result":"{amount}"{tail}')
            elif high is None or low[0] * high[1] <= high[0] * low[1]:
                return *low, f'{head}{details},"unlimited":"{amount}","limit":"floor","result":"{low_text}"{tail}'
            return *high, f'{head}{details},"unlimited":"{amount}","limit":"cap","result":"{high_text}"{tail}'

        return limit


def told(rule: Rule, goal: Fraction | None, unit: Unit, better: Direction) -> Told:
    """The function of the rule."""
    made, make = Made(rule, goal, unit, better), MAKERS.get(type(rule))
    return made.plainly if make is None else make(made)


def deduct(made: Made) -> Told:
    """Points off for each step by which the target is missed."""
    rule, limit = made.rule, made.limited(made.rule.floor, None)
    assert made.goal is not None
    (goal, goal_of), (per, per_of), (each, each_of), (full, full_of) = map(
        pair, (made.goal, *map(fraction, (rule.per, rule.points, rule.full))))
    sign, start = 1 if rule.when == rules.BELOW_TARGET else -1, f',"target":"{spelt(goal, goal_of)}","distance":"'
    counted = steps(rule.step)

    def points(top: int, bottom: int) -> Scored:
        over, over_of = lowest(sign * (goal * bottom - top * goal_of), goal_of * bottom)
        if over <= 0:
            return limit(f'{start}{spelt(over, over_of)}","count":"0"', full, full_of)
        count, count_of = counted(over * per_of, over_of * per)
        count, count_of = lowest(count, count_of)
        return limit(f'{start}{spelt(over, over_of)}","count":"{spelt(count, count_of)}"',
                     full * each_of * count_of - each * count * full_of, full_of * each_of * count_of)

    return points


def around(made: Made) -> Told:
    """Full points at the target, more or fewer on either side."""
    rule, limit, counted = made.rule, made.limited(made.rule.floor, made.rule.cap), steps(made.rule.step)
    assert made.goal is not None
    (goal, goal_of), (per, per_of), (full, full_of), above, below = map(
        pair, (made.goal, *map(fraction, (rule.per, rule.full, rule.above, rule.below))))
    start = f',"target":"{spelt(goal, goal_of)}","distance":"'

    def points(top: int, bottom: int) -> Scored:
        over, over_of = lowest(top * goal_of - goal * bottom, goal_of * bottom)
        count, count_of = lowest(*counted(abs(over) * per_of, over_of * per))
        each, each_of = above if over > 0 else below
        return limit(f'{start}{spelt(over, over_of)}","count":"{spelt(count, count_of)}",'
                     f'"each":"{spelt(each, each_of)}"',
                     full * each_of * count_of + each * count * full_of, full_of * each_of * count_of)

    return points


def above_floor(made: Made) -> Told:
    """Points for each unit above a start."""
    rule, limit, counted = made.rule, made.limited(None, made.rule.cap), steps(made.rule.step)
    (start, start_of), (each, each_of) = pair(fraction(rule.start)), pair(fraction(rule.points))

    def points(top: int, bottom: int) -> Scored:
        over, over_of = lowest(top * start_of - start * bottom, start_of * bottom)
        count, count_of = lowest(*counted(over, over_of)) if over > 0 else (0, 1)
        return limit(f',"distance":"{spelt(over, over_of)}","count":"{spelt(count, count_of)}"',
                     count * each, count_of * each_of)

    return points


def per_unit(made: Made) -> Told:
    """A start, and points for each unit."""
    rule, limit = made.rule, made.limited(made.rule.floor, made.rule.cap)
    (start, start_of), (each, each_of) = pair(fraction(rule.start)), pair(fraction(rule.points))
    return lambda top, bottom: limit("", start * each_of * bottom + each * top * start_of, start_of * each_of * bottom)


def as_points(made: Made) -> Told:
    """The reading itself."""
    limit = made.limited(made.rule.floor, made.rule.cap)
    return lambda top, bottom: limit("", top, bottom)


def to_target(made: Made) -> Told:
    """The share of the target that was reached."""
    rule = made.rule
    assert made.goal is not None
    (goal, goal_of), (full, full_of) = pair(made.goal), pair(fraction(rule.full))
    if goal <= 0:
        return made.plainly
    start = f',"target":"{spelt(goal, goal_of)}","inverse":'
    if made.better is not Direction.LOWER:
        limit = made.limited(0, rule.cap)
        return lambda top, bottom: limit(f"{start}false", full * top * goal_of, full_of * bottom * goal)
    limit = made.limited(0, rule.full if rule.cap is None else rule.cap)

    def points(top: int, bottom: int) -> Scored:
        if top <= 0:
            return made.plainly(top, bottom)
        return limit(f"{start}true", full * goal * bottom, full_of * goal_of * top)

    return points


def outcomes(made: Made, outcome: Callable[[int, int], int]) -> Told:
    """A rule whose points and step are the same for all readings with the same outcome."""
    known: dict[int, Scored] = {}

    def points(top: int, bottom: int) -> Scored:
        found = known.get(key := outcome(top, bottom))
        if found is None:
            found = known[key] = made.plainly(top, bottom)
        return found

    return points


def bands(made: Made) -> Told:
    """The points of the range in which the reading lies."""
    upper = made.rule.closed == "upper"
    limits = [pair(fraction(limit)) for limit, _ in made.rule.steps]
    table = list(enumerate(limits if upper else limits[::-1]))

    def outcome(top: int, bottom: int) -> int:
        for place, (limit, limit_of) in table:
            if (top * limit_of <= limit * bottom) if upper else (top * limit_of >= limit * bottom):
                return place
        return -1

    return outcomes(made, outcome)


def over(made: Made, limit: Any) -> Told:
    """Whether the reading is above a limit."""
    most, most_of = pair(fraction(limit))
    return outcomes(made, lambda top, bottom: top * most_of > most * bottom)


def target_met(made: Made) -> Told:
    """Whether the target is reached."""
    goal, better, strict = made.goal, made.better, made.rule.strict
    assert goal is not None
    return outcomes(made, lambda top, bottom: reached(Fraction(top, bottom), goal, better, strict))


MAKERS: Final[dict[type[Rule], Callable[[Made], Told]]] = {
    rules.Deduct: deduct, rules.AroundTarget: around, rules.AboveFloor: above_floor, rules.PerUnit: per_unit,
    rules.AsPoints: as_points, rules.ToTarget: to_target, rules.Bands: bands, rules.TargetMet: target_met,
    rules.Threshold: lambda made: over(made, made.rule.over),
    rules.ZeroTolerance: lambda made: over(made, made.rule.allowed),
}  # fmt: skip
