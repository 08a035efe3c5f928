"""What an agent does at work besides serving: typing, duties, awards, web pages that have no place there."""

from meritline_after_sales_common.records import AttendanceDay, DisciplineEvent
from meritline_ecommerce_service.records import AdTopup, Award, LevelGrant, TypingTest
from meritline_sdk import (
    AS_THINGS_STAND,
    CHARACTERS_PER_MINUTE,
    COUNT,
    FIRST_DAY,
    HIGHER,
    LAST_DAY,
    LOWER,
    PERIOD_END,
    Count,
    Distinct,
    Indicator,
    Largest,
    Parameter,
    Quotient,
    Text,
    at_clock,
    business_time,
    exists,
    first_present,
    in_period,
    local_day,
    minutes,
    seconds,
    titled,
)  # fmt: skip

BEST, LAST = "best", "last"
TEST = Parameter("test", BEST, options=(BEST, LAST),
                 title=Text("test that counts", "取用的成绩(best 最好,last 最后)"))
EARLIER_TEST = Parameter("earlier_test", False,
                         title=Text("the last earlier test stands in for a missing one", "本期无测试时沿用上次成绩"))
TOPUP_DUE = Parameter("topup_due", minutes(19 * 60 + 30), title=Text("due time of day", "每日截止时刻"))
TOLERANCE = Parameter("tolerance", minutes(0), title=Text("tolerance", "宽限时间"))
HOURS_ONLY = Parameter("working_hours_only", False,
                       title=Text("only within working hours", "只计工作时段内"))

t, a, e = TypingTest, AdTopup, DisciplineEvent
latest_test = ~exists(t, lambda o: (o.agent == t.agent) & (o.taken_at < PERIOD_END) & (
    (o.taken_at > t.taken_at) | ((o.taken_at == t.taken_at) & ~o.comes_first())))
counted_test = titled(
    (in_period(t.taken_at) & (TEST == BEST)) | (
        (t.taken_at < PERIOD_END) & latest_test & (in_period(t.taken_at) | EARLIER_TEST)),
    "it was in the period and is the best or the last, as the company chooses (or, if it so chooses, the last before)",
    "为本期内(按企业选择的最好或最后一次;如企业选择,沿用此前最后一次)")

TYPING_SPEED = Indicator(
    "typing_speed_cpm", Text("Typing speed", "打字速度"),
    Largest(Quotient(t.correct_characters, t.minutes, places=4), where=counted_test, at=AS_THINGS_STAND),
    CHARACTERS_PER_MINUTE, HIGHER,
)  # fmt: skip

due = titled(first_present(a.due_at, at_clock(a.duty_on, TOPUP_DUE)), "the time it was due", "截止时间") + TOLERANCE
missed = a.topped_up_at.missing() | (a.topped_up_at > due) | titled(
    a.full.present() & ~a.full, "it was not full", "未充满")

TOPUP_MISSES = Indicator(
    "ad_recharge_miss_count", Text("Advertising top-up missed", "钻展/直通车未按时充满"),
    Distinct(a, by=[a.duty_on], where=missed),
    COUNT, LOWER,
    note=Text("Evenings, whichever account was missed", "按晚计,不论漏充哪个账户"),
)  # fmt: skip

day_off = exists(AttendanceDay, lambda d: (
    (d.employee == e.employee) & (d.day == local_day(e.occurred_at)) & ~d.scheduled))
in_hours = ~HOURS_ONLY | (business_time(e.occurred_at, e.occurred_at + seconds(1)) > seconds(0))
at_work = titled(~day_off & in_hours, "it was not a day off (nor, if the company says so, outside working hours)",
                 "非排班休息日(如企业选择,且在工作时段内)")

BROWSING = Indicator(
    "off_task_browsing_count", Text("Browsing unrelated web pages at work", "浏览与淘宝网无关的网页"),
    Count(e, where=e.verified & (e.kind == "off_task_browsing") & at_work),
    COUNT, LOWER,
    note=Text("Not on a day that the roster has free", "排班休息日不计"),
)  # fmt: skip

AWARDS = Indicator(
    "outstanding_award_count", Text("Outstanding performance awards", "表现突出"),
    Distinct(Award, by=[Award.agent, titled(first_present(Award.month, FIRST_DAY), "the month", "月份")],
             at=titled(first_present(Award.month, Award.granted_on), "the month it is for, or the day",
                       "所属月份或授予日")),
    COUNT, HIGHER,
    note=Text("At most one per person and month; an award that names no month is for the period",
              "每人每月至多一次;未注明月份的计入当期"),
)  # fmt: skip

g = LevelGrant
held = titled((g.granted_on <= LAST_DAY) & (g.until.missing() | (g.until >= LAST_DAY)),
              "it holds on the last day of the period", "期末仍有效")

SUPER_LEVEL = Indicator(
    "super_level_granted", Text("Level \"super\", granted", "超级客服(人工评定)"),
    Distinct(g, by=[g.agent], where=held, at=AS_THINGS_STAND),
    COUNT, HIGHER,
    note=Text("1 where a person granted the level and it holds; no score reaches it",
              "已评定且有效为1;分数再高也不自动获得"),
)  # fmt: skip

CONDUCT = (TYPING_SPEED, TOPUP_MISSES, BROWSING, AWARDS, SUPER_LEVEL)
