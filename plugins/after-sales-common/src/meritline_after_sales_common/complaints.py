"""Complaints: how many, how grave, and how they are dealt with. Source: catalogue, section D, common set.

A complaint about service counts for the person complained about; how it is handled for the same person, or for the
one who handles it, as the tenant chooses.
"""

from typing import Any

from meritline_after_sales_common.conventions import GRACE, RESOLUTION_CREDIT, by_cutoff, whose
from meritline_after_sales_common.records import EXCLUDED, Complaint, Ticket, WorkOrder, counts
from meritline_sdk import (
    COUNT,
    HIGHER,
    LOWER,
    PERCENT,
    POINTS,
    Beside,
    Count,
    If,
    Indicator,
    Kind,
    Parameter,
    Ratio,
    Sum,
    Text,
    Total,
    credit_choice,
    days,
    each,
    earliest,
    first_present,
    titled,
)  # fmt: skip

c = Complaint
IMPROPER_ONLY = Parameter(
    "improper_only", False, title=Text("only complaints caused by improper service", "只计服务不当引起的投诉")
)
COMPLAINT_CREDIT = Parameter(
    "complaint_credit", "person", options=("person", "everyone"),
    title=Text("the person complained about, or everyone named", "投诉归属:被投诉人或全部被投诉人"),
)  # fmt: skip
HANDLING_CREDIT = Parameter(
    "complaint_handling_credit", "person", options=("person", "handler"),
    title=Text("the person complained about, or who handles the complaint", "投诉处理归属:被投诉人或处理人"),
)  # fmt: skip
RESPONSE_LIMIT = Parameter(
    "complaint_response_limit", blank=Kind.DURATION,
    title=Text("time to respond where the complaint names none", "投诉未注明时的响应时限"),
)  # fmt: skip
RESOLUTION_LIMIT = Parameter(
    "complaint_resolution_limit", blank=Kind.DURATION,
    title=Text("time to resolve where the complaint names none", "投诉未注明时的解决时限"),
)  # fmt: skip
SEVERITY_WEIGHTS = {
    "minor": Parameter("severity_minor", blank=Kind.NUMBER, title=Text("points of a minor complaint", "轻微投诉分值")),
    "moderate": Parameter(
        "severity_moderate", blank=Kind.NUMBER, title=Text("points of a moderate complaint", "一般投诉分值")
    ),
    "serious": Parameter(
        "severity_serious", blank=Kind.NUMBER, title=Text("points of a serious complaint", "严重投诉分值")
    ),
}

stands = titled(~c.status.one_of("withdrawn", *EXCLUDED), "it is neither withdrawn, duplicate, spam nor test",
                "未撤诉且非重复、垃圾或测试")
named = credit_choice(COMPLAINT_CREDIT, {"person": c.agent, "everyone": each(c.agents)})
handling = credit_choice(HANDLING_CREDIT, {"person": c.agent, "handler": c.handler})
improper = stands & c.improper_service & c.verified


def completed(case: type[WorkOrder | Ticket]) -> Count:
    """The cases that were brought to an end in the period."""
    done = titled(case.outcome.missing() | (case.outcome != "open"), "it is not open", "已结束")
    return Count(case, where=counts(case) & done, credit=whose(case, RESOLUTION_CREDIT), at=case.resolved_at)


COMPLAINT_RATE = Indicator(
    "complaint_rate", Text("Complaint rate", "客户投诉率"),
    Ratio(
        Count(c, where=stands & c.category.one_of("service", "rights_case") & titled(
            c.verified.missing() | c.verified, "it was not found untrue", "未被查否")
            & titled(~IMPROPER_ONLY | c.improper_service, "improper service caused it, if the company asks for that",
                     "由服务不当引起(如企业限定)"), credit=named),
        Total(completed(WorkOrder), completed(Ticket)),
    ),
    PERCENT, LOWER,
    note=Text("Complaints received for each case completed: it may exceed 100, and without a completed case there is "
              "no rate, even where there are complaints", "收到的投诉除以完成的案件,可超过100;无完成案件则无比率"),
)  # fmt: skip

COMPLAINT_COUNT = Indicator(
    "complaint_count", Text("Complaints caused by improper service", "客户投诉数量"),
    Count(c, where=improper, credit=named),
    COUNT, LOWER,
    note=Text("Verified ones. With complaint_credit everyone, each person named gets one, the team one in all",
              "只计查实的投诉;complaint_credit取everyone时每位被投诉人各计一次,团队只计一次"),
)  # fmt: skip

weight = titled(
    If(c.severity == "minor", SEVERITY_WEIGHTS["minor"], If(
        c.severity == "moderate", SEVERITY_WEIGHTS["moderate"],
        If(c.severity == "serious", SEVERITY_WEIGHTS["serious"]))),
    "the points of its severity", "该严重程度的分值",
)  # fmt: skip

COMPLAINT_SEVERITY = Indicator(
    "complaint_severity_points", Text("Severity-weighted complaints", "投诉严重程度"),
    Sum(weight, where=improper, credit=named),
    POINTS, LOWER,
    note=Text("The company fills in what each severity weighs; a complaint without one is shown beside",
              "各严重程度的分值由企业填写;未定级的投诉另行显示"),
    beside=(Beside(Text("complaints whose severity is missing", "未定级的投诉"),
                   Count(c, where=improper & c.severity.missing(), credit=named)),),
)  # fmt: skip

response_due = titled(first_present(c.response_due_at, c.received_at + RESPONSE_LIMIT),
                      "the time at which a response was due", "应响应时间")
resolution_due = titled(first_present(c.resolution_due_at, c.received_at + RESOLUTION_LIMIT),
                        "the time at which a resolution was due", "应解决时间")
resolved_or_due = titled(earliest(c.resolved_at, resolution_due), "its resolution or, if earlier, when that was due",
                         "解决时间与应解决时间中较早者")
due_now: dict[str, Any] = {"credit": handling, "at": resolved_or_due}
accepted = stands & c.accepted_at.present()

COMPLAINT_TIMELY = Indicator(
    "complaint_timely_rate", Text("Complaint handling timeliness rate", "投诉处理及时率"),
    Ratio(
        Count(c, where=accepted & (c.first_response_at <= response_due) & (c.resolved_at <= resolution_due), **due_now),
        Count(c, where=accepted, **due_now),
    ),
    PERCENT, HIGHER,
    note=Text("In the period in which it was resolved or, if earlier, due; unresolved when due is not timely",
              "按解决时间与解决时限中较早者归期;到期未解决视为不及时"),
)  # fmt: skip

accepted_now: dict[str, Any] = {"credit": handling, "at": c.accepted_at}
solved = by_cutoff(c.resolved_at)

COMPLAINT_RESOLUTION = Indicator(
    "complaint_resolution_rate", Text("Complaint resolution rate (to the customer's satisfaction)", "投诉解决率"),
    Ratio(
        Count(c, where=stands & solved & c.satisfactory, **accepted_now),
        Count(c, where=stands & (solved | by_cutoff(resolution_due)), **accepted_now),
    ),
    PERCENT, HIGHER, settles_after=GRACE,
    note=Text("Where nobody asked the customer it is not resolved to their satisfaction", "未回访的不计为满意解决"),
)  # fmt: skip

received_now: dict[str, Any] = {"credit": handling, "at": c.received_at}

COMPLAINT_24H = Indicator(
    "complaint_resolved_24h_rate", Text("Complaints resolved within 24 hours", "投诉24小时内解决率"),
    Ratio(
        Count(c, where=stands & (c.resolved_at - c.received_at <= days(1)), **received_now),
        Count(c, where=stands & (solved | by_cutoff(c.received_at + days(1))), **received_now),
    ),
    PERCENT, HIGHER, settles_after=GRACE,
    note=Text("By the calendar clock: exactly 24:00:00 counts", "按自然时间,恰好24小时计入"),
)  # fmt: skip

quality = stands & (c.category == "product_quality")

QUALITY_COMPLAINT_RATE = Indicator(
    "quality_complaint_effective_rate", Text("Effective handling rate of quality complaints", "顾客质量投诉有效处理率"),
    Ratio(
        Count(c, where=quality & c.effective & (c.status == "resolved") & (c.resolved_at.missing() | solved),
              **received_now),
        Count(c, where=quality, **received_now),
    ),
    PERCENT, HIGHER, settles_after=GRACE,
    note=Text("Still open at the cut-off is not effective", "截止时仍未结的不计为有效"),
)  # fmt: skip

COMPLAINTS = (
    COMPLAINT_RATE, COMPLAINT_COUNT, COMPLAINT_SEVERITY, COMPLAINT_TIMELY, COMPLAINT_RESOLUTION, COMPLAINT_24H,
    QUALITY_COMPLAINT_RATE,
)  # fmt: skip
