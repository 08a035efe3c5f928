"""NDJSON: one JSON object a line. Decides that its numbers are read exactly as written.

``1.10`` stays ``1.10``; NaN, Infinity and a lone surrogate are not JSON, and their line is refused. A list or an object
inside a row is passed on as its JSON text (people may be given so).
"""

from collections.abc import Iterator
from decimal import Decimal

import msgspec

from meritline.errors import problem
from meritline.records.formats.chunks import CHUNK_ROWS, LINE_COLUMN, BadRow, ObjectChunk, Table
from meritline.records.formats.container import Content
from meritline.records.formats.decoding import damaged, decoded, lines
from meritline.records.formats.delimited import first_line

DECODER = msgspec.json.Decoder(float_hook=Decimal)
# Arithmetic: an exponent of twenty digits is JSON, and no number that a Decimal holds.
BAD_JSON = (msgspec.DecodeError, UnicodeError, RecursionError, ArithmeticError)
SHOWN = 2000
LONGEST_EXPONENT = 50


def plain(value: object) -> str:
    """Any JSON value as the text that the converters read."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list | dict):
        return msgspec.json.encode(value, enc_hook=str).decode()
    if isinstance(value, Decimal) and abs(value.adjusted()) < LONGEST_EXPONENT:
        return f"{value:f}"  # 1e3 is the number 1000; a huge exponent is not spelt out, and refused as text
    return str(value)


def chunks_of(content: Content, encoding: str | None) -> Iterator[ObjectChunk]:
    """All rows of the file."""
    texts = decoded(content.blocks(), encoding, content.name)
    chunk = ObjectChunk([], [], plain)
    for number, line in enumerate(lines(texts, file=content.name, longest=content.limits.line_characters), 1):
        if line.isspace():
            continue
        found = read_object(line, number, content.name)
        if isinstance(found, BadRow):
            chunk.bad.append(found)
        else:
            chunk.rows.append(found)
            chunk.lines.append(first_line(plain(found.get(LINE_COLUMN)), number))
        if len(chunk.rows) + len(chunk.bad) >= CHUNK_ROWS:
            yield chunk
            chunk = ObjectChunk([], [], plain)
    if chunk.rows or chunk.bad:
        yield chunk


def read_object(line: str, number: int, file: str) -> dict[str, object] | BadRow:
    """One row, or why it is none."""
    raw = {"": line.strip()[:SHOWN]}
    if damaged(line):
        return BadRow(number, problem("E-ROW-TEXT", file=file, row=number), raw)
    try:
        found = DECODER.decode(line)
    except BAD_JSON as error:
        return BadRow(number, problem("E-ROW-JSON", file=file, row=number, reason=reason_of(error)), raw)
    if not isinstance(found, dict):
        return BadRow(number, problem("E-ROW-OBJECT", file=file, row=number, value=line.strip()[:60]), raw)
    return found


def reason_of(error: Exception) -> str:
    """Why a line is no JSON that can be read."""
    if isinstance(error, ArithmeticError):
        return "a number is too large or too small"
    return str(error).rstrip(".")


def ndjson_table(content: Content, encoding: str | None) -> Table:
    """The file as a table."""
    return Table(content.name, "ndjson", None, lambda: chunks_of(content, encoding), content)
