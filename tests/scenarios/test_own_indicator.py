"""A firm's own indicator, from the first idea to the scorecard, through the API alone.

Work orders of last month. "Second visits" are those of at least one visit that needed more than one:
E1 has 3 orders with visits 1, 2, 3: 2 of 3. E2 has 2 with 1 and 1, and one that never says how many: 0 of 2.
"""

import re
from calendar import monthrange
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

LAST = (datetime.now(UTC).date().replace(day=1) - timedelta(days=1)).replace(day=1)
PERIOD = f"{LAST:%Y-%m}"
FORMULA = "ratio(count(work_order, visits > 1), count(work_order, visits >= 1))"
VISITS = {"E1": (1, 2, 3), "E2": (1, 1, None)}
CASE = {
    "title": "one of two", "period": "2026-05",
    "records": [{"engineer": "E1", "resolved_at": "2026-05-03T09:00:00+08:00", "visits": 2},
                {"engineer": "E1", "resolved_at": "2026-05-04T09:00:00+08:00", "visits": 1},
                {"engineer": "E1", "resolved_at": "2026-05-04T09:00:00+08:00"}],
    "expect": {"value": "50", "numerator": "1", "denominator": "2", "sample": 2},
}  # fmt: skip
DECLARED = {
    "key": "second_visits", "titleEn": "Second visits", "titleZh": "二次上门率", "unit": "percent", "better": "LOWER",
    "formula": FORMULA, "minimumSample": 1, "noteEn": "Our own.", "noteZh": "自定。", "goldenCases": [CASE],
}  # fmt: skip
SCHEME = {
    "scheme": "fitters", "title": "Fitters", "title_zh": "维修工", "for_positions": ["fitter"], "period": "month",
    "valid_from": "2020-01-01", "weights": "must_sum_to_100",
    "item": [{"indicator": "own.second_visits", "weight": 100, "target": "10 %",
              "rule": {"kind": "deduct", "points": 1, "per": "percentage_point", "when": "above_target"}}],
}  # fmt: skip


@pytest.fixture(scope="module")
def firm(meritline: Any) -> Any:
    """The firm with last month's work orders."""
    api = meritline.onboard("own-indicators", timeZone="Asia/Shanghai")
    api.change("enableIndicatorSet", "indicators { key }", key="after_sales_common")
    api.change("upsertDepartments", departments=[{"code": "field", "name": "Field"}])
    api.change("upsertEmployees", employees=[
        {"number": number, "name": number, "employments": [
            {"validFrom": "2022-01-01", "department": "field", "position": "fitter"}]} for number in VISITS])
    rows = [{"external_id": f"{number}-{place}", "engineer": number, "created_at": f"{LAST:%Y-%m}-02T08:00:00+08:00",
             "resolved_at": f"{LAST:%Y-%m}-0{place}T09:00:00+08:00", **({} if visits is None else {"visits": visits})}
            for number, many in VISITS.items() for place, visits in enumerate(many, 3)]  # fmt: skip
    api.delivered("work_order", rows, period=PERIOD)
    return api


def test_what_is_wrong_is_said_with_its_place_and_the_nearest_name(firm: Any) -> None:
    def codes(formula: str, **more: Any) -> list[tuple[str, str | None, str]]:
        found = firm.tried("saveIndicator", **{**DECLARED, "formula": formula, **more})["errors"]
        return [(each["code"], each["field"], each["remedy"]) for each in found]

    ((code, field, remedy),) = codes("count(work_order, visit == 1)", unit="count")
    assert (code, field) == ("E-FORMULA-FIELD", "formula")
    assert "visits" in remedy
    ((code, _, remedy),) = codes("count(work_ordr)", unit="count")
    assert code == "E-FORMULA-RECORD"
    assert "work_order" in remedy
    assert codes("count(review)", unit="count")[0][0] == "E-FORMULA-RECORD", "a type of a set that is not enabled"
    assert codes("count(work_order, visits > hours(2))")[0][0] == "E-FORMULA-KINDS"
    assert codes("ratio(count(work_order), 100)")[0][0] == "E-FORMULA-DENOMINATOR"
    assert codes("ratio(count(work_order), count(work_order, visits < 0))")[0][0] == "E-FORMULA-NEVER"
    ((code, field, remedy),) = codes("mean(work_order, resolved_at - created_at)", goldenCases=[])
    assert (code, field) == ("E-INDICATOR-UNIT", "unit")
    assert "hour" in remedy
    assert codes(FORMULA, key="after_sales_common.csat_rate")[0][:2] == ("E-INDICATOR-SHADOW", "key")
    wrong = {**CASE, "expect": {"value": "40"}}
    found = firm.tried("saveIndicator", **{**DECLARED, "goldenCases": [CASE, wrong]})["errors"]
    assert [(each["code"], each["value"], each["field"]) for each in found] == [
        ("E-GOLDEN-DIFFERS", "40", "goldenCases[1]")]
    assert "50" in found[0]["message"]
    assert firm.every("indicators", "key", filter="{ own: true }") == [], "nothing was kept"


def test_it_is_told_in_words_and_tried_before_it_is_used(firm: Any) -> None:
    found = firm.change(
        "tryIndicator",
        """trial { formula sentenceEn sentenceZh unit recordTypes fieldsNeeded subjects states recordsOf moreRecords }
           readings { subjectKind subjectCode state value exact numerator denominator sampleSize }
           looked { recordType records met unknown } records { recordType externalId fields share met }""",
        formula=FORMULA, period=PERIOD, subjectKinds=["EMPLOYEE"], first=10)
    trial = found["trial"]
    assert trial["formula"] == FORMULA
    assert "visits" in trial["sentenceEn"]
    assert "上门次数" in trial["sentenceZh"]
    assert (trial["unit"], trial["recordTypes"]) == ("percent", ["work_order"])
    assert trial["fieldsNeeded"] == ["work_order.engineer", "work_order.resolved_at", "work_order.visits"]
    assert (trial["subjects"], trial["states"]) == (2, {"measured": 2})
    by_code = {each["subjectCode"]: each for each in found["readings"]}
    assert Fraction(by_code["E1"]["exact"]) == Fraction(200, 3)
    assert (by_code["E1"]["numerator"], by_code["E1"]["denominator"], by_code["E1"]["sampleSize"]) == ("2", "3", 3)
    assert Decimal(by_code["E2"]["value"]) == 0
    assert found["looked"] == [{"recordType": "work_order", "records": 6, "met": 3 - 1, "unknown": 1},
                               {"recordType": "work_order", "records": 6, "met": 5, "unknown": 1}]
    assert [each["externalId"] for each in found["records"]] == ["E1-3", "E1-4", "E1-5"]
    assert found["records"][0]["fields"]["visits"] == 1
    assert [each["met"] for each in found["records"]] == [False, True, True], "which of them are second visits"
    assert firm.every("indicators", "key", filter="{ own: true }") == [], "nothing was kept"


PAGE = (Path(__file__).parents[2] / "platform" / "docs" / "own-indicators.md").read_text("utf-8")
DAYS = monthrange(LAST.year, LAST.month)[1]
# By hand, for E1 (visits 1, 2, 3) and E2 (1, 1, none).
TRIED: dict[str, tuple[Fraction | str, Fraction | str]] = {
    'count(work_order, source == "api")': (Fraction(3), Fraction(3)),
    "sum(work_order, visits)": (Fraction(6), Fraction(2)),
    "largest(work_order, visits)": (Fraction(3), Fraction(1)),
    "percentile(work_order, visits, 50)": (Fraction(2), Fraction(1)),
    "count(work_order, at=AS_THINGS_STAND)": (Fraction(3), Fraction(3)),
    "mean(work_order, If(visits is None, 0, visits))": (Fraction(2), Fraction(2, 3)),
    "distinct(work_order, by=[local_day(resolved_at)])": (Fraction(3), Fraction(3)),
    "distinct(work_order, by=[visits])": (Fraction(3), Fraction(1)),
    "ratio(count(work_order), employed_days())": (Fraction(3, DAYS) * 100, Fraction(3, DAYS) * 100),
    "ratio(sum(work_order, visits * visits), count(work_order))": (Fraction(1400, 3), Fraction(200, 3)),
    "count(work_order, how_many(work_order, other.engineer == engineer and other.visits > work_order.visits) == 0)":
        (Fraction(1), Fraction(3)),
    "count(work_order, 1 <= visits < 3 or visits is None)": (Fraction(2), Fraction(3)),
    'count(work_order, resolved_at - created_at > parameter("limit", blank="duration"))':
        ("NOT_MEASURED", "NOT_MEASURED"),
    'count(work_order, resolved_at - created_at > "36 h")': (Fraction(2), Fraction(2)),
    "ratio(count(work_order, visits > 1), count(work_order, rush))": ("NOT_MEASURED", "NOT_MEASURED"),
}  # fmt: skip


def test_every_sort_of_formula_reads_what_a_person_counts(firm: Any) -> None:
    for formula, wanted in TRIED.items():
        found = firm.change("tryIndicator", "readings { subjectCode state exact } looked { met }", formula=formula,
                            period=PERIOD, subjectKinds=["EMPLOYEE"])["readings"]
        read = {each["subjectCode"]: Fraction(each["exact"]) if each["exact"] else each["state"] for each in found}
        assert (read["E1"], read["E2"]) == wanted, formula
    for formula in re.findall(r"^```formula\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL):
        firm.change("tryIndicator", "trial { sentenceZh } readings { state } looked { met unknown }", formula=formula,
                    period=PERIOD)


def test_it_appears_in_a_scorecard_with_its_sentence_its_records_and_its_golden_case(
        firm: Any, meritline: Any, tmp_path: Path) -> None:
    kept = firm.change("saveIndicator", "indicator { key version setKey formula sentence(language: ZH) fieldsNeeded "
                       "goldenCases definitionHash }", **DECLARED, expectedVersion=0)["indicator"]
    assert (kept["key"], kept["version"], kept["setKey"], kept["formula"]) == ("own.second_visits", 1, None, FORMULA)
    again = firm.change("saveIndicator", "indicator { version }", **DECLARED)["indicator"]
    assert again["version"] == 1, "the same again changes nothing"
    firm.change("saveScheme", "scheme { key }", document=SCHEME)
    firm.appraise(PERIOD)
    card = firm.ask("""query($p: String!) { scorecardByKey(employeeNo: "E1", scheme: "fitters", period: $p) {
        score lines { indicator { key definitionHash current { sentence formula goldenCases } }
          reading { value state sampleSize } explanation(language: EN) { text
            records(first: 10) { totalCount nodes { externalId } } } } } }""", p=PERIOD)["scorecardByKey"]
    (line,) = card["lines"]
    assert (line["reading"]["state"], line["reading"]["sampleSize"]) == ("MEASURED", 3)
    assert round(Decimal(line["reading"]["value"]), 4) == Decimal("66.6667")
    assert round(Decimal(card["score"]), 2) == Decimal("43.33"), "100 - (66.67 - 10)"
    assert "visits" in line["indicator"]["current"]["sentence"]
    (case,) = line["indicator"]["current"]["goldenCases"]
    assert case["expect"] == CASE["expect"]
    assert [node["externalId"] for node in line["explanation"]["records"]["nodes"]] == ["E1-3", "E1-4", "E1-5"]

    # A scheme uses it: it cannot go, nor lose its unit; a change is a new version, and the card keeps the old one.
    assert firm.tried("removeIndicator", key="own.second_visits")["errors"][0]["code"] == "E-INDICATOR-USED"
    count = {**DECLARED, "formula": "count(work_order, visits > 1)", "unit": "count", "goldenCases": []}
    assert firm.tried("saveIndicator", **count)["errors"][0]["code"] == "E-INDICATOR-UNIT-USED"
    stale = firm.tried("saveIndicator", **{**DECLARED, "titleEn": "Again"}, expectedVersion=0)["errors"]
    assert stale[0]["code"] == "E-CONFLICT-STALE"
    changed = {**DECLARED, "formula": FORMULA.replace("visits > 1", "visits > 2"), "goldenCases": [
        {**CASE, "expect": {"value": "0", "denominator": "2"}}]}
    newer = firm.change("saveIndicator", "indicator { version definitionHash }", **changed, expectedVersion=1)
    assert newer["indicator"]["version"] == 2
    assert newer["indicator"]["definitionHash"] != line["indicator"]["definitionHash"]
    seen = firm.ask('query($p: String!) { scorecardByKey(employeeNo: "E1", scheme: "fitters", period: $p) { score '
                    "lines { indicator { definitionHash } } } }", p=PERIOD)["scorecardByKey"]
    assert seen == {"score": card["score"], "lines": [{"indicator": {"definitionHash": kept["definitionHash"]}}]}

    # As a folder and back: nothing differs, and a mistake in the file is named by its line.
    exported = meritline.command("tenant", "export", "--tenant", "own-indicators", "--to", tmp_path)
    assert exported.returncode == 0, exported.stderr
    file = tmp_path / "indicators" / "second_visits.toml"
    assert "visits > 2" in file.read_text()
    same = meritline.command("tenant", "apply", tmp_path)
    assert same.returncode == 0, same.stderr
    assert "own.second_visits" not in same.stdout
    # Somebody changes it by the API: the folder does not overwrite that unless it is told to.
    firm.change("saveIndicator", "indicator { version }", **{**changed, "titleEn": "By hand"}, expectedVersion=2)
    newer = meritline.command("tenant", "apply", tmp_path)
    assert newer.returncode == 1
    assert "E-MANIFEST-NEWER" in newer.stdout + newer.stderr
    forced = meritline.command("tenant", "apply", tmp_path, "--force")
    assert forced.returncode == 0, forced.stderr
    ((title, version),) = [(each["title"], each["version"]) for each in firm.every(
        "indicators", "key title version", filter='{ keys: ["own.second_visits"] }')]
    assert (title, version) == ("Second visits", 4)

    file.write_text(file.read_text().replace("visits > 2", "visit > 2"))
    wrong = meritline.command("tenant", "check", tmp_path)
    assert wrong.returncode == 1
    assert "indicators/second_visits.toml" in wrong.stdout + wrong.stderr
    assert "E-FORMULA-FIELD" in wrong.stdout + wrong.stderr


def test_what_no_scheme_uses_can_go_and_come_back(firm: Any) -> None:
    other = {**DECLARED, "key": "own.orders", "formula": "count(work_order)", "unit": "count", "goldenCases": []}
    firm.change("saveIndicator", "indicator { version }", **other)
    settings = firm.change("saveIndicator", "indicator { version minimumSample formula }", key="own.orders",
                           minimumSample=3)["indicator"]
    assert settings == {"version": 2, "minimumSample": 3, "formula": "count(work_order)"}
    assert firm.change("removeIndicator", "key", key="own.orders", expectedVersion=2)["key"] == "own.orders"
    assert "own.orders" not in {each["key"] for each in firm.every("indicators", "key", filter="{ own: true }")}
    assert firm.tried("removeIndicator", key="own.orders")["errors"][0]["code"] == "E-NOT-FOUND"
    back = firm.change("saveIndicator", "indicator { version }", **other, expectedVersion=0)["indicator"]
    assert back["version"] == 3, "the history goes on"
    actions = {entry["action"] for entry in firm.every("auditEntries", "action")}
    assert {"indicator.declare", "indicator.remove"} <= actions


def test_a_manager_may_not_try_what_shows_everybody(firm: Any, meritline: Any) -> None:
    key = meritline.command("key", "create", "--tenant", "own-indicators", "--role", "manager", "--employee", "E1")
    manager = type(firm)(firm.url, key.stdout.strip())
    status, answer = manager.post("/graphql", b'{"query": "mutation { tryIndicator(input: {formula: \\"count(work_order'
                                  b')\\", period: \\"2026-05\\"}) { errors { code } } }"}', "application/json")
    assert status == 200, answer
    assert answer["errors"][0]["extensions"]["code"] == "FORBIDDEN"
