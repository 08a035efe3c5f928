"""Health. Decides what "alive" and "ready" mean: alive is the process, ready is everything it needs to answer."""

import asyncio
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse

from meritline.errors import MeritlineError
from meritline.records.ddl import missing_parts

PATIENCE_S = 2.0


async def healthz(_: Request) -> JSONResponse:
    """The process answers."""
    return JSONResponse({"status": "ok"})


async def readyz(request: Request) -> JSONResponse:
    """Whether requests should come here, and why not."""
    platform = request.app.state.platform
    checks = {
        "draining": "yes" if platform.draining else "no",
        "database": await database(platform),
        "plugins": plugins(platform),
    }
    usable = checks["plugins"] == "ok" or checks["plugins"].startswith("ok, ")
    ready = checks["draining"] == "no" and checks["database"] == "ok" and usable
    body = {"status": "ready" if ready else "not ready", "checks": checks}
    return JSONResponse(body, status_code=200 if ready else 503)


async def database(platform: Any) -> str:
    """Whether the database answers and has every migration and every table of the plugins."""
    try:
        async with asyncio.timeout(PATIENCE_S):
            missing = await missing_parts(platform.database, platform.catalogue.records.values())
    except TimeoutError:
        return f"no answer within {PATIENCE_S:g} s"
    except (MeritlineError, OSError) as error:
        return str(error)
    except Exception as error:
        return type(error).__name__
    return f"lacks {', '.join(missing)}: run meritline migrate" if missing else "ok"


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
    return next(one.code for one in plugin.problems if one.severity == "error")
