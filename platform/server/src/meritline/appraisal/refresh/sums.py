"""The digests of a run as sums. Decides that a refresh takes out what no longer stands and adds what now does."""

from collections.abc import Iterable
from dataclasses import dataclass

from meritline.domain.digest import closed, kept, summed


@dataclass(frozen=True, slots=True)
class Exchanged:
    """What to add to a sum of digests for what went and what came."""

    difference: int = 0

    def __add__(self, other: "Exchanged") -> "Exchanged":
        return Exchanged(self.difference + other.difference)


def exchanged(pairs: Iterable[tuple[str | None, str | None]]) -> Exchanged:
    """From digests as they were, with what they are now; None where there was none, or is none any more."""
    changed = [(one, other) for one, other in pairs if one != other]
    return Exchanged(summed(other for _, other in changed if other is not None)
                     - summed(one for one, _ in changed if one is not None))


def after(before: bytes, exchange: Exchanged) -> tuple[int, str, bytes]:
    """The sum after the exchange, its digest, and how it is kept."""
    total = int.from_bytes(before) + exchange.difference
    return total, closed(total), kept(total)
