"""Values as Postgres takes them in a binary COPY: four bytes of length, then the value.

Decides nothing: asyncpg's encoders give the same, value by value; here what repeats is encoded once and joined.
"""

from collections.abc import Sequence
from decimal import Decimal
from struct import Struct
from typing import Final
from uuid import UUID

from meritline.appraisal.run.sizes import DISPLAYED_PLACES

BEGIN: Final = b"PGCOPY\n\xff\r\n\0" + bytes(8)
END: Final = b"\xff\xff"
NULL: Final = b"\xff\xff\xff\xff"
TRUE, FALSE = b"\0\0\0\1\1", b"\0\0\0\1\0"
COUNT: Final = Struct(">h")
LENGTH: Final = Struct(">i")
INT: Final = Struct(">ii")
FOUR: Final = Struct(">ihhHHHHHH")
"""A numeric of one group of digits before the point and three after it."""
NEGATIVE: Final = 0x4000
GROUP: Final = 10_000
SCALE: Final = 10**DISPLAYED_PLACES
PADDED: Final = 10**12
"""Display columns have ten places; three groups of four digits hold twelve."""


def text(value: str | None) -> bytes:
    """A text."""
    if value is None:
        return NULL
    found = value.encode()
    return LENGTH.pack(len(found)) + found


def whole(value: int | None) -> bytes:
    """A 32 bit integer."""
    return NULL if value is None else INT.pack(4, value)


def boolean(value: bool | None) -> bytes:
    """True, false, or nothing."""
    return NULL if value is None else TRUE if value else FALSE


def uuid(value: UUID | None) -> bytes:
    """An id."""
    return NULL if value is None else b"\0\0\0\x10" + value.bytes


def shown(top: int, bottom: int) -> bytes:
    """The number for display: half up, away from zero, to ten places."""
    rounded = (2 * abs(top) * SCALE + bottom) // (2 * bottom)
    before, after = divmod(rounded * 100, PADDED)
    if before >= GROUP:
        return groups(before, after, NEGATIVE if top < 0 else 0)
    first, rest = divmod(after, 100_000_000)
    second, third = divmod(rest, GROUP)
    return FOUR.pack(16, 4, 0, NEGATIVE if top < 0 else 0, DISPLAYED_PLACES, before, first, second, third)


def groups(before: int, after: int, sign: int) -> bytes:
    """The same of a large number."""
    digits = in_groups(before)
    weight = len(digits) - 1
    return numeric_of(weight, sign, DISPLAYED_PLACES, [*digits, *in_groups(PADDED + after)[1:]])


def in_groups(number: int) -> list[int]:
    """The groups of four digits of a number, the first one not zero; none of zero."""
    found: list[int] = []
    while number:
        number, last = divmod(number, GROUP)
        found.append(last)
    return found[::-1]


def numeric(value: Decimal | None) -> bytes:
    """A decimal with the places it is written with."""
    if value is None:
        return NULL
    sign, digits, exponent = value.as_tuple()
    assert isinstance(exponent, int)  # nothing that is no number comes so far
    number = int("".join(map(str, digits)))
    places = max(0, -exponent)
    number *= 10 ** (max(0, exponent) + -places % 4)
    found = in_groups(number)
    return numeric_of(len(found) - -(-places // 4) - 1, NEGATIVE if sign else 0, places, found)


def numeric_of(weight: int, sign: int, places: int, digits: Sequence[int]) -> bytes:
    """The groups as a numeric; the first stands for so many groups before the point."""
    return Struct(f">ihhHH{len(digits)}H").pack(8 + 2 * len(digits), len(digits), weight, sign, places, *digits)


def row(*fields: bytes) -> bytes:
    """A row of finished fields."""
    return COUNT.pack(len(fields)) + b"".join(fields)
