"""How far a job is, for whoever follows it.

One poller per job and process, however many follow; between two looks no transaction is open.
"""

import asyncio
import json
import logging
from collections.abc import AsyncGenerator, Mapping
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from meritline.db import Database
from meritline.errors import MeritlineError, NotFound, Problem
from meritline.jobs import failure, store

log = logging.getLogger(__name__)

POLL_S: Final = 0.25


@dataclass(frozen=True, slots=True)
class JobProgress:
    """A job as a reader sees it."""

    job_id: UUID
    kind: str
    state: str
    attempt: int
    done: int
    total: int
    note: str
    result: Mapping[str, Any] | None
    problems: tuple[Problem, ...]

    @property
    def finished(self) -> bool:
        """Whether nothing more will come."""
        return self.state in ("done", "failed")


async def look(database: Database, tenant_id: UUID, job_id: UUID) -> JobProgress:
    """The job now; another tenant's job does not exist."""
    async with database.scoped_read(tenant_id) as conn:
        row = await store.view(conn, tenant_id, job_id)
    if row is None:
        raise NotFound(kind="job", value=job_id)
    return JobProgress(job_id, row["kind"], row["state"], row["attempt"], row["progress_done"], row["progress_total"],
                       row["progress_note"], json.loads(row["result"]) if row["result"] else None,
                       failure.load(row["error"]))


class Watching:
    """The pollers of this process."""

    def __init__(self, database: Database, poll_s: float = POLL_S) -> None:
        self._database = database
        self._poll_s = poll_s
        self._pollers: dict[tuple[UUID, UUID], Poller] = {}

    async def watch(self, tenant_id: UUID, job_id: UUID) -> AsyncGenerator[JobProgress]:
        """The job now and after each change, until it has finished."""
        latest = await look(self._database, tenant_id, job_id)
        yield latest
        while not latest.finished:
            latest = await self._poller(tenant_id, job_id, latest).other_than(latest)
            yield latest

    def _poller(self, tenant_id: UUID, job_id: UUID, latest: JobProgress) -> "Poller":
        for key in [key for key, each in self._pollers.items() if each.ended]:
            del self._pollers[key]
        key = (tenant_id, job_id)
        if key not in self._pollers:
            self._pollers[key] = Poller(self._database, tenant_id, latest, self._poll_s)
        return self._pollers[key]

    async def close(self) -> None:
        """Stop all pollers; their followers are told that the server stops."""
        for poller in self._pollers.values():
            poller.task.cancel()
        await asyncio.gather(*(poller.task for poller in self._pollers.values()), return_exceptions=True)
        self._pollers.clear()


class Poller:
    """Polls one job as long as anybody follows it."""

    def __init__(self, database: Database, tenant_id: UUID, latest: JobProgress, poll_s: float) -> None:
        self._database, self._tenant_id, self._poll_s = database, tenant_id, poll_s
        self.latest = latest
        self.ended = False
        self._followers = 0
        self._changed = asyncio.Event()
        self.task = asyncio.ensure_future(self._poll())

    async def other_than(self, seen: JobProgress) -> JobProgress:
        """The next state that differs from what was seen."""
        self._followers += 1
        try:
            while self.latest == seen and not self.ended:
                await self._changed.wait()
        finally:
            self._followers -= 1
        if self.latest == seen:
            raise MeritlineError("E-UNAVAILABLE", service="database", reason="the server is stopping")
        return self.latest

    async def _poll(self) -> None:
        try:
            while not self.latest.finished:
                await asyncio.sleep(self._poll_s)
                if not self._followers:
                    return
                await self._look()
        finally:
            self.ended = True
            self._changed.set()

    async def _look(self) -> None:
        try:
            found = await look(self._database, self._tenant_id, self.latest.job_id)
        except Exception as error:  # the next look may succeed; whoever follows has their own patience
            log.warning("job %s could not be looked at: %r", self.latest.job_id, error)
            return
        if found != self.latest:
            self.latest = found
            self._changed.set()
            self._changed = asyncio.Event()
