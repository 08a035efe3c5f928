"""Rewards: each rule once, to the cent; pools to the exact sum; fines never below zero; nothing for the unmeasured."""

import re
from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from meritline.domain.facts import Facts
from meritline.domain.pools import split
from meritline.domain.ranking import Card
from meritline.domain.rewarding import RewardLine, reward, total
from meritline_sdk import (
    BasePay,
    ByGrade,
    ByRank,
    DeclarationError,
    Fine,
    Grade,
    GradeBands,
    Item,
    PerReading,
    Pool,
    RatedIndicator,
    RewardTable,
    Scheme,
    Text,
    WhenMet,
    rules,
)
from meritline_sdk.evaluate.readings import Reading
from meritline_sdk.evaluate.scoring import score
from meritline_sdk.evaluate.tallies import Subject
from meritline_sdk.explain import reward_text
from meritline_sdk.model.schemes import SubjectKind
from meritline_sdk.model.units import COUNT, PERCENT

TITLE = Text("Bonus", "奖金")
QUALITY = RatedIndicator("quality", TITLE)
EVENTS = RatedIndicator("events", Text("Events", "事件"), unit=COUNT)
RATE = RatedIndicator("rate", Text("Rate", "比率"), unit=PERCENT)
LEVELS = GradeBands((Grade("low", Text("Low", "低")), Grade("high", Text("High", "高"), 80)))
SCHEME = Scheme("s", TITLE, (Item(QUALITY, 100, rules.AsPoints()),), grades=LEVELS)
BONUS = ByGrade("bonus", TITLE, {"low": 300, "high": 500})
type Given = Mapping[str, Fraction | int | str | None]


def subject(number: int) -> Subject:
    return Subject(SubjectKind.EMPLOYEE, f"E{number:03}")


def measured(value: Fraction | int | str | None) -> Reading:
    return Reading("not_measured") if value is None else Reading("measured", Fraction(value), sample=9)


def paid(table_rules: tuple[object, ...], people: list[Given], departments: list[str] | None = None) -> list[
        dict[str, RewardLine]]:
    """What each person gets, by rule, in order of number; ``quality`` decides the score."""
    table = RewardTable("t", TITLE, "s", table_rules)  # type: ignore[arg-type]
    readings = {subject(number): {(key, "company" if key == "rate" else "own"): measured(value)
                                  for key, value in person.items()} for number, person in enumerate(people)}
    for found in readings.values():
        if ("rate", "company") in found:
            found["rate", "own"] = found["rate", "department"] = found["rate", "company"]
    found_cards = [Card(one, score(SCHEME, found, {}), departments[number] if departments else None)
                   for number, (one, found) in enumerate(readings.items())]
    lines = reward(table, SCHEME, found_cards[::-1], readings)
    count = len(table.rules)
    return [{line.rule_key: line for line in lines[start:start + count]} for start in range(0, len(lines), count)]


def amounts(table_rules: tuple[object, ...], people: list[Given]) -> list[list[Decimal | None]]:
    return [[line.amount for line in found.values()] for found in paid(table_rules, people)]


@settings(max_examples=150, deadline=None)
@given(st.integers(0, 10**9), st.integers(1, 400))
def test_a_pool_is_split_to_the_exact_sum(cents: int, people: int) -> None:
    amount = Decimal(cents).scaleb(-2)
    parts, extra = split(amount, [Fraction(1)] * people)
    assert sum(parts) == amount
    assert len(parts) == people
    assert parts == sorted(parts, reverse=True)
    assert parts[0] - parts[-1] <= Decimal("0.01")
    assert extra == frozenset(range(cents % people))


def test_a_pool_pays_all_or_nobody() -> None:
    pool = Pool("pool", TITLE, RATE, 500, at_least="0.14")
    met = paid((pool,), [{"quality": 70, "rate": "0.14"}] * 3)
    assert [found["pool"].amount for found in met] == [Decimal("166.67"), Decimal("166.67"), Decimal("166.66")]
    assert amounts((pool,), [{"quality": 70, "rate": Fraction(139999, 10**6)}] * 3) == [[Decimal("0.00")]] * 3
    assert amounts((pool,), [{"quality": 70, "rate": None}] * 2) == [[None]] * 2


def test_a_departments_pool_is_its_own() -> None:
    pool = Pool("pool", TITLE, RATE, 100, at_least=1, read_from="department")
    found = paid((pool,), [{"quality": 70, "rate": 1}] * 3, departments=["A", "A", "B"])
    assert [one["pool"].amount for one in found] == [Decimal("50.00"), Decimal("50.00"), Decimal("100.00")]


@settings(max_examples=150, deadline=None)
@given(st.lists(st.tuples(st.integers(1, 60000), st.none() | st.integers(-2, 12)), min_size=1, max_size=4),
       st.none() | st.integers(0, 100))
def test_fines_never_make_a_bonus_negative(fines: list[tuple[int, int | None]], quality: int | None) -> None:
    named = [RatedIndicator(f"f{number}", TITLE, unit=COUNT) for number in range(len(fines))]
    table = (*(Fine(one.key, TITLE, one, Decimal(cents).scaleb(-2), reduces="performance_bonus")
               for one, (cents, _) in zip(named, fines, strict=True)), BONUS)
    readings: dict[str, Fraction | int | str | None] = {"quality": quality}
    readings |= {one.key: count for one, (_, count) in zip(named, fines, strict=True)}
    [found] = paid(table, [readings])
    lines = list(found.values())
    assert [line.rule_key for line in lines] == [*(one.key for one in named), "bonus"], "in the table's order"
    assert total(lines) >= 0
    assert all(line.amount is None or line.amount <= 0 for line in lines[:-1])
    due = sum((Decimal(cents).scaleb(-2) * max(count or 0, 0) for cents, count in fines), Decimal(0))
    assert total(lines) == max((found["bonus"].amount or Decimal(0)) - due, Decimal(0))
    for line, (_, count) in zip(lines, fines, strict=False):
        waits = found["bonus"].amount is None and (count or 0) > 0  # what is taken from unknown money is not known
        assert (line.amount is None) == (count is None or waits)


def test_what_the_bonus_cannot_bear_is_shown() -> None:
    fine = Fine("fine", Text("Fine", "罚款"), EVENTS, 200)
    [found] = paid((BONUS, fine), [{"quality": 10, "events": 2}])
    assert found["fine"].amount == Decimal("-300.00")
    assert reward_text(found["fine"].steps, found["fine"].title, "en") == (
        "Fine: 2. A fine of 200.00 × 2 = 400.00; 300.00 of it is taken from Bonus; the remaining 100.00 is dropped.")
    assert reward_text(found["fine"].steps, found["fine"].title, "zh") == (
        "罚款 2。罚款 200.00 × 2 = 400.00；从“奖金”中扣除 300.00；其余 100.00 不再扣除。")


@pytest.mark.parametrize(("ties", "wanted"), [
    ("mean_of_places", ["1000.00", "700.00", "700.00", "200.00", "100.00", "100.00", "0.00", "0.00"]),
    ("better_place", ["1000.00", "800.00", "800.00", "200.00", "100.00", "100.00", "0.00", "0.00"])])
def test_places_are_paid_with_ties_a_tail_and_a_low_score(ties: str, wanted: list[str]) -> None:
    by_rank = ByRank("rank", TITLE, (1000, 800, 600), tail_step=400, tail_least=0, ties=ties, low_score=50,
                     low_amount=100)
    people: list[Given] = [{"quality": value} for value in (99, 90, 90, 80, "49.99", 10, 70, 60)]
    found = [line[0] for line in amounts((by_rank,), people)]
    assert [str(amount) for amount in found] == wanted
    assert "(800.00 + 600.00) / 2 = 700.00" in reward_text(
        paid((ByRank("rank", TITLE, (1000, 800, 600), beyond=0),), people)[1]["rank"].steps, TITLE, "en")


def test_who_is_not_ranked_is_told_why() -> None:
    [line] = paid((ByRank("rank", TITLE, (100,), beyond=0),), [{"quality": None}])
    assert line["rank"].amount is None
    assert reward_text(line["rank"].steps, TITLE, "zh") == "奖金 没有总分，不参与排名，不发放。"


@given(st.integers(0, 10**6), st.integers(1, 10**5), st.none() | st.integers(0, 10**6))
def test_pay_for_each_is_rounded_once_and_capped(numerator: int, cents: int, cap: int | None) -> None:
    most = None if cap is None else Decimal(cap).scaleb(-2)
    each = Decimal(cents).scaleb(-2)
    rule = PerReading("each", TITLE, EVENTS, each, cap=most)
    [[found]] = amounts((rule,), [{"quality": 70, "events": Fraction(numerator, 7)}])
    assert found is not None
    exact = Fraction(each) * Fraction(numerator, 7)
    if most is not None and exact > Fraction(most):
        assert found == most
    else:
        assert abs(Fraction(found) - exact) <= Fraction(1, 200)
        assert found == found.quantize(Decimal("0.01"))


def test_a_reading_below_nothing_takes_no_money() -> None:
    """Pay for each point of growth: where it shrank there is none, and nothing is taken."""
    [found] = paid((PerReading("each", TITLE, EVENTS, "3.33"),), [{"quality": 70, "events": -3}])
    assert found["each"].amount == Decimal("0.00")
    assert "0" in reward_text(found["each"].steps, TITLE, "zh")


@pytest.mark.parametrize(("value", "wanted"), [
    ("94.999", "0.00"), ("95", "200.00"), ("99", "200.00"), ("99.001", "0.00"), (None, None)])
def test_a_condition_includes_its_limits_and_compares_unrounded(value: str | None, wanted: str | None) -> None:
    rule = WhenMet("met", TITLE, EVENTS, 200, at_least=95, at_most=99)
    [[found]] = amounts((rule,), [{"quality": 70, "events": value}])
    assert (None if found is None else str(found)) == wanted


def test_no_score_no_grade_no_pay() -> None:
    [found] = paid((BONUS,), [{"quality": None}])
    assert found["bonus"].amount is None
    assert "no grade" in reward_text(found["bonus"].steps, TITLE, "en")
    assert total(list(found.values())) == Decimal("0.00")


def test_money_finer_than_a_cent_and_paying_twice_are_refused() -> None:
    for wrong, says in ((lambda: ByGrade("b", TITLE, {"low": "0.001"}), "finer than a cent"),
                        (lambda: PerReading("b", TITLE, EVENTS, Decimal("NaN")), "finite"),
                        (lambda: RewardTable("t", TITLE, "s", (BONUS, ByRank("r", TITLE, (1,), beyond=0))),
                         "paid once"),
                        (lambda: RewardTable("t", TITLE, "s", (Fine("f", TITLE, EVENTS, 1),)), "no rule of the table"),
                        (lambda: Fine("f", TITLE, EVENTS, -5), "above zero")):
        with pytest.raises(DeclarationError, match=says):
            wrong()


OPERAND = r"\(*\d+(?:\.\d+)?(?:/\d+)?\)*"
FORMULA = re.compile(rf"({OPERAND}(?: ?[+×/] ?{OPERAND})*) = (\d+(?:\.\d+)?)(…?)( \(rounded to 0\.01\))?")


def test_every_reward_text_closes() -> None:
    people: list[Given] = [{"quality": 90, "events": Fraction(25, 7), "rate": 3},
                           {"quality": 90, "events": 0, "rate": 3}, {"quality": 20, "events": 9, "rate": 3}]
    table = (BONUS, ByRank("rank", TITLE, (1000, "800.01"), pays="rank_pay", beyond=0),
             PerReading("each", TITLE, EVENTS, "3.33"),
             Fine("fine", TITLE, EVENTS, "12.34"), Pool("pool", TITLE, RATE, 100, at_least=2))
    shown = [reward_text(line.steps, line.title, "en") for found in paid(table, people) for line in found.values()]
    for text in shown:
        formulas = FORMULA.findall(text)
        assert len(formulas) == text.count(" = ")
        for left, right, cut, told in formulas:
            keys = re.sub(r"\d+(?:\.\d+)?", lambda found: f"Fraction('{found[0]}')", left.replace("×", "*"))
            value, printed = eval(keys, {"Fraction": Fraction}), Fraction(right)
            assert abs(value - printed) <= (Fraction(1, 10**4) if cut else Fraction(1, 200) if told else 0), text
    assert sum(text.count(" = ") for text in shown) >= 10


@pytest.mark.parametrize(("mode", "amount"), [("month", "3000.00"), ("literal", "1772.73")])
def test_day_and_hour_rate_are_never_rounded_on_the_way(mode: str, amount: str) -> None:
    """3000 / 22 * 13 is 1772.73; a day rate rounded to 136.36 first would give 1772.68 (trap T34)."""
    table = RewardTable("t", TITLE, "s", (BasePay("base", TITLE, 22, 13, mode),))
    card = Card(subject(1), score(SCHEME, {("quality", "own"): measured(90)}, {}), None)
    [line] = reward(table, SCHEME, [card], {}, facts={subject(1): Facts(base_pay=Decimal("3000.00"))})
    assert line.amount == Decimal(amount)
    assert (line.steps[0]["day_rate"], line.steps[0]["hour_rate"]) == ("136.36", "10.49")
    assert "3000.00 / 22 = 136.36" in reward_text(line.steps, line.title, "en")
    [unknown] = reward(table, SCHEME, [card], {})
    assert unknown.amount is None
