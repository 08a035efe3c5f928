"""How long cases take, and how many a person works on. Source: catalogue, section D, common set.

A mean over solved cases hides those that are not: the open ones stand beside it.
"""

from typing import Any

from meritline_after_sales_common.conventions import CASE_CREDIT, RESOLUTION_CREDIT, resolved, took, whose
from meritline_after_sales_common.records import EXCLUDED, Assignment, Ticket, WorkOrder, by_people, counts
from meritline_sdk import (
    AS_THINGS_STAND,
    COUNT,
    HIGHER,
    HOURS,
    LOWER,
    PERCENT,
    PERIOD_END,
    Beside,
    Change,
    Count,
    Distinct,
    Expr,
    If,
    Indicator,
    Mean,
    Parameter,
    Pooled,
    Text,
    Total,
    exists,
    first_present,
    titled,
)  # fmt: skip

ACCEPTED, RECEIVED = "accepted", "received"
HANDLING_TIME, RESOLUTION_TIME = "avg_handling_time", "avg_resolution_time"
STARTS = Parameter(
    "handling_starts", ACCEPTED, options=(ACCEPTED, RECEIVED),
    title=Text("handling starts when the case is accepted, or received", "处理起点:受理或报修"),
)  # fmt: skip
BASE = Parameter(
    "base_metric", HANDLING_TIME, options=(HANDLING_TIME, RESOLUTION_TIME),
    title=Text("time whose change is looked at", "比较的基础指标"),
)  # fmt: skip
CASES: tuple[Any, ...] = (WorkOrder, Ticket)


def still_open(case: Any) -> Count:
    """The cases that are open at the end of the period, whenever they came in."""
    unresolved = case.resolved_at.missing() | (case.resolved_at >= PERIOD_END)
    unclosed = case.closed_at.missing() | (case.closed_at >= PERIOD_END)
    open_then = titled((case.created_at < PERIOD_END) & unresolved & unclosed & (
        case.outcome.missing() | (case.outcome != "unresolved") | case.closed_at.present()),
        "it was open at the end of the period", "期末仍未结")  # fmt: skip
    return Count(case, where=counts(case) & open_then,
                 credit=whose(case, CASE_CREDIT), at=AS_THINGS_STAND)


BACKLOG = (Beside(Text("cases open at the end of the period", "期末未结案件"), Total(*map(still_open, CASES))),)


def resolution_time(case: Any) -> Mean:
    """From receipt to the final resolution."""
    return Mean(took(case, case.created_at, case.resolved_at), where=resolved(case),
                credit=whose(case, RESOLUTION_CREDIT), at=case.resolved_at)


RESOLUTION_TIME_MEAN = Indicator(
    "avg_resolution_time", Text("Average resolution time", "平均问题解决时间"),
    Pooled(*map(resolution_time, CASES)),
    HOURS, LOWER, beside=BACKLOG,
    note=Text("A reopened case has one time, to its last resolution", "重开的案件只计到最后一次解决"),
)  # fmt: skip


def completed(case: Any) -> Expr:
    """True where a case that counts was brought to an end."""
    return counts(case) & titled(case.outcome.missing() | (case.outcome != "open"), "it is not open", "已结束")


def handling_start(case: Any) -> Expr:
    """When work on the case began; without a moment of acceptance, when it came in."""
    return titled(If(STARTS == RECEIVED, case.created_at, first_present(case.accepted_at, case.created_at)),
                  "its acceptance (or receipt, as the company chooses)", "受理时间(或按企业选择为报修时间)")


def handling_time(case: Any) -> Mean:
    """From acceptance to completion."""
    return Mean(took(case, handling_start(case), case.resolved_at), where=completed(case),
                credit=whose(case, RESOLUTION_CREDIT), at=case.resolved_at)


HANDLING_TIME_MEAN = Indicator(
    "avg_handling_time", Text("Average handling time of a service request", "平均处理时间"),
    Pooled(*map(handling_time, CASES)),
    HOURS, LOWER, beside=BACKLOG,
)  # fmt: skip


def base_time(case: Any) -> Mean:
    """The time whose change is looked at."""
    start = titled(If(BASE == RESOLUTION_TIME, case.created_at, handling_start(case)),
                   "the start of the time that the company compares", "企业所比较时间的起点")
    where = completed(case) & titled((BASE == HANDLING_TIME) | (case.outcome == "resolved"),
                                     "it is one of those that the company compares", "属于企业所比较的案件")
    return Mean(took(case, start, case.resolved_at), where=where, credit=whose(case, RESOLUTION_CREDIT),
                at=case.resolved_at)


HANDLING_CHANGE = Indicator(
    "handling_time_change_pct",
    Text("Change of the average handling time against the comparison period", "平均处理时间变化"),
    Change(Pooled(*map(base_time, CASES)), relative=True),
    PERCENT, LOWER,
    note=Text("Against the period before, in percent of it; without one, or with a mean of zero, there is no change",
              "与上期相比的百分比;上期无值或为零则无变化值"),
)  # fmt: skip

a = Assignment


def on_excluded(case: Any, name: str) -> Expr:
    """True for a hand on a case that does not count."""
    return (a.case_type == name) & exists(
        case, lambda found: (found.external_id == a.case) & found.status.one_of(*EXCLUDED))


HANDLED_COUNT = Indicator(
    "handled_count", Text("Workload (cases handled)", "工作量"),
    Distinct(a, by=[a.case_type, a.case],
             where=by_people(a) & titled(
                 ~on_excluded(WorkOrder, "work_order") & ~on_excluded(Ticket, "ticket"),
                 "its case is neither cancelled, duplicate, spam nor test", "所属案件非取消、重复、垃圾或测试")),
    COUNT, HIGHER,
    note=Text("A case that several worked on counts for each of them, and once for their team",
              "多人经手的案件对每人各计一次,对团队只计一次"),
)  # fmt: skip

HANDLING = (RESOLUTION_TIME_MEAN, HANDLING_TIME_MEAN, HANDLING_CHANGE, HANDLED_COUNT)
