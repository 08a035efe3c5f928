"""What is wrong with a formula, and where. Decides the codes; the texts stand in the catalogue of who shows them."""

import ast
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from types import MappingProxyType
from typing import Any

from meritline_sdk.model.kinds import Kind
from meritline_sdk.model.text import Text

NEAREST = 3
KINDS: Mapping[Kind, Text] = MappingProxyType({
    Kind.INT: Text("a whole number", "整数"), Kind.NUMBER: Text("a number", "数字"),
    Kind.FLAG: Text("yes or no", "是否"), Kind.CODE: Text("a text", "文本"), Kind.CHOICE: Text("a choice", "选项"),
    Kind.INSTANT: Text("a moment", "时刻"), Kind.DAY: Text("a day", "日期"),
    Kind.DURATION: Text("a length of time", "时长"), Kind.PERSON: Text("an employee", "员工"),
    Kind.PEOPLE: Text("several employees", "多名员工"), Kind.TEAM: Text("a department", "部门"),
})  # fmt: skip


def kinds(several: Iterable[Kind]) -> Text:
    """One of these kinds, in words."""
    found = [KINDS[kind] for kind in several]
    return Text(" or ".join(one.en for one in found), "或".join(one.zh for one in found))


@dataclass(frozen=True, slots=True)
class FormulaProblem:
    """One mistake: its code, its place in the text (from 1), what stands there, and what a message may name."""

    code: str
    line: int
    column: int
    value: str = ""
    params: Mapping[str, object] = field(default_factory=lambda: MappingProxyType({}), hash=False)

    def __str__(self) -> str:
        told = ", ".join(f"{name}: {value.en if isinstance(value, Text) else value}"
                         for name, value in self.params.items())
        return f"line {self.line}, column {self.column}: {self.code} {self.value!r}" + (f" ({told})" if told else "")


class FormulaError(ValueError):
    """A formula that cannot be used, with everything that is wrong with it."""

    def __init__(self, problems: Iterable[FormulaProblem]) -> None:
        self.problems = tuple(problems)
        super().__init__("; ".join(map(str, self.problems)))


@dataclass(frozen=True, slots=True)
class Source:
    """The text that Python read, for places and for what stands there; ``above`` and ``before``: how many lines and
    columns of the author's text come before it."""

    lines: tuple[str, ...]
    above: int = 0
    before: int = 0

    def place(self, node: ast.AST) -> tuple[int, int]:
        """Line and column in characters; Python counts bytes."""
        line, offset = getattr(node, "lineno", 1), getattr(node, "col_offset", 0)
        written = self.lines[line - 1] if line <= len(self.lines) else ""
        column = len(written.encode()[:offset].decode(errors="ignore")) + 1
        return self.of_author(line, column)

    def of_author(self, line: int, column: int) -> tuple[int, int]:
        """The place as the author counts it."""
        return line + self.above, column + (self.before if line == 1 else 0)

    def written(self, node: ast.AST) -> str:
        """What stands there."""
        return ast.get_source_segment("\n".join(self.lines), node) or ""

    def problem(self, code: str, node: ast.AST, value: object = None, **params: Any) -> FormulaProblem:
        """A problem at a node."""
        shown = self.written(node) if value is None else str(value)
        return FormulaProblem(code, *self.place(node), shown, MappingProxyType(params))

    def error(self, code: str, node: ast.AST, value: object = None, **params: Any) -> FormulaError:
        """The problem, to raise."""
        return FormulaError([self.problem(code, node, value, **params)])


def nearest(word: str, known: Iterable[str], most: int = NEAREST) -> list[str]:
    """The known words most like the one given, the nearest first."""
    asked = word.lower()
    return sorted(known, key=lambda one: (-SequenceMatcher(None, asked, one.lower()).ratio(), one))[:most] or ["—"]
