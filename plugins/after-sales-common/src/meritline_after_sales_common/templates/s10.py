"""S10, an article on how to build performance management: eight examples, two with a target. Advice, no scheme.

The template has what the article names (T48); the starter makes a small scheme of it, with acts that are no money,
since the article names kinds of rewards and penalties and no amount.
"""

from meritline_after_sales_common.complaints import COMPLAINT_RATE
from meritline_after_sales_common.handling import HANDLING_CHANGE, RESOLUTION_TIME_MEAN
from meritline_after_sales_common.open_lines import NO_GRADES, NO_WEIGHTS, NOT_STATED, Words, open_line, shown_line
from meritline_after_sales_common.rated import RESOLUTION_QUALITY
from meritline_after_sales_common.resolution import RESOLVED_COUNT
from meritline_after_sales_common.response import FIRST_RESPONSE
from meritline_after_sales_common.satisfaction import CSAT_RATE, CSAT_SCORE
from meritline_sdk import Dimension, SchemeTemplate, Template, Text, rules

REPEAT_FAULTS = "appliance_repair.repeat_fault_rate"
SOURCE = Text("How to build performance management for good after-sales service, an article (S10)",
              "售后服务好的绩效管理该如何构建?(S10)")

CONTENT = Text("Customer satisfaction reaches a certain share", "客户满意度")
SHORTER = Text("Time to solve after-sales problems falls", "售后问题解决时长")
SOLVED = Text("Number of problems solved", "售后问题解决的数量")
QUALITY = Text("Quality of the solution", "解决质量")
FEEDBACK = Text("Customer feedback", "客户反馈")
SECOND = Text("Second-failure rate", "二次故障率")
COMPLAINTS = Text("Complaint rate", "客户投诉率")
RESPONSE = Text("Average response time", "平均响应时间")
EXAMPLES = (Dimension("d1", Text("Example indicators", "示例指标")),)

ITEMS = (
    open_line("i01", CONTENT, CSAT_RATE, "d1", rule=rules.TargetMet(),
              target=Words("i01", CONTENT).blank("target", "Target", "目标值", "一定比例")),
    open_line("i02", SHORTER, HANDLING_CHANGE, "d1", rule=rules.TargetMet(strict=True), target=0),
    shown_line(RESOLUTION_TIME_MEAN.title, RESOLUTION_TIME_MEAN, "d1"),
    open_line("i03", SOLVED, RESOLVED_COUNT, "d1"),
    open_line("i04", QUALITY, RESOLUTION_QUALITY, "d1"),
    open_line("i05", FEEDBACK, CSAT_SCORE, "d1"),
    open_line("i06", SECOND, REPEAT_FAULTS, "d1", rule=rules.ToTarget()),
    open_line("i07", COMPLAINTS, COMPLAINT_RATE, "d1", target=5),
    open_line("i08", RESPONSE, FIRST_RESPONSE, "d1", target=3600),
)  # fmt: skip

WORDING = (
    ("csat_rate", "如客户满意度达到一定比例、售后问题解决时长缩短等"),
    ("handling_time_change_pct", "售后问题解决时长缩短"),
    ("avg_resolution_time", "售后问题解决时长缩短"),
    ("resolved_count", "不仅仅关注售后问题解决的数量,还包括解决质量、客户反馈、二次故障率等多维度指标。"),
    ("rt_resolution_quality", "解决质量"),
    ("csat_score_transactional", "客户反馈"),
    ("repeat_fault_rate", "二次故障率"),
    ("complaint_rate", "如客户投诉率不得超过5%、平均响应时间在1小时内等。"),
    ("avg_first_response_time", "平均响应时间在1小时内"),
)

TEMPLATE = Template(
    SchemeTemplate("s10", Text("Example indicators of an article (S10)", "绩效管理文章中的示例指标(S10)"), items=ITEMS,
                   dimensions=EXAMPLES),
    source=SOURCE, wording=WORDING,
    missing=(
        NO_WEIGHTS, Text("targets of all but two lines", "除两项外的目标值"), Text("scoring rules", "计分办法"),
        NO_GRADES,
        Text("amounts and conditions of rewards and penalties: only their kinds are named",
             "奖惩的金额与条件:只列举了种类"),
        Text("the period: month, quarter and year are all named; here a month", "考核周期:月、季、年均有提及,此处按月"),
    ),
    notes=(
        Text("T13: \"gets shorter\" has no number: the change against the period before must lie below 0; without a "
             "period before it is not measured. Set base_metric = \"avg_resolution_time\" of "
             "after_sales_common.handling_time_change_pct to look at the time to the solution.",
             "T13:“缩短”没有数值:与上期相比的变化须小于0,没有上期则不计。如以解决时长为基础,请将 "
             "after_sales_common.handling_time_change_pct 的 base_metric 设为 avg_resolution_time。"),
        Text("T14: 5 % and 1 hour stand there as examples; change them freely.", "T14:5%与1小时只是举例,可自由修改。"),
        Text("T48: an advertising text compiled by a machine, as it says itself: advice, not a scheme.",
             "T48:原文为宣传文章,并自称由AI整理:是建议,不是方案。"),
        Text("T56: the complaint rate is per case; whose cases, the indicator's settings say.",
             "T56:投诉率按服务单计;归属由指标参数决定。"),
        Text("The second-failure rate is measured by the indicator set appliance_repair: enable it, or leave the line "
             "out.", "二次故障率由指标包 appliance_repair 计算:请启用该包,或去掉此项。"),
        NOT_STATED,
    ),
)  # fmt: skip
