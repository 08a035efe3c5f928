"""Roles and privileges. Decides whom row level security holds, and refuses an application role that it would not."""

from importlib.resources import files
from typing import Final

from meritline.db.pools import Connection
from meritline.errors import MeritlineError

OLDEST_SERVER: Final = 180000

ROLE: Final = """
select r.rolsuper, r.rolbypassrls,
       exists (select from pg_roles o where o.oid <> r.oid and (o.rolsuper or o.rolbypassrls)
                 and pg_has_role(r.oid, o.oid, 'member')) as reaches_bypass,
       exists (select from pg_class c join pg_namespace n on n.oid = c.relnamespace
                where n.nspname in ('public', 'app') and c.relkind in ('r', 'p')
                  and pg_has_role(r.oid, c.relowner, 'member')) as owns_tables
from pg_roles r where r.rolname = $1
"""


async def require_application_role(conn: Connection, role: str) -> None:
    """Raise unless the role exists and every policy holds it."""
    found = await conn.fetchrow(ROLE, role)
    if found is None:
        raise MeritlineError("E-DB-ROLE-ABSENT", role=role)
    if found["rolsuper"]:
        raise MeritlineError("E-DB-ROLE", role=role, fault="SUPERUSER")
    if found["rolbypassrls"]:
        raise MeritlineError("E-DB-ROLE", role=role, fault="BYPASSRLS")
    if found["reaches_bypass"]:
        raise MeritlineError("E-DB-ROLE", role=role, fault="MEMBER OF SUPERUSER OR BYPASSRLS")
    if found["owns_tables"]:
        raise MeritlineError("E-DB-ROLE", role=role, fault="OWNER OF THE TABLES")


async def require_server(conn: Connection) -> None:
    """Raise where the server is older than what the schema uses."""
    version = await conn.fetchrow(
        "select current_setting('server_version_num')::int as number, current_setting('server_version') as shown"
    )
    if version is None or version["number"] < OLDEST_SERVER:
        raise MeritlineError("E-DB-VERSION", value=version and version["shown"])


async def require_served_role(conn: Connection) -> None:
    """What a serving process asks of its own connection before it serves anyone."""
    await require_server(conn)
    await require_application_role(conn, await conn.fetchval("select session_user::text"))


async def grant(conn: Connection, role: str) -> None:
    """Take every privilege from the role and give it exactly what grants.sql and the record tables say."""
    quoted = '"' + role.replace('"', '""') + '"'
    await conn.execute(
        f"revoke all on all tables in schema public from {quoted}, public;"
        f"revoke all on all sequences in schema public from {quoted}, public;"
        f"revoke all on all routines in schema app from {quoted}, public;"
        f"revoke create on schema public, app from {quoted}, public"
    )
    await conn.execute(files("meritline.db").joinpath("sql/grants.sql").read_text("utf-8").replace(":role", quoted))
    for table in await conn.fetch(
        "select format('%I.%I', schemaname, tablename) as name from pg_tables "
        "where schemaname = 'public' and tablename like 'record\\_%' order by 1"
    ):
        verbs = "select, insert" if table["name"].endswith("_history") else "select, insert, update"
        await conn.execute(f"grant {verbs} on {table['name']} to {quoted}")
