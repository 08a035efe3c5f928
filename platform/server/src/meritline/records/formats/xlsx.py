"""XLSX workbooks. Decides what a cell says: the value it shows, never its formula, and numbers as Excel keeps them.

Excel keeps 15 significant digits; what the file holds beyond them is binary noise (130.04160000000002) and is rounded
away. A date is its ISO text, so it needs no format.
"""

import datetime
import warnings
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Context, Decimal
from itertools import islice
from typing import Any
from xml.etree.ElementTree import ParseError

import openpyxl
from openpyxl.utils.exceptions import InvalidFileException

from meritline.records.formats.chunks import CHUNK_ROWS, LINE_COLUMN, BadRow, Table, TabularChunk
from meritline.records.formats.container import Content, FileRefused
from meritline.records.formats.delimited import first_line
from meritline.records.formats.header import column_names

FIFTEEN_DIGITS = Context(prec=15)
BROKEN = (zipfile.BadZipFile, InvalidFileException, KeyError, ValueError, TypeError, ParseError, EOFError, IndexError)


def plain(value: Any) -> str:
    """A cell as the text that the converters read."""
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return f"{FIFTEEN_DIGITS.create_decimal(repr(value)).normalize():f}" if value - value == 0 else str(value)
    if isinstance(value, datetime.datetime):
        return value.isoformat(" ")
    if isinstance(value, datetime.timedelta):
        seconds = round(value.total_seconds())
        return f"{seconds // 3600}:{seconds // 60 % 60:02}:{seconds % 60:02}"
    return value.isoformat() if isinstance(value, datetime.date | datetime.time) else str(Decimal(value))


@contextmanager
def opened_sheet(content: Content, sheet: str | None) -> Iterator[Any]:
    """The sheet, read row by row."""
    try:
        with content.seekable() as file:
            require_sane(content, file)
            with warnings.catch_warnings(action="ignore"):
                book = openpyxl.load_workbook(file, read_only=True, data_only=True)
            try:
                yield chosen(book, sheet, content.name)
            finally:
                book.close()
    except BROKEN as error:
        raise FileRefused(file=content.name, reason=str(error) or type(error).__name__) from error


def require_sane(content: Content, file: Any) -> None:
    """Raise where the parts of the workbook unpack to more than any export would (zipfile stops at what they state)."""
    with zipfile.ZipFile(file) as parts:
        unpacked = sum(part.file_size for part in parts.infolist())
    limits = content.limits
    if unpacked > limits.workbook_bytes or unpacked > max(limits.suspicious_bytes, limits.packing_ratio * content.size):
        raise FileRefused("E-FILE-TOO-LARGE", file=content.name, megabytes=unpacked // 1024**2)
    file.seek(0)


def chosen(book: Any, sheet: str | None, file: str) -> Any:
    """The named sheet, or the first."""
    if sheet is None:
        return book.worksheets[0]
    for each in book.worksheets:
        if each.title == sheet:
            return each
    raise FileRefused("E-FILE-SHEET", file=file, value=sheet, known=[each.title for each in book.worksheets])


def rows_of(sheet: Any) -> Iterator[tuple[int, list[str]]]:
    """The rows that have something in them, with their numbers."""
    sheet.reset_dimensions()  # what the file says of its size is often wrong
    for number, row in enumerate(sheet.iter_rows(values_only=True), 1):
        cells = [plain(cell) for cell in row]
        if any(cells):
            yield number, cells


def read_header(content: Content, sheet: str | None, header_row: int) -> tuple[str, ...]:
    """The names of the columns."""
    with opened_sheet(content, sheet) as found:
        found.reset_dimensions()
        cells = next(islice(found.iter_rows(values_only=True), header_row - 1, None), ())
        return column_names(
            [plain(cell) for cell in cells], file=content.name, line=header_row, most=content.limits.columns
        )


def chunks_of(content: Content, sheet: str | None, header: tuple[str, ...], header_row: int) -> Iterator[TabularChunk]:
    """All rows below the header."""
    places = {name: place for place, name in enumerate(header)}
    with opened_sheet(content, sheet) as found:
        below = ((number, cells) for number, cells in rows_of(found) if number > header_row)
        while some := list(islice(below, CHUNK_ROWS)):
            width = len(header)
            rows = [[*cells[:width], *[""] * (width - len(cells))] for _, cells in some]
            numbers = [number for number, _ in some]
            if LINE_COLUMN in places:
                told = places[LINE_COLUMN]
                numbers = [first_line(row[told], line) for row, line in zip(rows, numbers, strict=True)]
            content.consumed = content.size
            yield TabularChunk(places, rows, numbers, list[BadRow]())


def xlsx_table(content: Content, sheet: str | None, header_row: int) -> Table:
    """The sheet as a table."""
    header = read_header(content, sheet, header_row)
    return Table(content.name, "xlsx", header, lambda: chunks_of(content, sheet, header, header_row), content)
