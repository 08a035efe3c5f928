"""One person's pay statement as a workbook on one page, and the name of its file."""

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any, BinaryIO, Final

from meritline.appraisal.exports.asked import Asked
from meritline.appraisal.exports.columns import Column, Columns, Sort
from meritline.appraisal.exports.head import Head
from meritline.appraisal.exports.words import say
from meritline.appraisal.exports.workbook import Book
from meritline.rewards.statements.layout import act_text, result_text
from meritline.rewards.statements.people import Statement
from meritline_sdk.model.text import Text

PAGE: Final[Columns] = (
    Column("title", Text("Item", "项目"), width=30),
    Column("amount", Text("Amount", "金额"), Sort.MONEY),
    Column("reason", Text("How it came about", "由来"), Sort.LONG, width=75),
)
# What no file system takes, and what would lead out of the folder; a dot at an end means something to each of them.
UNSAFE: Final = re.compile(r'[<>:"/\\|?*\s\x00-\x1f\x7f]+')
LONGEST_NAME: Final = 120
SUFFIX: Final = ".xlsx"


def write_page(head: Head, statement: Statement, asked: Asked, out: BinaryIO) -> None:
    """The workbook of one person."""
    language = asked.language
    book = Book(language)
    whose = [(say(language, "number"), statement.number), (say(language, "name"), statement.name),
             (say(language, "department"), statement.department or "")]
    results = [(say(language, "results"), result_text(card, language)) for card in statement.cards()]
    title, company, period, *rest = head.top(f"{say(language, 'statement')} {asked.period}", language)
    top = [title, company, period, *whose, *results, *rest]
    sheet = book.sheet(say(language, "statement"), PAGE, top, head.currency)
    for line in statement.money():
        sheet.add(line)
    for currency, total in sorted(statement.totals().items()):
        sheet.foot(say(language, "total"), {"amount": total, "currency": currency})
    if unmeasured := statement.unmeasured():
        sheet.line("")
        sheet.line(say(language, "unmeasured"), role="label")
        for line in unmeasured:
            sheet.told({"title": line["title"], "reason": line["reason"]})
    if acts := statement.acts():
        sheet.line("")
        sheet.line(say(language, "acts"), role="label")
        for line in acts:
            sheet.told({"title": act_text(line, language), "reason": line["reason"]})
    sheet.line("")
    sheet.line(say(language, "signed"), "", say(language, "dated"))
    sheet.close(one_page=True, filtered=False)
    book.save(out)


def file_name(statement: Statement, taken: set[str]) -> str:
    """``E1024_王芳.xlsx``: safe on every system, and nobody else's; case does not tell files apart everywhere."""
    plain = UNSAFE.sub("-", f"{statement.number}_{statement.name}").strip(".-") or "statement"
    name, number = cut(plain), 1
    while name.casefold() in taken:
        number += 1
        name = f"{cut(plain)}_{number}"
    taken.add(name.casefold())
    return f"{name}{SUFFIX}"


def cut(name: str) -> str:
    """The name, not longer than a file system takes, which counts bytes."""
    return name.encode()[:LONGEST_NAME].decode(errors="ignore").strip(".-")


def write_pages(folder: Path, head: Head, some: Sequence[Statement], asked: Asked, taken: set[str]) -> list[Path]:
    """A file for each of some people."""
    made: list[Path] = []
    for statement in some:
        path = folder / file_name(statement, taken)
        with path.open("wb") as out:
            write_page(head, statement, asked, out)
        made.append(path)
    return made


def plain_statement(statement: Statement) -> dict[str, Any]:
    """The statement for programs: amounts as text, exact."""
    kept = ("scheme", "rule", "kind", "title", "currency", "act", "detail", "reason", "digest")
    return {
        "period": statement.period, "number": statement.number, "name": statement.name,
        "department": statement.department,
        "totals": [{"amount": f"{total:.2f}", "currency": currency} for currency, total in
                   sorted(statement.totals().items())],
        "results": [{"scheme": card["scheme"], "score": None if card["score"] is None else str(card["score"]),
                     "grade": card["grade"], "rank": card["rank"], "ranked_among": card["ranked_among"],
                     "state": card["state"]} for card in statement.cards()],
        "lines": [{name: line[name] for name in kept} | {
            "amount": None if line["amount"] is None else f"{line['amount']:.2f}"} for line in statement.lines],
    }  # fmt: skip
