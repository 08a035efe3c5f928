"""How things stand at the moment of a scrape: connections of this process, jobs of the whole installation.

The jobs are counted in the database, so every process tells the same: take the maximum over processes, not the sum.
They are looked at through the probe, at most once in a few seconds, and are not told at all while the database is away.
"""

import logging
import time
from typing import Any, Final

import asyncpg

from meritline.db import Database
from meritline.db.versions import unknown_migrations
from meritline.errors import MeritlineError
from meritline.http.tallies import Level, Levels
from meritline.jobs.store import backlog

log = logging.getLogger("meritline.metrics")
FRESH_S: Final = 5.0
NEVER: Final = float("-inf")
JOBS: Final = {
    "open": ("jobs_open", "Jobs that are not done, of all companies."),
    "overdue": ("jobs_overdue", "Open jobs that nobody works on although they are due."),
    "oldest_s": ("jobs_oldest_age_seconds", "Age of the oldest open job; 0 where there is none."),
    "overdue_s": ("jobs_longest_overdue_seconds", "How long a due job has waited for a worker; 0 where none does."),
}


class Standing:
    """Looked at before a page of metrics is written, told while it is written."""

    def __init__(self, platform: Any) -> None:
        self.platform = platform
        self.jobs: dict[str, float] | None = None
        self.ahead = 0
        self._looked = NEVER

    async def look(self) -> None:
        """Ask the database, unless it was asked a moment ago."""
        if self.jobs is not None and time.monotonic() - self._looked < FRESH_S:
            return
        try:
            self.jobs = await self.platform.probe.ask("backlog", backlog)
            self.ahead = await self.platform.probe.ask("ahead", ahead)
            self._looked = time.monotonic()
        except (MeritlineError, OSError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
            if self.jobs is not None or self._looked == NEVER:
                log.warning("the jobs could not be counted: %s", error)
            self.jobs, self._looked = None, 0.0

    def levels(self) -> list[Level | Levels]:
        """The connections, and the jobs where they are known."""
        counted = self.platform.database.connections()
        found: list[Level | Levels] = [
            Levels("database_connections", "Connections of this process by state; a free one is opened when it is "
                   "needed.", "state", {state: counted[state] for state in ("used", "free")}),
            Level("database_waiting", "Who waits for a connection.", counted["waiting"]),
            Level("database_up", "Whether the database answered.", self.jobs is not None),
            Level("draining", "Whether this process stops.", self.platform.draining),
        ]  # fmt: skip
        if self.jobs is not None:
            found.append(Level("database_migrations_ahead", "Migrations of the database that this process does not "
                               "know: it is older.", self.ahead))  # fmt: skip
            found += [Level(name, about, self.jobs[key]) for key, (name, about) in JOBS.items()]
        return found


async def ahead(database: Database) -> int:
    """How many migrations the database has that this version does not know."""
    async with database.global_work(readonly=True) as conn:
        return len(await unknown_migrations(conn))
