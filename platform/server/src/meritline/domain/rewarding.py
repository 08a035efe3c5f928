"""Rewards of one cycle by one table. Decides the order: what pays first, reductions next, fines last.

Money is rounded once, where a line's amount is formed, half up to the cent. What depends on something that was not
measured is None, which is not zero; whom the terms refuse gets 0.00 and is told why. What is taken away is a negative
amount, never more than the money it reduces. An act that is no money has a line only where it is proposed.
"""

from collections.abc import Mapping, Sequence
from decimal import Decimal

from meritline.domain.conditions import acts
from meritline.domain.facts import NO_FACTS, Facts
from meritline.domain.grounds import Grounds, RewardLine, SubjectReadings, both
from meritline.domain.paying import Payer
from meritline.domain.pools import pool_lines
from meritline.domain.ranking import Card, Place, rank
from meritline.domain.reductions import Purse, fine, reduction
from meritline.domain.terms import refusal
from meritline_sdk.evaluate.tallies import Subject
from meritline_sdk.model.indicators import AnyIndicator
from meritline_sdk.model.rewards import Fine, Pool, Proposal, Reduction, RewardRule, RewardTable
from meritline_sdk.model.schemes import Scheme

__all__ = ["RewardLine", "SubjectReadings", "reward", "total"]

type Pools = Mapping[str, Mapping[Subject, RewardLine]]


def reward(table: RewardTable, scheme: Scheme, cards: Sequence[Card], readings: SubjectReadings,
           places: Mapping[Subject, Place] | None = None,
           indicators: Mapping[str, AnyIndicator] | None = None,
           facts: Mapping[Subject, Facts] | None = None, period: str | None = None) -> tuple[RewardLine, ...]:
    """The reward lines of all cards: by subject in order of key, then by rule in the table's order.

    ``readings`` holds for every subject what ``scoring.score`` was given, with the readings that only the table
    needs; ``places`` are ranked here if not given; ``indicators`` (by full key) give the explanations their units;
    ``facts`` are the employment, the pay on record and the earlier periods. ``period`` is that of the cycle: without
    it, periods missing between this one and the last of the history are not seen as gaps.
    """
    standing = rank(cards, scheme.ranking) if places is None else places
    people = [Grounds(card, scheme, standing[card.subject], readings.get(card.subject, {}), indicators or {},
                      (facts or {}).get(card.subject, NO_FACTS), period)
              for card in sorted(cards, key=lambda card: (card.subject.kind, card.subject.key))]
    pools = {rule.key: pool_lines(rule, people, {one.card.subject: refusal(table, rule, one) for one in people})
             for rule in table.rules if isinstance(rule, Pool)}
    payer = Payer(table)
    if not any(isinstance(rule, Reduction | Fine | Proposal) for rule in table.rules):
        return tuple([paid(rule, one, pools, payer) for one in people for rule in table.rules])
    return tuple(line for one in people for line in lines_of(table, one, pools, payer))


def lines_of(table: RewardTable, grounds: Grounds, pools: Pools, payer: Payer) -> list[RewardLine]:
    """The lines of one subject: each reduction and fine limited by what is left of the money that it takes from."""
    lines = {rule.key: paid(rule, grounds, pools, payer) for rule in table.rules
             if not isinstance(rule, Reduction | Fine | Proposal)}
    purse = Purse(list(lines.values()))
    for rule in table.rules:
        if isinstance(rule, Reduction):
            lines[rule.key] = payer.refused(rule, grounds) or reduction(rule, grounds, purse)
    for rule in table.rules:
        if isinstance(rule, Fine):
            lines[rule.key] = payer.refused(rule, grounds) or fine(rule, grounds, purse)
        elif isinstance(rule, Proposal) and (line := proposal(table, rule, grounds)) is not None:
            lines[rule.key] = line
    return [lines[rule.key] for rule in table.rules if rule.key in lines]


def paid(rule: RewardRule, grounds: Grounds, pools: Pools, payer: Payer) -> RewardLine:
    """The line of a rule that pays."""
    return pools[rule.key][grounds.card.subject] if isinstance(rule, Pool) else payer.paid(rule, grounds)


def proposal(table: RewardTable, rule: Proposal, grounds: Grounds) -> RewardLine | None:
    """The act that is proposed, or None where the condition does not hold or the terms refuse it."""
    holds, steps = acts(rule.when, rule.in_a_row, grounds)
    if not holds or refusal(table, rule, grounds) is not None:
        return None
    return RewardLine(grounds.card.subject, rule.key, rule.kind, rule.pays, rule.title, None,
                      (*steps, {"step": "proposal", "act": rule.act, "detail": rule.detail and both(rule.detail)}),
                      rule.act, rule.detail)


def total(lines: Sequence[RewardLine]) -> Decimal:
    """What the lines sum to; what was not measured adds nothing."""
    return sum((line.amount for line in lines if line.amount is not None), Decimal("0.00"))
