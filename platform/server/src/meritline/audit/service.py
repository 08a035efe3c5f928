"""Append to the chain and check it. Decides what counts as broken."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from meritline.audit import store
from meritline.audit.chain import COUNTED, GENESIS, Entry, OpenEntry, body_text, chained, spelt
from meritline.audit.store import Head
from meritline.db import Connection


async def append(
    conn: Connection,
    tenant_id: UUID,
    *,
    actor: str,
    action: str,
    subject: str,
    body: Mapping[str, object] | None = None,
    at: datetime | None = None,
) -> Entry:
    """Write one entry, in the same unit as what it tells of.

    Writers of one tenant queue here until their units end, so append late; a unit with REPEATABLE READ may have to be
    tried again.
    """
    head = await store.lock_head(conn, tenant_id)
    entry = following(tenant_id, head, actor=actor, action=action, subject=subject, body=body, at=at)
    await store.insert_entry(conn, tenant_id, entry)
    return entry


def following(tenant_id: UUID, head: Head, *, actor: str, action: str, subject: str, body: Mapping[str, object] | None,
              at: datetime | None = None) -> Entry:
    """The entry that comes after the head, sealed."""
    text, moment = body_text(body or {}), at or head.at
    seal = chained(tenant_id, head.seq + 1, moment, actor, action, subject, text, head.hash)
    return Entry(head.seq + 1, moment, actor, action, subject, text, head.hash, seal)


def following_open(tenant_id: UUID, head: Head, *, actor: str, action: str, subject: str, body: Mapping[str, object],
                   ) -> OpenEntry | None:
    """The same with ``COUNTED`` for one number of the body; None where those digits stand elsewhere as well."""
    text = body_text(body)
    sealed = spelt(tenant_id, head.seq + 1, head.at, actor, action, subject, text, head.hash)
    parts = [tuple(each.split(str(COUNTED))) for each in (text, sealed)]
    if any(len(each) != 2 for each in parts):
        return None
    (before, behind), (sealed_before, sealed_behind) = parts
    return OpenEntry(head.seq + 1, head.at, actor, action, subject, (before, behind), head.hash,
                     (sealed_before, sealed_behind))


async def verify(conn: Connection, tenant_id: UUID) -> int | None:
    """The number of the first entry that is missing or not what was written; None if the chain holds.

    Run it in a ``snapshot``, or an entry written meanwhile looks like one too many. It finds changed, removed, inserted
    and cut-off entries; whoever can rewrite every entry and the head needs a copy of the head elsewhere to be found.
    """
    expected, previous = 0, GENESIS
    async for entry in store.entries(conn, tenant_id):
        expected += 1
        if entry.seq != expected or entry.previous_hash != previous or entry.hash != seal_of(tenant_id, entry):
            return expected
        previous = entry.hash
    if await store.read_head(conn, tenant_id) != (expected, previous):
        return expected + 1
    return None


def seal_of(tenant_id: UUID, entry: Entry) -> str:
    """The hash that this entry should have."""
    return chained(
        tenant_id, entry.seq, entry.at, entry.actor, entry.action, entry.subject, entry.body, entry.previous_hash
    )
