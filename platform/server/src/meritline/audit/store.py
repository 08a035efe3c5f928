"""The queries of the audit chain. Decides that the head row serialises the writers of one tenant."""

from collections.abc import AsyncIterator
from datetime import datetime
from typing import Any, Final, NamedTuple
from uuid import UUID

from meritline.audit.chain import GENESIS, Entry, OpenEntry
from meritline.db import Connection

HEAD: Final = "select seq, hash, now() as at from audit_head where tenant_id = $1"


class Head(NamedTuple):
    """The last number and hash of a chain, and the moment of the unit by the database's clock."""

    seq: int
    hash: str
    at: datetime


async def lock_head(conn: Connection, tenant_id: UUID) -> Head:
    """The head, held against other writers until the unit ends."""
    find = f"{HEAD} for update"
    head = await conn.fetchrow(find, tenant_id)
    if head is None:
        begin = "insert into audit_head (tenant_id, seq, hash) values ($1, 0, $2) on conflict (tenant_id) do nothing"
        await conn.execute(begin, tenant_id, GENESIS)
        head = await conn.fetchrow(find, tenant_id)
        assert head is not None
    return Head(*head)


def entered(first: int, counted: str | None = None) -> str:
    """The parts of a statement that write an entry, whose columns (``columns_of``) are the parameters from this one on,
    and the head that points to it; nothing, and no row of ``head``, where others wrote since the head was read.
    ``counted`` is SQL for the number that an open entry wants."""
    texts = "text" if counted is None else "text[]"
    kinds = ("bigint", "timestamptz", "text", "text", "text", texts, "text", texts)
    seq, at, actor, action, subject, body, previous, seal = (
        f"${first + place}::{kind}" for place, kind in enumerate(kinds))
    if counted is not None:
        body, sealed = (f"({each})[1] || ({counted}) || ({each})[2]" for each in (body, seal))
        seal = f"encode(sha256(convert_to({sealed}, 'UTF8')), 'hex')"
    return f"""
head as (update audit_head set seq = {seq}, hash = {seal} where tenant_id = $1 and hash = {previous}
    returning tenant_id, hash),
entry as (insert into audit_entry (tenant_id, seq, at, actor, action, subject, body, previous_hash, hash)
    select tenant_id, {seq}, {at}, {actor}, {action}, {subject}, {body}, {previous}, hash from head)"""  # noqa: S608


def columns_of(entry: Entry | OpenEntry) -> tuple[Any, ...]:
    """An entry as it is written."""
    sealed = list(entry.sealed) if isinstance(entry, OpenEntry) else entry.hash
    body = list(entry.body) if isinstance(entry, OpenEntry) else entry.body
    return (entry.seq, entry.at, entry.actor, entry.action, entry.subject, body, entry.previous_hash, sealed)


ENTER: Final = f"with {entered(2)} select exists (select from head)"  # noqa: S608 - a statement of our own


async def insert_entry(conn: Connection, tenant_id: UUID, entry: Entry) -> None:
    """The entry, and the head that now points to it; the caller holds the head."""
    if not await conn.fetchval(ENTER, tenant_id, *columns_of(entry)):
        raise LookupError(f"the head of the chain is not that before entry {entry.seq}")


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

