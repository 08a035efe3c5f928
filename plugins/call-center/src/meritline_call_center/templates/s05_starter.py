"""Our starter beside S05: its targets with weights and graded points."""

from meritline_after_sales_common.open_lines import ours
from meritline_after_sales_common.rated import KNOWLEDGE, SERVICE_ATTITUDE
from meritline_after_sales_common.training import PARTICIPATION, TEST_SCORE
from meritline_call_center.schemes import GRADES
from meritline_call_center.templates.ours import LEAST_MEASURED, PASS, POLICIES, SHARED_REASONS, pay
from meritline_call_center.templates.s05 import DIMENSIONS, ITEMS
from meritline_call_center.voices import IMPROPER_LANGUAGE
from meritline_sdk import EXEMPT, Part, Ranking, Scheme, Starter, Text, rules

KEY = "s05_starter"
ONE_OFF, TWO_OFF = rules.Deduct(1), rules.Deduct(2)
TENTH = rules.Deduct(10, per="0.1")
LINES = (
    ours(ITEMS, "answer_within_30s_rate", 15, ONE_OFF, 90),
    ours(ITEMS, "async_reply_within_1h_rate", 10, ONE_OFF, 95, missing=EXEMPT),
    ours(ITEMS, "first_contact_resolution_rate", 15, TWO_OFF, 80, minimum_sample=20),
    ours(ITEMS, "resolution_within_24h_rate", 10, TWO_OFF, 95),
    ours(ITEMS, "csat_rating_realtime", 15, TENTH, "4.5", minimum_sample=10),
    ours(ITEMS, "csat_rating_async", 10, TENTH, "4.0", minimum_sample=5, missing=EXEMPT),
    ours(ITEMS, "attitude", 10, parts=(Part(IMPROPER_LANGUAGE, 50, rules.ZeroTolerance()),
                                       Part(SERVICE_ATTITUDE, 50, rules.AsPoints()))),
    ours(ITEMS, "knowledge", 10, parts=(Part(TEST_SCORE, 50, rules.AsPoints()),
                                        Part(PARTICIPATION, 30, rules.ToTarget(), 100),
                                        Part(KNOWLEDGE, 20, rules.AsPoints()))),
    ours(ITEMS, "rt_teamwork", 5),
)  # fmt: skip

REASONS = (
    ("weights", Text("Speed 25, resolution 25, satisfaction 25, the person 25: the document sets none above another",
                     "响应、解决、满意度、个人各25:原文未分主次")),
    ("answer_within_30s_rate", Text("90 %: every contact within 30 seconds is out of reach at peak hours; 1 point off "
                                    "for each percentage point", "目标90%:高峰时段难以做到每次均在30秒内;"
                                                                 "每低1个百分点扣1分")),
    ("async_reply_within_1h_rate", Text("95 %; who answers no messages is not judged by it",
                                        "目标95%;不处理短信邮件者不考核此项")),
    ("targets", Text("80, 95, 4.5 and 4.0 stay as printed; points fall by degrees instead of all or nothing",
                     "保留原文80%、95%、4.5、4.0的目标;按差距逐步扣分")),
    ("csat_rating_realtime", Text("10 points off for each tenth of a mark; fewer than 10 answers are chance",
                                  "每低0.1分扣10分;少于10份评价视为偶然")),
    ("attitude", Text("Half is lost with one verified case of improper language", "经查实一次不当用语即失一半")),
    ("knowledge", Text("The test is a fact and weighs most", "测试为客观依据,权重最高")),
    *SHARED_REASONS,
)  # fmt: skip

STARTERS = (Starter(
    Scheme(KEY, Text("Agents for calls and messages, monthly (starter of S05)",
                     "电话与在线客服月度考核(S05起步方案)"), items=LINES,
           dimensions=DIMENSIONS, grades=GRADES, pass_score=PASS, policies=POLICIES, least_measured=LEAST_MEASURED,
           ranking=Ranking(minimum_sample=20)),
    "s05", REASONS, (pay(KEY),),
),)  # fmt: skip
