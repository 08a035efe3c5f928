"""Rows as Postgres takes them in binary. Decides how the values of a column are written for COPY.

Exports repeat themselves, so what was written once is looked up; a row is its cells one after the other. Building the
stream by columns costs a fraction of handing rows of values to a driver.
"""

import struct
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from itertools import chain, repeat
from operator import sub
from typing import Any, Final, cast
from uuid import UUID

from meritline.records.columns import Column

type Cells = Sequence[bytes]
type Written = Callable[[Any], bytes]

HEADER: Final = b"PGCOPY\n\xff\r\n\0" + bytes(8)
TRAILER: Final = b"\xff\xff"
NULL: Final = b"\xff\xff\xff\xff"
EPOCH: Final = datetime(2000, 1, 1, tzinfo=UTC)
EPOCH_DAY: Final = date(2000, 1, 1).toordinal()
MICROSECOND: Final = timedelta(microseconds=1)
MOST_REMEMBERED: Final = 10_000
DIGEST_LENGTH: Final = (16).to_bytes(4)
TEXT_OID, UUID_OID, INT_OID = 25, 2950, 23
EIGHT: Final = struct.Struct(">iq").pack
FOUR: Final = struct.Struct(">ii").pack
LENGTH: Final = struct.Struct(">i").pack


def text(value: str) -> bytes:
    """A text."""
    data = value.encode()
    return LENGTH(len(data)) + data


def flag(value: bool) -> bytes:
    """Yes or no."""
    return b"\0\0\0\1\1" if value else b"\0\0\0\1\0"


def whole(value: int) -> bytes:
    """A bigint."""
    return EIGHT(8, value)


def small(value: int) -> bytes:
    """An integer."""
    return FOUR(4, value)


def day(value: date) -> bytes:
    """A date."""
    return FOUR(4, value.toordinal() - EPOCH_DAY)


def person(value: UUID) -> bytes:
    """An id."""
    return b"\0\0\0\x10" + value.bytes


def number(value: Decimal) -> bytes:
    """A decimal as it is written: groups of four digits, and how many stand behind the point."""
    sign, digits, exponent = value.as_tuple()
    places = -cast(int, exponent)
    assert places >= 0, "numbers are brought to the places of their field"
    shown = "".join(map(str, digits)).rjust(places, "0")
    before, behind = shown[: len(shown) - places], shown[len(shown) - places :]
    before = before.zfill(-(-len(before) // 4) * 4)
    behind = behind.ljust(-(-len(behind) // 4) * 4, "0")
    groups = [int(part) for part in cut(before) + cut(behind)]
    weight = len(before) // 4 - 1
    while groups and not groups[0]:
        del groups[0]
        weight -= 1
    while groups and not groups[-1]:
        del groups[-1]
    if not groups:
        sign = weight = 0
    data = struct.pack(f">hhHH{len(groups)}H", len(groups), weight, 0x4000 if sign else 0, places, *groups)
    return LENGTH(len(data)) + data


def cut(digits: str) -> list[str]:
    """Groups of four."""
    return [digits[place : place + 4] for place in range(0, len(digits), 4)]


def several(write: Written, oid: int) -> Written:
    """A list of values, some of which may be missing."""

    def written(values: Sequence[Any]) -> bytes:
        cells = b"".join(NULL if value is None else write(value) for value in values)
        data = struct.pack(">iiIii", 1, int(None in values), oid, len(values), 1) + cells
        return LENGTH(len(data)) + data

    return written


class Remembered(dict[Any, bytes]):
    """The cells of one column by their values; a missing value is NULL."""

    def __init__(self, write: Written) -> None:
        super().__init__({None: NULL})
        self.write = write

    def __missing__(self, value: Any) -> bytes:
        cell = self.write(value)
        if len(self) < MOST_REMEMBERED:
            self[value] = cell
        return cell


PLAIN: Final[dict[str, Written]] = {
    "bigint": whole, "integer": small, "boolean": flag, "numeric": number, "date": day, "uuid": person,
}  # fmt: skip
LISTS: Final[dict[str, Written]] = {
    'text[] COLLATE "C"': several(text, TEXT_OID), "uuid[]": several(person, UUID_OID),
    "integer[]": several(small, INT_OID),
}  # fmt: skip


def moments(values: Sequence[datetime | None]) -> list[int | None]:
    """Instants as Postgres counts them: microseconds since the year 2000."""
    try:
        spans = map(sub, cast(Sequence[datetime], values), repeat(EPOCH))
        return [(span.days * 86_400 + span.seconds) * 1_000_000 + span.microseconds for span in spans]
    except TypeError:  # one is missing
        return [None if value is None else (value - EPOCH) // MICROSECOND for value in values]


def moment_cells(counted: Sequence[int | None]) -> Cells:
    """The cells of a column of instants."""
    if None in counted:
        return [NULL if value is None else EIGHT(8, value) for value in counted]
    return list(map(EIGHT, repeat(8), counted))


def digest_cells(digests: Iterable[bytes]) -> Cells:
    """The cells of the digests, which all have one length."""
    return list(map(DIGEST_LENGTH.__add__, digests))


def text_cells(values: Iterable[str]) -> Cells:
    """The cells of texts that do not repeat themselves."""
    found = [value.encode() for value in values]
    lengths = {length: LENGTH(length) for length in set(map(len, found))}
    return [lengths[len(one)] + one for one in found]


class CellWriter:
    """Writes one column of a table, chunk by chunk."""

    def __init__(self, column: Column) -> None:
        self.kind = column.kind
        self.lists = LISTS.get(column.sql_type)
        self.known = Remembered(PLAIN.get(column.sql_type, text))

    def cells(self, values: Sequence[Any]) -> Cells:
        """The cells of a column of values."""
        if self.lists is not None:
            return [NULL if value is None else self.lists(value) for value in values]
        return list(map(self.known.__getitem__, values))


def payload(columns: Sequence[Cells]) -> bytes:
    """The rows of these columns; a stream is a header, rows and a trailer."""
    count = len(columns).to_bytes(2)
    return b"".join(chain.from_iterable(zip(repeat(count), *columns, strict=False)))
