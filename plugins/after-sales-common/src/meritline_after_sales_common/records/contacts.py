"""Contacts with customers: calls, chats, messages, and the customers themselves. Decides their fields."""

from meritline_sdk import Attribution, Choice, Code, Day, Flag, Instant, Int, Person, RecordType, Team, Text


class Customer(RecordType, key="customer", title=Text("Customer", "客户")):
    """A customer; the outside id is the customer's number in every other record."""

    key_account = Flag(optional=True, title=Text("Key account", "大客户"))
    region = Team(optional=True, title=Text("Region", "区域"))
    manager = Person(optional=True, title=Text("Responsible employee", "负责员工"))
    since = Day(title=Text("Customer since", "建档日期"))

    defaults = Attribution(credit=manager, at=since)


class CallRecord(RecordType, key="call_record", title=Text("Call", "通话记录")):
    """One leg of a telephone call; a call abandoned in the queue has no agent and counts for the queue."""

    status = Code(optional=True, title=Text("Status", "状态"))
    automated = Flag(optional=True, title=Text("Answered by a machine alone", "自动应答"))
    direction = Choice(optional=True, options=("inbound", "outbound"), title=Text("Direction", "呼叫方向"))
    queue = Team(optional=True, title=Text("Queue", "队列"))
    agent = Person(optional=True, title=Text("Agent", "坐席"))
    customer = Code(optional=True, title=Text("Customer", "客户"))
    case = Code(optional=True, title=Text("Case", "案件编号"))
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
    automated = Flag(optional=True, title=Text("Answered by a bot alone", "机器人独立接待"))
    customer = Code(optional=True, title=Text("Customer", "客户"))
    queue = Team(optional=True, title=Text("Queue", "队列"))
    agent = Person(optional=True, title=Text("Agent", "客服"))
    case = Code(optional=True, title=Text("Case", "案件编号"))
    topic = Code(optional=True, title=Text("Topic", "业务类型"))
    started_at = Instant(title=Text("Started", "开始时间"))
    first_customer_message_at = Instant(optional=True, title=Text("First customer message", "客户首条消息"))
    first_human_reply_at = Instant(optional=True, title=Text("First human reply", "人工首次回复"))
    ended_at = Instant(optional=True, title=Text("Ended", "结束时间"))
    transferred = Flag(optional=True, title=Text("Transferred", "转接"))

    defaults = Attribution(credit=agent, at=started_at)


class AsyncMessage(RecordType, key="async_message", title=Text("SMS or e-mail", "短信/邮件")):
    """A message of a customer that is not answered while they wait."""

    status = Code(optional=True, title=Text("Status", "状态"))
    automated = Flag(optional=True, title=Text("Answered by a machine alone", "自动回复"))
    thread = Code(optional=True, title=Text("Thread", "会话串"))
    channel = Choice(options=("sms", "email"), title=Text("Channel", "渠道"))
    customer = Code(optional=True, title=Text("Customer", "客户"))
    agent = Person(optional=True, title=Text("Agent who replied or was in charge", "客服"))
    case = Code(optional=True, title=Text("Case", "案件编号"))
    received_at = Instant(title=Text("Received", "收到时间"))
    replied_at = Instant(optional=True, title=Text("First human reply", "人工首次回复时间"))
    needs_reply = Flag(optional=True, title=Text("Needs a reply", "需要回复"))

    defaults = Attribution(credit=agent, at=received_at)
