"""How a number is printed. Decides that whatever is shown closes: exact, or cut and marked with ``…``.

An operand of a formula is always exact: a decimal of few digits, or a fraction. A result that does not end is cut
and marked; where it is calculated with further, so many digits are shown that the printed result comes out. Never an
exponent: a pocket calculator has no key for it.
"""

from collections.abc import Iterator, Sequence
from fractions import Fraction

from meritline_sdk.evaluate.numbers import cut, rounded, shifted, terminating
from meritline_sdk.explain.phrases import say
from meritline_sdk.model.units import COUNT, MONEY, PERCENT, POINTS, RATING, YES_NO, Unit

MINUS, TIMES, CUT = "−", "×", "…"
SHORT = 6
DIGITS = (4, 6, 8, 10, 12)


def signed(text: str) -> str:
    """The number with the typographic minus."""
    return text.replace("-", MINUS)


def exactly(value: Fraction) -> str | None:
    """The number as a decimal of few digits, or None where that is not exact."""
    places = terminating(value)
    return signed(f"{rounded(value, places):f}") if places is not None and places <= SHORT else None


def figure(value: Fraction, digits: int = 4) -> str:
    """The number as a result: exact, or cut and marked.

    >>> figure(Fraction(2800, 34)), figure(Fraction(-5, 2)), figure(Fraction(1, 3000000))
    ('82.3529…', '−2.5', '0.0000003333…')
    """
    exact = exactly(value)
    if exact is not None:
        return exact
    return signed(f"{cut(value, digits + leading_zeros(value)):f}") + CUT


def leading_zeros(value: Fraction) -> int:
    """How many zeros follow the point before the first digit."""
    count, rest = 0, abs(value)
    while rest and rest * 10 < 1:
        rest *= 10
        count += 1
    return count


def operand(value: Fraction) -> str:
    """The number inside a formula, always exact: a decimal or a fraction, in brackets where it needs them."""
    exact = exactly(value)
    text = exact if exact is not None else signed(f"{value.numerator}/{value.denominator}")
    return f"({text})" if value < 0 else text


def factor(value: Fraction) -> str:
    """The number where it is multiplied or divided: a fraction stands in brackets."""
    text = operand(value)
    return f"({text})" if "/" in text and not text.startswith("(") else text


def quotient(numerator: Fraction, denominator: Fraction) -> str:
    """``28/34``."""
    return f"{factor(numerator)}/{factor(denominator)}"


def candidates(value: Fraction) -> Iterator[tuple[str, Fraction]]:
    """The spellings of a number from the shortest, each with the value that a calculator reads; the last is exact."""
    exact = exactly(value)
    if exact is not None:
        yield exact, value
        return
    for digits in DIGITS:
        places = digits + leading_zeros(value)
        yield signed(f"{cut(value, places):f}") + CUT, Fraction(cut(value, places))
    yield f"({signed(f'{value.numerator}/{value.denominator}')})", value


def closing_product(value: Fraction, by: Fraction, places: int) -> str:
    """The spelling of ``value`` with which ``value * by`` rounds to the printed result."""
    wanted = rounded(value * by, places)
    return next(text for text, read in candidates(value) if rounded(read * by, places) == wanted)


def closing_sum(values: Sequence[Fraction], places: int) -> list[str]:
    """Spellings of the numbers with which their sum rounds to the printed result."""
    wanted = rounded(sum(values, Fraction(0)), places)
    chosen = [list(candidates(value)) for value in values]
    for level in range(len(DIGITS) + 1):
        shown = [spellings[min(level, len(spellings) - 1)] for spellings in chosen]
        if rounded(sum((read for _, read in shown), Fraction(0)), places) == wanted:
            return [text for text, _ in shown]
    raise AssertionError("the last spelling is exact")


def added(terms: Sequence[str]) -> str:
    """``a + b − c``."""
    text = " + ".join(terms)
    return text.replace(f"+ {MINUS}", f"{MINUS} ")


def rounding(value: Fraction, places: int, language: str, formula: str = "") -> str:
    """The number rounded half up, naming the rounding where there is one, or where the formula has cut numbers."""
    text = signed(f"{rounded(value, places):f}")
    if Fraction(rounded(value, places)) == value and CUT not in formula:
        return text
    return text + say(language, "rounded", to=f"{shifted(1, places):f}")


def with_unit(text: str, unit: Unit, language: str) -> str:
    """The printed number with its unit."""
    if unit is PERCENT:
        return f"{text}%"
    if unit in (COUNT, MONEY, RATING, YES_NO):
        return text
    if unit is POINTS:
        return say(language, "points", points=text)
    return say(language, f"unit_{unit.key}", number=text)
