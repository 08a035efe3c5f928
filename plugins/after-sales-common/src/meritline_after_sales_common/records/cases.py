"""Cases: work orders and tickets, and whose hands they went through. Decides the names and kinds of their fields.

"Case" in an indicator means both. A case is delivered in its last known state; ``resolved_at`` is the last resolution.
``engineer`` resolved the order, or is in charge of it now; ``responder`` gave the first response, or was in charge when
it was due.
"""

from meritline_sdk import (
    Attribution,
    Choice,
    Code,
    Day,
    Flag,
    Instant,
    Int,
    Number,
    People,
    Person,
    RecordType,
    Team,
    Text,
)

OUTCOMES = ("resolved", "unresolved", "open")


class WorkOrder(RecordType, key="work_order", title=Text("Work order", "服务工单")):
    """A repair or installation order of the after-sales system."""

    status = Code(optional=True, title=Text("Status", "状态"))
    automated = Flag(optional=True, title=Text("Handled by a machine alone", "自动处理"))
    customer = Code(optional=True, title=Text("Customer", "客户"))
    service = Code(optional=True, title=Text("Service", "服务类别"))
    product = Code(optional=True, title=Text("Product", "产品"))
    channel = Code(optional=True, title=Text("Channel", "渠道"))
    district = Team(optional=True, title=Text("District", "片区"))
    accepted_by = Person(optional=True, title=Text("Accepted by", "受理人"))
    responder = Person(
        optional=True,
        title=Text("First responder", "首次响应人"),
    )
    engineer = Person(optional=True, title=Text("Engineer in charge", "工程师"))
    first_engineer = Person(optional=True, title=Text("Engineer of the first visit", "首次上门工程师"))
    technicians = People(optional=True, title=Text("Technicians who share it", "参与工程师"))
    technician_count = Int(optional=True, minimum=1, maximum=50, title=Text("Technicians", "人数"))
    created_at = Instant(title=Text("Reported", "报修时间"))
    accepted_at = Instant(optional=True, title=Text("Accepted", "受理时间"))
    response_due_at = Instant(optional=True, title=Text("Response due", "响应时限"))
    first_response_at = Instant(optional=True, title=Text("First human response", "首次人工响应时间"))
    resolution_due_at = Instant(optional=True, title=Text("Resolution due", "解决时限"))
    first_resolved_at = Instant(optional=True, title=Text("First resolution", "首次解决时间"))
    resolved_at = Instant(optional=True, title=Text("Final resolution", "最终解决时间"))
    closed_at = Instant(optional=True, title=Text("Closed", "关闭时间"))
    waiting_seconds = Int(
        optional=True, minimum=0, title=Text("Waiting for the customer or for parts, seconds", "等待客户或配件的秒数")
    )
    requested_on = Day(optional=True, title=Text("Day of request", "申请日期"))
    worked_on = Day(optional=True, title=Text("Day of work", "上门日期"))
    visits = Int(optional=True, minimum=0, maximum=100, title=Text("Visits with the customer present", "上门次数"))
    outcome = Choice(optional=True, options=OUTCOMES, title=Text("Outcome", "结果"))
    resolved_remotely = Flag(optional=True, title=Text("Resolved remotely", "远程解决"))
    remedy = Choice(
        optional=True, options=("repair", "replacement", "refund", "no_fault"), title=Text("Remedy", "处理方式")
    )
    transfers = Int(optional=True, minimum=0, title=Text("Reassignments", "转派次数"))
    escalated = Flag(optional=True, title=Text("Escalated", "升级"))
    ticket = Code(optional=True, title=Text("Ticket it arose from", "来源请求单号"))
    reopened_at = Instant(optional=True, title=Text("Reopened", "重开时间"))
    reopen_of = Code(optional=True, title=Text("Reopens the order", "返修的原工单号"))
    needs_feedback_form = Flag(optional=True, title=Text("Needs a feedback form", "需服务反馈表"))
    customer_caused = Flag(optional=True, title=Text("Caused by the customer", "客户原因"))
    rush = Flag(optional=True, title=Text("Rush", "加急"))
    warranty_labour = Flag(optional=True, title=Text("Labour under warranty", "保修人工"))
    labour_hours = Number(optional=True, places=2, minimum=0, title=Text("Labour hours", "工时"))
    parts_cost = Number(optional=True, places=4, minimum=0, title=Text("Parts cost", "配件成本"))
    fault_code = Code(optional=True, title=Text("Fault code", "故障代码"))

    defaults = Attribution(credit=engineer, at=resolved_at)


class Ticket(RecordType, key="ticket", title=Text("Ticket", "服务请求单")):
    """A case of a ticket system or service desk, in its last known state."""

    status = Code(optional=True, title=Text("Status", "状态"))
    automated = Flag(optional=True, title=Text("Handled by a machine alone", "自动处理"))
    customer = Code(optional=True, title=Text("Customer", "客户"))
    topic = Code(optional=True, title=Text("Topic", "主题"))
    channel = Code(optional=True, title=Text("Channel", "渠道"))
    priority = Code(optional=True, title=Text("Priority", "优先级"))
    group = Team(optional=True, title=Text("Assignment group", "处理组"))
    first_agent = Person(optional=True, title=Text("First agent", "首接坐席"))
    responder = Person(
        optional=True,
        title=Text("First responder", "首次响应人"),
    )
    owner = Person(optional=True, title=Text("Last owner", "当前负责人"))
    resolved_by = Person(optional=True, title=Text("Resolved by", "解决人"))
    created_at = Instant(title=Text("Opened", "创建时间"))
    accepted_at = Instant(optional=True, title=Text("Accepted", "受理时间"))
    response_due_at = Instant(optional=True, title=Text("Response due", "响应时限"))
    first_response_at = Instant(optional=True, title=Text("First human response", "首次人工响应"))
    resolution_due_at = Instant(optional=True, title=Text("Resolution due", "解决时限"))
    first_resolved_at = Instant(optional=True, title=Text("First resolution", "首次解决时间"))
    resolved_at = Instant(optional=True, title=Text("Final resolution", "最终解决时间"))
    closed_at = Instant(optional=True, title=Text("Closed", "关闭时间"))
    waiting_seconds = Int(optional=True, minimum=0, title=Text("Waiting for the customer, seconds", "等待客户的秒数"))
    routed_at = Instant(optional=True, title=Text("Routed", "流转时间"))
    route_due_at = Instant(optional=True, title=Text("Routing due", "流转时限"))
    outcome = Choice(optional=True, options=OUTCOMES, title=Text("Outcome", "结果"))
    resolved_remotely = Flag(optional=True, title=Text("Resolved remotely", "远程解决"))
    within_sla = Flag(optional=True, title=Text("Within the agreed time, as the source judged", "达标(来源判定)"))
    transfers = Int(optional=True, minimum=0, title=Text("Reassignments", "转派次数"))
    obligatory_transfers = Int(
        optional=True, minimum=0, title=Text("Reassignments that the rules demand", "按规定必须的转派次数")
    )
    transfer_reason = Code(optional=True, title=Text("Reason of the reassignment", "转派原因"))
    escalated = Flag(optional=True, title=Text("Escalated", "升级"))
    reopened_at = Instant(optional=True, title=Text("Reopened", "重开时间"))
    reopenings = Int(optional=True, minimum=0, title=Text("Reopenings", "重开次数"))
    contacts = Int(optional=True, minimum=0, title=Text("Contacts", "联系次数"))
    required_fields = Int(optional=True, minimum=0, title=Text("Fields to be entered", "应填字段数"))
    wrong_fields = Int(optional=True, minimum=0, title=Text("Fields entered wrongly", "错填字段数"))

    defaults = Attribution(credit=resolved_by, at=closed_at)


class Assignment(RecordType, key="assignment", title=Text("Hand on a case", "案件经手记录")):
    """One person's hand on a case: an assignment, a transfer, an escalation, or an action."""

    case_type = Choice(options=("work_order", "ticket"), title=Text("Sort of case", "案件类型"))
    case = Code(title=Text("Case", "案件编号"))
    employee = Person(title=Text("Employee", "员工"))
    from_at = Instant(title=Text("From", "开始时间"))
    to_at = Instant(optional=True, title=Text("To", "结束时间"))
    reason = Choice(options=("assign", "transfer", "escalate", "action"), title=Text("Reason", "原因"))
    obligatory = Flag(optional=True, title=Text("The rules demand it", "按规定必须"))
    automated = Flag(optional=True, title=Text("Done by a machine", "自动"))

    defaults = Attribution(credit=employee, at=from_at)
