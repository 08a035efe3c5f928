"""What belongs to the database: reached, of the right version, at the schema of this version, and safe between
companies."""

import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import asyncpg

from meritline.cli.examined import Finding, Findings
from meritline.db import Database, pending_migrations
from meritline.db import examination as look
from meritline.db.roles import require_application_role, require_server
from meritline.db.versions import known_migrations, unknown_migrations
from meritline.errors import MeritlineError, Problem, problem
from meritline.logs.private import shape

MOST_SKEW_S: Final = 2.0
MOST_NAMED: Final = 10
LONGEST_S: Final = 10
type Now = Callable[[], datetime]
type Step = Callable[[Any], Awaitable[tuple[list[Problem], str]]]


async def examined(database: Database, now: Now) -> Findings:
    """One finding after the other; what cannot be asked is a finding too."""
    steps: dict[str, Step] = {"server": server, "role": role, "migrations": migrations, "extensions": extensions,
                              "row level security": policies, "privileges": privileges,
                              "clock": lambda conn: clock(conn, now)}  # fmt: skip
    for check, step in steps.items():
        yield await found(check, database, step)


async def found(check: str, database: Database, step: Step) -> Finding:
    """What a step finds, in a transaction of its own and within a bound."""
    try:
        async with database.global_work(readonly=True) as conn:
            await conn.execute(f"set local statement_timeout = '{LONGEST_S}s'")
            wrong, note = await step(conn)
    except MeritlineError as error:
        return Finding(check, tuple(error.problems))
    except (asyncpg.PostgresError, asyncpg.InterfaceError, OSError, TimeoutError) as error:
        return Finding(check, (problem("E-DOCTOR-FAILED", reason=shape(error)),))
    return Finding(check, tuple(wrong), note)


def named(names: list[str]) -> str:
    """The first of them."""
    more = f" ... and {len(names) - MOST_NAMED} more" if len(names) > MOST_NAMED else ""
    return ", ".join(names[:MOST_NAMED]) + more


async def server(conn: Any) -> tuple[list[Problem], str]:
    """Its version."""
    version, _, name = await look.about(conn)
    await require_server(conn)
    return [], f"PostgreSQL {version}, database {name}"


async def role(conn: Any) -> tuple[list[Problem], str]:
    """No superuser, no owner."""
    _, name, _ = await look.about(conn)
    await require_application_role(conn, name)
    return [], f"{name}: row level security holds it"


async def migrations(conn: Any) -> tuple[list[Problem], str]:
    """Neither behind nor ahead."""
    behind, ahead = await pending_migrations(conn), await unknown_migrations(conn)
    wrong = [problem("E-DB-BEHIND", missing=named(behind))] if behind else []
    wrong += [problem("E-DB-AHEAD", missing=named(ahead))] if ahead else []
    return wrong, f"at {known_migrations()[-1]}"


async def extensions(conn: Any) -> tuple[list[Problem], str]:
    """Those that the schema uses."""
    missing = await look.lacking_extensions(conn)
    return [problem("E-DOCTOR-EXTENSION", missing=named(missing))] if missing else [], ", ".join(look.EXTENSIONS)


async def policies(conn: Any) -> tuple[list[Problem], str]:
    """Every tenant table keeps its rows apart."""
    tables = await look.unprotected(conn)
    return [problem("E-DOCTOR-RLS", tables=named(tables))] if tables else [], "on and forced for every tenant table"


async def privileges(conn: Any) -> tuple[list[Problem], str]:
    """Neither fewer nor more than granted."""
    _, name, _ = await look.about(conn)
    missing, more = await look.privileges(conn)
    wrong = [problem("E-DOCTOR-GRANTS", role=name, missing=named(missing))] if missing else []
    wrong += [problem("E-DOCTOR-GRANTS-MORE", role=name, more=named(more))] if more else []
    return wrong, "as sql/grants.sql gives them"


async def clock(conn: Any, now: Now) -> tuple[list[Problem], str]:
    """This machine's against the database's; the shorter the trip, the better it is known."""
    best = 0.0
    for number in range(3):
        started = time.perf_counter()
        await conn.fetchval("select 1")
        ahead = await look.skew(conn, now(), timedelta(seconds=time.perf_counter() - started))
        best = ahead if number == 0 or abs(ahead) < abs(best) else best
    wrong = [problem("E-DOCTOR-CLOCK", seconds=f"{best:+.1f}")] if abs(best) > MOST_SKEW_S else []
    return wrong, f"{best:+.3f} s"


def system_clock() -> datetime:
    """The clock of this machine."""
    return datetime.now(UTC)
