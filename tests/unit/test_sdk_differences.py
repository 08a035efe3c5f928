"""Differences between versions: nothing that counts changes silently, and what is the same is not told."""

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from meritline_ecommerce_service.schemes import LEVEL_PAY, RANK_PAY, SHOP_AGENTS
from meritline_sdk import (
    Dimension,
    Grade,
    GradeBands,
    InARow,
    Item,
    Policies,
    Scheme,
    Terms,
    Text,
    Veto,
    When,
    rules,
)  # fmt: skip
from meritline_sdk.explain.difference_words import HEADS
from meritline_sdk.explain.differences import scheme_differences, table_differences
from meritline_sdk.model.canonical import to_plain
from meritline_sdk.testing.strategies import scoring_rules

NAME = Text("Name", "名称")
ITEM = "a.one"


def scheme(**changes: object) -> Scheme:
    """A scheme of two lines, changed."""
    given: dict[str, object] = {
        "items": (Item(ITEM, 60, rules.TargetMet(), target=90), Item("a.two", 40, rules.AsPoints())),
        "weights": "renormalise",
        "grades": GradeBands((Grade("poor", Text("Poor", "差")), Grade("good", Text("Good", "好"), 60))),
        **changes,
    }
    return Scheme("s", NAME, **given)  # type: ignore[arg-type]


def first(**changes: object) -> Scheme:
    """The scheme with its first line changed."""
    base = scheme()
    return replace(base, items=(replace(base.items[0], **changes), base.items[1]))  # type: ignore[arg-type]


CHANGES = {
    "a weight": (first(weight=50), "“a.one”, weight: 50 instead of 60."),
    "a target": (first(target=85), "“a.one”, target: 85 points instead of 90 points."),
    "a rule": (first(rule=rules.Deduct(2)), "“a.one”, rule: “100 points, less 2 points for each point below the "
               "target, not below 0” instead of “100 points where the target is reached, else 0 points”."),
    "a policy": (first(policies=Policies(failed="manual")), "“a.one”, Failed: a person decides instead of none."),
    "a pass score": (scheme(pass_score=60), "Pass score: 60 instead of none."),
    "a grade's limit": (scheme(grades=GradeBands((Grade("poor", Text("Poor", "差")),
                                                  Grade("good", Text("Good", "好"), 70)))),
                        "“Good”, limit: 70 instead of 60."),
    "a veto": (scheme(vetoes=(Veto("fraud", Text("Fraud", "舞弊"), "a.fraud"),)), "New: “Fraud”."),
    "a dimension": (scheme(dimensions=(Dimension("d", Text("Ability", "能力"), 60),),
                           items=(replace(scheme().items[0], dimension="d"), scheme().items[1])), "New: “Ability”."),
    "probation": (scheme(for_employment="probation"), "Employment: staff on probation instead of everybody."),
    "the scheme's policies": (scheme(policies=Policies(waived="zero")), "Waived: no points instead of none."),
    "the order": (replace(scheme(), items=scheme().items[::-1]), "The lines stand in another order."),
    "a line gone": (replace(scheme(), items=scheme().items[:1], weights="as_given"), "“a.two” is dropped."),
}


@pytest.mark.parametrize("name", CHANGES)
def test_a_change_is_told_in_both_languages(name: str) -> None:
    """Each kind of change has its sentence; back again is a change too."""
    new, told = CHANGES[name]
    english = scheme_differences(scheme(), new, {}, "en")
    assert any(one.startswith(told.rstrip(".")) for one in english), english
    assert scheme_differences(scheme(), new, {}, "zh")
    assert scheme_differences(new, scheme(), {}, "en")
    assert not any("Policies(" in one or "Decimal(" in one for one in english)


@settings(max_examples=300)
@given(st.tuples(scoring_rules(), scoring_rules()), st.tuples(*[st.integers(1, 99)] * 2))
def test_nothing_changes_silently(pair: tuple[rules.Rule, rules.Rule], weights: tuple[int, int]) -> None:
    """Two versions have no sentence exactly where they are the same."""
    one, two = (replace(scheme(weights="as_given"), items=(
        Item(ITEM, weight, rule, target=Decimal(7)), Item("a.two", 40, rules.AsPoints())))
        for weight, rule in zip(weights, pair, strict=True))
    for language in ("en", "zh"):
        assert bool(scheme_differences(one, two, {}, language)) == (to_plain(one) != to_plain(two))


def test_every_field_has_a_name() -> None:
    """No sentence shows a name of our code."""
    for value in (SHOP_AGENTS, LEVEL_PAY, Terms(), When(passed=False), InARow(2), *RANK_PAY.rules):
        for name in value.__dataclass_fields__:
            assert name in HEADS or name in ("items", "events", "dimensions", "vetoes", "grades", "rules"), name


def test_a_reward_table_that_pays_otherwise() -> None:
    """Money is told line by line."""
    dearer = replace(LEVEL_PAY, rules=(replace(LEVEL_PAY.rules[1], amount=150), *LEVEL_PAY.rules[2:],  # type: ignore[type-var]
                                       LEVEL_PAY.rules[0]))
    assert table_differences(LEVEL_PAY, dearer, {}, "en") == (
        "“Browsing unrelated pages, 100 each”, amount: 150 instead of 100.",)
    assert table_differences(LEVEL_PAY, LEVEL_PAY, {}, "zh") == ()
    told = table_differences(LEVEL_PAY, RANK_PAY, {}, "zh")
    assert "取消“等级绩效奖金”。" in told
    assert any("1000、800、600" in one for one in told)
