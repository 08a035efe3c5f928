"""``meritline cycle``: which periods are appraised, and locking one whose results are final."""

import argparse
import json
import sys
from typing import Any

from meritline.appraisal import store
from meritline.appraisal.publication import lock_cycle
from meritline.messages import language_of
from meritline.tenancy.service import find_tenant

NAME = "cycle"
HELP = "list the appraised periods, and lock one whose results are final"
ACTOR = "cli"


def configure(parser: argparse.ArgumentParser) -> None:
    """The subcommands."""
    kinds = parser.add_subparsers(dest="cycle_command", required=True, metavar="WHAT")
    listing = kinds.add_parser("list", help="the periods and how far each is, the newest first")
    lock = kinds.add_parser("lock", help="lock a period: its results never change again")
    for each in (listing, lock):
        each.add_argument("--tenant", required=True, metavar="T", help="the company's key")
        each.add_argument("--json", action="store_true", help="answer with JSON")
    lock.add_argument("--period", required=True, metavar="P", help="2026-05, 2026-Q2 or 2026")
    lock.add_argument("--expected-version", type=int, metavar="N", help="refuse if the cycle has another version")


async def run(args: argparse.Namespace, platform: Any) -> int:
    """Do what the subcommand says."""
    return await {"list": show, "lock": lock}[args.cycle_command](args, platform)


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


def plain(cycle: store.Cycle) -> dict[str, Any]:
    """What is told of a cycle."""
    return {"period": cycle.period, "kind": cycle.period_kind, "state": cycle.state, "version": cycle.version}
