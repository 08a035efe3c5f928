"""Where the cells of a measure stand in a row of the state. Decides the shape that building and reading agree on.

A row has a count for every measure, a sum for every one that adds up, and all values of those that collect them: of a
day one after the other, how many there are of each its count says; of a month sorted and spelt, a text for each.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from meritline.measuring.heaps import NOTHING, Cell
from meritline.measuring.written import Written

MOST_VALUES: Final = 50_000
"""Rows with more values than that are not kept: a subject who has them is read from the records."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where one measure stands: its count, its sum or none, which of those that collect values it is, and the counts of
    whose values come before its own."""

    how: str
    count: int
    sum: int = -1
    values: int = -1
    before: tuple[int, ...] = ()

    def cell(self, counts: Sequence[int], sums: Sequence[Any], values: Sequence[int] | None) -> Cell:
        """What the row of a day has for the measure."""
        if (known := self.without_values(counts, sums)) is not None:
            return known
        assert values is not None
        found, start = counts[self.count], sum(counts[each] for each in self.before)
        return found, None, list(values[start : start + found])

    def of_month(self, counts: Sequence[int], sums: Sequence[Any], values: Sequence[str] | None) -> Cell:
        """What the row of a month has for the measure."""
        if (known := self.without_values(counts, sums)) is not None:
            return known
        assert values is not None
        return counts[self.count], None, Written(values[self.values], counts[self.count])

    def without_values(self, counts: Sequence[int], sums: Sequence[Any]) -> Cell | None:
        """The same where it is no values; None where it is."""
        found = counts[self.count]
        if not found:
            return NOTHING
        if self.how == "count":
            return found, found, None
        return (found, sums[self.sum], None) if self.how == "sum" else None


def places(hows: Iterable[str]) -> tuple[Place, ...]:
    """The place of every measure, in their order."""
    found: list[Place] = []
    sums, collected = 0, list[int]()
    for count, how in enumerate(hows):
        match how:
            case "count":
                found.append(Place("count", count))
            case "sum":
                found.append(Place("sum", count, sums))
                sums += 1
            case _:
                found.append(Place(how, count, values=len(collected), before=tuple(collected)))
                collected.append(count)
    return tuple(found)
