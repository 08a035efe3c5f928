"""Values as text, in order. Decides that a percentile of thousands of values reads one of them.

Postgres sorts and spells the values, in the state once for all runs, and a run's digest tells them as they are spelt:
so they come from the database as one text, and nobody makes numbers of those that nobody looks at.
"""

from collections.abc import Iterator, Sequence
from typing import Any, Final, overload

import msgspec

NUMBERS: Final = msgspec.json.Decoder(list[int])


class Written(Sequence[int]):
    """Whole numbers in order, as ``1,2,30``; equal to the tuple of them."""

    __slots__ = ("_length", "_numbers", "text")

    def __init__(self, text: str, length: int) -> None:
        self.text, self._length = text, length
        self._numbers: tuple[int, ...] | None = None

    @property
    def numbers(self) -> tuple[int, ...]:
        """All of them."""
        if self._numbers is None:
            self._numbers = tuple(numbers_in(self.text))
        return self._numbers

    def __len__(self) -> int:
        return self._length

    @overload
    def __getitem__(self, place: int) -> int: ...
    @overload
    def __getitem__(self, place: slice) -> Sequence[int]: ...
    def __getitem__(self, place: int | slice) -> int | Sequence[int]:
        if self._numbers is not None or isinstance(place, slice):
            return self.numbers[place]
        at = place + self._length if place < 0 else place
        if not 0 <= at < self._length:
            raise IndexError(place)
        return number_at(self.text, self._length, at)

    def __iter__(self) -> Iterator[int]:
        return iter(self.numbers)

    def __eq__(self, other: Any) -> bool:
        if isinstance(other, Written):
            return self.text == other.text
        return self.numbers == other if isinstance(other, tuple) else NotImplemented

    def __hash__(self) -> int:
        return hash(self.numbers)

    def __repr__(self) -> str:
        return repr(self.numbers)


def number_at(text: str, length: int, at: int) -> int:
    """The number at a place of ``1,2,30``, which is so many numbers; sought from the nearer end."""
    if at * 2 < length:
        return int(text.split(",", at + 1)[at])
    return int(text.rsplit(",", length - at)[at - length])


def numbers_in(text: str) -> list[int]:
    """The whole numbers of ``1,2,30``."""
    return NUMBERS.decode(f"[{text}]")


def written(text: str | None) -> Written | tuple[()]:
    """What the database spelt; of nothing it spells nothing."""
    return Written(text, how_many(text)) if text else ()


def how_many(text: str | None) -> int:
    """How many numbers it spelt."""
    return text.count(",") + 1 if text else 0
