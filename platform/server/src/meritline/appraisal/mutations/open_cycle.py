"""``openCycle``: open the appraisal of a period."""

from collections.abc import Mapping
from typing import Any

import strawberry

from meritline.appraisal.cycles import open_cycle
from meritline.graphql.kit import RequestContext
from meritline.graphql.kit.mutating import Mutation


@strawberry.input(description="The period to appraise.")
class OpenCycleInput:
    """The period to appraise."""

    period: str = strawberry.field(description="2026-05, 2026-Q2 or 2026.")


async def work(context: RequestContext, given: OpenCycleInput) -> Mapping[str, Any]:
    """Open it, or find it open."""
    async with context.platform.database.unit_of_work(context.principal.tenant_id) as uow:
        cycle = await open_cycle(uow, context.principal.actor, given.period)
    return {"cycle": cycle.id}


OPEN_CYCLE = Mutation(
    name="openCycle",
    description="Open the appraisal of a period; one that is open already is returned as it is.",
    action="cycles:run",
    input=OpenCycleInput,
    returns={"cycle": ("Cycle", "The cycle.")},
    work=work,
)
