"""The records behind a score line, as a connection. Waits for ``appraisal.explanation``."""

from typing import Any
from uuid import UUID

from meritline.graphql.kit import RequestContext
from meritline.graphql.kit.paging import Connection, listed


async def evidence_page(context: RequestContext, line_id: UUID, first: int, after: str | None) -> Connection:
    """One page of the evidence."""
    row_type: Any = context.declarations.classes["ServiceRecord"]
    return listed(row_type, [], first, after)
