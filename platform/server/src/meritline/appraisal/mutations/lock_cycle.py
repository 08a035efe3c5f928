"""``lockCycle``: the results of a period are final; quarters and years are made of them."""

from collections.abc import Mapping
from typing import Any

import strawberry

from meritline.graphql.kit import RequestContext
from meritline.graphql.kit.mutating import Mutation, seen_version, user_error


@strawberry.input(description="The period whose results are final.")
class LockCycleInput:
    """The period whose results are final."""

    period: str = strawberry.field(description="2026-05, 2026-Q2 or 2026.")
    expected_version: int | None = strawberry.field(
        default=strawberry.UNSET, description="The version of the cycle that was looked at; another one is refused."
    )


async def work(context: RequestContext, given: LockCycleInput) -> Mapping[str, Any]:
    """Lock it, or say what is open."""
    from meritline.appraisal.publication import lock_cycle  # with the compiler of measures

    async with context.platform.database.unit_of_work(context.principal.tenant_id) as uow:
        cycle, told = await lock_cycle(uow, context.principal.actor, given.period,
                                       seen_version(given.expected_version))
    return {"cycle": cycle.id, "warnings": [user_error(each, context) for each in told]}


LOCK_CYCLE = Mutation(
    name="lockCycle",
    description="Lock a computed cycle: its results never change again, and longer periods are made of them. Refused "
                "while something blocks: a code that means nobody, a failed reading.",
    action="cycles:run",
    input=LockCycleInput,
    returns={
        "cycle": ("Cycle", "The cycle, which is locked now."),
        "warnings": ("[UserError!]", "What was open and did not block, such as a rating that nobody gave."),
    },
    work=work,
)
