"""``meritline key``: create, list and revoke API keys.

A new key stands alone on standard output, so that a script can capture it; a leaked one is revoked by itself or its id.
"""

import argparse
import sys
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

from meritline.errors import MeritlineError, NotFound

NAME = "key"
HELP = "create, list and revoke API keys"
WITHOUT_PLUGINS = True
ACTOR = "cli"
UNITS = {"d": timedelta(days=1), "h": timedelta(hours=1)}


def configure(parser: argparse.ArgumentParser) -> None:
    """The subcommands."""
    kinds = parser.add_subparsers(dest="key_command", required=True, metavar="WHAT")
    create = kinds.add_parser("create", help="print a new key once")
    listing = kinds.add_parser("list", help="every key without its secret")
    revoke = kinds.add_parser("revoke", help="end a key from now on")
    for each in (create, listing, revoke):
        each.add_argument("--tenant", required=True, metavar="T", help="the company's key, or 'platform'")
    create.add_argument("--role", required=True, metavar="R", help="operator, admin, hr, manager, employee, ...")
    create.add_argument("--employee", metavar="NO", help="whom a manager's or employee's key acts for")
    create.add_argument("--expires", metavar="WHEN", help="2026-12-31, 2026-12-31T08:00:00+08:00, 90d or 12h")
    create.add_argument("--label", default="", help="what it is for")
    revoke.add_argument("key", metavar="KEY", help="the id that list shows, or the key itself")


async def run(args: argparse.Namespace, platform: Any) -> int:
    """Do what the subcommand says."""
    from meritline.access import PLATFORM_TENANT
    from meritline.tenancy.service import find_tenant

    tenant_id = PLATFORM_TENANT if args.tenant == "platform" else await find_tenant(platform.database, args.tenant)
    done: int = await {"create": create_one, "list": list_all, "revoke": revoke_one}[args.key_command](
        args, platform, tenant_id)
    return done


async def list_all(args: argparse.Namespace, platform: Any, tenant_id: UUID) -> int:
    """A line for each key."""
    from meritline.access import list_keys

    async with platform.database.scoped_read(tenant_id) as conn:
        for key in await list_keys(conn, tenant_id):
            state = "revoked" if key.revoked_at else "expired" if ended(key.expires_at, platform.clock()) else "valid"
            print(f"{key.id}  {key.role:<10}  {state:<7}  {key.created_at:%Y-%m-%d}  {key.label}".rstrip())
    return 0


def ended(expires_at: datetime | None, now: datetime) -> bool:
    """Whether the key's time is over."""
    return expires_at is not None and expires_at <= now


async def revoke_one(args: argparse.Namespace, platform: Any, tenant_id: UUID) -> int:
    """From now on nobody gets in with it; doing so twice changes nothing."""
    from meritline.access import revoke_key

    async with platform.database.unit_of_work(tenant_id) as uow:
        key = await revoke_key(uow.conn, tenant_id, key_id(args.key), actor=ACTOR, now=platform.clock())
    print(f"{key.id} is revoked since {key.revoked_at.isoformat()}")
    return 0


def key_id(text: str) -> UUID:
    """The id of the key, from itself or from the whole key."""
    parts = text.split("_")
    try:
        return UUID(parts[2] if text.startswith("mlk_") and len(parts) > 3 else text)
    except ValueError as error:
        raise NotFound(kind="key", value="as given") from error


async def create_one(args: argparse.Namespace, platform: Any, tenant_id: UUID) -> int:
    """Make it; everything but the key goes to standard error."""
    from meritline.access import create_key
    from meritline.tenancy.codes import CodeBook

    now = platform.clock()
    expires = moment(args.expires, now) if args.expires else None
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
