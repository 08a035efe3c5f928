"""Indicators that Python functions compute, in a company's month: read, explained, failed, waived, locked.

Callouts of last month, by hand (local times). M1 closes at 8:00, 10:30 and 11:00 on the 3rd and at 9:00 on the 4th: the
longest gap of a shift is 150 minutes. M2 closes at 9:00 and 9:45 on the 3rd and never the third one, of a building
without floors: 45. M3 closes once. Crew A (M1, M2) closes at 8:00, 9:00, 9:45, 10:30, 11:00: 60, which is neither of
its members' numbers.
"""

import shutil
from calendar import monthrange
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

LAST = (datetime.now(UTC).date().replace(day=1) - timedelta(days=1)).replace(day=1)
PERIOD, DAYS = f"{LAST:%Y-%m}", monthrange(LAST.year, LAST.month)[1]
CALLOUTS = {
    "M1": (("03T08:00", 3), ("03T10:30", 4), ("03T11:00", 6), ("04T09:00", 12)),
    "M2": (("03T09:00", 4), ("03T09:45", 6), (None, 0)),
    "M3": (("05T12:00", 2),),
}  # fmt: skip
CREW = {"M1": "A", "M2": "A", "M3": "B"}
CARD = """query($n: String, $d: String, $s: String!, $p: String!) {
  scorecardByKey(employeeNo: $n, departmentCode: $d, scheme: $s, period: $p) {
    score state lines { key rawPoints reading { value exact state reason sampleSize numerator denominator }
    en: explanation(language: EN) { text formula reading { text says function package sampleSize reason }
        records(first: 10) { nodes { externalId } } }
    zh: explanation(language: ZH) { text reading { says } } } } }"""
RUN = "query($id: ID!) { node(id: $id) { ... on Run { state error inputDigest resultDigest } } }"


@pytest.fixture(scope="module")
def plugged(with_plugins: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """A Meritline with the plugin of one file."""
    folder = tmp_path_factory.mktemp("plugins")
    shutil.copy(Path(__file__).parent / "plugins" / "lift_watch.py", folder)
    with with_plugins(MERITLINE_PLUGINS_DIR=folder) as running:
        yield running


def company(plugged: Any, key: str, position: str) -> Any:
    """A company with the set, its people in the position, and their month."""
    api = plugged.onboard(key, timeZone="Asia/Shanghai")
    api.change("enableIndicatorSet", "indicators { key }", key="lift_watch")
    api.change("upsertDepartments", departments=[{"code": code, "name": code} for code in ("A", "B")])
    api.change("upsertEmployees", employees=[
        {"number": number, "name": f"Person {number}", "employments": [
            {"validFrom": "2022-01-01", "department": CREW[number], "position": position}]} for number in CALLOUTS])
    rows = []
    for number, many in CALLOUTS.items():
        for place, (closed, floors) in enumerate(many, 1):
            day = (closed or "03")[:2]
            times = {} if closed is None else {"closed_at": f"{LAST:%Y-%m}-{closed}:00+08:00"}
            rows.append({"external_id": f"{number}-{place}", "mechanic": number, "floors": floors,
                         "reported_at": f"{LAST:%Y-%m}-{day}T07:0{place}:00+08:00", **times})
    api.delivered("lift_callout", rows, period=PERIOD)
    return api


@pytest.fixture(scope="module")
def firm(plugged: Any) -> Any:
    """Mechanics, by the plugin's own schemes."""
    return company(plugged, "lifts", "mechanic")


def card(api: Any, scheme: str, **whose: str) -> dict[str, Any]:
    """The lines of a scorecard by key."""
    found = api.ask(CARD, s=scheme, p=PERIOD, **whose)["scorecardByKey"]
    assert found is not None
    return {each["key"]: each for each in found["lines"]}


def test_a_month_with_functions(firm: Any, plugged: Any) -> None:
    run = firm.appraise(PERIOD, "PARTIAL")
    one, two, three = (card(firm, "mechanics", n=number) for number in CALLOUTS)

    gap = one["longest_gap"]
    assert (gap["reading"]["exact"], gap["reading"]["sampleSize"], gap["reading"]["state"]) == ("150", 4, "MEASURED")
    assert gap["rawPoints"] == "50"
    assert (two["longest_gap"]["reading"]["exact"], two["longest_gap"]["reading"]["sampleSize"]) == ("45", 2)
    assert "still open: 1" in two["longest_gap"]["en"]["text"], "what is shown beside"
    assert (three["longest_gap"]["reading"]["state"], three["longest_gap"]["reading"]["reason"]) == (
        "NOT_MEASURED", "no_records")
    assert [card(firm, "crews", d=crew)["longest_gap"]["reading"]["exact"] for crew in ("A", "B")] == ["60", None]
    share = Fraction(100 * (DAYS - 2), DAYS)
    assert Fraction(one["quiet_days"]["reading"]["exact"]) == share
    assert (one["quiet_days"]["reading"]["numerator"], one["quiet_days"]["reading"]["denominator"]) == (
        str(DAYS - 2), str(DAYS))

    told = gap["en"]
    assert "150 min (The longest time between two closures; computed by longest_gap of lift_watch.py 1.2.0 from 4 " \
           "records)" in told["text"]
    assert "两次关单之间的最长间隔；由 lift_watch.py 1.2.0 的 longest_gap 根据 4 条记录计算" in gap["zh"]["text"]
    assert {name: told["reading"][name] for name in ("says", "function", "package", "sampleSize")} == {
        "says": "The longest time between two closures.", "function": "lift_watch:longest_gap",
        "package": "lift_watch.py 1.2.0", "sampleSize": 4}
    assert gap["zh"]["reading"]["says"] == "两次关单之间的最长间隔。"
    assert sorted(each["externalId"] for each in told["records"]["nodes"]) == ["M1-1", "M1-2", "M1-3", "M1-4"]

    # One stumbles over one subject, one looks at the clock: failed, never zero, and nobody else's.
    assert [lines["climb"]["reading"]["exact"] for lines in (one, two, three)] == ["10", None, "6"]
    assert (two["climb"]["reading"]["state"], two["climb"]["reading"]["reason"]) == ("FAILED", "plugin_raised")
    assert "the function of lift_watch.py 1.2.0 ended with an error" in two["climb"]["en"]["text"]
    assert "出错" in two["climb"]["zh"]["text"]
    assert two["climb"]["en"]["records"]["nodes"] == []
    assert {lines["clocked"]["reading"]["reason"] for lines in (one, two, three)} == {"plugin_differs"}
    raised, differs = run["error"].splitlines()
    assert "1 readings of lift_watch.climb" in raised
    assert "lift_watch.py 1.2.0 ended with an error (" in raised
    assert "ZeroDivisionError" in raised
    assert "(E-RUN-READING-PLUGIN-RAISED)" in raised
    assert "3 readings of lift_watch.clocked" in differs
    assert "(E-RUN-READING-PLUGIN-DIFFERS)" in differs
    doctor = plugged.command("plugins", "doctor")
    while "could not be asked" in doctor.stdout:  # it does not wait long for a database, and tests make it busy
        doctor = plugged.command("plugins", "doctor")
    assert "E-PLUGIN-DIFFERS" in doctor.stderr


def test_again_it_is_the_same_and_what_failed_blocks_until_it_is_waived(firm: Any) -> None:
    first, second = (firm.appraise(PERIOD, "PARTIAL") for _ in range(2))
    assert [first[name] for name in ("inputDigest", "resultDigest")] == [
        second[name] for name in ("inputDigest", "resultDigest")]
    refused = firm.tried("lockCycle", period=PERIOD)["errors"]
    assert {(each["code"], each["value"]) for each in refused} == {
        ("E-BLOCK-FAILED", "lift_watch.climb"), ("E-BLOCK-FAILED", "lift_watch.clocked")}
    for indicator, people in (("lift_watch.climb", ["M2"]), ("lift_watch.clocked", list(CALLOUTS))):
        for number in people:
            firm.change("waiveReading", "figure { version }", period=PERIOD, indicator=indicator, employeeNo=number,
                        reason="until the consultants mend it")
    third = firm.appraise(PERIOD)
    assert third["error"] is None
    assert third["resultDigest"] != second["resultDigest"]
    assert card(firm, "mechanics", n="M2")["climb"]["reading"]["state"] == "WAIVED"


def test_what_the_company_sets_reaches_the_function(firm: Any) -> None:
    firm.change("saveIndicator", "indicator { key }", key="lift_watch.longest_gap",
                parameters={"within": "24 h"})
    firm.appraise(PERIOD)
    assert card(firm, "mechanics", n="M1")["longest_gap"]["reading"]["exact"] == str(22 * 60)
    assert card(firm, "crews", d="A")["longest_gap"]["reading"]["exact"] == str(22 * 60)


def test_a_draft_is_tried_with_functions(firm: Any) -> None:
    draft = {"scheme": "mechanics", "title": "Mechanics", "title_zh": "维保员", "for_positions": ["mechanic"],
             "period": "month", "weights": "must_sum_to_100", "valid_from": "2020-01-01", "item": [
                 {"indicator": "lift_watch.longest_gap", "weight": 50, "target": "60 min",
                  "rule": {"kind": "target_met"}},
                 {"indicator": "lift_watch.quiet_days", "weight": 50, "read_from": "department",
                  "rule": {"kind": "as_points"}}]}  # fmt: skip
    found = firm.ask("""query($input: SimulateInput!) { simulate(input: $input) { errors { code message }
        simulation { readAgain warnings { code message } persons(first: 5) { nodes { code periods {
        after { score state } } } } } } }""", input={"scheme": draft, "periods": [PERIOD]})["simulate"]
    assert found["errors"] == []
    assert found["simulation"]["readAgain"] == [PERIOD], "what the department reads was not kept"
    assert found["simulation"]["warnings"] == []
    levels = firm.ask("query($p: [String!]) { suggestTargets(indicators: [\"lift_watch.longest_gap\"], periods: $p) "
                      "{ errors { code } lines { indicatorKey sampleSize people } } }", p=[PERIOD])["suggestTargets"]
    assert levels["errors"] == []
    assert [each["people"] for each in levels["lines"]] == [2]


def test_a_company_cannot_bring_a_function(firm: Any) -> None:
    for formula in ('python("lift_watch:longest_gap", lift_callout)', "rows(lift_callout, by=[floors])",
                    "lift_watch:longest_gap"):
        asked = {"formula": formula, "period": PERIOD}
        assert firm.tried("tryIndicator", **asked)["errors"], formula
    (told,) = firm.every("indicators", "key formula fieldsNeeded sentence(language: EN)",
                         filter='{ keys: ["lift_watch.longest_gap"] }')
    assert told["formula"] is None
    assert "The longest time between two closures" in told["sentence"]
    assert told["fieldsNeeded"] == ["lift_callout.closed_at", "lift_callout.mechanic", "lift_callout.reported_at"]


def test_another_company_notices_nothing_and_computes_again_with_the_very_text(plugged: Any) -> None:
    other = company(plugged, "calm-lifts", "fitter")
    other.change("saveScheme", "scheme { key }", document={
        "scheme": "fitters", "title": "Fitters", "title_zh": "钳工", "for_positions": ["fitter"], "period": "month",
        "valid_from": "2020-01-01", "weights": "must_sum_to_100", "item": [
            {"indicator": "lift_watch.longest_gap", "weight": 100, "target": "60 min",
             "rule": {"kind": "target_met"}}]})
    run = other.appraise(PERIOD)
    assert run["error"] is None
    assert card(other, "fitters", n="M1")["longest_gap"]["reading"]["exact"] == "150"

    # The file under its feet: what was saved names the text that computes it, and asks for that one.
    file = Path(plugged.environ["MERITLINE_PLUGINS_DIR"]) / "lift_watch.py"
    text = file.read_text("utf-8")
    file.write_text(text.replace("max(gaps)", "min(gaps)"), "utf-8")
    changed = other.appraise(PERIOD, "PARTIAL")
    assert "(E-RUN-READING-PLUGIN-CHANGED)" in changed["error"]
    gap = card(other, "fitters", n="M1")["longest_gap"]
    assert (gap["reading"]["state"], gap["reading"]["reason"]) == ("FAILED", "plugin_changed")
    assert "it needs lift_watch.py 1.2.0, and what is installed has another text" in gap["en"]["text"]
    file.unlink()
    gone = other.appraise(PERIOD, "PARTIAL")
    assert "(E-RUN-READING-PLUGIN-MISSING)" in gone["error"]
    gap = card(other, "fitters", n="M1")["longest_gap"]
    assert "it needs lift_watch.py 1.2.0, which is not installed" in gap["en"]["text"]
    assert "需要 lift_watch.py 1.2.0，但未安装" in gap["zh"]["text"]
    file.write_text(text, "utf-8")
    again = other.appraise(PERIOD)
    assert [again[name] for name in ("inputDigest", "resultDigest")] == [
        run[name] for name in ("inputDigest", "resultDigest")]


def test_the_month_is_locked(firm: Any) -> None:
    firm.change("lockCycle", period=PERIOD)
