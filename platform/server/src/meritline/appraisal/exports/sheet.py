"""A table as CSV or JSON. Decides what a spreadsheet program makes of it.

CSV begins with a byte order mark, or Excel takes Chinese for something else. A text that begins like a formula gets an
apostrophe before it: a name such as ``=HYPERLINK(...)`` must never be computed on the reader's machine. Numbers are
written as they are, exact.
"""

import csv
import io
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final

from meritline.appraisal.exports.columns import Columns
from meritline.messages import Language
from meritline_sdk.model.canonical import decimal_text

BYTE_ORDER_MARK: Final = "\ufeff"
# The full-width signs too: East Asian spreadsheet programs read them like the narrow ones.
FORMULA: Final = ("=", "+", "-", "@", "\t", "\r", "\n", "|", "%", "\uff1d", "\uff0b", "\uff0d", "\uff20")

type Row = Mapping[str, Any]


def csv_head(columns: Columns, language: Language) -> bytes:
    """The first line, with headings in the reader's language."""
    return (BYTE_ORDER_MARK + line([each.title.in_language(language) for each in columns])).encode()


def csv_rows(columns: Columns, rows: Iterable[Row]) -> bytes:
    """Some rows."""
    return "".join(line([cell(row[each.key]) for each in columns]) for row in rows).encode()


def line(cells: Sequence[str]) -> str:
    """One line of CSV."""
    text = io.StringIO()
    csv.writer(text, lineterminator="\r\n").writerow(cells)
    return text.getvalue()


def cell(value: Any) -> str:
    """One value; only text can be mistaken for a formula."""
    match value:
        case None:
            return ""
        case bool():
            return "1" if value else "0"
        case int():
            return str(value)
        case Decimal():
            return plain_number(value)
        case datetime() | date():
            return value.isoformat()
        case _:
            text = str(value)
            return f"'{text}" if text.startswith(FORMULA) else text


def plain_number(value: Decimal) -> str:
    """The number without an exponent; money keeps its cents."""
    exponent = value.as_tuple().exponent
    return format(value, "f") if exponent == -2 else decimal_text(value)


def json_rows(columns: Columns, rows: Iterable[Row]) -> Iterator[str]:
    """Each row as an object."""
    for row in rows:
        yield json.dumps({each.key: json_value(row[each.key]) for each in columns}, ensure_ascii=False)


def json_value(value: Any) -> Any:
    """The value as JSON holds it; numbers that are not whole leave as strings, so that no reader rounds them."""
    return value if isinstance(value, None | bool | int | str) else cell(value)
