"""The limit of the list benchmark: one Starlette route whose whole answer one statement makes, and nothing else.

Same pool, same tenant scope, same rows and fields as JSON from Postgres, untouched. It knows no keys, no permissions,
no paging and no GraphQL. Run by ``python -m tests.bench.reads.bare PORT TENANT``.
"""

import os
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any
from uuid import UUID

import orjson
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from meritline.db import Database
from meritline.local.urls import DATABASE

CARDS = Path(__file__).with_name("cards.sql").read_text("utf-8")


def application(tenant_id: UUID) -> Starlette:
    """The route on a database of its own."""

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        async with await Database.open(os.environ[DATABASE]) as database:
            app.state.read = reader(database)
            yield

    async def cards(request: Request) -> Response:
        asked = orjson.loads(await request.body())["variables"]
        found = await request.app.state.read(
            tenant_id, CARDS, tenant_id, asked["period"], asked["scheme"], asked["first"]
        )
        return Response(found, media_type="application/json")

    return Starlette(routes=[Route("/graphql", cards, methods=["POST"])], lifespan=lifespan)


def reader(database: Database) -> Callable[..., Awaitable[str]]:
    """The product's own way of reading one value in a tenant's scope."""

    async def read(tenant_id: UUID, sql: str, *args: Any) -> str:
        async with database.scoped_read(tenant_id) as conn:
            return str(await conn.fetchval(sql, *args))

    return getattr(database, "read_json", read)


if __name__ == "__main__":
    uvicorn.run(application(UUID(sys.argv[2])), host="127.0.0.1", port=int(sys.argv[1]), log_level="warning",
                access_log=False, loop="uvloop", http="httptools")  # fmt: skip
