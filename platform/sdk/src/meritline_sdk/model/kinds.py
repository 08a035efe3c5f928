"""The kinds of value an expression can have. Decides which of them may be compared, ordered and calculated with."""

from enum import StrEnum


class Kind(StrEnum):
    """What a field or an expression holds; ``Parameter("limit", blank=Kind.DURATION)`` says it of a blank."""

    INT = "int"
    NUMBER = "number"
    FLAG = "flag"
    CODE = "code"
    CHOICE = "choice"
    INSTANT = "instant"
    DAY = "day"
    DURATION = "duration"
    PERSON = "person"
    PEOPLE = "people"
    TEAM = "team"


NUMERIC = frozenset({Kind.INT, Kind.NUMBER})
ORDERED = frozenset({Kind.INT, Kind.NUMBER, Kind.INSTANT, Kind.DAY, Kind.DURATION})
TEXTUAL = frozenset({Kind.CODE, Kind.CHOICE})
SUMMABLE = frozenset({Kind.INT, Kind.NUMBER, Kind.DURATION})
MICROSECONDS_PER_SECOND = 1_000_000


def comparable(left: Kind, right: Kind) -> bool:
    """Whether ``==`` between the two kinds means anything."""
    if left == right:
        return left is not Kind.PEOPLE
    return {left, right} <= NUMERIC or {left, right} <= TEXTUAL
