"""NDJSON: one JSON object a line. Decides that its numbers are read exactly as written.

``1.10`` stays ``1.10``; NaN, Infinity and a lone surrogate are not JSON, and their line is refused. A list or an object
inside a row is passed on as its JSON text (people may be given so).
"""

from collections.abc import Iterator
from decimal import Decimal
from itertools import batched
from typing import Any

import msgspec

from meritline.errors import problem
from meritline.records.formats.chunks import CHUNK_ROWS, LINE_COLUMN, BadRow, ObjectChunk, ShapedChunk, Table
from meritline.records.formats.container import Content
from meritline.records.formats.decoding import damaged, decoded, plain_ends, walked, whole_lines
from meritline.records.formats.delimited import first_line

DECODER = msgspec.json.Decoder(float_hook=Decimal)
# Arithmetic: an exponent of twenty digits is JSON, and no number that a Decimal holds.
BAD_JSON = (msgspec.DecodeError, UnicodeError, RecursionError, ArithmeticError)
SHOWN = 2000
STRETCHES = 4
LONGEST_EXPONENT = 50
MOST_NAMES = 500


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
    before, shape = 0, Shape()
    stretches = whole_lines(texts, file=content.name, longest=content.limits.line_characters)
    for some in batched(stretches, STRETCHES):
        text = plain_ends("".join(some))
        count = text.count("\n") + (not text.endswith("\n"))
        shaped = shape.objects(text, count)
        rows = None if shaped is not None else all_objects(text, count)
        if shaped is not None:
            for first in range(0, count, CHUNK_ROWS):
                yield shape.chunk(shaped[first : first + CHUNK_ROWS], before + first + 1, text, first)
        elif rows is not None:
            shape.learn(rows)
            for first in range(0, count, CHUNK_ROWS):
                part = rows[first : first + CHUNK_ROWS]
                numbers = list(range(before + first + 1, before + first + 1 + len(part)))
                yield ObjectChunk(part, told_lines(part, numbers), plain)
        else:
            yield from one_by_one(text, before, content.name)
        before += count


class Shape:
    """The names that rows have had so far. Rows that have no others are read into one shape, several times as fast."""

    def __init__(self) -> None:
        self.places: dict[str, str] = {}
        self.decoder: Any = None

    def objects(self, text: str, count: int) -> list[Any] | None:
        """The objects of the lines where each is one with known names; None where they have to be read otherwise."""
        if self.decoder is None or not one_a_line(text, count):
            return None
        try:
            found = self.decoder.decode_lines(text)
        except BAD_JSON:
            return None
        return found if len(found) == count else None

    def learn(self, rows: list[dict[str, object]]) -> None:
        """Know the names of these rows, as long as they are as few as a record type's could be."""
        names = frozenset[str]().union(*rows)
        if names <= self.places.keys() or len(names | self.places.keys()) > MOST_NAMES or LINE_COLUMN in names:
            return
        for name in sorted(names - self.places.keys()):
            self.places[name] = f"f{len(self.places)}"
        fields = [(place, Any, msgspec.field(default="", name=name)) for name, place in self.places.items()]
        made = msgspec.defstruct("Row", fields, forbid_unknown_fields=True, gc=False)
        self.decoder = msgspec.json.Decoder(made, float_hook=Decimal)

    def chunk(self, shaped: list[Any], begin: int, text: str, first: int) -> ShapedChunk:
        """Some of the objects of a text; a row is read again where it is asked for whole."""

        def read(row: int) -> dict[str, object]:
            found: dict[str, object] = DECODER.decode(text.split("\n")[first + row])
            return found

        numbers = list(range(begin, begin + len(shaped)))
        return ShapedChunk([], numbers, plain, shaped=shaped, places=dict(self.places), read=read)


def one_a_line(text: str, count: int) -> bool:
    """Whether every line begins and ends with a brace. The decoder minds no line ends: where it then finds as many
    objects as there are lines, each line is one, for nothing that goes on begins with a brace."""
    return text.startswith("{") and text.count("}\n{") == count - 1 and text.endswith(("}", "}\n"))


def all_objects(text: str, count: int) -> list[dict[str, object]] | None:
    """The objects of the lines where each line is one; None where that is not so, and each has to be looked at."""
    if not one_a_line(text, count):
        return None
    try:
        rows = DECODER.decode_lines(text)
    except BAD_JSON:
        return None
    return rows if len(rows) == count and set(map(type, rows)) == {dict} else None


def one_by_one(text: str, before: int, file: str) -> Iterator[ObjectChunk]:
    """The lines, and why some are no row; blank ones are passed over."""
    chunk = ObjectChunk([], [], plain)
    for number, line in enumerate(walked(text), before + 1):
        if line.isspace():
            continue
        found = read_object(line, number, file)
        if isinstance(found, BadRow):
            chunk.bad.append(found)
        else:
            chunk.rows.append(found)
            chunk.lines.append(number)
        if len(chunk.rows) + len(chunk.bad) >= CHUNK_ROWS:
            yield told(chunk)
            chunk = ObjectChunk([], [], plain)
    if chunk.rows or chunk.bad:
        yield told(chunk)


def told(chunk: ObjectChunk) -> ObjectChunk:
    """The chunk with the lines that its rows name."""
    chunk.lines = told_lines(chunk.rows, chunk.lines)
    return chunk


def told_lines(rows: list[dict[str, object]], numbers: list[int]) -> list[int]:
    """The lines of rows, as rows that were rejected before name them."""
    if not any(LINE_COLUMN in row for row in rows):
        return numbers
    return [first_line(plain(row.get(LINE_COLUMN)), line) for row, line in zip(rows, numbers, strict=True)]


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
