"""What fits an indicator. Decides in which range its readings lie, and which rules cannot be meant for it.

A target that no reading can reach, and a rule that makes points of seconds or of money, are slips, not choices.
"""

from decimal import Decimal

from meritline.appraisal.documents.blanks import Said
from meritline.documents import Table
from meritline_sdk.model import units
from meritline_sdk.model.blanks import Blank
from meritline_sdk.model.indicators import AnyIndicator, Indicator
from meritline_sdk.model.measures import Change, Ratio, side_tallies
from meritline_sdk.model.rated import RatedIndicator
from meritline_sdk.model.rules import AboveFloor, AsPoints, Judged, Rule, Threshold, ZeroTolerance
from meritline_sdk.model.units import Direction, Unit

HUNDRED = Decimal(100)
OF_UNIT: dict[str, tuple[int | None, int | None]] = {
    units.SCORE_100.key: (0, 100), units.SCORE_5.key: (0, 5), units.YES_NO.key: (0, 1), units.COUNT.key: (0, None),
    units.PER_MINUTE.key: (0, None), units.CHARACTERS_PER_MINUTE.key: (0, None),
    units.TIMES_PER_WEEK.key: (0, None),
}  # fmt: skip
NO_POINTS = frozenset(one.key for one in (
    units.SECONDS, units.MINUTES, units.HOURS, units.DAYS, units.MONEY, units.PER_MINUTE, units.CHARACTERS_PER_MINUTE,
    units.TIMES_PER_WEEK))  # fmt: skip
COUNTS = ("count", "distinct")
JUDGED_UNITS = (units.POINTS, units.COUNT)
LIMITS = ((AboveFloor, "start"), (Threshold, "over"), (ZeroTolerance, "allowed"))


def range_of(indicator: AnyIndicator) -> tuple[Decimal | None, Decimal | None]:
    """Between what every reading lies; None: no end is known."""
    if isinstance(indicator, RatedIndicator):
        if indicator.unit is units.RATING:
            return Decimal(indicator.scale_min), Decimal(indicator.scale_max)
        return ends(indicator.unit)
    if isinstance(indicator.measure, Change):
        return None, None
    if indicator.unit is units.PERCENT and is_count(indicator):
        return Decimal(0), HUNDRED if is_share(indicator) else None
    return ends(indicator.unit)


def ends(unit: Unit) -> tuple[Decimal | None, Decimal | None]:
    """Between what every reading of a unit lies."""
    low, high = OF_UNIT.get(unit.key, (None, None))
    return None if low is None else Decimal(low), None if high is None else Decimal(high)


def is_count(indicator: Indicator) -> bool:
    """Whether it divides numbers of records."""
    measure = indicator.measure
    return isinstance(measure, Ratio) and all(
        one.how in COUNTS for one in (*side_tallies(measure.numerator), *side_tallies(measure.denominator)))


def is_share(indicator: Indicator) -> bool:
    """Whether it is a part of a whole: records that fulfil something, of records of the same types."""
    measure = indicator.measure
    if not isinstance(measure, Ratio) or not is_count(indicator):
        return False
    above, below = side_tallies(measure.numerator), side_tallies(measure.denominator)
    return {one.record for one in above} <= {one.record for one in below}


def fit_problems(table: Table, rule: Rule, target: Said | None, indicator: AnyIndicator, name: str) -> None:
    """Report what cannot be meant: a limit outside the range, a rule for other units or for the other direction."""
    report_outside(table, "target", target, indicator, name)
    for kind, parameter in LIMITS:
        if isinstance(rule, kind):
            report_outside(table, f"rule.{parameter}", getattr(rule, parameter), indicator, name)
    unit = indicator.unit.key
    if isinstance(rule, AsPoints) and unit in NO_POINTS:
        table.report("E-RULE-UNIT", "rule", value=rule.kind, indicator=name, unit=unit)
    if isinstance(rule, Judged) and indicator.unit not in JUDGED_UNITS:
        table.report("E-RULE-UNIT", "rule", value=rule.kind, indicator=name, unit=unit)
    if isinstance(rule, ZeroTolerance) and indicator.better is Direction.HIGHER:
        table.report("E-RULE-DIRECTION", "rule", value=rule.kind, indicator=name)
    report_scale(table, rule, indicator, name)


def report_outside(table: Table, key: str, value: Said | None, indicator: AnyIndicator, name: str) -> None:
    """Report a limit that no reading can reach."""
    if value is None or isinstance(value, Blank):
        return
    low, high = range_of(indicator)
    number = Decimal(value)
    if (low is not None and number < low) or (high is not None and number > high):
        table.report("E-TARGET-RANGE", *key.split("."), value=value, indicator=name, unit=indicator.unit.key,
                     low="…" if low is None else low, high="…" if high is None else high)


def report_scale(table: Table, rule: Rule, indicator: AnyIndicator, name: str) -> None:
    """Report a reading taken as points on a scale that ends below full marks: 4.5 of 5 is not 4.5 of 100."""
    high = range_of(indicator)[1]
    if not isinstance(rule, AsPoints) or high is None or isinstance(rule.full, Blank) or table.path[0] == "event":
        return
    if high < Decimal(rule.full):
        table.report("E-RULE-SCALE", "rule", value=rule.full, indicator=name, high=high)
