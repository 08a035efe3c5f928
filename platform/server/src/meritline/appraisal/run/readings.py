"""From what was tallied and rated to readings. Decides whose numbers a line reads.

``own`` is the subject itself, ``department`` the department it stands in (a department is its own), ``company`` the
company. Where there is no such department there is no reading, which is not zero.
"""

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from uuid import UUID

from meritline.appraisal.definitions import TenantIndicator
from meritline.appraisal.run.needs import Need
from meritline.appraisal.run.subjects import Appraised
from meritline.measuring.requests import TallyRequest
from meritline_sdk.evaluate.readings import UNREAD, Covered, Reading, rated, read
from meritline_sdk.evaluate.tallies import NOTHING, Tallied
from meritline_sdk.model.indicators import Indicator
from meritline_sdk.model.measures import Tally, tallies_of
from meritline_sdk.model.schemes import OWN, SubjectKind

type SubjectId = tuple[SubjectKind, UUID]
type Found = Mapping[TallyRequest, Mapping[SubjectId, Tallied]]
type Ratings = Mapping[tuple[str, str, SubjectId], Sequence[Decimal]]
"""What was given, by scheme, indicator and subject."""


def target_of(who: Appraised, read_from: str, company: UUID) -> SubjectId | None:
    """Whose reading it is."""
    if read_from == OWN:
        return who.subject.kind, who.id
    if read_from == "company":
        return SubjectKind.COMPANY, company
    return None if who.department_id is None else (SubjectKind.DEPARTMENT, who.department_id)


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


class Reader:
    """Reads each indicator once for each subject."""

    def __init__(self, indicators: Mapping[str, TenantIndicator], found: Found, ratings: Ratings, covered: Covered,
                 company: UUID) -> None:
        self._indicators = indicators
        self._ratings = ratings
        self._covered = covered
        self._company = company
        self._found = {key: found_for(one, found) for key, one in indicators.items()}
        self._measured: dict[str, dict[SubjectId, Reading]] = {key: {} for key in indicators}

    def all_of(self, scheme: str, who: Appraised, wanted: Sequence[Need]) -> dict[Need, Reading]:
        """What scoring and rewarding of this subject look at."""
        return {need: self.of(scheme, need[0], target_of(who, need[1], self._company)) for need in wanted}

    def of(self, scheme: str, key: str, target: SubjectId | None) -> Reading:
        """The reading of one indicator for one subject."""
        if target is None:
            return UNREAD
        chosen = self._indicators[key]
        if not isinstance(chosen.indicator, Indicator):
            return rated(chosen.indicator, self._ratings.get((scheme, key, target), ()))
        measured = self._measured[key]
        if (found := measured.get(target)) is None:
            found = measured[target] = read(chosen.indicator, Tallies(self._found[key], target),
                                            covered=self._covered, minimum_sample=chosen.minimum_sample)
        return found

    def tallies_of(self, key: str) -> tuple[tuple[Tally, Mapping[SubjectId, Tallied]], ...]:
        """What was tallied for an indicator."""
        return self._found[key]


def found_for(chosen: TenantIndicator, found: Found) -> tuple[tuple[Tally, Mapping[SubjectId, Tallied]], ...]:
    """The tallies of an indicator with what was found for each."""
    if not isinstance(chosen.indicator, Indicator):
        return ()
    return tuple((tally, found.get(TallyRequest.of(tally, chosen.parameters), {}))
                 for tally in tallies_of(chosen.indicator.measure))
