"""What a rating sheet is made of: columns, words, and the seal of each row.

A row says what it rates in hidden columns. Its seal covers them, the sheet's head, and the code and title that the
rater sees, so that no row can be turned into another, moved to another sheet, or sorted apart.
"""

import hmac
import json
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Final

from meritline.messages import Language

VERSION: Final = "1"
MAIN, HEAD = "ratings", "meritline"
MOST_ROWS: Final = 5000
HEADER_ROW: Final = 3
SEAL_LENGTH: Final = 32

WORDS: Final[dict[str, tuple[str, str]]] = {
    "main": ("Ratings", "评分表"),
    "title": ("Ratings for {period}: {company}", "{period} 评分表：{company}"),
    "rater": ("Rater: {rater}", "评价人：{rater}"),
    "hint": ("Fill in the yellow cells only. Leave a row empty to give no rating. The lowest and the highest value "
             "need a comment.", "只填写黄色单元格；不评分的行留空；最低分和最高分须附评语。"),
    "subject": ("No.", "工号/编码"), "name": ("Name", "姓名"), "department": ("Department", "部门"),
    "indicator": ("Indicator", "指标"), "looks_at": ("What to look at", "考察要点"), "role": ("As", "评价角色"),
    "scale": ("Scale", "评分范围"), "grades": ("Described grades", "等级说明"), "rating": ("Rating", "评分"),
    "comment": ("Comment", "评语"), "to": ("{low} to {high}", "{low} 至 {high}"),
    "outside": ("A number from {low} to {high}, please.", "请填写 {low} 至 {high} 之间的数字。"),
    "too_long": ("At most {longest} characters, please.", "最多 {longest} 个字符。"),
}  # fmt: skip
SHOWN: Final = ("subject", "name", "department", "indicator", "looks_at", "role", "scale", "grades", "rating",
                "comment")
HIDDEN: Final = ("scheme", "indicator_key", "kind", "subject_key", "role_key", "version", "seal")
COLUMNS: Final = (*SHOWN, *HIDDEN)
WIDTHS: Final = {"subject": 12, "name": 14, "department": 14, "indicator": 26, "looks_at": 34, "role": 14, "scale": 11,
                 "grades": 46, "rating": 10, "comment": 44}  # fmt: skip


def place(column: str) -> int:
    """The number of a column, from 1."""
    return COLUMNS.index(column) + 1


def say(language: Language, key: str, **values: object) -> str:
    """The phrase in the language, filled."""
    return WORDS[key][language == "zh"].format(**values)


@dataclass(frozen=True, slots=True)
class Head:
    """Whose sheet it is: of which company and period, for which rater (nobody in particular: None)."""

    tenant: str
    period: str
    scheme: str | None
    rater: str | None

    def fields(self) -> list[str]:
        """In the order of the head's page."""
        return [VERSION, self.tenant, self.period, self.scheme or "", self.rater or ""]


@dataclass(frozen=True, slots=True)
class Line:
    """What a row rates; ``code`` and ``title`` are what the rater sees of it."""

    scheme: str
    indicator: str
    kind: str
    subject: str
    role: str
    version: int
    code: str
    title: str

    def fields(self) -> list[str]:
        """In the order of the hidden columns, then what is seen."""
        return [self.scheme, self.indicator, self.kind, self.subject, self.role, str(self.version), self.code,
                self.title]


def sealed(secret: bytes, head: Head, fields: Sequence[str] = ()) -> str:
    """The seal of a row of this sheet, or of its head."""
    text = json.dumps([head.fields(), list(fields)], ensure_ascii=False)
    return hmac.new(secret, text.encode(), sha256).hexdigest()[:SEAL_LENGTH]


def holds(seal: object, wanted: str) -> bool:
    """Whether the seal is the wanted one."""
    return isinstance(seal, str) and hmac.compare_digest(seal.encode(), wanted.encode())
