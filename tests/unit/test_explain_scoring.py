"""What a line and a total say of policies, dimensions, parts, caps, vetoes and scores of months, word for word."""

from dataclasses import replace
from fractions import Fraction as F
from typing import Any

import pytest

from meritline_sdk import HIGHER, LOWER, Event, Grade, GradeBands, Item, Part, RatedIndicator, Scheme, Text, rules
from meritline_sdk.evaluate.lines import Carried
from meritline_sdk.evaluate.readings import Reading
from meritline_sdk.evaluate.scoring import Scored, score
from meritline_sdk.explain import line_text, score_text
from meritline_sdk.model.bands import Granted
from meritline_sdk.model.items import ScoreOf, Veto
from meritline_sdk.model.policies import Policies
from meritline_sdk.model.units import COUNT, Direction
from meritline_sdk.model.weights import Dimension

ZH = {"skill": "技能", "care": "细心", "drive": "干劲", "a": "甲", "b": "乙", "c": "丙", "praise": "表扬",
      "thanks": "致谢", "complaint": "投诉", "fraud": "舞弊", "leak": "泄密", "super": "超级", "trend": "趋势"}


def rated(key: str, better: Direction = HIGHER) -> RatedIndicator:
    return RatedIndicator(key, Text(key.title(), ZH[key]), unit=COUNT, better=better)


def item(key: str, weight: int, rule: rules.Rule | None = None, better: Direction = HIGHER,
         **more: Any) -> Item:
    return Item(rated(key, better), weight, rule or rules.AsPoints(), **more)


def told(scheme: Scheme, values: dict[str, Any], carried: Any = None) -> tuple[Scored, dict[str, str], dict[str, str]]:
    """The result, and by line its text in English and in Chinese; the total stands under "total"."""
    readings = {(key, "own"): value if isinstance(value, Reading) else Reading(value) if isinstance(value, str) else
                Reading("measured", F(value), sample=1) for key, value in values.items()}
    found = score(scheme, readings, {}, carried)
    texts = [{line.key: line_text(line.steps, line.title or Text("", ""), language) for line in found.lines}
             | {"total": score_text(found.steps, language)} for language in ("en", "zh")]
    return found, texts[0], texts[1]


SHOP = Scheme("shop", Text("Shop", "店铺"), (
    item("skill", 30, dimension="ability"), item("care", 70, dimension="ability"),
    item("drive", 100, dimension="attitude", policies=Policies(not_measured="carry")),
    item("a", 70, rules.ZeroTolerance(), missing="exempt"),
), dimensions=(Dimension("ability", Text("Ability", "能力"), 20, True),
               Dimension("attitude", Text("Attitude", "态度"), 10, True)))  # fmt: skip


def test_a_dimension_its_parts_and_what_is_carried() -> None:
    found, en, zh = told(SHOP, {"skill": 80, "a": 0}, {"drive": Carried(F(17, 20), "2026-04")})
    assert en["skill"] == (
        "Skill: 80. The reading is the points: 80 points; the weight 30 within “Ability”, which weighs 20, counts as "
        "20 × 30 / 30 = 20; 80 × 20% = 16.00.")
    assert zh["skill"] == ("技能 80。实际值即得分：80 分；“能力”占 20，其中权重 30 折算为 20 × 30 / 30 = 20；"
                           "80 × 20% = 16.00。")
    assert en["care"] == ("Care: not measured: nobody has given a rating. Left out: its weight of 70 goes to the other "
                          "lines of “Ability”.")
    assert zh["care"].endswith("不计入：其权重 70 分摊给“能力”的其余各项。")
    assert en["drive"] == (
        "Drive: not measured: nobody has given a rating. The share of its full points of 2026-04 is carried: "
        "0.85 × 100 = 85 points; the weight 100 within “Attitude”, which weighs 10, counts as 10 × 100 / 100 = 10; "
        "85 × 10% = 8.50.")
    assert "沿用 2026-04 占满分的比例：0.85 × 100 = 85 分" in zh["drive"]
    assert en["a"] == "A: 0. Not above 0, so the full 100 points; 100 × 70% = 70.00."
    assert en["total"] == (
        "“Ability” (weight 20): (30 × 80 / 100) × 100 / 30 = 80 points. “Attitude” (weight 10): (100 × 85 / 100) × 100 "
        "/ 100 = 85 points. Score: 16 + 8.5 + 70 = 94.50; left out: Care.")
    assert zh["total"] == (
        "“能力”（权重 20）：(30 × 80 / 100) × 100 / 30 = 80 分。"
        "“态度”（权重 10）：(100 × 85 / 100) × 100 / 100 = 85 分。总分：16 + 8.5 + 70 = 94.50；未计入：细心。")
    assert found.state == "incomplete"


def test_a_dimension_of_which_nothing_counts_gives_its_weight_away() -> None:
    _, en, zh = told(SHOP, {"drive": 80, "a": 0})
    assert en["care"].endswith("Left out: nothing of “Ability” counts, whose weight of 20 goes to the other lines.")
    assert zh["care"].endswith("不计入：“能力”各项均不计入，其权重 20 分摊给其余各项。")


@pytest.mark.parametrize(("policy", "en", "zh"), [
    ("renormalise", "Left out: its weight of 70 goes to the other lines.", "不计入：其权重 70 分摊给其余各项。"),
    ("exempt", "Exempt: nothing was due, its weight of 70 goes to the other lines.",
     "免考核：本期无此项要求，其权重 70 分摊给其余各项。"),
    ("carry", "No earlier period to carry from, so it is left out: its weight of 70 goes to the other lines.",
     "没有可沿用的以往考核期，不计入：其权重 70 分摊给其余各项。"),
    ("zero", "By the scheme's choice it counts as 0 points; 0 × 70% = 0.00.", "按方案规定计 0 分；0 × 70% = 0.00。"),
    ("full", "By the scheme's choice it counts in full: 100 points; 100 × 70% = 70.00.",
     "按方案规定计满分 100 分；100 × 70% = 70.00。"),
    ("manual", "There is no score until somebody has entered a figure or waived the line.",
     "在有人录入数据或豁免该项之前，没有总分。"),
])
def test_a_line_says_its_state_and_what_was_done(policy: str, en: str, zh: str) -> None:
    scheme = Scheme("s", Text("S", "S"), (item("skill", 30), item("care", 70)), policies=Policies(failed=policy))
    _, english, chinese = told(scheme, {"skill": 80, "care": "failed"})
    assert (english["care"], chinese["care"]) == (f"Care: could not be computed. {en}", f"细心 计算失败。{zh}")


def test_why_there_is_no_score() -> None:
    scheme = Scheme("s", Text("S", "S"), (item("skill", 30), item("care", 70)), least_measured=60)
    _, en, zh = told(scheme, {"skill": 80})
    assert en["total"] == ("There is no score: 30% of the weights were measured, less than the 60% that are needed.")
    assert zh["total"] == "没有总分：仅测得 30% 的权重，少于要求的 60%。"
    _, en, zh = told(replace(scheme, missing="manual", least_measured=None), {"skill": 80})
    assert en["total"] == "There is no score until somebody has entered a figure for these lines, or waived them: Care."
    assert zh["total"] == "在有人为下列各项录入数据或予以豁免之前，没有总分：细心。"
    assert told(scheme, {})[1]["total"] == "There is no score: nothing that counts was measured in the period."


def test_parts_of_parts_close() -> None:
    inner = Part(None, 40, title=Text("Inner", "内层"), parts=(
        Part(rated("b"), 1, rules.Judged(1, 20, cap=30, sign=1)), Part(rated("c"), 1, rules.ZeroTolerance())))
    whole = Item(None, 100, key="whole", title=Text("Whole", "组合"), parts=(Part(rated("a"), 60, rules.PerUnit(-10)),
                                                                         inner))
    scheme = Scheme("s", Text("S", "S"), (whole,))
    _, en, zh = told(scheme, {"a": 1, "b": 35, "c": 1})
    assert en["whole"] == (
        "Whole: (A, inner weight 60: 1; 10 points off for each: 100 − 10 × 1 = 90 points). (Inner, inner weight 40: "
        "(B, inner weight 1: 35; 1 to 20 points each time, as judged: 35, at most 30: 30 points); "
        "(C, inner weight 1: 1; above 0, where there is zero tolerance: 0 points); "
        "together (1 × 30 / 100 + 1 × 0 / 100) × 100 / 2 = 15 points); "
        "together (60 × 90 / 100 + 40 × 15 / 100) × 100 / 100 = 60 points; 60 × 100% = 60.00.")
    assert "超过 0，零容忍，得 0 分" in zh["whole"]
    _, en, zh = told(scheme, {"a": 1, "b": "failed", "c": "failed"})
    assert ("(Inner, inner weight 40: (B, inner weight 1: could not be computed); (C, inner weight 1: could not be "
            "computed); as a whole not computed; left out: its inner weight of 40 goes to the other parts)"
            ) in en["whole"]
    assert "整项计算失败；不计入：其内部权重 40 分摊给其余部分" in zh["whole"]


def test_events_caps_vetoes_and_a_granted_grade() -> None:
    bands = GradeBands((Grade("low", Text("Low", "低")),), granted=(Granted("super", Text("Super", "超级"),
                                                                           rated("super")),))
    scheme = Scheme("s", Text("S", "S"), (item("skill", 100),), events=(
        Event(rated("praise"), rules.PerUnit(10, start=0)), Event(rated("thanks"), rules.PerUnit(5, start=0)),
        Event(rated("complaint"), rules.Judged(5, 20))), additions_cap=30, grades=bands, vetoes=(
        Veto("fraud", Text("Fraud", "舞弊"), rated("fraud"), 0, 50), Veto("leak", Text("Leak", "泄密"), rated("leak"))))
    _, en, zh = told(scheme, {"skill": 80, "praise": 3, "thanks": 2, "complaint": 12, "fraud": 2, "super": 1})
    assert en["complaint"] == "Complaint: 12. 5 to 20 points off each time, as judged: −12 points; takes off 12 points."
    assert zh["complaint"] == "投诉 12。每次酌情扣 5 至 20 分：−12 分；扣 12 分。"
    assert en["total"] == (
        "Additions 30 + 10 = 40, at most 30. Score: 80 − 12 + 30 = 98.00; veto “Fraud”: 2, above 0, so the score is at "
        "most 50, which takes off 48 points; veto “Leak”: not measured: nobody has given a rating; nothing is taken; "
        "50.00 points remain; grade “Super” is granted, whatever the score.")
    assert zh["total"] == (
        "加分 30 + 10 = 40，最多 30。总分：80 − 12 + 30 = 98.00；一票否决“舞弊”：2，超过 0，总分不高于 50，扣减 48 分；"
        "一票否决“泄密”：未测得：无人评分，不扣减；余 50.00 分；授予等级“超级”，与总分无关。")
    _, en, zh = told(scheme, {"skill": 80, "fraud": 0})
    assert en["total"].endswith("veto “Fraud”: 0, not above 0, takes nothing; veto “Leak”: not measured: nobody has "
                                "given a rating; nothing is taken; left out: Praise, Thanks, Complaint.")
    _, en, _ = told(replace(scheme, additions_cap=None, deductions_cap=10), {"skill": 80, "praise": 3, "complaint": 12})
    assert en["total"].startswith("Deductions 12, at most 10. Score: 80 + 30 − 10 = 100.00;")


@pytest.mark.parametrize(("better", "value", "en", "zh"), [
    (LOWER, -1, "Below the target, the limit excluded: 100 points", "低于目标（不含目标值本身），得 100 分"),
    (LOWER, 0, "Not below the target, the limit excluded: 0 points", "未低于目标（不含目标值本身），得 0 分"),
    (HIGHER, 0, "Not above the target, the limit excluded: 0 points", "未高于目标（不含目标值本身），得 0 分"),
    (HIGHER, 1, "Above the target, the limit excluded: 100 points", "高于目标（不含目标值本身），得 100 分"),
])
def test_a_strict_target_says_that_the_limit_is_excluded(better: Direction, value: int, en: str, zh: str) -> None:
    scheme = Scheme("s", Text("S", "S"), (item("trend", 100, rules.TargetMet(strict=True), better, target=0),))
    found, english, chinese = told(scheme, {"trend": value})
    assert found.lines[0].steps[1]["strict"] is True
    assert en in english["trend"]
    assert zh in chinese["trend"]


def test_a_weightless_line_is_shown() -> None:
    scheme = Scheme("s", Text("S", "S"), (item("skill", 100), item("care", 0)))
    _, en, zh = told(scheme, {"skill": 80, "care": 90})
    assert en["care"] == ("Care: 90. The reading is the points: 90 points; it is shown and has no weight; "
                          "90 × 0% = 0.00.")
    assert "仅作展示，不占权重" in zh["care"]


def test_the_score_of_a_quarter_names_its_months() -> None:
    months = Item(None, 100, rules.AsPoints(cap=None), key="months", title=Text("Months", "月度平均"),
                  score_of=ScoreOf("engineers", least=2))
    _, en, zh = told(Scheme("s", Text("S", "S"), (months,)), {})
    assert "not measured: 0 of the 2 locked periods that are needed have a score under “engineers”" in en["months"]
    assert "有总分的已锁定考核期为 0 个，少于要求的 2 个" in zh["months"]
