"""A scoring rule in words, with the formula it used for this reading."""

from fractions import Fraction
from functools import lru_cache

from meritline_sdk.evaluate.numbers import parsed, sign_of
from meritline_sdk.explain.figures import MINUS, TIMES, Spelt, figure, multiplied, spelt, with_unit
from meritline_sdk.explain.phrases import say
from meritline_sdk.explain.readings import Step, value_operand
from meritline_sdk.model.units import PERCENT, PERCENTAGE_POINT, POINTS, UNITS

MOST_WORDS = 1024


def rule_text(step: Step, reading: Step, language: str) -> str:
    """The rule's words and numbers."""
    return RULES[step["kind"]](step, reading, language)


def points(value: Fraction, language: str) -> str:
    """``94.7058… points``."""
    return with_unit(figure(value), POINTS, language)


def points_of(step: Step, name: str, language: str) -> str:
    """A number of points of the step."""
    return with_unit(spelt(step[name]).figure, POINTS, language)


def with_limit(formula: str, step: Step, language: str) -> str:
    """The formula's result, and the limit where one held."""
    result = points_of(step, "result", language)
    return f"{formula} = {result}" if step["limit"] is None else limited(f"{formula} = ", step, result, language)


def limited(formula: str, step: Step, result: str, language: str) -> str:
    """What there would be without the limit that held, and what it left."""
    return say(language, f"limit_{step['limit']}", formula=formula + spelt(step["unlimited"]).figure,
               limit=spelt(step["result"]).figure, points=result)


def named(words: str, formula: str, step: Step, language: str) -> str:
    """Words, a colon, the formula and its result."""
    return say(language, "formula", words=words, formula=with_limit(formula, step, language))


@lru_cache(MOST_WORDS)
def worded(phrase: str, each: str, per: str, unit: str, language: str) -> str:
    """So many points for each step: the same of every reading that a rule is applied to. A step's width is in the
    reading's unit; a difference of percentages is in percentage points."""
    told = with_unit(spelt(per).figure, PERCENTAGE_POINT if unit == PERCENT.key else UNITS[unit], language)
    return say(language, phrase, points=with_unit(each, POINTS, language),
               per="percentage point" if told == "1 percentage points" else told)


def in_unit(step: Step, name: str, language: str) -> str:
    """A limit in the reading's unit."""
    return with_unit(spelt(step[name]).figure, UNITS[step["unit"]], language)


def steps_counted(step: Step, difference: str, language: str) -> tuple[str, str]:
    """The sentence about whole steps, if the rule counts only such, and the operand for the number of steps."""
    per = step.get("per", "1")
    count = f"({difference})" if per == "1" else f"({difference}) / {spelt(per).factor}"
    if step.get("mode", "proportional") == "proportional":
        return "", count
    exact = abs(parsed(step["distance"])) / parsed(per)
    number = spelt(step["count"]).operand
    told = say(language, step["mode"], count=f"{count} = {figure(exact)}", number=number)
    return told + say(language, "then"), number


def deduct(step: Step, reading: Step, language: str) -> str:
    """100 − 2 × (85 − 2800/34) = 94.7058… points."""
    if sign_of(step["distance"]) <= 0:
        return say(language, "deduct_none", points=points_of(step, "result", language))
    below = step["when"] == "below_target"
    sides = [spelt(step["target"]).operand, value_operand(reading)]
    told, count = steps_counted(step, f" {MINUS} ".join(sides if below else reversed(sides)), language)
    each = spelt(step["points"])
    formula = f"{spelt(step['full']).operand} {MINUS} {each.factor} {TIMES} {count}"
    return told + named(worded("deduct_below" if below else "deduct_above", each.figure, step["per"], step["unit"],
                               language), formula, step, language)  # fmt: skip


def around_target(step: Step, reading: Step, language: str) -> str:
    """100 + 2 × (92.5 − 90) = 105 points."""
    above = sign_of(step["distance"])
    if not above:
        return say(language, "at_target", points=points_of(step, "result", language))
    sides = [value_operand(reading), spelt(step["target"]).operand]
    told, count = steps_counted(step, f" {MINUS} ".join(sides if above > 0 else reversed(sides)), language)
    sign, word, each = signed_points(step["each"])
    formula = f"{spelt(step['full']).operand} {sign} {each.factor} {TIMES} {count}"
    return told + named(worded(f"{word}_{'above' if above > 0 else 'below'}", each.figure, step["per"], step["unit"],
                               language), formula, step, language)  # fmt: skip


def signed_points(text: str) -> tuple[str, str, Spelt]:
    """Whether points are added or taken: the sign, its word, and how many there are."""
    size = spelt(text.removeprefix("-"))
    return (MINUS, "less", size) if text.startswith("-") else ("+", "more", size)


def above_floor(step: Step, reading: Step, language: str) -> str:
    """2.5 × (82.4 − 60) = 56 points."""
    start = in_unit(step, "start", language)
    if sign_of(step["distance"]) <= 0:
        return say(language, "above_floor_none", start=start, points=points_of(step, "result", language))
    told, count = steps_counted(step, f"{value_operand(reading)} {MINUS} {spelt(step['start']).operand}", language)
    words = say(language, "above_floor", points=points_of(step, "points", language), start=start)
    return told + named(words, f"{spelt(step['points']).factor} {TIMES} {count}", step, language)


def per_unit(step: Step, reading: Step, language: str) -> str:
    """20 − 10 × 2 = 0 points."""
    sign, word, each = signed_points(step["points"])
    value = multiplied(value_operand(reading))
    head = (f"{spelt(step['start']).operand} {sign} {each.factor}" if sign_of(step["start"])
            else spelt(step["points"]).factor)  # fmt: skip
    words = say(language, f"per_unit_{word}", points=with_unit(each.figure, POINTS, language))
    return named(words, f"{head} {TIMES} {value}", step, language)


def target_met(step: Step, reading: Step, language: str) -> str:
    """The target is reached: 100 points; a strict one says "above" or "below", the limit excluded."""
    phrase = "met" if step["reached"] else "missed"
    if step.get("strict") and step["better"] in ("higher", "lower"):
        phrase += "_above" if step["better"] == "higher" else "_below"
    return say(language, phrase, points=points_of(step, "result", language))


def to_target(step: Step, reading: Step, language: str) -> str:
    """100 × 40 / 50 = 80 points."""
    if step.get("best"):
        return say(language, "to_target_best", points=points_of(step, "result", language))
    sides = [multiplied(value_operand(reading)), spelt(step["target"]).factor]
    above, below = reversed(sides) if step["inverse"] else sides
    return named(say(language, "to_target"), f"{spelt(step['full']).factor} {TIMES} {above} / {below}", step, language)


def as_points(step: Step, reading: Step, language: str) -> str:
    """The reading is the points: 84 points."""
    result = points_of(step, "result", language)
    return say(language, "as_points", points=limited("", step, result, language) if step["limit"] else result)


def threshold(step: Step, reading: Step, language: str) -> str:
    """Above 0.13%: 20 points."""
    return say(language, "over" if step["reached"] else "not_over", limit=in_unit(step, "over", language),
               points=points_of(step, "result", language))


def zero_tolerance(step: Step, reading: Step, language: str) -> str:
    """Above 0, where there is zero tolerance: 0 points."""
    return say(language, "not_tolerated" if step["reached"] else "tolerated", limit=in_unit(step, "allowed", language),
               points=points_of(step, "result", language))


def judged(step: Step, reading: Step, language: str) -> str:
    """5 to 20 points off each time, as judged: −12 points."""
    result = points_of(step, "result", language)
    return say(language, "judged_more" if sign_of(step["sign"]) > 0 else "judged_off",
               points=limited("", step, result, language) if step["limit"] else result,
               least=spelt(step["least"]).figure, most=spelt(step["most"]).figure)


def bands(step: Step, reading: Step, language: str) -> str:
    """Above 1800 s, up to 2700 s: 80 points."""
    low, high = (None if step[name] is None else in_unit(step, name, language) for name in ("low", "high"))
    return say(language, BANDS[step["closed"], low is not None, high is not None], low=low, high=high,
               points=points_of(step, "result", language))


BANDS = {
    ("upper", False, True): "band_up_to", ("upper", True, True): "band_above_up_to",
    ("upper", True, False): "band_above", ("lower", True, False): "band_from",
    ("lower", True, True): "band_from_below", ("lower", False, True): "band_below",
}  # fmt: skip
"""The phrase by the end that is closed, and which ends there are: the low one, the high one."""
RULES = {
    "deduct": deduct, "around_target": around_target, "above_floor": above_floor, "per_unit": per_unit,
    "target_met": target_met, "to_target": to_target, "as_points": as_points, "threshold": threshold, "bands": bands,
    "zero_tolerance": zero_tolerance, "judged": judged,
}  # fmt: skip
