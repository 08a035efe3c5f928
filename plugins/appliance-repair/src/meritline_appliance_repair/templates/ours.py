"""What our starters for engineers share: policies, pay by coefficient, and why. No amount of money is ours."""

from meritline_appliance_repair.templates.consequences import change_of_position, training, warning
from meritline_sdk import Coefficient, Policies, Proposal, RewardTable, Terms, Text, When

PASS, LEAST_MEASURED = 60, 60
POLICIES = Policies(failed="manual")
COEFFICIENTS: dict[str, int | str] = {"below": "0.8", "standard": 1, "good": "1.1", "excellent": "1.2"}

SHARED_REASONS = (
    ("grades", Text("Four grades from 60, 80 and 90 on: the marks most firms of this field use",
                    "以60、80、90分划分四级:行业常用")),
    ("pass_score", Text("60: the grade \"standard\" begins there", "60分:与“合格”等级一致")),
    ("least_measured", Text("Fewer than 60 % of the weights measured say too little about a month",
                            "已测量权重不足60%时,不足以评价当月")),
    ("policies", Text("A measurement that failed is a matter for a person; what did not happen is left out and its "
                      "weight spread", "测量失败由人工处理;未发生的指标剔除,权重分摊")),
    ("rewards", Text("A coefficient on each person's own performance pay, since no document of this field names "
                     "amounts; 0.8 to 1.2 leaves a weak month bearable and a strong one worth it",
                     "行业文件均未给出金额,故采用个人绩效工资乘系数;0.8至1.2兼顾保障与激励")),
    ("consequences", Text("Training each month below standard, a warning after two in a row, a change of position "
                          "after three: the steps of S11, proposed to people and never done by themselves",
                          "不达标当月培训,连续两月警告,连续三月调岗:取自S11,仅作建议,不自动执行")),
)  # fmt: skip


def pay(scheme: str) -> RewardTable:
    """Performance pay by coefficient, what follows months below standard, and recognition of the best three."""
    best = When(grades=("excellent",), rank_at_most=3)
    return RewardTable(f"{scheme}_pay", Text("Engineers' performance pay (starter)",
                                             "工程师绩效工资(起步方案)"), scheme=scheme, rules=(
        Coefficient("performance", Text("Performance pay", "绩效工资"), COEFFICIENTS),
        training(), warning(), change_of_position(),
        Proposal("recognition", Text("Best of the month", "月度优秀"), "recognition", best,
                 detail=Text("Excellent and among the first three", "等级优秀且排名前三")),
    ), terms=(Terms(("performance",), least_measured=LEAST_MEASURED, by_days=True),))  # fmt: skip
