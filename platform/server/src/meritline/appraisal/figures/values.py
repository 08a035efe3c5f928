"""Figures as values. Decides when two are the same figure, and who is said to have entered one."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Final
from uuid import UUID

from meritline.errors import Problem
from meritline_sdk.model.schemes import SubjectKind

RATIO, VALUE, WAIVER = "ratio", "value", "waiver"
CONTENT: Final = ("kind", "numerator", "denominator", "value", "sample", "source", "note")


@dataclass(frozen=True, slots=True, kw_only=True)
class FigureInput:
    """A figure as somebody gives it; everything by natural key. ``row`` is its place in a list or file, from 1.

    ``subject`` is the employee number or department code, None for the company.
    """

    indicator: str
    subject_kind: SubjectKind = SubjectKind.EMPLOYEE
    subject: str | None = None
    numerator: Decimal | None = None
    denominator: Decimal | None = None
    value: Decimal | None = None
    sample: int | None = None
    source: str | None = None
    note: str | None = None
    expected_version: int | None = None
    row: int | None = None

    @property
    def kind(self) -> str:
        """What is given of it."""
        return VALUE if self.numerator is None and self.denominator is None else RATIO


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """What is said about a reading, checked."""

    kind: str
    numerator: Decimal | None = None
    denominator: Decimal | None = None
    value: Decimal | None = None
    sample: int | None = None
    source: str | None = None
    note: str | None = None
    withdrawn: bool = False


@dataclass(frozen=True, slots=True)
class Place:
    """Whose reading of which indicator it is; ``code`` is how people call the subject."""

    indicator: str
    subject_kind: SubjectKind
    subject_id: UUID
    code: str

    @property
    def key(self) -> tuple[str, SubjectKind, UUID]:
        """What makes two figures of a period the same one."""
        return self.indicator, self.subject_kind, self.subject_id


@dataclass(frozen=True, slots=True)
class Figure:
    """A row of ``entered_figure``."""

    id: UUID
    place: Place
    content: Content
    entered_by: str
    entered_name: str
    entered_at: datetime
    version: int


@dataclass(frozen=True, slots=True)
class Writer:
    """Who enters: as the audit chain calls them, as people do, and the employee behind the key."""

    actor: str
    name: str
    employee_id: UUID | None = None


@dataclass(slots=True)
class Outcome:
    """What became of a list of figures: good ones are written, each bad one has its problems; ``warnings`` are about
    those that were taken."""

    written: list[Figure] = field(default_factory=list)
    unchanged: list[Figure] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    warnings: list[Problem] = field(default_factory=list)

    def refuse(self, row: int | None, found: Sequence[Problem]) -> None:
        """Add the problems of a row."""
        self.problems += [found_at(each, row) for each in found]


def found_at(each: Problem, row: int | None) -> Problem:
    """The problem with its row."""
    return Problem(code=each.code, file=each.file, line=each.line, row=row, field=each.field, value=each.value,
                   params=each.params)
