"""Which grade a score has. Decides what happens on a limit: it belongs to the grade above in the lower reading."""

from decimal import Decimal
from fractions import Fraction

from meritline_sdk.evaluate.numbers import fraction
from meritline_sdk.model.bands import LOWER_INCLUSIVE, Grade, GradeBands


def grade_of(bands: GradeBands, score: Decimal | Fraction) -> Grade:
    """The grade in whose range the score lies; every score lies in exactly one.

    >>> from meritline_sdk.model.text import Text
    >>> bands = GradeBands((Grade("poor", Text("Poor", "差")), Grade("good", Text("Good", "好"), 60)))
    >>> grade_of(bands, Decimal("59.99")).key, grade_of(bands, Decimal(60)).key
    ('poor', 'good')
    """
    exact = Fraction(score)
    if bands.reading == LOWER_INCLUSIVE:
        return next(grade for grade in reversed(bands.grades) if grade.limit is None or exact >= fraction(grade.limit))
    return next(grade for grade in bands.grades if grade.limit is None or exact <= fraction(grade.limit))
