"""The indicators, schemes and rewards that are appraised: twelve indicators of tickets, two of them percentiles.

Declared as a plugin would, by the SDK alone. ``baseline.sql`` says the same by hand; the benchmark compares the two.
"""

from meritline_after_sales_common import COMMON
from meritline_after_sales_common.records import Ticket, counts
from meritline_sdk import (
    COUNT,
    HIGHER,
    LOWER,
    PERCENT,
    SECONDS,
    ByGrade,
    Count,
    Expr,
    Grade,
    GradeBands,
    Indicator,
    IndicatorSet,
    Item,
    Mean,
    Percentile,
    Ranking,
    Ratio,
    RewardTable,
    SchemeTemplate,
    Sum,
    Text,
    rules,
)  # fmt: skip

SET, SCHEME, SHORT_SCHEME = "bench", "resolvers", "short"
POSITION, SHORT_POSITION = "resolver", "clerk"
t = Ticket


def share(key: str, title: str, of: Expr, among: Expr, *, better: bool = True) -> Indicator:
    """A percentage of the tickets that count."""
    ratio = Ratio(Count(t, where=counts(t) & of), Count(t, where=counts(t) & among))
    return Indicator(key, Text(title, title), ratio, PERCENT, HIGHER if better else LOWER)


CLOSED = Indicator("closed", Text("Closed", "关闭量"), Count(t, where=counts(t)), COUNT, HIGHER)
SLA = share("within_sla", "Within the agreed time", t.within_sla, t.within_sla.present())
FIRST_FIX = share("first_fix", "Fixed at once", (t.transfers == 0) & (t.reopenings == 0),
                  t.transfers.present() & t.reopenings.present())  # fmt: skip
REOPENED = share("reopened", "Reopened", t.reopenings > 0, t.reopenings.present(), better=False)
RESOLVED = share("resolved", "Resolved", t.outcome == "resolved", t.outcome.one_of("resolved", "unresolved"))
ESCALATED = share("escalated", "Escalated", t.escalated, t.escalated.present(), better=False)
ACCURATE = share("accurate", "Entered without mistake", t.wrong_fields == 0, t.wrong_fields.present())
RESOLUTION = Indicator("resolution_mean", Text("Mean time to resolve", "平均解决时长"),
                       Mean(t.resolved_at - t.created_at, where=counts(t)), SECONDS, LOWER)  # fmt: skip
RESOLUTION_P90 = Indicator("resolution_p90", Text("Time to resolve, 90th percentile", "解决时长P90"),
                           Percentile(t.resolved_at - t.created_at, 90, where=counts(t)), SECONDS, LOWER)  # fmt: skip
RESPONSE = Indicator("response_mean", Text("Mean time to respond", "平均响应时长"),
                     Mean(t.first_response_at - t.created_at, where=counts(t)), SECONDS, LOWER)  # fmt: skip
RESPONSE_MEDIAN = Indicator(
    "response_median", Text("Median time to respond", "响应时长中位数"),
    Percentile(t.first_response_at - t.created_at, 50, where=counts(t)), SECONDS, LOWER,
)  # fmt: skip
TRANSFERS = Indicator("transfers", Text("Reassignments", "转派次数"), Sum(t.transfers, where=counts(t)), COUNT, LOWER)

GRADES = GradeBands((
    Grade("d", Text("D", "D")), Grade("c", Text("C", "C"), 60), Grade("b", Text("B", "B"), 75),
    Grade("a", Text("A", "A"), 90),
))  # fmt: skip
SPEED = rules.Bands(up_to={3_600: 100, 7_200: 90, 14_400: 75, 28_800: 50}, beyond=20)

ITEMS = (
    Item(SLA, weight=20, target=90, rule=rules.Deduct(1)),
    Item(FIRST_FIX, weight=15, target=85, rule=rules.Deduct(1)),
    Item(RESOLUTION_P90, weight=10, rule=SPEED),
    Item(CLOSED, weight=10, target=80, rule=rules.ToTarget(full=100, cap=120)),
    Item(RESOLVED, weight=10, target=95, rule=rules.Deduct(2)),
    Item(RESPONSE_MEDIAN, weight=5, rule=SPEED),
    Item(REOPENED, weight=5, target=2, rule=rules.Deduct(5, when="above_target")),
    Item(ESCALATED, weight=5, target=10, rule=rules.Deduct(2, when="above_target")),
    Item(ACCURATE, weight=5, target=98, rule=rules.Deduct(2)),
    Item(RESOLUTION, weight=5, rule=SPEED),
    Item(RESPONSE, weight=5, rule=SPEED),
    Item(TRANSFERS, weight=5, rule=rules.PerUnit(-1)),
)

SCHEMES = (
    SchemeTemplate(SCHEME, Text("Resolvers", "解决人"), items=ITEMS, for_positions=(POSITION,), grades=GRADES,
                   pass_score=60, ranking=Ranking(minimum_sample=10)),
    SchemeTemplate(SHORT_SCHEME, Text("Clerks", "文员"), items=tuple(
        Item(each.indicator, weight=weight, target=each.target, rule=each.rule)
        for each, weight in zip(ITEMS, (30, 20, 15, 15, 10, 10), strict=False)
    ), for_positions=(SHORT_POSITION,), grades=GRADES, pass_score=60, ranking=Ranking(minimum_sample=10)),
)  # fmt: skip
REWARDS = (
    RewardTable("pay", Text("Performance pay", "绩效奖金"), scheme=SCHEME, rules=(
        ByGrade("level_bonus", Text("By grade", "等级奖金"), {"d": 0, "c": 300, "b": 600, "a": 1000}),
    )),
)  # fmt: skip
BENCH = IndicatorSet(
    SET, Text("Benchmark", "基准"), indicators=tuple(item.indicator for item in ITEMS), schemes=SCHEMES,
    rewards=REWARDS, uses=(COMMON,),
)  # fmt: skip
