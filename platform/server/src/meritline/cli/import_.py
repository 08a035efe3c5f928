"""``meritline import``: a file of records by one of the tenant's sources, with the verdicts."""

import argparse
import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeElapsedColumn, TimeRemainingColumn

from meritline.errors import problem
from meritline.messages import Language, language_of
from meritline.records import delivery
from meritline.records.rejects_file import RejectsFile
from meritline.records.service import import_file, mapping_for
from meritline.records.summary import COUNTS, ImportSummary, answer, text_lines
from meritline.tenancy.service import find_tenant

NAME = "import"
HELP = "import a file of records by one of the tenant's sources"
ACTOR = "cli"


def configure(parser: argparse.ArgumentParser) -> None:
    """The options."""
    parser.add_argument("--tenant", required=True, metavar="T", help="the company's key")
    parser.add_argument("--source", required=True, metavar="S", help="the source whose mapping reads the file")
    parser.add_argument("file", metavar="FILE", type=Path, help="CSV, TSV, NDJSON or XLSX, also .gz")
    parser.add_argument("--rejects", metavar="FILE", type=Path, help="write the refused rows here, with their reasons")
    parser.add_argument("--period", metavar="P", help="what the file covers: 2026-05, 2026-Q2, or FIRST..LAST day")
    parser.add_argument("--json", action="store_true", help="answer with JSON")


async def run(args: argparse.Namespace, platform: Any) -> int:
    """Import; 1 where rows were refused."""
    language = language_of((args.lang or "").replace(".", ","))
    tenant_id = await find_tenant(platform.database, args.tenant)
    async with platform.database.scoped_read(tenant_id) as conn:
        source = await mapping_for(conn, tenant_id, args.source, platform.catalogue.records)
    quiet = args.json or not sys.stderr.isatty()
    with shown_progress(args.file.name, quiet=quiet) as progress, rejects(args.rejects, language) as file:
        summary = await import_file(
            platform.database, tenant_id, platform.catalogue.records, source=args.source, given=args.file,
            actor=ACTOR, clock=platform.clock, period=args.period, progress=progress,
            rejected=file.write if file else None, opened=(lambda table: file.like(table, source)) if file else None,
        )  # fmt: skip
    show(args, summary, language)
    return 1 if summary.rejected else 0


@contextmanager
def rejects(path: Path | None, language: Language) -> Iterator[RejectsFile | None]:
    """The file of rejected rows, if one is wanted."""
    if path is None:
        yield None
        return
    with RejectsFile(path, language) as file:
        yield file


@contextmanager
def shown_progress(name: str, *, quiet: bool) -> Iterator[Callable[[delivery.Progress], None]]:
    """A bar on a terminal: how much of the file is read, and how many rows a second."""
    columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), TextColumn("{task.fields[rows]}"),
               TimeElapsedColumn(), TimeRemainingColumn())  # fmt: skip
    with Progress(*columns, console=Console(stderr=True), disable=quiet, transient=True) as bar:
        task = bar.add_task(name, total=1, rows="")

        def step(at: delivery.Progress) -> None:
            elapsed = bar.tasks[0].elapsed or 0
            rate = f" ({at.lines / elapsed:,.0f}/s)" if elapsed >= 1 else ""
            bar.update(task, completed=at.bytes_read, total=max(1, at.bytes_total), rows=f"{at.lines:,} rows{rate}")

        yield step


def show(args: argparse.Namespace, summary: ImportSummary, language: Language) -> None:
    """The verdicts: counts on stdout, reasons on stderr."""
    if args.json:
        print(json.dumps(answer(summary, language), ensure_ascii=False))
        return
    for line in text_lines(summary, language):
        print(line, file=sys.stderr)
    told = sum(len(row.reasons) for row in summary.rejects)
    if summary.rejected > len(summary.rejects):
        print(f"… {summary.rejected - len(summary.rejects)} more rows (--rejects FILE has all)", file=sys.stderr)
    if summary.unresolved:
        some = ", ".join(f"{space}:{code} ×{count}" for space, code, count in summary.unknown_codes)
        warning = problem("E-IMPORT-MANY-CODES", file=summary.file_name, count=summary.unresolved, known=some)
        print(warning.text(language), file=sys.stderr)
    counts = [f"{getattr(summary, name)} {name}" for name in COUNTS if getattr(summary, name) or name == "accepted"]
    covers = f"; covers {summary.covered[0]} .. {summary.covered[1] - timedelta(days=1)}" if summary.covered else ""
    print(f"{summary.file_name}: {', '.join(counts)}{covers}")
    if args.rejects and told:
        print(f"{summary.rejected} refused rows with their reasons: {args.rejects}")
