"""All pay statements as one workbook. Decides that a file whose sums do not agree is never handed out.

The overview has a row for each person and a column for each kind of money; the detail has a row for each line. The sum
under the overview, the sum under the detail and the sum of the database must be the same number.
"""

import asyncio
from collections.abc import Sequence
from decimal import Decimal
from typing import Any, BinaryIO

from meritline.appraisal.exports.asked import Asked
from meritline.appraisal.exports.columns import Column, Sort
from meritline.appraisal.exports.files import shown
from meritline.appraisal.exports.head import Head
from meritline.appraisal.exports.legend import add_legend
from meritline.appraisal.exports.words import say
from meritline.appraisal.exports.workbook import Book
from meritline.db import Connection
from meritline.errors import MeritlineError
from meritline.rewards.exports import VISIBLE
from meritline.rewards.statements import store
from meritline.rewards.statements.layout import (
    DETAIL_COLUMNS,
    Kind,
    detail_rows,
    kind_of,
    overview_columns,
    overview_rows,
)
from meritline.rewards.statements.people import NO_MONEY, Statement, statements

type Sums = dict[str, dict[str, Decimal]]


async def write_book(conn: Connection, head: Head, asked: Asked, out: BinaryIO) -> None:
    """The workbook of everybody whom the reader may see."""
    kinds = list(dict.fromkeys(kind_of(row) for row in await found(conn, asked, store.KINDS) if row["money"]))
    wanted = {row["currency"]: row["total"] for row in await found(conn, asked, store.TOTALS)}
    ledger = Ledger(head, asked, kinds)
    async for some in statements(conn, asked):
        await asyncio.to_thread(ledger.take, some)
    await asyncio.to_thread(ledger.end, out, wanted)


async def found(conn: Connection, asked: Asked, statement: str) -> list[Any]:
    """The rows of a short statement, as far as the reader sees."""
    text, values = asked.statement(statement, VISIBLE, "line")
    return await store.rows(conn, text, values)


class Ledger:
    """The workbook under way."""

    def __init__(self, head: Head, asked: Asked, kinds: Sequence[Kind]) -> None:
        self.language, self.kinds, self.people = asked.language, kinds, 0
        self.book = Book(asked.language)
        title = f"{say(self.language, 'statement')} {asked.period}"
        self.top = head.top(title, self.language)
        self.columns = overview_columns(kinds)
        self.overview = self.book.sheet(say(self.language, "overview"), self.columns, self.top, head.currency)
        self.detail = self.book.sheet(say(self.language, "detail"), DETAIL_COLUMNS, self.top, head.currency)
        self.under_overview: Sums = {}
        self.under_detail: dict[str, Decimal] = {}

    def take(self, some: Sequence[Statement]) -> None:
        """Some people."""
        for statement in some:
            self.people += 1
            for row in overview_rows(statement, self.kinds, self.language):
                self.overview.add(row)
                sums = self.under_overview.setdefault(row["currency"], {})
                for column in self.columns:
                    if column.sort is Sort.MONEY and isinstance(row.get(column.key), Decimal):
                        sums[column.key] = sums.get(column.key, NO_MONEY) + row[column.key]
            for row in detail_rows(statement):
                self.detail.add(row)
                if row["amount"] is not None:
                    before = self.under_detail.get(row["currency"], NO_MONEY)
                    self.under_detail[row["currency"]] = before + row["amount"]

    def end(self, out: BinaryIO, wanted: dict[str, Decimal]) -> None:
        """The sums, once they agree, and the file."""
        self.require_equal(wanted)
        for sheet, label, count in ((self.overview, "sum_people", self.people), (self.detail, "sum", self.detail.rows)):
            if not sheet.rows:
                sheet.line(say(self.language, "nothing"))
            for currency in sorted(self.under_overview):
                values = {**self.under_overview[currency], "amount": self.under_detail.get(currency, NO_MONEY)}
                sheet.foot(say(self.language, label, count=count), {**values, "currency": currency})
            sheet.close()
        every: dict[str, Column] = {each.key: each for each in (*shown(self.columns), *shown(DETAIL_COLUMNS))}
        add_legend(self.book, list(every.values()), self.top)
        self.book.save(out)

    def require_equal(self, wanted: dict[str, Decimal]) -> None:
        """Raise where the sheets and the database do not come to the same money."""
        for currency in {*self.under_overview, *self.under_detail, *wanted}:
            sums = self.under_overview.get(currency, {})
            kinds = sum((value for key, value in sums.items() if key != "total"), NO_MONEY)
            found = {kinds, sums.get("total", NO_MONEY), self.under_detail.get(currency, NO_MONEY),
                     wanted.get(currency, NO_MONEY)}
            if len(found) > 1:
                raise MeritlineError("E-EXPORT-SUMS", field="total", value=currency, sums=sorted(found))
