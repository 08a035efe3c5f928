"""What an expression gives for one record. Decides the three-valued logic: unknown is None, everything exact.

A record is a mapping from field name to value: int, Decimal, bool, str, an aware datetime, a date; an employee's or
department's key for Person and Team; ``((key or None, part), ...)`` for People. Durations are whole microseconds.
"""

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any

from meritline_sdk.evaluate.numbers import EXACT, cut
from meritline_sdk.model import nodes
from meritline_sdk.model.nodes import Node, Scalar

type People = tuple[tuple[str | None, int], ...]
type Value = int | Decimal | bool | str | datetime | date | People
type Record = Mapping[str, object | None]

MICROSECOND = timedelta(microseconds=1)


def value_of(node: Node, record: Record, parameters: Mapping[str, Scalar]) -> Any:
    """The value of the expression for the record, None where it is unknown or missing.

    >>> from meritline_sdk.model.kinds import Kind
    >>> value_of(nodes.Compare("<", nodes.Field("c", "n", Kind.INT), nodes.Literal(3, Kind.INT)), {"n": None}, {})
    >>> value_of(nodes.Missing(nodes.Field("c", "n", Kind.INT)), {}, {})
    True
    """
    match node:
        case nodes.Field():
            return plain(record.get(node.name))
        case nodes.Literal():
            return plain(node.value)
        case nodes.ParameterRef():
            return plain(parameters.get(node.name, node.default))
        case nodes.Missing():
            return value_of(node.item, record, parameters) is None
        case nodes.Both() | nodes.Either():
            return joined(node, value_of(node.left, record, parameters), value_of(node.right, record, parameters))
        case nodes.Not():
            found = value_of(node.item, record, parameters)
            return None if found is None else not found
        case nodes.OneOf():
            found = value_of(node.item, record, parameters)
            return None if found is None else any(found == plain(other.value) for other in node.values)
        case nodes.Compare():
            return compared(node.op, value_of(node.left, record, parameters), value_of(node.right, record, parameters))
        case nodes.Arithmetic():
            return calculated(node, value_of(node.left, record, parameters), value_of(node.right, record, parameters))
        case nodes.Quotient():
            return divided(node, value_of(node.dividend, record, parameters),
                           value_of(node.divisor, record, parameters))


def plain(value: Any) -> Any:
    """The value as it is compared: instants in UTC, durations as microseconds, nobody as missing.

    Two datetimes that share a zone would be compared by the clock on the wall, wrong where it is put back.
    """
    if isinstance(value, datetime):
        return value.astimezone(UTC)
    if isinstance(value, timedelta):
        return value // MICROSECOND
    return None if value == () else value


def joined(node: nodes.Both | nodes.Either, left: bool | None, right: bool | None) -> bool | None:
    """AND and OR: a side that decides alone decides, otherwise unknown wins."""
    decisive = isinstance(node, nodes.Either)
    if left is decisive or right is decisive:
        return decisive
    return None if left is None or right is None else not decisive


def compared(op: str, left: Any, right: Any) -> bool | None:
    """``left op right``, unknown where a side is."""
    if left is None or right is None:
        return None
    match op:
        case "==":
            return bool(left == right)
        case "!=":
            return bool(left != right)
        case "<":
            return bool(left < right)
        case "<=":
            return bool(left <= right)
        case ">":
            return bool(left > right)
        case ">=":
            return bool(left >= right)
    raise ValueError(f"unknown comparison {op!r}")


def calculated(node: nodes.Arithmetic, left: Any, right: Any) -> Any:
    """``left op right``, exact; a difference of instants is in microseconds, of days in days."""
    if left is None or right is None:
        return None
    if isinstance(left, date) or isinstance(right, date):
        return moved(node.op, left, right)
    if isinstance(left, Decimal) or isinstance(right, Decimal):
        left, right = Decimal(left), Decimal(right)
        return {"+": EXACT.add, "-": EXACT.subtract, "*": EXACT.multiply}[node.op](left, right)
    return left + right if node.op == "+" else left - right if node.op == "-" else left * right


def moved(op: str, left: Any, right: Any) -> datetime | int:
    """An instant moved by a duration, or the distance of two instants or days."""
    if isinstance(left, datetime) and isinstance(right, datetime):
        return (left - right) // MICROSECOND
    if isinstance(left, datetime):
        step = timedelta(microseconds=right)
        return left + step if op == "+" else left - step
    if isinstance(right, datetime):
        return right + timedelta(microseconds=left)
    return int((left - right).days)


def divided(node: nodes.Quotient, dividend: Any, divisor: Any) -> Decimal | None:
    """The quotient cut towards zero; missing where the divisor is zero or a side is missing."""
    if dividend is None or divisor is None or divisor == 0:
        return None
    return cut(Fraction(dividend) / Fraction(divisor), node.places)
