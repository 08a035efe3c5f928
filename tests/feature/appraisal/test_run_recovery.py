"""A run whose worker is killed, whose queue forgets it, or whose attempts overlap: one result, written once."""

import asyncio
import os
import signal
import sys
import textwrap
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from redis.asyncio import Redis

from meritline.appraisal.cycles import open_cycle
from meritline.appraisal.publication.locking import lock_cycle
from meritline.appraisal.run.execute import execute
from meritline.appraisal.service import Asked, run_cycle
from meritline.db import UnitOfWork
from meritline.domain.cycles import CycleStateRefused
from meritline.local import LocalUrls
from meritline.rewards.service import REWARDS

SHORT = timedelta(seconds=1)
WORKER = """
    import asyncio, sys
    from datetime import UTC, datetime, timedelta
    from pathlib import Path
    from meritline.appraisal.jobs import handlers
    from meritline.appraisal.run.frame import RewardStep
    from meritline.db import Database
    from meritline.jobs.service import Jobs
    from meritline.rewards.service import make_room, write_rewards

    async def main(database_url, redis_url, queue, marker):
        async def stuck(frame, snapshot, cards):
            await write_rewards(frame, snapshot, cards)
            Path(marker).touch()
            await asyncio.sleep(3600)

        async with await Database.open(database_url) as database:
            rewards = RewardStep(make_room, stuck)
            jobs = Jobs(redis_url, database, handlers(database, lambda: datetime.now(UTC), rewards), queue_name=queue,
                        lease=timedelta(seconds=1), sweep_s=0.2)
            await jobs.run_worker()

    asyncio.run(main(*sys.argv[1:]))
"""


async def ask(company: Any) -> Asked:
    async with company.database.unit_of_work(company.tenant_id) as uow:
        cycle = await open_cycle(uow, "test", "2026-05")
        return await run_cycle(uow, "test", cycle.id, enqueue=company.jobs.enqueue, now=company.clock())


@asynccontextmanager
async def stuck_worker(urls: LocalUrls, company: Any, marker: Path) -> AsyncIterator[asyncio.subprocess.Process]:
    """A worker in a process of its own that has computed and written everything, and then hangs before the commit."""
    queue = f"test:{company.tenant_id}"
    worker = await asyncio.create_subprocess_exec(
        sys.executable, "-c", textwrap.dedent(WORKER), urls.database_url, urls.redis_url, queue, str(marker))
    try:
        async with asyncio.timeout(90):
            while not os.path.exists(marker):  # noqa: ASYNC110, ASYNC240
                await asyncio.sleep(0.05)
        yield worker
    finally:
        with suppress(ProcessLookupError):
            worker.kill()
        await worker.wait()


async def test_a_worker_killed_in_mid_run_leaves_nothing_and_another_gives_the_same_result(
    make_company: Any, urls: LocalUrls, tmp_path: Path
) -> None:
    async with make_company(lease=SHORT) as company:
        await company.busy_may()
        asked = await ask(company)
        async with stuck_worker(urls, company, tmp_path / "computed") as worker:
            os.kill(worker.pid, signal.SIGKILL)
            await worker.wait()
        assert await company.cards() == {}
        assert await company.rewards() == {}
        async with company.jobs.working():
            done = await company.jobs.wait(company.tenant_id, asked.job_id, 90)
        assert (done.state, done.attempt) == ("done", 2)
        again = await company.appraise()
        assert done.result["result_digest"] == again.result["result_digest"]
        assert done.result["input_digest"] == again.result["input_digest"]


async def test_a_worker_that_only_seems_dead_cannot_write_a_second_result(
    make_company: Any, urls: LocalUrls, tmp_path: Path
) -> None:
    async with make_company(lease=SHORT) as company:
        await company.busy_may()
        asked = await ask(company)
        async with stuck_worker(urls, company, tmp_path / "computed") as worker:
            os.kill(worker.pid, signal.SIGSTOP)  # its lease runs out, its transaction stays open
            async with company.jobs.working():
                async with asyncio.timeout(60):
                    while (await company.jobs.look(company.tenant_id, asked.job_id)).attempt < 2:  # noqa: ASYNC110
                        await asyncio.sleep(0.05)
                os.kill(worker.pid, signal.SIGKILL)
                done = await company.jobs.wait(company.tenant_id, asked.job_id, 90)
        assert done.state == "done"
        assert len(await company.fetch("select 1 from scorecard where tenant_id = $1")) == 9
        assert len(await company.rewards()) == 18


async def test_two_attempts_at_once_write_one_result(company: Any) -> None:
    asked = await ask(company)

    async def attempt() -> Any:
        async def silent(done: int, total: int, note: str) -> None:
            return None

        return await execute(company.database, company.clock, company.tenant_id, asked.run_id, None,
                             rewards=REWARDS, progress=silent)

    ended = await asyncio.gather(*(attempt() for _ in range(3)), return_exceptions=True)
    assert [type(each).__name__ for each in ended if isinstance(each, BaseException)] in (
        [], ["SerializationError"], ["SerializationError"] * 2)  # an overtaken attempt may have to look again
    results = [await attempt(), *(each for each in ended if not isinstance(each, BaseException))]
    assert {each["result_digest"] for each in results} == {results[0]["result_digest"]}
    assert len(await company.fetch("select 1 from scorecard where tenant_id = $1")) == 9
    told = await company.fetch("select 1 from audit_entry where tenant_id = $1 and action = 'run.complete'")
    assert len(told) == 1


async def test_a_run_that_failed_stays_failed_when_its_job_comes_again(company: Any) -> None:
    done = await company.appraise("2026")
    assert done.state == "failed"
    async with company.database.unit_of_work(company.tenant_id) as uow:
        await uow.conn.execute("update job set state = 'queued' where tenant_id = $1 and id = $2",
                               company.tenant_id, done.job_id)
    async with company.database.global_work() as conn:
        await conn.execute("update job_ref set done = false, due_at = now() where job_id = $1", done.job_id)
    async with company.jobs.working():
        again = await company.jobs.wait(company.tenant_id, done.job_id, 60)
    assert (again.state, [problem.code for problem in again.problems]) == ("failed", ["E-RUN-NO-SCHEME"])
    told = await company.fetch("select 1 from audit_entry where tenant_id = $1 and action = 'run.failed'")
    assert len(told) == 1


async def test_a_queue_that_forgot_the_run_does_not_stop_it(make_company: Any, urls: LocalUrls) -> None:
    async with make_company() as company:
        await company.busy_may()
        asked = await ask(company)
        async with Redis.from_url(urls.redis_url) as redis:
            await redis.flushall()
        async with company.jobs.working():
            assert (await company.jobs.wait(company.tenant_id, asked.job_id, 90)).state == "done"
        assert len(await company.cards()) == 6


async def test_progress_can_be_followed_by_phases_and_people(company: Any) -> None:
    asked = await ask(company)
    async with company.jobs.working():
        steps = [step async for step in company.jobs.watch(company.tenant_id, asked.job_id)]
    assert steps[-1].state == "done"
    assert (steps[-1].done, steps[-1].total, steps[-1].note) == (9, 9, "rewarding")


async def test_whoever_cannot_act_on_a_running_cycle_is_told_and_does_not_wait(
        urls: LocalUrls, make_company: Any, tmp_path: Path) -> None:
    """A run holds its cycle while it computes; another run and a lock are refused at once all the same."""
    async with make_company(lease=SHORT) as company:
        await company.busy_may()
        await ask(company)
        async with stuck_worker(urls, company, tmp_path / "computed"):
            for act in (lambda uow: lock_cycle(uow, "test", "2026-05"), lambda uow: again(uow, company)):
                async with asyncio.timeout(10):
                    with pytest.raises(CycleStateRefused):
                        async with company.database.unit_of_work(company.tenant_id) as uow:
                            await act(uow)


async def again(uow: UnitOfWork, company: Any) -> Asked:
    """A second run of the same cycle."""
    cycle = await open_cycle(uow, "test", "2026-05")
    return await run_cycle(uow, "test", cycle.id, enqueue=company.jobs.enqueue, now=company.clock())
