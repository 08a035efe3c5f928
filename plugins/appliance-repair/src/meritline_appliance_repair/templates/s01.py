"""S01 as it is printed: twelve lines in four dimensions, no weight, no target, no points. Quarter and year beside it.

The document asks for one thing of the weights: none is above customer satisfaction. Its chapter on rewards breaks off,
so there is no reward table here.
"""

from meritline_after_sales_common.complaints import COMPLAINT_RESOLUTION, COMPLAINT_TIMELY
from meritline_after_sales_common.open_lines import (
    NO_GRADES,
    NO_MONEY,
    NO_TARGETS,
    NO_WEIGHTS,
    NOT_STATED,
    Words,
    composite,
    open_line,
    open_part,
)
from meritline_after_sales_common.rated import COMMUNICATION, PROFESSIONALISM
from meritline_after_sales_common.response import RESPONSE_TIMELY
from meritline_appliance_repair.care import CERTIFICATES, CHECKLIST_RATE
from meritline_appliance_repair.materials import CONSUMABLE_VARIANCE, CONSUMABLE_WASTE, PARTS_COMPLIANCE, PARTS_LOSS
from meritline_appliance_repair.quality import DIAGNOSIS_ACCURACY, FIRST_TIME_FIX, REPAIR_SUCCESS
from meritline_appliance_repair.satisfaction import COMPOSITE
from meritline_appliance_repair.speed import COMPLETION_CYCLE, ON_TIME_ARRIVAL
from meritline_sdk import Dimension, Item, PeriodKind, Scheme, ScoreOf, Template, Text, rules

TITLE = Text("Appliance after-sales performance appraisal and reward scheme", "电器售后服务绩效考核与奖励方案")
SOURCE = Text("S01: Appliance after-sales performance appraisal and reward scheme (cut off in its reward chapter)",
              "S01:电器售后服务绩效考核与奖励方案(奖励章节残缺)")
DIMENSIONS = (
    Dimension("quality", Text("Service quality", "服务质量维度")),
    Dimension("efficiency", Text("Service efficiency", "服务效率维度")),
    Dimension("competence", Text("Competence and professionalism of the person", "服务人员能力与素养维度")),
    Dimension("cost", Text("Cost control", "成本控制维度")),
)
COMPLAINTS = Text("Complaint handling timeliness rate and resolution rate", "投诉处理及时率与解决率")
LOST, WASTED = Words("i12_2", PARTS_LOSS.title), Words("i11_2", CONSUMABLE_WASTE.title)
VARYING = Words("i11_1", CONSUMABLE_VARIANCE.title)
POINT = Text("percentage point", "个百分点")


def above(words: Words) -> rules.Deduct:
    """Points off for each percentage point above the target, which may be zero."""
    return rules.Deduct(words.points(POINT), when=rules.ABOVE_TARGET)


ITEMS = (
    open_line("i01", Text("Customer satisfaction score", "客户满意度评分(CSAT)"), COMPOSITE, "quality"),
    open_line("i02", Text("First-time fix rate", "一次修复率"), FIRST_TIME_FIX, "quality"),
    open_line("i03", Text("Compliance with service standards", "服务规范执行度"), CHECKLIST_RATE, "quality"),
    open_line("i04_1", COMPLAINTS, COMPLAINT_TIMELY, "quality"),
    open_line("i04_2", COMPLAINTS, COMPLAINT_RESOLUTION, "quality"),
    open_line("i05", Text("Response timeliness rate", "响应及时率"), RESPONSE_TIMELY, "efficiency"),
    open_line("i06", Text("On-time arrival rate", "上门准时率"), ON_TIME_ARRIVAL, "efficiency"),
    open_line("i07", Text("Service completion cycle", "服务完成周期"), COMPLETION_CYCLE, "efficiency"),
    composite("i08", "skill_level", Text("Professional skill level", "专业技能水平"), (
        open_part("i08_1", CERTIFICATES), open_part("i08_2", DIAGNOSIS_ACCURACY), open_part("i08_3", REPAIR_SUCCESS),
    ), "competence"),
    open_line("i09", Text("Communication and expression", "沟通表达能力"), COMMUNICATION, "competence"),
    open_line("i10", Text("Professionalism: responsibility, integrity, teamwork", "职业素养"), PROFESSIONALISM,
              "competence"),
    composite("i11", "service_cost", Text(
        "Control of service cost (reasonable use of consumables; no needless waste)", "服务成本控制"), (
        open_part("i11_1", CONSUMABLE_VARIANCE, rule=above(VARYING)),
        open_part("i11_2", CONSUMABLE_WASTE, rule=above(WASTED)),
    ), "cost"),
    composite("i12", "parts_management", Text(
        "Parts management compliance (requisition, use, replacement)", "配件管理规范性"), (
        open_part("i12_1", PARTS_COMPLIANCE), open_part("i12_2", PARTS_LOSS, rule=above(LOST)),
    ), "cost"),
)  # fmt: skip

COMPLAINT_WORDS = ("*投诉处理及时率与解决率:针对客户提出的服务投诉,从受理到响应、再到最终解决的时限控制,"
                   "以及投诉最终得到圆满解决的比例。这体现了服务团队的危机应对能力和问题解决能力。")
WORDING = (
    ("csat_composite", "*客户满意度评分(CSAT):通过服务完成后向客户发送短信、APP推送或电话回访等方式收集。"
     "可细分为对服务态度、专业技能、问题解决效率、服务规范性等方面的分项评分,最终汇总为综合满意度。此指标权重应最高,"
     "直接反映服务的最终效果。"),
    ("first_time_fix_rate", "*一次修复率:指服务人员在首次上门服务时即成功解决客户问题的比例。"
     "这一指标直接关系到服务效率和客户体验,是衡量服务人员专业技能和故障判断能力的重要依据。"),
    ("onsite_standard_checklist_rate", "*服务规范执行度:包括是否按规定着装、佩戴工牌,是否主动出示工作证件,"
     "服务前是否铺垫防护措施,服务后是否清理现场,是否详细解释问题原因及解决方案等。"
     "可通过服务过程抽查、客户反馈及服务记录核查等方式进行评估。"),
    ("complaint_timely_rate", COMPLAINT_WORDS),
    ("complaint_resolution_rate", COMPLAINT_WORDS),
    ("response_timely_rate", "*响应及时率:指在承诺的时间内,服务人员对客户报修或咨询请求做出响应的比例。"),
    ("onsite_on_time_rate", "*上门准时率:指服务人员按照与客户约定的时间准时到达服务地点的比例。"),
    ("service_completion_cycle", "*服务完成周期:从客户报修到问题彻底解决所经历的平均时长。"),
    ("skill_level", "*专业技能水平:可通过内部技能等级认证、故障判断准确率、维修成功率等方式进行评估。"),
    ("rt_communication", "*沟通表达能力:能否清晰、准确地与客户沟通,耐心解答客户疑问,有效安抚客户情绪。"),
    ("rt_professionalism", "*职业素养:包括责任心、诚信度、团队协作精神等。"
     "可通过日常行为观察、同事互评、客户反馈等多渠道进行综合评价。"),
    ("service_cost", "*服务成本控制:在保证服务质量的前提下,考核服务过程中耗材使用的合理性、是否存在不必要的浪费等。"),
    ("parts_management", "*配件管理规范性:考核服务人员在配件申领、使用、更换等环节的规范性,防止配件流失或不当使用。"),
)

S01 = Template(
    Scheme("s01", TITLE, items=ITEMS, dimensions=DIMENSIONS, heaviest=("csat_composite",)), SOURCE, WORDING,
    missing=(
        NO_WEIGHTS, NO_TARGETS, NO_GRADES, NO_MONEY,
        Text("the promised times (response, complaint, arrival) and the levels of the skill ladder: set them with the "
             "indicators where your records do not name them",
             "承诺的时限(响应、投诉、上门)与技能等级总数:业务记录未注明的,在指标参数中设置"),
    ),
    notes=(
        NOT_STATED,
        Text("T64: no line may weigh more than customer satisfaction; an equal weight is let through.",
             "T64:任何指标的权重不得高于客户满意度;权重相等可以通过。"),
        Text("T65: the line on complaints names two rates: two lines. The chapter on rewards breaks off: no reward "
             "table is made up.", "T65:投诉一条含两项比率,分为两项指标;奖励章节残缺,不虚构奖励方案。"),
        Text("T60: a first-time fix is one at the first visit; remote solutions do not count unless the indicator's "
             "setting says so.", "T60:一次修复指首次上门即修复;远程解决默认不计,可在指标参数中更改。"),
        Text("The sub-scores of satisfaction count alike until the indicator's weights are set.",
             "满意度分项默认等权,可在指标参数中设置权重。"),
    ),
)  # fmt: skip

MONTHS = Item(None, key="months", weight=100, title=Text("Mean of the months", "各月得分均值"),
                    score_of=ScoreOf("s01", period="month"), rule=rules.AsPoints(cap=None))
MONTHS_JOINED = Text("T66: the document does not say how a quarter comes from its months: the mean of the locked "
                     "months that have a score. You may appraise the quarter anew from the records instead: take s01 "
                     "with the period quarter.",
                     "T66:原文未说明季度如何由月度得出:取已锁定且有得分的各月均值;也可将s01的周期改为季度,"
                     "按原始记录重新考核。")

S01_QUARTER = Template(
    Scheme("s01_quarter", Text("Quarterly appraisal of S01", "电器售后服务季度综合考核"), items=(MONTHS,),
           period=PeriodKind.QUARTER),
    SOURCE, (("months", "季度考核则进行综合评估,作为季度奖励和能力发展的依据。"),),
    missing=(NO_MONEY,), notes=(MONTHS_JOINED,),
)  # fmt: skip

S01_YEAR = Template(
    Scheme("s01_year", Text("Yearly appraisal of S01", "电器售后服务年度考核"), items=(MONTHS,),
           period=PeriodKind.YEAR),
    SOURCE, (("months", "年度考核可作为评优、晋升及培训发展规划的重要参考。"),),
    missing=(NO_MONEY,), notes=(MONTHS_JOINED,),
)  # fmt: skip

S01_TEMPLATES = (S01, S01_QUARTER, S01_YEAR)
