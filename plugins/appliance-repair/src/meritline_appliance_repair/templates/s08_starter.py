"""Our starter beside S08: its three tables with outer weights, and a name for the ability that has none."""

from dataclasses import replace

from meritline_after_sales_common.open_lines import ours
from meritline_after_sales_common.rated import PROBLEM_SOLVING
from meritline_appliance_repair.care import KEY_ACCOUNTS, QUALITY_REPORTS
from meritline_appliance_repair.rated import KEY_ACCOUNT, QUALITY_REPORT
from meritline_appliance_repair.schemes import GRADES
from meritline_appliance_repair.templates.ours import LEAST_MEASURED, PASS, POLICIES, SHARED_REASONS, pay
from meritline_appliance_repair.templates.s08 import ITEMS, S08
from meritline_sdk import EXEMPT, Item, Part, Ranking, Scheme, Starter, Text, filled, rules

KEY = "s08_starter"
OUTER = {"weight_ability": 20, "weight_attitude": 20, "weight_kpi": 60}
TWO_OFF = rules.Deduct(2)
SOLVING = Item(PROBLEM_SOLVING, weight=30, rule=rules.AsPoints(), dimension="ability",
               title=Text("Ability to solve problems", "问题解决能力"))

LINES = (
    SOLVING,
    *ITEMS[1:11],
    ours(ITEMS, "feedback_form_complete_rate", 20, TWO_OFF, 95),
    ours(ITEMS, "quality_reports", 20, parts=(Part(QUALITY_REPORTS, 50, TWO_OFF, 95),
                                              Part(QUALITY_REPORT, 50, rules.AsPoints()))),
    ours(ITEMS, "key_accounts", 20, missing=EXEMPT, parts=(Part(KEY_ACCOUNTS, 50, TWO_OFF, 100),
                                                           Part(KEY_ACCOUNT, 50, rules.AsPoints()))),
)  # fmt: skip

REASONS = (
    ("weights", Text("20 for ability, 20 for attitude, 60 for what was done: the work itself decides",
                     "能力20、态度20、KPI60:以工作结果为主")),
    ("rt_problem_solving", Text("T45: the document leaves the first ability without a name; for a service engineer the "
                                "ability to solve problems is the obvious gap. Name another if you mean another",
                                "T45:原文第1项能力名称缺失;对服务工程师而言以问题解决能力补足,可另行更换")),
    ("feedback_form_complete_rate", Text("95 %, 2 points off for each percentage point below",
                                         "目标95%,每低1个百分点扣2分")),
    ("quality_reports", Text("In time and good count alike: a report that nobody can use is no report",
                             "及时与质量各占一半")),
    ("key_accounts", Text("Visits done and how they were, half each; who has no key account is not judged by it",
                          "走访完成与服务评价各占一半;无大客户者不考核此项")),
    *SHARED_REASONS,
)  # fmt: skip

STARTERS = (Starter(
    Scheme(KEY, Text("Service-centre engineers, monthly (starter of S08)",
                     "服务中心售后服务员月度考核(S08起步方案)"), items=LINES,
           dimensions=filled(S08.scheme.dimensions, OUTER), grades=GRADES, pass_score=PASS,
           policies=replace(POLICIES, sample_too_small="carry"), least_measured=LEAST_MEASURED, ranking=Ranking()),
    "s08", (*REASONS, ("sample_too_small", Text("Three colleagues must rate; where they are fewer, last month's share "
                                                "stands", "同事评分不足三人时,沿用上期得分率"))), (pay(KEY),),
),)  # fmt: skip
