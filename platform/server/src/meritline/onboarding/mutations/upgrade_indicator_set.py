"""``upgradeIndicatorSet``: bring the installed version of a set to the company, or say what that would change."""

from collections.abc import Mapping
from typing import Any

import strawberry

from meritline.graphql.kit import RequestContext
from meritline.graphql.kit.mutating import Mutation, user_error
from meritline.onboarding.sets.asking import fitted_for
from meritline.onboarding.sets.upgrading import upgrade_indicator_set


@strawberry.input(description="The set to upgrade.")
class UpgradeIndicatorSetInput:
    """The set to upgrade."""

    key: str = strawberry.field(description="The set's short name, see indicatorSets.")
    dry_run: bool = strawberry.field(default=False, description="Only say what would change.")


async def work(context: RequestContext, given: UpgradeIndicatorSetInput) -> Mapping[str, Any]:
    """Upgrade it; again changes nothing."""
    platform, tenant_id = context.platform, context.principal.tenant_id
    fitted = await fitted_for(platform, tenant_id, given.key)
    async with platform.database.unit_of_work(tenant_id) as uow:
        done = await upgrade_indicator_set(uow, context.principal.actor, platform.catalogue, given.key,
                                           today=context.now.date(), fitted=fitted, dry_run=given.dry_run)
    return {"changed": done.changed, "sentences": list(done.report.sentences(context.language)),
            "warnings": [user_error(each, context) for each in done.warnings]}


UPGRADE_INDICATOR_SET = Mutation(
    name="upgradeIndicatorSet",
    description="Bring the installed version of an enabled set to the company. Schemes and reward tables go on reading "
    "by the definitions they were saved with, until these are adopted.",
    action="schemes:write",
    input=UpgradeIndicatorSetInput,
    returns={
        "changed": ("Boolean", "Whether anything was changed; false where it was only tried."),
        "sentences": ("[String!]", "What changes, in the reader's language."),
        "warnings": ("[UserError!]", "What to look at; the set was upgraded all the same."),
    },
    work=work,
)
