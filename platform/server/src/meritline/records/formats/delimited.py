"""CSV and TSV. Decides where rows and columns end: RFC 4180, strictly, and a row that breaks it is refused alone."""

import csv
from collections.abc import Iterator
from itertools import islice
from typing import TYPE_CHECKING

from meritline.errors import Problem, problem
from meritline.records.formats.chunks import CHUNK_ROWS, LINE_COLUMN, BadRow, Table, TabularChunk
from meritline.records.formats.container import Content
from meritline.records.formats.decoding import decoded, lines
from meritline.records.formats.header import column_names

if TYPE_CHECKING:
    from _csv import Reader as Rows

DELIMITERS = (",", "\t", ";", "|")


class Delimited:
    """A delimited file and what is known of it."""

    def __init__(self, content: Content, encoding: str | None, delimiter: str | None, header_row: int) -> None:
        self.content, self.encoding, self.header_row = content, encoding, header_row
        first = next(islice(self.lines(), header_row - 1, None), "")
        self.delimiter = delimiter or likely_delimiter(first)
        self.header = self.read_header(self.reader())

    def lines(self) -> Iterator[str]:
        """The lines of the file."""
        content = self.content
        texts = decoded(content.blocks(), self.encoding)
        return lines(texts, file=content.name, longest=content.limits.line_characters)

    def reader(self) -> "Rows":
        """The rows of the file, the header among them."""
        csv.field_size_limit(self.content.limits.cell_characters)
        return csv.reader(self.lines(), delimiter=self.delimiter, strict=True)

    def read_header(self, reader: "Rows") -> tuple[str, ...]:
        """The names of the columns; the reader then stands behind them."""
        try:
            cells: list[str] = next(islice(reader, self.header_row - 1, None), [])
        except csv.Error:
            cells = []
        limits = self.content.limits
        return column_names(cells, file=self.content.name, line=self.header_row, most=limits.columns)

    def chunks(self) -> Iterator[TabularChunk]:
        """All rows below the header."""
        reader = self.reader()
        self.read_header(reader)
        places = {name: place for place, name in enumerate(self.header)}
        while True:
            chunk = self.chunk(reader, places)
            if not chunk.rows and not chunk.bad:
                return
            yield chunk

    def chunk(self, reader: "Rows", places: dict[str, int]) -> TabularChunk:
        """The next rows; lines without anything are passed over."""
        rows: list[list[str]] = []
        numbers: list[int] = []
        bad: list[BadRow] = []
        width, line_column = len(self.header), places.get(LINE_COLUMN)
        while len(rows) + len(bad) < CHUNK_ROWS:
            line = reader.line_num + 1
            try:
                row = next(reader)
            except StopIteration:
                break
            except csv.Error as error:
                bad.append(BadRow(line, self.broken(line, reader.line_num, error), {}))
                continue
            if len(row) != width:
                if not any(row):
                    continue
                if len(row) < width or any(row[width:]):
                    bad.append(BadRow(line, self.uneven(line, len(row)), dict(zip(self.header, row, strict=False))))
                    continue
                row = row[:width]
            rows.append(row)
            numbers.append(line)
        if line_column is not None:
            numbers = [first_line(row[line_column], line) for row, line in zip(rows, numbers, strict=True)]
        return TabularChunk(places, rows, numbers, bad)

    def broken(self, line: int, last: int, error: csv.Error) -> Problem:
        """A row whose quotes do not match."""
        return problem("E-ROW-QUOTES", file=self.content.name, row=line, last=last, reason=str(error))

    def uneven(self, line: int, count: int) -> Problem:
        """A row with more or fewer columns than the header."""
        return problem("E-ROW-COLUMNS", file=self.content.name, row=line, count=count, expected=len(self.header))


def first_line(text: str, line: int) -> int:
    """The line in the file from which this row was rejected before."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else line


def likely_delimiter(header: str) -> str:
    """The delimiter that the header has most of, outside quotes."""
    bare = "".join(header.split('"')[::2])
    return max(DELIMITERS, key=bare.count)


def delimited_table(content: Content, encoding: str | None, delimiter: str | None, header_row: int) -> Table:
    """The file as a table."""
    file = Delimited(content, encoding, delimiter, header_row)
    return Table(content.name, "csv", file.header, file.chunks, content, file.delimiter)
