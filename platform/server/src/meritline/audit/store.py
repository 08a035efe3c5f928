"""The queries of the audit chain. Decides that the head row serialises the writers of one tenant."""

from collections.abc import AsyncIterator
from datetime import datetime
from uuid import UUID

from meritline.audit.chain import GENESIS, Entry
from meritline.db import Connection


async def lock_head(conn: Connection, tenant_id: UUID) -> tuple[int, str, datetime]:
    """The last number and hash, held against other writers until the unit ends, and the moment of the unit by the
    database's clock."""
    find = "select seq, hash, now() as at from audit_head where tenant_id = $1 for update"
    head = await conn.fetchrow(find, tenant_id)
    if head is None:
        begin = "insert into audit_head (tenant_id, seq, hash) values ($1, 0, $2) on conflict (tenant_id) do nothing"
        await conn.execute(begin, tenant_id, GENESIS)
        head = await conn.fetchrow(find, tenant_id)
        assert head is not None
    return head["seq"], head["hash"], head["at"]


async def insert_entry(conn: Connection, tenant_id: UUID, entry: Entry) -> None:
    """The entry, and the head that now points to it."""
    await conn.execute(
        "with head as (update audit_head set seq = $2, hash = $9 where tenant_id = $1) "
        "insert into audit_entry (tenant_id, seq, at, actor, action, subject, body, previous_hash, hash) "
        "values ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        tenant_id, entry.seq, entry.at, entry.actor, entry.action, entry.subject, entry.body, entry.previous_hash,
        entry.hash,
    )  # fmt: skip


async def read_head(conn: Connection, tenant_id: UUID) -> tuple[int, str]:
    """The last number and hash, as far as the head knows."""
    head = await conn.fetchrow("select seq, hash from audit_head where tenant_id = $1", tenant_id)
    return (0, GENESIS) if head is None else (head["seq"], head["hash"])


async def entries(conn: Connection, tenant_id: UUID) -> AsyncIterator[Entry]:
    """The whole chain in order, without holding it in memory."""
    rows = conn.cursor(
        "select seq, at, actor, action, subject, body, previous_hash, hash from audit_entry "
        "where tenant_id = $1 order by seq",
        tenant_id,
        prefetch=1000,
    )
    async for row in rows:
        yield Entry(**dict(row))

