"""Our starter beside S10: a small scheme for persons, with acts that are no money."""

from meritline_after_sales_common.complaints import COMPLAINT_RATE
from meritline_after_sales_common.handling import HANDLING_CHANGE
from meritline_after_sales_common.rated import RESOLUTION_QUALITY
from meritline_after_sales_common.resolution import RESOLVED_COUNT
from meritline_after_sales_common.response import FIRST_RESPONSE
from meritline_after_sales_common.satisfaction import CSAT_RATE, CSAT_SCORE
from meritline_after_sales_common.templates import s10
from meritline_after_sales_common.templates.ours import GRADES, POLICIES, RULES_REASON, SHARED_REASONS
from meritline_sdk import InARow, Item, Proposal, RewardTable, SchemeTemplate, Starter, Terms, Text, When, rules

SCHEME = SchemeTemplate(
    "s10_starter", Text("After-sales staff by eight examples, ready to use (after S10)", "售后人员考核(S10起步方案)"),
    items=(
        Item(CSAT_RATE, 20, rules.ToTarget(), 90, "d1", title=s10.CONTENT),
        Item(HANDLING_CHANGE, 10, rules.TargetMet(strict=True), 0, "d1", title=s10.SHORTER),
        Item(RESOLVED_COUNT, 10, rules.ToTarget(), 100, "d1", title=s10.SOLVED),
        Item(RESOLUTION_QUALITY, 20, rules.AsPoints(), dimension="d1", title=s10.QUALITY),
        Item(CSAT_SCORE, 15, rules.AsPoints(), dimension="d1", title=s10.FEEDBACK),
        Item(COMPLAINT_RATE, 15, rules.Bands(up_to={1: 100, 3: 80, 5: 60}, beyond=0), dimension="d1",
             title=s10.COMPLAINTS),
        Item(FIRST_RESPONSE, 10, rules.TargetMet(), 3600, "d1", title=s10.RESPONSE),
    ),
    dimensions=s10.EXAMPLES, grades=GRADES, pass_score=60, least_measured=60, policies=POLICIES,
)  # fmt: skip

ACTS = RewardTable(
    "s10_acts", Text("Recognition, training, warning (after S10)", "表彰、培训与警告(S10起步方案)"),
    scheme="s10_starter",
    rules=(
        Proposal("recognition", Text("Recognition of the best", "优秀员工表彰"), "recognition", When(best_percent=10)),
        Proposal("prize", Text("A prize for three excellent months in a row", "连续三个月优秀的奖品"), "prize",
                 When(grades=("excellent",)), InARow(3)),
        Proposal("course", Text("A training opportunity", "培训机会"), "training", When(grades=("good", "excellent"))),
        Proposal("promotion", Text("Preference in promotion after six good months", "连续六个月良好以上,晋升优先"),
                 "promotion", When(grades=("good", "excellent")), InARow(6)),
        Proposal("warning", Text("Warning after two months below standard", "连续两个月不合格的警告"), "warning",
                 When(passed=False), InARow(2)),
    ),
    terms=(Terms(least_measured=60),),
)  # fmt: skip

STARTER = Starter(
    SCHEME, template="s10", rewards=(ACTS,),
    reasons=(
        ("weights", Text("Satisfaction and quality of the solution a fifth each; the mere number solved least, since "
                         "the article warns of it as the only focus.",
                         "满意度与解决质量各占五分之一;解决数量最低,原文提醒不要只看数量。")),
        ("repeat_fault_rate", Text("Left out: it needs the set appliance_repair. Who repairs adds the line.",
                                   "未列入:需要 appliance_repair 指标包;有维修业务的请自行加上。")),
        ("csat_rate", Text("90 %: what another document of the field asks.", "90%:业内另一份文件的要求。")),
        ("handling_time_change_pct", Text("Met or not, since the article gives no number.",
                                          "原文没有数值,只判断是否缩短。")),
        ("resolved_count", Text("100 a month, about five a working day. Set it to your own trade first.",
                                "每月100件(约每个工作日5件),请先按本企业情况调整。")),
        ("complaint_rate", Text("Bands that end at the article's 5 %: within it nobody is at zero, beyond it all is "
                                "lost.", "以原文5%为底线分档:5%以内有分,超过为0分。")),
        ("avg_first_response_time", Text("The article's example of an hour.", "采用原文示例1小时。")),
        ("period", Text("A month: of month, quarter and year the one in which people still remember why.",
                        "按月:原文列出月、季、年,按月考核最便于及时改进。")),
        ("s10_acts", Text("The article names bonus, prizes, titles, training, promotion, warning and deduction without "
                          "an amount. No money is invented; what costs none is proposed to people, and they decide. "
                          "Two months for a warning are taken from another document of the field.",
                          "原文列举了奖金、奖品、荣誉、培训、晋升、警告和扣减,没有金额。此处不编造金额,只提出不涉及金钱的建议,由人决定;"
                          "连续两个月警告取自业内另一份文件。")),
        ("rules", RULES_REASON), *SHARED_REASONS,
    ),
)  # fmt: skip
