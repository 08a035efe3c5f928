"""The functions that give a value: each checks its arguments and hands them to the author's function of that name."""

import ast
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from meritline_sdk.formulas.calls import Shape
from meritline_sdk.formulas.constants import LENGTHS, LONGEST_TIME, written
from meritline_sdk.formulas.problems import KINDS, nearest
from meritline_sdk.formulas.scope import Scope
from meritline_sdk.model import choices, expressions, nodes, times
from meritline_sdk.model.choices import If
from meritline_sdk.model.expressions import Expr
from meritline_sdk.model.kinds import Kind
from meritline_sdk.model.nodes import kind_of
from meritline_sdk.model.records import KEY
from meritline_sdk.model.text import Text

NAMED = "a parameter's name is lower case letters, digits and _, begins with a letter, and has at most 41 characters"

__all__ = ["Call", "If", "function", "require_small"]


@dataclass(frozen=True, slots=True)
class Call:
    """A call with its arguments by name; ``build`` makes expressions of them."""

    node: ast.Call
    shape: Shape
    given: Mapping[str, ast.expr]
    scope: Scope
    build: Any

    def value(self, name: str, beside: Kind | None = None) -> Expr:
        """The expression of an argument."""
        return self.build.value(self.given[name], self.scope, beside)  # type: ignore[no-any-return]

    def of_kind(self, name: str, *kinds: Kind) -> Expr:
        """The expression, which must be of one of the kinds; a text is read as the first of them."""
        found = self.value(name, kinds[0])
        if kind_of(found.node) not in kinds:
            raise self.build.wrong_kind(self.given[name], found, self.scope, *kinds)
        return found

    def constant(self, name: str, *types: type) -> Any:
        """The plain value of an argument that must be a constant."""
        node = self.given[name]
        if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub) and int in types:
            found = self.value(name)
            if isinstance(found.node, nodes.Literal) and type(found.node.value) in types:
                return found.node.value
        if not isinstance(node, ast.Constant) or type(node.value) not in types:
            raise self.scope.source.error("E-FORMULA-CONSTANT", node, argument=name, function=self.shape.name)
        return node.value

    def made(self, make: Callable[[], Expr]) -> Expr:
        """What the author's function makes."""
        return self.build.meaning(self.node, self.scope, make)  # type: ignore[no-any-return]


def duration(call: Call) -> Expr:
    """``hours(24)``."""
    count = call.constant("count", int)
    micros = count * LENGTHS[call.shape.name]
    if abs(micros) >= LONGEST_TIME:
        raise call.scope.source.error("E-FORMULA-NUMBER", call.given["count"], digits=nodes.DIGITS)
    return Expr(nodes.Literal(micros, Kind.DURATION))


def quoted(kind: Kind) -> Callable[[Call], Expr]:
    """``day("2026-05-01")`` and other texts whose kind is said."""
    return lambda call: Expr(written(call.given["text"], call.constant("text", str), call.scope.source, kind))


def chosen(call: Call) -> Expr:
    """``If(condition, then, otherwise)``."""
    names = [name for name in ("then", "otherwise") if name in call.given and not is_none(call.given[name])]
    if names[:1] != ["then"]:
        raise call.scope.source.error("E-FORMULA-IS", call.node)
    when = call.build.condition(call.given["condition"], call.scope)
    given = call.build.several([call.given[name] for name in names], call.scope)
    return call.made(lambda: If(when, *given))


def is_none(node: ast.expr) -> bool:
    """Whether it is ``None``."""
    return isinstance(node, ast.Constant) and node.value is None


def of_many(make: Callable[..., Expr]) -> Callable[[Call], Expr]:
    """A function of several values of one kind."""

    def several(call: Call) -> Expr:
        given = call.build.several(call.node.args, call.scope)
        return call.made(lambda: make(*given))

    return several


def membership(call: Call) -> Expr:
    """``one_of(grade, "a", "b")``."""
    if len(call.node.args) < 2:
        raise call.scope.source.error("E-FORMULA-IN", call.node)
    first, *others = call.node.args
    return call.build.one_of(call.build.value(first, call.scope), others, call.node, call.scope)  # type: ignore[no-any-return]


def quotient(call: Call) -> Expr:
    """``quotient(a, b, places=2)``."""
    parts = [call.of_kind(name, Kind.NUMBER, Kind.INT) for name in ("dividend", "divisor")]
    places = call.constant("places", int)
    return call.made(lambda: expressions.Quotient(*parts, places=places))


def absent(*, missing: bool) -> Callable[[Call], Expr]:
    """``missing(x)`` and ``present(x)``."""
    return lambda call: call.value("value").missing() if missing else call.value("value").present()


def parameter(call: Call) -> Expr:
    """``parameter("within", seconds(20))``."""
    name = call.constant("name", str)
    if not KEY.fullmatch(name):
        raise call.scope.source.error("E-FORMULA-MEANING", call.given["name"], name, reason=NAMED)
    given: dict[str, Any] = {}
    if "default" in call.given:
        given["default"] = settled(call, call.given["default"])
    if "blank" in call.given:
        text = call.constant("blank", str)
        if text not in {kind.value for kind in KINDS}:
            raise call.scope.source.error("E-FORMULA-WORD", call.given["blank"], text,
                                          known=nearest(text, [kind.value for kind in KINDS]))
        given["blank"] = Kind(text)
    if "options" in call.given:
        listed = call.given["options"]
        if not isinstance(listed, ast.Tuple | ast.List):
            raise call.scope.source.error("E-FORMULA-IN", listed)
        given["options"] = tuple(settled(call, each).node.value for each in listed.elts)
    if "title" in call.given:
        given["title"] = title(call, call.given["title"])
    return call.made(lambda: expressions.Parameter(name, **given))


def called(call: Call) -> Expr:
    """``titled(visits == 1, "one visit", "一次上门")``."""
    value, words = call.value("value"), [call.constant(name, str) for name in ("en", "zh")]
    for name, word in zip(("en", "zh"), words, strict=True):
        written(call.given[name], word, call.scope.source, None)
    return call.made(lambda: choices.titled(value, *words))


def settled(call: Call, node: ast.expr) -> Any:
    """A constant with its kind, as an expression."""
    found = call.build.value(node, call.scope)
    if not isinstance(found.node, nodes.Literal):
        raise call.scope.source.error("E-FORMULA-CONSTANT", node, argument="default", function=call.shape.name)
    return found


def title(call: Call, node: ast.expr) -> Text:
    """``Text("within", "时限")``."""
    match node:
        case ast.Call(ast.Name("Text" | "text"), [ast.Constant(str() as en), ast.Constant(str() as zh)], []):
            for part in (en, zh):
                written(node, part, call.scope.source, None)
            return Text(en, zh)
    raise call.scope.source.error("E-FORMULA-CONSTANT", node, argument="title", function=call.shape.name)


def clocked(call: Call) -> Expr:
    """``at_clock(day, hours(19) + minutes(30))``."""
    day, time = call.of_kind("day", Kind.DAY), call.of_kind("time", Kind.DURATION)
    return call.made(lambda: times.at_clock(day, time))


def between(make: Callable[..., Expr], kind: Kind, *names: str) -> Callable[[Call], Expr]:
    """A function of moments or days."""

    def made(call: Call) -> Expr:
        given = [call.of_kind(name, kind) for name in names]
        if "clock" in call.given:
            given.append(call.value("clock"))
        return call.made(lambda: make(*given))

    return made


def of_moment(make: Callable[[Expr], Expr]) -> Callable[[Call], Expr]:
    """A function of an instant or a day."""

    def made(call: Call) -> Expr:
        moment = call.of_kind("moment", Kind.INSTANT, Kind.DAY)
        return call.made(lambda: make(moment))

    return made


def granted(call: Call) -> Expr:
    """``cutoff(days(3))``."""
    grace = call.of_kind("grace", Kind.DURATION)
    return call.made(lambda: times.cutoff(grace))


MADE: Mapping[str, Callable[[Call], Expr]] = {
    **dict.fromkeys(LENGTHS, duration), "day": quoted(Kind.DAY), "instant": quoted(Kind.INSTANT),
    "code": quoted(Kind.CODE), "choice": quoted(Kind.CHOICE), "if": chosen,
    "first_present": of_many(choices.first_present), "earliest": of_many(choices.earliest),
    "latest": of_many(choices.latest), "one_of": membership, "quotient": quotient, "missing": absent(missing=True),
    "present": absent(missing=False), "parameter": parameter, "at_clock": clocked, "cutoff": granted,
    "business_time": between(times.business_time, Kind.INSTANT, "start", "end"),
    "elapsed": between(times.elapsed, Kind.INSTANT, "start", "end"),
    "working_days": between(times.working_days, Kind.DAY, "first", "last"),
    "titled": called, "local_day": of_moment(times.local_day), "in_period": of_moment(times.in_period),
}  # fmt: skip


def function(name: str) -> Callable[[Call], Expr] | None:
    """The function that gives a value; None for one that measures or says whom records count for."""
    return MADE.get(name)


def require_small(found: Expr, node: ast.AST, scope: Scope) -> None:
    """Raise where a few words have grown into a tree that is costly to walk: in_period writes its argument twice."""
    count, waiting = 0, [found.node]
    while waiting:
        count += 1
        if count > scope.limits.made:
            raise scope.source.error("E-FORMULA-SIZE", node, "", count=count, most=scope.limits.made)
        waiting.extend(nodes.children(waiting.pop()))
