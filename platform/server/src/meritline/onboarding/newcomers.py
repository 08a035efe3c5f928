"""People and departments that are new: records that named them before they were known are resolved now."""

from meritline.db import UnitOfWork
from meritline.graphql.kit import RequestContext
from meritline.records.resolve import resolve_codes
from meritline.tenancy.values import Changes


async def resolve_new(uow: UnitOfWork, context: RequestContext, changes: Changes) -> None:
    """Resolve the records that carry their own numbers; they are codes of the space without a name."""
    if changes.created:
        codes = [(None, code) for code in changes.created]
        await resolve_codes(uow, context.platform.catalogue.records, codes, now=context.now)
