"""Worked examples of scoring through the public interface: H01, H02, H04 and H07 of the field's catalogue.

Records and ratings go in, scorecards and money come out; the arithmetic stands beside the expected numbers.
"""

from decimal import Decimal
from typing import Any

import pytest

COMMON = "after_sales_common"
PERIOD = "2026-05"
LEVELS = {"bottom": None, "junior": 60, "middle": 80, "senior": 100, "special": 120}
AMOUNTS = {"bottom": 300, "junior": 400, "middle": 500, "senior": 800, "special": 1000}
CARD = ("score grade { key } state explanation(language: EN) { text } "
        "lines { key policy rawPoints reading { value state numerator denominator } "
        "explanation(language: EN) { text } } rewards { ruleKey amount { amount } }")


def open_company(meritline: Any, key: str, people: dict[str, str], *sets: str) -> Any:
    """A company in Shanghai; people by number with their position, all in department D."""
    api = meritline.onboard(key, timeZone="Asia/Shanghai")
    for one in sets or (COMMON,):
        api.change("enableIndicatorSet", key=one)
    api.change("upsertPositions", positions=[{"code": code, "nameEn": code, "nameZh": code}
                                             for code in sorted(set(people.values()))])
    api.change("upsertDepartments", departments=[{"code": "D", "name": "D"}])
    api.change("upsertEmployees", employees=[
        {"number": number, "name": number, "employments": [
            {"validFrom": "2026-01-01", "position": position, "department": "D"}]}
        for number, position in people.items()])  # fmt: skip
    return api


def scheme(key: str, position: str, items: list[dict[str, Any]], **more: Any) -> dict[str, Any]:
    """A scheme's document with the levels that the catalogue lends."""
    grades = {"grade": [{"key": grade, "title": grade} | ({} if limit is None else {"limit": limit})
                        for grade, limit in LEVELS.items()]}
    return {"scheme": key, "title": key, "for_positions": [position], "valid_from": "2026-01-01", "item": items,
            "weights": "renormalise", "grades": grades, **more}


def pay(key: str) -> dict[str, Any]:
    """The level table of S07, lent to another scheme."""
    return {"reward_table": f"{key}_pay", "scheme": key, "title": "Bonus", "valid_from": "2026-01-01",
            "reward": [{"kind": "by_grade", "key": "bonus", "title": "Bonus", "amounts": AMOUNTS}]}


def card(api: Any, number: str, key: str) -> Any:
    """Somebody's scorecard, lines by key."""
    found = api.ask(f"query($n: String!, $s: String!) {{ scorecardByKey(employeeNo: $n, scheme: $s, "
                    f"period: \"{PERIOD}\") {{ {CARD} }} }}", n=number, s=key)["scorecardByKey"]
    return found | {"lines": {each["key"]: each for each in found["lines"]},
                    "score": None if found["score"] is None else f"{Decimal(found['score']):.2f}"}


# H01  max(0, (x - 60) * 2.5); whole steps: floor(82.4 - 60) = 22 -> 55.00
FLOOR = {"E1": ("59.99", "0.00"), "E2": ("60", "0.00"), "E3": ("61", "2.50"), "E4": ("82.4", "56.00"),
         "E5": ("84", "60.00"), "E6": ("90", "75.00"), "E7": ("100", "100.00"), "W4": ("82.4", "55.00")}


def test_h01_points_above_a_floor(meritline: Any) -> None:
    """60 itself earns nothing; parts of a point count in proportion, or not at all where the company says so."""
    api = open_company(meritline, "h01", {number: "whole" if number == "W4" else "staff" for number in FLOOR})
    for key, position, step in (("floor", "staff", "proportional"), ("floor_whole", "whole", "whole")):
        rule = {"kind": "above_floor", "start": 60, "points": "2.5", "step": step}
        api.change("saveScheme", document=scheme(key, position, [
            {"indicator": f"{COMMON}.csat_score_spot_check", "weight": 100, "rule": rule}]))
    api.delivered("survey_response", [
        {"external_id": number, "agent": number, "kind": "spot_check", "scale_min": 0, "scale_max": 100, "valid": True,
         "overall": overall, "responded_at": f"{PERIOD}-10T10:00:00+08:00"}
        for number, (overall, _) in FLOOR.items()], period=PERIOD)  # fmt: skip
    api.appraise(PERIOD)
    found = {number: card(api, number, "floor_whole" if number == "W4" else "floor") for number in FLOOR}
    assert {number: one["score"] for number, one in found.items()} == {
        number: points for number, (_, points) in FLOOR.items()}
    assert "2.5 × (82.4 − 60) = 56 points" in found["E4"]["lines"]["csat_score_spot_check"]["explanation"]["text"]
    assert "22" in found["W4"]["lines"]["csat_score_spot_check"]["explanation"]["text"]


def post_table(cap: str | int) -> list[dict[str, Any]]:
    """The table of scheme S06 with its blanks filled as the example fills them."""
    ratio = {"points": 5}
    return [
        {"key": "i01", "indicator": f"{COMMON}.csat_score_spot_check", "weight": 20,
         "rule": {"kind": "above_floor", "start": 60, "points": "2.5"}},
        {"key": "i02", "indicator": f"{COMMON}.quality_complaint_effective_rate", "weight": 20, "target": "100%",
         "rule": {"kind": "deduct", **ratio}},
        {"key": "i03", "indicator": f"{COMMON}.uniform_behavior_execution_rate", "weight": 15, "target": "90%",
         "rule": {"kind": "around_target", "above": 2, "below": -3, "cap": cap}},
        {"key": "i04", "indicator": f"{COMMON}.after_sales_cost_ratio", "weight": 15, "target": "5%",
         "read_from": "company", "rule": {"kind": "around_target", "above": -4, "below": 4, "cap": cap}},
        {"key": "i05", "indicator": f"{COMMON}.quality_issue_days_late", "weight": 10,
         "rule": {"kind": "per_unit", "points": -5}},
        {"key": "i06", "title": "Files", "weight": 20, "part": [
            {"indicator": f"{COMMON}.customer_file_days_late", "weight": 60,
             "rule": {"kind": "per_unit", "points": -10}},
            {"indicator": f"{COMMON}.customer_info_days_late", "weight": 40,
             "rule": {"kind": "per_unit", "points": -10}}]},
        {"key": "shown", "indicator": f"{COMMON}.quality_issue_timely_rate", "weight": 0,
         "rule": {"kind": "as_points"}},
    ]  # fmt: skip


def post_records() -> dict[str, list[dict[str, Any]]]:
    """The month of the example, for two people alike."""
    moment, due = f"{PERIOD}-10T10:00:00+08:00", f"{PERIOD}-12"
    found: dict[str, list[dict[str, Any]]] = {}
    for who in ("E1", "E2"):
        rows = {
            "survey_response": [{"agent": who, "kind": "spot_check", "scale_min": 0, "scale_max": 100, "valid": True,
                                 "overall": "84", "responded_at": moment}],
            # 48 of 50 handled effectively
            "complaint": [{"agent": who, "category": "product_quality", "status": "resolved", "received_at": moment,
                           "resolved_at": f"{PERIOD}-11T10:00:00+08:00", "effective": place >= 2}
                          for place in range(50)],
            # 3 of 40 checks failed
            "inspection": [{"employee": who, "method": "spot_check", "checked_on": due, "passed": place >= 3}
                           for place in range(40)],
            # two of twenty late, by one day and by three
            "quality_issue": [{"employee": who, "important": True, "found_at": moment, "report_due_on": due,
                               "reported_at": f"{PERIOD}-{day}T10:00:00+08:00"} for day in (13, 15, *[11] * 18)],
            "file_task": [{"employee": who, "kind": "collate", "due_on": due, "delivered_on": f"{PERIOD}-13"},
                          {"employee": who, "kind": "supply_info", "due_on": due, "delivered_on": f"{PERIOD}-15"}],
        }  # fmt: skip
        for record, each in rows.items():
            found.setdefault(record, []).extend(each)
    found["finance_period"] = [{"booked_on": due, "after_sales_cost": "126000.00", "sales_revenue": "2400000.00"}]
    return found


def test_h02_a_whole_post_table_to_money(meritline: Any) -> None:
    """60, 80, 105, 99, 80, 82 weighed 20, 20, 15, 15, 10, 20 are 83.00; with a cap of 100 on each line 82.25."""
    api = open_company(meritline, "h02", {"E1": "open", "E2": "capped"})
    for key, position, cap in (("post", "open", "none"), ("post_capped", "capped", 100)):
        api.change("saveScheme", document=scheme(key, position, post_table(cap)))
        api.change("saveRewardTable", document=pay(key))
    for record, rows in post_records().items():
        api.delivered(record, [{"external_id": f"{record}-{place}", **row} for place, row in enumerate(rows)],
                      period=PERIOD)
    api.appraise(PERIOD)
    found, capped = card(api, "E1", "post"), card(api, "E2", "post_capped")
    points = {key: float(line["rawPoints"]) for key, line in found["lines"].items() if key != "shown"}
    assert points == {"i01": 60, "i02": 80, "i03": 105, "i04": 99, "i05": 80, "i06": 82}
    assert float(found["lines"]["shown"]["reading"]["value"]) == 90
    assert "12 + 16 + 15.75 + 14.85 + 8 + 16.4 = 83" in found["explanation"]["text"].replace(" + 0 =", " =")
    assert (found["score"], found["grade"]["key"], found["rewards"][0]["amount"]["amount"]) == (
        "83.00", "middle", "500.00")
    assert (capped["score"], capped["grade"]["key"], capped["rewards"][0]["amount"]["amount"]) == (
        "82.25", "middle", "500.00")


# H04  nothing was repaired: the weights of the others are 80 of 90; 68.2 / 80 -> 85.25, 68.2 / 90 -> 75.78,
#      (68.2 + 10) / 90 -> 86.89
WEIGHTS = (10, 10, 10, 15, 10, 5, 10, 5, 5, 5, 5)
SCORES = (90, 95, None, 88, 70, 92, 100, 75, 85, 60, 78)
RATED = ("rt_customer_file", "rt_complaint_handling", None, "rt_coordination", "rt_diligence", "rt_expression",
         "rt_initiative", "rt_interpersonal", "rt_knowledge", "rt_learning", "rt_responsibility")
OUTCOMES = {"renormalise": ("85.25", "middle", "500.00", "INCOMPLETE"),
            "zero": ("75.78", "junior", "400.00", "INCOMPLETE"),
            "full": ("86.89", "middle", "500.00", "INCOMPLETE"),
            "exempt": ("85.25", "middle", "500.00", "COMPLETE")}


def test_h04_nothing_repaired_is_neither_zero_nor_a_hundred(meritline: Any) -> None:
    """Each policy gives its own score and money, and the line says which it was."""
    people = {f"E_{policy}": policy for policy in OUTCOMES}
    api = open_company(meritline, "h04", people, "appliance_repair")
    for policy in OUTCOMES:
        items = [{"key": f"i{place:02}", "weight": weight, "rule": {"kind": "as_points"},
                  "indicator": f"{COMMON}.{rated}" if rated else "appliance_repair.repair_accuracy_rate"}
                 for place, (weight, rated) in enumerate(zip(WEIGHTS, RATED, strict=True), 1)]
        api.change("saveScheme", document=scheme(f"by_{policy}", policy, items, not_measured=policy))
        api.change("saveRewardTable", document=pay(f"by_{policy}"))
        for rated, value in zip(RATED, SCORES, strict=True):
            if rated:
                api.change("submitRating", period=PERIOD, scheme=f"by_{policy}", subject=f"E_{policy}",
                           indicator=f"{COMMON}.{rated}", value=str(value), comment="as in the example")
    for record in ("work_order", "parts_transaction"):
        api.delivered(record, [], period=PERIOD)
    api.appraise(PERIOD)
    for policy, expected in OUTCOMES.items():
        found = card(api, f"E_{policy}", f"by_{policy}")
        assert (found["score"], found["grade"]["key"], found["rewards"][0]["amount"]["amount"],
                found["state"]) == expected, policy
        line = found["lines"]["i03"]
        assert (line["reading"]["state"], line["policy"].lower()) == ("NOT_MEASURED", policy)


# H07  the same sixteen scores in both readings
SIXTEEN = ("0", "39.99", "40", "50", "59.99", "60", "70", "79.99", "80", "90", "99.99", "100", "110", "119.99", "120",
           "135")
LOWER = (300, 300, 300, 300, 300, 400, 400, 400, 500, 500, 500, 800, 800, 800, 1000, 1000)
UPPER = (300, 300, 300, 400, 400, 400, 500, 500, 500, 800, 800, 800, 1000, 1000, 1000, 1000)


@pytest.mark.parametrize(("reading", "amounts"), [("lower_inclusive", LOWER), ("upper_inclusive", UPPER)])
def test_h07_both_readings_of_the_levels(meritline: Any, reading: str, amounts: tuple[int, ...]) -> None:
    """A score on a limit belongs to the grade above, or to the one below, as the company says."""
    people = {f"E{place:02}": "staff" for place in range(len(SIXTEEN))}
    api = open_company(meritline, f"h07-{reading.partition('_')[0]}", people)
    limits = [*LEVELS.values()]
    shifted = limits if reading == "lower_inclusive" else [40, 60, 80, 100, None]
    grades = {"reading": reading, "grade": [
        {"key": key, "title": key} | ({} if limit is None else {"limit": limit})
        for key, limit in zip(LEVELS, shifted, strict=True)]}  # fmt: skip
    api.change("saveScheme", document=scheme("levels", "staff", [
        {"indicator": f"{COMMON}.training_hours", "weight": 100,
         "rule": {"kind": "per_unit", "points": 1, "start": 0, "floor": "none"}}], grades=grades))
    api.change("saveRewardTable", document=pay("levels"))
    # A score of 39.99 comes from a figure: what decides is the score, wherever it is from.
    api.change("enterFigures", period=PERIOD, figures=[
        {"indicator": f"{COMMON}.training_hours", "employeeNo": number, "value": value, "source": "by hand"}
        for number, value in zip(people, SIXTEEN, strict=True)])  # fmt: skip
    api.appraise(PERIOD)
    paid = [card(api, number, "levels")["rewards"][0]["amount"]["amount"] for number in people]
    assert paid == [f"{amount}.00" for amount in amounts]
