"""S13, the roles of the service desk: the customer-service specialist and the technical-support specialist.

Each is the common lines of the document with those of the role; the text breaks off in the second role.
"""

from meritline_after_sales_common.complaints import COMPLAINT_COUNT, COMPLAINT_RATE, COMPLAINT_SEVERITY
from meritline_after_sales_common.open_lines import Words, composite, open_line, open_part
from meritline_after_sales_common.sharing import KB_CONTRIBUTIONS
from meritline_after_sales_common.templates.s13 import (
    COMMON_DIMENSION,
    COMMON_WORDING,
    MISSING,
    NOTES,
    SOURCE,
    common_items,
)
from meritline_call_center.contacts import ANSWER_RATE, HANDLE_TIME, TIMELY_RATE
from meritline_call_center.tickets import FRONTLINE_RESOLUTION, REMOTE_RESOLUTION, TICKET_ACCURACY, TICKET_TIMELY
from meritline_sdk import Blank, Dimension, Scheme, Template, Text, rules

AGENT = Dimension("agent", Text("Customer-service specialist", "客服专员专项指标"))
SUPPORT = Dimension("support", Text("Technical-support specialist (remote support, knowledge base ...)",
                                    "技术支持专员专项指标"))
RESPONSE = Text("Call response rate / answer rate", "呼叫响应率/接通率")
TALK = Text("Average talk / handling time per call or consultation", "平均通话/处理时长")
COMPLAINTS = Text("Complaints caused by improper service (number and severity)", "客户投诉率")
SECOND, CASE = Text("second", "秒"), Text("complaint", "件")


def off(words: Words, way: str, zh: str) -> Blank:
    """Points that a second off the target takes."""
    title = Text(f"Points off per second {way} the target of {words.title.en}", f"{words.title.zh}:每{zh}目标1秒扣分")
    return Blank(f"points_{way}_{words.number}", title, taken=True)


def around(words: Words) -> rules.AroundTarget:
    """Neither short nor long is good by itself: points off on both sides."""
    return rules.AroundTarget(above=off(words, "above", "高于"), below=off(words, "below", "低于"))


def fewer(words: Words, per: Text) -> rules.Deduct:
    """Points off above a target that may be zero."""
    return rules.Deduct(words.points(per), when=rules.ABOVE_TARGET)


AGENT_ITEMS = (
    open_line("i10_1", RESPONSE, ANSWER_RATE, "agent"),
    open_line("i10_2", RESPONSE, TIMELY_RATE, "agent"),
    open_line("i11", TALK, HANDLE_TIME, "agent", rule=around(Words("i11", TALK))),
    open_line("i12", Text("First-line one-time resolution (no transfer or escalation)", "问题一次性解决率"),
              FRONTLINE_RESOLUTION, "agent"),
    open_line("i13_1", COMPLAINTS, COMPLAINT_RATE, "agent",
              rule=fewer(Words("i13_1", COMPLAINT_RATE.title), Text("percentage point", "个百分点"))),
    open_line("i13_2", COMPLAINTS, COMPLAINT_COUNT, "agent",
              rule=fewer(Words("i13_2", COMPLAINT_COUNT.title), CASE)),
    open_line("i13_3", COMPLAINTS, COMPLAINT_SEVERITY, "agent",
              rule=fewer(Words("i13_3", COMPLAINT_SEVERITY.title), Text("point of severity", "分严重程度"))),
    composite("i14", "tickets", Text("Ticket accuracy and timeliness", "工单处理准确率与及时性"),
              (open_part("i14_1", TICKET_ACCURACY), open_part("i14_2", TICKET_TIMELY)), "agent"),
)  # fmt: skip
SUPPORT_ITEMS = (
    open_line("i15", Text("Remote resolution rate", "远程问题解决率"), REMOTE_RESOLUTION, "support"),
    open_line("i16", Text("Knowledge-base contributions and updates (text cut off)",
                          "知识库内容贡献与更新"), KB_CONTRIBUTIONS,
              "support"),
)  # fmt: skip

ANSWERED = "*呼叫响应率/接通率:及时响应客户呼叫或在线咨询的比例。"
COMPLAINED = "*客户投诉率:因服务不当引发的客户投诉数量及严重程度。"
AGENT_WORDING = (
    ("call_answer_rate", ANSWERED), ("timely_answer_rate", ANSWERED),
    ("avg_call_handle_time", "*平均通话/处理时长:平均每通电话或每个咨询的处理时间。"),
    ("frontline_resolution_rate", "*问题一次性解决率:无需转接或升级即可在一线解决客户问题的比例。"),
    ("complaint_rate", COMPLAINED), ("complaint_count", COMPLAINED), ("complaint_severity_points", COMPLAINED),
    ("tickets", "*工单处理准确率与及时性:工单信息录入准确、流转及时的情况。"),
)  # fmt: skip
SUPPORT_WORDING = (
    ("remote_resolution_rate", "*远程问题解决率:通过远程方式成功解决客户问题的比例。"),
    ("kb_contribution_count", "*知识库内容贡献与更新"),
)

S13_AGENT = Template(
    Scheme("s13_agent", Text("Customer-service specialists by S13", "客服专员绩效考核(S13)"),
           items=(*common_items(), *AGENT_ITEMS), dimensions=(COMMON_DIMENSION, AGENT)),
    SOURCE, (*COMMON_WORDING, *AGENT_WORDING),
    missing=(*MISSING, Text("whose an offered call is, what in time means for it, what each severity of a complaint "
                            "weighs: set these with the indicators",
                            "来电归属、呼叫“及时”的时限、投诉严重程度分值:在指标参数中设置")),
    notes=(
        *NOTES,
        Text("T58: the complaint rate is defined as number and severity: three lines. Give a line the weight 0 to "
             "leave "
             "it out.", "T58:名为投诉率,定义为数量与严重程度:分为三项,不用的权重设为0。"),
        Text("T59: response rate and answer rate are one line with two names: two lines.",
             "T59:呼叫响应率与接通率一条两名:分为两项。"),
        Text("T61: the talking time has no direction: points go off on both sides of your target; fill in 0 on one "
             "side "
             "to let only the other count.", "T61:通话时长无方向:目标两侧均扣分;某一侧填0则只计另一侧。"),
    ),
)  # fmt: skip

S13_SUPPORT = Template(
    Scheme("s13_support", Text("Technical-support specialists by S13", "技术支持专员绩效考核(S13)"),
           items=(*common_items(), *SUPPORT_ITEMS), dimensions=(COMMON_DIMENSION, SUPPORT)),
    SOURCE, (*COMMON_WORDING, *SUPPORT_WORDING), missing=MISSING,
    notes=NOTES,
)  # fmt: skip
