"""Whether the database has what this version and its plugins need. Decides who may bring it there unasked.

The embedded database belongs to its folder and to nobody else, so a command brings it to the newest schema itself. An
external one is migrated by its operator, and a command says what it lacks before it does anything.
"""

import sys

from meritline.bootstrap import Platform
from meritline.cli.migrate import migrated
from meritline.errors import MeritlineError
from meritline.records.ddl import missing_parts
from meritline.settings import Settings


async def require_newest(platform: Platform) -> None:
    """Migrate what is ours, refuse what is not."""
    missing = await missing_parts(platform.database, platform.catalogue.records.values())
    if not missing:
        return
    if Settings.from_environ().database_url:
        raise MeritlineError("E-DB-BEHIND", missing=", ".join(missing))
    settings = platform.settings
    await migrated(settings.migration_database_url, settings.database_url)
    print(f"migrated: {', '.join(missing)}", file=sys.stderr)
