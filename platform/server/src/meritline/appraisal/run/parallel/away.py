"""What a scoring process answered, in the place of what would have been scored here.

Decides that ranks and rewards cannot tell the difference: what they look at stands in the answer, and what they look at
for a few (a reading that money rests on, the lines of whom nothing was measured) is read and scored here when asked.
"""

import logging
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from functools import partial
from itertools import count
from typing import Final
from uuid import UUID

from meritline.appraisal.run.needs import Need
from meritline.appraisal.run.parallel.work import Done, Heap, Outcome, Task, person_told, told_of_all
from meritline.appraisal.run.readings import SubjectId, records_of, target_of
from meritline.appraisal.run.scoring import NOTHING, Appraisal
from meritline.appraisal.run.snapshot import Snapshot
from meritline.appraisal.run.subjects import Appraised
from meritline.domain.ranking import Card
from meritline.measuring.requests import TallyRequest
from meritline_sdk.evaluate.lines import Carried, ScoredLine
from meritline_sdk.evaluate.readings import Reading
from meritline_sdk.evaluate.scoring import score
from meritline_sdk.evaluate.tallies import Subject
from meritline_sdk.evaluate.totals import Scored
from meritline_sdk.model.indicators import Indicator, indicator_tallies
from meritline_sdk.model.schemes import SubjectKind

NUMBERS: Final = count()
type Shares = Mapping[SubjectId, Mapping[str, Carried]]


class AwayCell:
    """A reading that was made elsewhere: what is kept of it, and the reading itself when somebody asks."""

    __slots__ = ("_read", "seen")

    def __init__(self, seen: str, read: Callable[[], Reading]) -> None:
        self.seen, self._read = seen, read

    @property
    def reading(self) -> Reading:
        """The reading, read here again."""
        return self._read()


class AwayRow(Sequence[AwayCell]):
    """What was read of somebody."""

    __slots__ = ("_read", "_seen")

    def __init__(self, seen: tuple[str, ...], read: Callable[[int], Reading]) -> None:
        self._seen, self._read = seen, read

    def __len__(self) -> int:
        return len(self._seen)

    def __getitem__(self, place: int) -> AwayCell:  # type: ignore[override]
        return AwayCell(self._seen[place], lambda: self._read(place))


class AwayResult:
    """What somebody's card came to, as ``prepared.cards.Result`` has it."""

    __slots__ = ("_plain", "_told")

    def __init__(self, told: Outcome, plain: Callable[[], Scored]) -> None:
        self._told, self._plain = told, plain

    @property
    def score(self) -> Decimal | None:
        """The score."""
        return self._told.score

    @property
    def exact(self) -> Fraction | None:
        """The score before its one rounding."""
        return None if self._told.exact is None else Fraction(*self._told.exact)

    @property
    def grade(self) -> str | None:
        """The grade."""
        return self._told.grade

    @property
    def passed(self) -> bool | None:
        """Whether it is enough."""
        return self._told.passed

    @property
    def state(self) -> str:
        """Whether all was measured."""
        return self._told.state

    @property
    def measured(self) -> Fraction:
        """How much of it was measured."""
        return Fraction(*self._told.measured)

    @property
    def lines(self) -> tuple[ScoredLine, ...]:
        """The lines, scored here again."""
        return self._plain().lines


class Away:
    """One scheme whose people are scored elsewhere."""

    def __init__(self, snapshot: Snapshot, appraisal: Appraisal, period: str, shares: Shares | None) -> None:
        self._appraisal, self._shares, reader = appraisal, shares or {}, appraisal.reader
        self._wanted, self._declarations = appraisal.wanted, appraisal.declarations
        found = {TallyRequest.of(tally, one.parameters): reader.tallies_of(key)[place][1]
                 for key, one in appraisal.indicators.items() if isinstance(one.indicator, Indicator)
                 for place, tally in enumerate(indicator_tallies(one.indicator))}
        self._found = tuple(found.values())
        people = SubjectKind.EMPLOYEE
        others = tuple({subject: some[subject] for subject in some if subject[0] is not people}
                       for some in self._found)
        self.task = Task(next(NUMBERS), period, appraisal.chosen, appraisal.indicators, tuple(found), others,
                         {each: reader.failed[each] for each in found if each in reader.failed}, snapshot.covering,
                         snapshot.ratings, reader.by_hand, reader.scores, self._shares, reader.company, reader.window)

    def heap(self, people: Sequence[Appraised], ids: Mapping[Subject, UUID]) -> Heap:
        """Some of the people, as a process is told of them."""
        held = [(who.subject.kind, who.records) for who in people]
        return Heap(self.task.number, tuple([person_told(who) for who in people]),
                    tuple([ids[who.subject].bytes for who in people]),
                    tuple([tuple(told_of_all(some, held)) for some in self._found]))

    def take(self, people: Sequence[Appraised], done: Done) -> bytes:
        """File what was answered of them; the rows of their lines."""
        appraisal = self._appraisal
        for who, one in zip(people, done.outcomes, strict=True):
            subject = who.subject
            appraisal.halves[subject], appraisal.tallied[subject] = one.half, one.tallied
            appraisal.cells[subject] = AwayRow(one.seen, partial(self.reading, who))
            result = AwayResult(one, partial(self.scored, who))
            appraisal.cards[subject] = Card(subject, result, who.department_code, one.sample)
        for key, targets in done.failures.items():
            appraisal.reader.failures.setdefault(key, set()).update(targets)
        for name, level, words in done.logged:
            logging.getLogger(name).log(level, "%s", words)
        return done.lines

    def reading(self, who: Appraised, place: int) -> Reading:
        """One reading of somebody."""
        return self._read(who, self._wanted[place])

    def scored(self, who: Appraised) -> Scored:
        """Somebody's card with its lines, as the plain way scores it."""
        scheme = self._appraisal.chosen.scheme
        return score(scheme, {need: self._read(who, need) for need in self._wanted}, self._declarations,
                     self._shares.get((who.subject.kind, who.id), NOTHING))

    def _read(self, who: Appraised, need: Need) -> Reading:
        reader = self._appraisal.reader
        return reader.of(self._appraisal.chosen.scheme.key, need[0], target_of(who, need[1], reader.company),
                         records_of(who, need[1], reader.company))
