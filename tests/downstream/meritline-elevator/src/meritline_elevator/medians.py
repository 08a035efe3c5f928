"""The one function, in a module of its own: a change elsewhere does not change what computed a result."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from fractions import Fraction

from meritline_sdk import MINUTES, Answer, Period, Row

MINUTE = timedelta(minutes=1) // timedelta(microseconds=1)


def median_repair(rows: Sequence[Row], settings: Mapping[str, object], period: Period) -> Answer | None:
    """The middle of all repair times; of an even number the mean of the two in the middle."""
    times = sorted(row.closed_at - row.arrived_at for row in rows if row.arrived_at and row.closed_at)
    if not times:
        return None
    two = times[(len(times) - 1) // 2] + times[len(times) // 2]
    return Answer(Fraction(two // timedelta(microseconds=1), 2 * MINUTE), MINUTES, sample=len(times))
