"""The nodes of an expression: frozen, compared and hashed by structure.

This file decides which operations the language has; what they mean is decided in ``meritline_sdk.evaluate``
(plain Python) and, equal to it, by the server's compiler to SQL. Nodes are built by the proxies of
``expressions.py``; nothing here overloads an operator.
"""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from meritline_sdk.model.kinds import Kind
from meritline_sdk.model.text import Text

DIGITS = 18

type Scalar = int | Decimal | bool | str | date | datetime


@dataclass(frozen=True, slots=True)
class Field:
    """A field of the record that is looked at."""

    record: str
    name: str
    kind: Kind


@dataclass(frozen=True, slots=True)
class Literal:
    """A constant. A duration is a whole number of microseconds."""

    value: Scalar
    kind: Kind


@dataclass(frozen=True, slots=True)
class ParameterRef:
    """A value that a tenant may set; ``default`` holds until it does.

    A default of None is a blank: what needs it is not measured until the tenant fills it. ``options`` are the only
    values allowed, where there are any.
    """

    name: str
    kind: Kind
    default: Scalar | None
    options: tuple[Scalar, ...] = ()
    title: Text | None = None


@dataclass(frozen=True, slots=True)
class PeriodEdge:
    """Where the tally's own window begins or ends: ``start`` and ``end`` (instants, the end exclusive),
    ``first_day`` and ``last_day`` (local days, the last inclusive)."""

    edge: str
    kind: Kind


@dataclass(frozen=True, slots=True)
class Compare:
    """``op`` is one of ``== != < <= > >=``; unknown when either side is missing."""

    op: str
    left: "Node"
    right: "Node"


@dataclass(frozen=True, slots=True)
class OneOf:
    """Whether the item equals one of the literals; unknown when it is missing."""

    item: "Node"
    values: tuple[Literal, ...]


@dataclass(frozen=True, slots=True)
class Missing:
    """Whether the item has no value: never unknown."""

    item: "Node"


@dataclass(frozen=True, slots=True)
class Both:
    """Three-valued AND."""

    left: "Node"
    right: "Node"


@dataclass(frozen=True, slots=True)
class Either:
    """Three-valued OR."""

    left: "Node"
    right: "Node"


@dataclass(frozen=True, slots=True)
class Not:
    """Three-valued NOT."""

    item: "Node"


@dataclass(frozen=True, slots=True)
class Arithmetic:
    """``op`` is one of ``+ - *``; exact; missing when either side is missing. ``kind`` is the result's."""

    op: str
    left: "Node"
    right: "Node"
    kind: Kind


@dataclass(frozen=True, slots=True)
class Quotient:
    """``dividend / divisor`` cut (towards zero) to ``places`` decimals; missing for a divisor of zero."""

    dividend: "Node"
    divisor: "Node"
    places: int


@dataclass(frozen=True, slots=True)
class If:
    """``then`` where the condition is true, else ``otherwise``, also where the condition is unknown; without an
    ``otherwise`` the value is missing there."""

    condition: "Node"
    then: "Node"
    otherwise: "Node | None"
    kind: Kind


@dataclass(frozen=True, slots=True)
class FirstPresent:
    """The first of the items that has a value."""

    items: tuple["Node", ...]
    kind: Kind


@dataclass(frozen=True, slots=True)
class Extreme:
    """The ``least`` or ``greatest`` of the items that have a value; missing only where none has."""

    op: str
    items: tuple["Node", ...]
    kind: Kind


@dataclass(frozen=True, slots=True)
class LocalDay:
    """The day of an instant in the tenant's time zone; missing beyond the range of the clock."""

    item: "Node"


@dataclass(frozen=True, slots=True)
class ClockTime:
    """The instant at which the clock on the wall shows ``time`` (since midnight) on a local day; where the clock is
    put forward over that time, the moment of the change; where it comes twice, the first."""

    day: "Node"
    time: "Literal | ParameterRef"


@dataclass(frozen=True, slots=True)
class WorkedTime:
    """The working time of the tenant's calendar between two instants; negative where they are the wrong way round;
    missing where the tenant has no calendar, and beyond the range of the clock."""

    start: "Node"
    end: "Node"


@dataclass(frozen=True, slots=True)
class WorkDays:
    """How many working days lie after the day ``first`` up to and including ``last``, as ``WorkedTime``."""

    first: "Node"
    last: "Node"


@dataclass(frozen=True, slots=True)
class Other:
    """A field of the record that is looked for, inside ``Related``; a ``Field`` there is of the record itself."""

    field: Field


@dataclass(frozen=True, slots=True)
class OtherFirst:
    """Whether the other record's (external id, source) is before the record's own, by code points."""


@dataclass(frozen=True, slots=True)
class Related:
    """The other records of a type for which ``where`` is true, never the record itself. ``exists``: whether there
    is one; ``count``: how many; ``sum`` (0 of none), ``least`` and ``greatest`` of their ``value``."""

    how: str
    record: str
    where: "Node"
    value: "Node | None" = None


@dataclass(frozen=True, slots=True)
class Titled:
    """The item itself, which people call by the title: "the last answer to its case"."""

    item: "Node"
    title: Text


type Node = (
    Field | Literal | ParameterRef | PeriodEdge | Compare | OneOf | Missing | Both | Either | Not | Arithmetic
    | Quotient | If | FirstPresent | Extreme | LocalDay | ClockTime | WorkedTime | WorkDays | Other | OtherFirst
    | Related | Titled
)


def within_digits(number: Decimal) -> bool:
    """Whether the number is of a size that exact arithmetic is cheap for: 1E+999999 is written quickly."""
    exponent = number.as_tuple().exponent
    return isinstance(exponent, int) and exponent >= -DIGITS and number.adjusted() < DIGITS


def kind_of(node: Node) -> Kind:
    """The kind of the node's value."""
    match node:
        case (Field() | Literal() | ParameterRef() | PeriodEdge() | Arithmetic() | If() | FirstPresent() | Extreme()):
            return node.kind
        case Other():
            return node.field.kind
        case LocalDay():
            return Kind.DAY
        case Titled():
            return kind_of(node.item)
        case ClockTime():
            return Kind.INSTANT
        case WorkedTime():
            return Kind.DURATION
        case WorkDays():
            return Kind.INT
        case Related():
            return related_kind(node)
        case Quotient():
            return Kind.NUMBER
        case _:
            return Kind.FLAG


def related_kind(node: Related) -> Kind:
    """Yes or no, a number, or the kind of the value."""
    if node.value is not None:
        return kind_of(node.value)
    return Kind.FLAG if node.how == "exists" else Kind.INT


def children(node: Node) -> tuple[Node, ...]:
    """The nodes directly below."""
    match node:
        case Compare() | Both() | Either() | Arithmetic():
            return (node.left, node.right)
        case Missing() | Not() | LocalDay() | Titled():
            return (node.item,)
        case If():
            return (node.condition, node.then, *(() if node.otherwise is None else (node.otherwise,)))
        case FirstPresent() | Extreme():
            return node.items
        case ClockTime():
            return (node.day, node.time)
        case WorkedTime():
            return (node.start, node.end)
        case WorkDays():
            return (node.first, node.last)
        case Related():
            return (node.where, *(() if node.value is None else (node.value,)))
        case OneOf():
            return (node.item, *node.values)
        case Quotient():
            return (node.dividend, node.divisor)
        case _:
            return ()


def walk(node: Node) -> tuple[Node, ...]:
    """The node and everything below it, in order of reading."""
    below = tuple(found for child in children(node) for found in walk(child))
    return (node, *below)
