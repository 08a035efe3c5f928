"""What GraphQL shows of records in: service records, imports and their rejected rows.

Service records live in one table per record type, so their declaration is made from the record type when it is asked.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from functools import cache
from typing import Any

import strawberry

from meritline.errors import NotFound
from meritline.graphql.kit import (
    Column,
    Computed,
    Connected,
    Filter,
    GlobalId,
    Module,
    Object,
    Order,
    RequestContext,
    RootConnection,
    Through,
    Visible,
    words,
)
from meritline.graphql.kit.ids import key_of
from meritline.graphql.kit.paging import DEFAULT_FIRST, Arguments, page_size, root_page
from meritline.graphql.kit.statements import total_order
from meritline.plugins.record_types import RecordTypes
from meritline.records.columns import PREFIX, code_column, codes_column, ids_column, quoted
from meritline.records.entitled import Entitled, entitled_by
from meritline.records.store import SETS
from meritline.tenancy.visibility import TEAM
from meritline_sdk.model.fields import FieldSpec
from meritline_sdk.model.kinds import Kind
from meritline_sdk.model.records import RecordDeclaration

ImportState = words(
    "ImportState",
    "How far an import is.",
    {"running": "Rows are coming in.", "done": "All rows have their verdict.", "failed": "It was given up."},
)

IMPORT = Object(
    name="Import",
    description="One delivery of a source, with a verdict for every row.",
    table="import_batch",
    visible=Visible(action="sources:read"),
    fields=(
        GlobalId(),
        Column("source", "String!", "The source that delivered."),
        Column("recordType", "String!", "The record type."),
        Column("fileName", "String", "The file, where it was one."),
        Column("state", "ImportState!", "How far it is."),
        Column("lines", "Int!", "How many lines were read."),
        Column("rowsTotal", "Int", "How many there are, where that is known."),
        Column("accepted", "Int!", "New records."),
        Column("updated", "Int!", "Records with a new version."),
        Column("unchanged", "Int!", "Records that were known already."),
        Column("rejected", "Int!", "Rows that were refused, each with its reasons."),
        Column("unresolved", "Int!", "Records with a code that nobody is mapped to."),
        Column("folded", "Int!", "Lines that an other line of the same case replaced."),
        Column("startedAt", "DateTime!", "When it began."),
        Column("finishedAt", "DateTime", "When it ended."),
        Column("error", "String", "Why it was given up."),
        Connected("rejects", "ImportReject", "The refused rows.", on="{t}.import_id"),
    ),
    order=(Order("startedAt", "{t}.started_at", "timestamptz", descending=True),),
    filters=(
        Filter("source", "String", "{t}.source = {value}", "Of this source."),
        Filter("recordType", "String", "{t}.record_type = {value}", "Of this record type."),
        Filter("state", "ImportState", "{t}.state = {value}", "In this state."),
    ),
)

IMPORT_REJECT = Object(
    name="ImportReject",
    description="A row that was refused.",
    table="import_reject",
    visible=Through("Import", "{t}.import_id"),
    fields=(
        GlobalId(),
        Column("line", "Int!", "Its line in the file."),
        Column("externalId", "String", "Its id at the source, where it has one."),
        Column("raw", "JSON!", "The row as it came."),
        Column("reasons", "JSON!", "Why: code, field, value, message and remedy of each."),
    ),
    order=(Order("line", "{t}.line", "int"),),
)

SERVICE_RECORD = Object(
    name="ServiceRecord",
    description="One typed fact from outside: a work order, a call, a survey answer.",
    fields=(
        Column("recordType", "String!", "Its record type."),
        Column("source", "String!", "Who delivered it."),
        Column("externalId", "String!", "Its id at the source."),
        Column("version", "Int!", "Counts its changes."),
        Column("at", "DateTime", "The moment that decides its period, unless a measure chooses another."),
        Column("recordedAt", "DateTime", "When this version came in; not told behind a score line."),
        Column("fields", "JSON!", "Its fields by name; people and departments by their outside code."),
        Column("share", "String", "Behind a score line: the part of it that counts for the subject."),
        Column("value", "String", "Behind a score line: what it brings to the number, exactly; a time in seconds."),
        Column("met", "Boolean", "Behind a score line that is a ratio: whether it counts in the numerator."),
        Column("related", "JSON", "Behind a score line: the first of the other records that decided over it, each with "
                                  "recordType, source and externalId."),
    ),
)


@strawberry.input(description="Which service records; all given conditions hold.")
class ServiceRecordFilter:
    """Which service records."""

    source: str | None = strawberry.field(default=strawberry.UNSET, description="Of this source.")
    external_ids: list[str] | None = strawberry.field(
        default=strawberry.UNSET, description="With one of these ids at the source."
    )
    since: datetime | None = strawberry.field(default=strawberry.UNSET, description="At this moment or later.")
    before: datetime | None = strawberry.field(default=strawberry.UNSET, description="Before this moment.")
    employee: strawberry.ID | None = strawberry.field(
        default=strawberry.UNSET, description="Naming this employee in any role."
    )


def as_shown(spec: FieldSpec) -> str:
    """A field as an expression; decimals as text, so that no client rounds them."""
    match spec.kind:
        case Kind.PERSON | Kind.TEAM:
            column = quoted(code_column(spec.name))
        case Kind.PEOPLE:
            column = quoted(codes_column(spec.name))
        case Kind.NUMBER:
            column = f"{quoted(spec.name)}::text"
        case _:
            column = quoted(spec.name)
    return f'{{t}}.{column} as "{spec.name}"'


def naming(declaration: RecordDeclaration, people: str) -> str:
    """The condition that a record names one of these people in any role."""
    single = [f"{{t}}.{quoted(each.name)} in {people}" for each in declaration.fields if each.kind is Kind.PERSON]
    several = [
        f"{{t}}.{quoted(ids_column(each.name))} && array{people}"
        for each in declaration.fields
        if each.kind is Kind.PEOPLE
    ]
    return " or ".join((*single, *several)) or "false"


@cache
def shape_of(declaration: RecordDeclaration) -> Object:
    """The declared read of one record type."""
    at = (
        f"{{t}}.{quoted(declaration.at)}"
        if declaration.field(declaration.at).kind is Kind.INSTANT
        else (f"{{t}}.{quoted(declaration.at)}::timestamp at time zone 'UTC'")
    )
    written = ", ".join(as_shown(each) for each in declaration.fields)
    given = {
        "recordType": f"'{declaration.key}'",
        "at": at,
        "fields": f"(select row_to_json(every) from (select {written}) every)::text",  # noqa: S608 (names of ours)
        **dict.fromkeys(("share", "value", "related"), "null::text"),
        "met": "null::boolean",
    }
    fields = tuple(
        replace(each, sql=given.get(each.name)) for each in SERVICE_RECORD.fields if isinstance(each, Column)
    )
    return replace(
        SERVICE_RECORD,
        fields=fields,
        table=PREFIX + declaration.key,
        key="{t}.external_id",
        key_type="text",
        visible=Visible(
            action="records:read", team=naming(declaration, TEAM), own=naming(declaration, "(select {employee}::uuid)")
        ),
        order=(Order("at", at, "timestamptz", nullable=True), Order("source", "{t}.source", "text")),
        filters=(
            Filter("source", "String", "{t}.source = {value}", ""),
            Filter("external_ids", "[String!]", "{t}.external_id = any({value})", ""),
            Filter("since", "DateTime", f"{at} >= {{value}}", ""),
            Filter("before", "DateTime", f"{at} < {{value}}", ""),
            Filter("employee", "ID", naming(declaration, "(select {value}::uuid)"), "", of="Employee"),
        ),
    )


async def service_records(
    _: Mapping[str, Any],
    context: RequestContext,
    *,
    record_type: str,
    first: int = DEFAULT_FIRST,
    after: str | None = None,
    filter: ServiceRecordFilter | None = None,
) -> Any:
    """Records of one type, in order of their moment."""
    shape = shape_of(await shown_record(context, record_type))
    given = vars(filter) if filter else {}
    # An empty list or text is a condition that nothing meets; only null and silence are none.
    wanted = {name: value for name, value in given.items() if value is not None and value is not strawberry.UNSET}
    if "employee" in wanted:
        wanted["employee"] = key_of(wanted["employee"], "Employee", "uuid")
    known = {each.name: each.sql for each in shape.filters}
    asked = Arguments(
        first=page_size(first),
        after=after,
        filters=tuple((known[name], value) for name, value in wanted.items()),
        order=total_order(shape, shape.order),
    )
    return await root_page(context, context.declarations.classes["ServiceRecord"], asked, shape)


async def shown_record(context: RequestContext, record_type: str) -> RecordDeclaration:
    """The record type with the fields that the company has; its sets are looked up only where they matter."""
    known, has = context.platform.catalogue.records, None
    if isinstance(known, RecordTypes) and (record_type not in known or known.added_to(record_type)):
        has = entitled_by(await context.read(SETS, context.principal.tenant_id), known)
    return (has or Entitled(known, known)).require(record_type, lambda: NotFound(
        kind="record type", value=record_type, field="recordType"))  # fmt: skip


MODULE = Module(
    objects=(SERVICE_RECORD, IMPORT, IMPORT_REJECT),
    enums=(ImportState,),
    queries=(
        RootConnection("imports", "Import", "What was delivered, the newest first."),
        Computed("serviceRecords", "ServiceRecordConnection!", "The records of one type, by their moment.",
                 resolve=service_records),
    ),
)  # fmt: skip
