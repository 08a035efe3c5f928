"""Learning and sharing: training, tests, knowledge base, meetings, cooperation, suggestions. Decides their fields."""

from meritline_sdk import (
    Attribution,
    Choice,
    Code,
    Flag,
    Instant,
    Int,
    Number,
    People,
    Person,
    RecordType,
    Text,
)

EVENT_KINDS = ("sharing_meeting", "info_share", "skill_exchange", "team_communication")


class TrainingAttendance(RecordType, key="training_attendance", title=Text("Training attendance", "培训记录")):
    """One employee and one session or course."""

    course = Code(title=Text("Course", "课程"))
    employee = Person(title=Text("Employee", "员工"))
    organised_by_company = Flag(title=Text("Organised by the company", "公司组织"))
    required = Flag(optional=True, title=Text("Required", "必修"))
    held_at = Instant(optional=True, title=Text("Held", "培训时间"))
    due_at = Instant(optional=True, title=Text("Deadline", "完成期限"))
    hours = Number(optional=True, places=2, minimum=0, title=Text("Hours", "学时"))
    attended = Flag(optional=True, title=Text("Attended", "出席"))
    on_approved_leave = Flag(optional=True, title=Text("On approved leave", "请假"))
    completed_at = Instant(optional=True, title=Text("Completed", "完成时间"))
    quality_score = Number(
        optional=True, places=2, minimum=0, maximum=100, title=Text("Mark of 100 for taking part", "培训质量分")
    )

    defaults = Attribution(credit=employee, at=held_at)


class KnowledgeTest(RecordType, key="knowledge_test", title=Text("Knowledge test", "知识测试")):
    """One attempt of one employee at one test; a test that was missed has no time and no score."""

    test = Code(title=Text("Test", "测试"))
    employee = Person(title=Text("Employee", "员工"))
    required = Flag(optional=True, title=Text("Required", "必考"))
    due_at = Instant(optional=True, title=Text("Due", "期限"))
    taken_at = Instant(optional=True, title=Text("Taken", "考试时间"))
    attempt = Int(optional=True, minimum=1, maximum=100, title=Text("Attempt", "第几次"))
    score = Number(optional=True, places=2, minimum=0, title=Text("Score", "得分"))
    max_score = Number(places=2, minimum=1, title=Text("Full score", "满分"))
    pass_mark = Number(optional=True, places=2, minimum=0, title=Text("Pass mark", "及格分"))

    defaults = Attribution(credit=employee, at=taken_at)


class KbChange(RecordType, key="kb_change", title=Text("Knowledge-base change", "知识库贡献")):
    """A new article or an update of one."""

    employee = Person(title=Text("Author", "作者"))
    kind = Choice(options=("new", "update"), title=Text("Kind", "类型"))
    approved = Flag(title=Text("Approved", "通过"))
    approved_at = Instant(optional=True, title=Text("Time of approval", "通过时间"))

    defaults = Attribution(credit=employee, at=approved_at)


class SharingEvent(RecordType, key="sharing_event", title=Text("Sharing event", "分享/交流活动")):
    """A meeting, a piece of information shared, an exchange of skills or a talk within the team."""

    kind = Choice(options=EVENT_KINDS, title=Text("Kind", "类型"))
    occurred_at = Instant(title=Text("Time of the event", "活动时间"))
    presenters = People(optional=True, title=Text("Presenters", "分享人"))
    participants = People(optional=True, title=Text("Participants", "参与人"))
    invited = People(optional=True, title=Text("Invited", "受邀人"))

    defaults = Attribution(credit=presenters, at=occurred_at)


class SharingInvitation(RecordType, key="sharing_invitation", title=Text("Invitation to a sharing event", "活动邀请")):
    """One person who was invited to a sharing event, and whether they came."""

    event = Code(title=Text("Event", "活动编号"))
    kind = Choice(options=EVENT_KINDS, title=Text("Kind", "类型"))
    employee = Person(title=Text("Employee", "员工"))
    occurred_at = Instant(title=Text("Time of the event", "活动时间"))
    attended = Flag(optional=True, title=Text("Attended", "出席"))
    on_leave = Flag(optional=True, title=Text("On leave that day", "当日是否请假"))

    defaults = Attribution(credit=employee, at=occurred_at)


class CollaborationCase(RecordType, key="collaboration_case", title=Text("Team cooperation case", "团队协作案例")):
    """A piece of work that several people did together, written down and approved."""

    case = Code(optional=True, title=Text("Case", "案例编号"))
    participants = People(title=Text("Participants", "参与人"))
    described_at = Instant(title=Text("Described", "记录时间"))
    approved = Flag(title=Text("Approved", "通过"))
    approved_by = Person(optional=True, title=Text("Approved by", "审批人"))

    defaults = Attribution(credit=participants, at=described_at)


class Suggestion(RecordType, key="suggestion", title=Text("Suggestion", "改进建议")):
    """A suggestion for improvement, and what became of it."""

    employee = Person(title=Text("Employee", "员工"))
    submitted_at = Instant(title=Text("Submitted", "提交时间"))
    status = Choice(options=("submitted", "rejected", "accepted", "implemented"), title=Text("Status", "状态"))
    duplicate = Flag(optional=True, title=Text("Rejected as a duplicate", "因重复驳回"))
    effect = Choice(optional=True, options=("none", "partial", "effective"), title=Text("Effect", "实施效果"))
    assessed_at = Instant(optional=True, title=Text("Assessed", "评估时间"))

    defaults = Attribution(credit=employee, at=submitted_at)
