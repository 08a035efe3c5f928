"""The columns of a file. Decides what a column is called, what sort of value it holds, and what is told of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from meritline_sdk.model.text import Text


class Sort(StrEnum):
    """What a column holds; a spreadsheet shows each in its own way."""

    TEXT = "text"
    LONG = "long"
    WHOLE = "whole"
    NUMBER = "number"
    SCORE = "score"
    MONEY = "money"
    READING = "reading"
    FLAG = "flag"


WIDTHS = {Sort.TEXT: 14, Sort.LONG: 70, Sort.WHOLE: 8, Sort.NUMBER: 12, Sort.SCORE: 11, Sort.MONEY: 16,
          Sort.READING: 14, Sort.FLAG: 9}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Column:
    """``key`` names it for programs, ``title`` for people; ``about`` is what the legend says.

    ``translated``: the value is one of our words (a state, a policy), which a person reads in their language.
    ``inside``: only people's spreadsheets leave it out, since it is told in the sheet's own head.
    """

    key: str
    title: Text
    sort: Sort = Sort.TEXT
    about: Text | None = None
    width: int | None = None
    translated: bool = False
    inside: bool = True

    @property
    def shown_width(self) -> int:
        """How wide a spreadsheet shows it, in characters."""
        return self.width or WIDTHS[self.sort]


type Columns = Sequence[Column]
