"""The money of S07: pay by level or by rank, fines, attendance, the review group, what makes up the pay (R01 to R18).

A company takes one of both tables: the performance bonus is paid once (T29).
"""

from meritline_after_sales_common.attendance import FULL_ATTENDANCE
from meritline_after_sales_common.indicators import ABSENCES
from meritline_ecommerce_service.indicators import BROWSING, REVIEW_GROWTH, TOPUP_MISSES
from meritline_sdk import (
    BasePay,
    Blank,
    ByGrade,
    ByRank,
    Fine,
    Fixed,
    InARow,
    Pool,
    Proposal,
    RewardTable,
    Text,
    When,
    WhenMet,
)  # fmt: skip

BY_LEVEL = ByGrade(
    "level_bonus", Text("Performance bonus by level", "等级绩效奖金"),
    {"bottom": 300, "junior": 400, "middle": 500, "senior": 800, "special": 1000, "super": 1000},
)  # fmt: skip
STEP = Blank("step_after_third", Text("Yuan less for each rank after the third",
                                      "第四名起每名递减金额(元)"), "…………", 200)
LEAST = Blank("least_after_third", Text("Least amount after the third rank, yuan", "第四名起最低金额(元)"), "…………", 300)
BY_RANK = ByRank("rank_bonus", Text("Performance bonus by rank", "排序绩效奖金"), (1000, 800, 600), tail_step=STEP,
                 tail_least=LEAST, low_score=50, low_amount=300)
FINES = (
    Fine("browsing_fine", Text("Browsing unrelated pages, 100 each", "浏览无关网页,每次100元"), BROWSING, 100),
    Fine("topup_fine", Text("Advertising top-up missed, 200 each", "未按时充满,每次200元"), TOPUP_MISSES, 200),
)
PAY = BasePay("base_pay", Text("Base pay", "基本工资"), days=22, hours=13)
ATTENDANCE = (
    WhenMet("full_attendance", Text("Full attendance", "全勤"), FULL_ATTENDANCE, 200, at_least=1),
    WhenMet("attendance", Text("Attendance", "考勤"), ABSENCES, 100, at_most=0),
)
MEAL = Fixed("meal", Text("Meal allowance", "饭补"),
             Blank("meal_allowance", Text("Meal allowance, yuan a month", "饭补(元/月)"), "饭补"))
GROUP = Pool("review_group", Text("Bonus of the neutral/negative-review department", "中差评部门奖金"), REVIEW_GROWTH,
             500, at_least="0.14")
SUPER = When(grades=("super",))
CAREER = (
    Proposal("conversion", Text("Conversion to regular employment", "转正"), "conversion", SUPER, InARow(1)),
    Proposal("career", Text("May become a lecturer or apply to a higher department", "可做讲师或申请高级部门"),
             "promotion", SUPER, InARow(1), Text("Lecturer, or a higher department", "讲师或高级部门")),
)


def level_pay(scheme: str) -> RewardTable:
    """Pay by level (R03)."""
    return RewardTable("s07_level_pay", Text("Pay by level (S07)", "等级工资(S07)"), scheme=scheme,
                       rules=(BY_LEVEL, *FINES, PAY, *ATTENDANCE, MEAL, GROUP, *CAREER))


def rank_pay(scheme: str) -> RewardTable:
    """Pay by rank instead (R04, R05)."""
    return RewardTable("s07_rank_pay", Text("Pay by rank (S07)", "排序工资(S07)"), scheme=scheme,
                       rules=(BY_RANK, *FINES, PAY, *ATTENDANCE, MEAL, GROUP, *CAREER))
