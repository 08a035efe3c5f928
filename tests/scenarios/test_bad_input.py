"""What bad input gets, by the doors that a company uses: a message that names file, row, field, value and remedy.

The good rows of a batch land all the same, nothing is half applied, and what was refused can be mended and sent again.
"""

import csv
import gzip
import json
from pathlib import Path
from typing import Any

import pytest

COLUMNS = ("工单号", "工程师", "报修时间", "完成时间", "上门次数", "配件成本", "状态")
SOURCE = {
    "record": "work_order", "format": "csv", "external_id": "工单号", "instant_format": "%Y/%m/%d %H:%M",
    "external_codes": "crm", "strict": True, "coverage": "by_months", "unknown_columns": "refuse",
    "fields": {
        "engineer": "工程师", "created_at": "报修时间", "resolved_at": "完成时间", "visits": "上门次数",
        "parts_cost": {"column": "配件成本", "unit": "元"},
        "outcome": {"column": "状态", "map": {"已完成": "resolved", "未解决": "unresolved"}},
    },
}  # fmt: skip
GOOD = ("W1", "G-1", "2026/05/02 09:00", "2026/05/02 11:00", "1", "12.50 元", "已完成")
# Column, what stands there instead, and the code of what the row is told.
BAD: dict[str, tuple[int, str, str]] = {
    "no such day": (2, "2026/02/30 09:00", "E-ROW-DATE"),
    "another form of date": (3, "02.05.2026", "E-ROW-MOMENT"),
    "another unit": (5, "12.50 USD", "E-ROW-NUMBER"),
    "not a number": (5, "NaN", "E-ROW-NUMBER"),
    "infinite": (5, "Infinity", "E-ROW-NUMBER"),
    "below the limit": (4, "-1", "E-ROW-MINIMUM"),
    "no whole number": (4, "1.5", "E-ROW-WHOLE"),
    "a code that nobody has": (1, "G-9", "E-ROW-CODE"),
    "an unknown word": (6, "完成了", "E-ROW-CHOICE"),
    "missing": (2, "", "E-ROW-MISSING"),
    "too exact": (5, "1.23456", "E-ROW-PLACES"),
}


@pytest.fixture(scope="module")
def firm(meritline: Any) -> Any:
    """A firm with one strict source."""
    api = meritline.onboard("careless", timeZone="Asia/Shanghai")
    api.change("enableIndicatorSet", key="appliance_repair")
    api.change("upsertEmployees", employees=[
        {"number": "E1", "name": "杨平", "employments": [{"validFrom": "2026-01-01", "position": "repair_engineer"}]}])
    api.change("mapExternalCodes", codes=[{"codeSpace": "crm", "code": "G-1", "employee": "E1"}])
    api.change("saveSource", key="crm", document=SOURCE)
    return api


def sheet(*rows: tuple[str, ...]) -> str:
    """Rows under the header."""
    return "\n".join(",".join(row) for row in (COLUMNS, *rows))


def row_of(number: str, column: int | None = None, value: str = "") -> tuple[str, ...]:
    """A good row of this number, with one cell changed."""
    cells = [number, *GOOD[1:]]
    if column is not None:
        cells[column] = value
    return tuple(cells)


def stored(api: Any) -> dict[str, int]:
    """What lies in the database: external id and version."""
    found = api.every("serviceRecords", "externalId version", recordType='"work_order"')
    return {each["externalId"]: each["version"] for each in found}


def test_each_bad_row_is_told_why_and_the_good_ones_land(firm: Any) -> None:
    rows = [row_of("good-1"), *(row_of(f"bad-{n}", *cell[:2]) for n, cell in enumerate(BAD.values())), row_of("good-2")]
    before = stored(firm)
    status, answer = firm.send("work_order", sheet(*rows), "text/csv", source="crm")
    assert (status, answer["accepted"], answer["rejected"]) == (200, 2, len(BAD)), answer
    assert stored(firm) == before | {"good-1": 1, "good-2": 1}
    told = {row["externalId"]: row for row in answer["rows"] if row["verdict"] == "rejected"}
    for number, (name, (column, value, code)) in enumerate(BAD.items()):
        row = told[f"bad-{number}"]
        (reason,) = row["reasons"]
        assert row["line"] == reason["row"] == number + 3, name
        assert reason["code"] == code, (name, reason)
        assert (reason["file"], COLUMNS[column] in reason["field"]) == ("body", True)
        assert reason.get("value", "") == value
        assert reason["remedy"]
    kept = firm.every("imports", "rejected rejects(first: 100) { nodes { line raw reasons } }")[0]
    assert [each["line"] for each in kept["rejects"]["nodes"]] == list(range(3, 3 + len(BAD)))


def test_two_lines_of_one_order_that_contradict_each_other(firm: Any) -> None:
    rows = (row_of("twice", 4, "1"), row_of("twice", 4, "2"), row_of("same"), row_of("same"))
    _, answer = firm.send("work_order", sheet(*rows), "text/csv", source="crm")
    assert (answer["accepted"], answer["rejected"], answer["unchanged"]) == (1, 2, 1), "the same twice is no harm"
    reasons = [row["reasons"][0] for row in answer["rows"] if row["verdict"] == "rejected"]
    assert {reason["code"] for reason in reasons} == {"E-ROW-DUPLICATE"}
    assert all("2" in reason["message"] and "3" in reason["message"] for reason in reasons), "both lines are named"


def test_ndjson_with_what_no_number_is(firm: Any) -> None:
    good = {"external_id": "n-1", "engineer": "G-1", "created_at": "2026-05-02T09:00:00+08:00", "parts_cost": "12.5"}
    lines = [json.dumps(good), json.dumps(good | {"external_id": "n-2"}).replace('"12.5"', "NaN"),
             json.dumps(good | {"external_id": "n-3"}).replace('"12.5"', "-Infinity"),
             json.dumps(good | {"external_id": "n-4", "part_cost": 1}), "{", json.dumps([good])]  # fmt: skip
    status, answer = firm.send("work_order", "\n".join(lines), "application/x-ndjson", source="crm")
    assert (status, answer["accepted"], answer["rejected"]) == (200, 1, 5), answer
    assert [row["line"] for row in answer["rows"] if row["verdict"] == "rejected"] == [2, 3, 4, 5, 6]
    misspelt = next(row for row in answer["rows"] if row["line"] == 4)["reasons"][0]
    assert (misspelt["field"], "parts_cost" in json.dumps(misspelt)) == ("part_cost", True), "the nearest name is said"


@pytest.mark.parametrize(("content", "code", "said"), [
    pytest.param(sheet(GOOD).replace("上门次数", "上门"), "E-FILE-COLUMN", "上门次数", id="a column lacks"),
    pytest.param(sheet(GOOD).replace("状态", "状态,备注").replace("已完成", "已完成,快"), "E-FILE-COLUMN-UNKNOWN",
                 "备注", id="a column nobody knows"),
    pytest.param("", "E-FILE-EMPTY", None, id="empty"),
])  # fmt: skip
def test_a_file_that_cannot_be_read_changes_nothing(firm: Any, content: str, code: str, said: str | None) -> None:
    before = stored(firm)
    status, answer = firm.send("work_order", content, "text/csv", source="crm")
    (error,) = answer["errors"]
    problems = error["extensions"].get("problems", [{"code": error["extensions"]["error"]}])
    found = {each["code"]: each for each in problems}
    assert (status, code in found) == (400, True), answer
    assert said in (found[code].get("value"), None)
    assert error["extensions"]["remedy"]
    assert stored(firm) == before


def test_a_broken_file_by_the_command(meritline: Any, firm: Any, tmp_path: Path) -> None:
    broken = tmp_path / "orders.csv.gz"
    broken.write_bytes(gzip.compress(sheet(*(row_of(f"Z{n}") for n in range(3000))).encode())[:-2000])
    workbook = tmp_path / "orders.xlsx"
    workbook.write_bytes(b"PK\x03\x04 this is no workbook")
    before = stored(firm)
    for path in (broken, workbook):
        done = meritline.command("import", "--tenant", "careless", "--source", "crm", path)
        assert (done.returncode, path.name in done.stderr) == (1, True), done.stderr
        assert "E-FILE" in done.stderr
    assert stored(firm) == before
    failed = firm.every("imports", "state fileName error", filter="{ state: FAILED }")
    assert {each["fileName"] for each in failed} == {broken.name, workbook.name}
    assert all(each["error"] for each in failed)
    wrong = meritline.command("import", "--tenant", "careless", "--source", "crn", broken)
    assert (wrong.returncode, "crm" in wrong.stderr) == (1, True), "the source that there is is said"


def test_refused_rows_are_written_out_mended_and_sent_again(meritline: Any, firm: Any, tmp_path: Path) -> None:
    file, rejects = tmp_path / "五月.csv", tmp_path / "rejects.csv"
    file.write_text(sheet(row_of("M-1"), row_of("M-2", 2, "2026/13/01 09:00"), row_of("M-3", 4, "many"),
                          row_of("M-4")), "gb18030")
    done = meritline.command("import", "--tenant", "careless", "--source", "crm", file, "--rejects", rejects)
    assert done.returncode == 1, "the answer is no: rows were refused"
    assert "2 accepted" in done.stdout
    assert "五月.csv" in done.stderr
    assert "many" in done.stderr
    assert "E-ROW-" in done.stderr
    with rejects.open(encoding="utf-8-sig", newline="") as opened:
        rows = list(csv.DictReader(opened))
    assert [row["工单号"] for row in rows] == ["M-2", "M-3"]
    rows[0]["报修时间"], rows[1]["上门次数"] = "2026/05/03 09:00", "2"
    with rejects.open("w", encoding="utf-8", newline="") as opened:
        writer = csv.DictWriter(opened, rows[0].keys())
        writer.writeheader()
        writer.writerows(rows)
    again = meritline.command("import", "--tenant", "careless", "--source", "crm", rejects)
    assert (again.returncode, "2 accepted" in again.stdout) == (0, True), again.stderr
    assert {f"M-{n}" for n in range(1, 5)} <= stored(firm).keys()


def test_an_unknown_code_lands_in_a_source_that_is_not_strict_and_is_resolved_later(firm: Any) -> None:
    firm.change("saveSource", key="open_crm", document={**SOURCE, "strict": False, "external_codes": "open"})
    status, answer = firm.send("work_order", sheet(row_of("open-1"), row_of("open-2")), "text/csv", source="open_crm")
    assert (status, answer["accepted"], answer["unresolved"], answer["rejected"]) == (200, 2, 2, 0)
    verdict = answer["rows"][0]
    assert (verdict["verdict"], verdict["reasons"][0]["value"]) == ("unresolved", "G-1")
    firm.appraise("2026-05")
    question = ('{ scorecardByKey(employeeNo: "E1", scheme: "engineers", period: "2026-05") { lines { key '
                "reading { sampleSize } explanation { records(first: 100) { nodes { source } } } } } }")

    def counted() -> int:
        lines = firm.ask(question)["scorecardByKey"]["lines"]
        line = next(each for each in lines if each["key"] == "first_time_fix_rate")
        return sum(node["source"] == "open_crm" for node in line["explanation"]["records"]["nodes"])

    assert counted() == 0
    firm.change("mapExternalCodes", codes=[{"codeSpace": "open", "code": "G-1", "employee": "E1"}])
    firm.appraise("2026-05")
    assert counted() == 2


ITEM = {"indicator": "appliance_repair.first_time_fix_rate", "weight": 100, "target": "85 %",
        "rule": {"kind": "deduct", "points": 2}}  # fmt: skip


def scheme(*items: dict[str, Any]) -> dict[str, Any]:
    """A scheme of these items."""
    return {"scheme": "mine", "title": "Mine", "title_zh": "我的", "valid_from": "2026-01-01",
            "for_positions": ["nobody"], "item": list(items)}  # fmt: skip


@pytest.mark.parametrize(("document", "code", "field", "value"), [
    (scheme({**ITEM, "weight": 60}, {**ITEM, "key": "again", "weight": 30}), "E-SCHEME-WEIGHTS", "weight", None),
    (scheme({**ITEM, "weight": 60}, {**ITEM, "key": "again", "weight": 50}), "E-SCHEME-WEIGHTS-OVER", "weight", None),
    (scheme({**ITEM, "weight": "NaN"}), "E-DOC-NUMBER", "weight", "NaN"),
    (scheme({**ITEM, "target": "Infinity"}), "E-DOC-NUMBER", "target", "Infinity"),
    (scheme({**ITEM, "target": "30 min"}), "E-TARGET-UNIT", "target", "30 min"),
    (scheme({**ITEM, "indicator": "appliance_repair.first_time_fix"}), "E-INDICATOR-UNKNOWN", "indicator",
     "appliance_repair.first_time_fix"),
    (scheme({**ITEM, "rule": {"kind": "bands", "row": [{"to": 60, "points": 0}, {"from": 70, "points": 100}]}}),
     "E-BANDS-GAP", "from", None),
    ({**scheme(ITEM), "valid_from": "2026-02-30"}, "E-DOC-DATE", "valid_from", "2026-02-30"),
    (scheme({**ITEM, "rule": {"kind": "bands", "row": [{"to": 70, "points": 0}, {"from": 60, "points": 100}]}}),
     "E-BANDS-OVERLAP", "from", None),
    (scheme({**ITEM, "weight": 60}, {**ITEM, "key": "again", "weight": 40, "target": "90 %"}), "E-TARGET-CONTRADICTS",
     "item[1].target", "90"),
    (scheme({**ITEM, "target": "120 %"}), "E-TARGET-RANGE", "target", "120"),
    (scheme({**ITEM, "rule": {"kind": "judged", "least": 5, "most": 20}}), "E-RULE-UNIT", "rule", "judged"),
    (scheme({**ITEM, "weight": -100}), "E-DOC-LEAST", "weight", "-100"),
    ({"scheme": "mine", "template": "appliance_repair.s01", "valid_from": "2026-01-01"}, "E-SCHEME-BLANK", "item[0]",
     None),
    (scheme({"key": "whole", "title": "Whole", "weight": 100, "part": [{"item": "inner", "weight": 1}]},
            {"key": "inner", "title": "Inner", "part": [{"item": "inner", "weight": 1}]}), "E-ITEM-CIRCLE", "item",
     "inner"),
    ({**scheme(ITEM), "period": {"from": "2026-01-01"}}, "E-SCHEME-PERIOD", "period", None),
])  # fmt: skip
def test_a_scheme_that_contradicts_itself_is_refused_whole(
    firm: Any, document: dict[str, Any], code: str, field: str, value: str | None
) -> None:
    errors = firm.tried("saveScheme", "scheme { key }", document=document)["errors"]
    error = next((each for each in errors if each["code"] == code), None)
    assert error, errors
    assert field in error["field"]
    assert error["remedy"]
    assert value is None or error["value"] == value
    assert not firm.every("schemes", "key", filter='{ keys: ["mine"] }')


def test_one_bad_employee_keeps_all_of_them_out(firm: Any) -> None:
    errors = firm.tried("upsertEmployees", employees=[
        {"number": "E2", "name": "王敏", "employments": [{"validFrom": "2026-01-01"}]},
        {"number": "E3", "name": "李四", "employments": [{"validFrom": "2026-05-01", "validTo": "2026-04-01"}]},
    ])["errors"]  # fmt: skip
    assert errors
    assert errors[0]["remedy"]
    assert [each["number"] for each in firm.every("employees", "number")] == ["E1"]
