"""What a shop counts in its chats: customers received, chats answered, how soon."""

from meritline_after_sales_common.records import ChatSession, counts
from meritline_sdk import COUNT, HIGHER, LOWER, SECONDS, Beside, Count, Distinct, Indicator, Mean, Text, local_day

c = ChatSession
replied = counts(c) & c.first_human_reply_at.present()

RECEPTION = Indicator(
    "chat_reception_count", Text("Customers received", "接待人数"),
    Distinct(c, by=[c.customer, local_day(c.first_human_reply_at)], where=replied, at=c.first_human_reply_at),
    COUNT, HIGHER,
    note=Text("Different customers of each day. A transferred chat is one record for each agent who replied, and "
              "counts for each of them, once for their team",
              "每日去重的客户数。转接的会话每位回复客服各一条记录,各计一次,团队只计一次"),
)  # fmt: skip

CHATS_ANSWERED = Indicator(
    "chats_answered", Text("Chats answered", "接待会话数"), Count(c, where=replied), COUNT, HIGHER,
)  # fmt: skip

FIRST_REPLY = Indicator(
    "chat_first_reply_time", Text("Mean time to the first human reply", "平均首次人工回复时长"),
    Mean(c.first_human_reply_at - c.first_customer_message_at, where=counts(c)),
    SECONDS, LOWER,
    beside=(Beside(Text("chats that nobody answered", "无人回复的会话数"),
                   Count(c, where=counts(c) & c.first_human_reply_at.missing())),),
)  # fmt: skip

CHATS = (RECEPTION, CHATS_ANSWERED, FIRST_REPLY)
