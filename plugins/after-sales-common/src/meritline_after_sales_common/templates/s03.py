"""S03, KPI points for after-sales staff without any number: six lines. Decides how they are read."""

from meritline_after_sales_common.complaints import COMPLAINT_RESOLUTION
from meritline_after_sales_common.handling import HANDLED_COUNT, RESOLUTION_TIME_MEAN
from meritline_after_sales_common.open_lines import (
    NO_GRADES,
    NO_TARGETS,
    NO_WEIGHTS,
    NOT_STATED,
    composite,
    open_line,
    open_part,
)  # fmt: skip
from meritline_after_sales_common.rated import COMPLAINTS_RATED, KNOWLEDGE
from meritline_after_sales_common.resolution import RESOLUTION_RATE
from meritline_after_sales_common.response import FIRST_RESPONSE
from meritline_after_sales_common.satisfaction import CSAT_PERIODIC
from meritline_after_sales_common.templates.ours import (
    ANSWER_REASON,
    GRADES,
    POLICIES,
    RESOLVED_WITHIN,
    RULES_REASON,
    SHARED_REASONS,
    SOLVING_REASON,
    answer_bands,
    solving_bands,
)  # fmt: skip
from meritline_after_sales_common.training import TEST_SCORE
from meritline_sdk import Dimension, Item, Part, SchemeTemplate, Starter, Template, Text, rules

SOLVED = Text("Problem resolution rate (accuracy and timeliness of the solution)", "问题解决率")
CONTENT = Text("Customer satisfaction (phone survey or questionnaire)", "客户满意度")
RESPONSE = Text("Response time", "响应时间")
SKILL = Text("Professional knowledge and skill", "专业知识和技能")
COMPLAINTS = Text("Complaint handling", "客户投诉处理")
EFFICIENCY = Text("Work efficiency: workload and average resolution time", "工作效率")
LIMIT_FIRST = Text(
    "The time in which a complaint must be solved stands nowhere: set complaint_resolution_limit of the indicator "
    "after_sales_common.complaint_resolution_rate; until then it is not measured and the rating alone counts.",
    "原文未写明投诉的解决时限:请在指标 after_sales_common.complaint_resolution_rate 中设定 complaint_resolution_limit;"
    "设定之前该项不计,只按评价计分。",
)  # fmt: skip
LIST = (Dimension("d1", Text("Points of appraisal", "考核要点")),)

ITEMS = (
    open_line("i01", SOLVED, RESOLUTION_RATE, "d1"),
    open_line("i02", CONTENT, CSAT_PERIODIC, "d1"),
    open_line("i03", RESPONSE, FIRST_RESPONSE, "d1"),
    composite("i04", "knowledge", SKILL, (open_part("i04_test", TEST_SCORE), open_part("i04_rating", KNOWLEDGE)),
              "d1"),
    composite("i05", "complaints", COMPLAINTS, (open_part("i05_rate", COMPLAINT_RESOLUTION),
                                                open_part("i05_rating", COMPLAINTS_RATED)), "d1"),
    composite("i06", "efficiency", EFFICIENCY, (open_part("i06_handled", HANDLED_COUNT),
                                                open_part("i06_time", RESOLUTION_TIME_MEAN)), "d1"),
)  # fmt: skip

WORDING = (
    ("resolution_rate",
     "1. 问题解决率:衡量售后人员成功解决客户问题的能力。\n该指标可以根据售后人员提供的解决方案的准确性和及时性"
     "进行评估。"),
    ("csat_score_periodic",
     "2. 客户满意度:通过调查客户对售后服务的满意度来评估售后人员的工作表现。\n客户满意度可以通过电话调查、满意"
     "度调查问卷等方式进行评估。"),
    ("avg_first_response_time",
     "3. 响应时间:衡量售后人员对客户问题的响应速度。\n较短的响应时间可以提高客户满意度,并显示出售后人员的高效率"
     "。"),
    ("knowledge",
     "4. 专业知识和技能:评估售后人员在相关产品和服务方面的专业知识和技能。\n这可以通过定期培训、知识测试和客户"
     "反馈来评估。"),
    ("complaints",
     "5. 客户投诉处理:评估售后人员处理客户投诉的能力。\n售后人员应该能够有效地处理客户投诉,并提供合理的解决方案"
     ",以避免进一步的不满。"),
    ("efficiency",
     "6. 工作效率:衡量售后人员在处理客户问题时的工作效率。\n这可以通过评估每个售后人员的工作量、平均问题解决时"
     "间等来进行评估。"),
)

TEMPLATE = Template(
    SchemeTemplate("s03", Text("KPI points for after-sales staff, no numbers (S03)", "针对售后人员的KPI考核要点(S03)"),
                   items=ITEMS, dimensions=LIST),
    source=Text("KPI points for after-sales staff, no numbers (S03)", "针对售后人员的KPI考核要点(S03)"),
    wording=WORDING,
    missing=(NO_WEIGHTS, NO_TARGETS, Text("scoring rules", "计分办法"), NO_GRADES, Text("rewards", "奖励办法"),
             Text("the period; here a month", "考核周期(此处按月)")),
    notes=(
        Text("T03: lines 1 to 5 are printed twice with the same words, line 6 once: six lines.",
             "T03:第1至5条逐字印了两遍,第6条一遍:共六条。"),
        Text("T04: another document (S05) bears the same title; schemes are told apart by their key.",
             "T04:另一份文件(S05)标题相同;方案以编码区分。"),
        Text("Line 6 names workload (more is better) and time (less is better): two metrics of one line.",
             "第6条同时提到工作量(越多越好)和解决时间(越短越好):一条中的两个指标。"),
        LIMIT_FIRST, NOT_STATED,
    ),
)  # fmt: skip

STARTER = Starter(
    SchemeTemplate(
        "s03_starter", Text("After-sales staff, short list, ready to use (after S03)", "售后人员KPI要点(S03起步方案)"),
        items=(
            Item(RESOLUTION_RATE, 25, rules.ToTarget(), 90, "d1", title=SOLVED),
            Item(CSAT_PERIODIC, 25, rules.AsPoints(), dimension="d1", title=CONTENT),
            Item(FIRST_RESPONSE, 15, answer_bands(), dimension="d1", title=RESPONSE),
            Item(None, 10, dimension="d1", key="knowledge", title=SKILL, parts=(
                Part(TEST_SCORE, 60, rules.AsPoints()), Part(KNOWLEDGE, 40, rules.AsPoints()))),
            Item(None, 15, dimension="d1", key="complaints", title=COMPLAINTS, parts=(
                Part(COMPLAINT_RESOLUTION, 60, rules.ToTarget(), 95), Part(COMPLAINTS_RATED, 40, rules.AsPoints()))),
            Item(None, 10, dimension="d1", key="efficiency", title=EFFICIENCY, parts=(
                Part(HANDLED_COUNT, 50, rules.ToTarget(), 100), Part(RESOLUTION_TIME_MEAN, 50, solving_bands()))),
        ),
        dimensions=LIST, grades=GRADES, pass_score=60, least_measured=60, policies=POLICIES,
        heaviest=("resolution_rate", "csat_score_periodic"),
    ),
    template="s03",
    settings=((COMPLAINT_RESOLUTION, RESOLVED_WITHIN),),
    reasons=(
        ("weights", Text("Half of the weight on what the customer sees (solved, content), the rest on how it is done; "
                         "nothing outweighs the first two.",
                         "一半权重放在客户看得到的结果(解决、满意),其余放在过程;没有指标超过前两项。")),
        ("resolution_rate", Text("90 %, as another document of the field asks.", "90%:业内另一份文件的要求。")),
        ("avg_first_response_time", ANSWER_REASON),
        ("knowledge", Text("The test counts 60, the superior's view 40: a test is harder evidence.",
                           "测试占60、上级评价占40:测试更客观。")),
        ("complaints", Text("95 % of complaints solved counts 60, how they were handled 40.",
                            "投诉解决率(目标95%)占60,处理质量评价占40。")),
        ("settings", Text("A complaint that names no time is to be solved within 48 hours: two working days, as our "
                          "other starters have it. A complaint's own time comes first.",
                          "投诉本身未注明时限的,须在48小时(两个工作日)内解决,与其他起步方案一致;投诉已注明时限的以其为准。")),
        ("efficiency", Text("100 cases a month, about five a working day, and the time to solve, alike. "
                            "Set the count to your own trade first: it differs most between companies. "
                            + SOLVING_REASON.en,
                            "每月100单(约每个工作日5单)与解决时长各占一半。件数因行业差异最大,请先按本企业情况调整。"
                            + SOLVING_REASON.zh)),
        ("period", Text("A month, as most schemes of the field have it.", "按月:业内多数方案按月考核。")),
        ("rules", RULES_REASON), *SHARED_REASONS,
    ),
)  # fmt: skip
