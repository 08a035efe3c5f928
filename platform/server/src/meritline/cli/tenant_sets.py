"""``meritline tenant sets|upgrade|adopt|remove-set``: the indicator sets of a company, and what a change would do."""

import argparse
import sys
from collections.abc import Awaitable, Callable
from datetime import date
from typing import Any
from uuid import UUID

from meritline.errors import render
from meritline.messages import Language

ACTOR = "cli"


def day(text: str) -> date:
    """A day as it is written."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"'{text}' is not a day; write one as 2026-06-01") from None


def configure(commands: Any) -> None:
    """One subcommand each."""
    sets = commands.add_parser("sets", help="which sets a company has, and what upgrading them would change")
    upgrade = commands.add_parser("upgrade", help="bring the installed version of a set to a company")
    adopt = commands.add_parser("adopt", help="make schemes read a set by its present definitions from a day on")
    adopt.add_argument("--from", dest="valid_from", type=day, required=True, metavar="DAY",
                       help="the first day; not in a locked period")
    adopt.add_argument("--scheme", action="append", metavar="S", help="only this scheme; may be repeated")
    remove = commands.add_parser("remove-set", help="put a set away that no scheme in force reads")
    for one in (sets, upgrade, adopt, remove):
        one.add_argument("--tenant", required=True, metavar="T", help="the company's key")
    for one in (upgrade, adopt, remove):
        one.add_argument("--set", dest="set_key", required=True, metavar="S", help="the set's key")
        one.add_argument("--dry-run", action="store_true", help="only say what would change")


async def sets(args: argparse.Namespace, platform: Any) -> int:
    """A line for each enabled set; then, indented, what its upgrade would change, and what waits to be adopted."""
    from meritline.cli.tenant import language
    from meritline.onboarding.sets.adopting import waiting_told
    from meritline.onboarding.sets.changes import report_of
    from meritline.onboarding.sets.report import Report
    from meritline.onboarding.sets.standing import sets_of
    from meritline.tenancy.service import find_tenant

    tenant_id = await find_tenant(platform.database, args.tenant)
    async with platform.database.scoped_read(tenant_id, snapshot=True) as conn:
        now = await sets_of(conn, tenant_id, platform.clock().date())
    for key, row in now.enabled.items():
        print(f"{key}  {row['plugin']} {row['plugin_version']}")
        if key not in platform.catalogue.sets:
            why = platform.catalogue.why_absent(key, row["plugin"], row["plugin_version"])
            print(f"    {why.message(language(args))}")
            continue
        report = report_of(now, platform.catalogue, key)
        waiting = Report(key, tuple(waiting_told(now, platform.catalogue, key)))
        for one in (report, waiting):
            for line in () if one.empty else one.sentences(language(args)):
                print(f"    {line}")
    return 0


async def upgrade(args: argparse.Namespace, platform: Any) -> int:
    """Say what changes, then do it."""
    from meritline.onboarding.sets.asking import fitted_for
    from meritline.onboarding.sets.upgrading import upgrade_indicator_set
    from meritline.tenancy.service import find_tenant

    fitted = await fitted_for(platform, await find_tenant(platform.database, args.tenant), args.set_key)
    return await changed(args, platform, lambda uow: upgrade_indicator_set(
        uow, ACTOR, platform.catalogue, args.set_key, today=platform.clock().date(), fitted=fitted,
        dry_run=args.dry_run))


async def adopt(args: argparse.Namespace, platform: Any) -> int:
    """Say what changes, then do it."""
    from meritline.onboarding.sets.adopting import adopt_indicator_set

    return await changed(args, platform, lambda uow: adopt_indicator_set(
        uow, ACTOR, platform.catalogue, args.set_key, args.valid_from, schemes=args.scheme, dry_run=args.dry_run))


async def remove(args: argparse.Namespace, platform: Any) -> int:
    """Say what changes, then do it."""
    from meritline.onboarding.sets.removing import remove_indicator_set

    return await changed(args, platform, lambda uow: remove_indicator_set(
        uow, ACTOR, platform.catalogue, args.set_key, today=platform.clock().date(), dry_run=args.dry_run))


async def changed(args: argparse.Namespace, platform: Any, work: Callable[[Any], Awaitable[Any]]) -> int:
    """Do it in one unit of work and tell the sentences."""
    from meritline.cli.tenant import language
    from meritline.tenancy.service import find_tenant

    tenant_id: UUID = await find_tenant(platform.database, args.tenant)
    async with platform.database.unit_of_work(tenant_id) as uow:
        done = await work(uow)
    told: Language = language(args)
    for line in done.report.sentences(told):
        print(line)
    for one in done.warnings:
        print(render(one, told), file=sys.stderr)
    state = "only tried; nothing was changed" if args.dry_run else "done" if done.changed else "nothing was changed"
    print(f"{args.tenant}, {args.set_key}: {state}.")
    return 0


WORK = {"sets": sets, "upgrade": upgrade, "adopt": adopt, "remove-set": remove}
