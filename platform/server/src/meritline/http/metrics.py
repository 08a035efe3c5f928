"""Metrics for Prometheus: what came in, how it ended, how long it took. No label ever names a tenant or a person.

Every label has its values from our own program: a route, a root field of the schema, a kind of job, a code. What a
client makes up (paths, names of operations) is counted as ``other`` or not at all, so the number of series is bounded.
"""

from typing import Any, Final

from starlette.requests import Request
from starlette.responses import Response

from meritline.http.operations import Operation
from meritline.http.standing import Standing
from meritline.http.tallies import Counts, Instrument, Level, Levels, Spans
from meritline.jobs.attempt import Ended

FOR_REQUESTS: Final = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)
FOR_JOBS: Final = (0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0, 300.0, 1800.0)
#: What a run says of itself while it works; see ``appraisal.run`` and ``appraisal.refresh``.
STEPS: Final = frozenset({"waiting for imports", "asking plugins", "reading", "scoring", "writing", "rewarding",
                          "refreshing"})  # fmt: skip
VERDICTS: Final = ("accepted", "updated", "unchanged", "rejected", "folded", "skipped", "unresolved")
OUTCOMES: Final = frozenset({
    "ok", "BAD_USER_INPUT", "UNAUTHENTICATED", "FORBIDDEN", "NOT_FOUND", "CONFLICT", "TOO_LARGE", "RATE_LIMITED",
    "UNAVAILABLE", "INTERNAL", "GRAPHQL_PARSE_FAILED", "GRAPHQL_VALIDATION_FAILED", "OPERATION_RESOLUTION_FAILURE",
})  # fmt: skip
STATES: Final = ("used", "quarantined", "off")


class Metrics:
    """The instruments of one process."""

    def __init__(self, platform: Any) -> None:
        self.standing = Standing(platform)
        self.requests = Counts("http_requests", "Requests by route, method and status.", ("route", "method", "status"))
        self.request_seconds = Spans("http_request", "Time to the end of the answer.", "route", FOR_REQUESTS)
        self.running = Level("http_running", "Requests being answered.")
        self.sockets = Level("http_sockets", "Open WebSockets.")
        self.operations = Counts("graphql_operations", "Operations by kind, root field and outcome: ok or the code of "
                                 "the first error.", ("kind", "field", "outcome"))  # fmt: skip
        self.operation_seconds = Spans("graphql_operation", "Time of an operation by root field.", "field",
                                       FOR_REQUESTS)  # fmt: skip
        self.attempts = Counts("job_attempts", "Attempts at jobs by kind and outcome.", ("kind", "outcome"))
        self.job_seconds = Spans("job", "Time of an attempt at a job.", "kind", FOR_JOBS)
        self.step_seconds = Spans("run_step", "Time of a step of a run or refresh.", "step", FOR_JOBS)
        self.rows = Counts("ingest_rows", "Rows of records by verdict; an unresolved one is also counted as it landed.",
                           ("verdict",))  # fmt: skip
        self.deliveries = Counts("ingest_deliveries", "Requests that brought records and were taken.")
        became = [state_of(one) for one in platform.catalogue.plugins]
        self.plugins = Levels("plugins", "Plugins by what became of them at start.", "state",
                              {state: became.count(state) for state in STATES})  # fmt: skip
        platform.jobs.observers.append(self.attempted)
        self._page: Any = None

    def instruments(self) -> list[Instrument]:
        """All of them, in their order."""
        return [each for each in vars(self).values() if isinstance(each, Counts | Spans | Level | Levels)]

    def operation(self, told: Operation, code: str | None, seconds: float) -> None:
        """An operation was answered; ``code`` is that of its first error."""
        outcome = code or "ok"
        self.operations.add(told.kind, told.label, outcome if outcome in OUTCOMES else "other")
        self.operation_seconds.add(told.label, seconds)

    def attempted(self, ended: Ended) -> None:
        """An attempt at a job ended."""
        self.attempts.add(ended.kind, ended.outcome)
        self.job_seconds.add(ended.kind, ended.seconds)
        for step, seconds in ended.steps:
            self.step_seconds.add(step if step in STEPS else "other", seconds)

    def ingested(self, summary: Any) -> None:
        """A delivery was taken."""
        self.deliveries.add()
        for verdict in VERDICTS:
            if count := getattr(summary, verdict):
                self.rows.add(verdict, by=count)

    async def page(self, _: Request) -> Response:
        """The metrics as text."""
        if self._page is None:
            from meritline.http.exposition import Page  # with its library

            self._page = Page(self)
        await self.standing.look()
        content, media_type = self._page.written()
        return Response(content, media_type=media_type)


def state_of(plugin: Any) -> str:
    """What became of a plugin: used, quarantined or left out by the operator."""
    return "off" if plugin.off else "quarantined" if plugin.quarantined else "used"
