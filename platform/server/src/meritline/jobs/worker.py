"""The worker: takes deliveries from arq and makes attempts; beside it the sweeper, which delivers what was lost.

Runs inside the server's loop (``meritline up``, tests) or alone (``meritline work``). It outlives a restart of Valkey:
arq's worker ends when its connection drops, and a new one is started.
"""

import asyncio
import json
import logging
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final
from uuid import UUID

from arq.worker import Worker, func
from redis.exceptions import RedisError

from meritline.errors import MeritlineError
from meritline.jobs import store
from meritline.jobs.attempt import TRANSIENT, Attempts
from meritline.jobs.queue import FUNCTION, Queue, serialize

log = logging.getLogger(__name__)

POLL_S: Final = 0.05
LONGEST_ATTEMPT_S: Final = 3600
SWEPT_AT_ONCE: Final = 500
REDELIVERED_AFTER: Final = timedelta(seconds=20)
PAUSE_S: Final = 1.0


@dataclass(slots=True)
class JobWorker:
    """A worker of this process."""

    queue: Queue
    attempts: Attempts
    at_once: int = 4
    sweep_s: float = 10.0

    async def run(self) -> None:
        """Work until cancelled; what is unfinished then is given back."""
        async with asyncio.TaskGroup() as group:
            group.create_task(self.sweep_forever())
            group.create_task(self.work_forever())

    async def work_forever(self) -> None:
        """Start arq's worker, and again whenever it ends."""
        while True:
            try:
                await self.work()
            except (RedisError, OSError, TimeoutError) as error:
                log.warning("the queue is gone (%s); trying again", error)
            await asyncio.sleep(PAUSE_S)

    async def work(self) -> None:
        """One arq worker, until it ends or this task is cancelled."""
        async def run_job(_: dict[str, Any], tenant_id: str, job_id: str) -> None:
            await self.attempts.make(UUID(tenant_id), UUID(job_id))

        worker = Worker(
            [func(run_job, name=FUNCTION)],  # type: ignore[arg-type]
            queue_name=self.queue.name, redis_settings=self.queue.settings, handle_signals=False, poll_delay=POLL_S,
            max_jobs=self.at_once, job_timeout=LONGEST_ATTEMPT_S, keep_result=0, retry_jobs=False,
            job_serializer=serialize, job_deserializer=json.loads, log_results=False,
        )  # fmt: skip
        try:
            await worker.async_run()
        finally:
            await stop(worker)

    async def sweep_forever(self) -> None:
        """Sweep at start and ever after."""
        while True:
            try:
                while await self.sweep() == SWEPT_AT_ONCE:
                    pass
            except (*TRANSIENT, MeritlineError, RedisError) as error:
                log.warning("the sweep failed (%s); trying again", error)
            await asyncio.sleep(self.sweep_s)

    async def sweep(self) -> int:
        """Deliver what is due and nobody works on; how many that were."""
        async with self.attempts.database.global_work() as conn:
            found = await store.take_overdue(conn, SWEPT_AT_ONCE, REDELIVERED_AFTER)
        for tenant_id, job_id, due_at in found:
            await self.queue.push(tenant_id, job_id, int(due_at.timestamp() * 1000))
        return len(found)


async def stop(worker: Worker) -> None:
    """End what runs, so that it gives its jobs back, then let the connections go."""
    running = list(worker.tasks.values())
    for task in running:
        task.cancel()
    await asyncio.gather(*running, return_exceptions=True)
    worker.tasks.clear()  # close() would raise their cancellation and keep the connections
    with suppress(asyncio.CancelledError, RedisError, OSError, TimeoutError):
        await worker.close()
