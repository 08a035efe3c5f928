"""What people rate about each other, in every kind of after-sales service. Source: catalogue, section E.

Weights of the rater groups are the catalogue's proposals; a company sets its own. The described grades are ours: the
seed documents ask for facts and give none.
"""

from meritline_sdk import Anchor, RatedIndicator, Raters, Text


def described(*grades: tuple[str, str]) -> tuple[Anchor, ...]:
    """Five grades from 20 to 100 percent of the scale."""
    return tuple(Anchor(20 * place, Text(en, zh)) for place, (en, zh) in enumerate(grades, 1))


ABILITY = described(
    ("Cannot do it; others have to step in every time", "不能胜任,每次都需他人接手"),
    ("Manages simple cases with help", "在他人帮助下能处理简单情形"),
    ("Manages the usual cases alone", "能独立处理常见情形"),
    ("Manages difficult cases alone and rarely slips", "能独立处理复杂情形,很少出错"),
    ("Masters every case and teaches others", "各类情形均能胜任,并能指导他人"),
)
ATTITUDE = described(
    ("Tasks are left lying even after reminders", "多次提醒仍搁置工作"),
    ("Does what is told, often late or in part", "能按要求做,但常拖延或不完整"),
    ("Does what the job asks, now and then after a reminder", "能完成本职工作,偶需提醒"),
    ("Does it reliably, unasked", "主动、稳定地完成工作"),
    ("Does more than the job asks and carries others along", "超出本职要求,并带动他人"),
)
TEAM = described(
    ("Keeps things back; work with colleagues breaks down", "不共享信息,协作中断"),
    ("Helps when told to; agreements slip", "要求后才配合,约定常落空"),
    ("Shares what is asked for and keeps agreements", "按要求共享信息,遵守约定"),
    ("Shares and helps unasked, also across departments", "主动共享和支援,包括跨部门"),
    ("Cooperation leads to results that others name", "协作带来他人认可的成果"),
)
SERVICE = described(
    ("Customers complain about it; the matter stays open", "客户投诉,问题未解决"),
    ("Customers ask again; solved only in part", "客户再次来询,仅部分解决"),
    ("Solved and polite; the customer has no objection", "已解决且礼貌,客户无异议"),
    ("Solved thoroughly; the customer is content", "解决彻底,客户满意"),
    ("Solved beyond what was asked; the customer praises it", "超出预期地解决,客户表扬"),
)
RESULT = described(
    ("Missing or of no use", "缺失或无法使用"),
    ("With gaps; others have to do it again", "不完整,需他人返工"),
    ("Complete; small corrections are needed", "完整,需少量修正"),
    ("Complete and right the first time", "一次完整、准确"),
    ("An example that others work from", "可作范例"),
)

SUPERIOR = (Raters("manager", 100),)
TEAM_LEADER = (Raters("team_leader", 100),)

COMMUNICATION = RatedIndicator(
    "rt_communication", Text("Communication", "沟通表达能力"),
    raters=(Raters("manager", 60), Raters("customer", 40)), anchors=ABILITY,
    looks_at=Text("Clear, exact, patient; calms the customer", "表达清晰准确、耐心,能安抚客户"),
)  # fmt: skip

PROFESSIONALISM = RatedIndicator(
    "rt_professionalism", Text("Professionalism", "职业素养"),
    raters=(Raters("manager", 40), Raters("peer", 30), Raters("customer", 30)), anchors=ATTITUDE,
    looks_at=Text("Responsibility, integrity, team spirit: daily observation, peers, customers, spot checks",
                  "责任心、诚信度、团队协作精神:日常行为观察、同事互评、客户反馈、抽查"),
)  # fmt: skip

KNOWLEDGE = RatedIndicator(
    "rt_knowledge", Text("Command of products and technology", "知识掌握程度"), raters=SUPERIOR, anchors=ABILITY,
    looks_at=Text("Own and competing products, new technology; training, customer feedback",
                  "本公司及竞品知识、新技术;培训表现、客户反馈"),
    note=Text("Where there is a knowledge test, use its score instead", "有知识测试的,改用测试成绩"),
)  # fmt: skip

COMPLAINTS_RATED = RatedIndicator(
    "rt_complaint_handling", Text("Complaint handling", "客户投诉处理"), raters=SUPERIOR, anchors=SERVICE,
    looks_at=Text("Complaint records: effective, with a reasonable solution", "投诉记录:处理有效,方案合理"),
)  # fmt: skip

TEAMWORK = RatedIndicator(
    "rt_teamwork", Text("Teamwork", "团队合作"), raters=(Raters("peer", 50), Raters("manager", 50)), anchors=TEAM,
    looks_at=Text("Sharing, mutual support, work across departments; project results, cooperation cases",
                  "信息共享、相互支持、跨部门协作;团队项目成果、协作案例"),
)  # fmt: skip

TEAMWORK_SCORE = RatedIndicator(
    "teamwork_score", Text("Teamwork rating as a number", "团队协作评分"), of="rt_teamwork",
    note=Text("Reads the ratings of rt_teamwork; it is never rated a second time", "取自团队合作评分,不重复评分"),
)  # fmt: skip

SERVICE_ATTITUDE = RatedIndicator(
    "rt_service_attitude", Text("Service attitude", "服务态度"),
    raters=(Raters("manager", 100), Raters("inspector", 100)), anchors=SERVICE,
    looks_at=Text("Polite, patient, warm: call and chat records", "礼貌、耐心、热情:通话与聊天记录"),
    note=Text("Superior or inspector; where both rate, both count alike", "由上级或质检员评分;两者均评时各占一半"),
)  # fmt: skip

CUSTOMER_FILE = RatedIndicator(
    "rt_customer_file", Text("Quality of the customer files", "建立客户售后服务档案"), raters=SUPERIOR, anchors=RESULT,
    looks_at=Text("Collation and analysis in the customer files", "客户档案的整理与分析"),
)  # fmt: skip

UNNAMED_ABILITY = RatedIndicator(
    "rt_ability_unnamed", Text("Ability indicator 1, name missing", "(名称缺失)"), raters=SUPERIOR, anchors=ABILITY,
    needs_name=True, note=Text("Its source names no ability: name it first", "原文缺少名称,使用前须先命名"),
)  # fmt: skip

INTERPERSONAL = RatedIndicator(
    "rt_interpersonal", Text("Interpersonal ability", "人际交往能力"), raters=SUPERIOR, anchors=ABILITY)
EXPRESSION = RatedIndicator("rt_expression", Text("Expression", "表达能力"), raters=SUPERIOR, anchors=ABILITY)
COORDINATION = RatedIndicator("rt_coordination", Text("Coordination", "协调能力"), raters=SUPERIOR, anchors=ABILITY)
RESPONSIBILITY = RatedIndicator(
    "rt_responsibility", Text("Sense of responsibility", "工作责任心"), raters=SUPERIOR, anchors=ATTITUDE)
INITIATIVE = RatedIndicator("rt_initiative", Text("Initiative", "工作积极性"), raters=SUPERIOR, anchors=ATTITUDE)
LEARNING = RatedIndicator("rt_learning", Text("Willingness to learn", "学习意识"), raters=SUPERIOR, anchors=ATTITUDE)
DILIGENCE = RatedIndicator("rt_diligence", Text("Diligence", "工作勤勉度"), raters=SUPERIOR, anchors=ATTITUDE)

RESOLUTION_QUALITY = RatedIndicator(
    "rt_resolution_quality", Text("Thoroughness of the solution", "解决质量"),
    raters=(Raters("customer", 50), Raters("manager", 50)), anchors=SERVICE,
    looks_at=Text("Whether the problem is gone for good, and the customer content", "问题是否彻底解决,客户是否满意"),
)  # fmt: skip

WORK_ATTITUDE = RatedIndicator(
    "rt_work_attitude", Text("Work attitude", "工作态度"), raters=TEAM_LEADER, anchors=ATTITUDE,
    looks_at=Text("Responsibility, dedication, team and service awareness, obeying rules",
                  "责任心、敬业精神、团队与服务意识、遵章守纪"),
)  # fmt: skip

PROBLEM_SOLVING = RatedIndicator(
    "rt_problem_solving", Text("Ability to solve problems", "问题解决能力"), raters=TEAM_LEADER, anchors=ABILITY)

WORK_ABILITY = RatedIndicator(
    "rt_work_ability", Text("Work ability", "工作能力"), raters=(Raters("manager", 100), Raters("self", 0)),
    anchors=ABILITY,
    looks_at=Text("Professional skill, problem solving, learning, communication and coordination",
                  "专业技能、解决问题能力、学习能力、沟通协调能力"),
)  # fmt: skip

RATED = (
    COMMUNICATION, PROFESSIONALISM, KNOWLEDGE, COMPLAINTS_RATED, TEAMWORK, TEAMWORK_SCORE, SERVICE_ATTITUDE,
    CUSTOMER_FILE, UNNAMED_ABILITY, INTERPERSONAL, EXPRESSION, COORDINATION, RESPONSIBILITY, INITIATIVE, LEARNING,
    DILIGENCE, RESOLUTION_QUALITY, WORK_ATTITUDE, PROBLEM_SOLVING, WORK_ABILITY,
)  # fmt: skip
