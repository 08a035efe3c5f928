"""How soon: arrivals, promises kept, the cycle from report to solution, and what is done at all."""

from meritline_after_sales_common.conventions import RESPONSE_CREDIT, resolved, took, whose
from meritline_after_sales_common.records import WorkOrder, counts
from meritline_appliance_repair.orders import OPEN_ORDERS, lead, repair, w
from meritline_appliance_repair.records import Visit
from meritline_sdk import (
    COUNT,
    DAYS,
    HIGHER,
    HOURS,
    LOWER,
    PERCENT,
    Count,
    If,
    Indicator,
    Mean,
    Parameter,
    Percentile,
    Ratio,
    Text,
    Total,
    first_present,
    minutes,
    titled,
)  # fmt: skip

TOLERANCE = Parameter("tolerance", 0, title=Text("tolerance in minutes", "宽限分钟数"))
CREATED, ACCEPTED = "created", "accepted"
HANDLING_FROM = Parameter("handling_from", CREATED, options=(CREATED, ACCEPTED),
                          title=Text("handling begins when", "处理开始于(created 报修,accepted 受理)"))

v = Visit
put_off = v.rescheduled_to.present() & (v.rescheduled_at <= v.appointment_at)
promised = titled(If(put_off, v.rescheduled_to, first_present(v.slot_end_at, v.appointment_at)),
                  "the time promised to the customer", "承诺上门时间")

ON_TIME_ARRIVAL = Indicator(
    "onsite_on_time_rate", Text("On-time arrival rate", "上门准时率"),
    Ratio(Count(v, where=counts(v) & (v.arrived_at <= promised + minutes(1) * TOLERANCE), at=promised),
          Count(v, where=counts(v), at=promised)),
    PERCENT, HIGHER,
    note=Text("A visit without an arrival is late. What the customer put off before the agreed time has the new time",
              "无到达时间视为迟到;客户在约定时间前改约的按新时间"),
)  # fmt: skip

answered_by = whose(w, RESPONSE_CREDIT)
COMMITMENTS = Indicator(
    "service_commitment_timely_rate",
    Text("Service response timeliness (arrival or answer as promised)", "服务响应及时性"),
    Ratio(
        Total(Count(v, where=counts(v) & (v.arrived_at <= promised), at=promised),
              Count(w, where=counts(w) & (w.first_response_at <= w.response_due_at), credit=answered_by,
                    at=w.response_due_at)),
        Total(Count(v, where=counts(v), at=promised),
              Count(w, where=counts(w), credit=answered_by, at=w.response_due_at)),
    ),
    PERCENT, HIGHER,
    note=Text("An order with both promises counts twice", "同时有两项承诺的工单计两次"),
)  # fmt: skip

COMPLETION_CYCLE = Indicator(
    "service_completion_cycle", Text("Service completion cycle", "服务完成周期"),
    Mean(w.resolved_at - w.created_at, where=resolved(w) & repair),
    HOURS, LOWER, beside=OPEN_ORDERS,
)  # fmt: skip

COMPLETION_P90 = Indicator(
    "completion_cycle_p90", Text("Completion cycle, 90th percentile", "服务完成周期P90"),
    Percentile(w.resolved_at - w.created_at, 90, where=resolved(w) & repair),
    HOURS, LOWER,
)  # fmt: skip

began = titled(If(HANDLING_FROM == ACCEPTED, first_present(w.accepted_at, w.created_at), w.created_at),
               "the beginning of handling (the report, or acceptance)", "处理开始时间(报修或受理)")
FAULT_HANDLING = Indicator(
    "avg_fault_handling_time", Text("Mean fault handling time", "平均故障处理时长"),
    Mean(took(WorkOrder, began, w.resolved_at), where=resolved(w)),
    HOURS, LOWER, beside=OPEN_ORDERS,
)  # fmt: skip

APPOINTMENT_WAIT = Indicator(
    "appointment_wait_days", Text("Days from request to visit", "报修到上门天数"),
    Mean(w.worked_on - w.requested_on, at=w.worked_on),
    DAYS, LOWER,
)  # fmt: skip

ORDER_COMPLETION = Indicator(
    "order_completion_rate", Text("Orders requested in the period that are done", "工单完成率"),
    Ratio(Count(w, where=w.worked_on.present(), at=w.requested_on), Count(w, at=w.requested_on)),
    PERCENT, HIGHER,
)  # fmt: skip

LEAD_SHARE = Indicator(
    "orders_done_lead_share", Text("Orders done, the lead's share", "完成工单数(主修份额)"),
    Count(w, where=w.worked_on.present(), credit=lead, at=w.worked_on),
    COUNT, HIGHER,
    note=Text("An order of n technicians credits 1/n to the lead; the rest stays unassigned",
              "n人工单,主修记1/n,其余不归属个人"),
)  # fmt: skip

SHARED_ORDERS = Indicator(
    "orders_done_shared", Text("Orders done, by share", "完成工单数(按份额)"),
    Count(w, where=resolved(w), credit=w.technicians),
    COUNT, HIGHER,
)  # fmt: skip

SPEED = (
    ON_TIME_ARRIVAL, COMMITMENTS, COMPLETION_CYCLE, COMPLETION_P90, FAULT_HANDLING, APPOINTMENT_WAIT,
    ORDER_COMPLETION, LEAD_SHARE, SHARED_ORDERS,
)  # fmt: skip
