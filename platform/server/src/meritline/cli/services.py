"""Which services a command works on: those of the environment, those that run here already, or ones it starts."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from meritline import logs
from meritline.errors import MeritlineError
from meritline.settings import Settings

if TYPE_CHECKING:
    from meritline.local import LocalUrls

DATA_DIR = Path(".meritline")


def data_dir() -> Path:
    """Where the embedded services keep their data unless a command is told otherwise."""
    return Path(os.environ.get("MERITLINE_DATA_DIR", DATA_DIR))


@contextmanager
def settings_with_services(folder: Path | None = None, *, service: bool = False) -> Iterator[Settings]:
    """The settings with addresses of services that answer; what was started for it stops at the end. ``service``: the
    process runs until it is told to stop, and logs so."""
    settings = Settings.from_environ()
    if service:
        logs.for_service(settings.log_format, settings.log_level)
    else:
        logs.for_command(settings.log_format)
    if settings.database_url and settings.redis_url:
        yield settings
        return
    from meritline.bootstrap import with_services
    from meritline.local import service_urls

    where = folder or data_dir()
    try:
        started = service_urls(os.environ, where)
        urls = started.__enter__()
    except MeritlineError as error:
        if error.problem.code != "E-LOCAL-IN-USE":
            raise
        yield with_services(settings, *running(where, settings))
        return
    try:
        yield with_services(settings, *addresses(urls))
    finally:
        started.__exit__(None, None, None)


def addresses(urls: "LocalUrls") -> tuple[str, str, str]:
    """The three addresses in the order of ``with_services``."""
    return urls.database_url, urls.migration_database_url, urls.redis_url


def running(folder: Path, settings: Settings) -> tuple[str, str, str]:
    """The addresses of the services that another process (``meritline up``) runs on the same data."""
    from meritline.local import remembered

    passwords, ports = remembered.passwords(folder), remembered.ports(folder)
    postgres = f"127.0.0.1:{ports['postgres']}/meritline"
    return (
        settings.database_url
        or f"postgresql://{remembered.APPLICATION}:{passwords[remembered.APPLICATION]}@{postgres}",
        settings.migration_database_url or f"postgresql://{remembered.OWNER}:{passwords[remembered.OWNER]}@{postgres}",
        settings.redis_url or f"redis://:{passwords[remembered.VALKEY]}@127.0.0.1:{ports['valkey']}/0",
    )
