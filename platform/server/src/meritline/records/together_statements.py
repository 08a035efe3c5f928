# ruff: noqa: S608 - every name in these statements is a quoted identifier of a record type
"""The statements of requests that are taken together. Decides how a few rows reach the database without being staged.

A temporary table costs more than a handful of rows are worth: they come as arrays, one for each column. Lists of
people are text in the form of an array, since Postgres has no arrays of arrays that differ in length.

Parameters of ``merge``: those of ``batch_statements``, then the arrays of ids, digests, imports and columns. Of
``land``: those of ``statements`` with the moment of the end in the place of the import, then the arrays of imports,
their lines and how many of them have open codes, then those same arrays of rows.
"""

from functools import lru_cache
from typing import Any, Final

from meritline.records.batch_statements import merge
from meritline.records.columns import TEXT, Column, columns_of, quoted
from meritline.records.marking import touch
from meritline.records.statements import kept, marked, upserted, was
from meritline.records.store import KNOWN, WAYS
from meritline.records.upkeep import WANTED
from meritline.tenancy.codes import SOME
from meritline_sdk.model.records import RecordDeclaration

FIRST: Final = 9
FIRST_LANDED: Final = 11
GIVEN: Final = (Column("external_id", TEXT), Column("digest", "bytea"), Column("import_id", "uuid"))

COMPANY: Final = f"""
select time_zone, array(select uuidv7() from generate_series(1, $2::int)) as ids, ways.*
from tenant_profile, lateral ({WAYS.replace("$2", "$3")}) as ways where tenant_id = $1
"""
HOLD: Final = f"{COMPANY} for share of tenant_profile"
"""The company, as ``store.hold`` holds it, with its sources and sets."""


def looked_up(spaces: str, codes: str, keys: str) -> str:
    """Whom codes mean, what was answered before to the same keys, what a run knows, and which jobs changed records
    want: a statement of its own once the company is held (``store.later``)."""
    some = SOME.replace("$2", spaces).replace("$3", codes)
    return f"""
select ({KNOWN}) as known_at, array(select row(found.*) from ({some}) as found) as meanings,
  array(select row(key, request_digest, response) from request_key
    where tenant_id = $1 and key = any((select {keys}::text[])::text[])) as answered, {WANTED}
"""


LOOKED_UP: Final = looked_up("$2", "$3", "$4")
HELD_LOOKED_UP: Final = f"""
select held.*, looked.* from ({COMPANY}) held
cross join lateral ({looked_up("$4", "$5", "$6")}) looked
"""
"""Both, of a company that is held."""
KEEP: Final = f"""
with marking as ({touch("$3", "$15", "$16", "$17", "$18")} returning 1), done as (
  insert into import_batch (tenant_id, id, source, record_type, state, request_key, content_digest, started_at,
    lines, rows_total, accepted, updated, unchanged, rejected, unresolved, finished_at)
  select $1, id, $2, $3, 'done', key, digest, $4, lines, lines, accepted, updated, unchanged, rejected, unresolved, $5
  from unnest($6::uuid[], $7::text[], $8::text[], $9::int[], $10::int[], $11::int[], $12::int[], $13::int[], $14::int[])
    as given (id, key, digest, lines, accepted, updated, unchanged, rejected, unresolved)
), answer as (
  insert into request_key (tenant_id, key, request_digest, response)
  select $1, * from unnest($19::text[], $20::text[], $21::text[]) as given (key, request_digest, response)
  where (select count(*) from marking) >= 0 order by 2
  on conflict (tenant_id, key) do nothing returning key
)
select (select count(*) from answer) as answered, {WANTED}
"""
"""The marks, the imports and the answers under their keys, and what that makes wanted. Keys are written after the
marks, as by whoever delivers alone: else two would wait for each other."""


def arrays_of(record: RecordDeclaration) -> tuple[Column, ...]:
    """The columns in the order of their arrays."""
    return (*GIVEN, *(column for spec in record.fields for column in columns_of(spec)))


@lru_cache(maxsize=256)
def merge_given(record: RecordDeclaration) -> str:
    """Rows that are new or changed, as ``batch_statements.merge`` tells of them; each with its own import."""
    return merge(record, field_names(record), given(record, FIRST), "import_id")


@lru_cache(maxsize=256)
def land_given(record: RecordDeclaration) -> str:
    """The rows with the marks they make and the rows of their imports, all at once: which ids are new, which changed,
    and what that makes wanted. Of few rows the database tells the marks as quickly as we; no key asks for an answer."""
    rows = [given(record, FIRST_LANDED), upserted(record, field_names(record), False, "import_id"), kept(record),
            marked(record), IMPORTED]  # fmt: skip
    return f"with {', '.join(rows)} {LANDED}"


IMPORTED: Final = f"""
landed as (
  select c.import_id, count(*) as rows, count(u.external_id) filter (where {was("version")} is null) as accepted,
    count({was("version")}) as updated
  from candidate c left join upserted u on u.external_id = c.external_id group by 1
), done as (
  insert into import_batch (tenant_id, id, source, record_type, state, started_at,
    lines, rows_total, accepted, updated, unchanged, rejected, unresolved, finished_at)
  select $1, id, $6, $2, 'done', $3, lines, lines, coalesce(accepted, 0), coalesce(updated, 0),
    coalesce(rows - accepted - updated, 0), 0, unresolved, $7
  from unnest($8::uuid[], $9::int[], $10::int[]) as given (id, lines, unresolved) left join landed on import_id = id
)"""
LANDED: Final = f"""
select array(select external_id from upserted where {was("version")} is null) as accepted,
  array(select external_id from upserted where {was("version")} is not null) as updated, {WANTED}
"""


def given(record: RecordDeclaration, first: int) -> str:
    """The rows, whose arrays begin at this parameter."""
    columns = arrays_of(record)
    arrays = ", ".join(f"${first + place}::{array_type(column)}" for place, column in enumerate(columns))
    names = ", ".join(quoted(column.name) for column in columns)
    chosen = ", ".join(f"{quoted(column.name)}::{column.sql_type}" if listed(column) else quoted(column.name)
                       for column in columns)  # fmt: skip
    return (f"candidate as (select {chosen}, null::text as fold_key from unnest({arrays}) as given ({names}) "
            "order by external_id)")  # fmt: skip


def field_names(record: RecordDeclaration) -> list[str]:
    """The quoted columns of its fields."""
    return [quoted(column.name) for column in arrays_of(record)[len(GIVEN) :]]


def listed(column: Column) -> bool:
    """Whether a value of the column is itself a list."""
    return "[]" in column.sql_type


def array_type(column: Column) -> str:
    """The type of the array of a column's values."""
    return "text[]" if listed(column) else f"{column.sql_type.partition(' COLLATE')[0]}[]"


def written(values: list[Any] | None) -> str | None:
    """A list as Postgres writes it."""
    if values is None:
        return None
    return "{" + ",".join("NULL" if value is None else quoted_part(str(value)) for value in values) + "}"


def quoted_part(text: str) -> str:
    """A part of a list."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
