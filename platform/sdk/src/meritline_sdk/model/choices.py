"""Choosing between values: ``If``, the first that is present, the earliest and the latest. Decides their kinds."""

from datetime import timedelta

from meritline_sdk.model import nodes
from meritline_sdk.model.expressions import Expr, ExpressionError, as_expr, condition, describe
from meritline_sdk.model.kinds import NUMERIC, ORDERED, TEXTUAL, Kind
from meritline_sdk.model.nodes import Node, Scalar, kind_of
from meritline_sdk.model.text import Text

type Value = Expr | Scalar | timedelta
"""An expression, or a constant of one kind with those beside it."""


def common_kind(parts: tuple[Node, ...]) -> Kind:
    """The kind that all of them have; whole numbers among decimals are decimals."""
    kinds = {kind_of(part) for part in parts}
    if len(kinds) == 1 and Kind.PEOPLE not in kinds:
        return kinds.pop()
    if kinds <= NUMERIC:
        return Kind.NUMBER
    if kinds <= TEXTUAL:
        return Kind.CODE
    named = ", ".join(f"{describe(part)} is a {kind_of(part)}" for part in parts)
    raise ExpressionError(f"the values to choose from are of one kind, but {named}")


def If(when: Expr, then: Value, otherwise: Value | None = None) -> Expr:
    """``then`` where the condition is true, else ``otherwise``; left out, the value is missing there.

    Both are of one kind, else ``ExpressionError``; where the condition is unknown, ``otherwise`` stands.

    >>> If(Callout.visits > 3, 2, 1).node.kind
    <Kind.INT: 'int'>
    """
    chosen = tuple(as_expr(part).node for part in (then, otherwise) if part is not None)
    last = None if otherwise is None else chosen[-1]
    return Expr(nodes.If(condition(when), chosen[0], last, common_kind(chosen)))


def titled(value: Expr, en: str, zh: str) -> Expr:
    """The value or condition, which sentences call by the title, in English and Chinese, instead of spelling it out.

    >>> titled(Callout.visits == 1, "done in one visit", "一次上门完成").node.title.en
    'done in one visit'
    """
    return Expr(nodes.Titled(value.node, Text(en, zh)))


def first_present(*parts: Value) -> Expr:
    """The first of the values that is not missing, missing where all are. At least two of one kind.

    >>> first_present(Callout.cost, 0).node.kind
    <Kind.NUMBER: 'number'>
    """
    return Expr(nodes.FirstPresent(*several(parts, "first_present")))


def earliest(*parts: Value) -> Expr:
    """The least of the values that are present: of instants the earliest. At least two, of a kind with an order."""
    return extreme("least", parts)


def latest(*parts: Value) -> Expr:
    """The greatest of the values that are present: of instants the latest. At least two, of a kind with an order."""
    return extreme("greatest", parts)


def extreme(op: str, parts: tuple[Value, ...]) -> Expr:
    """The least or greatest; only of what has an order."""
    items, kind = several(parts, "earliest and latest")
    if kind not in ORDERED:
        raise ExpressionError(f"{describe(items[0])} is a {kind}: it has no earliest or latest")
    return Expr(nodes.Extreme(op, items, kind))


def several(parts: tuple[Value, ...], what: str) -> tuple[tuple[Node, ...], Kind]:
    """At least two values of one kind."""
    if len(parts) < 2:
        raise ExpressionError(f"{what} choose between at least two values")
    items = tuple(as_expr(part).node for part in parts)
    return items, common_kind(items)
