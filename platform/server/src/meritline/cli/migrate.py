"""``meritline migrate``: bring the database to the newest schema; safe to run twice and at the same time."""

import argparse
from collections.abc import Callable

NAME = "migrate"
HELP = "bring the database to the newest schema"
NEEDS_PLATFORM = False


def configure(parser: argparse.ArgumentParser) -> None:
    """No options."""


def run(args: argparse.Namespace, _: None) -> int:
    """Run what is missing and name it."""
    import asyncio

    from meritline.cli.services import settings_with_services

    require_answers()
    tables: list[str] = []
    with settings_with_services() as settings:
        done = asyncio.run(migrated(settings.migration_database_url, settings.database_url, tables.append))
    print("\n".join([*(f"migrated {name}" for name in done), *tables]) or "nothing to migrate")
    return 0


def require_answers() -> None:
    """Refuse before anything is done where a plugin did not answer: its tables would be missing, and nobody told."""
    from meritline.errors import Refused, problem
    from meritline.plugins import load_for
    from meritline.settings import Settings

    if silent := load_for(Settings.from_environ()).unanswered():
        raise Refused([*silent, problem("E-PLUGIN-MIGRATE", count=len(silent))])


async def migrated(owner_url: str | None, application_url: str | None,
                   tell: Callable[[str], None] | None = None) -> list[str]:
    """The migrations that were run; the application role is the one of its address. ``tell`` hears which tables of
    records were made or widened."""
    from urllib.parse import unquote, urlsplit

    from meritline.bootstrap import required
    from meritline.db.migrate import migrate

    role = urlsplit(application_url or "").username
    return await migrate(required(owner_url, "MIGRATION_DATABASE"), app_role=unquote(role) if role else None,
                         tell=tell)
