"""``meritline-sdk try``: the numbers are those of a hand calculation and of the golden cases; bad rows are told."""

import io
import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from meritline_sdk import Choice, Code, Day, Flag, Instant, Int, Number, People
from meritline_sdk.cli import main
from meritline_sdk.model.fields import FieldSpec
from meritline_sdk.testing import load_golden
from meritline_sdk.testing.golden import GoldenCase, agreeing
from meritline_sdk.testing.golden_records import rows_of
from meritline_sdk.trying.terminal import Paint, aligned, width
from meritline_sdk.trying.values import CellError, field_value

ROOT = Path(__file__).parents[2]
PLUGIN = '''"""Lifts."""
from datetime import timedelta
from meritline_sdk import *

class Callout(RecordType, key="lift_callout", title=Text("Call-out", "急修单")):
    mechanic = Person()
    team = Team(optional=True)
    reported_at = Instant(title=Text("Reported", "报修时间"))
    arrived_at = Instant(optional=True)
    closed_at = Instant(optional=True)
    visits = Int(minimum=0)
    trapped = Flag(optional=True)
    grade = Choice(options=("major", "minor"), optional=True)
    cost = Number(places=2, optional=True)
    defaults = Attribution(credit=mechanic, at=closed_at)

class Visit(RecordType, key="lift_visit", title=Text("Visit", "上门")):
    mechanic = Person()
    callout = Code()
    at = Instant()
    defaults = Attribution(credit=mechanic, at=at)

c = Callout
ARRIVAL = Indicator("arrival_p90", Text("Arrival", "到场时间"), unit=MINUTES, better=LOWER,
                    measure=Percentile(c.arrived_at - c.reported_at, 90))
FIRST = Indicator("first_visit", Text("Fixed at the first visit", "一次修复率"), unit=PERCENT, better=HIGHER,
                  measure=Ratio(Count(c, where=c.visits == 1), Count(c, where=c.visits >= 1)))
FAST = Indicator("fast", Text("In time", "及时率"), unit=PERCENT, better=HIGHER, measure=Ratio(
    Count(c, where=c.arrived_at - c.reported_at <= Parameter("within", minutes(30), title=Text("limit", "时限"))),
    Count(c, where=c.arrived_at.present())))
AGAIN = Indicator("again", Text("Visited again", "重复上门率"), unit=PERCENT, better=LOWER, measure=Ratio(
    Count(Visit, where=exists(Callout, lambda one: (one.external_id == Visit.callout) & (one.visits > 1))),
    Count(Visit)))
MORE = Indicator("more", Text("More", "增长"), unit=COUNT, better=HIGHER, measure=Change(Count(c)))
COST = Indicator("cost", Text("Cost", "费用"), unit=MONEY, better=LOWER, measure=Sum(c.cost),
                 beside=(Beside(Text("Without cost", "无费用"), Count(c, where=c.cost.missing())),))
TEAM = Indicator("team_jobs", Text("Jobs of the team", "班组工单数"), unit=COUNT, better=HIGHER,
                 measure=Count(c, credit=c.team))

def longest_gap(rows, settings, period):
    closed = sorted(row.closed_at for row in rows)
    gaps = [later - earlier for earlier, later in zip(closed, closed[1:])]
    return Answer(max(gaps) // timedelta(minutes=1), MINUTES, sample=len(closed)) if gaps else None

GAP = Indicator("gap", Text("Longest gap", "最长间隔"), unit=MINUTES, better=LOWER, measure=PythonMeasure(
    longest_gap, Callout, rows={"closed_at": c.closed_at}, says=Text("The longest gap.", "最长间隔。")))
MANNERS = RatedIndicator("manners", Text("Manners", "礼貌"), raters=(Raters("manager", 60), Raters("customer", 40)))
SCHEME = SchemeTemplate("mechanics", Text("Mechanics", "维保工"), items=(
    Item(FIRST, 60, rules.Deduct(2), target=85), Item(ARRIVAL, 20, rules.Bands(up_to={30: 100, 60: 50}, beyond=0)),
    Item(MANNERS, 20, rules.AsPoints())), pass_score=60,
    grades=GradeBands((Grade("low", Text("Low", "低")), Grade("high", Text("High", "高"), 60))))
PAY = RewardTable("pay", Text("Pay", "奖金"), "mechanics", (
    ByGrade("bonus", Text("Bonus", "奖金"), {"low": 0, "high": 500}),
    ByRank("place", Text("By place", "名次奖"), (100,), beyond=0, pays="place")))
OPEN = Template(Scheme("printed", Text("Printed", "原文"), items=(
    Item(FIRST, 100, rules.Deduct(Blank("off", Text("Points off", "扣分"))), target=85),)), Text("A page", "一页"))
LIFTS = IndicatorSet("lifts", Text("Lifts", "电梯"), records=[Callout, Visit], schemes=[SCHEME], rewards=[PAY],
                     indicators=[ARRIVAL, FIRST, FAST, AGAIN, MORE, COST, TEAM, GAP, MANNERS], templates=[OPEN])

@hookimpl
def indicator_sets():
    return [LIFTS]
'''
RECORDS = """External_ID,Mechanic,team,报修时间,arrived_at,closed_at,visits,trapped,grade,cost
W1,M1,North,2026-05-01T08:00:00+08:00,2026-05-01T08:20:00+08:00,2026-05-01T10:00:00+08:00,1,true,major,12.50
W2,M1,North,2026/5/2 08:00,2026/5/2 08:45,2026/5/2 10:00,2,no,minor,
W3,M2,South,2026-05-03 08:00,,2026-05-03 12:00,0,,,7
W4,M2,South,2026-05-31 23:00,2026-05-31 23:10,2026-06-01 00:00,1,否,,1
W5,M1,North,2026-04-30T15:00:00Z,2026-04-30T16:00:00Z,2026-04-30T17:00:00Z,1,,,
"""

type Try = Callable[..., tuple[int, dict[str, Any], str]]


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A plugin's project, in which the command is run."""
    name = f"probe_lifts_{abs(hash(tmp_path)) % 10**8}"
    (tmp_path / "src" / name).mkdir(parents=True)
    (tmp_path / "src" / name / "__init__.py").write_text(PLUGIN, "utf-8")
    (tmp_path / "pyproject.toml").write_text(
        f'[project]\nname = "probe"\n[project.entry-points."meritline.plugins"]\nlifts = "{name}"\n')
    (tmp_path / "records.csv").write_text(RECORDS, "utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "path", [*sys.path])
    yield tmp_path
    for module in [one for one in sys.modules if one.startswith(name)]:
        del sys.modules[module]


@pytest.fixture
def tried(project: Path, capsys: pytest.CaptureFixture[str]) -> Try:
    """Runs the command: exit code, JSON, stderr."""

    def run(*arguments: str) -> tuple[int, dict[str, Any], str]:
        code = main(["try", *arguments, "--json"])
        out, err = capsys.readouterr()
        return code, json.loads(out) if out.strip() else {}, err

    return run


def reading(found: dict[str, Any], key: str, subject: str) -> dict[str, Any]:
    return next(one for one in found["readings"] if (one["indicator"], one["subject"]) == (f"lifts.{key}", subject))


def test_readings_are_those_of_a_hand_calculation(tried: Try) -> None:
    """May in Shanghai: W4 closes at the first instant of June, W5 at 01:00 on 1 May."""
    code, found, _ = tried("lift_callout=records.csv")
    assert (code, found["period"], found["refusals"]) == (0, "2026-05", [])
    assert found["files"] == [{"file": "records.csv", "record": "lift_callout", "rows": 5, "used": 5}]
    first = reading(found, "first_visit", "M1")
    assert (first["value"], first["numerator"], first["denominator"], first["sample"]) == ("200/3", "2", "3", 3)
    assert reading(found, "first_visit", "company")["value"] == "200/3"
    nothing = reading(found, "first_visit", "M2")
    assert (nothing["state"], nothing["value"], nothing["text"][:12]) == ("not_measured", None, "not measured")
    assert reading(found, "arrival_p90", "M1")["value"] == "60"  # 20, 45 and 60 minutes
    assert reading(found, "fast", "company")["value"] == "100/3"
    cost = reading(found, "cost", "M1")
    assert cost["value"] == "25/2"
    assert "Without cost" in cost["text"]
    assert [one["subject"] for one in found["readings"] if one["indicator"] == "lifts.team_jobs"] == [
        "North", "South", "company"]
    assert reading(found, "team_jobs", "North")["value"] == "3"
    assert reading(found, "team_jobs", "North")["subject_kind"] == "department"
    assert reading(found, "gap", "M1")["value"] == "1440"  # 01:00 and 10:00 on the 1st, 10:00 on the 2nd: 24 h, 9 h
    assert reading(found, "more", "M1")["state"] == "not_measured", "April was not delivered, which is not nothing"
    assert not [one for one in found["readings"] if one["indicator"] in ("lifts.again", "lifts.manners")]


def test_june_knows_may(tried: Try) -> None:
    _, found, _ = tried("lift_callout=records.csv", "--period", "2026-06")
    assert reading(found, "more", "M1")["value"] == "-3"
    assert reading(found, "first_visit", "M2")["value"] == "100"
    _, year, _ = tried("lift_callout=records.csv", "--period", "2026")
    assert reading(year, "first_visit", "company")["value"] == "75"
    assert year["schemes"][0]["not_scored"] == {"reason": "period", "kind": "month"}
    _, abroad, _ = tried("lift_callout=records.csv", "--period", "2026-05", "--zone", "UTC")
    assert reading(abroad, "first_visit", "company")["sample"] == 2, "there W5 closes in April"
    assert reading(abroad, "first_visit", "M1")["value"] == "50"


def test_cards_with_ratings_weights_and_money(tried: Try, project: Path) -> None:
    (project / "ratings.csv").write_text(
        "indicator;employee;role;value;rater;scale_max\nmanners;M1;manager;70;L1;\nmanners;M1;manager;80;L1;\n"
        "lifts.manners;M1;customer;4;;5\nmanners;M1;customer;5;;5\nmanners;M2;boss;5;;\nmanners;M1;manager;800;;\n"
        "rudeness;M1;manager;8;;\n")
    code, found, _ = tried("lift_callout=records.csv", "--ratings", "ratings.csv", "--set", "within=45min")
    assert code == 1
    assert [(one["line"], one["field"], one["value"]) for one in found["refusals"]] == [
        (6, "role", "boss"), (7, "value", "800"), (8, "indicator", "rudeness")]
    assert reading(found, "fast", "M1")["value"] == "200/3"
    assert "limit = 45 minutes" in reading(found, "fast", "M1")["text"]
    assert reading(found, "manners", "M1")["value"] == "84"  # (60 × 80 + 40 × 90) / 100
    cards = found["schemes"][0]["cards"]
    first = cards[0]
    # 100 − 2 × (85 − 200/3) = 190/3, × 60% = 38; 50 × 20% = 10; 84 × 20% = 16.8
    assert (first["subject"], first["score"], first["exact"], first["grade"], first["passed"], first["state"]) == (
        "M1", "64.80", "324/5", "high", True, "complete")
    assert [line["weighted_points"] for line in first["lines"]] == ["38", "10", "84/5"]
    assert [(one["rule"], one["amount"]) for one in first["rewards"]] == [("bonus", "500.00")]
    assert (cards[1]["score"], cards[1]["state"], cards[1]["rewards"][0]["amount"]) == (None, "not_measured", None)


def test_several_files_and_a_look_from_one_to_the_other(tried: Try, project: Path) -> None:
    (project / "visits.ndjson").write_text("\n".join(json.dumps(
        {"external_id": str(number), "mechanic": "M1", "callout": of, "at": "2026-05-02T01:00:00Z"})
        for number, of in enumerate(("W1", "W2", "W2", "W9"))))
    code, found, _ = tried("lift_callout=records.csv", "lift_visit=visits.ndjson", "--records", "--indicator", "again")
    assert code == 0
    again = reading(found, "again", "M1")
    assert (again["value"], again["numerator"], again["denominator"]) == ("50", "2", "4")
    assert again["records"] == {"1. count lift_visit": "1, 2", "2. count lift_visit": "0, 1, 2, 3"}
    assert found["schemes"] == []


def test_a_template_is_scored_once_its_blanks_are_filled(tried: Try) -> None:
    _, found, _ = tried("lift_callout=records.csv", "--scheme", "printed")
    assert found["schemes"][0]["not_scored"] == {"reason": "blanks", "keys": "off"}
    _, found, _ = tried("lift_callout=records.csv", "--scheme", "printed", "--set", "off=3")
    assert found["schemes"][0]["cards"][0]["score"] == "45.00"  # 100 − 3 × 55/3


BAD_ROWS = """mechanic,reported_at,closed_at,visits,trapped,grade,cost,arrived_at,colour
M1,2026-05-01 08:00,2026-05-01 10:00,1,,,,,red
,2026-05-01 08:00,2026-05-01 10:00,1,,,,,
M1,yesterday,2026-05-01 10:00,1,,,,,
M1,2026-05-01 08:00,2026-05-01 10:00,1.0,,,,,
M1,2026-05-01 08:00,2026-05-01 10:00,-1,,,,,
M1,2026-05-01 08:00,2026-05-01 10:00,1,perhaps,,,,
M1,2026-05-01 08:00,2026-05-01 10:00,1,,huge,,,
M1,2026-05-01 08:00,2026-05-01 10:00,1,,,1.005,,
M1,2026-05-01 08:00,2026-05-01 10:00,1,,,NaN,2026-02-30,
M1,2026-05-01 08:00
M1,2026-05-01 08:00,2026-05-01 10:00,1,,,1.500,,
"""


def test_a_bad_row_is_told_with_file_line_field_value_and_remedy(tried: Try, project: Path) -> None:
    (project / "bad.csv").write_text(BAD_ROWS)
    code, found, _ = tried("lift_callout=bad.csv")
    assert code == 1
    assert [(one["line"], one["field"], one["value"], one["rule"]) for one in found["refusals"]] == [
        (11, None, None, "columns"), (1, "colour", None, "column_unknown"),
        (3, "mechanic", None, "missing"), (4, "reported_at", "yesterday", "instant"), (5, "visits", "1.0", "int"),
        (6, "visits", "-1", "range"), (7, "trapped", "perhaps", "flag"), (8, "grade", "huge", "choice"),
        (9, "cost", "1.005", "places"), (10, "cost", "NaN", "number"), (10, "arrived_at", "2026-02-30", "instant")]
    assert all(one["file"] == "bad.csv" and one["what"] and one["remedy"] for one in found["refusals"])
    assert found["files"][0]["used"] == 2
    assert found["files"][0]["rows"] == 11
    assert reading(found, "first_visit", "M1")["sample"] == 2


@pytest.mark.parametrize(("name", "content", "rule"), [
    ("gone.csv", None, "absent"),
    ("empty.csv", b"mechanic,reported_at,visits\n", "empty"),
    ("sheet.xlsx", b"PK\x03\x04\x00\x00", "spreadsheet"),
    ("noise.csv", b"\xff\x81\x30\xff\x00", "encoding"),
    ("thin.csv", b"mechanic,visits\nM1,1\n", "column_absent"),
    ("twice.csv", b"mechanic,mechanic,reported_at,visits\nM1,M1,2026-05-01,1\n", "header_twice"),
    ("quote.csv", b'mechanic,reported_at,visits\n"M1,2026-05-01,1\n', "quotes"),
    ("nan.ndjson", b'{"mechanic": "M1", "reported_at": "2026-05-01", "visits": NaN}\n', "json"),
    ("list.ndjson", b'{"mechanic": ["M1"], "reported_at": "2026-05-01", "visits": 1}\n', "value"),
    ("cut.ndjson", b'{"mechanic": "M1",\n', "json"),
])  # fmt: skip
def test_a_file_that_cannot_be_used_is_told(tried: Try, project: Path, name: str, content: bytes | None,
                                            rule: str) -> None:
    if content is not None:
        (project / name).write_bytes(content)
    code, found, _ = tried("lift_callout=records.csv", f"lift_callout={name}")
    assert code == 1
    assert rule in [one["rule"] for one in found["refusals"]]
    assert reading(found, "first_visit", "M1")["sample"] >= 3, "the good file is used"


@pytest.mark.parametrize(("encoding", "delimiter"), [
    ("utf-8", "\t"), ("gb18030", ","), ("utf-8-sig", ";"), ("utf-16", "|"), ("gb18030", ";"),
])  # fmt: skip
def test_encodings_and_delimiters_are_found(tried: Try, project: Path, encoding: str, delimiter: str) -> None:
    (project / "other.csv").write_bytes(RECORDS.replace(",", delimiter).replace("M1", "张三").encode(encoding))
    code, found, _ = tried("lift_callout=other.csv")
    assert (code, found["refusals"]) == (0, [])
    assert reading(found, "first_visit", "张三")["value"] == "200/3"


def test_an_id_that_stands_twice_is_one_record(tried: Try, project: Path) -> None:
    lines = RECORDS.splitlines()
    (project / "twice.csv").write_text("\n".join([*lines, lines[1].replace(",1,true", ",2,true")]), "utf-8")
    code, found, _ = tried("lift_callout=twice.csv")
    assert (code, [one["rule"] for one in found["refusals"]]) == (0, ["twice"])
    assert reading(found, "first_visit", "M1")["value"] == "100/3"


@pytest.mark.parametrize(("body", "reason"), [
    ("return Answer(0.5, MINUTES)", "answer_float"), ("return Answer(1, SECONDS)", "answer_unit"),
    ("return 7", "answer_type"), ("return 1 / 0", "plugin_raised"), ("raise SystemExit(3)", "plugin_raised"),
])  # fmt: skip
def test_a_function_that_fails_is_a_failed_reading_and_never_zero(tried: Try, project: Path, body: str,
                                                                  reason: str) -> None:
    source = next((project / "src").glob("*/__init__.py"))
    text = PLUGIN.replace("    closed = sorted(row.closed_at for row in rows)", f"    {body}")
    source.write_text(text, "utf-8")
    code, found, _ = tried("lift_callout=records.csv")
    gap = reading(found, "gap", "M1")
    assert (code, gap["state"], gap["value"], gap["reason"]) == (1, "failed", None, reason)
    assert gap["failure"]
    assert reading(found, "first_visit", "M1")["value"] == "200/3"


@pytest.mark.parametrize(("arguments", "told"), [
    (["records.csv"], "say of which record type"),
    (["lift_calout=records.csv"], "→ lift_callout"),
    (["lift_callout=records.csv", "--indicator", "frist_visit"], "→ lifts.first_visit"),
    (["lift_callout=records.csv", "--scheme", "none"], "there is no scheme"),
    (["lift_callout=records.csv", "--set", "witin=3"], "did you mean 'within'"),
    (["lift_callout=records.csv", "--set", "within=fast"], "write 20s, 15min, 2h or 3d"),
    (["lift_callout=records.csv", "--period", "May"], "2026-05"),
    (["lift_callout=records.csv", "--zone", "Moon/Base"], "IANA"),
    (["lift_callout=records.csv", "--module", "no_such_module"], "no_such_module"),
    (["lift_callout=gone.csv"], "the file does not exist"),
])  # fmt: skip
def test_wrong_use_says_what_to_write(tried: Try, arguments: list[str], told: str) -> None:
    code, _, err = tried(*arguments)
    assert code == 2
    assert told in err
    assert "Traceback" not in err


def test_the_page_in_chinese_is_aligned_and_says_not_measured(project: Path, capsys: pytest.CaptureFixture[str]
                                                              ) -> None:
    assert main(["try", "lift_callout=records.csv", "--lang", "zh"]) == 0
    page = capsys.readouterr().out
    assert "\x1b" not in page
    block = page.split("一次修复率  lifts.first_visit\n")[1].split("\n\n")[0].splitlines()
    ends = {width(line[: line.rindex(state)]) for line in block[1:] for state in ("已测得", "未测得")
            if line.endswith(state) and not line.endswith(f" {state} ")}
    assert len(ends) == 1, block
    assert "M2" in block[2]
    assert " 0 " in block[2]
    assert "未测得：本期没有可计量的数据" in block[2]
    assert "方案 lifts.mechanics · 维保工" in page
    assert "    奖励: " in page
    assert "由服务器计算（需要名次、薪酬档案、在职天数或往期数据）：名次奖" in page


def test_colours_only_where_they_are_wanted(monkeypatch: pytest.MonkeyPatch) -> None:
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setenv("TERM", "xterm")
    assert Paint(Terminal())("1", "x") == "\x1b[1mx\x1b[0m"
    assert Paint(io.StringIO())("1", "x") == "x"
    monkeypatch.setenv("NO_COLOR", "1")
    assert Paint(Terminal())("1", "x") == "x"
    assert aligned([["张三", "1"], ["M1", "22"]], right=(1,)) == ["张三   1", "M1    22"]


def test_nothing_but_pluggy_is_needed(project: Path) -> None:
    """In a fresh interpreter: no server, no pytest, nothing to draw with."""
    program = ("import sys; from meritline_sdk.cli import main; main(['try', 'lift_callout=records.csv']); "
               "print(sorted({name.partition('.')[0] for name in sys.modules} & {'meritline', 'pytest', 'hypothesis', "
               "'rich', 'copier', 'packaging', 'asyncpg'}))")
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, cwd=project)
    assert done.stdout.splitlines()[-1] == "[]"


@pytest.mark.parametrize(("spec", "text", "value"), [
    (Int(), "+7", 7), (Int(), "9" * 18, 10**18 - 1), (Int(), "9" * 19, CellError), (Int(), "1e3", CellError),
    (Int(maximum=5), "6", CellError), (Number(), "1.50", Decimal("1.50")), (Number(), "1.505", CellError),
    (Number(places=3), "-1.505", Decimal("-1.505")), (Number(), "1,000", CellError), (Number(), "Infinity", CellError),
    (Number(), "١", CellError), (Flag(), "是", True), (Flag(), "F", False), (Flag(), "2", CellError),
    (Day(), "2026年5月3日", date(2026, 5, 3)), (Day(), "2026-05-03 08:00", CellError), (Day(), "2026-13-01", CellError),
    (Instant(), "2026-05-03T08:00:00.25+08:00", datetime(2026, 5, 3, 0, 0, 0, 250000, UTC)),
    (Instant(), "2026-05-03 08:00", datetime(2026, 5, 3, 0, tzinfo=UTC)),
    (Instant(), "2026-05-03", datetime(2026, 5, 2, 16, tzinfo=UTC)), (Instant(), "1986-05-04 00:30",
                                                                      datetime(1986, 5, 3, 16, 30, tzinfo=UTC)),
    (Instant(), "2026-05-03 25:00", CellError), (Instant(), "0001-01-01", CellError),
    (Choice(options=("a", "b")), "a", "a"), (Choice(options=("a", "b")), "A", CellError),
    (Code(longest=3), "abcd", CellError), (Code(), "  x ", "x"), (Code(), "  ", None),
    (People(), "M1;M2:2", (("M1", 1), ("M2", 2))), (People(), "M1;M1", CellError), (People(), "M1:0", CellError),
    (People(), "M1:x", CellError),
])  # fmt: skip
def test_what_may_stand_in_a_cell(spec: FieldSpec, text: str, value: Any) -> None:
    if value is CellError:
        with pytest.raises(CellError):
            field_value(spec, text, "Asia/Shanghai")
    else:
        assert field_value(spec, text, "Asia/Shanghai") == value


PLAIN = {"indicator", "records", "defaults", "subject", "company", "period", "time_zone", "expect", "title"}


def plain_cases() -> list[Any]:
    """The golden cases of the bundled plugins that say nothing which a file of records cannot."""
    found = []
    for folder in sorted((ROOT / "plugins").iterdir()):
        module = f"meritline_{folder.name.replace('-', '_')}"
        sets = __import__(module).indicator_sets()
        for case in load_golden(folder / "golden", sets):
            said = PLAIN >= case.body.keys() >= {"period", "records"} and case.body["expect"].get("value")
            if said and case.records and whole(case):
                found.append(pytest.param(module, sets[0].key, case, id=f"{folder.name} {case.place}"))
    return found


def whole(case: GoldenCase) -> bool:
    """Whether every record has what its type asks for."""
    from meritline_sdk.explain.words import known_records

    return all(record.get(spec.name) is not None for key, records in case.records.items() for record in records
               for spec in known_records()[key].fields if not spec.optional)


def in_json(value: Any) -> Any:
    """A value of a golden case as a file of JSON lines has it."""
    if isinstance(value, list):
        return [in_json(part) for part in value]
    if isinstance(value, bool | int | str):
        return value
    return str(value) if isinstance(value, Decimal) else value.isoformat()


CASES = plain_cases()


def test_there_are_enough_of_them() -> None:
    assert len(CASES) >= 40


@pytest.mark.parametrize(("module", "set_key", "case"), CASES)
def test_a_golden_case_gives_what_it_expects(tmp_path: Path, capsys: pytest.CaptureFixture[str], module: str,
                                             set_key: str, case: GoldenCase) -> None:
    types = tuple(case.records)
    files: dict[str, list[str]] = {}
    for number, (key, row) in enumerate(rows_of(case.body, types), 1):
        named = {name: in_json(value) for name, value in {**shared(case, str(key)), **row}.items() if name != "record"}
        files.setdefault(str(key), []).append(json.dumps({"external_id": str(number), **named}))
    for key, lines in files.items():
        (tmp_path / f"{key}.ndjson").write_text("\n".join(lines), "utf-8")
    name = f"{set_key}.{case.indicator.key}"
    code = main(["try", *(f"{key}={tmp_path / key}.ndjson" for key in files), "--module", module, "--indicator", name,
                 "--period", case.body["period"], "--zone", case.zone, "--json"])
    found = json.loads(capsys.readouterr().out)
    assert (code, found["refusals"]) == (0, [])
    mine = next(one for one in found["readings"] if (one["subject_kind"], one["subject"]) == (
        case.subject.kind.value, case.subject.key))
    from fractions import Fraction

    assert agreeing(Fraction(mine["value"]), case.body["expect"]["value"])
    if "sample" in case.body["expect"]:
        assert mine["sample"] == case.body["expect"]["sample"]


def shared(case: GoldenCase, key: str) -> dict[str, Any]:
    """The defaults of the case for a record type."""
    given = case.body.get("defaults", {})
    own = given.get(key) if isinstance(given.get(key), dict) else {}
    plain = {name: value for name, value in given.items() if not isinstance(value, dict)}
    from meritline_sdk.explain.words import known_records

    names = {spec.name for spec in known_records()[key].fields}
    return {name: value for name, value in plain.items() if name in names} | own
