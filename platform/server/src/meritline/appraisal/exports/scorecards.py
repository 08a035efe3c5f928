"""Scorecards and score lines for people: one row each, with the explanation in the reader's language."""

import json
from collections.abc import Iterator, Sequence
from typing import Any, Final
from uuid import UUID

from meritline.appraisal.exports import store
from meritline.appraisal.exports.sheet import Columns
from meritline.db import Connection
from meritline.messages import Language
from meritline_sdk.explain import line_text
from meritline_sdk.model.text import Text

WHO: Final[Columns] = (
    ("period", Text("Period", "考核期")),
    ("scheme", Text("Scheme", "考核方案")),
    ("subject_kind", Text("Kind", "对象类型")),
    ("subject_code", Text("Number or code", "工号或编码")),
    ("subject_name", Text("Name", "名称")),
)
SCORECARDS: Final[Columns] = (
    *WHO,
    ("department", Text("Department", "部门")),
    ("score", Text("Score", "得分")),
    ("grade", Text("Grade", "等级")),
    ("grade_title", Text("Grade title", "等级名称")),
    ("rank", Text("Place", "名次")),
    ("ranked_among", Text("Ranked among", "参与排名人数")),
    ("state", Text("State", "状态")),
    ("passed", Text("Passed", "是否及格")),
    ("entered", Text("Lines entered by hand or waived", "人工录入或豁免的得分项数")),
    ("digest", Text("Digest", "摘要")),
)
LINES: Final[Columns] = (
    *WHO,
    ("position", Text("No.", "序号")),
    ("kind", Text("Sort", "类别")),
    ("item", Text("Item", "得分项")),
    ("title", Text("Title", "名称")),
    ("unit", Text("Unit", "单位")),
    ("target", Text("Target", "目标值")),
    ("reading_state", Text("Reading state", "实际值状态")),
    ("reading", Text("Reading", "实际值")),
    ("reading_exact", Text("Reading, exact", "实际值（精确）")),
    ("numerator", Text("Numerator", "分子")),
    ("denominator", Text("Denominator", "分母")),
    ("sample", Text("Records", "样本数")),
    ("points", Text("Points", "原始分")),
    ("weight", Text("Weight", "权重")),
    ("weighted", Text("Weighted points", "加权得分")),
    ("weighted_exact", Text("Weighted points, exact", "加权得分（精确）")),
    ("policy", Text("Policy", "缺失处理")),
    ("reason", Text("Reason", "原因")),
    ("entered_by", Text("Entered by", "录入人")),
    ("entered_at", Text("Entered at", "录入时间")),
    ("entered_source", Text("Source", "来源")),
    ("records_value", Text("By the records", "按记录所得")),
    ("explanation", Text("Explanation", "说明")),
)


WHO_NAMES: Final = ("period", "scheme_key", "subject_kind", "subject_code", "subject_name")
CARD_NAMES: Final = (*WHO_NAMES, "department_code", "score", "grade", "grade_title", "rank", "ranked_among", "state",
                     "passed", "entered_lines", "digest")
LINE_NAMES: Final = (*WHO_NAMES, "position", "kind", "key", "title", "unit", "target", "reading_state",
                     "reading_value", "reading_exact", "numerator", "denominator", "sample_size", "raw_points",
                     "weight", "weighted_points", "weighted_points_exact", "policy", "reading_reason", "entered_by",
                     "entered_at", "entered_source", "records_value", "explanation")


async def scorecard_rows(conn: Connection, tenant_id: UUID, period: str, language: Language) -> Iterator[Sequence[Any]]:
    """One row for each scorecard, by scheme and place."""
    found = await store.scorecards(conn, tenant_id, period)
    return ([{**row, "grade_title": row[f"grade_title_{language}"]}[name] for name in CARD_NAMES] for row in found)


async def line_rows(conn: Connection, tenant_id: UUID, period: str, language: Language) -> Iterator[Sequence[Any]]:
    """One row for each score line, with its explanation."""
    found = await store.score_lines(conn, tenant_id, period)
    return ([told(row, language)[name] for name in LINE_NAMES] for row in found)


def told(row: Any, language: Language) -> dict[str, Any]:
    """The line with what is written in the reader's language."""
    text = line_text(json.loads(row["steps"]), Text(row["title_en"], row["title_zh"]), language)
    mark = json.loads(row["entered"]) if row["entered"] else {}
    by_hand = {f"entered_{name}": mark.get(name) for name in ("by", "at", "source")}
    return {**row, "title": row[f"title_{language}"], "explanation": text, "position": row["position"] + 1, **by_hand,
            "records_value": mark.get("records_value")}
