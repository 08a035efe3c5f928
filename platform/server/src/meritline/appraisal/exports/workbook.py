"""A workbook that is written row by row. Decides how a sheet looks and prints; nothing of it stays in memory.

Each sheet has a title block, a frozen row of headings with filters, and is printed on landscape paper, as wide as one
page, with the headings on each.
"""

import re
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any, BinaryIO, Final

from openpyxl import Workbook
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.properties import PageSetupProperties

from meritline.appraisal.exports.cells import GENERAL, Looks, money_format, number_format
from meritline.appraisal.exports.columns import Column, Columns, Sort
from meritline.appraisal.exports.words import say, word
from meritline.messages import Language

NAME_LIMIT: Final = 31
NOT_IN_NAMES: Final = re.compile(r"[\[\]:*?/\\\x00-\x1f]")
RESERVED: Final = "history"
A4: Final = 9
FIRST_PLACES: Final = 2

type Top = Sequence[tuple[str, Any]]
"""The lines of a title block: label and value; the first is the title itself."""


class Book:
    """A workbook under way."""

    def __init__(self, language: Language) -> None:
        self.language: Language = language
        self.looks = Looks()
        self._book = Workbook(write_only=True)
        self._names: set[str] = set()

    def sheet(self, name: str, columns: Columns, top: Top, currency: str = "") -> "Sheet":
        """A new sheet after the ones that are there."""
        made: Any = self._book.create_sheet(self._free(sheet_name(name)))
        return Sheet(self, made, columns, top, currency)

    def save(self, out: BinaryIO) -> None:
        """Write the file; every sheet must be closed."""
        self._book.save(out)

    def _free(self, name: str) -> str:
        """The name, with a number where another sheet has it."""
        found, number = name, 1
        while found.lower() in self._names:
            number += 1
            found = f"{name[: NAME_LIMIT - len(str(number)) - 1]}_{number}"
        self._names.add(found.lower())
        return found


class Sheet:
    """One sheet; rows are added in order, then a foot, then it is closed."""

    def __init__(self, book: Book, made: Any, columns: Columns, top: Top, currency: str) -> None:
        self.columns, self.currency, self.language = columns, currency, book.language
        self._looks, self._sheet, self._head, self.rows = book.looks, made, len(top) + 2, 0
        for place, column in enumerate(columns, 1):
            made.column_dimensions[get_column_letter(place)].width = column.shown_width
        made.freeze_panes = f"A{self._head + 1}"
        made.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
        for place, (label, value) in enumerate(top):
            role = "title" if not place else "label"
            self._append([self._cell(label, role=role), *([] if value is None else [self._cell(value)])])
        self._append([])
        self._append([self._cell(each.title.in_language(self.language), role="head", wrapped=True)
                      for each in columns])

    def add(self, row: Mapping[str, Any]) -> None:
        """One row, by the keys of the columns."""
        self.rows += 1
        self._append([self._of(column, row.get(column.key), row) for column in self.columns])

    def foot(self, label: str, values: Mapping[str, Any], at: str | None = None) -> None:
        """A line under the rows: a label, and numbers under some columns."""
        place = at or self.columns[0].key
        self._append([self._of(each, values.get(each.key), values, "foot") if each.key != place
                      else self._cell(label, role="foot") for each in self.columns])

    def told(self, row: Mapping[str, Any]) -> None:
        """A row below the foot, in the columns of the sheet."""
        self._append([self._of(column, row.get(column.key), row) for column in self.columns])

    def line(self, *texts: str, role: str = "body") -> None:
        """A line of plain words."""
        self._append([self._cell(text, role=role) for text in texts])

    def close(self, *, one_page: bool = False, portrait: bool = False, filtered: bool = True) -> None:
        """What can be said only when all rows are there."""
        sheet, last = self._sheet, get_column_letter(len(self.columns))
        if filtered:
            sheet.auto_filter.ref = f"A{self._head}:{last}{self._head + self.rows}"
        sheet.print_title_rows = f"{self._head}:{self._head}"
        sheet.page_setup.orientation = "portrait" if portrait else "landscape"
        sheet.page_setup.paperSize = A4
        sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 1 if one_page else 0
        sheet.oddFooter.center.text = "&P / &N"
        sheet.oddFooter.left.text = "&A"
        sheet.close()

    def _append(self, cells: list[Any]) -> None:
        self._sheet.append(cells)

    def _cell(self, value: Any, form: str = GENERAL, role: str = "body", *, wrapped: bool = False) -> Any:
        return self._looks.cell(self._sheet, value, form, role, wrapped=wrapped)

    def _of(self, column: Column, value: Any, row: Mapping[str, Any], role: str = "body") -> Any:
        """The cell of a column, as its sort is shown."""
        if column.sort is Sort.FLAG and value is not None:
            return self._cell(say(self.language, "yes" if value else "no"), role=role)
        if column.translated and value is not None:
            return self._cell(word(self.language, column.key, value), role=role)
        return self._cell(value, self._format(column, value, row), role, wrapped=column.sort is Sort.LONG)

    def _format(self, column: Column, value: Any, row: Mapping[str, Any]) -> str:
        """The number format of a cell."""
        if not isinstance(value, int | Decimal) or isinstance(value, bool):
            return GENERAL
        if column.sort is Sort.MONEY:
            return money_format(str(row.get("currency") or self.currency))
        if column.sort is Sort.SCORE:
            return number_format(value, FIRST_PLACES)
        if column.sort is Sort.READING and row.get("unit") == "percent":
            return f'{number_format(value)}"%"'
        return number_format(value) if column.sort in (Sort.NUMBER, Sort.READING) else GENERAL


def sheet_name(text: str) -> str:
    """A name that Excel takes for a sheet."""
    name = NOT_IN_NAMES.sub("_", text).strip().strip("'")[:NAME_LIMIT].strip("'").strip()
    return f"{name}_" if name.lower() in ("", RESERVED) else name
