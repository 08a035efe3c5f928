"""Looks at other records in a formula: ``exists(visit, visit.order_no == work_order.order_no and visit.seq > 1)``.

The related record is named by its type; where both are of one type, by ``other``.
"""

import ast
from typing import Any

from meritline_sdk.formulas.calls import Shape, arguments
from meritline_sdk.formulas.made import require_small
from meritline_sdk.formulas.problems import FormulaError
from meritline_sdk.formulas.scope import OTHER, Scope, class_of
from meritline_sdk.model import nodes
from meritline_sdk.model.expressions import Expr, ExpressionError
from meritline_sdk.model.kinds import NUMERIC, ORDERED
from meritline_sdk.model.nodes import kind_of
from meritline_sdk.model.related import only_first, only_last, related

HOW = {"exists": "exists", "how_many": "count", "least_of": "least", "greatest_of": "greatest", "sum_of": "sum"}
MACROS = {"only_last": only_last, "only_first": only_first, "only_best": only_last}
LOOKS = frozenset({*HOW, *MACROS})


def look(node: ast.Call, shape: Shape, scope: Scope, build: Any) -> Expr:
    """A look at other records."""
    given = arguments(node, shape, scope.source)
    record = scope.record(given["record"])
    if scope.own is None:
        raise scope.source.error("E-FORMULA-PLACE", node, shape.name)
    if scope.other is not None:
        raise scope.source.error("E-FORMULA-NESTED", node, shape.name)
    if shape.name in MACROS:
        found = counted_once(node, shape, given, scope, build)
    else:
        inside = scope.looking_for(record)
        where = build.condition(given["where"], inside)
        value = build.value(given["value"], inside) if "value" in given else None
        kinds = NUMERIC if shape.name == "sum_of" else ORDERED
        if value is not None and kind_of(value.node) not in kinds:
            raise build.wrong_kind(given["value"], value, inside, *sorted(kinds))
        look_for = None if value is None else (lambda _: value)
        try:
            found = Expr(related(HOW[shape.name], class_of(record), lambda _: where, look_for))
        except ExpressionError as wrong:
            raise unrelated(node, shape, record.key, scope, wrong) from None
    require_small(found, node, scope)
    return found


def unrelated(node: ast.Call, shape: Shape, record: str, scope: Scope, wrong: ExpressionError) -> FormulaError:
    """The refusal of a look that does not say how the records belong together."""
    if "belong to this one" in str(wrong):
        own = scope.own.key if scope.own else record
        return scope.source.error("E-FORMULA-TIE", node, shape.name, record=record, own=own,
                                  other=OTHER if record == own else record)
    return scope.source.error("E-FORMULA-MEANING", node, reason=str(wrong))


def counted_once(node: ast.Call, shape: Shape, given: dict[str, ast.expr], scope: Scope, build: Any) -> Expr:
    """``only_last(survey, by=[case_no], order=answered_at, where=...)``."""
    record = scope.record(given["record"])
    if scope.own is None or record.key != scope.own.key:
        raise scope.source.error("E-FORMULA-OTHER-RECORD", given["record"], record=scope.own.key if scope.own else "",
                                 other=record.key)
    listed = given["by"].elts if isinstance(given["by"], ast.Tuple | ast.List) else [given["by"]]
    by = [build.value(each, scope) for each in listed]
    order, where = build.value(given["order"], scope), build.condition(given["where"], scope)
    if kind_of(order.node) not in ORDERED:
        raise build.wrong_kind(given["order"], order, scope, *sorted(ORDERED))
    if not by:
        raise scope.source.error("E-FORMULA-IN", given["by"])
    return build.meaning(node, scope, lambda: MACROS[shape.name](class_of(record), by=by, order=order, where=where))  # type: ignore[no-any-return]


def comes_first(node: ast.Call, owner: ast.expr, scope: Scope) -> Expr:
    """``other.comes_first()``."""
    named = isinstance(owner, ast.Name) and (owner.id == OTHER or scope.find_record(owner.id) == scope.other)
    if scope.other is None or not named or node.args or node.keywords:
        raise scope.source.error("E-FORMULA-PLACE", node, "comes_first")
    return Expr(nodes.OtherFirst())
