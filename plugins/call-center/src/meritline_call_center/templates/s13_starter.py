"""Our starters beside the two roles of S13 at the service desk."""

from dataclasses import replace
from typing import Any

from meritline_after_sales_common.complaints import COMPLAINT_SEVERITY
from meritline_after_sales_common.open_lines import ours
from meritline_after_sales_common.templates import s13_starter
from meritline_after_sales_common.templates.s13 import COMMON_DIMENSION
from meritline_call_center.contacts import ANSWER_RATE, TIMELY_RATE
from meritline_call_center.schemes import GRADES
from meritline_call_center.templates.ours import LEAST_MEASURED, PASS, POLICIES, SHARED_REASONS, pay
from meritline_call_center.templates.s13 import AGENT, AGENT_ITEMS, SUPPORT, SUPPORT_ITEMS
from meritline_call_center.tickets import TICKET_ACCURACY, TICKET_TIMELY
from meritline_sdk import EXEMPT, Dimension, Item, Part, Ranking, Scheme, Starter, Text, rules, seconds

ONE_OFF, TWO_OFF = rules.Deduct(1), rules.Deduct(2)
COMMON_LINES = tuple(replace(item, weight=weight) for item, weight in
                     zip(s13_starter.STARTER.scheme.items, (20, 10, 5, 5), strict=True))
SHARED = Text("40 for what all share, satisfaction half of it; 60 for the role",
              "通用指标40(客户满意度占一半),岗位指标60")

AGENT_LINES = (
    ours(AGENT_ITEMS, "call_answer_rate", 10, TWO_OFF, 95),
    ours(AGENT_ITEMS, "timely_answer_rate", 5, ONE_OFF, 80),
    ours(AGENT_ITEMS, "avg_call_handle_time", 10, rules.Bands(up_to={60: 60, 120: 90, 300: 100, 480: 80}, beyond=50)),
    ours(AGENT_ITEMS, "frontline_resolution_rate", 15, TWO_OFF, 85, minimum_sample=20),
    ours(AGENT_ITEMS, "complaint_rate", 5, rules.Deduct(20, when=rules.ABOVE_TARGET), 1),
    ours(AGENT_ITEMS, "complaint_count", 5, rules.PerUnit(-20)),
    ours(AGENT_ITEMS, "complaint_severity_points", 0, rules.AsPoints(floor=None, cap=None), missing=EXEMPT),
    ours(AGENT_ITEMS, "tickets", 10, parts=(Part(TICKET_ACCURACY, 60, TWO_OFF, 98),
                                           Part(TICKET_TIMELY, 40, TWO_OFF, 95))),
)  # fmt: skip
SETTINGS = (
    (ANSWER_RATE, (("answer_credit", "agent"),)),
    (TIMELY_RATE, (("answer_credit", "agent"), ("timely_within", seconds(20)))),
    (COMPLAINT_SEVERITY, (("severity_minor", 1), ("severity_moderate", 3), ("severity_serious", 5))),
)  # fmt: skip
SUPPORT_LINES = (
    ours(SUPPORT_ITEMS, "remote_resolution_rate", 40, TWO_OFF, 75, minimum_sample=10),
    ours(SUPPORT_ITEMS, "kb_contribution_count", 20, rules.ToTarget(), 2),
)

AGENT_REASONS = (
    ("weights", SHARED),
    ("call_answer_rate", Text("95 % answered, 2 points off for each percentage point below",
                              "接通率目标95%,每低1个百分点扣2分")),
    ("timely_answer_rate", Text("80 % in time, as service levels usually have it",
                                "及时率目标80%,为服务水平的常用值")),
    ("avg_call_handle_time", Text("Two to five minutes are full; very short calls solve little, very long ones block "
                                  "the line", "2至5分钟满分;过短难以解决问题,过长占用线路")),
    ("frontline_resolution_rate", Text("85 % without transfer; fewer than 20 cases are chance",
                                       "目标85%;少于20件视为偶然")),
    ("settings", Text("An offered call is that of the agent at whom it rings, since persons are appraised here; in "
                      "time is within 20 seconds, as in the usual \"80 % in 20 s\"; severities weigh 1, 3 and 5 and "
                      "are shown only",
                      "考核对象为个人,故来电归振铃坐席(agent);及时指20秒内接听(通行的“20秒80%”);"
                      "投诉严重程度计1、3、5分,仅展示")),
    ("complaint_count", Text("T58: number and rate are scored, severity is shown: its weights differ too much from "
                             "firm to firm", "T58:数量与比率计分,严重程度仅展示:各企业分值差异过大")),
    ("tickets", Text("Entered right counts more than passed on in time", "录入准确重于流转及时")),
    *SHARED_REASONS,
)  # fmt: skip
SUPPORT_REASONS = (
    ("weights", SHARED),
    ("remote_resolution_rate", Text("75 %: three of four without a visit; fewer than 10 cases are chance",
                                    "目标75%:四分之三远程解决;少于10件视为偶然")),
    ("kb_contribution_count", Text("Two entries a month, in proportion", "每月两条,按比例计分")),
    *SHARED_REASONS,
)  # fmt: skip


def starter(role: str, title: Text, lines: tuple[Item, ...], dimension: Dimension,
            reasons: tuple[tuple[str, Text], ...], sample: int, settings: tuple[Any, ...] = ()) -> Starter:
    """A role's starter."""
    key = f"{role}_starter"
    return Starter(
        Scheme(key, title, items=(*COMMON_LINES, *lines), dimensions=(COMMON_DIMENSION, dimension), grades=GRADES,
               pass_score=PASS, policies=POLICIES, least_measured=LEAST_MEASURED,
               ranking=Ranking(minimum_sample=sample)),
        role, reasons, (pay(key),), settings,
    )  # fmt: skip


STARTERS = (
    starter("s13_agent", Text("Customer-service specialists, monthly (starter of S13)",
                              "客服专员月度考核(S13起步方案)"), AGENT_LINES, AGENT,
            AGENT_REASONS, 20, SETTINGS),
    starter("s13_support", Text("Technical-support specialists, monthly (starter of S13)",
                                "技术支持专员月度考核(S13起步方案)"), SUPPORT_LINES,
            SUPPORT, SUPPORT_REASONS, 10),
)  # fmt: skip
