"""``GET /v1/exports/{what}``: scorecards, lines, rewards and pay statements as a file.

``?period=2026-05`` is required; ``?format=`` is csv (the default), json or xlsx. The file holds the rows that the key
may see, as GraphQL shows them: an employee's own, a manager's team, everything for HR.
"""

import tempfile
from collections.abc import Iterator
from typing import BinaryIO, Final, cast

from starlette.background import BackgroundTask
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route

from meritline.appraisal.cycles import cycle_of
from meritline.appraisal.exports.asked import CSV, JSON, XLSX, Asked, check_format
from meritline.errors import MeritlineError
from meritline.http.answers import language_for

TYPES: Final = {
    CSV: "text/csv; charset=utf-8", JSON: "application/json",
    XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}  # fmt: skip
PIECE: Final = 256 * 1024
IN_MEMORY: Final = 1024 * 1024


async def export_endpoint(request: Request) -> Response:
    """The file, written whole before the first byte goes out: a slow reader holds no connection of the database."""
    from meritline.rewards.files import check_what, write_file  # the library of workbooks is large

    platform, principal = request.app.state.platform, request.state.principal
    what, form = request.path_params["what"], request.query_params.get("format", CSV)
    period = request.query_params.get("period")
    check_what(what)
    check_format(form)
    if period is None:
        raise MeritlineError("E-PERIOD", field="period", value="")
    asked = Asked(principal.tenant_id, period, language_for(request), platform.clock().date(), principal)
    # Closed when the answer is sent, or below.
    whole = cast(BinaryIO, tempfile.SpooledTemporaryFile(IN_MEMORY))  # noqa: SIM115
    try:
        async with platform.database.scoped_read(principal.tenant_id, snapshot=True) as conn:
            await cycle_of(conn, principal.tenant_id, period)
            await write_file(conn, what, asked, form, whole)
        length = whole.tell()
        whole.seek(0)
    except BaseException:
        whole.close()
        raise
    headers = {"content-disposition": f'attachment; filename="{what}-{period}.{form}"', "cache-control": "no-store",
               "content-length": str(length), "x-content-type-options": "nosniff"}
    return StreamingResponse(pieces(whole), media_type=TYPES[form], headers=headers,
                             background=BackgroundTask(whole.close))


def pieces(whole: BinaryIO) -> Iterator[bytes]:
    """The file, piece by piece."""
    while piece := whole.read(PIECE):
        yield piece


ROUTES: Final = (Route("/v1/exports/{what}", export_endpoint, methods=["GET"]),)
