"""S09 as it is printed: eight indicators, each with definition, goal and method; no weights, no points, no rewards."""

from meritline_after_sales_common.handling import HANDLING_CHANGE, HANDLING_TIME_MEAN
from meritline_after_sales_common.open_lines import (
    NO_GRADES,
    NO_MONEY,
    NO_WEIGHTS,
    NOT_STATED,
    composite,
    open_line,
    open_part,
    shown_line,
)
from meritline_after_sales_common.rated import TEAMWORK
from meritline_after_sales_common.resolution import FIRST_CONTACT, RESOLUTION_RATE
from meritline_after_sales_common.response import FIRST_RESPONSE
from meritline_after_sales_common.satisfaction import CSAT_PERIODIC, CSAT_RATE
from meritline_after_sales_common.sharing import SUGGESTIONS, SUGGESTIONS_EFFECTIVE
from meritline_after_sales_common.training import PARTICIPATION, PASS_RATE
from meritline_call_center.rated import COMMUNICATION_RECORD
from meritline_call_center.voices import COMMUNICATION_QA
from meritline_sdk import Blank, Dimension, Scheme, Template, Text, rules

EFFECT = Blank("inner_suggestions_effective", Text("Inner weight of the share of suggestions with effect",
                                                   "改进建议实施效果的内部权重"))
MUST_FALL = rules.TargetMet(strict=True)
KPIS = Dimension("kpis", Text("Key performance indicators", "关键绩效指标(KPIs)"))

ITEMS = (
    open_line("i01", Text("Response time", "响应时间"), FIRST_RESPONSE, "kpis", target=30),
    open_line("i02", Text("Problem resolution rate", "问题解决率"), FIRST_CONTACT, "kpis", target=90),
    shown_line(Text("Requests solved of all requests (shown)", "问题解决率(仅展示)"), RESOLUTION_RATE, "kpis"),
    open_line("i03", Text("Service satisfaction", "服务满意度"), CSAT_RATE, "kpis", target=95),
    shown_line(Text("Average satisfaction score (shown)", "平均满意度分数(仅展示)"), CSAT_PERIODIC, "kpis"),
    open_line("i04", Text("Knowledge mastery (all staff pass regular tests)", "知识掌握程度"), PASS_RATE, "kpis",
              target=100),
    open_line("i05", Text("Service efficiency (average handling time falls)", "服务效率"), HANDLING_CHANGE, "kpis",
              rule=MUST_FALL, target=0),
    shown_line(Text("Average handling time (shown)", "平均处理时间(仅展示)"), HANDLING_TIME_MEAN, "kpis"),
    composite("i06", "communication", Text("Communication skill: clear, polite, professional language", "沟通技巧"),
              (open_part("i06_1", COMMUNICATION_QA), open_part("i06_2", COMMUNICATION_RECORD)), "kpis"),
    open_line("i07", Text("Teamwork (colleague rating and team project results)", "团队合作"), TEAMWORK, "kpis"),
    composite("i08", "learning", Text("Continuous learning and improvement", "持续学习与改进"), (
        open_part("i08_1", PARTICIPATION, target=100), open_part("i08_2", SUGGESTIONS),
        open_part("i08_3", SUGGESTIONS_EFFECTIVE, weight=EFFECT),
    ), "kpis"),
)  # fmt: skip

SOLVED = """2. 问题解决率定义:成功解决问题的服务请求占总请求的比例。
目标:确保90%以上的服务请求能够在首次接触中得到解决。
评估方法:统计服务请求,并计算符合解决标准的请求数量及比例。"""
SATISFIED = """3. 服务满意度定义:根据客户对服务体验的反馈进行评估。
目标:达到至少95%的客户满意度。
评估方法:通过调查问卷收集客户反馈,并计算平均满意度分数。"""
FASTER = """5. 服务效率定义:完成服务请求所需平均时间。
目标:降低服务请求的平均处理时间。
评估方法:计算并比较不同时间段的平均处理时间。"""
WORDING = (
    ("avg_first_response_time", """1. 响应时间定义:客户发起服务请求后,售后人员响应的时间。
目标:在规定的时间内(如,首次响应时间不超过30秒)回复客户。
评估方法:记录并计算每个服务请求的平均响应时间,与既定目标进行比较。"""),
    ("first_contact_resolution_rate", SOLVED), ("resolution_rate", SOLVED),
    ("csat_rate", SATISFIED), ("csat_score_periodic", SATISFIED),
    ("knowledge_test_pass_rate", """4. 知识掌握程度定义:售后人员对产品知识和解决方案的掌握程度。
目标:所有售后人员都要定期通过产品知识和解决方案的测试。
评估方法:定期进行知识测试,并跟踪通过率。"""),
    ("handling_time_change_pct", FASTER), ("avg_handling_time", FASTER),
    ("communication", """6. 沟通技巧定义:售后人员在交流中的语言清晰度、礼貌和专业性。
目标:所有沟通都要表现出高水平的专业性和客户导向。
评估方法:收集和分析客户沟通记录,基于语言和行为的规范性进行评分。"""),
    ("rt_teamwork", """7. 团队合作定义:售后人员在与团队其他成员合作时的表现。
目标:促进团队协作,无重大内部沟通障碍。
评估方法:通过同事评价和团队项目成果来衡量团队合作表现。"""),
    ("learning", """8. 持续学习与改进定义:售后人员参与培训和提出改进建议的积极性。
目标:所有员工都要参与定期的培训,并积极提出改进建议。
评估方法:记录培训参与情况和改进建议的数量及实施效果。"""),
)

S09 = Template(
    Scheme("s09", Text("Key indicators for evaluating after-sales staff", "售后人员绩效评估关键指标"), items=ITEMS,
           dimensions=(KPIS,)),
    Text("S09: Key indicators for evaluating after-sales staff", "S09:售后人员绩效评估关键指标"), WORDING,
    missing=(
        NO_WEIGHTS, Text("points", "得分办法"), Text("a number for efficiency", "服务效率的目标数值"),
        Text("the period", "考核周期"), NO_GRADES, NO_MONEY,
    ),
    notes=(
        NOT_STATED,
        Text("T10: the limit of 30 seconds reads per request, the method compares an average: the average is compared. "
             "For each request take call_center.answer_within_30s_rate with target 100.",
             "T10:30秒时限按单次请求书写,评估方法为平均值:本模板比较平均值;如按单次,改用"
             "call_center.answer_within_30s_rate,目标100%。"),
        Text("T11: the goal of 90 % is for the first contact; the share of all that is solved is shown beside it and "
             "weighs nothing.", "T11:90%的目标针对首次接触解决;总体解决率仅展示,不计分。"),
        Text("T12: the goal of 95 % is for the share of the satisfied; the average score is shown beside it.",
             "T12:95%的目标针对满意客户占比;平均分仅展示。"),
        Text("T13: falling means a change below 0 against the period before; the average itself is shown.",
             "T13:降低指与上期相比变化小于0;平均处理时间仅展示。"),
        Text("T14: 30 seconds are an example in the document (如).", "T14:30秒为原文举例(如)。"),
        Text("100 % for tests and training is read from 所有 (all).", "测试与培训的“所有”按100%理解。"),
    ),
)  # fmt: skip
