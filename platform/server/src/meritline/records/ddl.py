"""Record tables from record types. Decides how a table is made, widened, protected and granted: additive only.

Runs as the owner at the end of every migration and changes nothing where nothing is new. A new field becomes a
nullable column; a field that its record type no longer has keeps its column and its data; a field whose kind
changed is refused with both kinds named, before anything is altered. The kind stands in the column's comment, since
several kinds share an SQL type. A code may become a choice and back: what is stored and compared is the same.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from meritline.db import Database, pending_migrations
from meritline.db.pools import Connection
from meritline.errors import Problem, Refused, problem
from meritline.records.columns import (
    HISTORY,
    HOUSEKEEPING,
    PREFIX,
    SUPERSEDED,
    SYSTEM_COLUMNS,
    Column,
    columns_of,
    current_columns,
    hashed_name,
    history_columns,
    holder_index,
    ids_column,
    quoted,
)
from meritline.records.lookups import Keys
from meritline_sdk.model.kinds import TEXTUAL, Kind
from meritline_sdk.model.records import RecordDeclaration

COMMENT = "kind: "
COLUMNS_NOW = """
SELECT a.attname AS name, format_type(a.atttypid, a.atttypmod) AS sql_type,
  col_description(a.attrelid, a.attnum) AS kind
FROM pg_attribute AS a WHERE a.attrelid = to_regclass($1) AND a.attnum > 0 AND NOT a.attisdropped
"""
NOWHERE: Mapping[str, Any] = {}
POLICY_NOW = "SELECT EXISTS (SELECT FROM pg_policy WHERE polrelid = to_regclass($1))"


@dataclass(frozen=True, slots=True)
class Table:
    """One of the two tables of a record type, as it should be."""

    name: str
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    at: str
    holder: str | None
    rights: str


def tables_of(declaration: RecordDeclaration) -> tuple[Table, Table]:
    """The newest versions, which ingest writes again, and the superseded ones, which only grow."""
    name, key = PREFIX + declaration.key, ("tenant_id", "source", "external_id")
    at, holder = declaration.at, holder_of(declaration)
    return (
        Table(name, current_columns(declaration), key, at, holder, "SELECT, INSERT, UPDATE"),
        Table(name + HISTORY, history_columns(declaration), (*key, "version"), at, holder, "SELECT, INSERT"),
    )


def holder_of(declaration: RecordDeclaration) -> str | None:
    """The column of the one employee whose the records are by default; by it the records of one card are found."""
    credit = declaration.credit
    return credit if credit is not None and declaration.field(credit).kind is Kind.PERSON else None


async def ensure_record_tables(
    conn: Connection, declarations: Iterable[RecordDeclaration], *, app_role: str | None = None,
    looked_up: Mapping[str, Iterable[Keys]] = NOWHERE, moments: Mapping[str, Keys] = NOWHERE,
    tell: Callable[[str], None] | None = None,
) -> None:
    """Bring the record tables to what is declared, all or nothing; raises ``Refused`` where they contradict it.

    ``looked_up`` says by which fields records are looked for (``lookups.looked_up``), ``moments`` from which fields
    the moments of tallies come (``moments.moments_of``).
    ``tell`` hears which tables are made or widened.
    ``app_role`` gets its rights here; without it the caller grants (``db.migrate`` does, for all tables at once).
    """
    wanted = sorted(declarations, key=lambda each: each.key)
    async with conn.transaction():
        stored = await stored_tables(conn, wanted)
        found = declared_badly(wanted) or kinds_changed(wanted, stored)
        if found:
            raise Refused(found)
        for declaration in wanted:
            if tell and (new := novelty(tables_of(declaration)[0], stored)):
                tell(new)
            for table in tables_of(declaration):
                await ensure_table(conn, table, stored[table.name], app_role)
                for fields in looked_up.get(declaration.key, ()):
                    await ensure_lookup(conn, table, fields)
                await ensure_moments(conn, table, moments.get(declaration.key, ()))


def novelty(table: Table, stored: Mapping[str, Mapping[str, object]]) -> str:
    """What is about to be made, in words; empty where nothing is."""
    before = stored[table.name]
    missing = [column.name for column in table.columns if column.name not in before]
    if not before:
        return f"made {table.name}"
    return f"widened {table.name} by {', '.join(missing)}" if missing else ""


async def kind_problems(conn: Connection, declarations: Iterable[RecordDeclaration]) -> list[Problem]:
    """What of these record types the database cannot hold beside what it has; ``value`` is the record type."""
    wanted = sorted(declarations, key=lambda each: each.key)
    return declared_badly(wanted) or kinds_changed(wanted, await stored_tables(conn, wanted))


async def stored_tables(conn: Connection, wanted: list[RecordDeclaration]) -> dict[str, dict[str, tuple[str, str]]]:
    """The columns of every table as they are."""
    return {table.name: await stored_columns(conn, table) for each in wanted for table in tables_of(each)}


def kinds_changed(wanted: list[RecordDeclaration], stored: dict[str, dict[str, tuple[str, str]]]) -> list[Problem]:
    """The fields of all record types that are stored as something else."""
    return [each for declaration in wanted for each in changed_kinds(declaration, stored)]


async def missing_parts(database: Database, declarations: Iterable[RecordDeclaration]) -> list[str]:
    """Migrations, tables and columns that the database lacks; cheap enough for a readiness check."""
    async with database.global_work(readonly=True) as conn:
        if missing := await pending_migrations(conn):
            return missing
        for declaration in sorted(declarations, key=lambda each: each.key):
            for table in tables_of(declaration):
                stored = await stored_columns(conn, table)
                lacking = [f"{table.name}.{column.name}" for column in table.columns if column.name not in stored]
                missing += lacking if stored else [table.name]
    return missing


def declared_badly(declarations: list[RecordDeclaration]) -> list[Problem]:
    """Names that would collide in the database."""
    found: list[Problem] = []
    keys = [each.key for each in declarations]
    for declaration in declarations:
        if keys.count(declaration.key) > 1 or declaration.key.endswith(HISTORY):
            found.append(problem("E-RECORD-KEY", value=declaration.key))
        found += colliding(declaration)
    return list(dict.fromkeys(found))


def colliding(declaration: RecordDeclaration) -> list[Problem]:
    """Fields that would want the same column, such as a person ``agent`` and a code ``agent_code``."""
    taken = {column.name: "the server" for column in (*HOUSEKEEPING, SUPERSEDED)}
    taken |= dict.fromkeys(SYSTEM_COLUMNS, "the database")
    found = []
    for spec in declaration.fields:
        for column in columns_of(spec):
            if column.name in taken:
                found.append(problem("E-RECORD-COLUMN", field=spec.name, value=declaration.key,
                                     column=column.name, other=taken[column.name]))  # fmt: skip
            taken[column.name] = spec.name
    return found


async def stored_columns(conn: Connection, table: Table) -> dict[str, tuple[str, str]]:
    """Name to SQL type and kind (empty for the housekeeping); nothing where there is no table yet."""
    rows = await conn.fetch(COLUMNS_NOW, quoted(table.name))
    return {row["name"]: (row["sql_type"], (row["kind"] or "").removeprefix(COMMENT)) for row in rows}


def changed_kinds(declaration: RecordDeclaration, stored: dict[str, dict[str, tuple[str, str]]]) -> list[Problem]:
    """Fields that are stored as something else, under any of the columns either kind would have."""
    kinds = {name: kind for name, (_, kind) in stored[PREFIX + declaration.key].items()}
    found = []
    for spec in declaration.fields:
        several = (ids_column(spec.name),) if kinds.get(ids_column(spec.name)) == Kind.PEOPLE else ()
        names = (spec.name, *several, *(column.name for column in columns_of(spec)))
        other = next((kinds[name] for name in names if name in kinds and not alike(kinds[name], spec.kind)), None)
        if other is not None:
            found.append(problem("E-RECORD-KIND", field=spec.name, value=declaration.key,
                                 stored=other, declared=spec.kind))  # fmt: skip
    return found


def alike(stored: str, declared: Kind) -> bool:
    """Whether the one may be stored as the other."""
    return stored == declared or {stored, str(declared)} <= {str(kind) for kind in TEXTUAL}


async def ensure_table(
    conn: Connection, table: Table, stored: dict[str, tuple[str, str]], app_role: str | None
) -> None:
    """Make or widen one table, protect it and grant it."""
    name = quoted(table.name)
    missing = [column for column in table.columns if column.name not in stored]
    parts = [definition(column) for column in missing]
    if not stored:
        key = ", ".join(quoted(each) for each in table.key)
        await conn.execute(f"CREATE TABLE {name} ({', '.join([*parts, *checks(missing), f'PRIMARY KEY ({key})'])})")
    elif missing:
        added = [f"ADD COLUMN {part}" for part in parts] + [f"ADD {check}" for check in checks(missing)]
        await conn.execute(f"ALTER TABLE {name} {', '.join(added)}")
    for column in table.columns:
        if column.kind and stored.get(column.name, ("", ""))[1] != column.kind:
            await conn.execute(f"COMMENT ON COLUMN {name}.{quoted(column.name)} IS '{COMMENT}{Kind(column.kind)}'")
    if not await conn.fetchval(POLICY_NOW, name):
        await conn.execute(f"CALL app.protect('{name}')")
    index, moment = quoted(index_name(table)), quoted(table.at)
    await conn.execute(f'CREATE INDEX IF NOT EXISTS {index} ON {name} ("tenant_id", {moment})')
    if table.holder is not None:
        # What one employee holds of a period: a corrected record and the evidence of a card look at that alone.
        index, holder = quoted(holder_index(table.name, table.holder, table.at)), quoted(table.holder)
        await conn.execute(f'CREATE INDEX IF NOT EXISTS {index} ON {name} ("tenant_id", {holder}, {moment})')
    if app_role:
        await conn.execute(f"GRANT {table.rights} ON {name} TO {role(app_role)}")


async def ensure_lookup(conn: Connection, table: Table, fields: Keys) -> None:
    """An index by which records are found from others; by the id that a record has outside there may be one as well."""
    known = {column.name for column in table.columns}
    if set(fields) <= known:
        listed = ", ".join(map(quoted, ("tenant_id", *fields)))
        name = quoted(hashed_name(table.name, ",".join(fields), "_by"))
        await conn.execute(f"CREATE INDEX IF NOT EXISTS {name} ON {quoted(table.name)} ({listed})")


async def ensure_moments(conn: Connection, table: Table, fields: Keys) -> None:
    """One small index over all times by which records of a period are found, besides the one that it orders by."""
    known = {column.name for column in table.columns} - {table.at}
    if listed := ", ".join(quoted(each) for each in fields if each in known):
        name = quoted(hashed_name(table.name, listed, "_in"))
        await conn.execute(f"CREATE INDEX IF NOT EXISTS {name} ON {quoted(table.name)} USING brin ({listed}) "
                           "WITH (autosummarize = on, pages_per_range = 32)")


def definition(column: Column) -> str:
    """The column as CREATE TABLE and ADD COLUMN want it; fields may always be missing."""
    return f"{quoted(column.name)} {column.sql_type}{' NOT NULL' if column.required else ''}"


def checks(columns: Iterable[Column]) -> list[str]:
    """The named constraints of the columns that have one."""
    return [
        f"CONSTRAINT {quoted(column.name + '_check')} CHECK ({column.check})" for column in columns if column.check
    ]


def index_name(table: Table) -> str:
    """A name that changes with the moment it orders by, so that a changed default gets its index."""
    return hashed_name(table.name, table.at, "_at")


def role(name: str) -> str:
    """The role as an SQL identifier; operators may name it as they like."""
    return '"' + name.replace('"', '""') + '"'
