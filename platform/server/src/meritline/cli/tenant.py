"""``meritline tenant check|apply|list|export|delete|...``: the life of a company from its manifest folder, and its
indicator sets."""

import argparse
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from meritline.cli import tenant_sets
from meritline.errors import MeritlineError, Problem, Refused, render
from meritline.messages import Language, language_of

NAME = "tenant"
HELP = "check, apply, list, export or delete a company; its indicator sets"
NEEDS_PLATFORM = False
ACTOR = "cli"
SHOWN = 40


def configure(parser: argparse.ArgumentParser) -> None:
    """One subcommand each."""
    commands = parser.add_subparsers(dest="tenant_command", required=True, metavar="WHAT")
    check = commands.add_parser("check", help="read a manifest folder and name every mistake; writes nothing")
    apply = commands.add_parser("apply", help="make the company what its folder says")
    apply.add_argument("--force", action="store_true", help="overwrite what was changed elsewhere since the last apply")
    apply.add_argument("--dry-run", action="store_true", help="only show the difference")
    for one in (check, apply):
        one.add_argument("folder", type=Path, metavar="DIR", help="the manifest folder")
    commands.add_parser("list", help="all companies, by key")
    export = commands.add_parser("export", help="write a company as a manifest folder")
    export.add_argument("--to", type=Path, required=True, metavar="DIR", help="the folder to write")
    export.add_argument("--templates", action="store_true", help="also schemes and rewards that nobody changed")
    delete = commands.add_parser("delete", help="delete a company with everything it has")
    delete.add_argument("--yes", action="store_true", help="really")
    for one in (export, delete):
        one.add_argument("--tenant", required=True, metavar="T", help="the company's key")
    tenant_sets.configure(commands)


def run(args: argparse.Namespace, _: None) -> int:
    """``check`` needs no database; everything else does."""
    if args.tenant_command == "check":
        return checked(args)
    from meritline.cli import on_platform

    work = {"apply": apply, "list": listed, "export": export, "delete": delete,
            **tenant_sets.WORK}[args.tenant_command]
    return on_platform(SimpleNamespace(run=work), args)  # type: ignore[arg-type]


def language(args: argparse.Namespace) -> Language:
    """The reader's language."""
    return language_of((args.lang or "").replace(".", ","))


def checked(args: argparse.Namespace) -> int:
    """Read the folder as a whole."""
    from meritline.onboarding.manifest import check
    from meritline.plugins import load_for
    from meritline.settings import Settings

    manifest = check(args.folder, load_for(Settings.from_environ()).catalogue())
    if isinstance(manifest, list):
        raise Refused(manifest)
    warn(manifest.warnings, args)
    print(f"{args.folder}: {manifest.key}, {len(manifest.people.employees)} people, {len(manifest.sources)} sources, "
          f"{len(manifest.schemes)} schemes, {len(manifest.rewards)} reward tables; nothing is wrong.")
    return 0


async def apply(args: argparse.Namespace, platform: Any) -> int:
    """Show the difference, then make it so."""
    from meritline.onboarding.apply import apply as apply_manifest
    from meritline.onboarding.apply import differences, upgrades
    from meritline.onboarding.manifest import check

    manifest = check(args.folder, platform.catalogue)
    if isinstance(manifest, list):
        raise Refused(manifest)
    found = await differences(platform.database, platform.catalogue, manifest)
    told = await upgrades(platform.database, platform.catalogue, manifest, found, platform.clock().date())
    for one in found[:SHOWN]:
        print(f"{'+' if one.action == 'create' else '~'} {one.kind} {one.key}{'  (changed elsewhere)' * one.newer}")
        report = told.get(one.key) if one.kind == "indicator set" else None
        for line in report.sentences(language(args)) if report else ():
            print(f"    {line}")
    if len(found) > SHOWN:
        print(f"  ... and {len(found) - SHOWN} more")
    if args.dry_run:
        print(f"{manifest.key}: {len(found)} differences; nothing was changed.")
        return 0
    done = await apply_manifest(platform.database, platform.catalogue, manifest, ACTOR, force=args.force,
                                now=platform.clock(), workshop=platform.workshop)
    warn(done.warnings, args)
    state = "was opened" if done.created else f"{len(found)} changes" if found else "nothing changed"
    print(f"{manifest.key}: {state}.")
    return 0


async def listed(args: argparse.Namespace, platform: Any) -> int:
    """One key a line."""
    from meritline.tenancy import store

    async with platform.database.global_work(readonly=True) as conn:
        for _, key in await store.tenants(conn):
            print(key)
    return 0


async def export(args: argparse.Namespace, platform: Any) -> int:
    """Write the folder and name its files."""
    from meritline.onboarding.export import export_folder
    from meritline.tenancy.service import find_tenant

    tenant_id = await find_tenant(platform.database, args.tenant)
    written = await export_folder(platform.database, tenant_id, args.to, templates=args.templates)
    for name in written.files:
        print(args.to / name)
    return 0


async def delete(args: argparse.Namespace, platform: Any) -> int:
    """Delete everything of the company."""
    from meritline import audit
    from meritline.access import PLATFORM_TENANT
    from meritline.bootstrap import required
    from meritline.onboarding.deletion import delete_tenant
    from meritline.tenancy.service import find_tenant

    tenant_id = await find_tenant(platform.database, args.tenant)
    if not args.yes:
        raise MeritlineError("E-TENANT-DELETE", value=args.tenant)
    gone = await delete_tenant(required(platform.settings.migration_database_url, "MIGRATION_DATABASE"), tenant_id)
    async with platform.database.unit_of_work(PLATFORM_TENANT) as uow:
        await audit.append(uow.conn, PLATFORM_TENANT, actor=ACTOR, action="tenant.delete",
                           subject=f"tenant:{args.tenant}", body={"tenant_id": tenant_id, "rows": sum(gone.values())})
    print(f"{args.tenant}: deleted, {sum(gone.values())} rows from {len(gone)} tables.")
    return 0


def warn(warnings: tuple[Problem, ...], args: argparse.Namespace) -> None:
    """What to look at."""
    for one in warnings:
        print(render(one, language(args)), file=sys.stderr)
