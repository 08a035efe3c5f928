"""What the commands about plugins know beyond the plugins themselves: the database, and the isolation of this system.

They start no database and change nothing in one: they ask the one that the environment names, or the one of this
folder while it runs.
"""

import asyncio
import platform
from pathlib import Path
from typing import Any

from meritline.cli.services import data_dir, running
from meritline.db import Database
from meritline.errors import MeritlineError
from meritline.local import remembered
from meritline.plugins import Catalogue, Loaded, load_for
from meritline.records.installed import wrong_with
from meritline.settings import Settings
from meritline_sdk.running.filter import computing

SECCOMP = Path("/proc/sys/kernel/seccomp")
PATIENCE_S = 3.0
UNASKED = "no database was asked: MERITLINE_DATABASE_URL is not set, and none runs here"


def known_catalogue() -> tuple[Catalogue, str | None]:
    """The catalogue with what the database knows against it, or without, and why no database was asked."""
    settings = Settings.from_environ()
    loaded = load_for(settings)
    url = address(settings)
    if url is None:
        return loaded.catalogue(), UNASKED
    try:
        return asyncio.run(asked(url, loaded)), None
    except (MeritlineError, OSError, TimeoutError) as wrong:
        return loaded.catalogue(), f"the database could not be asked: {wrong or type(wrong).__name__}"


def address(settings: Settings) -> str | None:
    """The database that there is, as the application role."""
    if settings.database_url:
        return settings.database_url
    folder = data_dir()
    if not (folder / "passwords.json").is_file() or "postgres" not in remembered.ports(folder):
        return None
    return running(folder, settings)[0]


async def asked(url: str, loaded: Loaded) -> Catalogue:
    """What it knows, without keeping anything."""
    async with (asyncio.timeout(PATIENCE_S), await Database.open(url, max_size=1) as database,
                database.global_work(readonly=True) as conn):  # fmt: skip
        return loaded.catalogue(await wrong_with(conn, loaded, keep=False))


def isolation() -> dict[str, Any]:
    """What holds a plugin's process on this system, beside limits of memory, time and files."""
    filtered = SECCOMP.is_dir() and computing() is not None
    text = ("each plugin runs in processes of its own, with limits of memory, time and files, and "
            + ("a filter of system calls (seccomp): no network, no further processes" if filtered else
               "WITHOUT a filter of system calls (seccomp), which this system has not: install only what you trust"))
    return {"seccomp": filtered, "machine": f"{platform.system()} {platform.machine()}", "text": text}
