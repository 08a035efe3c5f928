"""The audit chain: gapless under contention, and every way of changing it is found."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from decimal import Decimal
from uuid import UUID

import asyncpg
import pytest

from meritline import audit
from meritline.audit.chain import GENESIS, chained
from meritline.db import Database
from meritline.local import LocalUrls

ALPHA, BETA = UUID(int=0xA), UUID(int=0xB)


@pytest.fixture(scope="module")
async def database(migrated_database: LocalUrls) -> AsyncIterator[Database]:
    async with await Database.open(migrated_database.database_url) as database:
        await asyncio.gather(*(told(database, tenant, n) for n in range(20) for tenant in (ALPHA, BETA)))
        yield database


@pytest.fixture
async def owner(migrated_database: LocalUrls) -> AsyncIterator[asyncpg.Connection]:
    conn = await asyncpg.connect(migrated_database.migration_database_url)
    yield conn
    await conn.close()


async def told(database: Database, tenant: UUID, number: int) -> audit.Entry:
    async with database.unit_of_work(tenant) as uow:
        body = {"number": number, "weight": Decimal("0.10"), "by": tenant, "why": "理由"}
        return await audit.append(
            uow.conn, tenant, actor="key:1", action="scheme.save", subject=f"scheme:{number}", body=body
        )


async def broken(database: Database, tenant: UUID = ALPHA) -> int | None:
    async with database.scoped_read(tenant, snapshot=True) as conn:
        return await audit.verify(conn, tenant)


async def test_writers_at_the_same_time_make_one_chain_per_tenant(database: Database) -> None:
    assert [await broken(database, tenant) for tenant in (ALPHA, BETA)] == [None, None]
    rows = await database.read(ALPHA, "select seq, body from audit_entry order by seq")
    assert [row["seq"] for row in rows] == list(range(1, 21))
    assert '"weight":"0.10"' in rows[0]["body"]
    assert await broken(database, UUID(int=0xC)) is None, "an empty chain holds"


async def test_a_unit_that_fails_tells_nothing(database: Database) -> None:
    with pytest.raises(ValueError, match="not JSON compliant"):  # noqa: PT012
        async with database.unit_of_work(ALPHA) as uow:
            for body in ({"n": 1}, {"n": float("nan")}):
                await audit.append(uow.conn, ALPHA, actor="a", action="b", subject="c", body=body)
    assert await broken(database) is None


async def test_the_application_cannot_change_what_it_wrote(database: Database) -> None:
    for statement in ("update audit_entry set actor = 'x'", "delete from audit_entry", "truncate audit_entry"):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            async with database.unit_of_work(ALPHA) as uow:
                await uow.conn.execute(statement)


@pytest.mark.parametrize(
    ("statement", "seq"),
    [
        ("update audit_entry set body = '{}' where tenant_id = $1 and seq = 7", 7),
        ("update audit_entry set at = at + interval '1 microsecond' where tenant_id = $1 and seq = 3", 3),
        ("delete from audit_entry where tenant_id = $1 and seq = 5", 5),
        ("delete from audit_entry where tenant_id = $1 and seq = 20", 20),
        ("delete from audit_entry where tenant_id = $1", 1),
        ("update audit_head set seq = 19 where tenant_id = $1", 21),
        ("delete from audit_head where tenant_id = $1", 21),
        ("update audit_entry set seq = 21 where tenant_id = $1 and seq = 20", 20),
    ],
)
async def test_what_someone_with_more_rights_changes_is_found(
    owner: asyncpg.Connection, statement: str, seq: int
) -> None:
    transaction = owner.transaction()
    await transaction.start()
    try:
        await owner.execute(statement, ALPHA)
        assert await audit.verify(owner, ALPHA) == seq
        assert await audit.verify(owner, BETA) is None
    finally:
        await transaction.rollback()


async def test_an_entry_resealed_by_itself_breaks_the_next_one(owner: asyncpg.Connection) -> None:
    transaction = owner.transaction()
    await transaction.start()
    try:
        row = await owner.fetchrow("select * from audit_entry where tenant_id = $1 and seq = 7", ALPHA)
        assert row is not None
        parts = {name: row[name] for name in ("seq", "at", "action", "subject", "body", "previous_hash")}
        seal = chained(ALPHA, actor="someone else", **parts)
        change = "update audit_entry set actor = 'someone else', hash = $2 where tenant_id = $1 and seq = 7"
        await owner.execute(change, ALPHA, seal)
        assert await audit.verify(owner, ALPHA) == 8
    finally:
        await transaction.rollback()


def test_the_sealed_form_never_changes() -> None:
    seal = chained(ALPHA, 1, datetime(2026, 5, 1, tzinfo=UTC), "key:1", "scheme.save", "scheme:甲", '{"a":1}', GENESIS)
    assert seal == "3d6b46a94e41b3402c7475803ad93f18371c2754de4e95200b680245f7e2cc47"
