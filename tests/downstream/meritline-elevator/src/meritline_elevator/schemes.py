"""How readings become points, points a grade, and a grade money: where a company begins, and what it changes."""

from meritline_sdk import (
    ByGrade,
    Dimension,
    Grade,
    GradeBands,
    Item,
    PerReading,
    RewardTable,
    SchemeTemplate,
    Terms,
    Text,
    WhenMet,
    rules,
)

from meritline_elevator.indicators import CHECKED, CLOSED, FIRST_VISIT, IN_TIME, REPAIR, REPEAT, ROUTINE, SITE, TRAPPED

GRADES = GradeBands(
    (
        Grade("c", Text("C, below standard", "C 待改进")),
        Grade("b", Text("B, good", "B 良好"), 75),
        Grade("a", Text("A, excellent", "A 优秀"), 90),
    )
)

MECHANICS = SchemeTemplate(
    "elevator_mechanics",
    Text("Mechanics, monthly", "维保工月度考核"),
    dimensions=(
        Dimension("quality", Text("Quality of the repair", "维修质量"), 60),
        Dimension("upkeep", Text("Upkeep", "日常保养"), 25),
        Dimension("safety", Text("Safety", "安全"), 15),
    ),
    items=(
        Item(FIRST_VISIT, weight=30, target=85, rule=rules.Deduct(2), dimension="quality"),
        Item(REPEAT, weight=30, target=5, rule=rules.Deduct(3, when="above_target"), dimension="quality"),
        Item(ROUTINE, weight=15, target=100, rule=rules.Deduct(1), dimension="upkeep"),
        Item(REPAIR, weight=10, rule=rules.Bands(up_to={60: 100, 120: 80}, beyond=40), dimension="upkeep"),
        Item(CHECKED, weight=5, target=100, rule=rules.ToTarget(), dimension="safety"),
        Item(SITE, weight=10, rule=rules.AsPoints(), dimension="safety"),
    ),
    for_positions=("mechanic",),
    grades=GRADES,
    pass_score=60,
)

DISPATCHERS = SchemeTemplate(
    "elevator_dispatchers",
    Text("Dispatchers, monthly", "调度员月度考核"),
    items=(
        Item(TRAPPED, weight=60, rule=rules.Bands(up_to={20: 100, 30: 80, 45: 50}, beyond=0)),
        Item(IN_TIME, weight=40, target=95, rule=rules.ToTarget()),
    ),
    for_positions=("dispatcher",),
    grades=GRADES,
    pass_score=60,
)

MECHANICS_REWARDS = RewardTable(
    "elevator_mechanics_rewards",
    Text("Mechanics' performance pay", "维保工绩效奖金"),
    scheme="elevator_mechanics",
    rules=(
        ByGrade("grade_bonus", Text("Bonus by grade", "等级奖金"), {"c": 0, "b": 400, "a": 800}),
        PerReading(
            "per_callout", Text("Per call-out above two", "超过两单的急修计件"), CLOSED, amount=15, above=2, cap=300
        ),
    ),
    terms=(Terms(rules=("grade_bonus",), least_measured=60),),
)

DISPATCHERS_REWARDS = RewardTable(
    "elevator_dispatchers_rewards",
    Text("Dispatchers' performance pay", "调度员绩效奖金"),
    scheme="elevator_dispatchers",
    rules=(
        ByGrade("grade_bonus", Text("Bonus by grade", "等级奖金"), {"c": 0, "b": 300, "a": 600}),
        WhenMet("quick_rescue", Text("Quick rescue", "快速救援奖"), TRAPPED, amount=200, at_most=30),
    ),
)

SCHEMES = (MECHANICS, DISPATCHERS)
REWARDS = (MECHANICS_REWARDS, DISPATCHERS_REWARDS)
