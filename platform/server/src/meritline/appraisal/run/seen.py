"""Readings as a text: what a run keeps of everything it read, and how that is read again.

Decides the spelling: a line for each subject in the order of their codes, ``state value|sample`` with a letter for the
state, a capital one where somebody entered the reading without a sample. Five thousand people and twelve indicators are
less than a megabyte, and a text is read from the database faster than rows.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from meritline_sdk.evaluate.quick import Seen
from meritline_sdk.evaluate.readings import FAILED, MEASURED, NOT_MEASURED, SAMPLE_TOO_SMALL, WAIVED

if TYPE_CHECKING:
    from meritline.appraisal.run.scoring import Appraisal

LETTERS: Final = {MEASURED: "m", NOT_MEASURED: "n", SAMPLE_TOO_SMALL: "s", FAILED: "f", WAIVED: "w"}
STATES: Final = {letter: state for state, letter in LETTERS.items()}
BEHIND: Final = "|"
APART: Final = "\t"
"""Between an indicator, whose reading it is and the reading, where those of one subject are kept together."""


def reading_rows(appraisal: "Appraisal") -> Iterator[tuple[str, str, str]]:
    """Each reading that the scheme looks at with those of everybody: indicator, whose it is, the text."""
    rows = [appraisal.cells[who.subject] for who in appraisal.people]
    for place, (key, read_from) in enumerate(appraisal.wanted):
        yield key, read_from, "\n".join([row[place].seen for row in rows])


def spelt(cell: Seen) -> str:
    """One reading."""
    letter = LETTERS[cell.state]
    return f"{letter.upper() if cell.by_hand else letter}{cell.value or ''}{BEHIND}{cell.sample}"


def read_again(text: str, known: dict[str, Seen]) -> list[Seen]:
    """What stands in the text, nothing where nobody was appraised; of equal readings one value, kept in ``known``."""
    lines = text.split("\n") if text else []
    known.update((line, cell_of(line)) for line in set(lines) - known.keys())
    return [known[line] for line in lines]


def cell_of(line: str) -> Seen:
    """One reading again."""
    value, _, sample = line[1:].partition(BEHIND)
    return Seen(STATES[line[0].lower()], value or None, int(sample), line[0].isupper())


__all__ = ["read_again", "reading_rows", "spelt"]
