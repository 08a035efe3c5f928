"""``saveSchemeDraft`` and ``discardSchemeDraft``: a scheme that is being written."""

from collections.abc import Mapping
from typing import Any

import strawberry

from meritline.appraisal.drafts import discard_draft, save_draft
from meritline.graphql.kit import RequestContext
from meritline.graphql.kit.documents import given_document
from meritline.graphql.kit.mutating import Keys, Mutation, seen_version
from meritline.graphql.kit.scalars import Document


@strawberry.input(description="A scheme that is being written.")
class SaveSchemeDraftInput:
    """A draft."""

    document: Document = strawberry.field(description="The scheme so far, with the keys that saveScheme takes.")
    expected_version: int | None = strawberry.field(
        default=strawberry.UNSET, description="The version that was seen: needed where there is a draft of this key."
    )


@strawberry.input(description="Which draft is given up.")
class DiscardSchemeDraftInput:
    """Which draft is given up."""

    key: str = strawberry.field(description="The key of the scheme that should have come of it.")


async def work(context: RequestContext, given: SaveSchemeDraftInput) -> Mapping[str, Any]:
    """Keep the document and tell what is wrong with it."""
    catalogue = context.platform.catalogue
    async with context.platform.database.unit_of_work(context.principal.tenant_id) as uow:
        kept = await save_draft(
            uow,
            context.principal.actor,
            given_document(given.document),
            seen_version(given.expected_version),
            templates=catalogue.templates(),
            records=catalogue.records,
        )
    return {"schemeDraft": Keys("{t}.key", [kept.key])}


async def discard(context: RequestContext, given: DiscardSchemeDraftInput) -> Mapping[str, Any]:
    """Take it away."""
    async with context.platform.database.unit_of_work(context.principal.tenant_id) as uow:
        await discard_draft(uow, context.principal.actor, given.key)
    return {"key": given.key}


SAVE_SCHEME_DRAFT = Mutation(
    name="saveSchemeDraft",
    description="Keep a scheme that is not ready: open blanks and mistakes are listed, nobody is appraised by it.",
    action="schemes:write",
    input=SaveSchemeDraftInput,
    returns={"schemeDraft": ("SchemeDraft", "The draft with its problems.")},
    work=work,
    document=True,
)
DISCARD_SCHEME_DRAFT = Mutation(
    name="discardSchemeDraft",
    description="Give a draft up.",
    action="schemes:write",
    input=DiscardSchemeDraftInput,
    returns={"key": ("String", "The key of the draft that is gone.")},
    work=discard,
)
