"""Which columns a record type has. Decides the names and SQL types that ingest, measures and evidence agree on.

A field becomes one column of its name, and those that name people or departments two or three: what the source
said (``f_code``), and whom it means (``f``: unresolved is null). Text is collated "C"; numbers are kept where
arithmetic on them stays exact: whole numbers below 10^18, decimals neither NaN nor infinite.
"""

import re
from dataclasses import dataclass
from hashlib import sha256
from typing import Final

from meritline_sdk.model.fields import FieldSpec
from meritline_sdk.model.kinds import Kind
from meritline_sdk.model.records import RecordDeclaration

PREFIX: Final = "record_"
HISTORY: Final = "_history"
IDENTIFIER: Final = re.compile(r"[a-z][a-z0-9_]{0,62}")
WIDEST_INT: Final = 10**18 - 1
TEXT: Final = 'text COLLATE "C"'
NAMING: Final = (Kind.PERSON, Kind.TEAM, Kind.PEOPLE)
"""Fields that name people or departments."""
SYSTEM_COLUMNS: Final = frozenset({"tableoid", "xmin", "cmin", "xmax", "cmax", "ctid"})

SQL_TYPES: Final = {
    Kind.INT: "bigint",
    Kind.NUMBER: "numeric",
    Kind.FLAG: "boolean",
    Kind.CODE: TEXT,
    Kind.CHOICE: TEXT,
    Kind.INSTANT: "timestamp with time zone",
    Kind.DAY: "date",
    Kind.PERSON: "uuid",
    Kind.TEAM: "uuid",
}
CHECKS: Final = {
    Kind.INT: "{0} BETWEEN -999999999999999999 AND 999999999999999999",
    Kind.NUMBER: "{0} > -1000000000000000000 AND {0} < 1000000000000000000",
    # What Python's calendar can hold; infinity is outside.
    Kind.INSTANT: "{0} >= '0001-01-02 00:00:00+00' AND {0} < '9999-12-31 00:00:00+00'",
    Kind.DAY: "{0} >= '0001-01-02' AND {0} < '9999-12-31'",
}


@dataclass(frozen=True, slots=True)
class Column:
    """One column: ``kind`` is that of the field it belongs to, ``check`` what its values must satisfy."""

    name: str
    sql_type: str
    kind: Kind | None = None
    check: str | None = None
    required: bool = False


HOUSEKEEPING: Final = (
    Column("tenant_id", "uuid", required=True),
    Column("source", TEXT, required=True),
    Column("external_id", TEXT, required=True),
    Column("version", "integer", check='"version" >= 1', required=True),
    Column("digest", "bytea", required=True),
    Column("fold_key", TEXT),
    Column("recorded_at", "timestamp with time zone", required=True),
    Column("import_id", "uuid"),
)
SUPERSEDED: Final = Column("superseded_at", "timestamp with time zone", required=True)


def quoted(identifier: str) -> str:
    """The identifier as SQL; anything but a plain lower-case name is refused, wherever it came from."""
    if not IDENTIFIER.fullmatch(identifier):
        raise ValueError(f"{identifier!r} cannot name a table or a column")
    return f'"{identifier}"'


def hashed_name(table: str, what: str, ending: str) -> str:
    """A name that tells indexes of one table apart, however long theirs is."""
    return f"{table[:46]}_{sha256(f'{table} {what}'.encode()).hexdigest()[:8]}{ending}"


def holder_index(table: str, holder: str, at: str) -> str:
    """The name of the index that finds what one employee holds of a period."""
    return hashed_name(table, f"{holder},{at}", "_of")


def current_table(record: str) -> str:
    """The quoted table of the newest versions of a record type."""
    return quoted(PREFIX + record)


def history_table(record: str) -> str:
    """The quoted table of the versions that were superseded."""
    return quoted(PREFIX + record + HISTORY)


def code_column(field: str) -> str:
    """Where the outside code of a Person or Team stands."""
    return f"{field}_code"


def codes_column(field: str) -> str:
    """Where the outside codes of People stand (text[])."""
    return f"{field}_codes"


def ids_column(field: str) -> str:
    """Where the employees of a People field stand (uuid[]; an unresolved one is null)."""
    return f"{field}_ids"


def shares_column(field: str) -> str:
    """Where the parts of a People field stand (integer[], each at least 1)."""
    return f"{field}_shares"


def value_column(field: str, kind: Kind) -> str:
    """The column that says whether the field has a value, and which."""
    return ids_column(field) if kind is Kind.PEOPLE else field


def columns_of(spec: FieldSpec) -> tuple[Column, ...]:
    """The columns of one field, in the order of the table."""
    name, kind = spec.name, spec.kind
    match kind:
        case Kind.PERSON | Kind.TEAM:
            return (Column(code_column(name), TEXT, kind), Column(name, SQL_TYPES[kind], kind))
        case Kind.PEOPLE:
            return people_columns(name)
        case _:
            check = CHECKS.get(kind)
            return (Column(name, SQL_TYPES[kind], kind, check and check.format(quoted(name))),)


def people_columns(name: str) -> tuple[Column, ...]:
    """Codes, employees and parts, one of each per person: without anybody all three are null."""
    codes, ids, shares = (quoted(make(name)) for make in (codes_column, ids_column, shares_column))
    check = (
        f"({codes} IS NULL AND {ids} IS NULL AND {shares} IS NULL) OR (cardinality({ids}) > 0"
        f" AND cardinality({ids}) = cardinality({codes}) AND cardinality({ids}) = cardinality({shares})"
        f" AND 0 < ALL ({shares}) AND array_position({shares}, NULL) IS NULL) IS TRUE"
    )
    return (
        Column(codes_column(name), 'text[] COLLATE "C"', Kind.PEOPLE),
        Column(ids_column(name), "uuid[]", Kind.PEOPLE),
        Column(shares_column(name), "integer[]", Kind.PEOPLE, check),
    )


def field_columns(declaration: RecordDeclaration) -> tuple[Column, ...]:
    """The columns of all fields."""
    return tuple(column for spec in declaration.fields for column in columns_of(spec))


def current_columns(declaration: RecordDeclaration) -> tuple[Column, ...]:
    """The columns of the table of newest versions."""
    return (*HOUSEKEEPING, *field_columns(declaration))


def history_columns(declaration: RecordDeclaration) -> tuple[Column, ...]:
    """The same, and when the version was superseded (the ``recorded_at`` of its successor)."""
    return (*current_columns(declaration), SUPERSEDED)
