"""Our starter beside S09: its eight lines with weights and graded points."""

from meritline_after_sales_common.open_lines import ours
from meritline_after_sales_common.sharing import SUGGESTIONS, SUGGESTIONS_EFFECTIVE
from meritline_after_sales_common.training import PARTICIPATION
from meritline_call_center.rated import COMMUNICATION_RECORD
from meritline_call_center.schemes import GRADES
from meritline_call_center.templates.ours import LEAST_MEASURED, PASS, POLICIES, SHARED_REASONS, pay
from meritline_call_center.templates.s09 import ITEMS, KPIS
from meritline_call_center.voices import COMMUNICATION_QA
from meritline_sdk import EXEMPT, Part, Ranking, Scheme, Starter, Text, rules

KEY = "s09_starter"
TWO_OFF = rules.Deduct(2)
SHOWN = {item.name(): item for item in ITEMS if item.weight == 0}
LINES = (
    ours(ITEMS, "avg_first_response_time", 15, rules.Bands(up_to={15: 100, 30: 90, 60: 60}, beyond=0)),
    ours(ITEMS, "first_contact_resolution_rate", 20, TWO_OFF, 90, minimum_sample=20),
    SHOWN["resolution_rate"],
    ours(ITEMS, "csat_rate", 20, TWO_OFF, 95, minimum_sample=10),
    SHOWN["csat_score_periodic"],
    ours(ITEMS, "knowledge_test_pass_rate", 10, rules.AsPoints(), missing=EXEMPT),
    ours(ITEMS, "handling_time_change_pct", 10, rules.Bands(up_to={0: 100, 5: 70, 10: 40}, beyond=0), missing=EXEMPT),
    SHOWN["avg_handling_time"],
    ours(ITEMS, "communication", 10, parts=(Part(COMMUNICATION_QA, 50, rules.AsPoints()),
                                            Part(COMMUNICATION_RECORD, 50, rules.AsPoints()))),
    ours(ITEMS, "rt_teamwork", 5),
    ours(ITEMS, "learning", 10, parts=(Part(PARTICIPATION, 60, rules.ToTarget(), 100),
                                       Part(SUGGESTIONS, 20, rules.ToTarget(), 1),
                                       Part(SUGGESTIONS_EFFECTIVE, 20, rules.ToTarget(), 50))),
)  # fmt: skip

REASONS = (
    ("weights", Text("Solving at once and a content customer 20 each, response 15; the rest shares 45",
                     "首次解决与满意度各20,响应15,其余共45")),
    ("avg_first_response_time", Text("30 seconds, the document's example, give 90; 15 are full, above a minute nothing",
                                     "原文举例30秒得90分,15秒内满分,超过1分钟不得分")),
    ("targets", Text("90 and 95 % stay; 2 points off for each percentage point below",
                     "保留90%、95%的目标;每低1个百分点扣2分")),
    ("handling_time_change_pct", Text("Not longer than the month before is full: a time cannot fall for ever; up to 5 "
                                      "% and 10 % longer give 70 and 40; a first month judges nobody",
                                      "不高于上月即满分(处理时间不可能无限下降);高5%、10%以内得70、40分;首月不考核")),
    ("knowledge_test_pass_rate", Text("The share of tests passed is the points; a month without a test judges nobody",
                                      "通过率即得分;当月无测试不考核")),
    ("communication", Text("Marks of the record and of the inspector, half each", "沟通记录评分与质检评分各占一半")),
    ("learning", Text("Attending is a duty (60), suggestions are welcome: one a month, half of them used",
                      "参训为义务(60);鼓励建议:每月一条、半数被采用")),
    *SHARED_REASONS,
)  # fmt: skip

STARTERS = (Starter(
    Scheme(KEY, Text("Service agents, monthly (starter of S09)",
                     "售后人员月度考核(S09起步方案)"), items=LINES, dimensions=(KPIS,),
           grades=GRADES, pass_score=PASS, policies=POLICIES, least_measured=LEAST_MEASURED,
           ranking=Ranking(minimum_sample=20)),
    "s09", REASONS, (pay(KEY),),
),)  # fmt: skip
