"""``meritline demo``: the example companies onboard, import, appraise and reward; then everything stays open."""

import argparse
from pathlib import Path
from typing import Any

NAME = "demo"
HELP = "the example companies, from their records to their rewards; serves until stopped"
NEEDS_PLATFORM = False


def configure(parser: argparse.ArgumentParser) -> None:
    """Whether it serves afterwards, and where things are."""
    parser.add_argument("--once", action="store_true", help="show everything, then stop")
    parser.add_argument("--port", type=int, metavar="N", help="the port; 0: any free one (the default with --once)")
    parser.add_argument("--data-dir", type=Path, metavar="DIR", help="where the data stay (default: .meritline)")
    parser.add_argument("--picture", type=Path, metavar="FILE", help="also write what was shown as an SVG file")
    parser.add_argument("--tenants", type=Path, default=Path("tenants"), metavar="DIR", help="the companies' folders")


def run(args: argparse.Namespace, _: None) -> int:
    """Start the services, tell the story, stop."""
    import uvloop

    from meritline.cli.services import settings_with_services

    with settings_with_services(args.data_dir) as settings:
        return int(uvloop.run(demo(args, settings)))


async def demo(args: argparse.Namespace, settings: Any) -> int:
    """Migrate, serve, tell; keep serving unless told otherwise."""
    from rich.console import Console

    from meritline.bootstrap import open_platform
    from meritline.cli.migrate import migrated
    from meritline.demo.serving import served
    from meritline.demo.story import Story

    console = Console(record=args.picture is not None, width=100 if args.picture else None)
    await migrated(settings.migration_database_url, settings.database_url)
    async with open_platform(settings, with_worker=True) as platform:
        port = args.port if args.port is not None else 0 if args.once else settings.port
        async with served(platform, port) as (address, until_stopped):
            story = Story(platform, address, args.tenants, console)
            told = await story.tell()
            if args.picture:
                save_picture(console, args.picture)
            if args.once:
                return 0
            console.rule("[bold]Open[/bold]")
            console.print(f"{address}/          the console\n{address}/graphiql  queries, with one of these keys:",
                          highlight=False)
            for one in told:
                console.print(f"  {one.name}\n    admin          {one.admin_key}\n    employee {one.employee}"
                              f" {one.employee_key}", highlight=False, soft_wrap=True)
            show_query(console, address, told[0].admin_key, story.period)
            await until_stopped()
    return 0


def show_query(console: Any, address: str, key: str, period: str) -> None:
    """A question to begin with, ready to paste."""
    import json

    query = (f'{{ leaderboard(period: "{period}", scheme: "engineers", first: 3) '
             "{ nodes { rank score grade { name } subject { name } } } }")
    console.print(f"\ncurl -s {address}/graphql -H 'Authorization: Bearer {key}' \\\n"
                  f"  -H 'Content-Type: application/json' -d '{json.dumps({'query': query})}'\n\nstop with Ctrl-C",
                  highlight=False, soft_wrap=True, markup=False)  # fmt: skip


def save_picture(console: Any, path: Path) -> None:
    """What the console showed as SVG, without the web fonts that rich would have a browser fetch."""
    import re

    from rich._export_format import CONSOLE_SVG_FORMAT

    own_fonts = re.sub(r"@font-face \{\{.*?\}\}", "", CONSOLE_SVG_FORMAT, flags=re.DOTALL)
    path.write_text(console.export_svg(title="meritline demo", code_format=own_fonts), encoding="utf-8")
