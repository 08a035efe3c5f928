"""What takes money away. Decides that reductions and fines never take more than there is, and that the rest is dropped.

A reduction is a share of the money as it was paid; a fine is so much for each event. Both take from the one money that
they name, as far as it goes: it never falls below 0.00, and nothing is carried over. How much is taken from money that
is not known is not known either.
"""

from decimal import Decimal

from meritline.domain.conditions import acts
from meritline.domain.grounds import (
    NO_MONEY,
    NOTHING,
    Grounds,
    RewardLine,
    both,
    cents,
    line_of,
    number,
    printed,
    reading_at,
)
from meritline_sdk.evaluate.numbers import rational_text
from meritline_sdk.evaluate.readings import MEASURED
from meritline_sdk.evaluate.rules import Step
from meritline_sdk.model.rewards import Fine, Reduction
from meritline_sdk.model.schemes import OWN
from meritline_sdk.model.text import Text


class Purse:
    """The money of one subject while it is being reduced: what was paid, and what is left of it."""

    def __init__(self, lines: list[RewardLine]) -> None:
        self.titles = {line.pays: line.title for line in lines}
        self.paid = {line.pays: max(line.amount or NO_MONEY, NO_MONEY) for line in lines}
        self.left = dict(self.paid)
        self.unknown = {line.pays for line in lines if line.amount is None}

    def awaits(self, name: str, whole: Decimal) -> Step | None:
        """The step that says that the money is not known; None where it is, or where nothing is to be taken."""
        if name not in self.unknown or not whole:
            return None
        return {"step": "unknown_money", "reduces": name, "title": both(self.titles[name])}

    def take(self, name: str, whole: Decimal) -> tuple[Decimal, Step]:
        """Take as much of the amount as there is; the step tells what was taken and what was dropped."""
        left = self.left.get(name, NO_MONEY)
        taken = min(whole, left)
        self.left[name] = left - taken
        return taken, {"reduces": name, "left": str(left), "taken": str(taken), "rest": str(whole - taken),
                       "title": both(self.titles.get(name, Text(name, name)))}


def reduction(rule: Reduction, grounds: Grounds, purse: Purse) -> RewardLine:
    """The percentage of the money off where the condition holds; nothing is said of a card without a score."""
    subject = grounds.card.subject
    holds, steps = acts(rule.when, rule.in_a_row, grounds)
    if grounds.card.scored.score is None:
        return line_of(rule, subject, None, *steps)
    if (awaited := purse.awaits(rule.reduces, Decimal(int(holds)))) is not None:
        return line_of(rule, subject, None, *steps, awaited)
    paid = purse.paid.get(rule.reduces, NO_MONEY)
    exact = number(paid) * number(rule.percent) / 100 if holds else NOTHING
    taken, told = purse.take(rule.reduces, cents(exact))
    return line_of(rule, subject, NO_MONEY - taken, *steps, {
        "step": "reduction", "acts": holds, "percent": str(rule.percent), "of": str(paid),
        "exact": rational_text(exact), "reduction": str(cents(exact)), **told,
    })  # fmt: skip


def fine(rule: Fine, grounds: Grounds, purse: Purse) -> RewardLine:
    """So much off for each unit of the reading, not more than the cap, as far as the money goes."""
    reading, told = reading_at(rule.indicator, OWN, grounds.readings, grounds.indicators)
    subject = grounds.card.subject
    if reading.state != MEASURED or reading.value is None:
        return line_of(rule, subject, None, told, {"step": "unread_fine"})
    exact = max(number(rule.amount) * reading.value, NOTHING)
    capped = rule.cap is not None and exact > number(rule.cap)
    whole = cents(number(rule.cap) if capped and rule.cap is not None else exact)
    if (awaited := purse.awaits(rule.reduces, whole)) is not None:
        return line_of(rule, subject, None, told, {**awaited, "fine": str(whole)})
    taken, step = purse.take(rule.reduces, whole)
    return line_of(rule, subject, NO_MONEY - taken, told, {
        "step": "fine", "each": printed(number(rule.amount)), "exact": rational_text(exact), "fine": str(whole),
        "cap": str(whole) if capped else None, **step,
    })  # fmt: skip
