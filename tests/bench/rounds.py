"""Measuring side by side. Decides that variants alternate in one run and are compared by their medians.

One machine is never quiet for long; what happens to it happens to both variants of a round. So a ratio is worth
something where seconds are not. The first round of each variant warms caches and connections and is thrown away.
"""

import random
import statistics
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Self

type Act = Callable[[int], Awaitable[float]]
"""Does its work for the round of that number and says what it measured; its preparations are not in it."""

WARM_UP = 0


@dataclass(frozen=True, slots=True)
class Figures:
    """What one variant measured, one figure per round."""

    values: tuple[float, ...]

    @property
    def median(self) -> float:
        """The figure in the middle."""
        return statistics.median(self.values)

    @property
    def least(self) -> float:
        """The smallest."""
        return min(self.values)

    @property
    def most(self) -> float:
        """The largest."""
        return max(self.values)

    def per(self, base: Self) -> Self:
        """The figures of each round as multiples of the other variant's in the same round."""
        return type(self)(tuple(mine / other for mine, other in zip(self.values, base.values, strict=True)))


async def alternate(variants: Mapping[str, Act], rounds: int, tell: Callable[[str], None]) -> dict[str, Figures]:
    """Run every variant once per round, in an order that changes from round to round."""
    found: dict[str, list[float]] = {name: [] for name in variants}
    order = random.Random(1)
    for number in range(WARM_UP, rounds + 1):
        for name in order.sample(list(variants), len(variants)):
            figure = await variants[name](number)
            label = "warming up" if number == WARM_UP else f"round {number} of {rounds}"
            tell(f"{label}: {name} {figure:,.3f}")
            if number != WARM_UP:
                found[name].append(figure)
    return {name: Figures(tuple(values)) for name, values in found.items()}
