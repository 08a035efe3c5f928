"""Tasks, hours, services, contracts and call-backs. Source: catalogue, section D, common set."""

from typing import Any

from meritline_after_sales_common.conventions import CASE_CREDIT, GRACE, by_cutoff, whose
from meritline_after_sales_common.records import Contract, FollowupCheck, Task, Timesheet, WorkOrder, counts
from meritline_sdk import (
    HIGHER,
    PERCENT,
    Count,
    Distinct,
    If,
    Indicator,
    Parameter,
    Ratio,
    Sum,
    Text,
    first_present,
    only_last,
    titled,
)  # fmt: skip

RENEWAL_GRACE = Parameter(
    "renewal_grace_days", 0, title=Text("the days of grace for a renewal", "续约宽限天数")
)
RENEWALS_BY = Parameter(
    "renewals_counted_by", "contract", options=("contract", "customer"),
    title=Text("count contracts, or customers", "续约按合同或按客户计"),
)  # fmt: skip

t, w, k, f = Task, WorkOrder, Contract, FollowupCheck
task_stands = titled(t.status.missing() | (t.status != "cancelled"), "it is not cancelled", "未取消")
task_due = titled(first_present(t.due_at, t.assigned_at), "its due time (without one, its assignment)",
                  "截止时间(无则为下达时间)")

TASK_COMPLETION = Indicator(
    "task_completion_rate", Text("Task completion rate", "任务完成率"),
    Ratio(
        Sum(t.quantity_completed, where=task_stands & titled(
            t.completed_at.missing() | by_cutoff(t.completed_at), "it was not completed after the cut-off",
            "未在截止时间之后完成"), at=task_due),
        Sum(t.quantity_assigned, where=task_stands, at=task_due),
    ),
    PERCENT, HIGHER, settles_after=GRACE,
    note=Text("By quantity; a task without a due time belongs to the period it was assigned in. More than assigned "
              "exceeds 100: the scoring rule caps it",
              "按数量计;无截止时间的任务按下达时间归期;超额可超过100,由计分规则封顶"),
)  # fmt: skip

UTILISATION = Indicator(
    "hours_utilization_rate", Text("Working-hours utilisation", "工时利用率"),
    Ratio(Sum(Timesheet.working_minutes), Sum(Timesheet.available_minutes)),
    PERCENT, HIGHER,
    note=Text("Overtime may exceed 100", "加班时可超过100"),
)  # fmt: skip

service: dict[str, Any] = {"credit": whose(w, CASE_CREDIT), "at": titled(
    first_present(w.resolution_due_at, w.accepted_at), "its due time (without one, its acceptance)",
    "应解决时间(无则为受理时间)")}
taken_on = counts(w) & w.accepted_at.present()

SERVICE_COMPLETION = Indicator(
    "service_completion_rate", Text("Service completion rate", "服务完成率"),
    Ratio(
        Count(w, where=taken_on & titled(w.outcome.missing() | (w.outcome == "resolved"), "it is not given up or open",
                                         "未放弃且未搁置") & by_cutoff(w.resolved_at), **service),
        Count(w, where=taken_on, **service),
    ),
    PERCENT, HIGHER, settles_after=GRACE,
    note=Text("Completed late counts: being in time is another indicator", "逾期完成仍计入;是否及时由其他指标衡量"),
)  # fmt: skip

ours_to_renew = titled(k.cancelled_by_us.missing() | ~k.cancelled_by_us, "we did not cancel it", "非我方终止")
renewing = [titled(If(RENEWALS_BY == "customer", first_present(k.customer, k.external_id), k.external_id),
                   "contract (or customer, as the company chooses)", "合同(或按企业选择为客户)")]

RENEWAL = Indicator(
    "renewal_rate", Text("Customer renewal rate", "客户续约率"),
    Ratio(
        Distinct(k, by=renewing, where=ours_to_renew & (k.renewed_on - k.expires_on <= RENEWAL_GRACE)),
        Distinct(k, by=renewing, where=ours_to_renew),
    ),
    PERCENT, HIGHER,
    note=Text("Of the contracts that end in the period; the responsible employee's", "分母为期内到期的合同,归负责员工"),
)  # fmt: skip

last_check = titled(only_last(f, by=[f.case], order=f.called_at, where=f.reached),
                    "it is the last call about the case in which the customer was reached",
                    "为该案件最后一次接通的回访")

FOLLOWUP_ACCURACY = Indicator(
    "followup_accuracy_rate", Text("Follow-up call accuracy rate", "问题回访正确率"),
    Ratio(Count(f, where=last_check & f.record_correct), Count(f, where=last_check)),
    PERCENT, HIGHER,
    note=Text("The last call to a customer about a case: does the customer say what the record says",
              "每案取最后一次接通的回访:客户所述与记录是否一致"),
)  # fmt: skip

WORK = (TASK_COMPLETION, UTILISATION, SERVICE_COMPLETION, RENEWAL, FOLLOWUP_ACCURACY)
