"""Money for a whole group. Decides who shares and that the parts sum to the amount exactly, to the cent.

The group is all subjects of the scheme, or, where the department's reading decides, those of each department; whom the
terms refuse does not share. Each part is a share of the amount; the cents left over go one each by the largest
remainder, then by key.
"""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from math import floor

from meritline.domain.grounds import (
    NO_MONEY,
    NOTHING,
    Grounds,
    RewardLine,
    line_of,
    number,
    printed,
    reading_at,
)
from meritline_sdk.evaluate.numbers import rational_text
from meritline_sdk.evaluate.readings import MEASURED
from meritline_sdk.evaluate.rules import Step
from meritline_sdk.evaluate.tallies import Subject
from meritline_sdk.model.reward_rules import BY_DAYS, BY_PAY, BY_SCORE
from meritline_sdk.model.rewards import CENT, Pool

type Refusals = Mapping[Subject, Step | None]


def pool_lines(rule: Pool, people: Sequence[Grounds], refusals: Refusals) -> dict[Subject, RewardLine]:
    """The line of every subject; they stand in order of key."""
    groups: dict[str | None, list[Grounds]] = {}
    for one in people:
        groups.setdefault(one.card.department if rule.read_from == "department" else None, []).append(one)
    return {line.subject: line for members in groups.values() for line in group_lines(rule, members, refusals)}


def group_lines(rule: Pool, group: Sequence[Grounds], refusals: Refusals) -> list[RewardLine]:
    """The group's lines: all who are admitted get their part, or nobody anything."""
    admitted = [one for one in group if refusals.get(one.card.subject) is None]
    lines = [refused_line(rule, one, step, not admitted) for one in group
             if (step := refusals.get(one.card.subject)) is not None]
    return [*lines, *shares(rule, admitted)] if admitted else lines


def refused_line(rule: Pool, one: Grounds, step: Step, nobody: bool) -> RewardLine:
    """The line of somebody who does not share; it tells where nobody does."""
    return line_of(rule, one.card.subject, NO_MONEY, step, *([{"step": "pool_nobody"}] if nobody else []))


def shares(rule: Pool, members: Sequence[Grounds]) -> list[RewardLine]:
    """The lines of those who share."""
    reading, told = reading_at(rule.indicator, rule.read_from, members[0].readings, members[0].indicators)
    if reading.state != MEASURED or reading.value is None:
        return [line_of(rule, one.card.subject, None, told, {"step": "unread"}) for one in members]
    met = reading.value >= number(rule.at_least)
    amount, step = whole_amount(rule, reading.value) if met else (NOTHING, {})
    condition: Step = {"step": "when_met", "met": met, "at_least": rational_text(number(rule.at_least)),
                       "at_most": None, "amount": printed(amount), **step}
    if not met:
        return [line_of(rule, one.card.subject, NO_MONEY, told, condition) for one in members]
    weights = [weight_of(rule, one) for one in members]
    parts, extra = split(Decimal(printed(amount)), [weight or NOTHING for weight in weights])
    every = sum((weight for weight in weights if weight), NOTHING)
    pool: Step = {"step": "pool", "pool": printed(amount), "members": sum(1 for weight in weights if weight),
                  "left_over": len(extra), "split": rule.split, "weights": rational_text(every)}
    return [
        line_of(rule, one.card.subject, None if weight is None else part, told, condition, pool | {
            "extra": at in extra, "weight": None if weight is None else rational_text(weight),
            "amount": None if weight is None else str(part)})
        for at, (one, weight, part) in enumerate(zip(members, weights, parts, strict=True))
    ]  # fmt: skip


def whole_amount(rule: Pool, value: Fraction) -> tuple[Fraction, Step]:
    """What the group gets: the amount once or for each full step, not more than the cap."""
    steps = 1 if rule.per_step is None else floor((value - number(rule.at_least)) / number(rule.per_step)) + 1
    exact = number(rule.amount) * steps
    capped = rule.cap is not None and exact > number(rule.cap)
    told: Step = {} if rule.per_step is None else {"per_step": rational_text(number(rule.per_step)), "steps": steps,
                                                   "each": printed(number(rule.amount)), "exact": rational_text(exact)}
    if capped and rule.cap is not None:
        return number(rule.cap), told | {"cap": printed(number(rule.cap)), "exact": rational_text(exact)}
    return exact, told


def weight_of(rule: Pool, one: Grounds) -> Fraction | None:
    """What the member's part is measured by; None where it has no score, or no performance pay on record."""
    facts, score = one.facts, one.card.scored.score
    if rule.split == BY_SCORE:
        return None if score is None else max(Fraction(score), NOTHING)
    if rule.split == BY_DAYS:
        return Fraction(facts.days)
    if rule.split == BY_PAY:
        return None if facts.performance_pay is None else Fraction(facts.performance_pay)
    return Fraction(1)


def split(amount: Decimal, weights: Sequence[Fraction]) -> tuple[list[Decimal], frozenset[int]]:
    """The parts to the cent, and which of them have one of the cents left over; nothing where nothing weighs.

    >>> split(Decimal("500.00"), [Fraction(1)] * 3)[0]
    [Decimal('166.67'), Decimal('166.67'), Decimal('166.66')]
    """
    every = sum(weights, NOTHING)
    if not every:
        return [NO_MONEY for _ in weights], frozenset()
    cents = int(amount / CENT)
    exact = [cents * weight / every for weight in weights]
    whole = [floor(part) for part in exact]
    ranked = sorted(range(len(exact)), key=lambda at: (whole[at] - exact[at], at))
    extra = frozenset(ranked[:cents - sum(whole)])
    return [CENT * (part + (at in extra)) for at, part in enumerate(whole)], extra
