"""What a migration module says: which SQL file it runs, and after which other. Imported by the migrations alone."""

from importlib.resources import files

from tortoise.migrations.migration import Migration
from tortoise.migrations.operations import RunSQL


def sql_migration(name: str, after: str | None = None) -> type[Migration]:
    """The migration that runs the SQL file of this name. There is no way back: a mistake is mended by the next one."""
    sql = files("meritline.db.migrations").joinpath(f"{name}.sql").read_text("utf-8")
    dependencies = [("meritline", after)] if after else []
    return type("Migration", (Migration,), {"dependencies": dependencies, "operations": [RunSQL(sql)]})
