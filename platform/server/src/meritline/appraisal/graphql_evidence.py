"""The records behind a line, as a connection. Decides who may see them.

Whoever sees the line sees its records where they are the subject's own; records of a whole department or company only
with a permission that reaches as far.
"""

import json
from collections.abc import Awaitable, Callable, Collection, Mapping
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from meritline.appraisal.explanation.evidence import Behind, LineKey, evidence
from meritline.appraisal.explanation.store import Origin
from meritline.appraisal.schemes_store import records_noted
from meritline.db import Connection as DatabaseConnection
from meritline.errors import Forbidden, MeritlineError
from meritline.graphql.kit import Order, RequestContext, cursors
from meritline.graphql.kit.paging import Connection, Edge, page_info, page_size
from meritline.measuring.evidence import Evidence
from meritline.records.columns import code_column, codes_column
from meritline_sdk.model.fields import FieldSpec
from meritline_sdk.model.kinds import MICROSECONDS_PER_SECOND, Kind
from meritline_sdk.model.records import RecordDeclaration
from meritline_sdk.model.schemes import OWN

PLACE: Final = Order("place", "", "int")
BY_MOMENT: Final = (PLACE, Order("at", "", "timestamptz"), Order("source", "", "text"), Order("id", "", "text"))
BY_DAY: Final = (PLACE, Order("day", "", "date"), *BY_MOMENT[2:])
COUNTED_AT_ONCE: Final = 5000


type FindOrigin = Callable[[Any, UUID], Awaitable[Origin]]
"""Finds where a line comes from, by a connection and the tenant."""


async def evidence_page(context: RequestContext, find: FindOrigin, first: int, after: str | None,
                        indicator: str | None = None) -> Connection:
    """One page of the evidence of a line that the reader sees."""
    tenant_id, size, start = context.principal.tenant_id, page_size(first), started(after)
    async with context.platform.database.scoped_read(tenant_id) as conn:
        origin = await find(conn, tenant_id)
        if context.reach("records:read") != "company" and (
                context.reach("records:read") is None or origin.read_from != OWN):
            raise Forbidden(role=str(context.principal.role), action="records:read")
        page = await evidence(conn, tenant_id, origin, first=size, after=start, indicator=indicator)
        declared = await declarations(context, conn, tenant_id, {each.record_type for each in page.records})

    async def count() -> int:
        return await counted(context, origin, indicator)

    edges = [edge(context, declared, each) for each in page.records]
    return Connection(edges, page_info(edges, more=page.more, after=after), count)


async def declarations(context: RequestContext, conn: DatabaseConnection, tenant_id: UUID,
                       types: Collection[str]) -> Mapping[str, RecordDeclaration]:
    """The record types: as they are installed, else as they were noted when the company enabled their sets."""
    installed = context.platform.catalogue.records
    if all(one in installed for one in types):
        return installed  # type: ignore[no-any-return]
    return {**await records_noted(conn, tenant_id), **installed}


async def counted(context: RequestContext, origin: Origin, indicator: str | None) -> int:
    """How many records there are."""
    total, tenant_id = 0, context.principal.tenant_id
    after: LineKey | None = None
    async with context.platform.database.scoped_read(tenant_id, snapshot=True) as conn:
        while True:
            page = await evidence(conn, tenant_id, origin, first=COUNTED_AT_ONCE, after=after, indicator=indicator)
            total += len(page.records)
            if not page.more:
                return total
            after = page.records[-1].key


def started(after: str | None) -> LineKey | None:
    """Where the page begins."""
    if after is None:
        return None
    try:
        return cursors.decode(after, BY_MOMENT)  # type: ignore[return-value]
    except MeritlineError:
        return cursors.decode(after, BY_DAY)  # type: ignore[return-value]


def edge(context: RequestContext, declared: Mapping[str, RecordDeclaration], each: Behind) -> Edge:
    """A record with its cursor."""
    row_type: Any = context.declarations.classes["ServiceRecord"]
    moment = isinstance(each.at, datetime)
    values = {
        "recordType": each.record_type,
        "source": each.source,
        "externalId": each.external_id,
        "version": each.version,
        "at": each.at if moment else None,
        "recordedAt": None,
        "fields": json.dumps(shown_fields(context, declared, each), default=str, ensure_ascii=False),
        "share": str(each.share),
        "value": brought(each),
        "met": each.met,
        "related": json.dumps([{"recordType": one.record_type, "source": one.source, "externalId": one.external_id}
                               for one in each.related], ensure_ascii=False),
    }
    return Edge(row_type.of_values(values), cursors.encode(BY_MOMENT if moment else BY_DAY, each.key))


def brought(each: Evidence) -> str | None:
    """What the record brings to the number, as an exact number; a time in seconds."""
    if each.value is None:
        return None
    return str(each.value / MICROSECONDS_PER_SECOND if each.timed else each.value)


def shown_fields(context: RequestContext, declared: Mapping[str, RecordDeclaration], each: Behind) -> dict[str, Any]:
    """The fields as the source said them; of a record type that nobody declares, all columns but the ids."""
    declaration = declared.get(each.record_type)
    if declaration is None:
        return {name: value for name, value in each.fields.items() if not isinstance(value, UUID)}
    told = {spec.name: plain(each.fields.get(column_of(spec))) for spec in declaration.fields}
    return context.platform.catalogue.shown(each.record_type, told)


def column_of(spec: FieldSpec) -> str:
    """Where a field stands in a form that people know."""
    if spec.kind in (Kind.PERSON, Kind.TEAM):
        return code_column(spec.name)
    return codes_column(spec.name) if spec.kind is Kind.PEOPLE else spec.name


def plain(value: Any) -> Any:
    """A value for JSON."""
    return value.isoformat() if isinstance(value, datetime) else value
