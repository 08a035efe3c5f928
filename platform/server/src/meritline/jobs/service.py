"""``Jobs``: what the rest of the server knows of jobs. Made once by bootstrap and handed around."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Mapping
from contextlib import aclosing, asynccontextmanager, suppress
from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import Final
from uuid import UUID

from meritline.db import Database, UnitOfWork
from meritline.errors import MeritlineError
from meritline.jobs import outbox
from meritline.jobs.attempt import Attempts, Observer
from meritline.jobs.handlers import Handler
from meritline.jobs.outbox import Payload
from meritline.jobs.progress import JobProgress, Watching, look
from meritline.jobs.queue import QUEUE, Queue

GATHERED: Final = timedelta(seconds=1)
"""How long what is enqueued ``soon`` waits for further causes of it."""


class Jobs:
    """Writes, runs and follows jobs."""

    def __init__(self, redis_url: str, database: Database, handlers: Mapping[str, Handler], *,
                 queue_name: str = QUEUE, lease: timedelta = timedelta(seconds=15), sweep_s: float = 10.0,
                 at_once: int = 4) -> None:
        self._database = database
        self._queue = Queue(redis_url, queue_name)
        self._attempts, self._at_once, self._sweep_s = Attempts(database, handlers, lease), at_once, sweep_s
        self._watching = Watching(database)
        self._hand_over = database.hand_over = partial(self._queue.push, after=GATHERED)

    @property
    def observers(self) -> list[Observer]:
        """Who hears of every attempt at a job in this process."""
        return self._attempts.observers

    async def enqueue(self, uow: UnitOfWork, kind: str, payload: Payload) -> UUID:
        """Write a job with its cause; it is handed to the queue once the unit has committed."""
        job_id = await outbox.enqueue(uow, kind, payload)
        uow.after_commit(partial(self._queue.push, uow.tenant_id, job_id))
        return job_id

    async def run_worker(self) -> None:
        """Work in this process until cancelled."""
        from meritline.jobs.worker import JobWorker  # with its library, which a server that only enqueues does not need

        # What the handlers are made of is brought now, not while the first job waits.
        attempts = replace(self._attempts, handlers=dict(self._attempts.handlers))
        await JobWorker(self._queue, attempts, self._at_once, self._sweep_s).run()

    @asynccontextmanager
    async def working(self) -> AsyncIterator[None]:
        """A worker beside whatever the block does."""
        task = asyncio.create_task(self.run_worker(), name="jobs")
        try:
            yield
        finally:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task

    def watch(self, tenant_id: UUID, job_id: UUID) -> AsyncGenerator[JobProgress]:
        """The job now and after each change, until it has finished."""
        return self._watching.watch(tenant_id, job_id)

    async def look(self, tenant_id: UUID, job_id: UUID) -> JobProgress:
        """The job now."""
        return await look(self._database, tenant_id, job_id)

    async def wait(self, tenant_id: UUID, job_id: UUID, timeout: float | None = None,  # noqa: ASYNC109
                   ) -> JobProgress:
        """The finished job; E-JOB-WAIT when it takes longer, which does not stop it."""
        try:
            async with asyncio.timeout(timeout), aclosing(self._watching.watch(tenant_id, job_id)) as steps:
                async for step in steps:
                    if step.finished:
                        return step
        except TimeoutError as error:
            raise MeritlineError("E-JOB-WAIT", value=job_id, seconds=timeout) from error
        raise MeritlineError("E-JOB-WAIT", value=job_id, seconds=timeout)

    async def close(self) -> None:
        """Stop following and let the queue go."""
        if self._database.hand_over is self._hand_over:
            self._database.hand_over = None
        await self._watching.close()
        await self._queue.close()
