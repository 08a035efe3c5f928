"""Whether cases get solved: at all, in time, for good, at the first contact. Source: catalogue, section D."""

from typing import Any

from meritline_after_sales_common.conventions import (
    CASE_CREDIT,
    REOPEN_WINDOW,
    RESOLUTION_CREDIT,
    by_cutoff,
    not_reopened,
    resolved,
    took,
    whose,
)  # fmt: skip
from meritline_after_sales_common.records import Assignment, CallRecord, ChatSession, Ticket, WorkOrder, counts
from meritline_sdk import (
    COUNT,
    HIGHER,
    PERCENT,
    Count,
    Expr,
    If,
    Indicator,
    Kind,
    Parameter,
    Ratio,
    Text,
    Total,
    days,
    earliest,
    exists,
    first_present,
    titled,
)  # fmt: skip

RESOLUTION_LIMIT = Parameter(
    "resolution_limit", blank=Kind.DURATION,
    title=Text("time to resolve where the case names none", "案件未注明时的解决时限"),
)  # fmt: skip
CASES: tuple[Any, ...] = (WorkOrder, Ticket)


def received(case: Any, where: Expr) -> Count:
    """Cases by the moment they came in; open ones are their last owner's."""
    return Count(case, where=where, credit=whose(case, CASE_CREDIT), at=case.created_at)


RESOLUTION_RATE = Indicator(
    "resolution_rate", Text("Problem resolution rate", "问题解决率"),
    Ratio(
        Total(*(received(case, resolved(case) & by_cutoff(case.resolved_at) & not_reopened(case)) for case in CASES)),
        Total(*(received(case, counts(case)) for case in CASES)),
    ),
    PERCENT, HIGHER, settles_after=REOPEN_WINDOW,
    note=Text("Of all cases received; open ones are not resolved", "分母为期内受理的全部案件,未结的不计为解决"),
)  # fmt: skip


def due(case: Any) -> Expr:
    """When the case has to be solved."""
    return titled(first_present(case.resolution_due_at, case.created_at + RESOLUTION_LIMIT),
                  "the time at which it had to be resolved", "应解决时间")


def in_time(case: Any) -> Expr:
    """True where it was solved by then; a limit of the tenant's runs by the tenant's clock."""
    return titled(If(case.resolution_due_at.present(), case.resolved_at <= case.resolution_due_at,
                     took(case, case.created_at, case.resolved_at) <= RESOLUTION_LIMIT),
                  "it was resolved within the set time", "在规定时间内解决")


def falling_due(case: Any, where: Expr) -> Count:
    """Cases by the moment they were solved or, if earlier, due."""
    return Count(case, where=where, credit=whose(case, CASE_CREDIT), at=titled(
        earliest(case.resolved_at, due(case)), "its resolution or, if earlier, when it had to be resolved",
        "解决时间与应解决时间中较早者"))


WITHIN_SLA = Indicator(
    "resolution_within_sla_rate", Text("Resolution rate within the set time", "规定时间内问题解决率"),
    Ratio(
        Total(*(falling_due(case, resolved(case) & in_time(case) & not_reopened(case)) for case in CASES)),
        Total(*(falling_due(case, counts(case)) for case in CASES)),
    ),
    PERCENT, HIGHER, settles_after=REOPEN_WINDOW,
    note=Text("The company fills in the limit; a transfer does not restart it", "时限由企业填写;转派不重新计时"),
)  # fmt: skip

WITHIN_24H = Indicator(
    "resolution_within_24h_rate", Text("Resolution within 24 hours", "24小时内解决率"),
    Ratio(
        Total(*(received(case, resolved(case) & (case.resolved_at - case.created_at <= days(1)) & not_reopened(case))
                for case in CASES)),
        Total(*(received(case, counts(case) & (case.resolved_at.present() | by_cutoff(case.created_at + days(1))))
                for case in CASES)),
    ),
    PERCENT, HIGHER, settles_after=REOPEN_WINDOW,
    note=Text("By the calendar clock: exactly 24:00:00 counts", "按自然时间,恰好24小时计入"),
)  # fmt: skip


def ended(case: Any, where: Expr) -> Count:
    """Cases by the moment of their final resolution, or of closing without one."""
    at = titled(first_present(case.resolved_at, case.closed_at), "its final resolution, or closing without one",
                "最终解决时间(无则为关闭时间)")
    return Count(case, where=where, credit=whose(case, RESOLUTION_CREDIT), at=at)


RESOLUTION_SUCCESS = Indicator(
    "resolution_success_rate", Text("Problem resolution success rate", "问题解决成功率"),
    Ratio(
        Total(*(ended(case, resolved(case) & not_reopened(case)) for case in CASES)),
        Total(*(ended(case, counts(case) & case.outcome.one_of("resolved", "unresolved")) for case in CASES)),
    ),
    PERCENT, HIGHER, settles_after=REOPEN_WINDOW,
    note=Text("Of the cases closed; open ones are in neither part", "分母为期内关闭的案件,未结的不计入"),
)  # fmt: skip

t = Ticket
until = t.resolved_at + REOPEN_WINDOW
handed_on = (t.transfers.present() & (t.transfers > 0)) | (t.escalated.present() & t.escalated) | exists(
    Assignment, lambda hand: (hand.case == t.external_id) & (hand.case_type == "ticket")
    & hand.reason.one_of("transfer", "escalate"))  # fmt: skip
called_again = exists(CallRecord, lambda call: (call.customer == t.customer) & (call.topic == t.topic) & counts(call)
                      & (call.direction.missing() | (call.direction == "inbound"))
                      & (call.offered_at > t.resolved_at) & (call.offered_at <= until))  # fmt: skip
wrote_again = exists(ChatSession, lambda chat: (chat.customer == t.customer) & (chat.topic == t.topic) & counts(chat)
                     & (chat.started_at > t.resolved_at) & (chat.started_at <= until))  # fmt: skip
solved_at_once = titled((t.contacts == 1) & ~handed_on, "one contact was enough, without transfer or escalation",
                        "仅一次联系且未转派、未升级")
no_repeat = titled(not_reopened(t) & ~called_again & ~wrote_again,
                   "the customer did not come again with the same matter within the reopen window",
                   "同一客户未在重开判定时间内就同一问题再次联系")
answered_by_a_person = counts(t) & titled(t.first_response_at.present(), "a person answered it", "已由人工响应")

FIRST_CONTACT = Indicator(
    "first_contact_resolution_rate", Text("First contact resolution rate", "首次解决率"),
    Ratio(
        Count(t, where=answered_by_a_person & (t.outcome == "resolved") & solved_at_once & no_repeat,
              credit=t.first_agent, at=t.created_at),
        Count(t, where=answered_by_a_person, credit=t.first_agent, at=t.created_at),
    ),
    PERCENT, HIGHER, settles_after=REOPEN_WINDOW,
    note=Text("The first agent's: a transfer, an escalation, or the same customer and matter again fails it",
              "归首接坐席;转派、升级或同一客户同一问题再次联系均视为未一次解决"),
)  # fmt: skip


def solved(case: Any) -> Count:
    """Cases solved for good, by the moment of the final resolution."""
    return Count(case, where=resolved(case) & not_reopened(case), credit=whose(case, RESOLUTION_CREDIT),
                 at=case.resolved_at)


RESOLVED_COUNT = Indicator(
    "resolved_count", Text("Number of problems solved", "售后问题解决的数量"),
    Total(*(solved(case) for case in CASES)),
    COUNT, HIGHER, settles_after=REOPEN_WINDOW,
)  # fmt: skip

RESOLUTION = (RESOLUTION_RATE, WITHIN_SLA, WITHIN_24H, RESOLUTION_SUCCESS, FIRST_CONTACT)
