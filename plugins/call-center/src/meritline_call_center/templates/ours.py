"""What our starters for call centres share: policies, pay by coefficient, and why. No amount of money is ours."""

from meritline_sdk import Coefficient, InARow, Policies, Proposal, RewardTable, Terms, Text, When

PASS, LEAST_MEASURED = 60, 60
POLICIES = Policies(failed="manual")
COEFFICIENTS: dict[str, int | str] = {"d": "0.8", "c": 1, "b": "1.1", "a": "1.2"}

SHARED_REASONS = (
    ("grades", Text("Four grades from 60, 75 and 90 on, as the other starters of this set have them",
                    "以60、75、90分划分四级,与本集其他起步方案一致")),
    ("pass_score", Text("60: grade C begins there", "60分:与C级一致")),
    ("least_measured", Text("Fewer than 60 % of the weights measured say too little about a month",
                            "已测量权重不足60%时,不足以评价当月")),
    ("policies", Text("A measurement that failed is a matter for a person; what did not happen is left out and its "
                      "weight spread",
                      "测量失败由人工处理;未发生的指标剔除,权重分摊")),
    ("rewards", Text("A coefficient on each person's own performance pay, since no document of this field names "
                     "amounts", "行业文件均未给出金额,故采用个人绩效工资乘系数")),
    ("consequences", Text("R19 and R20 name promotion, training and change of position without a threshold: A three "
                          "months in a row, below the pass score, and that three months in a row; proposals to people",
                          "R19、R20未给出标准:连续三月A级建议晋升,不合格当月建议培训,连续三月不合格建议调岗;仅作建议")),
)  # fmt: skip


def pay(scheme: str) -> RewardTable:
    """Performance pay by coefficient, and proposals for those who are excellent or not qualified."""
    failed = When(passed=False)
    return RewardTable(f"{scheme}_pay", Text("Agents' performance pay (starter)",
                                             "客服绩效工资(起步方案)"), scheme=scheme, rules=(
        Coefficient("performance", Text("Performance pay", "绩效工资"), COEFFICIENTS),
        Proposal("promotion", Text("Promotion", "晋升"), "promotion", When(grades=("a",)), InARow(3)),
        Proposal("training", Text("Training", "培训"), "training", failed),
        Proposal("change_of_position", Text("Change of position", "调岗"), "change_of_position", failed, InARow(3)),
    ), terms=(Terms(("performance",), least_measured=LEAST_MEASURED, by_days=True),))  # fmt: skip
