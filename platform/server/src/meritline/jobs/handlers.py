"""What a feature's ``jobs.py`` gives to the worker: for each kind of job the function that does it.

A handler may be called again for the same job, by another process, after it was killed anywhere: each of its units of
work must be repeatable. ``held`` inside a unit refuses an attempt that another has overtaken.
"""

import time
from collections.abc import Awaitable, Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final
from uuid import UUID

from meritline.db import Connection, Database
from meritline.errors import MeritlineError
from meritline.jobs import store

SHORTEST_BETWEEN_NOTES_S: Final = 0.2


class LeaseLost(MeritlineError):
    """Another worker has taken the job; what this attempt was about to write is not written."""

    code = "E-JOB-LEASE"


@dataclass(slots=True)
class JobContext:
    """One attempt at a job, as its handler sees it."""

    database: Database
    tenant_id: UUID
    job_id: UUID
    attempt: int
    payload: Mapping[str, Any]
    _last: tuple[float, str] = field(default=(0.0, ""), repr=False)
    #: When each step began, and the moment up to which the last one is known to last.
    _begun: list[tuple[str, float]] = field(default_factory=list, repr=False)

    async def progress(self, done: int, total: int, note: str = "") -> None:
        """Show how far it is, in a short transaction of its own; too frequent calls are let go."""
        now = time.monotonic()
        if note and (not self._begun or self._begun[-1][0] != note):
            self._begun.append((note, now))
        moment, last_note = self._last
        if note == last_note and done < total and now - moment < SHORTEST_BETWEEN_NOTES_S:
            return
        self._last = (now, note)
        async with self.database.unit_of_work(self.tenant_id) as uow:
            await store.progress(uow.conn, self.tenant_id, self.job_id, self.attempt, done, total, note)

    def steps(self) -> Iterator[tuple[str, float]]:
        """The steps that the attempt told of, each with its seconds; the last one lasts until now."""
        ends = [*(begun for _, begun in self._begun[1:]), time.monotonic()]
        return ((note, end - begun) for (note, begun), end in zip(self._begun, ends, strict=False))

    async def held(self, conn: Connection) -> None:
        """Refuse the unit of work (read committed) if this attempt is no longer the one; call it last."""
        if not await store.holds(conn, self.tenant_id, self.job_id, self.attempt):
            raise LeaseLost(value=self.job_id)


type Run = Callable[[JobContext], Awaitable[Mapping[str, Any] | None]]
type Failed = Callable[[JobContext, MeritlineError], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Handler:
    """What does a kind of job. ``failed`` tidies up when the job has failed; it may be called more than once."""

    run: Run
    failed: Failed | None = None
