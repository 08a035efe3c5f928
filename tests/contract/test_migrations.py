"""Migrating happens whole or not at all, one at a time, and only for an application role that the policies hold."""

import asyncio
from collections.abc import Callable

import asyncpg
import pytest

from meritline.db import Database, pending_migrations
from meritline.db.migrate import migrate
from meritline.db.versions import known_migrations
from meritline.errors import MeritlineError
from meritline.local import LocalServices, LocalUrls
from meritline_sdk import Attribution, Instant, RecordType, Text

type Make = Callable[[], LocalUrls]


async def tables(url: str) -> set[str]:
    conn = await asyncpg.connect(url)
    try:
        return {row[0] for row in await conn.fetch("select tablename from pg_tables where schemaname = 'public'")}
    finally:
        await conn.close()


async def test_a_second_migration_finds_nothing_to_do(fresh_database: Make) -> None:
    urls = fresh_database()
    assert await migrate(urls.migration_database_url) == known_migrations()
    assert await migrate(urls.migration_database_url) == []
    async with await Database.open(urls.database_url) as database, database.global_work(readonly=True) as conn:
        assert await pending_migrations(conn) == []


async def test_migrations_at_the_same_time_wait_for_each_other(fresh_database: Make) -> None:
    urls = fresh_database()
    ran = await asyncio.gather(*(migrate(urls.migration_database_url) for _ in range(4)))
    assert sorted(ran, key=len) == [[], [], [], known_migrations()]


async def test_a_migration_that_fails_at_its_end_leaves_nothing(
    fresh_database: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    urls = fresh_database()

    async def broken(*_: object) -> None:
        raise RuntimeError("the disk is full")

    with monkeypatch.context() as patch:
        patch.setattr("meritline.db.migrate.make_record_tables", broken)
        with pytest.raises(RuntimeError, match="disk"):
            await migrate(urls.migration_database_url)
    assert await tables(urls.migration_database_url) == set()
    assert await migrate(urls.migration_database_url) == known_migrations()


async def test_record_tables_come_with_the_migration_and_can_be_used(fresh_database: Make) -> None:
    urls = fresh_database()

    class Callout(RecordType, key="callout_test", title=Text("Call-out", "急修单")):
        closed_at = Instant()
        defaults = Attribution(at=closed_at)

    await migrate(urls.migration_database_url, records=[Callout.declaration])
    assert {"record_callout_test", "record_callout_test_history"} <= await tables(urls.database_url)
    conn = await asyncpg.connect(urls.database_url)
    assert await conn.fetchval("select has_table_privilege('record_callout_test', 'insert, update')")
    assert not await conn.fetchval("select has_table_privilege('record_callout_test_history', 'update')")
    await conn.close()


@pytest.mark.parametrize(
    ("role", "fault"),
    [
        ("nobody_there", "no role nobody_there"),
        ("meritline_owner", "BYPASSRLS"),
        ("bad_super", "SUPERUSER"),
        ("bad_bypass", "BYPASSRLS"),
        ("bad_member", "MEMBER OF SUPERUSER"),
    ],
)
async def test_a_role_that_escapes_the_policies_is_refused(
    fresh_database: Make, local: LocalServices, role: str, fault: str
) -> None:
    assert local.postgres is not None
    local.postgres.sql(
        "drop role if exists bad_member; drop role if exists bad_super; drop role if exists bad_bypass;"
        "create role bad_super login superuser; create role bad_bypass login bypassrls;"
        "create role bad_member login in role meritline_owner"
    )
    urls = fresh_database()
    with pytest.raises(MeritlineError, match=fault) as caught:
        await migrate(urls.migration_database_url, app_role=role)
    assert caught.value.problem.code.startswith("E-DB-ROLE")
    assert await tables(urls.migration_database_url) == set()


async def test_a_server_process_refuses_the_owners_address(fresh_database: Make) -> None:
    urls = fresh_database()
    await migrate(urls.migration_database_url)
    with pytest.raises(MeritlineError, match="E-DB-ROLE"):
        await Database.open(urls.migration_database_url)


async def test_an_unreachable_database_is_named_without_its_password(fresh_database: Make) -> None:
    nowhere = "postgresql://meritline_app:very-secret@127.0.0.1:1/meritline"
    for attempt in (Database.open(nowhere), migrate(nowhere)):
        with pytest.raises(MeritlineError, match="E-UNAVAILABLE") as caught:
            await attempt
        assert "very-secret" not in str(caught.value)
