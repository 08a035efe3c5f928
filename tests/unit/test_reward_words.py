"""The words of reward lines: in both languages, for every kind, with arithmetic that closes on a pocket calculator."""

import re
from decimal import Decimal
from fractions import Fraction
from math import floor
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from meritline.domain.facts import Facts, Outcome
from meritline.domain.ranking import Card
from meritline.domain.rewarding import RewardLine, reward
from meritline_sdk import (
    Award,
    BasePay,
    ByGrade,
    ByRank,
    Coefficient,
    Fine,
    Fixed,
    Grade,
    GradeBands,
    InARow,
    Item,
    PerReading,
    Pool,
    Proposal,
    RatedIndicator,
    Reduction,
    RewardTable,
    Scheme,
    Terms,
    Text,
    When,
    WhenMet,
    rules,
)
from meritline_sdk.evaluate.readings import Reading
from meritline_sdk.evaluate.scoring import Scored
from meritline_sdk.evaluate.tallies import Subject
from meritline_sdk.explain import reward_text
from meritline_sdk.explain.reward_phrases import REWARD_PHRASES
from meritline_sdk.model.consequences import ACTS
from meritline_sdk.model.reward_rules import SPLITS
from meritline_sdk.model.schemes import SubjectKind
from meritline_sdk.model.units import COUNT

T = Text("Reward", "奖励")
EVENTS = RatedIndicator("events", T, unit=COUNT)
SCHEME = Scheme("s", T, (Item(EVENTS, 100, rules.AsPoints()),), pass_score=60,
                grades=GradeBands((Grade("low", T), Grade("high", T, 60))))
FAILED = When(passed=False, score_below=70)
MONEY = st.integers(1, 10**6).map(lambda cents: Decimal(cents).scaleb(-2))


def table(money: Decimal, ties: str, by_days: bool) -> RewardTable:
    """Every kind of rule at once."""
    return RewardTable("t", T, "s", (
        ByGrade("grade", T, {"low": money, "high": 7}), ByRank("rank", T, (money, 300, 100), beyond=5, ties=ties,
                                                              low_score=20, low_amount=1, pays="place"),
        PerReading("each", T, EVENTS, money, cap=4000, above=1), Fixed("fixed", T, money),
        WhenMet("limits", T, EVENTS, money, at_least=1, at_most=4), BasePay("base", T, 22, 7, "literal"),
        Coefficient("score", T, per=90, least="0.5", most="1.1", pays="score_pay"),
        Coefficient("by_grade", T, {"low": "0.85", "high": "1.15"}, pays="grade_pay"),
        *(Pool(split, T, EVENTS, money, at_least=1, split=split, per_step="0.7", cap=9000) for split in SPLITS),
        Award("award", T, money, When(best_percent=50), pays="award"), Award("row", T, money, FAILED, InARow(2)),
        Reduction("cut", T, "12.5", FAILED, reduces="score_pay"),
        Fine("fine", T, EVENTS, "33.33", "score_pay", cap=500),
        *(Proposal(act, T, act, When(score_at_least=0), detail=T) for act in ACTS),
    ), (Terms(rules=("fixed", "grade"), passed=True, least_days=12, employment="regular", to_the_end=True),
        Terms(by_days=by_days), Terms(rules=("award",), least_measured=50, complete=True)))


OPERAND = r"[(−]*\d+(?:\.\d+)?…?(?:/\d+)?\)*"
ROUNDED = r" ?[（(](?:rounded|四舍五入)[^）)]*[）)]"
FORMULA = re.compile(rf"({OPERAND}(?: ?[+×/−] ?{OPERAND})*) = (−?\d+(?:\.\d+)?)(…?)({ROUNDED})?")


def half_up(value: Fraction) -> Fraction:
    return Fraction(floor(value * 100 + Fraction(1, 2)), 100)


def value_of(formula: str) -> Fraction:
    plain = formula.replace("…", "").replace("×", "*").replace("−", "-")
    numbers = re.sub(r"\d+(?:\.\d+)?", lambda number: f"Fraction('{number[0]}')", plain)
    value: Fraction = eval(numbers, {"Fraction": Fraction})
    return value


def check(text: str) -> int:
    """How many formulas the text has; each one closes."""
    found = FORMULA.findall(text)
    assert len(found) == text.count(" = "), text
    for left, right, cut, told in found:
        value, printed = value_of(left.lstrip("(") if left.count("(") > left.count(")") else left), Fraction(
            right.replace("−", "-"))
        if told or "…" in left:
            assert half_up(value) == printed, text
        elif cut:
            assert 0 <= value - printed < Fraction(1, 1000), text
        else:
            assert value == printed, text
    return len(found)


def lines(people: list[Any], money: Decimal, ties: str, by_days: bool) -> list[RewardLine]:
    cards, readings, facts = [], {}, {}
    for number, (score, count, days, pay) in enumerate(people):
        who = Subject(SubjectKind.EMPLOYEE, f"E{number}")
        reading = Reading("not_measured") if count is None else Reading("measured", count, sample=1)
        readings[who] = {("events", "own"): reading, ("events", "company"): Reading("measured", Fraction(22, 7))}
        grade = None if score is None else "low" if score < 60 else "high"
        cards.append(Card(who, Scored((), None, score, grade, None if score is None else score >= 60,
                                      "complete" if number % 2 else "incomplete", measured=Fraction(days * 10, 3))))
        facts[who] = Facts(days, 31, days > 3, "regular" if days % 2 else "probation", pay, pay, (
            Outcome("2026-03", Decimal(50), "low", False), Outcome("2026-04", None)))
    return list(reward(table(money, ties, by_days), SCHEME, cards, readings, facts=facts, period="2026-05"))


@settings(max_examples=150)
@given(st.lists(st.tuples(
    st.none() | st.integers(0, 12000).map(lambda score: Decimal(score).scaleb(-2)) | st.sampled_from([Decimal(55)]),
    st.none() | st.builds(Fraction, st.integers(0, 40), st.sampled_from([1, 7])), st.integers(0, 31),
    st.none() | MONEY),
    min_size=1, max_size=4), MONEY, st.sampled_from(["mean_of_places", "better_place"]), st.booleans())
def test_every_text_closes_in_both_languages(people: list[Any], money: Decimal, ties: str, by_days: bool) -> None:
    for line in lines(people, money, ties, by_days):
        english, chinese = (reward_text(line.steps, line.title, language) for language in ("en", "zh"))
        assert check(english) == check(chinese)
        assert re.search("[a-z]{3}", chinese.replace("low", "")) is None, "all of it is Chinese"
        assert not re.search(r"[{}]|None", english + chinese)
        shown = "0.00" if line.amount == 0 else None if line.amount is None else f"{abs(line.amount):f}"
        taken_nothing = "nothing is taken" in english.lower() or line.amount == 0
        assert shown is None or shown in english or taken_nothing, "the amount is in its text"


def test_every_phrase_has_the_same_blanks_in_both_languages() -> None:
    for key, (english, chinese) in REWARD_PHRASES.items():
        assert set(re.findall(r"\{(\w+)\}", english)) == set(re.findall(r"\{(\w+)\}", chinese)), key
