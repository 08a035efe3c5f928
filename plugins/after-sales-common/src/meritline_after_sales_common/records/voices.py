"""What customers say: survey answers, complaints, call-backs, renewals, and marks given to single contacts."""

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

SEVERITIES = ("minor", "moderate", "serious")


def mark(en: str, zh: str) -> Number:
    """One mark of an answer, on the answer's own scale."""
    return Number(optional=True, places=2, minimum=0, maximum=100, title=Text(en, zh))


class SurveyResponse(RecordType, key="survey_response", title=Text("Survey answer", "满意度评价")):
    """A customer's answer; the scale is stored with each answer (convention C11)."""

    kind = Choice(options=("transactional", "periodic", "spot_check"), title=Text("Kind", "调查类型"))
    round = Code(optional=True, title=Text("Survey round", "调查轮次"))
    customer = Code(optional=True, title=Text("Customer", "客户"))
    survey_channel = Choice(
        optional=True, options=("sms", "app", "phone", "online", "email", "form"),
        title=Text("Channel of the survey", "调查渠道"),
    )  # fmt: skip
    case = Code(optional=True, title=Text("Case", "案件编号"))
    case_channel = Choice(
        optional=True, options=("phone", "online", "sms", "email", "onsite"),
        title=Text("Channel of the case", "服务渠道"),
    )  # fmt: skip
    agent = Person(optional=True, title=Text("Person rated", "被评价人"))
    team = Team(optional=True, title=Text("Team rated", "被评价团队"))
    sent_at = Instant(optional=True, title=Text("Sent", "发送时间"))
    responded_at = Instant(title=Text("Answered", "评价时间"))
    scale_min = Int(optional=True, minimum=0, maximum=100, title=Text("Bottom of the scale", "最低分值"))
    scale_max = Int(minimum=1, maximum=100, title=Text("Top of the scale", "满分值"))
    overall = mark("Overall", "总体评分")
    attitude = mark("Attitude", "服务态度")
    skill = mark("Skill", "专业技能")
    efficiency = mark("Efficiency", "解决效率")
    standard = mark("Service standard", "服务规范")
    technical = mark("Technical competence", "技术水平")
    solving = mark("Problem solving", "解决问题能力")
    communication = mark("Communication", "沟通能力")
    valid = Flag(title=Text("Valid", "有效"))

    defaults = Attribution(credit=agent, at=responded_at)


class Complaint(RecordType, key="complaint", title=Text("Complaint", "投诉记录")):
    """A complaint of a customer, or a rights case of a marketplace."""

    category = Choice(options=("service", "product_quality", "rights_case"), title=Text("Category", "投诉类别"))
    status = Choice(
        options=("open", "resolved", "withdrawn", "duplicate", "spam", "test"), title=Text("Status", "状态")
    )
    customer = Code(optional=True, title=Text("Customer", "客户"))
    case = Code(optional=True, title=Text("Case", "案件编号"))
    agent = Person(optional=True, title=Text("Person complained about", "被投诉人"))
    agents = People(optional=True, title=Text("Everyone complained about", "全部被投诉人"))
    handler = Person(optional=True, title=Text("Handles the complaint", "投诉处理人"))
    received_at = Instant(title=Text("Received", "受理时间"))
    accepted = Flag(optional=True, title=Text("Accepted, not refused by the supervisor", "已立案"))
    accepted_at = Instant(optional=True, title=Text("Time of acceptance", "立案时间"))
    response_due_at = Instant(optional=True, title=Text("Response due", "响应时限"))
    first_response_at = Instant(optional=True, title=Text("First response", "首次响应时间"))
    resolution_due_at = Instant(optional=True, title=Text("Resolution due", "解决时限"))
    resolved_at = Instant(optional=True, title=Text("Final resolution", "最终解决时间"))
    after_sales_cause = Flag(optional=True, title=Text("After-sales cause", "售后原因"))
    improper_service = Flag(optional=True, title=Text("Caused by improper service", "服务不当引起"))
    verified = Flag(optional=True, title=Text("Verified", "查实"))
    verified_by = Person(optional=True, title=Text("Verified by", "查实人"))
    verified_at = Instant(optional=True, title=Text("Verified at", "查实时间"))
    severity = Choice(optional=True, options=SEVERITIES, title=Text("Severity", "严重程度"))
    effective = Flag(optional=True, title=Text("Handled effectively", "有效处理"))
    satisfactory = Flag(optional=True, title=Text("Customer satisfied with the outcome", "客户满意"))
    points_deducted = Int(optional=True, minimum=5, maximum=20, title=Text("Points deducted, judged", "扣分(5至20)"))

    defaults = Attribution(credit=agent, at=received_at)


class FollowupCheck(RecordType, key="followup_check", title=Text("Follow-up call", "回访")):
    """A call to a customer after the service: is it true what the record says?"""

    case = Code(optional=True, title=Text("Case", "案件编号"))
    employee = Person(optional=True, title=Text("Employee whose record is checked", "被回访员工"))
    called_at = Instant(title=Text("Called", "回访时间"))
    reached = Flag(title=Text("Customer reached", "接通"))
    record_correct = Flag(optional=True, title=Text("Record agrees with the customer", "记录与客户反馈一致"))

    defaults = Attribution(credit=employee, at=called_at)


class Contract(RecordType, key="contract", title=Text("Service contract", "服务合同")):
    """A contract that ends and may be renewed."""

    customer = Code(optional=True, title=Text("Customer", "客户"))
    employee = Person(optional=True, title=Text("Responsible employee", "负责员工"))
    expires_on = Day(title=Text("Expires", "到期日"))
    renewed_on = Day(optional=True, title=Text("Renewed", "续约日"))
    cancelled_by_us = Flag(optional=True, title=Text("Cancelled by us", "我方终止"))

    defaults = Attribution(credit=employee, at=expires_on)


class Rating(RecordType, key="rating", title=Text("Mark for a call or chat", "评分")):
    """A mark that a person gave, for one recorded call or chat, or for a whole period."""

    employee = Person(title=Text("Person rated", "被评价人"))
    rater = Person(optional=True, title=Text("Rater", "评价人"))
    rater_role = Choice(
        optional=True, options=("self", "peer", "superior", "leader", "customer", "inspector"),
        title=Text("Role of the rater", "评价人角色"),
    )  # fmt: skip
    contact = Code(optional=True, title=Text("Call or chat that is scored", "被评通话或会话编号"))
    indicator = Code(optional=True, title=Text("Indicator", "指标"))
    period = Code(optional=True, title=Text("Period", "考核期"))
    value = Number(places=2, minimum=0, maximum=100, title=Text("Mark", "评分"))
    scale_min = Int(optional=True, minimum=0, maximum=100, title=Text("Bottom of the scale", "最低分值"))
    scale_max = Int(minimum=1, maximum=100, title=Text("Top of the scale", "满分值"))
    comment = Code(optional=True, title=Text("Comment", "评语"))
    anonymous = Flag(optional=True, title=Text("Anonymous", "匿名"))
    submitted_at = Instant(title=Text("Submitted", "提交时间"))

    defaults = Attribution(credit=employee, at=submitted_at)
