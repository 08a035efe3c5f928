"""Looking at other records by SQL: only this company's, only what was known, never the record itself, by an index."""

import asyncio
import json
from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import pytest

from meritline.db import Database
from meritline.local import LocalUrls
from meritline.measuring.evidence import records_behind
from meritline.measuring.memberships import Memberships
from meritline.measuring.requests import TallyRequest
from meritline.measuring.store import tallied
from meritline.records.ddl import ensure_record_tables
from meritline.records.lookups import looked_up
from meritline_sdk import (
    COUNT,
    Attribution,
    Code,
    Count,
    Direction,
    Indicator,
    Instant,
    Int,
    Person,
    RecordType,
    SubjectKind,
    Sum,
    Text,
    exists,
    greatest_of,
    hours,
    how_many,
    least_of,
    only_last,
    sum_of,
)  # fmt: skip
from meritline_sdk.evaluate.windows import Window, earlier, window
from meritline_sdk.model.measures import Tally

ZONE = "Asia/Shanghai"
MAY = window("2026-05", ZONE)
NOON = datetime(2026, 5, 10, 4, tzinfo=UTC)
KNOWN = datetime(2026, 6, 1, tzinfo=UTC)
ANNA = UUID(int=1)
NOBODY = Memberships((), {}, ZONE)


class Case(RecordType, key="looks_case", title=Text("Case", "案件")):
    agent = Person()
    no = Code()
    opened = Instant()
    defaults = Attribution(credit=agent, at=opened)


class Call(RecordType, key="looks_call", title=Text("Call", "来电")):
    agent = Person()
    case = Code(optional=True)
    seconds = Int(optional=True)
    at = Instant()
    defaults = Attribution(credit=agent, at=at)


c: Any = Case
of_this = lambda o: o.case == c.no  # noqa: E731
CALLED = Count(Case, exists(Call, of_this))
LAST = Count(Call, only_last(Call, by=[Call.case], order=Call.at, where=Call.seconds > 0))
REPEATED = Count(Case, exists(Case, lambda o: (o.no == c.no) & (o.opened - c.opened <= hours(1))))
INDICATORS = [Indicator(f"one_{place}", Text("One", "一"), measure, COUNT, Direction.HIGHER)
              for place, measure in enumerate((CALLED, LAST, REPEATED))]  # fmt: skip


def window_of(periods: int) -> Window:
    return window(earlier("2026-05", periods), ZONE)


@pytest.fixture(scope="module")
async def owner(migrated_database: LocalUrls) -> AsyncIterator[asyncpg.Connection]:
    conn = await asyncpg.connect(migrated_database.migration_database_url)
    await ensure_record_tables(conn, [Case.declaration, Call.declaration], app_role="meritline_app",
                               looked_up=looked_up(INDICATORS))
    yield conn
    await conn.close()


@pytest.fixture(scope="module")
async def database(migrated_database: LocalUrls, owner: asyncpg.Connection) -> AsyncIterator[Database]:
    async with await Database.open(migrated_database.database_url) as opened:
        yield opened


@pytest.fixture
def tenant() -> UUID:
    return uuid4()


async def add(database: Database, tenant: UUID, table: str, *records: dict[str, Any]) -> None:
    """Records as ingest writes them, of Anna's and known since June unless they say otherwise."""
    moment = "opened" if table == "record_looks_case" else "at"
    async with database.unit_of_work(tenant) as uow:
        for given in records:
            row = {"tenant_id": tenant, "source": "crm", "external_id": str(uuid4()), "version": 1, "digest": b"",
                   "recorded_at": KNOWN, "agent": ANNA, moment: NOON} | given
            places = ", ".join(f"${place}" for place in range(1, len(row) + 1))
            names = ", ".join(f'"{name}"' for name in row)
            await uow.conn.execute(f"insert into {table} ({names}) values ({places})", *row.values())  # noqa: S608


async def amount(database: Database, tenant: UUID, measure: Any, **how: Any) -> int:
    """What the measure comes to for the company."""
    request = TallyRequest.of(measure.tally)
    async with database.scoped_read(tenant) as conn:
        found = await tallied(conn, tenant, [request], window_of, NOBODY, **how)
    one = found[request].get((SubjectKind.COMPANY, tenant))
    return 0 if one is None else one.amount


async def test_the_other_records_are_looked_at_whenever_they_were(database: Database, tenant: UUID) -> None:
    later = NOON + timedelta(days=300)
    await add(database, tenant, "record_looks_case", {"no": "1"}, {"no": "2"}, {"no": "3"})
    await add(database, tenant, "record_looks_call", {"case": "1", "seconds": 5, "at": later}, {"case": "1"},
              {"case": "2", "seconds": 9}, {"case": None})
    assert await amount(database, tenant, CALLED) == 2
    assert await amount(database, tenant, Count(Case, how_many(Call, of_this) == 0)) == 1
    total: Any = sum_of(Call, lambda o: o.seconds, of_this)
    assert await amount(database, tenant, Sum(total, record=Case)) == 14
    assert await amount(database, tenant, Count(Case, total == 0)) == 1
    first: Any = least_of(Call, lambda o: o.at, of_this)
    assert await amount(database, tenant, Count(Case, first.missing())) == 1
    assert await amount(database, tenant, Count(Case, at=greatest_of(Call, lambda o: o.at, of_this))) == 1
    # Only of the record itself: SQL would take such an aggregate for one of the outer query.
    assert await amount(database, tenant, Count(Case, least_of(Call, lambda o: c.opened, of_this).present())) == 2


async def test_no_record_is_related_to_itself_and_ties_have_one_winner(database: Database, tenant: UUID) -> None:
    await add(database, tenant, "record_looks_case", {"no": "1"}, {"no": "2"}, {"no": "2"})
    assert await amount(database, tenant, REPEATED) == 2
    # Equal in everything but the outside id, which is ordered by code points: "a" is behind "Z".
    await add(database, tenant, "record_looks_call", {"case": "1", "seconds": 1, "external_id": "a"},
              {"case": "1", "seconds": 2, "external_id": "Z"}, {"case": "1", "seconds": 3, "external_id": "A"},
              {"case": None, "seconds": 4}, {"case": None, "seconds": 5})  # fmt: skip
    last = Sum(Call.seconds, only_last(Call, by=[Call.case], order=Call.at, where=Call.seconds > 0))
    assert await amount(database, tenant, last) == 1 + 4 + 5


async def test_what_was_known_then_decides_what_is_found(database: Database, tenant: UUID) -> None:
    hour = timedelta(hours=1)
    await add(database, tenant, "record_looks_case", {"no": "1"})
    await add(database, tenant, "record_looks_call_history",
              {"case": "1", "external_id": "C", "superseded_at": KNOWN + 2 * hour})
    await add(database, tenant, "record_looks_call",
              {"case": "other", "external_id": "C", "version": 2, "recorded_at": KNOWN + 2 * hour})
    found = [await amount(database, tenant, CALLED, known_at=KNOWN + passed * hour) for passed in (0, 1, 2)]
    assert found == [1, 1, 0]
    assert await amount(database, tenant, CALLED) == 0


async def test_the_evidence_names_the_records_that_decided(database: Database, tenant: UUID) -> None:
    await add(database, tenant, "record_looks_case", {"no": "1", "external_id": "K-1"}, {"no": "2"})
    await add(database, tenant, "record_looks_call", *({"case": "1", "external_id": f"C-{n:03}"} for n in range(30)))
    async with database.scoped_read(tenant) as conn:
        page = await records_behind(conn, tenant, CALLED.tally, {}, MAY, SubjectKind.COMPANY, tenant, NOBODY, KNOWN)
    (behind,) = page.records
    assert (behind.record_type, behind.external_id) == ("looks_case", "K-1")
    assert behind.related[0] == ("looks_call", "crm", "C-000")
    assert len(behind.related) == 20, "a bounded number of them"


@pytest.fixture
async def without_policies(owner: asyncpg.Connection) -> AsyncIterator[None]:
    """The policies of the record tables let everything through."""
    tables = [f"record_looks_{name}{part}" for name in ("case", "call") for part in ("", "_history")]
    try:
        for table in tables:
            await owner.execute(f"alter policy tenant on {table} using (true)")
        yield
    finally:
        for table in tables:
            await owner.execute(f"alter policy tenant on {table} "
                                "using (tenant_id = current_setting('app.tenant_id', true)::uuid)")


@pytest.mark.usefixtures("without_policies")
async def test_a_look_names_its_company_itself(database: Database, tenant: UUID) -> None:
    """With the policies in place a look that forgets its company gives the same, and nobody would notice."""
    other, before = uuid4(), {"superseded_at": KNOWN + timedelta(days=1)}
    await add(database, tenant, "record_looks_case", {"no": "1"})
    for company in (other, uuid4()):
        await add(database, company, "record_looks_case", {"no": "1"})
        await add(database, company, "record_looks_call", {"case": "1", "seconds": 5})
        await add(database, company, "record_looks_call_history", {"case": "1", "seconds": 5} | before)
    async with database.scoped_read(tenant) as conn:
        seen = await conn.fetchval("select count(distinct tenant_id) from record_looks_call")
        assert seen >= 2, "the application role really sees the others"
        for measure in (CALLED, REPEATED, Count(Case, how_many(Call, of_this) > 0),
                        Count(Case, sum_of(Call, lambda o: o.seconds, of_this) > 0),
                        Count(Case, at=least_of(Call, lambda o: o.at, of_this))):
            for known_at in (None, KNOWN):
                page = await records_behind(conn, tenant, measure.tally, {}, MAY, SubjectKind.COMPANY, tenant, NOBODY,
                                            known_at)
                assert not page.records
                assert not await amount(database, tenant, measure, known_at=known_at), measure
        shown = await records_behind(conn, tenant, Count(Case, ~exists(Call, of_this)).tally, {}, MAY,
                                     SubjectKind.COMPANY, tenant, NOBODY)  # fmt: skip
    assert [one.related for one in shown.records] == [()]


async def test_a_look_uses_its_index_as_the_application_role(
    database: Database, owner: asyncpg.Connection, tenant: UUID
) -> None:
    await fill(database, tenant, "looks_call", 200_000, '"case", at, seconds', "'K-' || n / 3, $3 + n * $6, n")
    await fill(database, tenant, "looks_case", 20_000, "no, opened", "'K-' || n, $3 + n * $6")
    await owner.execute("analyze record_looks_call")
    await owner.execute("analyze record_looks_case")
    for measure, key in ((CALLED, '"case" ='), (LAST, '"case" ='), (REPEATED, "no =")):
        for known_at in (None, KNOWN):
            looks = list(looks_in(await plan_of(database, tenant, measure.tally, known_at), inside=False))
            assert len(looks) == (1 if known_at is None else 2), "the newest versions, and the older ones"
            assert all(key in each.get("Index Cond", "") and "tenant_id =" in each["Index Cond"] for each in looks)


async def fill(database: Database, tenant: UUID, record: str, rows: int, columns: str, values: str) -> None:
    """A big heap of records, a second apart."""
    async with database.unit_of_work(tenant) as uow:
        await uow.conn.execute(
            f"insert into record_{record} (tenant_id, source, external_id, version, digest, recorded_at, agent, "  # noqa: S608
            f"{columns}) select $1, 'crm', n::text, 1, '', $4::timestamptz, $2::uuid, {values} "
            "from (select $3::timestamptz, $6::interval) as typed, generate_series(1, $5::int) as n",
            tenant, ANNA, NOON, KNOWN, rows, timedelta(seconds=1),
        )  # fmt: skip


async def plan_of(database: Database, tenant: UUID, tally: Tally, known_at: datetime | None) -> Any:
    """How the database goes about the very statement of the tally, among others: alone its look would be a join."""
    statements: list[Any] = []
    asked = [TallyRequest.of(each) for each in (tally, replace(tally, where=None))]
    async with database.scoped_read(tenant) as conn:
        with conn.query_logger(statements.append):
            await tallied(conn, tenant, asked, window_of, NOBODY, known_at=known_at)
        await asyncio.sleep(0)  # the logger is told in the next turn of the loop
        (logged,) = [each for each in statements if "record_looks" in each.query]
        return json.loads(await conn.fetchval(f"explain (format json) {logged.query}", *logged.args))[0]["Plan"]


def looks_in(plan: Any, *, inside: bool) -> Iterator[Any]:
    """What reads a table below a look."""
    inside = inside or plan.get("Parent Relationship") == "SubPlan"
    if inside and "Relation Name" in plan:
        yield plan
    for below in plan.get("Plans", ()):
        yield from looks_in(below, inside=inside)


async def test_what_everybody_has_is_planned_with_its_values(database: Database, tenant: UUID) -> None:
    # From its sixth run on a connection Postgres may take a plan made without them, which takes twice as long.
    request = TallyRequest.of(CALLED.tally)
    async with database.scoped_read(tenant) as conn:
        for employees, how in ([uuid4()], "auto"), (None, "force_custom_plan"):
            await tallied(conn, tenant, [request], window_of, NOBODY, employees=employees)
            assert await conn.fetchval("show plan_cache_mode") == how
    async with database.scoped_read(tenant) as conn:
        assert await conn.fetchval("show plan_cache_mode") == "auto"
