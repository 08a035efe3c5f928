"""``meritline state``: the measure state that runs read instead of all records."""

import argparse
import json
from typing import Any

from meritline.appraisal.state import bring_up, rebuild
from meritline.measuring.state import service
from meritline.tenancy.service import find_tenant

NAME = "state"
HELP = "show the measure state that runs read, bring it up, make it anew or drop it"


def configure(parser: argparse.ArgumentParser) -> None:
    """The subcommands."""
    kinds = parser.add_subparsers(dest="state_command", required=True, metavar="WHAT")
    for name, text in (
        ("show", "what is kept, and how many marks of changed records wait"),
        ("refresh", "take in what imports marked, and make what open cycles lack, as the worker does"),
        ("rebuild", "drop it, and make anew what a run of the period reads"),
        ("drop", "leave nothing of it; runs read the records until it is made again"),
    ):
        each = kinds.add_parser(name, help=text, description=text)
        each.add_argument("--tenant", required=True, metavar="T", help="the company's key")
        each.add_argument("--json", action="store_true", help="answer with JSON")
        if name == "rebuild":
            each.add_argument("--period", required=True, metavar="P", help="2026-05, 2026-Q2 or 2026")


async def run(args: argparse.Namespace, platform: Any) -> int:
    """Do what the subcommand says."""
    tenant_id = await find_tenant(platform.database, args.tenant)
    match args.state_command:
        case "refresh":
            done = await bring_up(platform.database, tenant_id)
        case "rebuild":
            done = {"months": await rebuild(platform.database, tenant_id, args.period)}
        case "drop":
            done = {"states": await service.drop(platform.database, tenant_id)}
        case _:
            return await show(args, platform, tenant_id)
    print(json.dumps(done) if args.json else ", ".join(f"{name}: {count}" for name, count in done.items()))
    return 0


async def show(args: argparse.Namespace, platform: Any, tenant_id: Any) -> int:
    """A line for each state, and one for the marks."""
    async with platform.database.scoped_read(tenant_id, snapshot=True) as conn:
        found, marks = await service.shown(conn, tenant_id), await service.marked(conn, tenant_id)
    if args.json:
        print(json.dumps({"marks": marks, "states": [plain(each) for each in found]}))
        return 0
    for each in found:
        months = ", ".join(map(str, each.months)) or each.refused or "—"
        print(f"{each.record_type:<24} {each.measures} measures, {each.month_rows} rows of months, "
              f"{each.day_rows} of days: {months}")
    print(f"{marks} marks of changed records wait")
    return 0


def plain(one: service.Shown) -> dict[str, Any]:
    """A state as JSON has it."""
    return {"record_type": one.record_type, "measures": one.measures, "months": [str(each) for each in one.months],
            "day_rows": one.day_rows, "month_rows": one.month_rows, "refused": one.refused}
