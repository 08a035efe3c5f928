"""What is wrong with a file: the file, the line, the field, the value, and what to do. Decides the words.

A bad row is told and left out; the good ones are used.
"""

from dataclasses import dataclass

from meritline_sdk.acceptance.findings import cut

type Words = tuple[str, str]

WORDS: dict[str, tuple[Words, Words]] = {
    "absent": (("the file does not exist", "文件不存在"), ("write the path of a file", "请写出文件路径")),
    "unreadable": (("the file cannot be read: {reason}", "文件无法读取：{reason}"),
                   ("close it elsewhere, or copy it", "请关闭占用它的程序，或复制一份")),
    "encoding": (("the text is neither UTF-8 nor GB18030", "文本既不是 UTF-8 也不是 GB18030"),
                 ("save it as UTF-8", "请另存为 UTF-8")),
    "spreadsheet": (("this is a spreadsheet, not a text file", "这是电子表格，不是文本文件"),
                    ("save it as CSV UTF-8", "请另存为 CSV UTF-8")),
    "empty": (("the file has no rows", "文件没有数据行"), ("add a header and a row for each record",
                                                       "请写入表头，每条记录一行")),
    "json": (("the line is no JSON object: {reason}", "该行不是 JSON 对象：{reason}"),
             ("write one object a line: {{\"field\": value}}", "每行写一个对象：{{\"字段\": 值}}")),
    "columns": (("the row has {count} cells, the header {expected}", "该行有 {count} 个单元格，表头有 {expected} 个"),
                ("put a cell that holds the delimiter in quotes", "含分隔符的单元格请加引号")),
    "quotes": (("a quote is not closed: {reason}", "引号未闭合：{reason}"), ("close it", "请补上引号")),
    "header_twice": (("the column stands twice", "该列出现两次"), ("rename one of them", "请将其中一列改名")),
    "column_absent": (("the file has no column for it, and every {record} has one",
                       "文件缺少该列，而每条{record}都需要它"),
                      ("add the column; {hint}", "请添加该列；{hint}")),
    "column_unknown": (("{record} has no field of that name; the column is not read",
                        "{record}没有该字段，未读取该列"),
                       ("{hint}", "{hint}")),
    "missing": (("there is no value, and every {record} has one", "缺少值，而每条{record}都需要它"),
                ("fill it in, or declare the field optional=True", "请填写，或将字段声明为 optional=True")),
    "int": (("it is no whole number of at most 18 digits", "不是 18 位以内的整数"), ("write 12", "请写成 12")),
    "number": (("it is no number", "不是数字"), ("write 12.5, without a unit or a separator of thousands",
                                             "请写成 12.5，不带单位和千位分隔符")),
    "places": (("it has more than {places} decimals, and nothing is rounded here",
                "小数超过 {places} 位，此处不作舍入"),
               ("round it in the source, or declare places=", "请在来源处舍入，或声明 places=")),
    "range": (("it is not {range}", "不在 {range} 范围内"), ("mend it, or the field's minimum= and maximum=",
                                                       "请修正，或修改字段的 minimum= 和 maximum=")),
    "flag": (("it is neither yes nor no", "既不是“是”也不是“否”"), ("write true or false", "请写 true 或 false")),
    "instant": (("it is no moment", "不是时刻"), ("write 2026-05-03T09:00:00+08:00, or 2026-05-03 09:00 in {zone}",
                                              "请写成 2026-05-03T09:00:00+08:00，或 2026-05-03 09:00（{zone}）")),
    "day": (("it is no day", "不是日期"), ("write 2026-05-03", "请写成 2026-05-03")),
    "choice": (("it is none of {known}", "不是其中之一：{known}"),
               ("write one of them {hint}", "请改为其中之一 {hint}")),
    "long": (("it has {count} characters, and at most {most} are kept", "有 {count} 个字符，最多 {most} 个"),
             ("shorten it, or declare longest=", "请缩短，或声明 longest=")),
    "people": (("it names no people with whole parts from 1 on", "没有写明人员及其份额（正整数）"),
               ("write M1;M2, or M1:2;M2:1", "请写成 M1;M2，或 M1:2;M2:1")),
    "value": (("it is of the wrong type", "类型不对"), ("write a text, a number, true or false",
                                                   "请写文本、数字、true 或 false")),
    "twice": (("the id stands on line {first} too; this later row is used", "该编号在第 {first} 行已出现；采用后一行"),
              ("give each record an id of its own", "请为每条记录使用不同的编号")),
    "role": (("nobody rates in this role; it is one of {known}", "没有该评价角色；可用角色：{known}"),
             ("write one of them", "请改为其中之一")),
    "rated": (("there is no rated indicator of that name", "没有该名称的评分指标"), ("{hint}", "{hint}")),
    "scale": (("it lies outside the scale from {low} to {high}", "超出评分范围 {low} 至 {high}"),
              ("give it on the scale, or say scale_min and scale_max", "请按范围评分，或注明 scale_min 和 scale_max")),
}  # fmt: skip
NOTES = frozenset({"column_unknown", "twice"})
"""What is told and leaves the row in."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """One thing that is wrong with a file; ``line`` and ``field`` where it is about one."""

    rule: str
    file: str
    line: int | None
    field: str | None
    value: str | None
    told: tuple[tuple[str, str], ...] = ()

    @property
    def note(self) -> bool:
        """Whether the row is used all the same."""
        return self.rule in NOTES

    def text(self, language: str) -> str:
        """``records.csv:7 visits = "two": it is no whole number; write 12``."""
        place = self.file if self.line is None else f"{self.file}:{self.line}"
        what, remedy = (self.words(which, language) for which in (0, 1))
        about = f" {self.field}" if self.field else ""
        value = f' = "{self.value}"' if self.value is not None else ""
        colon, semicolon = ("：", "；") if language == "zh" else (": ", "; ")
        return f"{place}{about}{value}{colon}{what}{semicolon}{remedy}".rstrip("; ；")

    def words(self, which: int, language: str) -> str:
        """What is wrong (0) or what to do (1)."""
        return WORDS[self.rule][which][1 if language == "zh" else 0].format(**dict(self.told)).rstrip("; ；").strip()

    def as_dict(self, language: str) -> dict[str, object]:
        """For programs."""
        return {"file": self.file, "line": self.line, "field": self.field, "value": self.value, "rule": self.rule,
                "what": self.words(0, language), "remedy": self.words(1, language), "used": self.note}


def refusal(rule: str, file: str, line: int | None = None, field: str | None = None, value: object = None,
            **told: object) -> Refusal:
    """A refusal; what it repeats of the file is cut to what a reader bears."""
    return Refusal(rule, file, line, field, None if value is None else cut(str(value))[:80],
                   tuple((name, cut(str(one))) for name, one in told.items()))
