"""What follows months below standard, as S11 prints it (R24 to R26): decides nothing but the runs; people decide."""

from meritline_sdk import Blank, InARow, Proposal, Text, When

PASS_SCORE = Blank("pass_score", Text("Score from which a month meets the standard", "达标的最低得分"), "达标")
EXCELLENT = Blank("excellent_score", Text("Score from which work is excellent", "优秀的最低得分"), "优秀")
BELOW = When(passed=False)


def warning() -> Proposal:
    """R24: after two months in a row."""
    return Proposal("warning", Text("Performance warning", "绩效警告"), "warning", BELOW, InARow(2),
                    Text("Two months in a row below standard", "连续两个月绩效不达标"))


def training() -> Proposal:
    """R25: each month."""
    return Proposal("training", Text("Targeted training", "培训改进"), "training", BELOW,
                    detail=Text("Training in what was below standard", "对不达标部分进行针对性培训"))


def change_of_position() -> Proposal:
    """R26: after three months in a row."""
    return Proposal("change_of_position", Text("Change of position", "岗位调整"), "change_of_position", BELOW,
                    InARow(3), Text("Three months in a row below standard", "连续三个月绩效不达标"))
