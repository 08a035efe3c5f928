"""What a reward table gives in a simulated period. Pure: the rewards are those of a run.

Decides only how often they are asked for. Where a table looks at nothing but grades, readings and facts of employment,
two people of whom it sees the same get the same: it is asked once for both. Where it looks at scores and places, at
runs of periods or at a whole group, everybody is asked for.
"""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from typing import Any, Final

from meritline.appraisal.run.needs import rows_needed, table_needs
from meritline.appraisal.simulation.outcomes import Chain, Given, Scores
from meritline.domain.facts import NO_FACTS, Facts
from meritline.domain.ranking import Card, Place
from meritline.domain.rewarding import reward
from meritline_sdk.evaluate.lines import ScoredLine
from meritline_sdk.evaluate.quick import QuickScore, Seen
from meritline_sdk.evaluate.quick_lines import ratio
from meritline_sdk.evaluate.readings import MEASURED, Reading
from meritline_sdk.evaluate.scoring import Scored
from meritline_sdk.evaluate.tallies import Subject
from meritline_sdk.model.indicators import AnyIndicator
from meritline_sdk.model.reward_rules import BY_DAYS, BY_PAY
from meritline_sdk.model.rewards import (
    BasePay,
    ByGrade,
    Coefficient,
    Fine,
    Fixed,
    PerReading,
    Pool,
    RewardTable,
    WhenMet,
)
from meritline_sdk.model.schemes import ANY_EMPLOYMENT, OWN

NOTHING: Final = Decimal("0.00")
NO_ROW: Final[tuple[Seen, ...]] = ()
ALIKE: Final = (ByGrade, Fixed, PerReading, WhenMet, Fine, BasePay)
type Seens = tuple[Seen, ...]


class PayRoll:
    """A table made ready; it keeps what it was asked."""

    def __init__(self, table: RewardTable, indicators: Mapping[str, AnyIndicator]) -> None:
        self.table, self._indicators = table, indicators
        self.needs = tuple(dict.fromkeys(table_needs(table)))
        self.in_a_row = rows_needed(table) > 0
        self._alike = all(isinstance(rule, ALIKE) or (isinstance(rule, Coefficient) and rule.by_grade)
                          for rule in table.rules)
        self._terms = bool(table.terms)
        self._known: dict[Any, Decimal] = {}

    def pay(self, given: Given, found: Scores, chain: Chain) -> list[Decimal]:
        """What everybody gets."""
        at = [given.needs.index(need) for need in self.needs]
        cells = [tuple([row[place] for place in at]) for row in given.rows] if at else [NO_ROW] * len(given.people)
        if not self._alike:
            return self._all(given, found, chain, cells)
        facts, scheme = given.facts, id(given.scheme)
        paid: list[Decimal] = []
        for who, one, seen in zip(given.people, found.scores, cells, strict=True):
            mine = facts.get(who.code, NO_FACTS) if facts else NO_FACTS
            terms = (one.score, one.passed, one.state, one.measured) if self._terms else one.score is None
            key = (scheme, one.grade, terms, seen, mine)
            amount = self._known.get(key)
            if amount is None:
                amount = self._known[key] = self._one(given, who.code, one, seen, mine)
            paid.append(amount)
        return paid

    def _one(self, given: Given, code: str, one: QuickScore, seen: Seens, facts: Facts) -> Decimal:
        """What somebody gets, asked for alone."""
        who = Subject(given.scheme.subject, code)
        lines = reward(self.table, given.scheme, [Card(who, as_scored(one))], {who: self._readings(seen)},
                       {who: Place(None, 0)}, self._indicators, {who: facts}, given.period)
        return sum((line.amount for line in lines if line.amount is not None), NOTHING)

    def _all(self, given: Given, found: Scores, chain: Chain, cells: Sequence[Seens]) -> list[Decimal]:
        """What everybody gets, asked for together."""
        subjects = [Subject(given.scheme.subject, who.code) for who in given.people]
        cards = [Card(who, as_scored(one), person.department)
                 for who, one, person in zip(subjects, found.scores, given.people, strict=True)]
        places = {who: place(found, one, rank)
                  for who, one, rank in zip(subjects, found.scores, found.ranks, strict=True)}
        facts = {who: chain.facts(who.key, given.facts) if self.in_a_row else given.facts.get(who.key, NO_FACTS)
                 for who in subjects}
        readings = {who: self._readings(seen) for who, seen in zip(subjects, cells, strict=True)} if self.needs else {}
        paid = dict.fromkeys(subjects, NOTHING)
        for line in reward(self.table, given.scheme, cards, readings, places, self._indicators, facts, given.period):
            if line.amount is not None:
                paid[line.subject] += line.amount
        return list(paid.values())

    def _readings(self, seen: Seens) -> dict[tuple[str, str], Reading]:
        return {need: reading_of(cell) for need, cell in zip(self.needs, seen, strict=True)}


def place(found: Scores, one: QuickScore, rank: int | None) -> Place:
    """The place as rewards take it."""
    if rank is None or one.score is None:
        return Place(None, found.among, 0, None, one.sample)
    return Place(rank, found.among, found.shared[one.score], None, one.sample)


def looks_at_facts(table: RewardTable | None) -> bool:
    """Whether the table looks at employment, pay or earlier periods."""
    if table is None:
        return False
    terms = any(one.employment != ANY_EMPLOYMENT or one.least_days or one.to_the_end or one.by_days
                for one in table.terms)
    rules = any(isinstance(rule, BasePay | Coefficient) or (isinstance(rule, Pool) and rule.split in (BY_DAYS, BY_PAY))
                for rule in table.rules)
    return terms or rules or rows_needed(table) > 0


def as_scored(found: QuickScore) -> Scored:
    """The result as rewards take it: without lines, but for the one that is best founded."""
    return Scored(founded(found.sample), found.exact, found.score, found.grade, found.passed, found.state, (),
                  found.measured)


@lru_cache(maxsize=4096)
def founded(sample: int) -> tuple[ScoredLine, ...]:
    """A line that rests on so many records."""
    return (ScoredLine(1, "item", "", None, OWN, None, None, None, None, None, Reading(MEASURED, sample=sample),
                       None, None, None, None, None, None),)


@lru_cache(maxsize=65536)
def reading_of(cell: Seen) -> Reading:
    """What was seen as a reading."""
    return Reading(cell.state, None if cell.value is None else Fraction(*ratio(cell.value)), sample=cell.sample)
