"""Texts of computed values that are kept. Decides how many: what every client may fill has an end.

Kept is what is a function of its content alone (``Computed.lasting``): whoever brings the same values gets the same
text, and nobody else's. What the values are is a part of what it is found by, and so is the field that asks.
"""

from collections import OrderedDict
from collections.abc import Hashable
from typing import Final

MOST_TEXTS: Final = 4096
#: Characters of all of them, with what they are found by.
MOST_TEXT: Final = 1024 * 1024


class Texts:
    """The texts that were asked for last."""

    def __init__(self) -> None:
        self.kept: OrderedDict[tuple[Hashable, ...], tuple[str, int]] = OrderedDict()
        self.size = 0

    def found(self, known: tuple[Hashable, ...]) -> str | None:
        """The text, if it was made a while ago."""
        there = self.kept.get(known)
        if there is None:
            return None
        self.kept.move_to_end(known)
        return there[0]

    def keep(self, known: tuple[Hashable, ...], text: str) -> None:
        """Keep it in place of what was longest not asked for."""
        size = len(text) + sum(len(each) for each in known if isinstance(each, str))
        if known in self.kept or size > MOST_TEXT // 8:
            return
        self.kept[known] = text, size
        self.size += size
        while len(self.kept) > MOST_TEXTS or self.size > MOST_TEXT:
            _, (_, gone) = self.kept.popitem(last=False)
            self.size -= gone


TEXTS: Final = Texts()
