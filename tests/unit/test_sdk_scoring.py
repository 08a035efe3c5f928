"""Scoring: against an oracle that shares no code with it, and the laws that people rely on."""

from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from itertools import pairwise
from math import ceil, floor
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from meritline_sdk import (
    HIGHER,
    LOWER,
    LOWER_INCLUSIVE,
    UPPER_INCLUSIVE,
    Event,
    Grade,
    GradeBands,
    Item,
    RatedIndicator,
    Scheme,
    Text,
    rules,
)
from meritline_sdk.evaluate.bands import grade_of
from meritline_sdk.evaluate.readings import Reading
from meritline_sdk.evaluate.rules import points
from meritline_sdk.evaluate.scoring import score
from meritline_sdk.model.schemes import WeightsError
from meritline_sdk.model.units import Direction
from meritline_sdk.testing.strategies import Situation, decimals, scoring_rules, situations

TITLE = Text("Title", "标题")
F = Fraction


def steps_of(count: Fraction, mode: str) -> Fraction:
    return {"proportional": count, "whole": F(floor(count)), "started": F(ceil(count))}[mode]


def oracle_points(rule: Any, value: Fraction, target: Any, better: Direction) -> Fraction:
    """What each rule's own docstring says, written again."""
    goal = F(target)
    match rule.kind:
        case "deduct":
            missed = goal - value if rule.when == "below_target" else value - goal
            found = F(rule.full) - F(rule.points) * steps_of(max(missed, F(0)) / F(rule.per), rule.step)
        case "around_target":
            each = rule.above if value > goal else rule.below
            found = F(rule.full) + F(each) * steps_of(abs(value - goal) / F(rule.per), rule.step)
        case "above_floor":
            found = F(rule.points) * steps_of(max(value - F(rule.start), F(0)), rule.step)
        case "per_unit":
            found = F(rule.start) + F(rule.points) * value
        case "target_met":
            good = {HIGHER: value >= goal, LOWER: value <= goal}.get(better, value == goal)
            found = F(rule.met if good else rule.missed)
        case "to_target" if better == LOWER:
            most = F(rule.full if rule.cap is None else rule.cap)
            found = min(F(rule.full) * goal / value, most) if value else most
        case "to_target":
            found = F(rule.full) * value / goal
        case "as_points":
            found = value
        case "threshold":
            found = F(rule.points) if value > F(rule.over) else F(0)
        case "bands" if rule.closed == "upper":
            found = F(next((worth for limit, worth in rule.steps if value <= F(limit)), rule.rest))
        case _:
            found = F(next((worth for limit, worth in reversed(rule.steps) if value >= F(limit)), rule.rest))
    least = 0 if rule.kind == "to_target" else getattr(rule, "floor", None)
    most = getattr(rule, "cap", None)
    found = found if least is None else max(found, F(least))
    return found if most is None else min(found, F(most))


def oracle_share(situation: Situation, item: Any, policy: str) -> Fraction | None:
    """The share of its full points that an item gets, None where it is left out."""
    reading = situation.readings.get((item.indicator, "own"), Reading("not_measured"))
    if reading.state == "measured":
        assert reading.value is not None
        better = situation.indicators[item.indicator].better
        return oracle_points(item.rule, reading.value, item.target, better) / F(item.rule.full)
    return None if reading.state == "waived" else {"zero": F(0), "full": F(1)}.get(policy)


def is_measured(situation: Situation, key: Any) -> bool:
    found = situation.readings.get((key, "own"))
    return found is not None and found.state == "measured"


def oracle_score(situation: Situation) -> Fraction | None:
    """The score before rounding, from the scheme's description alone."""
    scheme, shares = situation.scheme, []
    for item in scheme.items:
        policy = item.missing or scheme.missing
        if not item.parts:
            shares.append(oracle_share(situation, item, policy))
        elif any(is_measured(situation, part.indicator) for part in item.parts):
            found = [(F(part.weight), oracle_share(situation, part, policy)) for part in item.parts]
            kept = [(weight, share) for weight, share in found if share is not None]
            shares.append(sum(weight * share for weight, share in kept) / sum(weight for weight, _ in kept))
        else:
            states = {situation.readings.get((part.indicator, "own"), Reading("not_measured")).state
                      for part in item.parts}
            shares.append(None if states == {"waived"} else {"zero": F(0), "full": F(1)}.get(policy))
    if not any(is_measured(situation, line.indicator) for item in scheme.items for line in (*item.parts, item)):
        return None
    weights = [F(item.weight) for item in scheme.items]
    base = sum(weights) if scheme.weights == "as_given" else F(100)
    counting = sum(weight for weight, share in zip(weights, shares, strict=True) if share is not None)
    total = sum(share * weight * base / counting for weight, share in zip(weights, shares, strict=True)
                if share is not None)
    for event in scheme.events:
        reading = situation.readings.get((event.indicator, "own"))
        if reading is not None and reading.state == "measured" and reading.value is not None:
            total += oracle_points(event.rule, reading.value, event.target,
                                   situation.indicators[event.indicator].better)  # type: ignore[index]
    total = max(F(total), F(0))
    return min(total, F(scheme.cap)) if scheme.cap is not None else total


@settings(max_examples=120, deadline=None)
@given(situations())
def test_the_score_is_what_the_scheme_says(situation: Situation) -> None:
    found = score(situation.scheme, situation.readings, situation.indicators)
    wanted = oracle_score(situation)
    assert found.exact == wanted
    assert (found.state == "not_measured") == (wanted is None) == (found.score is None)
    if wanted is not None and found.score is not None:
        exact = Decimal(wanted.numerator) / Decimal(wanted.denominator)
        assert abs(Decimal(found.score) - exact) <= Decimal("0.5").scaleb(-situation.scheme.places)
        assert -found.score.as_tuple().exponent == situation.scheme.places  # type: ignore[operator]
        kept = sum((line.effective_weight or 0 for line in found.lines), F(0))
        assert kept == (100 if situation.scheme.weights == "renormalise" else
                        sum(F(item.weight) for item in situation.scheme.items))


@settings(max_examples=60, deadline=None)
@given(situations(), st.randoms())
def test_the_order_of_readings_does_not_matter(situation: Situation, random: Any) -> None:
    pairs = list(situation.readings.items())
    random.shuffle(pairs)
    assert score(situation.scheme, dict(pairs), situation.indicators) == score(
        situation.scheme, situation.readings, situation.indicators)


@settings(max_examples=200, deadline=None)
@given(scoring_rules(), decimals(0, 200), decimals(0, 200), decimals(1, 100), st.sampled_from([HIGHER, LOWER]))
def test_a_better_reading_never_gets_fewer_points(rule: Any, one: Decimal, other: Decimal, target: Decimal,
                                                  better: Direction) -> None:
    upward = rising(rule, better)
    assume(upward is not None)
    low, high = sorted((F(one), F(other)))
    worse, good = (points(rule, value, F(target), better) for value in ((low, high) if upward else (high, low)))
    assert worse <= good


def rising(rule: Any, better: Direction) -> bool | None:
    """Whether more reading means more points; None where the rule's numbers point both ways."""
    match rule.kind:
        case "deduct":
            return bool(rule.when == "below_target")
        case "around_target":
            return None if rule.above < 0 or rule.below > 0 else True
        case "per_unit":
            return bool(rule.points >= 0)
        case "target_met":
            return None if rule.met < rule.missed else better == HIGHER
        case "to_target":
            return better == HIGHER
        case "bands":
            worths = [worth for _, worth in rule.steps]
            worths = [*worths, rule.rest] if rule.closed == "upper" else [rule.rest, *worths]
            return True if worths == sorted(worths) else False if worths == sorted(worths, reverse=True) else None
    return True


@given(st.lists(decimals(-50, 150), unique=True, max_size=6), decimals(-60, 160, 4),
       st.sampled_from([LOWER_INCLUSIVE, UPPER_INCLUSIVE]))
def test_grade_bands_cover_every_score_once(limits: list[Decimal], value: Decimal, reading: str) -> None:
    rise = sorted(limits)
    bounds = [None, *rise] if reading == LOWER_INCLUSIVE else [*rise, None]
    bands = GradeBands(tuple(Grade(f"g{place}", TITLE, limit) for place, limit in enumerate(bounds)), reading)
    edges = [None, *rise, None]
    inside = [place for place, (low, high) in enumerate(pairwise(edges)) if (
        (low is None or (value >= low if reading == LOWER_INCLUSIVE else value > low))
        and (high is None or (value < high if reading == LOWER_INCLUSIVE else value <= high)))]
    assert [grade_of(bands, value).key] == [f"g{place}" for place in inside]


UP_TO = rules.Bands(up_to={1800: 100, 2700: 80}, beyond=10)
AT_LEAST = rules.Bands(at_least={90: 100, 80: 60}, below=5)


@pytest.mark.parametrize(("rule", "value", "target", "wanted"), [
    (UP_TO, 1800, None, 100), (UP_TO, "1800.01", None, 80), (UP_TO, 2700, None, 80), (UP_TO, "2700.01", None, 10),
    (AT_LEAST, 90, None, 100), (AT_LEAST, "89.99", None, 60), (AT_LEAST, 80, None, 60), (AT_LEAST, "79.99", None, 5),
    (rules.Deduct(2), 85, 85, 100), (rules.Deduct(2), "84.5", 85, 99), (rules.Deduct(50), 0, 85, 0),
    (rules.Deduct(2, step="whole"), "83.01", 85, 98), (rules.Deduct(2, step="whole"), 83, 85, 96),
    (rules.Deduct(2, step="started"), "84.99", 85, 98), (rules.Deduct(2, step="started"), 84, 85, 98),
    (rules.Deduct(2, when="above_target", per=5), 10, 5, 98), (rules.Deduct(2, when="above_target"), 4, 5, 100),
    (rules.Threshold(over="0.13", points=20), "0.13", None, 0),
    (rules.Threshold(over="0.13", points=20), "0.1301", None, 20),
    (rules.AboveFloor(60, "2.5"), 60, None, 0), (rules.TargetMet(), 85, 85, 100), (rules.TargetMet(), "84.999", 85, 0),
    (rules.ToTarget(), 60, 50, 100), (rules.ToTarget(cap=None), 60, 50, 120),
])
def test_limits_are_on_the_side_that_is_named(rule: rules.Rule, value: int | str, target: int | None,
                                              wanted: int) -> None:
    assert points(rule, F(value), None if target is None else F(target)) == wanted


def test_where_less_is_better() -> None:
    assert [points(rules.TargetMet(), F(value), F(5), LOWER) for value in (5, "5.01")] == [100, 0]
    assert [points(rules.ToTarget(), F(value), F(5), LOWER) for value in (0, 5, 10)] == [100, 100, 50]


BANDS = GradeBands((Grade("low", TITLE), Grade("high", TITLE, 80)))
QUALITY, OTHER = RatedIndicator("quality", TITLE), RatedIndicator("other", TITLE)


@pytest.mark.parametrize(("value", "printed", "grade"), [("79.994", "79.99", "low"), ("79.995", "80.00", "high")])
def test_what_is_printed_decides_the_grade(value: str, printed: str, grade: str) -> None:
    scheme = Scheme("s", TITLE, (Item(QUALITY, 100, rules.AsPoints()),), grades=BANDS, pass_score=80)
    found = score(scheme, {("quality", "own"): Reading("measured", F(value))}, {})
    assert (str(found.score), found.grade, found.passed) == (printed, grade, grade == "high")
    assert Decimal(value).quantize(Decimal("0.01"), ROUND_HALF_UP) == found.score


def test_without_any_reading_there_is_no_score_whatever_the_policy() -> None:
    for policy in ("zero", "full", "renormalise"):
        scheme = Scheme("s", TITLE, (Item(QUALITY, 100, rules.AsPoints()),), missing=policy, grades=BANDS,
                        events=(Event(OTHER, rules.PerUnit(5, start=0)),))
        found = score(scheme, {("other", "own"): Reading("measured", F(2))}, {})
        assert (found.state, found.score, found.grade, found.passed) == ("not_measured", None, None, None)


def test_an_items_own_minimum_sample_decides() -> None:
    scheme = Scheme("s", TITLE, (Item(QUALITY, 50, rules.AsPoints(), minimum_sample=5),
                                 Item(OTHER, 50, rules.AsPoints())))
    readings = {("quality", "own"): Reading("measured", F(90), sample=4),
                ("other", "own"): Reading("measured", F(70), sample=4)}
    found = score(scheme, readings, {})
    assert (found.score, found.state, found.lines[0].reading.state) == (70, "incomplete", "sample_too_small")
    assert found.lines[0].reading.value == 90


def test_weights_that_do_not_sum_are_refused_with_a_remedy() -> None:
    with pytest.raises(WeightsError, match=r"sum to 90.*add the missing 10"):
        Scheme("s", TITLE, (Item(QUALITY, 90, rules.AsPoints()),))
