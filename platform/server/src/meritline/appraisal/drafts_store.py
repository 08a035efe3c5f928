"""The queries of scheme drafts."""

from typing import Any
from uuid import UUID

from meritline.db import Connection


async def version(conn: Connection, tenant_id: UUID, key: str) -> int:
    """The version of the draft; 0 where there is none."""
    found = await conn.fetchval("select version from scheme_draft where tenant_id = $1 and key = $2", tenant_id, key)
    return int(found or 0)


async def count(conn: Connection, tenant_id: UUID) -> int:
    """How many drafts the company keeps."""
    return int(await conn.fetchval("select count(*) from scheme_draft where tenant_id = $1", tenant_id))


async def put(conn: Connection, tenant_id: UUID, key: str, document: str, problems: str, actor: str) -> int:
    """Keep the draft; its version."""
    found: Any = await conn.fetchval(
        "insert into scheme_draft (tenant_id, key, document, problems, saved_by) values ($1, $2, $3, $4, $5) "
        "on conflict (tenant_id, key) do update set document = excluded.document, problems = excluded.problems, "
        "saved_by = excluded.saved_by, saved_at = now(), version = scheme_draft.version + 1 returning version",
        tenant_id, key, document, problems, actor,
    )  # fmt: skip
    return int(found)


async def remove(conn: Connection, tenant_id: UUID, key: str) -> bool:
    """Take the draft away; whether there was one."""
    return bool(await conn.fetchval(
        "delete from scheme_draft where tenant_id = $1 and key = $2 returning true", tenant_id, key))  # fmt: skip
