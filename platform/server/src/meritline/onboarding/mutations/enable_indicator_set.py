"""``enableIndicatorSet``: make an installed set the company's own."""

from collections.abc import Mapping
from typing import Any

import strawberry

from meritline.graphql.kit import RequestContext
from meritline.graphql.kit.mutating import Keys, Mutation, user_error
from meritline.onboarding.enabling import enable_indicator_set
from meritline.onboarding.sets.asking import fitted_for


@strawberry.input(description="The set to enable.")
class EnableIndicatorSetInput:
    """The set to enable."""

    key: str = strawberry.field(description="The set's short name, see indicatorSets.")


async def work(context: RequestContext, given: EnableIndicatorSetInput) -> Mapping[str, Any]:
    """Enable it; again changes nothing."""
    catalogue = context.platform.catalogue
    fitted, today = await fitted_for(context.platform, context.principal.tenant_id, given.key), context.now.date()
    async with context.platform.database.unit_of_work(context.principal.tenant_id) as uow:
        enabled = await enable_indicator_set(uow, context.principal.actor, catalogue, given.key, fitted=fitted,
                                             today=today)
    installed = catalogue.require(given.key).set
    return {
        "indicators": Keys("{t}.key", [f"{given.key}.{each.key}" for each in installed.indicators]),
        "schemes": Keys("{t}.key", [*(each.key for each in installed.schemes), *enabled.schemes]),
        "warnings": [user_error(each, context) for each in enabled.warnings],
    }


ENABLE_INDICATOR_SET = Mutation(
    name="enableIndicatorSet",
    description="Make a set's indicators, scheme templates and reward tables the company's own, to change as it likes.",
    action="schemes:write",
    input=EnableIndicatorSetInput,
    returns={
        "indicators": ("[Indicator!]", "The set's indicators as the company has them now."),
        "schemes": ("[Scheme!]", "The schemes of its templates as the company has them now."),
        "warnings": ("[UserError!]", "What to look at; the set was enabled all the same."),
    },
    work=work,
)
