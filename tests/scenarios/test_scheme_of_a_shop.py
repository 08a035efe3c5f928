"""S07 as printed runs from template to pay: by level with fines and a granted level, by rank with a tie, and ours.

One month of a shop; three positions are paid in three ways. Every amount was worked out by hand beforehand.
"""

from decimal import Decimal
from typing import Any

import pytest

SET = "ecommerce_service"
MAY = "2026-05"
RATED = ("rt_ecom_quality", "rt_ecom_execution", "rt_ecom_complaint")
TYPING = {"points_by_speed_i05": 18, "reward_above_80_i05": 20, "points_below_60_i05": 5}
MEAL = {"meal_allowance": "260.55"}
BASE = {"L1": "2200.00", "L2": "2100.00", "L3": "2000.55", "L4": "2300.00", "O1": "3000.00",
        **{f"R{n}": "2000.00" for n in range(1, 6)}}  # fmt: skip
POSITION = {"L": "agent_by_level", "R": "agent_by_rank", "O": "agent_ours"}
SCHEME = {"L": "s07", "R": "s07_rank", "O": "s07_starter"}

# The share of positive reviews grew by 0.14 points: above 0.13, so 20 points for everybody, and 500 for each group.
# points of the three ratings; absences; characters a minute; then what happened
MONTH: dict[str, dict[str, Any]] = {
    # 18 + 17 + 20 + 20 + 18 = 93; -5 +5 +3 +10 +20 = 126, special
    "L1": {"rated": (18, 17, 20), "typed": 65, "complaints": 1, "praise": 1, "named": 3, "award": True},
    # 10 + 9 + 15 + 10 + 5 = 49; -20 +20 = 49, bottom; 300 - 100
    "L2": {"rated": (10, 9, 15), "absent": 1, "typed": 30, "browsing": 1},
    # 18 + 17 + 17 + 20 + 20 (80 a minute) = 92; 2 x -5 +20 = 102, senior; 800 - 400
    "L3": {"rated": (18, 17, 17), "typed": 80, "missed": 2},
    # 20 + 20 + 20 + 20 + 5 (59.9 a minute) = 85; -12 +20 = 93: middle by score, super by a person's decision; late once
    "L4": {"rated": (20, 20, 20), "late": 1, "typed": "59.9", "verified": 12, "super": True},
    # as L1: 126, the first
    "R1": {"rated": (18, 17, 20), "typed": 65, "complaints": 1, "praise": 1, "named": 3, "award": True},
    # as L2: 49, below half of the points: 300 whatever the place; - 100
    "R2": {"rated": (10, 9, 15), "absent": 1, "typed": 30, "browsing": 1},
    # 102 twice: the second and third place, (800 + 600) / 2 each; R3 - 400
    "R3": {"rated": (18, 17, 17), "typed": 80, "missed": 2},
    "R4": {"rated": (18, 17, 17), "typed": 80, "complaints": 2},
    # 10 + 10 + 10 + 20 + 20 = 70; +20 = 90, the fourth: 600 - 250
    "R5": {"rated": (10, 10, 10), "typed": 85},
    # 18 + 17 + 20 + 20 + 20 = 95; -5; 5 + 6 + 10 + 20 = 41, of which 40: 130, special
    "O1": {"rated": (18, 17, 20), "typed": 65, "complaints": 1, "praise": 1, "named": 6, "award": True},
}  # fmt: skip
#       score  grade       bonus     fines               full and attendance  group     acts
EXPECTED = {
    "L1": ("126", "special", "1000.00", "0.00", "0.00", "200.00", "100.00", "125.00", set()),
    "L2": ("49", "bottom", "300.00", "-100.00", "0.00", "0.00", "0.00", "125.00", set()),
    "L3": ("102", "senior", "800.00", "0.00", "-400.00", "200.00", "100.00", "125.00", set()),
    "L4": ("93", "super", "1000.00", "0.00", "0.00", "0.00", "100.00", "125.00", {"CONVERSION", "PROMOTION"}),
    "R1": ("126", "special", "1000.00", "0.00", "0.00", "200.00", "100.00", "100.00", set()),
    "R2": ("49", "bottom", "300.00", "-100.00", "0.00", "0.00", "0.00", "100.00", set()),
    "R3": ("102", "senior", "700.00", "0.00", "-400.00", "200.00", "100.00", "100.00", set()),
    "R4": ("102", "senior", "700.00", "0.00", "0.00", "200.00", "100.00", "100.00", set()),
    "R5": ("90", "middle", "350.00", "0.00", "0.00", "200.00", "100.00", "100.00", set()),
}  # fmt: skip
# With 260.55 for meals and the base pay: 1000 + 200 + 100 + 125 + 260.55 + 2200 ...
GROSS = {"L1": "3885.55", "L2": "2685.55", "L3": "3086.10", "L4": "3785.55", "R1": "3660.55", "R2": "2560.55",
         "R3": "2960.55", "R4": "3360.55", "R5": "3010.55"}  # fmt: skip
FINES = ("browsing_fine", "topup_fine", "full_attendance", "attendance", "review_group")


def records() -> dict[str, list[dict[str, Any]]]:
    """The month, every source whole."""
    found: dict[str, list[dict[str, Any]]] = {}

    def put(record: str, times: int, **values: Any) -> None:
        for place in range(times):
            row = {key: value(place) if callable(value) else value for key, value in values.items()}
            rows = found.setdefault(record, [])
            rows.append({"external_id": f"{record}-{len(rows)}", **row})

    def day(place: int) -> str:
        return f"{MAY}-{4 + place:02}T10:00:00+08:00"

    for who, month in MONTH.items():
        absent, late = month.get("absent", 0), month.get("late", 0)
        put("attendance_day", 10, employee=who, day=lambda n: day(n)[:10], scheduled=True, status=lambda n, a=absent,
            b=late: "absent_without_leave" if n < a else "late" if n < a + b else "present")
        about = {"agent": who, "category": "service", "received_at": day, "after_sales_cause": True}
        put("complaint", month.get("complaints", 0), **about, status="open", customer=lambda n, w=who: f"{w}-{n}")
        put("complaint", int("verified" in month), **about, status="resolved", verified=True, customer=f"{who}-v",
            points_deducted=month.get("verified"))
        put("discipline_event", month.get("browsing", 0), employee=who, occurred_at=day, verified=True,
            kind="off_task_browsing")
        put("ad_topup", month.get("missed", 0), agent=who, duty_on=lambda n: day(n)[:10])
        put("praise_event", month.get("praise", 0), agent=who, occurred_at=day, verified=True)
        put("review", month.get("named", 0), named_agent=who, level="positive", created_at=day,
            order=lambda n, w=who: f"{w}-{n}")
        put("award", int("award" in month), agent=who, granted_on=day(1)[:10])
        put("level_grant", int("super" in month), agent=who, granted_on="2026-03-01", reason="S-7")
        put("typing_test", 1, agent=who, taken_at=day, minutes="10",
            correct_characters=int(Decimal(month["typed"]) * 10))
    return found


def take_level(api: Any, table: str, template: str, scheme: str, blanks: dict[str, Any], **more: Any) -> list[str]:
    """What a reward table from a template answers."""
    document = {"reward_table": table, "template": f"{SET}.{template}", "scheme": scheme, "valid_from": "2026-01-01",
                **({"blanks": blanks} if blanks else {}), **more}  # fmt: skip
    return [one["code"] for one in api.tried("saveRewardTable", document=document)["errors"]]


@pytest.fixture(scope="module")
def shop(firm: Any) -> Any:
    """The shop: three schemes taken, May delivered, rated and run."""
    made = firm("field-shop", SET, {who: POSITION[who[0]] for who in MONTH})
    api = made.api
    api.change("upsertEmployees", employees=[
        {"number": who, "name": who, "basePay": pay, "employments": [
            {"validFrom": "2026-01-01", "position": POSITION[who[0]], "department": "D"}]}
        for who, pay in BASE.items()])  # fmt: skip
    made.adopt(f"{SET}.s07", "s07", "agent_by_level", TYPING)
    made.adopt(f"{SET}.s07", "s07_rank", "agent_by_rank", TYPING)
    made.adopt(f"{SET}.s07_starter", "s07_starter", "agent_ours")
    ranks = {**MEAL, "step_after_third": 250, "least_after_third": 320}
    assert take_level(api, "level", "s07_level_pay", "s07", MEAL) == ["E-REWARD-FINES"]
    assert take_level(api, "level", "s07_level_pay", "s07", {}, fines_confirmed=True) == ["E-SCHEME-BLANK"]
    assert take_level(api, "level", "s07_level_pay", "s07", MEAL, fines_confirmed=True) == []
    assert take_level(api, "both", "s07_rank_pay", "s07", ranks, fines_confirmed=True) == ["E-REWARD-SCHEME-TAKEN"]
    assert take_level(api, "rank", "s07_rank_pay", "s07_rank", ranks, fines_confirmed=True) == []
    assert take_level(api, "ours", "s07_starter_pay", "s07_starter", {}) == []
    for record, rows in records().items():
        api.delivered(record, rows, period=MAY)
    for who, month in MONTH.items():
        made.rate(MAY, SCHEME[who[0]], who, {
            f"{SET}.{name}": value for name, value in zip(RATED, month["rated"], strict=True)})
    api.change("enterFigures", period=MAY, figures=[
        {"indicator": f"{SET}.review_improvement_growth", "value": "0.14", "source": "marketplace"}])
    api.appraise(MAY)
    return made


@pytest.mark.parametrize("who", EXPECTED)
def test_every_yuan_of_the_printed_scheme(shop: Any, who: str) -> None:
    score, grade, bonus, *money, acts = EXPECTED[who]
    card = shop.card(who, SCHEME[who[0]], MAY)
    paid = {key: one["amount"]["amount"] for key, one in card["rewards"].items() if not one["act"]}
    assert (Decimal(card["score"]), card["grade"]["key"], card["state"]) == (Decimal(score), grade, "COMPLETE")
    assert paid["level_bonus" if who[0] == "L" else "rank_bonus"] == bonus
    assert [paid[rule] for rule in FINES] == money
    assert (paid["base_pay"], paid["meal"]) == (BASE[who], "260.55")
    assert sum(map(Decimal, paid.values())) == Decimal(GROSS[who])
    assert {one["act"] for one in card["rewards"].values() if one["act"]} == acts


def test_ours_has_no_fines_and_caps_what_is_added(shop: Any) -> None:
    """1000 + 3000 + 200 + 100 + 500 = 4800.00; 5 + 6 + 10 + 20 = 41 points count as 40."""
    card = shop.card("O1", "s07_starter", MAY)
    paid = {key: one["amount"]["amount"] for key, one in card["rewards"].items()}
    assert (Decimal(card["score"]), card["grade"]["key"], card["passed"]) == (130, "special", True)
    assert paid == {"level_bonus": "1000.00", "base_pay": "3000.00", "full_attendance": "200.00",
                    "attendance": "100.00", "review_group": "500.00"}


def test_the_figures_that_the_document_only_looks_at_stand_beside(shop: Any) -> None:
    """T36: the number of complaints stands beside the rated item, and weighs nothing."""
    lines = shop.card("L1", "s07", MAY)["lines"]
    seen = lines["complaints_seen"]
    assert (Decimal(seen["reading"]["value"]), Decimal(seen["weightedPoints"] or 0)) == (1, 0)
    assert Decimal(lines["typing_speed_cpm"]["rawPoints"]) == 18
