"""A table as CSV or JSON. Decides what a spreadsheet program makes of it.

CSV begins with a byte order mark, or Excel takes Chinese for something else. A text that begins like a formula gets an
apostrophe before it: a name such as ``=HYPERLINK(...)`` must never be computed on the reader's machine. Numbers are
written as they are, exact.
"""

import csv
import io
import json
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final

from meritline.errors import MeritlineError
from meritline.messages import Language
from meritline_sdk.model.canonical import decimal_text
from meritline_sdk.model.text import Text

BYTE_ORDER_MARK: Final = "\ufeff"
# The full-width signs too: East Asian spreadsheet programs read them like the narrow ones.
FORMULA: Final = ("=", "+", "-", "@", "\t", "\r", "\n", "|", "%", "\uff1d", "\uff0b", "\uff0d", "\uff20")
FORMATS: Final = ("csv", "json")
LATER: Final = ("xlsx", "pdf")

type Columns = Sequence[tuple[str, Text]]
"""Key and heading."""


def check_format(name: str) -> None:
    """Refuse what is not written yet, and what never will be."""
    if name not in FORMATS:
        code = "E-EXPORT-LATER" if name in LATER else "E-EXPORT-FORMAT"
        raise MeritlineError(code, field="format", value=name, known=list(FORMATS))


def written(name: str, columns: Columns, rows: Iterable[Sequence[Any]], language: Language) -> Iterator[bytes]:
    """The file, piece by piece."""
    check_format(name)
    return as_csv(columns, rows, language) if name == "csv" else as_json(columns, rows)


def as_csv(columns: Columns, rows: Iterable[Sequence[Any]], language: Language) -> Iterator[bytes]:
    """Comma-separated, with headings in the reader's language."""
    yield (BYTE_ORDER_MARK + line([heading.in_language(language) for _, heading in columns])).encode()
    for row in rows:
        yield line([cell(value) for value in row]).encode()


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


def as_json(columns: Columns, rows: Iterable[Sequence[Any]]) -> Iterator[bytes]:
    """A list of objects; numbers that are not whole leave as strings, so that no reader rounds them."""
    keys = [key for key, _ in columns]
    yield b"["
    for place, row in enumerate(rows):
        plain = {key: json_value(value) for key, value in zip(keys, row, strict=True)}
        yield (",\n" if place else "\n").encode() + json.dumps(plain, ensure_ascii=False).encode()
    yield b"\n]\n"


def json_value(value: Any) -> Any:
    """The value as JSON holds it."""
    return value if isinstance(value, None | bool | int | str) else cell(value)
