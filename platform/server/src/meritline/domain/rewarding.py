"""What a scorecard is worth. Decides the reward lines of a scheme's subjects, each rounded once to the cent, half up.

Fines are taken after everything else, in the table's order. What was not measured pays nothing and says so: its
amount is None, which is not zero. A fine is a negative amount, never more than the money it reduces.
"""

from collections.abc import Mapping, Sequence
from decimal import Decimal

from meritline.domain.payments import Grounds, RewardLine, SubjectReadings, pay
from meritline.domain.pools import pool_lines
from meritline.domain.ranking import Card, Place, rank
from meritline_sdk.evaluate.tallies import Subject
from meritline_sdk.model.indicators import AnyIndicator
from meritline_sdk.model.rewards import Fine, Pool, RewardTable
from meritline_sdk.model.schemes import Scheme

__all__ = ["RewardLine", "SubjectReadings", "reward", "total"]


def reward(table: RewardTable, scheme: Scheme, cards: Sequence[Card], readings: SubjectReadings,
           places: Mapping[Subject, Place] | None = None,
           indicators: Mapping[str, AnyIndicator] | None = None,
           base_pay: Mapping[Subject, Decimal] | None = None) -> tuple[RewardLine, ...]:
    """The reward lines of all cards: by subject in order of key, then by rule in the table's order.

    ``readings`` holds for every subject what ``scoring.score`` was given, with the readings that only the table
    needs; ``places`` are ranked here if not given; ``indicators`` (by full key) give the explanations their units;
    ``base_pay`` is the month's of those who have one on record.
    """
    standing = rank(cards, scheme.ranking) if places is None else places
    subjects = sorted(cards, key=lambda card: card.subject)
    pools = {rule.key: pool_lines(rule, subjects, readings, indicators or {})
             for rule in table.rules if isinstance(rule, Pool)}
    found: list[RewardLine] = []
    for card in subjects:
        grounds = Grounds(card, scheme, standing[card.subject], readings.get(card.subject, {}), indicators or {},
                          (base_pay or {}).get(card.subject))
        lines = {rule.key: pools[rule.key][card.subject] if isinstance(rule, Pool) else pay(rule, grounds)
                 for rule in table.rules if not isinstance(rule, Fine)}
        found.extend(with_fines(table, grounds, lines))
    return tuple(found)


def with_fines(table: RewardTable, grounds: Grounds, lines: dict[str, RewardLine]) -> list[RewardLine]:
    """The lines with the fines, each limited by what is left of the money that it reduces."""
    purse = {line.pays: line.amount or Decimal(0) for line in lines.values()}
    paid = {line.pays: line.title for line in lines.values()}
    for rule in table.rules:
        if isinstance(rule, Fine):
            left = purse.get(rule.reduces, Decimal(0))
            line = pay(rule, grounds, left, paid.get(rule.reduces))
            purse[rule.reduces] = left + (line.amount or Decimal(0))
            lines[rule.key] = line
    return [lines[rule.key] for rule in table.rules]


def total(lines: Sequence[RewardLine]) -> Decimal:
    """What the lines sum to; what was not measured adds nothing."""
    return sum((line.amount for line in lines if line.amount is not None), Decimal("0.00"))
