"""How a number is printed. Decides that whatever is shown closes: exact, or cut and marked with ``…``.

An operand of a formula is always exact: a decimal of few digits, or a fraction. A result that does not end is cut
and marked; where it is calculated with further, so many digits are shown that the printed result comes out. Never an
exponent: a pocket calculator has no key for it.
"""

from collections.abc import Sequence
from fractions import Fraction
from functools import lru_cache
from math import lcm
from typing import NamedTuple

from meritline_sdk.evaluate.numbers import ending, half_up_of, pointed, ratio
from meritline_sdk.explain.phrases import say
from meritline_sdk.model.units import COUNT, MONEY, PERCENT, POINTS, RATING, YES_NO, Unit

MINUS, TIMES, CUT = "−", "×", "…"
SHORT = 6
DIGITS = (4, 6, 8, 10, 12)
LEVELS = range(len(DIGITS) + 1)
MOST_SPELT = 4096
WITHOUT = frozenset(unit.key for unit in (COUNT, MONEY, RATING, YES_NO))
"""Units that say nothing beside a number."""
PLACE = "\0"
"""Where the number stands."""


type Ratio = tuple[int, int]
"""Numerator and denominator."""


def signed(text: str) -> str:
    """The number with the typographic minus."""
    return text.replace("-", MINUS)


def exactly(value: Fraction) -> str | None:
    """The number as a decimal of few digits, or None where that is not exact."""
    return ending_in_few(value.numerator, value.denominator)


def ending_in_few(numerator: int, denominator: int) -> str | None:
    """The same of a number in lowest terms."""
    places = ending(denominator)
    if places is None or places > SHORT:
        return None
    return signed(pointed(numerator * 10**places // denominator, places))


def figure(value: Fraction, digits: int = 4) -> str:
    """The number as a result: exact, or cut and marked.

    >>> figure(Fraction(2800, 34)), figure(Fraction(-5, 2)), figure(Fraction(1, 3000000))
    ('82.3529…', '−2.5', '0.0000003333…')
    """
    return exactly(value) or cut_off(value.numerator, value.denominator, digits)[0]


def cut_off(numerator: int, denominator: int, digits: int) -> tuple[str, Ratio]:
    """The number cut after so many digits that are not leading zeros, and marked; and what a calculator reads there.
    """
    scale = 10 ** (places := digits + leading_zeros(numerator, denominator))
    whole = abs(numerator) * scale // denominator
    whole = whole if numerator >= 0 else -whole
    return signed(pointed(whole, places)) + CUT, (whole, scale)


def leading_zeros(numerator: int, denominator: int) -> int:
    """How many zeros follow the point before the first digit."""
    count, rest = 0, abs(numerator) * 10
    while 0 < rest < denominator:
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
    return multiplied(operand(value))


def multiplied(text: str) -> str:
    """The operand where it is multiplied or divided."""
    return f"({text})" if "/" in text and not text.startswith("(") else text


def quotient(numerator: Fraction, denominator: Fraction) -> str:
    """``28/34``."""
    return f"{factor(numerator)}/{factor(denominator)}"


class Spelt(NamedTuple):
    """A number as it is printed: as a result, inside a formula, and where it is multiplied or divided there.

    ``exact`` is the number in lowest terms, ``read`` what a calculator reads of the result.
    """

    figure: str
    operand: str
    factor: str
    exact: Ratio
    read: Ratio


@lru_cache(MOST_SPELT)
def spelt(text: str) -> Spelt:
    """How a number of a step is printed, which is a function of its text: the same numbers come again and again.

    >>> spelt("-2800/34")[:3]
    ('−82.3529…', '(−1400/17)', '(−1400/17)')
    """
    exact = numerator, denominator = ratio(text)
    shown = ending_in_few(numerator, denominator)
    if shown is not None:
        inside = f"({shown})" if numerator < 0 else shown
        return Spelt(shown, inside, inside, exact, exact)
    shown, read = cut_off(numerator, denominator, DIGITS[0])
    bracketed = f"({signed(f'{numerator}/{denominator}')})"
    return Spelt(shown, bracketed if numerator < 0 else bracketed[1:-1], bracketed, exact, read)


def spelling(exact: Ratio, level: int) -> tuple[str, Ratio]:
    """A number in lowest terms as a result, the longer the higher the level, with the value that a calculator reads;
    the last level is exact."""
    shown = ending_in_few(*exact)
    if shown is not None:
        return shown, exact
    if level == len(DIGITS):
        return f"({signed(f'{exact[0]}/{exact[1]}')})", exact
    return cut_off(*exact, DIGITS[level])


def closing_product(value: Fraction, by: Fraction, places: int) -> str:
    """The spelling of ``value`` with which ``value * by`` rounds to the printed result."""
    exact, (times, over) = value.as_integer_ratio(), by.as_integer_ratio()
    wanted = half_up_of(exact[0] * times, exact[1] * over, places)
    spellings = (spelling(exact, level) for level in LEVELS)
    return next(text for text, read in spellings if half_up_of(read[0] * times, read[1] * over, places) == wanted)


def closing_sum(terms: Sequence[Spelt], places: int) -> list[str]:
    """Spellings of the numbers with which their sum rounds to the printed result."""
    wanted = half_up_of(*summed([term.exact for term in terms]), places)
    shown = [(term.figure, term.read) for term in terms]
    for level in LEVELS:
        if level:
            shown = [spelling(term.exact, level) for term in terms]
        if half_up_of(*summed([read for _, read in shown]), places) == wanted:
            return [text for text, _ in shown]
    raise AssertionError("the last spelling is exact")


def summed(terms: Sequence[Ratio]) -> Ratio:
    """The sum of quotients as a quotient, in any terms: one division by what they have in common, none in between."""
    common = lcm(*[below for _, below in terms])
    return sum([above * (common // below) for above, below in terms]), common


def added(terms: Sequence[str]) -> str:
    """``a + b − c``."""
    text = " + ".join(terms)
    return text.replace(f"+ {MINUS}", f"{MINUS} ")


def rounding(value: Fraction, places: int, language: str, formula: str = "") -> str:
    """The number rounded half up, naming the rounding where there is one, or where the formula has cut numbers."""
    numerator, denominator = value.as_integer_ratio()
    whole = half_up_of(numerator, denominator, places)
    text = signed(pointed(whole, places))
    if whole * denominator == numerator * 10**places and CUT not in formula:
        return text
    return text + say(language, "rounded", to=pointed(1, places))


def with_unit(text: str, unit: Unit, language: str) -> str:
    """The printed number with its unit."""
    before, after = around(unit.key, language)
    return before + text + after


@lru_cache(256)
def around(unit: str, language: str) -> tuple[str, str]:
    """What stands before and after a number of this unit."""
    if unit == PERCENT.key:
        return "", "%"
    if unit in WITHOUT:
        return "", ""
    phrase, name = ("points", "points") if unit == POINTS.key else (f"unit_{unit}", "number")
    before, _, after = say(language, phrase, **{name: PLACE}).partition(PLACE)
    return before, after
