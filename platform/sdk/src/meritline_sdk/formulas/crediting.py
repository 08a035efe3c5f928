"""Whom records count for, in a formula: ``credit=resolver``, ``credit=each(participants)``."""

import ast
from typing import Any

from meritline_sdk.formulas.calls import arguments, shape_of
from meritline_sdk.formulas.made import Call, parameter
from meritline_sdk.formulas.problems import kinds as named
from meritline_sdk.formulas.scope import Scope
from meritline_sdk.model import credits, nodes
from meritline_sdk.model.expressions import Expr
from meritline_sdk.model.kinds import Kind
from meritline_sdk.model.nodes import kind_of

WAYS = frozenset({"each", "divided", "company_only", "credit_choice"})
HOLDERS = (Kind.PERSON, Kind.PEOPLE, Kind.TEAM)


def credit(node: ast.expr, scope: Scope, build: Any) -> Any:
    """The way of credit; a plain field is credited as the author's Python would."""
    if not isinstance(node, ast.Call):
        return credits.plain_credit(holder(node, scope, build, *HOLDERS))
    shape = shape_of(node, scope.source)
    if shape.name not in WAYS:
        raise scope.source.error("E-FORMULA-PLACE", node, shape.name)
    given = arguments(node, shape, scope.source)
    match shape.name:
        case "company_only":
            return credits.company_only()
        case "each":
            return credits.each(holder(given["people"], scope, build, Kind.PEOPLE))
        case "divided":
            person, by = holder(given["person"], scope, build, Kind.PERSON), build.value(given["by"], scope)
            return build.meaning(node, scope, lambda: credits.divided(person, by))
    return choice(node, given, scope, build)


def holder(node: ast.expr, scope: Scope, build: Any, *kinds: Kind) -> Expr:
    """The field of a person, of people or of a team."""
    found: Expr = build.value(node, scope)
    if not isinstance(found.node, nodes.Field) or kind_of(found.node) not in kinds:
        raise scope.source.error("E-FORMULA-CREDIT", node, wanted=named(kinds))
    return found


def choice(node: ast.Call, given: dict[str, ast.expr], scope: Scope, build: Any) -> Any:
    """``credit_choice(parameter("credit", "resolver", options=[...]), {"resolver": resolved_by, ...})``."""
    asked, options = given["parameter"], given["options"]
    if not isinstance(asked, ast.Call) or shape_of(asked, scope.source).name != "parameter":
        raise scope.source.error("E-FORMULA-CONSTANT", asked, argument="parameter", function="credit_choice")
    shape = shape_of(asked, scope.source)
    chosen = parameter(Call(asked, shape, arguments(asked, shape, scope.source), scope, build))
    if not isinstance(options, ast.Dict):
        raise scope.source.error("E-FORMULA-CONSTANT", options, argument="options", function="credit_choice")
    ways: dict[str, Any] = {}
    for name, way in zip(options.keys, options.values, strict=True):
        if not isinstance(name, ast.Constant) or not isinstance(name.value, str) or name.value in ways:
            raise scope.source.error("E-FORMULA-CONSTANT", name or options, argument="options",
                                     function="credit_choice")
        ways[name.value] = credit(way, scope, build)
    return build.meaning(node, scope, lambda: credits.credit_choice(chosen, ways))  # type: ignore[arg-type]
