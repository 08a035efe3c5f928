"""The fields a record type can have. Decides their limits; how they are stored is the server's business."""

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, ClassVar

from meritline_sdk.model.kinds import Kind
from meritline_sdk.model.text import Text

if TYPE_CHECKING:
    from meritline_sdk.model.expressions import Expr

MAXIMUM_TEXT = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldSpec:
    """What every field has. ``optional``: a record without it is still valid, and the value is missing."""

    kind: ClassVar[Kind]
    optional: bool = False
    title: Text | None = None
    name: str = ""

    if TYPE_CHECKING:

        def __get__(self, instance: object, owner: type) -> Expr:
            """On its record type a field is an expression, which the class sees to; this tells it to type checkers."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Person(FieldSpec):
    """One employee, named in the file by an outside code that the company maps to its own people.

    In an expression it is compared with other people only; in ``credit=`` it says whose a record is.
    """

    kind = Kind.PERSON


@dataclass(frozen=True, slots=True, kw_only=True)
class People(FieldSpec):
    """Several employees who share a record, each with a whole-number part (equal parts unless given).

    As credit each gets their part of it, with ``each(people)`` the whole. It cannot be compared.
    """

    kind = Kind.PEOPLE


@dataclass(frozen=True, slots=True, kw_only=True)
class Team(FieldSpec):
    """One department, named by an outside code that the company maps (a queue, a district, a shop).

    As credit a record counts for the department and those above it.
    """

    kind = Kind.TEAM


@dataclass(frozen=True, slots=True, kw_only=True)
class Instant(FieldSpec):
    """A moment; in a file by RFC 3339 with its offset, or without one in the company's zone; kept to the microsecond.

    In a function and in tests it is an aware ``datetime``.
    """

    kind = Kind.INSTANT


@dataclass(frozen=True, slots=True, kw_only=True)
class Day(FieldSpec):
    """A day of the calendar, in the company's zone; in a file ``2026-05-01``, in tests a ``date``."""

    kind = Kind.DAY


@dataclass(frozen=True, slots=True, kw_only=True)
class Int(FieldSpec):
    """A whole number of at most 18 digits; what lies outside ``minimum`` and ``maximum`` is refused on import.

    >>> Int(minimum=0, maximum=5).maximum
    5
    """

    kind = Kind.INT
    minimum: int | None = None
    maximum: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Number(FieldSpec):
    """A decimal number with at most ``places`` decimals; more are refused on import, never rounded.

    >>> Number(places=1, minimum=0).places
    1
    """

    kind = Kind.NUMBER
    places: int = 2
    minimum: Decimal | int | None = None
    maximum: Decimal | int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Flag(FieldSpec):
    """Yes or no; as a condition it stands by itself: ``where=Callout.urgent``. Missing is neither."""

    kind = Kind.FLAG


@dataclass(frozen=True, slots=True, kw_only=True)
class Code(FieldSpec):
    """A short text (``longest`` characters) that is compared for equality only: an order number, a product."""

    kind = Kind.CODE
    longest: int = MAXIMUM_TEXT


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice(FieldSpec):
    """One of a closed list of words; another one is refused on import, and so is a list without words.

    >>> Choice(options=("fixed", "open")).options
    ('fixed', 'open')
    """

    kind = Kind.CHOICE
    options: tuple[str, ...] = ()
