"""Record types that several indicator sets share: what CRM, telephone, chat, survey and attendance systems deliver.

Decides the names and kinds of the fields. Excluded everywhere (convention C09): a status of ``cancelled_by_customer``,
``duplicate``, ``spam`` or ``test``; ``counts()`` says it once.
"""

from typing import Any

from meritline_sdk import (
    Attribution,
    Choice,
    Code,
    Day,
    Expr,
    Flag,
    Instant,
    Int,
    Number,
    People,
    Person,
    RecordType,
    Team,
    Text,
)  # fmt: skip

EXCLUDED = ("cancelled_by_customer", "duplicate", "spam", "test")


def counts(record: Any) -> Expr:
    """True where the record counts at all: its status is none of the excluded ones."""
    return record.status.missing() | ~record.status.one_of(*EXCLUDED)


class WorkOrder(RecordType, key="work_order", title=Text("Work order", "服务工单")):
    """A repair or installation order of the after-sales system."""

    status = Code(optional=True, title=Text("Status", "状态"))
    service = Code(optional=True, title=Text("Service", "服务类别"))
    product = Code(optional=True, title=Text("Product", "产品"))
    channel = Code(optional=True, title=Text("Channel", "渠道"))
    district = Team(optional=True, title=Text("District", "片区"))
    accepted_by = Person(optional=True, title=Text("Accepted by", "受理人"))
    engineer = Person(optional=True, title=Text("Engineer", "工程师"))
    technicians = People(optional=True, title=Text("Technicians who share it", "参与工程师"))
    technician_count = Int(optional=True, minimum=1, maximum=50, title=Text("Technicians", "人数"))
    created_at = Instant(title=Text("Reported", "报修时间"))
    accepted_at = Instant(optional=True, title=Text("Accepted", "受理时间"))
    response_due_at = Instant(optional=True, title=Text("Response due", "响应时限"))
    first_response_at = Instant(optional=True, title=Text("First response", "首次响应时间"))
    resolution_due_at = Instant(optional=True, title=Text("Resolution due", "解决时限"))
    resolved_at = Instant(optional=True, title=Text("Resolved", "解决时间"))
    requested_on = Day(optional=True, title=Text("Day of request", "申请日期"))
    worked_on = Day(optional=True, title=Text("Day of work", "上门日期"))
    visits = Int(optional=True, minimum=0, maximum=100, title=Text("Visits with the customer present", "上门次数"))
    outcome = Choice(optional=True, options=("resolved", "unresolved", "open"), title=Text("Outcome", "结果"))
    resolved_remotely = Flag(optional=True, title=Text("Resolved remotely", "远程解决"))
    reopened_at = Instant(optional=True, title=Text("Reopened", "重开时间"))
    rush = Flag(optional=True, title=Text("Rush", "加急"))
    warranty_labour = Flag(optional=True, title=Text("Labour under warranty", "保修人工"))
    labour_hours = Number(optional=True, places=2, minimum=0, title=Text("Labour hours", "工时"))
    parts_cost = Number(optional=True, places=4, minimum=0, title=Text("Parts cost", "配件成本"))
    fault_code = Code(optional=True, title=Text("Fault code", "故障代码"))

    defaults = Attribution(credit=engineer, at=resolved_at)


class Ticket(RecordType, key="ticket", title=Text("Ticket", "服务请求单")):
    """A case of a ticket system or service desk, in its last known state."""

    status = Code(optional=True, title=Text("Status", "状态"))
    topic = Code(optional=True, title=Text("Topic", "主题"))
    channel = Code(optional=True, title=Text("Channel", "渠道"))
    priority = Code(optional=True, title=Text("Priority", "优先级"))
    group = Team(optional=True, title=Text("Assignment group", "处理组"))
    first_agent = Person(optional=True, title=Text("First agent", "首接坐席"))
    resolved_by = Person(optional=True, title=Text("Resolved by", "解决人"))
    created_at = Instant(title=Text("Opened", "创建时间"))
    first_response_at = Instant(optional=True, title=Text("First human response", "首次人工响应"))
    resolved_at = Instant(optional=True, title=Text("Resolved", "解决时间"))
    closed_at = Instant(optional=True, title=Text("Closed", "关闭时间"))
    routed_at = Instant(optional=True, title=Text("Routed", "流转时间"))
    route_due_at = Instant(optional=True, title=Text("Routing due", "流转时限"))
    outcome = Choice(optional=True, options=("resolved", "unresolved", "open"), title=Text("Outcome", "结果"))
    within_sla = Flag(optional=True, title=Text("Within the agreed time, as the source judged", "是否达标(来源判定)"))
    transfers = Int(optional=True, minimum=0, title=Text("Reassignments", "转派次数"))
    escalated = Flag(optional=True, title=Text("Escalated", "是否升级"))
    reopenings = Int(optional=True, minimum=0, title=Text("Reopenings", "重开次数"))
    contacts = Int(optional=True, minimum=0, title=Text("Contacts", "联系次数"))
    wrong_fields = Int(optional=True, minimum=0, title=Text("Fields entered wrongly", "错填字段数"))

    defaults = Attribution(credit=resolved_by, at=closed_at)


class CallRecord(RecordType, key="call_record", title=Text("Call", "通话记录")):
    """One leg of a telephone call; a call abandoned in the queue has no agent and counts for the queue."""

    direction = Choice(optional=True, options=("inbound", "outbound"), title=Text("Direction", "呼叫方向"))
    queue = Team(optional=True, title=Text("Queue", "队列"))
    agent = Person(optional=True, title=Text("Agent", "坐席"))
    topic = Code(optional=True, title=Text("Topic", "业务类型"))
    entered_at = Instant(optional=True, title=Text("Came in", "来电时间"))
    offered_at = Instant(title=Text("Offered to agents", "进入排队时间"))
    answered_at = Instant(optional=True, title=Text("Answered", "接听时间"))
    abandoned_at = Instant(optional=True, title=Text("Abandoned", "放弃时间"))
    ended_at = Instant(optional=True, title=Text("Ended", "结束时间"))
    talk_seconds = Int(optional=True, minimum=0, title=Text("Talk, seconds", "通话秒数"))
    hold_seconds = Int(optional=True, minimum=0, title=Text("Hold, seconds", "保持秒数"))
    wrap_seconds = Int(optional=True, minimum=0, title=Text("Wrap-up, seconds", "话后处理秒数"))

    defaults = Attribution(credit=agent, at=offered_at)


class ChatSession(RecordType, key="chat_session", title=Text("Chat", "在线会话")):
    """A conversation in a chat tool."""

    status = Code(optional=True, title=Text("Status", "状态"))
    customer = Code(optional=True, title=Text("Customer", "客户"))
    agent = Person(optional=True, title=Text("Agent", "客服"))
    started_at = Instant(title=Text("Started", "开始时间"))
    first_customer_message_at = Instant(optional=True, title=Text("First customer message", "客户首条消息"))
    first_human_reply_at = Instant(optional=True, title=Text("First human reply", "人工首次回复"))
    ended_at = Instant(optional=True, title=Text("Ended", "结束时间"))
    transferred = Flag(optional=True, title=Text("Transferred", "是否转接"))

    defaults = Attribution(credit=agent, at=started_at)


class SurveyResponse(RecordType, key="survey_response", title=Text("Survey answer", "满意度评价")):
    """A customer's answer; the scale is stored with each answer (convention C11)."""

    kind = Choice(options=("transactional", "periodic", "spot_check"), title=Text("Kind", "调查类型"))
    agent = Person(optional=True, title=Text("Person rated", "被评价人"))
    case_channel = Choice(
        optional=True, options=("phone", "online", "sms", "email", "onsite"),
        title=Text("Channel of the case", "服务渠道"),
    )
    responded_at = Instant(title=Text("Answered", "评价时间"))
    scale_max = Int(minimum=1, maximum=100, title=Text("Top of the scale", "满分值"))
    overall = Number(optional=True, places=2, minimum=0, maximum=100, title=Text("Overall", "总体评分"))
    attitude = Number(optional=True, places=2, minimum=0, maximum=100, title=Text("Attitude", "服务态度"))
    skill = Number(optional=True, places=2, minimum=0, maximum=100, title=Text("Skill", "专业技能"))
    efficiency = Number(optional=True, places=2, minimum=0, maximum=100, title=Text("Efficiency", "解决效率"))
    standard = Number(optional=True, places=2, minimum=0, maximum=100, title=Text("Service standard", "服务规范"))
    valid = Flag(title=Text("Valid", "有效"))

    defaults = Attribution(credit=agent, at=responded_at)


class Complaint(RecordType, key="complaint", title=Text("Complaint", "投诉记录")):
    """A complaint of a customer, or a rights case of a marketplace."""

    category = Choice(options=("service", "product_quality", "rights_case"), title=Text("Category", "投诉类别"))
    status = Choice(options=("open", "resolved", "withdrawn"), title=Text("Status", "状态"))
    agent = Person(optional=True, title=Text("Person complained about", "被投诉人"))
    received_at = Instant(title=Text("Received", "受理时间"))
    resolved_at = Instant(optional=True, title=Text("Resolved", "解决时间"))
    after_sales_cause = Flag(optional=True, title=Text("After-sales cause", "售后原因"))
    improper_service = Flag(optional=True, title=Text("Caused by improper service", "服务不当引起"))
    verified = Flag(optional=True, title=Text("Verified", "查实"))
    effective = Flag(optional=True, title=Text("Handled effectively", "有效处理"))
    satisfactory = Flag(optional=True, title=Text("Customer satisfied with the outcome", "客户满意"))
    points_deducted = Int(optional=True, minimum=5, maximum=20, title=Text("Points deducted, judged", "扣分(5至20)"))

    defaults = Attribution(credit=agent, at=received_at)


class AttendanceDay(RecordType, key="attendance_day", title=Text("Attendance day", "考勤日")):
    """One employee on one scheduled day."""

    employee = Person(title=Text("Employee", "员工"))
    day = Day(title=Text("Day", "日期"))
    scheduled = Flag(title=Text("Scheduled", "排班"))
    status = Choice(
        options=("present", "late", "early", "leave", "absent_without_leave"), title=Text("Attendance", "考勤状态")
    )
    missing_punch = Flag(optional=True, title=Text("Missing punch", "缺卡"))

    defaults = Attribution(credit=employee, at=day)


class DisciplineEvent(RecordType, key="discipline_event", title=Text("Discipline event", "违纪记录")):
    """Something a manager or HR recorded; it counts once verified."""

    employee = Person(title=Text("Employee", "员工"))
    occurred_at = Instant(title=Text("Occurred", "发生时间"))
    kind = Choice(
        options=("attendance", "labour_discipline", "other_rule", "improper_language", "off_task_browsing"),
        title=Text("Kind", "违纪类型"),
    )
    verified = Flag(title=Text("Verified", "查实"))

    defaults = Attribution(credit=employee, at=occurred_at)


class Timesheet(RecordType, key="timesheet", title=Text("Timesheet", "工时")):
    """Minutes of one employee on one day."""

    employee = Person(title=Text("Employee", "员工"))
    day = Day(title=Text("Day", "日期"))
    available_minutes = Int(minimum=0, maximum=1440, title=Text("Available minutes", "可用工时(分钟)"))
    working_minutes = Int(minimum=0, maximum=1440, title=Text("Working minutes", "工作工时(分钟)"))

    defaults = Attribution(credit=employee, at=day)


RECORDS = (
    WorkOrder, Ticket, CallRecord, ChatSession, SurveyResponse, Complaint, AttendanceDay, DisciplineEvent, Timesheet,
)  # fmt: skip
