"""Scorecards and score lines for people: one row each, with the explanation in the reader's language."""

import json
from collections.abc import Iterable, Mapping
from fractions import Fraction
from typing import Any, Final

from meritline.appraisal.exports import store
from meritline.appraisal.exports.columns import Column, Columns, Sort
from meritline.appraisal.exports.tables import FootLine, Table, Told
from meritline.appraisal.exports.words import say
from meritline.appraisal.graphql_scorecards import SCORECARD
from meritline.graphql.kit.declare import Visible
from meritline.messages import Language
from meritline_sdk.evaluate.numbers import rounded
from meritline_sdk.explain import line_text, score_text
from meritline_sdk.model.text import Text

assert isinstance(SCORECARD.visible, Visible)
VISIBLE: Final[Visible] = SCORECARD.visible
AVERAGE_PLACES: Final = 4

WHO: Final[Columns] = (
    Column("period", Text("Period", "考核期"), width=9, about=Text("the appraised period", "被考核的期间")),
    Column("scheme", Text("Scheme", "考核方案"), about=Text("the key of the scheme", "考核方案的编码")),
    Column("subject_kind", Text("Kind", "对象类型"), translated=True, width=10),
    Column("subject_code", Text("Number or code", "工号或编码"),
           about=Text("the employee number, or the department's code", "员工工号或部门编码")),
    Column("subject_name", Text("Name", "名称"), width=18,
           about=Text("the name when it was computed", "计算时的名称")),
)
SCORECARD_COLUMNS: Final[Columns] = (
    *WHO,
    Column("department", Text("Department", "部门")),
    Column("score", Text("Score", "得分"), Sort.SCORE,
           Text("rounded once, as the scheme says; empty: there is no score", "按方案一次性取整；空白表示没有总分")),
    Column("grade", Text("Grade", "等级"), width=11),
    Column("grade_title", Text("Grade title", "等级名称"), width=13),
    Column("rank", Text("Place", "名次"), Sort.WHOLE,
           Text("equal scores share the better place; empty: not ranked", "同分并列取较前名次；空白表示未参与排名")),
    Column("ranked_among", Text("Ranked among", "参与排名人数"), Sort.WHOLE),
    Column("state", Text("State", "状态"), translated=True, about=Text("how whole the card is", "考核表的完整程度")),
    Column("passed", Text("Passed", "是否及格"), Sort.FLAG,
           Text("whether the pass score was reached, where the scheme has one", "是否达到及格分（如方案设有及格分）")),
    Column("entered", Text("Lines entered by hand or waived", "人工录入或豁免的得分项数"), Sort.WHOLE, width=12),
    Column("scheme_version", Text("Scheme version", "方案版本"), Sort.WHOLE),
    Column("days_employed", Text("Days employed", "在职天数"), Sort.WHOLE,
           Text("days employed under the scheme in the period", "本期内适用该方案的在职天数")),
    Column("period_days", Text("Days of the period", "考核期天数"), Sort.WHOLE),
    Column("explanation", Text("Explanation", "说明"), Sort.LONG,
           Text("how the lines came to the score, or why there is none", "各项如何得出总分，或为何没有总分")),
    Column("digest", Text("Digest", "摘要"), width=20,
           about=Text("changes when anything of the result does", "结果有任何变化，摘要即随之变化")),
)
LINE_COLUMNS: Final[Columns] = (
    *WHO,
    Column("position", Text("No.", "序号"), Sort.WHOLE),
    Column("kind", Text("Sort", "类别"), translated=True, width=11),
    Column("item", Text("Item", "得分项"), width=18),
    Column("dimension", Text("Dimension", "维度")),
    Column("title", Text("Title", "名称"), width=24),
    Column("unit", Text("Unit", "单位"), width=11),
    Column("target", Text("Target", "目标值"), Sort.READING),
    Column("reading_state", Text("Reading state", "实际值状态"), translated=True,
           about=Text("what became of the reading", "实际值的情况")),
    Column("reading", Text("Reading", "实际值"), Sort.READING,
           Text("to ten places; the exact value stands beside it", "保留十位小数；精确值见相邻列")),
    Column("reading_exact", Text("Reading, exact", "实际值（精确）"),
           about=Text("a whole number, or a fraction such as 2800/34", "整数，或分数，如 2800/34")),
    Column("numerator", Text("Numerator", "分子")),
    Column("denominator", Text("Denominator", "分母")),
    Column("sample", Text("Records", "样本数"), Sort.WHOLE),
    Column("points", Text("Points", "原始分"), Sort.SCORE, Text("what the rule gives", "按计分规则所得")),
    Column("weight", Text("Weight", "权重"), Sort.NUMBER),
    Column("effective_weight", Text("Effective weight, exact", "实际权重（精确）"),
           about=Text("the weight after that of lines left out was spread", "分摊不计入项的权重之后的权重")),
    Column("weighted", Text("Weighted points", "加权得分"), Sort.SCORE,
           Text("what the line adds to the score", "该项计入总分的分值")),
    Column("weighted_exact", Text("Weighted points, exact", "加权得分（精确）")),
    Column("policy", Text("Policy", "缺失处理"), translated=True, width=20,
           about=Text("what was done for want of a reading; empty: there is one",
                      "没有实际值时的处理；空白表示有实际值")),
    Column("reason", Text("Reason", "原因"), width=18),
    Column("entered_by", Text("Entered by", "录入人")),
    Column("entered_at", Text("Entered at", "录入时间")),
    Column("entered_source", Text("Source", "来源")),
    Column("records_value", Text("By the records", "按记录所得"),
           about=Text("what the records give, where a figure was entered by hand", "人工录入时，按记录计算所得的值")),
    Column("explanation", Text("Explanation", "说明"), Sort.LONG,
           Text("its arithmetic closes on a pocket calculator", "其中的算式可用计算器核对")),
)


def told_card(row: Mapping[str, Any], language: Language) -> dict[str, Any]:
    """The card with what is written in the reader's language."""
    text = score_text(json.loads(row["steps"]), language) if row["steps"] else None
    return {**row, "scheme": row["scheme_key"], "department": row["department_code"], "explanation": text,
            "grade_title": row[f"grade_title_{language}"], "entered": row["entered_lines"]}


def told_line(row: Mapping[str, Any], language: Language) -> dict[str, Any]:
    """The line with what is written in the reader's language."""
    text = line_text(json.loads(row["steps"]), Text(row["title_en"], row["title_zh"]), language)
    mark = json.loads(row["entered"]) if row["entered"] else {}
    by_hand = {f"entered_{name}": mark.get(name) for name in ("by", "at", "source")}
    return {**row, **by_hand, "scheme": row["scheme_key"], "item": row["key"], "title": row[f"title_{language}"],
            "dimension": row[f"dimension_{language}"] or row["dimension_en"],
            "explanation": text, "position": row["position"] + 1, "records_value": mark.get("records_value"),
            "reading": row["reading_value"], "sample": row["sample_size"], "points": row["raw_points"],
            "effective_weight": row["effective_weight_exact"], "weighted": row["weighted_points"],
            "weighted_exact": row["weighted_points_exact"], "reason": row["reading_reason"]}


class Averages:
    """The average score of a scheme, and how many have which grade."""

    def __init__(self) -> None:
        self.count, self.scored, self.total = 0, 0, Fraction(0)
        self.grades: dict[str, int] = {}

    def take(self, row: Told) -> None:
        """One more card."""
        self.count += 1
        if row["score"] is not None:
            self.scored += 1
            self.total += Fraction(row["score"])
        if row["grade"] is not None:
            name = row["grade_title"] or row["grade"]
            self.grades[name] = self.grades.get(name, 0) + 1

    def lines(self, language: Language) -> Iterable[FootLine]:
        """Average, number, grades."""
        if self.scored:
            yield say(language, "average", count=self.scored), {
                "score": rounded(self.total / self.scored, AVERAGE_PLACES)}
        yield say(language, "in_all", count=self.count, without=self.count - self.scored), {}
        for grade, count in sorted(self.grades.items()):
            yield say(language, "in_grade", grade=grade, count=count), {}


class Counted:
    """How many lines a scheme has."""

    def __init__(self) -> None:
        self.count = 0

    def take(self, row: Told) -> None:
        """One more line."""
        self.count += 1

    def lines(self, language: Language) -> Iterable[FootLine]:
        """Only their number: points of several people have no sum that means anything."""
        yield say(language, "in_lines", count=self.count), {}


SCORECARDS: Final = Table("scorecards", Text("Scorecards", "绩效考核表"), SCORECARD_COLUMNS, store.SCORECARDS, VISIBLE,
                          "card", told_card, Averages)
LINES: Final = Table("lines", Text("Score lines", "得分项明细"), LINE_COLUMNS, store.SCORE_LINES, VISIBLE, "card",
                     told_line, Counted)  # fmt: skip
