"""Rows in bulk: COPY into a temporary table, then one statement from there into the real one.

Works as the application role, for which COPY into a table under row level security is refused; costs a third of what
arrays in parameters cost the client. The conflict clause is never needed for the rows of a run (it is written once);
without one a distributed Postgres refuses INSERT ... SELECT.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import batched
from typing import Any, Final

from meritline.db import Connection

AT_ONCE: Final = 20_000


@dataclass(frozen=True, slots=True)
class Insertion:
    """The statements that write rows of one kind; ``columns`` are those that differ from row to row."""

    staging: str
    columns: tuple[str, ...]
    create: str
    insert: str
    clear: str


def insertion(table: str, fixed: Mapping[str, str], columns: Mapping[str, str], ending: str) -> Insertion:
    """How rows with ``fixed`` values, the same for all of them, and others come into the table."""
    staging = f"staged_{table}"
    definitions = ", ".join(f"{name} {sql_type}" for name, sql_type in columns.items())
    names = ", ".join([*fixed, *columns])
    places = ", ".join(f"${place}::{sql_type}" for place, sql_type in enumerate(fixed.values(), 1))
    return Insertion(
        staging, tuple(columns),
        create=f"create temporary table if not exists {staging} ({definitions}) on commit drop",
        insert=f"insert into {table} ({names}) select {places}, {', '.join(columns)} from {staging} "  # noqa: S608
               f"{ending}",
        clear=f"truncate {staging}",
    )  # fmt: skip


async def insert(conn: Connection, how: Insertion, fixed: Sequence[Any], rows: Iterable[Sequence[Any]]) -> list[Any]:
    """Write all rows; what the insertion returns of them."""
    found: list[Any] = []
    for heap in batched(rows, AT_ONCE):
        await conn.execute(how.create)
        await conn.copy_records_to_table(how.staging, records=heap, columns=how.columns)
        found += await conn.fetch(how.insert, *fixed)
        await conn.execute(how.clear)
    return found
