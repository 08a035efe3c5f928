"""What the commands about plugins know beyond the plugins themselves: the database, and the isolation of this system.

They start no database and change nothing in one: they ask the one that the environment names, or the one of this
folder while it runs.
"""

import asyncio
from typing import Any

from meritline.cli.services import data_dir, running
from meritline.db import Database
from meritline.db.versions import pending_migrations
from meritline.errors import MeritlineError
from meritline.local import remembered
from meritline.plugins import Catalogue, Loaded, load_for, processes
from meritline.records.installed import wrong_with
from meritline.settings import Settings

PATIENCE_S = 15.0
UNASKED = "no database was asked: MERITLINE_DATABASE_URL is not set, and none runs here"
FAILED = "the database could not be asked"


def known_catalogue() -> tuple[Catalogue, str | None]:
    """The catalogue with what the database knows against it, or without, and why no database was asked."""
    settings = Settings.from_environ()
    loaded = load_for(settings)
    url = address(settings)
    if url is None:
        return loaded.catalogue(), UNASKED
    try:
        return asyncio.run(asked(url, loaded))
    except (MeritlineError, OSError, TimeoutError) as wrong:
        if not settings.database_url:
            return loaded.catalogue(), UNASKED
        return loaded.catalogue(), f"{FAILED}: {wrong or type(wrong).__name__}"


def address(settings: Settings) -> str | None:
    """The database that there is, as the application role."""
    if settings.database_url:
        return settings.database_url
    folder = data_dir()
    if not (folder / "passwords.json").is_file() or "postgres" not in remembered.ports(folder):
        return None
    return running(folder, settings)[0]


async def asked(url: str, loaded: Loaded) -> tuple[Catalogue, str | None]:
    """What it knows, without keeping anything, and what it lacks for that."""
    async with (asyncio.timeout(PATIENCE_S), await Database.open(url, max_size=1) as database,
                database.global_work(readonly=True) as conn):  # fmt: skip
        missing = await pending_migrations(conn)
        behind = str(MeritlineError("E-DB-BEHIND", missing=", ".join(missing))) if missing else None
        return loaded.catalogue(await wrong_with(conn, loaded, keep=False)), behind


def isolation() -> dict[str, Any]:
    """What holds a plugin's process on this system, beside limits of memory and time."""
    held = processes.isolation()
    if not held.asked:
        text = "no process for plugins could be started here: nothing of a plugin can be used"
    elif held.filtered:
        text = "each plugin runs in processes of its own, without network, files to write or further processes"
    else:
        why = "the system refuses it" if held.known else "there is none for this system"
        text = (f"each plugin runs in processes of its own, WITHOUT a filter of system calls (seccomp): {why}; "
                "install only what you trust")
    if held.refused:
        text += f"; limits that the system does not set: {', '.join(held.refused)}"
    return {"seccomp": held.filtered, "asked": held.asked, "known": held.known, "refused": [*held.refused],
            "text": text}
