"""The queries of a company's own indicators: golden cases, and which of them were put away."""

import json
from typing import Any
from uuid import UUID

from meritline.db import Connection

STANDING = """
select i.id, i.key, i.set_key, i.version, i.minimum_sample, i.parameters, i.definition_hash, i.golden, i.retired, d.body
from indicator i join definition d on d.tenant_id = i.tenant_id and d.hash = i.definition_hash
where i.tenant_id = $1 and i.key = $2
"""


async def standing(conn: Connection, tenant_id: UUID, key: str) -> Any:
    """The indicator of this name with its definition, also one that was put away; None where there is none."""
    return await conn.fetchrow(STANDING, tenant_id, key)


async def count(conn: Connection, tenant_id: UUID) -> int:
    """How many the company has."""
    found: int = await conn.fetchval(
        "select count(*) from indicator where tenant_id = $1 and set_key is null and not retired", tenant_id
    )
    return found


async def retire(conn: Connection, tenant_id: UUID, key: str) -> None:
    """Put the indicator away."""
    await conn.execute("update indicator set retired = true where tenant_id = $1 and key = $2", tenant_id, key)


async def golden(conn: Connection, tenant_id: UUID) -> dict[str, list[dict[str, Any]]]:
    """The golden cases of the company's own indicators, by key."""
    rows = await conn.fetch(
        "select key, golden from indicator where tenant_id = $1 and set_key is null and not retired order by key",
        tenant_id,
    )
    return {row["key"]: json.loads(row["golden"]) for row in rows}
