"""Explanations that a program reads: the structure of score lines and reward lines, and the records behind money."""

import asyncio
from fractions import Fraction
from typing import Any
from uuid import UUID

import orjson
import pytest

from meritline.access import create_key
from meritline.graphql.kit.ids import key_of

FIX = "appliance_repair.first_time_fix_rate"
REPEAT = "appliance_repair.repeat_fault_rate"
DEDUCT = {"kind": "deduct", "points": 2, "per": "1 pp", "when": "below_target"}
SCHEME = {
    "scheme": "engineers", "title": "Engineers", "title_zh": "工程师", "for_positions": ["engineer"],
    "valid_from": "2026-01-01", "weights": "must_sum_to_100",
    "dimension": [{"key": "quality", "title": "Quality", "title_zh": "质量", "weight": 70, "inner": True}],
    "item": [
        {"indicator": FIX, "dimension": "quality", "weight": 100, "target": "85 %", "rule": DEDUCT},
        {"key": "both", "title": "Both", "title_zh": "两者", "weight": 30, "part": [
            {"indicator": FIX, "weight": 50, "target": "85 %", "rule": {"kind": "to_target"}},
            {"indicator": REPEAT, "weight": 50, "target": "5 %", "rule": {"kind": "to_target"}}]},
    ],
}  # fmt: skip
REWARDS = {
    "reward_table": "pay", "scheme": "engineers", "valid_from": "2026-01-01", "fines_confirmed": True, "reward": [
        {"kind": "per_reading", "key": "fixed_money", "title": "Per cent", "title_zh": "按率", "indicator": FIX,
         "amount": "10.00", "cap": "500.00"},
        {"kind": "pool", "key": "together", "title": "Together", "title_zh": "共享", "indicator": FIX,
         "amount": "100.01", "at_least": "10 %"},
        {"kind": "fixed", "key": "meal", "title": "Meal", "title_zh": "餐补", "amount": "33.33"},
        {"kind": "fine", "key": "again", "title": "Again", "title_zh": "返修", "indicator": REPEAT, "amount": "1.00",
         "reduces": "meal"},
    ],
}  # fmt: skip
LINES = """query($no: String!) { scorecardByKey(employeeNo: $no, scheme: "engineers", period: "2026-05") { lines { key
  explanation(language: ZH) { text formula points weight weightFormula effectiveWeight weightedFormula weightedPoints
    reading { state value unit text sampleSize } target { exact text } dimension { title weight counting }
    rule { kind text parameters { name value } } policy { policy state text period }
    rounding { exact places to mode result } limits { kind limit before after }
    parts { title indicator weight full formula points rule { kind } target { exact } policy { policy }
            parts { title } } } } } }"""
MONEY = """query($no: String!) { payStatements(filter: { period: "2026-05", employeeNos: [$no] }) { nodes { name
  lines { ruleKey title amount { amount } explanation(language: EN) { text formula amount reading { value }
    rule { kind parameters { name value } } conditions { kind holds text } limits { kind limit before after }
    rounding { exact to mode result } records { totalCount nodes { externalId } } } } } } }"""


def order(n: int, engineer: str, visits: int) -> dict[str, Any]:
    return {"external_id": f"W{n:03}", "engineer": engineer, "created_at": f"2026-05-{1 + n:02}T01:00:00Z",
            "resolved_at": f"2026-05-{1 + n:02}T09:00:00Z", "visits": visits, "outcome": "resolved",
            "product": f"P{max(n, 1)}", "customer": "C", "fault_code": "F", "parts_cost": "12.3400"}  # fmt: skip


@pytest.fixture(scope="module")
async def firm(ask, http, platform, operator) -> dict[str, str]:
    """Keys of a firm that has run May: E1 with seven orders, E2 with five, E3 with none."""

    async def write(key: str, name: str, given: dict[str, Any], returns: str) -> Any:
        kind = name[0].upper() + name[1:]
        query = f"mutation($i: {kind}Input!) {{ {name}(input: $i) {{ {returns} errors {{ code message field }} }} }}"
        done = (await ask(query, key, {"i": given})).data[name]
        assert not done["errors"], done["errors"]
        return done

    opened = await write(operator, "onboardTenant", {
        "key": "explained", "name": "Explained", "timeZone": "Asia/Shanghai", "currency": "CNY", "country": "CN",
        "languages": ["zh"]}, "tenant { id adminKey }")  # fmt: skip
    key = opened["tenant"]["adminKey"]
    tenant: UUID = key_of(opened["tenant"]["id"], "Tenant", "uuid")  # type: ignore[assignment]
    await write(key, "upsertDepartments", {"departments": [{"code": "D", "name": "D"}]}, "departments { id }")
    people = [{"number": f"E{n}", "name": f"员工{n}", "employments": [
        {"validFrom": "2025-01-01", "department": "D", "position": "engineer"}]} for n in (1, 2, 3)]  # fmt: skip
    done = await write(key, "upsertEmployees", {"employees": people}, "employees { id }")
    await write(key, "enableIndicatorSet", {"key": "appliance_repair"}, "indicators { key }")
    await write(key, "saveScheme", {"document": SCHEME}, "scheme { key }")
    await write(key, "saveRewardTable", {"document": REWARDS}, "rewardTable { key }")
    rows = [order(n, "E1" if n < 7 else "E2", 1 if n % 3 else 2) for n in range(12)]
    sent = await http.post("/v1/records/work_order?period=2026-05", headers={"authorization": f"Bearer {key}"},
                           content=b"\n".join(orjson.dumps(row) for row in rows))  # fmt: skip
    assert sent.status_code == 200, sent.text
    cycle = (await write(key, "openCycle", {"period": "2026-05"}, "cycle { id }"))["cycle"]["id"]
    await write(key, "runCycle", {"cycle": cycle}, "run { id }")
    for _ in range(300):
        run = (await ask("{ cycles { nodes { state runs { state error } } } }", key)).data["cycles"]["nodes"][0]
        if run["state"] == "COMPUTED":
            break
        await asyncio.sleep(0.1)
    assert run["runs"][0] == {"state": "COMPLETE", "error": None}
    async with platform.database.unit_of_work(tenant) as uow:
        own = (await create_key(uow.conn, tenant, role="employee",
                                employee_id=key_of(done["employees"][0]["id"], "Employee", "uuid")))[1]
    return {"admin": key, "E1": own}


async def test_a_score_line_is_told_as_a_structure(ask, firm) -> None:
    first, both = (await ask(LINES, firm["admin"], {"no": "E1"})).data["scorecardByKey"]["lines"]
    told = first["explanation"]
    points = 100 - 2 * (85 - Fraction(400, 7))
    assert told["formula"] == "100 − 2 × (85 − 400/7)"
    assert Fraction(told["points"]) == points
    assert (told["weight"], told["effectiveWeight"]) == ("100", "70")
    assert told["dimension"] == {"title": "质量", "weight": "70", "counting": "100"}
    assert Fraction(told["weightedPoints"]) == points * 70 / 100
    read = told["reading"]
    assert (read["state"], read["value"], read["sampleSize"]) == ("MEASURED", "400/7", 7)
    assert told["target"] == {"exact": "85", "text": "85%"}
    assert told["rule"]["kind"] == "deduct"
    assert {"name": "points", "value": "2"} in told["rule"]["parameters"]
    assert (told["policy"], told["limits"], told["parts"]) == (None, [], [])
    assert (told["rounding"]["to"], told["rounding"]["mode"]) == ("0.01", "half_up")
    assert [part["indicator"] for part in both["explanation"]["parts"]] == [FIX, REPEAT]
    assert both["explanation"]["parts"][0]["formula"] == "100 × (400/7) / 85"


async def test_a_line_without_a_reading_tells_its_policy_and_why(ask, firm) -> None:
    first, _ = (await ask(LINES, firm["admin"], {"no": "E3"})).data["scorecardByKey"]["lines"]
    told = first["explanation"]
    assert (told["policy"]["policy"], told["policy"]["state"]) == ("renormalise", "NOT_MEASURED")
    assert (told["formula"], told["points"], told["rule"], told["rounding"]) == (None, None, None, None)
    assert told["target"] == {"exact": "85", "text": "85%"}


async def test_money_is_told_as_a_structure_and_leads_to_its_records(ask, firm) -> None:
    (statement,) = (await ask(MONEY, firm["admin"], {"no": "E1"})).data["payStatements"]["nodes"]
    lines = {line["ruleKey"]: line for line in statement["lines"]}
    assert list(lines) == ["fixed_money", "together", "meal", "again"]  # as the table has them
    told = {key: line["explanation"] for key, line in lines.items()}
    assert told["fixed_money"]["formula"].replace(".00", "") == "min(500, 10 × (400/7))"
    (cap,) = told["fixed_money"]["limits"]
    assert (cap["kind"], Fraction(cap["limit"]), cap["before"], cap["after"]) == ("cap", 500, "4000/7", "500")
    assert told["fixed_money"]["records"]["totalCount"] == 7
    assert told["fixed_money"]["records"]["nodes"][0]["externalId"] == "W000"
    assert told["together"]["rounding"]["mode"] == "largest_remainder"
    assert told["together"]["conditions"][0]["holds"]
    assert told["together"]["records"]["totalCount"] == 12
    assert (told["meal"]["formula"], told["meal"]["rule"]["kind"], told["meal"]["records"]) == (
        "33.33", "fixed", {"totalCount": 0, "nodes": []})
    assert told["again"]["formula"].replace(".00", "").startswith("−1 × ")
    assert (told["again"]["rounding"]["to"], told["again"]["rounding"]["mode"]) == ("0.01", "half_up")
    assert told["again"]["records"]["totalCount"] == 7


async def test_what_was_not_measured_has_no_formula(ask, firm) -> None:
    (statement,) = (await ask(MONEY, firm["admin"], {"no": "E3"})).data["payStatements"]["nodes"]
    told = {line["ruleKey"]: line["explanation"] for line in statement["lines"]}["fixed_money"]
    assert (told["formula"], told["amount"], told["rounding"], told["reading"]) == (None, None, None, {"value": None})


async def test_an_employee_sees_the_records_behind_their_own_money_alone(ask, firm) -> None:
    answer = await ask(MONEY, firm["E1"], {"no": "E1"})
    (statement,) = answer.body["data"]["payStatements"]["nodes"]
    behind = {line["ruleKey"]: line["explanation"]["records"] for line in statement["lines"]}
    assert behind["fixed_money"]["totalCount"] == 7
    assert behind["together"] is None  # the records of the whole company
    assert answer.codes == ["FORBIDDEN"]
    assert (await ask(MONEY, firm["E1"], {"no": "E2"})).data["payStatements"]["nodes"] == []


async def test_a_part_leads_to_its_own_records(ask, firm) -> None:
    query = """query($of: String) { scorecardByKey(employeeNo: "E1", scheme: "engineers", period: "2026-05") {
      lines { explanation { records(indicator: $of) { totalCount nodes { met } } } } } }"""
    for indicator, met in ((FIX, 4), (REPEAT, 1)):
        card = (await ask(query, firm["admin"], {"of": indicator})).data["scorecardByKey"]
        nodes = card["lines"][1]["explanation"]["records"]["nodes"]
        assert (len(nodes), sum(node["met"] for node in nodes)) == (7, met)
