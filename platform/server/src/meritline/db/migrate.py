"""Bring the database to the newest schema. Decides that it happens whole or not at all, and one at a time.

Tortoise's runner orders and records the migrations; it has no lock and records a migration after committing it. So all
of it runs inside one transaction of ours that holds an advisory lock: a process killed anywhere leaves the old schema,
and a second one waits, then finds nothing to do.
"""

import asyncio
import warnings
from collections.abc import Callable, Iterable
from importlib import import_module
from importlib.resources import files
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from tortoise.context import TortoiseContext
from tortoise.migrations.executor import MigrationExecutor
from tortoise.migrations.schema_editor import AsyncpgSchemaEditor
from tortoise.transactions import in_transaction

from meritline.db.pools import SESSION, Connection, unavailable
from meritline.db.roles import grant, require_application_role, require_server
from meritline.db.versions import APP, pending_migrations
from meritline.errors import MeritlineError
from meritline.plugins import Loaded, load_for
from meritline.settings import Settings

DEFAULT_APP_ROLE = "meritline_app"
LOCK = 0x4D4C_4D49_4752  # any number, the same in every version


async def migrate(
    owner_url: str, *, app_role: str | None = None, records: Iterable[Any] | Loaded | None = None,
    tell: Callable[[str], None] | None = None,
) -> list[str]:  # fmt: skip
    """Run what is missing and return its names; safe to repeat and to run at the same time.

    ``app_role`` gets its privileges anew each time. ``records`` are the record declarations whose tables are made or
    widened; by default those of the plugins that the environment allows, without those that contradict the database.
    ``tell`` hears which of these tables are made or widened.
    """
    role = app_role or DEFAULT_APP_ROLE
    if records is None:
        records = await asyncio.to_thread(loaded_here)  # before anything is locked: it asks every plugin
    try:
        async with TortoiseContext() as context:
            with warnings.catch_warnings():
                warnings.filterwarnings("ignore", message="Module .* has no models")  # true, and meant
                await context.init(config=configuration(owner_url), init_connections=False)
            async with in_transaction("default") as client:
                return await migrate_locked(client, role, records, tell)
    except (OSError, TimeoutError) as error:
        raise MeritlineError("E-UNAVAILABLE", service="database", reason=unavailable(error)) from error


async def migrate_locked(
    client: Any, role: str, records: Iterable[Any] | Loaded, tell: Callable[[str], None] | None
) -> list[str]:
    """Everything, in the one transaction of the client."""
    async with client.acquire_connection() as conn:
        await require_server(conn)
        await conn.execute("select pg_advisory_xact_lock($1)", LOCK)
        await require_application_role(conn, role)
        missing = await pending_migrations(conn)
    if missing:
        executor = MigrationExecutor(client, configuration_of_apps())
        await executor.recorder.ensure_schema(AsyncpgSchemaEditor(client, atomic=False))
        await executor.migrate(direction="forward")
    async with client.acquire_connection() as conn:
        await make_record_tables(conn, records, tell)
        await grant(conn, role)
        await conn.execute(files("meritline.db").joinpath("sql/first_statistics.sql").read_text("utf-8"))
        await require_application_role(conn, role)
    return missing


async def make_record_tables(conn: Connection, records: Any, tell: Callable[[str], None] | None) -> None:
    """The tables of the record types. Loaded by name: the rooms above know this one, not the other way round."""
    indexed: dict[str, Any] = {"tell": tell}
    if isinstance(records, Loaded):
        catalogue = await import_module("meritline.records.installed").fitting(conn, records)
        every = tuple(catalogue.indicators().values())
        indexed |= {"looked_up": import_module("meritline.records.lookups").looked_up(every),
                    "moments": import_module("meritline.records.moments").moments_of(every)}
        records = catalogue.records.values()
    if declared := tuple(records):
        await import_module("meritline.records.ddl").ensure_record_tables(conn, declared, **indexed)


def loaded_here() -> Loaded:
    """What the plugins declare that the environment allows."""
    return load_for(Settings.from_environ())


def configuration_of_apps() -> dict[str, dict[str, Any]]:
    """What Tortoise calls an app."""
    return {
        APP: {"models": [f"{APP}.db.scripts"], "migrations": "meritline.db.migrations", "default_connection": "default"}
    }


def configuration(url: str) -> dict[str, Any]:
    """Tortoise's configuration for one connection. Its own URL parser loses encoded passwords, so not that."""
    parts = urlsplit(url)
    options = dict(parse_qsl(parts.query))
    credentials: dict[str, Any] = {
        "host": parts.hostname or options.get("host") or "localhost",
        "port": parts.port or 5432,
        "user": unquote(parts.username or ""),
        "password": unquote(parts.password or ""),
        "database": unquote(parts.path.removeprefix("/")),
        "minsize": 1,
        "maxsize": 1,
        "server_settings": SESSION | {"application_name": "meritline-migrate"},
    }
    if "sslmode" in options:
        credentials["ssl"] = options["sslmode"]
    connection = {"engine": "tortoise.backends.asyncpg", "credentials": credentials}
    return {"connections": {"default": connection}, "apps": configuration_of_apps()}
