"""What stands in for a missing reading, and what limits a score: each by hand, through ``score``."""

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction as F
from typing import Any

import pytest

from meritline_sdk import (
    HIGHER,
    LOWER_INCLUSIVE,
    PERCENT,
    UPPER_INCLUSIVE,
    Event,
    Grade,
    GradeBands,
    Indicator,
    Item,
    Part,
    RatedIndicator,
    Ratio,
    Scheme,
    Text,
    rules,
)  # fmt: skip
from meritline_sdk.evaluate.lines import Carried
from meritline_sdk.evaluate.numbers import OpenBlankError
from meritline_sdk.evaluate.readings import Reading
from meritline_sdk.evaluate.scoring import Scored, score
from meritline_sdk.model.bands import Granted
from meritline_sdk.model.blanks import Blank, filled
from meritline_sdk.model.items import ScoreOf, Veto, source_of
from meritline_sdk.model.policies import Policies
from meritline_sdk.model.units import POINTS
from meritline_sdk.model.weights import Dimension
from meritline_sdk.testing.random_readings import put, tally

TITLE = Text("Title", "标题")


def line(key: str, weight: Any = 50, rule: rules.Rule | None = None, **more: Any) -> Item:
    """A line whose reading is its points."""
    return Item(RatedIndicator(key, Text(key, key)), weight, rule or rules.AsPoints(), **more)


def event(key: str, each: int) -> Event:
    return Event(RatedIndicator(key, Text(key, key)), rules.PerUnit(each, start=0, floor=None))


def read(**values: Any) -> dict[tuple[str, str], Reading]:
    """Numbers are measured, words are states."""
    return {(key, "own"): Reading(value) if isinstance(value, str) else Reading("measured", F(value), sample=1)
            for key, value in values.items()}


def result(scheme: Scheme, carried: Any = None, **values: Any) -> Scored:
    return score(scheme, read(**values), {}, carried)


PAIR = Scheme("pair", TITLE, (line("a"), line("b")))


@pytest.mark.parametrize(("policy", "wanted", "state"), [
    ("renormalise", 80, "incomplete"), ("zero", 40, "incomplete"), ("full", 90, "incomplete"),
    ("carry", 70, "incomplete"), ("exempt", 80, "complete"), ("manual", None, "incomplete")])
@pytest.mark.parametrize("missing", ["not_measured", "sample_too_small", "failed", "waived"])
def test_each_state_has_its_policy(missing: str, policy: str, wanted: int | None, state: str) -> None:
    scheme = replace(PAIR, policies=Policies(**{missing: policy}))
    found = result(scheme, {"b": Carried(F(6, 10), "2026-04")}, a=80, b=missing)
    assert (found.score, found.state, found.lines[1].policy) == (wanted, state, policy)
    assert found.measured == (100 if policy == "exempt" else 50)
    others = [one for one in ("not_measured", "failed") if one != missing]
    assert {result(scheme, None, a=80, b=one).lines[1].policy for one in others} == {"renormalise"}


def test_a_line_looks_at_its_own_policies_first() -> None:
    def policy(**said: Any) -> str | None:
        scheme = Scheme("s", TITLE, (line("a"), line("b", **said.pop("item", {}))), **said)
        return result(scheme, a=1, b="failed").lines[1].policy

    shared, own = Policies(failed="full"), Policies(failed="exempt")
    assert policy() == "renormalise"
    assert policy(missing="zero") == "zero"
    assert policy(missing="zero", policies=shared) == "full"
    assert policy(missing="zero", policies=shared, item={"missing": "manual"}) == "manual"
    assert policy(missing="zero", policies=shared, item={"missing": "manual", "policies": own}) == "exempt"


def test_waived_is_exempt_unless_the_state_itself_says_otherwise() -> None:
    for said in ({}, {"missing": "zero"}, {"policies": Policies(failed="zero")}):
        found = result(replace(PAIR, **said), a=80, b="waived")
        assert (found.score, found.state, found.lines[1].policy) == (80, "complete", "exempt")
    assert result(replace(PAIR, policies=Policies(waived="zero")), a=80, b="waived").score == 40


def test_what_is_carried_is_a_share_of_full_points_and_without_one_the_line_is_left_out() -> None:
    scheme = Scheme("s", TITLE, (line("a"), line("b", rule=rules.PerUnit(1, start=0, full=20))), missing="carry")
    found = result(scheme, {"b": Carried(F(17, 20), "2026-04"), "a": Carried(F(1), "2026-04")}, a=80)
    assert (found.lines[1].raw_points, found.lines[1].weighted_points) == (17, F(85, 2))
    assert (found.score, found.state, found.measured) == (Decimal("82.50"), "incomplete", 50)
    bare = result(scheme, {"a": Carried(F(1), "2026-04")}, a=80)
    assert (bare.score, bare.lines[1].policy, bare.lines[1].effective_weight) == (80, "carry", 0)
    assert bare.lines[1].steps[-1]["carried"] is None


def test_who_waits_has_no_score_and_is_told_for_which_lines() -> None:
    found = result(replace(PAIR, policies=Policies(failed="manual")), a=80, b="failed")
    assert (found.score, found.exact, found.state, found.grade) == (None, None, "incomplete", None)
    assert found.steps[0] | {"step": ""} == {
        "step": "", "state": "incomplete", "reason": "manual", "waiting": [{"key": "b", "en": "b", "zh": "b"}]}
    assert [one.effective_weight for one in found.lines] == [50, 50]  # what waits keeps its weight
    weightless = replace(PAIR, items=(line("a", 100), line("b", 0)), policies=Policies(failed="manual"))
    assert result(weightless, a=80, b="failed").score == 80


def test_too_little_measured_gives_no_score() -> None:
    scheme = Scheme("s", TITLE, (line("a", 40), line("b", 30), line("c", 30)), least_measured=70, missing="full")
    assert result(scheme, a=50, b=50).score == 65
    found = result(scheme, a=50)
    assert (found.score, found.state, found.measured) == (None, "incomplete", 40)
    assert (found.steps[0]["reason"], found.steps[0]["measured"], found.steps[0]["least"]) == (
        "least_measured", "40", "70")
    assert result(scheme, a=50, b="waived", c=50).measured == 100  # what is exempt is in neither side
    assert result(scheme).state == "not_measured"


def groups(**weights: int) -> tuple[Dimension, ...]:
    return tuple(Dimension(key, Text(key, key), weight, inner=True) for key, weight in weights.items())


LAYERED = Scheme("layered", TITLE, (
    line("a", 30, dimension="x"), line("b", 70, dimension="x"), line("c", 100, dimension="y"), line("d", 50),
), dimensions=groups(x=20, y=30))  # fmt: skip


@pytest.mark.parametrize(("values", "weights"), [
    ({"a": 1, "b": 1, "c": 1, "d": 1}, [6, 14, 30, 50]),
    ({"a": 1, "c": 1, "d": 1}, [20, 0, 30, 50]),
    ({"c": 1, "d": 1}, [0, 0, F(75, 2), F(125, 2)]),
    ({"a": 1}, [100, 0, 0, 0]),
])
def test_what_is_left_out_is_spread_within_its_dimension_and_a_dimension_over_the_rest(values: Any,
                                                                                    weights: Any) -> None:
    found = result(LAYERED, **values)
    assert [one.effective_weight for one in found.lines] == weights
    assert [one.dimension and one.dimension.en for one in found.lines] == ["x", "x", "y", None]


def test_weights_within_the_tolerance_share_exactly_100() -> None:
    scheme = Scheme("s", TITLE, tuple(line(key, "33.33") for key in "abc"), weight_tolerance="0.01")
    found = result(scheme, a=100, b=100, c=100)
    assert (found.exact, [one.effective_weight for one in found.lines]) == (100, [F(100, 3)] * 3)
    plain = Dimension("k", TITLE, "66.66")
    scheme = Scheme("s", TITLE, (*(line(key, "33.33", dimension="k") for key in "ab"), line("c", "33.34")),
                    dimensions=(plain,))
    assert result(scheme, a=100, b="not_measured", c=0).score == Decimal("49.99")  # 33.33 / 66.67


CAPPED = Scheme("capped", TITLE, (line("a", 100),), events=(event("p", 10), event("q", 5), event("m", -10),
                                                             event("n", -5)), additions_cap=30, deductions_cap=12)


@pytest.mark.parametrize(("events", "wanted"), [
    ({"p": 2}, 70), ({"p": 3}, 80), ({"p": 3, "q": 1}, 80), ({"m": 1}, 40), ({"m": 1, "n": 1}, 38),
    ({"p": 5, "m": 5}, 68)])
def test_additions_and_deductions_have_caps_of_their_own(events: Any, wanted: int) -> None:
    found = result(CAPPED, a=50, **events)
    assert found.score == wanted
    assert sum(one.weighted_points or 0 for one in found.lines if one.kind == "event") == sum(
        {"p": 10, "q": 5, "m": -10, "n": -5}[key] * count for key, count in events.items())  # lines keep their own


def test_vetoes_leave_no_more_than_they_say_and_after_every_other_limit() -> None:
    vetoes = (Veto("one", TITLE, RatedIndicator("v", TITLE), over=1, score=50),
              Veto("two", TITLE, RatedIndicator("w", TITLE), over=0, score=0))
    scheme = replace(PAIR, vetoes=vetoes, floor=60)
    assert [result(scheme, a=90, b=90, **values).score for values in (
        {}, {"v": 1}, {"v": 2}, {"v": "failed"}, {"w": 1}, {"v": 2, "w": 1})] == [90, 90, 50, 90, 0, 0]
    told = result(scheme, a=90, b=90, v=2, w=1).steps[0]
    assert [(one["key"], one["held"], one["taken"], one["left"]) for one in told["vetoes"]] == [
        ("one", True, "40", "50"), ("two", True, "50", "0")]
    assert result(replace(scheme, floor=0), a=30, b=30, v=2).score == 30  # it never lifts a score
    assert result(scheme, a=40, b=40, v=2).score == 50  # the floor lifts to 60, then the veto holds
    assert result(scheme, a=40, b=40).state == "complete"  # a veto that nobody measured takes nothing


def test_a_granted_grade_stands_whatever_the_score_if_there_is_one() -> None:
    bands = GradeBands((Grade("low", TITLE), Grade("high", TITLE, 60)), granted=(
        Granted("super", TITLE, RatedIndicator("s", TITLE)), Granted("best", TITLE, RatedIndicator("t", TITLE))))
    scheme = replace(PAIR, grades=bands, pass_score=60)
    found = [result(scheme, a=10, b=10, **values) for values in ({}, {"s": 0}, {"s": 1}, {"s": 1, "t": 1})]
    assert [(one.grade, one.passed) for one in found] == [
        ("low", False), ("low", False), ("super", False), ("best", False)]
    assert result(scheme, s=1).grade is None


def nested(**policies: str) -> Scheme:
    def part(key: str, weight: int) -> Part:
        return Part(RatedIndicator(key, Text(key, key)), weight, rules.AsPoints())

    inner = Part(None, 40, parts=(part("b", 3), part("c", 1)), title=TITLE)
    return Scheme("nested", TITLE, (Item(None, 50, parts=(part("a", 60), inner), title=TITLE, key="whole",
                                         policies=Policies(**policies)), line("d")))


@pytest.mark.parametrize(("policies", "values", "points", "state"), [
    ({}, {"a": 90, "b": 80, "c": 40}, 82, "complete"),  # 0.6 x 90 + 0.4 x 70
    ({}, {"a": 90, "b": 80}, 86, "incomplete"),
    ({}, {"a": 90}, 90, "incomplete"),
    ({"not_measured": "zero"}, {"a": 90}, 54, "incomplete"),
    ({"not_measured": "full"}, {"b": 80}, 94, "incomplete"),  # 0.6 x 100 + 0.4 x (0.75 x 80 + 0.25 x 100)
    ({"failed": "exempt"}, {"a": 90, "b": 80, "c": "failed"}, 86, "complete"),
    ({"failed": "exempt"}, {"a": 90, "b": "failed", "c": "failed"}, 90, "complete"),
    ({"failed": "manual"}, {"a": 90, "b": 80, "c": "failed"}, None, "incomplete"),
    ({"not_measured": "carry"}, {"a": 90}, 90, "incomplete"),  # nothing is carried for a part
    ({"not_measured": "carry"}, {}, 60, "incomplete"),
    ({"failed": "zero"}, {"a": "failed", "b": "failed", "c": "failed"}, 0, "incomplete"),
    ({"failed": "zero"}, {"a": "failed", "b": "failed"}, None, "incomplete"),  # states differ: not measured
])
def test_parts_of_parts(policies: Any, values: Any, points: int | None, state: str) -> None:
    found = result(nested(**policies), {"whole": Carried(F(3, 5), "2026-04")}, d=100, **values)
    assert (found.lines[0].raw_points, found.state) == (points, state)


def test_the_scores_of_months_are_points() -> None:
    item = Item(None, 60, rules.AsPoints(cap=None), key="months", title=TITLE, score_of=ScoreOf("engineers", least=2))
    scheme = Scheme("quarter", TITLE, (item, line("d", 40)))
    found = score(scheme, read(d=100) | {(source_of(item), "own"): Reading("measured", F("87.75"), sample=2)}, {})
    assert (found.score, found.lines[0].unit, found.lines[0].indicator) == (Decimal("92.65"), POINTS, None)
    assert score(scheme, read(d=100), {}).score == 100


@pytest.mark.parametrize(("rated", "value", "state"), [
    (False, "waived", "complete"), (False, "failed", "incomplete"), (False, 1, "complete"),
    (True, "not_measured", "complete")])  # a person who gave no rating of an event reported none
def test_an_event_that_nobody_measured_leaves_the_card_incomplete(rated: bool, value: Any, state: str) -> None:
    indicator = RatedIndicator("p", TITLE) if rated else Indicator(
        "p", TITLE, put(Ratio, numerator=tally("count"), denominator=tally("count")), PERCENT, HIGHER)
    scheme = replace(PAIR, events=(Event(indicator, rules.PerUnit(10, start=0)),))
    assert result(scheme, a=1, b=1, p=value).state == state


def test_weights_as_given_are_those_of_the_dimensions_where_they_have_their_own() -> None:
    scheme = replace(LAYERED, weights="as_given", dimensions=groups(x=20, y=10))
    assert [one.effective_weight for one in result(scheme, a=1, b=1, c=1, d=1).lines] == [6, 14, 10, 50]
    assert [one.effective_weight for one in result(scheme, a=1, c=1).lines] == [F(160, 3), 0, F(80, 3), 0]


def test_a_limit_belongs_to_the_grade_that_its_reading_names() -> None:
    for reading, bounds, wanted in ((LOWER_INCLUSIVE, (None, 60), "high"), (UPPER_INCLUSIVE, (60, None), "low")):
        bands = GradeBands(tuple(Grade(key, TITLE, limit) for key, limit in zip(("low", "high"), bounds, strict=True)),
                           reading)
        assert result(replace(PAIR, grades=bands), a=60, b=60).grade == wanted


def test_nothing_is_computed_with_a_blank() -> None:
    blank = Blank("full_mark", Text("Full mark", "满分"))
    for scheme in (replace(PAIR, items=(line("a", rule=rules.PerUnit(blank)), line("b"))),
                   replace(PAIR, cap=blank), replace(PAIR, items=(line("a", blank), line("b")))):
        with pytest.raises(OpenBlankError, match=r"'full_mark' \(Full mark, printed '\( \)'\) is not filled"):
            result(scheme, a=1, b=1)
        assert result(filled(scheme, {"full_mark": 50}), a=1, b=1).score is not None
