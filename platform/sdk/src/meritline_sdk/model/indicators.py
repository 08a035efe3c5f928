"""Indicators: what is measured, in which unit, which way is better. Decides the checks between measure and unit."""

from dataclasses import dataclass

from meritline_sdk.model.kinds import Kind
from meritline_sdk.model.measures import Change, Count, Measure, Ratio, measure_parameters, tallies_of, value_kind
from meritline_sdk.model.nodes import ParameterRef, kind_of
from meritline_sdk.model.rated import RatedIndicator
from meritline_sdk.model.records import DeclarationError, require_key
from meritline_sdk.model.text import Text
from meritline_sdk.model.units import PERCENT, PERCENTAGE_POINT, UNITS, Direction, Unit


@dataclass(frozen=True, slots=True)
class Indicator:
    """A measured indicator.

    ``measure`` gives a number in ``unit``; below ``minimum_sample`` records (of the denominator, or of the value)
    the reading is "sample too small". The key is unique within its set; elsewhere it is ``set.key``.
    """

    key: str
    title: Text
    measure: Measure
    unit: Unit
    better: Direction
    minimum_sample: int = 1
    note: Text | None = None

    def __post_init__(self) -> None:
        require_key(self.key, "indicator")
        if not isinstance(self.minimum_sample, int) or self.minimum_sample < 0:
            raise DeclarationError(f"indicator {self.key!r}: minimum_sample is a whole number of records")
        require_unit(self)

    def parameters(self) -> tuple[ParameterRef, ...]:
        """What a tenant may set, by name."""
        return measure_parameters(self.measure)

    def records(self) -> tuple[str, ...]:
        """The record types it looks at."""
        return tuple(dict.fromkeys(part.record for part in tallies_of(self.measure)))


def require_unit(indicator: Indicator) -> None:
    """Raise where the measure cannot give the unit."""
    unit, measure = indicator.unit, indicator.measure
    if UNITS.get(unit.key) != unit:
        raise DeclarationError(f"indicator {indicator.key!r}: unit {unit.key!r} is none of {', '.join(UNITS)}")
    base = measure.measure if isinstance(measure, Change) else measure
    if value_kind(base) is Kind.DURATION and unit.seconds is None:
        raise DeclarationError(f"indicator {indicator.key!r}: it measures a time, so its unit is SECONDS, MINUTES, "
                               f"HOURS or DAYS, not {unit.key}")
    if isinstance(base, Count) and unit.seconds is not None:
        raise DeclarationError(f"indicator {indicator.key!r}: a count is not a time, but its unit is {unit.key}")
    if isinstance(base, Ratio):
        require_ratio_unit(indicator, base)
    elif unit is PERCENT and isinstance(base, Count):
        raise DeclarationError(f"indicator {indicator.key!r}: a count is not a percentage; use Ratio or COUNT")
    if isinstance(measure, Change) and unit is PERCENT:
        raise DeclarationError(f"indicator {indicator.key!r}: a change of a percentage is in PERCENTAGE_POINT")


def require_ratio_unit(indicator: Indicator, ratio: Ratio) -> None:
    """Raise where a ratio mixes times with numbers."""
    times = [part.value is not None and kind_of(part.value) is Kind.DURATION
             for part in (ratio.numerator, ratio.denominator)]
    unit = indicator.unit
    if times[1] and not times[0]:
        raise DeclarationError(f"indicator {indicator.key!r}: a number divided by a time has no unit here; "
                               "declare the time as minutes in a Number field")
    if times[0] and not times[1] and unit.seconds is None:
        raise DeclarationError(f"indicator {indicator.key!r}: a time divided by a number is a time, not {unit.key}")
    if times[0] == times[1] and unit.seconds is not None:
        raise DeclarationError(f"indicator {indicator.key!r}: the ratio is no time, but its unit is {unit.key}")
    if unit in (PERCENT, PERCENTAGE_POINT) and times[0] != times[1]:
        raise DeclarationError(f"indicator {indicator.key!r}: a percentage compares like with like")


type AnyIndicator = Indicator | RatedIndicator
