"""S05 as it is printed: targets, no weights, no points; rewards and consequences in general words (R19, R20)."""

from meritline_after_sales_common.open_lines import NO_WEIGHTS, NOT_STATED, composite, open_line, open_part
from meritline_after_sales_common.rated import KNOWLEDGE, SERVICE_ATTITUDE, TEAMWORK
from meritline_after_sales_common.resolution import FIRST_CONTACT, WITHIN_24H
from meritline_after_sales_common.training import PARTICIPATION, TEST_SCORE
from meritline_call_center.contacts import ASYNC_1H, WITHIN_30S
from meritline_call_center.voices import CSAT_ASYNC, CSAT_REALTIME, IMPROPER_LANGUAGE
from meritline_sdk import Award, Blank, Dimension, Proposal, RewardTable, Scheme, Template, Text, When, rules

PASS_SCORE = Blank("pass_score", Text("Score from which work is qualified", "合格的最低得分"), "不合格")
EXCELLENT = Blank("excellent_score", Text("Score from which work is excellent", "优秀的最低得分"), "优秀")
DIMENSIONS = (
    Dimension("speed", Text("Response speed", "响应速度")),
    Dimension("resolution", Text("Problem resolution", "问题解决率")),
    Dimension("satisfaction", Text("Customer satisfaction", "客户满意度")),
    Dimension("attitude", Text("Service attitude", "服务态度")),
    Dimension("knowledge", Text("Knowledge", "知识掌握程度")),
    Dimension("teamwork", Text("Teamwork", "团队合作")),
)

ITEMS = (
    open_line("i01", Text("Phone and online chat answered within 30 seconds", "电话/在线客服响应"), WITHIN_30S, "speed",
              target=100),
    open_line("i02", Text("SMS and e-mail answered within 1 hour", "短信/邮件回复"), ASYNC_1H, "speed", target=100),
    open_line("i03", Text("First contact resolution rate", "首次解决率"), FIRST_CONTACT, "resolution", target=80),
    open_line("i04", Text("Resolution within 24 hours", "24小时内解决率"), WITHIN_24H, "resolution", target=95),
    open_line("i05", Text("Satisfaction rating of phone and online service", "电话/在线客服满意度评分"), CSAT_REALTIME,
              "satisfaction", target="4.5"),
    open_line("i06", Text("Satisfaction rating of SMS and e-mail service", "短信/邮件服务满意度评分"), CSAT_ASYNC,
              "satisfaction", target="4.0"),
    composite("i07", "attitude", Text(
        "Attitude: polite, patient, warm; no coarse or impatient language", "服务态度"),
        (open_part("i07_1", IMPROPER_LANGUAGE, rule=rules.ZeroTolerance()), open_part("i07_2", SERVICE_ATTITUDE)),
        "attitude"),
    composite("i08", "knowledge", Text("Knowledge of own and competing products; regular training", "知识掌握程度"),
              (open_part("i08_1", TEST_SCORE), open_part("i08_2", PARTICIPATION), open_part("i08_3", KNOWLEDGE)),
              "knowledge"),
    open_line("i09", Text("Teamwork: talks with colleagues, accepts cross-department and cross-region tasks",
                          "团队合作"), TEAMWORK, "teamwork"),
)  # fmt: skip

WORDING = (
    ("answer_within_30s_rate", "电话/在线客服应在30秒内接听/回复客户。"),
    ("async_reply_within_1h_rate", "短信/邮件回复应在1小时内完成。"),
    ("first_contact_resolution_rate", "首次解决率应达到80%以上。"),
    ("resolution_within_24h_rate", "24小时内解决率应达到95%以上。"),
    ("csat_rating_realtime", "电话/在线客服的满意度评分应达到4.5分以上。"),
    ("csat_rating_async", "短信/邮件服务的满意度评分应达到4.0分以上。"),
    ("attitude", "在与客户沟通时,应始终保持礼貌、耐心和热情。\n避免使用粗俗、不耐烦的语言。"),
    ("knowledge", "售后人员需要对产品知识、竞品知识有充分的了解。\n定期参加相关培训,提升专业技能。"),
    ("rt_teamwork", "积极与同事沟通,共同解决问题。\n能够接受跨部门、跨地区的协作任务。"),
)

CONSEQUENCES = RewardTable(
    "s05_consequences", Text("Rewards and consequences of S05", "售后人员激励与处理措施"), scheme="s05", rules=(
        Award("bonus", Text("Bonus", "奖金"), Blank("bonus", Text("Bonus of an excellent period, in money",
                                                                  "优秀者奖金金额"), ""),
              When(score_at_least=EXCELLENT)),
        Proposal("promotion", Text("Promotion", "晋升"), "promotion", When(score_at_least=EXCELLENT)),
        Proposal("training", Text("Training", "培训"), "training", When(passed=False)),
        Proposal("change_of_position", Text("Change of position", "调岗"), "change_of_position", When(passed=False)),
    ))  # fmt: skip

S05 = Template(
    Scheme("s05", Text("KPI points for after-sales staff (with targets)", "针对售后人员的KPI考核要点"), items=ITEMS,
           dimensions=DIMENSIONS, pass_score=PASS_SCORE),
    Text("S05: KPI points for after-sales staff (with targets)", "S05:针对售后人员的KPI考核要点(有目标值)"), WORDING,
    missing=(
        NO_WEIGHTS, Text("points for a target that is met", "达标的得分"),
        Text("the scale behind 4.5 and 4.0", "4.5分、4.0分的分制"),
        Text("what excellent and unqualified mean, the amount of a bonus", "“优秀”“不合格”的标准与奖金金额"),
        Text("the period", "考核周期"),
    ),
    notes=(
        NOT_STATED,
        Text("T04: another document bears the same title (S03); schemes are told apart by their keys.",
             "T04:另有一份文件标题相同(S03),以编号区分。"),
        Text("T07: 4.5 and 4.0 are read as marks of 5; answers on another scale are converted.",
             "T07:4.5分、4.0分按5分制理解,其他分制折算。"),
        Text("T08: 30 seconds and 1 hour are limits of each contact; 应 (shall) is read as 100 % within the limit.",
             "T08:30秒、1小时为每次联系的时限;“应”按100%理解。"),
        Text("Language to be avoided: none may fall, so one verified case takes the points of that part.",
             "应避免的语言:不允许出现,经查实一次即失该部分得分。"),
        Text("R19, R20: proposals to people; the document names no amount and no threshold.",
             "R19、R20:仅向管理者提出建议;原文未给出金额与标准。"),
    ),
    rewards=(CONSEQUENCES,),
)  # fmt: skip
