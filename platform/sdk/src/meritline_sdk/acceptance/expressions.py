"""Whether an expression means something: every node is built again as an author would write it.

What an author cannot write, nobody may declare: the proxies refuse a percent compared with a time, and a declaration
that was put together past them is refused for the same reason, in the same words.
"""

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal

from meritline_sdk.model import choices, expressions, nodes, times
from meritline_sdk.model.expressions import Expr, ExpressionError
from meritline_sdk.model.kinds import Kind
from meritline_sdk.model.nodes import Node
from meritline_sdk.model.records import EXTERNAL_ID, DeclarationError, RecordDeclaration
from meritline_sdk.model.related import conjuncts, ties

type Records = Mapping[str, RecordDeclaration]

EDGES = {(one.node.edge, one.node.kind) for one in (times.PERIOD_START, times.PERIOD_END, times.FIRST_DAY,
                                                    times.LAST_DAY) if isinstance(one.node, nodes.PeriodEdge)}
HOLDS: Mapping[Kind, type] = {
    Kind.INT: int, Kind.NUMBER: Decimal, Kind.FLAG: bool, Kind.CODE: str, Kind.CHOICE: str, Kind.INSTANT: datetime,
    Kind.DAY: date, Kind.DURATION: int,
}
LOOKS = ("exists", "count", "sum", "least", "greatest")


def require_meaning(node: Node, own: str, records: Records) -> None:
    """Raise where the expression, which stands in a measure of the record type ``own``, means nothing."""
    for below in nodes.walk(node):
        if isinstance(below, nodes.Field) and below.record != own:
            raise ExpressionError(f"{below.record}.{below.name} stands in a measure of {own!r}")
        if isinstance(below, nodes.Field):
            require_field(below, records)
        elif isinstance(below, nodes.Other):
            require_field(below.field, records)
    if again(node) != node:
        raise ExpressionError(f"the {type(node).__name__.lower()} is not what its parts come to")


def require_field(field: nodes.Field, records: Records) -> None:
    """Raise unless the record type has the field, and it is of that kind."""
    record = records.get(field.record)
    if record is None:
        raise DeclarationError(f"record type {field.record!r} is declared by none of the sets")
    kind = Kind.CODE if field.name == EXTERNAL_ID else record.field(field.name).kind
    if kind is not field.kind:
        raise DeclarationError(f"{field.record}.{field.name} is a {kind}, and the expression takes it for a "
                               f"{field.kind}")


def again(node: Node) -> Node:
    """The node as the author's functions make it of its parts; they raise where the parts do not go together."""
    match node:
        case nodes.Literal():
            return literal(node)
        case nodes.ParameterRef():
            return parameter(node)
        case nodes.PeriodEdge():
            if (node.edge, node.kind) not in EDGES:
                raise ExpressionError(f"a period has no edge {node.edge!r} of kind {node.kind}")
        case nodes.Compare():
            require_among(node.op, expressions.MIRRORED)
            return expressions.compare(node.op, kept(node.left), kept(node.right)).node
        case nodes.OneOf():
            return one_of(node)
        case nodes.Missing():
            return kept(node.item).missing().node
        case nodes.Both():
            return (kept(node.left) & kept(node.right)).node
        case nodes.Either():
            return (kept(node.left) | kept(node.right)).node
        case nodes.Not():
            return (~kept(node.item)).node
        case nodes.Titled():
            return nodes.Titled(kept(node.item).node, node.title)
        case nodes.Related():
            return look(node)
        case _:
            return calculated(node)
    return node


def calculated(node: Node) -> Node:
    """What has a value of its own."""
    match node:
        case nodes.Arithmetic():
            require_among(node.op, ("+", "-", "*"))
            return expressions.calculate(node.op, kept(node.left), kept(node.right)).node
        case nodes.Quotient():
            return expressions.Quotient(kept(node.dividend), kept(node.divisor), places=node.places).node
        case nodes.If():
            last = None if node.otherwise is None else kept(node.otherwise)
            return choices.If(kept(node.condition), kept(node.then), last).node
        case nodes.FirstPresent():
            return choices.first_present(*map(kept, node.items)).node
        case nodes.Extreme():
            return choices.extreme(node.op, tuple(map(kept, node.items))).node
        case nodes.LocalDay():
            return nodes.LocalDay(times.of_kind(kept(node.item), "local_day", Kind.INSTANT))
        case nodes.ClockTime():
            return times.at_clock(kept(node.day), kept(node.time)).node
        case nodes.WorkedTime():
            return times.business_time(kept(node.start), kept(node.end)).node
        case nodes.WorkDays():
            return times.working_days(kept(node.first), kept(node.last)).node
    return node  # fields, which are looked up, and what has no parts


def kept(node: Node) -> Expr:
    """The part, checked itself."""
    return Expr(again(node))


def require_among(word: str, known: Mapping[str, object] | tuple[str, ...]) -> None:
    """Raise for an operator that there is not."""
    if word not in known:
        raise ExpressionError(f"there is no operator {word!r}; there are {' '.join(known)}")


def literal(node: nodes.Literal) -> nodes.Literal:
    """A constant whose value is of its kind."""
    if HOLDS.get(node.kind) is not type(node.value):
        raise ExpressionError(f"a constant of kind {node.kind} holds a {type(node.value).__name__}")
    return node


def parameter(node: nodes.ParameterRef) -> Node:
    """A parameter whose default and options are of its kind; one that is blank has options at most."""
    for value in (*(() if node.default is None else (node.default,)), *node.options):
        if HOLDS.get(node.kind) is not type(value):
            raise ExpressionError(f"parameter {node.name!r} is a {node.kind}, and {value!r} is none")
    if not node.name.isidentifier():
        raise ExpressionError(f"a parameter's name is an identifier: got {node.name!r}")
    if node.options and node.default is not None and node.default not in node.options:
        raise ExpressionError(f"parameter {node.name!r}: its default {node.default!r} is none of its options")
    return node


def one_of(node: nodes.OneOf) -> Node:
    """Membership in constants of the item's kind."""
    item = kept(node.item)
    if not node.values:
        raise ExpressionError("one_of needs at least one value")
    for value in node.values:
        expressions.require_comparable(item.node, literal(value))
    return nodes.OneOf(item.node, node.values)


def look(node: nodes.Related) -> Node:
    """A look at other records: tied to the record by a field, and not inside another look."""
    require_among(node.how, LOOKS)
    inside = (*nodes.walk(node.where), *(() if node.value is None else nodes.walk(node.value)))
    if any(isinstance(below, nodes.Related) for below in inside):
        raise ExpressionError("one look at other records cannot stand inside another")
    if any(isinstance(below, nodes.Other) and below.field.record != node.record for below in inside):
        raise ExpressionError(f"a look at {node.record!r} names a field of another record type as the other's")
    if (node.value is None) != (node.how in ("exists", "count")):
        raise ExpressionError(f"a look for {node.how!r} is of a value, or counts; not both")
    if not any(ties(part) for part in conjuncts(node.where)):
        raise ExpressionError(f"say by which field the records of {node.record!r} belong to this one")
    value = None if node.value is None else kept(node.value).node
    return nodes.Related(node.how, node.record, expressions.condition(kept(node.where)), value)
