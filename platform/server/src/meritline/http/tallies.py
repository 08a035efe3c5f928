"""What is counted while requests are answered. Decides that counting costs next to nothing.

One loop counts and one loop reads, so there is nothing to lock; the library that writes what was counted for
Prometheus is loaded when a page of it is asked for (``exposition``).
"""

from bisect import bisect_left
from collections import defaultdict
from dataclasses import dataclass, field


@dataclass(slots=True)
class Counts:
    """A counter: how often, by the values of its labels."""

    name: str
    about: str
    labels: tuple[str, ...] = ()
    found: dict[tuple[str, ...], int] = field(default_factory=lambda: defaultdict(int))

    def add(self, *values: str, by: int = 1) -> None:
        """Count."""
        self.found[values] += by


@dataclass(slots=True)
class Spans:
    """A histogram of seconds by the value of its one label. Of each value: a count for each bucket, the last for what
    is longer, and their sum."""

    name: str
    about: str
    label: str
    buckets: tuple[float, ...]
    found: dict[str, tuple[list[int], list[float]]] = field(default_factory=dict)

    def add(self, value: str, seconds: float) -> None:
        """Count a span."""
        kept = self.found.get(value)
        if kept is None:
            kept = self.found[value] = ([0] * (len(self.buckets) + 1), [0.0])
        counts, total = kept
        counts[bisect_left(self.buckets, seconds)] += 1
        total[0] += seconds


@dataclass(slots=True)
class Level:
    """A gauge: how many now."""

    name: str
    about: str
    now: float = 0


@dataclass(slots=True)
class Levels:
    """Gauges by the value of their one label."""

    name: str
    about: str
    label: str
    now: dict[str, float] = field(default_factory=dict)


type Instrument = Counts | Spans | Level | Levels
