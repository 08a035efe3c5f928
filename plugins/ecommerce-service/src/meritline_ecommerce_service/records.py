"""Record types that only a shop's after-sales service has."""

from meritline_sdk import Attribution, Choice, Code, Day, Flag, Instant, Int, Number, Person, RecordType, Team, Text

LEVELS = ("positive", "neutral", "negative")


class Review(RecordType, key="review", title=Text("Review", "评价")):
    """A buyer's review; it may name an agent, and the buyer may change its level afterwards.

    Where only the latest level is known, it stands in ``level`` alone.
    """

    shop = Team(optional=True, title=Text("Shop", "店铺"))
    order = Code(optional=True, title=Text("Order", "订单号"))
    level = Choice(options=LEVELS, title=Text("Level", "评价等级"))
    changed_to = Choice(optional=True, options=LEVELS, title=Text("Changed to", "修改后等级"))
    changed_at = Instant(optional=True, title=Text("Changed", "修改时间"))
    named_agent = Person(optional=True, title=Text("Agent named", "点名客服"))
    created_at = Instant(title=Text("Written", "评价时间"))

    defaults = Attribution(credit=named_agent, at=created_at)


class PraiseEvent(RecordType, key="praise_event", title=Text("Praise by phone", "来电表扬")):
    """A customer telephoned to praise someone; one per customer and day counts."""

    customer = Code(optional=True, title=Text("Customer", "客户"))
    agent = Person(title=Text("Agent praised", "被表扬客服"))
    occurred_at = Instant(title=Text("Time", "来电时间"))
    verified = Flag(title=Text("Verified", "查实"))

    defaults = Attribution(credit=agent, at=occurred_at)


class AdTopup(RecordType, key="ad_topup", title=Text("Advertising top-up duty", "钻展/直通车充值值班")):
    """One evening's duty for one account, or for all of them together; several accounts missed are one event.

    ``due_at`` only where an evening had a time of its own; else the tenant's time of day decides.
    """

    agent = Person(title=Text("On duty", "值班人"))
    duty_on = Day(title=Text("Evening", "日期"))
    account = Choice(optional=True, options=("zuanzhan", "zhitongche"), title=Text("Account", "账户(钻展、直通车)"))
    due_at = Instant(optional=True, title=Text("Due, if not at the usual time", "截止时间(非常规时)"))
    topped_up_at = Instant(optional=True, title=Text("Topped up", "充满时间"))
    full = Flag(optional=True, title=Text("Full", "是否充满"))

    defaults = Attribution(credit=agent, at=duty_on)


class Award(RecordType, key="award", title=Text("Outstanding performance", "表现突出")):
    """Granted by the supervisor for a month; at most one per person and month counts."""

    agent = Person(title=Text("Agent", "客服"))
    granted_on = Day(title=Text("Day", "日期"))
    month = Day(optional=True, title=Text("Month it is for: its first day", "所属月份(当月首日)"))
    granted_by = Person(optional=True, title=Text("Granted by", "授予人"))
    points = Int(optional=True, minimum=0, maximum=100, title=Text("Points", "加分"))
    reason = Code(optional=True, title=Text("Reason", "理由"))

    defaults = Attribution(credit=agent, at=granted_on)


class LevelGrant(RecordType, key="level_grant", title=Text("Level granted by a person", "人工评定等级")):
    """The level "super", which no score reaches; it holds from its day until it is withdrawn."""

    agent = Person(title=Text("Agent", "客服"))
    granted_on = Day(title=Text("Granted", "评定日期"))
    until = Day(optional=True, title=Text("Last day", "截止日期"))
    granted_by = Person(optional=True, title=Text("Granted by", "评定人"))
    reason = Code(optional=True, title=Text("Reason", "理由"))

    defaults = Attribution(credit=agent, at=granted_on)


class TypingTest(RecordType, key="typing_test", title=Text("Typing test", "打字测试")):
    """A typing test; minutes of zero are refused."""

    agent = Person(title=Text("Agent", "客服"))
    taken_at = Instant(title=Text("Taken", "测试时间"))
    correct_characters = Int(minimum=0, maximum=1_000_000, title=Text("Correct characters", "正确字数"))
    minutes = Number(places=2, minimum=1, maximum=600, title=Text("Minutes", "分钟"))

    defaults = Attribution(credit=agent, at=taken_at)


RECORDS = (Review, PraiseEvent, AdTopup, Award, LevelGrant, TypingTest)
