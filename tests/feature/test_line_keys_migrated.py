"""Migration 0026 on a database with lines: the rows stay, their place is their key, and who may do what is the same.
The version before goes on with its ids meanwhile.
"""

from collections.abc import AsyncIterator
from importlib.resources import files
from uuid import UUID, uuid4

import asyncpg
import pytest

from meritline.local import LocalUrls

#: The table as 0025 left it, but for the place of the column.
BEFORE = """
alter table score_line drop constraint score_line_pkey, drop column id;
alter table score_line add column id uuid not null default uuidv7(), add primary key (tenant_id, id),
  add unique (tenant_id, scorecard_id, position);
"""
LINES = """
insert into score_line (tenant_id, run_id, scorecard_id, position, kind, key, title_en, title_zh, unit, direction,
    reading_state, reading_value, steps)
select $1, $2, card, position, 'item', 'k' || position, 'K', '项', 'u', 'higher', 'measured', position / 7.0, '[]'
from (select uuidv7() as card from generate_series(1, 50)) cards, generate_series(0, 11) position
"""
ROWS = "select * from score_line order by tenant_id, scorecard_id, position"
KEYS = """
select conname::text, contype::text, convalidated, conenforced, pg_get_constraintdef(oid) as says from pg_constraint
where conrelid = 'score_line'::regclass and contype <> 'n' order by 1
"""
AROUND = """
select c.relrowsecurity, c.relforcerowsecurity, c.relacl::text,
    (select array_agg(p::text order by p.polname) from pg_policy p where p.polrelid = c.oid) as policies,
    (select array_agg((a.attname, a.atttypid::regtype, a.attnotnull, a.attacl, pg_get_expr(d.adbin, d.adrelid))::text
                      order by a.attname)
       from pg_attribute a left join pg_attrdef d on d.adrelid = c.oid and d.adnum = a.attnum
      where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped) as columns
from pg_class c where c.oid = 'score_line'::regclass
"""
INDEXES = "select indexrelid::regclass::text from pg_index where indrelid = 'score_line'::regclass"


@pytest.fixture
async def owner(migrated_database: LocalUrls) -> AsyncIterator[asyncpg.Connection]:
    """Whatever is done here is taken back."""
    conn = await asyncpg.connect(migrated_database.migration_database_url, statement_cache_size=0)
    change = conn.transaction()
    await change.start()
    yield conn
    await change.rollback()
    await conn.close()


async def migrate(owner: asyncpg.Connection) -> None:
    """Run the migration's own text."""
    await owner.execute(files("meritline.db").joinpath("migrations/0026_line_keys.sql").read_text("utf-8"))


async def test_lines_stay_as_they_are_and_need_no_id(owner: asyncpg.Connection) -> None:
    tenants = [uuid4(), uuid4()]
    now = await owner.fetch(KEYS), await owner.fetch(AROUND)
    await owner.execute(BEFORE)
    before = await owner.fetch(KEYS)
    assert len(await owner.fetch(INDEXES)) == 2
    for tenant in tenants:
        await owner.execute(LINES, tenant, uuid4())
    written = await owner.fetch(ROWS)
    assert len(written) == 2 * 50 * 12
    await migrate(owner)
    assert await owner.fetch(ROWS) == written
    await owner.execute(LINES, tenants[0], uuid4())  # as the new version writes them
    assert {row["id"] is None for row in await owner.fetch(ROWS)} == {True, False}
    await owner.execute("insert into score_line select (jsonb_populate_record(line, jsonb_build_object('id', uuidv7(), "
                        "'position', 99))).* from score_line line limit 1")  # as the version before goes on to
    assert (await owner.fetch(KEYS), await owner.fetch(AROUND)) == now
    assert [each[0] for each in await owner.fetch(INDEXES)] == ["score_line_pkey"]
    gone = {row["says"] for row in before} - {row["says"] for row in now[0]}
    come = {row["says"] for row in now[0]} - {row["says"] for row in before}
    assert gone == {"PRIMARY KEY (tenant_id, id)", "UNIQUE (tenant_id, scorecard_id, \"position\")"}
    assert come == {"PRIMARY KEY (tenant_id, scorecard_id, \"position\")"}


async def test_a_card_has_one_line_at_a_position(owner: asyncpg.Connection) -> None:
    await owner.execute(BEFORE)
    await owner.execute(LINES, UUID(int=9), uuid4())
    await migrate(owner)
    with pytest.raises(asyncpg.UniqueViolationError, match="score_line_pkey"):
        await owner.execute(
            "insert into score_line select (jsonb_populate_record(line, '{\"key\": \"again\"}')).* "
            "from score_line line where tenant_id = $1 limit 1", UUID(int=9))  # fmt: skip
