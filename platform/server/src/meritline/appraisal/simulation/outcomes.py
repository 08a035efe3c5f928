"""One period under a scheme and a reward table: score, place, grade and money of everybody, without explanations.

Pure. Decides how periods hang together: what a simulated month came to is the past of the months after it, for runs of
periods and for shares that are carried; before the first one, the past is what stands.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from typing import NamedTuple

from meritline.appraisal.run.subjects import Appraised
from meritline.domain.facts import Facts, Outcome
from meritline.domain.ranking import Card, Place, rank
from meritline.domain.rewarding import reward
from meritline_sdk.evaluate.lines import Carried, ScoredLine
from meritline_sdk.evaluate.quick import Need, Quick, QuickScore, Seen
from meritline_sdk.evaluate.quick_lines import ratio
from meritline_sdk.evaluate.readings import MEASURED, Reading
from meritline_sdk.evaluate.scoring import Scored
from meritline_sdk.evaluate.tallies import Subject
from meritline_sdk.model.indicators import AnyIndicator
from meritline_sdk.model.rewards import RewardTable
from meritline_sdk.model.schemes import OWN, Scheme

NOBODY: Mapping[str, Carried] = {}


class Side(NamedTuple):
    """What a subject comes to in a period; ``money`` is None where there is no reward table at all."""

    score: Decimal | None
    grade: str | None
    rank: int | None
    state: str
    passed: bool | None
    money: Decimal | None


@dataclass(frozen=True, slots=True)
class Given:
    """What a period is scored from; ``rows`` stand beside ``people`` and hold, for each of ``needs``, what was seen."""

    period: str
    scheme: Scheme
    table: RewardTable | None
    people: tuple[Appraised, ...]
    needs: tuple[Need, ...]
    rows: Sequence[Sequence[Seen]]
    facts: Mapping[Subject, Facts]
    carried: Mapping[Subject, Mapping[str, Carried]] = field(default_factory=dict)


@dataclass(slots=True)
class Chain:
    """What simulated periods came to, for those after them."""

    outcomes: dict[Subject, dict[str, Outcome]] = field(default_factory=dict)
    shares: dict[Subject, dict[str, Carried]] = field(default_factory=dict)

    def history(self, who: Subject, facts: Facts) -> Facts:
        """The facts with the simulated past in the place of what stands."""
        mine = self.outcomes.get(who)
        if not mine:
            return facts
        whole = {one.period: one for one in facts.history} | mine
        return replace(facts, history=tuple(whole[period] for period in sorted(whole)))

    def carried(self, who: Subject, stored: Mapping[str, Carried]) -> Mapping[str, Carried]:
        """The shares of the last period in which each item was measured, simulated or standing."""
        mine = self.shares.get(who)
        if not mine:
            return stored
        return {**mine, **{key: one for key, one in stored.items() if key not in mine or mine[key].period < one.period}}


def scored(given: Given, quick: Quick, chain: Chain, *, carries: bool) -> dict[Subject, Card]:
    """The cards of a period; ``carries`` where an item may take a share from an earlier one."""
    at = [given.needs.index(need) for need in quick.needs]
    straight = at == list(range(len(given.needs)))
    found: dict[Subject, Card] = {}
    for who, whole in zip(given.people, given.rows, strict=True):
        row = whole if straight else [whole[place] for place in at]
        shares = chain.carried(who.subject, given.carried.get(who.subject, NOBODY)) if carries else NOBODY
        found[who.subject] = Card(who.subject, as_scored(quick.score(row, shares)), who.department_code)
        if carries:
            mine = chain.shares.setdefault(who.subject, {})
            mine.update((key, Carried(share, given.period)) for key, share in quick.shares(row))
    return found


def as_scored(found: QuickScore) -> Scored:
    """The result as rewards and ranking take it: without lines, but for the one that is best founded."""
    return Scored(founded(found.sample), found.exact, found.score, found.grade, found.passed, found.state, (),
                  found.measured)


@lru_cache(maxsize=4096)
def founded(sample: int) -> tuple[ScoredLine, ...]:
    """A line that rests on so many records."""
    return (ScoredLine(1, "item", "", None, OWN, None, None, None, None, None, Reading(MEASURED, sample=sample),
                       None, None, None, None, None, None),)


def rewarded(given: Given, cards: Mapping[Subject, Card], indicators: Mapping[str, AnyIndicator], chain: Chain,
             places: Mapping[Subject, Place] | None = None) -> dict[Subject, Side]:
    """Everybody's place and money."""
    every = tuple(cards.values())
    standing = rank(every, given.scheme.ranking) if places is None else places
    money = amounts(given, every, standing, indicators, chain)
    found: dict[Subject, Side] = {}
    for who, card in cards.items():
        one, place = card.scored, standing[who]
        found[who] = Side(one.score, one.grade, place.rank, one.state, one.passed, money.get(who))
        chain.outcomes.setdefault(who, {})[given.period] = Outcome(given.period, one.score, one.grade, one.passed,
                                                                   place.rank, place.among)
    return found


def amounts(given: Given, cards: tuple[Card, ...], places: Mapping[Subject, Place],
            indicators: Mapping[str, AnyIndicator], chain: Chain) -> dict[Subject, Decimal]:
    """What each subject gets by the table; nothing at all where there is none."""
    if given.table is None:
        return {}
    wanted = [(place, need) for place, need in enumerate(given.needs) if need in needs_of(given.table)]
    readings = {who.subject: {need: reading_of(row[place]) for place, need in wanted}
                for who, row in zip(given.people, given.rows, strict=True)} if wanted else {}
    facts = {who: chain.history(who, one) for who, one in given.facts.items()}
    found = {card.subject: Decimal("0.00") for card in cards}
    for line in reward(given.table, given.scheme, cards, readings, places, indicators, facts, given.period):
        if line.amount is not None:
            found[line.subject] += line.amount
    return found


def needs_of(table: RewardTable) -> frozenset[Need]:
    """The readings that only the table looks at."""
    from meritline.appraisal.run.needs import table_needs

    return frozenset(table_needs(table))


def reading_of(cell: Seen) -> Reading:
    """What was seen as a reading."""
    return Reading(cell.state, None if cell.value is None else Fraction(*ratio(cell.value)), sample=cell.sample)


def total(sides: Iterable[Side | None]) -> Decimal:
    """What they get together."""
    return sum((side.money for side in sides if side is not None and side.money is not None), Decimal("0.00"))
