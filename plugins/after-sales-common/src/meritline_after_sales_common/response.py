"""How soon a person answers. Source: catalogue, section D, common set.

A first response is the agent's who gave it, or who had the case when it was due (C08); what a machine answers is none.
"""

from typing import Any

from meritline_after_sales_common.conventions import CUTOFF, GRACE, RESPONSE_CREDIT, by_cutoff, whose
from meritline_after_sales_common.records import CallRecord, ChatSession, Ticket, WorkOrder, counts
from meritline_sdk import (
    HIGHER,
    LOWER,
    PERCENT,
    SECONDS,
    Beside,
    Count,
    Expr,
    If,
    Indicator,
    Kind,
    Mean,
    Parameter,
    Pooled,
    Ratio,
    Text,
    Total,
    elapsed,
    first_present,
    hours,
    titled,
)  # fmt: skip

INCLUDE_CALLS = Parameter(
    "include_calls", True, title=Text("calls that belong to no case count too", "无案件的来电也计入")
)
INCLUDE_CHATS = Parameter(
    "include_chats", True, title=Text("chats that belong to no case count too", "无案件的在线会话也计入")
)
LATE_AS_OPEN = Parameter(
    "unanswered_until_cutoff", False,
    title=Text("what is unanswered when due enters with the time until the cut-off", "到期未响应的按截止时间计时"),
)  # fmt: skip
PROMISE = Parameter(
    "default_promise", blank=Kind.DURATION,
    title=Text("time to respond where the request names none", "未注明时的响应承诺时间"),
)  # fmt: skip
CASES: tuple[Any, ...] = (WorkOrder, Ticket)
chat, call = ChatSession, CallRecord
chat_begins = titled(first_present(chat.first_customer_message_at, chat.started_at), "the customer's first message",
                     "客户首条消息")
own_chat = counts(chat) & titled(INCLUDE_CHATS & chat.case.missing(),
                                 "it belongs to no case, and the company counts such chats",
                                 "不属于案件且企业计入此类会话")
own_call = counts(call) & titled(
    INCLUDE_CALLS & call.case.missing() & (call.direction.missing() | (call.direction == "inbound")),
    "it came in, belongs to no case, and the company counts such calls", "为呼入、不属于案件且企业计入此类来电",
)  # fmt: skip


def response_time(case: Any) -> Mean:
    """From receipt to the first response of a person."""
    at = titled(
        If(LATE_AS_OPEN, first_present(case.first_response_at, case.response_due_at), case.first_response_at),
        "its first human response (or when it was due, if the company counts the unanswered)",
        "首次人工响应时间(如企业计入未响应的,则为应响应时间)",
    )  # fmt: skip
    answered_at = titled(first_present(case.first_response_at, CUTOFF), "its first human response", "首次人工响应")
    return Mean(elapsed(case.created_at, answered_at), where=counts(case), credit=whose(case, RESPONSE_CREDIT), at=at)


def unanswered(case: Any) -> Count:
    """Cases received in the period that nobody had answered by the cut-off."""
    waiting = titled(case.first_response_at.missing() | ~by_cutoff(case.first_response_at),
                     "nobody had answered it by the cut-off", "截止时仍无人响应")
    return Count(case, where=counts(case) & waiting, credit=whose(case, RESPONSE_CREDIT), at=case.created_at)


FIRST_RESPONSE = Indicator(
    "avg_first_response_time", Text("Average first response time", "平均响应时间"),
    Pooled(
        *(response_time(case) for case in CASES),
        Mean(elapsed(chat_begins, chat.first_human_reply_at), where=own_chat, credit=chat.agent,
             at=chat.first_human_reply_at),
        Mean(elapsed(call.offered_at, call.answered_at), where=own_call, credit=call.agent, at=call.answered_at),
    ),
    SECONDS, LOWER, settles_after=GRACE,
    note=Text("Over cases, chats and calls together; a chat or call that belongs to a case is not counted again",
              "案件、会话与来电合并计算;已属于案件的会话和来电不重复计"),
    beside=(Beside(Text("requests never answered", "未响应的请求数"), Total(
        *(unanswered(case) for case in CASES),
        Count(chat, where=own_chat & chat.first_human_reply_at.missing()),
        Count(call, where=own_call & call.answered_at.missing()),
    )),),
)  # fmt: skip


def promised(case: Any, where: Expr) -> Count:
    """Requests by the moment at which the response was due."""
    due = titled(first_present(case.response_due_at, case.created_at + PROMISE),
                 "the time at which a response was due", "应响应时间")
    return Count(case, where=where, credit=whose(case, RESPONSE_CREDIT), at=due)


def kept(case: Any) -> Expr:
    """True where the promise was kept; the tenant's own promise runs by the tenant's clock."""
    return titled(If(case.response_due_at.present(), case.first_response_at <= case.response_due_at,
                     elapsed(case.created_at, case.first_response_at) <= PROMISE),
                  "a person answered it as promised", "按承诺时间响应")


RESPONSE_TIMELY = Indicator(
    "response_timely_rate", Text("Response timeliness rate", "响应及时率"),
    Ratio(Total(*(promised(case, counts(case) & kept(case)) for case in CASES)),
          Total(*(promised(case, counts(case)) for case in CASES))),
    PERCENT, HIGHER,
    note=Text("Unanswered when due is late; the company fills in its promise for requests that name none",
              "到期未响应视为不及时;未注明承诺时间的请求按企业填写的承诺"),
)  # fmt: skip


def after_an_hour(case: Any, where: Expr) -> Count:
    """Cases by the moment an hour after they came in."""
    return Count(case, where=where, credit=whose(case, RESPONSE_CREDIT), at=case.created_at + hours(1))


FIRST_RESPONSE_1H = Indicator(
    "first_response_1h_rate", Text("First response rate within 1 hour", "首次响应率"),
    Ratio(
        Total(*(after_an_hour(case, counts(case) & (elapsed(case.created_at, case.first_response_at) <= hours(1)))
                for case in CASES)),
        Total(*(after_an_hour(case, counts(case)) for case in CASES)),
    ),
    PERCENT, HIGHER,
    note=Text("Exactly 1:00:00 counts; by the calendar clock requests at night fail",
              "恰好1小时计入;按自然时间夜间请求易超时"),
)  # fmt: skip

RESPONSE = (FIRST_RESPONSE, RESPONSE_TIMELY, FIRST_RESPONSE_1H)
