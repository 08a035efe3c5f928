"""How the amount of one rule came about, in words. Decides that an amount is shown rounded only where it was rounded:
what is paid by the day is rounded after that, and so its formula before it is exact, or cut and marked."""

from fractions import Fraction

from meritline_sdk.evaluate.numbers import rounded
from meritline_sdk.explain.figures import (
    MINUS,
    TIMES,
    added,
    closing_product,
    factor,
    figure,
    operand,
    rounding,
    signed,
)
from meritline_sdk.explain.phrases import say
from meritline_sdk.explain.readings import Step, value_operand
from meritline_sdk.explain.reward_phrases import tell, titled

CENTS = 2


def money(text: str) -> str:
    """The amount as printed."""
    return signed(text)


def exact_money(value: Fraction) -> str:
    """An amount that nobody rounded: to the cent where it is so, or cut and marked."""
    return signed(f"{rounded(value, CENTS):f}") if (value * 100).denominator == 1 else figure(value)


def result(exact: Fraction, language: str, final: bool) -> str:
    """What a formula comes to: rounded to the cent, or as it is where it is calculated with further."""
    return rounding(exact, CENTS, language) if final else exact_money(exact)


def grade_text(step: Step, language: str) -> str:
    """Grade senior: 800.00."""
    if step["grade"] is None:
        return tell(language, "no_grade")
    grade = titled(step["title"], language)
    if step["amount"] is None:
        return tell(language, "no_amount", grade=grade)
    return tell(language, "grade", grade=grade, amount=money(step["amount"]))


def base_pay_text(step: Step, language: str, final: bool) -> list[str]:
    """Base pay 2200.00; a day is 2200.00 / 22 = 100.00, an hour 2200.00 / 22 / 13 = 7.6923… (rounded to 7.69)."""
    if step["base"] is None:
        return [tell(language, "no_base_pay")]
    base, days, hours = (Fraction(step[name]) for name in ("base", "days", "hours"))
    by_day, day = f"{step['base']} / {step['days']}", base / days
    literal = f"{by_day} {TIMES} {step['hours']} = {result(day * hours, language, final)}"
    return [
        literal if step["mode"] == "literal" else tell(language, "base_pay", amount=money(step["base"])),
        tell(language, "rates", day=f"{by_day} = {rounding(day, CENTS, language)}",
             hour=f"{by_day} / {step['hours']} = {rounding(day / hours, CENTS, language)}"),
    ]  # fmt: skip


def rank_text(step: Step, language: str, final: bool) -> str:
    """Place 2 of 12, shared by 2: (800.00 + 600.00) / 2 = 700.00."""
    if "low_score" in step:
        return tell(language, "low_score", score=step["score"], low=step["low_score"], amount=money(step["amount"]))
    if step["rank"] is None:
        return tell(language, f"not_ranked_{step['reason']}", sample=step["sample"], needed=step["needed"])
    amounts = step["places"]
    amount = money(amounts[0])
    if len(amounts) > 1:
        mean = sum(map(Fraction, amounts), Fraction(0)) / len(amounts)
        amount = f"({added([money(one) for one in amounts])}) / {len(amounts)} = {result(mean, language, final)}"
    return tell(language, "rank_shared" if step["shared"] > 1 else "rank", rank=step["rank"], among=step["among"],
                shared=step["shared"], amount=amount)


def coefficient_text(step: Step, language: str, final: bool) -> list[str]:
    """Grade good, coefficient 1.2, on the performance pay on record: 3000.00 × 1.2 = 3600.00."""
    by_grade = step["by"] == "grade"
    if (step["grade"] if by_grade else step["score"]) is None:
        return [tell(language, "no_grade" if by_grade else "no_score_no_pay")]
    if step["coefficient"] is None:
        return [tell(language, "no_coefficient", grade=titled(step["title"], language))]
    if step["base"] is None:
        return [tell(language, "no_performance_pay")]
    found, shown = Fraction(step["coefficient"]), result(Fraction(step["exact"]), language, final)
    paid = f"{step['base']} {TIMES} {factor(found)} = {shown}"
    if by_grade:
        return [tell(language, "coefficient_grade", grade=titled(step["title"], language),
                     coefficient=operand(found), formula=paid)]
    score, per = Fraction(step["score"]), Fraction(step["per"])
    if step["limit"] is None:
        return [tell(language, "coefficient_score", per=operand(per),
                     formula=f"{step['base']} {TIMES} {factor(score)} / {factor(per)} = {shown}")]
    share = f"{factor(score)} / {factor(per)} = {figure(score / per)}"
    return [tell(language, f"coefficient_{step['limit']}", formula=share, limit=operand(found)),
            tell(language, "on_pay", formula=paid)]


def product(step: Step, reading: Step, language: str, final: bool = True) -> str:
    """5.00 × 12 = 60.00, or 5.00 × (12 − 10) = 10.00 for what lies beyond 10."""
    value = value_operand(reading)
    by = f"({value})" if "/" in value and not value.startswith("(") else value
    if step.get("above"):
        by = f"({value} {MINUS} {operand(Fraction(step['above']))})"
    each = money(step["each"])
    head = f"({each})" if each.startswith(MINUS) else each
    return f"{head} {TIMES} {by} = {result(Fraction(step['exact']), language, final)}"


def paid_text(step: Step, reading: Step, language: str, final: bool) -> list[str]:
    """So much for each unit, or for each beyond a quota, within the cap."""
    above = step.get("above")
    if above and not Fraction(step["units"]):
        return [tell(language, "not_beyond", above=operand(Fraction(above)), amount=money(step["amount"]))]
    formula = product(step, reading, language, final)
    if step["cap"] is not None:
        formula = say(language, "limit_cap", formula=formula, limit=step["cap"], points=money(step["amount"]))
    return [tell(language, "beyond", above=operand(Fraction(above)), formula=formula) if above else formula]


def by_days_text(step: Step, language: str) -> str:
    """Employed on 10 of 31 days: 800.00 × 10 / 31 = 258.06 (rounded to 0.01)."""
    whole, days, of = Fraction(step["whole"]), step["days"], step["period_days"]
    shown = exact_money(whole) if (whole * 100).denominator == 1 else closing_product(whole, Fraction(days, of), CENTS)
    formula = f"{shown} {TIMES} {days} / {of}"
    return tell(language, "by_days", days=days, of=of,
                formula=f"{formula} = {rounding(Fraction(step['exact']), CENTS, language, formula)}")
