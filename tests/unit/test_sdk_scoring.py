"""Scoring by cases: limits, policies by state, dimensions, vetoes, caps, grades, and what has no score and why."""

from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

import pytest

from meritline_sdk import (
    LOWER,
    NEITHER,
    Event,
    Grade,
    GradeBands,
    Item,
    RatedIndicator,
    Scheme,
    Text,
    rules,
)
from meritline_sdk.evaluate.readings import Reading
from meritline_sdk.evaluate.rules import points
from meritline_sdk.evaluate.scoring import score
from meritline_sdk.model.schemes import WeightsError

TITLE = Text("Title", "标题")
F = Fraction


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
    (rules.TargetMet(strict=True), 85, 85, 0), (rules.TargetMet(strict=True), "85.001", 85, 100),
    (rules.ZeroTolerance(), 0, None, 100), (rules.ZeroTolerance(), "0.01", None, 0),
    (rules.ZeroTolerance(allowed=2, full=20), 2, None, 20), (rules.ZeroTolerance(allowed=2, full=20), 3, None, 0),
    (rules.Judged(5, 20), 0, None, 0), (rules.Judged(5, 20), 27, None, -27),
    (rules.Judged(5, 20, cap=20), 20, None, -20), (rules.Judged(5, 20, cap=20), 27, None, -20),
    (rules.Judged(1, 20, sign=1), 27, None, 27), (rules.Judged(1, 20, sign=1, cap=20), 27, None, 20),
])
def test_limits_are_on_the_side_that_is_named(rule: rules.Rule, value: int | str, target: int | None,
                                              wanted: int) -> None:
    assert points(rule, F(value), None if target is None else F(target)) == wanted


def test_where_less_is_better() -> None:
    assert [points(rules.TargetMet(), F(value), F(5), LOWER) for value in (5, "5.01")] == [100, 0]
    assert [points(rules.TargetMet(strict=True), F(value), F(5), LOWER) for value in (5, "4.99")] == [0, 100]
    assert [points(rules.ToTarget(), F(value), F(5), LOWER) for value in (0, 5, 10)] == [100, 100, 50]
    assert [points(rules.ToTarget(cap=120), F(value), F(5), LOWER) for value in (0, 4, "4.5")] == [
        120, 120, F(1000, 9)]
    # Target over reading grows without end towards 0: where no cap is said, full is the most, for 0 as for little.
    assert [points(rules.ToTarget(cap=None), F(value), F(5), LOWER) for value in (0, "0.01", 5, 10)] == [
        100, 100, 100, 50]
    assert [points(rules.TargetMet(strict=True), F(value), F(5), NEITHER) for value in (5, 6)] == [100, 0]


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
