"""Our starter beside S01: its lines with weights, targets and points, so that a repair firm can begin today."""

from meritline_after_sales_common.complaints import COMPLAINT_RESOLUTION, COMPLAINT_TIMELY
from meritline_after_sales_common.open_lines import ours
from meritline_after_sales_common.response import RESPONSE_TIMELY
from meritline_after_sales_common.templates.ours import RESOLVED_WITHIN, RESPONDED_AND_RESOLVED
from meritline_appliance_repair.care import CERTIFICATES
from meritline_appliance_repair.materials import CONSUMABLE_VARIANCE, CONSUMABLE_WASTE, PARTS_COMPLIANCE, PARTS_LOSS
from meritline_appliance_repair.quality import DIAGNOSIS_ACCURACY, REPAIR_SUCCESS
from meritline_appliance_repair.schemes import GRADES
from meritline_appliance_repair.templates.ours import LEAST_MEASURED, PASS, POLICIES, SHARED_REASONS, pay
from meritline_appliance_repair.templates.s01 import DIMENSIONS, ITEMS
from meritline_sdk import (
    EXEMPT,
    Item,
    Part,
    PeriodKind,
    Proposal,
    Ranking,
    RewardTable,
    Scheme,
    ScoreOf,
    Starter,
    Text,
    When,
    hours,
    rules,
)

TWO_OFF, OVER = rules.Deduct(2), rules.ABOVE_TARGET
KEY = "s01_starter"
LINES = (
    ours(ITEMS, "csat_composite", 25, TWO_OFF, 90, minimum_sample=5),
    ours(ITEMS, "first_time_fix_rate", 12, TWO_OFF, 85, minimum_sample=10),
    ours(ITEMS, "onsite_standard_checklist_rate", 8, TWO_OFF, 95),
    ours(ITEMS, "complaint_timely_rate", 5, TWO_OFF, 95, missing=EXEMPT),
    ours(ITEMS, "complaint_resolution_rate", 5, TWO_OFF, 90, missing=EXEMPT),
    ours(ITEMS, "response_timely_rate", 8, TWO_OFF, 95),
    ours(ITEMS, "onsite_on_time_rate", 10, TWO_OFF, 95),
    ours(ITEMS, "service_completion_cycle", 7, rules.Bands(up_to={24: 100, 48: 85, 72: 60}, beyond=0)),
    ours(ITEMS, "skill_level", 7, parts=(
        Part(CERTIFICATES, 30, rules.AsPoints()), Part(DIAGNOSIS_ACCURACY, 30, TWO_OFF, 90),
        Part(REPAIR_SUCCESS, 40, TWO_OFF, 95))),
    ours(ITEMS, "rt_communication", 4),
    ours(ITEMS, "rt_professionalism", 3),
    ours(ITEMS, "service_cost", 3, parts=(
        Part(CONSUMABLE_VARIANCE, 50, rules.Deduct(5, when=OVER), 5),
        Part(CONSUMABLE_WASTE, 50, rules.Deduct(10, when=OVER), 2))),
    ours(ITEMS, "parts_management", 3, parts=(
        Part(PARTS_COMPLIANCE, 60, TWO_OFF, 98), Part(PARTS_LOSS, 40, rules.Deduct(20, when=OVER), 0))),
)  # fmt: skip

REASONS = (
    ("weights", Text("Customer satisfaction heaviest, as the document wants it; quality 55, efficiency 25, the person "
                     "14, cost 6: what the customer feels comes first",
                     "客户满意度权重最高(原文要求);质量55、效率25、人员14、成本6:以客户感受为先")),
    ("csat_composite", Text("90 of 100, 2 points off for each point below; fewer than 5 answers are chance",
                            "目标90分,每低1分扣2分;少于5份评价视为偶然")),
    ("first_time_fix_rate", Text("85 %: a good figure of repair firms; fewer than 10 orders are chance",
                                 "目标85%:维修企业的良好水平;少于10单视为偶然")),
    ("targets", Text("90 to 98 %, 2 points off for each percentage point: half the points are gone 25 points below, so "
                     "a slip costs little and neglect much",
                     "目标90%至98%,每低1个百分点扣2分:偶有失误影响小,长期疏忽影响大")),
    ("service_completion_cycle", Text("A day is full, two days good, three days just passes",
                                      "一天内满分,两天内良好,三天内及格")),
    ("complaint_timely_rate", Text("No complaint is no fault: both lines on complaints are left out then, and the card "
                                   "counts as complete", "无投诉不是过失:两项投诉指标剔除,考核表视为完整")),
    ("parts_loss", Text("Nothing may get lost: each percentage point takes 20", "配件不应流失:每1个百分点扣20分")),
    ("settings", Text("What records often do not name: a complaint is answered within 2 hours and solved within 48, a "
                      "request is answered within 2 hours, half a morning; the skill ladder has five levels, as the "
                      "national one for workers. What a record names itself comes first",
                      "业务记录常未注明的内容:投诉2小时内响应、48小时内解决,报修2小时内响应(约半个上午);"
                      "技能等级分五级,与国家职业技能等级一致。记录已注明的以记录为准")),
    *SHARED_REASONS,
)  # fmt: skip
SETTINGS = (
    (COMPLAINT_TIMELY, RESPONDED_AND_RESOLVED), (COMPLAINT_RESOLUTION, RESOLVED_WITHIN),
    (RESPONSE_TIMELY, (("default_promise", hours(2)),)), (CERTIFICATES, (("ladder_levels", 5),)),
)  # fmt: skip

MONTH = Starter(
    Scheme(KEY, Text("Appliance engineers, monthly (starter of S01)",
                     "家电服务工程师月度考核(S01起步方案)"), items=LINES,
           dimensions=DIMENSIONS, heaviest=("csat_composite",), grades=GRADES, pass_score=PASS, policies=POLICIES,
           least_measured=LEAST_MEASURED, ranking=Ranking(minimum_sample=10)),
    "s01", REASONS, (pay(KEY),), settings=SETTINGS,
)  # fmt: skip


def months(least: int) -> Item:
    """The mean of the months under the monthly starter."""
    return Item(None, key="months", weight=100, title=Text("Mean of the months", "各月得分均值"),
                score_of=ScoreOf(KEY, least=least, period="month"), rule=rules.AsPoints(cap=None))


QUARTER = Starter(
    Scheme("s01_quarter_starter", Text("Appliance engineers, quarterly (starter of S01)",
                                       "家电服务工程师季度考核(S01起步方案)"),
           items=(months(2),), period=PeriodKind.QUARTER, grades=GRADES, pass_score=PASS),
    "s01_quarter",
    (("months", Text("The mean of the locked months; two of three must have a score, so that one sick month spoils "
                     "nothing", "取已锁定月份的均值;三个月中至少两个月有得分,个别缺勤月份不影响")),),
    (RewardTable("s01_quarter_starter_awards", Text("Quarterly awards (starter)", "季度奖励(起步方案)"),
                 scheme="s01_quarter_starter", rules=(
                     Proposal("title", Text("Engineer of the quarter", "季度之星"), "title",
                              When(grades=("excellent",), rank_at_most=1)),)),),
)  # fmt: skip

YEAR = Starter(
    Scheme("s01_year_starter", Text("Appliance engineers, yearly (starter of S01)",
                                    "家电服务工程师年度考核(S01起步方案)"),
           items=(months(8),), period=PeriodKind.YEAR, grades=GRADES, pass_score=PASS),
    "s01_year",
    (("months", Text("The mean of the locked months; eight of twelve must have a score",
                     "取已锁定月份的均值;十二个月中至少八个月有得分")),
     ("rewards", Text("The document links the year to awards, promotion and training: lists of proposals, no money",
                      "原文将年度考核与评优、晋升、培训挂钩:仅提出名单,不涉及金额"))),
    (RewardTable("s01_year_starter_proposals", Text("Yearly proposals (starter)", "年度提名(起步方案)"),
                 scheme="s01_year_starter", rules=(
                     Proposal("recognition", Text("Award of the year",
                                                  "年度评优"), "recognition", When(best_percent=10)),
                     Proposal("promotion", Text("Promotion", "晋升"), "promotion", When(grades=("excellent",))),
                     Proposal("training", Text("Training plan", "培训发展规划"), "training", When(score_below=80)))),),
)  # fmt: skip

STARTERS = (MONTH, QUARTER, YEAR)
