"""What our starters share: grades, what is done without a reading, and the reasons. All of it is ours.

The documents print neither grades nor policies; a company that starts from a starter changes them where they do not
fit, and the reasons tell what it would change.
"""

from meritline_sdk import Grade, GradeBands, Policies, Text, hours, rules

GRADES = GradeBands((
    Grade("below", Text("Below standard", "不合格")),
    Grade("passed", Text("Passed", "合格"), 60),
    Grade("good", Text("Good", "良好"), 80),
    Grade("excellent", Text("Excellent", "优秀"), 90),
))  # fmt: skip
POLICIES = Policies(failed="manual")

# What the indicators on complaints need where a complaint names no limit of its own.
RESOLVED_WITHIN = (("complaint_resolution_limit", hours(48)),)
RESPONDED_AND_RESOLVED = (("complaint_response_limit", hours(2)), *RESOLVED_WITHIN)

RULES_REASON = Text(
    "The document has no scoring rules. Shares count in proportion to their target, up to 100; times by bands, since "
    "twice as fast is not twice as good; scores and ratings of 100 as they are.",
    "原文没有计分办法。比率类按完成目标的比例计分,最高100分;时长类分档计分,因为快一倍并不等于好一倍;百分制得分和评分直接计分。",
)
SHARED_REASONS = (
    ("grades", Text("The document has none. 60 to pass and 80 and 90 above it are what most Chinese companies use.",
                    "原文未规定等级。60分合格、80分良好、90分优秀是国内企业最常见的划分。")),
    ("pass_score", Text("The limit of the grade Passed, so that grade and pass never contradict each other.",
                        "取“合格”等级的下限,使等级与是否合格不会矛盾。")),
    ("least_measured", Text("With less than 60 % of the weights measured a score would say more than is known.",
                            "已测得的权重不足60%时,总分说明不了问题,因此不出分。")),
    ("policies", Text("What was not measured is left out and its weight spread over the rest, so that nobody loses "
                      "points for work that did not occur; where a calculation failed, somebody must look first.",
                      "未测得的指标不计,其权重分摊到其余指标,避免因无此项工作而扣分;计算失败的须先由人工处理。")),
)  # fmt: skip


def answer_bands() -> rules.Bands:
    """Points for a mean time to the first response, in seconds: 5 minutes, 15 minutes, an hour."""
    return rules.Bands(up_to={300: 100, 900: 80, 3600: 60}, beyond=0)


def solving_bands() -> rules.Bands:
    """Points for a mean time to the solution, in hours: a working day, a day, two days."""
    return rules.Bands(up_to={8: 100, 24: 80, 48: 60}, beyond=0)


ANSWER_REASON = Text(
    "Within 5 minutes on average 100, within 15 minutes 80, within an hour 60: an hour is the limit that other "
    "documents of the field name.",
    "平均5分钟内100分,15分钟内80分,1小时内60分;1小时是业内同类文件中出现过的上限。",
)
SOLVING_REASON = Text(
    "Within 8 hours on average 100, within a day 80, within two days 60: the field asks for 24 hours.",
    "平均8小时内100分,24小时内80分,48小时内60分;业内通行要求为24小时。",
)
