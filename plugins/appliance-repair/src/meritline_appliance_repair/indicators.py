"""Indicators of appliance repair. Source: catalogue, section D, plugin appliance_repair."""

from meritline_after_sales_common.records import WorkOrder, counts
from meritline_appliance_repair.records import Diagnosis, PartsTransaction, Visit
from meritline_sdk import (
    COUNT,
    DAYS,
    HIGHER,
    HOURS,
    LOWER,
    PERCENT,
    Count,
    Indicator,
    Mean,
    Parameter,
    Percentile,
    Ratio,
    Text,
    divided,
    minutes,
)  # fmt: skip

TOLERANCE = Parameter("tolerance", default=0)
w = WorkOrder
lead = divided(w.engineer, by=w.technician_count)

FIRST_TIME_FIX = Indicator(
    "first_time_fix_rate", Text("First-time fix rate", "一次修复率"),
    Ratio(
        Count(w, where=counts(w) & (w.visits == 1) & (w.outcome == "resolved") & w.reopened_at.missing()),
        Count(w, where=counts(w) & (w.visits >= 1)),
    ),
    PERCENT, HIGHER,
)  # fmt: skip

COMPLETION_CYCLE = Indicator(
    "service_completion_cycle", Text("Service completion cycle", "服务完成周期"),
    Mean(w.resolved_at - w.created_at, where=counts(w) & (w.outcome == "resolved")),
    HOURS, LOWER,
)  # fmt: skip

COMPLETION_P90 = Indicator(
    "completion_cycle_p90", Text("Completion cycle, 90th percentile", "服务完成周期P90"),
    Percentile(w.resolved_at - w.created_at, 90, where=counts(w) & (w.outcome == "resolved")),
    HOURS, LOWER,
)  # fmt: skip

ON_TIME_ARRIVAL = Indicator(
    "onsite_on_time_rate", Text("On-time arrival rate", "上门准时率"),
    Ratio(
        Count(Visit, where=Visit.arrived_at <= Visit.appointment_at + minutes(1) * TOLERANCE),
        Count(Visit),
    ),
    PERCENT, HIGHER,
    note=Text("tolerance: minutes after the agreed time that still count", "tolerance:约定时间后仍算准时的分钟数"),
)  # fmt: skip

REPAIR_SUCCESS = Indicator(
    "repair_success_rate", Text("Repair success rate", "维修成功率"),
    Ratio(
        Count(w, where=counts(w) & (w.outcome == "resolved") & w.reopened_at.missing()),
        Count(w, where=counts(w) & w.outcome.one_of("resolved", "unresolved")),
    ),
    PERCENT, HIGHER,
)  # fmt: skip

DIAGNOSIS_ACCURACY = Indicator(
    "diagnosis_accuracy_rate", Text("Fault diagnosis accuracy", "故障判断准确率"),
    Ratio(
        Count(Diagnosis, where=Diagnosis.first_code == Diagnosis.final_code),
        Count(Diagnosis, where=Diagnosis.first_code.present() & Diagnosis.final_code.present()),
    ),
    PERCENT, HIGHER,
)  # fmt: skip

handled = PartsTransaction.kind.one_of("requisition", "use", "replacement", "return")
PARTS_COMPLIANCE = Indicator(
    "parts_compliance_rate", Text("Parts management compliance", "配件管理规范性"),
    Ratio(
        Count(PartsTransaction, where=handled & PartsTransaction.compliant),
        Count(PartsTransaction, where=handled),
    ),
    PERCENT, HIGHER,
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
    Count(w, where=counts(w) & (w.outcome == "resolved"), credit=w.technicians),
    COUNT, HIGHER,
)  # fmt: skip

INDICATORS = (
    FIRST_TIME_FIX, COMPLETION_CYCLE, COMPLETION_P90, ON_TIME_ARRIVAL, REPAIR_SUCCESS, DIAGNOSIS_ACCURACY,
    PARTS_COMPLIANCE, APPOINTMENT_WAIT, ORDER_COMPLETION, LEAD_SHARE, SHARED_ORDERS,
)  # fmt: skip
