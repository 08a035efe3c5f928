"""How a number is printed. Decides that whatever is shown closes: exact, or cut and marked with ``…``.

An operand of a formula is always exact: a decimal of few digits, or a fraction. A result that does not end is cut
and marked; where it is calculated with further, so many digits are shown that the printed result comes out. Never an
exponent: a pocket calculator has no key for it.
"""

from collections.abc import Sequence
from fractions import Fraction
from functools import lru_cache

from meritline_sdk.evaluate.numbers import half_up, pointed, terminating, towards_zero
from meritline_sdk.explain.phrases import say
from meritline_sdk.model.units import COUNT, MONEY, PERCENT, POINTS, RATING, YES_NO, Unit

MINUS, TIMES, CUT = "−", "×", "…"
SHORT = 6
DIGITS = (4, 6, 8, 10, 12)
LEVELS = range(len(DIGITS) + 1)
MOST_SPELT = 4096


def signed(text: str) -> str:
    """The number with the typographic minus."""
    return text.replace("-", MINUS)


@lru_cache(MOST_SPELT)
def exactly(value: Fraction) -> str | None:
    """The number as a decimal of few digits, or None where that is not exact."""
    places = terminating(value)
    return signed(pointed(half_up(value, places), places)) if places is not None and places <= SHORT else None


def figure(value: Fraction, digits: int = 4) -> str:
    """The number as a result: exact, or cut and marked.

    >>> figure(Fraction(2800, 34)), figure(Fraction(-5, 2)), figure(Fraction(1, 3000000))
    ('82.3529…', '−2.5', '0.0000003333…')
    """
    exact = exactly(value)
    if exact is not None:
        return exact
    places = digits + leading_zeros(value)
    return signed(pointed(towards_zero(value, places), places)) + CUT


def leading_zeros(value: Fraction) -> int:
    """How many zeros follow the point before the first digit."""
    count, rest, whole = 0, abs(value.numerator) * 10, value.denominator
    while 0 < rest < whole:
        rest *= 10
        count += 1
    return count


def operand(value: Fraction) -> str:
    """The number inside a formula, always exact: a decimal or a fraction, in brackets where it needs them."""
    exact = exactly(value)
    text = exact if exact is not None else signed(f"{value.numerator}/{value.denominator}")
    return f"({text})" if value.numerator < 0 else text


def factor(value: Fraction) -> str:
    """The number where it is multiplied or divided: a fraction stands in brackets."""
    text = operand(value)
    return f"({text})" if "/" in text and not text.startswith("(") else text


def quotient(numerator: Fraction, denominator: Fraction) -> str:
    """``28/34``."""
    return f"{factor(numerator)}/{factor(denominator)}"


@lru_cache(MOST_SPELT)
def spelling(value: Fraction, level: int) -> tuple[str, Fraction]:
    """The number as a result, the longer the higher the level, with the value that a calculator reads; the last level
    is exact."""
    exact = exactly(value)
    if exact is not None:
        return exact, value
    if level == len(DIGITS):
        return f"({signed(f'{value.numerator}/{value.denominator}')})", value
    places = DIGITS[level] + leading_zeros(value)
    whole = towards_zero(value, places)
    return signed(pointed(whole, places)) + CUT, Fraction(whole, 10**places)


def closing_product(value: Fraction, by: Fraction, places: int) -> str:
    """The spelling of ``value`` with which ``value * by`` rounds to the printed result."""
    wanted = half_up(value * by, places)
    spellings = (spelling(value, level) for level in LEVELS)
    return next(text for text, read in spellings if half_up(read * by, places) == wanted)


def closing_sum(values: Sequence[Fraction], places: int) -> list[str]:
    """Spellings of the numbers with which their sum rounds to the printed result."""
    wanted = half_up(sum(values, Fraction(0)), places)
    for level in LEVELS:
        shown = [spelling(value, level) for value in values]
        if half_up(sum([read for _, read in shown], Fraction(0)), places) == wanted:
            return [text for text, _ in shown]
    raise AssertionError("the last spelling is exact")


def added(terms: Sequence[str]) -> str:
    """``a + b − c``."""
    text = " + ".join(terms)
    return text.replace(f"+ {MINUS}", f"{MINUS} ")


def rounding(value: Fraction, places: int, language: str, formula: str = "") -> str:
    """The number rounded half up, naming the rounding where there is one, or where the formula has cut numbers."""
    whole = half_up(value, places)
    text = signed(pointed(whole, places))
    if whole * value.denominator == value.numerator * 10**places and CUT not in formula:
        return text
    return text + say(language, "rounded", to=pointed(1, places))


def with_unit(text: str, unit: Unit, language: str) -> str:
    """The printed number with its unit."""
    if unit is PERCENT:
        return f"{text}%"
    if unit in (COUNT, MONEY, RATING, YES_NO):
        return text
    if unit is POINTS:
        return say(language, "points", points=text)
    return say(language, f"unit_{unit.key}", number=text)
