"""Exact numbers: decides the one way a result is rounded and the one way a rational is written."""

from decimal import Context, Decimal, Inexact, InvalidOperation, Overflow
from fractions import Fraction
from functools import lru_cache
from math import gcd

from meritline_sdk.model.blanks import Blank, Open
from meritline_sdk.model.records import DeclarationError

EXACT = Context(prec=6000, traps=[Inexact, InvalidOperation, Overflow])
"""A context in which a result that would have to be rounded raises instead."""


class OpenBlankError(DeclarationError):
    """Something was to be computed with a number that a document leaves open."""

    def __init__(self, blank: Blank) -> None:
        self.blank = blank
        super().__init__(f"the blank {blank.key!r} ({blank.title.en}, printed {blank.printed!r}) is not filled, and "
                         f"nothing is computed with a blank; give it a number: filled(scheme, {{{blank.key!r}: ...}})")


@lru_cache(maxsize=8192)
def fraction(value: Open | Fraction) -> Fraction:
    """A declared number as a fraction; NaN, infinity and an open blank raise. A scheme has few, asked for all the time.
    """
    if isinstance(value, Blank):
        raise OpenBlankError(value)
    return Fraction(value)


def decimal(value: Open) -> Decimal:
    """A declared number as a decimal; an open blank raises."""
    if isinstance(value, Blank):
        raise OpenBlankError(value)
    return Decimal(value)


def rounded(value: Fraction, places: int) -> Decimal:
    """The number rounded half up (away from zero) to ``places`` decimals.

    >>> rounded(Fraction(2845, 1000), 2), rounded(Fraction(-5, 10), 0), rounded(Fraction(2, 3), 4)
    (Decimal('2.85'), Decimal('-1'), Decimal('0.6667'))
    """
    return shifted(half_up(value, places), places)


def half_up(value: Fraction, places: int) -> int:
    """How many of the last decimals the rounded number is."""
    return half_up_of(value.numerator, value.denominator, places)


def half_up_of(numerator: int, denominator: int, places: int) -> int:
    """The same of a quotient, in any terms: what is rounded and then forgotten need not be reduced before."""
    whole = (2 * abs(numerator) * int(10**places) + denominator) // (2 * denominator)
    return whole if numerator >= 0 else -whole


def cut(value: Fraction, places: int) -> Decimal:
    """The number cut towards zero to ``places`` decimals."""
    return shifted(towards_zero(value, places), places)


def towards_zero(value: Fraction, places: int) -> int:
    """How many of the last decimals the cut number is."""
    whole = abs(value.numerator) * int(10**places) // value.denominator
    return whole if value.numerator >= 0 else -whole


def shifted(whole: int, places: int) -> Decimal:
    """``whole`` with the point moved ``places`` to the left; never a negative zero."""
    return EXACT.scaleb(Decimal(whole), -places)


def terminating(value: Fraction) -> int | None:
    """How many decimals write the number exactly, or None where no number of them does."""
    return ending(value.denominator)


@lru_cache(maxsize=1024)
def ending(denominator: int) -> int | None:
    """The same of any number in lowest terms with this denominator: there are few, and they come again and again."""
    rest, places = denominator, 0
    for prime in (2, 5):
        power = 0
        while rest % prime == 0:
            rest //= prime
            power += 1
        places = max(places, power)
    return places if rest == 1 else None


def pointed(whole: int, places: int) -> str:
    """The digits of ``shifted``, without an exponent.

    >>> pointed(-1234, 2), pointed(7, 3), pointed(0, 1), pointed(12, 0)
    ('-12.34', '0.007', '0.0', '12')
    """
    if not places:
        return str(whole)
    digits = str(abs(whole)).rjust(places + 1, "0")
    return f"{'-' if whole < 0 else ''}{digits[:-places]}.{digits[-places:]}"


@lru_cache(maxsize=8192)
def parsed(text: str | int) -> Fraction:
    """The number that ``rational_text`` wrote. A text is looked at once: steps say the same numbers again and again."""
    return Fraction(*ratio(str(text)))


def ratio(text: str) -> tuple[int, int]:
    """Numerator and denominator of what ``rational_text`` wrote, in lowest terms; a fraction takes longer to make of a
    text than all that is done with it."""
    above, slash, below = text.partition("/")
    if not above.removeprefix("-").isdecimal() or not (below.isdecimal() and int(below) if slash else True):
        return Fraction(text).as_integer_ratio()
    numerator, denominator = int(above), int(below or 1)
    common = gcd(numerator, denominator)
    return (numerator, denominator) if common == 1 else (numerator // common, denominator // common)


def rational_text(value: Fraction) -> str:
    """The canonical spelling of a rational: ``5``, ``-1/3``.

    >>> rational_text(Fraction(10, 2)), rational_text(Fraction(-2, 6))
    ('5', '-1/3')
    """
    return str(value)


def sign_of(text: str) -> int:
    """The sign of what ``rational_text`` wrote, which shows at its first character.

    >>> sign_of("-1/3"), sign_of("0"), sign_of("1/3")
    (-1, 0, 1)
    """
    return -1 if text.startswith("-") else int(text != "0")
