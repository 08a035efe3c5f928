"""From SDK expressions to SQL. Decides how SQL gives exactly what ``meritline_sdk.evaluate`` gives.

- Whole numbers and durations (microseconds) are bigint while they cannot leave its range, else numeric: every piece
  knows the widest value it can have. Decimals are numeric. Nothing is ever divided but by ``div`` of a Quotient.
- Instants are compared as timestamptz while they are plain; once calculated with, as microseconds since 1970.
  ``extract(epoch ...)`` is exact (numeric), and no step depends on a time zone.
- SQL's own three-valued logic is the SDK's; text has equality only.
- Values are bound, names are checked (``quoted``), and only operators of a fixed table are written.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from decimal import Decimal
from typing import Any, Final

from meritline.measuring.binds import Binds
from meritline.records.columns import WIDEST_INT, quoted, value_column
from meritline_sdk.model import nodes
from meritline_sdk.model.kinds import Kind
from meritline_sdk.model.nodes import Node, Scalar, kind_of

BIGINT: Final = 2**63 - 1
WIDEST_INSTANT: Final = 10**18  # microseconds between 1970 and either end of the calendar, with room
WIDEST_DAYS: Final = 10**7
MICROSECOND: Final = timedelta(microseconds=1)
COMPARISONS: Final = {"==": "=", "!=": "<>", "<": "<", "<=": "<=", ">": ">", ">=": ">="}
OPERATIONS: Final = {"+": "+", "-": "-", "*": "*"}
BOUND: Final = {
    Kind.NUMBER: "numeric",
    Kind.FLAG: "boolean",
    Kind.CODE: "text",
    Kind.CHOICE: "text",
    Kind.INSTANT: "timestamptz",
    Kind.DAY: "date",
}


@dataclass(frozen=True, slots=True)
class Sql:
    """A piece of SQL with what is known of its value."""

    text: str
    kind: Kind
    widest: int = 0
    """Whole numbers: the largest absolute value it can have; beyond bigint it is numeric."""
    counted: bool = False
    """An instant as microseconds since 1970 instead of timestamptz."""
    interval: str = ""
    """A distance of two plain instants as interval: missing where the value is, and cheaper to compare."""

    @property
    def presence(self) -> str:
        """Something that is null exactly where the value is missing."""
        return self.interval or self.text


@dataclass(frozen=True, slots=True)
class Compiler:
    """Compiles the expressions of one statement over the rows named ``row``."""

    binds: Binds
    row: str = "r"

    def column(self, name: str) -> str:
        """A column of the row."""
        return f"{self.row}.{quoted(name)}"

    def condition(self, node: Node, parameters: Mapping[str, Scalar]) -> str:
        """A condition for WHERE or FILTER, which keep only what is true."""
        return self.piece(node, parameters).text

    def piece(self, node: Node, parameters: Mapping[str, Scalar]) -> Sql:
        """The node as SQL."""
        match node:
            case nodes.Field():
                widest = {Kind.INT: WIDEST_INT, Kind.INSTANT: WIDEST_INSTANT}.get(node.kind, 0)
                return Sql(self.column(value_column(node.name, node.kind)), node.kind, widest)
            case nodes.Literal():
                return self.constant(node.value, node.kind)
            case nodes.ParameterRef():
                return self.constant(parameters.get(node.name, node.default), node.kind)
            case nodes.OneOf():
                return self.one_of(node, parameters)
            case nodes.Compare():
                return self.compared(node, parameters)
            case _:
                below = [self.piece(child, parameters) for child in nodes.children(node)]
                return combined(node, below)

    def constant(self, value: Any, kind: Kind) -> Sql:
        """A bound value of the kind."""
        if isinstance(value, timedelta):
            value = value // MICROSECOND
        if kind in (Kind.INT, Kind.DURATION):
            wide = abs(value) > BIGINT
            place = self.binds.add(Decimal(value) if wide else value, "numeric" if wide else "bigint")
            return Sql(place, kind, abs(value))
        return Sql(self.binds.add(Decimal(value) if kind is Kind.NUMBER else value, BOUND[kind]), kind)

    def compared(self, node: nodes.Compare, parameters: Mapping[str, Scalar]) -> Sql:
        """``left op right``, unknown where a side is; distances of instants are compared as intervals."""
        sides = (node.left, node.right)
        fixed = [fixed_duration(side, parameters) for side in sides]
        found = [None if one is not None else self.piece(side, parameters)
                 for side, one in zip(sides, fixed, strict=True)]  # fmt: skip
        if all(piece is None or piece.interval for piece in found):
            left, right = (piece.interval if piece else self.binds.add(one, "interval")
                           for piece, one in zip(found, fixed, strict=True))  # fmt: skip
            return flag(f"({left} {COMPARISONS[node.op]} {right})")
        pieces = [piece or self.piece(side, parameters) for piece, side in zip(found, sides, strict=True)]
        if any(piece.counted for piece in pieces):
            pieces = [counted(piece) for piece in pieces]
        return flag(f"({pieces[0].text} {COMPARISONS[node.op]} {pieces[1].text})")

    def one_of(self, node: nodes.OneOf, parameters: Mapping[str, Scalar]) -> Sql:
        """Whether the item is one of the constants; unknown where it is missing."""
        item = self.piece(node.item, parameters)
        others = [self.constant(other.value, other.kind) for other in node.values]
        if item.counted:
            others = [counted(other) for other in others]
        return flag(f"({item.text} IN ({', '.join(other.text for other in others)}))")


def combined(node: Node, below: list[Sql]) -> Sql:
    """The SQL of a node from that of its children."""
    match node:
        case nodes.Missing():
            return flag(f"({below[0].presence} IS NULL)")
        case nodes.Not():
            return flag(f"(NOT {below[0].text})")
        case nodes.Both():
            return flag(f"({below[0].text} AND {below[1].text})")
        case nodes.Either():
            return flag(f"({below[0].text} OR {below[1].text})")
        case nodes.Arithmetic():
            return calculated(node, *below)
        case nodes.Quotient():
            return quotient(node, *below)
    raise TypeError(f"{type(node).__name__} ({kind_of(node)}) cannot be compiled")


def fixed_duration(node: Node, parameters: Mapping[str, Scalar]) -> timedelta | None:
    """The duration, if it is a constant that an interval can hold."""
    match node:
        case nodes.Literal(value, Kind.DURATION):
            found: Any = value
        case nodes.ParameterRef(name, Kind.DURATION, default):
            found = parameters.get(name, default)
        case _:
            return None
    found = found // MICROSECOND if isinstance(found, timedelta) else found
    return timedelta(microseconds=found) if abs(found) <= WIDEST_INSTANT else None


def flag(text: str) -> Sql:
    """A condition."""
    return Sql(text, Kind.FLAG)


def counted(instant: Sql) -> Sql:
    """The instant as microseconds since 1970."""
    if instant.counted:
        return instant
    return Sql(microseconds(instant.text), Kind.INSTANT, WIDEST_INSTANT, counted=True)


def microseconds(text: str) -> str:
    """The exact length of an interval, or distance of an instant from 1970."""
    return f"(extract(epoch FROM {text}) * 1000000)::bigint"


def calculated(node: nodes.Arithmetic, left: Sql, right: Sql) -> Sql:
    """``left op right``, exact and without overflow."""
    kinds = (left.kind, right.kind)
    if kinds == (Kind.INSTANT, Kind.INSTANT) and not (left.counted or right.counted):
        interval = f"({left.text} - {right.text})"
        return Sql(microseconds(interval), Kind.DURATION, 2 * WIDEST_INSTANT, interval=interval)
    if Kind.DAY in kinds:
        return Sql(f"({left.text} - {right.text})::bigint", Kind.INT, WIDEST_DAYS)
    if node.kind is Kind.NUMBER:
        return Sql(f"({left.text} {OPERATIONS[node.op]} {right.text})", Kind.NUMBER)
    left, right = (counted(each) if each.kind is Kind.INSTANT else each for each in (left, right))
    return replace(whole(node.op, left, right), kind=node.kind, counted=node.kind is Kind.INSTANT)


def whole(op: str, left: Sql, right: Sql) -> Sql:
    """A sum, difference or product of whole numbers: numeric as soon as bigint might not hold it."""
    widest = left.widest * right.widest if op == "*" else left.widest + right.widest
    cast = "::numeric" if widest > BIGINT else ""
    return Sql(f"({left.text}{cast} {OPERATIONS[op]} {right.text}{cast})", Kind.INT, widest)


def quotient(node: nodes.Quotient, dividend: Sql, divisor: Sql) -> Sql:
    """Cut towards zero by whole-number division of the scaled dividend; missing for a divisor of zero."""
    scaled = f"{dividend.text}::numeric * {10**node.places}"
    smallest = f"0.{'0' * (node.places - 1)}1" if node.places else "1"
    return Sql(f"(div({scaled}, nullif({divisor.text}::numeric, 0)) * {smallest})", Kind.NUMBER)
