"""Metrics for Prometheus: what came in, how it ended, how long it took. No label ever names a tenant or a person.

Every label has its values from our own program: a route, a root field of the schema, a kind of job, a code. What a
client makes up (paths, names of operations) is counted as ``other`` or not at all, so the number of series is bounded.
"""

from functools import cache
from typing import Any, Final

from prometheus_client import (
    CONTENT_TYPE_LATEST,
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    ProcessCollector,
    generate_latest,
)
from starlette.requests import Request
from starlette.responses import Response

from meritline.http.operations import Operation
from meritline.http.standing import Standing
from meritline.jobs.attempt import Ended

FOR_REQUESTS: Final = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)
FOR_JOBS: Final = (0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 1800)
#: What a run says of itself while it works; see ``appraisal.run`` and ``appraisal.refresh``.
STEPS: Final = frozenset({"waiting for imports", "asking plugins", "reading", "scoring", "writing", "rewarding",
                          "refreshing"})  # fmt: skip
VERDICTS: Final = ("accepted", "updated", "unchanged", "rejected", "folded", "skipped", "unresolved")
OUTCOMES: Final = frozenset({
    "ok", "BAD_USER_INPUT", "UNAUTHENTICATED", "FORBIDDEN", "NOT_FOUND", "CONFLICT", "TOO_LARGE", "RATE_LIMITED",
    "UNAVAILABLE", "INTERNAL", "GRAPHQL_PARSE_FAILED", "GRAPHQL_VALIDATION_FAILED", "OPERATION_RESOLUTION_FAILURE",
})  # fmt: skip


class Metrics:
    """The instruments of one process; a registry of its own, so that several can live in one process."""

    def __init__(self, platform: Any) -> None:
        self.registry = CollectorRegistry()
        ProcessCollector(registry=self.registry)
        self.standing = Standing(platform, self.registry)
        self.of_requests()
        self.of_operations()
        self.of_jobs()
        self.of_ingest()
        self.plugins = self.gauge("plugins", "Plugins by what became of them at start.", "state")
        self.count_plugins(platform.catalogue)
        platform.jobs.observers.append(self.attempted)

    def counter(self, name: str, about: str, *labels: str) -> Counter:
        """A counter of ours."""
        return Counter(f"meritline_{name}", about, labels, registry=self.registry)

    def gauge(self, name: str, about: str, *labels: str) -> Gauge:
        """A gauge of ours."""
        return Gauge(f"meritline_{name}", about, labels, registry=self.registry)

    def histogram(self, name: str, about: str, *labels: str, buckets: tuple[float, ...]) -> Histogram:
        """A histogram of seconds of ours."""
        return Histogram(f"meritline_{name}_seconds", about, labels, buckets=buckets, registry=self.registry)

    def of_requests(self) -> None:
        """What comes in by HTTP. Finding an instrument by its labels costs more than counting: each is found once."""
        requests = self.counter("http_requests", "Requests by route, method and status.", "route", "method", "status")
        seconds = self.histogram("http_request", "Time to the end of the answer.", "route", buckets=FOR_REQUESTS)
        self.running = self.gauge("http_running", "Requests being answered.")
        self.sockets = self.gauge("http_sockets", "Open WebSockets.")
        self.timed, self.counted = cache(seconds.labels), cache(requests.labels)

    def of_operations(self) -> None:
        """What GraphQL was asked."""
        operations = self.counter("graphql_operations", "Operations by kind, root field and outcome: ok or the code of "
                                  "the first error.", "kind", "field", "outcome")  # fmt: skip
        seconds = self.histogram("graphql_operation", "Time of an operation.", "field", buckets=FOR_REQUESTS)
        self.operated, self.operation_timed = cache(operations.labels), cache(seconds.labels)

    def of_jobs(self) -> None:
        """What the worker of this process did."""
        self.attempts = self.counter("job_attempts", "Attempts at jobs by kind and outcome.", "kind", "outcome")
        self.job_seconds = self.histogram("job", "Time of an attempt at a job.", "kind", buckets=FOR_JOBS)
        self.steps = self.histogram("run_step", "Time of a step of a run or refresh.", "step", buckets=FOR_JOBS)

    def of_ingest(self) -> None:
        """What became of records that came by HTTP."""
        self.rows = self.counter("ingest_rows", "Rows of records by verdict; an unresolved one is also counted as it "
                                 "landed.", "verdict")  # fmt: skip
        self.deliveries = self.counter("ingest_deliveries", "Requests that brought records and were taken.")

    def count_plugins(self, catalogue: Any) -> None:
        """What became of the plugins: used, quarantined or left out by the operator."""
        for state in ("used", "quarantined", "off"):
            self.plugins.labels(state).set(sum(state == state_of(one) for one in catalogue.plugins))

    def operation(self, told: Operation, code: str | None, seconds: float) -> None:
        """An operation was answered; ``code`` is that of its first error."""
        outcome = code or "ok"
        self.operated(told.kind, told.label, outcome if outcome in OUTCOMES else "other").inc()
        self.operation_timed(told.label).observe(seconds)

    def attempted(self, ended: Ended) -> None:
        """An attempt at a job ended."""
        self.attempts.labels(ended.kind, ended.outcome).inc()
        self.job_seconds.labels(ended.kind).observe(ended.seconds)
        for step, seconds in ended.steps:
            self.steps.labels(step if step in STEPS else "other").observe(seconds)

    def ingested(self, summary: Any) -> None:
        """A delivery was taken."""
        self.deliveries.inc()
        for verdict in VERDICTS:
            if count := getattr(summary, verdict):
                self.rows.labels(verdict).inc(count)

    async def page(self, _: Request) -> Response:
        """The metrics as text."""
        await self.standing.look()
        return Response(generate_latest(self.registry), media_type=CONTENT_TYPE_LATEST)


def state_of(plugin: Any) -> str:
    """What became of a plugin."""
    return "off" if plugin.off else "quarantined" if plugin.quarantined else "used"
