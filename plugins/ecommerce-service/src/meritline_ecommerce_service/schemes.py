"""The KPI appraisal and pay of a Taobao shop's after-sales agents (catalogue S07, rules R01 to R18), whole.

Five items of 20 points, eight events on the total, six levels. The document says 60 characters a minute for typing
and breaks off at "over 80 each"; ours gives points in proportion up to 60. Levels by their lower limits (R01), level
pay (R03), fines that the bonus can bear (R11, R12), attendance money (R07), the review group's 500 yuan (R17).
The level "super" has no number in the document and is granted by a person, so it is no band.
"""

from meritline_after_sales_common.indicators import ABSENCES, ATTENDANCE_BREACHES
from meritline_ecommerce_service.indicators import (
    AWARDS,
    BROWSING,
    COMPLAINTS,
    NAMED_REVIEWS,
    PRAISE,
    REVIEW_GROWTH,
    TOPUP_MISSES,
    TYPING_SPEED,
    VERIFIED_POINTS,
)  # fmt: skip
from meritline_ecommerce_service.rated import COMPLAINT_HANDLING, EXECUTION, QUALITY
from meritline_sdk import (
    ByGrade,
    ByRank,
    Event,
    Fine,
    Grade,
    GradeBands,
    Item,
    Pool,
    RewardTable,
    SchemeTemplate,
    Text,
    WhenMet,
    rules,
)  # fmt: skip


def of_20(points: int = 20) -> rules.AsPoints:
    """A rating of 0 to 20 is its points."""
    return rules.AsPoints(full=points, cap=points)


def points_each(points: int, cap: int | None = None) -> rules.PerUnit:
    """So many points, with their sign, for each event."""
    return rules.PerUnit(points, start=0, floor=None, cap=cap)


LEVELS = GradeBands((
    Grade("bottom", Text("Bottom", "底级")),
    Grade("junior", Text("Junior", "初级"), 60),
    Grade("middle", Text("Middle", "中级"), 80),
    Grade("senior", Text("Senior", "高级"), 100),
    Grade("special", Text("Special", "特级"), 120),
))  # fmt: skip

SHOP_AGENTS = SchemeTemplate(
    "shop_agents", Text("After-sales KPI appraisal and pay (S07)", "售后KPI绩效考核(S07)"),
    items=(
        Item(QUALITY, weight=20, rule=of_20()),
        Item(EXECUTION, weight=20, rule=of_20()),
        Item(COMPLAINT_HANDLING, weight=20, rule=of_20()),
        Item(ABSENCES, weight=20, rule=rules.PerUnit(-10, start=20, full=20)),
        Item(TYPING_SPEED, weight=20, target=60, rule=rules.ToTarget(full=20, cap=20)),
    ),
    events=(
        Event(COMPLAINTS, points_each(-5)),
        Event(VERIFIED_POINTS, points_each(-1)),
        Event(BROWSING, points_each(-20)),
        Event(TOPUP_MISSES, points_each(-5)),
        Event(PRAISE, points_each(5)),
        Event(NAMED_REVIEWS, points_each(1)),
        Event(AWARDS, points_each(10, cap=10)),
        Event(REVIEW_GROWTH, rules.Threshold(over="0.13", points=20), read_from="company"),
    ),
    for_positions=("shop_agent",), grades=LEVELS, pass_score=60,
)  # fmt: skip

FINES = (
    Fine("browsing_fine", Text("Browsing unrelated pages, 100 each", "浏览无关网页,每次100元"), BROWSING, 100),
    Fine("topup_fine", Text("Advertising top-up missed, 200 each", "未按时充满,每次200元"), TOPUP_MISSES, 200),
)
EXTRAS = (
    WhenMet("full_attendance", Text("Full attendance", "全勤奖"), ATTENDANCE_BREACHES, 200, at_most=0),
    WhenMet("attendance", Text("Attendance", "考勤奖"), ABSENCES, 100, at_most=0),
    Pool("review_group", Text("Review group's bonus", "中差评部门奖金"), REVIEW_GROWTH, 500, at_least="0.14"),
)

LEVEL_PAY = RewardTable(
    "level_pay", Text("Performance bonus by level", "等级绩效奖金"), scheme="shop_agents",
    rules=(ByGrade("level_bonus", Text("Level bonus", "等级绩效奖金"),
                   {"bottom": 300, "junior": 400, "middle": 500, "senior": 800, "special": 1000}), *FINES, *EXTRAS),
)  # fmt: skip

RANK_PAY = RewardTable(
    "rank_pay", Text("Performance bonus by rank, instead of by level", "排序工资法(替代等级奖金)"),
    scheme="shop_agents",
    rules=(ByRank("rank_bonus", Text("Rank bonus", "排名绩效奖金"), (1000, 800, 600), tail_step=200, tail_least=300,
                  low_score=50, low_amount=300), *FINES, *EXTRAS),
)  # fmt: skip
