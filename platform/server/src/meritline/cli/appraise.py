"""``meritline appraise``: open the cycle of a period if needed and run it."""

import argparse
import json
import sys
from contextlib import aclosing
from typing import Any
from uuid import UUID

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from meritline.appraisal.cycles import open_cycle
from meritline.appraisal.service import Asked, run_cycle
from meritline.errors import MeritlineError, Refused, problem
from meritline.jobs import failure
from meritline.jobs.progress import JobProgress
from meritline.messages import language_of
from meritline.tenancy.service import find_tenant

NAME = "appraise"
HELP = "open the cycle of a period if needed and run it, over all schemes or one"
ACTOR = "cli"


def configure(parser: argparse.ArgumentParser) -> None:
    """The options."""
    parser.add_argument("--tenant", required=True, metavar="T", help="the company's key")
    parser.add_argument("--period", required=True, metavar="P", help="2026-05, 2026-Q2 or 2026")
    parser.add_argument("--scheme", metavar="S", help="one scheme only; what the others gave is kept")
    parser.add_argument("--wait", action="store_true", help="work until the run has ended, and say what came of it")
    parser.add_argument("--json", action="store_true", help="answer with JSON")


async def run(args: argparse.Namespace, platform: Any) -> int:
    """Ask for the run; with ``--wait`` this process works on it too, so that no other is needed."""
    tenant_id = await find_tenant(platform.database, args.tenant)
    asked = await ask(args, platform, tenant_id)
    if not args.wait:
        told = {"period": args.period, "run": asked.number, "job": str(asked.job_id)}
        print(json.dumps(told) if args.json else f"{args.period}: run {asked.number} is queued (job {asked.job_id})")
        return 0
    async with platform.jobs.working():
        ended = await follow(platform, tenant_id, asked.job_id, quiet=args.json or not sys.stderr.isatty())
    if ended.state == "failed":
        raise Refused(ended.problems)
    show(args, ended)
    return 0


async def ask(args: argparse.Namespace, platform: Any, tenant_id: UUID) -> Asked:
    """Open and ask, in one unit."""
    async with platform.database.unit_of_work(tenant_id) as uow:
        cycle = await open_cycle(uow, ACTOR, args.period)
        return await run_cycle(uow, ACTOR, cycle.id, args.scheme, enqueue=platform.jobs.enqueue, now=platform.clock())


async def follow(platform: Any, tenant_id: UUID, job_id: UUID, *, quiet: bool) -> JobProgress:
    """Show the progress until the job has ended."""
    columns = (TextColumn("{task.description}"), BarColumn(), TextColumn("{task.completed:.0f}/{task.total:.0f}"),
               TimeElapsedColumn())  # fmt: skip
    with Progress(*columns, console=Console(stderr=True), disable=quiet, transient=True) as bar:
        task = bar.add_task("waiting", total=0)
        async with aclosing(platform.jobs.watch(tenant_id, job_id)) as steps:
            async for step in steps:
                bar.update(task, description=step.note or step.state, completed=step.done, total=step.total)
                if step.finished:
                    found: JobProgress = step
                    return found
    raise MeritlineError("E-JOB-WAIT", value=job_id, seconds="?")


def show(args: argparse.Namespace, ended: JobProgress) -> None:
    """What the run came to."""
    result = dict(ended.result or {})
    for scheme in result.get("idle", ()):
        told = problem("E-RUN-IDLE", value=scheme, period=args.period)
        print(told.text(language_of(getattr(args, "lang", None))), file=sys.stderr)
    for each in failure.load(json.dumps(result.get("failed", []))):
        print(each.text(language_of(getattr(args, "lang", None))), file=sys.stderr)
    if args.json:
        print(json.dumps({"period": args.period, **result}))
        return
    print(f"{args.period}: run {result.get('number')} is {result.get('state')}, {result.get('subjects')} scorecards, "
          f"result {result.get('result_digest')}")
