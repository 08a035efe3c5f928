"""One attempt at one job: claim it, keep its lease, run its handler, write the outcome.

Decides what a failure means: a refusal by a rule fails the job at once, trouble of the database gives it back to be
tried again, and a job that was tried too often (it kills its workers, perhaps) is given up.
"""

import asyncio
import json
import logging
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from typing import Final
from uuid import UUID, uuid4

import asyncpg

from meritline.db import Database
from meritline.errors import MeritlineError
from meritline.jobs import failure, store
from meritline.jobs.handlers import Handler, JobContext, LeaseLost

log = logging.getLogger(__name__)

MOST_ATTEMPTS: Final = 5
TRANSIENT: Final = (
    asyncpg.SerializationError, asyncpg.DeadlockDetectedError, asyncpg.LockNotAvailableError,
    asyncpg.PostgresConnectionError, asyncpg.InterfaceError, asyncpg.CannotConnectNowError,
    asyncpg.AdminShutdownError, asyncpg.QueryCanceledError, ConnectionError, TimeoutError,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Attempts:
    """How a worker of this process does jobs."""

    database: Database
    handlers: Mapping[str, Handler]
    lease: timedelta = timedelta(seconds=15)

    async def make(self, tenant_id: UUID, job_id: UUID) -> None:
        """Do the job unless it is done or another holds it."""
        async with self.database.unit_of_work(tenant_id) as uow:
            row = await store.claim(uow.conn, tenant_id, job_id, sorted(self.handlers), self.lease)
        if row is None:
            return
        handler = self.handlers[row["kind"]]
        context = JobContext(self.database, tenant_id, job_id, row["attempt"], json.loads(row["payload"]))
        if context.attempt > MOST_ATTEMPTS:
            await self.give_up(context, handler, MeritlineError("E-JOB-ATTEMPTS", value=job_id, count=MOST_ATTEMPTS))
            return
        await self.run(context, handler)

    async def run(self, context: JobContext, handler: Handler) -> None:
        """Run the handler under a lease and write what came of it."""
        try:
            result = await self.under_lease(context, handler)
        except LeaseLost:
            log.warning("job %s: overtaken in attempt %s", context.job_id, context.attempt)
        except MeritlineError as error:
            await self.give_up(context, handler, error)
        except asyncio.CancelledError:
            await asyncio.shield(self.release(context, timedelta()))
            raise
        except TRANSIENT as error:
            log.warning("job %s: attempt %s met %r and is tried again", context.job_id, context.attempt, error)
            await self.release(context, timedelta(seconds=context.attempt))
        except Exception:
            reference = uuid4().hex[:12]
            log.exception("job %s failed, reference %s", context.job_id, reference)
            await self.give_up(context, handler, MeritlineError("E-INTERNAL", reference=reference))
        else:
            text = None if result is None else json.dumps(result, ensure_ascii=False)
            await self.finish(context, "done", text, None)

    async def under_lease(self, context: JobContext, handler: Handler) -> Mapping[str, object] | None:
        """The handler's result; the handler is stopped when the lease is lost."""
        work = asyncio.ensure_future(handler.run(context))
        lease = asyncio.ensure_future(self.keep(context))
        try:
            await asyncio.wait({work, lease}, return_when=asyncio.FIRST_COMPLETED)
            if not work.done():
                raise LeaseLost(value=context.job_id)
            return work.result()
        finally:
            for task in (lease, work):
                task.cancel()
                with suppress(BaseException):
                    await task

    async def keep(self, context: JobContext) -> None:
        """Prolong the lease until it is lost; trouble with the database is waited out as long as it lasts."""
        while True:
            await asyncio.sleep(self.lease.total_seconds() / 3)
            try:
                async with self.database.unit_of_work(context.tenant_id) as uow:
                    held = await store.extend(uow.conn, context.tenant_id, context.job_id, context.attempt, self.lease)
            except (*TRANSIENT, MeritlineError):
                log.warning("job %s: its lease could not be prolonged", context.job_id, exc_info=True)
                continue
            if not held:
                return

    async def give_up(self, context: JobContext, handler: Handler, error: MeritlineError) -> None:
        """The job has failed; its feature tidies up first, so that nobody sees the one without the other for long."""
        log.info("job %s failed: %s", context.job_id, error)
        if handler.failed is not None:
            await handler.failed(context, error)
        await self.finish(context, "failed", None, failure.dump(error))

    async def finish(self, context: JobContext, state: str, result: str | None, error: str | None) -> None:
        """Write the outcome, unless a newer attempt has the job."""
        async with self.database.unit_of_work(context.tenant_id) as uow:
            await store.finish(uow.conn, context.tenant_id, context.job_id, context.attempt, state, result, error)

    async def release(self, context: JobContext, pause: timedelta) -> None:
        """Give the job back."""
        async with self.database.unit_of_work(context.tenant_id) as uow:
            await store.release(uow.conn, context.tenant_id, context.job_id, context.attempt, pause)
