"""Structured explanations: each formula is calculated again, by a calculator of this file."""

import importlib.util
import json
import re
from collections.abc import Callable, Iterator
from decimal import Decimal
from fractions import Fraction
from math import ceil, floor
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings

from meritline.domain.rewarding import reward
from meritline_sdk import COUNT, PERCENT, Item, RatedIndicator, Scheme, Text, rules
from meritline_sdk.evaluate.readings import Reading
from meritline_sdk.evaluate.scoring import score
from meritline_sdk.explain.reward_structure import reward_structure
from meritline_sdk.explain.structure import line_structure
from meritline_sdk.explain.structured import PartTold, RewardStructure
from meritline_sdk.model.schemes import Part, Policies
from meritline_sdk.testing.strategies import Situation, situations

TOKEN = re.compile(r"\s*(?:(\d+(?:\.\d+)?)|(min|max|floor|ceil)|([+−×/(),]))")


def calculated(formula: str) -> Fraction:
    """What a formula comes to; anything but arithmetic raises."""
    tokens: list[str] = []
    at = 0
    while at < len(formula):
        found = TOKEN.match(formula, at)
        assert found, f"no arithmetic: {formula!r} at {at}"
        tokens.append(found[1] or found[2] or found[3])
        at = found.end()
    value, rest = total(tokens)
    assert not rest, f"left over: {rest} of {formula!r}"
    return value


def total(tokens: list[str]) -> tuple[Fraction, list[str]]:
    value, rest = product(tokens)
    while rest and rest[0] in "+−":
        sign, (other, rest) = rest[0], product(rest[1:])
        value = value + other if sign == "+" else value - other
    return value, rest


def product(tokens: list[str]) -> tuple[Fraction, list[str]]:
    value, rest = single(tokens)
    while rest and rest[0] in "×/":
        sign, (other, rest) = rest[0], single(rest[1:])
        value = value * other if sign == "×" else value / other
    return value, rest


def single(tokens: list[str]) -> tuple[Fraction, list[str]]:
    first, *rest = tokens
    if first == "−":
        value, rest = single(rest)
        return -value, rest
    if first == "(":
        value, rest = total(rest)
        assert rest[0] == ")"
        return value, rest[1:]
    if first in FUNCTIONS:
        assert rest[0] == "("
        values = []
        while rest[0] in "(,":
            value, rest = total(rest[1:])
            values.append(value)
        assert rest[0] == ")"
        return Fraction(FUNCTIONS[first](*values)), rest[1:]
    return Fraction(first), rest


FUNCTIONS: dict[str, Callable[..., Any]] = {"min": min, "max": max, "floor": floor, "ceil": ceil}


def test_the_calculator_counts_as_people_do() -> None:
    assert calculated("100 − 2 × (85 − 2800/34)") == Fraction(1610, 17)
    assert calculated("max(0, 20 − 10 × ceil(7 / 3))") == 0
    assert calculated("−min(150.00, (−2) × (−100))") == -150
    with pytest.raises(AssertionError):
        calculated("82.3529… × 30")


def inside(parts: tuple[PartTold, ...]) -> Iterator[PartTold]:
    """All parts, at every depth."""
    for part in parts:
        yield part
        yield from inside(part.parts)


@settings(max_examples=400)
@given(situations())
def test_every_line_of_random_schemes(situation: Situation) -> None:
    scored = score(situation.scheme, situation.readings, situation.indicators, situation.carried)
    for line in scored.lines:
        steps = json.loads(json.dumps(line.steps))
        found = line_structure(steps, "en")
        assert (found.points is None) == (line.raw_points is None) == (found.formula is None)
        if line.raw_points is not None:
            assert calculated(found.formula or "") == Fraction(found.points or "") == line.raw_points
            assert calculated(found.weighted_formula or "") == line.weighted_points
        if line.effective_weight:
            assert calculated(found.weight_formula or "") == line.effective_weight
            assert Fraction(found.effective_weight or "") == line.effective_weight
        for part in inside(found.parts):
            assert (part.points is None) == (part.formula is None)
            if part.formula is not None:
                assert calculated(part.formula) == Fraction(part.points or "")
        assert (found.policy is None) == (line.policy is None)
        if found.policy is not None:
            assert found.policy.policy == line.policy
            assert found.policy.state == line.reading.state
        for limit in found.limits:
            assert (limit.kind, limit.after) in {("floor", limit.limit), ("cap", limit.limit)}
            assert Fraction(limit.before) != Fraction(limit.after)
        chinese = line_structure(steps, "zh")
        assert (chinese.formula, chinese.weight_formula, chinese.weighted_formula, chinese.points, chinese.limits) == (
            found.formula, found.weight_formula, found.weighted_formula, found.points, found.limits)


@pytest.fixture(scope="module")
def neighbour() -> Any:
    """The random reward tables of the independent calculation."""
    path = Path(__file__).with_name("test_rewarding_independent.py")
    spec = importlib.util.spec_from_file_location("random_tables", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    import sys

    sys.modules["random_tables"] = module
    spec.loader.exec_module(module)
    return module


def half_up(value: Fraction) -> Decimal:
    cents = floor(abs(value) * 100 + Fraction(1, 2))
    return Decimal(cents if value >= 0 else -cents).scaleb(-2)


def test_every_line_of_random_reward_tables(neighbour: Any) -> None:
    from hypothesis import strategies as st

    @settings(max_examples=400)
    @given(neighbour.TABLES, neighbour.PEOPLE, neighbour.RATES, st.sampled_from(["en", "zh"]))
    def holds(table: Any, people: list[Any], rate: Fraction | None, language: str) -> None:
        readings = {who.key: {key: Reading("not_measured") if value is None else Reading("measured", value, sample=1)
                              for key, value in ((("events", "own"), who.events), (("rate", "company"), rate),
                                                 (("rate", "department"), rate))} for who in people}
        lines = reward(table, neighbour.SCHEME, [neighbour.as_card(who) for who in people], readings,
                       facts={who.key: neighbour.as_facts(who) for who in people}, period=neighbour.MONTHS[-1])
        for line in lines:
            checked(reward_structure(json.loads(json.dumps(line.steps)), line.amount, language), line)

    holds()


def checked(found: RewardStructure, line: Any) -> None:
    """The formula gives the exact amount, and the one rounding what is paid."""
    assert (found.formula is None) == (line.amount is None), line
    if line.amount is None:
        assert found.rounding is None
        return
    assert found.rounding is not None
    exact = calculated(found.formula or "")
    assert exact == Fraction(found.rounding.exact), (found, line)
    assert half_up(exact) == line.amount == Decimal(found.rounding.result)
    assert found.amount == f"{line.amount:.2f}"




def of(rule: Any, value: Fraction | int | str | None, target: Any = None, unit: Any = COUNT, language: str = "en",
       **more: Any) -> Any:
    indicator = RatedIndicator("fix", Text("Fixed", "修复"), unit=unit)
    scheme = Scheme("s", Text("S", "方案"), (Item(indicator, 40, rule, target), Item(
        RatedIndicator("rest", Text("Rest", "其余")), 60, rules.AsPoints())), **more)
    reading = Reading("not_measured") if value is None else Reading("measured", Fraction(value), sample=3)
    found = score(scheme, {("fix", "own"): reading, ("rest", "own"): Reading("measured", Fraction(80), sample=1)}, {})
    return line_structure(found.lines[0].steps, language, str(target) if target else None, unit.key)


@pytest.mark.parametrize(("rule", "value", "target", "formula", "limit"), [
    (rules.Deduct(2), "2800/34", 85, "100 − 2 × (85 − 1400/17)", None),
    (rules.Deduct(2), 20, 85, "max(0, 100 − 2 × (85 − 20))", "floor"),
    (rules.Deduct(5, per=3, step="whole"), 78, 85, "100 − 5 × floor((85 − 78) / 3)", None),
    (rules.Deduct(5, step="started", when="above_target"), "86.2", 85, "100 − 5 × ceil(86.2 − 85)", None),
    (rules.AroundTarget(2, -1, cap=105), 95, 90, "min(105, 100 + 2 × (95 − 90))", "cap"),
    (rules.ToTarget(), 40, 50, "100 × 40 / 50", None),
    (rules.PerUnit(-10, start=20, full=20), 3, None, "max(0, 20 − 10 × 3)", "floor"),
    (rules.AboveFloor(60, "2.5"), "82.4", None, "2.5 × (82.4 − 60)", None),
    (rules.Bands(up_to={1: 100}, beyond=0), 1, None, "100", None),
    (rules.Judged(1, 5), 4, None, "−4", None),
    (rules.TargetMet(), 90, 85, "100", None),
])
def test_formulas_are_written_as_people_write_them(rule, value, target, formula: str, limit: str | None) -> None:
    found = of(rule, value, target)
    assert found.formula == formula
    assert [each.kind for each in found.limits] == ([] if limit is None else [limit])
    assert found.rule.kind == rule.kind
    if isinstance(rule, rules.Deduct):
        assert {each.name: each.value for each in found.rule.parameters}["points"] == str(rule.points)


def test_what_a_program_is_told_of_a_reading_and_its_target() -> None:
    found = of(rules.Deduct(2), 80, 85, PERCENT, "zh")
    assert (found.reading.value, found.reading.unit, found.reading.sample_size) == ("80", "percent", 3)
    assert (found.target.exact, found.target.text) == ("85", "85%")
    assert (found.weight, found.effective_weight, found.weight_formula) == ("40", "40", "40 × 100 / 100")
    assert (found.weighted_formula, found.weighted_points) == ("90 / 100 × 40", "36")
    assert (found.rounding.exact, found.rounding.to, found.rounding.result) == ("36", "0.01", "36.00")


@pytest.mark.parametrize(("policy", "formula", "effective"), [
    ("renormalise", None, "0"), ("zero", "0", "40"), ("full", "100", "40"), ("exempt", None, "0"),
])
def test_a_policy_is_told_with_the_state_that_caused_it(policy: str, formula: str | None, effective: str) -> None:
    found = of(rules.Deduct(2), None, 85, policies=Policies(not_measured=policy))
    assert (found.policy.policy, found.policy.state) == (policy, "not_measured")
    assert (found.formula, found.effective_weight, found.rule) == (formula, effective, None)
    assert found.target.exact == "85"  # what it would have been compared with
    assert found.policy.text


def test_parts_have_structures_of_their_own() -> None:
    one, two = (RatedIndicator(key, Text(key, key)) for key in ("one", "two"))
    item = Item(None, 100, parts=(Part(one, 60, rules.Deduct(2), 90), Part(two, 40, rules.AsPoints())),
                title=Text("Both", "两者"), key="both")
    readings = {("one", "own"): Reading("measured", Fraction(85), sample=1)}
    scored = score(Scheme("s", Text("S", "方案"), (item,)), readings, {})
    found = line_structure(scored.lines[0].steps, "en")
    assert found.formula == "(60 × 90 / 100) × 100 / 60"
    first, second = found.parts
    assert (first.formula, first.points, first.target.exact) == ("100 − 2 × (90 − 85)", "90", "90")
    assert (second.formula, second.policy.policy, second.policy.state) == (None, "renormalise", "not_measured")


def test_old_lines_read_as_well() -> None:
    """Lines of before states were told beside their policy."""
    old = [{"step": "reading", "state": "failed", "unit": "count", "sample": 0, "form": "count", "value": None},
           {"step": "weigh", "weight": "40", "effective": "0", "base": "100", "counting": "60", "full": "100",
            "points": None, "places": 2, "result": None, "policy": "renormalise"}]
    assert line_structure(old, "en").policy.state == "failed"  # type: ignore[union-attr]


