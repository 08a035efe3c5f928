"""Our starter beside S13: the common indicators for a position that has no set of its own."""

from meritline_after_sales_common.attendance import VIOLATIONS
from meritline_after_sales_common.checks import STANDARD_COMPLIANCE
from meritline_after_sales_common.rated import TEAMWORK
from meritline_after_sales_common.satisfaction import CSAT_PERIODIC, CSAT_SCORE
from meritline_after_sales_common.templates import s13
from meritline_after_sales_common.templates.ours import GRADES, POLICIES, SHARED_REASONS
from meritline_sdk import Item, Part, SchemeTemplate, Starter, Text, rules

STARTER = Starter(
    SchemeTemplate(
        "s13_starter",
        Text("Department staff, common part, ready to use (after S13)", "售后服务部员工考核·通用(S13起步方案)"),
        items=(
            Item(None, 40, dimension="d1", key="satisfaction", title=s13.CONTENT, parts=(
                Part(CSAT_SCORE, 60, rules.AsPoints()), Part(CSAT_PERIODIC, 40, rules.AsPoints()))),
            Item(STANDARD_COMPLIANCE, 25, rules.ToTarget(), 95, "d1", title=s13.STANDARD),
            Item(TEAMWORK, 15, rules.AsPoints(), dimension="d1", title=s13.TOGETHER),
            Item(VIOLATIONS, 20, rules.Deduct(20, when="above_target"), 0, "d1", title=s13.DISCIPLINE),
        ),
        dimensions=(s13.COMMON_DIMENSION,), grades=GRADES, pass_score=60, least_measured=60, policies=POLICIES,
        heaviest=("satisfaction",),
    ),
    template="s13",
    reasons=(
        ("weights", Text("Satisfaction most: the measures call it one of the core indicators, so nothing outweighs it.",
                         "客户满意度最高:原文将其作为核心指标之一,其他指标不得超过。")),
        ("satisfaction", Text("Feedback on each service 60, the regular survey 40: feedback names the person.",
                              "逐次反馈占60、定期调查占40:反馈直接对应到人。")),
        ("service_standard_compliance_rate", Text("95 %: a standard is meant to be kept; one slip in twenty checks is "
                                                  "human.", "95%:规范理应遵守,二十次抽查允许一次疏漏。")),
        ("discipline_violation_count", Text("20 points a verified violation: the fifth empties the line.",
                                            "每次查实的违纪减20分,五次减完。")),
        ("rules", Text("Compliance counts in proportion to its target, scores and ratings as they are.",
                       "规范性按完成目标的比例计分,百分制得分和评分直接计分。")),
        ("period", Text("A month, as most schemes of the field have it.", "按月:业内多数方案按月考核。")),
        *SHARED_REASONS,
    ),
)  # fmt: skip
