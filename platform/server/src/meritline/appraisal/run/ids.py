"""Ids made before the rows are: a card's lines name it without asking the database which id it got.

They are UUIDs of version 7, as the database makes them: a millisecond, then chance; those made together count up, so
that an index grows at its end.
"""

import secrets
import time
from collections.abc import Sequence
from typing import Final, NamedTuple
from uuid import UUID

MILLISECOND, VERSION, VARIANT = 80, 7 << 76, 2 << 62
CHANCE = 61  # one bit less than there are, so that counting never reaches the bits above


class Span(NamedTuple):
    """All ids from the first to the last."""

    first: UUID
    last: UUID

    @property
    def size(self) -> int:
        """How many they are."""
        return self.last.int - self.first.int + 1


NONE: Final = Span(UUID(int=1), UUID(int=0))


def span_of(made: Sequence[UUID]) -> Span:
    """The span of ids that were made together."""
    return Span(made[0], made[-1]) if made else NONE


def new_ids(count: int) -> list[UUID]:
    """So many ids, in their order."""
    first = first_id()
    return [UUID(int=first + place) for place in range(count)]


def new_id_bytes(count: int) -> list[bytes]:
    """The same, each as its sixteen bytes."""
    first = first_id()
    return [(first + place).to_bytes(16) for place in range(count)]


def first_id() -> int:
    """The first id of some."""
    return (time.time_ns() // 1_000_000 << MILLISECOND | VERSION | secrets.randbits(12) << 64 | VARIANT
            | secrets.randbits(CHANCE))
