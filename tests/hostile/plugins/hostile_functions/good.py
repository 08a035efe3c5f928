"""What a function should do."""

from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction

from meritline_sdk import COUNT, Answer


def total(rows, settings, period):
    return Answer(sum(row.amount for row in rows), COUNT)


def quotient(rows, settings, period):
    return Answer(Fraction(1, 3), COUNT, numerator=Decimal("1.50"), denominator=Decimal("4.5"), sample=1,
                  used=(rows[0].id,))


def cannot_tell(rows, settings, period):
    return None


def sees(rows, settings, period):
    """Everything that it gets, so that the test can see that nothing else comes."""
    row = rows[0]
    right = (row.done_at == datetime.fromisoformat("2026-05-03T10:00:00+00:00") and row.worked.total_seconds() == 90
             and row.day == date(2026, 5, 3) and row.flag is True and row.code == "中\n\u2028\""
             and str(row.price) == "1.50" and row.gone is None and period.last_day == date(2026, 5, 31)
             and settings["limit"].total_seconds() == 7200 and len(settings) == 1)
    return Answer(int(right), COUNT)
