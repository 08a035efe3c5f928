"""A reading in words: what was divided by what, or why there is no number."""

from fractions import Fraction
from typing import Any

from meritline_sdk.explain.figures import figure, operand, quotient, with_unit
from meritline_sdk.explain.phrases import say
from meritline_sdk.explain.ratings import rating_text
from meritline_sdk.model.units import UNITS, Unit

type Step = dict[str, Any]


def reading_text(step: Step, language: str) -> str:
    """``28/34 = 82.3529…%``, or that it was not measured; of what was given by hand, by whom and instead of what."""
    entered = step.get("entered")
    if entered is None:
        return plain_text(step, language)
    told = {name: entered[name] for name in ("by", "source", "note")} | {"day": entered["at"][:10]}
    if step["state"] == "waived":
        text = say(language, "waived_why", reason=step["reason"], **told)
    else:
        text = say(language, "entered_noted" if told["note"] else "entered", value=plain_text(step, language), **told)
    found = entered.get("found")
    if found is None or found["value"] is None:
        return text
    return say(language, "instead_of", text=text, found=plain_text(found, language))


def plain_text(step: Step, language: str) -> str:
    """The number, or why there is none."""
    if step.get("groups"):
        return rating_text(step, language)
    value = measured_text(step, language)
    if step["state"] == "failed" and step.get("reason"):
        return say(language, "failed_why", why=say(language, f"why_{step['reason']}"))
    if step["state"] == "sample_too_small":
        return say(language, "sample_too_small", value=value, sample=step["sample"], minimum=step["minimum"])
    if step["state"] == "not_measured" and step["form"] == "rating":
        return say(language, "not_rated")
    return value if step["state"] == "measured" else say(language, step["state"])


def measured_text(step: Step, language: str) -> str:
    """The value with its own little formula."""
    if step["value"] is None:
        return ""
    value, unit = Fraction(step["value"]), UNITS[step["unit"]]
    shown = with_unit(figure(value), unit, language)
    if "numerator" in step:
        return f"{divided(step, unit)} = {shown}"
    if "earlier" in step:
        then = Fraction(step["earlier"])
        return f"{operand(value + then)} − {operand(then)} = {shown}"
    if step["form"] == "percentile" and "entered" not in step:
        return say(language, "percentile", value=shown, percent=step["percent"], sample=step["sample"])
    return shown


def divided(step: Step, unit: Unit) -> str:
    """The quotient as printed; a factor other than that of percent is named."""
    text = quotient(Fraction(step["numerator"]), Fraction(step["denominator"]))
    scaled = step["form"] == "ratio" and unit.ratio_factor != 1 and unit.key != "percent"
    return f"{text} × {unit.ratio_factor}" if scaled else text


def value_operand(step: Step) -> str:
    """The reading inside a formula, exact: ``82.5``, or ``2800/34`` where no decimal is exact."""
    value = Fraction(step["value"])
    text = operand(value)
    if "/" not in text or "numerator" not in step:
        return text
    unit = UNITS[step["unit"]]
    factor = unit.ratio_factor if step["form"] == "ratio" else 1
    above, below = Fraction(step["numerator"]) * factor, Fraction(step["denominator"])
    return f"{above}/{below}" if above.denominator == below.denominator == 1 and value >= 0 else text
