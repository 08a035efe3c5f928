"""Indicators: what is measured, in which unit, which way is better. Decides the checks between measure and unit."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from meritline_sdk.model.expressions import Expr, as_expr, parameters_of
from meritline_sdk.model.kinds import Kind
from meritline_sdk.model.measures import (
    OF_NO_RECORDS,
    Change,
    Complete,
    Count,
    Distinct,
    Measure,
    Ratio,
    Side,
    Sum,
    Tally,
    Total,
    measure_parameters,
    side_tallies,
    tallies_of,
    timed,
    value_kind,
)  # fmt: skip
from meritline_sdk.model.nodes import Literal, ParameterRef
from meritline_sdk.model.rated import RatedIndicator as RatedIndicator  # its name for everybody
from meritline_sdk.model.records import DeclarationError, require_key
from meritline_sdk.model.text import Text
from meritline_sdk.model.units import PERCENT, PERCENTAGE_POINT, UNITS, YES_NO, Direction, Unit


@dataclass(frozen=True, slots=True)
class Beside:
    """A number shown beside the reading, which it does not change: how many requests were never answered.

    >>> Beside(Text("Never closed", "未关单"), Count(Callout, where=Callout.closed_at.missing())).title.en
    'Never closed'
    """

    title: Text
    measure: Count | Sum | Distinct | Total


@dataclass(frozen=True, slots=True)
class Indicator:
    """A measured indicator.

    ``measure`` gives a number in ``unit``; below ``minimum_sample`` records (of the denominator, or of the value)
    the reading is "sample too small". The key is unique within its set; elsewhere it is ``set.key``.
    ``settles_after``: until that long after the period (``days(7)``, or a Parameter) the reading is provisional,
    since what comes later can still change it. ``better`` says which way is better, ``note`` what a reader should
    know, ``beside`` numbers that are shown with it. Raises ``DeclarationError`` where the measure cannot give the unit.

    >>> FIX = Indicator("fix", Text("First-time fix rate", "一次修复率"), unit=PERCENT, better=HIGHER, minimum_sample=5,
    ...                 measure=Ratio(Count(Callout, where=Callout.visits == 1), Count(Callout)))
    >>> FIX.records()
    ('doc_callout',)
    """

    key: str
    title: Text
    measure: Measure
    unit: Unit
    better: Direction
    minimum_sample: int = 1
    note: Text | None = None
    beside: tuple[Beside, ...] = ()
    settles_after: Literal | ParameterRef | None = None

    if TYPE_CHECKING:  # what may be written where less is kept; tests/contract/test_sdk_typed.py holds it to the fields

        def __init__(self, key: str, title: Text, measure: Measure, unit: Unit, better: Direction,
                     minimum_sample: int = 1, note: Text | None = None, beside: tuple[Beside, ...] = (),
                     settles_after: Expr | Literal | ParameterRef | None = None) -> None: ...

    def __post_init__(self) -> None:
        require_key(self.key, "indicator")
        if not isinstance(self.minimum_sample, int) or self.minimum_sample < 0:
            raise DeclarationError(f"indicator {self.key!r}: minimum_sample is a whole number of records")
        if isinstance(self.settles_after, Expr):
            object.__setattr__(self, "settles_after", settling(self.key, self.settles_after))
        require_unit(self)

    def parameters(self) -> tuple[ParameterRef, ...]:
        """What a tenant may set, by name."""
        settles = () if self.settles_after is None else (self.settles_after,)
        shown = (one for each in self.beside for one in measure_parameters(each.measure))
        return parameters_of((*measure_parameters(self.measure), *shown, *settles))

    def records(self) -> tuple[str, ...]:
        """The record types it looks at, those of related records not among them."""
        return tuple(dict.fromkeys(part.record for part in indicator_tallies(self) if part.how not in OF_NO_RECORDS))


def indicator_tallies(indicator: Indicator) -> tuple[Tally, ...]:
    """The tallies of the measure and of what is shown beside it."""
    beside = (part for each in indicator.beside for part in tallies_of(each.measure))
    return tuple(dict.fromkeys((*tallies_of(indicator.measure), *beside)))


def settling(key: str, after: Expr) -> Literal | ParameterRef:
    """The time after which the reading stands."""
    node = as_expr(after).node
    if not isinstance(node, Literal | ParameterRef) or node.kind is not Kind.DURATION:
        raise DeclarationError(f"indicator {key!r}: settles_after is a time such as days(7), or a Parameter of one")
    return node


def require_unit(indicator: Indicator) -> None:
    """Raise where the measure cannot give the unit."""
    unit, measure = indicator.unit, indicator.measure
    if UNITS.get(unit.key) != unit:
        raise DeclarationError(f"indicator {indicator.key!r}: unit {unit.key!r} is none of {', '.join(UNITS)}")
    if isinstance(measure, Complete) != (unit is YES_NO):
        raise DeclarationError(f"indicator {indicator.key!r}: YES_NO is the unit of Complete, and of nothing else")
    if isinstance(measure, Change) and measure.relative:
        if unit is not PERCENT:
            raise DeclarationError(f"indicator {indicator.key!r}: a relative change is in PERCENT, not {unit.key}")
        return
    base = measure.measure if isinstance(measure, Change) else measure
    if value_kind(base) is Kind.DURATION and unit.seconds is None:
        raise DeclarationError(f"indicator {indicator.key!r}: it measures a time, so its unit is SECONDS, MINUTES, "
                               f"HOURS or DAYS, not {unit.key}")
    if isinstance(base, Count | Distinct) and unit.seconds is not None:
        raise DeclarationError(f"indicator {indicator.key!r}: a count is not a time, but its unit is {unit.key}")
    if isinstance(base, Ratio):
        require_ratio_unit(indicator, base)
    elif unit is PERCENT and isinstance(base, Count | Distinct):
        raise DeclarationError(f"indicator {indicator.key!r}: a count is not a percentage; use Ratio or COUNT")
    if isinstance(measure, Change) and unit is PERCENT:
        raise DeclarationError(f"indicator {indicator.key!r}: a change of a percentage is in PERCENTAGE_POINT")


def times(side: Side) -> bool:
    """Whether the side of a ratio is a time."""
    return any(timed(part) for part in side_tallies(side))


def require_ratio_unit(indicator: Indicator, ratio: Ratio) -> None:
    """Raise where a ratio mixes times with numbers."""
    above, below = times(ratio.numerator), times(ratio.denominator)
    unit = indicator.unit
    if below and not above:
        raise DeclarationError(f"indicator {indicator.key!r}: a number divided by a time has no unit here; "
                               "declare the time as minutes in a Number field")
    if above and not below and unit.seconds is None:
        raise DeclarationError(f"indicator {indicator.key!r}: a time divided by a number is a time, not {unit.key}")
    if above == below and unit.seconds is not None:
        raise DeclarationError(f"indicator {indicator.key!r}: the ratio is no time, but its unit is {unit.key}")
    if unit in (PERCENT, PERCENTAGE_POINT) and above != below:
        raise DeclarationError(f"indicator {indicator.key!r}: a percentage compares like with like")


type AnyIndicator = Indicator | RatedIndicator
