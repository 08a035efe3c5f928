"""Our starter beside S11: weights, a pass score and what is excellent; the consequences as printed."""

from meritline_after_sales_common.open_lines import ours
from meritline_after_sales_common.rated import KNOWLEDGE, TEAMWORK
from meritline_after_sales_common.resolution import WITHIN_SLA
from meritline_after_sales_common.sharing import TEAM_COMMUNICATION
from meritline_after_sales_common.training import SESSIONS, TEST_SCORE, TRAINING_HOURS
from meritline_appliance_repair.schemes import GRADES
from meritline_appliance_repair.templates.ours import LEAST_MEASURED, PASS, POLICIES, SHARED_REASONS, pay
from meritline_appliance_repair.templates.s11 import DIMENSIONS, ITEMS
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

KEY, YEAR_KEY = "s11_starter", "s11_year_starter"
TWO_OFF = rules.Deduct(2)
LINES = (
    ours(ITEMS, "csat_rate", 25, TWO_OFF, 90, minimum_sample=5),
    ours(ITEMS, "complaint_resolved_24h_rate", 10, TWO_OFF, 100, missing=EXEMPT),
    ours(ITEMS, "avg_resolution_time", 5, rules.Bands(up_to={24: 100, 48: 85, 72: 60}, beyond=0)),
    ours(ITEMS, "resolution_within_sla_rate", 15, TWO_OFF, 95),
    ours(ITEMS, "rt_resolution_quality", 10),
    ours(ITEMS, "avg_first_response_time", 5, rules.Bands(up_to={3600: 100, 7200: 80, 14400: 50}, beyond=0)),
    ours(ITEMS, "first_response_1h_rate", 10, TWO_OFF, 100),
    ours(ITEMS, "training", 5, parts=(Part(SESSIONS, 50, rules.ToTarget(), 1),
                                      Part(TRAINING_HOURS, 50, rules.ToTarget(), 4))),
    ours(ITEMS, "knowledge", 5, parts=(Part(TEST_SCORE, 70, rules.AsPoints()), Part(KNOWLEDGE, 30, rules.AsPoints()))),
    ours(ITEMS, "team_communication", 5, parts=(Part(TEAM_COMMUNICATION, 30, rules.ToTarget(), 4),
                                                Part(TEAMWORK, 70, rules.AsPoints()))),
    ours(ITEMS, "collaboration_case_count", 5, rules.PerUnit(20, start=60, cap=100)),
)  # fmt: skip

REASONS = (
    ("weights", Text("35 for the customer, 30 for the solution, 15 for response, 10 for learning, 10 for the team: the "
                     "order of the document's goals", "客户35、解决30、响应15、学习10、团队10:按原文目标的先后")),
    ("targets", Text("The document's 90, 95 and 100 % stay; points go by 2 for each percentage point instead of all or "
                     "nothing, so that a near miss is told from neglect",
                     "保留原文90%、95%、100%的目标;每低1个百分点扣2分,以区分小幅未达与疏忽")),
    ("avg_resolution_time", Text("One, two and three days: full, good, just passing", "一天满分,两天良好,三天及格")),
    ("avg_first_response_time", Text("Two hours, the document's limit, give 80; one hour is full",
                                     "原文2小时得80分,1小时内满分")),
    ("training", Text("One session and four hours a month are what most firms offer",
                      "每月一次、四小时为多数企业的安排")),
    ("knowledge", Text("The test is a fact, the rating an impression: 70 to 30", "测试为客观依据,评分为印象:70比30")),
    ("team_communication", Text("Once a week; how good it is counts more than how often", "每周一次;质量重于次数")),
    ("collaboration_case_count", Text("60 without a case, full with two: not every month has one",
                                      "无案例60分,两个案例满分:并非每月都有")),
    ("settings", Text("A problem whose record names no time is to be solved within 48 hours, the limit of our line on "
                      "the resolution time that still counts as good",
                      "业务记录未注明解决时间的,须在48小时内解决,即平均解决时间一项“良好”的界限;已注明的以记录为准")),
    *SHARED_REASONS,
)  # fmt: skip

MONTH = Starter(
    Scheme(KEY, Text("After-sales engineers, monthly (starter of S11)", "售后工程师月度考核(S11起步方案)"), items=LINES,
           dimensions=DIMENSIONS, grades=GRADES, pass_score=PASS, policies=POLICIES, least_measured=LEAST_MEASURED,
           ranking=Ranking(minimum_sample=10)),
    "s11", REASONS, (pay(KEY),), settings=((WITHIN_SLA, (("resolution_limit", hours(48)),)),),
)  # fmt: skip

YEAR = Starter(
    Scheme(YEAR_KEY, Text("After-sales engineers, yearly (starter of S11)", "售后工程师年度考核(S11起步方案)"), items=(
        Item(None, key="months", weight=100, title=Text("Mean of the months", "各月得分均值"),
             score_of=ScoreOf(KEY, least=8, period="month"), rule=rules.AsPoints(cap=None)),
    ), period=PeriodKind.YEAR, grades=GRADES, pass_score=PASS),
    "s11_year",
    (("months", Text("The mean of the locked months; eight of twelve must have a score",
                     "取已锁定月份的均值;十二个月中至少八个月有得分")),
     ("rewards", Text("One engineer in ten is recognised; who is excellent over the year is considered for promotion",
                      "表彰前10%;全年等级优秀者列入晋升名单"))),
    (RewardTable("s11_year_starter_proposals", Text("Promotion and recognition (starter)", "晋升与表彰(起步方案)"),
                 scheme=YEAR_KEY, rules=(
                     Proposal("promotion", Text("Promotion to senior engineer or team leader",
                                                "晋升为高级工程师或团队负责人"),
                              "promotion", When(grades=("excellent",))),
                     Proposal("recognition", Text("Recognition of the year", "年度表彰"), "recognition",
                              When(best_percent=10)))),),
)  # fmt: skip

STARTERS = (MONTH, YEAR)
