"""Rows that were written for COPY, as one parameter. Decides how each type of column is told in JSON.

Of a few people a temporary table costs more than all that is written: it is made sure of, filled by two commands, and
emptied with the commit. Whoever is scored again has rows in the wire's form, since those of a whole run go by COPY. An
array for each column would take the client four times as long: each element is looked at to tell what it is.
"""

from collections.abc import Callable, Mapping
from functools import lru_cache
from struct import Struct
from typing import Final

import msgspec

type Plain = str | int | bool | None

LENGTH: Final = Struct(">i").unpack_from
NUMERIC: Final = Struct(">hhHH").unpack_from
HEAD: Final = 8
NEGATIVE: Final = 0x4000


@lru_cache(4096)
def numeric(value: bytes) -> str:
    """A number with the places it was written with: groups of four digits, the first stands ``weight`` groups before
    the point."""
    count, weight, sign, places = NUMERIC(value)
    whole = 0
    for group in Struct(f">{count}H").unpack_from(value, HEAD):
        whole = whole * 10_000 + group
    behind = 4 * (count - 1 - weight)
    whole = whole * 10 ** (places - behind) if behind <= places else whole // 10 ** (behind - places)
    digits = f"{whole:0{places + 1}}"
    before, after = (digits[:-places], f".{digits[-places:]}") if places else (digits, "")
    return f"{'-' if sign == NEGATIVE else ''}{before}{after}"


READ: Final[Mapping[str, Callable[[bytes], Plain]]] = {
    "text": bytes.decode,
    "uuid": bytes.hex,
    "int": lambda value: int.from_bytes(value, signed=True),
    "boolean": lambda value: value == b"\1",
    "numeric": numeric,
}


def unpacked(rows: bytes, types: Mapping[str, str]) -> list[list[Plain]]:
    """The rows, each a list of values."""
    reads = [READ[each] for each in types.values()]
    found: list[list[Plain]] = []
    at = 0
    while at < len(rows):
        at += 2  # how many columns the row has
        row: list[Plain] = []
        for read in reads:
            (length,) = LENGTH(rows, at)
            at += 4
            if length < 0:
                row.append(None)
                continue
            row.append(read(rows[at : at + length]))
            at += length
        found.append(row)
    return found


def as_json(rows: bytes, types: Mapping[str, str]) -> str:
    """The rows as a list of lists."""
    return msgspec.json.encode(unpacked(rows, types)).decode()


def given(types: Mapping[str, str], place: int) -> str:
    """A query of the rows, which are this parameter."""
    columns = ", ".join(f"(told ->> {at})::{sql_type} as {name}" for at, (name, sql_type) in enumerate(types.items()))
    return f"select {columns} from jsonb_array_elements(${place}::text::jsonb) told"  # noqa: S608 - names of our own
