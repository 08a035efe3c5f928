"""Writes a rating sheet. Decides what a rater may touch: rating and comment, nothing else.

Text is always written as text: a name or comment that begins like a formula is never computed on the reader's machine.
"""

import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Alignment, Font, PatternFill, Protection
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

from meritline.appraisal.ratings.service import LONGEST_COMMENT
from meritline.appraisal.ratings.sheet.layout import (
    COLUMNS,
    HEAD,
    HEADER_ROW,
    HIDDEN,
    SHOWN,
    WIDTHS,
    Head,
    Line,
    place,
    say,
    sealed,
)
from meritline.messages import Language
from meritline_sdk.explain.figures import figure
from meritline_sdk.explain.ratings import role_word
from meritline_sdk.model.rated import RatedIndicator

ENTRY: Final = PatternFill("solid", fgColor="FFF8D6")
SHADE: Final = PatternFill("solid", fgColor="E8EDF2")
TOP: Final = Alignment(vertical="top", wrap_text=True)
LONG: Final = ("indicator", "looks_at", "grades")
OPEN, BOLD = Protection(locked=False), Font(bold=True)


@dataclass(frozen=True, slots=True)
class Row:
    """A row with everything that is shown."""

    line: Line
    indicator: RatedIndicator
    name: str
    department: str
    value: Decimal | None = None
    comment: str | None = None


def workbook(secret: bytes, head: Head, company: str, rows: Sequence[Row], language: Language) -> bytes:
    """The sheet as a file."""
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = say(language, "main")
    write_top(sheet, head, company, language)
    for number, row in enumerate(rows, HEADER_ROW + 1):
        write_row(sheet, number, row, sealed(secret, head, row.line.fields()), language)
    validate(sheet, rows, language)
    protect(sheet)
    write_head(book, secret, head)
    book.security.lockStructure = True
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def write_top(sheet: Any, head: Head, company: str, language: Language) -> None:
    """Title, hint and headings."""
    title = say(language, "title", period=head.period, company=company)
    if head.rater:
        title = f"{title}    {say(language, 'rater', rater=head.rater)}"
    put(sheet, 1, 1, title).font = Font(bold=True, size=14)
    put(sheet, 2, 1, say(language, "hint"))
    for column in SHOWN:
        cell = put(sheet, HEADER_ROW, place(column), say(language, column))
        cell.font, cell.fill = BOLD, SHADE
        sheet.column_dimensions[get_column_letter(place(column))].width = WIDTHS[column]
    for column in HIDDEN:
        put(sheet, HEADER_ROW, place(column), column)
        sheet.column_dimensions[get_column_letter(place(column))].hidden = True
    sheet.freeze_panes = sheet.cell(HEADER_ROW + 1, 3)


def write_row(sheet: Any, number: int, row: Row, seal: str, language: Language) -> None:
    """One row: what is shown, what is filled in, what is hidden."""
    line, indicator = row.line, row.indicator
    grades = "\n".join(f"{figure(value)}: {text.in_language(language)}" for value, text in indicator.grades())
    looks = indicator.looks_at.in_language(language) if indicator.looks_at else ""
    scale = say(language, "to", low=indicator.scale_min, high=indicator.scale_max)
    texts = (line.code, row.name, row.department, line.title, looks, role_word(line.role, language), scale, grades)
    for column, text in zip(SHOWN, texts, strict=False):
        cell = put(sheet, number, place(column), text)
        if column in LONG:  # a style costs more than the cell itself
            cell.alignment = TOP
    rating = sheet.cell(number, place("rating"), row.value)
    comment = put(sheet, number, place("comment"), row.comment or "")
    for cell in (rating, comment):
        cell.fill, cell.protection, cell.alignment = ENTRY, OPEN, TOP
    for column, hidden in zip(HIDDEN, (*line.fields()[:6], seal), strict=True):
        put(sheet, number, place(column), hidden)


def put(sheet: Any, row: int, column: int, text: str) -> Any:
    """A cell that is text whatever it begins with."""
    cell = sheet.cell(row, column)
    clean = ILLEGAL_CHARACTERS_RE.sub("", text)
    if clean:
        cell.value = clean
        cell.data_type = "s"
        if clean[0] in "=+-@":
            cell.quotePrefix = True
    return cell


def validate(sheet: Any, rows: Sequence[Row], language: Language) -> None:
    """What the cells take: a number of the scale, a comment of bounded length."""
    ranges: dict[tuple[int, int], list[int]] = {}
    for number, row in enumerate(rows, HEADER_ROW + 1):
        ranges.setdefault((row.indicator.scale_min, row.indicator.scale_max), []).append(number)
    for (low, high), numbers in ranges.items():
        rule = DataValidation(type="decimal", operator="between", formula1=str(low), formula2=str(high),
                              showErrorMessage=True, error=say(language, "outside", low=low, high=high))
        add(sheet, rule, "rating", numbers)
    if rows:
        rule = DataValidation(type="textLength", operator="lessThanOrEqual", formula1=str(LONGEST_COMMENT),
                              showErrorMessage=True, error=say(language, "too_long", longest=LONGEST_COMMENT))
        add(sheet, rule, "comment", range(HEADER_ROW + 1, HEADER_ROW + 1 + len(rows)))


def add(sheet: Any, rule: DataValidation, column: str, numbers: Iterable[int]) -> None:
    """Lay a rule over the cells of a column, run by run."""
    letter = get_column_letter(place(column))
    first = last = None
    for number in [*numbers, 0]:
        if last is not None and number == last + 1:
            last = number
            continue
        if first is not None:
            rule.add(f"{letter}{first}:{letter}{last}")
        first = last = number
    sheet.add_data_validation(rule)


def protect(sheet: Any) -> None:
    """Only the open cells can be filled in; column widths may be changed."""
    sheet.protection.sheet = True
    sheet.protection.formatColumns = False
    sheet.protection.formatRows = False
    sheet.sheet_view.zoomScale = 90


def write_head(book: Workbook, secret: bytes, head: Head) -> None:
    """Whose sheet it is, on a page that nobody sees."""
    page = book.create_sheet(HEAD)
    page.sheet_state = "veryHidden"
    for number, text in enumerate((*head.fields(), sealed(secret, head)), 1):
        put(page, number, 1, text)


assert len(COLUMNS) == len(set(COLUMNS))
