"""``saveRewardTable``: what a grade, a rank or an event is worth, valid from a day."""

from collections.abc import Mapping
from typing import Any

import strawberry

from meritline.appraisal.reward_tables import save_reward_table
from meritline.graphql.kit import RequestContext
from meritline.graphql.kit.documents import given_document
from meritline.graphql.kit.mutating import Keys, Mutation, seen_version, user_error
from meritline.graphql.kit.scalars import Document


@strawberry.input(description="A reward table as it shall be from some day on.")
class SaveRewardTableInput:
    """A reward table."""

    document: Document = strawberry.field(description="The table, with the keys that a manifest's TOML has.")
    expected_version: int | None = strawberry.field(
        default=strawberry.UNSET,
        description="The version that was seen: needed where the company has saved one; 0 for one that is new.",
    )


async def work(context: RequestContext, given: SaveRewardTableInput) -> Mapping[str, Any]:
    """Check the whole document, then keep it as the next version."""
    async with context.platform.database.unit_of_work(context.principal.tenant_id) as uow:
        saved = await save_reward_table(
            uow,
            context.principal.actor,
            given_document(given.document),
            seen_version(given.expected_version),
            templates=context.platform.catalogue.reward_tables(),
            named=True,
        )
    return {
        "rewardTable": Keys("{t}.key", [saved.key]),
        "warnings": [user_error(each, context, document=True) for each in saved.warnings],
    }


SAVE_REWARD_TABLE = Mutation(
    name="saveRewardTable",
    description="Save the reward table of a scheme as its next version.",
    action="schemes:write",
    input=SaveRewardTableInput,
    returns={
        "rewardTable": ("RewardTable", "The table as it stands now."),
        "warnings": ("[UserError!]", "What to look at; the table was saved all the same."),
    },
    work=work,
    document=True,
)
