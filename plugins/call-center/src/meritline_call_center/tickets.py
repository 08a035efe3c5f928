"""Tickets: solved at the first line or from afar, entered without mistakes, routed in time.

``sla_met_rate``, ``first_time_fix_rate``, ``reopen_rate``, ``ticket_resolution_time`` and ``tickets_closed`` are ours,
for service desks whose system already judged the agreed time and counts reassignments and reopenings.
"""

from typing import Any

from meritline_after_sales_common.conventions import (
    GRACE,
    REOPEN_WINDOW,
    RESOLUTION_CREDIT,
    by_cutoff,
    resolved,
    whose,
)  # fmt: skip
from meritline_after_sales_common.records import Ticket, WorkOrder, counts
from meritline_sdk import (
    COUNT,
    HIGHER,
    HOURS,
    LOWER,
    PERCENT,
    Count,
    Expr,
    Indicator,
    Mean,
    Parameter,
    Ratio,
    Text,
    Total,
    exists,
    first_present,
    titled,
)  # fmt: skip

REPEAT_FAILS = Parameter("repeat_contact_fails", False,
                         title=Text("a repeat contact in time is a failure", "重复来询视为未一次解决"))
OBLIGATORY = Parameter("obligatory_reason", "wrong_queue",
                       title=Text("reason of an obligatory reassignment", "必须转派的原因代码"))
CHECKED, ALL_CLOSED = "checked", "closed"
ACCURACY_BASE = Parameter("accuracy_base", CHECKED, options=(CHECKED, ALL_CLOSED),
                          title=Text("tickets looked at", "统计范围(checked 已检查,closed 全部已关闭)"))

t, w = Ticket, WorkOrder
ended = titled(first_present(t.resolved_at, t.closed_at), "the end of the ticket", "工单结束时间")
decided = counts(t) & t.outcome.one_of("resolved", "unresolved")
passed_on = (t.transfer_reason.present() & (t.transfer_reason == OBLIGATORY)) | (
    t.obligatory_transfers.present() & (t.obligatory_transfers > 0))
asked_again = exists(t, lambda o: (
    (o.customer == t.customer) & (o.topic == t.topic) & counts(o)
    & (o.created_at > t.resolved_at) & (o.created_at <= t.resolved_at + REOPEN_WINDOW)))
not_passed_on = titled(~passed_on, "no rule demanded that it be passed on", "非按规定必须转派")
closed_by_then = titled(ended.missing() | by_cutoff(ended), "it ended by the cut-off", "在截止时间前结束")
in_base = decided & not_passed_on & closed_by_then
at_first_line = (
    (t.outcome == "resolved") & (t.resolved_by == t.first_agent)
    & titled((t.transfers.missing() | (t.transfers == 0)) & (t.escalated.missing() | ~t.escalated),
             "it was neither reassigned nor escalated", "未转派未升级")
    & titled(~REPEAT_FAILS | ~asked_again, "the customer did not ask again in time, if the company minds that",
             "判定期内无重复来询(如企业选择)"))

FRONTLINE_RESOLUTION = Indicator(
    "frontline_resolution_rate", Text("First-line one-time resolution rate", "问题一次性解决率"),
    Ratio(Count(t, where=in_base & at_first_line, credit=t.first_agent, at=t.created_at),
          Count(t, where=in_base, credit=t.first_agent, at=t.created_at)),
    PERCENT, HIGHER, settles_after=GRACE,
    note=Text("Resolved by the first agent, neither reassigned nor escalated. A reassignment that the rules demand "
              "takes the case out", "由首接坐席解决,未转派未升级;按规定必须转派的不计入"),
)  # fmt: skip

without_error = titled((t.wrong_fields == 0) | (t.wrong_fields.missing() & (ACCURACY_BASE == ALL_CLOSED)),
                       "no mistake was found", "未发现错误")
looked_at = titled(t.wrong_fields.present() | (ACCURACY_BASE == ALL_CLOSED),
                   "it was checked (or the company takes all)", "已检查(或企业选择全部计入)")

TICKET_ACCURACY = Indicator(
    "ticket_accuracy_rate", Text("Ticket entry accuracy", "工单处理准确率"),
    Ratio(Count(t, where=counts(t) & without_error),
          Count(t, where=counts(t) & looked_at)),
    PERCENT, HIGHER,
)  # fmt: skip

TICKET_TIMELY = Indicator(
    "ticket_timely_rate", Text("Ticket routing timeliness", "工单处理及时性"),
    Ratio(
        Count(t, where=counts(t) & (t.routed_at <= t.route_due_at), credit=t.first_agent, at=t.route_due_at),
        Count(t, where=counts(t), credit=t.first_agent, at=t.route_due_at),
    ),
    PERCENT, HIGHER,
    note=Text("Not routed is late", "未流转视为超时"),
)  # fmt: skip

ended_order = titled(first_present(w.resolved_at, w.closed_at), "the end of the order", "工单结束时间")


def needs_visit(order: Any, after: Expr) -> Expr:
    """True where another order sends someone within the window."""
    visited: Expr = (order.visits.missing() | (order.visits > 0)) & (
        order.resolved_remotely.missing() | ~order.resolved_remotely)
    in_time: Expr = order.created_at <= after + REOPEN_WINDOW
    return counts(order) & visited & in_time


visited_later = (
    exists(w, lambda o: (o.customer == w.customer) & (o.product == w.product) & (o.created_at > w.resolved_at)
           & needs_visit(o, w.resolved_at))
    | exists(w, lambda o: (o.reopen_of == w.external_id) & needs_visit(o, w.resolved_at)))
handed_over = exists(w, lambda o: (o.ticket == t.external_id) & needs_visit(o, t.resolved_at))
no_visit = titled((w.visits.missing() | (w.visits == 0)) & ~visited_later,
                  "no visit followed for the same problem within the reopen window", "判定期内未因同一问题上门")
kept = titled(~handed_over, "it was not handed over to a visit", "未转为上门")
from_afar_order = resolved(w) & w.resolved_remotely & no_visit
from_afar_ticket = resolved(t) & t.resolved_remotely & kept
orders, cases = whose(w, RESOLUTION_CREDIT), whose(t, RESOLUTION_CREDIT)

REMOTE_RESOLUTION = Indicator(
    "remote_resolution_rate", Text("Remote resolution rate", "远程问题解决率"),
    Ratio(
        Total(Count(w, where=from_afar_order, credit=orders, at=ended_order),
              Count(t, where=from_afar_ticket, credit=cases, at=ended)),
        Total(Count(w, where=counts(w) & w.outcome.one_of("resolved", "unresolved") & w.resolved_remotely.present(),
                    credit=orders, at=ended_order),
              Count(t, where=decided & t.resolved_remotely.present(), credit=cases, at=ended)),
    ),
    PERCENT, HIGHER, settles_after=REOPEN_WINDOW,
    note=Text("Of the cases that remote support handled; one handed over to a visit was not resolved remotely",
              "以远程支持处理的案件为分母;转为上门的视为未远程解决"),
)  # fmt: skip

SLA_MET = Indicator(
    "sla_met_rate", Text("Closed within the agreed time", "SLA达标率"),
    Ratio(Count(t, where=counts(t) & t.within_sla), Count(t, where=counts(t) & t.within_sla.present())),
    PERCENT, HIGHER,
)  # fmt: skip

FIRST_TIME_FIX = Indicator(
    "first_time_fix_rate", Text("Fixed without reassignment or reopening", "一次解决率(无转派无重开)"),
    Ratio(
        Count(t, where=counts(t) & (t.transfers == 0) & (t.reopenings == 0)),
        Count(t, where=counts(t) & t.transfers.present() & t.reopenings.present()),
    ),
    PERCENT, HIGHER,
)  # fmt: skip

REOPENED = Indicator(
    "reopen_rate", Text("Reopened", "重开率"),
    Ratio(Count(t, where=counts(t) & (t.reopenings > 0)), Count(t, where=counts(t) & t.reopenings.present())),
    PERCENT, LOWER,
)  # fmt: skip

RESOLUTION_HOURS = Indicator(
    "ticket_resolution_time", Text("Mean time from opening to resolution", "平均解决时长"),
    Mean(t.resolved_at - t.created_at, where=counts(t)),
    HOURS, LOWER,
    note=Text("By the month of closing, like the volume", "按关闭月份归期,与关闭量一致"),
)  # fmt: skip

CLOSED_COUNT = Indicator(
    "tickets_closed", Text("Tickets closed", "关闭量"), Count(t, where=counts(t)), COUNT, HIGHER,
)  # fmt: skip

TICKETS = (
    FRONTLINE_RESOLUTION, TICKET_ACCURACY, TICKET_TIMELY, REMOTE_RESOLUTION, SLA_MET, FIRST_TIME_FIX, REOPENED,
    RESOLUTION_HOURS, CLOSED_COUNT,
)  # fmt: skip
