"""``saveSource``: how the columns of an export become records."""

from collections.abc import Mapping
from typing import Any

import strawberry

from meritline.errors import Refused, problem
from meritline.graphql.kit import RequestContext
from meritline.graphql.kit.documents import given_document, plain_document
from meritline.graphql.kit.mutating import Keys, Mutation, seen_version
from meritline.graphql.kit.scalars import Document
from meritline.records.entitled import entitled
from meritline.records.resolve import resolve_source
from meritline.records.sources import parse_source
from meritline.tenancy.service import save_source
from meritline.tenancy.values import Source


@strawberry.input(description="A source as it shall be.")
class SaveSourceInput:
    """A source."""

    key: str = strawberry.field(description="The short name by which imports call it.")
    document: Document = strawberry.field(description="The mapping, with the keys that sources.toml has.")
    expected_version: int | None = strawberry.field(
        default=strawberry.UNSET, description="The version that was seen; 0 for one that is new."
    )


async def work(context: RequestContext, given: SaveSourceInput) -> Mapping[str, Any]:
    """Check the whole mapping, keep it, and resolve its records again by the codes that it names now."""
    body = given_document(given.document)
    async with context.platform.database.scoped_read(context.principal.tenant_id) as conn:
        has = await entitled(conn, context.principal.tenant_id, context.platform.catalogue.records)
    mapping = parse_source(body, has.fields, key=given.key)
    if isinstance(mapping, list):
        raise Refused(mapping or [problem("E-INPUT", field="document", reason="it says nothing")])
    source = Source(
        given.key,
        mapping.record.key,
        plain_document(body),
        mapping.strict,
        expected_version=seen_version(given.expected_version),
    )
    async with context.platform.database.unit_of_work(context.principal.tenant_id) as uow:
        await save_source(uow, context.principal.actor, source)
        await resolve_source(uow, context.platform.catalogue.records, given.key, now=context.now)
    return {"source": Keys("{t}.key", [given.key])}


SAVE_SOURCE = Mutation(
    name="saveSource",
    description="Say how the columns of an export become records.",
    action="sources:write",
    input=SaveSourceInput,
    returns={"source": ("Source", "The source as it stands now.")},
    work=work,
    document=True,
)
