"""The queries of records in that are the same for every record type. ``statements`` has those that are not."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID

from meritline.db import Connection

MOMENT = timedelta(microseconds=1)
HOLD = "select time_zone from tenant_profile where tenant_id = $1 for share"
KNOWN = "select max(known_at) from run where tenant_id = $1"
BEGIN = """
insert into import_batch (tenant_id, id, source, record_type, file_name, state, request_key, content_digest, started_at)
values ($1, uuidv7(), $2, $3, $4, 'running', $5, $6, $7) returning id
"""
FINISH = """
update import_batch set state = 'done', lines = $3, rows_total = $3, accepted = $4, updated = $5, unchanged = $6,
  rejected = $7, folded = $8, unresolved = $9, finished_at = $10
where tenant_id = $1 and id = $2
"""
FAILED = """
insert into import_batch (tenant_id, source, record_type, file_name, state, started_at, finished_at, error)
values ($1, $2, $3, $4, 'failed', $5, $6, $7)
"""
REJECTS = """
insert into import_reject (tenant_id, import_id, line, external_id, raw, reasons)
select $1, $2, line, external_id, raw, reasons
from unnest($3::int[], $4::text[], $5::text[], $6::text[]) as given (line, external_id, raw, reasons)
on conflict do nothing
"""
COVERAGE = """
insert into coverage (tenant_id, source, record_type, period_from, period_to, import_id) values ($1, $2, $3, $4, $5, $6)
on conflict (tenant_id, source, record_type, period_from, period_to) do update set import_id = excluded.import_id
"""
ANSWERED = "select request_digest, response from request_key where tenant_id = $1 and key = $2"
ANSWER = """
insert into request_key (tenant_id, key, request_digest, response) values ($1, $2, $3, $4)
on conflict (tenant_id, key) do nothing returning true
"""
SETS = """
select e.set_key, e.plugin, e.plugin_version, d.body as records
from enabled_set e left join definition d on d.tenant_id = e.tenant_id and d.hash = e.records_hash
where e.tenant_id = $1 and e.removed_at is null order by e.set_key
"""
# What was declared when a set was enabled is asked only of sets that are not there now: it is long.
WAYS = """
select array(select row(key, record_type, body, strict) from source where tenant_id = $1 order by key) as sources,
  array(select row(e.set_key, e.plugin, e.plugin_version, d.body) from enabled_set e
    left join definition d on d.tenant_id = e.tenant_id and d.hash = e.records_hash and e.set_key <> all($2::text[])
    where e.tenant_id = $1 and e.removed_at is null order by e.set_key) as sets
"""


class Way(NamedTuple):
    """A source as it is kept; ``body`` is its mapping document as text, which is the same where the source is."""

    key: str
    record_type: str
    body: str
    strict: bool


class Enabled(NamedTuple):
    """A set that the company has; ``records`` what it declared then, of one that is not installed."""

    set_key: str
    plugin: str
    plugin_version: str
    records: str | None


async def hold(conn: Connection, tenant_id: UUID) -> str | None:
    """The tenant's zone; people and codes stay as they are until the unit ends.

    Whoever maps codes holds the same row exclusively, so the records of this unit are resolved either by the old codes
    and then again by the new, or by the new; never by the old alone.
    """
    zone: str | None = await conn.fetchval(HOLD, tenant_id)
    return zone


async def later(conn: Connection, tenant_id: UUID, now: datetime) -> datetime:
    """When records are recorded: after all that a run knows, though the clock of its server may be ahead of ours.

    A run or a refresh says up to when it knows the records while it holds the company's row; so ask this by a statement
    of its own, once that row is held.
    """
    return after(await conn.fetchval(KNOWN, tenant_id), now)


def after(known_at: datetime | None, now: datetime) -> datetime:
    """The same, where it is known what a run knows."""
    return now if known_at is None or now > known_at else known_at + MOMENT


async def enabled_sets(conn: Connection, tenant_id: UUID) -> list[Any]:
    """The sets that the company has: which plugin brought each, and the record types it declared then."""
    return await conn.fetch(SETS, tenant_id)


async def begin(
    conn: Connection, tenant_id: UUID, *, source: str, record_type: str, file_name: str | None,
    request_key: str | None, content_digest: str | None, at: datetime,
) -> UUID:  # fmt: skip
    """The row of a delivery."""
    found: UUID = await conn.fetchval(
        BEGIN, tenant_id, source, record_type, file_name, request_key, content_digest, at
    )
    return found


async def finish(conn: Connection, tenant_id: UUID, import_id: UUID, counts: Mapping[str, int], at: datetime) -> None:
    """The counts of a delivery."""
    order = ("lines", "accepted", "updated", "unchanged", "rejected", "folded", "unresolved")
    await conn.execute(FINISH, tenant_id, import_id, *(counts[name] for name in order), at)


async def failed(
    conn: Connection, tenant_id: UUID, *, source: str, record_type: str, file_name: str | None, at: datetime,
    finished_at: datetime, error: str,
) -> None:  # fmt: skip
    """That a delivery was given up, and why."""
    await conn.execute(FAILED, tenant_id, source, record_type, file_name, at, finished_at, error)


async def put_rejects(
    conn: Connection, tenant_id: UUID, import_id: UUID, rows: Sequence[tuple[int, str | None, str, str]]
) -> None:
    """Rejected rows: line, external id, the row and the reasons as JSON."""
    if rows:
        columns = [list(column) for column in zip(*rows, strict=True)]
        await conn.execute(REJECTS, tenant_id, import_id, *columns)


async def cover(
    conn: Connection, tenant_id: UUID, source: str, record_type: str, first: date, end: date, import_id: UUID
) -> None:
    """That a source delivered what happened from the first day to before the end."""
    await conn.execute(COVERAGE, tenant_id, source, record_type, first, end, import_id)


async def answered(conn: Connection, tenant_id: UUID, key: str) -> tuple[str, str] | None:
    """The digest and the answer of a request that came before."""
    row = await conn.fetchrow(ANSWERED, tenant_id, key)
    return (row["request_digest"], row["response"]) if row else None


async def remember(conn: Connection, tenant_id: UUID, key: str, digest: str, response: str) -> bool:
    """Keep the answer; False where the same key was answered meanwhile."""
    return await conn.fetchval(ANSWER, tenant_id, key, digest, response) is True
