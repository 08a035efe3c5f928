"""``meritline up``: everything in one process on embedded services; the data stay in a folder between starts."""

import argparse
from pathlib import Path
from typing import Any

NAME = "up"
HELP = "everything in one process: database, queue, worker and API"
NEEDS_PLATFORM = False


def configure(parser: argparse.ArgumentParser) -> None:
    """Where to listen and where the data are."""
    parser.add_argument("--host", metavar="H", help="the address to listen on")
    parser.add_argument("--port", type=int, metavar="N", help="the port; 0: any free one")
    parser.add_argument("--data-dir", type=Path, metavar="DIR", help="where the data stay (default: .meritline)")


def run(args: argparse.Namespace, _: None) -> int:
    """Start, serve, stop."""
    import uvloop

    from meritline.cli.services import settings_with_services

    with settings_with_services(args.data_dir) as settings:
        uvloop.run(up(args, settings))
    return 0


async def up(args: argparse.Namespace, settings: Any) -> None:
    """Migrate, open, serve."""
    from meritline.bootstrap import open_platform
    from meritline.cli.migrate import migrated
    from meritline.http.server import serve

    for name in await migrated(settings.migration_database_url, settings.database_url):
        print(f"migrated {name}", flush=True)
    async with open_platform(settings, with_worker=True) as platform:
        key = await first_operator_key(platform)
        if key is not None:
            print(f"operator key (shown this once): {key}", flush=True)
        await serve(platform, host=args.host, port=args.port, ready=tell)


async def first_operator_key(platform: Any) -> str | None:
    """The platform's first key, made where there is none yet."""
    from meritline.access import PLATFORM_TENANT, create_key, list_keys

    async with platform.database.unit_of_work(PLATFORM_TENANT) as uow:
        if await list_keys(uow.conn, PLATFORM_TENANT):
            return None
        _, token = await create_key(
            uow.conn, PLATFORM_TENANT, role="operator", label="first", actor="up", now=platform.clock()
        )
    return str(token)


def tell(address: str) -> None:
    """The addresses to open."""
    print(f"serving {address}  (queries: {address}/graphiql)\nstop with Ctrl-C", flush=True)
