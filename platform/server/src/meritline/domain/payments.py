"""One rule of a reward table for one subject. Decides the amount and tells it as a language-free step."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction

from meritline.domain.ranking import Card, Place
from meritline_sdk.evaluate.numbers import rational_text, rounded
from meritline_sdk.evaluate.readings import MEASURED, UNREAD, Reading
from meritline_sdk.evaluate.rules import Step
from meritline_sdk.evaluate.shown import reading_step
from meritline_sdk.evaluate.tallies import Subject
from meritline_sdk.model.indicators import AnyIndicator
from meritline_sdk.model.rewards import (
    MEAN_OF_PLACES,
    MONTH,
    BasePay,
    ByGrade,
    ByRank,
    Fine,
    Fixed,
    PerReading,
    Pool,
    RewardRule,
    WhenMet,
)
from meritline_sdk.model.schemes import OWN, Scheme, key_of
from meritline_sdk.model.text import Text

type SubjectReadings = Mapping[Subject, Mapping[tuple[str, str], Reading]]
type ByIndicator = PerReading | WhenMet | Fine | Pool

CENTS = 2
NO_MONEY = Decimal("0.00")


@dataclass(frozen=True, slots=True)
class RewardLine:
    """One amount with its reason; None where something it needs was not measured."""

    subject: Subject
    rule_key: str
    kind: str
    pays: str
    title: Text
    amount: Decimal | None
    steps: tuple[Step, ...] = field(default=(), hash=False)


@dataclass(frozen=True, slots=True)
class Grounds:
    """All that a subject's rewards rest on."""

    card: Card
    scheme: Scheme
    place: Place
    readings: Mapping[tuple[str, str], Reading]
    indicators: Mapping[str, AnyIndicator]
    base_pay: Decimal | None = None


def cents(amount: Fraction) -> Decimal:
    """The amount rounded half up to the cent."""
    return rounded(amount, CENTS)


def line_of(rule: RewardRule, subject: Subject, amount: Decimal | None, *steps: Step) -> RewardLine:
    """The line of the rule."""
    return RewardLine(subject, rule.key, rule.kind, rule.pays, rule.title, amount, steps)


def pay(rule: RewardRule, grounds: Grounds, left: Decimal = NO_MONEY, reduced: Text | None = None) -> RewardLine:
    """What the rule gives the subject; ``left`` is what a fine may still take from the money named ``reduced``."""
    match rule:
        case ByGrade():
            return by_grade(rule, grounds)
        case ByRank():
            return by_rank(rule, grounds)
        case PerReading():
            return per_reading(rule, grounds)
        case WhenMet():
            return when_met(rule, grounds)
        case Fine():
            return fine(rule, grounds, left, reduced)
        case Fixed():
            amount = Decimal(rule.amount)
            return line_of(rule, grounds.card.subject, amount, {"step": "fixed", "amount": str(amount)})
        case BasePay():
            return base_pay(rule, grounds)
    raise TypeError(f"{type(rule).__name__} is no reward rule that this version of Meritline knows")


def by_grade(rule: ByGrade, grounds: Grounds) -> RewardLine:
    """The grade's amount."""
    grade, subject = grounds.card.scored.grade, grounds.card.subject
    if grade is None or grounds.scheme.grades is None:
        return line_of(rule, subject, None, {"step": "by_grade", "grade": None})
    amount = dict(rule.amounts)[grade]
    title = next(one.title for one in grounds.scheme.grades.grades if one.key == grade)
    return line_of(rule, subject, amount, {
        "step": "by_grade", "grade": grade, "title": {"en": title.en, "zh": title.zh}, "amount": str(amount),
    })  # fmt: skip


def base_pay(rule: BasePay, grounds: Grounds) -> RewardLine:
    """The month's base pay, or the literal product; day and hour rate are shown, each rounded once."""
    subject, base = grounds.card.subject, grounds.base_pay
    if base is None:
        return line_of(rule, subject, None, {"step": "base_pay", "base": None})
    by_day, by_hour = Fraction(base) / Fraction(rule.days), Fraction(base) / Fraction(rule.days) / Fraction(rule.hours)
    amount = cents(Fraction(base) if rule.mode == MONTH else by_day * Fraction(rule.hours))
    return line_of(rule, subject, amount, {
        "step": "base_pay", "base": str(base), "days": str(rule.days), "hours": str(rule.hours), "mode": rule.mode,
        "day_rate": str(cents(by_day)), "hour_rate": str(cents(by_hour)), "amount": str(amount),
    })  # fmt: skip


def by_rank(rule: ByRank, grounds: Grounds) -> RewardLine:
    """The place's amount; those who share places share their amounts, or all get the best."""
    place, score, subject = grounds.place, grounds.card.scored.score, grounds.card.subject
    step: Step = {"step": "by_rank", "rank": place.rank, "among": place.among, "shared": place.shared}
    if score is not None and rule.low_score is not None and score < Decimal(rule.low_score):
        amount = Decimal(rule.low_amount)
        return line_of(rule, subject, amount, step | {
            "low_score": str(rule.low_score), "score": str(score), "amount": str(amount),
        })  # fmt: skip
    if place.rank is None:
        return line_of(rule, subject, None, step | {
            "reason": place.reason, "sample": place.sample, "needed": place.needed, "amount": None,
        })  # fmt: skip
    taken = range(place.rank, place.rank + (place.shared if rule.ties == MEAN_OF_PLACES else 1))
    amounts = [place_amount(rule, number) for number in taken]
    amount = cents(sum(map(Fraction, amounts), Fraction(0)) / len(amounts))
    return line_of(rule, subject, amount, step | {
        "ties": rule.ties, "places": [str(one) for one in amounts], "amount": str(amount),
    })  # fmt: skip


def place_amount(rule: ByRank, place: int) -> Decimal:
    """What a place is worth: from the list, or by the tail after it."""
    if place <= len(rule.amounts):
        return Decimal(rule.amounts[place - 1])
    if rule.tail_step is None:
        return NO_MONEY
    after = Decimal(rule.amounts[-1]) - Decimal(rule.tail_step) * (place - len(rule.amounts))
    return max(after, Decimal(rule.tail_least))


def looked_at(rule: ByIndicator, grounds: Grounds) -> tuple[Reading, Step]:
    """The reading that the rule looks at, and its step."""
    return reading_at(rule, grounds.readings, grounds.indicators, OWN)


def reading_at(rule: ByIndicator, readings: Mapping[tuple[str, str], Reading], indicators: Mapping[str, AnyIndicator],
               read_from: str) -> tuple[Reading, Step]:
    """The reading under the rule's indicator, and its step."""
    key = key_of(rule.indicator)
    declared = indicators.get(key) if isinstance(rule.indicator, str) else rule.indicator
    reading = readings.get((key, read_from), UNREAD)
    if declared is not None:
        return reading, reading_step(reading, declared)
    step: Step = {"step": "reading", "state": reading.state, "unit": "count", "sample": reading.sample, "form": "count",
                  "value": None if reading.value is None else rational_text(reading.value), "minimum": reading.needed}
    return reading, step


def per_reading(rule: PerReading, grounds: Grounds) -> RewardLine:
    """So much for each unit of the reading."""
    reading, told = looked_at(rule, grounds)
    subject = grounds.card.subject
    if reading.state != MEASURED or reading.value is None:
        return line_of(rule, subject, None, told, {"step": "unread"})
    exact = Fraction(rule.amount) * reading.value
    capped = rule.cap is not None and exact > Fraction(rule.cap)
    amount = Decimal(rule.cap) if capped and rule.cap is not None else cents(exact)
    return line_of(rule, subject, amount, told, {
        "step": "per_reading", "each": str(rule.amount), "exact": rational_text(exact), "amount": str(amount),
        "cap": str(rule.cap) if capped else None,
    })  # fmt: skip


def when_met(rule: WhenMet, grounds: Grounds) -> RewardLine:
    """The amount where the unrounded reading meets the condition, its limits included."""
    reading, told = looked_at(rule, grounds)
    subject = grounds.card.subject
    if reading.state != MEASURED or reading.value is None:
        return line_of(rule, subject, None, told, {"step": "unread"})
    met = ((rule.at_least is None or reading.value >= Fraction(rule.at_least))
           and (rule.at_most is None or reading.value <= Fraction(rule.at_most)))
    amount = Decimal(rule.amount) if met else NO_MONEY
    return line_of(rule, subject, amount, told, {
        "step": "when_met", "met": met, "amount": str(amount),
        "at_least": None if rule.at_least is None else rational_text(Fraction(rule.at_least)),
        "at_most": None if rule.at_most is None else rational_text(Fraction(rule.at_most)),
    })  # fmt: skip


def fine(rule: Fine, grounds: Grounds, left: Decimal, reduced: Text | None) -> RewardLine:
    """So much off for each unit of the reading, as far as the money goes; the rest is shown and dropped."""
    reading, told = looked_at(rule, grounds)
    subject = grounds.card.subject
    if reading.state != MEASURED or reading.value is None:
        return line_of(rule, subject, None, told, {"step": "unread_fine"})
    exact = max(Fraction(rule.amount) * reading.value, Fraction(0))
    whole = cents(exact)
    taken = min(whole, max(left, NO_MONEY))
    title = reduced or Text(rule.reduces, rule.reduces)
    return line_of(rule, subject, NO_MONEY - taken, told, {
        "step": "fine", "each": str(rule.amount), "exact": rational_text(exact), "fine": str(whole),
        "taken": str(taken), "rest": str(whole - taken), "reduces": rule.reduces, "left": str(left),
        "title": {"en": title.en, "zh": title.zh},
    })  # fmt: skip
