"""What checks of the work find, what is late, what service costs. Source: catalogue, section D, common set."""

from meritline_after_sales_common.records import FileTask, FinancePeriod, Inspection, InspectionItem, QualityIssue
from meritline_sdk import (
    DAYS,
    HIGHER,
    LAST_DAY,
    LOWER,
    PERCENT,
    Beside,
    Count,
    Expr,
    If,
    Indicator,
    Parameter,
    Ratio,
    Sum,
    Text,
    earliest,
    exists,
    latest,
    local_day,
    titled,
    working_days,
)  # fmt: skip

WORKING = "working"
LATE_DAYS = Parameter(
    "late_days", "calendar", options=("calendar", WORKING),
    title=Text("days late are calendar days, or working days", "延迟天数按自然日或工作日"),
)  # fmt: skip


def days_late(due: Expr, delivered: Expr) -> Expr:
    """Days from the due day to delivery, none below zero; undelivered is late until the period's last day (C13)."""
    seen = earliest(local_day(delivered), LAST_DAY)
    return titled(latest(If(LATE_DAYS == WORKING, working_days(due, seen), seen - due), 0), "the days late", "延迟天数")


i, s = InspectionItem, Inspection

STANDARD_COMPLIANCE = Indicator(
    "service_standard_compliance_rate", Text("Service standard compliance rate", "服务规范性"),
    Ratio(Count(i, where=i.result == "passed"), Count(i, where=i.result.one_of("passed", "failed"))),
    PERCENT, HIGHER,
    note=Text("By item, over all methods; what does not apply is in neither part",
              "按检查项计,含各种检查方式;不适用项不计"),
)  # fmt: skip

spot_check = s.method == "spot_check"
any_failed = exists(i, lambda item: (item.inspection == s.external_id) & (item.result == "failed"))
carried_out = titled((s.passed.missing() | s.passed) & ~any_failed, "the model was carried out: no item failed",
                     "行为模式已执行(无不合格项)")

UNIFORM_BEHAVIOUR = Indicator(
    "uniform_behavior_execution_rate",
    Text("Execution rate of the uniform behaviour model", "统一产品和服务行为模式的执行率"),
    Ratio(Count(s, where=spot_check & carried_out), Count(s, where=spot_check)),
    PERCENT, HIGHER,
    note=Text("(1 - failed / checks) x 100; a check fails if any of its items fails",
              "(1-未执行/抽查)×100%;任一项不合格即为未执行"),
)  # fmt: skip

COST_RATIO = Indicator(
    "after_sales_cost_ratio", Text("After-sales cost ratio", "售后服务费用率"),
    Ratio(Sum(FinancePeriod.after_sales_cost), Sum(FinancePeriod.sales_revenue)),
    PERCENT, LOWER,
    note=Text("Of a company, department or region, on one tax basis; without revenue there is no ratio",
              "公司、部门或区域指标,税口径一致;收入不大于零则无比率"),
)  # fmt: skip

q = QualityIssue
issue_days = days_late(q.report_due_on, q.reported_at)

ISSUES_TIMELY = Indicator(
    "quality_issue_timely_rate", Text("Timely reporting rate of important quality issues", "重要质量问题的传递及时性"),
    Ratio(Count(q, where=q.important & (issue_days == 0)), Count(q, where=q.important)),
    PERCENT, HIGHER,
    note=Text("An issue is late at most once", "同一问题最多计一次延迟"),
)  # fmt: skip

ISSUE_DAYS_LATE = Indicator(
    "quality_issue_days_late",
    Text("Days late in reporting important quality issues", "重要质量问题反馈延迟天数"),
    Sum(issue_days, where=q.important),
    DAYS, LOWER,
    note=Text("Not yet reported: late until the last day of the period", "未上报的计至期末最后一日"),
)  # fmt: skip

f = FileTask
task_days = days_late(f.due_on, f.delivered_on)


def tasks(kind: str) -> tuple[Beside, ...]:
    """How many tasks there were: no day late may mean that there was nothing to do."""
    return (Beside(Text("tasks due", "应完成任务数"), Count(f, where=f.kind == kind)),)


FILES_DAYS_LATE = Indicator(
    "customer_file_days_late",
    Text("Days late in collating complaint and repair records", "整理、分析客户投诉和维修记录信息"),
    Sum(task_days, where=f.kind == "collate"),
    DAYS, LOWER, beside=tasks("collate"),
    note=Text("Without a task it is 0: see the tasks due beside it", "无任务时为0,请看应完成任务数"),
)  # fmt: skip

INFO_DAYS_LATE = Indicator(
    "customer_info_days_late",
    Text("Days late in supplying customer information to departments", "向相应部门提供相关客户信息的及时性"),
    Sum(task_days, where=f.kind == "supply_info"),
    DAYS, LOWER, beside=tasks("supply_info"),
    note=Text("Without a task it is 0: see the tasks due beside it", "无任务时为0,请看应完成任务数"),
)  # fmt: skip

CHECKS = (
    STANDARD_COMPLIANCE, UNIFORM_BEHAVIOUR, COST_RATIO, ISSUES_TIMELY, ISSUE_DAYS_LATE, FILES_DAYS_LATE,
    INFO_DAYS_LATE,
)  # fmt: skip
