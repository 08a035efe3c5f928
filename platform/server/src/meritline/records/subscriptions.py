"""``importProgress``: follow an import until every row has its verdict."""

import asyncio
from collections.abc import AsyncGenerator, Mapping
from typing import Any, Final

import strawberry

from meritline.errors import NotFound
from meritline.graphql.kit import Column, Module, Object, RequestContext, ToOne
from meritline.graphql.kit.following import Subscription
from meritline.graphql.kit.ids import key_of

POLL_S: Final = 0.5
LOOK: Final = (
    "select state, lines, rows_total, accepted, updated, unchanged, rejected from import_batch "
    "where tenant_id = $1 and id = $2"
)

IMPORT_PROGRESS = Object(
    name="ImportProgress",
    description="How far an import is.",
    fields=(
        Column("state", "ImportState!", "How far it is."),
        Column("lines", "Int!", "How many lines were read."),
        Column("total", "Int", "Of how many, where that is known."),
        Column("rejected", "Int!", "How many rows were refused so far."),
        ToOne("import", "Import", "The import as it stands.", key="import"),
    ),
)


async def follow(
    _: Mapping[str, Any], context: RequestContext, import_id: strawberry.ID
) -> AsyncGenerator[dict[str, Any]]:
    """The import now and after each change."""
    key = key_of(str(import_id), "Import", "uuid")
    seen: dict[str, Any] | None = None
    while True:
        rows = (
            await context.read(LOOK, context.principal.tenant_id, key) if context.reach("sources:read") and key else []
        )
        if not rows:
            raise NotFound(kind="import", value=import_id, field="importId")
        found = dict(rows[0])
        if found != seen:
            seen = found
            yield {**found, "total": found["rows_total"], "import": key}
        if found["state"] != "running":
            return
        await asyncio.sleep(POLL_S)


MODULE = Module(
    objects=(IMPORT_PROGRESS,),
    subscriptions=(
        Subscription("importProgress", "ImportProgress!", "Follow an import until every row has its verdict.", follow),
    ),
)
