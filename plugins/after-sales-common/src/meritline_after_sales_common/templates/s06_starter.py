"""Our two starters beside S06: the post's month, and its quarter with the mean of the months."""

from meritline_after_sales_common.checks import (
    COST_RATIO,
    FILES_DAYS_LATE,
    INFO_DAYS_LATE,
    ISSUE_DAYS_LATE,
    ISSUES_TIMELY,
    UNIFORM_BEHAVIOUR,
)  # fmt: skip
from meritline_after_sales_common.complaints import QUALITY_COMPLAINT_RATE
from meritline_after_sales_common.open_lines import shown_line
from meritline_after_sales_common.satisfaction import CSAT_SPOT_CHECK
from meritline_after_sales_common.templates import s06
from meritline_after_sales_common.templates.ours import GRADES, POLICIES, SHARED_REASONS
from meritline_sdk import Item, Part, PeriodKind, SchemeTemplate, ScoreOf, Starter, Text, rules

LATE = "above_target"

MONTH = Starter(
    SchemeTemplate(
        "s06_month_starter",
        Text("After-sales post, month, ready to use (after S06)", "售后服务岗月度考核(S06起步方案)"),
        items=(
            Item(QUALITY_COMPLAINT_RATE, 30, rules.Deduct(5), 100, "d1", title=s06.COMPLAINTS),
            Item(UNIFORM_BEHAVIOUR, 25, rules.AroundTarget(above=2, below=-3, cap=120), 90, "d1", title=s06.BEHAVIOUR),
            Item(COST_RATIO, 15, rules.AroundTarget(above=-4, below=4, cap=120), 5, "d1", title=s06.COST,
                 read_from="company"),
            Item(ISSUE_DAYS_LATE, 30, rules.Deduct(5, when=LATE), 0, "d1", title=s06.ISSUES),
            shown_line(ISSUES_TIMELY.title, ISSUES_TIMELY, "d1"),
        ),
        dimensions=(s06.KPI,), grades=GRADES, pass_score=60, least_measured=60, policies=POLICIES,
    ),
    template="s06_month",
    reasons=(
        ("weights", Text("The cost ratio is the company's and weighs least; the others, which each person can change, "
                         "weigh about alike.", "费用率是公司指标,权重最低;其余由个人掌握,权重相近。")),
        ("quality_complaint_effective_rate", Text(
            "5 points for each percentage point below 100 %: with 20 complaints a single one not handled takes 25.",
            "低于100%每个百分点减5分:20起投诉中有1起未有效处理即减25分。")),
        ("uniform_behavior_execution_rate", Text(
            "Target 90 %; a point missed takes 3, one above adds 2, so that slipping costs more than excelling earns.",
            "目标90%;每低1个百分点减3分,每高1个百分点加2分,退步的代价大于超额的收益。")),
        ("after_sales_cost_ratio", Text("Target 5 % of revenue, 4 points a percentage point either way. Set the target "
                                        "to your own books first.",
                                        "目标为销售收入的5%,每个百分点加减4分;请先按本企业账目调整目标。")),
        ("quality_issue_days_late", Text("5 points a day late: a week late takes a third of the line.",
                                         "每延迟1天减5分:延迟一周约减去该项的三分之一。")),
        ("cap", Text("A line reaches 120 at most: without a cap one excess would hide every miss (T23).",
                     "单项最高120分:不设上限时,一项超额会掩盖其余不足(T23)。")),
        *SHARED_REASONS,
    ),
)  # fmt: skip

QUARTER = Starter(
    SchemeTemplate(
        "s06_starter", Text("After-sales post, quarter, ready to use (after S06)", "售后服务岗季度考核(S06起步方案)"),
        items=(
            Item(CSAT_SPOT_CHECK, 20, rules.AboveFloor(60, "2.5"), dimension="d1", title=s06.CONTENT),
            Item(None, 60, rules.AsPoints(cap=None), dimension="d1", key="months", title=s06.MONTHS,
                 score_of=ScoreOf("s06_month_starter", least=2)),
            Item(None, 20, dimension="d2", key="customer_files", title=s06.FILES, parts=(
                Part(FILES_DAYS_LATE, 60, rules.Deduct(10, when=LATE), 0, title=s06.COLLATE),
                Part(INFO_DAYS_LATE, 40, rules.Deduct(10, when=LATE), 0, title=s06.SUPPLY))),
        ),
        dimensions=(s06.KPI, s06.GS), period=PeriodKind.QUARTER, grades=GRADES, pass_score=60, least_measured=60,
        policies=POLICIES,
    ),
    template="s06",
    reasons=(
        ("weights", Text("The four monthly lines of six keep about their share, 60; the quarterly lines have 20 each.",
                         "六项中按月的四项合计占60,按季的两项各占20。")),
        ("months", Text("The mean of the locked months, at least two of them: one month is no quarter.",
                        "取已锁定月份得分的平均,至少两个月:一个月不足以代表季度。")),
        ("customer_files", Text("10 points a day late; 60 and 40 inside are the document's.",
                                "每延迟1天减10分;内部60、40为原文所定。")),
        *SHARED_REASONS,
    ),
)  # fmt: skip
