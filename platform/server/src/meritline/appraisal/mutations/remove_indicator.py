"""``removeIndicator``: put an indicator of the company's own away."""

from collections.abc import Mapping
from typing import Any

import strawberry

from meritline.appraisal.own.saving import remove_own
from meritline.graphql.kit import RequestContext
from meritline.graphql.kit.mutating import Mutation, seen_version


@strawberry.input(description="Which indicator is put away.")
class RemoveIndicatorInput:
    """Which indicator is put away."""

    key: str = strawberry.field(description="Its full name, own.<name>.")
    expected_version: int | None = strawberry.field(
        default=strawberry.UNSET, description="The version that was seen."
    )


async def work(context: RequestContext, asked: RemoveIndicatorInput) -> Mapping[str, Any]:
    """Put it away, unless a scheme reads it."""
    async with context.platform.database.unit_of_work(context.principal.tenant_id) as uow:
        await remove_own(uow, context.principal.actor, asked.key, seen_version(asked.expected_version),
                         today=context.now.date())
    return {"key": asked.key}


REMOVE_INDICATOR = Mutation(
    name="removeIndicator",
    description="Put an indicator of the company's own away; refused while a scheme reads it. What it was stays in the "
    "results that were computed with it.",
    action="schemes:write",
    input=RemoveIndicatorInput,
    returns={"key": ("String", "The name that is free again.")},
    work=work,
)
