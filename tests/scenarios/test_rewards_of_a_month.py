"""What a scorecard is worth, by documents over the public interface: coefficients, pools, terms, prizes, reductions.

Scores come from one rating of 20 points; every amount was worked out by hand.
"""

from copy import deepcopy
from decimal import Decimal
from typing import Any

import pytest

SET = "ecommerce_service"
RATED, COMPLAINTS = f"{SET}.rt_ecom_quality", f"{SET}.customer_complaint_event_count"
SCHEME = {
    "scheme": "desk", "valid_from": "2020-01-01", "for_positions": ["clerk"], "pass_score": 60,
    "item": [
        {"indicator": RATED, "key": "quality", "weight": 80, "rule": {"kind": "as_points", "full": 20}},
        {"indicator": COMPLAINTS, "key": "complaints", "weight": 20, "target": 0,
         "rule": {"kind": "deduct", "points": 10, "per": 1}},
    ],
    "grades": {"grade": [{"key": "low", "title": "Low", "title_zh": "低"},
                         {"key": "high", "title": "High", "title_zh": "高", "limit": 90}]},
}  # fmt: skip
TABLE = {
    "reward_table": "pay", "scheme": "desk", "valid_from": "2020-01-01", "fines_confirmed": True,
    "terms": [{"rules": ["bonus", "group"], "employment": "regular"},
              {"rules": ["bonus"], "by_days": True, "least_days": 5}],
    "reward": [
        {"kind": "coefficient", "key": "bonus", "title": "Bonus", "title_zh": "绩效奖金", "per": 100, "most": 1.2,
         "pays": "performance_bonus"},
        {"kind": "pool", "key": "group", "title": "Group", "title_zh": "小组奖", "indicator": COMPLAINTS, "amount": 100,
         "at_least": 0, "read_from": "company", "split": "by_score"},
        {"kind": "reduction", "key": "cut", "title": "Cut", "title_zh": "扣减", "percent": 20,
         "when": {"passed": False}},
        {"kind": "fine", "key": "fine", "title": "Fine", "title_zh": "罚款", "indicator": COMPLAINTS, "amount": 30,
         "cap": 50},
        {"kind": "award", "key": "best", "title": "Best", "title_zh": "最佳", "amount": 88,
         "when": {"rank_at_most": 1}},
        {"kind": "proposal", "key": "prize", "title": "Prize", "title_zh": "奖品", "act": "prize",
         "when": {"best_percent": 34}, "detail": "A voucher of 200", "detail_zh": "200 元购物卡"},
    ],
}  # fmt: skip
PEOPLE = {"S1": ("2020-01-01", "REGULAR", "3000.00"), "S2": ("2020-01-01", "REGULAR", "2000.00"),
          "S3": ("2026-05-22", "REGULAR", "3100.00"), "S4": ("2020-01-01", "PROBATION", "1000.00")}
LINES = """{ score rewards { ruleKey kind act detail chinese: detail(language: ZH) amount { amount currency } digest
  explanation(language: EN) { text } } }"""


@pytest.fixture(scope="module")
def company(meritline: Any) -> Any:
    """Four clerks: one of them joined on 22 May, one is on probation."""
    api = meritline.onboard("month-of-rewards", timeZone="Asia/Shanghai")
    api.change("enableIndicatorSet", key=SET)
    api.change("upsertPositions", positions=[{"code": "clerk", "nameEn": "Clerk", "nameZh": "客服"}])
    api.change("upsertDepartments", departments=[{"code": "D", "name": "Desk"}])
    api.change("upsertEmployees", employees=[
        {"number": number, "name": number, "performancePay": pay, "employments": [
            {"validFrom": since, "position": "clerk", "department": "D",
             "status": status}]}
        for number, (since, status, pay) in PEOPLE.items()])  # fmt: skip
    api.change("saveScheme", document=SCHEME)
    api.change("saveRewardTable", document=TABLE)
    api.delivered("complaint", [
        {"external_id": f"c{number}", "agent": agent, "category": "service", "status": "resolved", "accepted": True,
         "after_sales_cause": True, "customer": str(number), "case": str(number),
         "received_at": f"2026-05-2{number}T10:00:00+08:00"} for number, agent in enumerate(["S2", "S2", "S3"], 3)],
        period="2026-01-01..2026-12-31")  # fmt: skip
    for who, rating in (("S1", "19"), ("S2", "10"), ("S3", "18"), ("S4", "20")):
        api.change("submitRating", period="2026-05", scheme="desk", subject=who, indicator=RATED, value=rating,
                   comment="by hand")
    api.appraise("2026-05")
    return api


def card(api: Any, who: str) -> Any:
    found = api.ask("query($e: String!) { scorecardByKey(period: \"2026-05\", scheme: \"desk\", employeeNo: $e) "
                    + LINES + " }", e=who)["scorecardByKey"]
    return found | {"rewards": {one["ruleKey"]: one for one in found["rewards"]}}


def amounts(api: Any, who: str) -> dict[str, str | None]:
    return {key: one["amount"] and one["amount"]["amount"] for key, one in card(api, who)["rewards"].items()}


@pytest.mark.parametrize(("who", "score", "wanted"), [
    # 19/20 × 80 + 20; 3000 × 0.96; of the group's 100 by score: 96 of 96 + 56 + 90 = 242
    ("S1", "96", {"bonus": "2880.00", "group": "39.67", "cut": "0.00", "fine": "0.00", "best": "0.00"}),
    # two complaints: 40 + 16 = 56, 2000 × 0.56 less a fifth, less 50 of the 60
    ("S2", "56", {"bonus": "1120.00", "group": "23.14", "cut": "-224.00", "fine": "-50.00", "best": "0.00"}),
    # 10 of 31 days: 3100 × 0.9 × 10 / 31
    ("S3", "90", {"bonus": "900.00", "group": "37.19", "cut": "0.00", "fine": "-30.00", "best": "0.00"}),
    # on probation: neither bonus nor a share, and the best of all the same
    ("S4", "100", {"bonus": "0.00", "group": "0.00", "cut": "0.00", "fine": "0.00", "best": "88.00", "prize": None}),
])
def test_every_amount_to_the_cent(company: Any, who: str, score: str, wanted: dict[str, str | None]) -> None:
    assert card(company, who)["score"] == score
    assert amounts(company, who) == wanted


def test_every_line_says_why(company: Any) -> None:
    def text(who: str, key: str) -> str:
        found: str = card(company, who)["rewards"][key]["explanation"]["text"]
        return found

    assert text("S3", "bonus") == (
        "Bonus: score over 100, on the performance pay on record: 3100.00 × 90 / 100 = 2790.00. Employed on 10 of 31 "
        "days: 2790.00 × 10 / 31 = 900.00.")
    assert text("S4", "bonus") == "Bonus: the terms are not met: on probation, regular staff needed; 0.00."
    assert "20% of Bonus: 1120.00 × 20 / 100 = 224.00; 224.00 of it is taken from Bonus." in text("S2", "cut")
    assert "30.00 × 2 = 60.00, at most 50.00: 50.00" in text("S2", "fine")
    assert "By score: 100.00 × 56 / 242 = 23.1404…; to the cent: 23.14." in text("S2", "group")


def test_a_prize_is_proposed_in_both_languages_and_goes_when_its_reason_goes(company: Any) -> None:
    prize = card(company, "S4")["rewards"]["prize"]
    assert (prize["act"], prize["detail"], prize["chinese"], prize["amount"]) == (
        "PRIZE", "A voucher of 200", "200 元购物卡", None)
    before = {who: card(company, who)["rewards"] for who in PEOPLE}
    company.appraise("2026-05")
    assert {who: card(company, who)["rewards"] for who in PEOPLE} == before, "a second run changes nothing"
    company.change("submitRating", period="2026-05", scheme="desk", subject="S4", indicator=RATED, value="2",
                   comment="by hand", expectedVersion=1)
    company.appraise("2026-05")
    assert "prize" not in card(company, "S4")["rewards"]
    assert card(company, "S1")["rewards"]["prize"]["digest"] != prize["digest"]
    assert Decimal(amounts(company, "S1")["best"] or 0) == 88


def test_money_that_nobody_can_mean_ends_the_run_with_whose_it_is(company: Any) -> None:
    """3000.00 × 100 / 0.0000000001: a slip in the divisor, found by the run, not by the database."""
    slip: dict[str, Any] = deepcopy(TABLE)
    slip["valid_from"] = "2026-06-01"
    slip["reward"][0] = {**slip["reward"][0], "per": "0.0000000001", "most": None}
    company.change("saveRewardTable", document=slip, expectedVersion=1)
    run = company.appraise("2026-06", "FAILED")
    assert "E-RUN-SIZE" in run["error"], run["error"]
    assert "'bonus' of S1 comes to 3e+15" in run["error"]
