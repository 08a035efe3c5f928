"""Writes pay statements: one workbook for payroll, a file for each person, or CSV and JSON for programs."""

import asyncio
import json
from pathlib import Path
from typing import BinaryIO

from meritline.appraisal.exports.asked import CSV, JSON, Asked
from meritline.appraisal.exports.head import head_of
from meritline.appraisal.exports.sheet import csv_head, csv_rows
from meritline.db import Connection
from meritline.rewards.statements.book import write_book
from meritline.rewards.statements.layout import DETAIL_COLUMNS, detail_rows
from meritline.rewards.statements.people import statements
from meritline.rewards.statements.person import plain_statement, write_pages


async def write_statements(conn: Connection, asked: Asked, form: str, out: BinaryIO) -> None:
    """The file; ``conn`` is a snapshot of the tenant."""
    head = await head_of(conn, asked.tenant_id, asked.period)
    if form == CSV:
        out.write(csv_head(DETAIL_COLUMNS, asked.language))
        async for some in statements(conn, asked):
            out.write(csv_rows(DETAIL_COLUMNS, [row for each in some for row in detail_rows(each)]))
    elif form == JSON:
        await write_json(conn, asked, out)
    else:
        await write_book(conn, head, asked, out)


async def write_json(conn: Connection, asked: Asked, out: BinaryIO) -> None:
    """A list of people, a line each."""
    between = "[\n"
    async for some in statements(conn, asked):
        for each in some:
            out.write(f"{between}{json.dumps(plain_statement(each), ensure_ascii=False)}".encode())
            between = ",\n"
    out.write(b"[]\n" if between == "[\n" else b"\n]\n")


async def write_each(conn: Connection, asked: Asked, folder: Path) -> list[Path]:
    """A workbook for each person."""
    head = await head_of(conn, asked.tenant_id, asked.period)
    await asyncio.to_thread(folder.mkdir, parents=True, exist_ok=True)
    taken: set[str] = set()
    made: list[Path] = []
    async for some in statements(conn, asked):
        made += await asyncio.to_thread(write_pages, folder, head, some, asked, taken)
    return made
