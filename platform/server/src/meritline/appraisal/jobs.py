"""The jobs of this room: the run of a cycle, and the upkeep of the measure state that runs read."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from meritline.appraisal import state
from meritline.appraisal.refresh import asking
from meritline.appraisal.refresh.frame import AmendRewards
from meritline.appraisal.run.answers import Functions
from meritline.appraisal.run.execute import execute
from meritline.appraisal.run.frame import RewardStep
from meritline.appraisal.run.parallel import Pool
from meritline.appraisal.service import RUN_JOB, fail_run
from meritline.db import Database
from meritline.errors import MeritlineError
from meritline.jobs import failure
from meritline.jobs.handlers import Handler, JobContext

type Clock = Callable[[], datetime]


def handlers(database: Database, clock: Clock, rewards: RewardStep,
             functions: Functions | None = None, amended: AmendRewards | None = None,
             pool: Pool | None = None) -> dict[str, Handler]:
    """What the worker does for a run, and what it tidies up when a run has failed; with ``amended`` also refreshes,
    with a ``pool`` in several processes."""

    async def run(context: JobContext) -> Mapping[str, Any]:
        return await execute(database, clock, context.tenant_id, UUID(context.payload["run"]),
                             context.payload["scheme"], rewards=rewards, progress=context.progress,
                             functions=functions, pool=pool)

    async def failed(context: JobContext, error: MeritlineError) -> None:
        async with database.unit_of_work(context.tenant_id) as uow:
            await fail_run(uow, UUID(context.payload["run"]), error, failure.dump(error), clock())

    refreshing = {} if amended is None else asking.handlers(database, clock, amended)
    return {RUN_JOB: Handler(run, failed), **refreshing, **state.HANDLERS}
