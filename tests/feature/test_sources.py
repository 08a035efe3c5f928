"""Source mappings: what a company may say of its exports, and what it is told where it is wrong."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid5

import pytest

from meritline.documents import Document, read_toml
from meritline.errors import Problem
from meritline.records.formats import open_table
from meritline.records.sources import SourceMapping, parse_source
from meritline.records.validate.resolving import stored_columns
from meritline.records.validate.rows import STAGED, Validated, Validator
from meritline_sdk import Attribution, Choice, Code, Day, Flag, Instant, Int, Number, People, Person, RecordType, Text


class Job(RecordType, key="job", title=Text("Job", "工单")):
    worker = Person(optional=True)
    crew = People(optional=True)
    began_at = Instant(optional=True)
    done_at = Instant()
    day = Day(optional=True)
    visits = Int(optional=True)
    cost = Number(optional=True, places=3)
    done = Flag(optional=True)
    urgent = Flag()
    state = Choice(optional=True, options=("open", "closed"))
    note = Code(optional=True)
    defaults = Attribution(credit=worker, at=done_at)


DECLARED = {"job": Job.declaration}
BASE: dict[str, Any] = {"external_id": "id", "time_zone": "Asia/Shanghai"}
NEEDED: dict[str, Any] = {"done_at": {"constant": "2026-05-03 12:00"}, "urgent": {"constant": "no"}}


class Everyone:
    """Codes that all mean somebody."""

    def employee(self, space: str | None, code: str, at: datetime) -> UUID:
        return uuid5(UUID(int=0), f"{space}:{code}")

    department = employee

    def always(self, space: str | None, kind: str) -> dict[str, UUID]:
        return {}


def parsed(document: dict[str, Any]) -> SourceMapping:
    found = parse_source(document, DECLARED, key="job")
    assert isinstance(found, SourceMapping), [each.text() for each in found]
    return found


def validated(content: str, source: SourceMapping, name: str = "jobs.csv") -> Validated:
    """The first chunk of a file."""
    validator = Validator(source, Everyone(), zone="Asia/Shanghai", now=datetime(2026, 6, 1, tzinfo=UTC), file=name)
    return validator.validated(next(open_table(content.encode(), source.hints, name=name).chunks()))


def read(cell: str, field: str, option: Any, **source: Any) -> Any:
    """What a cell becomes, or the code of why not; ``cell`` is the cells after the id."""
    mapping = parsed(BASE | source | {"fields": {**NEEDED, field: option}})
    result = validated(f"id,a,b,c\n1,{cell}\n", mapping)
    if result.rejects:
        return result.rejects[0].reasons[0].code
    if not result.records:
        return "skipped"
    return dict(zip([*STAGED, *stored_columns(mapping.fields)], result.records[0], strict=True))[field]


def utc(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)  # type: ignore[misc,arg-type]


MORNING = utc(2026, 5, 3, 1, 30)
VALUES = [
    ("2026/5/3 9:30,,", "began_at", {"column": "a", "format": "%Y/%m/%d %H:%M"}, MORNING),
    ("03.05.26 09:30,,", "began_at", {"column": "a", "format": ["%Y-%m-%d", "%d.%m.%y %H:%M"]}, MORNING),
    ("2026年05月03日 上午9:30,,", "began_at", {"column": "a", "format": "%Y年%m月%d日 %p%I:%M"}, MORNING),
    ("3-May-2026 09:30:00,,", "began_at", {"column": "a", "format": "%d-%b-%Y %H:%M:%S"}, MORNING),
    ("1777771800,,", "began_at", {"column": "a", "format": "epoch_s"}, MORNING),
    ("1777771800000,,", "began_at", {"column": "a", "format": "epoch_ms"}, MORNING),
    ("2026-05-03T03:30:00+02:00,,", "began_at", "a", MORNING),
    ("2026-05-03 09:30:00.1234567,,", "began_at", "a", MORNING.replace(microsecond=123456)),
    ("260503,9:30:00,", "began_at", {"columns": ["a", "b"], "format": "%y%m%d %H:%M:%S"}, MORNING),
    ("260503,0:00:00,", "began_at", {"columns": ["a", "b"], "format": "%y%m%d %H:%M:%S", "missing": "0:00:00"}, None),
    ("?,2026-05-03 09:30,", "began_at", {"first_of": [{"column": "a", "missing": "?"}, {"column": "b"}]}, MORNING),
    ("2026-05-03 09:30,HANG,", "began_at", {"column": "a", "when": {"b": ["AGENT"]}}, None),
    ("nonsense,HANG,", "began_at", {"column": "a", "when": {"b": ["AGENT"]}}, None),
    ("9999-12-31,,", "began_at", {"column": "a", "missing": "9999-12-31"}, None),
    ("9999-12-31,,", "began_at", "a", "E-ROW-DATE"),
    ("2026-13-01 10:00,,", "began_at", "a", "E-ROW-DATE"),
    ("２０２６-05-03,,", "began_at", "a", "E-ROW-MOMENT"),
    ("2026-05-03T23:00:00Z,,", "day", "a", date(2026, 5, 4)),
    ("03/05/2026,,", "day", {"column": "a", "format": "%d/%m/%Y"}, date(2026, 5, 3)),
    ("2026-05-03 00:00:00,,", "day", "a", date(2026, 5, 3)),
    ("7.0,,", "visits", "a", 7),
    ("+7,,", "visits", "a", 7),
    ("7.5,,", "visits", "a", "E-ROW-WHOLE"),
    ("1 2,,", "visits", "a", "E-ROW-NUMBER"),
    ("999999999999999999,,", "visits", "a", 10**18 - 1),
    ("1000000000000000000,,", "visits", "a", "E-ROW-DIGITS"),
    ('"1.234,5",,', "cost", {"column": "a", "decimal": ",", "thousands": "."}, Decimal("1234.500")),
    ('"1,234.5 元",,', "cost", {"column": "a", "thousands": ",", "unit": "元"}, Decimal("1234.500")),
    ("12 kg,,", "cost", {"column": "a", "unit": "元"}, "E-ROW-NUMBER"),
    ("-0.0,,", "cost", "a", Decimal("0.000")),
    ("1.2340000,,", "cost", "a", Decimal("1.234")),
    ("1.2345,,", "cost", "a", "E-ROW-PLACES"),
    ("YES,,", "done", "a", True),
    ("否,,", "done", "a", False),
    (",,", "done", "a", None),
    (",,", "done", {"column": "a", "true": "Y", "false": ["N", ""]}, False),
    ("已取消,,", "done", {"column": "a", "true": "已完成", "false": "进行中", "ignore": "已取消"}, None),
    ("已完,,", "done", {"column": "a", "true": "已完成", "false": "进行中"}, "E-ROW-FLAG"),
    ("已关闭,,", "state", {"column": "a", "map": {"已关闭": "closed"}}, "closed"),
    ("open,,", "state", {"column": "a", "map": {"已关闭": "closed"}}, "open"),
    ("什么,,", "state", {"column": "a", "map": {"已关闭": "closed"}, "otherwise": "open"}, "open"),
    ("什么,,", "state", {"column": "a", "map": {"什么": ""}}, None),
    (" x　,,", "note", "a", "x"),
    ("x" * 501 + ",,", "note", "a", "E-ROW-LONG"),
]  # fmt: skip


@pytest.mark.parametrize(("cells", "field", "option", "expected"), VALUES)
def test_a_cell_is_read_as_the_source_says(cells: str, field: str, option: Any, expected: Any) -> None:
    assert read(cells, field, option) == expected


PEOPLE = [
    ("E1;E2,,", {"column": "a"}, (["E1", "E2"], [1, 1])),
    ("E1、E2 , ,", {"column": "a"}, (["E1", "E2"], [1, 1])),
    ("E1+E2,,", {"column": "a", "separator": "+"}, (["E1", "E2"], [1, 1])),
    ("E1:2;E2:1,,", {"column": "a", "parts": ":"}, (["E1", "E2"], [2, 1])),
    ("E1,E2,", {"columns": ["a", "b"]}, (["E1", "E2"], [1, 1])),
    ("E1,E1,", {"columns": ["a", "b"]}, (["E1"], [1])),
    ("E1,3,", {"column": "a", "count": "b"}, (["E1", None, None], [1, 1, 1])),
    (",2,", {"column": "a", "count": "b"}, ([None, None], [1, 1])),
    ("E1,,", {"column": "a", "count": "b"}, (["E1"], [1])),
    (",,", {"column": "a"}, (None, None)),
]  # fmt: skip


@pytest.mark.parametrize(("cells", "option", "expected"), PEOPLE)
def test_several_people_are_cut_out_of_cells(cells: str, option: Any, expected: Any) -> None:
    mapping = parsed(BASE | {"fields": {**NEEDED, "crew": option}})
    [record] = validated(f"id,a,b,c\n1,{cells}\n", mapping).records
    found = dict(zip([*STAGED, *stored_columns(mapping.fields)], record, strict=True))
    assert (found["crew_codes"], found["crew_shares"]) == expected
    assert (found["crew_ids"] is None) == (expected[0] is None)


NEW_YORK: list[tuple[str, str, Any]] = [
    ("2026-03-08 01:59", "first", utc(2026, 3, 8, 6, 59)),
    ("2026-03-08 02:30", "first", "E-ROW-SKIPPED"),
    ("2026-03-08 03:00", "first", utc(2026, 3, 8, 7)),
    ("2026-11-01 00:59", "first", utc(2026, 11, 1, 4, 59)),
    ("2026-11-01 01:30", "first", utc(2026, 11, 1, 5, 30)),
    ("2026-11-01 01:30", "second", utc(2026, 11, 1, 6, 30)),
    ("2026-11-01 01:30", "refuse", "E-ROW-REPEATED"),
    ("2026-11-01 01:30-04:00", "refuse", utc(2026, 11, 1, 5, 30)),
    ("2026-11-01 02:00", "refuse", utc(2026, 11, 1, 7)),
]  # fmt: skip


@pytest.mark.parametrize(("text", "twice", "expected"), NEW_YORK)
def test_a_local_time_at_a_change_of_the_clock(text: str, twice: str, expected: Any) -> None:
    assert read(f"{text},,", "began_at", "a", time_zone="America/New_York", repeated_hour=twice) == expected


def test_a_clock_that_passed_midnight_rolls_over_and_a_second_too_early_does_not() -> None:
    fields = NEEDED | {"began_at": "a", "done_at": {"column": "b", "rolls_over_from": "began_at"}}
    source = parsed(BASE | {"fields": fields})
    rows = "1,2026-05-03 23:59:43,2026-05-03 00:01:28,\n2,2026-05-03 09:00:01,2026-05-03 09:00:00,\n"
    records = validated(f"id,a,b,c\n{rows}", source).records
    names = [*STAGED, *stored_columns(source.fields)]
    assert [record[names.index("done_at")] for record in records] == [
        utc(2026, 5, 3, 16, 1, 28), utc(2026, 5, 3, 1)]  # fmt: skip


def test_rows_are_passed_over_and_ids_joined() -> None:
    source = parsed(BASE | {"external_id": ["a", "b"], "skip_when": {"c": ["PHANTOM", "TEST"]}, "fields": NEEDED})
    found = validated("a,b,c\nAA,1,AGENT\nAA,2,PHANTOM\n,3,AGENT\nAA,,PHANTOM\n", source)
    assert [record[1] for record in found.records] == ["AA:1"]
    assert (found.skipped, [each.line for each in found.rejects]) == (2, [4])


def test_a_digest_does_not_see_the_order_of_columns_nor_how_a_value_is_written() -> None:
    source = parsed(BASE | {"fields": {**NEEDED, "cost": "a", "began_at": "b"}})
    other = parsed(BASE | {"fields": {**NEEDED, "began_at": "b", "cost": "a", "note": "c"}})
    first = validated("id,a,b,c\n1,1.5,2026-05-03 09:30,\n", source).records[0]
    second = validated("c,b,a,id\n,2026-05-03T01:30:00Z,1.500,1\n", other).records[0]
    third = validated("id,a,b,c\n1,1.6,2026-05-03 09:30,\n", source).records[0]
    assert first[2] == second[2] != third[2]


WRONG = """
[jobs]
record = "jbo"
external_id = "id"

[job]
external_id = []
time_zone = "Beijing"
encoding = "utf-99"
delimiter = "::"
formt = "csv"
[job.fields]
workr = "a"
visits = { column = "a", format = "%Y" }
cost = { column = "a", constant = "1" }
began_at = { column = "a", format = "%Y-%q" }
state = { column = "a", map = { "x" = "clsed" } }
urgent = { column = "a", true = ["1"], false = ["0"], ignore = ["9"] }
done = { column = "a", true = ["1"] }
day = {}

[fold]
record = "job"
external_id = "id"
fold = { by = "case", order = ["updated", "count:instnt", "line"] }
fields = { done_at = "a", urgent = "b", began_at = { column = "c", rolls_over_from = "day" } }
"""


def problems(key: str) -> list[Problem]:
    document = read_toml(WRONG.encode(), "sources.toml")
    assert isinstance(document, Document)
    found = parse_source(document, DECLARED, key=key, path=(key,))
    assert isinstance(found, list)
    return found


def test_every_mistake_of_a_source_is_named_with_its_line_and_the_nearest_word() -> None:
    found = {(each.line, each.code): each for each in problems("job")}
    assert sorted(found) == [
        (7, "E-SOURCE-COLUMNS"), (8, "E-TIME-ZONE"), (9, "E-SOURCE-ENCODING"), (10, "E-SOURCE-MARK"),
        (11, "E-DOC-UNKNOWN"), (12, "E-SOURCE-REQUIRED"), (13, "E-SOURCE-FIELD"), (14, "E-SOURCE-OPTION"),
        (14, "E-SOURCE-PATTERN"), (15, "E-SOURCE-ORIGIN"), (16, "E-SOURCE-PATTERN"), (17, "E-SOURCE-CHOICE"),
        (18, "E-SOURCE-IGNORE"), (19, "E-SOURCE-FLAG"), (20, "E-SOURCE-ORIGIN"),
    ]  # fmt: skip
    assert found[13, "E-SOURCE-FIELD"].remedy().startswith("Nearest are worker")
    assert "closed" in found[17, "E-SOURCE-CHOICE"].remedy()
    assert found[11, "E-DOC-UNKNOWN"].text().startswith("sources.toml:11  formt")
    missing, unknown = problems("jobs")
    assert (missing.code, unknown.code, unknown.line) == ("E-DOC-MISSING", "E-SOURCE-RECORD", 3)
    assert "job" in unknown.remedy()
    assert [each.code for each in problems("fold")] == [
        "E-SOURCE-ROLL", "E-DOC-CHOICE", "E-SOURCE-ORDER", "E-SOURCE-ORDER"]  # fmt: skip


SHAPES: list[dict[str, Any]] = [
    {}, {"fields": []}, {"fields": {"done_at": 5}}, {"fields": {"done_at": {"column": 5}}}, {"external_id": {"a": 1}},
    {"fold": []}, {"skip_when": {"a": {"b": 1}}}, {"missing": {"a": 1}}, {"fields": {"done_at": {"first_of": [1]}}},
]  # fmt: skip


@pytest.mark.parametrize("document", SHAPES)
def test_a_document_of_the_wrong_shape_is_refused_and_never_raises(document: dict[str, Any]) -> None:
    found = parse_source(document, DECLARED, key="job")
    assert isinstance(found, list)
    assert all(each.text("zh") for each in found)
