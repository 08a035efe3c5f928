"""When the measure state of a company is brought up: by a job, after its records have changed and after a run.

Decides that one job waits at most: whatever comes before it begins, it takes in. A small company has no state, since a
pass over its records is done at once; how large it is, the marks of all its imports tell.
"""

from typing import Final

from meritline.db import UnitOfWork
from meritline.jobs.outbox import enqueue

STATE_JOB: Final = "measuring.state"
WORTH: Final = 2_000
"""Days of subjects with records, from which on a state is kept."""
WAITING: Final = "exists (select from job where tenant_id = $1 and kind = $2 and state = 'queued')"
KEPT: Final = f"select exists (select from measure_state where tenant_id = $1) and not {WAITING}"  # noqa: S608
LARGE: Final = f"""
select not {WAITING} and $3 <= (select sum(bit_count(days::bit(32))) from (
  select days from touched where tenant_id = $1 union all select days from touched_taken where tenant_id = $1) as marks)
"""  # noqa: S608


REFRESH_JOB: Final = "appraisal.refresh"
REFRESHED: Final = f"""
select exists (select from tenant_profile where tenant_id = $1 and refresh = 'on_import') and not {WAITING}
"""  # noqa: S608


async def records_changed(uow: UnitOfWork) -> None:
    """Have the state brought up, where there is any, and computed cycles refreshed, where the company wants it after
    every import; called in the unit that changes records."""
    if await uow.conn.fetchval(KEPT, uow.tenant_id, STATE_JOB):
        await enqueue(uow, STATE_JOB, {})
    if await uow.conn.fetchval(REFRESHED, uow.tenant_id, REFRESH_JOB):
        await enqueue(uow, REFRESH_JOB, {})


async def records_read(uow: UnitOfWork) -> None:
    """Have a state made, where it is worth it; called after a run."""
    if await uow.conn.fetchval(LARGE, uow.tenant_id, STATE_JOB, WORTH):
        await enqueue(uow, STATE_JOB, {})
