"""The catalogue of the migrated database keeps the isolation rules, table by table; each rule is also seen to bite."""

from collections.abc import AsyncIterator

import asyncpg
import pytest

from meritline.db.migrate import migrate
from meritline.local import LocalUrls

# The only tables without a tenant of their own, each with its reason.
GLOBAL_TABLES = {
    "tenant": "who exists: id and key alone",
    "job_ref": "ids of jobs, so that the sweeper finds them without a tenant",
    "tortoise_migrations": "which migrations ran",
    "plugin_release": "what each release of a plugin said when it was first seen",
}
# What may only grow: the application role can neither change nor remove a row.
GROWING = {
    "definition", "indicator_version", "scheme_version", "scheme_item", "reward_table_version", "audit_entry",
    "scheme_version_definition", "reward_table_version_definition",
    "run_scheme", "run_reading", "run_refresh", "run_reading_change", "import_reject", "tenant",
}  # fmt: skip
# What corrected records may amend, but nobody removes; whose row it is and in which run never changes.
AMENDED = {
    "scorecard": {"tenant_id", "id", "run_id", "cycle_id", "period", "scheme_key", "scheme_version_id", "subject_kind",
                  "subject_id", "subject_code"},
    "score_line": {"tenant_id", "id", "run_id", "scorecard_id", "position"},
}  # fmt: skip
POLICY = "(tenant_id = (current_setting('app.tenant_id'::text, true))::uuid)"
TABLES = """
select c.oid, c.relname::text as name, c.relrowsecurity as enabled, c.relforcerowsecurity as forced,
       (select array_agg(row(p.polpermissive, p.polcmd::text, p.polroles::text, pg_get_expr(p.polqual, c.oid),
                             pg_get_expr(p.polwithcheck, c.oid))::text)
          from pg_policy p where p.polrelid = c.oid) as policies,
       (select a.attnotnull from pg_attribute a
         where a.attrelid = c.oid and a.attname = 'tenant_id' and a.atttypid = 'uuid'::regtype) as tenant_not_null
from pg_class c join pg_namespace n on n.oid = c.relnamespace
where c.relkind in ('r', 'p') and n.nspname = 'public' order by 2
"""
INDEXES = """
select c.relname::text as table, i.relname::text as name, x.indisprimary as is_primary,
       (select a.attname::text from pg_attribute a where a.attrelid = c.oid and a.attnum = x.indkey[0]) as first,
       array(select a.attname::text from pg_attribute a where a.attrelid = c.oid and a.attnum = any (x.indkey::int2[])
              and a.attcollation <> 0 and a.attcollation <> 'pg_catalog."C"'::regcollation) as not_c
from pg_index x join pg_class c on c.oid = x.indrelid join pg_class i on i.oid = x.indexrelid
join pg_namespace n on n.oid = c.relnamespace
where n.nspname = 'public' and (x.indisunique or x.indisexclusion)
"""
FOREIGN_KEYS = """
select k.conrelid::regclass::text as table, k.conname::text as name, k.confdeltype::text as on_delete,
       k.confrelid::regclass::text as target,
       (select a.attname::text from pg_attribute a where a.attrelid = k.conrelid and a.attnum = k.conkey[1]) as first,
       (select a.attname::text from pg_attribute a
         where a.attrelid = k.confrelid and a.attnum = k.confkey[1]) as first_target
from pg_constraint k join pg_namespace n on n.oid = k.connamespace where k.contype = 'f' and n.nspname = 'public'
"""
NUMERICS = """
select c.oid, c.relname::text as table, a.attname::text as column,
       array(select pg_get_expr(k.conbin, c.oid) from pg_constraint k
              where k.conrelid = c.oid and k.contype = 'c' and a.attnum = any (k.conkey)) as checks
from pg_attribute a join pg_class c on c.oid = a.attrelid join pg_namespace n on n.oid = c.relnamespace
where n.nspname = 'public' and c.relkind = 'r' and a.attnum > 0 and not a.attisdropped
  and a.atttypid in ('numeric'::regtype, 'float8'::regtype, 'float4'::regtype)
"""
FORBIDDEN = """
select 'trigger ' || t.tgname from pg_trigger t where not t.tgisinternal
union all select 'enum ' || t.typname from pg_type t join pg_namespace n on n.oid = t.typnamespace
  where t.typtype = 'e' and n.nspname in ('public', 'app')
union all select 'view ' || c.relname from pg_class c join pg_namespace n on n.oid = c.relnamespace
  where c.relkind in ('v', 'm') and n.nspname in ('public', 'app')
  and coalesce(not 'security_invoker=true' = any (c.reloptions), true)
  and not exists (select from pg_depend d where d.objid = c.oid and d.deptype = 'e')
union all select 'security definer ' || p.proname from pg_proc p join pg_namespace n on n.oid = p.pronamespace
  where p.prosecdef and n.nspname in ('public', 'app')
"""
PRIVILEGES = """
select c.relname::text as table, verb,
       case when verb in ('update') then has_any_column_privilege($1::name, c.oid, verb)
            else has_table_privilege($1::name, c.oid, verb) end as held
from pg_class c join pg_namespace n on n.oid = c.relnamespace,
     unnest(array['select', 'insert', 'update', 'delete', 'truncate', 'references', 'trigger', 'maintain']) verb
where n.nspname = 'public' and c.relkind in ('r', 'p')
"""
ROLE = """
select r.rolsuper or r.rolbypassrls or r.rolcreaterole or r.rolcreatedb or r.rolreplication as strong,
       exists (select from pg_auth_members m where m.member = r.oid) as member,
       exists (select from pg_class c where c.relowner = r.oid)
         or exists (select from pg_proc p where p.proowner = r.oid)
         or exists (select from pg_namespace n where n.nspowner = r.oid) as owner,
       has_schema_privilege(r.rolname, 'public', 'create')
         or has_schema_privilege(r.rolname, 'app', 'create') as creator,
       has_function_privilege(r.rolname, 'app.protect(regclass)', 'execute') as protector
from pg_roles r where r.rolname = $1
"""


@pytest.fixture(scope="module")
async def owner(migrated_database: LocalUrls) -> AsyncIterator[asyncpg.Connection]:
    conn = await asyncpg.connect(migrated_database.migration_database_url)
    yield conn
    await conn.close()


async def faults(conn: asyncpg.Connection) -> set[str]:
    """Everything in the catalogue that breaks a rule, as 'rule: object'."""
    found = await table_faults(conn) | await key_faults(conn) | await numeric_faults(conn)
    found |= await privilege_faults(conn, "meritline_app")
    return found | {f"forbidden: {row[0]}" for row in await conn.fetch(FORBIDDEN)}


async def table_faults(conn: asyncpg.Connection) -> set[str]:
    wanted = f'(t,*,{{0}},"{POLICY}","{POLICY}")'
    found = set()
    for table in await conn.fetch(TABLES):
        name = table["name"]
        if name in GLOBAL_TABLES:
            continue
        if not table["tenant_not_null"]:
            found.add(f"tenant_id: {name}")
        if not (table["enabled"] and table["forced"]):
            found.add(f"row security: {name}")
        if table["policies"] != [wanted]:
            found.add(f"policy: {name}")
    return found


async def key_faults(conn: asyncpg.Connection) -> set[str]:
    indexes = [row for row in await conn.fetch(INDEXES) if row["table"] not in GLOBAL_TABLES]
    names = {row["name"] for row in await conn.fetch(TABLES)} - GLOBAL_TABLES.keys()
    found = {f"primary key: {name}" for name in names - {row["table"] for row in indexes if row["is_primary"]}}
    found |= {f"unique: {row['table']}.{row['name']}" for row in indexes if row["first"] != "tenant_id"}
    found |= {f"collation: {row['table']}.{each}" for row in indexes for each in row["not_c"]}
    for key in await conn.fetch(FOREIGN_KEYS):
        to_tenant = key["target"] == "tenant" and key["first_target"] == "id"
        if key["first"] != "tenant_id" or not (key["first_target"] == "tenant_id" or to_tenant):
            found.add(f"foreign key: {key['table']}.{key['name']}")
        if key["on_delete"] in "nd":
            found.add(f"set null: {key['table']}.{key['name']}")
    return found


async def numeric_faults(conn: asyncpg.Connection) -> set[str]:
    found = set()
    for column in await conn.fetch(NUMERICS):
        for value in ("NaN", "Infinity", "-Infinity"):
            if not await refuses(conn, column, value):
                found.add(f"{value}: {column['table']}.{column['column']}")
    return found


async def refuses(conn: asyncpg.Connection, column: asyncpg.Record, value: str) -> bool:
    """Whether the type or one of the checks refuses the value in an otherwise empty row."""
    for check in column["checks"]:
        try:
            async with conn.transaction():
                row = f"jsonb_populate_record(null::{column['table']}, jsonb_build_object($1::text, $2::text))"
                passed = await conn.fetchval(f"select {check} from {row}", column["column"], value)  # noqa: S608
        except asyncpg.DataError:
            return True
        if passed is False:
            return True
    return False


async def privilege_faults(conn: asyncpg.Connection, role: str) -> set[str]:
    held: dict[str, set[str]] = {}
    for row in await conn.fetch(PRIVILEGES, role):
        held.setdefault(row["table"], set()).update({row["verb"]} if row["held"] else ())
    found = {f"unreadable: {table}" for table, verbs in held.items() if "select" not in verbs}
    for table, verbs in held.items():
        growing = table in GROWING or table.endswith("_history")
        too_much = verbs & {"truncate", "references", "trigger", "maintain"} | verbs & (
            {"update", "delete"} if growing else set()
        )
        too_much |= verbs & ({"delete"} if table in AMENDED else set())
        found |= {f"privilege: {verb} on {table}" for verb in too_much}
    for table, columns in AMENDED.items():
        for column in sorted(columns):
            if await conn.fetchval("select has_column_privilege($1::name, $2, $3, 'update')", role, table, column):
                found.add(f"privilege: update of {table}.{column}")
    state = await conn.fetchrow(ROLE, role)
    assert state is not None
    return found | {f"role: {what}" for what, is_so in state.items() if is_so}


async def test_the_migrated_schema_keeps_every_rule(owner: asyncpg.Connection) -> None:
    assert await faults(owner) == set()
    assert {row["name"] for row in await owner.fetch(TABLES)} > GLOBAL_TABLES.keys() | GROWING


SABOTAGE = {
    "alter table employee disable row level security": "row security: employee",
    "alter table employee no force row level security": "row security: employee",
    "drop policy tenant on rating": "policy: rating",
    "create policy open on rating using (true)": "policy: rating",
    "drop policy tenant on rating; create policy tenant on rating "
    "using (tenant_id = current_setting('app.tenant_id', true)::uuid) with check (true)": "policy: rating",
    "create table loose (id uuid primary key)": "tenant_id: loose",
    "create unique index oracle on employee (number)": "unique: employee.oracle",
    'alter table source alter column key type text collate "default"': "collation: source.key",
    "alter table score_line drop constraint score_line_reading_value_check": "NaN: score_line.reading_value",
    "alter table job add column cost numeric check (cost >= 0)": "NaN: job.cost",
    "alter table job add column cost double precision": "Infinity: job.cost",
    "grant update on audit_entry to meritline_app": "privilege: update on audit_entry",
    "grant update (hash) on definition to meritline_app": "privilege: update on definition",
    "grant delete on score_line to meritline_app": "privilege: delete on score_line",
    "grant update (subject_id) on scorecard to meritline_app": "privilege: update of scorecard.subject_id",
    "grant truncate on job to meritline_app": "privilege: truncate on job",
    "grant create on schema public to meritline_app": "role: creator",
    "create view peek as select * from employee": "forbidden: view peek",
    "create function f() returns trigger language plpgsql as 'begin return new; end'; "
    "create trigger t before insert on job for each row execute function f()": "forbidden: trigger t",
}


@pytest.mark.parametrize("statement", SABOTAGE)
async def test_each_rule_bites(owner: asyncpg.Connection, statement: str) -> None:
    transaction = owner.transaction()
    await transaction.start()
    try:
        await owner.execute(statement)
        assert SABOTAGE[statement] in await faults(owner)
    finally:
        await transaction.rollback()


async def test_a_single_column_foreign_key_is_found(owner: asyncpg.Connection) -> None:
    transaction = owner.transaction()
    await transaction.start()
    try:
        await owner.execute("create table loose (tenant_id uuid, id uuid unique, primary key (tenant_id, id))")
        await owner.execute("alter table rating add constraint oracle foreign key (subject_id) references loose (id)")
        assert {"foreign key: rating.oracle", "unique: loose.loose_id_key"} <= await faults(owner)
    finally:
        await transaction.rollback()


async def test_privileges_are_those_of_the_newest_migration(
    migrated_database: LocalUrls, owner: asyncpg.Connection
) -> None:
    await owner.execute("grant update, delete on audit_entry to meritline_app")
    assert await privilege_faults(owner, "meritline_app") != set()
    await migrate(migrated_database.migration_database_url)
    assert await privilege_faults(owner, "meritline_app") == set()
