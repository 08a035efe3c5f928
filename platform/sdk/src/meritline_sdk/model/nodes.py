"""The nodes of an expression: frozen, compared and hashed by structure.

This file decides which operations the language has; what they mean is decided in ``meritline_sdk.evaluate``
(plain Python) and, equal to it, by the server's compiler to SQL. Nodes are built by the proxies of
``expressions.py``; nothing here overloads an operator.
"""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from meritline_sdk.model.kinds import Kind

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
    """A value that a tenant may set; ``default`` holds until it does."""

    name: str
    kind: Kind
    default: Scalar


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


type Node = (
    Field | Literal | ParameterRef | Compare | OneOf | Missing | Both | Either | Not | Arithmetic | Quotient
)


def within_digits(number: Decimal) -> bool:
    """Whether the number is of a size that exact arithmetic is cheap for: 1E+999999 is written quickly."""
    exponent = number.as_tuple().exponent
    return isinstance(exponent, int) and exponent >= -DIGITS and number.adjusted() < DIGITS


def kind_of(node: Node) -> Kind:
    """The kind of the node's value."""
    match node:
        case Field() | Literal() | ParameterRef() | Arithmetic():
            return node.kind
        case Quotient():
            return Kind.NUMBER
        case _:
            return Kind.FLAG


def children(node: Node) -> tuple[Node, ...]:
    """The nodes directly below."""
    match node:
        case Compare() | Both() | Either() | Arithmetic():
            return (node.left, node.right)
        case Missing() | Not():
            return (node.item,)
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
