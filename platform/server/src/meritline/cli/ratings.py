"""``meritline ratings``: rating sheets out and back in."""

import argparse
import json
import sys
from pathlib import Path
from typing import Any

from meritline.errors import MeritlineError
from meritline.messages import language_of

NAME = "ratings"
HELP = "write a rating sheet as XLSX, and take it back filled in"
WITHOUT_PLUGINS = True
MOST_BYTES = 64 * 1024 * 1024


def configure(parser: argparse.ArgumentParser) -> None:
    """The subcommands."""
    kinds = parser.add_subparsers(dest="ratings_command", required=True, metavar="WHAT")
    sheet = kinds.add_parser("sheet", help="write the sheet of a rater, or of nobody in particular")
    back = kinds.add_parser("import", help="take a filled sheet back")
    for each in (sheet, back):
        each.add_argument("--tenant", required=True, metavar="T", help="the company's key")
    sheet.add_argument("--period", required=True, metavar="P", help="2026-05, 2026-Q2 or 2026")
    sheet.add_argument("--scheme", metavar="S", help="only what this scheme asks")
    sheet.add_argument("--rater", metavar="NO", help="the number of the employee who rates")
    sheet.add_argument("--role", metavar="R", help="only in this role: manager, peer, department, inspector ...")
    sheet.add_argument("-o", "--output", required=True, type=Path, metavar="FILE", help="where to write the XLSX")
    back.add_argument("file", type=Path, metavar="FILE", help="the filled XLSX")
    back.add_argument("--period", metavar="P", help="refuse the sheet of any other period")
    back.add_argument("--json", action="store_true", help="answer with JSON")


async def run(args: argparse.Namespace, platform: Any) -> int:
    """Do what the subcommand says."""
    done: int = await {"sheet": write_sheet, "import": take_back}[args.ratings_command](args, platform)
    return done


async def write_sheet(args: argparse.Namespace, platform: Any) -> int:
    """The sheet as a file."""
    from meritline.appraisal.ratings.sheet import OPERATOR, make_sheet
    from meritline.tenancy.service import find_tenant

    tenant_id = await find_tenant(platform.database, args.tenant)
    async with platform.database.unit_of_work(tenant_id) as uow:
        content = await make_sheet(uow, OPERATOR, args.period, scheme=args.scheme, rater=args.rater, role=args.role,
                                   language=language_of((args.lang or "").replace(".", ",")))
    args.output.write_bytes(content)
    print(args.output)
    return 0


async def take_back(args: argparse.Namespace, platform: Any) -> int:
    """Its ratings; 1 where rows were refused."""
    from meritline.appraisal.ratings.sheet import OPERATOR, take_sheet
    from meritline.tenancy.service import find_tenant

    language = language_of((args.lang or "").replace(".", ","))
    tenant_id = await find_tenant(platform.database, args.tenant)
    async with platform.database.unit_of_work(tenant_id) as uow:
        summary = await take_sheet(uow, OPERATOR, content_of(args.file), name=args.file.name, period=args.period,
                                   clock=platform.clock)
    if args.json:
        print(json.dumps(summary.answer(language), ensure_ascii=False, default=str))
    else:
        for one in summary.problems:
            print(one.text(language), file=sys.stderr)
        print(f"{args.file.name}: {summary.accepted} accepted, {summary.changed} changed, {summary.unchanged} "
              f"unchanged, {summary.empty} empty, {summary.rejected} rejected")
    return 1 if summary.problems else 0


def content_of(path: Path) -> bytes:
    """The bytes of the file."""
    try:
        if path.stat().st_size > MOST_BYTES:
            raise MeritlineError("E-RATING-SHEET", file=path.name, reason=f"it has more than {MOST_BYTES} bytes")
        return path.read_bytes()
    except OSError as error:
        raise MeritlineError("E-RATING-SHEET", file=path.name, reason=error.strerror) from error
