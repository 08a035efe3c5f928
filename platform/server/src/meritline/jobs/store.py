"""The rows of jobs. Decides who may run a job: the holder of the newest attempt, as long as its lease lasts.

``job`` belongs to a tenant; ``job_ref`` is global and holds ids alone, so that the sweeper finds what nobody works on
without looking into any tenant. ``job_ref.due_at`` is the moment from which a job may be delivered (again). Leases
are measured by the database's clock, the only one that all workers share.
"""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from meritline.db import Database

INSERT_JOB = """
insert into job (tenant_id, kind, payload, state, attempt, progress_done, progress_total, progress_note, created_at)
values ($1, $2, $3, 'queued', 0, 0, 0, '', now())
returning id
"""
INSERT_REF = "insert into job_ref (job_id, tenant_id, due_at, done) values ($1, $2, now() + $3::interval, false)"
CLAIM = """
update job set state = 'running', attempt = attempt + 1, lease_until = now() + $4::interval,
    started_at = coalesce(started_at, now())
where tenant_id = $1 and id = $2 and kind = any($3::text[])
    and (state = 'queued' or (state = 'running' and lease_until < now()))
returning kind, payload, attempt
"""
EXTEND = """
update job set lease_until = now() + $4::interval
where tenant_id = $1 and id = $2 and attempt = $3 and state = 'running'
returning id
"""
POSTPONE = "update job_ref set due_at = now() + $2::interval where job_id = $1"
PROGRESS = """
update job set progress_done = $4, progress_total = $5, progress_note = $6
where tenant_id = $1 and id = $2 and attempt = $3 and state = 'running'
"""
FINISH = """
update job set state = $4, result = $5, error = $6, lease_until = null, finished_at = now()
where tenant_id = $1 and id = $2 and attempt = $3 and state = 'running'
returning id
"""
RELEASE = """
update job set state = 'queued', lease_until = null
where tenant_id = $1 and id = $2 and attempt = $3 and state = 'running'
returning id
"""
DONE = "update job_ref set done = true where job_id = $1"
HOLDS = """
select 1 from job where tenant_id = $1 and id = $2 and attempt = $3 and state = 'running' for share
"""
OVERDUE = """
update job_ref set due_at = now() + $2::interval
where job_id in (
    select job_id from job_ref where not done and due_at <= now()
    order by due_at limit $1 for update skip locked)
returning tenant_id, job_id, due_at
"""
# The ids of jobs tell when they were made. Bounded: of a queue of millions it is enough to know that it is so long.
BACKLOG = """
select count(*) as open, count(*) filter (where due_at <= now()) as overdue,
    coalesce(extract(epoch from now() - min(uuid_extract_timestamp(job_id))), 0)::float8 as oldest_s,
    coalesce(extract(epoch from now() - min(due_at) filter (where due_at <= now())), 0)::float8 as overdue_s
from (select job_id, due_at from job_ref where not done order by due_at limit 100000) as known
"""
OLD = """
select tenant_id, job_id from job_ref
where not done and uuid_extract_timestamp(job_id) < now() - $1::interval order by job_id limit $2
"""
AGED = """
select kind, state, attempt, extract(epoch from now() - created_at)::bigint as seconds
from job where tenant_id = $1 and id = $2
"""
VIEW = """
select kind, state, attempt, progress_done, progress_total, progress_note, result, error
from job where tenant_id = $1 and id = $2
"""


async def insert(conn: Any, tenant_id: UUID, kind: str, payload: str, patience: timedelta) -> UUID:
    """Write a job with its cause; the sweeper looks for it after ``patience``."""
    job_id: UUID = await conn.fetchval(INSERT_JOB, tenant_id, kind, payload)
    await conn.execute(INSERT_REF, job_id, tenant_id, patience)
    return job_id


async def claim(conn: Any, tenant_id: UUID, job_id: UUID, kinds: list[str], lease: timedelta) -> Any | None:
    """Take the job for a new attempt, or None where it is done, held by another, or of a kind we do not know."""
    row = await conn.fetchrow(CLAIM, tenant_id, job_id, kinds, lease)
    if row is not None:
        await conn.execute(POSTPONE, job_id, lease)
    return row


async def extend(conn: Any, tenant_id: UUID, job_id: UUID, attempt: int, lease: timedelta) -> bool:
    """Whether the lease is still ours and now lasts longer."""
    held = await conn.fetchval(EXTEND, tenant_id, job_id, attempt, lease) is not None
    if held:
        await conn.execute(POSTPONE, job_id, lease)
    return held


async def holds(conn: Any, tenant_id: UUID, job_id: UUID, attempt: int) -> bool:
    """Whether this attempt is still the one; it stays so until the transaction ends."""
    return await conn.fetchval(HOLDS, tenant_id, job_id, attempt) is not None


async def progress(conn: Any, tenant_id: UUID, job_id: UUID, attempt: int, done: int, total: int, note: str) -> None:
    """Show how far the attempt is."""
    await conn.execute(PROGRESS, tenant_id, job_id, attempt, done, total, note)


async def finish(conn: Any, tenant_id: UUID, job_id: UUID, attempt: int, state: str,
                 result: str | None, error: str | None) -> bool:
    """Write the outcome; an older attempt is refused."""
    if await conn.fetchval(FINISH, tenant_id, job_id, attempt, state, result, error) is None:
        return False
    await conn.execute(DONE, job_id)
    return True


async def release(conn: Any, tenant_id: UUID, job_id: UUID, attempt: int, pause: timedelta) -> None:
    """Give the job back, so that anybody may take it after ``pause``."""
    if await conn.fetchval(RELEASE, tenant_id, job_id, attempt) is not None:
        await conn.execute(POSTPONE, job_id, pause)


async def take_overdue(conn: Any, limit: int, pause: timedelta) -> list[tuple[UUID, UUID, datetime]]:
    """Jobs that nobody works on, marked so that no other sweeper delivers them within ``pause``."""
    return [(row["tenant_id"], row["job_id"], row["due_at"]) for row in await conn.fetch(OVERDUE, limit, pause)]


async def view(conn: Any, tenant_id: UUID, job_id: UUID) -> Any | None:
    """The row as a reader may see it."""
    return await conn.fetchrow(VIEW, tenant_id, job_id)


async def backlog(database: Database) -> dict[str, float]:
    """How many jobs are open and overdue, of all tenants, and the age in seconds of the oldest of each."""
    async with database.global_work(readonly=True) as conn:
        row = await conn.fetchrow(BACKLOG)
    assert row is not None
    return dict(row)


async def stuck(database: Database, older_than: timedelta, most: int = 20) -> list[dict[str, Any]]:
    """The oldest open jobs, if they are older than that: their ids, kind, state, attempt and age in seconds."""
    async with database.global_work(readonly=True) as conn:
        known = await conn.fetch(OLD, older_than, most)
    found = []
    for row in known:
        async with database.scoped_read(row["tenant_id"]) as conn:
            job = await conn.fetchrow(AGED, row["tenant_id"], row["job_id"])
        found.append(dict(row) | (dict(job) if job else {"kind": "?", "state": "gone", "attempt": 0, "seconds": 0}))
    return found
