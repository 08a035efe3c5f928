"""S11 as it is printed: targets, and what follows months below standard (R21 to R26). Month and year.

What "below standard" means is a blank, the pass score; amounts of money are blanks or absent.
"""

from meritline_after_sales_common.complaints import COMPLAINT_24H
from meritline_after_sales_common.handling import RESOLUTION_TIME_MEAN
from meritline_after_sales_common.open_lines import NO_WEIGHTS, NOT_STATED, composite, open_line, open_part
from meritline_after_sales_common.rated import KNOWLEDGE, RESOLUTION_QUALITY, TEAMWORK
from meritline_after_sales_common.resolution import WITHIN_SLA
from meritline_after_sales_common.response import FIRST_RESPONSE, FIRST_RESPONSE_1H
from meritline_after_sales_common.satisfaction import CSAT_RATE
from meritline_after_sales_common.sharing import COLLABORATION, TEAM_COMMUNICATION
from meritline_after_sales_common.training import SESSIONS, TEST_SCORE, TRAINING_HOURS
from meritline_appliance_repair.templates.consequences import (
    EXCELLENT,
    PASS_SCORE,
    change_of_position,
    training,
    warning,
)
from meritline_sdk import (
    Award,
    Blank,
    Dimension,
    Item,
    PeriodKind,
    Proposal,
    RewardTable,
    Scheme,
    ScoreOf,
    Template,
    Text,
    When,
    rules,
)

TWO_HOURS_IN_SECONDS = 7200
TITLE = Text("After-sales engineer performance plan no. 1", "售后工程师绩效方案 (第1篇)")
SOURCE = Text("S11: After-sales engineer performance plan no. 1", "S11:售后工程师绩效方案 第1篇")
DIMENSIONS = (
    Dimension("satisfaction", Text("Customer satisfaction", "客户满意度指标")),
    Dimension("resolution", Text("Problem resolution", "问题解决率指标")),
    Dimension("response", Text("Response time", "响应时间指标")),
    Dimension("learning", Text("Continuous learning", "持续学习指标")),
    Dimension("teamwork", Text("Teamwork", "团队协作指标")),
)
RESOLUTION = Text("Total time from receipt to resolution; resolution within the set time", "问题解决时间")
SET_TIME = Blank("set_resolution_time_i03", Text("Set time for a solution, in hours", "规定的问题解决时间(小时)"),
                 "规定时间")

ITEMS = (
    open_line("i01", Text("Monthly satisfaction survey", "客户满意度调查结果"), CSAT_RATE, "satisfaction", target=90),
    open_line("i02", Text("Complaints resolved within 24 hours", "客户投诉处理"), COMPLAINT_24H, "satisfaction",
              target=100),
    open_line("i03_1", RESOLUTION, RESOLUTION_TIME_MEAN, "resolution", rule=rules.ToTarget(), target=SET_TIME),
    open_line("i03_2", RESOLUTION, WITHIN_SLA, "resolution", target=95),
    open_line("i04", Text("Thoroughness of the solution and satisfaction with it", "问题解决质量"), RESOLUTION_QUALITY,
              "resolution"),
    open_line("i05", Text("Average time from submission to first response", "响应时间"), FIRST_RESPONSE, "response",
              target=TWO_HOURS_IN_SECONDS),
    open_line("i06", Text("First response within 1 hour (all problems)", "首次响应率"), FIRST_RESPONSE_1H, "response",
              target=100),
    composite("i07", "training", Text("Training participation (sessions and hours)", "培训参与度"),
              (open_part("i07_1", SESSIONS), open_part("i07_2", TRAINING_HOURS)), "learning"),
    composite("i08", "knowledge", Text("Command of new technology and new products", "知识更新"),
              (open_part("i08_1", TEST_SCORE), open_part("i08_2", KNOWLEDGE)), "learning"),
    composite("i09", "team_communication", Text("Frequency and efficiency of team communication", "团队沟通"),
              (open_part("i09_1", TEAM_COMMUNICATION), open_part("i09_2", TEAMWORK)), "teamwork"),
    open_line("i10", Text("Notable results of cooperation", "团队协作案例"), COLLABORATION, "teamwork"),
)  # fmt: skip

RESOLUTION_WORDS = "问题解决时间:记录客户问题从接到反馈到问题解决的总时间。"
WORDING = (
    ("csat_rate", "客户满意度调查结果:每月进行一次客户满意度调查,收集客户对售后服务的评价。"),
    ("complaint_resolved_24h_rate", "客户投诉处理:及时处理客户投诉,确保投诉问题在24小时内得到解决。"),
    ("avg_resolution_time", RESOLUTION_WORDS), ("resolution_within_sla_rate", RESOLUTION_WORDS),
    ("rt_resolution_quality", "问题解决质量:评估问题解决的彻底性和客户满意度。"),
    ("avg_first_response_time", "响应时间:记录从客户提交问题到售后工程师首次响应的时间。"),
    ("first_response_1h_rate", "首次响应率:确保所有客户问题在接到反馈后1小时内得到首次响应。"),
    ("training", "培训参与度:记录售后工程师参加公司组织的各类培训的次数和时长。"),
    ("knowledge", "知识更新:评估售后工程师对新技术、新产品的掌握程度。"),
    ("team_communication", "团队沟通:记录售后工程师之间的沟通频率和效率。"),
    ("collaboration_case_count", "团队协作案例:收集售后工程师在团队协作中取得的显著成果。"),
)

CONSEQUENCES = RewardTable(
    "s11_consequences", Text("Rewards and consequences of S11", "售后工程师奖惩措施"), scheme="s11", rules=(
        Award("performance_bonus", Text("Performance bonus", "绩效奖金"),
              Blank("bonus", Text("Performance bonus of a month, in money", "每月绩效奖金金额"), ""),
              When(score_at_least=EXCELLENT)),
        warning(), training(), change_of_position(),
    ))  # fmt: skip

S11 = Template(
    Scheme("s11", TITLE, items=ITEMS, dimensions=DIMENSIONS, pass_score=PASS_SCORE), SOURCE, WORDING,
    missing=(
        NO_WEIGHTS, Text("the set time for a solution", "规定的问题解决时间"),
        Text("what being below standard means (the pass score), what excellent means",
             "“不达标”(合格线)与“优秀”的标准"),
        Text("the amount of the performance bonus", "绩效奖金金额"),
        Text("the weights of self, customers, team leader and data: set them with the rated indicators",
             "自评、客户、团队、数据四类来源的权重:在评分指标的参数中设置"),
    ),
    notes=(
        NOT_STATED,
        Text("T49: a first response of all problems within 1 hour makes the mean of 2 hours never decisive; both lines "
             "stay, as printed.", "T49:如全部问题1小时内首次响应,则平均2小时的目标不起作用;按原文保留两项。"),
        Text("T50: below standard is a score below the pass score. Runs go on across the turn of the year; a month "
             "without a score neither counts nor breaks. Warning and change of position come once per run, training "
             "each month.",
             "T50:得分低于合格线为不达标;连续月份跨年累计,无得分的月份不计也不中断;警告与调岗每轮连续只提出一次,"
             "培训每月提出。"),
        Text("T51: the goal is a rate (95 % within the set time), the line a total time: two lines, the set time a "
             "blank.", "T51:目标为比率(规定时间内95%),指标为总时间:分为两项,规定时间留空。"),
        Text("T52: four sources without weights: own ratings count 0 unless you set a weight.",
             "T52:四类来源未给权重:自评默认权重为0。"),
        Text("100 % is read from 确保 (make sure) and 所有 (all).", "“确保”“所有”按100%理解。"),
        Text("Promotion and recognition (R22, R23) look at the year: they stand in s11_year.",
             "晋升与表彰(R22、R23)按年度评定,见s11_year。"),
    ),
    rewards=(CONSEQUENCES,),
)  # fmt: skip

BEST = Blank("best_percent", Text("Share of the engineers who are proposed, in percent", "提名比例(%)"), "")

S11_YEAR = Template(
    Scheme("s11_year", Text("Yearly appraisal of S11", "售后工程师年度考核"), items=(
        Item(None, key="months", weight=100, title=Text("Mean of the months", "各月得分均值"),
             score_of=ScoreOf("s11", period="month"), rule=rules.AsPoints(cap=None)),
    ), period=PeriodKind.YEAR, pass_score=PASS_SCORE),
    SOURCE, (("months", "表彰奖励:对年度绩效突出的售后工程师进行表彰,提升个人荣誉感。"),),
    missing=(Text("how many are recognised or promoted", "表彰与晋升的名额"),),
    notes=(Text("R22, R23: lists of proposals by the mean score of the year's locked months.",
                "R22、R23:按全年已锁定月份的平均得分提出名单。"),),
    rewards=(RewardTable(
        "s11_year_proposals", Text("Promotion and recognition of S11", "售后工程师晋升与表彰"), scheme="s11_year",
        rules=(
            Proposal("promotion", Text("Promotion to senior engineer or team leader", "晋升为高级工程师或团队负责人"),
                     "promotion", When(score_at_least=EXCELLENT),
                     detail=Text("Considered first for senior engineer or team leader",
                                 "优先考虑晋升为高级工程师或团队负责人")),
            Proposal("recognition", Text("Recognition of the year", "年度表彰"), "recognition",
                     When(best_percent=BEST)),
        )),),
)  # fmt: skip

S11_TEMPLATES = (S11, S11_YEAR)
