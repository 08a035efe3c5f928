"""When the measure state of a company is brought up: by a job, after its records have changed and after a run.

Decides that one job waits at most: whatever comes before it begins, it takes in. A small company has no state, since a
pass over its records is done at once; how large it is, the marks of all its imports tell.
"""

from datetime import datetime
from typing import Any, Final

from meritline.db import UnitOfWork
from meritline.jobs import outbox

STATE_JOB: Final = "measuring.state"
WORTH: Final = 2_000
"""Days of subjects with records, from which on a state is kept."""
WAITING: Final = "exists (select from job where tenant_id = $1 and kind = $2 and state = 'queued')"
LARGE: Final = f"""
select not {WAITING} and $3 <= (select sum(bit_count(days::bit(32))) from (
  select days from touched where tenant_id = $1 union all select days from touched_taken where tenant_id = $1) as marks)
"""  # noqa: S608
REFRESH_JOB: Final = "appraisal.refresh"
ON_IMPORT: Final = """exists (select from tenant_profile where tenant_id = $1 and refresh = 'on_import')"""
# A job that waits for one cycle takes in nothing for the others.
EVERY_WAITS: Final = """exists (select from job where tenant_id = $1 and kind = $2 and state = 'queued'
  and not jsonb_exists(payload::jsonb, 'cycle'))"""
WANTED: Final = f"""
exists (select from measure_state where tenant_id = $1) and not {WAITING.replace("$2", f"'{STATE_JOB}'")} as kept,
{ON_IMPORT} and not {EVERY_WAITS.replace("$2", f"'{REFRESH_JOB}'")} as refreshed
"""
"""What a statement of the unit that changes records asks, for ``have_jobs``."""
CHANGED: Final = f"select {WANTED}"
MEANWHILE: Final = f"""
select {ON_IMPORT} and not {EVERY_WAITS} and exists (
  select from touched where tenant_id = $1 and touched_at > $3 and touched_at <= $4 union all
  select from touched_taken where tenant_id = $1 and touched_at > $3 and touched_at <= $4)
"""  # noqa: S608


async def records_changed(uow: UnitOfWork) -> None:
    """Have the state brought up, where there is any, and computed cycles refreshed, where the company wants it after
    every import; called in the unit that changes records."""
    await have_jobs(uow, await uow.conn.fetchrow(CHANGED, uow.tenant_id))


async def have_jobs(uow: UnitOfWork, wanted: Any) -> None:
    """The same, where it is known what is ``WANTED``."""
    if wanted["kept"]:
        await outbox.enqueue(uow, STATE_JOB, {})
    if wanted["refreshed"]:
        await outbox.soon(uow, REFRESH_JOB, {})


async def records_read(uow: UnitOfWork, known_at: datetime | None, now: datetime) -> None:
    """Have a state made, where it is worth it, and what was imported since ``known_at`` taken in, where the company
    wants it after every import: a cycle that runs is refreshed by nobody. Called after a run, which knows the rest."""
    if await uow.conn.fetchval(LARGE, uow.tenant_id, STATE_JOB, WORTH):
        await outbox.enqueue(uow, STATE_JOB, {})
    if known_at is not None and await uow.conn.fetchval(MEANWHILE, uow.tenant_id, REFRESH_JOB, known_at, now):
        await outbox.soon(uow, REFRESH_JOB, {})
