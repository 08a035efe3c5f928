"""The other side of the list benchmark: one Starlette route that gives the same scorecards, as short as it can be.

Same pool settings, same tenant scope (one transaction with the tenant set), two statements, orjson. It knows no keys,
no permissions, no paging and no GraphQL. Run by ``python -m tests.bench.bare PORT TENANT``.
"""

import os
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from uuid import UUID

import orjson
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from meritline.db import Database
from meritline.local.urls import DATABASE

CARDS, LINES = (Path(__file__).with_name(name).read_text("utf-8") for name in ("cards.sql", "lines.sql"))


def application(tenant_id: UUID) -> Starlette:
    """The route on a database of its own."""

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        async with await Database.open(os.environ[DATABASE]) as app.state.database:
            yield

    async def cards(request: Request) -> Response:
        asked = request.query_params
        async with request.app.state.database.scoped_read(tenant_id) as conn:
            rows = await conn.fetch(CARDS, tenant_id, asked["period"], asked["scheme"], int(asked["first"]))
            lines = await conn.fetch(LINES, tenant_id, [row["id"] for row in rows])
        found = {row["id"]: dict(row, lines=[]) for row in rows}
        for line in lines:
            found[line["scorecard_id"]]["lines"].append(dict(line))
        for row in found.values():
            del row["id"]
        return Response(orjson.dumps(list(found.values()), default=str), media_type="application/json")

    return Starlette(routes=[Route("/cards", cards)], lifespan=lifespan)


if __name__ == "__main__":
    uvicorn.run(application(UUID(sys.argv[2])), host="127.0.0.1", port=int(sys.argv[1]), log_level="warning",
                access_log=False)
