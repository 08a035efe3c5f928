"""The queries of applied manifests: what the last apply left of each thing; and of companies that go.

The deletion asks the database's own catalogue for its tables, so that one that is added later is not forgotten.
"""

from collections.abc import Sequence
from uuid import UUID

from meritline.db import Connection

TABLES = """
select c.relname from pg_class c join pg_namespace n on n.oid = c.relnamespace
join pg_attribute a on a.attrelid = c.oid and a.attname = 'tenant_id' and not a.attisdropped
where n.nspname = 'public' and c.relkind in ('r', 'p') and not c.relispartition order by c.relname
"""


async def applied(conn: Connection, tenant_id: UUID) -> dict[tuple[str, str], str]:
    """Kind and key to the digest that the last apply left."""
    rows = await conn.fetch("select kind, key, digest from manifest_object where tenant_id = $1", tenant_id)
    return {(row["kind"], row["key"]): row["digest"] for row in rows}


async def note(conn: Connection, tenant_id: UUID, rows: Sequence[tuple[str, str, str]]) -> None:
    """Remember what this apply left."""
    kinds, keys, digests = ([list(column) for column in zip(*rows, strict=True)] or [[], [], []])
    await conn.execute(
        "insert into manifest_object (tenant_id, kind, key, digest, applied_at) "
        "select $1, kind, key, digest, transaction_timestamp() from unnest($2::text[], $3::text[], $4::text[]) "
        "given (kind, key, digest) on conflict (tenant_id, kind, key) do update set digest = excluded.digest, "
        "applied_at = excluded.applied_at",
        tenant_id, kinds, keys, digests,
    )  # fmt: skip


async def tenant_tables(conn: Connection) -> list[str]:
    """Every table whose rows belong to a tenant."""
    return [row["relname"] for row in await conn.fetch(TABLES)]


async def empty(conn: Connection, tables: list[str], tenant_id: UUID) -> dict[str, int]:
    """Delete a company's rows of all tables, whose names the catalogue gave; how many went from each.

    One statement: references are checked at its end, so tables that refer to each other need no order.
    """
    names = ['"' + table.replace('"', '""') + '"' for table in tables]
    parts = ", ".join(f"gone_{place} as (delete from {name} where tenant_id = $1 returning 1)"  # noqa: S608
                      for place, name in enumerate(names))  # fmt: skip
    counts = ", ".join(f"(select count(*) from gone_{place})" for place in range(len(names)))  # noqa: S608
    row = await conn.fetchrow(f"with {parts} select {counts}", tenant_id)
    return dict(zip(tables, row.values(), strict=True))


async def forget(conn: Connection, tenant_id: UUID) -> None:
    """Delete the tenant itself."""
    await conn.execute("delete from tenant where id = $1", tenant_id)
