"""Texts of computed values that are kept. Decides how many: what every client may fill has an end.

Kept is what is a function of its content alone (``Computed.lasting``): whoever brings the same values gets the same
text, and nobody else's. What the values are is a part of what it is found by, and so is the field that asks.
"""

from collections import OrderedDict
from collections.abc import Callable, Hashable, Sequence
from hashlib import blake2b
from typing import Any, Final

from meritline.graphql.kit.compiled.slots import Asked

#: The text of a computed value, of the record that holds what it needs.
type Make = Callable[[Any, Asked], str]
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
        size = len(text) + sum([len(each) for each in known if each.__class__ is str])  # type: ignore[arg-type]
        if known in self.kept or size > MOST_TEXT // 8:
            return
        self.kept[known] = text, size
        self.size += size
        while len(self.kept) > MOST_TEXTS or self.size > MOST_TEXT:
            _, (_, gone) = self.kept.popitem(last=False)
            self.size -= gone


TEXTS: Final = Texts()


def remembered(make: Make, places: Sequence[int], argued: int | None) -> Make:
    """The same, made once for the same values. The language stands in the plan that this is a part of."""
    mark = object()  # of this selection: kept with its texts, so that no other takes its identity

    def made(record: Any, asked: Asked) -> str:
        # The values themselves take more room than the text: what they are found by is a digest of all of them.
        values = "\0".join([exactly(record[place]) for place in places])
        known = (mark, blake2b(values.encode(), digest_size=20).digest(),
                 *(() if argued is None else asked.argued[argued].items()))  # fmt: skip
        text = TEXTS.found(known)
        if text is None:
            text = make(record, asked)
            TEXTS.keep(known, text)
        return text

    return made


def exactly(value: Any) -> str:
    """What a value is found by: 1.0 and 1.00 are told apart, which are equal. No text of Postgres has a NUL, so that
    several are told apart, too."""
    return f"={value}" if value.__class__ is str else f"{value.__class__.__name__} {value}"
