"""From text to a syntax tree. Decides how large a formula may be and which forms of Python may stand in it.

Python's own parser reads the text; nothing is compiled or run. Whatever it refuses, also for being too deeply nested
for it, is a mistake of the formula.
"""

import ast
import warnings
from collections.abc import Iterator
from dataclasses import dataclass

from meritline_sdk.formulas.problems import FormulaError, FormulaProblem, Source


@dataclass(frozen=True, slots=True)
class Limits:
    """How long a text may be, how deep and how large its tree, and how large an expression it may grow into."""

    longest: int = 4_000
    deepest: int = 40
    largest: int = 300
    made: int = 2_000
    strict: bool = True
    """Whether a word that is no option, and a condition that nothing can meet, are refused."""


OF_A_TENANT = Limits()
OF_AN_AUTHOR = Limits(longest=60_000, deepest=120, largest=8_000, made=20_000, strict=False)
"""For texts that were printed from declarations of installed plugins: their authors are trusted, and write more."""

OPERATORS = (
    ast.And, ast.Or, ast.Not, ast.USub, ast.Add, ast.Sub, ast.Mult, ast.Div, ast.BitAnd, ast.BitOr, ast.Invert,
    ast.Eq, ast.NotEq, ast.Lt, ast.LtE, ast.Gt, ast.GtE, ast.In, ast.NotIn, ast.Is, ast.IsNot,
)  # fmt: skip
FORMS = (
    ast.Call, ast.Name, ast.Attribute, ast.Constant, ast.Compare, ast.BoolOp, ast.UnaryOp, ast.BinOp, ast.IfExp,
    ast.Tuple, ast.List, ast.Dict, ast.keyword,
)  # fmt: skip
HOUSEKEEPING = (ast.expr_context, ast.Expression)


def parsed(formula: str, limits: Limits = OF_A_TENANT) -> tuple[ast.expr, Source]:
    """The checked tree of a formula with the source of its places."""
    if len(formula) > limits.longest:
        raise at_start("E-FORMULA-LONG", length=len(formula), most=limits.longest)
    if not formula.strip():
        raise at_start("E-FORMULA-EMPTY")
    refuse_characters(formula)
    source = trimmed(formula.replace("\r\n", "\n").replace("\r", "\n"))
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            tree = ast.parse("\n".join(source.lines), mode="eval")
    except (RecursionError, MemoryError) as deep:
        raise at_start("E-FORMULA-DEEP", most=limits.deepest) from deep
    except (SyntaxError, ValueError) as wrong:
        raise syntax_error(wrong, source, limits) from wrong
    require_size(tree, source, limits)
    require_forms(tree, source)
    return tree.body, source


def trimmed(formula: str) -> Source:
    """The text without what surrounds it, which Python would take for an indented block."""
    body = formula.lstrip()
    ahead = formula[: len(formula) - len(body)]
    return Source(tuple(body.rstrip().split("\n")), ahead.count("\n"), len(ahead) - (ahead.rfind("\n") + 1))


def at_start(code: str, **params: object) -> FormulaError:
    """A problem with the formula as a whole."""
    return FormulaError([FormulaProblem(code, 1, 1, params=params)])


def refuse_characters(formula: str) -> None:
    """Characters that no text has: NUL and other controls, and halves of a character."""
    for number, line in enumerate(formula.split("\n"), 1):
        for place, sign in enumerate(line, 1):
            if (ord(sign) < 32 and sign not in "\t\r") or 0xD800 <= ord(sign) <= 0xDFFF or ord(sign) == 127:
                raise FormulaError([FormulaProblem("E-FORMULA-CHARACTER", number, place, f"U+{ord(sign):04X}")])


def syntax_error(wrong: SyntaxError | ValueError, source: Source, limits: Limits) -> FormulaError:
    """What Python's parser says, in our terms."""
    line, column = getattr(wrong, "lineno", None) or 1, max(getattr(wrong, "offset", None) or 1, 1)
    place, reason = source.of_author(line, column), getattr(wrong, "msg", None) or str(wrong)
    if "too many nested" in reason or "recursion" in reason:
        return FormulaError([FormulaProblem("E-FORMULA-DEEP", *place, params={"most": limits.deepest})])
    written = source.lines[line - 1] if line <= len(source.lines) else ""
    sign = written[column - 1:column]
    if sign and not sign.isascii():
        return FormulaError([FormulaProblem("E-FORMULA-CHARACTER", *place, sign)])
    return FormulaError([FormulaProblem("E-FORMULA-SYNTAX", *place, written[column - 1:column + 19],
                                        {"reason": reason})])


def require_size(tree: ast.AST, source: Source, limits: Limits) -> None:
    """Raise where the tree is too deep or too large; without recursion, whatever it is."""
    count, open_nodes = 0, [(tree, 0)]
    while open_nodes:
        node, depth = open_nodes.pop()
        if depth > limits.deepest:
            raise source.error("E-FORMULA-DEEP", node, "", most=limits.deepest)
        for child in ast.iter_child_nodes(node):
            if not isinstance(child, (*OPERATORS, *HOUSEKEEPING)):
                count += 1
            open_nodes.append((child, depth + 1))
    if count > limits.largest:
        raise source.error("E-FORMULA-SIZE", tree, "", count=count, most=limits.largest)


def require_forms(tree: ast.AST, source: Source) -> None:
    """Raise with every form that may not stand in a formula, and every name that is not plain ASCII."""
    found = list(wrong_forms(tree, source))
    if found:
        raise FormulaError(found)


def wrong_forms(tree: ast.AST, source: Source) -> Iterator[FormulaProblem]:
    """What may not stand there; what is inside of it is not looked at."""
    waiting: list[tuple[ast.AST, ast.AST]] = [(tree, tree)]
    while waiting:
        node, above = waiting.pop()
        if isinstance(node, (*OPERATORS, *HOUSEKEEPING, *FORMS)):
            if (name := odd_name(node, source)) is not None:
                yield source.problem("E-FORMULA-CHARACTER", node, name)
            waiting.extend((below, node) for below in reversed(list(ast.iter_child_nodes(node))))
        else:
            # An operator has no place of its own: it is where the calculation is.
            at = node if hasattr(node, "lineno") else above
            yield source.problem("E-FORMULA-FORM", at, source.written(at)[:40], form=type(node).__name__)


def odd_name(node: ast.AST, source: Source) -> str | None:
    """The name as it was written, where Python read another one: ``ｖisits`` is not ``visits``."""
    written = source.written(node)
    match node:
        case ast.Name(name):
            return None if written == name else written
        case ast.Attribute(_, name):
            return None if written.endswith(name) else written
        case ast.keyword(str() as name):
            return None if written.startswith(name) else written
    return None
