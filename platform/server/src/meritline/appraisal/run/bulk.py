"""Rows in bulk: one statement for many, by arrays. Works as the application role, where COPY into a table does not.

The conflict clause is never needed for the rows (a run is written once); without one a distributed Postgres refuses
INSERT ... SELECT.
"""

from collections.abc import Iterable, Mapping, Sequence
from itertools import batched
from typing import Any, Final

from meritline.db import Connection

AT_ONCE: Final = 2000


def insertion(table: str, fixed: Mapping[str, str], columns: Mapping[str, str], ending: str) -> str:
    """INSERT of ``fixed`` values, the same for all rows, and of one array for each column."""
    names = ", ".join([*fixed, *columns])
    places = ", ".join(f"${place}::{sql_type}" for place, sql_type in enumerate(fixed.values(), 1))
    arrays = ", ".join(f"${place}::{sql_type}[]" for place, sql_type in enumerate(columns.values(), len(fixed) + 1))
    given = ", ".join(f"given.{name}" for name in columns)
    return (f"insert into {table} ({names}) select {places}, {given} "  # noqa: S608 (names are ours)
            f"from unnest({arrays}) as given({', '.join(columns)}) {ending}")


async def insert(conn: Connection, statement: str, fixed: Sequence[Any], rows: Iterable[Sequence[Any]],
                 width: int) -> list[Any]:
    """Run the statement for all rows; what it returns."""
    found: list[Any] = []
    for heap in batched(rows, AT_ONCE):
        arrays = [list(column) for column in zip(*heap, strict=True)]
        assert len(arrays) == width
        found += await conn.fetch(statement, *fixed, *arrays)
    return found
