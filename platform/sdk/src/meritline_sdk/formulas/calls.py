"""Calls in a formula: which function a name means, and which argument is which. Decides the closed list of names."""

import ast
from collections.abc import Mapping
from dataclasses import dataclass

from meritline_sdk.formulas.problems import FormulaError, Source, nearest

type Arguments = Mapping[str, ast.expr]


@dataclass(frozen=True, slots=True)
class Shape:
    """A function's spelling, its arguments in order, and how many of them it cannot do without.

    ``many``: it takes any number of unnamed arguments, and ``arguments`` by name only.
    """

    name: str
    arguments: tuple[str, ...] = ()
    needed: int = 0
    many: bool = False

    @property
    def usage(self) -> str:
        """How it is written."""
        if self.many:
            return f"{self.name}(..., ...)"
        shown = [each if place < self.needed else f"{each}=..." for place, each in enumerate(self.arguments)]
        return f"{self.name}({', '.join(shown)})"


OF_TALLY = ("where", "credit", "at")
SHAPES = (
    Shape("count", ("record", *OF_TALLY), 1), Shape("distinct", ("record", "by", *OF_TALLY), 2),
    Shape("sum", ("record", "value", *OF_TALLY, "over"), 2),
    Shape("mean", ("record", "value", *OF_TALLY, "over"), 2),
    Shape("percentile", ("record", "value", "percent", *OF_TALLY), 3),
    Shape("largest", ("record", "value", *OF_TALLY, "nothing"), 2),
    Shape("smallest", ("record", "value", *OF_TALLY, "nothing"), 2),
    Shape("employed_days"), Shape("period_days"), Shape("total", many=True), Shape("pooled", many=True),
    Shape("ratio", ("numerator", "denominator"), 2), Shape("weighted", many=True), Shape("complete", many=True),
    Shape("change", ("measure", "relative"), 1),
    Shape("each", ("people",), 1), Shape("divided", ("person", "by"), 2), Shape("company_only"),
    Shape("credit_choice", ("parameter", "options"), 2),
    Shape("if", ("condition", "then", "otherwise"), 2), Shape("first_present", many=True),
    Shape("earliest", many=True), Shape("latest", many=True), Shape("quotient", ("dividend", "divisor", "places"), 3),
    Shape("missing", ("value",), 1), Shape("present", ("value",), 1), Shape("one_of", many=True),
    Shape("seconds", ("count",), 1), Shape("minutes", ("count",), 1), Shape("hours", ("count",), 1),
    Shape("days", ("count",), 1), Shape("microseconds", ("count",), 1), Shape("day", ("text",), 1),
    Shape("instant", ("text",), 1), Shape("code", ("text",), 1), Shape("choice", ("text",), 1),
    Shape("parameter", ("name", "default", "blank", "options", "title"), 1), Shape("text", ("en", "zh"), 2),
    Shape("titled", ("value", "en", "zh"), 3),
    Shape("cutoff", ("grace",), 1), Shape("local_day", ("moment",), 1), Shape("at_clock", ("day", "time"), 2),
    Shape("business_time", ("start", "end"), 2), Shape("working_days", ("first", "last"), 2),
    Shape("elapsed", ("start", "end", "clock"), 2), Shape("in_period", ("moment",), 1),
    Shape("exists", ("record", "where"), 2), Shape("how_many", ("record", "where"), 2),
    Shape("least_of", ("record", "value", "where"), 3), Shape("greatest_of", ("record", "value", "where"), 3),
    Shape("sum_of", ("record", "value", "where"), 3), Shape("comes_first"),
    Shape("only_last", ("record", "by", "order", "where"), 4),
    Shape("only_first", ("record", "by", "order", "where"), 4),
    Shape("only_best", ("record", "by", "order", "where"), 4),
)  # fmt: skip
SPELT = {
    "average": "mean", "avg": "mean", "max": "largest", "min": "smallest", "countdistinct": "distinct",
    "choose": "if", "iif": "if", "coalesce": "first_present", "oneof": "one_of",
}  # fmt: skip
METHODS = ("missing", "present", "one_of", "comes_first")


def plain(name: str) -> str:
    """A name without its dress: ``PeriodDays`` and ``period_days`` are the same function."""
    return name.lower().replace("_", "")


FUNCTIONS = {plain(shape.name): shape for shape in SHAPES} | {
    name: next(shape for shape in SHAPES if shape.name == meant) for name, meant in SPELT.items()
}


def shape_of(call: ast.Call, source: Source) -> Shape:
    """The function that is called by its name."""
    if not isinstance(call.func, ast.Name):
        raise source.error("E-FORMULA-FORM", call, source.written(call)[:40], form="Call")
    found = FUNCTIONS.get(plain(call.func.id))
    if found is None:
        raise source.error("E-FORMULA-FUNCTION", call.func,
                           known=nearest(call.func.id, [shape.name for shape in SHAPES]))
    return found


def arguments(call: ast.Call, shape: Shape, source: Source) -> dict[str, ast.expr]:
    """The arguments by name; of a function of any number, those that are named."""
    found: dict[str, ast.expr] = {}
    if not shape.many:
        if len(call.args) > len(shape.arguments):
            raise refused(call.args[len(shape.arguments)], shape, source)
        found = dict(zip(shape.arguments, call.args, strict=False))
    for keyword in call.keywords:
        if keyword.arg is None or keyword.arg not in shape.arguments or keyword.arg in found:
            raise refused(keyword, shape, source)
        found[keyword.arg] = keyword.value
    for name in shape.arguments[: shape.needed]:
        if name not in found:
            raise source.error("E-FORMULA-ARGUMENT-MISSING", call, name, function=shape.name, usage=shape.usage)
    return found


def refused(node: ast.AST, shape: Shape, source: Source) -> FormulaError:
    """An argument too many, given twice, or of a name that the function does not know."""
    value = node.arg if isinstance(node, ast.keyword) else None
    return source.error("E-FORMULA-ARGUMENT", node, value, function=shape.name, usage=shape.usage)
