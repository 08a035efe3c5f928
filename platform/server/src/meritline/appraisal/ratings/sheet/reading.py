"""Reads a rating sheet that comes back. Decides what of it can be trusted: nothing that its seal does not cover.

Twice as many rows as a sheet can have are looked at; a program that saved its last possible row is not waited for.
"""

import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any, Final
from xml.etree.ElementTree import ParseError

import openpyxl
from openpyxl.utils.exceptions import InvalidFileException

from meritline.appraisal.ratings.sheet.layout import COLUMNS, HEAD, HEADER_ROW, MOST_ROWS, Head, Line
from meritline.errors import MeritlineError
from meritline.records.formats import DEFAULT_LIMITS
from meritline.records.formats.container import Content, FileRefused
from meritline.records.formats.xlsx import FIFTEEN_DIGITS, require_sane

BROKEN: Final = (zipfile.BadZipFile, InvalidFileException, KeyError, ValueError, TypeError, ParseError, EOFError,
                 IndexError, AttributeError)
HEAD_LINES: Final = 6
SEALED: Final = ("scheme", "indicator_key", "kind", "subject_key", "role_key", "subject", "indicator")


@dataclass(frozen=True, slots=True)
class Formula:
    """A cell that holds a formula instead of a value."""

    text: str


@dataclass(frozen=True, slots=True)
class Filled:
    """A row as it came back, with its number in the sheet."""

    number: int
    line: Line
    seal: object
    rating: object
    comment: object


@dataclass(frozen=True, slots=True)
class Returned:
    """The whole sheet."""

    head: Head
    seal: object
    rows: tuple[Filled, ...]


def read_sheet(given: bytes, name: str) -> Returned:
    """The sheet, or the refusal of what is none."""
    content = Content(given, name, DEFAULT_LIMITS)
    try:
        with content.seekable() as file:
            require_sane(content, file)
            book = openpyxl.load_workbook(file, read_only=True, data_only=False)
            try:
                return taken(book, name)
            finally:
                book.close()
    except FileRefused as error:
        raise MeritlineError("E-RATING-SHEET", file=name, reason=error.problem.message()) from error
    except BROKEN as error:
        told = "it is no XLSX file" if isinstance(error, zipfile.BadZipFile) else str(error) or type(error).__name__
        raise MeritlineError("E-RATING-SHEET", file=name, reason=told) from error


def taken(book: Any, name: str) -> Returned:
    """Head and rows of an opened workbook."""
    if HEAD not in book.sheetnames or len(book.sheetnames) < 2:
        raise MeritlineError("E-RATING-SHEET", file=name, reason=f"it has no page {HEAD!r}")
    told = [value_of(row[0]) if row else None for row in limited(book[HEAD], HEAD_LINES, 1)]
    texts = [text if isinstance(text, str) else "" for text in told] + [""] * HEAD_LINES
    head = Head(texts[1], texts[2], texts[3] or None, texts[4] or None)
    main = next(sheet for sheet in book.worksheets if sheet.title != HEAD)
    rows = tuple(filled_rows(main))
    if len(rows) > MOST_ROWS:
        raise MeritlineError("E-RATING-SHEET-ROWS", file=name, most=MOST_ROWS)
    return Returned(head, texts[5], rows)


def limited(sheet: Any, most: int, width: int) -> Iterator[Any]:
    """The first rows and columns, whatever the file says of its size."""
    sheet.reset_dimensions()
    for number, row in enumerate(sheet.iter_rows(max_col=width), 1):
        if number > most:
            return
        yield row


def filled_rows(sheet: Any) -> Iterator[Filled]:
    """The rows below the heading that have something in them; one more than allowed, so that it shows."""
    found = 0
    for number, row in enumerate(limited(sheet, HEADER_ROW + 2 * MOST_ROWS, len(COLUMNS)), 1):
        cells = dict(zip(COLUMNS, [*map(value_of, row), *[None] * (len(COLUMNS) - len(row))], strict=False))
        if number <= HEADER_ROW or all(one is None for one in cells.values()):
            continue
        found += 1
        if found > MOST_ROWS + 1:
            return
        scheme, indicator, kind, subject, role, code, title = (plain(cells[name]) for name in SEALED)
        line = Line(scheme, indicator, kind, subject, role, version_of(cells["version"]), code, title)
        yield Filled(number, line, cells["seal"], cells["rating"], cells["comment"])


def value_of(cell: Any) -> object:
    """What a cell holds; a formula is told as one and never computed."""
    value = getattr(cell, "value", None)
    if getattr(cell, "data_type", None) == "f" or type(value).__name__ in ("ArrayFormula", "DataTableFormula"):
        return Formula(str(value))
    if isinstance(value, str):
        return value if value.strip() else None
    return value


def plain(value: object) -> str:
    """A cell that was written as text; spreadsheet programs turn codes such as 007 into numbers only if typed anew."""
    return value if isinstance(value, str) else "" if value is None else str(value)


def version_of(value: object) -> int:
    """The version that the row was given out with; anything else breaks the seal."""
    text = plain(value)
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else -1


def number_of(value: object) -> Decimal | None:
    """The number of a rating cell as Excel keeps it, or None where it is no number."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        found = FIFTEEN_DIGITS.create_decimal(repr(value)) if isinstance(value, float) else Decimal(str(value).strip())
    except InvalidOperation:
        return None
    return found if found.is_finite() else None
