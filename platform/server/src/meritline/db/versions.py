"""Which migrations there are and which the database has; cheap enough for a readiness check."""

from importlib.resources import files

from meritline.db.pools import Connection

APP = "meritline"


def known_migrations() -> list[str]:
    """The names on disk, in the order in which they run."""
    names = (path.name for path in files("meritline.db.migrations").iterdir())
    return sorted(name.removesuffix(".sql") for name in names if name.endswith(".sql"))


async def pending_migrations(conn: Connection) -> list[str]:
    """The known migrations that this database lacks. Run it by ``database.global_work()``."""
    if await conn.fetchval("select to_regclass('public.tortoise_migrations')") is None:
        return known_migrations()
    applied = {row["name"] for row in await conn.fetch("select name from tortoise_migrations where app = $1", APP)}
    return [name for name in known_migrations() if name not in applied]


async def unknown_migrations(conn: Connection) -> list[str]:
    """The migrations of this database that this version does not know: it was migrated by a newer one."""
    if await conn.fetchval("select to_regclass('public.tortoise_migrations')") is None:
        return []
    known = known_migrations()
    rows = await conn.fetch("select name from tortoise_migrations where app = $1 order by name", APP)
    return [row["name"] for row in rows if row["name"] not in known]
