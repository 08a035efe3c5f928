"""``meritline export``: results as files for people and payroll."""

import argparse
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from meritline.appraisal.cycles import cycle_of
from meritline.appraisal.exports.asked import FORMATS, LATER, XLSX, Asked, check_format
from meritline.errors import MeritlineError
from meritline.messages import Language, language_of
from meritline.rewards.files import STATEMENTS, WHAT, write_file
from meritline.rewards.statements.files import write_each
from meritline.tenancy.service import find_tenant

NAME = "export"
HELP = "write scorecards, score lines, rewards or pay statements of a period as a file"
WITHOUT_PLUGINS = True


def configure(parser: argparse.ArgumentParser) -> None:
    """The options."""
    parser.add_argument("what", choices=WHAT)
    parser.add_argument("--tenant", required=True, metavar="T", help="the company's key")
    parser.add_argument("--period", required=True, metavar="P", help="2026-05, 2026-Q2 or 2026")
    parser.add_argument("--format", default="csv", choices=[*FORMATS, *LATER])
    place = parser.add_mutually_exclusive_group()
    place.add_argument("--output", type=Path, metavar="FILE", help="where to write; default: standard output")
    place.add_argument("--split", type=Path, metavar="DIR", help="pay statements: a workbook for each person, in DIR")


async def run(args: argparse.Namespace, platform: Any) -> int:
    """Write the file."""
    check_format(args.format)
    if args.split is not None and (args.what != STATEMENTS or args.format != XLSX):
        raise MeritlineError("E-EXPORT-SPLIT", field="split", value=args.what)
    language: Language = language_of(getattr(args, "lang", None))
    tenant_id = await find_tenant(platform.database, args.tenant)
    asked = Asked(tenant_id, args.period, language, platform.clock().date())
    async with platform.database.scoped_read(tenant_id, snapshot=True) as conn:
        await cycle_of(conn, tenant_id, args.period)
        if args.split is not None:
            with writing(args.split):
                made = await write_each(conn, asked, args.split)
            print(len(made), args.split, file=sys.stderr)
            return 0
        # Nothing goes to the reader before all of it is there: half a payroll file is worse than none.
        with tempfile.TemporaryFile() as whole:
            await write_file(conn, args.what, asked, args.format, whole)
            whole.seek(0)
            put(whole, args.output)
    return 0


def put(whole: Any, output: Path | None) -> None:
    """To the file, or to standard output."""
    if output is None:
        shutil.copyfileobj(whole, sys.stdout.buffer)
        sys.stdout.buffer.flush()
        return
    with writing(output), output.open("wb") as file:
        shutil.copyfileobj(whole, file)


@contextmanager
def writing(place: Path) -> Iterator[None]:
    """A place that cannot be written is told by its name; a connection that is lost meanwhile is another matter."""
    try:
        yield
    except (ConnectionError, TimeoutError):
        raise
    except OSError as wrong:
        raise MeritlineError("E-EXPORT-FILE", value=place, reason=wrong.strerror or wrong) from wrong
