"""A draft tried over months that stand: who gains, who loses, what it costs, worked out by hand.

Each month (number of orders, those done in one visit):
A1 10, 10    A2 10, 7    A3 5, 3    A4 4, 4    A5 none

The scheme: first visits 60 % (target 80 %, 1 point off per point below), orders 40 % (10 wanted).
A1  100 x .6 + 100 x .4 = 100  good   A2  90 x .6 + 40 = 94  good   A3  80 x .6 + 50 x .4 = 68  fair
A4  100 x .6 + 40 x .4  =  76  fair   A5  no first visits, its orders count alone: 0, poor
Money: poor 0, fair 300, good 600, and 1.35 for each order: 613.50, 613.50, 306.75, 305.40, 0.00.
"""

import json
from collections.abc import Iterator
from copy import deepcopy
from decimal import Decimal
from typing import Any

import pytest

ORDERS = {"A1": (10, 10), "A2": (10, 7), "A3": (5, 3), "A4": (4, 4), "A5": (0, 0)}
MONTHS = ("2026-04", "2026-05")
NEVER_RUN = "2026-03"
FIRST = {"key": "first_visit", "titleEn": "First visits", "titleZh": "一次上门率", "unit": "percent",
         "better": "HIGHER", "formula": "ratio(count(work_order, visits == 1), count(work_order, visits >= 1))"}
MANY = {"key": "orders", "titleEn": "Orders", "titleZh": "工单数", "unit": "count", "better": "HIGHER",
        "formula": "count(work_order)"}
AGAIN = {"key": "again", "titleEn": "Second visits", "titleZh": "二次上门", "unit": "count", "better": "LOWER",
         "formula": "count(work_order, visits > 1)"}
RARE = {"key": "rare", "titleEn": "Of those with second visits", "titleZh": "二次上门比", "unit": "percent",
        "better": "HIGHER", "formula": "ratio(count(work_order, visits == 1), count(work_order, visits > 1))"}
SCHEME: dict[str, Any] = {
    "scheme": "fitters", "title": "Fitters", "title_zh": "维修工", "for_positions": ["fitter"],
    "valid_from": "2026-01-01",
    "item": [{"indicator": "own.first_visit", "weight": 60, "target": "80 %",
              "rule": {"kind": "deduct", "points": 1}},
             {"indicator": "own.orders", "weight": 40, "target": 10, "rule": {"kind": "to_target"}}],
    "grades": {"grade": [{"key": "poor"}, {"key": "fair", "limit": 60}, {"key": "good", "limit": 80}]},
}
PAY: dict[str, Any] = {
    "reward_table": "fitters_pay", "scheme": "fitters", "title": "Pay", "title_zh": "奖金", "valid_from": "2026-01-01",
    "reward": [{"kind": "by_grade", "key": "bonus", "title": "Bonus", "title_zh": "奖金",
                "amounts": {"poor": 0, "fair": 300, "good": 600}},
               {"kind": "per_reading", "key": "per_order", "title": "Per order", "title_zh": "每单",
                "indicator": "own.orders", "amount": "1.35"}],
}
SIDE = "{ score grade rank money { amount } }"
PERSON = (f"code name verdict difference {{ amount }} scoreDifference before {SIDE} after {SIDE} "
          f"periods {{ period difference {{ amount }} before {SIDE} after {SIDE} }}")
ASK = f"""query($input: SimulateInput!, $first: Int!, $after: String) {{ simulate(input: $input) {{
  errors {{ code field value }}
  simulation {{ scheme people gains loses unchanged readAgain warnings {{ code }}
    before {{ amount currency }} after {{ amount }} difference {{ amount }}
    periods {{ period before {{ amount }} after {{ amount }} difference {{ amount }} grades {{ grade before after }} }}
    persons(first: $first, after: $after) {{ totalCount pageInfo {{ hasNextPage endCursor }} nodes {{ {PERSON} }} }} }}
}} }}"""


def delivered(api: Any, period: str) -> None:
    """The orders of a month."""
    rows = [{"external_id": f"{period}-{number}-{place}", "engineer": number, "visits": 1 if place < first else 2,
             "created_at": f"{period}-02T08:00:00+08:00", "resolved_at": f"{period}-03T{8 + place:02}:00:00+08:00"}
            for number, (many, first) in ORDERS.items() for place in range(many)]
    api.delivered("work_order", rows, period=period)


def draft() -> dict[str, Any]:
    """First visits 80 %, 5 points off per point; orders 20 %.

    A1  100        good    A2  50 x .8 + 20 = 60  fair     A3  0 + 10 = 10  poor
    A4  80 + 8 = 88  good  A5  0  poor
    """
    found = deepcopy(SCHEME)
    found["item"][0] |= {"weight": 80, "rule": {"kind": "deduct", "points": 5}}
    found["item"][1]["weight"] = 20
    return found


def tried(api: Any, first: int = 100, after: str | None = None, **given: Any) -> Any:
    """The answer."""
    return api.ask(ASK, input=given, first=first, after=after)["simulate"]


def simulated(api: Any, **given: Any) -> Any:
    """The simulation, which nothing kept from being made."""
    found = tried(api, **given)
    assert found["errors"] == []
    return found["simulation"]


def people(found: Any) -> dict[str, Any]:
    """The people by number."""
    return {each["code"]: each for each in found["persons"]["nodes"]}


@pytest.fixture(scope="module")
def firm(meritline: Any) -> Iterator[Any]:
    """The firm with both months run, and one that never was."""
    api = meritline.onboard("simulated", timeZone="Asia/Shanghai")
    api.change("enableIndicatorSet", key="after_sales_common")
    api.change("upsertPositions", positions=[{"code": "fitter", "nameEn": "Fitter", "nameZh": "维修工"}])
    api.change("upsertDepartments", departments=[{"code": "field", "name": "Field"}])
    api.change("upsertEmployees", employees=[
        {"number": number, "name": f"Fitter {number}", "employments": [
            {"validFrom": "2025-01-01", "department": "field", "position": "fitter"}]} for number in ORDERS])
    for declared in (FIRST, MANY, AGAIN, RARE):
        api.change("saveIndicator", **declared)
    for period in (NEVER_RUN, *MONTHS):
        delivered(api, period)
    api.change("saveScheme", document=SCHEME)
    api.change("saveRewardTable", document=PAY)
    for period in MONTHS:
        api.appraise(period)
    return api


def test_who_gains_who_loses_what_it_costs(firm: Any) -> None:
    found = simulated(firm, **{"scheme": draft(), "from": "2026-04"})
    assert (found["people"], found["gains"], found["loses"], found["unchanged"]) == (5, 1, 2, 2)
    # 613.50 x 2 + 306.75 + 305.40 = 1839.15; after: 613.50 + 313.50 + 6.75 + 605.40 = 1539.15
    assert [found[side]["amount"] for side in ("before", "after", "difference")] == ["1839.15", "1539.15", "-300.00"]
    assert found["before"]["currency"] == "CNY"
    assert found["periods"][0]["grades"] == [{"grade": "fair", "before": 2, "after": 1},
                                             {"grade": "good", "before": 2, "after": 2},
                                             {"grade": "poor", "before": 1, "after": 2}]  # fmt: skip
    assert found["readAgain"] == []
    assert [each["code"] for each in found["persons"]["nodes"]] == ["A4", "A1", "A5", "A2", "A3"]
    told = people(found)
    assert told["A4"]["before"] == {"score": "76.00", "grade": "fair", "rank": 3, "money": {"amount": "305.40"}}
    assert told["A4"]["after"] == {"score": "88.00", "grade": "good", "rank": 2, "money": {"amount": "605.40"}}
    assert told["A2"]["after"] == {"score": "60.00", "grade": "fair", "rank": 3, "money": {"amount": "313.50"}}
    assert told["A3"]["after"]["score"] == "10.00"
    assert (told["A5"]["before"], told["A5"]["verdict"]) == (told["A5"]["after"], "UNCHANGED")
    assert {code: each["difference"]["amount"] for code, each in told.items()} == {
        "A1": "0.00", "A2": "-300.00", "A3": "-300.00", "A4": "300.00", "A5": "0.00"}


def test_months_hang_together_by_what_they_would_have_been(firm: Any) -> None:
    """100 for good twice in a row: in May A1 and, by the draft alone, A4; not A2, who was good as things stand."""
    pay = deepcopy(PAY)
    pay["reward"].append({"kind": "award", "key": "steady", "title": "Steady", "title_zh": "稳定", "amount": 100,
                          "when": {"grades": ["good"]}, "in_a_row": {"periods": 2}})
    found = simulated(firm, scheme=draft(), rewardTable=pay, **{"from": "2026-04", "to": "2026-05"})
    assert [each["difference"]["amount"] for each in found["periods"]] == ["-300.00", "-100.00"]
    told = people(found)
    assert [each["after"]["money"]["amount"] for each in told["A1"]["periods"]] == ["613.50", "713.50"]
    assert [each["after"]["money"]["amount"] for each in told["A4"]["periods"]] == ["605.40", "705.40"]
    assert told["A4"]["difference"]["amount"] == "700.00"
    assert told["A4"]["after"] == {"score": "88.00", "grade": None, "rank": None, "money": {"amount": "1310.80"}}
    assert [each["after"]["money"]["amount"] for each in told["A2"]["periods"]] == ["313.50", "313.50"]
    alone = simulated(firm, rewardTable=pay, periods=["2026-05"])
    assert people(alone)["A2"]["difference"]["amount"] == "100.00", "without the draft A2 was good twice"


def test_a_reward_table_alone_pays_the_cards_that_stand(firm: Any) -> None:
    """650.50 for good, 2.05 an order: A1 671.00, A2 671.00, A3 310.25, A4 308.20."""
    pay = deepcopy(PAY)
    pay["reward"][0]["amounts"]["good"] = "650.50"
    pay["reward"][1]["amount"] = "2.05"
    found = simulated(firm, rewardTable=pay, **{"from": "2026-04", "months": 2})
    told = people(found)
    assert {code: each["difference"]["amount"] for code, each in told.items()} == {
        "A1": "115.00", "A2": "115.00", "A3": "7.00", "A4": "5.60", "A5": "0.00"}
    assert found["difference"]["amount"] == "242.60"
    assert all(each["scoreDifference"] in ("0", "0.00") for each in told.values())
    assert [each["difference"]["amount"] for each in found["periods"]] == ["121.30", "121.30"]


def test_a_month_that_never_ran_is_compared_with_the_scheme_in_force(firm: Any) -> None:
    found = simulated(firm, scheme=draft(), periods=[NEVER_RUN])
    assert [each["code"] for each in found["warnings"]] == ["E-SIMULATE-NEVER-RUN"]
    assert (found["readAgain"], found["difference"]["amount"]) == ([NEVER_RUN], "-300.00")
    assert people(found)["A3"]["before"] == {"score": "68.00", "grade": "fair", "rank": 4,
                                             "money": {"amount": "306.75"}}


def test_records_count_as_they_were_known_to_the_run(firm: Any) -> None:
    """A2's three second visits are corrected to first ones after the run: neither side knows it."""
    rows = [{"external_id": f"2026-05-A2-{place}", "engineer": "A2", "visits": 1,
             "created_at": "2026-05-02T08:00:00+08:00", "resolved_at": f"2026-05-03T{8 + place:02}:00:00+08:00"}
            for place in (7, 8, 9)]
    _, answer = firm.send("work_order", "\n".join(map(json.dumps, rows)), "application/x-ndjson", period="2026-05")
    assert answer["updated"] == 3
    same = simulated(firm, scheme=SCHEME, periods=["2026-05"])
    assert (same["unchanged"], same["readAgain"]) == (5, [])
    # Second visits at 1 point each make the draft read the records again: A2 94 - 3, A3 68 - 2.
    events = {**SCHEME, "event": [{"indicator": "own.again", "rule": {
        "kind": "per_unit", "points": -1, "start": 0, "floor": "none"}}]}
    found = simulated(firm, scheme=events, periods=["2026-05"])
    assert found["readAgain"] == ["2026-05"]
    told = people(found)
    assert {code: told[code]["after"]["score"] for code in told} == {
        "A1": "100.00", "A2": "91.00", "A3": "66.00", "A4": "76.00", "A5": "0.00"}


def test_pages_tell_everybody_once(firm: Any) -> None:
    seen: list[str] = []
    after = None
    while True:
        page = tried(firm, first=2, after=after, scheme=draft(), periods=["2026-04"])["simulation"]["persons"]
        seen += [each["code"] for each in page["nodes"]]
        if not page["pageInfo"]["hasNextPage"]:
            break
        after = page["pageInfo"]["endCursor"]
    assert (seen, page["totalCount"]) == (["A4", "A1", "A5", "A2", "A3"], 5)


def test_a_draft_is_refused_with_all_its_mistakes(firm: Any) -> None:
    wrong = draft()
    wrong["item"][0]["indicator"] = "own.frist_visit"
    wrong["item"][1]["rule"] = {"kind": "to_targt"}
    found = tried(firm, scheme=wrong, rewardTable={**PAY, "scheme": "others"}, periods=["2026-04"])
    assert found["simulation"] is None
    codes = [each["code"] for each in found["errors"]]
    assert {"E-INDICATOR-UNKNOWN", "E-DOC-CHOICE"} <= set(codes) or len(codes) > 1, codes

    def refused(**given: Any) -> list[str]:
        return [each["code"] for each in tried(firm, **given)["errors"]]

    assert refused(periods=["2026-04"]) == ["E-SIMULATE-NOTHING"]
    assert refused(scheme=draft(), periods=["2026-Q2"]) == ["E-SIMULATE-KIND"]
    assert refused(scheme=draft(), periods=["2099-01"]) == ["E-SIMULATE-FUTURE"]
    assert refused(scheme=draft(), **{"from": "2026-05", "to": "2026-04"}) == ["E-SIMULATE-PERIODS"]
    assert refused(scheme={**draft(), "for_positions": ["fitte"]}, periods=["2026-04"]) == [
        "E-SCHEME-POSITION-UNKNOWN"]
    other = {**draft(), "grades": {"grade": [{"key": "low"}, {"key": "high", "limit": 50}]}}
    assert refused(scheme=other, periods=["2026-04"]) == ["E-SIMULATE-GRADES"]


def test_only_those_who_save_schemes_may_try_them(meritline: Any, firm: Any) -> None:
    made = meritline.command("key", "create", "--tenant", "simulated", "--role", "employee", "--employee", "A1")
    assert made.returncode == 0, made.stderr
    key = type(firm)(firm.url, made.stdout.strip())
    status, answer = key.post("/graphql", json.dumps({"query": ASK, "variables": {
        "first": 1, "input": {"scheme": SCHEME, "periods": ["2026-04"]}}}).encode(), "application/json")
    assert answer["data"] is None or answer["data"]["simulate"] is None
    assert answer["errors"][0]["extensions"]["code"] == "FORBIDDEN"
    assert status == 200


def test_another_company_sees_nothing_of_it(meritline: Any, firm: Any) -> None:
    other = meritline.onboard("simulated-elsewhere", timeZone="Asia/Shanghai")
    other.change("enableIndicatorSet", key="after_sales_common")
    assert {each["code"] for each in tried(other, scheme=draft(), periods=["2026-04"])["errors"]} >= {
        "E-INDICATOR-UNKNOWN"}
    alike = {**SCHEME, "for_positions": [], "item": [{"indicator": "after_sales_common.csat_rate", "weight": 100,
                                                      "rule": {"kind": "as_points"}}]}
    found = simulated(other, scheme=alike, periods=["2026-04"])
    assert (found["people"], found["before"]["amount"], found["persons"]["nodes"]) == (0, "0.00", [])


def test_the_command_tells_the_same_in_both_languages(meritline: Any, firm: Any, tmp_path: Any) -> None:
    scheme = tmp_path / "draft.toml"
    scheme.write_text(SCHEME_TOML, "utf-8")
    words = ("simulate", "--tenant", "simulated", "--scheme-file", scheme, "--period", "2026-04", "--to", "2026-05")
    done = meritline.command(*words, "--json")
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    asked = simulated(firm, scheme=draft(), **{"from": "2026-04", "to": "2026-05"})
    assert (found["gains"], found["loses"], found["difference"]) == (1, 2, asked["difference"]["amount"])
    assert [(each["code"], each["difference"]) for each in found["persons"]] == [
        (each["code"], each["difference"]["amount"]) for each in asked["persons"]["nodes"]]
    told = meritline.command(*words, "--lang", "en").stdout
    assert "1 gain, 2 lose, 2 unchanged" in told
    assert "A4 Fitter A4: 610.80 -> 1210.80 (+600.00)" in told
    assert "增加" in meritline.command(*words, "--lang", "zh").stdout
    scheme.write_text(SCHEME_TOML.replace("own.orders", "own.order"), "utf-8")
    wrong = meritline.command(*words)
    assert wrong.returncode == 1
    assert f"{scheme}:14" in wrong.stderr
    assert "E-INDICATOR-UNKNOWN" in wrong.stderr
    assert Decimal(found["before"]) == Decimal("1839.15") * 2


LINES = "lines { line unit target sampleSize people reached reason levels { percent value exact } } errors { code }"


def suggested(api: Any, arguments: str) -> Any:
    """The answer of suggestTargets."""
    return api.ask(f"{{ suggestTargets({arguments}) {{ schemeVersion periods {LINES} }} }}")["suggestTargets"]


def test_targets_are_suggested_from_what_people_reached(firm: Any) -> None:
    """First visits of two months: 100 four times, 70 and 60 twice. Orders: 10 four times, 5, 4 and 0 twice."""
    found = suggested(firm, 'scheme: "fitters", first: "2026-04", to: "2026-05"')
    assert (found["schemeVersion"], found["periods"], found["errors"]) == (1, list(MONTHS), [])
    visits, orders = found["lines"]
    assert [(each["percent"], each["value"]) for each in visits["levels"]] == [(25, "100"), (50, "100"), (75, "70")]
    assert (visits["sampleSize"], visits["people"], visits["target"], visits["reached"]) == (8, 4, "80", 4)
    assert [each["value"] for each in orders["levels"]] == ["10", "5", "4"]
    assert (orders["sampleSize"], orders["people"], orders["reached"], orders["unit"]) == (10, 5, 4, "count")
    again, rare = suggested(firm, 'indicators: ["own.again", "own.rare"], periods: ["2026-04"]')["lines"]
    # Second visits: 0, 3, 2, 0, 0; fewer are better.
    assert [each["value"] for each in again["levels"]] == ["0", "0", "2"]
    assert (rare["reason"], rare["levels"], rare["people"]) == ("TOO_FEW", [], 2)
    assert suggested(firm, 'scheme: "fiters", periods: ["2026-04"]')["errors"] == [{"code": "E-SCHEME-UNKNOWN"}]


def test_the_command_tells_the_levels(meritline: Any, firm: Any) -> None:
    words = ("suggest-targets", "--tenant", "simulated", "--scheme", "fitters", "--from", "2026-04", "--to", "2026-05")
    told = meritline.command(*words, "--lang", "en")
    assert told.returncode == 0, told.stderr
    assert "first_visit (percent): 25% 100  50% 100  75% 70  (8 readings of 4 people; target 80: 4" in told.stdout
    found = json.loads(meritline.command(*words, "--json").stdout)
    assert [each["levels"]["75"]["value"] for each in found["lines"]] == ["70", "4"]


def test_targets_are_accepted_as_the_next_version(firm: Any) -> None:
    given = {"scheme": "fitters", "expectedVersion": 1, "validFrom": "2026-06-01", "level": 75, "periods": MONTHS}
    refused = firm.tried("acceptTargets", **{**given, "level": 60})["errors"]
    assert [each["code"] for each in refused] == ["E-SUGGEST-LEVEL"]
    refused = firm.tried("acceptTargets", **{**given, "values": [{"line": "nothing", "target": "1"}]})["errors"]
    assert [each["code"] for each in refused] == ["E-SUGGEST-LINE"]
    refused = firm.tried("acceptTargets", **{**given, "values": [{"line": "orders", "target": one} for one in "67"]})
    assert [each["code"] for each in refused["errors"]] == ["E-DOC-TWICE"], "one of the two would be lost"
    done = firm.change("acceptTargets", "scheme { version } targets { line target }",
                       values=[{"line": "orders", "target": "6"}], **given)
    assert done["scheme"]["version"] == 2
    assert done["targets"] == [{"line": "first_visit", "target": "70"}, {"line": "orders", "target": "6"}]
    now = suggested(firm, 'scheme: "fitters", periods: ["2026-04"]')
    assert [each["target"] for each in now["lines"]] == ["70", "6"]
    stale = firm.tried("acceptTargets", **given)["errors"]
    assert [each["code"] for each in stale] == ["E-CONFLICT-STALE"]
    # A2 reaches 70 % now and loses no point for first visits: 60 + 40.
    found = simulated(firm, scheme={**SCHEME, "item": [{**SCHEME["item"][0], "target": 70}, SCHEME["item"][1]]},
                      periods=["2026-04"])
    assert people(found)["A2"]["after"]["score"] == "100.00"


SCHEME_TOML = """\
scheme = "fitters"
title = "Fitters"
title_zh = "维修工"
for_positions = ["fitter"]
valid_from = 2026-01-01
grades.grade = [{ key = "poor" }, { key = "fair", limit = 60 }, { key = "good", limit = 80 }]

[[item]]
indicator = "own.first_visit"
weight = 80
target = "80 %"
rule = { kind = "deduct", points = 5 }
[[item]]
indicator = "own.orders"
weight = 20
target = 10
rule = { kind = "to_target" }
"""
