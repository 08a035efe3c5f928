"""From what was tallied, rated and entered to readings. Decides whose numbers a line reads, and what fails with what.

``own`` is the subject itself, ``department`` the department it stands in (a department is its own), ``company`` the
company. Where there is no such department there is no reading, which is not zero. A figure that somebody entered stands
instead of what the records give. Where a tally of an indicator failed, its readings failed, and no others. Whoever has
only some days of the period under the scheme is read by the records of these days.
"""

import logging
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final
from uuid import UUID

from meritline.appraisal.definitions import TenantIndicator
from meritline.appraisal.figures.readings import Figures, read_from_figure
from meritline.appraisal.figures.values import Figure
from meritline.appraisal.rated import rated_of
from meritline.appraisal.run.asides import Told
from meritline.appraisal.run.earlier import Scores
from meritline.appraisal.run.needs import Need
from meritline.appraisal.run.subjects import Appraised
from meritline.measuring.attempts import BROKEN, OVERFLOW
from meritline.measuring.requests import TallyRequest
from meritline.plugins.processes import Failure
from meritline_sdk.evaluate.ratings import Rating
from meritline_sdk.evaluate.readings import FAILED, NOT_MEASURED, Covered, Reading, rated, read
from meritline_sdk.evaluate.results import NOT_ASKED
from meritline_sdk.evaluate.tallies import NOTHING, Tallied
from meritline_sdk.evaluate.windows import Window
from meritline_sdk.model.indicators import Indicator, indicator_tallies
from meritline_sdk.model.measures import Tally
from meritline_sdk.model.schemes import OWN, SubjectKind

log = logging.getLogger(__name__)

MOST: Final = 10**18
"""What a score line can hold; a larger reading failed."""

type SubjectId = tuple[SubjectKind, UUID]
type Found = Mapping[TallyRequest, Mapping[SubjectId, Tallied]]
type Ratings = Mapping[tuple[str, str, SubjectId], Sequence[Rating]]
"""What was given, by scheme, indicator and subject."""


def target_of(who: Appraised, read_from: str, company: UUID) -> SubjectId | None:
    """Whose reading it is."""
    if read_from == OWN:
        return who.subject.kind, who.id
    if read_from == "company":
        return SubjectKind.COMPANY, company
    return None if who.department_id is None else (SubjectKind.DEPARTMENT, who.department_id)


def records_of(who: Appraised, read_from: str, company: UUID) -> SubjectId | None:
    """Under which id the records of the reading are tallied."""
    return (who.subject.kind, who.records) if read_from == OWN else target_of(who, read_from, company)


class Tallies(Mapping[Tally, Tallied]):
    """What an indicator's tallies found for one subject. The hash of a tally walks its whole expression, and an
    indicator has one or two: it is quicker to look whether it is the very same."""

    __slots__ = ("_found", "_target")

    def __init__(self, found: Sequence[tuple[Tally, Mapping[SubjectId, Tallied]]], target: SubjectId) -> None:
        self._found, self._target = found, target

    def __getitem__(self, tally: Tally) -> Tallied:
        for known, subjects in self._found:
            if known is tally:
                return subjects.get(self._target, NOTHING)
        for known, subjects in self._found:
            if known == tally:
                return subjects.get(self._target, NOTHING)
        raise KeyError(tally)

    def __iter__(self) -> Iterator[Tally]:
        return (tally for tally, _ in self._found)

    def __len__(self) -> int:
        return len(self._found)


@dataclass(frozen=True, slots=True)
class ByHand:
    """What people entered, and the zone in which their days are told."""

    figures: Figures = field(default_factory=dict)
    zone: str = "UTC"


NOTHING_BY_HAND = ByHand()
NO_DEPARTMENT, NO_RATINGS = (Reading(NOT_MEASURED, reason=why) for why in ("no_department", "no_ratings"))


class Reader:
    """Reads each indicator once for each subject. ``failures`` are the readings that failed, by indicator and reason,
    ``told`` what was said of the first; ``answers`` is what Python functions said, by indicator and whose records they
    got."""

    def __init__(self, indicators: Mapping[str, TenantIndicator], found: Found, ratings: Ratings, covered: Covered,
                 company: UUID, *, window: Window | None = None, by_hand: ByHand = NOTHING_BY_HAND,
                 failed: Mapping[TallyRequest, str] | None = None, scores: Scores | None = None) -> None:
        self._indicators = indicators
        self.by_hand, self.window, self.failed = by_hand, window, failed or {}
        self._broken = {key: reason for key, one in indicators.items() if (reason := why_broken(one, failed or {}))}
        self.failures: dict[tuple[str, str], set[SubjectId]] = {}
        self.told: dict[tuple[str, str], str] = {}
        self.answers: dict[str, dict[SubjectId, Reading | Failure]] = {}
        self._ratings = ratings
        self.scores = scores or Scores()
        self._rated = rated_of(indicators)
        self._covered = covered
        self.company = company
        self._found = {key: found_for(one, found) for key, one in indicators.items()}
        self._told = {key: Told(one, one.indicator, window) for key, one in indicators.items()
                      if isinstance(one.indicator, Indicator)}
        self._measured: dict[str, dict[SubjectId, Reading]] = {key: {} for key in indicators}

    def forget(self) -> None:
        """Read anew whatever is asked for from now on: the tallies are others."""
        self.failures.clear()
        self.told.clear()
        self.answers.clear()
        for known in self._measured.values():
            known.clear()

    def all_of(self, scheme: str, who: Appraised, wanted: Sequence[Need]) -> dict[Need, Reading]:
        """What scoring and rewarding of this subject look at."""
        return {need: self.of(scheme, need[0], target_of(who, need[1], self.company),
                              records_of(who, need[1], self.company)) for need in wanted}

    def of(self, scheme: str, key: str, target: SubjectId | None, records: SubjectId | None = None) -> Reading:
        """The reading of one indicator for one subject: what was entered, else what was found among the records."""
        if target is None:
            return NO_DEPARTMENT
        if key in self.scores.asked:
            return self.scores.reading(key, target)
        chosen = self._indicators[key]
        if not isinstance(chosen.indicator, Indicator):
            return self.settled(chosen, target, self.rated(scheme, key, target))
        measured = self._measured[key]
        held = records or target
        if (found := measured.get(held)) is None:
            found = measured[held] = self.settled(chosen, target, self.measured(chosen, chosen.indicator, held))
        return found

    def rated(self, scheme: str, key: str, target: SubjectId) -> Reading:
        """What people gave, put together as the company has chosen; of an indicator without a source nothing."""
        if key not in self._rated:
            return NO_RATINGS
        source, settled = self._rated[key]
        found = rated(settled, self._ratings.get((scheme, source, target), ()))
        return found if found.state != NOT_MEASURED or found.reason else replace(found, reason=NO_RATINGS.reason)

    def measured(self, chosen: TenantIndicator, indicator: Indicator, target: SubjectId) -> Reading:
        """What the records give; a measure that breaks fails for this subject alone."""
        if (reason := self._broken.get(chosen.key)) is not None:
            return Reading(FAILED, reason=reason)
        try:
            tallied = Tallies(self._found[chosen.key], target)
            found = read(indicator, tallied, covered=self._covered, minimum_sample=chosen.minimum_sample,
                         parameters=chosen.parameters, asked=lambda *_: self.answered(chosen.key, target))
            if found.value is not None and abs(found.value) > MOST:
                return Reading(FAILED, reason=OVERFLOW)
            asides = self._told[chosen.key].of(tallied, self._covered)
            return found if asides is None else replace(found, asides=asides)
        except Exception:  # whatever a definition does wrong, it does to its own readings
            if (chosen.key, BROKEN) not in self.failures:  # once is enough, however many people there are
                log.exception("the reading of %s failed", chosen.key)
            return Reading(FAILED, reason=BROKEN)

    def settled(self, chosen: TenantIndicator, target: SubjectId, found: Reading) -> Reading:
        """What was entered instead of what was found, if anything; failures are remembered."""
        figure = self.by_hand.figures.get((chosen.key, *target))
        if figure is not None:
            return read_from_figure(figure, chosen, found, self.by_hand.zone)
        if found.state == FAILED:
            self.failures.setdefault((chosen.key, found.reason or BROKEN), set()).add(target)
        return found

    def answered(self, key: str, target: SubjectId) -> Reading:
        """What the function of an indicator said of a subject's records; nobody asked: failed."""
        found = self.answers.get(key, {}).get(target)
        if isinstance(found, Reading):
            return found
        if found is None:
            return Reading(FAILED, reason=NOT_ASKED)
        self.told.setdefault((key, found.reason), found.told)
        return Reading(FAILED, reason=found.reason)

    def figure_of(self, key: str, target: SubjectId) -> Figure | None:
        """What was entered for one subject."""
        return self.by_hand.figures.get((key, *target))

    def chosen(self, key: str) -> TenantIndicator | None:
        """The indicator under a key; there is none under that of scores of shorter periods."""
        return None if key in self.scores.asked else self._indicators.get(key)

    def asides_of(self, key: str) -> Told:
        """What is told beside the readings of an indicator."""
        return self._told[key]

    @property
    def entered(self) -> Figures:
        """What people entered instead of what is found."""
        return self.by_hand.figures

    @property
    def broken(self) -> Mapping[str, str]:
        """The indicators whose tallies failed, with the word for why."""
        return self._broken

    def tallies_of(self, key: str) -> tuple[tuple[Tally, Mapping[SubjectId, Tallied]], ...]:
        """What was tallied for an indicator."""
        return self._found[key]


def why_broken(chosen: TenantIndicator, failed: Mapping[TallyRequest, str]) -> str | None:
    """The word for why an indicator cannot be read at all."""
    if not failed or not isinstance(chosen.indicator, Indicator):
        return None
    requests = (TallyRequest.of(tally, chosen.parameters) for tally in indicator_tallies(chosen.indicator))
    return next((failed[each] for each in requests if each in failed), None)


def found_for(chosen: TenantIndicator, found: Found) -> tuple[tuple[Tally, Mapping[SubjectId, Tallied]], ...]:
    """The tallies of an indicator with what was found for each."""
    if not isinstance(chosen.indicator, Indicator):
        return ()
    return tuple((tally, found.get(TallyRequest.of(tally, chosen.parameters), {}))
                 for tally in indicator_tallies(chosen.indicator))
