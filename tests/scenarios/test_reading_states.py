"""The readings of one person, each in a state of its own, all the way to GraphQL: measured, entered by hand, not
measured, sample too small, failed, waived; and the doors by which figures come in.

Points by hand: 4.5 hours of training give 45; 800 of 1000 minutes, entered, give 80. The other items drop out, so the
score is (45 * 20 + 80 * 20) / 40 = 62.5.
"""

import csv
import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest

PERIOD = "2026-05"
SET = "after_sales_common"
HOURS, BUSY, TEST = f"{SET}.training_hours", f"{SET}.hours_utilization_rate", f"{SET}.knowledge_test_score"
SHARED, TRAINED = f"{SET}.sharing_session_count", f"{SET}.training_quality_score"
DONE, ABSENT = f"{SET}.task_completion_rate", f"{SET}.absenteeism_count"
PER_UNIT = {"kind": "per_unit", "points": 10, "start": 0}
AS_POINTS = {"kind": "as_points"}
SCHEME = {
    "scheme": "fitters", "title": "Fitters", "title_zh": "装配工", "for_positions": ["fitter"], "period": "month",
    "valid_from": "2020-01-01", "item": [
        {"indicator": HOURS, "weight": 20, "rule": PER_UNIT}, {"indicator": BUSY, "weight": 20, "rule": AS_POINTS},
        {"indicator": TEST, "weight": 10, "rule": AS_POINTS}, {"indicator": SHARED, "weight": 10, "rule": PER_UNIT},
        {"indicator": TRAINED, "weight": 10, "rule": AS_POINTS, "minimum_sample": 2},
        {"indicator": DONE, "weight": 20, "rule": AS_POINTS}, {"indicator": ABSENT, "weight": 10, "rule": PER_UNIT},
    ],
}  # fmt: skip
AT = "2026-05-06T10:00:00+08:00"
RECORDS: dict[str, list[dict[str, Any]]] = {
    "training_attendance": [
        {"course": "safety", "employee": "F1", "organised_by_company": True, "held_at": AT, "hours": "3",
         "attended": True, "quality_score": "90"},
        {"course": "wiring", "employee": "F1", "organised_by_company": True, "held_at": AT, "hours": "1.5",
         "attended": True},
    ],
    "timesheet": [{"employee": "F1", "day": "2026-05-06", "available_minutes": 480, "working_minutes": 300}],
    "knowledge_test": [{"test": "rules", "employee": "F2", "taken_at": AT, "score": "80", "max_score": "100"}],
    # Somebody took the number of an invoice for a quantity: 9 * 10^17 per cent and more is no reading.
    "task": [{"employee": "F1", "assigned_at": AT, "quantity_assigned": "0.001", "completed_at": AT,
              "quantity_completed": "900000000000000"}],
    "attendance_day": [{"employee": "F1", "day": "2026-05-07", "scheduled": True, "status": "absent_without_leave"}],
}  # fmt: skip
CARD = """query($p: String!, $no: String!) { scorecardByKey(employeeNo: $no, scheme: "fitters", period: $p) {
  score state lines { key policy rawPoints indicator { key }
    reading { state value exact numerator denominator sampleSize reason
      entered { by at source note numerator denominator version recordsState recordsValue } }
    en: explanation(language: EN) { text records(first: 5) { totalCount } }
    zh: explanation(language: ZH) { text } } } }"""
FIGURES = "written unchanged figures { subjectCode value numerator denominator source enteredBy version }"
BAD_ROWS = (
    ({"indicator": BUSY, "employeeNo": "F2", "numerator": "1", "denominator": "0", "source": "x"},
     "E-FIGURE-DENOMINATOR", "denominator"),
    ({"indicator": BUSY, "employeeNo": "F9", "value": "80", "source": "x"}, "E-FIGURE-SUBJECT", "employeeNo"),
    ({"indicator": SHARED, "employeeNo": "F2", "value": "1.5", "source": "x"}, "E-FIGURE-WHOLE", "value"),
    ({"indicator": TEST, "employeeNo": "F2", "value": "101", "source": "x"}, "E-FIGURE-UNIT", "value"),
    ({"indicator": TEST, "employeeNo": "F2", "value": "90"}, "E-FIGURE-SOURCE", "source"),
    ({"indicator": TEST, "employeeNo": "F2", "departmentCode": "hall", "value": "9", "source": "x"}, "E-SUBJECT-ONE",
     "employeeNo"),
)  # fmt: skip


@pytest.fixture(scope="module")
def plant(meritline: Any) -> Any:
    """A company of two fitters with their records of May, figures and a waiver entered."""
    api = meritline.onboard("states", name="状态厂", timeZone="Asia/Shanghai")
    api.change("enableIndicatorSet", "indicators { key }", key=SET)
    api.change("upsertDepartments", departments=[{"code": "hall", "name": "Hall"}])
    api.change("upsertPositions", positions=[{"code": "fitter", "nameEn": "Fitter", "nameZh": "装配工"}])
    api.change("upsertEmployees", employees=[
        {"number": number, "name": name, "employments": [
            {"validFrom": "2022-01-01", "department": "hall", "position": "fitter"}]}
        for number, name in (("F1", "Fang"), ("F2", "Fu"))])  # fmt: skip
    for record_type, rows in RECORDS.items():
        numbered = [{"external_id": f"{record_type}-{place}", **row} for place, row in enumerate(rows, 1)]
        api.delivered(record_type, numbered, period=PERIOD)
    api.change("saveScheme", "scheme { key }", document=SCHEME)
    found = api.tried("enterFigures", FIGURES, period=PERIOD, figures=[
        {"indicator": BUSY, "employeeNo": "F1", "numerator": "800", "denominator": "1000",
         "source": "foreman's book", "note": "the terminal was down"}, *(row for row, *_ in BAD_ROWS)])  # fmt: skip
    assert (found["written"], found["unchanged"]) == (1, 0)
    assert found["figures"][0] | {"enteredBy": ""} == {
        "subjectCode": "F1", "value": None, "numerator": "800", "denominator": "1000", "source": "foreman's book",
        "enteredBy": "", "version": 1}  # fmt: skip
    assert [(each["line"], each["code"], each["field"]) for each in found["errors"]] == [
        (row, code, field) for row, (_, code, field) in enumerate(BAD_ROWS, 2)]
    assert all(each["message"] and each["remedy"] for each in found["errors"])
    api.change("waiveReading", "figure { kind note version }", period=PERIOD, indicator=ABSENT, employeeNo="F1",
               reason="the terminal was down all week")
    return api


def lines(api: Any, number: str = "F1") -> tuple[Any, dict[str, Any]]:
    """The scorecard, and its lines by indicator."""
    card = api.ask(CARD, p=PERIOD, no=number)["scorecardByKey"]
    return card, {line["indicator"]["key"]: line for line in card["lines"]}


def test_every_state_of_a_reading_is_seen_with_its_reason(plant: Any) -> None:
    run = plant.appraise(PERIOD, "PARTIAL")
    assert DONE in run["error"]
    assert "a number became too large" in run["error"]
    card, found = lines(plant)
    assert (Decimal(card["score"]), card["state"]) == (Decimal("62.5"), "INCOMPLETE")
    states = {key: (line["reading"]["state"], line["reading"]["value"] and Decimal(line["reading"]["value"]),
                    line["reading"]["reason"]) for key, line in found.items()}
    assert states == {
        HOURS: ("MEASURED", Decimal("4.5"), None), BUSY: ("MEASURED", 80, None),
        TEST: ("NOT_MEASURED", None, "no_records"), SHARED: ("NOT_MEASURED", None, "not_delivered"),
        TRAINED: ("SAMPLE_TOO_SMALL", 90, None), DONE: ("FAILED", None, "overflow"),
        ABSENT: ("WAIVED", None, "the terminal was down all week"),
    }  # fmt: skip
    assert {key: line["policy"] for key, line in found.items() if line["policy"]} == {
        **dict.fromkeys((TEST, SHARED, TRAINED, DONE), "renormalise"), ABSENT: "exempt"}
    assert {line["rawPoints"] for key, line in found.items() if key not in (HOURS, BUSY)} == {None}
    assert (found[TRAINED]["reading"]["sampleSize"], found[HOURS]["en"]["records"]["totalCount"]) == (1, 2)


def test_what_was_entered_is_marked_and_names_what_the_records_give(plant: Any) -> None:
    _, found = lines(plant)
    busy, absent = found[BUSY], found[ABSENT]
    mark = busy["reading"]["entered"]
    assert mark | {"by": "", "at": ""} == {
        "by": "", "at": "", "source": "foreman's book", "note": "the terminal was down", "numerator": "800",
        "denominator": "1000", "version": 1, "recordsState": "MEASURED", "recordsValue": "125/2"}  # fmt: skip
    assert mark["by"]
    assert mark["at"].endswith("Z")
    assert (busy["reading"]["numerator"], busy["reading"]["denominator"]) == ("800", "1000")
    assert "instead of 300/480 = 62.5% by the records" in busy["en"]["text"]
    assert "来源：foreman's book" in busy["zh"]["text"]
    assert busy["en"]["records"]["totalCount"] == 0  # behind it is the figure itself
    assert (absent["reading"]["entered"]["source"], absent["reading"]["entered"]["recordsValue"]) == (None, "1")
    assert "waived by" in absent["en"]["text"]
    assert {key for key, line in found.items() if line["reading"]["entered"]} == {BUSY, ABSENT}


def test_an_employee_sees_their_own_mark_and_enters_nothing(plant: Any, meritline: Any) -> None:
    key = meritline.command("key", "create", "--tenant", "states", "--role", "employee", "--employee", "F1")
    mine = type(plant)(plant.url, key.stdout.strip())
    assert lines(mine)[1][BUSY]["reading"]["entered"]["source"] == "foreman's book"
    own = mine.ask("{ enteredFigures(first: 10) { nodes { indicatorKey subjectCode kind } } }")["enteredFigures"]
    assert {(each["subjectCode"], each["kind"]) for each in own["nodes"]} == {("F1", "RATIO"), ("F1", "WAIVER")}
    body = json.dumps({"query": "mutation($i: EnterFiguresInput!) { enterFigures(input: $i) { written } }",
                       "variables": {"i": {"period": PERIOD, "figures": []}}}).encode()  # fmt: skip
    _, refused = mine.post("/graphql", body, "application/json")
    assert refused["errors"][0]["extensions"]["code"] == "FORBIDDEN"


def test_a_failed_reading_is_lifted_by_a_waiver_and_a_withdrawn_figure_gives_way_to_the_records(plant: Any) -> None:
    plant.change("waiveReading", "figure { version }", period=PERIOD, indicator=DONE, employeeNo="F1",
                 reason="a typing error at the source")
    gone = plant.change("withdrawFigure", "figure { withdrawn version history { version withdrawn note } }",
                        period=PERIOD, indicator=BUSY, employeeNo="F1", reason="the terminal's data came",
                        expectedVersion=1)["figure"]  # fmt: skip
    assert gone == {"withdrawn": True, "version": 2, "history": [
        {"version": 2, "withdrawn": True, "note": "the terminal's data came"},
        {"version": 1, "withdrawn": False, "note": "the terminal was down"}]}  # fmt: skip
    _, before = lines(plant)
    assert before[BUSY]["reading"]["value"] == "80"  # a finished run keeps what it was computed with
    assert plant.appraise(PERIOD)["error"] is None
    _, found = lines(plant)
    assert (found[BUSY]["reading"]["value"], found[BUSY]["reading"]["entered"]) == ("62.5", None)
    assert found[DONE]["reading"]["state"] == "WAIVED"


def test_figures_come_as_files_and_refused_rows_can_be_mended(plant: Any, meritline: Any, tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    for row in (["考核期", "指标", "工号", "分子", "分母", "数值", "来源"],
                [PERIOD, TEST, "F1", None, None, 88.5, "纸质试卷"], [PERIOD, BUSY, "F2", 400, 480, None, "工时本"],
                [PERIOD, BUSY, "F1", 481, 0, None, "工时本"], [PERIOD, TEST, "F2", None, None, "95%", "纸质试卷"],
                ["2026-13", TEST, "F2", None, None, 95, "纸质试卷"]):  # fmt: skip
        sheet.append(row)
    book.save(tmp_path / "figures.xlsx")
    rejects = tmp_path / "refused.csv"
    words = ("figures", "import", "--tenant", "states", tmp_path / "figures.xlsx", "--rejects", rejects)
    first = meritline.command(*words)
    assert (first.returncode, first.stdout.splitlines()[0]) == (1, "figures.xlsx: 2 written, 0 unchanged, 3 rejected")
    for code in ("E-FIGURE-DENOMINATOR", "E-FIGURE-CELL", "E-PERIOD"):
        assert code in first.stderr
    assert "row 4" in first.stderr
    assert "未测得不等于零" in meritline.command(*words, "--lang", "zh").stderr
    with rejects.open(encoding="utf-8-sig", newline="") as opened:
        rows = list(csv.DictReader(opened))
    assert [row["#line"] for row in rows] == ["4", "5", "6"]
    mended = [{**rows[1], "数值": "95"}]
    with rejects.open("w", encoding="utf-8", newline="") as opened:
        writer = csv.DictWriter(opened, rows[0].keys())
        writer.writeheader()
        writer.writerows(mended)
    again = meritline.command("figures", "import", "--tenant", "states", rejects)
    assert again.stdout.strip() == "refused.csv: 1 written, 0 unchanged, 0 rejected", again.stderr
    told = json.loads(meritline.command(*words, "--json").stdout)
    assert {name: told[name] for name in ("lines", "written", "unchanged", "rejected")} == {
        "lines": 5, "written": 0, "unchanged": 2, "rejected": 3}
    unknown = tmp_path / "unknown.csv"
    unknown.write_text("period,indicator,source,colour\n")
    assert "E-FIGURE-COLUMN" in meritline.command("figures", "import", "--tenant", "states", unknown).stderr


def test_a_program_sends_figures_and_sees_the_verdict_of_each_row(plant: Any) -> None:
    rows = [
        {"indicator": HOURS, "employee_no": "F2", "value": 12.25, "source": "课表"},
        {"indicator": HOURS, "department_code": "hall", "value": "30", "source": "课表"},
        {"indicator": HOURS, "value": "NaN", "source": "课表"},
        {"indicator": SHARED, "employeeNo": "F2", "value": 3, "source": "课表", "expectedVersion": 7},
    ]
    body = "\n".join(json.dumps(row, ensure_ascii=False) for row in rows).encode() + b"\nnot json\n"
    status, answer = plant.post(f"/v1/figures?period={PERIOD}", body, "application/x-ndjson")
    assert (status, answer["written"], answer["rejected"]) == (200, 2, 3)
    assert [(row["line"], row["reasons"][0]["code"]) for row in answer["rows"]] == [
        (3, "E-FIGURE-CELL"), (4, "E-CONFLICT-STALE"), (5, "E-ROW-JSON")]
    status, answer = plant.post(f"/v1/figures?period={PERIOD}", body, "application/x-ndjson")
    assert (answer["written"], answer["unchanged"]) == (0, 2)
    other = "indicator,employee_no,value,source\n" + f"{HOURS},F2,13,课表\n"
    status, answer = plant.post(f"/v1/figures?period={PERIOD}", other.encode(), "text/csv")
    assert answer["rows"][0]["reasons"][0]["code"] == "E-CONFLICT-STALE"  # nobody replaces what they did not see
    many = other + f"{HOURS},F2,13,课表\n" * 10_000
    status, answer = plant.post(f"/v1/figures?period={PERIOD}", many.encode(), "text/csv")
    assert (status, "E-FIGURE-MANY" in json.dumps(answer)) == (400, True), answer
    assert {entry["action"] for entry in plant.every("auditEntries", "action")} > {
        "figures.enter", "figure.withdraw", "reading.waive"}


def test_the_exports_show_the_mark(plant: Any, meritline: Any) -> None:
    shown: dict[str, list[dict[str, str]]] = {}
    for what in ("scorecards", "lines"):
        done = meritline.command("export", what, "--tenant", "states", "--period", PERIOD, "--format", "csv")
        assert done.returncode == 0, done.stderr
        shown[what] = list(csv.DictReader(done.stdout.lstrip("\ufeff").splitlines()))
    cards = {row["Number or code"]: row for row in shown["scorecards"]}
    assert cards["F1"]["Lines entered by hand or waived"] == "2"
    marked = {row["Title"]: row for row in shown["lines"] if row["Entered by"]}
    assert {(row["Number or code"], row["Reading state"], row["Reason"]) for row in marked.values()} == {
        ("F1", "waived", "a typing error at the source"), ("F1", "waived", "the terminal was down all week")}
    assert {row["By the records"] for row in marked.values()} == {"", "1"}
