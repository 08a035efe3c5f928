"""Health. Decides what "alive" and "ready" mean: alive is the process, ready is everything it needs to answer.

The answer names what failed by code alone, since anybody may ask; ``meritline doctor`` says the rest to the operator.
"""

import logging
from typing import Any, Final

from starlette.requests import Request
from starlette.responses import JSONResponse

from meritline.db import Database
from meritline.db.versions import unknown_migrations
from meritline.errors import MeritlineError
from meritline.records.ddl import missing_parts

log = logging.getLogger("meritline.health")
UNKNOWN: Final = "unknown"
AHEAD: Final = "E-DB-AHEAD"


async def healthz(_: Request) -> JSONResponse:
    """The process answers."""
    return JSONResponse({"status": "ok"})


async def readyz(request: Request) -> JSONResponse:
    """Whether requests should come here, and why not."""
    state = request.app.state
    checks = await checked(state.platform)
    ready = all(each == "no" if name == "draining" else is_ok(each) for name, each in checks.items())
    if getattr(state, "ready", True) is not ready:
        log.log(logging.INFO if ready else logging.WARNING, "ready" if ready else "not ready", extra=checks)
        state.ready = ready
    body = {"status": "ready" if ready else "not ready", "checks": checks}
    return JSONResponse(body, status_code=200 if ready else 503)


def is_ok(check: str) -> bool:
    """Whether a check passed, perhaps with a remark."""
    return check == "ok" or check.startswith("ok, ")


async def checked(platform: Any) -> dict[str, str]:
    """What is ready, by name."""
    draining = {"draining": "yes" if platform.draining else "no"}
    try:
        migrations = await platform.probe.ask("schema", lambda database: schema(database, platform.catalogue))
        found = {"database": "ok", "migrations": migrations}
    except MeritlineError as error:
        found = {"database": error.problem.code, "migrations": UNKNOWN}
    except Exception as error:  # whatever it is, the process is not ready
        log.warning("the database could not be asked: %s", error)
        found = {"database": type(error).__name__, "migrations": UNKNOWN}
    return {**draining, **found, "plugins": plugins(platform)}


async def schema(database: Database, catalogue: Any) -> str:
    """Whether the database has the schema of this process, tables of the plugins included. One that is ahead has it
    too: in an upgrade the migration comes first, adds, and the old processes serve until the new ones are there."""
    if await missing_parts(database, catalogue.records.values()):
        return "E-DB-BEHIND"
    async with database.global_work(readonly=True) as conn:
        return f"ok, the database is ahead ({AHEAD})" if await unknown_migrations(conn) else "ok"


def plugins(platform: Any) -> str:
    """A quarantined plugin blocks the companies that need it, not the process, and is named; none at all is a broken
    install, unless the operator left them all out."""
    catalogue = platform.catalogue
    bad = [f"{one.distribution} ({code_of(one)})" for one in catalogue.plugins if one.quarantined]
    if catalogue.sets:
        return f"ok, left out: {', '.join(bad)}" if bad else "ok"
    if catalogue.plugins and all(one.off for one in catalogue.plugins):
        return "ok, all left out by the operator"
    return f"no indicator set can be used{': ' if bad else ''}{', '.join(bad)}"


def code_of(plugin: Any) -> str:
    """The first reason why a plugin is left out."""
    return str(next(one.code for one in plugin.problems if one.severity == "error"))
