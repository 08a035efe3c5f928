"""Texts of computed values that are kept. Decides how many: what every client may fill has an end.

Kept is what is a function of its content alone (``Computed.lasting``): whoever brings the same values gets the same
text, and nobody else's. What the values are is a part of what it is found by, and so is the field that asks.
"""

from collections import OrderedDict
from collections.abc import Callable, Hashable, Sequence
from hashlib import blake2b
from itertools import count
from typing import Any, Final

from meritline.graphql.kit.compiled.slots import Asked

#: The text of a computed value, of the record that holds what it needs.
type Make = Callable[[Any, Asked], str]
MOST_TEXTS: Final = 8192
#: Bytes of all of them, with what they are found by.
MOST_TEXT: Final = 2 * 1024 * 1024


class Texts:
    """The texts that were asked for last. As bytes: a text with one sign beyond Latin-1 takes twice as much. (Not as
    the bytes that orjson gives, which were cut from a larger piece of memory that then has holes.)"""

    def __init__(self) -> None:
        self.kept: OrderedDict[Hashable, bytes] = OrderedDict()
        self.size = 0

    def found(self, known: Hashable) -> bytes | None:
        """The text, if it was made a while ago."""
        there = self.kept.get(known)
        if there is not None:
            self.kept.move_to_end(known)
        return there

    def keep(self, known: Hashable, text: bytes) -> None:
        """Keep it in place of what was longest not asked for."""
        size = room(known, text)
        if known in self.kept or size > MOST_TEXT // 8:
            return
        self.kept[known] = text
        self.size += size
        while len(self.kept) > MOST_TEXTS or self.size > MOST_TEXT:
            self.size -= room(*self.kept.popitem(last=False))


def room(known: Hashable, text: bytes) -> int:
    """How many bytes are kept; of arguments those of their texts, which are no longer than the request was."""
    if known.__class__ is bytes:
        return len(text) + DIGEST
    assert isinstance(known, tuple)
    return len(text) + sum([len(each) for each in known if isinstance(each, str | bytes)])


TEXTS: Final = Texts()
DIGEST: Final = 20
MARKS: Final = count()


def remembered(make: Make, places: Sequence[int], argued: int | None) -> Make:
    """The same, made once for the same values. The language stands in the plan that this is a part of."""
    mark = f"{next(MARKS)}\0"  # of this selection, and of no other ever

    def made(record: Any, asked: Asked) -> str:
        # The values themselves take more room than the text: what they are found by is a digest of all of them.
        values = mark + exactly([record[place] for place in places])
        known: Hashable = blake2b(values.encode(), digest_size=DIGEST).digest()
        if argued is not None and asked.argued[argued]:
            known = (known, *asked.argued[argued].items())
        kept = TEXTS.found(known)
        if kept is not None:
            return kept.decode()
        text = make(record, asked)
        TEXTS.keep(known, text.encode())
        return text

    return made


def exactly(values: Sequence[Any]) -> str:
    """What values are found by: 1.0 and 1.00 are told apart, which are equal. No text of Postgres has a NUL, so that
    several are told apart, too."""
    return "\0".join([f"={each}" if each.__class__ is str else f"{each.__class__.__name__} {each}" for each in values])
