"""Rows in bulk: COPY into a temporary table, then one statement from there into the real one.

The temporary table stays with its connection, empty outside of a transaction, so that the statements over it are
planned once; its name tells its columns, since a connection may be older than they are.

Works as the application role, for which COPY into a table under row level security is refused; costs a third of what
arrays in parameters cost the client. Rows that are written once need no conflict clause, which costs a fifth of the
time; without one a distributed Postgres refuses INSERT ... SELECT, so there they get one.
"""

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, Final

from meritline.db import Connection

PART: Final = 1 << 18
HEADER: Final = b"PGCOPY\n\xff\r\n\0" + bytes(8)
TRAILER: Final = b"\xff\xff"
ONCE: Final = "on conflict do nothing"
DISTRIBUTED: Final = "select exists (select from pg_extension where extname = 'citus')"


@dataclass(frozen=True, slots=True)
class Insertion:
    """The statements that write rows of one kind; ``columns`` are those that differ from row to row."""

    staging: str
    columns: tuple[str, ...]
    create: str
    ready: str
    insert: str
    empty: str


def insertion(table: str, fixed: Mapping[str, str], columns: Mapping[str, str], ending: str = "", *,
              joined: str = "", alias: str = "new") -> Insertion:
    """How rows with ``fixed`` values, the same for all of them, and others come into the table. ``joined`` is what the
    rows (by their ``alias``) refer to, with the condition that it is there."""
    definitions = ", ".join(f"{name} {sql_type}" for name, sql_type in columns.items())
    staging = f"staged_{table}_{sha256(definitions.encode()).hexdigest()[:8]}"
    names = ", ".join([*fixed, *columns])
    places = ", ".join(f"${place}::{sql_type}" for place, sql_type in enumerate(fixed.values(), 1))
    values = ", ".join(f"{alias}.{name}" for name in columns)
    create = f"create temporary table if not exists {staging} ({definitions}) on commit delete rows"
    return Insertion(
        staging, tuple(columns), create,
        ready=f"{create}; truncate {staging}",
        insert=f"insert into {table} ({names}) select {places}, {values} from {staging} {alias} "  # noqa: S608
               f"{joined} {ending}",
        empty=f"delete from {staging}",  # noqa: S608
    )  # fmt: skip


async def insert_payload(conn: Connection, how: Insertion, fixed: Sequence[Any], payload: bytes) -> int:
    """Write rows that are in the wire's own form already; how many they were."""
    await conn.execute(how.ready)
    return await moved(conn, how, fixed, await conn.copy_to_table(
        how.staging, source=framed(payload), columns=how.columns, format="binary"))  # fmt: skip


async def moved(conn: Connection, how: Insertion, fixed: Sequence[Any], staged: str) -> int:
    """Move what was staged to where it belongs; every row must arrive."""
    came, went = count_of(staged), count_of(await conn.execute(how.insert, *fixed))
    if came != went:
        raise LookupError(f"{came - went} of {came} rows of {how.staging} refer to what is not there")
    return went


def count_of(status: str) -> int:
    """How many rows a command says it wrote."""
    return int(status.rpartition(" ")[2])


async def framed(payload: bytes) -> AsyncIterator[bytes]:
    """The rows with what COPY expects around them, in parts that the socket takes at once."""
    yield HEADER
    for first in range(0, len(payload), PART):
        yield payload[first : first + PART]
    yield TRAILER
