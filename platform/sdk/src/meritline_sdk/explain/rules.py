"""A scoring rule in words, with the formula it used for this reading."""

from fractions import Fraction
from typing import Any

from meritline_sdk.evaluate.numbers import parsed
from meritline_sdk.explain.figures import MINUS, TIMES, factor, figure, operand, with_unit
from meritline_sdk.explain.phrases import say
from meritline_sdk.explain.readings import Step, value_operand
from meritline_sdk.model.units import PERCENT, PERCENTAGE_POINT, UNITS


def rule_text(step: Step, reading: Step, language: str) -> str:
    """The rule's words and numbers."""
    return RULES[step["kind"]](step, reading, language)


def rational(step: Step, name: str) -> Fraction:
    """A number of the step."""
    return parsed(step[name])


def points(value: Fraction, language: str) -> str:
    """``94.7058… points``."""
    return say(language, "points", points=figure(value))


def with_limit(formula: str, step: Step, language: str) -> str:
    """The formula's result, and the limit where one held."""
    unlimited, result = rational(step, "unlimited"), rational(step, "result")
    if step["limit"] is None:
        return f"{formula} = {points(result, language)}"
    return say(language, f"limit_{step['limit']}", formula=f"{formula} = {figure(unlimited)}",
               limit=figure(result), points=points(result, language))


def named(phrase: str, formula: str, step: Step, language: str, **values: Any) -> str:
    """Words, a colon, the formula and its result."""
    return say(language, "formula", words=say(language, phrase, **values), formula=with_limit(formula, step, language))


def units_of(step: Step, name: str, language: str) -> str:
    """A step's width in the reading's unit; a difference of percentages is in percentage points."""
    unit = UNITS[step["unit"]]
    text = with_unit(figure(rational(step, name)), PERCENTAGE_POINT if unit is PERCENT else unit, language)
    return text.replace("1 percentage points", "percentage point") if text == "1 percentage points" else text


def in_unit(step: Step, name: str, language: str) -> str:
    """A limit in the reading's unit."""
    return with_unit(figure(rational(step, name)), UNITS[step["unit"]], language)


def steps_counted(step: Step, difference: str, language: str) -> tuple[str, str]:
    """The sentence about whole steps, if the rule counts only such, and the operand for the number of steps."""
    per = rational(step, "per") if "per" in step else Fraction(1)
    count = f"({difference})" if per == 1 else f"({difference}) / {factor(per)}"
    if step.get("mode", "proportional") == "proportional":
        return "", count
    exact = abs(rational(step, "distance")) / per
    number = operand(rational(step, "count"))
    told = say(language, step["mode"], count=f"{count} = {figure(exact)}", number=number)
    return told + say(language, "then"), number


def deduct(step: Step, reading: Step, language: str) -> str:
    """100 − 2 × (85 − 2800/34) = 94.7058… points."""
    if rational(step, "distance") <= 0:
        return say(language, "deduct_none", points=points(rational(step, "result"), language))
    below = step["when"] == "below_target"
    sides = [operand(rational(step, "target")), value_operand(reading)]
    told, count = steps_counted(step, f" {MINUS} ".join(sides if below else reversed(sides)), language)
    each = rational(step, "points")
    formula = f"{operand(rational(step, 'full'))} {MINUS} {factor(each)} {TIMES} {count}"
    return told + named("deduct_below" if below else "deduct_above", formula, step, language,
                        points=points(each, language), per=units_of(step, "per", language))


def around_target(step: Step, reading: Step, language: str) -> str:
    """100 + 2 × (92.5 − 90) = 105 points."""
    distance = rational(step, "distance")
    if not distance:
        return say(language, "at_target", points=points(rational(step, "result"), language))
    side = "above" if distance > 0 else "below"
    sides = [value_operand(reading), operand(rational(step, "target"))]
    told, count = steps_counted(step, f" {MINUS} ".join(sides if distance > 0 else reversed(sides)), language)
    each = rational(step, "each")
    sign, word = ("+", "more") if each >= 0 else (MINUS, "less")
    formula = f"{operand(rational(step, 'full'))} {sign} {factor(abs(each))} {TIMES} {count}"
    return told + named(f"{word}_{side}", formula, step, language, points=points(abs(each), language),
                        per=units_of(step, "per", language))


def above_floor(step: Step, reading: Step, language: str) -> str:
    """2.5 × (82.4 − 60) = 56 points."""
    start = in_unit(step, "start", language)
    if rational(step, "distance") <= 0:
        return say(language, "above_floor_none", start=start, points=points(rational(step, "result"), language))
    told, count = steps_counted(step, f"{value_operand(reading)} {MINUS} {operand(rational(step, 'start'))}", language)
    each = rational(step, "points")
    return told + named("above_floor", f"{factor(each)} {TIMES} {count}", step, language,
                        points=points(each, language), start=start)


def per_unit(step: Step, reading: Step, language: str) -> str:
    """20 − 10 × 2 = 0 points."""
    start, each = rational(step, "start"), rational(step, "points")
    text = value_operand(reading)
    value = f"({text})" if "/" in text and not text.startswith("(") else text
    head = f"{operand(start)} {'+' if each >= 0 else MINUS} {factor(abs(each))}" if start else factor(each)
    return named("per_unit_more" if each >= 0 else "per_unit_less", f"{head} {TIMES} {value}", step, language,
                 points=points(abs(each), language))


def target_met(step: Step, reading: Step, language: str) -> str:
    """The target is reached: 100 points; a strict one says "above" or "below", the limit excluded."""
    phrase = "met" if step["reached"] else "missed"
    if step.get("strict") and step["better"] in ("higher", "lower"):
        phrase += "_above" if step["better"] == "higher" else "_below"
    return say(language, phrase, points=points(rational(step, "result"), language))


def to_target(step: Step, reading: Step, language: str) -> str:
    """100 × 40 / 50 = 80 points."""
    if step.get("best"):
        return say(language, "to_target_best", points=points(rational(step, "result"), language))
    text = value_operand(reading)
    value = f"({text})" if "/" in text and not text.startswith("(") else text
    sides = [value, factor(rational(step, "target"))]
    above, below = reversed(sides) if step["inverse"] else sides
    return named("to_target", f"{factor(rational(step, 'full'))} {TIMES} {above} / {below}", step, language)


def as_points(step: Step, reading: Step, language: str) -> str:
    """The reading is the points: 84 points."""
    result = points(rational(step, "result"), language)
    if step["limit"]:
        result = say(language, f"limit_{step['limit']}", formula=figure(rational(step, "unlimited")),
                     limit=figure(rational(step, "result")), points=result)
    return say(language, "as_points", points=result)


def threshold(step: Step, reading: Step, language: str) -> str:
    """Above 0.13%: 20 points."""
    return say(language, "over" if step["reached"] else "not_over", limit=in_unit(step, "over", language),
               points=points(rational(step, "result"), language))


def zero_tolerance(step: Step, reading: Step, language: str) -> str:
    """Above 0, where there is zero tolerance: 0 points."""
    return say(language, "not_tolerated" if step["reached"] else "tolerated", limit=in_unit(step, "allowed", language),
               points=points(rational(step, "result"), language))


def judged(step: Step, reading: Step, language: str) -> str:
    """5 to 20 points off each time, as judged: −12 points."""
    result = rational(step, "result")
    shown = points(result, language)
    if step["limit"]:
        shown = say(language, f"limit_{step['limit']}", formula=figure(rational(step, "unlimited")),
                    limit=figure(result), points=shown)
    return say(language, "judged_more" if rational(step, "sign") > 0 else "judged_off", points=shown,
               least=figure(rational(step, "least")), most=figure(rational(step, "most")))


def bands(step: Step, reading: Step, language: str) -> str:
    """Above 1800 s, up to 2700 s: 80 points."""
    limits = {name: in_unit(step, name, language) for name in ("low", "high") if step[name] is not None}
    phrase = {
        ("upper", ("high",)): "band_up_to", ("upper", ("low", "high")): "band_above_up_to",
        ("upper", ("low",)): "band_above", ("lower", ("low",)): "band_from",
        ("lower", ("low", "high")): "band_from_below", ("lower", ("high",)): "band_below",
    }[step["closed"], tuple(limits)]  # fmt: skip
    return say(language, phrase, points=points(rational(step, "result"), language), **limits)


RULES = {
    "deduct": deduct, "around_target": around_target, "above_floor": above_floor, "per_unit": per_unit,
    "target_met": target_met, "to_target": to_target, "as_points": as_points, "threshold": threshold, "bands": bands,
    "zero_tolerance": zero_tolerance, "judged": judged,
}  # fmt: skip
