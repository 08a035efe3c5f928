"""Before anybody has run ANALYZE, foreign keys are checked by the index they refer to."""

from collections.abc import AsyncIterator

import asyncpg
import pytest

from meritline.local import LocalUrls

FOREIGN_KEYS = """
select k.conname::text as name, k.confrelid::regclass::text as target, k.conindid::regclass::text as index,
       array(select a.attname::text from unnest(k.confkey) with ordinality key (number, place)
               join pg_attribute a on a.attrelid = k.confrelid and a.attnum = key.number order by key.place) as columns
from pg_constraint k where k.contype = 'f' and k.connamespace = 'public'::regnamespace order by 1
"""


@pytest.fixture(scope="module")
async def owner(migrated_database: LocalUrls) -> AsyncIterator[asyncpg.Connection]:
    conn = await asyncpg.connect(migrated_database.migration_database_url)
    yield conn
    await conn.close()


async def test_a_foreign_key_is_checked_by_its_index(owner: asyncpg.Connection) -> None:
    await owner.execute("set plan_cache_mode = force_generic_plan")
    keys = [key for key in await owner.fetch(FOREIGN_KEYS) if "tenant_id" in key["columns"]]
    assert len(keys) > 20
    wrong = [f"{key['name']}: {plan}" for key in keys if key["index"] not in (plan := await checked(owner, key))]
    assert wrong == []


async def checked(owner: asyncpg.Connection, key: asyncpg.Record) -> str:
    """The plan of the query that PostgreSQL asks for each new row of the referring table."""
    where = " and ".join(f'x."{column}" = ${place}' for place, column in enumerate(key["columns"], 1))
    query = f"select 1 from only {key['target']} x where {where} for key share of x"  # noqa: S608
    await owner.execute(f"prepare checked as {query}")
    try:
        rows = await owner.fetch(f"explain execute checked ({', '.join(['null'] * len(key['columns']))})")
    finally:
        await owner.execute("deallocate checked")
    return "\n".join(row[0] for row in rows)
