"""The job of this room: the run of a cycle."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from meritline.appraisal.run.answers import Functions
from meritline.appraisal.run.execute import execute
from meritline.appraisal.run.frame import RewardStep
from meritline.appraisal.service import RUN_JOB, fail_run
from meritline.db import Database
from meritline.errors import MeritlineError
from meritline.jobs import failure
from meritline.jobs.handlers import Handler, JobContext

type Clock = Callable[[], datetime]


def handlers(database: Database, clock: Clock, rewards: RewardStep,
             functions: Functions | None = None) -> dict[str, Handler]:
    """What the worker does for a run, and what it tidies up when a run has failed."""

    async def run(context: JobContext) -> Mapping[str, Any]:
        return await execute(database, clock, context.tenant_id, UUID(context.payload["run"]),
                             context.payload["scheme"], rewards=rewards, progress=context.progress,
                             functions=functions)

    async def failed(context: JobContext, error: MeritlineError) -> None:
        async with database.unit_of_work(context.tenant_id) as uow:
            await fail_run(uow, UUID(context.payload["run"]), error, failure.dump(error), clock())

    return {RUN_JOB: Handler(run, failed)}
