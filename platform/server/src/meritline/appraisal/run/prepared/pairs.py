"""Rationals as pairs of whole numbers, the second above zero, and as the text that steps and digests have of them."""

from fractions import Fraction
from math import gcd

type Pair = tuple[int, int]


def lowest(top: int, bottom: int) -> Pair:
    """The same number in lowest terms."""
    if bottom == 1:
        return top, 1
    shared = gcd(top, bottom)
    return (top, bottom) if shared == 1 else (top // shared, bottom // shared)


def spelt(top: int, bottom: int) -> str:
    """The number, which is in lowest terms, as ``rational_text`` writes it."""
    return f"{top}" if bottom == 1 else f"{top}/{bottom}"


def pair(value: Fraction) -> Pair:
    """The two whole numbers."""
    return value.numerator, value.denominator
