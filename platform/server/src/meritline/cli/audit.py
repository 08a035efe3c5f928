"""``meritline audit verify``: whether the audit chain of a company holds."""

import argparse
import sys
from typing import Any

from meritline.audit import verify
from meritline.errors import MeritlineError, render
from meritline.messages import language_of
from meritline.tenancy.service import find_tenant

NAME = "audit"
HELP = "check the audit chain of a company"
WITHOUT_PLUGINS = True


def configure(parser: argparse.ArgumentParser) -> None:
    """The options."""
    commands = parser.add_subparsers(dest="audit_command", required=True)
    check = commands.add_parser("verify", help="exit 1 and name the first broken entry where the chain does not hold")
    check.add_argument("--tenant", required=True, metavar="T", help="the company's key")


async def run(args: argparse.Namespace, platform: Any) -> int:
    """Verify in one snapshot."""
    tenant_id = await find_tenant(platform.database, args.tenant)
    async with platform.database.scoped_read(tenant_id, snapshot=True) as conn:
        broken = await verify(conn, tenant_id)
    if broken is not None:
        error = MeritlineError("E-AUDIT-BROKEN", seq=broken, value=args.tenant)
        print(render(error, language_of(getattr(args, "lang", None))), file=sys.stderr)
        return 1
    print(f"{args.tenant}: the audit chain holds")
    return 0
