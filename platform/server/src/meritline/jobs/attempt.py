"""One attempt at one job: claim it, keep its lease, run its handler, write the outcome.

Decides what a failure means: a refusal by a rule fails the job at once, trouble of the database gives it back to be
tried again, and a job that was tried too often (it kills its workers, perhaps) is given up.
"""

import asyncio
import json
import logging
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Final
from uuid import UUID, uuid4

import asyncpg

from meritline.db import Database
from meritline.errors import MeritlineError
from meritline.jobs import failure, store
from meritline.jobs.handlers import Handler, JobContext, LeaseLost
from meritline.logs.private import shape

log = logging.getLogger(__name__)

MOST_ATTEMPTS: Final = 5
TRANSIENT: Final = (
    asyncpg.SerializationError, asyncpg.DeadlockDetectedError, asyncpg.LockNotAvailableError,
    asyncpg.PostgresConnectionError, asyncpg.InterfaceError, asyncpg.CannotConnectNowError,
    asyncpg.AdminShutdownError, asyncpg.QueryCanceledError, ConnectionError, TimeoutError,
)  # fmt: skip
#: What of ours says that the database or the queue is out of reach for now.
PASSING: Final = frozenset({"E-DATABASE-AWAY", "E-DB-BUSY", "E-UNAVAILABLE"})


@dataclass(frozen=True, slots=True)
class Ended:
    """How an attempt ended, for those who count: ``done``, ``failed``, ``retried``, ``returned`` or ``overtaken``."""

    kind: str
    outcome: str
    seconds: float
    steps: tuple[tuple[str, float], ...] = ()


type Observer = Callable[[Ended], None]


@dataclass(frozen=True, slots=True)
class Attempts:
    """How a worker of this process does jobs. ``observers`` hear of every attempt that ended."""

    database: Database
    handlers: Mapping[str, Handler]
    lease: timedelta = timedelta(seconds=15)
    observers: list[Observer] = field(default_factory=list)

    async def make(self, tenant_id: UUID, job_id: UUID) -> None:
        """Do the job unless it is done or another holds it."""
        async with self.database.unit_of_work(tenant_id) as uow:
            row = await store.claim(uow.conn, tenant_id, job_id, sorted(self.handlers), self.lease)
        if row is None:
            return
        handler = self.handlers[row["kind"]]
        context = JobContext(self.database, tenant_id, job_id, row["attempt"], json.loads(row["payload"]))
        started, codes = time.perf_counter(), list[str]()
        outcome = "returned"  # which is what a cancellation makes of it
        try:
            if context.attempt > MOST_ATTEMPTS:
                error = MeritlineError("E-JOB-ATTEMPTS", value=job_id, count=MOST_ATTEMPTS)
                outcome = await self.give_up(context, handler, error, codes)
            else:
                outcome = await self.run(context, handler, codes)
        finally:
            self.tell(context, row["kind"], outcome, time.perf_counter() - started, codes)

    def tell(self, context: JobContext, kind: str, outcome: str, seconds: float, codes: list[str]) -> None:
        """The line of an attempt, and whoever counts."""
        said = {"job_id": str(context.job_id), "kind": kind, "tenant_id": str(context.tenant_id),
                "attempt": context.attempt, "outcome": outcome, "ms": round(seconds * 1000, 1)}
        log.log(logging.WARNING if outcome == "failed" else logging.INFO, "job",
                extra=said | ({"codes": codes} if codes else {}))
        ended = Ended(kind, outcome, seconds, tuple(context.steps()))
        for each in self.observers:
            each(ended)

    async def run(self, context: JobContext, handler: Handler, codes: list[str]) -> str:
        """Run the handler under a lease and write what came of it; the outcome, and the codes of what went wrong."""
        try:
            result = await self.under_lease(context, handler)
        except LeaseLost:
            return "overtaken"
        except MeritlineError as error:
            if error.problem.code in PASSING:
                return await self.retry(context, error, codes)
            return await self.give_up(context, handler, error, codes)
        except asyncio.CancelledError:
            await asyncio.shield(self.release(context, timedelta()))
            raise
        except TRANSIENT as error:
            return await self.retry(context, error, codes)
        except Exception:
            reference = uuid4().hex[:12]
            log.exception("job %s failed, reference %s", context.job_id, reference)
            return await self.give_up(context, handler, MeritlineError("E-INTERNAL", reference=reference), codes)
        text = None if result is None else json.dumps(result, ensure_ascii=False)
        return "done" if await self.finish(context, "done", text, None) else "overtaken"

    async def retry(self, context: JobContext, error: Exception, codes: list[str]) -> str:
        """Give the job back, to be tried again."""
        codes.append(shape(error))
        await self.release(context, timedelta(seconds=context.attempt))
        return "retried"

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

    async def give_up(self, context: JobContext, handler: Handler, error: MeritlineError, codes: list[str]) -> str:
        """The job has failed; its feature tidies up first, so that nobody sees the one without the other for long."""
        codes.extend(dict.fromkeys(each.code for each in error.problems))
        if handler.failed is not None:
            await handler.failed(context, error)
        return "failed" if await self.finish(context, "failed", None, failure.dump(error)) else "overtaken"

    async def finish(self, context: JobContext, state: str, result: str | None, error: str | None) -> bool:
        """Write the outcome, unless a newer attempt has the job."""
        async with self.database.unit_of_work(context.tenant_id) as uow:
            return await store.finish(uow.conn, context.tenant_id, context.job_id, context.attempt, state, result,
                                      error)

    async def release(self, context: JobContext, pause: timedelta) -> None:
        """Give the job back."""
        async with self.database.unit_of_work(context.tenant_id) as uow:
            await store.release(uow.conn, context.tenant_id, context.job_id, context.attempt, pause)
