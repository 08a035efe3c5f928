"""``POST /v1/records/{record_type}``: records from a program. Decides how a body is read and what is answered.

NDJSON names the record's own fields and ``external_id`` (or the columns of its source, where that source's files are
NDJSON); CSV and TSV are read by the mapping of their source. ``?source=`` names the source, ``?period=2026-05`` says
which period the rows speak for, ``Idempotency-Key`` makes the same request safe to repeat. The answer has a verdict for
every row; rows that are refused do not keep the others out.
"""

from dataclasses import replace
from typing import Any, Final

import orjson
from starlette.requests import Request
from starlette.responses import Response

from meritline.access import require
from meritline.domain.calendars import CompanyCalendar
from meritline.errors import MeritlineError
from meritline.http.answers import language_for
from meritline.records.delivery import Delivery
from meritline.records.formats import DEFAULT_LIMITS, Format, Table, open_table
from meritline.records.gathering import Door, Gatherer
from meritline.records.ingest import ingest
from meritline.records.repeating import Request as RepeatableRequest
from meritline.records.service import delivery_period, direct_for
from meritline.records.sources import SourceMapping
from meritline.records.summary import ImportSummary, answer
from meritline.tenancy.calendar import company_calendar

FORMATS: Final[dict[str, Format]] = {
    "application/x-ndjson": "ndjson", "application/ndjson": "ndjson", "application/jsonl": "ndjson",
    "application/json": "ndjson", "text/csv": "csv", "text/tab-separated-values": "tsv",
}  # fmt: skip
MOST_UNPACKED: Final = 20


async def records_endpoint(request: Request) -> Response:
    """Take the records of the body."""
    platform, principal = request.app.state.platform, request.state.principal
    require(principal, "records:write")
    told = format_of(request.headers.get("content-type"))
    declarations, record_type = platform.catalogue.records, request.path_params["record_type"]
    source, period = request.query_params.get("source"), request.query_params.get("period")
    body = await request.body()

    async def alone(
        direct: SourceMapping, mapped: SourceMapping, calendar: CompanyCalendar | None = None
    ) -> ImportSummary:
        """The body as a delivery of its own."""
        mapping = direct if told == "ndjson" and mapped.hints.format != "ndjson" else mapped
        delivery = Delivery(
            source=mapping,
            table=opened(body, mapping, told, platform.settings.max_body_bytes),
            actor=principal.actor,
            request=repeatable(request, mapping, body),
            period=delivery_period(period, calendar) if period and calendar else None,
            rows_wanted=True,
        )
        return await ingest(platform.database, principal.tenant_id, delivery, clock=platform.clock)

    summary = None
    if told == "ndjson" and not period:
        door = Door(principal.tenant_id, record_type, source)
        summary = await gatherer(request).take(door, body, lambda found: repeatable(request, found, body), alone)
    if summary is None:
        async with platform.database.scoped_read(principal.tenant_id) as conn:
            direct, mapped = await direct_for(conn, principal.tenant_id, record_type, source, declarations)
            calendar = await company_calendar(conn, principal.tenant_id)
        summary = await alone(direct, mapped, calendar)
    request.app.state.metrics.ingested(summary)
    return Response(orjson.dumps(answer(summary, language_for(request))), media_type="application/json")


def gatherer(request: Request) -> Gatherer:
    """The one of this server."""
    state = request.app.state
    if not hasattr(state, "gatherer"):
        state.gatherer = Gatherer(state.platform.database, state.platform.catalogue.records, state.platform.clock)
    found: Gatherer = state.gatherer
    return found


def format_of(content_type: str | None) -> Format:
    """The format that the request says; NDJSON where it says nothing."""
    named = (content_type or "application/x-ndjson").partition(";")[0].strip().lower()
    if named not in FORMATS:
        raise MeritlineError("E-IMPORT-CONTENT", value=named)
    return FORMATS[named]


def opened(body: bytes, mapping: SourceMapping, told: Format, most: int) -> Table:
    """The body as a table; gzipped bodies are bounded as they unpack."""
    limits = replace(DEFAULT_LIMITS, unpacked_bytes=MOST_UNPACKED * most)
    return open_table(body, replace(mapping.hints, format=told), name="body", limits=limits)


def repeatable(request: Request, mapping: SourceMapping, body: bytes) -> RepeatableRequest | None:
    """The request under its key, if it has one; the same key with anything else is refused."""
    key = request.headers.get("idempotency-key")
    if key is None:
        return None
    said: list[Any] = [mapping.record.key, mapping.key, request.query_params.get("period", ""),
                       request.headers.get("content-type", "")]  # fmt: skip
    return RepeatableRequest.of(key, *(str(part).encode() for part in said), body)
