"""From tallies to a reading. Decides when a number is a reading, and when it is not measured or rests on too little.

What the value is, ``measured`` decides. A reading that rests on too few records keeps its value for the reader, and
counts as missing. What needs a value that the tenant has not filled in is not measured.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from meritline_sdk.evaluate.answers import Asked
from meritline_sdk.evaluate.measured import Covered, measured
from meritline_sdk.evaluate.results import (
    BLANK,
    DENOMINATOR_ZERO,
    EARLIER_NOT_MEASURED,
    FAILED,
    MEASURED,
    NO_RECORDS,
    NOT_DELIVERED,
    NOT_MEASURED,
    SAMPLE_TOO_SMALL,
    STATES,
    UNREAD,
    WAIVED,
    Entered,
    Reading,
    ReadingPart,
    unread,
)  # fmt: skip
from meritline_sdk.evaluate.scenes import plain
from meritline_sdk.evaluate.tallies import Tallied
from meritline_sdk.evaluate.windows import Window
from meritline_sdk.model.indicators import Beside, Indicator
from meritline_sdk.model.measures import (
    Complete,
    Count,
    Distinct,
    EmployedDays,
    Measure,
    PeriodDays,
    Sum,
    Tally,
    Total,
    measure_parameters,
    tallies_of,
    timed,
)  # fmt: skip
from meritline_sdk.model.nodes import Literal, Scalar
from meritline_sdk.model.rated import RatedIndicator
from meritline_sdk.model.units import COUNT, SECONDS, Unit

if TYPE_CHECKING:
    from meritline_sdk.evaluate.ratings import Rating

__all__ = [
    "BLANK", "DENOMINATOR_ZERO", "EARLIER_NOT_MEASURED", "FAILED", "MEASURED", "NOT_DELIVERED", "NOT_MEASURED",
    "NO_RECORDS", "SAMPLE_TOO_SMALL", "STATES", "UNREAD", "WAIVED", "Covered", "Entered", "Reading", "ReadingPart",
    "beside_values", "provisional_until", "rated", "read", "unit_beside",
]  # fmt: skip

COUNTING = (Count, Sum, Distinct, Total, Complete, EmployedDays, PeriodDays)
REMEMBERED = 4096
NO_PARAMETERS: Mapping[str, Scalar] = {}


def read(indicator: Indicator, tallied: Mapping[Tally, Tallied], *, covered: Covered,
         minimum_sample: int | None = None, parameters: Mapping[str, Scalar] = NO_PARAMETERS,
         asked: Asked | None = None) -> Reading:
    """The indicator's reading of what was tallied; a tally that is absent found nothing.

    ``covered`` says of a tally whether the source delivered its record type for the tally's period; ``parameters``
    are what the tenant set. ``asked`` is how the function of a Python measure is asked; without it such a reading
    failed.
    """
    blank = unfilled(indicator.measure, parameters)
    if blank is not None:
        return unread(f"{BLANK}:{blank}")
    minimum = indicator.minimum_sample if minimum_sample is None else minimum_sample
    found = measured(indicator.measure, indicator.unit, tallied, covered, parameters, asked)
    if minimum <= 1 and (not found.sample or isinstance(indicator.measure, COUNTING)):
        return found  # a count of nothing is a result; the default minimum of one is not meant for it
    return found.needing(minimum)


_blanks: dict[int, tuple[Measure, tuple[str, ...]]] = {}


def unfilled(measure: Measure, parameters: Mapping[str, Scalar]) -> str | None:
    """The first parameter without a default that the tenant has not filled in.

    Which ones a measure has is remembered by the measure's identity: a run asks for every subject, and to walk or to
    hash the expression would take longer than the reading.
    """
    known = _blanks.get(id(measure))
    if known is None or known[0] is not measure:
        if len(_blanks) >= REMEMBERED:
            _blanks.clear()
        names = tuple(each.name for each in measure_parameters(measure) if each.default is None)
        known = _blanks[id(measure)] = (measure, names)
    return next((name for name in known[1] if parameters.get(name) is None), None)


def beside_values(indicator: Indicator, tallied: Mapping[Tally, Tallied], *, covered: Covered,
                  parameters: Mapping[str, Scalar] = NO_PARAMETERS) -> tuple[tuple[Beside, Reading], ...]:
    """The numbers shown beside the reading; a time is in the indicator's unit, or in seconds where that is no time."""
    return tuple((one, beside_value(indicator, one, tallied, covered, parameters)) for one in indicator.beside)


def beside_value(indicator: Indicator, one: Beside, tallied: Mapping[Tally, Tallied], covered: Covered,
                 parameters: Mapping[str, Scalar]) -> Reading:
    """One number shown beside."""
    blank = unfilled(one.measure, parameters)
    if blank is not None:
        return unread(f"{BLANK}:{blank}")
    return measured(one.measure, unit_beside(indicator, one), tallied, covered, parameters)


def unit_beside(indicator: Indicator, one: Beside) -> Unit:
    """The unit of a number shown beside the reading."""
    if not timed(tallies_of(one.measure)[0]):
        return COUNT
    return SECONDS if indicator.unit.seconds is None else indicator.unit


def provisional_until(indicator: Indicator, window: Window, parameters: Mapping[str, Scalar] = NO_PARAMETERS,
                      ) -> datetime | None:
    """Until when what comes later may still change the reading; None where nothing can, or a blank says how long."""
    after = indicator.settles_after
    if after is None:
        return None
    found: Any = plain(after.value if isinstance(after, Literal) else parameters.get(after.name, after.default))
    return None if found is None else window.end + timedelta(microseconds=found)


def rated(indicator: RatedIndicator, given: "Sequence[Rating | Decimal]") -> Reading:
    """What people gave, put together as the indicator says; ``ratings`` has the rules."""
    from meritline_sdk.evaluate.ratings import reading_of

    return reading_of(indicator, given)
