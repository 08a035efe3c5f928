"""Writes a table as a file. Decides that a workbook has a sheet for each scheme, and a legend at its end."""

import asyncio
from collections.abc import Sequence
from typing import Any, BinaryIO

from meritline.appraisal.exports.asked import CSV, JSON, Asked
from meritline.appraisal.exports.columns import Columns
from meritline.appraisal.exports.head import Head, head_of
from meritline.appraisal.exports.legend import add_legend
from meritline.appraisal.exports.sheet import csv_head, csv_rows, json_rows
from meritline.appraisal.exports.tables import Foot, Table
from meritline.appraisal.exports.words import say
from meritline.appraisal.exports.workbook import Book, Sheet
from meritline.db import Connection


async def write_table(conn: Connection, table: Table, asked: Asked, form: str, out: BinaryIO) -> None:
    """The file; ``conn`` is a snapshot of the tenant."""
    head = await head_of(conn, asked.tenant_id, asked.period)
    if form == CSV:
        out.write(csv_head(table.columns, asked.language))
        async for rows in table.rows(conn, asked):
            out.write(csv_rows(table.columns, rows))
    elif form == JSON:
        await write_json(conn, table, asked, out)
    else:
        await write_workbook(conn, table, head, asked, out)


async def write_json(conn: Connection, table: Table, asked: Asked, out: BinaryIO) -> None:
    """A list of objects, a line each."""
    between = "[\n"
    async for rows in table.rows(conn, asked):
        for text in json_rows(table.columns, rows):
            out.write(f"{between}{text}".encode())
            between = ",\n"
    out.write(b"[]\n" if between == "[\n" else b"\n]\n")


async def write_workbook(conn: Connection, table: Table, head: Head, asked: Asked, out: BinaryIO) -> None:
    """A sheet for each scheme, then the legend."""
    pages = Pages(table, head, asked)
    async for rows in table.rows(conn, asked):
        await asyncio.to_thread(pages.take, rows)
    await asyncio.to_thread(pages.end, out)


class Pages:
    """The workbook of a table under way."""

    def __init__(self, table: Table, head: Head, asked: Asked) -> None:
        self.table, self.head, self.asked = table, head, asked
        self.book = Book(asked.language)
        self.scheme: str | None = None
        self.sheet: Sheet | None = None
        self.foot: Foot = table.foot()

    def take(self, rows: Sequence[dict[str, Any]]) -> None:
        """Some rows, in order of their schemes."""
        for row in rows:
            if self.sheet is None or row["scheme"] != self.scheme:
                self.close()
                self.open(row["scheme"])
            assert self.sheet is not None
            self.sheet.add(row)
            self.foot.take(row)

    def open(self, scheme: str | None) -> None:
        """The sheet of a scheme."""
        language, title = self.asked.language, self.table.title.in_language(self.asked.language)
        used = self.head.schemes.get(scheme or "")
        name = used.scheme.title.in_language(language) if used else scheme or title
        self.scheme, self.foot = scheme, self.table.foot()
        top = self.head.top(f"{title} {self.asked.period}", language, scheme)
        self.sheet = self.book.sheet(name, self.table.columns, top, self.head.currency)

    def close(self) -> None:
        """The sheet with what stands under its rows."""
        if self.sheet is not None:
            for label, values in self.foot.lines(self.asked.language):
                self.sheet.foot(label, values)
            self.sheet.close()

    def end(self, out: BinaryIO) -> None:
        """The file."""
        if self.sheet is None:
            self.open(None)
            assert self.sheet is not None
            self.sheet.line(say(self.asked.language, "nothing"))
        self.close()
        add_legend(self.book, shown(self.table.columns), self.head.top(self.table.title.in_language(
            self.asked.language), self.asked.language))
        self.book.save(out)


def shown(columns: Columns) -> Columns:
    """The columns that the legend tells of."""
    return [each for each in columns if each.about is not None]
