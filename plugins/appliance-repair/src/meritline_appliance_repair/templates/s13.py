"""S13, the role of the after-sales engineer: the common lines of the document and five of the role. No number at "
  "all."""

from dataclasses import replace

from meritline_after_sales_common.open_lines import open_line, ours
from meritline_after_sales_common.templates import s13_starter
from meritline_after_sales_common.templates.s13 import (
    COMMON_DIMENSION,
    COMMON_WORDING,
    MISSING,
    NOTES,
    SOURCE,
    common_items,
)
from meritline_appliance_repair.care import TECH_DOCUMENTS
from meritline_appliance_repair.quality import FAULT_RESOLUTION, FIRST_TIME_FIX
from meritline_appliance_repair.schemes import GRADES
from meritline_appliance_repair.speed import COMMITMENTS, FAULT_HANDLING
from meritline_appliance_repair.templates.ours import LEAST_MEASURED, PASS, POLICIES, SHARED_REASONS, pay
from meritline_sdk import Dimension, Ranking, Scheme, Starter, Template, Text, rules

KEY = "s13_engineer_starter"
ENGINEER = Dimension("engineer", Text("After-sales engineer", "售后工程师专项指标"))

ITEMS = (
    open_line("i05", Text("Fault resolution rate", "故障解决率"), FAULT_RESOLUTION, "engineer"),
    open_line("i06", Text("Mean fault handling time", "平均故障处理时长"), FAULT_HANDLING, "engineer"),
    open_line("i07", Text("First-time fix rate (no second visit and no repeated handling)",
                          "一次修复率"), FIRST_TIME_FIX,
              "engineer"),
    open_line("i08", Text("Arrives on site or answers within the promised time",
                          "服务响应及时性"), COMMITMENTS, "engineer"),
    open_line("i09", Text("Completeness of service records and fault analysis reports",
                          "技术文档完整性"), TECH_DOCUMENTS,
              "engineer"),
)  # fmt: skip
WORDING = (
    ("fault_resolution_rate", "*故障解决率:成功解决的故障数量占处理故障总数的比例。"),
    ("avg_fault_handling_time", "*平均故障处理时长:从接收故障到解决故障的平均时间。"),
    ("first_time_fix_rate", "*一次修复率:无需二次上门或多次处理即可解决问题的比例。"),
    ("service_commitment_timely_rate", "*服务响应及时性:按承诺时间到达现场或回复客户的情况。"),
    ("tech_doc_completeness_rate", "*技术文档完整性:服务记录、故障分析报告等文档的规范与完整程度。"),
)

S13_ENGINEER = Template(
    Scheme("s13_engineer", Text("After-sales engineers by S13",
                                "售后工程师绩效考核(S13)"), items=(*common_items(), *ITEMS),
           dimensions=(COMMON_DIMENSION, ENGINEER)),
    SOURCE, (*COMMON_WORDING, *WORDING),
    missing=(*MISSING, Text("the promised time: it stands in your records", "承诺时间:以业务记录为准")),
    notes=(*NOTES, Text(
        "T60: here a first-time fix is one without a second visit or repeated handling, so remote solutions count: set "
        "include_remote of the indicator.",
        "T60:此处一次修复指无需二次上门或多次处理,远程解决计入:请设置指标参数include_remote。")),
)  # fmt: skip

TWO_OFF = rules.Deduct(2)
COMMON_LINES = tuple(replace(item, weight=weight) for item, weight in
                     zip(s13_starter.STARTER.scheme.items, (20, 10, 5, 5), strict=True))
LINES = (
    ours(ITEMS, "fault_resolution_rate", 20, TWO_OFF, 95, minimum_sample=5),
    ours(ITEMS, "avg_fault_handling_time", 10, rules.Bands(up_to={24: 100, 48: 85, 72: 60}, beyond=0)),
    ours(ITEMS, "first_time_fix_rate", 15, TWO_OFF, 85, minimum_sample=10),
    ours(ITEMS, "service_commitment_timely_rate", 10, TWO_OFF, 95),
    ours(ITEMS, "tech_doc_completeness_rate", 5, TWO_OFF, 95),
)

REASONS = (
    ("weights", Text("40 for what all share, satisfaction half of it; 60 for the role, solved faults most",
                     "通用指标40(客户满意度占一半),岗位指标60(故障解决最高)")),
    ("fault_resolution_rate", Text("95 %, 2 points off for each percentage point below; fewer than 5 faults are chance",
                                   "目标95%,每低1个百分点扣2分;少于5次视为偶然")),
    ("avg_fault_handling_time", Text("One, two and three days: full, good, just passing",
                                     "一天满分,两天良好,三天及格")),
    ("targets", Text("85 to 95 %, 2 points off for each percentage point below", "目标85%至95%,每低1个百分点扣2分")),
    *SHARED_REASONS,
)  # fmt: skip

STARTER = Starter(
    Scheme(KEY, Text("After-sales engineers, monthly (starter of S13)", "售后工程师月度考核(S13起步方案)"),
           items=(*COMMON_LINES, *LINES), dimensions=(COMMON_DIMENSION, ENGINEER), grades=GRADES, pass_score=PASS,
           policies=POLICIES, least_measured=LEAST_MEASURED, ranking=Ranking(minimum_sample=10)),
    "s13_engineer", REASONS, (pay(KEY),),
)  # fmt: skip
