"""``meritline key create``: a new API key, alone on standard output, so that a script can capture it."""

import argparse
import sys
from datetime import UTC, date, datetime, timedelta
from typing import Any

from meritline.errors import MeritlineError

NAME = "key"
HELP = "create an API key"
ACTOR = "cli"
UNITS = {"d": timedelta(days=1), "h": timedelta(hours=1)}


def configure(parser: argparse.ArgumentParser) -> None:
    """One subcommand."""
    create = parser.add_subparsers(dest="key_command", required=True, metavar="WHAT").add_parser(
        "create", help="print a new key once")
    create.add_argument("--tenant", required=True, metavar="T", help="the company's key, or 'platform'")
    create.add_argument("--role", required=True, metavar="R", help="operator, admin, hr, manager, employee, ...")
    create.add_argument("--employee", metavar="NO", help="whom a manager's or employee's key acts for")
    create.add_argument("--expires", metavar="WHEN", help="2026-12-31, 2026-12-31T08:00:00+08:00, 90d or 12h")
    create.add_argument("--label", default="", help="what it is for")


async def run(args: argparse.Namespace, platform: Any) -> int:
    """Make it; everything but the key goes to standard error."""
    from meritline.access import PLATFORM_TENANT, create_key
    from meritline.errors import NotFound
    from meritline.tenancy.codes import CodeBook
    from meritline.tenancy.service import find_tenant

    now = platform.clock()
    expires = moment(args.expires, now) if args.expires else None
    platform_key = args.tenant == "platform"
    tenant_id = PLATFORM_TENANT if platform_key else await find_tenant(platform.database, args.tenant)
    async with platform.database.unit_of_work(tenant_id) as uow:
        employee = None
        if args.employee:
            employee = (await CodeBook.load(uow.conn, tenant_id, ())).employee(None, args.employee, now)
            if employee is None:
                raise NotFound(kind="employee", value=args.employee, field="employee")
        _, token = await create_key(uow.conn, tenant_id, role=args.role, employee_id=employee, label=args.label,
                                    expires_at=expires, actor=ACTOR, now=now)
    if expires:
        print(f"expires {expires.isoformat()}", file=sys.stderr)
    print(token)
    return 0


def moment(text: str, now: datetime) -> datetime:
    """When the key ends: a moment with its zone, the beginning of a day in UTC, or so long from now."""
    if text[:-1].isdigit() and text[-1] in UNITS and len(text) < 7:
        return now + int(text[:-1]) * UNITS[text[-1]]
    try:
        if len(text) == 10:
            return datetime.combine(date.fromisoformat(text), datetime.min.time(), UTC)
        found = datetime.fromisoformat(text)
    except ValueError:
        found = None
    if found is None or found.tzinfo is None:
        raise MeritlineError("E-DOC-MOMENT", field="--expires", value=text)
    return found
