"""Reviews: who is named in good ones, and whether the shop's reviews get better. A changed review counts as changed."""

from meritline_ecommerce_service.records import Review
from meritline_sdk import (
    AS_THINGS_STAND,
    COUNT,
    HIGHER,
    PERCENT,
    PERCENTAGE_POINT,
    PERIOD_END,
    PERIOD_START,
    Change,
    Count,
    Distinct,
    If,
    Indicator,
    Parameter,
    Ratio,
    Text,
    days,
    first_present,
    titled,
)  # fmt: skip

MONTH, ROLLING = "month", "rolling"
BASE = Parameter("review_base", MONTH, options=(MONTH, ROLLING), title=Text(
    "base of reviews", "评价口径(month 当月,rolling 平台滚动周期)"))
ROLLING_FOR = Parameter("rolling_for", days(180), title=Text("length of the rolling base", "滚动周期长度"))

r = Review
level = titled(first_present(r.changed_to, r.level), "the level, as changed,", "等级(以修改后为准)")
order = titled(first_present(r.order, r.external_id), "the order", "订单")
changed_by_then = r.changed_to.present() & (r.changed_at.missing() | (r.changed_at < PERIOD_END))
level_then = titled(If(changed_by_then, r.changed_to, r.level), "the level at the end of the period", "期末等级")
in_base = titled((r.created_at < PERIOD_END) & (
    ((BASE == MONTH) & (r.created_at >= PERIOD_START))
    | ((BASE == ROLLING) & (r.created_at >= PERIOD_END - ROLLING_FOR))),
    "it was written in the period (or, if the company says so, in the rolling base to its end)",
    "写于本期(如企业选择,则写于截至期末的滚动周期)")

NAMED_REVIEWS = Indicator(
    "named_good_review_count", Text("Positive reviews naming the agent", "好评里点出客服名"),
    Distinct(r, by=[order], where=level == "positive"),
    COUNT, HIGHER,
    note=Text("One per order; a review changed to neutral or negative does not count", "每单计一次;改为中差评的不计"),
)  # fmt: skip

POSITIVE_RATE = Indicator(
    "positive_review_rate", Text("Share of positive reviews", "好评率"),
    Ratio(Count(r, where=level == "positive", credit=r.shop), Count(r, credit=r.shop)),
    PERCENT, HIGHER,
)  # fmt: skip

REVIEW_GROWTH = Indicator(
    "review_improvement_growth", Text("Month-on-month improvement of reviews", "中差评提升"),
    Change(Ratio(Count(r, where=in_base & (level_then == "positive"), credit=r.shop, at=AS_THINGS_STAND),
                 Count(r, where=in_base, credit=r.shop, at=AS_THINGS_STAND))),
    PERCENTAGE_POINT, HIGHER,
    note=Text("The share of positive reviews at the end of the period less that at the end of the one before, for the "
              "shop or the company", "期末好评率减上期期末好评率,按店铺或公司计"),
)  # fmt: skip

REVIEWS = (NAMED_REVIEWS, POSITIVE_RATE, REVIEW_GROWTH)
