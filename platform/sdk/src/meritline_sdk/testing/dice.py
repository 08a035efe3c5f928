"""Many small choices from a few draws of Hypothesis, each of which takes far longer than what is made of it.

A roll makes a value from dice, and a strategy rolls with dice that draw blocks of bytes. What fails is shrunk to small
bytes, which is the first of each choice, so the plain ones stand first.
"""

from collections.abc import Callable, Sequence
from functools import cache
from typing import Any

from hypothesis import strategies as st

type Roll[T] = Callable[["Dice"], T]


class Dice:
    """Choices from blocks of so many bytes, drawn when they are needed; called with a roll they give what it makes."""

    def __init__(self, draw: st.DrawFn, size: int) -> None:
        self.draw, self.size = draw, size
        self.block, self.at = b"", 0

    def __call__[T](self, roll: Roll[T]) -> T:
        return roll(self)

    def below(self, count: int) -> int:
        """A number from 0 on, less than ``count``."""
        width = 2 if count <= 256 else 4
        if self.at + width > len(self.block):
            self.block, self.at = self.draw(blocks(self.size)), 0
        self.at += width
        return int.from_bytes(self.block[self.at - width:self.at]) % count

    def between(self, low: int, high: int) -> int:
        """A number of the range; either end comes often."""
        end = self.below(32)
        return low if end == 1 else high if end == 2 else low + self.below(high - low + 1)

    def choice[T](self, among: Sequence[T]) -> T:
        """One of them."""
        return among[self.below(len(among))]


@cache
def blocks(size: int) -> st.SearchStrategy[bytes]:
    """Blocks of bytes."""
    return st.binary(min_size=size, max_size=size)


@st.composite
def rolled(draw: st.DrawFn, roll: Roll[Any], size: int) -> Any:
    """What the roll makes; ``size``: the bytes that it often takes."""
    return roll(Dice(draw, size))
