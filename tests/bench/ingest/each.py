"""The other side of the benchmark of single records: the product's way of taking a body, with a commit for each.

Same keys, validation, codes, dedupe and marks; nothing is gathered. Run by ``python -m tests.bench.ingest.each PORT``.
"""

import sys

import orjson
import uvicorn
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from meritline.bootstrap import open_platform
from meritline.http.authentication import Authentication
from meritline.records.delivery import Delivery
from meritline.records.formats import open_table
from meritline.records.ingest import ingest
from meritline.records.service import direct_for
from meritline.records.summary import answer
from meritline.settings import Settings


async def endpoint(request: Request) -> Response:
    """Take the records of the body."""
    platform, principal = request.app.state.platform, request.state.principal
    async with platform.database.scoped_read(principal.tenant_id) as conn:
        mapping, _ = await direct_for(conn, principal.tenant_id, request.path_params["record_type"],
                                      request.query_params["source"], platform.catalogue.records)  # fmt: skip
    table = open_table(await request.body(), name="body.ndjson")
    delivery = Delivery(source=mapping, table=table, actor=principal.actor, rows_wanted=True)
    summary = await ingest(platform.database, principal.tenant_id, delivery, clock=platform.clock)
    return Response(orjson.dumps(answer(summary, "en")), media_type="application/json")


async def serve(port: int) -> None:
    """Until told to stop."""
    async with open_platform(Settings.from_environ()) as platform:
        app = Starlette(routes=[Route("/v1/records/{record_type}", endpoint, methods=["POST"])],
                        middleware=[Middleware(Authentication, platform=platform)])  # fmt: skip
        app.state.platform = platform
        config = uvicorn.Config(app, host="127.0.0.1", port=port, http="httptools", lifespan="off",
                                log_level="warning", access_log=False)  # fmt: skip
        await uvicorn.Server(config).serve()


if __name__ == "__main__":
    import uvloop

    uvloop.run(serve(int(sys.argv[1])))
