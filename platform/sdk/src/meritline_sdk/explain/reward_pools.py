"""A part of a group's money in words: what the group gets, and how the part came about, to the cent."""

from fractions import Fraction

from meritline_sdk.explain.figures import TIMES, factor, figure, operand
from meritline_sdk.explain.phrases import say
from meritline_sdk.explain.readings import Step, value_operand
from meritline_sdk.explain.reward_money import exact_money
from meritline_sdk.explain.reward_phrases import tell

MISSING = {"by_score": "pool_no_score", "by_pay": "pool_no_pay"}


def steps_text(step: Step, reading: Step, language: str) -> list[str]:
    """How often the amount is paid where it is paid for each full step, and the most that the group gets."""
    if not step["met"] or ("steps" not in step and "cap" not in step):
        return []
    if "steps" not in step:
        return [say(language, "limit_cap", formula=exact_money(Fraction(step["exact"])), limit=step["cap"],
                    points=step["amount"])]
    size, limit, value = Fraction(step["per_step"]), Fraction(step["at_least"]), Fraction(reading["value"])
    above = f"({value_operand(reading)} − {operand(limit)}) / {factor(size)} = {figure((value - limit) / size)}"
    counted = tell(language, "pool_steps_whole", formula=above, steps=step["steps"] - 1)
    formula = f"{step['each']} {TIMES} (1 + {step['steps'] - 1}) = {exact_money(Fraction(step['exact']))}"
    if "cap" in step:
        formula = say(language, "limit_cap", formula=formula, limit=step["cap"], points=step["amount"])
    return [tell(language, "pool_steps", limit=operand(limit), size=operand(size), formula=counted),
            tell(language, "pool_amount", formula=formula)]


def pool_text(step: Step, language: str) -> list[str]:
    """500.00 / 7 = 71.4285… each; with one of the 6 cents left over: 71.43."""
    split = step.get("split", "equal")
    if split in MISSING and step["weight"] is None:
        return [tell(language, MISSING[split])]
    if split != "equal" and not Fraction(step["weights"]):
        return [tell(language, "pool_no_weight")]
    part, text = shared_text(step, split, language)
    if part == Fraction(step["amount"]):
        return [text]
    if not step["extra"]:
        return [text, tell(language, "pool_down", amount=step["amount"])]
    cents = "pool_last_cent" if step["left_over"] == 1 else "pool_cent"
    return [text, tell(language, cents, cents=step["left_over"], amount=step["amount"])]


def shared_text(step: Step, split: str, language: str) -> tuple[Fraction, str]:
    """The exact part: equal ones, or in proportion to score, days or pay."""
    if split == "equal":
        members = Fraction(step["members"])
        part = Fraction(step["pool"]) / members
        return part, tell(language, "pool", formula=f"{step['pool']} / {factor(members)} = {exact_money(part)}")
    weight, every = Fraction(step["weight"]), Fraction(step["weights"])
    part = Fraction(step["pool"]) * weight / every
    return part, tell(language, f"pool_{split}",
                      formula=f"{step['pool']} {TIMES} {factor(weight)} / {factor(every)} = {exact_money(part)}")
