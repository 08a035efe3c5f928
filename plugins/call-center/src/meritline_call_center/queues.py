"""The telephone alone: what a caller meets before an agent answers, and how agents talk. All of these are ours."""

from meritline_call_center.contacts import ANSWER_WITHIN, answered, c, offered
from meritline_sdk import (
    COUNT,
    HIGHER,
    LOWER,
    NEITHER,
    PERCENT,
    SECONDS,
    Beside,
    Count,
    Indicator,
    Mean,
    Parameter,
    Percentile,
    Ratio,
    Text,
    seconds,
)  # fmt: skip

SHORT_CALL = Parameter("short_call_seconds", 10, title=Text("seconds of a conversation", "超短通话界限(秒)"))

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

HANDLE_MEDIAN = Indicator(
    "call_handle_time_median", Text("Median talking time of a call", "通话时长中位数"),
    Percentile(c.talk_seconds, 50, where=answered, at=c.ended_at),
    SECONDS, NEITHER,
)  # fmt: skip

WAITING_TIME = Indicator(
    "call_waiting_time", Text("Mean wait before an answer", "平均等待时长"),
    Mean(c.answered_at - c.offered_at, where=answered, credit=c.queue),
    SECONDS, LOWER,
    beside=(Beside(Text("calls that nobody answered", "未接来电数"),
                   Count(c, where=offered & c.answered_at.missing(), credit=c.queue)),),
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

QUEUES = (SERVICE_LEVEL, ABANDONMENT, WAITING_TIME, HANDLE_MEDIAN, SHORT_CALLS, CALLS_ANSWERED)
