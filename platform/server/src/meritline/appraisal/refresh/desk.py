"""A cycle made ready for refreshes: statements, readers and scorers stand, and are asked for a few people at a time.

Decides that what is ready is used by one refresh after another, each of which holds the cycle; what the one before it
found is forgotten first. What was delivered is as it was when the run was made: a refresh makes sure of that.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, Self
from uuid import UUID

from meritline.appraisal.refresh.standing import NeedsRun
from meritline.appraisal.run.readings import Reader, SubjectId
from meritline.appraisal.run.scoring import Appraisal
from meritline.appraisal.run.snapshot import Basis, Covering, Snapshot
from meritline.appraisal.run.subjects import Appraised
from meritline.db import Connection
from meritline.measuring.again import Again, Rows
from meritline.measuring.attempts import OWN_DEFINITION, OWN_STATEMENT, TOO_LARGE
from meritline.measuring.columns import Columns
from meritline.measuring.requests import TallyRequest
from meritline.measuring.store import Found
from meritline_sdk.evaluate.tallies import Tallied
from meritline_sdk.model.measures import OF_NO_RECORDS, Tally

type Subjects = Mapping[SubjectId, Tallied]

NOBODY: Final[Subjects] = {}
MOST: Final = 1_000
"""After so many refreshes it is made anew: what it remembers of readings grows."""


@dataclass(slots=True)
class Desk:
    """A basis with what was made from it; ``covering`` is what was delivered for each tally. Readers look into what was
    ``found``, which is other people's from one refresh to the next."""

    basis: Basis
    covering: Covering
    again: Again
    found: dict[TallyRequest, Subjects] = field(default_factory=dict)
    readers: list[Reader] = field(default_factory=list)
    appraisals: tuple[Appraisal, ...] = ()
    asked: int = field(default=0)

    @classmethod
    def of(cls, basis: Basis, covering: Covering) -> Self:
        """What records are asked by; all else once it is known in which form they come."""
        return cls(basis, covering, Again.of(basis.tenant_id, basis.requests, basis.back, basis.memberships,
                                             basis.calendar.clock(basis.window)))

    def lay(self, found: Found) -> None:
        """Have the readers look into what was found now: where it comes in the same form, they need not be made."""
        now = {one: found.get(one, NOBODY) for one in self.basis.requests}
        if self.readers and all(renewed(self.found[one], subjects) for one, subjects in now.items()):
            for reader in self.readers:
                reader.forget()
        else:
            self.found = {one: subjects if isinstance(subjects, Columns) else dict(subjects)
                          for one, subjects in now.items()}
            self.make()

    def make(self) -> None:
        """Make readers and scorers."""
        basis, states = self.basis, {(earlier, record): state for earlier, record, state in self.covering}

        def covered(tally: Tally) -> bool | None:
            return True if tally.how in OF_NO_RECORDS else states[tally.earlier, tally.record]

        appraisals = dict[str, Appraisal]()
        self.readers.clear()
        for edition in basis.editions:
            self.readers.append(Reader(edition.indicators, self.found, basis.ratings, covered, basis.tenant_id,
                                       window=basis.window, by_hand=basis.by_hand, scores=basis.earlier.scores))
            for each in edition.schemes:
                made = appraisals[each.scheme.key] = Appraisal(each, ())
                made.reads(edition.indicators, self.readers[-1])
        self.appraisals = tuple(appraisals[each.scheme.key] for each in basis.schemes)

    async def read(self, conn: Connection, some: Collection[UUID], ahead: Sequence[Rows] = ()) -> Snapshot:
        """Read the records of some employees, by their newest versions, but for what was read ahead; nobody else is
        appraised."""
        self.asked += 1
        try:  # what fails here ends the unit, so no savepoint is needed
            found = await self.again.tallied(conn, some, ahead)
        except (*TOO_LARGE, *OWN_STATEMENT, *OWN_DEFINITION) as error:
            raise NeedsRun("E-REFRESH-FAILED", field="indicator", value="—", period=self.basis.window.period) from error
        self.lay(found)
        for each in self.appraisals:
            each.anew(self.chosen(each.chosen.scheme.key, some))
        basis = self.basis
        return Snapshot(basis.profile, basis.calendar, basis.roster, self.appraisals, basis.ratings,
                        delivered_of(self.covering), basis.names, basis.earlier, basis.window, self.covering)

    def chosen(self, scheme: str, some: Collection[UUID]) -> tuple[Appraised, ...]:
        """Those of a scheme's people who are meant, in their order."""
        people, places = self.basis.people[scheme], self.basis.places[scheme]
        return tuple(people[place] for place in sorted(places[who] for who in some if who in places))


def delivered_of(covering: Covering) -> tuple[tuple[int, str], ...]:
    """What was delivered in full."""
    return tuple((earlier, record) for earlier, record, state in covering if state)


def renewed(kept: Subjects, now: Subjects) -> bool:
    """Whether what is kept could become what was found now."""
    if isinstance(kept, Columns):
        return kept.renew(now)
    assert isinstance(kept, dict)
    kept.clear()
    kept.update(now)
    return True
