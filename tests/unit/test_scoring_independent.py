"""The score calculated a second time, from the words of the language alone, in fractions.

Nothing of ``meritline_sdk.evaluate`` is used to calculate: what stands here was written from the docstrings of rules,
items, weights, policies, bands and schemes. A thousand random schemes and cards must agree exactly, line by line.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Context, Decimal
from fractions import Fraction as F
from math import ceil, floor
from typing import Any

from hypothesis import HealthCheck, given, settings

from meritline_sdk import LOWER_INCLUSIVE, RatedIndicator
from meritline_sdk.evaluate.scoring import score
from meritline_sdk.testing.strategies import Situation, situations

WIDE = Context(prec=200)


def steps_of(count: F, mode: str) -> F:
    return {"proportional": count, "whole": F(floor(count)), "started": F(ceil(count))}[mode]


def clamp(value: F, least: Any, most: Any) -> F:
    value = value if least is None else max(value, F(least))
    return value if most is None else min(value, F(most))


def deducted(rule: Any, value: F, goal: F, better: str) -> F:
    missed = max(goal - value if rule.when == "below_target" else value - goal, F(0))
    return clamp(F(rule.full) - F(rule.points) * steps_of(missed / F(rule.per), rule.step), rule.floor, None)


def around(rule: Any, value: F, goal: F, better: str) -> F:
    each = rule.above if value > goal else rule.below
    return clamp(F(rule.full) + F(each) * steps_of(abs(value - goal) / F(rule.per), rule.step), rule.floor, rule.cap)


def target_met(rule: Any, value: F, goal: F, better: str) -> F:
    if better == "higher":
        good = value > goal if rule.strict else value >= goal
    elif better == "lower":
        good = value < goal if rule.strict else value <= goal
    else:
        good = value == goal
    return F(rule.met if good else rule.missed)


def to_target(rule: Any, value: F, goal: F, better: str) -> F:
    if better != "lower":
        return clamp(F(rule.full) * value / goal, 0, rule.cap)
    most = F(rule.full) if rule.cap is None else F(rule.cap)
    return most if value <= 0 else clamp(F(rule.full) * goal / value, 0, most)


def judged(rule: Any, value: F, goal: F, better: str) -> F:
    return rule.sign * (value if rule.cap is None else min(value, F(rule.cap)))


def banded(rule: Any, value: F, goal: F, better: str) -> F:
    rows = sorted((F(limit), F(worth)) for limit, worth in rule.steps)
    if rule.closed == "upper":
        return next((worth for limit, worth in rows if value <= limit), F(rule.rest))
    return next((worth for limit, worth in reversed(rows) if value >= limit), F(rule.rest))


RULES: dict[str, Callable[[Any, F, F, str], F]] = {
    "deduct": deducted, "around_target": around, "target_met": target_met, "to_target": to_target, "judged": judged,
    "bands": banded,
    "above_floor": lambda rule, value, goal, better: clamp(
        F(rule.points) * steps_of(max(value - F(rule.start), F(0)), rule.step), None, rule.cap),
    "per_unit": lambda rule, value, goal, better: clamp(
        F(rule.start) + F(rule.points) * value, rule.floor, rule.cap),
    "as_points": lambda rule, value, goal, better: clamp(value, rule.floor, rule.cap),
    "threshold": lambda rule, value, goal, better: F(rule.points) if value > F(rule.over) else F(0),
    "zero_tolerance": lambda rule, value, goal, better: F(0) if value > F(rule.allowed) else F(rule.full),
}  # fmt: skip


@dataclass
class Line:
    """What a line comes to: the share of its full points, None where it has none; ``state`` "measured" or why not."""

    state: str
    share: F | None
    policy: str | None
    lacks: bool
    waits: bool = False


def policy_in(scheme: Any, item: Any, state: str) -> str:
    """Own policies, own ``missing``, the scheme's policies, its ``missing``; waived: exempt unless said otherwise."""
    own, shared = getattr(item.policies, state), getattr(scheme.policies, state)
    if state == "waived":
        return own or shared or "exempt"
    return own or item.missing or shared or scheme.missing


class Sheet:
    """One card, calculated again."""

    def __init__(self, situation: Situation) -> None:
        self.scheme, self.readings = situation.scheme, situation.readings
        self.indicators, self.carried = situation.indicators, situation.carried

    def read(self, key: Any, minimum: int | None = None) -> tuple[str, F | None]:
        """State and value under a key."""
        found = self.readings.get((key, "own"))
        if found is None:
            return "not_measured", None
        state = found.state
        if minimum is not None and found.value is not None and state in ("measured", "sample_too_small"):
            state = "measured" if found.sample >= minimum else "sample_too_small"
        return state, found.value if state == "measured" else None

    def points(self, rule: Any, value: F, target: Any, key: Any) -> F:
        """Points of a reading."""
        better = self.indicators[key].better.value if key in self.indicators else "higher"
        return RULES[rule.kind](rule, value, F(target), better)

    def item(self, item: Any) -> Line:
        """An item as a line."""
        if item.parts:
            found = self.mix(item, item.parts)
        else:
            key = item.indicator or f"score:{item.score_of.scheme}:mean:1:"
            state, value = self.read(key, item.minimum_sample)
            share = None if value is None else self.points(item.rule, value, item.target, key) / F(item.rule.full)
            found = Line(state, share, None, False)
        if found.share is not None or found.waits:
            return found
        policy = policy_in(self.scheme, item, found.state)
        carried = self.carried.get(item.key)
        share = {"zero": F(0), "full": F(1), "carry": carried.share if carried else None}.get(policy)
        return Line(found.state, share, policy, policy != "exempt", policy == "manual")

    def mix(self, item: Any, parts: Sequence[Any]) -> Line:
        """Parts as one: their shares averaged by their weights, where at least one was measured."""
        weights, total, states, lacks, waiting, some = F(0), F(0), [], False, [], False
        for part in parts:
            inner = self.mix(item, part.parts) if part.parts else self.leaf(item, part)
            states.append(inner.state)
            share, waits = inner.share, inner.waits
            if share is None and not waits:
                policy = policy_in(self.scheme, item, inner.state)
                share, waits = {"zero": F(0), "full": F(1)}.get(policy), policy == "manual"
                lacks |= policy != "exempt"
            else:
                some, lacks = True, lacks or inner.lacks
            if waits:
                waiting.append(inner.state)
            if share is not None:
                weights, total = weights + F(part.weight), total + F(part.weight) * share
        if some and waiting:
            return Line(waiting[0], None, "manual", True, True)
        if some and weights:
            return Line("measured", total / weights, None, lacks)
        return Line(states[0] if len(set(states)) == 1 else "not_measured", None, None, True)

    def leaf(self, item: Any, part: Any) -> Line:
        """A part of one indicator."""
        state, value = self.read(part.indicator, item.minimum_sample)
        if value is None:
            return Line(state, None, None, True)
        return Line(state, self.points(part.rule, value, part.target, part.indicator) / F(part.rule.full), None, False)

    def weights(self, counting: Sequence[bool]) -> list[F]:
        """Effective weights: within its dimension first, then of what counts as a whole."""
        scheme, items = self.scheme, self.scheme.items
        worth = {one.key: F(one.weight) for one in scheme.dimensions if one.inner}
        inside = {key: sum(F(item.weight) for item, counts in zip(items, counting, strict=True)
                           if counts and item.dimension == key) for key in worth}
        parts = [F(item.weight) if item.dimension not in worth else
                 worth[item.dimension] * F(item.weight) / inside[item.dimension] if inside[item.dimension] else F(0)
                 for item in items]
        kept = sum((part for part, counts in zip(parts, counting, strict=True) if counts), F(0))
        base = F(100)
        if scheme.weights == "as_given":
            base = sum((F(item.weight) for item in items if item.dimension not in worth), F(0)) + sum(worth.values())
        return [part * base / kept if counts and kept else F(0) for part, counts in zip(parts, counting, strict=True)]

    def whole(self) -> list[F]:
        """What each item weighs of the whole, whether it counts or not."""
        worth = {one.key: F(one.weight) for one in self.scheme.dimensions if one.inner}
        items = self.scheme.items
        return [F(item.weight) if item.dimension not in worth else worth[item.dimension] * F(item.weight) / sum(
            F(other.weight) for other in items if other.dimension == item.dimension) for item in items]

    def events(self) -> list[F | None]:
        """The points of each event, None without a reading."""
        found: list[F | None] = []
        for event in self.scheme.events:
            _, value = self.read(event.indicator)
            found.append(None if value is None else self.points(event.rule, value, event.target, event.indicator))
        return found


@dataclass
class Result:
    lines: list[tuple[str, str | None, F | None, F]]
    events: list[F | None]
    exact: F | None
    printed: Decimal | None
    grade: str | None
    passed: bool | None
    state: str
    measured: F


def half_up(value: F, places: int) -> Decimal:
    """Rounded half up, by long division."""
    scaled = abs(value) * 10**places
    whole = scaled.numerator // scaled.denominator + (1 if scaled - floor(scaled) >= F(1, 2) else 0)
    return Decimal(whole if value >= 0 else -whole).scaleb(-places, WIDE)


def calculated(situation: Situation) -> Result:
    sheet, scheme = Sheet(situation), situation.scheme
    lines = [sheet.item(item) for item in scheme.items]
    weights = sheet.weights([line.share is not None or line.waits for line in lines])
    events, whole = sheet.events(), sheet.whole()
    told = [(line.state, line.policy, None if line.share is None else line.share * weight, weight)
            for line, weight in zip(lines, weights, strict=True)]
    due = sum((part for line, part in zip(lines, whole, strict=True) if line.policy != "exempt"), F(0))
    read = sum((part for line, part in zip(lines, whole, strict=True) if line.policy is None), F(0))
    measured = read * 100 / due if due else F(100 if all(line.policy is None for line in lines) else 0)
    weighty = [line for line, part in zip(lines, whole, strict=True) if part]

    def without(state: str) -> Result:
        return Result(told, events, None, None, None, None, state, measured)

    if not any(line.policy is None for line in weighty):
        return without("not_measured")
    if any(line.waits for line in weighty):
        return without("incomplete")
    if scheme.least_measured is not None and measured < F(scheme.least_measured):
        return without("incomplete")
    more = clamp(sum((one for one in events if one and one > 0), F(0)), None, scheme.additions_cap)
    less = clamp(sum((-one for one in events if one and one < 0), F(0)), None, scheme.deductions_cap)
    exact = clamp(sum((points for *_, points, _ in told if points is not None), F(0)) + more - less,
                  scheme.floor, scheme.cap)
    for veto in scheme.vetoes:
        _, value = sheet.read(veto.indicator)
        if value is not None and value > F(veto.over):
            exact = min(exact, F(veto.score))
    printed = half_up(exact, scheme.places)
    unrated = [event for event in scheme.events if not isinstance(situation.indicators[event.indicator],
                                                                  RatedIndicator)]
    complete = not any(line.lacks for line in weighty) and all(
        sheet.read(event.indicator)[0] in ("measured", "waived") for event in unrated)
    passed = None if scheme.pass_score is None else F(printed) >= F(scheme.pass_score)
    return Result(told, events, exact, printed, graded(sheet, printed), passed,
                  "complete" if complete else "incomplete", measured)


def graded(sheet: Sheet, printed: Decimal) -> str | None:
    """The granted grade, or the one in whose range the printed score lies."""
    bands = sheet.scheme.grades
    if bands is None:
        return None
    for granted in reversed(bands.granted):
        _, value = sheet.read(granted.indicator)
        if value is not None and value >= 1:
            return granted.key
    reached = bands.grades[0] if bands.reading == LOWER_INCLUSIVE else bands.grades[-1]
    rows = bands.grades if bands.reading == LOWER_INCLUSIVE else tuple(reversed(bands.grades))
    for grade in rows:
        if grade.limit is not None and (printed >= Decimal(grade.limit) if bands.reading == LOWER_INCLUSIVE
                                        else printed <= Decimal(grade.limit)):
            reached = grade
    return reached.key


def agree(situation: Situation) -> None:
    found = score(situation.scheme, situation.readings, situation.indicators, situation.carried)
    wanted = calculated(situation)
    items = [line for line in found.lines if line.kind == "item"]
    assert [(line.reading.state, line.policy, line.weighted_points, line.effective_weight) for line in items] == (
        wanted.lines)
    assert [line.weighted_points for line in found.lines if line.kind == "event"] == wanted.events
    assert (found.exact, found.state, found.measured) == (wanted.exact, wanted.state, wanted.measured)
    assert (found.score, found.grade, found.passed) == (wanted.printed, wanted.grade, wanted.passed)
    if wanted.printed is not None:
        assert found.score is not None
        assert found.score.as_tuple() == wanted.printed.as_tuple()


@settings(max_examples=1000, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(situations())
def test_the_score_is_what_the_words_say(situation: Situation) -> None:
    agree(situation)
