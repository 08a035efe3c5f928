"""What an expression gives for one record. Decides the three-valued logic: unknown is None, everything exact.

A record is a mapping from field name to value: int, Decimal, bool, str, an aware datetime, a date; an employee's or
department's key for Person and Team; ``((key or None, part), ...)`` for People. Durations are whole microseconds.
``external_id`` and ``source`` say which record it is.
"""

from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any

from meritline_sdk.evaluate.calendars import Clock
from meritline_sdk.evaluate.looks import looked
from meritline_sdk.evaluate.numbers import EXACT, cut
from meritline_sdk.evaluate.scenes import MICROSECOND, Record, Scene, plain, scene_of
from meritline_sdk.evaluate.windows import Window
from meritline_sdk.model import nodes
from meritline_sdk.model.nodes import Node, Scalar

__all__ = ["People", "Record", "Scene", "Value", "plain", "value_of"]

type People = tuple[tuple[str | None, int], ...]
type Value = int | Decimal | bool | str | datetime | date | People


def value_of(node: Node, record: Record, scene: Scene | Mapping[str, Scalar]) -> Any:
    """The value of the expression for the record, None where it is unknown or missing.

    >>> from meritline_sdk.model.kinds import Kind
    >>> value_of(nodes.Compare("<", nodes.Field("c", "n", Kind.INT), nodes.Literal(3, Kind.INT)), {"n": None}, {})
    >>> value_of(nodes.Missing(nodes.Field("c", "n", Kind.INT)), {}, {})
    True
    """
    return found(node, record, scene_of(scene))


def found(node: Node, record: Record, scene: Scene) -> Any:
    """``value_of`` in a scene."""
    if isinstance(node, nodes.Field):  # most nodes are fields
        return plain(record.get(node.name))
    return MEANINGS[type(node)](node, record, scene)


def parameter(node: nodes.ParameterRef, record: Record, scene: Scene) -> Any:
    """What the tenant set; a blank is missing until then."""
    return plain(scene.parameters.get(node.name, node.default))


def edge(node: nodes.PeriodEdge, record: Record, scene: Scene) -> datetime | date | None:
    """An edge of the window; outside any window it is missing."""
    return None if scene.window is None else edge_of(node.edge, scene.window)


def edge_of(name: str, window: Window) -> datetime | date:
    """The edge of this name: instants half-open, days inclusive."""
    match name:
        case "start":
            return window.start
        case "end":
            return window.end
        case "first_day":
            return window.first_day
        case "last_day":
            return window.end_day - timedelta(days=1)
    raise ValueError(f"a period has no edge {name!r}")


def joined(node: nodes.Both | nodes.Either, record: Record, scene: Scene) -> bool | None:
    """AND and OR: a side that decides alone decides, otherwise unknown wins."""
    decisive = isinstance(node, nodes.Either)
    left = found(node.left, record, scene)
    right = decisive if left is decisive else found(node.right, record, scene)
    if decisive in (left, right):
        return decisive
    return None if left is None or right is None else not decisive


def negated(node: nodes.Not, record: Record, scene: Scene) -> bool | None:
    """NOT; unknown stays unknown."""
    value: bool | None = found(node.item, record, scene)
    return None if value is None else not value


def one_of(node: nodes.OneOf, record: Record, scene: Scene) -> bool | None:
    """Whether it is one of the constants."""
    value = found(node.item, record, scene)
    return None if value is None else any(value == plain(other.value) for other in node.values)


def compared(node: nodes.Compare, record: Record, scene: Scene) -> bool | None:
    """``left op right``, unknown where a side is."""
    left, right = found(node.left, record, scene), found(node.right, record, scene)
    return None if left is None or right is None else bool(COMPARISONS[node.op](left, right))


COMPARISONS: Mapping[str, Callable[[Any, Any], Any]] = {
    "==": lambda left, right: left == right,
    "!=": lambda left, right: left != right,
    "<": lambda left, right: left < right,
    "<=": lambda left, right: left <= right,
    ">": lambda left, right: left > right,
    ">=": lambda left, right: left >= right,
}


def calculated(node: nodes.Arithmetic, record: Record, scene: Scene) -> Any:
    """``left op right``, exact; a difference of instants is in microseconds, of days in days."""
    left, right = found(node.left, record, scene), found(node.right, record, scene)
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


def divided(node: nodes.Quotient, record: Record, scene: Scene) -> Decimal | None:
    """The quotient cut towards zero; missing where the divisor is zero or a side is missing."""
    dividend, divisor = found(node.dividend, record, scene), found(node.divisor, record, scene)
    if dividend is None or divisor is None or divisor == 0:
        return None
    return cut(Fraction(dividend) / Fraction(divisor), node.places)


def chosen(node: nodes.If, record: Record, scene: Scene) -> Any:
    """``then`` only where the condition is true."""
    if found(node.condition, record, scene) is True:
        return found(node.then, record, scene)
    return None if node.otherwise is None else found(node.otherwise, record, scene)


def first_present(node: nodes.FirstPresent, record: Record, scene: Scene) -> Any:
    """The first that has a value."""
    return next((value for item in node.items if (value := found(item, record, scene)) is not None), None)


def extreme(node: nodes.Extreme, record: Record, scene: Scene) -> Any:
    """The least or greatest of those that have a value."""
    present = [value for item in node.items if (value := found(item, record, scene)) is not None]
    return None if not present else min(present) if node.op == "least" else max(present)


def by_clock(look: Callable[[Clock, Any], Any], item: Node, record: Record, scene: Scene) -> Any:
    """What the clock says of a value; missing without a clock."""
    value = found(item, record, scene)
    return None if value is None or scene.clock is None else look(scene.clock, value)


def between(look: Callable[[Clock, Any], int | None], first: Node, last: Node, record: Record, scene: Scene,
            ) -> int | None:
    """The distance of two values by the clock."""
    since, until = by_clock(look, first, record, scene), by_clock(look, last, record, scene)
    return None if since is None or until is None else until - since


def clock_time(node: nodes.ClockTime, record: Record, scene: Scene) -> datetime | None:
    """The instant at which the clock shows the time on the day."""
    time = found(node.time, record, scene)
    return None if time is None else by_clock(lambda clock, day: clock.at_clock(day, time), node.day, record, scene)


def other_first(node: nodes.OtherFirst, record: Record, scene: Scene) -> bool:
    """The order of records that are otherwise equal."""
    assert scene.other is not None
    return name_of(scene.other) < name_of(record)


def name_of(record: Record) -> tuple[str, str]:
    """What tells a record from all others of its type."""
    return str(record.get("external_id") or ""), str(record.get("source") or "")


MEANINGS: Mapping[type, Callable[[Any, Record, Scene], Any]] = {
    nodes.Field: lambda node, record, scene: plain(record.get(node.name)),
    nodes.Literal: lambda node, record, scene: plain(node.value),
    nodes.ParameterRef: parameter,
    nodes.PeriodEdge: edge,
    nodes.Compare: compared,
    nodes.OneOf: one_of,
    nodes.Missing: lambda node, record, scene: found(node.item, record, scene) is None,
    nodes.Titled: lambda node, record, scene: found(node.item, record, scene),
    nodes.Both: joined,
    nodes.Either: joined,
    nodes.Not: negated,
    nodes.Arithmetic: calculated,
    nodes.Quotient: divided,
    nodes.If: chosen,
    nodes.FirstPresent: first_present,
    nodes.Extreme: extreme,
    nodes.LocalDay: lambda node, record, scene: by_clock(Clock.local_day, node.item, record, scene),
    nodes.ClockTime: clock_time,
    nodes.WorkedTime: lambda node, record, scene: between(Clock.worked_until, node.start, node.end, record, scene),
    nodes.WorkDays: lambda node, record, scene: between(Clock.work_days_until, node.first, node.last, record, scene),
    nodes.Other: lambda node, record, scene: plain(scene.other.get(node.field.name)) if scene.other else None,
    nodes.OtherFirst: other_first,
    nodes.Related: lambda node, record, scene: looked(node, record, scene, found),
}
