"""``runCycle``: compute a cycle. The answer comes at once; ``cycleProgress`` follows the run."""

from collections.abc import Mapping
from typing import Any

import strawberry

from meritline.appraisal.service import run_cycle
from meritline.errors import NotFound
from meritline.graphql.kit import RequestContext
from meritline.graphql.kit.ids import key_of
from meritline.graphql.kit.mutating import Mutation


@strawberry.input(description="What to compute.")
class RunCycleInput:
    """What to compute."""

    cycle: strawberry.ID = strawberry.field(description="The cycle's id.")
    scheme: str | None = strawberry.field(
        default=strawberry.UNSET, description="One scheme alone; the results of all others stay."
    )


async def work(context: RequestContext, given: RunCycleInput) -> Mapping[str, Any]:
    """Write the run and its job together."""
    cycle: Any = key_of(str(given.cycle), "Cycle", "uuid")
    if cycle is None:
        raise NotFound(kind="cycle", value=given.cycle, field="cycle")
    async with context.platform.database.unit_of_work(context.principal.tenant_id) as uow:
        asked = await run_cycle(
            uow,
            context.principal.actor,
            cycle,
            given.scheme or None,
            enqueue=context.platform.jobs.enqueue,
            now=context.now,
        )
    return {"cycle": cycle, "run": asked.run_id}


RUN_CYCLE = Mutation(
    name="runCycle",
    description="Compute a cycle. Running again on the same records gives the same result and no second reward.",
    action="cycles:run",
    input=RunCycleInput,
    returns={
        "cycle": ("Cycle", "The cycle, which is running now."),
        "run": ("Run", "The run, which waits for a worker."),
    },
    work=work,
)
