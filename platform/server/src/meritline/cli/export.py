"""``meritline export``: results as files for people and payroll."""

import argparse
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from meritline.appraisal.cycles import cycle_of
from meritline.appraisal.exports.scorecards import LINES, SCORECARDS, line_rows, scorecard_rows
from meritline.appraisal.exports.sheet import FORMATS, LATER, check_format, written
from meritline.errors import MeritlineError
from meritline.messages import Language, language_of
from meritline.rewards.exports import REWARDS, reward_rows
from meritline.tenancy.service import find_tenant

NAME = "export"
HELP = "write scorecards, score lines or rewards of a period as a file"
WHAT = {"scorecards": (SCORECARDS, scorecard_rows), "lines": (LINES, line_rows), "rewards": (REWARDS, reward_rows)}


def configure(parser: argparse.ArgumentParser) -> None:
    """The options."""
    parser.add_argument("what", choices=[*WHAT, "statements"])
    parser.add_argument("--tenant", required=True, metavar="T", help="the company's key")
    parser.add_argument("--period", required=True, metavar="P", help="2026-05, 2026-Q2 or 2026")
    parser.add_argument("--format", default="csv", choices=[*FORMATS, *LATER])
    parser.add_argument("--output", type=Path, metavar="FILE", help="where to write; default: standard output")


async def run(args: argparse.Namespace, platform: Any) -> int:
    """Write the file."""
    check_format(args.format)
    if args.what == "statements":
        raise MeritlineError("E-EXPORT-LATER", field="what", value=args.what, known=list(WHAT))
    language: Language = language_of(getattr(args, "lang", None))
    tenant_id = await find_tenant(platform.database, args.tenant)
    columns, rows_of = WHAT[args.what]
    async with platform.database.scoped_read(tenant_id, snapshot=True) as conn:
        await cycle_of(conn, tenant_id, args.period)
        rows = await rows_of(conn, tenant_id, args.period, language)
    put(written(args.format, columns, rows, language), args.output)
    return 0


def put(pieces: Iterator[bytes], output: Path | None) -> None:
    """To the file, or to standard output."""
    if output is None:
        sys.stdout.buffer.writelines(pieces)
        sys.stdout.buffer.flush()
        return
    with output.open("wb") as file:
        file.writelines(pieces)
