"""What a card alone says of money: the amount of its grade, and what everybody gets.

Everything else rests on what a file does not tell: the places of others, the pay on record, days employed, earlier
periods, and fines that are taken from what is paid. A server computes that; here it is named, never guessed.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from meritline_sdk.evaluate.rules import Step
from meritline_sdk.explain import reward_text
from meritline_sdk.model.blanks import open_blanks
from meritline_sdk.model.rewards import ByGrade, Fixed, RewardRule, RewardTable
from meritline_sdk.model.text import Text
from meritline_sdk.trying.cards import Card, Offered


@dataclass(frozen=True, slots=True)
class Paid:
    """An amount before reductions and fines; None where the card has no grade."""

    table: str
    rule: str
    title: Text
    amount: Decimal | None
    step: Step

    def text(self, language: str) -> str:
        """The amount with its reason."""
        return reward_text((self.step,), self.title, language)


def told_by_card(table: RewardTable, rule: RewardRule) -> bool:
    """Whether the card alone tells what the rule pays."""
    free = not any(terms.concern(rule) for terms in table.terms)
    return isinstance(rule, ByGrade | Fixed) and free and not open_blanks(rule)


def paid(card: Card, offered: Offered) -> Iterator[Paid]:
    """What the card alone tells."""
    for table in offered.rewards:
        for rule in table.rules:
            if told_by_card(table, rule):
                step, amount = amount_of(rule, card, offered)
                yield Paid(table.key, rule.key, rule.title, amount, step)


def amount_of(rule: RewardRule, card: Card, offered: Offered) -> tuple[Step, Decimal | None]:
    """The amount as it is declared, to the cent, and the step that tells it."""
    if isinstance(rule, Fixed):
        amount = Decimal(str(rule.amount))
        return {"step": "fixed", "amount": f"{amount:.2f}"}, amount
    assert isinstance(rule, ByGrade)
    grades = offered.scheme.grades
    grade = card.scored.grade
    if grade is None or grades is None:
        return {"step": "by_grade", "grade": None}, None
    title = grades.titles()[grade]
    step: Step = {"step": "by_grade", "grade": grade, "title": {"en": title.en, "zh": title.zh}, "amount": None}
    found = dict(rule.amounts).get(grade)
    if not isinstance(found, Decimal):
        return step, None
    return step | {"amount": f"{found:.2f}"}, found


def untold(offered: Offered) -> tuple[Text, ...]:
    """The rules that only a server can compute."""
    return tuple(rule.title for table in offered.rewards for rule in table.rules if not told_by_card(table, rule))
