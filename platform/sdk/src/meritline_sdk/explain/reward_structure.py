"""A reward line as a structure: formula, reading, rule, conditions, limits, rounding.

Decides what a program is told of a line, so that it need not read its text. A pure function of the stored steps.
"""

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction

from meritline_sdk.explain.phrases import say
from meritline_sdk.explain.reward_conditions import holds_text, run_text, term_text
from meritline_sdk.explain.reward_formulas import Sum, reward_sum
from meritline_sdk.explain.rewards import condition_text, told_by
from meritline_sdk.explain.structure import reading_told, said, step_of
from meritline_sdk.explain.structured import (
    HALF_UP,
    LARGEST_REMAINDER,
    Condition,
    Limit,
    Parameter,
    RewardStructure,
    Rounding,
    RuleTold,
    Step,
)

CENTS, TO = 2, "0.01"
# What each rule says of itself, in its step.
RULE_WORDS: dict[str, tuple[str, ...]] = {
    "by_grade": ("grade",), "by_rank": ("rank", "among", "shared", "ties", "low_score"), "fixed": ("amount",),
    "base_pay": ("base", "days", "hours", "mode", "day_rate", "hour_rate"),
    "coefficient": ("by", "base", "grade", "score", "per", "coefficient"), "award": (),
    "per_reading": ("each", "above", "cap"), "when_met": ("at_least", "at_most"),
    "fine": ("each", "cap", "reduces"), "reduction": ("percent", "of", "reduces"),
    "pool": ("pool", "members", "split", "weight", "weights"), "proposal": ("act",),
}  # fmt: skip


def reward_structure(steps: Sequence[Step], amount: Decimal | None, language: str) -> RewardStructure:
    """The structure of a reward line of that amount."""
    reading, found = step_of(steps, "reading"), reward_sum(steps)
    return RewardStructure(
        formula=found and found.formula, amount=None if amount is None else f"{amount:f}",
        reading=reading_told(reading, language), rule=rule_told(steps, language),
        rounding=None if found is None or amount is None else rounding_told(steps, found, amount),
        limits=tuple(limit for step in steps for limit in limits_of(step, found)),
        conditions=tuple(one for step in steps for one in conditions_of(step, reading, language)),
    )  # fmt: skip


def rule_told(steps: Sequence[Step], language: str) -> RuleTold | None:
    """The rule that paid: the last of those that the steps tell."""
    step = next((one for one in reversed(steps) if one["step"] in RULE_WORDS), None)
    if step is None:
        return None
    reading = step_of(steps, "reading")
    final = all(one["step"] != "by_days" for one in steps)
    told = tuple(Parameter(name, said(step[name])) for name in RULE_WORDS[step["step"]] if step.get(name) is not None)
    text = say(language, "then").join(told_by(step, reading, language, final))
    return RuleTold(step["step"], told, text)


def rounding_told(steps: Sequence[Step], found: Sum, amount: Decimal) -> Rounding:
    """The one rounding; parts of a pool are cut, and the cents left over given out, so that they sum exactly."""
    mode = LARGEST_REMAINDER if step_of(steps, "pool") is not None else HALF_UP
    return Rounding(str(found.exact), CENTS, TO, mode, f"{amount:f}")


def limits_of(step: Step, found: Sum | None) -> list[Limit]:
    """The limits of a step that held: a cap, the bounds of a coefficient, the money that was left."""
    told: list[Limit] = []
    if step["step"] in ("per_reading", "fine", "when_met") and step.get("cap") is not None:
        told.append(Limit("cap", step["cap"], step["exact"], str(Fraction(step["cap"]))))
    if step["step"] == "coefficient" and step.get("limit") and step["coefficient"] is not None:
        share = Fraction(step["score"]) / Fraction(step["per"])
        told.append(Limit(step["limit"], step["coefficient"], str(share), step["coefficient"]))
    if step["step"] in ("fine", "reduction") and Fraction(step["rest"]):
        told.append(Limit("left", step["left"], step[step["step"]], step["taken"]))
    return told


def conditions_of(step: Step, reading: Step | None, language: str) -> list[Condition]:
    """What had to hold, and whether it did."""
    match step["step"]:
        case "refused":
            return [Condition(term["term"], False, term_text(term, language)) for term in step["terms"]]
        case "condition":
            return [Condition("condition", step["holds"], holds_text(step, language))]
        case "run":
            return [Condition("run", step["acts"], say(language, "then").join(run_text(step, language)))]
        case "when_met" if reading is not None:
            return [Condition("reading", step["met"], condition_text(step, reading, language))]
    return []
