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
    ready = checks["draining"] == "no" and checks["database"] == "ok" and checks["plugins"] == "ok"
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
    """A quarantined plugin blocks the companies that need it, not the process; none at all is a broken install."""
    return "ok" if platform.catalogue.sets else "no indicator set is installed"
