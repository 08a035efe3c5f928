"""Reward lines for payroll: one row each, with its reason in the reader's language."""

import json
from collections.abc import Iterator, Sequence
from typing import Any, Final
from uuid import UUID

from meritline.appraisal.exports.sheet import Columns
from meritline.db import Connection
from meritline.messages import Language
from meritline.rewards import store
from meritline_sdk.explain import reward_text
from meritline_sdk.model.text import Text

REWARDS: Final[Columns] = (
    ("period", Text("Period", "考核期")),
    ("scheme", Text("Scheme", "考核方案")),
    ("subject_kind", Text("Kind", "对象类型")),
    ("subject_code", Text("Number or code", "工号或编码")),
    ("subject_name", Text("Name", "名称")),
    ("department", Text("Department", "部门")),
    ("rule", Text("Rule", "奖励规则")),
    ("title", Text("Title", "名称")),
    ("amount", Text("Amount", "金额")),
    ("currency", Text("Currency", "币种")),
    ("reason", Text("Reason", "原因")),
    ("digest", Text("Digest", "摘要")),
)
NAMES: Final = ("period", "scheme_key", "subject_kind", "subject_code", "subject_name", "department_code", "rule_key",
                "title", "amount", "currency", "reason", "digest")


async def reward_rows(conn: Connection, tenant_id: UUID, period: str, language: Language) -> Iterator[Sequence[Any]]:
    """One row for each reward line, by scheme and subject; an empty amount was not measured, which is not zero."""
    found = await store.lines_of_period(conn, tenant_id, period)
    return ([told(row, language)[name] for name in NAMES] for row in found)


def told(row: Any, language: Language) -> dict[str, Any]:
    """The line with what is written in the reader's language."""
    text = reward_text(json.loads(row["steps"]), Text(row["title_en"], row["title_zh"]), language)
    return {**row, "title": row[f"title_{language}"], "reason": text}
