"""Records in, on a real database as the application role: what lands, what is refused, and that nothing is lost."""

import asyncio
import gzip
import io
import json
from collections.abc import AsyncIterator, Callable, Mapping
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import UUID

import asyncpg
import openpyxl
import pytest

from meritline.db import Database
from meritline.errors import MeritlineError
from meritline.local import LocalUrls
from meritline.records.ddl import ensure_record_tables
from meritline.records.delivery import Delivery
from meritline.records.formats import open_table
from meritline.records.ingest import ingest
from meritline.records.rejects_file import RejectsFile
from meritline.records.repeating import Request
from meritline.records.resolve import resolve_codes
from meritline.records.service import import_file
from meritline.records.sources import SourceMapping, direct_mapping, parse_source
from meritline.records.summary import ImportSummary
from meritline.tenancy.service import (
    map_external_codes,
    onboard_tenant,
    save_source,
    upsert_departments,
    upsert_employees,
)
from meritline.tenancy.values import Department, Employee, ExternalCode, Profile, Source
from meritline_sdk import (
    Attribution,
    Choice,
    Code,
    Day,
    Flag,
    Instant,
    Int,
    Number,
    People,
    Person,
    RecordType,
    Team,
    Text,
)

NOBODY = UUID(int=0)
NOW = datetime(2026, 6, 1, 8, tzinfo=UTC)


class Visit(RecordType, key="ingested_visit", title=Text("Visit", "上门")):
    """Every kind of field."""

    engineer = Person(optional=True)
    crew = People(optional=True)
    shop = Team(optional=True)
    done_at = Instant()
    reported_at = Instant(optional=True)
    day = Day(optional=True)
    visits = Int(optional=True, minimum=0, maximum=99)
    cost = Number(optional=True, places=2)
    solved = Flag(optional=True)
    outcome = Choice(optional=True, options=("good", "bad"))
    note = Code(optional=True, longest=20)
    defaults = Attribution(credit=engineer, at=done_at)


DECLARED = {"ingested_visit": Visit.declaration}
FIELDS = {
    "engineer": "工程师", "crew": "参与", "shop": "门店", "done_at": "完成", "visits": "次数", "cost": "费用",
    "solved": {"column": "解决", "true": ["是"], "false": ["否", ""]},
    "outcome": {"column": "结果", "map": {"好": "good"}}, "note": "备注",
}  # fmt: skip
DOCUMENT = {
    "record": "ingested_visit", "external_id": "单号", "time_zone": "Asia/Shanghai", "instant_format": "%Y/%m/%d %H:%M",
    "fields": FIELDS,
}  # fmt: skip
HEADER = "单号,工程师,参与,门店,完成,次数,费用,解决,结果,备注"
GOOD = "A1,E1,E1;E2,N,2026/05/03 09:30,2,12.50,是,好,门锁"


class Company:
    """A tenant with two employees and a department, and a clock that moves on by itself."""

    def __init__(self, database: Database, tenant_id: UUID) -> None:
        self.database, self.tenant_id, self.ticks = database, tenant_id, 0

    def clock(self) -> datetime:
        self.ticks += 1
        return NOW + timedelta(seconds=self.ticks)

    async def take(
        self, content: str | bytes, document: Mapping[str, Any] = DOCUMENT, *, name: str = "visits.csv",
        direct: bool = False, **options: Any,
    ) -> ImportSummary:  # fmt: skip
        """Ingest a file by a source document, or what a program sends."""
        source = direct_mapping(Visit.declaration, "api") if direct else mapping(document)
        given = content if isinstance(content, bytes) else content.encode()
        delivery = Delivery(source=source, table=open_table(given, source.hints, name=name), actor="test",
                            file_name=name, **options)  # fmt: skip
        return await ingest(self.database, self.tenant_id, delivery, clock=self.clock)

    async def fetch(self, query: str, *arguments: Any) -> list[Any]:
        """Rows as the application sees them."""
        async with self.database.scoped_read(self.tenant_id) as conn:
            return list(await conn.fetch(query, *arguments))

    async def ids(self) -> dict[str, UUID]:
        """Numbers of employees and codes of departments to ids."""
        rows = await self.fetch("select number, id from employee union all select code, id from department")
        return {row["number"]: row["id"] for row in rows}

    async def records(self) -> dict[str, Any]:
        """The newest version of every record."""
        return {row["external_id"]: row for row in await self.fetch("select * from record_ingested_visit")}


def mapping(document: Mapping[str, Any], key: str = "crm") -> SourceMapping:
    found = parse_source(document, DECLARED, key=key)
    assert isinstance(found, SourceMapping), [each.text() for each in found]
    return found


def changed(**fields: Any) -> dict[str, Any]:
    """The document with other options."""
    return {**DOCUMENT, **fields}


def counts(summary: ImportSummary) -> dict[str, int]:
    """The counts that are not zero; they always sum to the lines."""
    names = ("accepted", "updated", "unchanged", "rejected", "folded", "skipped")
    found = {name: getattr(summary, name) for name in names}
    assert sum(found.values()) == summary.lines
    return {name: count for name, count in (found | {"unresolved": summary.unresolved}).items() if count}


@pytest.fixture(scope="module")
async def served(migrated_databases: Callable[[], LocalUrls]) -> AsyncIterator[Database]:
    urls = migrated_databases()
    owner = await asyncpg.connect(urls.migration_database_url)
    await ensure_record_tables(owner, DECLARED.values(), app_role="meritline_app")
    await owner.close()
    async with await Database.open(urls.database_url) as database:
        yield database


@pytest.fixture
async def company(served: Database, request: pytest.FixtureRequest) -> Company:
    key = f"t{abs(hash(request.node.nodeid))}"
    profile = Profile("Firm", "Asia/Shanghai", "CNY", ("zh",), "CN")
    opened = await onboard_tenant(served, key=key, profile=profile, actor="test")
    async with served.unit_of_work(opened.tenant_id) as uow:
        await upsert_departments(uow, "test", [Department("N", "North")])
        await upsert_employees(uow, "test", [Employee("E1", "Li"), Employee("E2", "Wang")])
    return Company(served, opened.tenant_id)


async def test_a_row_lands_typed_and_a_second_import_changes_nothing(company: Company) -> None:
    first = await company.take(f"{HEADER}\n{GOOD}\n")
    assert counts(first) == {"accepted": 1}
    ids, record = await company.ids(), (await company.records())["A1"]
    assert (record["engineer"], record["engineer_code"]) == (ids["E1"], "E1")
    assert (record["crew_codes"], record["crew_ids"], record["crew_shares"]) == (
        ["E1", "E2"], [ids["E1"], ids["E2"]], [1, 1])  # fmt: skip
    assert (record["shop"], record["done_at"]) == (ids["N"], datetime(2026, 5, 3, 1, 30, tzinfo=UTC))
    assert (record["visits"], record["cost"], record["solved"]) == (2, Decimal("12.50"), True)
    assert (record["outcome"], record["note"], record["version"]) == ("good", "门锁", 1)
    assert record["import_id"] == first.import_id
    again = await company.take(f"{HEADER}\n{GOOD}\n")
    assert counts(again) == {"unchanged": 1}
    assert (await company.records())["A1"] == record
    batches = await company.fetch("select state, lines, accepted, unchanged from import_batch order by started_at")
    assert [tuple(row) for row in batches] == [("done", 1, 1, 0), ("done", 1, 0, 1)]


async def test_a_changed_row_is_a_new_version_and_marks_both_subjects_and_days(company: Company) -> None:
    await company.take(f"{HEADER}\n{GOOD}\n")
    ids = await company.ids()
    async with company.database.unit_of_work(company.tenant_id) as uow:
        await uow.conn.execute("delete from touched where tenant_id = $1", company.tenant_id)
    moved = GOOD.replace("A1,E1,E1;E2", "A1,E2,E2").replace("2026/05/03 09:30", "2026/05/04 00:30")
    assert counts(await company.take(f"{HEADER}\n{moved}\n")) == {"updated": 1}
    current = (await company.records())["A1"]
    [old] = await company.fetch("select * from record_ingested_visit_history")
    assert (current["version"], old["version"], old["engineer_code"]) == (2, 1, "E1")
    assert old["superseded_at"] == current["recorded_at"] > old["recorded_at"]
    marks = {(row["subject_id"], row["month"] + timedelta(days=day))
             for row in await company.fetch("select * from touched") for day in range(31) if row["days"] >> day & 1}
    before, after = date(2026, 5, 3), date(2026, 5, 4)
    assert marks == {(ids[who], day) for who, day in
                     [("E1", before), ("E2", before), ("N", before), ("E2", after), ("N", after)]}  # fmt: skip


async def test_the_two_deliveries_of_one_moment_end_with_every_row_once(company: Company) -> None:
    content = HEADER + "".join(f"\nR{n},E1,,N,2026/05/03 09:30,1,1,是,,x" for n in range(3000))
    reversed_rows = "\n".join([HEADER, *reversed(content.split("\n")[1:])])
    found = await asyncio.gather(*(company.take(text) for text in (content, reversed_rows, content)))
    assert sum(each.accepted for each in found) == 3000
    assert [each.accepted + each.unchanged for each in found] == [3000] * 3
    assert len(await company.records()) == 3000
    assert await company.fetch("select 1 from record_ingested_visit_history") == []


async def test_a_cancelled_import_leaves_nothing(company: Company) -> None:
    content = HEADER + "".join(f"\nR{n},E1,,N,2026/05/03 09:30,1,1,是,,x" for n in range(20_000))
    half = asyncio.Event()
    task = asyncio.create_task(company.take(content, progress=lambda at: half.set() if at.lines > 9000 else None))
    await half.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    for table in ("record_ingested_visit", "import_batch", "import_reject", "touched", "coverage"):
        assert await company.fetch(f"select 1 from {table}") == []  # noqa: S608
    assert counts(await company.take(content)) == {"accepted": 20_000}


BAD = {
    ",E1,,N,2026/05/03 09:30,1,1,是,,x": ("E-ROW-ID-MISSING", "单号", ""),
    "B2,E1,,N,,1,1,是,,x": ("E-ROW-MISSING", "done_at (完成)", ""),
    "B3,E1,,N,2026/02/30 09:30,1,1,是,,x": ("E-ROW-DATE", "done_at (完成)", "2026/02/30 09:30"),
    "B4,E1,,N,3 May,1,1,是,,x": ("E-ROW-MOMENT", "done_at (完成)", "3 May"),
    "B5,E1,,N,0201/05/03 09:30,1,1,是,,x": ("E-ROW-DATE", "done_at (完成)", "0201/05/03 09:30"),
    "B6,E1,,N,2026/05/03 09:30,１,1,是,,x": ("E-ROW-NUMBER", "visits (次数)", "１"),
    "B7,E1,,N,2026/05/03 09:30,1.5,1,是,,x": ("E-ROW-WHOLE", "visits (次数)", "1.5"),
    "B8,E1,,N,2026/05/03 09:30,-1,1,是,,x": ("E-ROW-MINIMUM", "visits (次数)", "-1"),
    "B9,E1,,N,2026/05/03 09:30,100,1,是,,x": ("E-ROW-MAXIMUM", "visits (次数)", "100"),
    "B10,E1,,N,2026/05/03 09:30,1_0,1,是,,x": ("E-ROW-NUMBER", "visits (次数)", "1_0"),
    "B11,E1,,N,2026/05/03 09:30,1,NaN,是,,x": ("E-ROW-NUMBER", "cost (费用)", "NaN"),
    "B12,E1,,N,2026/05/03 09:30,1,Infinity,是,,x": ("E-ROW-NUMBER", "cost (费用)", "Infinity"),
    "B13,E1,,N,2026/05/03 09:30,1,1e3,是,,x": ("E-ROW-NUMBER", "cost (费用)", "1e3"),
    "B14,E1,,N,2026/05/03 09:30,1,1.005,是,,x": ("E-ROW-PLACES", "cost (费用)", "1.005"),
    "B15,E1,,N,2026/05/03 09:30,1,1000000000000000000,是,,x": ("E-ROW-DIGITS", "cost (费用)", "1000000000000000000"),
    "B16,E1,,N,2026/05/03 09:30,1,12 元,是,,x": ("E-ROW-NUMBER", "cost (费用)", "12 元"),
    "B17,E1,,N,2026/05/03 09:30,1,1,也许,,x": ("E-ROW-FLAG", "solved (解决)", "也许"),
    "B18,E1,,N,2026/05/03 09:30,1,1,是,还行,x": ("E-ROW-CHOICE", "outcome (结果)", "还行"),
    "B19,E1,,N,2026/05/03 09:30,1,1,是,," + "x" * 21: ("E-ROW-LONG", "note (备注)", "x" * 21),
    "B20,E1,,N,2026/05/03 09:30,1,1,是,,a\0b": ("E-ROW-TEXT", "note (备注)", "a\0b"),
    "B21,E1,,N,2026/05/03 09:30,1,1,是": ("E-ROW-COLUMNS", None, None),
    'B22,E1,,N,2026/05/03 09:30,1,1,是,,"x"y': ("E-ROW-QUOTES", None, None),
    "B23,E1,E1;E1:2,N,2026/05/03 09:30,1,1,是,,x": ("E-ROW-PEOPLE-TWICE", "crew (参与)", "E1;E1:2"),
    "B24,E1,E1:0,N,2026/05/03 09:30,1,1,是,,x": ("E-ROW-PART", "crew (参与)", "E1:0"),
}  # fmt: skip


@pytest.mark.parametrize("bad", BAD)
async def test_a_bad_row_is_named_and_the_good_ones_land(company: Company, bad: str) -> None:
    code, field, value = BAD[bad]
    document = changed(fields={**FIELDS, "crew": {"column": "参与", "parts": ":"}})
    summary = await company.take(f"{HEADER}\n{GOOD}\n{bad}\n{GOOD.replace('A1', 'A2')}\n", document)
    assert counts(summary) == {"accepted": 2, "rejected": 1}
    assert set(await company.records()) == {"A1", "A2"}
    [reject] = summary.rejects
    [reason] = reject.reasons
    assert (reason.code, reason.field, reason.value, reason.row, reason.file) == (code, field, value, 3, "visits.csv")
    english, chinese = reason.text(), reason.text("zh")
    assert "visits.csv row 3" in english
    assert code in english
    assert "第 3 行" in chinese
    [kept] = await company.fetch("select line, raw, reasons from import_reject")
    assert kept["line"] == 3
    assert json.loads(kept["reasons"])[0]["code"] == code
    assert json.loads(kept["reasons"])[0]["remedy_zh"]


async def test_a_row_tells_everything_that_is_wrong_with_it(company: Company) -> None:
    summary = await company.take(f"{HEADER}\nA1,E1,,N,never,many,much,是,,x\n")
    assert [each.code for each in summary.rejects[0].reasons] == ["E-ROW-MOMENT", "E-ROW-NUMBER", "E-ROW-NUMBER"]


async def test_lines_that_contradict_each_other_are_both_named_and_twins_count_once(company: Company) -> None:
    lines = [GOOD, GOOD.replace("A1", "A2"), GOOD.replace("门锁", "窗"), GOOD.replace("A1", "A2")]
    summary = await company.take("\n".join([HEADER, *lines]))
    assert counts(summary) == {"accepted": 1, "unchanged": 1, "rejected": 2}
    assert set(await company.records()) == {"A2"}
    assert [each.line for each in summary.rejects] == [2, 4]
    reason = summary.rejects[0].reasons[0]
    assert reason.code == "E-ROW-DUPLICATE"
    assert "2, 4" in reason.message()
    kept = await company.fetch("select line, raw from import_reject order by line")
    assert [json.loads(row["raw"])["备注"] for row in kept] == ["门锁", "窗"]


async def test_rejected_rows_are_written_out_mended_and_taken_again(company: Company, tmp_path: Path) -> None:
    content = f"{HEADER}\n{GOOD}\nB1,E1,,N,2026/02/30 09:30,1,1,是,,x\n".encode("gb18030")
    target = tmp_path / "rejects.csv"
    with RejectsFile(target) as file:
        source = mapping(changed(encoding="gb18030"))
        table = open_table(content, source.hints, name="visits.csv")
        file.like(table, source)
        delivery = Delivery(source=source, table=table, actor="test", file_name="visits.csv", rejected=file.write)
        assert (await ingest(company.database, company.tenant_id, delivery, clock=company.clock)).rejected == 1
    written = target.read_bytes().decode("gb18030")
    assert written.splitlines()[0] == HEADER + ",#line,#reasons"
    assert "2026/02/30" in written
    assert "E-ROW-DATE" in written
    assert "B1" in written.splitlines()[1]
    mended = written.replace("2026/02/30", "2026/02/28").encode("gb18030")
    summary = await company.take(mended, changed(encoding="gb18030"), name="rejects.csv")
    assert counts(summary) == {"accepted": 1}
    assert set(await company.records()) == {"A1", "B1"}


async def test_every_format_says_the_same(company: Company, tmp_path: Path) -> None:
    assert counts(await company.take(f"{HEADER}\n{GOOD}\n")) == {"accepted": 1}
    cells = GOOD.split(",")
    book = openpyxl.Workbook()
    book.active.append(["not the sheet"])
    sheet = book.create_sheet("数据")
    sheet.append(HEADER.split(","))
    sheet.append([*cells[:4], datetime(2026, 5, 3, 9, 30), 2, 12.5, *cells[7:]])  # noqa: DTZ001
    saved = io.BytesIO()
    book.save(saved)
    row = dict(zip(HEADER.split(","), cells, strict=True)) | {"次数": 2, "参与": ["E1", {"code": "E2"}]}
    line = json.dumps(row, ensure_ascii=False).replace('"12.50"', "12.50")
    quoted = f'{HEADER}\r\n\r\n"A1",E1,E1;E2,N,2026/05/03 09:30,2,12.5,是,好,"门锁"\r\n'
    same = {
        "visits.csv": f"{HEADER}\n{GOOD}\n".encode("gb18030"),
        "bom.csv": b"\xef\xbb\xbf" + quoted.encode(),
        "visits.tsv": f"{HEADER}\n{GOOD}\n".replace(",", "\t").encode(),
        "semicolon.csv": f"{HEADER}\n{GOOD.replace(';', '/')}\n".replace(",", ";").encode(),
        "utf16.csv": f"{HEADER}\n{GOOD}\n".encode("utf-16"),
        "visits.csv.gz": gzip.compress(f"{HEADER}\n{GOOD}\n".encode()),
        "visits.ndjson": line.encode(),
        "visits.ndjson.gz": gzip.compress(line.encode()),
        "visits.xlsx": saved.getvalue(),
    }
    for name, content in same.items():
        document = changed(sheet="数据") if name.endswith("xlsx") else DOCUMENT
        assert counts(await company.take(content, document, name=name)) == {"unchanged": 1}, name


async def test_json_numbers_are_read_exactly(company: Company) -> None:
    row = '{"单号": "%s", "完成": "2026/05/03 09:30", "费用": %s}\n'
    exact = ("0.10", "-0", "123456789012345678.99", "1.00000", "1.2e3", "NaN", "0.1000000000000000055511151231257827",
             "-Infinity", "1e999999999")  # fmt: skip
    content = "".join(row % (place, number) for place, number in enumerate(exact))
    summary = await company.take(content, name="visits.ndjson")
    assert {key: record["cost"] for key, record in (await company.records()).items()} == {
        "0": Decimal("0.10"), "1": 0, "2": Decimal("123456789012345678.99"), "3": 1, "4": 1200}  # fmt: skip
    assert [(each.line, each.reasons[0].code) for each in summary.rejects] == [
        (6, "E-ROW-JSON"), (7, "E-ROW-PLACES"), (8, "E-ROW-JSON"), (9, "E-ROW-NUMBER")]  # fmt: skip


FOLDING = changed(
    external_id="单号", fold={"by": "external_id", "order": ["完成:instant", "次数:int", "line"]},
    fields={"done_at": "完成", "visits": "次数", "note": "备注"},
)  # fmt: skip
EVENTS = [
    "A1,2026/05/03 09:30,1,opened", "A1,2026/05/03 10:30,2,assigned", "A1,2026/05/04 08:00,3,solved",
    "A1,2026/05/04 08:00,10,closed", "A2,2026/05/03 09:30,1,opened",
]  # fmt: skip


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
@pytest.mark.parametrize("cut", [1, 2, 3, 4])
async def test_lines_of_a_case_fold_to_the_last_in_any_order_of_the_files(
    company: Company, order: tuple[int, int], cut: int
) -> None:
    parts = [EVENTS[:cut], EVENTS[cut:]]
    summaries = [await company.take("\n".join(["单号,完成,次数,备注", *parts[each]]), FOLDING) for each in order]
    records = await company.records()
    assert {key: record["note"] for key, record in records.items()} == {"A1": "closed", "A2": "opened"}
    assert sum(each.lines for each in summaries) == 5
    for each in summaries:
        counts(each)
    versions = records["A1"]["version"]
    again = await company.take("\n".join(["单号,完成,次数,备注", *reversed(EVENTS)]), FOLDING)
    assert counts(again).get("updated", 0) == 0
    assert (await company.records())["A1"]["version"] == versions


async def test_a_later_line_that_says_the_same_still_keeps_older_ones_out(company: Company) -> None:
    header = "单号,完成,次数,备注"
    fields = {"done_at": {"constant": "2026-05-03 00:00"}, "note": "备注"}
    folding = FOLDING | {"fields": fields}
    for line in ("A1,2026/05/03 09:30,1,a", "A1,2026/05/09 09:30,1,a", "A1,2026/05/05 09:30,1,b"):
        await company.take(f"{header}\n{line}\n", folding)
        assert (await company.records())["A1"]["note"] == "a"
    assert (await company.records())["A1"]["version"] == 1


async def test_unknown_codes_land_unresolved_and_a_strict_source_refuses_them(company: Company) -> None:
    row = "A1,E9,E1;E8,N,2026/05/03 09:30,2,12.50,是,好,门锁"
    summary = await company.take(f"{HEADER}\n{row}\n", rows_wanted=True)
    assert counts(summary) == {"accepted": 1, "unresolved": 1}
    assert summary.unknown_codes == (("employee", "E9", 1), ("employee", "E8", 1))
    [verdict] = summary.rows
    assert (verdict.verdict, [each.value for each in verdict.reasons]) == ("unresolved", ["E9", "E8"])
    record, ids = (await company.records())["A1"], await company.ids()
    assert (record["engineer"], record["engineer_code"], record["crew_ids"]) == (None, "E9", [ids["E1"], None])
    assert NOBODY in {row["subject_id"] for row in await company.fetch("select subject_id from touched")}
    strict = await company.take(f"{HEADER}\n{row.replace('A1', 'A2')}\n{GOOD}\n", changed(strict=True))
    assert counts(strict) == {"updated": 1, "rejected": 1}
    assert [each.code for each in strict.rejects[0].reasons] == ["E-ROW-CODE", "E-ROW-CODE"]


CODED = changed(
    fields={**FIELDS, "engineer": {"column": "工程师", "external_codes": "crm"},
            "crew": {"column": "参与", "external_codes": "crm"}, "shop": {"column": "门店", "external_codes": "shops"}}
)  # fmt: skip


async def test_mapped_codes_resolve_exactly_their_records(company: Company) -> None:
    rows = ["A1,x1,x1;x2,s,2026/05/03 09:30,1,1,是,,", "A2,x1,,,2026/05/20 09:30,1,1,是,,",
            "A3,x2,,,2026/05/03 09:30,1,1,是,,", "A4,E1,,,2026/05/03 09:30,1,1,是,,"]  # fmt: skip
    async with company.database.unit_of_work(company.tenant_id) as uow:
        await save_source(uow, "test", Source("crm", "ingested_visit", CODED))
    summary = await company.take("\n".join([HEADER, *rows]), CODED)
    assert summary.unresolved == 4
    ids, tenth = await company.ids(), datetime(2026, 5, 10, tzinfo=UTC)

    async def map_codes(*codes: ExternalCode) -> dict[str, int]:
        async with company.database.unit_of_work(company.tenant_id) as uow:
            await uow.conn.execute("delete from touched where tenant_id = $1", company.tenant_id)
            keys = await map_external_codes(uow, "test", codes)
            return await resolve_codes(uow, DECLARED, keys, now=company.clock())

    # Until the tenth x1 is E1; the shop and one of the crew come with it, in one new version.
    changed_now = await map_codes(ExternalCode("crm", "x1", employee="E1", valid_to=tenth),
                                  ExternalCode("shops", "s", department="N"))  # fmt: skip
    assert changed_now == {"ingested_visit": 1}
    records = await company.records()
    assert {key: (each["version"], each["engineer"]) for key, each in records.items()} == {
        "A1": (2, ids["E1"]), "A2": (1, None), "A3": (1, None), "A4": (1, None)}  # fmt: skip
    assert (records["A1"]["shop"], records["A1"]["crew_ids"]) == (ids["N"], [ids["E1"], None])
    marks = {row["subject_id"] for row in await company.fetch("select subject_id from touched")}
    assert marks == {NOBODY, ids["E1"], ids["N"]}
    # It was E2 all along: both are marked, the old version is kept, and the other records stay as they are.
    assert await map_codes(ExternalCode("crm", "x1", employee="E2", valid_to=tenth)) == {"ingested_visit": 1}
    marks = {row["subject_id"] for row in await company.fetch("select subject_id from touched")}
    assert {ids["E1"], ids["E2"]} <= marks
    history = await company.fetch("select version, engineer from record_ingested_visit_history order by version")
    assert [tuple(row) for row in history] == [(1, None), (2, ids["E1"])]
    assert await map_codes(ExternalCode("crm", "x1", employee="E2", valid_to=tenth)) == {}
    # The same file again finds nothing new: what it says has not changed.
    assert counts(await company.take("\n".join([HEADER, *rows]), CODED)) == {"unchanged": 4, "unresolved": 4}


async def test_an_import_under_way_does_not_miss_a_code_that_is_mapped_meanwhile(company: Company) -> None:
    async with company.database.unit_of_work(company.tenant_id) as uow:
        await save_source(uow, "test", Source("crm", "ingested_visit", CODED))
    content = HEADER + "".join(f"\nR{n},x1,,,2026/05/03 09:30,1,1,是,,x" for n in range(10_000))
    half = asyncio.Event()
    task = asyncio.create_task(company.take(content, CODED, progress=lambda at: half.set()))
    await half.wait()
    async with company.database.unit_of_work(company.tenant_id) as uow:
        keys = await map_external_codes(uow, "test", [ExternalCode("crm", "x1", employee="E1")])
        await resolve_codes(uow, DECLARED, keys, now=company.clock())
    assert (await task).accepted == 10_000
    assert await company.fetch("select 1 from record_ingested_visit where engineer is null") == []


async def test_a_new_employee_takes_the_records_that_waited_under_the_number(company: Company) -> None:
    row = '{"external_id": "P1", "engineer": "E7", "done_at": "2026-05-03T09:30:00+08:00"}'
    assert (await company.take(row, name="a.ndjson", direct=True)).unresolved == 1
    async with company.database.unit_of_work(company.tenant_id) as uow:
        await upsert_employees(uow, "test", [Employee("E7", "Zhao")])
        assert await resolve_codes(uow, DECLARED, [(None, "E7")], now=company.clock()) == {"ingested_visit": 1}
    assert (await company.records())["P1"]["engineer"] == (await company.ids())["E7"]


async def test_what_a_file_covers_is_recorded(company: Company) -> None:
    rows = f"{HEADER}\n{GOOD}\n" + GOOD.replace("A1", "A2").replace("2026/05/03 09:30", "2026/05/20 23:59")
    assert (await company.take(rows)).covered == (date(2026, 5, 3), date(2026, 5, 21))
    assert (await company.take(rows, changed(coverage="by_months"))).covered == (date(2026, 5, 1), date(2026, 6, 1))
    assert (await company.take(rows, changed(coverage="none"))).covered is None
    empty = await company.take(f"{HEADER}\n", period=(date(2026, 7, 1), date(2026, 8, 1)))
    assert (empty.lines, empty.covered) == (0, (date(2026, 7, 1), date(2026, 8, 1)))
    kept = await company.fetch("select period_from, period_to from coverage order by 1, 2")
    assert [tuple(row) for row in kept] == [
        (date(2026, 5, 1), date(2026, 6, 1)), (date(2026, 5, 3), date(2026, 5, 21)),
        (date(2026, 7, 1), date(2026, 8, 1))]  # fmt: skip


async def test_the_same_request_gets_the_same_answer_and_another_content_none(company: Company) -> None:
    first = await company.take(f"{HEADER}\n{GOOD}\n", request=Request.of("k1", b"one"), rows_wanted=True)
    again = await company.take(f"{HEADER}\n{GOOD}\n", request=Request.of("k1", b"one"), rows_wanted=True)
    assert again == first
    with pytest.raises(MeritlineError) as refused:
        await company.take(f"{HEADER}\n{GOOD}\n", request=Request.of("k1", b"two"))
    assert refused.value.problem.code == "E-IDEMPOTENCY-CONFLICT"
    both = await asyncio.gather(*(
        company.take(f"{HEADER}\n{GOOD}\n", request=Request.of("k2", b"x"), rows_wanted=True) for _ in range(4)
    ))  # fmt: skip
    assert len({each.import_id for each in both}) == 1
    assert len(await company.fetch("select 1 from import_batch")) == 2


async def test_a_file_that_cannot_be_read_is_kept_as_failed_and_nothing_lands(company: Company) -> None:
    async with company.database.unit_of_work(company.tenant_id) as uow:
        await save_source(uow, "test", Source("crm", "ingested_visit", dict(DOCUMENT)))
    whole = gzip.compress(f"{HEADER}\n{GOOD}\n".encode() * 1000)
    with pytest.raises(MeritlineError) as refused:
        await import_file(company.database, company.tenant_id, DECLARED, source="crm", given=whole[:-20], actor="test",
                          clock=company.clock, name="visits.csv.gz")  # fmt: skip
    assert refused.value.problem.code == "E-FILE-DAMAGED"
    assert await company.records() == {}
    [batch] = await company.fetch("select state, file_name, error from import_batch")
    assert (batch["state"], batch["file_name"]) == ("failed", "visits.csv.gz")
    assert "E-FILE-DAMAGED" in batch["error"]
