"""The rules that pay one subject by itself. Decides the exact amount of each and tells it as language-free steps."""

from fractions import Fraction

from meritline.domain.conditions import acts
from meritline.domain.grounds import (
    NOTHING,
    Grounds,
    Worth,
    both,
    grade_titles,
    number,
    on_record,
    printed,
    reading_at,
)
from meritline.domain.places import by_rank
from meritline_sdk.evaluate.numbers import rational_text
from meritline_sdk.evaluate.readings import MEASURED
from meritline_sdk.evaluate.rules import Step
from meritline_sdk.model.rewards import (
    MONTH,
    Award,
    BasePay,
    ByGrade,
    ByRank,
    Coefficient,
    Fixed,
    PerReading,
    RewardRule,
    WhenMet,
)
from meritline_sdk.model.schemes import OWN


def worth(rule: RewardRule, grounds: Grounds) -> Worth:
    """What the rule gives the subject."""
    match rule:
        case ByGrade():
            return by_grade(rule, grounds)
        case ByRank():
            return by_rank(rule, grounds)
        case PerReading():
            return per_reading(rule, grounds)
        case WhenMet():
            return when_met(rule, grounds)
        case Fixed():
            return Worth(number(rule.amount), ({"step": "fixed", "amount": printed(number(rule.amount))},))
        case BasePay():
            return base_pay(rule, grounds)
        case Coefficient():
            return coefficient(rule, grounds)
        case Award():
            return award(rule, grounds)
    raise TypeError(f"{type(rule).__name__} is no reward rule that this version of Meritline knows")


def grade_step(grounds: Grounds) -> Step:
    """The grade of the card, with its title; a granted one too."""
    grade, titles = grounds.card.scored.grade, grade_titles(grounds.scheme)
    if grade is None or grade not in titles:
        return {"grade": None}
    return {"grade": grade, "title": both(titles[grade])}


def by_grade(rule: ByGrade, grounds: Grounds) -> Worth:
    """The grade's amount."""
    step: Step = {"step": "by_grade", **grade_step(grounds)}
    amounts = dict(rule.amounts)
    if step["grade"] is None:
        return Worth(None, (step,))
    if step["grade"] not in amounts:
        return Worth(None, (step | {"amount": None},))
    amount = number(amounts[step["grade"]])
    return Worth(amount, (step | {"amount": printed(amount)},))


def base_pay(rule: BasePay, grounds: Grounds) -> Worth:
    """The month's base pay, or the literal product; day and hour rate are shown, each rounded once."""
    base = grounds.facts.base_pay
    if base is None:
        return Worth(None, ({"step": "base_pay", "base": None},))
    by_day = Fraction(base) / number(rule.days)
    by_hour = by_day / number(rule.hours)
    amount = Fraction(base) if rule.mode == MONTH else by_day * number(rule.hours)
    return Worth(amount, ({
        "step": "base_pay", "base": on_record(base), "days": str(rule.days), "hours": str(rule.hours),
        "mode": rule.mode, "day_rate": printed(by_day), "hour_rate": printed(by_hour), "amount": printed(amount),
    },))  # fmt: skip


def coefficient(rule: Coefficient, grounds: Grounds) -> Worth:
    """The performance pay on record times the grade's coefficient, or times the score over ``per``, within limits."""
    base, score = grounds.facts.performance_pay, grounds.card.scored.score
    step: Step = {"step": "coefficient", "base": None if base is None else on_record(base), "exact": None}
    if rule.by_grade:
        step |= {"by": "grade", **grade_step(grounds)}
        by_grade = dict(rule.by_grade)
        found = None if step["grade"] not in by_grade else number(by_grade[step["grade"]])
    else:
        found = by_score(rule, step, score)
    step["coefficient"] = None if found is None else rational_text(found)
    if base is None or found is None:
        return Worth(None, (step,))
    exact = Fraction(base) * found
    return Worth(exact, (step | {"exact": rational_text(exact), "amount": printed(exact)},))


def by_score(rule: Coefficient, step: Step, score: object) -> Fraction | None:
    """The coefficient of a score, within the limits; the step tells which of them held."""
    assert rule.per is not None
    step |= {"by": "score", "score": None if score is None else str(score), "per": str(rule.per), "limit": None}
    if score is None:
        return None
    found = Fraction(str(score)) / number(rule.per)
    if found < number(rule.least):
        step |= {"limit": "least"}
        return number(rule.least)
    if rule.most is not None and found > number(rule.most):
        step |= {"limit": "most"}
        return number(rule.most)
    return found


def award(rule: Award, grounds: Grounds) -> Worth:
    """The amount where the condition holds, so many periods in a row; nothing without a score."""
    holds, steps = acts(rule.when, rule.in_a_row, grounds)
    if grounds.card.scored.score is None:
        return Worth(None, steps)
    amount = number(rule.amount) if holds else NOTHING
    return Worth(amount, (*steps, {"step": "award", "acts": holds, "amount": printed(amount)}))


def per_reading(rule: PerReading, grounds: Grounds) -> Worth:
    """So much for each unit of the reading above the quota, or above nothing; a reading below it takes no money."""
    reading, told = reading_at(rule.indicator, OWN, grounds.readings, grounds.indicators)
    if reading.state != MEASURED or reading.value is None:
        return Worth(None, (told, {"step": "unread"}))
    above = number(rule.above)
    units = max(reading.value - above, NOTHING)
    exact = number(rule.amount) * units
    capped = rule.cap is not None and exact > number(rule.cap)
    amount = number(rule.cap) if capped and rule.cap is not None else exact
    step: Step = {"step": "per_reading", "each": printed(number(rule.amount)), "exact": rational_text(exact),
                  "amount": printed(amount), "cap": printed(amount) if capped else None}
    if units != reading.value:
        step |= {"above": rational_text(above), "units": rational_text(units)}
    return Worth(amount, (told, step))


def when_met(rule: WhenMet, grounds: Grounds) -> Worth:
    """The amount where the unrounded reading meets the condition, its limits included."""
    reading, told = reading_at(rule.indicator, OWN, grounds.readings, grounds.indicators)
    if reading.state != MEASURED or reading.value is None:
        return Worth(None, (told, {"step": "unread"}))
    met = ((rule.at_least is None or reading.value >= number(rule.at_least))
           and (rule.at_most is None or reading.value <= number(rule.at_most)))
    amount = number(rule.amount) if met else NOTHING
    return Worth(amount, (told, {
        "step": "when_met", "met": met, "amount": printed(amount),
        "at_least": None if rule.at_least is None else rational_text(number(rule.at_least)),
        "at_most": None if rule.at_most is None else rational_text(number(rule.at_most)),
    }))  # fmt: skip
