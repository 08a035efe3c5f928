"""Answers that are none."""

from decimal import Decimal
from fractions import Fraction

from meritline_sdk import COUNT, MINUTES, Answer


def gives_float(rows, settings, period):
    return Answer(1.5, COUNT)


def gives_nan(rows, settings, period):
    return Answer(Decimal("NaN"), COUNT)


def gives_float_nan(rows, settings, period):
    return Answer(float("nan"), COUNT)


def gives_infinity(rows, settings, period):
    return Answer(Decimal("-Infinity"), COUNT)


def gives_no_value(rows, settings, period):
    return Answer(None, COUNT)


def gives_bool(rows, settings, period):
    return Answer(True, COUNT)


def gives_number(rows, settings, period):
    return 7


def gives_text(rows, settings, period):
    return "9" * 50_000_000


def gives_text_as_value(rows, settings, period):
    return Answer("9" * 50_000_000, COUNT)


def gives_huge(rows, settings, period):
    return Answer(1 << 40_000_000, COUNT)


def gives_exponent(rows, settings, period):
    return Answer(Decimal("1E+999999"), COUNT)


def gives_fine_fraction(rows, settings, period):
    return Answer(Fraction(1, 10**70), COUNT)


def gives_subclass(rows, settings, period):
    class Sly(int):
        def __eq__(self, other):
            return True

        __hash__ = int.__hash__

    return Answer(Sly(3), COUNT)


def gives_minutes(rows, settings, period):
    return Answer(3, MINUTES)


def gives_own_unit(rows, settings, period):
    return Answer(3, "count")


def uses_strangers(rows, settings, period):
    return Answer(3, COUNT, used=("somebody/else",))


def uses_nonsense(rows, settings, period):
    return Answer(3, COUNT, used=range(5))


def sample_too_large(rows, settings, period):
    return Answer(3, COUNT, sample=99)


def sample_float(rows, settings, period):
    return Answer(3, COUNT, sample=1.0)
