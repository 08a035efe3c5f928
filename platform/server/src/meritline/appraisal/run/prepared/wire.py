"""Values as Postgres takes them in a binary COPY: four bytes of length, then the value.

Decides nothing: asyncpg's encoders give the same, value by value; here what repeats is encoded once and joined.
"""

from collections.abc import Sequence
from decimal import Decimal
from struct import Struct
from typing import Final
from uuid import UUID

from meritline.appraisal.run.sizes import DISPLAYED_PLACES
from meritline_sdk.evaluate.quick import Remembered

BEGIN: Final = b"PGCOPY\n\xff\r\n\0" + bytes(8)
END: Final = b"\xff\xff"
NULL: Final = b"\xff\xff\xff\xff"
UUID_LENGTH: Final = b"\0\0\0\x10"
TRUE, FALSE = b"\0\0\0\1\1", b"\0\0\0\1\0"
COUNT: Final = Struct(">h")
LENGTH: Final = Struct(">i")
LENGTHS: Final = Remembered[int, bytes](LENGTH.pack)
"""The length of a value, before it."""
INT: Final = Struct(">ii")
FOUR, FIVE = Struct(">ihhHHHHHH"), Struct(">ihhHHHHHHH")
"""A numeric of one group of digits before the point and three after it, and of two groups before it."""
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
    return LENGTHS[len(found)] + found


def whole(value: int | None) -> bytes:
    """A 32 bit integer."""
    return NULL if value is None else INT.pack(4, value)


def boolean(value: bool | None) -> bytes:
    """True, false, or nothing."""
    return NULL if value is None else TRUE if value else FALSE


def uuid(value: UUID | None) -> bytes:
    """An id."""
    return NULL if value is None else UUID_LENGTH + value.bytes


def shown(top: int, bottom: int) -> bytes:
    """The number for display: half up, away from zero, to ten places."""
    sign, amount = (NEGATIVE, -top) if top < 0 else (0, top)
    if bottom == 1:
        before, first, second, third = amount, 0, 0, 0
    else:
        before, after = divmod((2 * amount * SCALE + bottom) // (2 * bottom) * 100, PADDED)
        first, rest = divmod(after, 100_000_000)
        second, third = divmod(rest, GROUP)
    if before < GROUP:
        return FOUR.pack(16, 4, 0, sign, DISPLAYED_PLACES, before, first, second, third)
    if before < GROUP * GROUP:
        return FIVE.pack(18, 5, 1, sign, DISPLAYED_PLACES, *divmod(before, GROUP), first, second, third)
    digits = in_groups(before)
    return numeric_of(len(digits) - 1, sign, DISPLAYED_PLACES, [*digits, first, second, third])


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
    exponent = value.as_tuple().exponent
    assert isinstance(exponent, int)  # nothing that is no number comes so far
    places = max(0, -exponent)
    return scaled(int(value.scaleb(places)), places)


def scaled(number: int, places: int) -> bytes:
    """A whole number with the point moved so many places to the left."""
    found = in_groups(abs(number) * 10 ** (-places % 4))
    return numeric_of(len(found) - -(-places // 4) - 1, NEGATIVE if number < 0 else 0, places, found)


def numeric_of(weight: int, sign: int, places: int, digits: Sequence[int]) -> bytes:
    """The groups as a numeric; the first stands for so many groups before the point."""
    return Struct(f">ihhHH{len(digits)}H").pack(8 + 2 * len(digits), len(digits), weight, sign, places, *digits)


def row(*fields: bytes) -> bytes:
    """A row of finished fields."""
    return COUNT.pack(len(fields)) + b"".join(fields)
