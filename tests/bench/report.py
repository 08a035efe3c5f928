"""What a benchmark run found, as a table on the terminal and as the page platform/docs/performance.md.

Decides that a ratio leads and that nothing of the machine is told but how many cores it has.
"""

import os
import platform
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from unicodedata import east_asian_width

from tests.bench.rounds import Figures
from tests.bench.sizes import Size

HEAD = ("", "median", "from", "to", "ratio", "from", "to")
ABOUT = """\
Every figure compares two ways of doing the same work, which alternate within one run on one machine; the ratio is
that of the same round, and the table shows its median, least and greatest. Read the ratios: seconds and requests per
second depend on the machine and on what else it did, and client, server and database shared its cores here.
No test asserts a time. Written by `make bench`; do not edit.
"""


@dataclass(frozen=True, slots=True)
class Row:
    """One way of doing the work; ``ratio`` is None for the way that the others are compared with."""

    what: str
    figures: Figures
    ratio: Figures | None = None


@dataclass(frozen=True, slots=True)
class Section:
    """One benchmark. ``meaning`` says what its figures are, ``notes`` what else was seen."""

    title: str
    unit: str
    meaning: str
    rows: tuple[Row, ...]
    notes: tuple[str, ...] = ()


def shown(figure: float) -> str:
    """A figure with as many digits as it is worth."""
    return f"{figure:,.0f}" if abs(figure) >= 100 else f"{figure:,.3g}"


def times(figure: float) -> str:
    """A ratio."""
    return f"{figure:.1f}x" if figure >= 10 else f"{figure:.2f}x" if figure >= 0.1 else f"{figure:.3f}x"


def cells(row: Row) -> tuple[str, ...]:
    """The row as text."""
    figures = tuple(shown(each) for each in (row.figures.median, row.figures.least, row.figures.most))
    if row.ratio is None:
        return (row.what, *figures, "1", "", "")
    return (row.what, *figures, *(times(each) for each in (row.ratio.median, row.ratio.least, row.ratio.most)))


def table(section: Section) -> str:
    """The section for a terminal."""
    lines = [(section.unit, *HEAD[1:]), *(cells(row) for row in section.rows)]
    widths = [max(map(wide, column)) for column in zip(*lines, strict=True)]
    body = ["  ".join(padded(cell, width, bool(place)) for place, (cell, width) in
                      enumerate(zip(line, widths, strict=True))) for line in lines]
    return "\n".join([section.title, *("  " + line.rstrip() for line in body),
                      *("  " + note for note in section.notes)])


def wide(text: str) -> int:
    """How many places the text takes."""
    return sum(2 if east_asian_width(each) in "WF" else 1 for each in text)


def padded(text: str, width: int, right: bool) -> str:
    """The text in its column."""
    space = " " * (width - wide(text))
    return space + text if right else text + space


def page(sections: Iterable[Section], size: Size, today: date, server: str) -> str:
    """The page of the documentation."""
    measured = (f"Measured on {today:%Y-%m-%d} with `--size {size.name}`: {size.rounds} rounds after one to warm up, "
                f"{os.cpu_count()} cores, Python {platform.python_version()}, PostgreSQL {server} with fsync on.\n")
    parts = [f"# Performance\n\n{ABOUT}\n{measured}"]
    parts += [chapter(each) for each in sections]
    return "\n".join(parts)


def chapter(section: Section) -> str:
    """One section of the page."""
    lines = [f"## {section.title}\n", f"{section.meaning}\n", markdown_row((section.unit, *HEAD[1:])),
             "|---|" + "---:|" * (len(HEAD) - 1)]
    lines += [markdown_row(cells(row)) for row in section.rows]
    notes = [f"- {note}" for note in section.notes]
    return "\n".join([*lines, *([""] if notes else []), *notes]) + "\n"


def markdown_row(texts: Sequence[str]) -> str:
    """A row of a table."""
    return f"| {' | '.join(texts)} |"
