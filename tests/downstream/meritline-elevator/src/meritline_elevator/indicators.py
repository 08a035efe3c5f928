"""What is measured, and what people rate."""

from typing import Any

from meritline_sdk import (
    COUNT,
    HIGHER,
    LOWER,
    MINUTES,
    PERCENT,
    Anchor,
    Count,
    Indicator,
    Parameter,
    Percentile,
    PythonMeasure,
    RatedIndicator,
    Raters,
    Ratio,
    Text,
    days,
    exists,
    minutes,
)

from meritline_elevator.medians import median_repair
from meritline_elevator.records import Callout, ElevatorOrder, Routine

TRAPPED = Indicator(
    "trapped_arrival_p90",
    Text("Arrival at trapped persons, 90th percentile", "困人到场时间P90"),
    Percentile(
        Callout.arrived_at - Callout.reported_at,
        90,
        where=Callout.trapped,
        credit=Callout.dispatcher,
        at=Callout.arrived_at,
    ),
    unit=MINUTES,
    better=LOWER,
    minimum_sample=3,
    note=Text(
        "Counts for who sent the mechanic, who cannot choose the distance", "计入派工的调度员,维保工无法选择距离"
    ),
)

WITHIN = Parameter("arrival_within", minutes(30), title=Text("the time limit", "时限"))
IN_TIME = Indicator(
    "arrived_in_time_rate",
    Text("Arrived in time", "按时到场率"),
    Ratio(
        Count(
            Callout,
            where=Callout.arrived_at - Callout.reported_at <= WITHIN,
            credit=Callout.dispatcher,
            at=Callout.reported_at,
        ),
        Count(Callout, credit=Callout.dispatcher, at=Callout.reported_at),
    ),
    unit=PERCENT,
    better=HIGHER,
    note=Text("Where nobody has arrived yet counts as not in time", "尚未到场的按未按时计"),
)

AGAIN = Parameter("again_within", days(7), title=Text("the time in which a call-out repeats another", "重复召修的时限"))


def called_again(other: Any) -> Any:
    return (
        (other.elevator == Callout.elevator)
        & (other.reported_at > Callout.closed_at)
        & (other.reported_at - Callout.closed_at <= AGAIN)
    )


REPEAT = Indicator(
    "repeat_rate",
    Text("Called out again", "重复召修率"),
    Ratio(Count(Callout, where=exists(Callout, called_again)), Count(Callout)),
    unit=PERCENT,
    better=LOWER,
    minimum_sample=3,
    settles_after=AGAIN,
    note=Text("Charged to who closed the first of the two", "计入首次关单的维保工"),
)

FIRST_VISIT = Indicator(
    "first_visit_rate",
    Text("Fixed at the first visit", "一次修复率"),
    Ratio(Count(Callout, where=Callout.visits == 1), Count(Callout, where=Callout.visits >= 1)),
    unit=PERCENT,
    better=HIGHER,
    minimum_sample=3,
    note=Text("Call-outs that were solved without a visit are left out", "未上门即解决的不计入"),
)

CLOSED = Indicator(
    "callouts_closed",
    Text("Call-outs closed", "急修关单量"),
    Count(Callout, where=Callout.visits >= 1),
    unit=COUNT,
    better=HIGHER,
    note=Text("With at least one visit", "至少上门一次"),
)

GRACE = Parameter("grace_days", 2, title=Text("the grace in days", "宽限天数"))
ROUTINE = Indicator(
    "routine_in_time_rate",
    Text("Routine maintenance in time", "例行保养按时率"),
    Ratio(Count(Routine, where=Routine.done - Routine.due <= GRACE), Count(Routine)),
    unit=PERCENT,
    better=HIGHER,
    note=Text("What was due and never done counts as missed", "到期未做的按未按时计"),
)


REPAIR = Indicator(
    "median_repair_time",
    Text("Time to repair, median", "修复时长中位数"),
    PythonMeasure(
        median_repair,
        Callout,
        rows={"arrived_at": Callout.arrived_at, "closed_at": Callout.closed_at},
        says=Text(
            "The median of the time from arrival to closure; of an even number the mean of the two in the middle",
            "从到场到关单时长的中位数,偶数条时取中间两个的平均",
        ),
    ),
    unit=MINUTES,
    better=LOWER,
    minimum_sample=3,
    note=Text("One hard case does not spoil it", "个别疑难故障不影响"),
)

CHECKED = Indicator(
    "safety_checked_rate",
    Text("Safety circuit checked", "安全回路检查率"),
    Ratio(
        Count(ElevatorOrder, where=ElevatorOrder.safety_checked),
        Count(ElevatorOrder, where=ElevatorOrder.safety_checked.present()),
    ),
    unit=PERCENT,
    better=HIGHER,
    note=Text("Work orders that do not say it are left out", "未填写的工单不计入"),
)

SITE = RatedIndicator(
    "site_safety",
    Text("Safety at the shaft", "井道作业安全"),
    raters=(Raters("manager", 60), Raters("inspector", 40)),
    looks_at=Text("barrier, lock-out, harness", "围挡、断电上锁、安全带"),
    anchors=(
        Anchor(60, Text("a barrier was missing", "缺少围挡")),
        Anchor(100, Text("everything as the rules say", "完全按规程作业")),
    ),
    note=Text("Without ratings of one group the other counts alone", "缺少一组评分时只计另一组"),
)

INDICATORS = (TRAPPED, IN_TIME, REPEAT, FIRST_VISIT, CLOSED, ROUTINE, REPAIR, CHECKED, SITE)
