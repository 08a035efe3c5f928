"""``GET`` and ``POST /v1/ratings/sheet``: a rater's sheet goes out as XLSX and comes back with ratings.

``?period=2026-05`` (going out required, coming back only compared), ``?scheme=``, ``?role=`` and, for HR,
``?rater=`` say which. The answer to a returned sheet counts its rows and tells what is wrong with the refused ones;
sending it again changes nothing.
"""

from typing import Final

import orjson
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from meritline.access import require
from meritline.errors import MeritlineError
from meritline.http.answers import language_for
from meritline.http.limits import BodyTooLarge

XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MOST_BYTES: Final = 8 * 1024 * 1024


async def give_sheet(request: Request) -> Response:
    """The sheet of the key's person, or of whom HR names."""
    from meritline.appraisal.ratings.sheet import make_sheet  # the library of workbooks is large

    platform, principal = request.app.state.platform, request.state.principal
    require(principal, "ratings:write")
    asked = request.query_params
    if "period" not in asked:
        raise MeritlineError("E-PERIOD", field="period", value="")
    async with platform.database.unit_of_work(principal.tenant_id) as uow:
        content = await make_sheet(uow, principal, asked["period"], scheme=asked.get("scheme"),
                                   rater=asked.get("rater"), role=asked.get("role"), language=language_for(request))
    name = f'attachment; filename="ratings-{asked["period"]}.xlsx"'
    return Response(content, media_type=XLSX, headers={"content-disposition": name, "cache-control": "no-store"})


async def take_back(request: Request) -> Response:
    """The ratings of a returned sheet."""
    from meritline.appraisal.ratings.sheet import take_sheet

    platform, principal = request.app.state.platform, request.state.principal
    require(principal, "ratings:write")
    body = await request.body()
    if len(body) > MOST_BYTES:
        raise BodyTooLarge(most=MOST_BYTES)
    async with platform.database.unit_of_work(principal.tenant_id) as uow:
        summary = await take_sheet(uow, principal, body, period=request.query_params.get("period"),
                                   clock=platform.clock)
    return Response(orjson.dumps(summary.answer(language_for(request)), default=str), media_type="application/json")


ROUTES: Final = (
    Route("/v1/ratings/sheet", give_sheet, methods=["GET"]),
    Route("/v1/ratings/sheet", take_back, methods=["POST"]),
)
