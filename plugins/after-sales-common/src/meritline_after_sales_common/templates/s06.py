"""S06, the indicator table of the after-sales post: rules with their numbers left blank, monthly and quarterly lines.

A month has the monthly lines; a quarter has its own and the mean of its locked months (T24). The seed's "(2.5 )" is
filled, its other brackets are blanks; what a deduction takes is written without a sign.
"""

from meritline_after_sales_common.checks import (
    COST_RATIO,
    FILES_DAYS_LATE,
    INFO_DAYS_LATE,
    ISSUE_DAYS_LATE,
    ISSUES_TIMELY,
    UNIFORM_BEHAVIOUR,
)  # fmt: skip
from meritline_after_sales_common.complaints import QUALITY_COMPLAINT_RATE
from meritline_after_sales_common.open_lines import NO_GRADES, NO_WEIGHTS, Words, composite, open_line, shown_line
from meritline_after_sales_common.rated import CUSTOMER_FILE
from meritline_after_sales_common.satisfaction import CSAT_SPOT_CHECK
from meritline_sdk import Blank, Dimension, Item, Part, PeriodKind, SchemeTemplate, ScoreOf, Template, Text, rules

SOURCE = Text("Indicator table for the after-sales post (S06)", "售后服务岗绩效考核指标(S06)")
CONTENT = Text("After-sales customer satisfaction (spot-check result)", "售后服务客户满意度")
COMPLAINTS = Text("Effective handling rate of quality complaints", "顾客质量投诉有效处理率")
BEHAVIOUR = Text("Execution rate of the uniform product and service behaviour model", "统一产品和服务行为模式的执行率")
COST = Text("After-sales cost ratio", "售后服务费用率")
ISSUES = Text("Timely reporting of important quality issues found during service",
              "客户服务中发现重要质量问题的传递及时性")
FILES = Text("Customer after-sales files", "建立客户售后服务档案")
COLLATE = Text("Customer after-sales files - collate and analyse complaint and repair records",
               "建立客户售后服务档案 - 整理、分析客户投诉和维修记录信息")
SUPPLY = Text("Customer after-sales files - timely supply of customer information to the departments concerned",
              "建立客户售后服务档案 - 向相应部门提供相关客户信息的及时性")
MONTHS = Text("Mean of the quarter's locked months", "本季度各月得分平均")
KPI = Dimension("d1", Text("Key performance indicators", "KPI"))
GS = Dimension("d2", Text("Goal setting - work goals that are not ratios (expansion of GS inferred)", "GS"))


def off(number: str, name: str, title: Text, per: Text) -> Blank:
    """Points that a deduction takes."""
    return Blank(f"{name}_{number}", Text(f"{title.en}: points off per {per.en}", f"{title.zh}:每{per.zh}减分"))


def on(number: str, name: str, title: Text, per: Text) -> Blank:
    """Points that come on top."""
    return Blank(f"{name}_{number}", Text(f"{title.en}: points added per {per.en}", f"{title.zh}:每{per.zh}加分"))


def taken(blank: Blank) -> Blank:
    """The same as a deduction where the rule wants a sign."""
    return Blank(blank.key, blank.title, blank.printed, taken=True)


def aim(number: str, title: Text) -> Blank:
    """A target that the document leaves open."""
    return Blank(f"target_percent_{number}", Text(f"{title.en}: target in percent", f"{title.zh}:目标值(%)"), "( )%")


BELOW = Text("percentage point below the target", "减少1个百分点")
ABOVE = Text("percentage point above the target", "增加1个百分点")
DAY = Text("day late", "延迟1天")

MONTHLY = (
    open_line("i02", COMPLAINTS, QUALITY_COMPLAINT_RATE, "d1", target=100,
              rule=rules.Deduct(off("i02", "points_deducted_per_pp", COMPLAINTS, BELOW))),
    open_line("i03", BEHAVIOUR, UNIFORM_BEHAVIOUR, "d1", target=aim("i03", BEHAVIOUR),
              rule=rules.AroundTarget(above=on("i03", "points_added_per_pp", BEHAVIOUR, ABOVE),
                                      below=taken(off("i03", "points_deducted_per_pp", BEHAVIOUR, BELOW)))),
    Item(COST_RATIO, Words("i04", COST).weight, dimension="d1", title=COST, read_from="company",
         target=aim("i04", COST),
         rule=rules.AroundTarget(above=taken(off("i04", "points_deducted_per_pp_above", COST, ABOVE)),
                                 below=on("i04", "points_added_per_pp_below", COST, BELOW))),
    open_line("i05", ISSUES, ISSUE_DAYS_LATE, "d1", target=0,
              rule=rules.Deduct(off("i05", "points_deducted_per_day_late", ISSUES, DAY), when="above_target")),
    shown_line(ISSUES_TIMELY.title, ISSUES_TIMELY, "d1"),
)  # fmt: skip

QUARTERLY = (
    open_line("i01", CONTENT, CSAT_SPOT_CHECK, "d1", rule=rules.AboveFloor(60, "2.5")),
    Item(None, Words("months", MONTHS).weight, rules.AsPoints(cap=None), dimension="d1", key="months", title=MONTHS,
         score_of=ScoreOf("s06_month")),
    composite("i06", "customer_files", FILES, (
        Part(FILES_DAYS_LATE, 60, rules.Deduct(
            off("i06", "points_deducted_per_day_late", COLLATE, DAY), when="above_target"), 0, title=COLLATE),
        Part(INFO_DAYS_LATE, 40, rules.Deduct(
            off("i07", "points_deducted_per_day_late", SUPPLY, DAY), when="above_target"), 0, title=SUPPLY),
    ), "d2"),
    shown_line(CUSTOMER_FILE.title, CUSTOMER_FILE, "d2"),
)  # fmt: skip

WORDING = (
    ("csat_score_spot_check",
     "售后服务客户满意度抽查结果\n目标值60分。60分及以下得分为0,60分以上每增加1分,加(2.5 )分\n客户满意度调研"),
    ("quality_complaint_effective_rate",
     "顾客质量投诉有效处理件数/顾客质量投诉总件数\n目标值100%,减少1个百分点,减( )分"),
    ("uniform_behavior_execution_rate",
     "1-(抽查中没有执行统一产品和服务行为模式的次数/抽查总次数×100%)\n目标值( )%。增加1个百分点,加( )分;减少1"
     "个百分点,减( )分\n销售和服务抽查记录"),
    ("after_sales_cost_ratio",
     "售后服务费用/销售收入\n目标值( )%。减少1个百分点,加( )分;增加1个百分点,减( )分\n财务会计报告(统计分析报表"
     ")"),
    ("quality_issue_days_late",
     "(客户服务中发现的重要问题数-延误重要问题反馈的次数)/重要问题数×100%\n延迟1天,减( )分\n客户服务重要问题和"
     "跟踪情况记录"),
    ("quality_issue_timely_rate",
     "(客户服务中发现的重要问题数-延误重要问题反馈的次数)/重要问题数×100%\n延迟1天,减( )分\n客户服务重要问题和"
     "跟踪情况记录"),
    ("customer_files", "建立客户售后服务档案\n整理、分析客户投诉和维修记录信息(60%);"),
    ("rt_customer_file", "建立客户售后服务档案\n整理、分析客户投诉和维修记录信息(60%);"),
    ("customer_files", "向相应部门提供相关客户信息的及时性(40%)\n客户售后服务档案、工作记录\n每季"),
)


def words_of(*names: str) -> tuple[tuple[str, str], ...]:
    """The wording of some lines."""
    return tuple(one for one in WORDING if one[0] in names)


MISSING = (
    NO_WEIGHTS, Text("every number that is printed as ( )", "原文印作“( )”的各项数值"),
    Text("the full score of a line; here 100", "单项满分(此处取100)"),
    Text("caps of what is added; here none", "加分上限(此处不设)"), NO_GRADES, Text("rewards", "奖励办法"),
)  # fmt: skip
NOTES = (
    Text("T15: \"target 60\" earns 0; it is a floor. 60 and below give 0, each point above gives 2.5, 100 gives 100.",
         "T15:“目标值60分”得0分,实为起算线:60分及以下得0分,每高1分得2.5分,100分得100分。"),
    Text("T16: nine brackets are printed empty. Line 6 prints one deduction for its two halves, here two: ten blanks. "
         "(2.5 ) is filled and can be changed.",
         "T16:原文有九处空括号;第6项两部分共用一处扣分,此处分为两处,共十处待填。“(2.5 )”已填,可以修改。"),
    Text("T17: parts of a point or percentage point count in proportion (step = \"whole\": full ones only).",
         "T17:不足1分或1个百分点的部分按比例计(step = whole 时只计整数)。"),
    Text("T18: a ratio that goes from 5.00 % to 5.25 % is 0.25 percentage points, not 5 %.",
         "T18:费用率由5.00%升至5.25%是0.25个百分点,不是5%。"),
    Text("T19: 1 - (a/b × 100%) is read as (1 - a/b) × 100%.", "T19:“1-(a/b×100%)”按(1-a/b)×100%计算。"),
    Text("T20: line 4 is defined as a rate and scored by days late: the days score, the rate is shown without points.",
         "T20:第4项定义为比率、按延迟天数扣分:以天数计分,比率只列示不计分。"),
    Text("T21: the table is flattened and shuffled; its order 1, 2, 5, 6, 3, 4 is put right; 3 and 4 belong to KPI.",
         "T21:原表排版错乱(1、2、5、6、3、4),已按编号还原;第3、4项属于KPI部分。"),
    Text("T22: the column head promises weights and has none; 60 and 40 are weights inside line 6.",
         "T22:表头写有“权重”但未填;60%与40%只是第6项内部的权重。"),
    Text("T23: a line has 100 points, not fewer than 0, and no cap of what is added.",
         "T23:每项满分100分,最低0分,加分不设上限。"),
    Text("T24: monthly and quarterly lines in one table: the month has the monthly lines (s06_month), the quarter its "
         "own and the mean of its locked months (s06). Adopt both under their keys.",
         "T24:同一张表既有按月也有按季的指标:月度方案(s06_month)只含按月指标;季度方案(s06)含按季指标及各月(已锁定)得分平均。两者须以原编码一并启用。"),
    Text("T25: the cost ratio is a figure of the company; each person inherits it here (read_from = \"company\").",
         "T25:费用率是公司指标,此处由个人共担(read_from = company)。GS 按“目标设定”理解。"),
    Text("T47: a watermark inside \"source of information\" is ignored.", "T47:“信息来源”中的水印文字不予理会。"),
    Text("The quality of the customer files may be rated; it is shown without points until you give it a weight.",
         "客户档案的质量可另行评分;在设定权重之前只列示不计分。"),
)  # fmt: skip

MONTH = Template(
    SchemeTemplate("s06_month", Text("Indicator table for the after-sales post, month (S06)",
                                     "售后服务岗绩效考核指标·月度(S06)"), items=MONTHLY, dimensions=(KPI,)),
    source=SOURCE, wording=words_of(*(one.name() for one in MONTHLY)), missing=MISSING, notes=NOTES,
)  # fmt: skip
QUARTER = Template(
    SchemeTemplate("s06", Text("Indicator table for the after-sales post, quarter (S06)",
                               "售后服务岗绩效考核指标·季度(S06)"), items=QUARTERLY, dimensions=(KPI, GS),
                   period=PeriodKind.QUARTER),
    source=SOURCE, wording=words_of(*(one.name() for one in QUARTERLY)), missing=MISSING, notes=NOTES,
)  # fmt: skip
