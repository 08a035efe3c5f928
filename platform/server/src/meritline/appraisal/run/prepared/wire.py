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
LETTERS: Final = Remembered[int, str](lambda length: LENGTHS[length].decode("latin-1"))
"""The same with a letter for each byte, among texts that become bytes together."""
INT: Final = Struct(">ii")
NEGATIVE: Final = 0x4000
GROUP: Final = 10_000
SCALE: Final = 10**DISPLAYED_PLACES
BEHIND: Final = SCALE // GROUP
"""Display columns have ten places: a group of four digits, and six more, which two groups hold."""
FOUR, FIVE = Struct(">HHHH"), Struct(">HHHHH")
HEAD: Final = Struct(">ihhHH")
ONE, NEGATIVE_ONE, TWO, NEGATIVE_TWO = (HEAD.pack(14 + 2 * groups, 3 + groups, groups - 1, sign, DISPLAYED_PLACES)
                                        for groups in (1, 2) for sign in (0, NEGATIVE))
"""What stands before the groups of a number with one or two of them before the point and three after it."""


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
    amount = -top if top < 0 else top
    if bottom == 1:
        before, first, second, third = amount, 0, 0, 0
    else:
        before, rest = divmod(amount, bottom)
        first, rest = divmod((2 * rest * SCALE + bottom) // (2 * bottom), BEHIND)
        if first == GROUP:
            before, first = before + 1, 0
        second, third = divmod(rest, 100)
        third *= 100
    if before < GROUP:
        return (ONE if top >= 0 else NEGATIVE_ONE) + FOUR.pack(before, first, second, third)
    if before < GROUP * GROUP:
        return (TWO if top >= 0 else NEGATIVE_TWO) + FIVE.pack(*divmod(before, GROUP), first, second, third)
    digits = in_groups(before)
    return numeric_of(len(digits) - 1, 0 if top >= 0 else NEGATIVE, DISPLAYED_PLACES, [*digits, first, second, third])


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
