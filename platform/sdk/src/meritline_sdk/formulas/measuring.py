"""Measures of a formula: what is counted, added up, divided. Decides whose fields a bare name means."""

import ast
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from meritline_sdk.formulas.calls import Shape, arguments, shape_of
from meritline_sdk.formulas.checks import always_zero, never_true
from meritline_sdk.formulas.constants import number
from meritline_sdk.formulas.crediting import credit
from meritline_sdk.formulas.problems import FormulaError, FormulaProblem
from meritline_sdk.formulas.scope import Scope, class_of
from meritline_sdk.formulas.values import build as values
from meritline_sdk.formulas.values import condition, meaning, value
from meritline_sdk.model import measures
from meritline_sdk.model.expressions import Expr
from meritline_sdk.model.kinds import SUMMABLE, Kind
from meritline_sdk.model.measures import Measure
from meritline_sdk.model.nodes import kind_of
from meritline_sdk.model.records import RecordDeclaration

AS_THINGS_STAND = "AS_THINGS_STAND"


@dataclass(frozen=True, slots=True)
class Asked:
    """A call that measures, with its arguments and the scope of the record it looks at."""

    node: ast.Call
    shape: Shape
    given: Mapping[str, ast.expr]
    scope: Scope

    @property
    def record(self) -> Any:
        """The record type, as the author's functions take it."""
        assert self.scope.own is not None
        return class_of(self.scope.own)

    def options(self) -> dict[str, Any]:
        """Filter, credit and moment, each mistake of which is told."""
        return collected([(name, partial(PARTS[name], self.given[name], self.scope))
                          for name in PARTS if name in self.given])

    def summed(self) -> Expr:
        """The value that is added up or ranked."""
        found = value(self.given["value"], self.scope)
        if kind_of(found.node) not in SUMMABLE:
            raise values.wrong_kind(self.given["value"], found, self.scope, Kind.NUMBER, Kind.DURATION)
        return found

    def made(self, make: Callable[[], Any]) -> Any:
        """What the author's class makes."""
        return meaning(self.node, self.scope, make)


def moment(node: ast.expr, scope: Scope) -> Any:
    """``at=``: an instant, a day, or everything as things stand."""
    if isinstance(node, ast.Name) and node.id == AS_THINGS_STAND:
        return measures.AS_THINGS_STAND
    found = value(node, scope, Kind.INSTANT)
    if kind_of(found.node) not in (Kind.INSTANT, Kind.DAY):
        raise values.wrong_kind(node, found, scope, Kind.INSTANT, Kind.DAY)
    return found


def filtered(node: ast.expr, scope: Scope) -> Expr | None:
    """``where=``; None is no filter."""
    if isinstance(node, ast.Constant) and node.value is None:
        return None
    found = condition(node, scope)
    if scope.limits.strict and scope.own is not None and never_true(found.node, scope.own):
        raise scope.source.error("E-FORMULA-NEVER", node, record=scope.own.key)
    return found


PARTS: Mapping[str, Callable[[ast.expr, Scope], Any]] = {
    "where": filtered, "credit": lambda node, scope: credit(node, scope, values), "at": moment,
    "over": lambda node, scope: value(node, scope, Kind.NUMBER),
}


def collected(parts: list[tuple[str, Callable[[], Any]]]) -> dict[str, Any]:
    """Every part; where some are wrong, all that is wrong with them."""
    found: dict[str, Any] = {}
    wrong: list[FormulaProblem] = []
    for name, make in parts:
        try:
            found[name] = make()
        except FormulaError as error:
            wrong.extend(error.problems)
    if wrong:
        raise FormulaError(wrong)
    return found


def measured(node: ast.expr, scope: Scope) -> Measure:
    """The measure at a node."""
    match node:
        case ast.BinOp(left, ast.Div(), right):
            return ratio(node, left, right, scope)
        case ast.BinOp(left, ast.Add(), right):
            return whole(node, [left, right], scope)  # type: ignore[no-any-return]
        case ast.Call():
            return called(node, scope)  # type: ignore[no-any-return]
    raise scope.source.error("E-FORMULA-MEASURE", node)


def ratio(node: ast.expr, above: ast.expr, below: ast.expr, scope: Scope) -> measures.Ratio:
    """A quotient; a denominator that is a plain number is none."""
    found = collected([("above", lambda: side(above, scope)), ("below", lambda: side(below, scope, "denominator"))])
    return meaning(node, scope, lambda: measures.Ratio(found["above"], found["below"]))


def side(node: ast.expr, scope: Scope, what: str = "numerator") -> Any:
    """One side of a ratio."""
    if not isinstance(node, ast.Call | ast.BinOp):
        code = "E-FORMULA-DENOMINATOR" if what == "denominator" else "E-FORMULA-MEASURE"
        raise scope.source.error(code, node)
    found = measured(node, scope)
    if not isinstance(found, measures.Count | measures.Sum | measures.Distinct | measures.Total
                      | measures.EmployedDays | measures.PeriodDays):  # fmt: skip
        raise scope.source.error("E-FORMULA-SIDE", node)
    if what == "denominator" and scope.limits.strict and always_zero(found):
        raise scope.source.error("E-FORMULA-DENOMINATOR", node)
    return found


def whole(node: ast.expr, parts: list[ast.expr], scope: Scope, kind: Any = measures.Total) -> Any:
    """Several counts, sums or means together."""
    found = [measured(part, scope) for part in parts]
    return meaning(node, scope, lambda: kind(*found))


def called(node: ast.Call, scope: Scope) -> Any:
    """A function that measures."""
    shape = shape_of(node, scope.source)
    if shape.name in TOGETHER:
        given = arguments(node, shape, scope.source)
        return TOGETHER[shape.name](Asked(node, shape, given, scope))
    if shape.name not in TALLIED:
        raise scope.source.error("E-FORMULA-MEASURE", node)
    return TALLIED[shape.name](of_record(node, shape, scope))


def of_record(node: ast.Call, shape: Shape, scope: Scope) -> Asked:
    """The call with the record type that it names first, or whose fields its value names."""
    first = node.args[0] if node.args else None
    named = any(keyword.arg == "record" for keyword in node.keywords)
    if "value" not in shape.arguments or named or (isinstance(first, ast.Name) and scope.find_record(first.id)):
        given = arguments(node, shape, scope.source)
        return Asked(node, shape, given, scope.of(scope.record(given["record"])))
    shorter = replace(shape, arguments=shape.arguments[1:], needed=shape.needed - 1)
    given = arguments(node, shorter, scope.source)
    owner = named_in(given["value"], scope)
    if owner is None:
        # A field without its record type is a likelier slip than a value without fields: say so.
        raise scope.source.error("E-FORMULA-WHOSE", node, function=shape.name, usage=shape.usage)
    return Asked(node, shape, given, scope.of(owner))


def named_in(node: ast.expr, scope: Scope) -> RecordDeclaration | None:
    """The record type whose fields an expression names in full."""
    roots = (part.value.id for part in ast.walk(node)
             if isinstance(part, ast.Attribute) and isinstance(part.value, ast.Name))  # fmt: skip
    return next((found for name in roots if (found := scope.find_record(name)) is not None), None)


def counted(asked: Asked) -> Any:
    """``count(work_order, visits == 1)``."""
    options = asked.options()
    return asked.made(lambda: measures.Count(asked.record, **options))


def different(asked: Asked) -> Any:
    """``distinct(chat, by=[customer, local_day(started_at)])``."""
    listed = asked.given["by"]
    parts = listed.elts if isinstance(listed, ast.Tuple | ast.List) else [listed]
    by = [value(each, asked.scope) for each in parts]
    options = asked.options()
    return asked.made(lambda: measures.Distinct(asked.record, by, **options))


def added(kind: Any) -> Callable[[Asked], Any]:
    """``sum``, ``mean``."""

    def make(asked: Asked) -> Any:
        found = collected([("value", asked.summed), ("options", asked.options)])
        return asked.made(lambda: kind(found["value"], record=asked.record, **found["options"]))

    return make


def ranked(asked: Asked) -> Any:
    """``percentile(call, answered_at - queued_at, 90)``."""
    percent = whole_number(asked.given["percent"], asked, "percent")
    found = collected([("value", asked.summed), ("options", asked.options)])
    return asked.made(lambda: measures.Percentile(found["value"], percent, record=asked.record, **found["options"]))


def extreme(kind: Any) -> Callable[[Asked], Any]:
    """``largest``, ``smallest``."""

    def make(asked: Asked) -> Any:
        found = collected([("value", asked.summed), ("options", asked.options)])
        nothing = whole_number(asked.given["nothing"], asked, "nothing") if "nothing" in asked.given else None
        return asked.made(lambda: kind(found["value"], record=asked.record, nothing=nothing, **found["options"]))

    return make


def whole_number(node: ast.expr, asked: Asked, name: str) -> int:
    """A plain whole number."""
    if isinstance(node, ast.Constant) and type(node.value) is int:
        found = number(node, asked.scope.source).value
        if isinstance(found, int):
            return found
    raise asked.scope.source.error("E-FORMULA-CONSTANT", node, argument=name, function=asked.shape.name)


def pairs(asked: Asked) -> list[tuple[ast.expr, ast.expr]]:
    """The arguments of a function of pairs."""
    found: list[tuple[ast.expr, ast.expr]] = []
    for node in asked.node.args:
        if not isinstance(node, ast.Tuple | ast.List) or len(node.elts) != 2:
            raise asked.scope.source.error("E-FORMULA-PAIR", node, function=asked.shape.name)
        found.append((node.elts[0], node.elts[1]))
    return found


def weighted(asked: Asked) -> Any:
    """``weighted((ratio(...), 60), (ratio(...), 40))``."""
    parts = [(measured(one, asked.scope), value(weight, asked.scope)) for one, weight in pairs(asked)]
    return asked.made(lambda: measures.Weighted(*parts))


def complete(asked: Asked) -> Any:
    """``complete((count(...), count(...)), (employed_days(), period_days()))``."""
    parts = [(side(part, asked.scope), side(every, asked.scope, "denominator")) for part, every in pairs(asked)]
    return asked.made(lambda: measures.Complete(*parts))


CHANGED = (measures.Count, measures.Sum, measures.Distinct, measures.Mean, measures.Ratio, measures.Percentile,
           measures.Total, measures.Pooled, measures.Largest, measures.Smallest)


def change(asked: Asked) -> Any:
    """``change(ratio(...), relative=True)``."""
    found = measured(asked.given["measure"], asked.scope)
    if not isinstance(found, CHANGED):
        raise asked.scope.source.error("E-FORMULA-SIDE", asked.given["measure"])
    relative = asked.given.get("relative")
    if relative is not None and not (isinstance(relative, ast.Constant) and isinstance(relative.value, bool)):
        raise asked.scope.source.error("E-FORMULA-CONSTANT", relative, argument="relative", function="change")
    return measures.Change(found, relative=isinstance(relative, ast.Constant) and relative.value is True)


TALLIED: Mapping[str, Callable[[Asked], Any]] = {
    "count": counted, "distinct": different, "sum": added(measures.Sum), "mean": added(measures.Mean),
    "percentile": ranked, "largest": extreme(measures.Largest), "smallest": extreme(measures.Smallest),
}
TOGETHER: Mapping[str, Callable[[Asked], Any]] = {
    "employed_days": lambda _: measures.EmployedDays(), "period_days": lambda _: measures.PeriodDays(),
    "total": lambda asked: whole(asked.node, asked.node.args, asked.scope),
    "pooled": lambda asked: whole(asked.node, asked.node.args, asked.scope, measures.Pooled),
    "ratio": lambda asked: ratio(asked.node, asked.given["numerator"], asked.given["denominator"], asked.scope),
    "weighted": weighted, "complete": complete, "change": change,
}
