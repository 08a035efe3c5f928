"""What a refresh need not read again: people, schemes and definitions as this process read them last.

Decides when it may be used. Every change of them is told in the audit chain, so what was read when the chain was as
long as the run saw it, or longer, still holds where nothing but harmless entries came after the run.
"""

from collections import OrderedDict
from dataclasses import dataclass, field
from typing import Final, NamedTuple
from uuid import UUID

from meritline.appraisal.refresh.desk import MOST, Desk
from meritline.appraisal.run.snapshot import Basis, Covering
from meritline.measuring.again import Again

CYCLES: Final = 8
"""Cycles whose people and definitions are kept; five thousand people take some megabytes."""


class Last(NamedTuple):
    """A basis that may still hold; of which run, and up to which entry, the chain was looked through for it; and what
    its records are read by, if that was made."""

    basis: Basis
    seen: tuple[UUID, int] | None
    again: Again | None


@dataclass(slots=True)
class Kept:
    """The bases of some cycles, each with the length of the audit chain when it was read; their desks; and up to where
    the chain was looked through, since thousands of corrections after a run are as many entries."""

    _found: OrderedDict[UUID, tuple[int, Basis]] = field(default_factory=OrderedDict)
    _desks: dict[UUID, Desk] = field(default_factory=dict)
    _seen: dict[UUID, tuple[UUID, Basis, int]] = field(default_factory=dict)

    def get(self, cycle_id: UUID, number: int) -> Basis | None:
        """The basis, if it was read when the chain had this entry already."""
        found = self._found.get(cycle_id)
        if found is None or found[0] < number:
            return None
        self._found.move_to_end(cycle_id)
        return found[1]

    def last(self, cycle_id: UUID) -> Last | None:
        """The basis of the cycle, if there is any, old or not."""
        if cycle_id not in self._found:
            return None
        _, basis = self._found[cycle_id]
        run, by, number = self._seen.get(cycle_id, (None, None, 0))
        desk = self._desks.get(cycle_id)
        return Last(basis, (run, number) if run is not None and by is basis else None,
                    desk.again if desk is not None and desk.basis is basis else None)

    def put(self, cycle_id: UUID, number: int, basis: Basis) -> None:
        """Keep it; the one that nobody asked for longest goes."""
        self._found[cycle_id] = number, basis
        self._found.move_to_end(cycle_id)
        while len(self._found) > CYCLES:
            gone, _ = self._found.popitem(last=False)
            self._desks.pop(gone, None)
            self._seen.pop(gone, None)

    def seen(self, cycle_id: UUID, run_id: UUID, basis: Basis) -> int:
        """Up to which entry the chain was found to tell of nothing that changes this run."""
        run, by, number = self._seen.get(cycle_id, (None, None, 0))
        return number if run == run_id and by is basis else 0

    def saw(self, cycle_id: UUID, run_id: UUID, basis: Basis, number: int) -> None:
        """The chain was looked through up to this entry."""
        self._seen[cycle_id] = run_id, basis, number

    def desk(self, cycle_id: UUID, basis: Basis, covering: Covering) -> Desk:
        """The basis made ready."""
        found = self._desks.get(cycle_id)
        if found is None or found.basis is not basis or found.covering != covering or found.asked >= MOST:
            found = self._desks[cycle_id] = Desk.of(basis, covering)
        return found
