"""What a reward rests on and what it comes to. Decides that an amount stays exact until its line rounds it, once."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction

from meritline.domain.facts import NO_FACTS, Facts, Outcome
from meritline.domain.ranking import Card, Place
from meritline_sdk.evaluate.numbers import fraction, rational_text, rounded
from meritline_sdk.evaluate.readings import UNREAD, Reading
from meritline_sdk.evaluate.rules import Step
from meritline_sdk.evaluate.shown import reading_step
from meritline_sdk.evaluate.tallies import Subject
from meritline_sdk.model.blanks import Blank, Open
from meritline_sdk.model.indicators import AnyIndicator
from meritline_sdk.model.rewards import RewardRule
from meritline_sdk.model.schemes import Scheme, key_of
from meritline_sdk.model.text import Text

type SubjectReadings = Mapping[Subject, Mapping[tuple[str, str], Reading]]

CENTS = 2
NO_MONEY = Decimal("0.00")
NOTHING = Fraction(0)


@dataclass(frozen=True, slots=True)
class RewardLine:
    """One amount or act with its reason; the amount is None where it is no money, or where something that it needs was
    not measured. ``act`` and ``detail`` say what is proposed."""

    subject: Subject
    rule_key: str
    kind: str
    pays: str
    title: Text
    amount: Decimal | None
    steps: tuple[Step, ...] = field(default=(), hash=False)
    act: str | None = None
    detail: Text | None = None


@dataclass(frozen=True, slots=True)
class Worth:
    """What a rule gives before the one rounding; None where something that it needs was not measured."""

    exact: Fraction | None
    steps: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class Grounds:
    """All that a subject's rewards rest on; ``period`` is that of the cycle, where it is known."""

    card: Card
    scheme: Scheme
    place: Place
    readings: Mapping[tuple[str, str], Reading]
    indicators: Mapping[str, AnyIndicator]
    facts: Facts = NO_FACTS
    period: str | None = None

    @property
    def outcome(self) -> Outcome:
        """What this period came to, in the form of the earlier ones."""
        scored, place = self.card.scored, self.place
        return Outcome(self.period or "", scored.score, scored.grade, scored.passed, place.rank, place.among)


def number(value: Open) -> Fraction:
    """The number of a declaration; a table with a blank is refused long before anybody computes with it."""
    if isinstance(value, Blank):
        raise TypeError(f"blank {value.key!r} is not filled")
    return fraction(value)


def cents(amount: Fraction) -> Decimal:
    """The amount rounded half up to the cent."""
    return rounded(amount, CENTS)


def printed(amount: Fraction) -> str:
    """The amount to the cent, as text."""
    return str(cents(amount))


def on_record(amount: Decimal) -> str:
    """An amount that a person entered, as text, with its cents."""
    return str(amount.quantize(Decimal("0.01")) if amount == amount.quantize(Decimal("0.01")) else amount)


def both(title: Text) -> dict[str, str]:
    """A text of a step, in both languages."""
    return {"en": title.en, "zh": title.zh}


def grade_titles(scheme: Scheme) -> dict[str, Text]:
    """What each grade of the scheme is called, those that are granted too."""
    return {} if scheme.grades is None else scheme.grades.titles()


def line_of(rule: RewardRule, subject: Subject, amount: Decimal | None, *steps: Step) -> RewardLine:
    """The line of the rule."""
    return RewardLine(subject, rule.key, rule.kind, rule.pays, rule.title, amount, steps)


def reading_at(named: AnyIndicator | str, read_from: str, readings: Mapping[tuple[str, str], Reading],
               indicators: Mapping[str, AnyIndicator]) -> tuple[Reading, Step]:
    """The reading under the indicator, and its step."""
    key = key_of(named)
    declared = indicators.get(key) if isinstance(named, str) else named
    reading = readings.get((key, read_from), UNREAD)
    if declared is not None:
        return reading, reading_step(reading, declared)
    step: Step = {"step": "reading", "state": reading.state, "unit": "count", "sample": reading.sample, "form": "count",
                  "value": None if reading.value is None else rational_text(reading.value), "minimum": reading.needed}
    return reading, step
