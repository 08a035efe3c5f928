"""``POST /v1/figures``: ready-made figures from a program, as NDJSON, CSV or TSV. Decides what is answered.

``?period=2026-05`` names the period of rows that name none. Good rows land; each refused one is answered with its line
and its reasons. The same figure again changes nothing, so a request can be repeated.
"""

from dataclasses import replace
from typing import Any

import orjson
from starlette.requests import Request
from starlette.responses import Response

from meritline.access import require
from meritline.appraisal.figures.answers import answer
from meritline.appraisal.figures.files import deliver
from meritline.appraisal.figures.service import writer_of
from meritline.http.answers import language_for
from meritline.http.records import MOST_UNPACKED, format_of
from meritline.records.formats import DEFAULT_LIMITS, Hints, open_table


async def figures_endpoint(request: Request) -> Response:
    """Take the figures of the body."""
    platform: Any = request.app.state.platform
    principal = request.state.principal
    require(principal, "figures:write")
    told = format_of(request.headers.get("content-type"))
    limits = replace(DEFAULT_LIMITS, unpacked_bytes=MOST_UNPACKED * platform.settings.max_body_bytes)
    table = open_table(await request.body(), Hints(format=told), name="body", limits=limits)
    async with platform.database.unit_of_work(principal.tenant_id) as uow:
        done = await deliver(uow, await writer_of(uow, principal), table, clock=platform.clock,
                             period=request.query_params.get("period"), replacing=False)
    return Response(orjson.dumps(answer(done, language_for(request))), media_type="application/json")
