"""S08 as it is printed: three tables of 100 each; what the tables weigh against each other is a blank."""

from meritline_after_sales_common.open_lines import NO_GRADES, NO_MONEY, NOT_STATED, composite, open_line, open_part
from meritline_after_sales_common.rated import (
    COMMUNICATION,
    COORDINATION,
    DILIGENCE,
    EXPRESSION,
    INITIATIVE,
    INTERPERSONAL,
    LEARNING,
    RESPONSIBILITY,
    TEAMWORK,
    UNNAMED_ABILITY,
)
from meritline_appliance_repair.care import FEEDBACK_FORMS, KEY_ACCOUNTS, QUALITY_REPORTS
from meritline_appliance_repair.rated import KEY_ACCOUNT, QUALITY_REPORT, WORK_QUALITY
from meritline_sdk import Blank, Dimension, Scheme, Template, Text

ABILITY, ATTITUDE = Text("Ability indicators", "能力指标"), Text("Attitude indicators", "态度指标")
KPI = Text("KPI indicators", "KPI指标")


def table(key: str, title: Text) -> Dimension:
    """A table of the document: its lines sum to 100 among themselves, what it is worth is open."""
    worth = Blank(f"weight_{key}", Text(f"Weight of {title.en}", f"{title.zh}的权重"), suggested=None)
    return Dimension(key, title, weight=worth, inner=True)


ITEMS = (
    open_line("i01", Text("(name missing in the document)", "(名称缺失)"), UNNAMED_ABILITY, "ability", weight=30),
    open_line("i02", Text("Interpersonal ability", "人际交往能力"), INTERPERSONAL, "ability", weight=20),
    open_line("i03", Text("Communication ability", "沟通能力"), COMMUNICATION, "ability", weight=20),
    open_line("i04", Text("Expression ability", "表达能力"), EXPRESSION, "ability", weight=15),
    open_line("i05", Text("Coordination ability", "协调能力"), COORDINATION, "ability", weight=15),
    open_line("i06", Text("Sense of responsibility", "工作责任心"), RESPONSIBILITY, "attitude", weight=30),
    open_line("i07", Text("Initiative", "工作积极性"), INITIATIVE, "attitude", weight=20),
    open_line("i08", Text("Willingness to learn", "学习意识"), LEARNING, "attitude", weight=25),
    open_line("i09", Text("Team awareness", "团队意识"), TEAMWORK, "attitude", weight=15),
    open_line("i10", Text("Diligence", "工作勤勉度"), DILIGENCE, "attitude", weight=10),
    open_line("i11", Text("Quality of after-sales work (timely and effective; polite and patient; recognised by the "
                          "customer)", "售后服务工作质量"), WORK_QUALITY, "kpi", weight=40),
    open_line("i12", Text("Service feedback forms: complete and true, signed by the user, filled in and sealed by the "
                          "customer's production department head", "服务反馈意见整理"),
              FEEDBACK_FORMS, "kpi", weight=20),
    composite("i13", "quality_reports", Text(
        "Quality information reports: analyse the cause of every fault (design, manufacture, bought-in parts ...), "
        "report timely, in detail and objectively to the direct superior", "质量信息呈报情况"),
        (open_part("i13_1", QUALITY_REPORTS), open_part("i13_2", QUALITY_REPORT)), "kpi", weight=20),
    composite("i14", "key_accounts", Text(
        "Key-account service: planned, regular visits; learn satisfaction; solve problems in time", "大客户服务工作"),
        (open_part("i14_1", KEY_ACCOUNTS), open_part("i14_2", KEY_ACCOUNT)), "kpi", weight=20),
)  # fmt: skip

WORDING = (
    ("rt_ability_unnamed", "30%"),
    ("rt_interpersonal", "2.人际交往能力"), ("rt_communication", "3.沟通能力"), ("rt_expression", "4.表达能力"),
    ("rt_coordination", "5.协调能力"), ("rt_responsibility", "1.工作责任心"), ("rt_initiative", "2.工作积极性"),
    ("rt_learning", "3.学习意识"), ("rt_teamwork", "4.团队意识"), ("rt_diligence", "5.工作勤勉度"),
    ("rt_work_quality", "1.售后服务工作质量\n工作总结、服务反馈表、客户反馈意见、部门反馈意见\n"
     "服务工作应做到及时、有效地解决问题,待人接物有礼貌、做事有耐心,得到客户的认可乃至高度评价。"),
    ("feedback_form_complete_rate", "2.服务反馈意见整理\n"
     "做到详尽、真实的填写服务反馈表,由用户签署意见,用户意见由客户生产部负责人填表写并加盖公章。"),
    ("quality_reports", "3.质量信息呈报情况\n质量信息呈报表\n分析每一次故障原因,是设备本身质量原因"
     "(如设计原因、制造原因、外购配套件质量原因等),及时的、详尽的、客观的填写质量信息呈报表上交到直接领导。"),
    ("key_accounts", "4.大客户服务工作\n"
     "服从领导安排,有计划、定期地对大客户开展主动走访工作,了解顾客满意度,及时解决存在问题"),
)  # fmt: skip

S08 = Template(
    Scheme("s08", Text("Service-centre after-sales post indicator tables", "服务中心售后服务员岗位考核指标表"),
           items=ITEMS, dimensions=(table("ability", ABILITY), table("attitude", ATTITUDE), table("kpi", KPI))),
    Text("S08: Service-centre after-sales post indicator tables", "S08:服务中心售后服务员岗位考核指标表"), WORDING,
    missing=(
        Text("the name of the first ability: name the indicator rt_ability_unnamed before use",
             "能力指标第1项的名称:使用前须为指标rt_ability_unnamed命名"),
        Text("the heading of the attitude table", "态度指标表的标题"),
        Text("what ability, attitude and KPI weigh against each other", "能力、态度、KPI三表之间的权重"),
        Text("the scale of the ratings, the period", "评分分制、考核周期"), NO_GRADES, NO_MONEY,
    ),
    notes=(
        NOT_STATED,
        Text("T45: two tables are printed line by line into each other; read apart by meaning both sum to 100 "
             "(30+20+20+15+15, 30+20+25+15+10).",
             "T45:两张表逐行交错印刷,按含义分开后各为100(30+20+20+15+15;30+20+25+15+10)。"),
        Text("T46: each table is 100 in itself, the outer weights are blanks. Ratings are on a scale of 100 unless the "
             "indicator's settings say otherwise.",
             "T46:三表各自合计100,表间权重留空待填;评分默认百分制,可在指标参数中更改。"),
        Text("Quality reports and key-account service are counted and rated: two parts each.",
             "质量信息呈报与大客户服务既有计量又有评分,各分两部分。"),
    ),
)  # fmt: skip
