"""Exact numbers: decides the one way a result is rounded and the one way a rational is written."""

from decimal import Context, Decimal, Inexact, InvalidOperation, Overflow
from fractions import Fraction
from functools import lru_cache

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
    numerator, denominator = value.numerator, value.denominator
    whole = (2 * abs(numerator) * 10**places + denominator) // (2 * denominator)
    return shifted(whole if numerator >= 0 else -whole, places)


def cut(value: Fraction, places: int) -> Decimal:
    """The number cut towards zero to ``places`` decimals."""
    whole = abs(value.numerator) * 10**places // value.denominator
    return shifted(whole if value.numerator >= 0 else -whole, places)


def shifted(whole: int, places: int) -> Decimal:
    """``whole`` with the point moved ``places`` to the left; never a negative zero."""
    return EXACT.scaleb(Decimal(whole), -places)


def terminating(value: Fraction) -> int | None:
    """How many decimals write the number exactly, or None where no number of them does."""
    rest, places = value.denominator, 0
    for prime in (2, 5):
        power = 0
        while rest % prime == 0:
            rest //= prime
            power += 1
        places = max(places, power)
    return places if rest == 1 else None


def rational_text(value: Fraction) -> str:
    """The canonical spelling of a rational: ``5``, ``-1/3``.

    >>> rational_text(Fraction(10, 2)), rational_text(Fraction(-2, 6))
    ('5', '-1/3')
    """
    return str(value)
