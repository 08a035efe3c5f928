"""S04, core indicators for the after-sales team: the department is appraised from its own records, not its members'.

Two lines name two metrics each; one of them wants a rate "from number and time", which no rate has (T05).
"""

from meritline_after_sales_common.handling import RESOLUTION_TIME_MEAN
from meritline_after_sales_common.open_lines import (
    NO_GRADES,
    NO_TARGETS,
    NO_WEIGHTS,
    NOT_STATED,
    composite,
    open_line,
    open_part,
)  # fmt: skip
from meritline_after_sales_common.rated import TEAMWORK
from meritline_after_sales_common.resolution import RESOLUTION_RATE
from meritline_after_sales_common.response import FIRST_RESPONSE
from meritline_after_sales_common.satisfaction import CSAT_PERIODIC, CSAT_SCORE, SERVICE_QUALITY
from meritline_after_sales_common.sharing import KB_CONTRIBUTIONS, SHARING_SESSIONS
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
from meritline_sdk import Dimension, Item, Part, SchemeTemplate, Starter, SubjectKind, Template, Text, rules

CONTENT = Text("Customer satisfaction (team)", "客户满意度")
SOLVED = Text("Resolution rate (team)", "问题解决率")
RESPONSE = Text("Response time (team)", "响应时间")
QUALITY = Text("Service quality score: technical level, problem solving, communication", "服务质量评分")
SHARING = Text("Knowledge sharing", "知识分享")
TOGETHER = Text("Teamwork: information sharing, mutual support, joint work", "团队合作")
LIST = (Dimension("d1", Text("Core indicators", "核心指标")),)

ITEMS = (
    composite("i01", "satisfaction", CONTENT, (open_part("i01_survey", CSAT_PERIODIC),
                                               open_part("i01_feedback", CSAT_SCORE)), "d1"),
    composite("i02", "resolution", SOLVED, (open_part("i02_rate", RESOLUTION_RATE),
                                            open_part("i02_time", RESOLUTION_TIME_MEAN)), "d1"),
    open_line("i03", RESPONSE, FIRST_RESPONSE, "d1"),
    open_line("i04", QUALITY, SERVICE_QUALITY, "d1"),
    composite("i05", "sharing", SHARING, (open_part("i05_sessions", SHARING_SESSIONS),
                                          open_part("i05_articles", KB_CONTRIBUTIONS)), "d1"),
    open_line("i06", TOGETHER, TEAMWORK, "d1"),
)  # fmt: skip

WORDING = (
    ("satisfaction",
     "1. 客户满意度:衡量客户对售后服务的满意程度。\n可以通过客户调查、反馈和评价等方式进行评估。\n高客户满意度"
     "代表团队在解决问题和提供卓越服务方面表现出色。"),
    ("resolution",
     "2. 问题解决率:评估团队解决客户问题的效率和能力。\n通过统计问题解决的数量和时间来计算问题解决率。\n高问题"
     "解决率代表团队能够迅速解决客户问题,提高客户满意度。"),
    ("avg_first_response_time",
     "3. 响应时间:衡量团队对客户问题的响应速度。\n通过记录客户提问后团队回复的时间来计算。\n较短的响应时间表明"
     "团队关注客户需求,能够及时提供支持。"),
    ("service_quality_score",
     "4. 服务质量评分:客户对售后服务质量的评价,可以通过客户评分或评价来进行评估。\n服务质量评分可以包括技术水平"
     "、解决问题的能力、沟通能力等方面。"),
    ("sharing",
     "5. 知识分享:评估团队成员分享知识和经验的情况。\n可以考虑团队成员在内部分享会议、知识库更新等方面的贡献。"
     "\n积极的知识分享有助于提高整个团队的综合能力。"),
    ("rt_teamwork",
     "6. 团队合作:评估团队成员之间的合作和协作情况。\n包括团队成员之间的信息共享、相互支持和协同工作情况等。\n"
     "良好的团队合作能够提高整体的工作效率和服务质量。"),
)

TEMPLATE = Template(
    SchemeTemplate("s04", Text("Core indicators for the after-sales team (S04)", "售后团队的绩效考核核心指标(S04)"),
                   items=ITEMS, dimensions=LIST, subject=SubjectKind.DEPARTMENT),
    source=Text("Core indicators for the after-sales team (S04)", "售后团队的绩效考核核心指标(S04)"),
    wording=WORDING,
    missing=(NO_WEIGHTS, NO_TARGETS, Text("scoring rules", "计分办法"), NO_GRADES, Text("rewards", "奖励办法"),
             Text("the period (\"regularly\"); here a month", "考核周期(仅写“定期”,此处按月)")),
    notes=(
        Text("T05: the resolution rate is to be calculated from \"the number and the time\"; a rate has no time, so "
             "the line holds two metrics, the rate and the mean time.",
             "T05:原文要求“通过统计问题解决的数量和时间”计算解决率;比率中没有时间,因此拆为解决率与平均解决时长两个指标。"),
        Text("T06: the text speaks of members, the scheme is the team's: the subject is a department, and its readings "
             "are computed from its records, never as a mean of persons.",
             "T06:原文常提到成员,但考核对象是团队:以部门为对象,直接由部门的原始记录计算,不取个人平均。"),
        NOT_STATED,
    ),
)  # fmt: skip

STARTER = Starter(
    SchemeTemplate(
        "s04_starter", Text("After-sales team, ready to use (after S04)", "售后团队考核(S04起步方案)"),
        items=(
            Item(None, 25, dimension="d1", key="satisfaction", title=CONTENT, parts=(
                Part(CSAT_PERIODIC, 50, rules.AsPoints()), Part(CSAT_SCORE, 50, rules.AsPoints()))),
            Item(None, 25, dimension="d1", key="resolution", title=SOLVED, parts=(
                Part(RESOLUTION_RATE, 60, rules.ToTarget(), 90), Part(RESOLUTION_TIME_MEAN, 40, solving_bands()))),
            Item(FIRST_RESPONSE, 15, answer_bands(), dimension="d1", title=RESPONSE),
            Item(SERVICE_QUALITY, 15, rules.AsPoints(), dimension="d1", title=QUALITY),
            Item(None, 10, dimension="d1", key="sharing", title=SHARING, parts=(
                Part(SHARING_SESSIONS, 50, rules.ToTarget(), 4), Part(KB_CONTRIBUTIONS, 50, rules.ToTarget(), 10))),
            Item(TEAMWORK, 10, rules.AsPoints(), dimension="d1", title=TOGETHER),
        ),
        dimensions=LIST, subject=SubjectKind.DEPARTMENT, grades=GRADES, pass_score=60, least_measured=60,
        policies=POLICIES,
    ),
    template="s04",
    reasons=(
        ("weights", Text("Satisfaction and solving a quarter each, since the document lists them first; what only the "
                         "team itself sees, sharing and teamwork, a tenth each.",
                         "满意度与解决率各占四分之一(原文列在最前);知识分享与团队合作主要是内部感受,各占十分之一。")),
        ("satisfaction", Text("Survey and feedback alike.", "定期调查与服务评价各占一半。")),
        ("resolution", Text("90 % solved counts 60, the time 40. " + SOLVING_REASON.en,
                            "解决率(目标90%)占60,时长占40。" + SOLVING_REASON.zh)),
        ("avg_first_response_time", ANSWER_REASON),
        ("sharing", Text("A meeting a week and ten articles a month, written or updated, by a whole team.",
                         "整个团队每周一次分享会、每月10篇知识库文章(新建或更新)。")),
        ("period", Text("A month, as most schemes of the field have it.", "按月:业内多数方案按月考核。")),
        ("rules", RULES_REASON), *SHARED_REASONS,
    ),
)  # fmt: skip
