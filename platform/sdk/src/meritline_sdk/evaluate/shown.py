"""The language-free step that tells a reading: every number as exact text."""

from fractions import Fraction

from meritline_sdk.evaluate.numbers import rational_text
from meritline_sdk.evaluate.ratings import HUNDRED, Group
from meritline_sdk.evaluate.results import SAMPLE_TOO_SMALL, Asides, Entered, Reading, ReadingPart
from meritline_sdk.evaluate.rules import Step
from meritline_sdk.model.indicators import AnyIndicator, Indicator, RatedIndicator
from meritline_sdk.model.items import ScoreOf
from meritline_sdk.model.measures import Percentile, PythonMeasure
from meritline_sdk.model.units import POINTS

SCORES = "scores"


def reading_step(reading: Reading, indicator: AnyIndicator) -> Step:
    """What was read, of how many records, as what kind of number."""
    step: Step = {"step": "reading", "state": reading.state, "unit": indicator.unit.key, "sample": reading.sample,
                  "form": form(indicator), "value": text(reading.value)}
    if reading.numerator is not None and reading.denominator is not None:
        step |= {"numerator": text(reading.numerator), "denominator": text(reading.denominator)}
    if reading.earlier is not None:
        step["earlier"] = text(reading.earlier)
    if isinstance(indicator, Indicator) and isinstance(indicator.measure, Percentile):
        step["percent"] = indicator.measure.percent
    if isinstance(indicator, Indicator) and isinstance(indicator.measure, PythonMeasure):
        says = indicator.measure.says
        step |= {"function": indicator.measure.function, "says": {"en": says.en, "zh": says.zh}}
    if reading.state == SAMPLE_TOO_SMALL:
        step["minimum"] = reading.needed
    if reading.reason is not None:
        step["reason"] = reading.reason
    if reading.entered is not None:
        step["entered"] = entered_step(reading.entered, indicator)
    if reading.parts:
        step["parts"] = [part_step(one, indicator.unit.key) for one in reading.parts]
    if reading.asides is not None:
        step |= asides_step(reading.asides)
    if reading.groups and isinstance(indicator, RatedIndicator):
        step |= {"groups": [group_step(one) for one in reading.groups],
                 "top": text(HUNDRED if indicator.normalised else Fraction(indicator.scale_max))}
    return step


def score_step(reading: Reading, asked: ScoreOf) -> Step:
    """What the scores of shorter periods came to: the scheme, how they were combined, and each with its period."""
    step: Step = {"step": "reading", "state": reading.state, "unit": POINTS.key, "sample": reading.sample,
                  "form": SCORES, "value": text(reading.value), "scheme": asked.scheme, "combine": asked.combine,
                  "least": asked.least}
    if reading.reason is not None:
        step["reason"] = reading.reason
    if reading.entered is not None:
        step["entered"] = {"by": reading.entered.by, "at": reading.entered.at, "source": reading.entered.source,
                           "note": reading.entered.note, "version": reading.entered.version}
    if reading.parts:
        step["scores"] = [{"period": one.period, "value": text(one.reading.value)} |
                          ({} if one.reading.reason is None else {"why": one.reading.reason}) for one in reading.parts]
    return step


def entered_step(entered: Entered, indicator: AnyIndicator) -> Step:
    """Who gave it by hand, from where, and what the records give instead."""
    told: Step = {"by": entered.by, "at": entered.at, "source": entered.source, "note": entered.note,
                  "version": entered.version}
    if entered.found is not None:
        told["found"] = reading_step(entered.found, indicator)
    return told


def part_step(part: ReadingPart, unit: str) -> Step:
    """One of the readings that went into another."""
    told: Step = {"state": part.reading.state, "value": text(part.reading.value), "unit": unit}
    if part.weight is not None:
        told["weight"] = text(part.weight)
    if part.reading.numerator is not None and part.reading.denominator is not None:
        told |= {"numerator": text(part.reading.numerator), "denominator": text(part.reading.denominator)}
    return told


def asides_step(asides: Asides) -> Step:
    """What is told beside the reading."""
    told: Step = {}
    if asides.beside:
        told["beside"] = [{"title": {"en": title.en, "zh": title.zh}, "value": text(one.value), "unit": unit}
                          for title, one, unit in asides.beside]
    if asides.chosen:
        told["chosen"] = [{"name": one.name, "kind": one.kind.value, "value": value if isinstance(value, int) else
                           str(value), "title": None if one.title is None else {"en": one.title.en, "zh": one.title.zh}}
                          for one, value in asides.chosen]
    if asides.provisional_until is not None:
        told["provisional_until"] = asides.provisional_until
    if asides.package is not None:
        told["package"] = asides.package
    return told


def group_step(group: Group) -> Step:
    """What a group of raters came to."""
    return {"role": group.role, "weight": text(group.weight), "minimum": group.minimum, "number": group.number,
            "counts": group.counts, "mean": text(group.mean), "total": text(group.total), "given": text(group.given),
            "low": text(group.low), "high": text(group.high)}


def form(indicator: AnyIndicator) -> str:
    """What sort of number the indicator is: ``ratio``, ``mean``, ``count``, ... or ``rating``."""
    return "rating" if isinstance(indicator, RatedIndicator) else type(indicator.measure).__name__.lower()


def text(value: Fraction | None) -> str | None:
    """The number as exact text."""
    return None if value is None else rational_text(value)
