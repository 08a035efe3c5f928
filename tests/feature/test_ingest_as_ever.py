"""Hard inputs, answered as ever: verdicts, reasons, stored rows, versions, marks and coverage, held in one file.

The answers were written by the ingest that validated cell by cell and applied a whole file at once. However rows are
batched, encoded and applied since, they stay. ``MERITLINE_WRITE_ANSWERS=1`` writes them anew.
"""

import gzip
import json
import os
import random
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import asyncpg
import pytest

from meritline.db import Database
from meritline.local import LocalUrls
from meritline.records import applying, preparing
from meritline.records.ddl import ensure_record_tables
from meritline.records.delivery import Delivery
from meritline.records.formats import delimited, ndjson, open_table
from meritline.records.ingest import ingest
from meritline.records.sources import SourceMapping, direct_mapping, parse_source
from meritline.records.summary import ImportSummary, summary_dict
from meritline.tenancy.service import map_external_codes, onboard_tenant, upsert_departments, upsert_employees
from meritline.tenancy.values import Department, Employee, ExternalCode, Profile
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

ANSWERS = Path(__file__).with_name("ingest_answers.json.gz")
NOW = datetime(2026, 6, 1, 8, tzinfo=UTC)


class Hard(RecordType, key="hard_visit", title=Text("Visit", "上门")):
    """Every kind of field, several of most."""

    engineer = Person(optional=True)
    helper = Person(optional=True)
    crew = People(optional=True)
    shop = Team(optional=True)
    done_at = Instant()
    reported_at = Instant(optional=True)
    called_at = Instant(optional=True)
    day = Day(optional=True)
    visits = Int(optional=True, minimum=0, maximum=99)
    cost = Number(optional=True, places=2)
    weight = Number(optional=True, places=6)
    solved = Flag(optional=True)
    outcome = Choice(optional=True, options=("good", "bad"))
    note = Code(optional=True, longest=40)
    defaults = Attribution(credit=engineer, at=done_at)


HARD = Hard.declaration
DOCUMENT = {
    "record": "hard_visit", "external_id": "id", "external_codes": "crm", "instant_format": "%Y/%m/%d %H:%M:%S",
    "missing": ["-"],
    "fields": {
        "engineer": "who", "helper": {"column": "helper", "external_codes": "other"},
        "crew": {"column": "crew", "parts": ":"}, "shop": {"column": "shop", "external_codes": "shops"},
        "done_at": "done", "reported_at": "reported",
        "called_at": {"column": "called", "rolls_over_from": "done_at", "format": "%Y/%m/%d %H:%M"},
        "day": {"column": "day", "format": ["%Y/%m/%d", "%Y%m%d"]}, "visits": "visits",
        "cost": {"column": "cost", "thousands": " ", "unit": "元"}, "weight": "weight",
        "solved": {"column": "solved", "true": ["yes"], "false": ["no", ""]},
        "outcome": {"column": "outcome", "map": {"ok": "good", "nok": "bad"}, "otherwise": ""}, "note": "note",
    },
}  # fmt: skip
HEADER = "id,who,helper,crew,shop,done,reported,called,day,visits,cost,weight,solved,outcome,note,unread"
GOOD = {
    "who": ("x1", "x2", "x3", ""), "helper": ("x1", "h2", "-", "nobody"), "crew": ("x1;x2", "x1:3;x2:1", "", "x9"),
    "shop": ("s", "t", "-"), "done": ("2026/05/03 09:30:00", "2026/05/31 23:59:59", "2026/04/30 16:00:00"),
    "reported": ("2026/03/08 01:30:00", "2026/05/03 00:00:00", "", ""),
    "called": ("2026/05/03 09:30", "", "2026/05/03 23:00"), "day": ("2026/05/03", "20260504", ""),
    "visits": ("1", "+2", "007", "99", "3.0", ""),
    "cost": ("12.50元", "1 234.5", "-0", "0.00", "", "999999999999999.99"),
    "weight": ("0.000001", "12345.678901", "", "100"), "solved": ("yes", "no", "", "YES"),
    "outcome": ("ok", "nok", "other", ""), "note": ("门锁", "a\tb", "x y", "", " padded ", "😀"), "unread": ("", "?"),
}  # fmt: skip
BAD = {
    "done": ("", "2026/02/30 09:30:00", "yesterday", "0201/05/03 09:30:00", "2026-05-03T09:30:00+08:00"),
    "visits": ("-1", "100", "1.5", "１", "1e2"), "cost": ("1.005", "NaN", "1000000000000000000"),
    "solved": ("maybe",), "note": ("y" * 41, "a\x01b"), "crew": ("x1;x1:2", "x1:0"), "reported": ("03.05.2026",),
    "day": ("2026/13/01",),
}  # fmt: skip
TEXTS = ("tenant_id", "message", "remedy", "message_zh", "remedy_zh")
ZONES = ("Asia/Shanghai", "Europe/Berlin")


def rows(dice: random.Random, count: int, ids: int, share: float) -> Iterator[dict[str, str]]:
    """Rows of which a share is bad in one or two fields."""
    for _ in range(count):
        row = {"id": f"A{dice.randrange(ids)}"} | {name: dice.choice(of) for name, of in GOOD.items()}
        if dice.random() < share:
            for name in dice.sample(list(BAD), dice.choice((1, 1, 2))):
                row[name] = dice.choice(BAD[name])
        if dice.random() < 0.02:
            row["id"] = dice.choice(("", "z" * 201))
        yield row


def as_csv(some: Iterator[dict[str, str]], dice: random.Random, end: str = "\n", quotes: bool = False) -> str:
    """The rows as a file, some of them broken."""
    lines = [HEADER]
    for row in some:
        cells = [row[name] for name in HEADER.split(",")]
        if quotes:
            cells = [f'"{cell}"' if dice.random() < 0.3 else cell for cell in cells]
            cells[-2] = dice.choice((cells[-2], '"two\nlines"', '"a ""b"", c"'))
        line = ",".join(cells)
        lines.append(dice.choice(("", f"{line},", ",".join(cells[:9]))) if dice.random() < 0.02 else line)
        if quotes and dice.random() < 0.01:
            lines.append(line.replace("A", '"A"x', 1))
    return end.join(lines)


def as_ndjson(dice: random.Random, count: int, ids: int) -> str:
    """Rows of a program: values of every JSON type, names it has not, lines that are none."""
    instants = ("2026-05-03T09:30:00+08:00", "2026-05-03T09:30:00Z", "2026-05-03T09:30:00.123456+05:30",
                "2026-05-03 09:30", "2026-02-30T09:30:00Z", None)  # fmt: skip
    some: dict[str, tuple[Any, ...]] = {
        "engineer": ("E1", "E2", "E9", None, 7),
        "crew": (["E1", {"code": "E2", "part": 2}], "E1;E2", [], None, {"x": 1}),
        "shop": ("N", "S", ""), "reported_at": instants, "day": ("2026-05-03", "2026-05-03T23:30:00Z", 20260503, None),
        "visits": (1, 99, "5", 2.0, True, -1, 1e2), "cost": (1.10, "2.5", 0, -0.0, 12345678901234.56, 0.123, None),
        "solved": (True, False, "yes", None, 1, 0), "outcome": ("good", "bad", "great", None),
        "note": ("n", "", 12, 1.50, True, "\u0001"),
    }  # fmt: skip
    lines = []
    for _ in range(count):
        row: dict[str, Any] = {"external_id": dice.choice((f"P{dice.randrange(ids)}", dice.randrange(ids)))}
        row["done_at"] = dice.choice(instants[:3]) if dice.random() < 0.9 else dice.choice(instants)
        row |= {name: dice.choice(of[:3]) if dice.random() < 0.9 else dice.choice(of) for name, of in some.items()
                if dice.random() < 0.6}  # fmt: skip
        if dice.random() < 0.03:
            row[dice.choice(("enginer", "#note"))] = "x"
        line = json.dumps(row, ensure_ascii=dice.random() < 0.5)
        lines.append(
            dice.choice(
                (
                    "",
                    "[1]",
                    '{"a": NaN}',
                    "{",
                    "   ",
                    '{"external_id": "\ud800"}'.encode(errors="surrogatepass").decode(errors="replace"),
                )
            )
            if dice.random() < 0.03
            else line
        )
    return "\n".join(lines)


class Firm:
    """A company with codes that change, and what it was answered."""

    def __init__(self, database: Database, tenant_id: UUID, batch: int | None) -> None:
        self.database, self.tenant_id, self.batch, self.ticks = database, tenant_id, batch, 0
        self.names: dict[Any, str] = {}
        self.answers: list[Any] = []

    def clock(self) -> datetime:
        return NOW + timedelta(minutes=self.ticks)

    async def take(self, content: str, source: SourceMapping, name: str, **options: Any) -> ImportSummary:
        """Ingest, and note everything that was said."""
        self.ticks += 1
        delivery = Delivery(source=source, table=open_table(content.encode(), source.hints, name=name), actor="test",
                            file_name=name, **options)  # fmt: skip
        summary = await ingest(self.database, self.tenant_id, delivery, clock=self.clock)
        self.names[str(summary.import_id)] = f"import {self.ticks}"
        self.answers.append(self.plain(json.loads(json.dumps(summary_dict(summary), default=str))))
        return summary

    def plain(self, value: Any) -> Any:
        """A value without ids that are made anew each time."""
        if isinstance(value, Mapping):
            return {key: self.plain(each) for key, each in value.items() if key not in TEXTS}
        if isinstance(value, list | tuple):
            return [self.plain(each) for each in value]
        if isinstance(value, bytes):
            return value.hex()
        if isinstance(value, str) and value.startswith("[{"):  # reasons as they are kept: their texts have a test
            return self.plain(json.loads(value))
        return self.names.get(str(value), value if isinstance(value, int | None) else str(value))

    async def everything(self) -> dict[str, Any]:
        """All that the database holds of it."""
        queries = {
            "records": "select * from record_hard_visit order by source, external_id",
            "history": "select * from record_hard_visit_history order by source, external_id, version",
            "imports": "select id, source, file_name, state, lines, accepted, updated, unchanged, rejected, folded, "
            "unresolved from import_batch order by started_at",
            "rejects": "select import_id, line, external_id, raw, reasons from import_reject order by import_id, line",
            "coverage": "select source, period_from, period_to, import_id from coverage order by 1, 2, 3",
        }  # fmt: skip
        async with self.database.scoped_read(self.tenant_id) as conn:
            found = {name: [dict(row) for row in await conn.fetch(query)] for name, query in queries.items()}
        found["rejects"].sort(key=lambda row: (self.names[str(row["import_id"])], row["line"]))
        return self.plain(found) | {"marks": await self.marks()}  # type: ignore[no-any-return]

    async def marks(self) -> list[list[str]]:
        """Whose numbers of which day are out of date."""
        async with self.database.scoped_read(self.tenant_id) as conn:
            found = await conn.fetch("select subject_id, month, days from touched where record_type = 'hard_visit'")
        return sorted([self.names[str(row["subject_id"])], str(row["month"] + timedelta(days=day))]
                      for row in found for day in range(31) if row["days"] >> day & 1)  # fmt: skip


@pytest.fixture(scope="module")
async def served(migrated_databases: Callable[[], LocalUrls]) -> AsyncIterator[Database]:
    urls = migrated_databases()
    owner = await asyncpg.connect(urls.migration_database_url)
    await ensure_record_tables(owner, [HARD], app_role="meritline_app")
    await owner.close()
    async with await Database.open(urls.database_url) as database:
        yield database


async def firm(served: Database, key: str, zone: str, batch: int | None) -> Firm:
    """A company of this zone."""
    opened = await onboard_tenant(served, key=key, profile=Profile("Firm", zone, "CNY", ("zh",), "CN"), actor="test")
    found = Firm(served, opened.tenant_id, batch)
    tenth = datetime(2026, 5, 10, tzinfo=UTC)
    async with served.unit_of_work(opened.tenant_id) as uow:
        await upsert_departments(uow, "test", [Department("N", "North"), Department("S", "South")])
        await upsert_employees(uow, "test", [Employee(f"E{number}", f"P{number}") for number in range(1, 5)])
        await map_external_codes(uow, "test", [
            ExternalCode("crm", "x1", employee="E1"), ExternalCode("crm", "x2", employee="E2", valid_to=tenth),
            ExternalCode("crm", "x2", employee="E3", valid_from=tenth), ExternalCode("other", "x1", employee="E4"),
            ExternalCode("other", "h2", employee="E2"), ExternalCode("shops", "s", department="N"),
        ])  # fmt: skip
    async with served.scoped_read(opened.tenant_id) as conn:
        people = await conn.fetch("select number, id from employee union all select code, id from department")
    found.names = {str(row["id"]): row["number"] for row in people} | {str(UUID(int=0)): "nobody"}
    return found


def mapping(key: str, **options: Any) -> SourceMapping:
    found = parse_source({**DOCUMENT, **options}, {HARD.key: HARD}, key=key)
    assert isinstance(found, SourceMapping), [each.text() for each in found]
    return found


async def story(served: Database, zone: str, batch: int | None) -> dict[str, Any]:
    """Many deliveries of one company."""
    dice = random.Random(6)
    told = await firm(served, f"hard-{zone.lower().replace('/', '-')}-{batch or 0}", zone, batch)
    crm = mapping("crm")
    first = as_csv(rows(dice, 120, 1000, 0.15), dice)
    await told.take(first, crm, "first.csv", rows_wanted=True)
    await told.take(first, crm, "again.csv")
    half = first.replace("x y", "other words").replace("09:30:00", "10:30:00")
    await told.take(half, crm, "changed.csv", rows_wanted=True)
    await told.take(as_csv(rows(dice, 150, 60, 0.1), dice, "\r\n", quotes=True), crm, "twice.csv")
    twins = "\n".join(
        [
            HEADER,
            *[",".join(("B1", *[of[0] for of in GOOD.values()]))] * 3,
            *[",".join((f"B{place % 40}", *[of[0] for of in GOOD.values()])) for place in range(90)],
        ]
    )
    await told.take(twins, crm, "twins.csv", rows_wanted=True)
    unknown = "\n".join(
        [HEADER, *[",".join((f"C{place % 20}", *[of[-1] for of in GOOD.values()])) for place in range(50)]]
    )
    await told.take(unknown, crm, "unknown.csv", rows_wanted=True)
    await told.take(unknown, crm, "unknown2.csv")
    await told.take(
        as_csv(rows(dice, 60, 30, 0.1), dice), mapping("strict", strict=True, coverage="by_months"), "s.csv"
    )
    folding = mapping("fold", fold={"by": "external_id", "order": ["done:instant", "visits:int", "line"]})
    for name in ("f1.csv", "f2.csv", "f3.csv"):
        await told.take(as_csv(rows(dice, 80, 25, 0.05), dice), folding, name, rows_wanted=name == "f2.csv")
    skipping = mapping("skip", skip_when={"unread": ["?"]}, time_zone="America/New_York", repeated_hour="refuse")
    await told.take(
        as_csv(rows(dice, 60, 500, 0.05), dice), skipping, "skip.csv", period=(date(2026, 5, 1), date(2026, 6, 1))
    )
    api = direct_mapping(HARD, "api")
    for name in ("a.ndjson", "b.ndjson"):
        await told.take(as_ndjson(dice, 150, 90), api, name, rows_wanted=True)
    return {"answers": told.answers} | await told.everything()


@pytest.mark.parametrize("rows", [None, 7])
@pytest.mark.parametrize("zone", ZONES)
async def test_hard_inputs_are_answered_as_ever(
    served: Database, zone: str, rows: int | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    if rows:  # many batches of a few rows, each by the statement that is planned for what it has
        monkeypatch.setattr(delimited, "CHUNK_ROWS", rows)
        monkeypatch.setattr(ndjson, "CHUNK_ROWS", rows)
        monkeypatch.setattr(preparing, "FIRST_ROWS", rows)
        monkeypatch.setattr(preparing, "BATCH_ROWS", 3 * rows)
        monkeypatch.setattr(applying, "FEW_ROWS", 0)
    found = json.loads(json.dumps(await story(served, zone, rows)))
    if os.environ.get("MERITLINE_WRITE_ANSWERS"):
        known = json.loads(gzip.decompress(ANSWERS.read_bytes())) if ANSWERS.exists() else {}
        ANSWERS.write_bytes(gzip.compress(json.dumps(known | {zone: found}, sort_keys=True).encode(), mtime=0))
        return
    wanted = json.loads(gzip.decompress(ANSWERS.read_bytes()))[zone]
    for part, of in wanted.items():
        for each in [*found[part], *of] if part == "answers" else ():
            each["unknown_codes"].sort()  # codes that are as frequent come in the order of the chunks
        for place, (one, other) in enumerate(zip(found[part], of, strict=True)):
            assert one == other, (part, place)
