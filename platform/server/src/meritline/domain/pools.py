"""Money for a whole group. Decides who shares and that the parts sum to the amount exactly, to the cent.

The group is all subjects of the scheme, or, where the department's reading decides, those of each department. The
parts are equal; the cents that are left over go one each to the first by key.
"""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from fractions import Fraction

from meritline.domain.payments import NO_MONEY, RewardLine, SubjectReadings, line_of, reading_at
from meritline.domain.ranking import Card
from meritline_sdk.evaluate.numbers import rational_text
from meritline_sdk.evaluate.readings import MEASURED
from meritline_sdk.evaluate.tallies import Subject
from meritline_sdk.model.indicators import AnyIndicator
from meritline_sdk.model.rewards import CENT, Pool


def pool_lines(rule: Pool, cards: Sequence[Card], readings: SubjectReadings,
               indicators: Mapping[str, AnyIndicator]) -> dict[Subject, RewardLine]:
    """The line of every subject; the cards stand in order of key."""
    groups: dict[str | None, list[Card]] = {}
    for card in cards:
        groups.setdefault(card.department if rule.read_from == "department" else None, []).append(card)
    return {line.subject: line for members in groups.values() for line in group_lines(rule, members, readings,
                                                                                      indicators)}


def group_lines(rule: Pool, members: Sequence[Card], readings: SubjectReadings,
                indicators: Mapping[str, AnyIndicator]) -> list[RewardLine]:
    """The group's lines: all get their part, or nobody anything."""
    reading, told = reading_at(rule, readings.get(members[0].subject, {}), indicators, rule.read_from)
    if reading.state != MEASURED or reading.value is None:
        return [line_of(rule, card.subject, None, told, {"step": "unread"}) for card in members]
    limit = rational_text(Fraction(rule.at_least))
    met = reading.value >= Fraction(rule.at_least)
    condition = {"step": "when_met", "met": met, "at_least": limit, "at_most": None,
                 "amount": str(rule.amount if met else NO_MONEY)}
    if not met:
        return [line_of(rule, card.subject, NO_MONEY, told, condition) for card in members]
    amounts, left_over = split(Decimal(rule.amount), len(members))
    return [line_of(rule, card.subject, amount, told, condition, {
                "step": "pool", "pool": str(rule.amount), "members": len(members), "left_over": left_over,
                "extra": amount != amounts[-1], "amount": str(amount)})
            for card, amount in zip(members, amounts, strict=True)]  # fmt: skip


def split(amount: Decimal, count: int) -> tuple[list[Decimal], int]:
    """Equal parts to the cent, the largest first, and how many cents were left over.

    >>> split(Decimal("500.00"), 3)
    ([Decimal('166.67'), Decimal('166.67'), Decimal('166.66')], 2)
    """
    each, left_over = divmod(int(amount / CENT), count)
    return [CENT * (each + (number < left_over)) for number in range(count)], left_over
