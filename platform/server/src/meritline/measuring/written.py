"""Values as text, in order. Decides that a percentile of thousands of values reads one of them.

The state keeps the values of a month sorted and spelt, as the digest of a run tells them: so they come from the
database as one text, and nobody makes numbers of those that nobody looks at.
"""

from collections.abc import Iterator, Sequence
from typing import Any, overload


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
            self._numbers = tuple(map(int, self.text.split(","))) if self.text else ()
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
        length = self._length
        at = place + length if place < 0 else place
        if not 0 <= at < length:
            raise IndexError(place)
        if at * 2 < length:
            return int(self.text.split(",", at + 1)[at])
        return int(self.text.rsplit(",", length - at)[at - length])

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
