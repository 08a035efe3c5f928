"""``refreshCycle``: bring a computed cycle up to date with corrected records."""

from collections.abc import Mapping
from typing import Any

import strawberry

from meritline.graphql.kit import RequestContext
from meritline.graphql.kit.mutating import Mutation


@strawberry.input(description="The period whose records were corrected.")
class RefreshCycleInput:
    """The period whose records were corrected."""

    period: str = strawberry.field(description="2026-05, 2026-Q2 or 2026.")


async def work(context: RequestContext, given: RefreshCycleInput) -> Mapping[str, Any]:
    """Write the job."""
    from meritline.appraisal.refresh.asking import ask_refresh  # with all of a run

    async with context.platform.database.unit_of_work(context.principal.tenant_id) as uow:
        cycle, job = await ask_refresh(uow, context.principal.actor, given.period,
                                       enqueue=context.platform.jobs.enqueue)
    return {"cycle": cycle, "job": str(job)}


REFRESH_CYCLE = Mutation(
    name="refreshCycle",
    description="Score again whom corrected records concern, and write what differs: the result is that of a full run. "
                "Where more than records changed, a full run is made. Refused for a locked or published cycle.",
    action="cycles:run",
    input=RefreshCycleInput,
    returns={
        "cycle": ("Cycle", "The cycle."),
        "job": ("String", "The id of the job that does it; one that waits already is not asked for twice."),
    },
    work=work,
)
