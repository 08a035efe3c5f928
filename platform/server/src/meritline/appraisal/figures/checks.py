"""Whether a figure can be. Decides what is refused before anything is written, and with which words.

A denominator of zero is no figure: what was not measured is left out, since it is not zero. Numbers are kept exactly as
they are given, never rounded.
"""

from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction
from typing import Final
from unicodedata import category

from meritline.appraisal.figures import bounds
from meritline.appraisal.figures.values import RATIO, VALUE, Content, FigureInput
from meritline.appraisal.indicators import TenantIndicator
from meritline.errors import Problem, problem
from meritline_sdk.model.indicators import Indicator

MOST: Final = Decimal("1e15")
MOST_SAMPLE: Final = 2_147_483_647
MOST_DECIMALS: Final = 10
LONGEST: Final = {"source": 500, "note": 2000, "reason": 2000}


def content_of(given: FigureInput, chosen: TenantIndicator) -> Content | list[Problem]:
    """The figure, or everything that is wrong with it."""
    found = [*text_problems("source", given.source), *text_problems("note", given.note, required=False)]
    indicator = chosen.indicator
    if not isinstance(indicator, Indicator):
        return [*found, problem("E-FIGURE-RATED", field="indicator", value=chosen.key)]
    found += number_problems(given, chosen, indicator)
    if found:
        return found
    sample = given.sample
    if sample is None and given.denominator is not None:
        sample = bounds.counted_by(chosen, Fraction(given.denominator))
    return Content(kind=given.kind, numerator=given.numerator, denominator=given.denominator, value=given.value,
                   sample=sample, source=given.source, note=given.note)


def text_problems(field: str, text: str | None, *, required: bool = True) -> Iterator[Problem]:
    """A text that must be there, can be stored and is not endless."""
    if text is None or not text.strip():
        if required:
            yield problem("E-FIGURE-REASON" if field == "reason" else "E-FIGURE-SOURCE", field=field)
    elif len(text) > LONGEST[field]:
        yield problem("E-FIGURE-LONG", field=field, longest=LONGEST[field])
    elif any(unfit(char, field) for char in text):
        yield problem("E-FIGURE-TEXT", field=field)


def unfit(char: str, field: str) -> bool:
    """A control character or half a one; only a note or a reason may have lines."""
    return category(char) in ("Cc", "Cs") and not (field != "source" and char in "\n\t")


def number_problems(given: FigureInput, chosen: TenantIndicator, indicator: Indicator) -> list[Problem]:
    """What is wrong with the numbers; limits are looked at only where each of them is one."""
    numbers = {name: getattr(given, name) for name in ("numerator", "denominator", "value")}
    present = {name for name, value in numbers.items() if value is not None}
    if present not in ({"numerator", "denominator"}, {VALUE}):
        return [problem("E-FIGURE-FORM", field="value", value=", ".join(sorted(present)) or None)]
    if given.kind == RATIO and not bounds.quotient(indicator.measure):
        return [problem("E-FIGURE-NO-RATIO", field="numerator", value=chosen.key, unit=indicator.unit.key)]
    found = [each for name in sorted(present) for each in exactness(name, numbers[name])]
    if given.sample is not None and not 0 <= given.sample <= MOST_SAMPLE:
        found.append(problem("E-FIGURE-SAMPLE", field="sample", value=given.sample, most=MOST_SAMPLE))
    if found:
        return found
    return list(ratio_problems(given, chosen, indicator) if given.kind == RATIO
                else value_problems(given, chosen, indicator))


def exactness(name: str, value: Decimal) -> Iterator[Problem]:
    """A number that is one, and that can be kept as it is."""
    if not value.is_finite() or abs(value) > MOST:
        yield problem("E-FIGURE-NUMBER", field=name, value=value, most=f"{MOST:f}")
    elif -value.normalize().as_tuple().exponent > MOST_DECIMALS:  # type: ignore[operator]
        yield problem("E-FIGURE-DECIMALS", field=name, value=value, places=MOST_DECIMALS)


def ratio_problems(given: FigureInput, chosen: TenantIndicator, indicator: Indicator) -> Iterator[Problem]:
    """Both sides and their quotient."""
    above, below = given.numerator, given.denominator
    assert above is not None
    assert below is not None
    if below <= 0:
        yield problem("E-FIGURE-DENOMINATOR", field="denominator", value=below)
        return
    for name, value, whole in zip(("numerator", "denominator"), (above, below), bounds.whole_sides(chosen),
                                  strict=True):
        if whole and value != int(value):
            yield problem("E-FIGURE-WHOLE", field=name, value=value, indicator=chosen.key)
    low, high = bounds.bounds(indicator)
    quotient = Fraction(above) / Fraction(below) * bounds.factor(indicator)
    if abs(quotient) > MOST:
        yield problem("E-FIGURE-NUMBER", field="numerator", value=above, most=f"{MOST:f}")
    elif low is not None and quotient < low:
        yield problem("E-FIGURE-NEGATIVE", field="numerator", value=above, indicator=chosen.key)
    elif high is not None and quotient > high:
        yield problem("E-FIGURE-SHARE", field="numerator", value=above, denominator=below, indicator=chosen.key)


def value_problems(given: FigureInput, chosen: TenantIndicator, indicator: Indicator) -> Iterator[Problem]:
    """A value that is given as a whole."""
    value = given.value
    assert value is not None
    if bounds.whole_value(chosen) and value != int(value):
        yield problem("E-FIGURE-WHOLE", field=VALUE, value=value, indicator=chosen.key)
    low, high = bounds.bounds(indicator)
    if (low is not None and value < low) or (high is not None and value > high):
        yield problem("E-FIGURE-UNIT", field=VALUE, value=value, indicator=chosen.key,
                      unit=indicator.unit.key, low="−∞" if low is None else low,
                      high="∞" if high is None else high)
