"""Errors. Decides what an error carries: a code, where it is, the value, and texts in the reader's language.

Use ``problem("E-BANDS-GAP", file="rewards/engineers.toml", line=9, field="bands", low=100, high=120)`` for what is
collected and shown together (manifest checks, verdicts of rows, ``errors`` of a mutation), and raise
``MeritlineError`` (or a subclass, where someone catches it) for what ends the work. The texts of a code stand in
``messages/catalogue/<feature>.toml``.
"""

import dataclasses
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, ClassVar

from meritline.messages import Extension, Language, Severity, entry_of, fill, shown
from meritline_sdk.model.text import Text


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """One thing that is wrong, with its place; language-free until it is shown."""

    code: str
    file: str | None = None
    line: int | None = None
    row: int | None = None
    field: str | None = None
    value: object = None
    params: Mapping[str, object] = dataclasses.field(default_factory=lambda: MappingProxyType({}), hash=False)

    @property
    def severity(self) -> Severity:
        """An error refuses; a warning only tells."""
        return entry_of(self.code).severity

    @property
    def extension(self) -> Extension:
        """The GraphQL ``extensions.code``, from the closed list."""
        return entry_of(self.code).extension

    def message(self, language: Language = "en") -> str:
        """What happened, without its place."""
        return fill(entry_of(self.code).message(language), self.filling(language))

    def remedy(self, language: Language = "en") -> str:
        """What to do."""
        return fill(entry_of(self.code).remedy(language), self.filling(language))

    def filling(self, language: Language = "en") -> dict[str, object]:
        """Everything a template may name; what the place of the error gave, and where it is. Texts of both languages
        are told in the reader's."""
        named = {"file": self.file, "line": self.line, "row": self.row, "field": self.field, "value": self.value}
        told = {name: value.in_language(language) if isinstance(value, Text) else value
                for name, value in self.params.items()}
        return {name: value for name, value in named.items() if value is not None} | told

    def where(self, language: Language = "en") -> str:
        """``schemes/engineers.toml:14``, ``calls.csv row 812``, or nothing."""
        place = f"{shown(self.file)}:{self.line}" if self.file and self.line else shown(self.file or "")
        if not self.file and self.line:
            place = f"第 {self.line} 行" if language == "zh" else f"line {self.line}"
        if self.row is None:
            return place
        row = f"第 {self.row} 行" if language == "zh" else f"row {self.row}"
        return f"{place} {row}".strip()

    def text(self, language: Language = "en") -> str:
        """One line for a terminal or a log: place, field and value, what happened, what to do, code."""
        subject = shown(self.field or "")
        if self.value is not None and "{value}" not in entry_of(self.code).message(language):
            subject = f"{subject} = '{shown(self.value)}'".removeprefix(" = ")
        place = self.where(language)
        head = "  ".join(part for part in (place, f"{subject}:" if subject else "") if part)
        between = "" if language == "zh" else " "
        body = f"{self.message(language)}{between}{self.remedy(language)} ({self.code})"
        return f"{head} {body}" if subject else f"{head}  {body}".strip()

    def as_dict(self, language: Language = "en") -> dict[str, object]:
        """For JSON: the ``errors`` of a mutation, the verdict of a row."""
        found: dict[str, object] = {
            "code": self.code,
            "message": self.message(language),
            "remedy": self.remedy(language),
            "file": self.file,
            "line": self.line,
            "row": self.row,
            "field": self.field,
            "value": None if self.value is None else shown(self.value),
        }
        return {name: value for name, value in found.items() if value is not None}


def problem(
    code: str,
    *,
    file: str | None = None,
    line: int | None = None,
    row: int | None = None,
    field: str | None = None,
    value: object = None,
    **params: object,
) -> Problem:
    """A problem, with the parameters of its templates as further keywords."""
    return Problem(
        code=code, file=file, line=line, row=row, field=field, value=value, params=MappingProxyType(dict(params))
    )


class MeritlineError(Exception):
    """The one base: ``raise MeritlineError("E-CYCLE-LOCKED", value="2026-05")`` or a subclass with its own ``code``."""

    code: ClassVar[str] = "E-INTERNAL"

    def __init__(self, code: str | None = None, /, **details: Any) -> None:
        self.problem = problem(code or self.code, **details)
        super().__init__(self.problem.text())

    @property
    def problems(self) -> tuple[Problem, ...]:
        """All that is wrong; most errors are one problem."""
        return (self.problem,)


class Refused(MeritlineError):
    """Several problems that the user can mend; nothing was applied."""

    code = "E-REFUSED"

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.found = tuple(problems)
        super().__init__(count=len(self.found))
        self.args = ("\n".join(each.text() for each in (*self.found, self.problem)),)

    @property
    def problems(self) -> tuple[Problem, ...]:
        return self.found


class NotFound(MeritlineError):
    """Unknown, or another tenant's: both answer alike."""

    code = "E-NOT-FOUND"


class Forbidden(MeritlineError):
    """Known, but not allowed."""

    code = "E-FORBIDDEN"


class Stale(MeritlineError):
    """A write named a version that is no longer the newest."""

    code = "E-CONFLICT-STALE"


def render(error: MeritlineError | Problem, language: Language = "en") -> str:
    """The whole text of an error for a reader, one line per problem."""
    if isinstance(error, Problem):
        return error.text(language)
    lines = [each.text(language) for each in error.problems]
    return "\n".join([*lines, error.problem.text(language)] if isinstance(error, Refused) else lines)
