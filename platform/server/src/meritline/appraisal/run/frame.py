"""What the steps of one execution share, and the steps that another room brings."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from meritline.appraisal.run.answers import Answers, Functions
from meritline.appraisal.run.parallel import Pool
from meritline.appraisal.run.snapshot import Snapshot
from meritline.appraisal.run.wire import Wire, Write
from meritline.appraisal.store import Cycle, Run
from meritline.db import Connection
from meritline_sdk.evaluate.tallies import Subject

type Clock = Callable[[], datetime]
type Progress = Callable[[int, int, str], Awaitable[None]]
type CardIds = Mapping[str, Mapping[Subject, UUID]]
type PaidBefore = dict[tuple[str, str, str], dict[bytes, bytes]]
"""The ids of reward lines: by scheme, kind of subject and rule, then by the subject's id."""


@dataclass(frozen=True, slots=True)
class Frame:
    """What the steps of one execution share. Whoever reads on ``conn`` settles the ``wire`` before."""

    conn: Connection
    tenant_id: UUID
    cycle: Cycle
    run: Run
    scheme: str | None
    known_at: datetime
    progress: Progress
    functions: Functions | None
    answers: Answers
    pool: Pool | None = None
    wire: Wire = field(default_factory=Wire)
    paid_before: PaidBefore = field(default_factory=dict)
    """Of the lines that the cycle had, once they are taken away."""

    @property
    def earlier(self) -> UUID | None:
        """The run whose results stand for the schemes that this one leaves alone."""
        return self.cycle.run_id if self.scheme is not None else None


@dataclass(frozen=True, slots=True)
class RewardStep:
    """Writes the rewards of a run in the run's unit; the room above this one brings it. ``make_room`` takes away what
    the run gives anew, early, while the database waits for what is being scored; ``write`` gives the digests of all
    reward lines of the cycle as they then stand."""

    make_room: Callable[[Frame], Write]
    write: Callable[[Frame, Snapshot, CardIds], Awaitable[list[str]]]
