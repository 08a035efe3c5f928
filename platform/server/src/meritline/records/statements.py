# ruff: noqa: S608 - every name in these statements is a quoted identifier of a record type
"""The statements of ingest for a record type. Decides what happens to a row that is new, known, changed or older.

A file is staged by COPY into a temporary table and applied by one statement: the new are inserted, the changed become
a new version with the old one in the history, the known are left alone, and the subjects and local days of whatever
changed, before and after, are marked. Of a folding source a line that comes before the record's own in the order of
its case changes nothing; a later line that says the same only moves the order on.

Parameters of ``apply``: $1 tenant, $2 record type, $3 now, $4 instants from which the offsets $5 hold, $6 source,
$7 import.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from meritline.records.columns import (
    TEXT,
    Column,
    columns_of,
    current_table,
    field_columns,
    history_table,
    ids_column,
    quoted,
)
from meritline_sdk.model.kinds import Kind
from meritline_sdk.model.records import RecordDeclaration

STAGED: Final = (
    Column("#line", "integer"), Column("external_id", TEXT), Column("digest", "bytea"), Column("fold_key", TEXT),
    Column("#unresolved", "boolean"),
)  # fmt: skip
MOMENTS: Final = (Kind.INSTANT, Kind.DAY)
KEPT: Final = ("version", "digest", "fold_key", "recorded_at", "import_id")
NOBODY: Final = "'00000000-0000-0000-0000-000000000000'::uuid"


type NameOf = Callable[[str], str]


@dataclass(frozen=True, slots=True)
class Statements:
    """Everything that ingest runs for one record type; ``staging`` is the unquoted name of its temporary table."""

    staging: str
    columns: tuple[str, ...]
    create: str
    apply: str
    apply_with_rows: str
    differing: str
    forget: str


@lru_cache(maxsize=512)
def statements(record: RecordDeclaration, fields: tuple[str, ...], fold: bool) -> Statements:
    """The statements for a source that fills these fields."""
    filled = [column for spec in record.fields if spec.name in fields for column in columns_of(spec)]
    staging = f"staged_{record.key}"
    table, staged = quoted(staging), (*STAGED, *filled)
    definitions = ", ".join(f'"{each.name}" {each.sql_type}' for each in staged)
    names = [quoted(each.name) for each in filled]
    parts = [candidate(table, names, fold), upserted(record, names, fold), older(record, fold), kept(record),
             marked(record)]  # fmt: skip
    start = f"with {', '.join(parts)}"
    return Statements(
        staging=staging,
        columns=tuple(each.name for each in staged),
        create=f"create temporary table {table} ({definitions}) on commit drop",
        apply=f"{start} {COUNTS}",
        apply_with_rows=f"{start} {rows_of(table)}",
        differing=f'select external_id, array_agg("#line" order by "#line") as lines from {table} group by external_id '
        "having min(digest) <> max(digest) order by 2",
        forget=f"delete from {table} where external_id = any($1::text[])",
    )


def candidate(table: str, names: Sequence[str], fold: bool) -> str:
    """The rows that may land: one per external id, in an order that concurrent imports share."""
    columns = ", ".join(['"#line"', "external_id", "digest", "fold_key", '"#unresolved"', *names])
    order = 'external_id, fold_key desc, "#line" desc' if fold else 'external_id, "#line"'
    return f"candidate as (select distinct on (external_id) {columns} from {table} order by {order})"


def upserted(record: RecordDeclaration, names: Sequence[str], fold: bool, import_id: str = "$7::uuid") -> str:
    """The insert; what another import wrote meanwhile is seen, since the conflict looks at the newest row."""
    columns = ", ".join(["tenant_id", "source", "external_id", *KEPT, *names])
    changed = "current.digest <> excluded.digest"
    sets = ["digest = excluded.digest", *(f"{name} = excluded.{name}" for name in all_names(record))]
    if fold:
        later = "(current.fold_key is null or excluded.fold_key is null or excluded.fold_key >= current.fold_key)"
        where = f"{later} and ({changed} or excluded.fold_key is distinct from current.fold_key)"
        sets += [
            f"version = current.version + case when {changed} then 1 else 0 end",
            f"recorded_at = case when {changed} then greatest(excluded.recorded_at, current.recorded_at) "
            "else current.recorded_at end",
            f"import_id = case when {changed} then excluded.import_id else current.import_id end",
            "fold_key = coalesce(excluded.fold_key, current.fold_key)",
        ]
    else:
        where = changed
        sets += ["version = current.version + 1", "import_id = excluded.import_id", "fold_key = excluded.fold_key",
                 "recorded_at = greatest(excluded.recorded_at, current.recorded_at)"]  # fmt: skip
    before = ", ".join(f"old.{name} as {was(name)}" for name in (*KEPT, *all_names(record)))
    after = ", ".join(f"new.{name}" for name in ("external_id", "version", "recorded_at", *marked_names(record)))
    values = ", ".join(["$1::uuid", "$6::text", "external_id", "1", "digest", "fold_key", "$3::timestamptz",
                        import_id, *names])  # fmt: skip
    return (
        f"upserted as (insert into {current_table(record.key)} as current ({columns}) select {values} from candidate "
        f"on conflict (tenant_id, source, external_id) do update set {', '.join(sets)} where {where} "
        f"returning {after}, {before})"
    )


def older(record: RecordDeclaration, fold: bool) -> str:
    """The rows that came too late in the order of their case: the record's own line is behind them."""
    if not fold:
        return "older as (select null::text as external_id where false)"
    return (
        "older as (select c.external_id from candidate c "
        f"join {current_table(record.key)} r on r.tenant_id = $1::uuid and r.source = $6::text "
        "and r.external_id = c.external_id and r.digest <> c.digest "
        "where not exists (select from upserted u where u.external_id = c.external_id))"
    )


def kept(record: RecordDeclaration, source: str = "$6::text") -> str:
    """What was there before goes into the history."""
    names = [*KEPT, *all_names(record)]
    columns = ", ".join(["tenant_id", "source", "external_id", *names, "superseded_at"])
    values = ", ".join(["$1::uuid", source, "external_id", *(was(name) for name in names), "recorded_at"])
    return (
        f"kept as (insert into {history_table(record.key)} ({columns}) select {values} from upserted "
        f"where {was('version')} < version on conflict do nothing)"
    )


def marked(record: RecordDeclaration) -> str:
    """Every subject with every local day of whatever is new or changed, as it was and as it is: a row for each month
    with a bit for each day. The newest moment is kept, and DO UPDATE waits for whoever is taking the mark."""
    before, after = marks_of(record, was, f"{was('version')} < version"), marks_of(record, str, CHANGED)
    of_month = 'extract(day from "#on")::int - 1'
    return (
        "marked as (insert into touched as known (tenant_id, record_type, subject_id, month, days, touched_at) "
        f'select $1::uuid, $2::text, "#who", "#on" - ({of_month}), bit_or(1 << ({of_month})), '
        "greatest($3::timestamptz, (select max(recorded_at) from upserted)) "
        f"from ({before} union all {after}) as marks "
        # Types the parameters also where a record type has days alone.
        "where $4::timestamptz[] is not null and $5::interval[] is not null group by 3, 4 order by 3, 4 "
        "on conflict (tenant_id, record_type, subject_id, month) do update set days = known.days | excluded.days, "
        "touched_at = greatest(known.touched_at, excluded.touched_at))"
    )


def marks_of(record: RecordDeclaration, name_of: NameOf, where: str) -> str:
    """The marks of one side of the change: every person beside every day, each day of a record once.

    ``unnest`` in the select list needs no table of its own, and ``offset 0`` keeps Postgres from reckoning the days
    again for every person: both were measured, and together they halve the cost.
    """
    moments = [local_day(name_of(quoted(spec.name)), spec.kind) for spec in record.fields if spec.kind in MOMENTS]
    days = [f'"#{place}"' for place in range(len(moments))]
    named = ", ".join(f"{moment} as {day}" for moment, day in zip(moments, days, strict=True))
    once = [days[0], *(f"case when {day} not in ({', '.join(days[:place])}) is not false then {day} end"
                       for place, day in enumerate(days) if place)]  # fmt: skip
    changes = f'select {subjects(record, name_of)} as "#people", {named} from upserted where {where} offset 0'
    records = f'select "#people", array[{", ".join(once)}] as "#days" from ({changes}) as c offset 0'
    people = f'select unnest("#people") as "#who", "#days" from ({records}) as r'
    pairs = f'select "#who", unnest("#days") as "#on" from ({people}) as p'
    return f'select coalesce("#who", {NOBODY}) as "#who", "#on" from ({pairs}) as q where "#on" is not null'


def marked_names(record: RecordDeclaration) -> list[str]:
    """The quoted columns that marks are made of."""
    kinds = (*MOMENTS, Kind.PERSON, Kind.TEAM)
    plain = [quoted(spec.name) for spec in record.fields if spec.kind in kinds]
    return plain + [quoted(ids_column(spec.name)) for spec in record.fields if spec.kind is Kind.PEOPLE]


def subjects(record: RecordDeclaration, name_of: NameOf) -> str:
    """All people and departments that a record names, as an array; a null one is nobody."""
    singles = [name_of(quoted(spec.name)) for spec in record.fields if spec.kind in (Kind.PERSON, Kind.TEAM)]
    groups = [name_of(quoted(ids_column(spec.name))) for spec in record.fields if spec.kind is Kind.PEOPLE]
    found = f"array[{', '.join(singles or ['null'])}]::uuid[]"
    return " || ".join([found, *(f"coalesce({group}, '{{null}}'::uuid[])" for group in groups)])


def local_day(name: str, kind: Kind) -> str:
    """The tenant's day of a moment; Postgres adds an offset that we looked up, it never converts a zone."""
    if kind is Kind.DAY:
        return name
    offset = f"($5::interval[])[width_bucket({name}, $4::timestamptz[])]"
    return f"(({name} at time zone 'UTC') + {offset})::date"


def all_names(record: RecordDeclaration) -> list[str]:
    """The quoted columns of all fields."""
    return [quoted(column.name) for column in field_columns(record)]


def was(name: str) -> str:
    """The name under which a column's value before the change is known."""
    return f'"was {name.strip(chr(34))}"'


OUTCOME: Final = f"""
case when o.external_id is not null then null when u.external_id is null then 'unchanged'
     when {was("version")} is null then 'accepted'
     when {was("version")} < u.version then 'updated' else 'unchanged' end"""
CHANGED: Final = f"{was('version')} is distinct from version"
COUNTS: Final = f"""
select c.*, u.*, (select count(*) from older) as older
from (select count(*) as candidates, count(*) filter (where "#unresolved") as unresolved from candidate) c,
  (select count(*) filter (where {was("version")} is null) as accepted,
     count(*) filter (where {was("version")} < version) as updated from upserted) u"""


def rows_of(table: str) -> str:
    """The outcome of every staged line; null for a line that another line of the file stands for."""
    return (
        'select s."#line" as line, s.external_id, c."#unresolved" as unresolved, '
        f'case when c."#line" is not null then {OUTCOME} end as outcome '
        f'from {table} s left join candidate c on c."#line" = s."#line" and c.external_id = s.external_id '
        "left join upserted u on u.external_id = c.external_id left join older o on o.external_id = c.external_id "
        'order by s."#line"'
    )
