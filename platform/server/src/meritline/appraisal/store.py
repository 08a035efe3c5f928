"""The rows of cycles and runs. Decides that a cycle is changed only while its row is held.

A run row is never changed once it has ended; the cycle points to the run that counts.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from meritline.db import Connection
from meritline.domain.periods import Window

CYCLE: Final = "select id, period, period_kind, starts_at, ends_at, state, run_id, version from cycle"


KNOW: Final = """
update run set known_at = greatest($3, (select max(touched_at) from touched where tenant_id = $1),
    (select max(touched_at) from touched_taken where tenant_id = $1))
where tenant_id = $1 and id = $2 and state in ('queued', 'running') returning known_at
"""


@dataclass(frozen=True, slots=True)
class Cycle:
    """A row of ``cycle``."""

    id: UUID
    period: str
    period_kind: str
    starts_at: datetime
    ends_at: datetime
    state: str
    run_id: UUID | None
    version: int


@dataclass(frozen=True, slots=True)
class Run:
    """A row of ``run``."""

    id: UUID
    cycle_id: UUID
    number: int
    job_id: UUID
    state: str
    as_of: datetime
    known_at: datetime
    engine: str
    input_digest: str | None
    result_digest: str | None
    subjects: int
    error: str | None
    frame_digest: str | None
    delivered: str | None
    audit_number: int | None
    tallied_sum: bytes | None
    result_sum: bytes | None

    @property
    def ended(self) -> bool:
        """Whether nothing more will come of it."""
        return self.state in ("complete", "partial", "failed")


RUN: Final = (
    "select id, cycle_id, number, job_id, state, as_of, known_at, engine, input_digest, result_digest, subjects, "
    "error, frame_digest, delivered, audit_number, tallied_sum, result_sum from run"
)


async def insert_cycle(conn: Connection, tenant_id: UUID, window: Window) -> UUID | None:
    """A new open cycle; None where the period has one."""
    found: UUID | None = await conn.fetchval(
        "insert into cycle (tenant_id, period, period_kind, starts_at, ends_at) values ($1, $2, $3, $4, $5) "
        "on conflict (tenant_id, period) do nothing returning id",
        tenant_id, window.period, window.kind.value, window.start, window.end,
    )  # fmt: skip
    return found


async def cycle_of_period(conn: Connection, tenant_id: UUID, period: str) -> Cycle | None:
    """The cycle of a period."""
    row = await conn.fetchrow(f"{CYCLE} where tenant_id = $1 and period = $2", tenant_id, period)
    return None if row is None else Cycle(**dict(row))


async def cycles(conn: Connection, tenant_id: UUID) -> list[Cycle]:
    """All cycles, the newest first."""
    rows = await conn.fetch(f"{CYCLE} where tenant_id = $1 order by starts_at desc, period", tenant_id)
    return [Cycle(**dict(row)) for row in rows]


async def cycle(conn: Connection, tenant_id: UUID, cycle_id: UUID, *, lock: bool = False) -> Cycle | None:
    """The cycle; ``lock`` holds it until the unit ends."""
    text = f"{CYCLE} where tenant_id = $1 and id = $2{' for update' if lock else ''}"
    row = await conn.fetchrow(text, tenant_id, cycle_id)
    return None if row is None else Cycle(**dict(row))


async def move_cycle(conn: Connection, tenant_id: UUID, cycle_id: UUID, state: str, run_id: UUID | None) -> None:
    """Another state, and the run that counts from now on."""
    await conn.execute(
        "update cycle set state = $3, run_id = $4, version = version + 1 where tenant_id = $1 and id = $2",
        tenant_id, cycle_id, state, run_id,
    )  # fmt: skip


async def scheme_keys(conn: Connection, tenant_id: UUID) -> list[str]:
    """What the company's schemes are called."""
    return [row["key"] for row in await conn.fetch("select key from scheme where tenant_id = $1", tenant_id)]


async def new_run_id(conn: Connection) -> UUID:
    """An id before the row, since the job that is written first names it."""
    found: UUID = await conn.fetchval("select uuidv7()")
    return found


async def insert_run(conn: Connection, tenant_id: UUID, run_id: UUID, cycle_id: UUID, job_id: UUID,
                     now: datetime, engine: str) -> int:
    """A queued run with the next number of its cycle, which the caller holds."""
    number: int = await conn.fetchval(
        "select coalesce(max(number), 0) + 1 from run where tenant_id = $1 and cycle_id = $2", tenant_id, cycle_id
    )
    await conn.execute(
        "insert into run (tenant_id, id, cycle_id, number, job_id, as_of, known_at, engine) "
        "values ($1, $2, $3, $4, $5, $6, $6, $7)",
        tenant_id, run_id, cycle_id, number, job_id, now, engine,
    )  # fmt: skip
    return number


async def run(conn: Connection, tenant_id: UUID, run_id: UUID, *, lock: bool = False) -> Run | None:
    """The run; ``lock`` holds it until the unit ends."""
    text = f"{RUN} where tenant_id = $1 and id = $2{' for update' if lock else ''}"
    row = await conn.fetchrow(text, tenant_id, run_id)
    return None if row is None else Run(**dict(row))


async def know(conn: Connection, tenant_id: UUID, run_id: UUID, now: datetime) -> datetime:
    """Up to when the run knows the records: no earlier than any that is there was recorded, whatever clock said so.
    It is kept at once, so that what is imported while the run computes is recorded later (``records.store.later``)."""
    known_at: datetime | None = await conn.fetchval(KNOW, tenant_id, run_id, now)
    return known_at or now  # of one that has ended nothing is asked any more


async def begin_run(conn: Connection, tenant_id: UUID, run_id: UUID, now: datetime) -> None:
    """The run has a worker."""
    await conn.execute(
        "update run set state = 'running', started_at = coalesce(started_at, $3) where tenant_id = $1 and id = $2 "
        "and state in ('queued', 'running')",
        tenant_id, run_id, now,
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a run comes to."""

    state: str
    known_at: datetime
    finished_at: datetime
    subjects: int = 0
    input_digest: str | None = None
    result_digest: str | None = None
    error: str | None = None
    frame_digest: str | None = None
    delivered: str | None = None
    audit_number: int | None = None
    tallied_sum: bytes | None = None
    result_sum: bytes | None = None


async def end_run(conn: Connection, tenant_id: UUID, run_id: UUID, outcome: Outcome) -> None:
    """The run has ended."""
    await conn.execute(
        "update run set state = $3, known_at = $4, finished_at = $5, subjects = $6, input_digest = $7, "
        "result_digest = $8, error = $9, frame_digest = $10, delivered = $11, audit_number = $12, "
        "tallied_sum = $13, result_sum = $14 where tenant_id = $1 and id = $2 and state in ('queued', 'running')",
        tenant_id, run_id, outcome.state, outcome.known_at, outcome.finished_at, outcome.subjects,
        outcome.input_digest, outcome.result_digest, outcome.error, outcome.frame_digest, outcome.delivered,
        outcome.audit_number, outcome.tallied_sum, outcome.result_sum,
    )  # fmt: skip


async def told(conn: Connection, tenant_id: UUID, action: str, subject: str) -> bool:
    """Whether the audit chain says it already; the caller holds the run, so nobody else is saying it now."""
    text = "select 1 from audit_entry where tenant_id = $1 and subject = $3 and action = $2 limit 1"
    return await conn.fetchval(text, tenant_id, action, subject) is not None
