"""``meritline figures import``: a file of ready-made figures, for what no system counts."""

import argparse
import json
import sys
from pathlib import Path
from typing import Any

from meritline.appraisal.figures.answers import answer, text_lines
from meritline.appraisal.figures.files import Delivered, deliver
from meritline.appraisal.figures.service import COMMAND_LINE
from meritline.messages import Language, language_of
from meritline.records.formats import Table, open_table
from meritline.records.rejects_file import RejectsFile
from meritline.tenancy.service import find_tenant

NAME = "figures"
HELP = "import ready-made figures for what no system counts"
WITHOUT_PLUGINS = True


def configure(parser: argparse.ArgumentParser) -> None:
    """The options."""
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
    importing = actions.add_parser("import", help="a file of figures: CSV, TSV, NDJSON or XLSX, also .gz")
    importing.add_argument("--tenant", required=True, metavar="T", help="the company's key")
    importing.add_argument("file", metavar="FILE", type=Path, help="columns: period, indicator, employee_no or "
                           "department_code, numerator and denominator or value, sample, source, note")
    importing.add_argument("--period", metavar="P", help="the period of rows that name none: 2026-05")
    importing.add_argument("--replace", action="store_true", help="replace other figures that stand already")
    importing.add_argument("--rejects", metavar="FILE", type=Path, help="write the refused rows here, with reasons")
    importing.add_argument("--json", action="store_true", help="answer with JSON")


async def run(args: argparse.Namespace, platform: Any) -> int:
    """Import; 1 where rows were refused."""
    language = language_of((args.lang or "").replace(".", ","))
    tenant_id = await find_tenant(platform.database, args.tenant)
    table = open_table(args.file)
    async with platform.database.unit_of_work(tenant_id) as uow:
        done = await deliver(uow, COMMAND_LINE, table, period=args.period, replacing=args.replace,
                             clock=platform.clock)
    if args.rejects and done.rejects:
        write_rejects(args.rejects, table, done, language)
    show(args, done, language)
    return 1 if done.rejects else 0


def write_rejects(path: Path, table: Table, done: Delivered, language: Language) -> None:
    """The refused rows, to be mended and sent again."""
    with RejectsFile(path, language) as file:
        file.like(table)
        for each in done.rejects:
            file.write(each)


def show(args: argparse.Namespace, done: Delivered, language: Language) -> None:
    """The counts on stdout, the reasons on stderr."""
    if args.json:
        print(json.dumps(answer(done, language), ensure_ascii=False))
        return
    for text in text_lines(done, language):
        print(text, file=sys.stderr)
    print(f"{args.file.name}: {done.written} written, {done.unchanged} unchanged, {len(done.rejects)} rejected")
    if args.rejects and done.rejects:
        print(f"{len(done.rejects)} refused rows with their reasons: {args.rejects}")
