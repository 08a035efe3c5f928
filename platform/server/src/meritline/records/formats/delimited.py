"""CSV and TSV. Decides where rows and columns end: RFC 4180, strictly, and a row that breaks it is refused alone."""

import csv
import re
from collections.abc import Iterator
from itertools import islice, repeat
from typing import TYPE_CHECKING

from meritline.errors import Problem, problem
from meritline.records.formats.chunks import CHUNK_ROWS, LINE_COLUMN, BadRow, BareChunk, Table, TabularChunk
from meritline.records.formats.container import Content
from meritline.records.formats.decoding import Lines, decoded, plain_ends, whole_lines
from meritline.records.formats.header import column_names

if TYPE_CHECKING:
    from _csv import Reader as Rows

NEWLINE = re.compile(r"\r\n|\r|\n")
DELIMITERS = (",", "\t", ";", "|")


class Delimited:
    """A delimited file and what is known of it."""

    def __init__(self, content: Content, encoding: str | None, delimiter: str | None, header_row: int) -> None:
        self.content, self.encoding, self.header_row = content, encoding, header_row
        first = next(islice(self.lines(), header_row - 1, None), "")
        self.delimiter = delimiter or likely_delimiter(first)
        self.header = self.read_header(self.reader(self.lines()))

    def lines(self) -> Lines:
        """The lines of the file."""
        content = self.content
        texts = decoded(content.blocks(), self.encoding, content.name)
        return Lines(whole_lines(texts, file=content.name, longest=content.limits.line_characters))

    def reader(self, lines: Lines) -> "Rows":
        """The rows of the file, the header among them."""
        csv.field_size_limit(self.content.limits.cell_characters)
        return csv.reader(lines, delimiter=self.delimiter, strict=True)

    def read_header(self, reader: "Rows") -> tuple[str, ...]:
        """The names of the columns; the reader then stands behind them."""
        try:
            cells: list[str] = next(islice(reader, self.header_row - 1, None), [])
        except csv.Error:
            cells = []
        limits = self.content.limits
        return column_names(cells, file=self.content.name, line=self.header_row, most=limits.columns)

    def chunks(self) -> Iterator[BareChunk | TabularChunk]:
        """All rows below the header."""
        lines = self.lines()
        reader = self.reader(lines)
        self.read_header(reader)
        places = {name: place for place, name in enumerate(self.header)}
        split = 0  # lines that the reader has not seen
        while text := lines.ahead():
            bare = self.bare_lines(text)
            if bare is None:
                before = reader.line_num
                yield self.read_chunk(reader, places, split)
                if reader.line_num == before:
                    return
                continue
            lines.passed()
            for first in range(0, len(bare), CHUNK_ROWS):
                some = bare[first : first + CHUNK_ROWS]
                begin = reader.line_num + split + first + 1
                yield self.bare_chunk(some, list(range(begin, begin + len(some))), places)
            split += len(bare)

    def bare_lines(self, text: str) -> list[str] | None:
        """The lines of a stretch without any quote, where every delimiter and line end counts; None where some may not.

        This is most of any export, and several times as fast as reading it letter by letter.
        """
        if '"' in text:
            return None
        found = plain_ends(text).removesuffix("\n").split("\n")
        return None if max(map(len, found)) > self.content.limits.cell_characters else found

    def bare_chunk(self, some: list[str], numbers: list[int], places: dict[str, int]) -> BareChunk | TabularChunk:
        """Lines without quotes, cut when they are asked for where they are all as wide as the header."""
        mark, behind = self.delimiter, len(self.header) - 1
        even = set(map(str.count, some, repeat(mark))) == {behind} and mark * behind not in some
        if even and LINE_COLUMN not in places:
            return BareChunk(places, some, mark, numbers)
        return self.chunk([line.split(mark) for line in some], numbers, [], places)

    def read_chunk(self, reader: "Rows", places: dict[str, int], split: int) -> TabularChunk:
        """The next rows by the rules of quotes; ``split`` lines of the file went past the reader."""
        rows: list[list[str]] = []
        bad: list[BadRow] = []
        before = reader.line_num
        try:
            rows.extend(islice(reader, CHUNK_ROWS))  # what came before an error stays
            numbers = line_numbers(rows, before + split, reader.line_num + split)
        except csv.Error as error:
            numbers = line_numbers(rows, before + split, None)
            line = numbers.pop()
            bad.append(BadRow(line, self.broken(line, reader.line_num + split, error), {}))
        return self.chunk(rows, numbers, bad, places)

    def chunk(
        self, rows: list[list[str]], numbers: list[int], bad: list[BadRow], places: dict[str, int]
    ) -> TabularChunk:
        """The rows as wide as the header; lines without anything are passed over."""
        if set(map(len, rows)) - {len(self.header)} or not all(map(any, rows)):
            rows, numbers = self.evened(rows, numbers, bad)
        told = places.get(LINE_COLUMN)
        if told is not None:
            numbers = [first_line(row[told], line) for row, line in zip(rows, numbers, strict=True)]
        return TabularChunk(places, rows, numbers, bad)

    def evened(self, rows: list[list[str]], numbers: list[int], bad: list[BadRow]) -> tuple[list[list[str]], list[int]]:
        """The rows as wide as the header; blank rows are dropped, the others refused."""
        kept: list[list[str]] = []
        lines_kept: list[int] = []
        width = len(self.header)
        for row, line in zip(rows, numbers, strict=True):
            if not any(row):
                continue
            if len(row) >= width and not any(row[width:]):
                kept.append(row[:width])
                lines_kept.append(line)
            else:
                bad.append(BadRow(line, self.uneven(line, len(row)), dict(zip(self.header, row, strict=False))))
        return kept, lines_kept

    def broken(self, line: int, last: int, error: csv.Error) -> Problem:
        """A row whose quotes do not match."""
        return problem("E-ROW-QUOTES", file=self.content.name, row=line, last=last, reason=str(error))

    def uneven(self, line: int, count: int) -> Problem:
        """A row with more or fewer columns than the header."""
        return problem("E-ROW-COLUMNS", file=self.content.name, row=line, count=count, expected=len(self.header))


def line_numbers(rows: list[list[str]], before: int, after: int | None) -> list[int]:
    """The line on which each row begins; with ``after`` None also that of the row behind them."""
    if after is not None and after - before == len(rows):
        return list(range(before + 1, after + 1))
    numbers, line = [], before + 1
    for row in rows:
        numbers.append(line)
        line += 1 + sum(len(NEWLINE.findall(cell)) for cell in row)
    return numbers if after is not None else [*numbers, line]


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
