"""Files and bodies of records by the sources of a tenant. Decides which source reads them, and what failures leave."""

import json
import logging
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from meritline.db import Connection, Database
from meritline.domain.calendars import CompanyCalendar
from meritline.domain.periods import PeriodRefused
from meritline.errors import MeritlineError, NotFound, render
from meritline.plugins.catalogue import NeedsPlugin
from meritline.plugins.record_types import RecordTypes
from meritline.records import store
from meritline.records.delivery import Delivery, Progress
from meritline.records.entitled import Declarations, Entitled, entitled, entitled_by
from meritline.records.formats import Table, open_table
from meritline.records.ingest import ingest
from meritline.records.mappings import Mappings, Pair
from meritline.records.sources import SourceMapping, direct_mapping, parse_source
from meritline.records.summary import ImportSummary
from meritline.records.validate.rows import Reject
from meritline.tenancy import store as tenancy_store
from meritline.tenancy.calendar import company_calendar
from meritline.tenancy.values import Source
from meritline_sdk.model.records import RecordDeclaration

API_SOURCE = "api"
MAPPINGS = Mappings()
log = logging.getLogger(__name__)


class SourceUnknown(NotFound):
    """A source that the tenant does not have."""

    code = "E-SOURCE-UNKNOWN"


def mapping_of(source: Source, declarations: Declarations) -> SourceMapping:
    """The mapping of a source whose codes are read again: without the fields of sets that are not there now. Raises
    where its record type has changed under it."""
    named, known = source.body.get("fields"), {spec.name for spec in declarations[source.record_type].fields}
    if isinstance(named, Mapping):
        fields = {name: one for name, one in named.items() if name in known or "__" not in name}
        source = replace(source, body={**source.body, "fields": fields})
    return mapping_for_company(source, Entitled(declarations, declarations))


def mapping_for_company(source: Source, has: Entitled) -> SourceMapping:
    """The mapping of a source as far as the company may fill its record type."""
    unblocked(source, has)
    found = parse_source(source.body, has.fields, key=source.key)
    if isinstance(found, list):
        reason = " ".join(each.text() for each in found[:3])
        raise MeritlineError("E-SOURCE-BROKEN", value=source.key, reason=reason)
    return whole(replace(found, strict=source.strict or found.strict), has)


def unblocked(source: Source, has: Entitled) -> Source:
    """The source; raises where a set that it needs is not there."""
    named = source.body.get("fields")
    blocked = has.blocked(source.record_type, named if isinstance(named, Mapping) else ())
    if blocked:
        raise NeedsPlugin(blocked)
    return source


def whole(mapping: SourceMapping, has: Entitled) -> SourceMapping:
    """The same mapping of the whole record type: what the company has not stays empty, and is kept in the history."""
    return replace(mapping, record=has.whole[mapping.record.key])


async def mapping_for(conn: Connection, tenant_id: UUID, key: str, declarations: Declarations) -> SourceMapping:
    """The mapping of one of the tenant's sources."""
    known = await tenancy_store.sources(conn, tenant_id)
    if key not in known:
        raise SourceUnknown(value=key, known=sorted(known) or ["-"])
    return mapping_for_company(known[key], await entitled(conn, tenant_id, declarations))


async def direct_for(
    conn: Connection, tenant_id: UUID, record_type: str, key: str | None, declarations: Declarations
) -> Pair:
    """How the rows of a program are read that name the record's own fields, and how its files are."""
    found = await conn.fetchrow(store.WAYS, tenant_id, installed(declarations))
    return direct_by(found["sources"], found["sets"], record_type, key, declarations)


async def direct_at_once(
    database: Database, tenant_id: UUID, record_type: str, key: str | None, declarations: Declarations
) -> Pair:
    """The same, read in one trip."""
    found = (await database.read(tenant_id, store.WAYS, tenant_id, installed(declarations)))[0]
    return direct_by(found["sources"], found["sets"], record_type, key, declarations)


def direct_by(
    sources: Iterable[Any], sets: Iterable[Any], record_type: str, key: str | None, declarations: Declarations
) -> Pair:
    """The same of a company that has these sources and sets.

    Without a key the source is the only one the tenant has for the record type; without any it is ``api``, whose codes
    are the tenant's own numbers.
    """
    has = entitled_by(sets, declarations)
    record = has.require(record_type, lambda: NotFound("E-IMPORT-RECORD-TYPE", value=record_type,
                                                       known=sorted(declarations)))  # fmt: skip
    known = {way.key: way for way in (store.Way(*row) for row in sources)}
    fitting = sorted(name for name, each in known.items() if each.record_type == record_type)
    if key is None and len(fitting) > 1:
        raise MeritlineError("E-IMPORT-SOURCES", known=fitting)
    key = key or next(iter(fitting), API_SOURCE)
    if key not in known:
        if key != API_SOURCE:
            raise SourceUnknown(value=key, known=sorted(known) or ["-"])
        return MAPPINGS.of(store.Way(key, record_type, "", False), has, lambda: plain_ways(record, has))
    way = known[key]
    if way.record_type != record_type:
        raise MeritlineError("E-IMPORT-OTHER-TYPE", value=key, actual=way.record_type, asked=record_type)
    if has.lacks():
        unblocked(source_of(way), has)
    return MAPPINGS.of(way, has, lambda: both_ways(source_of(way), has, record))


def installed(declarations: Declarations) -> list[str]:
    """The sets of whose declarations nothing has to be read."""
    return sorted(declarations.uses) if isinstance(declarations, RecordTypes) else []


def source_of(way: store.Way) -> Source:
    """The source itself."""
    return Source(way.key, way.record_type, json.loads(way.body), way.strict)


def plain_ways(record: RecordDeclaration, has: Entitled) -> Pair:
    """How rows are read of a company that has no source for them."""
    direct = whole(direct_mapping(record, API_SOURCE), has)
    return direct, direct


def both_ways(source: Source, has: Entitled, record: RecordDeclaration) -> Pair:
    """How rows are read that name the fields of the record type, and how the files of the source are."""
    mapping = mapping_for_company(source, has)
    return whole(direct_mapping(record, source.key, mapping), has), mapping


async def import_file(
    database: Database, tenant_id: UUID, declarations: Declarations, *, source: str, given: Path | bytes, actor: str,
    clock: Callable[[], datetime], name: str | None = None, period: str | None = None,
    progress: Callable[[Progress], None] | None = None, rejected: Callable[[Reject], None] | None = None,
    opened: Callable[[Table], None] | None = None,
) -> ImportSummary:  # fmt: skip
    """Import a file by one of the tenant's sources; that one could not be read as a whole is kept, and raised."""
    started_at = clock()
    async with database.scoped_read(tenant_id) as conn:
        mapping = await mapping_for(conn, tenant_id, source, declarations)
        calendar = await company_calendar(conn, tenant_id)
    covers = delivery_period(period, calendar) if period else None
    file_name = name or (given.name if isinstance(given, Path) else "upload")
    try:
        table = open_table(given, mapping.hints, name=file_name)
        if opened:
            opened(table)
        delivery = Delivery(
            source=mapping, table=table, actor=actor, file_name=file_name, period=covers, progress=progress,
            rejected=rejected,
        )  # fmt: skip
        return await ingest(database, tenant_id, delivery, clock=clock)
    except MeritlineError as error:
        await note_failure(database, tenant_id, mapping, file_name, (started_at, clock()), error)
        raise


async def note_failure(
    database: Database, tenant_id: UUID, mapping: SourceMapping, file_name: str, span: tuple[datetime, datetime],
    error: MeritlineError,
) -> None:  # fmt: skip
    """Keep that a file was given up, in a unit of its own; what cannot be kept is only logged."""
    try:
        async with database.unit_of_work(tenant_id) as uow:
            await store.failed(
                uow.conn, tenant_id, source=mapping.key, record_type=mapping.record.key, file_name=file_name,
                at=span[0], finished_at=span[1], error=render(error)[:4000],
            )  # fmt: skip
    except Exception:
        log.exception("a failed import could not be noted", extra={"tenant_id": str(tenant_id)})


def delivery_period(text: str, calendar: CompanyCalendar) -> tuple[date, date]:
    """The first day and the day after the last of ``2026-05``, ``2026-Q2``, ``2026`` or ``2026-05-01..2026-05-15``."""
    first, dots, last = text.partition("..")
    try:
        if not dots:
            found = calendar.window(text)
            return found.first_day, found.end_day
        span = date.fromisoformat(first), date.fromisoformat(last) + timedelta(days=1)
    except (PeriodRefused, ValueError, OverflowError) as wrong:
        raise MeritlineError("E-FILE-PERIOD", value=text) from wrong
    if span[0] >= span[1]:
        raise MeritlineError("E-FILE-PERIOD", value=text)
    return span
