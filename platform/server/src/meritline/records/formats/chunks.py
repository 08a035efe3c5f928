"""Rows as every format delivers them. Decides that a value is text: exact, empty where there is none.

A file is read in chunks whose columns are taken whole; what a row says is converted later, column by column.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from meritline.errors import Problem

CHUNK_ROWS = 4000
# Columns of our own in a file of rejected rows: never data, and the line of the first file is the line of the row.
LINE_COLUMN, REASONS_COLUMN = "#line", "#reasons"


@dataclass(frozen=True, slots=True)
class BadRow:
    """A row that cannot even be cut into columns."""

    line: int
    problem: Problem
    raw: Mapping[str, str]


class Blank(list[str]):
    """The column of a name that no row has: nothing in every row."""


class Chunk(Protocol):
    """Some rows of a file, in order."""

    lines: list[int]
    bad: list[BadRow]

    def cells(self, name: str) -> Sequence[str]:
        """The texts of one column as they stand, one per row; empty where the column is not there."""

    def raw(self, row: int) -> dict[str, str]:
        """One row as the file has it."""


def column(chunk: Chunk, name: str) -> list[str]:
    """The trimmed values of one column."""
    return [cell.strip() for cell in chunk.cells(name)]


@dataclass(slots=True)
class TabularChunk:
    """Rows of a file that has a header: each a list as long as the header."""

    header: Mapping[str, int]
    rows: Sequence[Sequence[str]]
    lines: list[int]
    bad: list[BadRow] = field(default_factory=list)
    _columns: list[tuple[str, ...]] | None = None

    def cells(self, name: str) -> Sequence[str]:
        """See ``Chunk``."""
        place = self.header.get(name)
        if place is None:
            return Blank([""] * len(self.rows))
        if self._columns is None:
            self._columns = list(zip(*self.rows, strict=True)) or [()] * len(self.header)
        return self._columns[place]

    def raw(self, row: int) -> dict[str, str]:
        """See ``Chunk``."""
        return dict(zip(self.header, self.rows[row], strict=True))


@dataclass(slots=True)
class ObjectChunk:
    """Rows that name their own values (NDJSON)."""

    rows: list[dict[str, object]]
    lines: list[int]
    text: Callable[[object], str]
    bad: list[BadRow] = field(default_factory=list)
    _names: frozenset[str] | None = None

    def cells(self, name: str) -> Sequence[str]:
        """See ``Chunk``."""
        if name not in self.names:
            return Blank([""] * len(self.rows))
        values = [row.get(name, "") for row in self.rows]
        kinds = set(map(type, values))
        if kinds == {str}:
            return values  # type: ignore[return-value]
        if kinds <= {int, str}:
            return list(map(str, values))
        return [value if type(value) is str else self.text(value) for value in values]

    @property
    def names(self) -> frozenset[str]:
        """Every name that a row gives."""
        if self._names is None:
            self._names = frozenset().union(*self.rows)
        return self._names

    def raw(self, row: int) -> dict[str, str]:
        """See ``Chunk``."""
        return {name: self.text(value) for name, value in self.rows[row].items()}


class Reading(Protocol):
    """What is known of the bytes behind a table."""

    size: int
    consumed: int


@dataclass(slots=True)
class Table:
    """A file that can be read any number of times; ``header`` is None where every row names its own values."""

    name: str
    format: str
    header: tuple[str, ...] | None
    chunks: Callable[[], Iterator[Chunk]]
    reading: Reading
    delimiter: str = ","
