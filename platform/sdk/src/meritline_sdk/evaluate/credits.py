"""Whom a record counts for, and how much of it; ``tallies`` has the rules in words."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction
from typing import Any

from meritline_sdk.evaluate.expressions import Record, value_of
from meritline_sdk.evaluate.scenes import Scene
from meritline_sdk.model.credits import Credit
from meritline_sdk.model.kinds import Kind
from meritline_sdk.model.schemes import SubjectKind

type DepartmentOf = Callable[[str, datetime | date], frozenset[str]]
type Above = Callable[[str], frozenset[str]]

ONE, NONE = Fraction(1), Fraction(0)


@dataclass(frozen=True, slots=True, order=True)
class Subject:
    """Who or what is appraised, by natural key: employee number, department code, or the tenant's key."""

    kind: SubjectKind
    key: str


def nowhere(employee: str, moment: datetime | date) -> frozenset[str]:
    """The departments of a company that has none."""
    return frozenset()


def alone(department: str) -> frozenset[str]:
    """A department with none above it."""
    return frozenset({department})


def share_of(credit: Credit, record: Record, scene: Scene, subject: Subject,
             departments: Callable[[str], frozenset[str]], above: Above = alone) -> Fraction:
    """How much of the record counts for the subject, from 0 to 1."""
    if subject.kind is SubjectKind.COMPANY:
        return ONE
    if credit.field is None:
        return NONE
    holder: Any = value_of(credit.field, record, scene)
    if holder is None:
        return NONE
    if credit.field.kind is Kind.TEAM:
        return ONE if subject.kind is SubjectKind.DEPARTMENT and subject.key in above(holder) else NONE

    def counts(person: str | None) -> bool:
        if person is None or subject.kind is SubjectKind.EMPLOYEE:
            return person == subject.key
        return subject.key in departments(person)

    if credit.field.kind is Kind.PERSON:
        return whole_or_part(credit, record, scene) if counts(holder) else NONE
    mine = [part for person, part in holder if counts(person)]
    if credit.mode == "each":
        return ONE if mine else NONE
    total = sum(part for _, part in holder)
    return Fraction(sum(mine), total) if total else NONE


def whole_or_part(credit: Credit, record: Record, scene: Scene) -> Fraction:
    """What one person gets: the whole, or one divisor-th of it."""
    if credit.divisor is None:
        return ONE
    divisor = value_of(credit.divisor, record, scene)
    return Fraction(1, divisor) if divisor is not None and divisor >= 1 else NONE
