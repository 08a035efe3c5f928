"""The inputs that name the reading of a figure, and how they become the room's own values."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import strawberry

from meritline.appraisal.figures import FigureInput
from meritline.appraisal.graphql_schemes import SubjectKind
from meritline.errors import MeritlineError, Problem, problem
from meritline.graphql.kit.mutating import seen_version
from meritline_sdk.model.schemes import SubjectKind as Subject


@strawberry.input(description="A figure for one reading: numerator and denominator, or a value.")
class EnterFigure:
    """A figure for one reading."""

    indicator: str = strawberry.field(description="The indicator's full name.")
    subject_kind: SubjectKind | None = strawberry.field(  # type: ignore[valid-type]
        default=strawberry.UNSET, description="Told by employeeNo or departmentCode; with neither it is the company."
    )
    employee_no: str | None = strawberry.field(default=strawberry.UNSET, description="The employee.")
    department_code: str | None = strawberry.field(default=strawberry.UNSET, description="The department.")
    numerator: Decimal | None = strawberry.field(
        default=strawberry.UNSET, description="What is divided, in the unit of the indicator (a percentage's: counted)."
    )
    denominator: Decimal | None = strawberry.field(
        default=strawberry.UNSET, description="By what. Where it would be 0 leave the figure out: nothing was measured."
    )
    value: Decimal | None = strawberry.field(
        default=strawberry.UNSET, description="The value as a whole, in the indicator's unit: 82.5 is 82.5 %."
    )
    sample: int | None = strawberry.field(
        default=strawberry.UNSET, description="How many cases it rests on; a counted denominator says so itself."
    )
    source: str | None = strawberry.field(default=strawberry.UNSET, description="Where it comes from; always needed.")
    note: str | None = strawberry.field(default=strawberry.UNSET, description="What is said with it.")
    expected_version: int | None = strawberry.field(
        default=strawberry.UNSET, description="The version that was seen, where a figure stands already."
    )


def figure_of(given: EnterFigure, row: int) -> FigureInput | Problem:
    """The row as the room knows it."""
    try:
        kind, subject = subject_of(given)
    except MeritlineError as error:
        return problem(error.problem.code, field=error.problem.field, value=error.problem.value, row=row)
    numbers: Mapping[str, Any] = {name: known(getattr(given, name)) for name in ("numerator", "denominator", "value")}
    return FigureInput(
        indicator=given.indicator, subject_kind=kind, subject=subject, **numbers, sample=known(given.sample),
        source=known(given.source) or None, note=known(given.note) or None,
        expected_version=seen_version(given.expected_version), row=row,
    )  # fmt: skip


def subject_of(given: Any) -> tuple[Subject, str | None]:
    """Kind and code of the subject that an input names."""
    employee, department = known(given.employee_no), known(given.department_code)
    if employee is not None and department is not None:
        raise MeritlineError("E-SUBJECT-ONE", field="employee_no")
    told = Subject.COMPANY
    if employee is not None or department is not None:
        told = Subject.EMPLOYEE if employee is not None else Subject.DEPARTMENT
    kind: Any = known(given.subject_kind)
    if kind is not None and Subject(kind.value) is not told:
        raise MeritlineError("E-FIGURE-KIND", field="subject_kind", value=kind.value)
    return told, employee if employee is not None else department


def known(value: Any) -> Any:
    """What was given; null and not given are the same."""
    return None if value is strawberry.UNSET else value
