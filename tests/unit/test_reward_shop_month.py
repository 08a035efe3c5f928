"""The bonus arithmetic of the online shop put together, step by step, as somebody with paper and pencil does it.

Five items of 20 points, events, no cap; the bonus by level or by rank; fines off that bonus alone; attendance money,
the group's bonus, meal allowance and base pay beside it; what the super level means is proposed, not done.
"""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from fractions import Fraction

import pytest

from meritline.domain.facts import Facts
from meritline.domain.ranking import Card
from meritline.domain.rewarding import RewardLine, reward, total
from meritline_sdk import (
    COUNT,
    BasePay,
    ByGrade,
    ByRank,
    Event,
    Fine,
    Fixed,
    Grade,
    GradeBands,
    Item,
    Pool,
    Proposal,
    RatedIndicator,
    RewardTable,
    Scheme,
    Text,
    When,
    WhenMet,
    rules,
)
from meritline_sdk.evaluate.readings import Reading
from meritline_sdk.evaluate.scoring import score
from meritline_sdk.evaluate.tallies import Subject
from meritline_sdk.explain import reward_text
from meritline_sdk.model.bands import LOWER_INCLUSIVE, UPPER_INCLUSIVE, Granted
from meritline_sdk.model.rewards import DeclarationError
from meritline_sdk.model.schemes import SubjectKind


def of(key: str) -> RatedIndicator:
    return RatedIndicator(key, Text(key.replace("_", " ").capitalize(), key), unit=COUNT)


POINTS = {"complaint": rules.PerUnit(-5, start=0, floor=None), "verified": rules.Judged(5, 20),
          "browsing": rules.PerUnit(-20, start=0, floor=None), "top_up": rules.PerUnit(-5, start=0, floor=None),
          "praise": rules.PerUnit(5, start=0), "named": rules.PerUnit(1, start=0),
          "outstanding": rules.PerUnit(10, start=0, cap=10), "growth": rules.Threshold("0.13", 20)}
ITEMS = ("colleagues", "leader", "service", "typing")
KEYS = (*ITEMS, "absences", *POINTS, "super", "late", "leave")
AMOUNTS = {"bottom": 300, "junior": 400, "middle": 500, "senior": 800, "special": 1000, "super": 1000}


def scheme(reading: str = LOWER_INCLUSIVE) -> Scheme:
    limits = (None, 60, 80, 100, 120) if reading == LOWER_INCLUSIVE else (40, 60, 80, 100, None)
    bands = GradeBands(tuple(Grade(key, Text(key, key), limit) for key, limit in zip(AMOUNTS, limits, strict=False)),
                       reading, (Granted("super", Text("Super", "超级"), of("super")),))
    items = (*(Item(of(key), 20, rules.AsPoints(full=20, cap=20)) for key in ITEMS),
             Item(of("absences"), 20, rules.PerUnit(-10, start=20, full=20)))
    return Scheme("shop", Text("Shop", "网店"), items, tuple(Event(of(key), rule) for key, rule in POINTS.items()),
                  grades=bands)


LEVEL = ByGrade("level", Text("Level bonus", "等级奖金"), AMOUNTS)
RANK = ByRank("rank", Text("Rank bonus", "排序奖金"), (1000, 800, 600), tail_step=200, tail_least=300, low_score=50,
              low_amount=300)
FINES = (Fine("browsing_fine", Text("Browsing", "浏览无关网页"), of("browsing"), 100),
         Fine("top_up_fine", Text("Top-up missed", "未及时充值"), of("top_up"), 200))
BESIDE = (
    WhenMet("full_attendance", Text("Full attendance", "全勤"), of("late"), 200, at_most=0),
    WhenMet("attendance", Text("Attendance", "考勤"), of("absences"), 100, at_most=0),
    Pool("group", Text("Review group", "中差评部门"), of("growth"), 500, at_least="0.14"),
    Fixed("meal", Text("Meal allowance", "饭补"), 260),
    BasePay("base", Text("Base pay", "基本工资"), 22, 13),
    Proposal("conversion", Text("Conversion", "转正"), "conversion", When(grades=("super",)),
             detail=Text("may train others or apply to a higher department", "可做讲师或申请高级部门")),
)


def subject(number: int) -> Subject:
    return Subject(SubjectKind.EMPLOYEE, f"E{number}")


def month(table: Sequence[object], people: Sequence[Mapping[str, str | int]], growth: str = "0.10",
          base: int = 2200, reading: str = LOWER_INCLUSIVE) -> list[tuple[str, dict[str, RewardLine]]]:
    """Score and lines of each; what is not said is nothing, an item not said is 20 points."""
    readings = {}
    for number, person in enumerate(people, 1):
        values = dict.fromkeys(KEYS, 0) | dict.fromkeys(ITEMS, 20) | dict(person)
        readings[subject(number)] = {(key, "own"): Reading("measured", Fraction(value), sample=1)
                                     for key, value in values.items()} | {
            ("growth", read_from): Reading("measured", Fraction(growth), sample=1) for read_from in ("own", "company")}
    cards = {who: Card(who, score(scheme(reading), found, {})) for who, found in readings.items()}
    lines = reward(RewardTable("pay", Text("Pay", "工资"), "shop", tuple(table)), scheme(reading),  # type: ignore[arg-type]
                   list(cards.values()), readings, facts=dict.fromkeys(cards, Facts(base_pay=Decimal(base))))
    return [(str(card.scored.score), {line.rule_key: line for line in lines if line.subject == who})
            for who, card in cards.items()]


@pytest.mark.parametrize(("person", "points", "money"), [
    ({"colleagues": 18, "leader": 17, "complaint": 1, "praise": 1, "named": 3, "outstanding": 1}, "108.00", "800.00"),
    ({"colleagues": 10, "leader": 9, "service": 15, "typing": 10, "absences": 1, "browsing": 1}, "34.00", "200.00"),
    ({"service": 12, "top_up": 2}, "82.00", "100.00"),
    ({"verified": 12}, "88.00", "500.00"),
    ({"colleagues": 0, "leader": 0, "service": 0, "typing": 0, "absences": 3, "browsing": 2}, "0.00", "100.00"),
    ({"colleagues": 0, "browsing": 4}, "0.00", "0.00"),  # 400.00 of fines, 300.00 of bonus
    ({"super": 1, "colleagues": 10}, "90.00", "1000.00"),
])
def test_h05_h09_h11_h12_points_level_and_fines(person: Mapping[str, int], points: str, money: str) -> None:
    [(found, lines)] = month((LEVEL, *FINES), [person])
    assert (found, str(total(list(lines.values())))) == (points, money)


SCORES = ["0", "39.99", "40", "50", "59.99", "60", "70", "79.99", "80", "90", "99.99", "100", "110", "119.99", "120",
          "135"]


@pytest.mark.parametrize(("reading", "wanted"), [
    (LOWER_INCLUSIVE, [300, 300, 300, 300, 300, 400, 400, 400, 500, 500, 500, 800, 800, 800, 1000, 1000]),
    (UPPER_INCLUSIVE, [300, 300, 300, 400, 400, 400, 500, 500, 500, 800, 800, 800, 1000, 1000, 1000, 1000])])
def test_h07_the_limits_of_the_levels_in_both_readings(reading: str, wanted: list[int]) -> None:
    people = []
    for value in map(Fraction, SCORES):
        parts = [min(max(value - 20 * number, Fraction(0)), Fraction(20)) for number in range(4)]
        absences = 2 if value < 100 else 0
        rest = value - sum(parts) - (0 if absences else 20)
        people.append(dict(zip(ITEMS, parts, strict=True)) | {"absences": absences, "named": max(rest, 0)})
    found = month((LEVEL,), people, reading=reading)  # type: ignore[arg-type]
    assert [Fraction(points) for points, _ in found] == list(map(Fraction, SCORES))
    assert [lines["level"].amount for _, lines in found] == wanted


FIVE: Sequence[Mapping[str, int]] = (
    {"named": 8}, {"verified": 12}, {"leader": 2}, {"leader": 0, "service": 10}, {"colleagues": 0, "typing": 0,
                                                                                 "service": 14, "browsing": 1})


def test_level_and_rank_are_two_ways_and_never_both() -> None:
    """For the same five people 2500.00 by level, 3100.00 by rank; the last has less than 50 points."""
    by_level, by_rank = month((LEVEL,), FIVE), month((RANK,), FIVE)
    assert [points for points, _ in by_level] == ["108.00", "88.00", "82.00", "70.00", "34.00"]
    assert total([lines["level"] for _, lines in by_level]) == Decimal("2500.00")
    assert [str(lines["rank"].amount) for _, lines in by_rank] == ["1000.00", "800.00", "600.00", "400.00", "300.00"]
    assert "a score of 34.00 is below 50: 300.00" in reward_text(by_rank[4][1]["rank"].steps, RANK.title, "en")
    with pytest.raises(DeclarationError, match="paid once"):
        RewardTable("both", Text("Both", "两者"), "shop", (LEVEL, RANK))


def test_ties_share_the_places_that_they_occupy_and_the_tail_ends_at_300() -> None:
    six = [{"named": number} for number in (9, 7, 7, 5, 3, 1)]
    assert [str(lines["rank"].amount) for _, lines in month((RANK,), six)] == [
        "1000.00", "700.00", "700.00", "400.00", "300.00", "300.00"]


def test_the_whole_pay_of_a_month() -> None:
    """1000.00 + 2200.00 + 200.00 + 100.00 + 260.00 + 166.67 of the group's 500.00; fines touch the bonus alone."""
    people = [{"named": 8}, {"leader": 0, "service": 10, "browsing": 5, "late": 1}, {"absences": 1, "leave": 1}]
    found = month((LEVEL, *FINES, *BESIDE), people, growth="0.135")
    assert [total(list(lines.values())) for _, lines in found] == [Decimal("3760.00"), Decimal("2560.00"),
                                                                   Decimal("3460.00")]
    found = month((LEVEL, *FINES, *BESIDE), people, growth="0.14")
    one, two, three = (lines for _, lines in found)
    assert [points for points, _ in found] == ["128.00", "0.00", "110.00"], "20 more for the growth above 0.13"
    assert [str(line.amount) for line in one.values()] == [
        "1000.00", "0.00", "0.00", "200.00", "100.00", "166.67", "260.00", "2200.00"]
    assert total(list(one.values())) == Decimal("3926.67")
    assert (str(two["browsing_fine"].amount), str(two["full_attendance"].amount)) == ("-300.00", "0.00")
    assert "the remaining 200.00 is dropped" in reward_text(two["browsing_fine"].steps, FINES[0].title, "en")
    assert (str(three["attendance"].amount), str(three["group"].amount)) == ("0.00", "166.66")
    assert "conversion" not in one
    [(_, lines)] = month(BESIDE, [{"super": 1}])
    assert (lines["conversion"].act, lines["conversion"].amount) == ("conversion", None)
    assert reward_text(lines["conversion"].steps, Text("Conversion", "转正"), "zh") == (
        "转正 满足条件：等级“超级”，适用等级：超级。提议：转正，可做讲师或申请高级部门。")


def test_h14_salary_day_and_hour_rate() -> None:
    parts = [Fixed("bonus", Text("Bonus", "奖金"), "166.67"), BESIDE[0], BESIDE[1], BESIDE[3], BESIDE[4],
             Fixed("performance", Text("Performance", "绩效奖金"), 800)]
    [(_, lines)] = month(parts, [{}])
    assert total(list(lines.values())) == Decimal("3726.67")
    assert "2200.00 / 22 = 100.00, an hour 2200.00 / 22 / 13 = 7.69 (rounded to 0.01)" in reward_text(
        lines["base"].steps, BESIDE[4].title, "en")
