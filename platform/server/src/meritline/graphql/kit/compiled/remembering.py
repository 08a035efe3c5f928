"""Texts of computed values that are kept. Decides how many: what every client may fill has an end.

Kept is what is a function of its content alone (``Computed.lasting``): whoever brings the same values gets the same
text, and nobody else's. What the values are is a part of what it is found by, and so is the field that asks. A text is
kept when it is made for the second time: most come once, and neither take the place of what comes again and again, nor
cost what it takes to keep them.
"""

from array import array
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
#: Of how many values is known that they came once.
MOST_SEEN: Final = 16384
DIGEST: Final = 20
MARKS: Final = count()


class Texts:
    """The texts that were asked for last, by a sign of what they are made of, each with what they are found by. As
    bytes: a text with one sign beyond Latin-1 takes twice as much. (Not as the bytes that orjson gives, which were cut
    from a larger piece of memory that then has holes.)"""

    def __init__(self) -> None:
        self.kept: OrderedDict[int, tuple[Hashable, bytes]] = OrderedDict()
        self.size = 0
        self.seen = array("q", bytes(8 * MOST_SEEN))

    def found(self, sign: int, known: Hashable) -> bytes | None:
        """The text, if it was kept; two that have one sign are told apart."""
        there = self.kept.get(sign)
        if there is None or there[0] != known:
            return None
        self.kept.move_to_end(sign)
        return there[1]

    def again(self, sign: int) -> bool:
        """Whether what has this sign came a while ago, which it has from now on."""
        place = sign % MOST_SEEN
        before, self.seen[place] = self.seen[place], sign
        return before == sign

    def keep(self, sign: int, known: Hashable, text: bytes) -> None:
        """Keep it in place of what was longest not asked for."""
        size = room(known, text)
        if sign in self.kept or size > MOST_TEXT // 8:
            return
        self.kept[sign] = known, text
        self.size += size
        while len(self.kept) > MOST_TEXTS or self.size > MOST_TEXT:
            self.size -= room(*self.kept.popitem(last=False)[1])


def room(known: Hashable, text: bytes) -> int:
    """How many bytes are kept; of arguments those of their texts, which are no longer than the request was."""
    if known.__class__ is bytes:
        return len(text) + DIGEST
    assert isinstance(known, tuple)
    return len(text) + sum([len(each) for each in known if isinstance(each, str | bytes)])


TEXTS: Final = Texts()


def remembered(make: Make, places: Sequence[int], argued: int | None) -> Make:
    """The same, made once or twice for the same values. The language stands in the plan that this is a part of."""
    mark = next(MARKS)  # of this selection, and of no other ever

    def made(record: Any, asked: Asked) -> str:
        values = [record[place] for place in places]
        given = () if argued is None else tuple(asked.argued[argued].items())
        sign = hash((mark, *values, *given))
        if sign in TEXTS.kept and (kept := TEXTS.found(sign, found_by(mark, values, given))) is not None:
            return kept.decode()
        text = make(record, asked)
        if TEXTS.again(sign):
            TEXTS.keep(sign, found_by(mark, values, given), text.encode())
        return text

    return made


def found_by(mark: int, values: Sequence[Any], given: tuple[Hashable, ...]) -> Hashable:
    """What a text is found by. The values themselves take more room than the text: they are told by their digest."""
    digest = blake2b(f"{mark}\0{exactly(values)}".encode(), digest_size=DIGEST).digest()
    return (digest, *given) if given else digest


def exactly(values: Sequence[Any]) -> str:
    """What values are known by: 1.0 and 1.00 are told apart, which are equal. No text of Postgres has a NUL, so that
    several are told apart, too."""
    return "\0".join([f"={each}" if each.__class__ is str else f"{each.__class__.__name__} {each}" for each in values])
