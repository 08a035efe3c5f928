"""What the steps of one refresh share, what it comes to, and the step that another room brings."""

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final, NamedTuple, Protocol
from uuid import UUID

from meritline.appraisal.refresh.sums import Exchanged
from meritline.appraisal.run.scoring import Appraisal
from meritline.appraisal.run.snapshot import Snapshot
from meritline.appraisal.store import Cycle, Run
from meritline.db import Connection

TOLD: Final = ("touched", "cards", "lines", "places", "rewards", "input_digest", "result_digest")
FEW: Final = 20
"""Of so many people a refresh reads and writes in few trips."""


class PaidLine(NamedTuple):
    """A reward line as far as it may be another one after a refresh: its digest and that of its steps. Everything else
    of it the rule says."""

    scheme: str
    rule: str
    digest: str
    steps: bytes


type Paid = Mapping[UUID, Set[PaidLine]]
"""What some subjects are paid before the refresh; of whom nothing is known is not there."""


@dataclass(frozen=True, slots=True)
class Amending:
    """A run that is being amended; its cycle and it are held. ``at_once`` says whether what is written of few people
    may wait for what ends the unit."""

    conn: Connection
    tenant_id: UUID
    cycle: Cycle
    run: Run
    known_at: datetime
    paid: Paid
    at_once: bool = False


@dataclass(frozen=True, slots=True)
class Unmoved:
    """What is to be written of few people of one scheme whose places stay: their cards with the digests that these will
    have, the rows, and what was read by place."""

    scheme: str
    cards: Sequence[UUID]
    digests: Sequence[str]
    rows: bytes
    lines: bytes
    read: Sequence[tuple[int, str]]


@dataclass(slots=True)
class Refreshed:
    """How many people changed records concerned, and how many rows differ. ``unmoved`` is written with the end of the
    unit: only then it is known how many lines of it differ."""

    touched: int = 0
    cards: int = 0
    lines: int = 0
    places: int = 0
    rewards: int = 0
    results: Exchanged = field(default=Exchanged(), repr=False)
    inputs: Exchanged = field(default=Exchanged(), repr=False)
    unmoved: Unmoved | None = field(default=None, repr=False)
    input_digest: str | None = None
    result_digest: str | None = None

    def plain(self) -> Mapping[str, Any]:
        """As the job tells it."""
        return {name: getattr(self, name) for name in TOLD}


class AmendRewards(Protocol):
    """Writes the rewards of some people in the unit of the refresh; the room above this one brings it."""

    async def __call__(self, at: Amending, snapshot: Snapshot, appraisal: Appraisal, ids: Mapping[UUID, UUID],
                       ) -> list[tuple[str | None, str | None]]:
        """The digests of the lines that differ, as they were and as they are."""
