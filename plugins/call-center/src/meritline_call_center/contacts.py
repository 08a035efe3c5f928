"""Calls, chats and messages: were they answered, how soon, how long did it take.

What nobody answered belongs to the queue, hence to a team, never to a person.
"""

from meritline_after_sales_common.records import AsyncMessage, CallRecord, ChatSession, counts
from meritline_sdk import (
    HIGHER,
    PERCENT,
    RANGE,
    SECONDS,
    Beside,
    Count,
    Expr,
    If,
    Indicator,
    Kind,
    Mean,
    Parameter,
    Ratio,
    Text,
    Total,
    business_time,
    credit_choice,
    elapsed,
    exists,
    first_present,
    hours,
    seconds,
    titled,
)  # fmt: skip

ANSWER_WITHIN = Parameter("answer_within_seconds", 30, title=Text("seconds within which to answer", "接听时限(秒)"))
SHORT_ABANDON = Parameter("abandon_ignored_seconds", 5,
                          title=Text("seconds within which giving up is ignored", "放弃忽略时限(秒)"))
HOURS_ONLY = Parameter("service_hours_only", False, title=Text("only within service hours", "只计服务时段"))
TIMELY = Parameter("timely_within", blank=Kind.DURATION, title=Text("time within which to answer", "及时接听时限"))
INCLUDE_WRAP = Parameter("include_wrap", True, title=Text("wrap-up included", "含话后处理"))
ANSWER_CREDIT = Parameter("answer_credit", "queue", options=("queue", "agent"),
                          title=Text("whose an offered contact is", "来电归属(queue 队列,agent 坐席)"))

c, h, m = CallRecord, ChatSession, AsyncMessage


def in_service(moment: Expr) -> Expr:
    """True unless the tenant counts service hours only and the moment lies outside the working calendar."""
    return titled(~HOURS_ONLY | (business_time(moment, moment + seconds(1)) > seconds(0)),
                  "it came within service hours, if the company counts only those",
                  "在服务时段内(如企业选择只计服务时段)")


inbound = counts(c) & titled(c.direction.missing() | (c.direction == "inbound"), "it came in", "为呼入")
brief = c.abandoned_at.present() & (c.abandoned_at - c.offered_at <= seconds(1) * SHORT_ABANDON)
held = titled(~brief, "it was not given up within the ignored seconds", "非忽略时限内放弃")
offered = inbound & held & in_service(c.offered_at)
answered = inbound & c.answered_at.present()
chatted = counts(h) & in_service(h.started_at)
asked_at = titled(first_present(h.first_customer_message_at, h.started_at), "the customer's question", "客户首条消息")


def soon(limit: Expr) -> tuple[Expr, Expr]:
    """The calls, and the chats, that a person answered within the time."""
    return (offered & (c.answered_at - c.offered_at <= limit),
            chatted & (h.first_human_reply_at - asked_at <= limit))


soon_called, soon_chatted = soon(seconds(1) * ANSWER_WITHIN)

WITHIN_30S = Indicator(
    "answer_within_30s_rate", Text("Phone and chat contacts answered within 30 seconds", "30秒内接听/回复率"),
    Ratio(
        Total(Count(c, where=soon_called), Count(h, where=soon_chatted)),
        Total(Count(c, where=offered & c.answered_at.present()),
              Count(c, where=offered & c.answered_at.missing(), credit=c.queue),
              Count(h, where=chatted & h.agent.present()),
              Count(h, where=chatted & h.agent.missing(), credit=h.queue)),
    ),
    PERCENT, HIGHER,
    note=Text("A call that nobody answered counts for its queue", "未接来电归队列"),
)  # fmt: skip

call_credit = credit_choice(ANSWER_CREDIT, {"queue": c.queue, "agent": c.agent})
chat_credit = credit_choice(ANSWER_CREDIT, {"queue": h.queue, "agent": h.agent})
of_all_offered = Total(Count(c, where=offered, credit=call_credit), Count(h, where=chatted, credit=chat_credit))

ANSWER_RATE = Indicator(
    "call_answer_rate", Text("Call answer rate", "接通率"),
    Ratio(Total(Count(c, where=offered & c.answered_at.present(), credit=call_credit),
                Count(h, where=chatted & h.first_human_reply_at.present(), credit=chat_credit)), of_all_offered),
    PERCENT, HIGHER,
    note=Text("For queues, hence teams; for persons only where calls ring at a named agent",
              "按队列(团队)计;仅当来电指定坐席时才可按个人计"),
)  # fmt: skip

timely_called, timely_chatted = soon(TIMELY)

TIMELY_RATE = Indicator(
    "timely_answer_rate", Text("Timely call response rate", "呼叫响应率"),
    Ratio(Total(Count(c, where=timely_called, credit=call_credit),
                Count(h, where=timely_chatted, credit=chat_credit)), of_all_offered),
    PERCENT, HIGHER,
    note=Text("Not measured until the company says what is in time", "公司设定及时时限之前不计"),
)  # fmt: skip

wrap_up = titled(If(INCLUDE_WRAP, c.wrap_seconds, 0), "wrap-up (unless the company leaves it out)",
                 "话后处理秒数(除非企业选择不计)")

HANDLE_TIME = Indicator(
    "avg_call_handle_time", Text("Average talk / handling time per call or consultation", "平均通话/处理时长"),
    Mean(c.talk_seconds + c.hold_seconds + wrap_up, where=answered, at=c.ended_at),
    SECONDS, RANGE,
    note=Text("Calls; chats are avg_chat_handle_time. Each agent has the own leg of a call. A telephone system that "
              "records one time only delivers the others as 0. Shorter is not better by itself",
              "仅通话;在线会话见avg_chat_handle_time。转接的通话各坐席各计自己的一段。只记录一种时长的系统,"
              "其余以0提供。并非越短越好"),
)  # fmt: skip

CHAT_HANDLE_TIME = Indicator(
    "avg_chat_handle_time", Text("Average handling time per chat", "平均在线会话处理时长"),
    Mean(h.ended_at - h.first_human_reply_at, where=counts(h), at=h.ended_at),
    SECONDS, RANGE,
    beside=(Beside(Text("chats that nobody answered", "无人回复的会话数"),
                   Count(h, where=counts(h) & h.first_human_reply_at.missing(), at=h.started_at)),),
    note=Text("Parallel chats are not divided", "并行会话不拆分"),
)  # fmt: skip

waiting_already = exists(m, lambda o: (
    (o.thread == m.thread) & counts(o) & o.needs_reply
    & ((o.received_at < m.received_at) | ((o.received_at == m.received_at) & o.comes_first()))
    & (o.replied_at.missing() | (o.replied_at > m.received_at))))
turn = counts(m) & m.needs_reply & titled(~waiting_already, "nothing of its thread was waiting for a reply already",
                                          "该会话串中此前没有待回复的消息")
due_at = titled(m.received_at + hours(1), "an hour after receipt", "收到后一小时")

ASYNC_1H = Indicator(
    "async_reply_within_1h_rate", Text("SMS and e-mail answered within 1 hour", "短信/邮件1小时内回复率"),
    Ratio(Count(m, where=turn & (elapsed(m.received_at, m.replied_at) <= hours(1)), at=due_at),
          Count(m, where=turn, at=due_at)),
    PERCENT, HIGHER,
    note=Text("What a customer adds before a reply belongs to the same turn", "回复前客户追加的消息合为一次"),
)  # fmt: skip

CONTACTS = (WITHIN_30S, ASYNC_1H, ANSWER_RATE, TIMELY_RATE, HANDLE_TIME, CHAT_HANDLE_TIME)
