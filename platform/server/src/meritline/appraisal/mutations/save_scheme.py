"""``saveScheme``: indicators, targets, rules and weights, valid from a day."""

from collections.abc import Mapping
from typing import Any

import strawberry

from meritline.appraisal.schemes import save_scheme
from meritline.graphql.kit import RequestContext
from meritline.graphql.kit.documents import given_document
from meritline.graphql.kit.mutating import Keys, Mutation, seen_version, user_error
from meritline.graphql.kit.scalars import Document


@strawberry.input(description="A scheme as it shall be from some day on.")
class SaveSchemeInput:
    """A scheme."""

    document: Document = strawberry.field(description="The scheme, with the keys that a manifest's TOML has.")
    expected_version: int | None = strawberry.field(
        default=strawberry.UNSET,
        description="The version that was seen: needed where the company has saved one; 0 for one that is new.",
    )


async def work(context: RequestContext, given: SaveSchemeInput) -> Mapping[str, Any]:
    """Check the whole document, then keep it as the next version."""
    async with context.platform.database.unit_of_work(context.principal.tenant_id) as uow:
        saved = await save_scheme(
            uow,
            context.principal.actor,
            given_document(given.document),
            seen_version(given.expected_version),
            templates=context.platform.catalogue.templates(),
            records=context.platform.catalogue.records,
            named=True,
            started=context.platform.catalogue.settings(),
        )
    return {
        "scheme": Keys("{t}.key", [saved.key]),
        "warnings": [user_error(each, context, document=True) for each in saved.warnings],
    }


SAVE_SCHEME = Mutation(
    name="saveScheme",
    description="Save a scheme as its next version; what was computed by earlier versions stays.",
    action="schemes:write",
    input=SaveSchemeInput,
    returns={
        "scheme": ("Scheme", "The scheme as it stands now."),
        "warnings": ("[UserError!]", "What to look at; the scheme was saved all the same."),
    },
    work=work,
    document=True,
)
