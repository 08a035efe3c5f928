"""S12 as it is printed: thresholds only, one of them cut off, one line printed twice."""

from meritline_after_sales_common.complaints import COMPLAINT_RATE
from meritline_after_sales_common.handling import HANDLING_TIME_MEAN
from meritline_after_sales_common.open_lines import NO_GRADES, NO_MONEY, NO_WEIGHTS, NOT_STATED, open_line
from meritline_after_sales_common.rated import TEAMWORK_SCORE
from meritline_after_sales_common.resolution import RESOLUTION_SUCCESS
from meritline_after_sales_common.response import FIRST_RESPONSE
from meritline_after_sales_common.satisfaction import CSAT_PERIODIC
from meritline_after_sales_common.sharing import INFO_SHARING, SKILL_EXCHANGE
from meritline_after_sales_common.training import COMPLETION
from meritline_after_sales_common.work import FOLLOWUP_ACCURACY, RENEWAL, SERVICE_COMPLETION
from meritline_sdk import Blank, Dimension, Scheme, Template, Text, rules

TWO_HOURS_IN_SECONDS = 7200
DIMENSIONS = (
    Dimension("satisfaction", Text("Customer satisfaction", "客户满意度")),
    Dimension("efficiency", Text("Service efficiency", "服务效率")),
    Dimension("quality", Text("Service quality", "服务质量")),
    Dimension("teamwork", Text("Teamwork", "团队协作")),
    Dimension("growth", Text("Personal growth", "个人成长")),
)
SURVEY = Text("Satisfaction survey score", "客户满意度调查得分")
CUT_OFF = Blank("target_percent_i13", Text("Target of the training course completion rate (percent)",
                                           "培训课程完成率的目标值(%)"), printed="≥")

ITEMS = (
    open_line("i01", SURVEY, CSAT_PERIODIC, "satisfaction", target=90, key="survey_score"),
    open_line("i02", Text("Complaint rate", "客户投诉率"), COMPLAINT_RATE, "satisfaction", target=5),
    open_line("i03", Text("Customer renewal rate", "客户续约率"), RENEWAL, "satisfaction", target=95),
    open_line("i04", Text("Average response time", "平均响应时间"), FIRST_RESPONSE, "efficiency",
              target=TWO_HOURS_IN_SECONDS),
    open_line("i05", Text("Average handling time", "平均处理时间"), HANDLING_TIME_MEAN, "efficiency", target=24),
    open_line("i06", Text("Service completion rate", "服务完成率"), SERVICE_COMPLETION, "efficiency", target=98),
    open_line("i07", Text("Problem resolution success rate", "问题解决成功率"), RESOLUTION_SUCCESS, "quality",
              target=95),
    open_line("i08", Text("Satisfaction survey score (listed a second time)", "客户满意度调查得分"), CSAT_PERIODIC,
              "quality", target=90, key="survey_score_again"),
    open_line("i09", Text("Follow-up call accuracy rate", "问题回访正确率"), FOLLOWUP_ACCURACY, "quality", target=95),
    open_line("i10", Text("Teamwork rating", "团队协作评分"), TEAMWORK_SCORE, "teamwork", target=85),
    open_line("i11", Text("Information sharing frequency", "信息共享频率"), INFO_SHARING, "teamwork", target=2),
    open_line("i12", Text("Participation in skill exchange", "技能交流参与度"), SKILL_EXCHANGE, "teamwork", target=80),
    open_line("i13", Text("Training course completion rate", "培训课程完成率"), COMPLETION, "growth", target=CUT_OFF,
              rule=rules.TargetMet()),
)  # fmt: skip

WORDING = (
    ("survey_score", "客户满意度调查得分:≥90分"), ("complaint_rate", "客户投诉率:≤5%"),
    ("renewal_rate", "客户续约率:≥95%"),
    ("avg_first_response_time", "平均响应时间:≤2小时"), ("avg_handling_time", "平均处理时间:≤24小时"),
    ("service_completion_rate", "服务完成率:≥98%"), ("resolution_success_rate", "问题解决成功率:≥95%"),
    ("survey_score_again", "客户满意度调查得分:≥90分"), ("followup_accuracy_rate", "问题回访正确率:≥95%"),
    ("teamwork_score", "团队协作评分:≥85分"), ("info_sharing_per_week", "信息共享频率:≥2次/周"),
    ("skill_exchange_participation_rate", "技能交流参与度:≥80%"), ("training_completion_rate", "培训课程完成率:≥"),
)  # fmt: skip

S12 = Template(
    Scheme("s12", Text("After-sales engineer performance plan no. 2", "售后工程师绩效方案 (第2篇)"), items=ITEMS,
           dimensions=DIMENSIONS),
    Text("S12: After-sales engineer performance plan no. 2 (cut off)", "S12:售后工程师绩效方案 第2篇(残缺)"), WORDING,
    missing=(
        NO_WEIGHTS,
        Text("the target of the training completion rate: the text ends at ≥", "培训课程完成率的目标值:原文止于“≥”"),
        Text("all chapters after the targets: assessment, rewards, introduction", "目标之后的各章:评估、奖励、实施"),
        NO_GRADES, NO_MONEY,
    ),
    notes=(
        NOT_STATED,
        Text("T53: the survey score stands in two dimensions. It is measured once and weighed twice, as printed; give "
             "one of the two the weight 0 to count it once.",
             "T53:客户满意度调查得分在两个维度中重复出现:只测量一次,按原文计两次权重;如只计一次,将其中一项权重设为0。"),
        Text("T54: the target that is cut off is a blank; the scheme cannot be used before it is filled.",
             "T54:残缺的目标值留空,填写前方案不可使用。"),
        Text("T55: times per week are the count over the days of the period, times 7; a month need not be whole weeks.",
             "T55:每周次数=次数÷周期天数×7,月份不必为整周。"),
        Text("T56: what complaints are divided by, whose contracts count and what a right follow-up is, stands with "
             "the indicators; the document does not say.",
             "T56:投诉率的分母、续约合同归属、回访正确的含义见指标说明,原文未规定。"),
        Text("90 and 85 points are read as of 100; the scale is not stated.",
             "90分、85分按百分制理解,原文未写明分制。"),
    ),
)  # fmt: skip
