"""S02, the appraisal standard for after-sales staff: eleven lines whose weights sum to 90, no target, no rule.

The template keeps the printed 90 and leaves the choice of the weights open; our starter divides by the sum.
"""

from meritline_after_sales_common.checks import STANDARD_COMPLIANCE
from meritline_after_sales_common.handling import RESOLUTION_TIME_MEAN
from meritline_after_sales_common.open_lines import NO_GRADES, NO_TARGETS, NOT_STATED, composite, open_line, open_part
from meritline_after_sales_common.rated import KNOWLEDGE
from meritline_after_sales_common.resolution import FIRST_CONTACT
from meritline_after_sales_common.response import FIRST_RESPONSE
from meritline_after_sales_common.satisfaction import CSAT_PERIODIC, CSAT_SCORE
from meritline_after_sales_common.templates.ours import (
    ANSWER_REASON,
    GRADES,
    POLICIES,
    RULES_REASON,
    SHARED_REASONS,
    SOLVING_REASON,
    answer_bands,
    solving_bands,
)  # fmt: skip
from meritline_after_sales_common.training import SESSIONS, TEST_SCORE, TRAINING_QUALITY
from meritline_after_sales_common.work import TASK_COMPLETION, UTILISATION
from meritline_sdk import UNDECIDED, Dimension, Item, Part, SchemeTemplate, Starter, Template, Text, rules

REPAIR_ACCURACY = "appliance_repair.repair_accuracy_rate"

SOLUTION = Text("Effectiveness of the solution (solved in one go?)", "解决方案的有效性")
STANDARD = Text("Adherence to service procedure and standard", "服务规范性")
REPAIR = Text("Repair accuracy (products that need repair)", "维修准确性")
FEEDBACK = Text("Customer feedback score", "客户反馈评分")
SPEED = Text("Speed of solving problems", "问题解决时效性")
SURVEY = Text("Regular satisfaction survey result", "客户满意度调查")
TASKS = Text("Task completion rate", "任务完成率")
HOURS = Text("Working-hours utilisation", "工时利用率")
RESPONSE = Text("Average service response time", "服务响应时间")
TRAINING = Text("Training attended (number and quality)", "参与培训和学习")
MASTERY = Text("Mastery of product and technical knowledge", "知识掌握程度")

DIMENSIONS = (
    Dimension("d1", Text("Work quality", "工作质量"), 30),
    Dimension("d2", Text("Customer satisfaction", "客户满意度"), 30),
    Dimension("d3", Text("Work efficiency", "工作效率"), 20),
    Dimension("d4", Text("Personal development", "个人发展"), 10),
)

ITEMS = (
    open_line("i01", SOLUTION, FIRST_CONTACT, "d1", weight=10),
    open_line("i02", STANDARD, STANDARD_COMPLIANCE, "d1", weight=10),
    open_line("i03", REPAIR, REPAIR_ACCURACY, "d1", weight=10, rule=rules.ToTarget()),
    open_line("i04", FEEDBACK, CSAT_SCORE, "d2", weight=15),
    open_line("i05", SPEED, RESOLUTION_TIME_MEAN, "d2", weight=10),
    open_line("i06", SURVEY, CSAT_PERIODIC, "d2", weight=5),
    open_line("i07", TASKS, TASK_COMPLETION, "d3", weight=10),
    open_line("i08", HOURS, UTILISATION, "d3", weight=5),
    open_line("i09", RESPONSE, FIRST_RESPONSE, "d3", weight=5),
    composite("i10", "training", TRAINING, (open_part("i10_sessions", SESSIONS),
                                            open_part("i10_quality", TRAINING_QUALITY)), "d4", weight=5),
    composite("i11", "knowledge", MASTERY, (open_part("i11_test", TEST_SCORE),
                                            open_part("i11_rating", KNOWLEDGE)), "d4", weight=5),
)  # fmt: skip

WORDING = (
    ("first_contact_resolution_rate", "解决方案的有效性:服务人员提供的解决方案是否有效,能否一次解决客户问题。"),
    ("service_standard_compliance_rate", "(占比:10%)- 服务规范性:服务人员是否遵循了公司的服务流程和标准。"),
    ("repair_accuracy_rate", "(占比:10%)- 维修准确性:针对需要维修的产品,服务人员是否能准确修复。"),
    ("csat_score_transactional", "客户反馈评分:根据客户反馈和评价进行评分。"),
    ("avg_resolution_time", "(占比:15%)- 问题解决时效性:服务人员解决客户问题的速度。"),
    ("csat_score_periodic", "(占比:10%)- 客户满意度调查:定期进行的客户满意度调查结果。"),
    ("task_completion_rate", "任务完成率:服务人员完成的任务量与分配的任务量的比率。"),
    ("hours_utilization_rate", "(占比:10%)- 工时利用率:服务人员的工作时间与可工作时间的比率。"),
    ("avg_first_response_time", "(占比:5%)- 服务响应时间:从客户联系到服务人员响应的平均时间。"),
    ("training", "参与培训和学习:服务人员参与公司组织的各类培训和学习活动的次数和质量。"),
    ("knowledge", "(占比:5%)- 知识掌握程度:服务人员对公司产品和相关技术的了解程度。"),
)

TEMPLATE = Template(
    SchemeTemplate("s02", Text("Appraisal standard for after-sales staff (S02)", "售后服务人员绩效考核标准(S02)"),
                   items=ITEMS, dimensions=DIMENSIONS, weights=UNDECIDED),
    source=Text("Appraisal standard for after-sales staff (S02)", "售后服务人员绩效考核标准(S02)"),
    wording=WORDING,
    missing=(
        Text("10 of 100 weight points", "缺少10个权重点(合计仅90)"), NO_TARGETS,
        Text("scoring rules", "计分办法"), NO_GRADES, Text("rewards", "奖励办法"),
        Text("the length of the period (\"regularly\"); here a month", "考核周期(仅写“定期”,此处按月)"),
    ),
    notes=(
        Text("T01: the groups sum to 30 + 30 + 20 + 10 = 90 and nothing explains the missing 10. They are kept as "
             "printed; choose weights = \"renormalise\", or correct them. Nothing is padded.",
             "T01:各组合计30+30+20+10=90,缺少的10原文没有说明。模板照原样保留;使用前须选择按比例折算(renormalise)或更正权重,不自行补足。"),
        Text("T02: each bracket \"(share: x %)\" stands at the start of the line after its own; so alone the lines "
             "add up to their groups.",
             "T02:每个“(占比:x%)”印在下一条指标的行首,属于上一条指标;只有这样各项才与本组合计相符。"),
        Text("Repair accuracy is measured by the indicator set appliance_repair: enable it, or leave the line out.",
             "维修准确性由指标包 appliance_repair 计算:请启用该包,或去掉此项。"),
        NOT_STATED,
    ),
)  # fmt: skip

STARTER = Starter(
    SchemeTemplate(
        "s02_starter", Text("After-sales staff, ready to use (after S02)", "售后服务人员考核(S02起步方案)"),
        items=(
            Item(FIRST_CONTACT, 10, rules.ToTarget(), 85, "d1", title=SOLUTION),
            Item(STANDARD_COMPLIANCE, 10, rules.ToTarget(), 95, "d1", title=STANDARD),
            Item(CSAT_SCORE, 15, rules.AsPoints(), dimension="d2", title=FEEDBACK),
            Item(RESOLUTION_TIME_MEAN, 10, solving_bands(), dimension="d2", title=SPEED),
            Item(CSAT_PERIODIC, 5, rules.AsPoints(), dimension="d2", title=SURVEY),
            Item(TASK_COMPLETION, 10, rules.ToTarget(), 100, "d3", title=TASKS),
            Item(UTILISATION, 5, rules.ToTarget(), 80, "d3", title=HOURS),
            Item(FIRST_RESPONSE, 5, answer_bands(), dimension="d3", title=RESPONSE),
            Item(None, 5, dimension="d4", key="training", title=TRAINING, parts=(
                Part(SESSIONS, 50, rules.ToTarget(), 1), Part(TRAINING_QUALITY, 50, rules.AsPoints()))),
            Item(None, 5, dimension="d4", key="knowledge", title=MASTERY, parts=(
                Part(TEST_SCORE, 60, rules.AsPoints()), Part(KNOWLEDGE, 40, rules.AsPoints()))),
        ),
        dimensions=tuple(Dimension(one.key, one.title) for one in DIMENSIONS), weights="renormalise",
        grades=GRADES, pass_score=60, least_measured=60, policies=POLICIES,
    ),
    template="s02",
    reasons=(
        ("weights", Text("The printed weights are kept and divided by their sum: their ratios are the document's, and "
                         "no weight is invented for the missing 10 (T01).",
                         "保留原文权重并按合计折算:比例仍是原文的比例,缺少的10不作编造(T01)。")),
        ("repair_accuracy_rate", Text(
            "Left out: it needs the set appliance_repair, which not every company has. Who repairs adds the line.",
            "未列入:需要 appliance_repair 指标包,并非每家公司都有;有维修业务的请自行加上。")),
        ("first_contact_resolution_rate", Text(
            "85 %: between the 80 % and 90 % that other documents of the field ask of a first contact.",
            "85%:介于业内其他文件对首次解决率要求的80%与90%之间。")),
        ("service_standard_compliance_rate", Text("95 %: a standard is meant to be kept; one slip in twenty checks is "
                                                  "human.", "95%:规范理应遵守,二十次抽查允许一次疏漏。")),
        ("avg_resolution_time", SOLVING_REASON),
        ("task_completion_rate", Text("100 %: what was assigned is to be done.", "100%:分配的任务应当完成。")),
        ("hours_utilization_rate", Text("80 %: the rest is breaks, travel and writing up.",
                                        "80%:其余为休息、路途和整理记录的时间。")),
        ("avg_first_response_time", ANSWER_REASON),
        ("training", Text("One session a month, number and quality alike: the document names both, without weights.",
                          "每月参加一次,次数与质量各占一半:原文两者都提到,未写权重。")),
        ("knowledge", Text("The test counts 60 and the superior's view 40: a test is harder evidence. Whoever had no "
                           "test is judged by the rating alone.",
                           "测试占60、上级评价占40:测试更客观;本期没有测试的只看评价。")),
        ("period", Text("A month, as most schemes of the field have it.", "按月:业内多数方案按月考核。")),
        ("rules", RULES_REASON), *SHARED_REASONS,
    ),
)  # fmt: skip
