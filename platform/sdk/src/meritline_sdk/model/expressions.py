"""The proxies with which an author writes expressions: ``c.visits == 1``, ``c.closed_at - c.opened_at <= hours(24)``.

A proxy wraps a node and knows the operators; it refuses at once what would mean nothing: a percent compared with
a duration, ``and`` instead of ``&``, a chained comparison.
"""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from meritline_sdk.model import nodes
from meritline_sdk.model.kinds import MICROSECONDS_PER_SECOND, NUMERIC, ORDERED, TEXTUAL, Kind, comparable
from meritline_sdk.model.nodes import Node, Scalar, kind_of
from meritline_sdk.model.text import Text

MAXIMUM_PLACES = 12


class ExpressionError(TypeError):
    """An expression that would mean nothing: a time compared with a percentage, ``and`` instead of ``&``. The message
    says what to write instead."""


class Expr:
    """A value of a record, or what is calculated from values: ``Callout.visits``, ``Callout.visits * 2 <= 6``.

    Comparing gives a condition; combine conditions with ``&``, ``|`` and ``~``, each in brackets. ``+``, ``-`` and
    ``*`` are exact; divide with ``Quotient``. An instant less an instant is a duration, a day less a day whole days.
    What looks at a missing value is unknown: neither it nor its opposite is true. Raises ``ExpressionError`` where the
    two sides do not go together, and when it is asked for its truth value.

    >>> (Callout.visits == 1) & (Callout.closed_at - Callout.opened_at <= hours(24))
    Expr(Both(...))
    """

    __slots__ = ("node",)

    def __init__(self, node: Node) -> None:
        self.node = node

    def __repr__(self) -> str:
        return f"Expr({self.node!r})"

    def __bool__(self) -> bool:
        raise ExpressionError(
            "an expression has no truth value: write (a) & (b), (a) | (b), ~(a) instead of and, or, not, "
            "and (low <= x) & (x <= high) instead of a chained comparison"
        )

    __hash__ = None  # type: ignore[assignment]

    def __eq__(self, other: object) -> "Expr":  # type: ignore[override]
        return compare("==", self, other)

    def __ne__(self, other: object) -> "Expr":  # type: ignore[override]
        return compare("!=", self, other)

    def __lt__(self, other: object) -> "Expr":
        return compare("<", self, other)

    def __le__(self, other: object) -> "Expr":
        return compare("<=", self, other)

    def __gt__(self, other: object) -> "Expr":
        return compare(">", self, other)

    def __ge__(self, other: object) -> "Expr":
        return compare(">=", self, other)

    def __add__(self, other: object) -> "Expr":
        return calculate("+", self, as_expr(other))

    def __radd__(self, other: object) -> "Expr":
        return calculate("+", as_expr(other), self)

    def __sub__(self, other: object) -> "Expr":
        return calculate("-", self, as_expr(other))

    def __rsub__(self, other: object) -> "Expr":
        return calculate("-", as_expr(other), self)

    def __mul__(self, other: object) -> "Expr":
        return calculate("*", self, as_expr(other))

    def __rmul__(self, other: object) -> "Expr":
        return calculate("*", as_expr(other), self)

    def __truediv__(self, other: object) -> "Expr":
        raise ExpressionError("divide with Quotient(a, b, places=n), which says how exact each row's quotient is")

    def __and__(self, other: "Expr") -> "Expr":
        return Expr(nodes.Both(condition(self), condition(other)))

    def __or__(self, other: "Expr") -> "Expr":
        return Expr(nodes.Either(condition(self), condition(other)))

    def __invert__(self) -> "Expr":
        return Expr(nodes.Not(condition(self)))

    def missing(self) -> "Expr":
        """True where the record has no value here; never unknown: ``Callout.closed_at.missing()``."""
        return Expr(nodes.Missing(self.node))

    def present(self) -> "Expr":
        """True where the record has a value here; never unknown."""
        return Expr(nodes.Not(nodes.Missing(self.node)))

    def one_of(self, *values: str | int) -> "Expr":
        """True where the value is one of those given: ``Callout.outcome.one_of("fixed", "open")``. Unknown where it is
        missing. Raises ``ExpressionError`` for none, and for values of another kind."""
        if not values:
            raise ExpressionError("one_of needs at least one value")
        literals = tuple(literal(value, kind_of(self.node)) for value in values)
        for item in literals:
            require_comparable(self.node, item)
        return Expr(nodes.OneOf(self.node, literals))


def literal(value: object, beside: Kind | None = None) -> nodes.Literal:
    """The literal for a Python value; ``beside`` tells what it is compared with."""
    match value:
        case bool():
            return nodes.Literal(value, Kind.FLAG)
        case int() if abs(value) < 10**nodes.DIGITS:
            return nodes.Literal(value, Kind.INT)
        case Decimal() if value.is_finite() and nodes.within_digits(value):
            return nodes.Literal(value, Kind.NUMBER)
        case str():
            return nodes.Literal(value, beside if beside in TEXTUAL else Kind.CODE)
        case timedelta():
            return nodes.Literal(value // timedelta(microseconds=1), Kind.DURATION)
        case datetime() if value.tzinfo is not None:
            return nodes.Literal(value, Kind.INSTANT)
        case date() if not isinstance(value, datetime):
            return nodes.Literal(value, Kind.DAY)
    raise ExpressionError(
        f"{value!r} cannot stand in an expression: use int, Decimal, bool, str, a date, an instant with a zone, "
        "or seconds(), minutes(), hours(), days(); a float is never exact, "
        f"and a number has at most {nodes.DIGITS} digits before the point and after it"
    )


def as_expr(value: object, beside: Kind | None = None) -> Expr:
    """The value itself if it is an expression already, else its literal."""
    return value if isinstance(value, Expr) else Expr(literal(value, beside))


def condition(value: Any) -> Node:
    """The node of something that is true, false or unknown."""
    if not isinstance(value, Expr):
        raise ExpressionError(f"a condition is an expression such as c.visits == 1: got {value!r}")
    if kind_of(value.node) is not Kind.FLAG:
        raise ExpressionError(f"a condition is true or false, but {describe(value.node)} is a {kind_of(value.node)}")
    return value.node


def describe(node: Node) -> str:
    """A short name of the node for an error text."""
    return f"{node.record}.{node.name}" if isinstance(node, nodes.Field) else type(node).__name__.lower()


def require_comparable(left: Node, right: Node) -> None:
    """Raise unless the two mean the same sort of thing."""
    if not comparable(kind_of(left), kind_of(right)):
        raise ExpressionError(
            f"{describe(left)} is a {kind_of(left)} and cannot be compared with {describe(right)}, "
            f"a {kind_of(right)}" + (": use seconds(), minutes(), hours() or days()"
                                     if Kind.DURATION in (kind_of(left), kind_of(right)) else "")
        )


MIRRORED = {"==": "==", "!=": "!=", "<": ">", "<=": ">=", ">": "<", ">=": "<="}


def compare(op: str, left: Expr, right: object) -> Expr:
    """``left op right`` after checking that it means something.

    A parameter stands behind what it is compared with, as an author writes it: Python asks the subclass first.
    """
    other = as_expr(right, kind_of(left.node))
    if isinstance(left, Parameter) and not isinstance(other, Parameter) and isinstance(right, Expr):
        op, left, other = MIRRORED[op], other, left
    require_comparable(left.node, other.node)
    if op not in ("==", "!=") and kind_of(left.node) not in ORDERED:
        raise ExpressionError(f"{describe(left.node)} is a {kind_of(left.node)}: it has equality only")
    return Expr(nodes.Compare(op, left.node, other.node))


def result_kind(op: str, left: Kind, right: Kind) -> Kind | None:
    """The kind of ``left op right``, or None where it means nothing."""
    if left in NUMERIC and right in NUMERIC:
        return Kind.INT if left is right is Kind.INT else Kind.NUMBER
    if op == "*" and {left, right} == {Kind.DURATION, Kind.INT}:
        return Kind.DURATION
    return {
        ("-", Kind.INSTANT, Kind.INSTANT): Kind.DURATION,
        ("+", Kind.INSTANT, Kind.DURATION): Kind.INSTANT,
        ("-", Kind.INSTANT, Kind.DURATION): Kind.INSTANT,
        ("+", Kind.DURATION, Kind.INSTANT): Kind.INSTANT,
        ("+", Kind.DURATION, Kind.DURATION): Kind.DURATION,
        ("-", Kind.DURATION, Kind.DURATION): Kind.DURATION,
        ("-", Kind.DAY, Kind.DAY): Kind.INT,
    }.get((op, left, right))


def calculate(op: str, left: Expr, right: Expr) -> Expr:
    """``left op right``, exact."""
    kind = result_kind(op, kind_of(left.node), kind_of(right.node))
    if kind is None:
        raise ExpressionError(
            f"{describe(left.node)} ({kind_of(left.node)}) {op} {describe(right.node)} ({kind_of(right.node)}) "
            "means nothing"
        )
    return Expr(nodes.Arithmetic(op, left.node, right.node, kind))


def Quotient(dividend: Expr, divisor: Expr | int, *, places: int) -> Expr:
    """A quotient per record, cut (not rounded) to ``places`` decimals, at most 12; missing where the divisor is zero.

    A mean of quotients that must be exact is said with ``over=`` of the measure instead.

    >>> Quotient(Callout.cost, Callout.visits, places=2).node.places
    2
    """
    below = as_expr(divisor)
    for part in (dividend, below):
        if kind_of(part.node) not in NUMERIC:
            raise ExpressionError(f"a quotient is of numbers, but {describe(part.node)} is a {kind_of(part.node)}")
    if not 0 <= places <= MAXIMUM_PLACES:
        raise ExpressionError(f"places must lie between 0 and {MAXIMUM_PLACES}: got {places}")
    return Expr(nodes.Quotient(dividend.node, below.node, places))


class Parameter(Expr):
    """A value a tenant may set, such as the seconds within which a call counts as answered in time.

    ``blank=Kind.DURATION`` instead of a default: the tenant must fill it, until then what needs it is not measured.
    ``options``: the only values allowed, the default among them. ``title``: what sentences call it. It is an ``Expr``
    and stands wherever a constant could. Raises ``ExpressionError`` for both or neither of default and blank.

    >>> WITHIN = Parameter("within", hours(2), title=Text("the promised time", "承诺时限"))
    >>> (Callout.closed_at - Callout.opened_at <= WITHIN).node.op
    '<='
    """

    __slots__ = ()

    def __init__(self, name: str, default: Scalar | timedelta | Expr | None = None, *, blank: Kind | None = None,
                 options: Iterable[Scalar] = (), title: Text | None = None) -> None:
        if not name.isidentifier():
            raise ExpressionError(f"a parameter's name is an identifier: got {name!r}")
        if (default is None) == (blank is None):
            raise ExpressionError(f"parameter {name!r} has a default, or blank= with the kind a tenant must fill in")
        if blank is not None:
            super().__init__(nodes.ParameterRef(name, blank, None, tuple(options), title))
            return
        constant = default.node if isinstance(default, Expr) else literal(default)
        if not isinstance(constant, nodes.Literal):
            raise ExpressionError(f"parameter {name!r}: its default is a constant such as 20 or seconds(20)")
        allowed = tuple(options)
        if allowed and constant.value not in allowed:
            raise ExpressionError(f"parameter {name!r}: its default {constant.value!r} is none of its options")
        super().__init__(nodes.ParameterRef(name, constant.kind, constant.value, allowed, title))


def seconds(count: int) -> Expr:
    """A duration of whole seconds.

    >>> seconds(90).node.value    # microseconds
    90000000
    """
    return Expr(nodes.Literal(count * MICROSECONDS_PER_SECOND, Kind.DURATION))


def minutes(count: int) -> Expr:
    """A duration of whole minutes: ``Callout.closed_at - Callout.opened_at <= minutes(30)``."""
    return seconds(count * 60)


def hours(count: int) -> Expr:
    """A duration of whole hours of 60 minutes, by the wall clock: ``hours(24)`` is a day and not a working day."""
    return seconds(count * 3600)


def days(count: int) -> Expr:
    """A duration of whole days of 24 hours; of days of the calendar see ``local_day``."""
    return seconds(count * 86400)


def parameters_of(parts: Iterable[Node]) -> tuple[nodes.ParameterRef, ...]:
    """The parameters that occur in the nodes, by name; two of one name must be the same."""
    found: dict[str, nodes.ParameterRef] = {}
    for part in parts:
        for node in nodes.walk(part):
            if isinstance(node, nodes.ParameterRef) and found.setdefault(node.name, node) != node:
                raise ExpressionError(f"parameter {node.name!r} is declared twice with different defaults")
    return tuple(found[name] for name in sorted(found))
