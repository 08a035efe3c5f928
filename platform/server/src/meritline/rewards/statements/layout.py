"""The columns of pay statements. Decides that each kind of money has a column of its own, whatever scheme pays it."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any, Final

from meritline.appraisal.exports.columns import Column, Columns, Sort
from meritline.appraisal.exports.words import say, word
from meritline.messages import Language
from meritline.rewards.exports import ACT, DETAIL, REASON
from meritline.rewards.statements.people import Statement
from meritline_sdk.explain.figures import signed
from meritline_sdk.model.canonical import decimal_text
from meritline_sdk.model.text import Text

NUMBER: Final = Column("number", Text("Employee number", "工号"))
NAME: Final = Column("name", Text("Name", "姓名"), width=18)
DEPARTMENT: Final = Column("department", Text("Department", "部门"))
CURRENCY: Final = Column("currency", Text("Currency", "币种"), width=8)
DETAIL_COLUMNS: Final[Columns] = (
    Column("period", Text("Period", "考核期"), width=9),
    NUMBER, NAME, DEPARTMENT,
    Column("scheme", Text("Scheme", "考核方案")),
    Column("score", Text("Score", "得分"), Sort.SCORE, Text("under this scheme", "该方案下的得分")),
    Column("grade", Text("Grade", "等级"), width=11),
    Column("rank", Text("Place", "名次"), Sort.WHOLE),
    Column("rule", Text("Rule", "奖励规则"), width=16),
    Column("kind", Text("Sort", "类别"), translated=True, width=12),
    Column("title", Text("Title", "名称"), width=24),
    Column("amount", Text("Amount", "金额"), Sort.MONEY,
           Text("rounded once to the cent, half up; empty: no money, or not measured, which is not zero",
                "一次性四舍五入到分；空白表示非金钱措施或未测得，不等于零")),
    CURRENCY, ACT, DETAIL, REASON,
)  # fmt: skip
TOTAL: Final = Column("total", Text("Total", "合计"), Sort.MONEY,
                      Text("the sum of all amounts of the person, to the cent", "该员工全部金额之和，精确到分"))
UNMEASURED: Final = Column("unmeasured", Text("Without an amount", "没有金额的项数"), Sort.WHOLE,
                           Text("lines that would be money and were not measured; the detail says why",
                                "本应有金额但未测得的项数，原因见明细"), width=11)
ACTS: Final = Column("acts", Text("Acts that are no money", "非金钱措施"), width=34,
                     about=Text("proposals to people: warning, training, prize ...", "建议的措施：警告、培训、奖品等"))
RESULTS: Final = Column("results", Text("Results", "考核结果"), width=50)

type Kind = tuple[str, str, str]
"""A kind of money: the rule's key and its titles; the same in two schemes is one kind."""


def kind_of(row: Mapping[str, Any]) -> Kind:
    """The kind of money of a line."""
    return row["rule_key"], row["title_en"], row["title_zh"]


def overview_columns(kinds: Sequence[Kind]) -> Columns:
    """One column for each kind, in the order of the tables."""
    money = [Column(f"kind:{place}", Text(en, zh), Sort.MONEY) for place, (_, en, zh) in enumerate(kinds)]
    return (NUMBER, NAME, DEPARTMENT, *money, TOTAL, CURRENCY, UNMEASURED, ACTS, RESULTS)


def overview_rows(statement: Statement, kinds: Sequence[Kind], language: Language) -> list[dict[str, Any]]:
    """The person's row; a second one where a second currency is paid."""
    places = {kind: f"kind:{place}" for place, kind in enumerate(kinds)}
    rows: list[dict[str, Any]] = []
    for currency, total in sorted(statement.totals().items()):
        cells: dict[str, Any] = {}
        for line in statement.lines:
            key = places.get(kind_of(line))
            if key is None or line["currency"] != currency or line["act"] is not None:
                continue
            if line["amount"] is None:
                cells.setdefault(key, say(language, "open"))
            else:
                before = cells.get(key)
                cells[key] = line["amount"] + (before if isinstance(before, Decimal) else 0)
        rows.append({**person(statement), **cells, "total": total, "currency": currency})
    rows[0] |= {"unmeasured": len(statement.unmeasured()) or None, "acts": acts_text(statement, language),
                "results": "; ".join(result_text(card, language) for card in statement.cards())}
    return rows


def person(statement: Statement) -> dict[str, Any]:
    """Who it is."""
    return {"number": statement.number, "name": statement.name, "department": statement.department}


def detail_rows(statement: Statement) -> list[dict[str, Any]]:
    """A row for each line."""
    return [{**line, **person(statement), "grade": line["grade_title"] or line["grade"]} for line in statement.lines]


def act_text(line: Mapping[str, Any], language: Language) -> str:
    """``warning: second month in a row``."""
    act = word(language, "act", line["act"])
    told = line["detail"] or line["title"]
    return f"{act}: {told}" if language == "en" else f"{act}：{told}"


def acts_text(statement: Statement, language: Language) -> str | None:
    """All acts of a person."""
    return "; ".join(act_text(line, language) for line in statement.acts()) or None


def result_text(card: Mapping[str, Any], language: Language) -> str:
    """Score, grade and place under one scheme."""
    none = say(language, "none")
    score = none if card["score"] is None else signed(decimal_text(card["score"]))
    place = none if card["rank"] is None else say(language, "place", rank=card["rank"], among=card["ranked_among"])
    return say(language, "result", scheme=card["scheme"], score=score, place=place,
               grade=card["grade_title"] or card["grade"] or none)
