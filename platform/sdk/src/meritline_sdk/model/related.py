"""Looking at other records: a second visit, a repeat contact, a later answer. Decides what such a look may say."""

from collections.abc import Callable, Sequence
from dataclasses import fields, is_dataclass, replace
from typing import Any

from meritline_sdk.model import nodes
from meritline_sdk.model.expressions import Expr, ExpressionError, condition, describe
from meritline_sdk.model.kinds import NUMERIC, ORDERED
from meritline_sdk.model.nodes import Field, Node, kind_of, walk
from meritline_sdk.model.records import RecordType


class OtherRecord:
    """The record that is looked for; its attributes are its fields."""

    __slots__ = ("_record",)

    def __init__(self, record: type[RecordType]) -> None:
        self._record = record

    def __getattr__(self, name: str) -> Expr:
        node = getattr(self._record, name).node
        if not isinstance(node, Field):
            raise AttributeError(name)
        return Expr(nodes.Other(node))

    def comes_first(self) -> Expr:
        """True where its (external id, source) is before the record's own: an order for what is otherwise equal."""
        return Expr(nodes.OtherFirst())


type Look = Callable[[OtherRecord], Expr]


def exists(record: type[RecordType], where: Look) -> Expr:
    """True where there is another record of the type for which the condition holds.

    The function gets the other record and gives the condition, in which one part says that a field of the one equals a
    field of the other; else ``ExpressionError``. A record finds itself too, where it fits.

    >>> again = exists(Callout, lambda other: (other.order_no == Callout.order_no)
    ...                & (other.opened_at > Callout.closed_at))
    >>> again.node.how
    'exists'
    """
    return Expr(related("exists", record, where))


def how_many(record: type[RecordType], where: Look) -> Expr:
    """How many other records of the type there are for which the condition holds, as a whole number.

    >>> how_many(Callout, lambda other: other.order_no == Callout.order_no).node.how
    'count'
    """
    return Expr(related("count", record, where))


def least_of(record: type[RecordType], value: Look, where: Look) -> Expr:
    """The least value among the other records for which the condition holds; missing where there is none.

    >>> least_of(Callout, lambda other: other.opened_at, lambda other: other.order_no == Callout.order_no).node.how
    'least'
    """
    return Expr(related("least", record, where, value))


def greatest_of(record: type[RecordType], value: Look, where: Look) -> Expr:
    """The greatest value among the other records for which the condition holds; missing where there is none. As
    ``least_of``."""
    return Expr(related("greatest", record, where, value))


def sum_of(record: type[RecordType], value: Look, where: Look) -> Expr:
    """The sum of a number over the other records for which the condition holds; 0 where there is none. Values that are
    missing are left out."""
    return Expr(related("sum", record, where, value))


def related(how: str, record: type[RecordType], where: Look, value: Look | None = None) -> nodes.Related:
    """The checked node."""
    found = condition(where(OtherRecord(record)))
    sought = None if value is None else value(OtherRecord(record)).node
    if sought is not None and (kind_of(sought) not in (NUMERIC if how == "sum" else ORDERED)):
        raise ExpressionError(f"{how} of other records: {describe(sought)} is a {kind_of(sought)}")
    key = record.declaration.key
    for node in (*walk(found), *(() if sought is None else walk(sought))):
        if isinstance(node, nodes.Related):
            raise ExpressionError("one look at other records cannot stand inside another")
        if isinstance(node, nodes.Other) and node.field.record != key:
            raise ExpressionError(f"a look at {key!r} names a field of {node.field.record!r} as the other's")
    if not any(ties(node) for node in conjuncts(found)):
        raise ExpressionError(f"say by which field the records of {key!r} belong to this one: "
                              "a condition such as other.case_no == Ticket.case_no, joined by &")
    return nodes.Related(how, key, found, sought)


def conjuncts(node: Node) -> tuple[Node, ...]:
    """The parts of an AND."""
    return (*conjuncts(node.left), *conjuncts(node.right)) if isinstance(node, nodes.Both) else (node,)


def ties(node: Node) -> bool:
    """Whether it says that a field of the one record equals a field of the other."""
    if not isinstance(node, nodes.Compare) or node.op != "==":
        return False
    return {type(node.left), type(node.right)} == {Field, nodes.Other}


def as_other(node: Node) -> Node:
    """The same said of the other record."""
    if isinstance(node, Field):
        return nodes.Other(node)
    if isinstance(node, nodes.Related | nodes.Other):
        raise ExpressionError("one look at other records cannot stand inside another")
    changed = {each.name: moved(getattr(node, each.name)) for each in fields(node)}
    return replace(node, **changed)


def moved(value: Any) -> Any:
    """The part of a node, said of the other record where it is an expression."""
    if isinstance(value, tuple):
        return tuple(moved(part) for part in value)
    is_node = is_dataclass(value) and type(value).__module__ == nodes.__name__
    return as_other(value) if is_node else value


def only_last(record: type[RecordType], *, by: Sequence[Expr], order: Expr, where: Expr) -> Expr:
    """``where``, and of the records that are alike in ``by`` only the last by ``order``: the last answer to a case.

    What is equal in ``order`` too is told apart by the outside id. A record without one of the keys stands alone.

    >>> last = only_last(Callout, by=[Callout.order_no], order=Callout.opened_at, where=Callout.outcome == "fixed")
    >>> Count(Callout, where=last).tally.how
    'count'
    """
    return only(record, by, order, where, last=True)


def only_first(record: type[RecordType], *, by: Sequence[Expr], order: Expr, where: Expr) -> Expr:
    """``where``, and of the records that are alike in ``by`` only the first by ``order``; else as ``only_last``."""
    return only(record, by, order, where, last=False)


only_best = only_last


def only(record: type[RecordType], by: Sequence[Expr], order: Expr, where: Expr, *, last: bool) -> Expr:
    """No other record that is alike, counts too, and stands before (or behind) it."""
    def look(other: OtherRecord) -> Expr:
        theirs = Expr(as_other(order.node))
        found: Expr = (theirs > order) if last else (theirs < order)
        tie = ~other.comes_first() if last else other.comes_first()
        found = (found | ((theirs == order) & tie)) & Expr(as_other(condition(where)))
        for key in by:
            found = (Expr(as_other(key.node)) == key) & found
        return found

    return where & ~exists(record, look)
