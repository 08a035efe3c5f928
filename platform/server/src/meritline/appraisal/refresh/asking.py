"""Refreshes as they are asked for, and the job that does them.

Decides that one refresh of a cycle waits at most: whatever records come before it begins, it takes in, so that a burst
of corrections is placed and paid once. What cannot be refreshed gets a full run, and the job says why.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from meritline.appraisal.cycles import cycle_of, held_for
from meritline.appraisal.refresh import store
from meritline.appraisal.refresh.frame import AmendRewards
from meritline.appraisal.refresh.service import refresh
from meritline.appraisal.refresh.standing import NeedsRun
from meritline.appraisal.service import run_cycle
from meritline.appraisal.store import cycles
from meritline.audit import append
from meritline.db import Database, UnitOfWork
from meritline.domain.cycles import CycleAction, may
from meritline.errors import MeritlineError
from meritline.jobs import failure
from meritline.jobs.handlers import Handler, JobContext
from meritline.jobs.outbox import Enqueue, soon
from meritline.records.upkeep import REFRESH_JOB

type Clock = Callable[[], datetime]

MOST_CYCLES: Final = 3
"""Of how many computed cycles, the newest first, an import has the refresh."""
WORKER: Final = "worker"


async def ask_refresh(uow: UnitOfWork, actor: str, period: str, *, enqueue: Enqueue) -> tuple[UUID, UUID]:
    """The cycle of the period, and the job that refreshes it, which may have been waiting; refused unless the cycle is
    computed and not locked."""
    found = await cycle_of(uow.conn, uow.tenant_id, period)
    await held_for(uow, found.id, CycleAction.REFRESH)
    job = await store.waiting(uow.conn, uow.tenant_id, REFRESH_JOB, str(found.id))
    if job is None:
        job = await enqueue(uow, REFRESH_JOB, {"cycle": str(found.id)})
        await append(uow.conn, uow.tenant_id, actor=actor, action="cycle.refresh", subject=f"cycle:{period}")
    return found.id, job


def handlers(database: Database, clock: Clock, rewards: AmendRewards) -> dict[str, Handler]:
    """What the worker does for a refresh: of one cycle, or of those that are computed."""

    async def refreshed(context: JobContext) -> Mapping[str, Any]:
        if "cycle" in context.payload:
            return await refresh_or_run(database, clock, context, UUID(context.payload["cycle"]), rewards)
        async with database.scoped_read(context.tenant_id) as conn:
            found = [each for each in await cycles(conn, context.tenant_id) if may(each.state, CycleAction.REFRESH)]
        return {each.period: await of_every(database, clock, context, each.id, rewards)
                for each in found[:MOST_CYCLES]}

    return {REFRESH_JOB: Handler(refreshed)}


async def of_every(database: Database, clock: Clock, context: JobContext, cycle_id: UUID,
                   rewards: AmendRewards) -> Mapping[str, Any]:
    """Refresh one of several cycles: what is refused of one (it was locked meanwhile, a run of it began) is told, and
    the others are refreshed all the same."""
    try:
        return await refresh_or_run(database, clock, context, cycle_id, rewards)
    except MeritlineError as error:
        return {"refreshed": False, "why": failure.plain(error.problem)}


async def refresh_or_run(database: Database, clock: Clock, context: JobContext, cycle_id: UUID,
                         rewards: AmendRewards) -> Mapping[str, Any]:
    """Refresh it, or ask for a full run where that is needed; what was done, and why no refresh was."""
    await context.progress(0, 0, "refreshing")
    try:
        done = await refresh(database, clock, context.tenant_id, cycle_id, rewards=rewards, actor=WORKER,
                             job_id=context.job_id)
    except NeedsRun as error:
        async with database.unit_of_work(context.tenant_id) as uow:
            asked = await run_cycle(uow, WORKER, cycle_id, enqueue=soon, now=clock())
        return {"refreshed": False, "why": failure.plain(error.problem), "run": asked.number,
                "job": str(asked.job_id)}
    return {"refreshed": True, **done.plain()}
