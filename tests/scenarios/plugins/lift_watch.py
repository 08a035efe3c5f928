"""A plugin of one file, for the scenario of Python measures: two that are sound, one that stumbles, one that looks at
the clock."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from fractions import Fraction
from itertools import pairwise

from meritline_sdk import (
    DAYS,
    HIGHER,
    LOWER,
    MINUTES,
    PERCENT,
    POINTS,
    Answer,
    Attribution,
    Beside,
    Count,
    Indicator,
    IndicatorSet,
    Instant,
    Int,
    Item,
    Parameter,
    Period,
    Person,
    PythonMeasure,
    RecordType,
    Row,
    Scheme,
    SubjectKind,
    Text,
    hookimpl,
    hours,
    local_day,
    rules,
)

__version__ = "1.2.0"
__author__ = "Lift Consultants"


class LiftCallout(RecordType, key="lift_callout", title=Text("Callout", "出梯")):
    mechanic = Person(title=Text("Mechanic", "维保员"))
    reported_at = Instant(title=Text("Reported at", "报修时间"))
    closed_at = Instant(title=Text("Closed at", "关单时间"), optional=True)
    floors = Int(title=Text("Floors", "楼层数"), optional=True)
    defaults = Attribution(credit=mechanic, at=reported_at)


c = LiftCallout
WITHIN = Parameter("within", hours(8), title=Text("Longest gap that counts", "计入的最长间隔"))
type Settings = Mapping[str, object]


def longest_gap(rows: Sequence[Row], settings: Settings, period: Period) -> Answer | None:
    """The longest time between two closures of a shift."""
    closed = sorted(row.closed_at for row in rows if row.closed_at is not None)
    gaps = [later - earlier for earlier, later in pairwise(closed) if later - earlier <= settings["within"]]
    if not gaps:
        return None
    return Answer(Fraction(max(gaps) // timedelta(seconds=1), 60), MINUTES, sample=len(closed))


def quiet_days(rows: Sequence[Row], settings: Settings, period: Period) -> Answer:
    """The share of days without a callout."""
    days = (period.last_day - period.first_day).days + 1
    quiet = days - len({row.day for row in rows})
    return Answer(Fraction(100 * quiet, days), PERCENT, numerator=quiet, denominator=days)


def climb(rows: Sequence[Row], settings: Settings, period: Period) -> Answer:
    """Stumbles over a building without floors."""
    return Answer(sum(12 // row.floors for row in rows), POINTS)


def clocked(rows: Sequence[Row], settings: Settings, period: Period) -> Answer:
    """Looks at the clock, so that it gives another answer tomorrow."""
    return Answer((date.today() - period.first_day).days, DAYS)  # noqa: DTZ011


LONGEST_GAP = Indicator(
    "longest_gap", Text("Longest gap", "最长间隔"),
    PythonMeasure(longest_gap, c, rows={"closed_at": c.closed_at}, settings=[WITHIN],
                  says=Text("The longest time between two closures.", "两次关单之间的最长间隔。")),
    MINUTES, LOWER, minimum_sample=2, beside=(Beside(Text("still open", "未关单"), Count(c, c.closed_at.missing())),),
)  # fmt: skip
QUIET_DAYS = Indicator(
    "quiet_days", Text("Quiet days", "无出梯天数占比"),
    PythonMeasure(quiet_days, c, rows={"day": local_day(c.reported_at)},
                  says=Text("Days of the period without a callout.", "本期没有出梯的天数占比。")), PERCENT, HIGHER)
CLIMB = Indicator(
    "climb", Text("Climb", "攀爬"),
    PythonMeasure(climb, c, rows={"floors": c.floors}, says=Text("How low the buildings are.", "楼宇的低矮程度。")),
    POINTS, HIGHER)
CLOCKED = Indicator(
    "clocked", Text("Clocked", "看表"),
    PythonMeasure(clocked, c, rows={"floors": c.floors}, says=Text("Days since it began.", "自期初以来的天数。")),
    DAYS, LOWER)

MECHANICS = Scheme("mechanics", Text("Mechanics", "维保员"), items=(
    Item(LONGEST_GAP, weight=40, rule=rules.Bands(up_to={60: 100, 180: 50}, beyond=0)),
    Item(QUIET_DAYS, weight=30, rule=rules.AsPoints()),
    Item(CLIMB, weight=20, rule=rules.AsPoints()),
    Item(CLOCKED, weight=10, rule=rules.Bands(up_to={1: 100}, beyond=0)),
), for_positions=("mechanic",))  # fmt: skip
CREWS = Scheme("crews", Text("Crews", "班组"), items=(
    Item(LONGEST_GAP, weight=50, rule=rules.Bands(up_to={60: 100, 180: 50}, beyond=0)),
    Item(QUIET_DAYS, weight=50, rule=rules.AsPoints()),
), subject=SubjectKind.DEPARTMENT)  # fmt: skip
LIFTS = IndicatorSet("lift_watch", Text("Lift watch", "电梯看护"), records=[LiftCallout],
                     indicators=[LONGEST_GAP, QUIET_DAYS, CLIMB, CLOCKED], schemes=[MECHANICS, CREWS], rewards=[])


@hookimpl
def indicator_sets() -> list[IndicatorSet]:
    """The set of this file."""
    return [LIFTS]
