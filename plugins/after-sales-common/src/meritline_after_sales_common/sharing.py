"""Suggestions, knowledge, exchange and cooperation. Source: catalogue, section D, common set."""

from decimal import Decimal

from meritline_after_sales_common.records import (
    CollaborationCase,
    KbChange,
    SharingEvent,
    SharingInvitation,
    Suggestion,
)
from meritline_after_sales_common.training import on_leave
from meritline_sdk import (
    COUNT,
    HIGHER,
    PERCENT,
    TIMES_PER_WEEK,
    Count,
    EmployedDays,
    If,
    Indicator,
    Parameter,
    Ratio,
    Sum,
    Text,
    each,
    titled,
)  # fmt: skip

NEW_WEIGHT = Parameter("new_weight", Decimal(1), title=Text("weight of a new article", "新增文章权重"))
UPDATE_WEIGHT = Parameter("update_weight", Decimal(1), title=Text("weight of an update", "更新文章权重"))

s, k, e, i, c = Suggestion, KbChange, SharingEvent, SharingInvitation, CollaborationCase

SUGGESTIONS = Indicator(
    "improvement_suggestion_count", Text("Improvement suggestions submitted", "改进建议数量"),
    Count(s, where=titled(
        s.duplicate.missing() | ~s.duplicate, "it was not rejected as a duplicate", "未因重复被驳回")),
    COUNT, HIGHER,
)  # fmt: skip

SUGGESTIONS_EFFECTIVE = Indicator(
    "improvement_suggestion_effective_rate",
    Text("Share of suggestions implemented with effect", "改进建议实施效果"),
    Ratio(Count(s, where=(s.status == "implemented") & (s.effect == "effective"), at=s.assessed_at),
          Count(s, at=s.assessed_at)),
    PERCENT, HIGHER,
    note=Text("Of the suggestions assessed in the period", "分母为期内评估的建议"),
)  # fmt: skip

SHARING_SESSIONS = Indicator(
    "sharing_session_count", Text("Contributions to internal sharing meetings", "内部分享会议贡献"),
    Count(e, where=e.kind == "sharing_meeting", credit=each(e.presenters)),
    COUNT, HIGHER,
    note=Text("Each presenter gets one; the team counts meetings, not presenters", "每位分享人各计一次;团队按会议计"),
)  # fmt: skip

KB_CONTRIBUTIONS = Indicator(
    "kb_contribution_count", Text("Knowledge-base contributions and updates", "知识库内容贡献与更新"),
    Sum(titled(If(k.kind == "new", NEW_WEIGHT, UPDATE_WEIGHT), "the weight of the article (new or update)",
               "文章权重(新增或更新)"), where=k.approved),
    COUNT, HIGHER,
    note=Text("Approved ones; new articles and updates weigh the same unless the company says otherwise",
              "只计通过的;新增与更新默认等权"),
)  # fmt: skip

INFO_SHARING = Indicator(
    "info_sharing_per_week", Text("Information sharing frequency", "信息共享频率"),
    Ratio(Count(e, where=e.kind == "info_share", credit=each(e.presenters)), EmployedDays()),
    TIMES_PER_WEEK, HIGHER,
    note=Text("Times / (days / 7), by the days employed in the period", "次数÷(天数÷7),按期内在职天数"),
)  # fmt: skip

came_or_could = (i.kind == "skill_exchange") & titled(
    (i.on_leave.missing() | ~i.on_leave) & ~on_leave(i.employee, i.occurred_at),
    "the employee was not on leave that day", "当日未请假",
)  # fmt: skip

SKILL_EXCHANGE = Indicator(
    "skill_exchange_participation_rate", Text("Participation in skill exchange", "技能交流参与度"),
    Ratio(Count(i, where=came_or_could & i.attended), Count(i, where=came_or_could)),
    PERCENT, HIGHER,
    note=Text("Of the events one was invited to; leave on the day takes the event out",
              "分母为受邀活动;当日请假的不计"),
)  # fmt: skip

TEAM_COMMUNICATION = Indicator(
    "team_communication_count", Text("Frequency of team communication", "团队沟通频率"),
    Count(e, where=e.kind == "team_communication", credit=each(e.participants)),
    COUNT, HIGHER,
    note=Text("How well the team communicates is rated, not counted", "沟通效率由评分衡量,不计次数"),
)  # fmt: skip

COLLABORATION = Indicator(
    "collaboration_case_count", Text("Team cooperation cases", "团队协作案例"),
    Count(c, where=c.approved, credit=each(c.participants)),
    COUNT, HIGHER,
    note=Text("Each participant gets one; the team counts a case once", "每位参与人各计一次;团队只计一次"),
)  # fmt: skip

SHARING = (
    SUGGESTIONS, SUGGESTIONS_EFFECTIVE, SHARING_SESSIONS, KB_CONTRIBUTIONS, INFO_SHARING, SKILL_EXCHANGE,
    TEAM_COMMUNICATION, COLLABORATION,
)  # fmt: skip
