"""A reward line in words: what it was paid for, or why not, and how the amount came about."""

from collections.abc import Sequence
from fractions import Fraction

from meritline_sdk.explain.figures import figure, with_unit
from meritline_sdk.explain.lines import joined
from meritline_sdk.explain.phrases import say
from meritline_sdk.explain.readings import Step, reading_text
from meritline_sdk.explain.reward_conditions import act_text, holds_text, refused_text, run_text
from meritline_sdk.explain.reward_money import (
    base_pay_text,
    by_days_text,
    coefficient_text,
    grade_text,
    money,
    paid_text,
    rank_text,
)
from meritline_sdk.explain.reward_phrases import tell, titled
from meritline_sdk.explain.reward_pools import pool_text, steps_text
from meritline_sdk.explain.reward_reductions import fine_text, reduction_text
from meritline_sdk.model.text import Text
from meritline_sdk.model.units import UNITS


def reward_text(steps: Sequence[Step], title: Text, language: str) -> str:
    """The explanation of a reward line from its language-free steps."""
    reading = next((step for step in steps if step["step"] == "reading"), None)
    final = all(step["step"] != "by_days" for step in steps)
    told = [sentence for step in steps for sentence in told_by(step, reading, language, final)]
    return say(language, "head", title=title.in_language(language), text=joined(told, language))


def told_by(step: Step, reading: Step | None, language: str, final: bool) -> list[str]:
    """What one step says; ``final`` where its amount is not calculated with further."""
    match step["step"]:
        case "by_grade":
            return [grade_text(step, language)]
        case "by_rank":
            return [rank_text(step, language, final)]
        case "fixed":
            return [money(step["amount"])]
        case "base_pay":
            return base_pay_text(step, language, final)
        case "coefficient":
            return coefficient_text(step, language, final)
        case "award":
            return [tell(language, "award" if step["acts"] else "award_not", amount=money(step["amount"]))]
        case "by_days":
            return [by_days_text(step, language)]
    return [*told_of_people(step, language), *([] if reading is None else told_of_reading(step, reading, language,
                                                                                           final))]


def told_of_people(step: Step, language: str) -> list[str]:
    """What a step says of terms, conditions, acts and groups."""
    match step["step"]:
        case "refused":
            return [refused_text(step, language)]
        case "condition":
            return [holds_text(step, language)]
        case "run":
            return run_text(step, language)
        case "proposal":
            return [act_text(step, language)]
        case "reduction":
            return reduction_text(step, language)
        case "pool":
            return pool_text(step, language)
        case "unknown_money":
            return [tell(language, "unknown_money", money=titled(step["title"], language))]
        case "pool_nobody":
            return [tell(language, "pool_nobody")]
    return []


def told_of_reading(step: Step, reading: Step, language: str, final: bool) -> list[str]:
    """What a step says of the reading that the rule looks at."""
    match step["step"]:
        case "unread":
            return [tell(language, "unread", reading=reading_text(reading, language))]
        case "unread_fine":
            return [tell(language, "unread_fine", reading=reading_text(reading, language))]
        case "per_reading":
            return [reading_text(reading, language), *paid_text(step, reading, language, final)]
        case "when_met":
            return [condition_text(step, reading, language), *steps_text(step, reading, language)]
        case "fine":
            return [reading_text(reading, language), *fine_text(step, reading, language)]
    return []


def condition_text(step: Step, reading: Step, language: str) -> str:
    """96% meets the condition at least 95%: 500.00."""
    unit = UNITS[reading["unit"]]
    limits = {name: with_unit(figure(Fraction(step[name])), unit, language)
              for name in ("at_least", "at_most") if step[name] is not None}
    if len(limits) > 1:
        condition = tell(language, "between", low=limits["at_least"], high=limits["at_most"])
    else:
        (name, limit), = limits.items()
        condition = tell(language, name, limit=limit)
    return tell(language, "met" if step["met"] else "not_met", condition=condition,
                reading=reading_text(reading, language), amount=money(step["amount"]))
