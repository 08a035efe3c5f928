"""A shop's two months, worked out by hand before there was a program: scheme S07 with its whole pay, to the cent.

May is the field's worked examples H05, H09, H11 and H12, one for each of four people; June is a month of our own in
which the reviews improve. The arithmetic stands beside the numbers.
"""

import json
from decimal import Decimal
from typing import Any

import pytest

SET, COMMON = "ecommerce_service", "after_sales_common"
PEOPLE = {"E1": "2200.00", "E2": "2100.00", "E3": "2000.55", "E4": "2300.00"}
RATED = ("rt_ecom_quality", "rt_ecom_execution", "rt_ecom_complaint")
PAY = {
    "reward_table": "shop_pay", "scheme": "shop_agents", "title": "Pay", "title_zh": "客服工资",
    "valid_from": "2026-01-01", "fines_confirmed": True,
    "reward": [
        {"kind": "by_grade", "key": "level_bonus", "title": "Level bonus",
         "amounts": {"bottom": 300, "junior": 400, "middle": 500, "senior": 800, "special": 1000}},
        {"kind": "fine", "key": "browsing_fine", "indicator": f"{SET}.off_task_browsing_count", "amount": 100},
        {"kind": "fine", "key": "topup_fine", "indicator": f"{SET}.ad_recharge_miss_count", "amount": 200},
        {"kind": "when_met", "key": "full_attendance", "indicator": f"{COMMON}.attendance_breach_count",
         "amount": 200, "at_most": 0},
        {"kind": "when_met", "key": "attendance", "indicator": f"{COMMON}.absenteeism_count", "amount": 100,
         "at_most": 0},
        {"kind": "pool", "key": "review_group", "indicator": f"{SET}.review_improvement_growth", "amount": 500,
         "at_least": "0.14"},
        {"kind": "fixed", "key": "meal", "amount": 260},
        {"kind": "base_pay", "key": "base", "days": 22, "hours": 13},
    ],
}  # fmt: skip
CARD = ("score grade { key } lines { key rawPoints explanation(language: EN) { text } } "
        "rewards { ruleKey amount { amount } explanation(language: EN) { text } }")

# points of the three ratings; absences; characters in ten minutes; then what happened
MAY: dict[str, dict[str, Any]] = {
    # H05  18 + 17 + 20 + 20 + 20 = 95; -5 +5 +3 +10 = 108.00, senior
    "E1": {"rated": ("18", "17", "20"), "typed": 600, "complaints": 1, "praise": 1, "named": 3, "award": True},
    # H09  10 + 9 + 15 + 10 + 10 = 54; -20 = 34.00, bottom; 300 - 100
    "E2": {"rated": ("10", "9", "15"), "absent": 1, "typed": 300, "browsing": 1},
    # H11  18 + 17 + 17 + 20 + 20 = 92; 2 x -5 = 82.00, middle; 500 - 400
    "E3": {"rated": ("18", "17", "17"), "typed": 600, "missed": 2},
    # H12  5 x 20 = 100; -12 = 88.00, middle
    "E4": {"rated": ("20", "20", "20"), "typed": 600, "verified": 12},
}  # fmt: skip
JUNE: dict[str, dict[str, Any]] = {
    # 20 + 19 + 18 + 20 + 20 (75 characters a minute) = 97; +10 +4 +20 = 131, special
    "E1": {"rated": ("20", "19", "18"), "typed": 750, "praise": 2, "named": 4},
    # 15 + 14 + 16 + 10 + 15 (45 a minute) = 70; -12 -20 +20 = 58, bottom; 300 - 100
    "E2": {"rated": ("15", "14", "16"), "absent": 1, "typed": 450, "verified": 12, "browsing": 1},
    # 12 + 12 + 12 + 0 (three absences) + 20 = 56; -10 -40 +20 = 26, bottom; 300 - 200 - 100 of 400, 300 dropped
    "E3": {"rated": ("12", "12", "12"), "absent": 3, "typed": 600, "missed": 2, "browsing": 2},
    # 17.5 + 18 + 16.5 + 20 + 19.4 (58.2 a minute) = 91.4; +1 -5 +20 = 107.4, senior; late once: no 200, but 100
    "E4": {"rated": ("17.5", "18", "16.5"), "late": 1, "typed": 582, "named": 1, "complaints": 1},
}  # fmt: skip
#            score    grade      level bonus   fines               attendance money  pool      sum with 260 and base pay
EXPECTED = {
    ("2026-05", "E1"): ("108.00", "senior", "800.00", "0.00", "0.00", "200.00", "100.00", "0.00", "3560.00"),
    ("2026-05", "E2"): ("34.00", "bottom", "300.00", "-100.00", "0.00", "0.00", "0.00", "0.00", "2560.00"),
    ("2026-05", "E3"): ("82.00", "middle", "500.00", "0.00", "-400.00", "200.00", "100.00", "0.00", "2660.55"),
    ("2026-05", "E4"): ("88.00", "middle", "500.00", "0.00", "0.00", "200.00", "100.00", "0.00", "3360.00"),
    ("2026-06", "E1"): ("131.00", "special", "1000.00", "0.00", "0.00", "200.00", "100.00", "125.00", "3885.00"),
    ("2026-06", "E2"): ("58.00", "bottom", "300.00", "-100.00", "0.00", "0.00", "0.00", "125.00", "2685.00"),
    ("2026-06", "E3"): ("26.00", "bottom", "300.00", "-200.00", "-100.00", "0.00", "0.00", "125.00", "2385.55"),
    ("2026-06", "E4"): ("107.40", "senior", "800.00", "0.00", "0.00", "0.00", "100.00", "125.00", "3585.00"),
}  # fmt: skip
RULES = ("level_bonus", "browsing_fine", "topup_fine", "full_attendance", "attendance", "review_group")


@pytest.fixture(scope="module")
def shop(meritline: Any) -> Any:
    """The shop with both months in, rated and run."""
    api = meritline.onboard("shop-by-hand", timeZone="Asia/Shanghai")
    api.change("enableIndicatorSet", key=SET)
    api.change("upsertPositions", positions=[{"code": "shop_agent", "nameEn": "Agent", "nameZh": "客服"}])
    api.change("upsertDepartments", departments=[{"code": "SHOP", "name": "Shop"}])
    api.change("upsertEmployees", employees=[
        {"number": number, "name": number, "basePay": pay, "employments": [
            {"validFrom": "2026-01-01", "position": "shop_agent", "department": "SHOP"}]}
        for number, pay in PEOPLE.items()])  # fmt: skip
    api.change("saveRewardTable", document=PAY)
    api.delivered("review", [{"external_id": level, "level": level, "created_at": "2026-04-10T10:00:00+08:00"}
                             for level in ("positive", "negative")], period="2026-04")
    for period, months in (("2026-05", MAY), ("2026-06", JUNE)):
        deliver(api, period, months)
        for number, month in months.items():
            for indicator, value in zip(RATED, month["rated"], strict=True):
                api.change("submitRating", period=period, scheme="shop_agents", subject=number, value=value,
                           indicator=f"{SET}.{indicator}", comment="by hand")
        api.appraise(period)
    return api


def deliver(api: Any, period: str, months: dict[str, dict[str, Any]]) -> None:
    """The records of a month, every source delivered whole."""
    found: dict[str, list[dict[str, Any]]] = {one: [] for one in (
        "attendance_day", "complaint", "discipline_event", "ad_topup", "praise_event", "review", "award",
        "typing_test")}  # fmt: skip

    def day(count: int, hour: int = 10) -> str:
        return f"{period}-{4 + count:02}T{hour}:00:00+08:00"

    def many(record: str, number: str, times: int, **values: Any) -> None:
        for place in range(times):
            found[record].append({key: value(place) if callable(value) else value for key, value in values.items()}
                                 | {"external_id": f"{period}-{record}-{len(found[record])}"})

    for number, month in months.items():
        absent, late = month.get("absent", 0), month.get("late", 0)
        for count in range(10):
            many("attendance_day", number, 1, employee=number, day=day(count)[:10], scheduled=True,
                 status="absent_without_leave" if count < absent else "late" if count < absent + late else "present")
        # Two complaints: one that stands as it is, one that was found true and judged.
        about = {"agent": number, "category": "service", "received_at": day, "after_sales_cause": True}
        many("complaint", number, month.get("complaints", 0), **about, status="open", customer=f"{number}-A")
        many("complaint", number, int("verified" in month), **about, status="resolved", verified=True,
             points_deducted=month.get("verified"), customer=f"{number}-B")
        many("discipline_event", number, month.get("browsing", 0), employee=number, occurred_at=day, verified=True,
             kind="off_task_browsing")
        many("ad_topup", number, month.get("missed", 0), agent=number, duty_on=lambda place: day(place)[:10])
        many("praise_event", number, month.get("praise", 0), agent=number, occurred_at=day, verified=True)
        many("review", number, month.get("named", 0), named_agent=number, level="positive", created_at=day,
             order=lambda place, who=number: f"{who}-{place}")
        many("award", number, int("award" in month), agent=number, granted_on=day(1)[:10])
        many("typing_test", number, 1, agent=number, taken_at=day, minutes="10", correct_characters=month["typed"])
    # Bad reviews beside the named good ones: 3 of 6 in May as 1 of 2 in April, 5 of 6 in June.
    many("review", "", 3 if period == "2026-05" else 1, level="negative", created_at=day)
    for record, rows in found.items():
        api.delivered(record, rows, period=period)


@pytest.mark.parametrize(("period", "number"), EXPECTED)
def test_every_yuan_is_as_by_hand(shop: Any, period: str, number: str) -> None:
    """Score, grade, each reward line and the sum."""
    score, grade, *amounts, whole = EXPECTED[period, number]
    card = shop.ask(f"query($n: String!, $p: String!) {{ scorecardByKey(employeeNo: $n, scheme: \"shop_agents\", "
                    f"period: $p) {{ {CARD} }} }}", n=number, p=period)["scorecardByKey"]
    assert (Decimal(card["score"]), card["grade"]["key"]) == (Decimal(score), grade)
    paid = {each["ruleKey"]: each["amount"]["amount"] for each in card["rewards"]}
    assert [paid[rule] for rule in RULES] == amounts
    assert (paid["meal"], paid["base"]) == ("260.00", PEOPLE[number])
    assert str(sum(map(Decimal, paid.values()))) == whole
    told = {each["key"]: each["explanation"]["text"] for each in [*card["lines"]]}
    assert all(told.values())
    assert all(each["explanation"]["text"] for each in card["rewards"])


@pytest.mark.parametrize("points", [4, 21, 25])
def test_a_judged_deduction_outside_its_range_never_lands(shop: Any, points: int) -> None:
    """H12: 5 to 20 points by circumstances; the row is refused with its field and value, and nothing changes."""
    row = {"external_id": f"judged-{points}", "agent": "E4", "category": "service", "status": "resolved",
           "received_at": "2026-05-20T10:00:00+08:00", "verified": True, "points_deducted": points}
    status, answer = shop.send("complaint", json.dumps(row), "application/x-ndjson", period="2026-05")
    assert (status, answer["rejected"], answer["accepted"]) == (200, 1, 0)
    [reason] = answer["rows"][0]["reasons"]
    assert (reason["field"], str(reason["value"])) == ("points_deducted", str(points))
    assert reason["remedy"]
