"""A reading in words: what was divided by what, or why there is no number."""

from typing import Any

from meritline_sdk.evaluate.numbers import parsed
from meritline_sdk.evaluate.shown import SCORES
from meritline_sdk.explain.figures import TIMES, added, operand, spelt, with_unit
from meritline_sdk.explain.phrases import index, say
from meritline_sdk.explain.ratings import rating_text
from meritline_sdk.explain.scores import scores_text
from meritline_sdk.explain.words import Wording
from meritline_sdk.model.kinds import Kind
from meritline_sdk.model.units import PERCENT, UNITS

type Step = dict[str, Any]

PYTHON = "pythonmeasure"
"""The form of a number that a Python function gave."""
SCALED = ("ratio", PYTHON)
"""The forms whose quotient is multiplied by the factor of its unit."""


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
    if step["form"] == SCORES:
        return scores_text(step, language)
    value, state = measured_text(step, language), step["state"]
    if state == "measured":
        return value
    if state == "failed" and step.get("reason"):
        return say(language, "failed_why", why=say(language, f"why_{step['reason']}", package=package_of(step)))
    if state == "sample_too_small":
        return say(language, "sample_too_small", value=value, sample=step["sample"], minimum=step["minimum"])
    if state == "not_measured" and step["form"] == "rating":
        return say(language, "not_rated")
    if state == "not_measured" and step.get("reason"):
        return why_not(step["reason"], language)
    return say(language, state)


def why_not(reason: str, language: str) -> str:
    """Why there is no value."""
    word, _, name = reason.partition(":")
    return say(language, f"not_measured_{word}", name=name.replace("_", " "))


def asides_text(step: Step, language: str) -> list[str]:
    """What is shown beside a reading, what the tenant chose, and until when it is provisional."""
    told = [say(language, "beside", title=list(one["title"].values())[index(language)],
                value=beside_value(one, language)) for one in step.get("beside", ())]
    if step.get("chosen"):
        told.append(say(language, "chosen", choices=say(language, "comma").join(
            chosen_text(one, language) for one in step["chosen"])))
    if step.get("provisional_until"):
        told.append(say(language, "provisional", until=step["provisional_until"][:10]))
    return told


def beside_value(one: Step, language: str) -> str:
    """The number shown beside, or that there is none."""
    if one["value"] is None:
        return say(language, "no_number")
    return with_unit(spelt(one["value"]).figure, UNITS[one["unit"]], language)


def chosen_text(one: Step, language: str) -> str:
    """One choice of the tenant."""
    wording = Wording(language, {})
    title = one["title"]
    name = one["name"].replace("_", " ") if title is None else list(title.values())[index(language)]
    value = one["value"]
    shown = wording.duration(value) if one["kind"] == Kind.DURATION else wording.value(value, Kind(one["kind"]))
    return say(language, "choice", name=name, value=shown)


def measured_text(step: Step, language: str) -> str:
    """The value with its own little formula."""
    value = step["value"]
    if value is None:
        return ""
    shown = with_unit(spelt(value).figure, UNITS[step["unit"]], language)
    if step["form"] == PYTHON and "entered" not in step:
        return computed_text(step, shown, language)
    if "parts" in step:
        return parts_text(step, shown, language)
    if "numerator" in step:
        return f"{divided(step)} = {shown}"
    if "earlier" in step:
        then = parsed(step["earlier"])
        return f"{operand(parsed(value) + then)} − {operand(then)} = {shown}"
    if step["form"] == "percentile" and "entered" not in step:
        return say(language, "percentile", value=shown, percent=step["percent"], sample=step["sample"])
    return shown


def computed_text(step: Step, shown: str, language: str) -> str:
    """What a Python function gave, its author's sentence, and who computed it from how many records."""
    value = f"{divided(step)} = {shown}" if "numerator" in step else shown
    return say(language, "computed", value=value,
               says=list(step["says"].values())[index(language)].rstrip(".。 "), sample=step["sample"],
               name=step["function"].partition(":")[2], package=package_of(step))


def package_of(step: Step) -> str:
    """The package that holds the function, with its version where that is known."""
    return str(step.get("package") or step.get("function", "").partition(".")[0].partition(":")[0])


def parts_text(step: Step, shown: str, language: str) -> str:
    """``12 + 3 = 15``, ``(92 × 40 + 88 × 20) / 60 = 90.6666…``, or yes and no with the pairs behind it."""
    known = [one for one in step["parts"] if one["value"] is not None]
    if step["form"] == "complete":
        pairs = say(language, "comma").join(
            f"{spelt(one['numerator']).operand}/{spelt(one['denominator']).operand}"
            for one in step["parts"] if "numerator" in one)
        return say(language, "complete_yes" if parsed(step["value"]) else "complete_no", pairs=pairs)
    if step["form"] == "weighted":
        terms = added([f"{spelt(one['value']).factor} {TIMES} {spelt(one['weight']).factor}" for one in known])
        return f"({terms}) / {spelt(step['denominator']).factor} = {shown}"
    return f"{added([spelt(one['value']).operand for one in known])} = {shown}" if len(known) > 1 else shown


def divided(step: Step) -> str:
    """The quotient as printed; a factor other than that of percent is named."""
    text, form = f"{spelt(step['numerator']).factor}/{spelt(step['denominator']).factor}", step["form"]
    if form == "change":
        return f"({text}) × 100"
    unit = UNITS[step["unit"]]
    scaled = form in SCALED and unit.ratio_factor != 1 and unit is not PERCENT
    return f"{text} × {unit.ratio_factor}" if scaled else text


def value_operand(step: Step) -> str:
    """The reading inside a formula, exact: ``82.5``, or ``2800/34`` where no decimal is exact."""
    text = spelt(step["value"]).operand
    if "/" not in text or "numerator" not in step or text.startswith("("):  # in brackets: it is below 0
        return text
    times = UNITS[step["unit"]].ratio_factor if step["form"] in SCALED else 1
    return whole_quotient(step["numerator"], step["denominator"], times) or text


def whole_quotient(numerator: str, denominator: str, times: int) -> str | None:
    """``2800/34`` of 28 and 34, in the terms that were read; none where one of the two is no whole number."""
    if denominator.isdecimal() and numerator.removeprefix("-").isdecimal():
        return f"{int(numerator) * times}/{denominator}"
    above, below = parsed(numerator) * times, parsed(denominator)
    return f"{above}/{below}" if above.denominator == below.denominator == 1 else None
