"""``meritline migrate``: bring the database to the newest schema; safe to run twice and at the same time."""

import argparse
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from meritline.settings import Settings

NAME = "migrate"
HELP = "bring the database to the newest schema"
NEEDS_PLATFORM = False


def configure(parser: argparse.ArgumentParser) -> None:
    """No options."""


def run(args: argparse.Namespace, _: None) -> int:
    """Run what is missing and name it."""
    import asyncio

    require_answers()
    tables: list[str] = []
    with addressed() as settings:
        done = asyncio.run(migrated(settings.migration_database_url, settings.database_url, tables.append))
    print("\n".join([*(f"migrated {name}" for name in done), *tables]) or "nothing to migrate")
    return 0


@contextmanager
def addressed() -> "Iterator[Settings]":
    """The settings. Where they name the owner's address nothing else is needed: no queue, no address of a server."""
    from meritline import logs
    from meritline.cli.services import settings_with_services
    from meritline.settings import Settings

    settings = Settings.from_environ()
    if settings.migration_database_url:
        logs.for_command(settings.log_format)
        yield settings
        return
    with settings_with_services() as served:
        yield served


def require_answers() -> None:
    """Refuse before anything is done where a plugin did not answer: its tables would be missing, and nobody told."""
    from meritline.errors import Refused, problem
    from meritline.plugins import load_for
    from meritline.settings import Settings

    if silent := load_for(Settings.from_environ()).unanswered():
        raise Refused([*silent, problem("E-PLUGIN-MIGRATE", count=len(silent))])


async def migrated(owner_url: str | None, application_url: str | None,
                   tell: Callable[[str], None] | None = None) -> list[str]:
    """The migrations that were run; the application role is the one of its address, else of its setting. ``tell`` hears
    which tables of records were made or widened."""
    from urllib.parse import unquote, urlsplit

    from meritline.bootstrap import required
    from meritline.db.migrate import migrate
    from meritline.settings import Settings

    role = unquote(urlsplit(application_url or "").username or "") or Settings.from_environ().application_role
    return await migrate(required(owner_url, "MIGRATION_DATABASE"), app_role=role, tell=tell)
