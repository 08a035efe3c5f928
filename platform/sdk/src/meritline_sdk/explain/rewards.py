"""A reward line in words: what it was paid for, and how the amount came about."""

from collections.abc import Sequence
from fractions import Fraction

from meritline_sdk.explain.figures import MINUS, TIMES, added, factor, figure, rounding, signed, with_unit
from meritline_sdk.explain.lines import joined
from meritline_sdk.explain.phrases import index, say
from meritline_sdk.explain.readings import Step, reading_text, value_operand
from meritline_sdk.model.text import Text
from meritline_sdk.model.units import UNITS

CENTS = 2


def reward_text(steps: Sequence[Step], title: Text, language: str) -> str:
    """The explanation of a reward line from its language-free steps."""
    reading = next((step for step in steps if step["step"] == "reading"), None)
    told = [sentence for step in steps for sentence in told_by(step, reading, language)]
    return say(language, "head", title=title.in_language(language), text=joined(told, language))


def told_by(step: Step, reading: Step | None, language: str) -> list[str]:
    """What one step says."""
    match step["step"]:
        case "by_grade":
            return [grade_text(step, language)]
        case "by_rank":
            return [rank_text(step, language)]
        case "pool":
            return pool_text(step, language)
        case "fixed":
            return [say(language, "reward_pool_plain", amount=money(step["amount"]))]
        case "base_pay":
            return base_pay_text(step, language)
    assert reading is not None
    match step["step"]:
        case "unread":
            return [say(language, "reward_unread", reading=reading_text(reading, language))]
        case "unread_fine":
            return [say(language, "reward_unread_fine", reading=reading_text(reading, language))]
        case "per_reading":
            return [reading_text(reading, language), *paid_text(step, reading, language)]
        case "when_met":
            return [condition_text(step, reading, language)]
        case "fine":
            return [reading_text(reading, language), *fine_text(step, reading, language)]
    return []


def money(text: str) -> str:
    """The amount as printed."""
    return signed(text)


def grade_text(step: Step, language: str) -> str:
    """Grade senior: 800.00."""
    if step["grade"] is None:
        return say(language, "reward_no_grade")
    return say(language, "reward_grade", grade=list(step["title"].values())[index(language)],
               amount=money(step["amount"]))


def base_pay_text(step: Step, language: str) -> list[str]:
    """Base pay 2200.00; a day is 2200.00 / 22 = 100.00, an hour 2200.00 / 22 / 13 = 7.6923… (rounded to 7.69)."""
    if step["base"] is None:
        return [say(language, "reward_no_base_pay")]
    base, days, hours = (Fraction(step[name]) for name in ("base", "days", "hours"))
    by_day, day = f"{step['base']} / {step['days']}", base / days
    literal = f"{by_day} {TIMES} {step['hours']} = {rounding(day * hours, CENTS, language)}"
    return [
        literal if step["mode"] == "literal" else say(language, "reward_base_pay", amount=money(step["amount"])),
        say(language, "reward_rates", day=f"{by_day} = {rounding(day, CENTS, language)}",
            hour=f"{by_day} / {step['hours']} = {rounding(day / hours, CENTS, language)}"),
    ]  # fmt: skip


def rank_text(step: Step, language: str) -> str:
    """Place 2 of 12, shared by 2: (800.00 + 600.00) / 2 = 700.00."""
    if "low_score" in step:
        return say(language, "reward_low_score", score=step["score"], low=step["low_score"],
                   amount=money(step["amount"]))
    if step["rank"] is None:
        return say(language, f"reward_not_ranked_{step['reason']}", sample=step["sample"], needed=step["needed"])
    amounts = step["places"]
    amount = money(step["amount"])
    if len(amounts) > 1:
        mean = sum(map(Fraction, amounts), Fraction(0)) / len(amounts)
        amount = f"({added([money(one) for one in amounts])}) / {len(amounts)} = {rounding(mean, CENTS, language)}"
    return say(language, "reward_rank_shared" if step["shared"] > 1 else "reward_rank", rank=step["rank"],
               among=step["among"], shared=step["shared"], amount=amount)


def product(step: Step, reading: Step, language: str) -> str:
    """5.00 × 12 = 60.00."""
    value = value_operand(reading)
    by = f"({value})" if "/" in value and not value.startswith("(") else value
    each = money(step["each"])
    head = f"({each})" if each.startswith(MINUS) else each
    return f"{head} {TIMES} {by} = {rounding(Fraction(step['exact']), CENTS, language)}"


def paid_text(step: Step, reading: Step, language: str) -> list[str]:
    """So much for each unit, within the cap."""
    formula = product(step, reading, language)
    if step["cap"] is None:
        return [formula]
    return [say(language, "limit_cap", formula=formula, limit=step["cap"], points=money(step["amount"]))]


def condition_text(step: Step, reading: Step, language: str) -> str:
    """96% meets the condition at least 95%: 500.00."""
    unit = UNITS[reading["unit"]]
    limits = {name: with_unit(figure(Fraction(step[name])), unit, language)
              for name in ("at_least", "at_most") if step[name] is not None}
    if len(limits) > 1:
        condition = say(language, "reward_between", low=limits["at_least"], high=limits["at_most"])
    else:
        (name, limit), = limits.items()
        condition = say(language, f"reward_{name}", limit=limit)
    return say(language, "reward_met" if step["met"] else "reward_not_met", condition=condition,
               reading=reading_text(reading, language), amount=money(step["amount"]))


def fine_text(step: Step, reading: Step, language: str) -> list[str]:
    """A fine of 100.00 × 1 = 100.00; 100.00 of it is taken from the bonus; the rest is dropped."""
    told = [say(language, "reward_fine", formula=product(step, reading, language))]
    if Fraction(step["fine"]):
        told.append(say(language, "reward_fine_taken", taken=step["taken"],
                        bonus=list(step["title"].values())[index(language)]))
    if Fraction(step["rest"]):
        told.append(say(language, "reward_fine_rest", rest=step["rest"]))
    return told


def pool_text(step: Step, language: str) -> list[str]:
    """500.00 / 7 = 71.4285… each; with one of the 6 cents left over: 71.43."""
    each = Fraction(step["pool"]) / step["members"]
    formula = f"{step['pool']} / {factor(Fraction(step['members']))} = {figure(each)}"
    told = [say(language, "reward_pool", formula=formula)]
    if step["left_over"]:
        phrase = "reward_pool_cent" if step["extra"] else "reward_pool_plain"
        told.append(say(language, phrase, cents=step["left_over"], amount=step["amount"]))
    return told


