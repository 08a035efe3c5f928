"""Rows that were written for COPY, as arrays of parameters. Decides how each type of column is read back.

Of a few people a temporary table costs more than all that is written: it is made sure of, filled by two commands, and
emptied with the commit. Whoever is scored again has rows in the wire's form, since those of a whole run go by COPY.
"""

from collections.abc import Callable, Mapping
from decimal import Decimal
from struct import Struct
from typing import Any, Final
from uuid import UUID

LENGTH: Final = Struct(">i").unpack_from
NUMERIC: Final = Struct(">hhHH").unpack_from
HEAD: Final = 8
NEGATIVE: Final = 0x4000


def numeric(value: bytes) -> Decimal:
    """A number with the places it was written with: groups of four digits, the first stands ``weight`` groups before
    the point."""
    count, weight, sign, places = NUMERIC(value)
    groups = Struct(f">{count}H").unpack_from(value, HEAD)
    whole = 0
    for group in groups:
        whole = whole * 10_000 + group
    behind = 4 * (count - 1 - weight)
    whole = whole * 10 ** (places - behind) if behind <= places else whole // 10 ** (behind - places)
    return Decimal(-whole if sign == NEGATIVE else whole).scaleb(-places)


READ: Final[Mapping[str, Callable[[bytes], Any]]] = {
    "text": bytes.decode,
    "uuid": lambda value: UUID(bytes=value),
    "int": lambda value: int.from_bytes(value, signed=True),
    "boolean": lambda value: value == b"\1",
    "numeric": numeric,
}


def unpacked(rows: bytes, types: Mapping[str, str]) -> list[list[Any]]:
    """The columns of the rows, each a list of values."""
    reads = [READ[each] for each in types.values()]
    columns: list[list[Any]] = [[] for _ in reads]
    at = 0
    while at < len(rows):
        at += 2  # how many columns the row has
        for read, column in zip(reads, columns, strict=True):
            (length,) = LENGTH(rows, at)
            at += 4
            if length < 0:
                column.append(None)
                continue
            column.append(read(rows[at : at + length]))
            at += length
    return columns


def given(types: Mapping[str, str], first: int) -> str:
    """A query of the rows, from parameters of which this is the first."""
    arrays = ", ".join(f"${first + place}::{sql_type}[]" for place, sql_type in enumerate(types.values()))
    return f"select * from unnest({arrays}) as given ({', '.join(types)})"  # noqa: S608 - names of our own
