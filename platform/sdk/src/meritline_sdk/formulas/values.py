"""Expressions of a formula, from the syntax tree through the author's own functions.

What the author's Python cannot say, the tree can: ``and``, ``or``, ``not`` and chained comparisons mean what they say.
"""

import ast
from collections.abc import Callable, Sequence
from functools import reduce
from typing import Any

from meritline_sdk.formulas import looks, made
from meritline_sdk.formulas.calls import METHODS, Shape, arguments, plain, shape_of
from meritline_sdk.formulas.constants import constant, number
from meritline_sdk.formulas.problems import KINDS, FormulaError, kinds, nearest
from meritline_sdk.formulas.scope import Scope, spec_in
from meritline_sdk.model import nodes
from meritline_sdk.model.expressions import Expr, ExpressionError, calculate, result_kind
from meritline_sdk.model.fields import Choice
from meritline_sdk.model.kinds import ORDERED, Kind, comparable
from meritline_sdk.model.nodes import kind_of
from meritline_sdk.model.records import DeclarationError

READ_BESIDE = frozenset({Kind.DURATION, Kind.DAY, Kind.INSTANT})
"""What a text may stand for where it is not compared: the other value says which."""
COMPARISONS: dict[type[ast.cmpop], str] = {
    ast.Eq: "==", ast.NotEq: "!=", ast.Lt: "<", ast.LtE: "<=", ast.Gt: ">", ast.GtE: ">=",
}  # fmt: skip
CALCULATIONS: dict[type[ast.operator], str] = {ast.Add: "+", ast.Sub: "-", ast.Mult: "*"}


def value(node: ast.expr, scope: Scope, beside: Kind | None = None) -> Expr:
    """The expression at a node."""
    match node:
        case ast.Constant():
            return Expr(constant(node, scope.source, beside))
        case ast.Name():
            return scope.name(node)
        case ast.Attribute():
            return scope.attribute(node)
        case ast.BoolOp(op, parts):
            conditions = [condition(part, scope) for part in parts]
            return reduce(Expr.__and__ if isinstance(op, ast.And) else Expr.__or__, conditions)
        case ast.UnaryOp():
            return unary(node, scope)
        case ast.BinOp():
            return binary(node, scope)
        case ast.Compare():
            return compared(node, scope)
        case ast.IfExp(test, body, orelse):
            return chosen(node, test, (body, orelse), scope)
        case ast.Call():
            return called(node, scope)
    raise scope.source.error("E-FORMULA-FORM", node, scope.source.written(node)[:40], form=type(node).__name__)


def condition(node: ast.expr, scope: Scope) -> Expr:
    """Something that is true or false."""
    found = value(node, scope)
    if kind_of(found.node) is not Kind.FLAG:
        raise wrong_kind(node, found, scope, Kind.FLAG)
    return found


def wrong_kind(node: ast.expr, found: Expr, scope: Scope, *wanted: Kind) -> FormulaError:
    """The refusal of a value of another kind."""
    return scope.source.error("E-FORMULA-KIND", node, kind=KINDS[kind_of(found.node)], wanted=kinds(wanted))


def unary(node: ast.UnaryOp, scope: Scope) -> Expr:
    """``not x``, ``~x`` and negative numbers."""
    if isinstance(node.op, ast.Not | ast.Invert):
        return ~condition(node.operand, scope)
    match node.operand:
        case ast.Constant(written) if isinstance(node.op, ast.USub) and type(written) in (int, float):
            return Expr(number(node.operand, scope.source, -1))
    raise scope.source.error("E-FORMULA-MINUS", node)


def binary(node: ast.BinOp, scope: Scope) -> Expr:
    """Arithmetic, and the author's ``&`` and ``|``."""
    match node.op:
        case ast.BitAnd():
            return condition(node.left, scope) & condition(node.right, scope)
        case ast.BitOr():
            return condition(node.left, scope) | condition(node.right, scope)
        case ast.Div():
            raise scope.source.error("E-FORMULA-DIVISION", node)
    op = CALCULATIONS[type(node.op)]
    left, right = pair(node.left, node.right, scope)
    if result_kind(op, kind_of(left.node), kind_of(right.node)) is None:
        raise unlike("E-FORMULA-ARITHMETIC", node, left, right, scope, op)
    return calculate(op, left, right)


def unlike(code: str, node: ast.expr, left: Expr, right: Expr, scope: Scope, op: str) -> FormulaError:
    """Two values that do not go together."""
    return scope.source.error(code, node, op=op, left=KINDS[kind_of(left.node)], right=KINDS[kind_of(right.node)])


def pair(left: ast.expr, right: ast.expr, scope: Scope) -> tuple[Expr, Expr]:
    """Two values; a text is read as what stands beside it."""
    if is_text(left) and not is_text(right):
        second = value(right, scope)
        return value(left, scope, kind_of(second.node)), second
    first = value(left, scope)
    return first, value(right, scope, kind_of(first.node))


def is_text(node: ast.expr) -> bool:
    """Whether it is a text in quotes."""
    return isinstance(node, ast.Constant) and isinstance(node.value, str)


def compared(node: ast.Compare, scope: Scope) -> Expr:
    """One comparison, or several that must all hold."""
    sides = [node.left, *node.comparators]
    parts = [comparison(op, left, right, node, scope)
             for op, left, right in zip(node.ops, sides, sides[1:], strict=False)]
    return reduce(Expr.__and__, parts)


def comparison(op: ast.cmpop, left: ast.expr, right: ast.expr, node: ast.Compare, scope: Scope) -> Expr:
    """``left op right``."""
    if isinstance(op, ast.Is | ast.IsNot):
        if not (isinstance(right, ast.Constant) and right.value is None):
            raise scope.source.error("E-FORMULA-IS", node)
        found = value(left, scope)
        return found.missing() if isinstance(op, ast.Is) else found.present()
    if isinstance(op, ast.In | ast.NotIn):
        if not isinstance(right, ast.Tuple | ast.List):
            raise scope.source.error("E-FORMULA-IN", right)
        found = one_of(value(left, scope), right.elts, node, scope)
        return found if isinstance(op, ast.In) else ~found
    if is_none(left) or is_none(right):
        raise scope.source.error("E-FORMULA-IS", node)
    first, second = pair(left, right, scope)
    sign = COMPARISONS[type(op)]
    if not comparable(kind_of(first.node), kind_of(second.node)):
        raise unlike("E-FORMULA-KINDS", node, first, second, scope, sign)
    if sign not in ("==", "!=") and kind_of(first.node) not in ORDERED:
        raise unlike("E-FORMULA-ORDER", node, first, second, scope, sign)
    for field, written, place in ((first, second, right), (second, first, left)):
        require_option(field, written, place, scope)
    return Expr(nodes.Compare(sign, first.node, second.node))  # in the order in which it is written


def is_none(node: ast.expr) -> bool:
    """Whether it is ``None``."""
    return isinstance(node, ast.Constant) and node.value is None


def require_option(field: Expr, written: Expr, place: ast.expr, scope: Scope) -> None:
    """Raise where a choice is compared with a word that is none of its options."""
    node = field.node.field if isinstance(field.node, nodes.Other) else field.node
    if not (isinstance(node, nodes.Field) and isinstance(written.node, nodes.Literal)):
        return
    record = scope.records.get(node.record)
    spec = spec_in(record, node.name) if record else None
    if scope.limits.strict and isinstance(spec, Choice) and written.node.value not in spec.options:
        known = nearest(str(written.node.value), spec.options, 5)
        raise scope.source.error("E-FORMULA-OPTION", place, written.node.value, choice=node.name, known=known)


def one_of(item: Expr, given: Sequence[ast.expr], node: ast.expr, scope: Scope) -> Expr:
    """``x in ("a", "b")``."""
    literals: list[nodes.Literal] = []
    for part in given:
        found = value(part, scope, kind_of(item.node))
        if not isinstance(found.node, nodes.Literal):
            raise scope.source.error("E-FORMULA-IN", part)
        if not comparable(kind_of(item.node), found.node.kind):
            raise unlike("E-FORMULA-KINDS", part, item, found, scope, "in")
        require_option(item, found, part, scope)
        literals.append(found.node)
    if not literals:
        raise scope.source.error("E-FORMULA-IN", node)
    return Expr(nodes.OneOf(item.node, tuple(literals)))


def several(given: Sequence[ast.expr], scope: Scope) -> list[Expr]:
    """Values of one kind; a text is read as a time where the others are times."""
    firm = {place: value(part, scope) for place, part in enumerate(given) if not is_text(part)}
    times = {kind_of(found.node) for found in firm.values()} & READ_BESIDE
    beside = times.pop() if len(times) == 1 else None
    return [firm[place] if place in firm else value(part, scope, beside) for place, part in enumerate(given)]


def chosen(node: ast.expr, test: ast.expr, branches: Sequence[ast.expr], scope: Scope) -> Expr:
    """``a if condition else b``; None is a value that is missing."""
    if is_none(branches[0]):
        raise scope.source.error("E-FORMULA-IS", node)
    given = several([part for part in branches if not is_none(part)], scope)
    when = condition(test, scope)
    return meaning(node, scope, lambda: made.If(when, *given))


def meaning[T](node: ast.expr, scope: Scope, make: Callable[[], T]) -> T:
    """What the author's function makes, or its own refusal at this place."""
    try:
        return make()
    except (ExpressionError, DeclarationError) as wrong:
        raise scope.source.error("E-FORMULA-MEANING", node, reason=str(wrong)) from None


def called(node: ast.Call, scope: Scope) -> Expr:
    """A function of the language, or one of the author's methods: ``visits.missing()``."""
    if isinstance(node.func, ast.Attribute) and plain(node.func.attr) in {plain(name) for name in METHODS}:
        if plain(node.func.attr) == "comesfirst":
            return looks.comes_first(node, node.func.value, scope)
        node = ast.copy_location(ast.Call(ast.copy_location(ast.Name(node.func.attr), node),
                                          [node.func.value, *node.args], node.keywords), node)
    shape = shape_of(node, scope.source)
    if shape.name in looks.LOOKS:
        return looks.look(node, shape, scope, build)
    found = made.function(shape.name)
    if found is None:
        raise scope.source.error("E-FORMULA-PLACE", node, shape.name)
    made_value = found(made.Call(node, shape, arguments(node, shape, scope.source), scope, build))
    made.require_small(made_value, node, scope)
    return made_value


class Build:
    """The functions of this file, for those that it calls: they need one another."""

    value = staticmethod(value)
    condition = staticmethod(condition)
    several = staticmethod(several)
    one_of = staticmethod(one_of)
    meaning = staticmethod(meaning)
    wrong_kind = staticmethod(wrong_kind)


build: Any = Build()
__all__ = ["Shape", "build", "condition", "meaning", "several", "value"]
