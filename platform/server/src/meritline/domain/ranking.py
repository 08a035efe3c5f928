"""Who stands where. Decides the places: by the rounded score, equal scores share the better place (1, 2, 2, 4).

A subject without a score has no place; one whose best-founded line rests on fewer records than the scheme's
``Ranking.minimum_sample`` is scored but not ranked, and takes no place from anybody.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Protocol

from meritline_sdk.evaluate.lines import ScoredLine
from meritline_sdk.evaluate.readings import MEASURED
from meritline_sdk.evaluate.tallies import Subject
from meritline_sdk.model.schemes import OWN, Ranking

NO_SCORE, SAMPLE_TOO_SMALL = "no_score", "sample_too_small"


class Result(Protocol):
    """What a scorecard came to, as ``Scored`` has it; whoever scores thousands makes the lines when they are asked."""

    @property
    def lines(self) -> tuple[ScoredLine, ...]: ...
    @property
    def exact(self) -> Fraction | None: ...
    @property
    def score(self) -> Decimal | None: ...
    @property
    def grade(self) -> str | None: ...
    @property
    def passed(self) -> bool | None: ...
    @property
    def state(self) -> str: ...
    @property
    def measured(self) -> Fraction: ...


@dataclass(frozen=True, slots=True)
class Card:
    """A subject's scorecard before it has a place; ``department`` is the one that decides its group; ``sample`` are the
    records behind its best-founded line of its own, where somebody counted them already."""

    subject: Subject
    scored: Result
    department: str | None = None
    sample: int | None = None


@dataclass(frozen=True, slots=True)
class Place:
    """A subject's place among ``among`` ranked ones, shared by ``shared`` of them; or why it has none.

    ``sample`` and ``needed`` are the records behind its best-founded line and the minimum.
    """

    rank: int | None
    among: int
    shared: int = 0
    reason: str | None = None
    sample: int = 0
    needed: int = 0

    @property
    def ranked(self) -> bool:
        """Whether there is a place."""
        return self.rank is not None


def rank(cards: Sequence[Card], ranking: Ranking | None = None) -> dict[Subject, Place]:
    """The place of every subject; their order does not matter."""
    needed = 0 if ranking is None else ranking.minimum_sample
    scores = [card.scored.score for card in cards
              if eligible(card, needed) is None and card.scored.score is not None]
    first, shared = firsts(scores)
    found: dict[Subject, Place] = {}
    for card in cards:
        reason, score = eligible(card, needed), card.scored.score
        if reason or score is None:
            found[card.subject] = Place(None, len(scores), 0, reason, sample_of(card), needed)
        else:
            found[card.subject] = Place(first[score], len(scores), shared[score], None, sample_of(card), needed)
    return found


def firsts(scores: Iterable[Decimal]) -> tuple[dict[Decimal, int], Counter[Decimal]]:
    """By score the place that those who have it share, and how many they are."""
    ordered = sorted(scores, reverse=True)
    return {score: place for place, score in reversed(list(enumerate(ordered, 1)))}, Counter(ordered)


def eligible(card: Card, needed: int) -> str | None:
    """Why the subject is not ranked, or None where it is."""
    if card.scored.score is None:
        return NO_SCORE
    return SAMPLE_TOO_SMALL if sample_of(card) < needed else None


def sample_of(card: Card) -> int:
    """The records behind the best-founded line of its own: at least so many different ones stand behind the score."""
    if card.sample is not None:
        return card.sample
    own = (line for line in card.scored.lines if line.read_from == OWN and line.reading.state == MEASURED)
    return max((line.reading.sample for line in own), default=0)
