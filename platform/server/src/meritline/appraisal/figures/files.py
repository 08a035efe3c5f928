"""Figures in files and bodies: CSV, TSV, NDJSON and XLSX. Decides what the columns are called and what a cell says.

Columns are named in English or Chinese, in any order; those of a file of rejected rows (``#...``) are passed over, so
that it can be mended and sent again. A number is digits: a percent sign, a unit or a thousands separator is refused,
never guessed. Good rows land together, each bad one keeps its reasons.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any, Final

from meritline.appraisal.figures.service import Clock, enter_figures
from meritline.appraisal.figures.values import FigureInput, Writer
from meritline.db import UnitOfWork
from meritline.errors import MeritlineError, Problem, problem
from meritline.records.formats import Table
from meritline.records.validate.rows import Reject
from meritline_sdk.model.schemes import SubjectKind

NAMES: Final = {
    "period": ("考核期", "期间"), "indicator": ("指标",), "subject_kind": ("对象类型",), "employee_no": ("工号",),
    "department_code": ("部门编码",), "numerator": ("分子",), "denominator": ("分母",), "value": ("数值",),
    "sample": ("样本数",), "source": ("来源",), "note": ("备注",), "expected_version": ("版本",),
}  # fmt: skip
CALLED: Final = {called.replace("_", ""): name for name, others in NAMES.items() for called in (name, *others)}
KINDS: Final = {"员工": "employee", "部门": "department", "公司": "company"}
NEEDED: Final = ("indicator", "source")
NUMBER: Final = re.compile(r"[+-]?[0-9]+(\.[0-9]+)?")
DIGITS: Final = re.compile(r"[0-9]{1,10}")
MOST_ROWS: Final = 10_000
FIRST_OF_MONTH: Final = re.compile(r"([0-9]{4}-[0-9]{2})-01( 00:00:00)?")  # what Excel makes of 2026-05


@dataclass(slots=True)
class Delivered:
    """What became of a file: every row was written, stood there already, or has its reasons."""

    lines: int = 0
    written: int = 0
    unchanged: int = 0
    rejects: list[Reject] = field(default_factory=list)
    warnings: list[Problem] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Row:
    """A row that could be read."""

    period: str
    figure: FigureInput
    raw: dict[str, str]


async def deliver(uow: UnitOfWork, writer: Writer, table: Table, *, period: str | None, replacing: bool,
                  clock: Clock) -> Delivered:
    """Write every figure of the file that can be, in this unit."""
    done, by_period = Delivered(), dict[str, list[Row]]()
    for read in rows_of(table, period):
        done.lines += 1
        if done.lines > MOST_ROWS:
            raise MeritlineError("E-FIGURE-MANY", file=table.name, value=f"{MOST_ROWS} +", most=MOST_ROWS)
        if isinstance(read, Reject):
            done.rejects.append(read)
        else:
            by_period.setdefault(read.period, []).append(read)
    for each, rows in sorted(by_period.items()):
        try:
            outcome = await enter_figures(uow, writer, each, [row.figure for row in rows], clock=clock,
                                          replace=replacing)
        except MeritlineError as error:  # the period itself is refused
            done.rejects += [rejected(row, error.problems, table.name) for row in rows]
            continue
        done.written += len(outcome.written)
        done.unchanged += len(outcome.unchanged)
        done.warnings += [replace(each, file=table.name) for each in outcome.warnings]
        wrong: dict[int | None, list[Problem]] = {}
        for found in outcome.problems:
            wrong.setdefault(found.row, []).append(found)
        done.rejects += [rejected(row, wrong[row.figure.row], table.name) for row in rows if row.figure.row in wrong]
    done.rejects.sort(key=lambda each: each.line)
    return done


def rejected(row: Row, found: Iterable[Problem], file: str) -> Reject:
    """The row with its reasons, each with its place in the file."""
    line = row.figure.row or 0
    return Reject(line, None, row.raw, tuple(replace(each, file=file, row=line) for each in found))


def rows_of(table: Table, period: str | None) -> Iterator[Row | Reject]:
    """Every row of the file."""
    if table.header is not None:
        check_header(table.header, table.name, period)
    for chunk in table.chunks():
        for bad in chunk.bad:
            yield Reject(bad.line, None, dict(bad.raw), (bad.problem,))
        for place, line in enumerate(chunk.lines):
            yield read_row(chunk.raw(place), line, table.name, period)


def check_header(header: Iterable[str], file: str, period: str | None) -> None:
    """Raise where a column is none of ours, or one is wanting."""
    found = {name_of(each): each for each in header if not each.startswith("#")}
    unknown = [each for name, each in found.items() if name is None]
    if unknown:
        raise MeritlineError("E-FIGURE-COLUMN", file=file, value=unknown[0], known=list(NAMES))
    for name in (*NEEDED, *(() if period else ("period",))):
        if name not in found:
            raise MeritlineError("E-FIGURE-COLUMNS", file=file, value=name)


def name_of(column: str) -> str | None:
    """What a column is called here."""
    return CALLED.get(re.sub(r"[\s_]", "", column).lower())


def read_row(raw: dict[str, str], line: int, file: str, period: str | None) -> Row | Reject:
    """The row as a figure, or why it is none."""
    found: list[Problem] = []
    cells: dict[str, str] = {}
    for column, cell in raw.items():
        name = name_of(column)
        if name is not None:
            cells[name] = cell.strip()
        elif not column.startswith("#"):
            found.append(problem("E-FIGURE-COLUMN", value=column, known=list(NAMES)))
    named = cells.get("period") or period or ""
    values: dict[str, Any] = {}
    for name in ("numerator", "denominator", "value", "sample", "expected_version"):
        try:
            values[name] = number(name, cells.get(name, ""))
        except MeritlineError as error:
            found.append(error.problem)
    try:
        values["subject_kind"], values["subject"] = subject(cells)
    except MeritlineError as error:
        found.append(error.problem)
    if found:
        return Reject(line, None, raw, tuple(replace(each, file=file, row=line) for each in found))
    month = FIRST_OF_MONTH.fullmatch(named)
    figure = FigureInput(indicator=cells.get("indicator", ""), source=cells.get("source") or None,
                         note=cells.get("note") or None, row=line, **values)
    return Row(month[1] if month else named, figure, raw)


def number(name: str, cell: str) -> Decimal | int | None:
    """The number of a cell, exactly."""
    if not cell:
        return None
    if name in ("sample", "expected_version"):
        if not DIGITS.fullmatch(cell):
            raise MeritlineError("E-FIGURE-CELL-WHOLE", field=name, value=cell)
        return int(cell)
    if not NUMBER.fullmatch(cell):
        raise MeritlineError("E-FIGURE-CELL", field=name, value=cell)
    return Decimal(cell)


def subject(cells: Mapping[str, str]) -> tuple[SubjectKind, str | None]:
    """Kind and code of the subject."""
    employee, department = cells.get("employee_no", ""), cells.get("department_code", "")
    if employee and department:
        raise MeritlineError("E-SUBJECT-ONE", field="employee_no")
    told = SubjectKind.EMPLOYEE if employee else SubjectKind.DEPARTMENT if department else SubjectKind.COMPANY
    kind = cells.get("subject_kind", "")
    kind = KINDS.get(kind, kind.lower())
    if kind and kind not in list(SubjectKind):
        raise MeritlineError("E-FIGURE-CELL-KIND", field="subject_kind", value=kind, known=list(SubjectKind))
    if kind and kind != told:
        raise MeritlineError("E-FIGURE-KIND", field="subject_kind", value=kind)
    return told, employee or department or None
