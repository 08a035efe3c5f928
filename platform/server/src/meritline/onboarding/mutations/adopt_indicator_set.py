"""``adoptIndicatorSet``: from a day on, schemes read a set by its present definitions."""

from collections.abc import Mapping
from datetime import date
from typing import Any

import strawberry

from meritline.graphql.kit import RequestContext
from meritline.graphql.kit.mutating import Keys, Mutation
from meritline.onboarding.sets.adopting import adopt_indicator_set


@strawberry.input(description="What to adopt, where, and from when on.")
class AdoptIndicatorSetInput:
    """What to adopt."""

    key: str = strawberry.field(description="The set's short name, see indicatorSets.")
    valid_from: date = strawberry.field(description="The first day; not in a locked period.")
    schemes: list[str] | None = strawberry.field(
        default=strawberry.UNSET, description="The schemes that adopt it; not given: all that read the set."
    )
    dry_run: bool = strawberry.field(default=False, description="Only say what would change.")


async def work(context: RequestContext, given: AdoptIndicatorSetInput) -> Mapping[str, Any]:
    """Adopt it; again changes nothing."""
    platform = context.platform
    async with platform.database.unit_of_work(context.principal.tenant_id) as uow:
        done = await adopt_indicator_set(uow, context.principal.actor, platform.catalogue, given.key, given.valid_from,
                                         schemes=given.schemes or None, dry_run=given.dry_run)
    return {"changed": done.changed and not given.dry_run, "schemes": Keys("{t}.key", list(done.schemes)),
            "sentences": list(done.report.sentences(context.language))}


ADOPT_INDICATOR_SET = Mutation(
    name="adoptIndicatorSet",
    description="Make new versions of the schemes and reward tables that read a set by older definitions: from a day "
    "on they read by the present ones, and say the same otherwise.",
    action="schemes:write",
    input=AdoptIndicatorSetInput,
    returns={
        "changed": ("Boolean", "Whether anything was changed; false where it was only tried."),
        "sentences": ("[String!]", "What changes, in the reader's language."),
        "schemes": ("[Scheme!]", "The schemes with new versions, of their own or of their reward tables."),
    },
    work=work,
)
