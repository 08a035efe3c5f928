"""Record tables from outside: made, widened with data in them, protected, and never changed in kind."""

from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any, cast
from uuid import UUID, uuid4

import asyncpg
import pytest

from meritline.db import Database
from meritline.errors import Refused
from meritline.local import LocalUrls
from meritline.records.ddl import ensure_record_tables
from meritline_sdk import Attribution, Choice, Code, Day, Flag, Instant, Int, Number, People, Person, Team, Text
from meritline_sdk.model.fields import FieldSpec
from meritline_sdk.model.records import RecordDeclaration, RecordType

APP = "meritline_app"
NOON = datetime(2026, 5, 4, 12, tzinfo=UTC)
INSERT = """INSERT INTO record_{0} (tenant_id, source, external_id, version, digest, recorded_at{1})
VALUES ($1, 's', $2, 1, ''::bytea, $3{2})"""


def declared(key: str = "probe", **fields: FieldSpec) -> RecordDeclaration:
    """A record type of these fields, and the moment every one needs."""
    moment = Instant()
    body = {**fields, "at": moment, "defaults": Attribution(at=moment), "__module__": __name__}
    made: Any = type(RecordType)(key, (RecordType,), body, key=key, title=Text("x", "x"))
    return cast(RecordDeclaration, made.declaration)


@pytest.fixture
async def urls(migrated_databases: Callable[[], LocalUrls]) -> LocalUrls:
    return migrated_databases()


@pytest.fixture
async def owner(urls: LocalUrls) -> AsyncIterator[asyncpg.Connection]:
    conn = await asyncpg.connect(urls.migration_database_url)
    yield conn
    await conn.close()


@pytest.fixture
async def database(urls: LocalUrls) -> AsyncIterator[Database]:
    async with await Database.open(urls.database_url) as opened:
        yield opened


async def insert(conn: Any, tenant: UUID, key: str = "probe", name: str | None = None, /, **values: Any) -> None:
    """One record of a tenant, straight into its table."""
    names = "".join(f', "{each}"' for each in values)
    places = "".join(f", ${place}" for place in range(4, 4 + len(values)))
    await conn.execute(INSERT.format(key, names, places), tenant, name or str(uuid4()), NOON, *values.values())


async def tables_of(conn: Any) -> list[tuple[Any, ...]]:
    """Everything the catalogue says of the record tables."""
    return [tuple(row) for row in await conn.fetch("""
        SELECT c.relname, a.attname, format_type(a.atttypid, a.atttypmod), a.attcollation::regcollation::text,
               col_description(c.oid, a.attnum), c.relrowsecurity, c.relforcerowsecurity, c.relacl::text,
               (SELECT count(*) FROM pg_index WHERE indrelid = c.oid),
               (SELECT count(*) FROM pg_policy WHERE polrelid = c.oid)
        FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0
        WHERE c.relname LIKE 'record\\_probe%' AND c.relkind = 'r' ORDER BY c.relname, a.attnum""")]


async def test_making_them_twice_changes_nothing(owner: asyncpg.Connection) -> None:
    every = declared(
        agent=Person(), crew=People(optional=True), queue=Team(optional=True), day=Day(), visits=Int(), cost=Number(),
        order=Flag(), user=Code(), select=Choice(options=("a", "b")),
    )  # fmt: skip
    await ensure_record_tables(owner, [every], app_role=APP)
    first = await tables_of(owner)
    await ensure_record_tables(owner, [every], app_role=APP)
    assert await tables_of(owner) == first
    columns = {(table, name): (kind, collation) for table, name, kind, collation, *_ in first}
    assert columns["record_probe", "agent"] == ("uuid", "-")
    assert columns["record_probe", "user"] == ("text", '"C"')
    assert columns["record_probe_history", "crew_shares"] == ("integer[]", "-")
    assert columns["record_probe_history", "superseded_at"][0] == "timestamp with time zone"
    assert ("record_probe", "superseded_at") not in columns


async def test_what_one_employee_holds_is_found_by_an_index(owner: asyncpg.Connection) -> None:
    """A corrected record and the evidence of a card look at one employee's records of a period, in both tables."""
    moment, agent, crew = Instant(), Person(), People()
    body = {"agent": agent, "crew": crew, "at": moment, "__module__": __name__}
    by_one, by_crew = (type(RecordType)(key, (RecordType,), body | {"defaults": Attribution(credit=credit, at=moment)},
                                        key=key, title=Text("x", "x"))
                       for key, credit in (("probe_one", agent), ("probe_crew", crew)))  # fmt: skip
    for _ in range(2):
        await ensure_record_tables(owner, [by_one.declaration, by_crew.declaration], app_role=APP)  # type: ignore[attr-defined]
    found = {(row["name"], tuple(row["columns"])) for row in await owner.fetch("""
        SELECT x.indrelid::regclass::text AS name, array(
            SELECT a.attname::text FROM unnest(x.indkey::int2[]) WITH ORDINALITY AS k(num, place)
            JOIN pg_attribute a ON a.attrelid = x.indrelid AND a.attnum = k.num ORDER BY k.place) AS columns
        FROM pg_index x WHERE NOT x.indisprimary AND x.indrelid::regclass::text LIKE 'record\\_probe%'""")}  # fmt: skip
    assert found == {
        *((name, ("tenant_id", "at")) for name in ("record_probe_one", "record_probe_one_history",
                                                   "record_probe_crew", "record_probe_crew_history")),
        *((name, ("tenant_id", "agent", "at")) for name in ("record_probe_one", "record_probe_one_history")),
    }  # fmt: skip


async def test_a_table_with_data_is_widened_and_keeps_what_its_type_has_no_more(
    owner: asyncpg.Connection, database: Database
) -> None:
    tenant = uuid4()
    await ensure_record_tables(owner, [declared(old=Int(), mode=Choice(options=("a",)))], app_role=APP)
    async with database.unit_of_work(tenant) as uow:
        await insert(uow.conn, tenant, at=NOON, old=7, mode="a")
    wider = declared(mode=Code(), note=Code(), crew=People(optional=True), cost=Number())  # without `old`
    await ensure_record_tables(owner, [wider], app_role=APP)
    async with database.unit_of_work(tenant) as uow:
        await insert(uow.conn, tenant, at=NOON, mode="b", note="n", cost=Decimal("1.5"),
                     crew_codes=["x"], crew_ids=[None], crew_shares=[1])  # fmt: skip
        rows = await uow.conn.fetch("SELECT old, mode, note, cost, crew_codes FROM record_probe ORDER BY mode")
    assert [tuple(row) for row in rows] == [(7, "a", None, None, None), (None, "b", "n", Decimal("1.5"), ["x"])]
    await ensure_record_tables(owner, [declared(old=Int())], app_role=APP)  # it comes back, with its data


@pytest.mark.parametrize(("before", "after"), [
    (Int(), Number()), (Person(), Team()), (Code(), Int()), (Instant(), Day()), (Person(), People()),
    (People(), Person()), (Flag(), Code()),
])  # fmt: skip
async def test_a_changed_kind_is_refused_naming_both_and_nothing_else_happens(
    owner: asyncpg.Connection, before: FieldSpec, after: FieldSpec
) -> None:
    await ensure_record_tables(owner, [declared(thing=before)], app_role=APP)
    first = await tables_of(owner)
    other = declared("probe_other", fresh=Int())
    with pytest.raises(Refused) as refused:
        await ensure_record_tables(owner, [other, declared(thing=after, fresh=Int())], app_role=APP)
    text = str(refused.value)
    assert "E-RECORD-KIND" in text
    assert f"stores thing as a {before.kind}" in text
    assert f"declared as a {after.kind}" in text
    assert await tables_of(owner) == first


@pytest.mark.parametrize(("key", "fields", "column"), [
    ("probe", {"agent": Person(), "agent_code": Code()}, "agent_code"),
    ("probe", {"crew": People(), "crew_shares": Int()}, "crew_shares"),
    ("probe", {"xmin": Int()}, "xmin"),
    ("probe_history", {}, "_history"),
])  # fmt: skip
async def test_names_that_would_collide_are_refused(
    owner: asyncpg.Connection, key: str, fields: dict[str, FieldSpec], column: str
) -> None:
    with pytest.raises(Refused, match=column):
        await ensure_record_tables(owner, [declared(key, **fields)], app_role=APP)
    assert await tables_of(owner) == []


async def test_no_tenant_sees_or_writes_the_records_of_another(owner: asyncpg.Connection, database: Database) -> None:
    ours, theirs = uuid4(), uuid4()
    await ensure_record_tables(owner, [declared(visits=Int())], app_role=APP)
    async with database.unit_of_work(ours) as uow:
        await insert(uow.conn, ours, "probe", "1", at=NOON, visits=1)
    for table in ("record_probe", "record_probe_history"):
        async with database.unit_of_work(theirs) as uow:
            assert await uow.conn.fetchval(f"SELECT count(*) FROM {table}") == 0  # noqa: S608
            changed = await uow.conn.fetch("UPDATE record_probe SET visits = 9 RETURNING 1")
            assert changed == []
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        async with database.unit_of_work(theirs) as uow:
            await insert(uow.conn, ours, at=NOON)
    for forbidden in ("DELETE FROM record_probe", "UPDATE record_probe_history SET visits = 1",
                      "DROP TABLE record_probe"):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            async with database.unit_of_work(ours) as uow:
                await uow.conn.execute(forbidden)


@pytest.mark.parametrize("values", [
    {"cost": Decimal("NaN")}, {"cost": Decimal("Infinity")}, {"cost": Decimal("-Infinity")}, {"cost": Decimal(10**18)},
    {"visits": 10**18}, {"visits": -(10**18)}, {"crew_ids": [None]},
    {"crew_codes": ["x"], "crew_ids": [None], "crew_shares": [0]},
    {"crew_codes": ["x"], "crew_ids": [None], "crew_shares": [None]},
    {"crew_codes": ["x", "y"], "crew_ids": [None, None], "crew_shares": [1]},
    {"crew_codes": [], "crew_ids": [], "crew_shares": []},
])  # fmt: skip
async def test_what_no_sum_could_hold_is_refused_by_the_table(
    owner: asyncpg.Connection, database: Database, values: dict[str, Any]
) -> None:
    tenant = uuid4()
    await ensure_record_tables(owner, [declared(cost=Number(), visits=Int(), crew=People())], app_role=APP)
    with pytest.raises(asyncpg.CheckViolationError):
        async with database.unit_of_work(tenant) as uow:
            await insert(uow.conn, tenant, at=NOON, **values)


async def test_a_moment_outside_the_calendar_is_refused_by_the_table(owner: asyncpg.Connection) -> None:
    await ensure_record_tables(owner, [declared(day=Day())], app_role=APP)
    for column, value in (("at", "infinity"), ("at", "-infinity"), ("day", "infinity"), ("day", "0044-03-15 BC")):
        with pytest.raises(asyncpg.CheckViolationError):
            await owner.execute(INSERT.format("probe", f', "{column}"', f", '{value}'"), uuid4(), "1", NOON)
