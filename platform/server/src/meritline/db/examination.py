"""What may be wrong with a database that answers. Decides what is looked at; nothing here changes anything.

The privileges that the application role should have are read from ``sql/grants.sql``, which is what gives them.
"""

import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from importlib.resources import files
from typing import Final

from meritline.db.pools import Connection

#: Tables that have a ``tenant_id`` and are global: how the sweeper finds jobs.
GLOBAL: Final = ("job_ref",)
EXTENSIONS: Final = ("btree_gist",)
VERBS: Final = ("select", "insert", "update", "delete", "truncate", "references", "trigger")
POLICY: Final = "(tenant_id = (current_setting('app.tenant_id'::text, true))::uuid)"
UNPROTECTED = """
select c.relname::text as name from pg_class c
where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and c.relname <> all ($1::text[])
  and exists (select from pg_attribute a where a.attrelid = c.oid and a.attname = 'tenant_id' and not a.attisdropped)
  and not (c.relrowsecurity and c.relforcerowsecurity
    and (select count(*) = 1 and bool_and(pg_get_expr(p.polqual, c.oid) = $2 and pg_get_expr(p.polwithcheck, c.oid) = $2
         and p.polcmd = '*') from pg_policy p where p.polrelid = c.oid))
order by 1
"""
HELD = """
select c.relname::text as name, array(select v from unnest($1::text[]) v
         where has_table_privilege(current_user, c.oid, v)) as verbs,
       array(select a.attname::text from pg_attribute a where a.attrelid = c.oid and a.attnum > 0
         and not a.attisdropped and has_column_privilege(current_user, c.oid, a.attnum, 'update')) as updated
from pg_class c where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p', 'v') order by 1
"""
GRANT: Final = re.compile(r"grant ([a-z, ]+?)(?: \(([^)]*)\))? on ([a-z_0-9,\s]+?) to :role;")
TEMPORARY = "select has_database_privilege(current_user, current_database(), 'temporary')"
CLOCKS = "select clock_timestamp()"
LACKING = "select name from unnest($1::text[]) name where name not in (select extname from pg_extension) order by 1"
SHOWN = "select current_setting('server_version') as version, session_user::text as role, current_database() as name"

type Rights = dict[str, tuple[set[str], set[str]]]


async def about(conn: Connection) -> tuple[str, str, str]:
    """Version, role and name of the database."""
    row = await conn.fetchrow(SHOWN)
    assert row is not None
    return row["version"], row["role"], row["name"]


async def unprotected(conn: Connection) -> list[str]:
    """The tenant tables whose policy does not hold."""
    return [row["name"] for row in await conn.fetch(UNPROTECTED, GLOBAL, POLICY)]


async def lacking_extensions(conn: Connection) -> list[str]:
    """The extensions that the schema uses and that are not there."""
    return [row["name"] for row in await conn.fetch(LACKING, EXTENSIONS)]


async def skew(conn: Connection, now: datetime, took: timedelta) -> float:
    """Seconds by which the clock here is ahead; ``took`` is what a question and its answer take."""
    there: datetime = await conn.fetchval(CLOCKS)
    return (now + took / 2 - there).total_seconds()


def intended() -> Rights:
    """The privileges that are given: by table, for the whole of it and the columns that may be updated."""
    text = files("meritline.db").joinpath("sql/grants.sql").read_text("utf-8")
    text = "\n".join(line.partition("--")[0] for line in text.splitlines())
    found: Rights = {}
    for verbs, columns, tables in GRANT.findall(text):
        if tables.startswith(("schema ", "procedure ")):
            continue
        for table in (each.strip() for each in tables.split(",")):
            whole, some = found.setdefault(table, (set(), set()))
            if columns:
                some.update(each.strip() for each in columns.split(","))
            else:
                whole.update(each.strip() for each in verbs.split(","))
    return found


async def privileges(conn: Connection) -> tuple[list[str], list[str]]:
    """What the role of this connection lacks and what it has too much: ``insert on employee``."""
    given = intended()
    missing, more = list[str](), list[str]()
    for row in await conn.fetch(HELD, VERBS):
        table, verbs, updated = row["name"], set(row["verbs"]), set(row["updated"])
        whole, some = rights_of_records(table) if table.startswith("record_") else given.get(table, (set(), set()))
        missing += [f"{verb} on {table}" for verb in VERBS if verb in whole - verbs]
        more += [f"{verb} on {table}" for verb in VERBS if verb in verbs - whole]
        if "update" not in whole:
            missing += columns(some - updated, table)
            more += columns(updated - some if "update" not in verbs else set(), table)
    if not await conn.fetchval(TEMPORARY):
        missing.append("temporary on the database")
    return missing, more


def columns(names: set[str], table: str) -> Iterator[str]:
    """Columns that may or may not be updated."""
    if names:
        yield f"update ({', '.join(sorted(names))}) on {table}"


def rights_of_records(table: str) -> tuple[set[str], set[str]]:
    """What ``roles.grant`` gives on a table of records."""
    return {"select", "insert"} | (set() if table.endswith("_history") else {"update"}), set()
