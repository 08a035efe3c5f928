"""From a snapshot to scorecards with places. Nothing here waits.

Decides nothing: scores are those of the SDK, places those of the domain. A scheme is made ready once (``prepared``) and
then gives one subject after another; the plain readings and lines are made when somebody asks for them.
"""

import gc
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import repeat
from typing import Any, NamedTuple, Protocol

from meritline.appraisal.definitions import SchemeInForce, TenantIndicator
from meritline.appraisal.rated import as_chosen, with_sources
from meritline.appraisal.run.needs import Need, needs
from meritline.appraisal.run.prepared.cards import Lined, Result, Scorer
from meritline.appraisal.run.prepared.emptied import emptied
from meritline.appraisal.run.prepared.lines import Line
from meritline.appraisal.run.prepared.reading import Rows
from meritline.appraisal.run.readings import Reader, SubjectId
from meritline.appraisal.run.subjects import Appraised
from meritline.appraisal.run.tallied import tallied_digest
from meritline.domain.ranking import Card, Place, rank
from meritline_sdk.evaluate.lines import Carried
from meritline_sdk.evaluate.readings import Reading
from meritline_sdk.evaluate.tallies import Subject
from meritline_sdk.model.indicators import AnyIndicator

AT_ONCE = 250
NOTHING: Mapping[str, Carried] = {}


class Half(NamedTuple):
    """A card without its place, as a row: what stands before, between and behind what the place decides; and the digest
    of its content."""

    before: bytes
    between: bytes
    behind: bytes
    content: str


type Portion = tuple[Sequence[Appraised], Sequence[Lined], Sequence[str] | None]
"""Some people, their lines, and what was tallied of their records."""


class Read(Protocol):
    """What was read, as far as it is kept."""

    seen: str

    @property
    def reading(self) -> Reading:
        """All of it."""


class Readings(Mapping[Need, Reading]):
    """What was read of one subject."""

    __slots__ = ("_cells", "_places")

    def __init__(self, places: Mapping[Need, int], cells: Sequence[Read]) -> None:
        self._places, self._cells = places, cells

    def __getitem__(self, need: Need) -> Reading:
        return self._cells[self._places[need]].reading

    def __iter__(self) -> Iterator[Need]:
        return iter(self._places)

    def __len__(self) -> int:
        return len(self._places)


@dataclass(slots=True)
class Appraisal:
    """A scheme and what it gives to everybody it appraises; ``tallied`` seals what was found of each one's records.
    ``unended`` are those who have ``lines`` and no ``results`` so far. Who was scored by another process has ``halves``
    of a card, and neither."""

    chosen: SchemeInForce
    people: tuple[Appraised, ...]
    cards: dict[Subject, Card] = field(default_factory=dict)
    cells: dict[Subject, Sequence[Read]] = field(default_factory=dict)
    lines: dict[Subject, Sequence[Line]] = field(default_factory=dict)
    unended: deque[Portion] = field(default_factory=deque)
    results: dict[Subject, Result] = field(default_factory=dict)
    halves: dict[Subject, Half] = field(default_factory=dict)
    tallied: dict[Subject, str] = field(default_factory=dict)
    places: dict[Subject, Place] = field(default_factory=dict)
    indicators: Mapping[str, TenantIndicator] = field(default_factory=dict)
    _reader: Reader | None = None
    _ready: "Ready | None" = None
    _declared: Mapping[str, AnyIndicator] | None = None
    _wanted: tuple[Need, ...] | None = None

    def reads(self, indicators: Mapping[str, TenantIndicator], reader: Reader) -> None:
        """By which definitions the scheme is read; they may be more than it looks at."""
        self.indicators, self._reader, self._declared = indicators, reader, None

    def anew(self, people: tuple[Appraised, ...]) -> None:
        """For these people from now on; of those before nothing is left."""
        self.people = people
        for found in (self.cards, self.cells, self.lines, self.results, self.halves, self.tallied):
            found.clear()
        self.unended.clear()
        self.places = {}

    def let_go(self) -> None:
        """Of everybody, once all of it is on its way: piece by piece, so that whoever else computes is let in between.
        Of thousands of people it takes as long as a tenth of scoring them."""
        emptied(self.results, self.lines, self.cells, self.cards, self.halves, self.tallied, self.places)
        if self._ready is not None:
            self._ready.scorer.let_go()
            self._ready.rows.let_go()
        self._ready = self._reader = None

    @property
    def reader(self) -> Reader:
        """What gives its readings."""
        assert self._reader is not None
        return self._reader

    @property
    def declarations(self) -> Mapping[str, AnyIndicator]:
        """The indicators' declarations by full key, as the company has chosen."""
        if self._declared is None:
            self._declared = {key: as_chosen(one) for key, one in self.indicators.items()}
        return self._declared

    @property
    def wanted(self) -> tuple[Need, ...]:
        """The readings it looks at."""
        if self._wanted is None:
            self._wanted = needs(self.chosen.scheme, self.chosen.reward)
        return self._wanted

    def portions(self) -> Iterator[Sequence[Appraised]]:
        """The people in heaps small enough to show progress between them."""
        return (self.people[first:first + AT_ONCE] for first in range(0, len(self.people), AT_ONCE))

    @property
    def used(self) -> dict[str, TenantIndicator]:
        """The definitions that the scheme is read by; a score of another scheme is no indicator."""
        return {key: self.indicators[key] for key in with_sources((key for key, _ in self.wanted), self.indicators)
                if key in self.indicators}

    @property
    def readings(self) -> Mapping[Subject, Mapping[Need, Reading]]:
        """What was read of everybody that is scored."""
        places = {need: place for place, need in enumerate(self.wanted)}
        return {subject: Readings(places, cells) for subject, cells in self.cells.items()}

    def score_portion(self, portion: Sequence[Appraised], indicators: Mapping[str, AnyIndicator],
                      carried: Mapping[SubjectId, Mapping[str, Carried]] | None = None) -> None:
        """Readings and scores of some of the people. ``indicators`` are the declarations, made once for all portions;
        ``carried`` are the shares of earlier periods, by item."""
        self.line_portion(portion, indicators, carried)
        self.end_portions()

    def line_portion(self, portion: Sequence[Appraised], indicators: Mapping[str, AnyIndicator],
                     carried: Mapping[SubjectId, Mapping[str, Carried]] | None = None) -> None:
        """Their readings and lines; what these come to ``end_portion`` works out."""
        with uncollected():
            columns, told = self._read(portion, indicators)
            self._line(portion, columns, told, carried)

    def end_portion(self) -> None:
        """The scores of the first of the portions that have lines and no scores."""
        with uncollected():
            self._end(*self.unended.popleft())

    def end_portions(self) -> None:
        """Those of all of them."""
        while self.unended:
            self.end_portion()

    def read_portion(self, portion: Sequence[Appraised], indicators: Mapping[str, AnyIndicator]) -> None:
        """The readings alone of some of the people."""
        with uncollected():
            self._seal(portion, self._read(portion, indicators)[1])

    def score_read(self, portion: Sequence[Appraised],
                   carried: Mapping[SubjectId, Mapping[str, Carried]] | None = None) -> None:
        """The scores of some who were read."""
        if portion:
            with uncollected():
                columns = list(zip(*(self.cells[who.subject] for who in portion), strict=True))
                self._line(portion, columns, None, carried)
            self.end_portions()

    def _read(self, portion: Sequence[Appraised],
              indicators: Mapping[str, AnyIndicator]) -> tuple[Sequence[Sequence[Any]], Sequence[str]]:
        """By need, the readings of each; and what was tallied of each one's records."""
        if self._ready is None:
            self._ready = Ready.of(self, indicators)
        subjects = [who.subject for who in portion]
        columns, told = self._ready.rows.of(portion)
        self.cells.update(zip(subjects, zip(*columns, strict=True), strict=True))
        return columns, told

    def _seal(self, portion: Sequence[Appraised], told: Sequence[str]) -> None:
        """What was tallied of each, sealed."""
        subjects = [who.subject for who in portion]
        self.tallied.update(zip(subjects, map(tallied_digest, repeat(self.chosen.scheme.key), subjects, told),
                                strict=True))

    def _line(self, portion: Sequence[Appraised], columns: Sequence[Sequence[Any]], told: Sequence[str] | None,
              carried: Mapping[SubjectId, Mapping[str, Carried]] | None) -> None:
        """The lines of each; ``told`` is what was tallied, None where that is sealed."""
        assert self._ready is not None
        shares = [NOTHING if not carried else carried.get((who.subject.kind, who.id), NOTHING) for who in portion]
        lined = self._ready.scorer.lines_of_all(columns, shares)
        self.lines.update(zip([who.subject for who in portion], [one.made for one in lined], strict=True))
        self.unended.append((portion, lined, told))

    def _end(self, portion: Sequence[Appraised], lined: Sequence[Lined], told: Sequence[str] | None) -> None:
        """What the lines come to, and what they rest on."""
        assert self._ready is not None
        if told is not None:
            self._seal(portion, told)
        results = list(map(self._ready.scorer.ended, lined))
        self.results.update(zip([who.subject for who in portion], results, strict=True))
        self.cards.update([(who.subject, Card(who.subject, found, who.department_code, found.sample))
                           for who, found in zip(portion, results, strict=True)])

    def rank_all(self) -> None:
        """Everybody's place, once all are scored."""
        self.places = rank(tuple(self.cards.values()), self.chosen.scheme.ranking)


@contextmanager
def uncollected() -> Iterator[None]:
    """Without the collector: all that a run makes stays until it ends, and to look through it again and again took a
    third of its time. Of two that overlap the first to begin decides when it goes on."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()


@dataclass(frozen=True, slots=True)
class Ready:
    """A scheme with the definitions it is read by, made ready."""

    rows: Rows
    scorer: Scorer

    @classmethod
    def of(cls, appraisal: Appraisal, declared: Mapping[str, AnyIndicator]) -> "Ready":
        """What gives the readings and the scores."""
        scheme, wanted = appraisal.chosen.scheme, appraisal.wanted
        return cls(Rows(appraisal.reader, scheme.key, wanted, declared),
                   Scorer(scheme, declared, wanted, appraisal.used))
