"""Jobs from outside: done once each, whatever happens to workers, queue and leases."""

import asyncio
import os
import signal
import sys
import textwrap
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from datetime import timedelta
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from redis.asyncio import Redis

from meritline.db import Database
from meritline.errors import MeritlineError, NotFound
from meritline.jobs import outbox
from meritline.jobs.handlers import Handler, JobContext
from meritline.jobs.service import Jobs
from meritline.local import LocalUrls

SHORT = timedelta(seconds=1)


@pytest.fixture(scope="module")
async def database(migrated_database: LocalUrls) -> AsyncIterator[Database]:
    async with await Database.open(migrated_database.database_url) as opened:
        yield opened


@pytest.fixture
async def tenant(database: Database) -> UUID:
    async with database.global_work() as conn:
        found: UUID = await conn.fetchval("insert into tenant (key) values ($1) returning id", f"t-{uuid4()}")
    return found


def jobs_with(urls: LocalUrls, database: Database, **handlers: Callable[[JobContext], Awaitable[dict[str, int] | None]],
              ) -> Jobs:
    """Jobs on a queue of its own, swept often and with short leases."""
    return Jobs(urls.redis_url, database, {kind: Handler(run) for kind, run in handlers.items()},
                queue_name=f"test:{uuid4()}", lease=SHORT, sweep_s=0.2)


@asynccontextmanager
async def opened(jobs: Jobs) -> AsyncIterator[Jobs]:
    try:
        yield jobs
    finally:
        await jobs.close()


async def submit(jobs: Jobs, database: Database, tenant: UUID, kind: str, **payload: object) -> UUID:
    async with database.unit_of_work(tenant) as uow:
        return await jobs.enqueue(uow, kind, payload)


async def test_a_job_runs_and_its_progress_can_be_followed(
    migrated_database: LocalUrls, database: Database, tenant: UUID
) -> None:
    async def count(context: JobContext) -> dict[str, int]:
        for done in range(3):
            await context.progress(done, 3, f"step {done}")
            await asyncio.sleep(0.4)
        return {"counted": int(context.payload["to"])}

    async with opened(jobs_with(migrated_database, database, count=count)) as jobs:
        job = await submit(jobs, database, tenant, "count", to=3)
        async with jobs.working():
            steps = [step async for step in jobs.watch(tenant, job)]
        assert steps[-1].state == "done"
        assert steps[-1].result == {"counted": 3}
        assert {"step 0", "step 1", "step 2"} <= {step.note for step in steps}


async def test_another_tenants_job_does_not_exist(
    migrated_database: LocalUrls, database: Database, tenant: UUID
) -> None:
    async with opened(jobs_with(migrated_database, database)) as jobs:
        job = await submit(jobs, database, tenant, "nothing")
        with pytest.raises(NotFound):
            await jobs.look(uuid4(), job)


async def test_a_job_is_there_only_if_its_cause_is(
    migrated_database: LocalUrls, database: Database, tenant: UUID
) -> None:
    async with opened(jobs_with(migrated_database, database)) as jobs:
        made: list[UUID] = []

        async def fail_after_enqueueing() -> None:
            async with database.unit_of_work(tenant) as uow:
                made.append(await jobs.enqueue(uow, "nothing", {}))
                raise ZeroDivisionError

        with pytest.raises(ZeroDivisionError):
            await fail_after_enqueueing()
        (job,) = made
        with pytest.raises(NotFound):
            await jobs.look(tenant, job)
        async with database.global_work() as conn:
            assert not await conn.fetchval("select count(*) from job_ref where job_id = $1", job)


async def test_what_is_wanted_soon_is_handed_over_whoever_writes_it(
    migrated_database: LocalUrls, database: Database, tenant: UUID
) -> None:
    async def nothing(context: JobContext) -> None: ...

    jobs = Jobs(migrated_database.redis_url, database, {"nothing": Handler(nothing)}, queue_name=f"test:{uuid4()}",
                sweep_s=3600)  # fmt: skip
    async with opened(jobs), jobs.working():
        async with database.unit_of_work(tenant) as uow:
            job = await outbox.soon(uow, "nothing", {})
        assert (await jobs.wait(tenant, job, 60)).state == "done"
    async with database.unit_of_work(tenant) as uow:
        assert uow.hand_over is None, "nobody takes jobs to a queue that was closed"


async def test_a_queue_that_forgot_everything_loses_no_job(
    migrated_database: LocalUrls, database: Database, tenant: UUID
) -> None:
    ran: list[int] = []

    async def note(context: JobContext) -> None:
        ran.append(int(context.payload["number"]))

    async with opened(jobs_with(migrated_database, database, note=note)) as jobs:
        ids = [await submit(jobs, database, tenant, "note", number=number) for number in range(5)]
        async with Redis.from_url(migrated_database.redis_url) as redis:
            await redis.flushall()
        async with jobs.working():
            for job in ids:
                assert (await jobs.wait(tenant, job, 60)).state == "done"
    assert sorted(ran) == [0, 1, 2, 3, 4]


async def test_a_job_delivered_many_times_runs_once(
    migrated_database: LocalUrls, database: Database, tenant: UUID
) -> None:
    ran: list[int] = []

    async def slow(context: JobContext) -> None:
        ran.append(context.attempt)
        await asyncio.sleep(2.5 * SHORT.total_seconds())  # the lease is prolonged meanwhile

    async with opened(jobs_with(migrated_database, database, slow=slow)) as jobs:
        job = await submit(jobs, database, tenant, "slow")
        for delivery in range(1, 6):
            await jobs._queue.push(tenant, job, delivery)
        async with jobs.working():
            assert (await jobs.wait(tenant, job, 60)).state == "done"
    assert ran == [1]


async def test_a_refusal_fails_the_job_and_says_why(
    migrated_database: LocalUrls, database: Database, tenant: UUID
) -> None:
    tidied: list[str] = []

    async def refuse(context: JobContext) -> None:
        raise NotFound(kind="cycle", value="2026-05")

    async def tidy(context: JobContext, error: MeritlineError) -> None:
        tidied.append(error.problem.code)

    jobs = jobs_with(migrated_database, database)
    jobs._attempts.handlers["refuse"] = Handler(refuse, tidy)  # type: ignore[index]
    async with opened(jobs):
        job = await submit(jobs, database, tenant, "refuse")
        async with jobs.working():
            found = await jobs.wait(tenant, job, 60)
    assert found.state == "failed"
    assert [problem.message() for problem in found.problems] == ["There is no cycle 2026-05."]
    assert tidied == ["E-NOT-FOUND"]


async def test_a_worker_that_is_stopped_gives_its_job_back(
    migrated_database: LocalUrls, database: Database, tenant: UUID
) -> None:
    attempts: list[int] = []
    begun = asyncio.Event()

    async def stubborn(context: JobContext) -> None:
        attempts.append(context.attempt)
        begun.set()
        if context.attempt == 1:
            await asyncio.sleep(3600)

    async with opened(jobs_with(migrated_database, database, stubborn=stubborn)) as jobs:
        job = await submit(jobs, database, tenant, "stubborn")
        async with jobs.working():
            await asyncio.wait_for(begun.wait(), 60)
        assert (await jobs.look(tenant, job)).state == "queued"
        async with jobs.working():
            assert (await jobs.wait(tenant, job, 60)).state == "done"
    assert attempts == [1, 2]


async def test_an_overtaken_attempt_writes_nothing(
    migrated_database: LocalUrls, database: Database, tenant: UUID
) -> None:
    async def nothing(context: JobContext) -> None:
        return None

    async with opened(jobs_with(migrated_database, database, nothing=nothing)) as jobs:
        job = await submit(jobs, database, tenant, "nothing")
        async with database.unit_of_work(tenant) as uow:
            await uow.conn.execute("update job set state = 'running', attempt = 2 where tenant_id = $1 and id = $2",
                                   tenant, job)
        overtaken = JobContext(database, tenant, job, 1, {})
        with pytest.raises(MeritlineError) as lost:
            async with database.unit_of_work(tenant) as uow:
                await overtaken.held(uow.conn)
        assert lost.value.problem.code == "E-JOB-LEASE"
        await overtaken.progress(5, 5, "from the dead")
        await jobs._attempts.finish(overtaken, "done", None, None)
        found = await jobs.look(tenant, job)
        assert (found.state, found.note) == ("running", "")


WORKER = """
    import asyncio, sys
    from datetime import timedelta
    from pathlib import Path
    from meritline.db import Database
    from meritline.jobs.handlers import Handler
    from meritline.jobs.service import Jobs

    async def main(database_url, redis_url, queue, folder):
        async def mark(context):
            (Path(folder) / f"begun-{context.attempt}").touch()
            if context.attempt == 1:
                await asyncio.sleep(3600)
            return {"attempt": context.attempt}

        async with await Database.open(database_url) as database:
            jobs = Jobs(redis_url, database, {"mark": Handler(mark)}, queue_name=queue,
                        lease=timedelta(seconds=1), sweep_s=0.2)
            await jobs.run_worker()

    asyncio.run(main(*sys.argv[1:]))
"""


async def test_a_killed_workers_job_is_finished_by_another(
    migrated_database: LocalUrls, database: Database, tenant: UUID, tmp_path: Path
) -> None:
    urls, queue = migrated_database, f"test:{uuid4()}"
    command = [sys.executable, "-c", textwrap.dedent(WORKER), urls.database_url, urls.redis_url, queue, str(tmp_path)]
    jobs = Jobs(urls.redis_url, database, {}, queue_name=queue, lease=SHORT)
    async with opened(jobs):
        job = await submit(jobs, database, tenant, "mark")
        workers = [await asyncio.create_subprocess_exec(*command)]
        try:
            await until((tmp_path / "begun-1").exists)
            os.kill(workers[0].pid, signal.SIGKILL)
            workers.append(await asyncio.create_subprocess_exec(*command))
            found = await jobs.wait(tenant, job, 90)
        finally:
            for worker in workers:
                with suppress(ProcessLookupError):
                    worker.kill()
                await worker.wait()
    assert (found.state, found.result) == ("done", {"attempt": 2})


async def until(true: Callable[[], bool]) -> None:
    async with asyncio.timeout(60):
        while not true():  # noqa: ASYNC110
            await asyncio.sleep(0.05)
