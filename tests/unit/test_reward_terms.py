"""What rewards hang on beside the score: terms, days, coefficients, conditions; told with the numbers, never silent."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from fractions import Fraction

import pytest

from meritline.domain.facts import Facts
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
    rules,
)
from meritline_sdk.evaluate.readings import Reading
from meritline_sdk.evaluate.scoring import score
from meritline_sdk.evaluate.tallies import Subject
from meritline_sdk.explain import reward_text
from meritline_sdk.model.bands import Granted
from meritline_sdk.model.consequences import When
from meritline_sdk.model.schemes import SubjectKind
from meritline_sdk.model.units import COUNT

T = Text("Bonus", "奖金")
QUALITY, MANNER = RatedIndicator("quality", Text("Quality", "质量")), RatedIndicator("manner", Text("Manner", "态度"))
SUPER, EVENTS = RatedIndicator("super", T, unit=COUNT), RatedIndicator("events", Text("Orders", "单量"), unit=COUNT)
GRADES = GradeBands((Grade("low", Text("Low", "低")), Grade("high", Text("High", "高"), 80)),
                    granted=(Granted("super", Text("Super", "超级"), SUPER),))
SCHEME = Scheme("s", T, (Item(QUALITY, 60, rules.AsPoints(cap=None)), Item(MANNER, 40, rules.AsPoints(cap=None))),
                grades=GRADES, pass_score=60)
BONUS = ByGrade("bonus", T, {"low": 300, "high": 500, "super": 1000})
MEMBERS = [Subject(SubjectKind.EMPLOYEE, f"E{number:02}") for number in range(1, 20)]
type Given = Mapping[str, Fraction | int | str | None]


def paid(table: Sequence[object], people: Sequence[Given], facts: Sequence[Facts] = (),
         terms: Sequence[Terms] = ()) -> list[dict[str, RewardLine]]:
    """The lines of each; "score" gives both items the same points."""
    readings = {}
    for who, person in zip(MEMBERS, people, strict=False):
        values = dict(person)
        if "score" in values:
            values["quality"] = values["manner"] = values.pop("score")
        readings[who] = {(key, "own"): Reading("not_measured") if value is None else
                         Reading("measured", Fraction(value), sample=9) for key, value in values.items()}
        readings[who] |= {("events", "company"): readings[who].get(("events", "own"), Reading("not_measured"))}
    cards = [Card(who, score(SCHEME, found, {})) for who, found in readings.items()]
    lines = reward(RewardTable("t", T, "s", tuple(table), tuple(terms)), SCHEME, cards[::-1], readings,  # type: ignore[arg-type]
                   facts=dict(zip(MEMBERS, facts, strict=False)), period="2026-05")
    return [{line.rule_key: line for line in lines if line.subject == who} for who in readings]


def text(line: RewardLine, language: str = "en") -> str:
    return reward_text(line.steps, line.title, language)


@pytest.mark.parametrize(("terms", "facts", "person", "amount", "says"), [
    (Terms(least_measured=80), Facts(), {"quality": 90}, "0.00", "60% of the weights measured, 80% needed"),
    (Terms(least_measured=60), Facts(), {"quality": 90}, "500.00", ""),
    (Terms(complete=True), Facts(), {"quality": 90}, "0.00", "not every line was measured: Manner"),
    (Terms(passed=True), Facts(), {"score": "59.99"}, "0.00", "a score of 59.99, the pass score of 60 needed"),
    (Terms(passed=True), Facts(), {"score": "60"}, "300.00", ""),
    (Terms(passed=True), Facts(), {"score": None}, "0.00", "no score, the pass score needed"),
    (Terms(employment="regular"), Facts(employment="probation"), {"score": 90}, "0.00",
     "on probation, regular staff needed"),
    (Terms(least_days=15), Facts(days=14, period_days=31), {"score": 90}, "0.00",
     "employed on 14 days of the period, 15 needed"),
    (Terms(least_days=15), Facts(days=15, period_days=31), {"score": 90}, "500.00", ""),
    (Terms(to_the_end=True), Facts(to_the_end=False), {"score": 90}, "0.00", "not employed on the last day"),
    (Terms(by_days=True), Facts(days=10, period_days=31), {"score": 90}, "161.29",
     "Employed on 10 of 31 days: 500.00 × 10 / 31 = 161.29 (rounded to 0.01)"),
    (Terms(by_days=True), Facts(days=31, period_days=31), {"score": 90}, "500.00", ""),
    (Terms(by_days=True), Facts(days=0, period_days=31), {"score": 90}, "0.00", "500.00 × 0 / 31 = 0.00"),
    (Terms(rules=("other",), least_days=9), Facts(), {"score": 90}, "500.00", ""),
])
def test_terms_refuse_with_the_numbers(terms: Terms, facts: Facts, person: Given, amount: str, says: str) -> None:
    [found] = paid((BONUS, Fixed("other", T, 1)), [person], [facts], [terms])
    assert str(found["bonus"].amount) == amount
    assert says.lower() in text(found["bonus"]).lower()
    if says and "days:" not in says and " / " not in says:
        assert text(found["bonus"]).startswith("Bonus: the terms are not met: ")
        assert text(found["bonus"], "zh").startswith("奖金 不符合发放条件：")


def test_every_unmet_term_is_told_and_who_is_refused_money_is_still_warned() -> None:
    warning = Proposal("warning", T, "warning", When(passed=False))
    table, terms = (BONUS, warning), (Terms(passed=True, least_days=20), Terms(rules=("bonus",), to_the_end=True))
    [found] = paid(table, [{"score": 20}], [Facts(3, 30, to_the_end=False)], terms)
    assert found["warning"].act == "warning"
    assert text(found["bonus"]) == (
        "Bonus: the terms are not met: a score of 20.00, the pass score of 60 needed, and employed on 3 days of the "
        "period, 20 needed, and not employed on the last day of the period; 0.00.")
    named = (Terms(rules=("warning",), employment="regular"),)
    [found] = paid(table, [{"score": 20}], [Facts(employment="probation")], named)
    assert set(found) == {"bonus"}, "an act has a line only where it is proposed"


def test_a_place_is_not_taken_over_where_the_terms_refuse_its_money() -> None:
    rank = ByRank("rank", T, (1000, 800, 600), beyond=100)
    people: list[Given] = [{"score": 99}, {"score": 98}, {"score": 97}, {"score": 96}]
    facts = [Facts(), Facts(employment="probation"), Facts(), Facts()]
    found = paid((rank,), people, facts, [Terms(employment="regular")])
    assert [str(one["rank"].amount) for one in found] == ["1000.00", "0.00", "600.00", "100.00"]


def test_days_are_rounded_once_after_everything_else() -> None:
    """2.86 for 16 of 31 days would be 1.48."""
    [found] = paid((PerReading("each", T, EVENTS, 1),), [{"score": 90, "events": Fraction(20, 7)}], [Facts(16, 31)],
                   [Terms(by_days=True)])
    assert found["each"].amount == Decimal("1.47")
    assert text(found["each"]) == ("Bonus: 2.8571…. 1.00 × (20/7) = 2.8571…; employed on 16 of 31 days: 2.8571… × 16 / "
                                   "31 = 1.47 (rounded to 0.01).")


@pytest.mark.parametrize(("rule", "person", "pay", "amount", "says"), [
    (Coefficient("c", T, {"low": "0.8", "high": "1.2", "super": 2}), {"score": 90}, 3000, "3600.00",
     "grade High, coefficient 1.2, on the performance pay on record: 3000.00 × 1.2 = 3600.00"),
    (Coefficient("c", T, {"low": "0.8", "high": "1.2", "super": 2}), {"score": 90, "super": 1}, 3000, "6000.00",
     "grade Super"),
    (Coefficient("c", T, per=100), {"score": "87.5"}, 3000, "2625.00", "3000.00 × 87.5 / 100 = 2625.00"),
    (Coefficient("c", T, per=90), {"score": "87.55"}, 1000, "972.78",
     "1000.00 × 87.55 / 90 = 972.78 (rounded to 0.01)"),
    (Coefficient("c", T, per=100, least="0.9"), {"score": "80"}, 3000, "2700.00",
     "coefficient 80 / 100 = 0.8, not below 0.9: 0.9. on the performance pay on record: 3000.00 × 0.9 = 2700.00"),
    (Coefficient("c", T, per=100, most="1.1"), {"score": "120"}, 3000, "3300.00", "at most 1.1: 1.1"),
    (Coefficient("c", T, per=100), {"score": 90}, None, None, "no performance pay is on record; nothing is paid"),
    (Coefficient("c", T, per=100), {"score": None}, 3000, None, "there is no score; nothing is paid"),
    (Coefficient("c", T, {"low": 1, "high": 1, "super": 1}), {"score": None}, 3000, None, "no grade"),
])
def test_a_coefficient_on_the_performance_pay(rule: Coefficient, person: Given, pay: int | None, amount: str | None,
                                             says: str) -> None:
    [found] = paid((rule,), [person], [Facts(performance_pay=None if pay is None else Decimal(pay))])
    assert (None if found["c"].amount is None else str(found["c"].amount)) == amount
    assert says.lower() in text(found["c"]).lower()


def test_a_granted_grade_pays_as_the_table_says() -> None:
    found = paid((BONUS,), [{"score": 10, "super": 1}, {"score": 10, "super": 0}])
    assert [str(one["bonus"].amount) for one in found] == ["1000.00", "300.00"]
    assert text(found[0]["bonus"], "zh") == "奖金 等级“超级”：1000.00。"


@pytest.mark.parametrize(("value", "amount", "says"), [
    (12, "6.00", "for what lies beyond 10: 3.00 × (12 − 10) = 6.00"), (10, "0.00", "not beyond 10: 0.00"),
    (3, "0.00", "not beyond 10"), (40, "60.00", "3.00 × (40 − 10) = 90.00, at most 60.00: 60.00")])
def test_pay_beyond_a_quota(value: int, amount: str, says: str) -> None:
    [found] = paid((PerReading("each", T, EVENTS, 3, cap=60, above=10),), [{"score": 90, "events": value}])
    assert str(found["each"].amount) == amount
    assert says in text(found["each"]).replace("For", "for").replace("Not", "not")


def test_a_place_beyond_the_list_and_a_fine_with_a_cap() -> None:
    rank = ByRank("rank", T, (100, 50), beyond=20, pays="performance_bonus")
    fine = Fine("fine", Text("Fine", "罚款"), EVENTS, 10, cap=25)
    found = paid((rank, fine), [{"score": 99, "events": 4}, {"score": 98, "events": 2}, {"score": 97, "events": 9},
                                {"score": 96, "events": None}])
    assert [str(one["rank"].amount) for one in found] == ["100.00", "50.00", "20.00", "20.00"]
    assert [str(one["fine"].amount) for one in found] == ["-25.00", "-20.00", "-20.00", "None"]
    assert text(found[0]["fine"]).endswith("A fine of 10.00 × 4 = 40.00, at most 25.00: 25.00; 25.00 of it is taken "
                                           "from Bonus.")
    assert "the remaining 5.00 is dropped" in text(found[2]["fine"])


@pytest.mark.parametrize(("when", "met"), [
    (When(best_percent=34), [True, False, False]), (When(best_percent="33.33"), [False, False, False]),
    (When(best_percent=67), [True, True, True]),  # two whole places, and the second is shared
    (When(rank_at_most=1), [True, False, False]), (When(rank_at_most=2), [True, True, True]),
    (When(score_below=80), [False, True, True]), (When(score_at_least=80), [True, False, False]),
    (When(grades=("high", "super")), [True, False, False]), (When(passed=False), [False, False, False]),
    (When(grades=("low",), rank_at_most=1), [False, False, False])])
def test_conditions_hold_for_all_who_share_a_place(when: When, met: list[bool]) -> None:
    found = paid((Award("award", T, 7, when),), [{"score": 80}, {"score": 70}, {"score": 70}, {"score": None}])
    assert [None if one["award"].amount is None else bool(one["award"].amount) for one in found] == [*met, None]


def test_conditions_are_told_with_their_numbers() -> None:
    table = (Award("share", T, 7, When(best_percent=67)), Award("place", T, 7, When(rank_at_most=1, grades=("high",))))
    found = paid(table, [{"score": 80}, {"score": 70}, {"score": 70}])
    assert text(found[1]["share"]) == (
        "Bonus: the condition holds: the best 67% are 3 × 67 / 100 = 2.01, whole places: 2; place 2 of 3 is within the "
        "first 2. Awarded: 7.00.")
    assert text(found[1]["place"]) == (
        "Bonus: the condition does not hold: grade Low, meant are High, and place 2 of 3 is not within the first 1. "
        "Nothing is awarded: 0.00.")


def test_a_reduction_comes_before_the_fines_and_is_of_what_was_paid() -> None:
    fixed = Fixed("fixed", T, "999.99", pays="performance_bonus")
    cut = Reduction("cut", Text("Cut", "扣减"), 20, When(score_below=80))
    again = Reduction("again", Text("Again", "再扣减"), 20, When(passed=False))
    fine = Fine("fine", Text("Fine", "罚款"), EVENTS, 300)
    found = paid((fine, cut, again, fixed), [{"score": 50, "events": 3}, {"score": 90, "events": 1}])
    assert {key: str(line.amount) for key, line in found[0].items()} == {
        "fine": "-599.99", "cut": "-200.00", "again": "-200.00", "fixed": "999.99"}
    assert {key: str(line.amount) for key, line in found[1].items()} == {
        "fine": "-300.00", "cut": "0.00", "again": "0.00", "fixed": "999.99"}
    assert "20% of Bonus: 999.99 × 20 / 100 = 200.00 (rounded to 0.01); 200.00 of it is taken from Bonus." in text(
        found[0]["cut"])
    assert text(found[1]["cut"], "zh") == "扣减 不满足条件：总分 90.00 不低于 80。不扣减。"
    [none] = paid((cut, fixed), [{"score": None}])
    assert none["cut"].amount is None


def test_base_pay_by_the_day_keeps_its_rates() -> None:
    [found] = paid((BasePay("base", T, 22, 8),), [{"score": 90}], [Facts(10, 31, base_pay=Decimal("3100.00"))],
                   [Terms(by_days=True)])
    assert str(found["base"].amount) == "1000.00"
    assert "3100.00 × 10 / 31 = 1000.00" in text(found["base"])


@pytest.mark.parametrize(("split", "parts", "says"), [
    ("equal", ["33.34", "33.33", "33.33", "0.00"], "100.00 / 3 = 33.3333… each; with the cent left over: 33.34"),
    ("by_score", ["50.00", "33.33", "16.67", "0.00"], "by score: 100.00 × 90 / 180 = 50.00."),
    ("by_days", ["20.00", "40.00", "40.00", "0.00"], "by days employed: 100.00 × 15 / 75 = 20.00."),
    ("by_pay", ["25.00", "75.00", "None", "0.00"], "by performance pay: 100.00 × 1000 / 4000 = 25.00.")])
def test_a_pool_is_shared_by_those_whom_the_terms_admit(split: str, parts: list[str], says: str) -> None:
    pool = Pool("pool", T, EVENTS, 100, at_least=1, split=split)
    people: list[Given] = [{"score": value, "events": 1} for value in (90, 60, 30, 99)]
    facts = [Facts(15, 30, performance_pay=Decimal(1000)), Facts(30, 30, performance_pay=Decimal(3000)), Facts(30, 30),
             Facts(30, 30, employment="probation", performance_pay=Decimal(9000))]
    found = paid((pool,), people, facts, [Terms(employment="regular")])
    assert [str(one["pool"].amount) for one in found] == parts
    assert says.lower() in text(found[0]["pool"]).lower()
    assert "on probation, regular staff needed" in text(found[3]["pool"])
    if split == "by_pay":
        assert "No performance pay is on record, so there is no share" in text(found[2]["pool"])


def test_a_pool_that_admits_nobody_or_weighs_nothing_is_not_paid_and_says_so() -> None:
    pool = Pool("pool", T, EVENTS, 100, at_least=1)
    found = paid((pool,), [{"score": 50, "events": 1}] * 2, [], [Terms(passed=True)])
    assert [str(one["pool"].amount) for one in found] == ["0.00", "0.00"]
    assert "Nobody of the group is admitted, so the money is not paid" in text(found[0]["pool"])
    [found] = paid((Pool("pool", T, EVENTS, 100, at_least=1, split="by_score"),), [{"score": 0, "events": 1}])
    assert str(found["pool"].amount) == "0.00"
    assert "Nobody of the group has anything to share by" in text(found["pool"])


@pytest.mark.parametrize(("value", "amount", "says"), [
    ("0.1399", "0.00", "does not meet"), ("0.14", "500.00", "(0.14 − 0.14) / 0.01 = 0, whole steps: 0"),
    ("0.1499", "500.00", "whole steps: 0"), ("0.15", "1000.00", "500.00 × (1 + 1) = 1000.00; 1000.00 / 1"),
    ("0.163", "1200.00", "(0.163 − 0.14) / 0.01 = 2.3, whole steps: 2; for the group 500.00 × (1 + 2) = 1500.00, at "
     "most 1200.00: 1200.00")])
def test_a_pool_may_pay_for_each_full_step(value: str, amount: str, says: str) -> None:
    pool = Pool("pool", T, EVENTS, 500, at_least="0.14", per_step="0.01", cap=1200)
    [found] = paid((pool,), [{"score": 50, "events": value}])
    assert str(found["pool"].amount) == amount
    assert says in text(found["pool"])
