"""What a benchmark run found, as a table on the terminal and as the page platform/docs/performance.md.

Decides that a ratio leads and that nothing of the machine is told but how many cores it has.
"""

import os
import platform
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from unicodedata import east_asian_width

from tests.bench.goals import Reached, verdicts
from tests.bench.rounds import Figures
from tests.bench.sizes import Size

HEAD = ("", "median", "from", "to", "ratio", "from", "to")
UNEXPLAINED = "not profiled; run `make bench ARGS=--profile`"
GOAL_HEAD = ("floor", "goal", "measured", "from, to", "reached")
GOALS_ABOUT = """\
The *floor* must be passed, the *goal* is what is aimed at; *measured* is the median of the ratios. What is behind each
stands in the sections below.
"""
EXCUSES_ABOUT = """\
Shares of processor time by cProfile, and the statements that Postgres worked on longest. A profile slows small
functions more than large ones: read it as an order.
"""
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
    """One benchmark. ``meaning`` says what its figures are, ``notes`` what else was seen; ``found`` are the ratios that
    goals ask for, and ``why`` says for these where the time goes.
    """

    title: str
    unit: str
    meaning: str
    rows: tuple[Row, ...]
    notes: tuple[str, ...] = ()
    found: Mapping[str, Figures] = field(default_factory=dict)
    why: Mapping[str, str] = field(default_factory=dict)


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
    body = aligned([(section.unit, *HEAD[1:]), *(cells(row) for row in section.rows)])
    return "\n".join([section.title, *("  " + line for line in body), *("  " + note for note in section.notes),
                      *(f"  why {key}: {text}" for key, text in section.why.items())])


def aligned(lines: Sequence[Sequence[str]]) -> list[str]:
    """The cells in columns."""
    widths = [max(map(wide, column)) for column in zip(*lines, strict=True)]
    return ["  ".join(padded(cell, width, bool(place)) for place, (cell, width) in
                      enumerate(zip(line, widths, strict=True))).rstrip() for line in lines]


def wide(text: str) -> int:
    """How many places the text takes."""
    return sum(2 if east_asian_width(each) in "WF" else 1 for each in text)


def padded(text: str, width: int, right: bool) -> str:
    """The text in its column."""
    space = " " * (width - wide(text))
    return space + text if right else text + space


def summary(sections: Sequence[Section], *, everything: bool = True) -> list[tuple[str, ...]]:
    """The figures that must be reached: what, floor, goal, measured, reached; only the measured ones, or all."""
    found = {key: figures for each in sections for key, figures in each.found.items()}
    return [
        (goal.what, bound(goal.floor, goal.more), bound(goal.goal, goal.more), *measured(figures), str(reached))
        for goal, figures, reached in verdicts(found)
        if everything or figures is not None
    ]


def bound(figure: float, more: bool) -> str:
    """A figure that must be reached."""
    return f"{'≥' if more else '≤'} {figure:g}x"


def measured(figures: Figures | None) -> tuple[str, str]:
    """The median, and the least and greatest."""
    if figures is None:
        return "", ""
    return times(figures.median), f"{times(figures.least)} to {times(figures.most)}"


def verdict(sections: Sequence[Section]) -> str:
    """The figures that must be reached, for a terminal."""
    lines = [("", *GOAL_HEAD), *summary(sections, everything=False)]
    return "\n".join(aligned(lines)) if len(lines) > 1 else ""


def page(sections: Sequence[Section], size: Size, today: date, server: str) -> str:
    """The page of the documentation."""
    shown_at = (f"Measured on {today:%Y-%m-%d} with `--size {size.name}`: {size.rounds} rounds after one to warm up, "
                f"{os.cpu_count()} cores, Python {platform.python_version()}, PostgreSQL {server} with fsync on.\n")
    goals = [markdown_row(("", *GOAL_HEAD)), "|---|" + "---:|" * len(GOAL_HEAD), *map(markdown_row, summary(sections))]
    parts = [f"# Performance\n\n{ABOUT}\n{shown_at}", titled("What must be reached", GOALS_ABOUT, goals)]
    if reasons := excuses(sections):
        parts.append(titled("Where the time goes, of what is not reached", EXCUSES_ABOUT, reasons))
    return "\n".join([*parts, *(chapter(each) for each in sections)])


def titled(title: str, about: str, lines: Sequence[str]) -> str:
    """A chapter of lines."""
    return "\n".join([f"## {title}\n", about, *lines]) + "\n"


def excuses(sections: Sequence[Section]) -> list[str]:
    """Where the time goes, for every goal that was measured and not reached."""
    found = {key: figures for each in sections for key, figures in each.found.items()}
    why = {key: text for each in sections for key, text in each.why.items()}
    missed = [goal for goal, figures, reached in verdicts(found) if figures and reached is not Reached.GOAL]
    by_reason: dict[str, list[str]] = {}
    for goal in missed:
        by_reason.setdefault(why.get(goal.key, UNEXPLAINED), []).append(goal.what)
    return [f"- **{'; '.join(each)}**: {reason}" for reason, each in by_reason.items()]


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
