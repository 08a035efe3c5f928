"""Rows as every format delivers them. Decides that a value is text: exact, empty where there is none.

A file is read in chunks whose columns are taken whole; what a row says is converted later, column by column.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from operator import attrgetter
from typing import Protocol

from meritline.errors import Problem

CHUNK_ROWS = 4000
FLAGS = {True: "true", False: "false"}
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
class BareChunk:
    """Rows of a file that has a header and no quotes: lines that have all as many cells as it."""

    header: Mapping[str, int]
    texts: Sequence[str]
    mark: str
    lines: list[int]
    bad: list[BadRow] = field(default_factory=list)
    _cells: list[str] | None = None

    def cells(self, name: str) -> Sequence[str]:
        """See ``Chunk``."""
        place = self.header.get(name)
        if place is None:
            return Blank([""] * len(self.texts))
        if self._cells is None:
            self._cells = self.mark.join(self.texts).split(self.mark)
        return self._cells[place :: len(self.header)]

    def raw(self, row: int) -> dict[str, str]:
        """See ``Chunk``."""
        return dict(zip(self.header, self.texts[row].split(self.mark), strict=True))


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
        return texts([row.get(name, "") for row in self.rows], self.text)

    @property
    def names(self) -> frozenset[str]:
        """Every name that a row gives."""
        if self._names is None:
            self._names = frozenset().union(*self.rows)
        return self._names

    def given(self, row: int) -> frozenset[str]:
        """The names that one row gives."""
        return frozenset(self.rows[row])

    def raw(self, row: int) -> dict[str, str]:
        """See ``Chunk``."""
        return {name: self.text(value) for name, value in self.rows[row].items()}


@dataclass(slots=True)
class ShapedChunk(ObjectChunk):
    """The same of rows that were read into one shape: ``places`` says which attribute has a name's value."""

    shaped: Sequence[object] = ()
    places: Mapping[str, str] = field(default_factory=dict)
    read: Callable[[int], dict[str, object]] = dict  # type: ignore[assignment]

    def cells(self, name: str) -> Sequence[str]:
        """See ``Chunk``."""
        place = self.places.get(name)
        if place is None:
            return Blank([""] * len(self.lines))
        return texts(list(map(attrgetter(place), self.shaped)), self.text)

    @property
    def names(self) -> frozenset[str]:
        """Every name that a row may give."""
        return frozenset(self.places)

    def given(self, row: int) -> frozenset[str]:
        """The names that one row gives."""
        return frozenset(self.read(row))

    def raw(self, row: int) -> dict[str, str]:
        """See ``Chunk``."""
        return {name: self.text(value) for name, value in self.read(row).items()}


def texts(values: list[object], text: Callable[[object], str]) -> Sequence[str]:
    """Values as texts."""
    kinds = set(map(type, values))
    if kinds == {str}:
        return values  # type: ignore[return-value]
    if kinds <= {int, str}:
        return list(map(str, values))
    if kinds <= {bool, str}:
        return list(map(FLAGS.get, values, values))  # type: ignore[arg-type]
    return [value if type(value) is str else text(value) for value in values]


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
