"""From a snapshot to scorecards with places, by the pure functions of the SDK and the domain. Nothing here waits."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from meritline.appraisal.definitions import SchemeInForce, TenantIndicator
from meritline.appraisal.rated import as_chosen
from meritline.appraisal.run.needs import Need, needs
from meritline.appraisal.run.readings import Reader, SubjectId
from meritline.appraisal.run.subjects import Appraised
from meritline.domain.ranking import Card, Place, rank
from meritline_sdk.evaluate.lines import Carried
from meritline_sdk.evaluate.readings import Reading
from meritline_sdk.evaluate.scoring import score
from meritline_sdk.evaluate.tallies import Subject
from meritline_sdk.model.indicators import AnyIndicator

AT_ONCE = 250
NOTHING: Mapping[str, Carried] = {}


@dataclass(slots=True)
class Appraisal:
    """A scheme and what it gives to everybody it appraises."""

    chosen: SchemeInForce
    people: tuple[Appraised, ...]
    cards: dict[Subject, Card] = field(default_factory=dict)
    readings: dict[Subject, Mapping[Need, Reading]] = field(default_factory=dict)
    places: dict[Subject, Place] = field(default_factory=dict)
    indicators: Mapping[str, TenantIndicator] = field(default_factory=dict)
    _reader: Reader | None = None

    def reads(self, indicators: Mapping[str, TenantIndicator], reader: Reader) -> None:
        """By which definitions the scheme is read; they may be more than it looks at."""
        self.indicators, self._reader = indicators, reader

    @property
    def reader(self) -> Reader:
        """What gives its readings."""
        assert self._reader is not None
        return self._reader

    @property
    def declarations(self) -> Mapping[str, AnyIndicator]:
        """The indicators' declarations by full key, as the company has chosen."""
        return {key: as_chosen(one) for key, one in self.indicators.items()}

    @property
    def wanted(self) -> tuple[Need, ...]:
        """The readings it looks at."""
        return needs(self.chosen.scheme, self.chosen.reward)

    def portions(self) -> Iterator[Sequence[Appraised]]:
        """The people in heaps small enough to show progress between them."""
        return (self.people[first:first + AT_ONCE] for first in range(0, len(self.people), AT_ONCE))

    def score_portion(self, portion: Sequence[Appraised], indicators: Mapping[str, AnyIndicator],
                      carried: Mapping[SubjectId, Mapping[str, Carried]] | None = None) -> None:
        """Readings and scores of some of the people. ``indicators`` are the declarations, made once for all portions;
        ``carried`` are the shares of earlier periods, by item."""
        scheme, wanted = self.chosen.scheme, self.wanted
        for who in portion:
            found = self.reader.all_of(scheme.key, who, wanted)
            self.readings[who.subject] = found
            shares = NOTHING if not carried else carried.get((who.subject.kind, who.id), NOTHING)
            self.cards[who.subject] = Card(who.subject, score(scheme, found, indicators, shares), who.department_code)

    def rank_all(self) -> None:
        """Everybody's place, once all are scored."""
        self.places = rank(tuple(self.cards.values()), self.chosen.scheme.ranking)
