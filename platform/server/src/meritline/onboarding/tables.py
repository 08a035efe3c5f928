"""The tables of a manifest: people, departments, positions, codes. Decides their columns, in English or Chinese.

A table is a CSV, TSV or XLSX file of the name, in UTF-8 or GB18030, read as any other export is.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

from meritline.documents.table import exact_number, nearest_first
from meritline.errors import MeritlineError, Problem, problem
from meritline.records.formats import open_table
from meritline.tenancy.places import Places
from meritline_sdk.evaluate.windows import midnight

ENDINGS = (".csv", ".tsv", ".xlsx")
DAY = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})")
CHINESE = {
    "工号": "number", "姓名": "name", "部门": "department", "岗位": "position", "上级": "manager",
    "开始": "from", "结束": "to", "状态": "status", "绩效基数": "performance_pay", "基本工资": "base_pay",
    "编码": "code", "名称": "name", "上级部门": "parent", "编码空间": "space", "员工": "employee",
    "英文名": "name_en", "中文名": "name_zh",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table."""

    name: str
    required: bool = False


@dataclass(slots=True)
class Rows:
    """A table's rows by column name, with their lines; ``given`` are the columns that stand there."""

    file: str
    rows: list[dict[str, str]]
    lines: tuple[int, ...]
    given: Mapping[str, str]
    problems: list[Problem]

    def places(self, name: str, lines: tuple[int, ...] | None = None) -> Places:
        """Where mistakes in these rows are."""
        return Places(name, self.file, self.lines if lines is None else lines, dict(self.given))

    def report(self, code: str, place: int, column: str, value: object = None, **params: object) -> None:
        """Collect a problem in one cell."""
        self.problems.append(problem(code, file=self.file, line=self.lines[place],
                                     field=self.given.get(column, column), value=value, **params))  # type: ignore[arg-type]

    def text(self, place: int, column: str) -> str | None:
        """A cell, None where it is empty."""
        return self.rows[place].get(column) or None

    def needed(self, place: int, column: str) -> str:
        """A cell that must not be empty."""
        found = self.text(place, column)
        if found is None:
            self.report("E-DOC-MISSING", place, column)
        return found or ""

    def day(self, place: int, column: str) -> date | None:
        """A calendar day: 2026-05-31, 2026/5/31 or 2026.5.31."""
        text = self.text(place, column)
        found = day_of(text) if text else None
        if text and found is None:
            self.report("E-DOC-DATE", place, column, text)
        return found

    def moment(self, place: int, column: str, zone: str | None) -> datetime | None:
        """A day, which begins in the company's zone, or an instant with its own zone."""
        text = self.text(place, column)
        if text is None or zone is None:
            return None
        day = day_of(text)
        if day is not None:
            return midnight(day, zone)
        try:
            found = datetime.fromisoformat(text)
        except ValueError:
            found = None
        if found is None or found.tzinfo is None:
            self.report("E-DOC-MOMENT", place, column, text)
            return None
        return found

    def money(self, place: int, column: str) -> Decimal | None:
        """An amount."""
        text = self.text(place, column)
        found = exact_number(text) if text else None
        if isinstance(found, str):
            self.report("E-DOC-NUMBER", place, column, text)
            return None
        return found


def day_of(text: str) -> date | None:
    """The day, if the text is one."""
    found = DAY.fullmatch(text)
    try:
        return date(int(found[1]), int(found[2]), int(found[3])) if found else None
    except ValueError:
        return None


def read_rows(folder: Path, name: str, columns: tuple[Column, ...], problems: list[Problem]) -> Rows | None:
    """The table of this name, None where there is no such file or it cannot be read."""
    path = next((folder / f"{name}{ending}" for ending in ENDINGS if (folder / f"{name}{ending}").is_file()), None)
    if path is None:
        return None
    try:
        table = open_table(path, name=path.name)
        header = table.header or ()
        given = known_columns(header, columns, path.name, problems)
        found = Rows(path.name, [], (), {name: shown for shown, name in given.items()}, problems)
        lines: list[int] = []
        for chunk in table.chunks():
            problems.extend(replace(bad.problem, file=path.name, line=bad.line, row=None) for bad in chunk.bad)
            for place, line in enumerate(chunk.lines):
                raw = chunk.raw(place)
                found.rows.append({name: raw.get(shown, "").strip() for shown, name in given.items()})
                lines.append(line)
        found.lines = tuple(lines)
    except MeritlineError as refused:
        problems.extend(refused.problems)
        return None
    return found


def known_columns(header: tuple[str, ...], columns: tuple[Column, ...], file: str,
                  problems: list[Problem]) -> dict[str, str]:
    """The file's own column names with ours; unknown and missing ones are reported."""
    names = [column.name for column in columns]
    found = {shown: CHINESE.get(shown, shown) for shown in header}
    for shown, name in found.items():
        if name not in names:
            problems.append(problem("E-MANIFEST-COLUMN-UNKNOWN", file=file, line=1, field=shown, value=shown,
                                    known=nearest_first(shown, names)))
    for column in columns:
        if column.required and column.name not in found.values():
            problems.append(problem("E-MANIFEST-COLUMN", file=file, line=1, field=column.name, value=column.name,
                                    known=names))
    return {shown: name for shown, name in found.items() if name in names}
