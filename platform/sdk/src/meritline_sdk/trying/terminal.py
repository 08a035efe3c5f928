"""Text on a terminal: columns that stay aligned in Chinese, and colour only where it is wanted."""

import os
import sys
from collections.abc import Sequence
from typing import IO
from unicodedata import combining, east_asian_width

BOLD, DIM, RED, GREEN, YELLOW = "1", "2", "31", "32", "33"


def width(text: str) -> int:
    """How many columns the text takes."""
    return sum(0 if combining(sign) else 2 if east_asian_width(sign) in "WF" else 1 for sign in text)


def padded(text: str, columns: int, *, right: bool = False) -> str:
    """The text in so many columns."""
    gap = " " * (columns - width(text))
    return gap + text if right else text + gap


def aligned(rows: Sequence[Sequence[str]], right: Sequence[int] = ()) -> list[str]:
    """The rows with their columns under each other; those of ``right`` end under each other."""
    if not rows:
        return []
    widths = [max(width(row[place]) for row in rows) for place in range(len(rows[0]))]
    return ["  ".join(padded(cell, widths[place], right=place in right) for place, cell in enumerate(row)).rstrip()
            for row in rows]


class Paint:
    """Colours, or none: ``NO_COLOR``, a pipe and a dumb terminal get none."""

    def __init__(self, stream: IO[str] | None = None) -> None:
        out = sys.stdout if stream is None else stream
        self.wanted = out.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"

    def __call__(self, code: str, text: str) -> str:
        """The text in the colour."""
        return f"\x1b[{code}m{text}\x1b[0m" if self.wanted and text else text
