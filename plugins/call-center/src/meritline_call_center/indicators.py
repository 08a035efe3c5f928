"""Indicators of call centres and service desks. Source: catalogue, section D, plugin call_center.

``call_*`` look at the telephone alone. ``sla_met_rate``, ``first_time_fix_rate`` and ``reopen_rate`` are ours, for
service desks whose system already judged the agreed time and counts reassignments and reopenings.
"""

from meritline_after_sales_common.records import CallRecord, DisciplineEvent, SurveyResponse, Ticket, counts
from meritline_sdk import (
    COUNT,
    HIGHER,
    HOURS,
    LOWER,
    NEITHER,
    PERCENT,
    SCORE_5,
    SECONDS,
    Count,
    Indicator,
    Mean,
    Parameter,
    Percentile,
    Ratio,
    Text,
    seconds,
)  # fmt: skip

ANSWER_WITHIN = Parameter("answer_within_seconds", default=30)
SHORT_ABANDON = Parameter("abandon_ignored_seconds", default=5)
SHORT_CALL = Parameter("short_call_seconds", default=10)
INCLUDE_WRAP = Parameter("include_wrap", default=1)

c, t = CallRecord, Ticket
inbound = c.direction.missing() | (c.direction == "inbound")
brief = c.abandoned_at.present() & (c.abandoned_at - c.offered_at <= seconds(1) * SHORT_ABANDON)
offered = inbound & ~brief
answered = inbound & c.answered_at.present()

ANSWER_RATE = Indicator(
    "call_answer_rate", Text("Call answer rate", "接通率"),
    Ratio(Count(c, where=offered & c.answered_at.present(), credit=c.queue), Count(c, where=offered, credit=c.queue)),
    PERCENT, HIGHER,
    note=Text("Team or company: a call that nobody answered belongs to the queue", "团队或公司指标:未接来电归队列"),
)  # fmt: skip

SERVICE_LEVEL = Indicator(
    "call_service_level", Text("Calls answered in time", "服务水平(限时接听率)"),
    Ratio(
        Count(c, where=offered & (c.answered_at - c.offered_at <= seconds(1) * ANSWER_WITHIN), credit=c.queue),
        Count(c, where=offered, credit=c.queue),
    ),
    PERCENT, HIGHER,
)  # fmt: skip

ABANDONMENT = Indicator(
    "call_abandonment_rate", Text("Calls abandoned in the queue", "排队放弃率"),
    Ratio(Count(c, where=offered & c.abandoned_at.present(), credit=c.queue), Count(c, where=offered, credit=c.queue)),
    PERCENT, LOWER,
)  # fmt: skip

HANDLE_TIME = Indicator(
    "avg_call_handle_time", Text("Mean handling time of a call", "平均通话处理时长"),
    Mean(c.talk_seconds + c.hold_seconds + c.wrap_seconds * INCLUDE_WRAP, where=answered, at=c.ended_at),
    SECONDS, NEITHER,
    note=Text("Talk, hold and wrap-up (include_wrap: 1 or 0); a telephone system that records one time only delivers "
              "the others as 0. Shorter is not better by itself",
              "通话、保持与话后处理之和(include_wrap取1或0);只记录一种时长的系统,其余以0提供。并非越短越好"),
)  # fmt: skip

HANDLE_MEDIAN = Indicator(
    "call_handle_time_median", Text("Median talking time of a call", "通话时长中位数"),
    Percentile(c.talk_seconds, 50, where=answered, at=c.ended_at),
    SECONDS, NEITHER,
)  # fmt: skip

WAITING_TIME = Indicator(
    "call_waiting_time", Text("Mean wait before an answer", "平均等待时长"),
    Mean(c.answered_at - c.offered_at, where=answered, credit=c.queue),
    SECONDS, LOWER,
    note=Text("Team or company: how long callers wait is the queue's doing, not the agent's who answers",
              "团队或公司指标:等待时长取决于队列,而非接听的坐席"),
)  # fmt: skip

SHORT_CALLS = Indicator(
    "short_call_rate", Text("Calls shorter than a conversation", "超短通话占比"),
    Ratio(Count(c, where=answered & (c.talk_seconds < SHORT_CALL), at=c.ended_at),
          Count(c, where=answered & c.talk_seconds.present(), at=c.ended_at)),
    PERCENT, LOWER,
    note=Text("Shows who hangs up to look fast", "用于识别为缩短时长而挂断的行为"),
)  # fmt: skip

CALLS_ANSWERED = Indicator(
    "calls_answered", Text("Calls answered", "接听量"), Count(c, where=answered), COUNT, HIGHER,
)  # fmt: skip

FRONTLINE_RESOLUTION = Indicator(
    "frontline_resolution_rate", Text("Resolved at the first line", "问题一次性解决率"),
    Ratio(
        Count(t, where=counts(t) & (t.outcome == "resolved") & (t.transfers == 0)
              & (t.escalated.missing() | ~t.escalated)
              & (t.resolved_by == t.first_agent), credit=t.first_agent, at=t.created_at),
        Count(t, where=counts(t) & t.outcome.one_of("resolved", "unresolved"), credit=t.first_agent, at=t.created_at),
    ),
    PERCENT, HIGHER,
)  # fmt: skip

TICKET_ACCURACY = Indicator(
    "ticket_accuracy_rate", Text("Ticket entry accuracy", "工单处理准确率"),
    Ratio(Count(t, where=counts(t) & (t.wrong_fields == 0)), Count(t, where=counts(t) & t.wrong_fields.present())),
    PERCENT, HIGHER,
)  # fmt: skip

TICKET_TIMELY = Indicator(
    "ticket_timely_rate", Text("Ticket routing timeliness", "工单处理及时性"),
    Ratio(
        Count(t, where=counts(t) & (t.routed_at <= t.route_due_at), credit=t.first_agent, at=t.route_due_at),
        Count(t, where=counts(t), credit=t.first_agent, at=t.route_due_at),
    ),
    PERCENT, HIGHER,
)  # fmt: skip

CSAT_REALTIME = Indicator(
    "csat_rating_realtime", Text("Mean rating of phone and online service", "电话/在线客服的满意度评分"),
    Mean(SurveyResponse.overall, where=SurveyResponse.valid & (SurveyResponse.scale_max == 5)
         & SurveyResponse.case_channel.one_of("phone", "online")),
    SCORE_5, HIGHER,
)  # fmt: skip

IMPROPER_LANGUAGE = Indicator(
    "improper_language_count", Text("Coarse or impatient language", "粗俗、不耐烦的语言"),
    Count(DisciplineEvent, where=DisciplineEvent.verified & (DisciplineEvent.kind == "improper_language")),
    COUNT, LOWER,
)  # fmt: skip

SLA_MET = Indicator(
    "sla_met_rate", Text("Closed within the agreed time", "SLA达标率"),
    Ratio(Count(t, where=counts(t) & t.within_sla), Count(t, where=counts(t) & t.within_sla.present())),
    PERCENT, HIGHER,
)  # fmt: skip

FIRST_TIME_FIX = Indicator(
    "first_time_fix_rate", Text("Fixed without reassignment or reopening", "一次解决率(无转派无重开)"),
    Ratio(
        Count(t, where=counts(t) & (t.transfers == 0) & (t.reopenings == 0)),
        Count(t, where=counts(t) & t.transfers.present() & t.reopenings.present()),
    ),
    PERCENT, HIGHER,
)  # fmt: skip

REOPENED = Indicator(
    "reopen_rate", Text("Reopened", "重开率"),
    Ratio(Count(t, where=counts(t) & (t.reopenings > 0)), Count(t, where=counts(t) & t.reopenings.present())),
    PERCENT, LOWER,
)  # fmt: skip

RESOLUTION_HOURS = Indicator(
    "ticket_resolution_time", Text("Mean time from opening to resolution", "平均解决时长"),
    Mean(t.resolved_at - t.created_at, where=counts(t)),
    HOURS, LOWER,
    note=Text("By the month of closing, like the volume", "按关闭月份归期,与关闭量一致"),
)  # fmt: skip

CLOSED_COUNT = Indicator(
    "tickets_closed", Text("Tickets closed", "关闭量"), Count(t, where=counts(t)), COUNT, HIGHER,
)  # fmt: skip

INDICATORS = (
    ANSWER_RATE, SERVICE_LEVEL, ABANDONMENT, HANDLE_TIME, HANDLE_MEDIAN, WAITING_TIME, SHORT_CALLS, CALLS_ANSWERED,
    FRONTLINE_RESOLUTION, TICKET_ACCURACY, TICKET_TIMELY, CSAT_REALTIME, IMPROPER_LANGUAGE, SLA_MET, FIRST_TIME_FIX,
    REOPENED, RESOLUTION_HOURS, CLOSED_COUNT,
)  # fmt: skip
