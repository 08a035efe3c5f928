"""S13, measures for managing the appraisal of the department: the common indicators of all staff.

The measures go by role: what an engineer, a customer-service specialist and a technical-support specialist have
besides stands in the sets that measure it, each with these four lines before it.
"""

from meritline_after_sales_common.attendance import VIOLATIONS
from meritline_after_sales_common.checks import STANDARD_COMPLIANCE
from meritline_after_sales_common.open_lines import (
    NO_GRADES,
    NO_TARGETS,
    NO_WEIGHTS,
    NOT_STATED,
    Words,
    composite,
    open_line,
    open_part,
)  # fmt: skip
from meritline_after_sales_common.rated import TEAMWORK
from meritline_after_sales_common.satisfaction import CSAT_PERIODIC, CSAT_SCORE
from meritline_sdk import Dimension, Item, SchemeTemplate, Template, Text, rules

SOURCE = Text("Measures for managing the appraisal of after-sales department staff (S13)",
              "售后服务部员工绩效考核管理办法(S13)")

CONTENT = Text("Customer satisfaction", "客户满意度")
STANDARD = Text("Adherence to service procedure and code of conduct", "服务规范性")
TOGETHER = Text("Cooperation with team and other departments", "团队协作")
DISCIPLINE = Text("Discipline: attendance, labour discipline, other rules", "纪律性")
COMMON_DIMENSION = Dimension("d1", Text("Common indicators (all staff)", "通用指标"))
ONE = Text("violation", "1次违纪")


def common_items() -> tuple[Item, ...]:
    """The four lines of all staff; every role has them."""
    return (
        composite("i01", "satisfaction", CONTENT, (open_part("i01_feedback", CSAT_SCORE),
                                                   open_part("i01_survey", CSAT_PERIODIC)), "d1"),
        open_line("i02", STANDARD, STANDARD_COMPLIANCE, "d1"),
        open_line("i03", TOGETHER, TEAMWORK, "d1"),
        open_line("i04", DISCIPLINE, VIOLATIONS, "d1", target=0,
                  rule=rules.Deduct(Words("i04", DISCIPLINE).points(ONE), when="above_target")),
    )  # fmt: skip


WORDING = (
    ("satisfaction", "*客户满意度:通过客户反馈、满意度调查等方式评估。"),
    ("service_standard_compliance_rate", "*服务规范性:遵守公司售后服务流程、规范及行为准则的情况。"),
    ("rt_teamwork", "*团队协作:与团队成员及其他部门的配合程度与效果。"),
    ("discipline_violation_count", "*纪律性:遵守公司考勤制度、劳动纪律及其他规章制度的情况。"),
)
COMMON_WORDING = WORDING

MISSING = (
    NO_WEIGHTS, NO_TARGETS, Text("scoring rules", "计分办法"), NO_GRADES,
    Text("the length of the period; here a month", "考核周期的长度(此处按月)"),
    Text("the terms of an appeal", "申诉期限"),
    Text("the rest of the technical-support indicators and all later articles", "技术支持专员的其余指标及其后各条"),
)  # fmt: skip
NOTES = (
    Text("T47: betting-site phrases at the top and end of the text are ignored.", "T47:文首文末的广告文字不予理会。"),
    Text("T62: the text is cut off inside article 7; what is missing is a blank. Rules for those on probation are "
         "\"laid down elsewhere\": give them a scheme of their own (for_employment = \"probation\").",
         "T62:原文在第七条中断,缺失处留空。试用期员工“另行规定”:请为其另设方案(for_employment = probation)。"),
    Text("T63: the indicators go by role: one scheme for each position; who changes the position in mid-period has a "
         "scorecard under each.",
         "T63:指标按岗位区分:每个岗位一个方案;期中转岗者在两个方案下各有一张成绩单。"),
    Text("T71: facts are asked for and ratings listed: raters, described grades and reasons for extreme ratings are "
         "part of each rated indicator.",
         "T71:既要求客观量化又列有评分指标:评分指标均设定评价人、等级描述,极端评分须说明理由。"),
    NOT_STATED,
)  # fmt: skip

TEMPLATE = Template(
    SchemeTemplate("s13", Text("Measures of the department, common indicators (S13)",
                               "售后服务部员工绩效考核管理办法·通用(S13)"),
                   items=common_items(), dimensions=(COMMON_DIMENSION,)),
    source=SOURCE, wording=COMMON_WORDING, missing=MISSING, notes=NOTES,
)  # fmt: skip
