"""Files that nobody should send: bombs, broken containers, quotes and bytes. None of them takes the memory."""

import gzip
import io
import json
import tracemalloc
import zipfile
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from meritline.errors import MeritlineError
from meritline.records.formats import Hints, Limits, Table, open_rows, open_table
from meritline.records.rejecting import kept_reject
from meritline.records.sources import OrderPart, direct_mapping
from meritline.records.validate.rows import Validator
from meritline_sdk import Attribution, Choice, Code, Day, Flag, Instant, Int, Number, People, Person, RecordType, Text

SMALL = Limits(unpacked_bytes=2_000_000, suspicious_bytes=500_000, line_characters=10_000, cell_characters=1000,
               columns=50, workbook_bytes=2_000_000)  # fmt: skip


def taken(content: bytes, name: str = "x.csv", hints: Hints | None = None) -> tuple[int, list[str]]:
    """Rows that can be cut into columns, and the codes of those that cannot."""
    rows, bad = 0, []
    for chunk in open_table(content, hints, name=name, limits=SMALL).chunks():
        rows += len(chunk.lines)
        bad += [each.problem.code for each in chunk.bad]
    return rows, bad


def workbook() -> bytes:
    book, file = openpyxl.Workbook(), io.BytesIO()
    book.active.append(["a", "b"])
    book.active.append([1, "=1+1"])
    book.save(file)
    return file.getvalue()


def zipped(**parts: bytes) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in parts.items():
            made.writestr(name, content)
    return file.getvalue()


def laughing() -> bytes:
    """A workbook whose sheet expands an entity a billion times."""
    entities = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 10))
    head = f'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e0 "ha">{entities}]>'
    sheet = f"{head}<worksheet><sheetData>&e9;</sheetData></worksheet>"
    source, target = zipfile.ZipFile(io.BytesIO(workbook())), io.BytesIO()
    with zipfile.ZipFile(target, "w") as made:
        for part in source.infolist():
            made.writestr(part, sheet if part.filename.endswith("sheet1.xml") else source.read(part))
    return target.getvalue()


WHOLE: dict[str, tuple[Callable[[], bytes], str, str]] = {
    "empty": (lambda: b"", "x.csv", "E-FILE-EMPTY"),
    "blank": (lambda: b"\n\n", "x.csv", "E-FILE-EMPTY"),
    "only commas": (lambda: b",,,\n1,2,3,4\n", "x.csv", "E-FILE-EMPTY"),
    "gzip bomb": (lambda: gzip.compress(b"a,b\n" + (b"0" * 500 + b"\n" * 20) * 60_000), "x.csv.gz", "E-FILE-TOO-LARGE"),
    "gzip bomb in a line": (lambda: gzip.compress(b"a,b\n" + b"0" * 30_000_000), "x.csv.gz", "E-FILE-LINE-LONG"),
    "cut gzip": (lambda: gzip.compress(bytes(range(65, 90)) * 9999)[:-9], "x.csv.gz", "E-FILE-DAMAGED"),
    "not gzip after all": (lambda: b"\x1f\x8b" + b"nonsense" * 9, "x.csv.gz", "E-FILE-DAMAGED"),
    "endless line": (lambda: b"a,b\n" + b"x" * 20_000, "x.csv", "E-FILE-LINE-LONG"),
    "endless json": (lambda: b'{"a": "' + b"x" * 2_000_000, "x.ndjson", "E-FILE-LINE-LONG"),
    "too many columns": (lambda: b",".join(b"c%d" % n for n in range(51)), "x.csv", "E-FILE-COLUMNS-MANY"),
    "zip bomb": (lambda: zipped(**{"xl/workbook.xml": b"0" * 3_000_000}), "x.xlsx", "E-FILE-TOO-LARGE"),
    "a zip that is no workbook": (lambda: zipped(a=b"1"), "x.xlsx", "E-FILE-DAMAGED"),
    "a cut workbook": (lambda: workbook()[:-50], "x.xlsx", "E-FILE-DAMAGED"),
    "a billion laughs": (laughing, "x.xlsx", "E-FILE-DAMAGED"),
    "a text called xlsx": (lambda: b"a,b\n1,2\n", "x.xlsx", "E-FILE-FORMAT"),
    "an old workbook": (lambda: b"\xd0\xcf\x11\xe0" + b"\0" * 600, "x.xls", "E-FILE-FORMAT"),
    "half a utf-16": (lambda: "a,b\n1,2".encode("utf-16")[:-1], "x.csv", "E-FILE-ENCODING"),
}


@pytest.mark.parametrize("case", WHOLE)
def test_a_file_that_cannot_be_read_says_why_and_stays_small(case: str) -> None:
    make, name, code = WHOLE[case]
    content = make()
    tracemalloc.start()
    with pytest.raises(MeritlineError) as refused:
        taken(content, name)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert refused.value.problem.code == code
    assert refused.value.problem.file == name
    assert peak < 20_000_000


def test_a_file_that_is_not_there_or_a_folder_says_so(tmp_path: Path) -> None:
    for path in (tmp_path / "none.csv", tmp_path):
        with pytest.raises(MeritlineError, match="E-FILE-OPEN"):
            open_table(path)


ROWS = {
    b"a,b\n1,2\n3\n4,5,6\n7,8\n": (2, ["E-ROW-COLUMNS", "E-ROW-COLUMNS"]),
    b'a,b\n1,"x\ny"\n2,"x"y\n3,z\n': (2, ["E-ROW-QUOTES"]),
    b'a,b\n1,2\n3,"never closed\n4,5\n': (1, ["E-ROW-QUOTES"]),
    b"a,b\r1,2\r3,4\r": (2, []),
    b"a,b,\n1,2,\n\n,,\n3,4,\n": (2, []),
    b"\xef\xbb\xbfa;b\n1;2\n": (1, []),
}


@pytest.mark.parametrize("content", ROWS)
def test_a_row_that_breaks_the_form_is_refused_alone(content: bytes) -> None:
    assert taken(content) == ROWS[content]


def test_a_quote_that_never_closes_swallows_no_more_than_a_cell() -> None:
    rows, bad = taken(b'a,b\n1,2\n3,"' + b"4,5\n" * 1000)
    assert bad == ["E-ROW-QUOTES"]
    assert rows > 700, "after the longest cell the rows are read again"


def test_lines_are_numbered_as_an_editor_does() -> None:
    content = b'a,b\r\n1,"x\r\ny\r\nz"\r\n\r\n2,q\r\n'
    assert [(line, row["a"]) for line, row in open_rows(content)] == [(2, "1"), (6, "2")]
    assert [line for line, _ in open_rows(b'{"a": 1}\n\n{"a": 2}\n', Hints("ndjson"))] == [1, 3]


def test_a_damaged_header_still_names_every_column() -> None:
    [(_, row)] = open_rows(b"category, category ,,category#2,category\n1,2,3,4,5\n")
    assert row == {"category": "1", "category#3": "2", "#3": "3", "category#2": "4", "category#4": "5"}


@pytest.mark.parametrize("where", [0, 70_000, 3_000_000])
def test_the_encoding_is_found_wherever_the_first_chinese_stands(where: int) -> None:
    for encoding in ("utf-8", "gb18030"):
        content = "a,b\n" + "1,plain\n" * (where // 8) + "2,海尔空调维修,\n".replace(",\n", "\n")
        *_, (_, row) = open_rows(content.encode(encoding))
        assert row["b"] == "海尔空调维修"


def test_one_broken_byte_costs_one_row() -> None:
    table: Table = open_table("a,b\n1,中文\n2,坏X\n3,好\n".encode().replace(b"X", b"\xff"))
    [chunk] = table.chunks()
    assert [row.isprintable() for row in chunk.cells("b")] == [True, False, True]


def test_a_formula_gives_what_it_shows_and_never_its_text() -> None:
    [(_, row)] = open_rows(workbook(), name="x.xlsx")
    assert row == {"a": "1", "b": ""}, "openpyxl never calculated it, so there is nothing to show"


def test_memory_does_not_grow_with_the_file(tmp_path: Path) -> None:
    def peak(rows: int) -> int:
        path = tmp_path / f"{rows}.csv"
        path.write_bytes(b"id,text\n" + b"".join(b"%d,%s\n" % (n, b"x" * 80) for n in range(rows)))
        tracemalloc.start()
        assert sum(len(chunk.lines) for chunk in open_table(path).chunks()) == rows
        found = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return found

    assert peak(100_000) < peak(10_000) + 2_000_000


class Thing(RecordType, key="thing", title=Text("Thing", "物")):
    who, crew = Person(optional=True), People(optional=True)
    at, day = Instant(optional=True), Day(optional=True)
    count, cost = Int(optional=True), Number(optional=True)
    good, kind, note = Flag(optional=True), Choice(optional=True, options=("a", "b")), Code(optional=True)
    defaults = Attribution(credit=who, at=at)


class Nobody:
    """Codes that mean no one."""

    def employee(self, space: str | None, code: str, at: datetime) -> None:
        return None

    department = employee

    def always(self, space: str | None, kind: str) -> dict[str, UUID]:
        return {}


NAMES = ("external_id", "who", "crew", "at", "day", "count", "cost", "good", "kind", "note")
ODD = ["E1", "E1;E2", "[", '["E1", 5]', '[{"code": null}]', "2026-05-03 09:30", "yes", "1e9999999999", "٣", "9" * 50,
       "-", "+", ".", "a", "0001-01-01", "24:00", "2026-05-03T09:30:00+23:59", "nan", "\0"]  # fmt: skip
CELLS = st.text(max_size=30) | st.sampled_from(ODD)
VALUES = st.recursive(st.none() | st.booleans() | st.integers() | st.floats() | CELLS,
                      lambda inner: st.lists(inner, max_size=2) | st.dictionaries(CELLS, inner, max_size=2),
                      max_leaves=4)  # fmt: skip
DELIMITED = st.lists(st.lists(CELLS, min_size=1, max_size=11), max_size=4).map(
    lambda rows: "\n".join([",".join(NAMES), *(",".join(row) for row in rows)]).encode("utf-8", "surrogatepass"))
OBJECTS = st.lists(st.dictionaries(st.sampled_from(NAMES), VALUES, max_size=10), max_size=4).map(
    lambda rows: "\n".join(json.dumps(row) for row in rows).encode())
EITHER = DELIMITED | OBJECTS | st.binary(max_size=300)
CUT = st.builds(lambda content, at: content[: len(content) * at // 10], EITHER, st.integers(1, 10))
PACKED = CUT | st.builds(lambda content, at: gzip.compress(content)[: 20 + at], EITHER, st.integers(0, 200))


@settings(max_examples=200, deadline=None)
@given(content=PACKED, name=st.sampled_from(["x.csv", "x.ndjson", "x", "x.tsv", "x.xlsx"]), fold=st.booleans(),
       encoding=st.sampled_from([None, "gb18030", "utf-8", "utf-16", "big5"]))  # fmt: skip
def test_whatever_comes_is_read_or_refused_and_what_lands_can_be_stored(
    content: bytes, name: str, fold: bool, encoding: str | None
) -> None:
    source = replace(direct_mapping(Thing.declaration, "api"), zone_required=False, only_known_columns=False,
                     fold=(OrderPart("instant", "at"), OrderPart("int", "count"), OrderPart("line")) if fold else ())
    validator = Validator(source, Nobody(), zone="Europe/Berlin", now=datetime(2026, 6, 1, tzinfo=UTC), file=name)
    validated = []
    with suppress(MeritlineError):
        table = open_table(content, Hints(encoding=encoding), name=name, limits=SMALL)
        validated = [validator.validated(chunk) for chunk in table.chunks()]
    for chunk in validated:
        assert chunk.lines == len(chunk.records) + len(chunk.rejects)
        for reject in chunk.rejects:
            assert all(each.text() and each.text("zh") for each in reject.reasons)
            kept = "".join(part for part in kept_reject(reject) if isinstance(part, str))
            assert storable(kept)
        for record in chunk.records:
            assert all(storable(value) for value in record if isinstance(value, str))


def storable(text: str) -> bool:
    """Whether a database takes the text."""
    return "\0" not in text and text.encode("utf-8", "replace").decode() == text
