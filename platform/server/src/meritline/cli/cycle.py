"""``meritline cycle``: which periods are appraised, refreshing one, and locking one whose results are final."""

import argparse
import json
import sys
from typing import Any
from uuid import UUID

from meritline.appraisal import store
from meritline.appraisal.publication import lock_cycle
from meritline.appraisal.refresh.asking import ask_refresh
from meritline.cli.appraise import follow
from meritline.errors import Refused
from meritline.jobs import failure
from meritline.messages import language_of
from meritline.tenancy.service import find_tenant

NAME = "cycle"
HELP = "list the appraised periods, refresh one whose records were corrected, lock one whose results are final"
ACTOR = "cli"


def configure(parser: argparse.ArgumentParser) -> None:
    """The subcommands."""
    kinds = parser.add_subparsers(dest="cycle_command", required=True, metavar="WHAT")
    listing = kinds.add_parser("list", help="the periods and how far each is, the newest first")
    lock = kinds.add_parser("lock", help="lock a period: its results never change again")
    again = kinds.add_parser("refresh", help="score again whom corrected records concern, and write what differs")
    for each in (listing, lock, again):
        each.add_argument("--tenant", required=True, metavar="T", help="the company's key")
        each.add_argument("--json", action="store_true", help="answer with JSON")
    for each in (lock, again):
        each.add_argument("--period", required=True, metavar="P", help="2026-05, 2026-Q2 or 2026")
    again.add_argument("--wait", action="store_true", help="work until it is done, and say what came of it")
    lock.add_argument("--expected-version", type=int, metavar="N", help="refuse if the cycle has another version")


async def run(args: argparse.Namespace, platform: Any) -> int:
    """Do what the subcommand says."""
    return await {"list": show, "lock": lock, "refresh": refresh}[args.cycle_command](args, platform)


async def show(args: argparse.Namespace, platform: Any) -> int:
    """One line for each period."""
    tenant_id = await find_tenant(platform.database, args.tenant)
    async with platform.database.scoped_read(tenant_id) as conn:
        found = [plain(each) for each in await store.cycles(conn, tenant_id)]
    if args.json:
        print(json.dumps(found))
    for each in () if args.json else found:
        print(f"{each['period']:<8} {each['state']:<10} version {each['version']}")
    return 0


async def lock(args: argparse.Namespace, platform: Any) -> int:
    """Lock it; what was open and did not block is told beside."""
    tenant_id = await find_tenant(platform.database, args.tenant)
    async with platform.database.unit_of_work(tenant_id) as uow:
        cycle, told = await lock_cycle(uow, ACTOR, args.period, args.expected_version)
    for each in told:
        print(each.text(language_of(getattr(args, "lang", None))), file=sys.stderr)
    print(json.dumps(plain(cycle)) if args.json else f"{cycle.period}: locked")
    return 0


async def refresh(args: argparse.Namespace, platform: Any) -> int:
    """Ask for it; with ``--wait`` this process works on it too, and on the full run where one was needed."""
    tenant_id = await find_tenant(platform.database, args.tenant)
    async with platform.database.unit_of_work(tenant_id) as uow:
        _, job = await ask_refresh(uow, ACTOR, args.period, enqueue=platform.jobs.enqueue)
    if not args.wait:
        print(json.dumps({"period": args.period, "job": str(job)}) if args.json
              else f"{args.period}: a refresh is queued (job {job})")
        return 0
    async with platform.jobs.working():
        result = await ended(args, platform, tenant_id, job)
        if not result["refreshed"]:
            for each in failure.load(json.dumps([result["why"]])):
                print(each.text(language_of(getattr(args, "lang", None))), file=sys.stderr)
            result |= await ended(args, platform, tenant_id, UUID(result["job"]))
    if args.json:
        print(json.dumps({"period": args.period, **result}))
    elif result["refreshed"]:
        print(f"{args.period}: {result['touched']} scored again; {result['cards']} scorecards, "
              f"{result['lines']} lines, {result['places']} places, {result['rewards']} rewards differ; "
              f"result {result['result_digest']}")
    else:
        print(f"{args.period}: run {result['number']} is {result['state']}, result {result['result_digest']}")
    return 0


async def ended(args: argparse.Namespace, platform: Any, tenant_id: UUID, job: UUID) -> dict[str, Any]:
    """What a job came to."""
    done = await follow(platform, tenant_id, job, quiet=args.json or not sys.stderr.isatty())
    if done.state == "failed":
        raise Refused(done.problems)
    return dict(done.result or {})


def plain(cycle: store.Cycle) -> dict[str, Any]:
    """What is told of a cycle."""
    return {"period": cycle.period, "kind": cycle.period_kind, "state": cycle.state, "version": cycle.version}
