# ruff: noqa: S608 - every name in these statements is a quoted identifier of a record type
"""The statements that apply one batch of a delivery. Decides what is cheap where rows are new.

Rows wait in a temporary table, each id once. Where no record of the source has an id between the first and the last of
the batch, they are all new and only inserted (whoever inserts the same meanwhile makes the insert fail, and then the
delivery is merged). Else nothing is inserted; they are merged as ``statements`` describes it, and the marks of what was
there before are given back; what is new or changed is marked by whoever has the values.

Parameters of ``merge``: those of ``statements``, and $8, the number of rows; of ``insert``: $1 tenant, $2 source,
$3 now, $4 import, $5 and $6 the first and the last id. ``insert_in_order`` is for rows that were staged by their ids.
"""

from dataclasses import dataclass
from functools import lru_cache

from meritline.records.columns import Column, columns_of, current_table, quoted
from meritline.records.statements import CHANGED, STAGED, kept, marks_of, upserted, was
from meritline_sdk.model.records import RecordDeclaration

OWN = ("external_id", "digest")
# The ids with open codes so far: a row that a later batch has again is counted once.
OPEN = "create temporary table batch_open (external_id text collate \"C\" primary key) on commit drop"
NEWLY_OPEN = "insert into batch_open select unnest($1::text[]) on conflict do nothing returning external_id"


@dataclass(frozen=True, slots=True)
class BatchStatements:
    """The statements of a batch in which these fields have values."""

    merge: str
    insert: str
    insert_in_order: str


def staging(record: RecordDeclaration) -> str:
    """The unquoted name of the temporary table."""
    return f"batch_{record.key}"


def create(record: RecordDeclaration, columns: tuple[Column, ...]) -> str:
    """Makes the temporary table with every column that the source may fill."""
    own = [each for each in STAGED if each.name in OWN]
    definitions = ", ".join(f'"{each.name}" {each.sql_type}' for each in (*own, *columns))
    return f"create temporary table {quoted(staging(record))} ({definitions}) on commit drop"


def clear(record: RecordDeclaration) -> str:
    """Empties it."""
    return f"truncate {quoted(staging(record))}"


@lru_cache(maxsize=512)
def batch_statements(record: RecordDeclaration, fields: tuple[str, ...]) -> BatchStatements:
    """The statements for a batch in which these fields have values."""
    names = [quoted(column.name) for spec in record.fields if spec.name in fields for column in columns_of(spec)]
    insert = unknown(record, names)
    return BatchStatements(merge(record, names, ordered(record, names)), f"{insert} order by external_id", insert)


def ordered(record: RecordDeclaration, names: list[str]) -> str:
    """The rows, in an order that concurrent imports share."""
    columns = ", ".join(["external_id", "digest", "null::text as fold_key", *names])
    return f"candidate as (select {columns} from {quoted(staging(record))} order by external_id)"


def merge(record: RecordDeclaration, names: list[str], rows: str, import_id: str = "$7::uuid") -> str:
    """How many are new and which are changed, of the new which (where not all are), and the marks of what was."""
    marks = marks_of(record, was, f"{was('version')} < version")
    before = f"before as materialized (select distinct * from ({marks}) as marks)"
    parts = [rows, upserted(record, names, False, import_id), kept(record), before]
    # Names every parameter, so that all have a type whatever the record type has.
    named = "$2::text is not null and $4::timestamptz[] is not null and $5::interval[] is not null"
    return (
        f"with {', '.join(parts)} select count(*) filter (where new)::int as accepted, "
        "coalesce(array_agg(external_id) filter (where not new), '{}') as updated, "
        "coalesce(bool_or(own), false) as own, max(recorded_at) as newest, "
        "case when count(*) < $8::int then array_agg(external_id) filter (where new) end as accepted_ids, "
        '(select coalesce(array_agg("#who"), \'{}\') from before) as whose, '
        "(select coalesce(array_agg(\"#on\" - date '2000-01-01'), '{}') from before) as days "
        f"from (select external_id, recorded_at, {was('version')} is null as new, {was('import_id')} = $7::uuid as own "
        f"from upserted where {CHANGED} and {named}) changed"
    )


def unknown(record: RecordDeclaration, names: list[str]) -> str:
    """All rows, where none can be known; else none of them."""
    columns = ", ".join(["tenant_id", "source", "external_id", "version", "digest", "recorded_at", "import_id", *names])
    values = ", ".join(["$1::uuid", "$2::text", "external_id", "1", "digest", "$3::timestamptz", "$4::uuid", *names])
    table = current_table(record.key)
    return (f"insert into {table} ({columns}) select {values} from {quoted(staging(record))} as staged "
            f"where not exists (select from {table} as known where known.tenant_id = $1 and known.source = $2 "
            "and known.external_id between $5 and $6)")  # fmt: skip
