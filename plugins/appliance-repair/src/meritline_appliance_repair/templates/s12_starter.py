"""Our starter beside S12: its thresholds with weights and graded points; the line printed twice counts once."""

from meritline_after_sales_common.open_lines import ours
from meritline_appliance_repair.schemes import GRADES
from meritline_appliance_repair.templates.ours import LEAST_MEASURED, PASS, POLICIES, SHARED_REASONS, pay
from meritline_appliance_repair.templates.s12 import DIMENSIONS, ITEMS
from meritline_sdk import EXEMPT, Ranking, Scheme, Starter, Text, rules

KEY = "s12_starter"
TWO_OFF = rules.Deduct(2)
LINES = (
    ours(ITEMS, "survey_score", 20, TWO_OFF, 90, minimum_sample=5),
    ours(ITEMS, "complaint_rate", 8, rules.Deduct(10, when=rules.ABOVE_TARGET), 5),
    ours(ITEMS, "renewal_rate", 5, TWO_OFF, 95, missing=EXEMPT),
    ours(ITEMS, "avg_first_response_time", 8, rules.Bands(up_to={3600: 100, 7200: 80, 14400: 50}, beyond=0)),
    ours(ITEMS, "avg_handling_time", 8, rules.Bands(up_to={12: 100, 24: 80, 48: 50}, beyond=0)),
    ours(ITEMS, "service_completion_rate", 10, TWO_OFF, 98),
    ours(ITEMS, "resolution_success_rate", 15, TWO_OFF, 95),
    ours(ITEMS, "followup_accuracy_rate", 6, TWO_OFF, 95, missing=EXEMPT),
    ours(ITEMS, "teamwork_score", 6, rules.AsPoints()),
    ours(ITEMS, "info_sharing_per_week", 4, rules.ToTarget(), 2),
    ours(ITEMS, "skill_exchange_participation_rate", 4, rules.ToTarget(), 80, missing=EXEMPT),
    ours(ITEMS, "training_completion_rate", 6, rules.ToTarget(), 100, missing=EXEMPT),
)  # fmt: skip

REASONS = (
    ("weights", Text("The customer 33, speed and completion 26, quality 21, the team 14, learning 6: no single line "
                     "above 20", "客户33、效率26、质量21、团队14、成长6:单项不超过20")),
    ("survey_score", Text("T53: the survey score is printed twice; it counts once, with the greater weight",
                          "T53:满意度调查得分原文重复出现,只计一次并取较高权重")),
    ("training_completion_rate", Text("T54: the target is cut off; courses that are assigned are to be completed, so "
                                      "100 %, in proportion", "T54:目标值残缺;指定课程应完成,故取100%,按比例计分")),
    ("renewal_rate", Text("A month without contracts that end judges nobody", "当月无到期合同者不考核此项")),
    ("avg_first_response_time", Text("Two hours, the document's limit, give 80; one hour is full",
                                     "原文2小时得80分,1小时内满分")),
    ("avg_handling_time", Text("A day, the document's limit, gives 80; half a day is full",
                               "原文24小时得80分,12小时内满分")),
    ("targets", Text("The printed thresholds stay as targets; points go down by 2 for each percentage point below",
                     "保留原文目标值;每低1个百分点扣2分")),
    *SHARED_REASONS,
)  # fmt: skip

STARTERS = (Starter(
    Scheme(KEY, Text("After-sales engineers, monthly (starter of S12)", "售后工程师月度考核(S12起步方案)"), items=LINES,
           dimensions=DIMENSIONS, grades=GRADES, pass_score=PASS, policies=POLICIES, least_measured=LEAST_MEASURED,
           ranking=Ranking(minimum_sample=10)),
    "s12", REASONS, (pay(KEY),),
),)  # fmt: skip
