"""What a rule pays, worked out once for all of whom it looks at the same.

Decides nothing: ``payments`` and ``terms`` say what a rule gives and whom the terms refuse. What each kind of rule
looks at stands here; a kind that stands not here, or terms that look at single lines, are asked for every subject.
"""

from collections.abc import Callable, Mapping
from typing import Any, Final

from meritline.domain.grounds import NO_MONEY, Grounds, RewardLine, cents, line_of
from meritline.domain.payments import worth
from meritline.domain.terms import pro_rata, refusal
from meritline_sdk.evaluate.readings import UNREAD
from meritline_sdk.evaluate.rules import Step
from meritline_sdk.evaluate.scoring import COMPLETE
from meritline_sdk.model.rewards import (
    BasePay,
    ByGrade,
    ByRank,
    Coefficient,
    Fixed,
    PerReading,
    RewardRule,
    RewardTable,
    WhenMet,
)
from meritline_sdk.model.schemes import OWN, key_of

type Looked = tuple[Any, ...]
type Looks = Callable[[Any, Grounds], Looked]
"""What a rule looks at of a subject."""


def reading(rule: Any, grounds: Grounds) -> Looked:
    """The reading itself: of many who have the same there is one object, or as many."""
    return (grounds.readings.get((key_of(rule.indicator), OWN), UNREAD),)


LOOKS: Final[Mapping[type[RewardRule], Looks]] = {
    ByGrade: lambda _, grounds: (grounds.card.scored.grade,),
    ByRank: lambda _, grounds: (grounds.place, str(grounds.card.scored.score)),
    Fixed: lambda *_: (),
    BasePay: lambda _, grounds: (str(grounds.facts.base_pay),),
    Coefficient: lambda _, grounds: (str(grounds.facts.performance_pay), grounds.card.scored.grade,
                                     str(grounds.card.scored.score)),
    PerReading: reading, WhenMet: reading,
}  # fmt: skip


class Payer:
    """Pays by one table."""

    def __init__(self, table: RewardTable) -> None:
        self._table = table
        self._known: dict[str, dict[Looked, tuple[Any, tuple[Step, ...], Looked]]] = {}
        self._bound = {rule.key: any(terms.concern(rule) for terms in table.terms) for rule in table.rules}
        self._lines = any(terms.complete for terms in table.terms)

    def paid(self, rule: RewardRule, grounds: Grounds) -> RewardLine:
        """The line of a rule that pays: on the terms, by days where they say so, rounded once."""
        looks = LOOKS.get(type(rule))
        if looks is None:
            return self._paid(rule, grounds)
        looked = looks(rule, grounds)
        if self._bound[rule.key]:
            scored, facts = grounds.card.scored, grounds.facts
            if self._lines and scored.state != COMPLETE:
                return self._paid(rule, grounds)
            looked += (scored.measured, scored.state, scored.passed, str(scored.score), facts.employment, facts.days,
                       facts.period_days, facts.to_the_end)
        known = self._known.setdefault(rule.key, {})
        # Readings are known by their identity, since to hash one takes longer than to pay for it; they are kept.
        key = tuple([id(one) if type(one) not in PLAIN else one for one in looked])
        found = known.get(key)
        if found is None:
            line = self._paid(rule, grounds)
            found = known[key] = line.amount, line.steps, looked
        return RewardLine(grounds.card.subject, rule.key, rule.kind, rule.pays, rule.title, found[0], found[1])

    def _paid(self, rule: RewardRule, grounds: Grounds) -> RewardLine:
        found = self.refused(rule, grounds)
        if found is not None:
            return found
        given = pro_rata(self._table, rule, grounds, worth(rule, grounds))
        amount = None if given.exact is None else cents(given.exact)
        return line_of(rule, grounds.card.subject, amount, *given.steps)

    def refused(self, rule: RewardRule, grounds: Grounds) -> RewardLine | None:
        """The line of 0.00 that says which terms refuse the money, or None where none does."""
        step = refusal(self._table, rule, grounds)
        return None if step is None else line_of(rule, grounds.card.subject, NO_MONEY, step)


PLAIN: Final = frozenset({str, int, bool, type(None)})
