"""A file as rows: CSV and TSV in UTF-8 or GB18030, or JSON lines. Decides the encoding and the delimiter by looking.

A byte order mark decides; else what is UTF-8 is UTF-8, and GB18030 otherwise, the encoding of Chinese exports.
"""

import csv
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

from meritline_sdk.trying.refusals import Refusal, refusal

DELIMITERS = (",", "\t", ";", "|")
MARKS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
ARCHIVE = b"PK\x03\x04"
OLD_SHEET = b"\xd0\xcf\x11\xe0"
WIDEST_CELL = 100_000


@dataclass(slots=True)
class Table:
    """The rows of a file, each with the line on which it begins, and what is wrong with it so far."""

    name: str
    header: tuple[str, ...] = ()
    rows: list[tuple[int, dict[str, Any]]] = field(default_factory=list)
    refusals: list[Refusal] = field(default_factory=list)


def read_table(path: Path) -> Table:
    """The file; what cannot be read is among its refusals."""
    table = Table(path.name)
    text = text_of(path, table)
    if text is None:
        return table
    if path.suffix.lower() in (".ndjson", ".jsonl", ".json") or text.lstrip()[:1] == "{":
        read_lines(text, table)
    else:
        read_delimited(text, table)
    if not table.rows and not table.refusals:
        table.refusals.append(refusal("empty", table.name))
    return table


def text_of(path: Path, table: Table) -> str | None:
    """The text, or None with the reason told."""
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        table.refusals.append(refusal("absent", str(path)))
        return None
    except OSError as wrong:
        table.refusals.append(refusal("unreadable", str(path), reason=wrong.strerror or wrong))
        return None
    if data.startswith((ARCHIVE, OLD_SHEET)):
        table.refusals.append(refusal("spreadsheet", table.name))
        return None
    for encoding in encodings(data):
        try:
            text = data.decode(encoding)
        except UnicodeError:
            continue
        if "\x00" not in text:
            return text
    table.refusals.append(refusal("encoding", table.name))
    return None


def encodings(data: bytes) -> tuple[str, ...]:
    """Those that the file may be in, the likeliest first."""
    return next(((name,) for mark, name in MARKS if data.startswith(mark)), ("utf-8", "gb18030"))


def read_lines(text: str, table: Table) -> None:
    """JSON objects, one a line."""
    names: dict[str, None] = {}
    for number, line in enumerate(text.split("\n"), 1):
        if not line.strip():
            continue
        try:
            found = json.loads(line, parse_float=Decimal, parse_constant=not_finite)
        except (ValueError, RecursionError) as wrong:
            table.refusals.append(refusal("json", table.name, number, reason=wrong))
            continue
        if not isinstance(found, dict):
            table.refusals.append(refusal("json", table.name, number, reason=type(found).__name__))
            continue
        names |= dict.fromkeys(found)
        table.rows.append((number, found))
    table.header = tuple(names)


def not_finite(word: str) -> Any:
    """JSON has no NaN and no Infinity, whatever Python thinks."""
    raise ValueError(f"{word} is no number")


def read_delimited(text: str, table: Table) -> None:
    """Rows under a header."""
    lines = text.splitlines(keepends=True)
    first = next((line for line in lines if line.strip()), "")
    rows = numbered(lines, likely_delimiter(first), table)
    _, header = next(rows, (0, []))
    table.header = tuple(name.strip() for name in header)
    for name in dict.fromkeys(name for name in table.header if name and table.header.count(name) > 1):
        table.refusals.append(refusal("header_twice", table.name, 1, name))
    width = len(table.header)
    for number, cells in rows:
        if len(cells) < width or any(cells[width:]):
            table.refusals.append(refusal("columns", table.name, number, count=len(cells), expected=width))
        else:
            table.rows.append((number, dict(zip(table.header, cells, strict=False))))


def numbered(lines: list[str], delimiter: str, table: Table) -> Iterator[tuple[int, list[str]]]:
    """The rows that hold something, each with its first line."""
    csv.field_size_limit(WIDEST_CELL)
    reader, line = csv.reader(lines, delimiter=delimiter, strict=True), 1
    while True:
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as wrong:
            table.refusals.append(refusal("quotes", table.name, line, reason=wrong))
            line = reader.line_num + 1
            continue
        if any(cell.strip() for cell in cells):
            yield line, cells
        line = reader.line_num + 1


def likely_delimiter(header: str) -> str:
    """The delimiter that the header has most of, outside quotes."""
    bare = "".join(header.split('"')[::2])
    return max(DELIMITERS, key=bare.count)
