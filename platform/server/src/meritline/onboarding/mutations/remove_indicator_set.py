"""``removeIndicatorSet``: put a set away that nothing in force reads; what was computed stays."""

from collections.abc import Mapping
from typing import Any

import strawberry

from meritline.graphql.kit import RequestContext
from meritline.graphql.kit.mutating import Mutation
from meritline.onboarding.sets.removing import remove_indicator_set


@strawberry.input(description="The set to remove.")
class RemoveIndicatorSetInput:
    """The set to remove."""

    key: str = strawberry.field(description="The set's short name, see indicatorSets.")
    dry_run: bool = strawberry.field(default=False, description="Only say what would change.")


async def work(context: RequestContext, given: RemoveIndicatorSetInput) -> Mapping[str, Any]:
    """Put it away."""
    platform = context.platform
    async with platform.database.unit_of_work(context.principal.tenant_id) as uow:
        done = await remove_indicator_set(uow, context.principal.actor, platform.catalogue, given.key,
                                          today=context.now.date(), dry_run=given.dry_run)
    return {"changed": done.changed and not given.dry_run,
            "sentences": list(done.report.sentences(context.language))}


REMOVE_INDICATOR_SET = Mutation(
    name="removeIndicatorSet",
    description="Put away a set that no scheme in force today or later reads. Nothing that was computed is lost, and "
    "enabling it again brings it back.",
    action="schemes:write",
    input=RemoveIndicatorSetInput,
    returns={
        "changed": ("Boolean", "Whether anything was changed; false where it was only tried."),
        "sentences": ("[String!]", "What changes, in the reader's language."),
    },
    work=work,
)
