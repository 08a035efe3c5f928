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
    """One employee, named by an outside code that the tenant maps."""

    kind = Kind.PERSON


@dataclass(frozen=True, slots=True, kw_only=True)
class People(FieldSpec):
    """Several employees who share a record, each with a whole-number part (equal parts unless given)."""

    kind = Kind.PEOPLE


@dataclass(frozen=True, slots=True, kw_only=True)
class Team(FieldSpec):
    """One department, named by an outside code that the tenant maps (a queue, a district, a shop)."""

    kind = Kind.TEAM


@dataclass(frozen=True, slots=True, kw_only=True)
class Instant(FieldSpec):
    """A moment, with a zone; stored to the microsecond in UTC."""

    kind = Kind.INSTANT


@dataclass(frozen=True, slots=True, kw_only=True)
class Day(FieldSpec):
    """A calendar day in the tenant's zone."""

    kind = Kind.DAY


@dataclass(frozen=True, slots=True, kw_only=True)
class Int(FieldSpec):
    """A whole number of at most 18 digits."""

    kind = Kind.INT
    minimum: int | None = None
    maximum: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Number(FieldSpec):
    """A decimal number with at most ``places`` decimals; more are refused, never rounded."""

    kind = Kind.NUMBER
    places: int = 2
    minimum: Decimal | int | None = None
    maximum: Decimal | int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Flag(FieldSpec):
    """Yes or no."""

    kind = Kind.FLAG


@dataclass(frozen=True, slots=True, kw_only=True)
class Code(FieldSpec):
    """A short text that is compared for equality only."""

    kind = Kind.CODE
    longest: int = MAXIMUM_TEXT


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice(FieldSpec):
    """One of a closed list of words."""

    kind = Kind.CHOICE
    options: tuple[str, ...] = ()
