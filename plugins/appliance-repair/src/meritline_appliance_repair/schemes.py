"""A starter for repair engineers. The seed documents of this field (S01, S11, S12) state no weights, no grades and no
money, so every number below is ours: a point to begin from, which a company changes."""

from meritline_after_sales_common.indicators import COMPLAINT_COUNT, CSAT_RATE
from meritline_appliance_repair.indicators import (
    COMPLETION_CYCLE,
    FIRST_TIME_FIX,
    ON_TIME_ARRIVAL,
    PARTS_COMPLIANCE,
    REPAIR_SUCCESS,
)  # fmt: skip
from meritline_sdk import (
    ByGrade,
    Grade,
    GradeBands,
    Item,
    Ranking,
    RewardTable,
    SchemeTemplate,
    SubjectKind,
    Text,
    rules,
)

QUALITY, SPEED, CARE = Text("Quality", "服务质量"), Text("Speed", "服务效率"), Text("Care", "规范与成本")
GRADES = GradeBands((
    Grade("below", Text("Below standard", "不合格")),
    Grade("standard", Text("Standard", "合格"), 60),
    Grade("good", Text("Good", "良好"), 80),
    Grade("excellent", Text("Excellent", "优秀"), 90),
))  # fmt: skip

ENGINEERS = SchemeTemplate(
    "engineers", Text("Repair engineers, monthly (starter)", "维修工程师月度考核(起步方案)"),
    items=(
        Item(CSAT_RATE, weight=30, target=90, rule=rules.Deduct(2), dimension=QUALITY),
        Item(FIRST_TIME_FIX, weight=20, target=85, rule=rules.Deduct(2), minimum_sample=10, dimension=QUALITY),
        Item(REPAIR_SUCCESS, weight=10, target=95, rule=rules.Deduct(2), dimension=QUALITY),
        Item(ON_TIME_ARRIVAL, weight=20, target=95, rule=rules.Deduct(2), dimension=SPEED),
        Item(COMPLETION_CYCLE, weight=10, target=48,
             rule=rules.Bands(up_to={24: 100, 48: 85, 72: 60}, beyond=0), dimension=SPEED),
        Item(COMPLAINT_COUNT, weight=5, rule=rules.PerUnit(-20), dimension=CARE),
        Item(PARTS_COMPLIANCE, weight=5, target=98, rule=rules.Deduct(2), dimension=CARE),
    ),
    for_positions=("repair_engineer",), grades=GRADES, pass_score=60, ranking=Ranking(minimum_sample=10),
)  # fmt: skip

TEAMS = SchemeTemplate(
    "repair_teams", Text("Repair teams, monthly (starter)", "维修班组月度考核(起步方案)"),
    items=(
        Item(CSAT_RATE, weight=40, target=90, rule=rules.Deduct(2)),
        Item(FIRST_TIME_FIX, weight=30, target=85, rule=rules.Deduct(2)),
        Item(ON_TIME_ARRIVAL, weight=30, target=95, rule=rules.Deduct(2)),
    ),
    subject=SubjectKind.DEPARTMENT, grades=GRADES, pass_score=60,
)  # fmt: skip

ENGINEER_REWARDS = RewardTable(
    "engineer_rewards", Text("Engineers' performance pay (starter)", "工程师绩效奖金(起步方案)"), scheme="engineers",
    rules=(ByGrade("level_bonus", Text("Performance bonus by grade", "等级绩效奖金"),
                   {"below": 0, "standard": 400, "good": 800, "excellent": 1200}),),
)  # fmt: skip
