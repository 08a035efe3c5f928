"""How things stand at the moment of a scrape: connections of this process, jobs of the whole installation.

The jobs are counted in the database, so every process tells the same: take the maximum over processes, not the sum.
They are looked at through the probe, at most once in a few seconds, and are not told at all while the database is away.
"""

import time
from collections.abc import Iterable
from typing import Any, Final

import asyncpg
from prometheus_client import CollectorRegistry
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from meritline.errors import MeritlineError
from meritline.jobs.store import backlog

FRESH_S: Final = 5.0


class Standing(Collector):
    """Read before a page of metrics is written, told while it is written."""

    def __init__(self, platform: Any, registry: CollectorRegistry) -> None:
        self.platform = platform
        self.jobs: dict[str, float] | None = None
        self._looked = float("-inf")
        registry.register(self)

    async def look(self) -> None:
        """Ask the database, unless it was asked a moment ago."""
        if time.monotonic() - self._looked < FRESH_S:
            return
        try:
            self.jobs = await self.platform.probe.ask("backlog", backlog)
            self._looked = time.monotonic()
        except (MeritlineError, OSError, asyncpg.PostgresError, asyncpg.InterfaceError):
            self.jobs = None

    def describe(self) -> Iterable[Metric]:
        """Nothing before the first look."""
        return ()

    def collect(self) -> Iterable[Metric]:
        """The connections, and the jobs where they are known."""
        counted = self.platform.database.connections()
        states = GaugeMetricFamily("meritline_database_connections", "Connections of this process by state; a free one "
                                   "is opened when it is needed.", labels=["state"])  # fmt: skip
        for state in ("used", "free"):
            states.add_metric([state], counted[state])
        yield states
        yield GaugeMetricFamily("meritline_database_waiting", "Who waits for a connection.", value=counted["waiting"])
        yield GaugeMetricFamily("meritline_database_up", "Whether the database answered.", value=self.jobs is not None)
        yield GaugeMetricFamily("meritline_draining", "Whether this process stops.", value=self.platform.draining)
        if self.jobs is None:
            return
        yield GaugeMetricFamily("meritline_jobs_open", "Jobs that are not done, of all companies.",
                                value=self.jobs["open"])  # fmt: skip
        yield GaugeMetricFamily("meritline_jobs_overdue", "Open jobs that nobody works on although they are due.",
                                value=self.jobs["overdue"])  # fmt: skip
        yield GaugeMetricFamily("meritline_jobs_oldest_age_seconds", "Age of the oldest open job; 0 where there is "
                                "none.", value=self.jobs["oldest_s"])  # fmt: skip
        yield GaugeMetricFamily("meritline_jobs_longest_overdue_seconds", "How long a due job has waited for a worker.",
                                value=self.jobs["overdue_s"])  # fmt: skip
