"""Reward lines for payroll: one row each, with its reason in the reader's language."""

import json
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any, Final

from meritline.appraisal.exports.columns import Column, Columns, Sort
from meritline.appraisal.exports.tables import FootLine, Table, Told
from meritline.appraisal.exports.words import say
from meritline.graphql.kit.declare import Visible
from meritline.messages import Language
from meritline.rewards.graphql import REWARD_LINE
from meritline.rewards.statements.store import LINES_SHOWN
from meritline_sdk.model.text import Text

assert isinstance(REWARD_LINE.visible, Visible)
VISIBLE: Final[Visible] = REWARD_LINE.visible
NO_MONEY: Final = Decimal("0.00")

ACT: Final = Column("act", Text("Act", "措施"), translated=True, width=14,
                    about=Text("what is proposed that is no money: warning, training, prize ...",
                               "建议的非金钱措施：警告、培训、奖品等"))
DETAIL: Final = Column("detail", Text("What exactly", "具体内容"), width=24)
REASON: Final = Column("reason", Text("Reason", "原因"), Sort.LONG,
                       Text("how the amount came about; its arithmetic closes on a pocket calculator",
                            "金额的由来，其中的算式可用计算器核对"))
REWARD_COLUMNS: Final[Columns] = (
    Column("period", Text("Period", "考核期"), width=9),
    Column("scheme", Text("Scheme", "考核方案")),
    Column("subject_kind", Text("Kind", "对象类型"), translated=True, width=10),
    Column("subject_code", Text("Number or code", "工号或编码"),
           about=Text("the employee number, or the department's code", "员工工号或部门编码")),
    Column("subject_name", Text("Name", "名称"), width=18),
    Column("department", Text("Department", "部门")),
    Column("rule", Text("Rule", "奖励规则"), width=16,
           about=Text("the rule of the reward table", "奖励表中的规则")),
    Column("title", Text("Title", "名称"), width=24),
    Column("amount", Text("Amount", "金额"), Sort.MONEY,
           Text("rounded once to the cent, half up; empty: no money, or not measured, which is not zero",
                "一次性四舍五入到分；空白表示非金钱措施或未测得，不等于零")),
    Column("currency", Text("Currency", "币种"), width=8),
    ACT, DETAIL, REASON,
    Column("digest", Text("Digest", "摘要"), width=20,
           about=Text("changes when anything of the line does", "该项有任何变化，摘要即随之变化")),
)  # fmt: skip


def told(row: Mapping[str, Any], language: Language) -> dict[str, Any]:
    """The line with what is written in the reader's language."""
    from meritline_sdk.explain import reward_text

    text = reward_text(json.loads(row["steps"]), Text(row["title_en"], row["title_zh"]), language)
    return {**row, "scheme": row["scheme_key"], "department": row["department_code"], "rule": row["rule_key"],
            "title": row[f"title_{language}"], "detail": row[f"detail_{language}"], "reason": text}


class Sums:
    """What the lines of a scheme come to, in each currency, and how many have no amount."""

    def __init__(self) -> None:
        self.count, self.unmeasured = 0, 0
        self.totals: dict[str, Decimal] = {}

    def take(self, row: Told) -> None:
        """One more line."""
        self.count += 1
        if row["amount"] is None:
            self.unmeasured += row["act"] is None
            return
        self.totals[row["currency"]] = self.totals.get(row["currency"], NO_MONEY) + row["amount"]

    def lines(self, language: Language) -> Iterable[FootLine]:
        """The sums as values."""
        for currency, total in sorted(self.totals.items()):
            yield say(language, "sum", count=self.count), {"amount": total, "currency": currency}
        yield say(language, "without_amount", count=self.unmeasured), {}


REWARDS: Final = Table("rewards", Text("Rewards", "奖励"), REWARD_COLUMNS, LINES_SHOWN, VISIBLE, "line", told, Sums)
