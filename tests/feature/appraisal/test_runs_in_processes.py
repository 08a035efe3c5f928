"""A run writes the same, to the last byte, however many processes score; a process that is killed costs nothing."""

import asyncio
import os
import signal
import subprocess
import sys
import textwrap
from collections.abc import AsyncIterator, Mapping
from contextlib import suppress
from decimal import Decimal
from typing import Any

import pytest

from meritline.appraisal.cycles import open_cycle
from meritline.appraisal.run import writing
from meritline.appraisal.run.execute import execute
from meritline.appraisal.run.parallel import Pool, ranges
from meritline.appraisal.run.parallel.pool import Child, Gone
from meritline.appraisal.run.scoring import Appraisal
from meritline.appraisal.run.wire import Wire
from meritline.appraisal.service import run_cycle
from meritline.rewards.service import REWARDS

FIXED = {"id", "run_id", "scorecard_id", "reward_line_id", "created_at", "updated_at"}
"""What differs from run to run."""


@pytest.fixture(autouse=True)
def heaps_of_two(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(writing, "AT_ONCE", 2)


@pytest.fixture
async def pool() -> AsyncIterator[Pool]:
    async with Pool(3, worth=1) as found:
        yield found


@pytest.fixture
def away(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many people each answer of another process was about. This one waits until the others know the scheme."""
    counted, take, ready = list[int](), ranges.Away.take, ranges.ready

    def taken(self: Any, people: Any, done: Any) -> bytes:
        counted.append(len(people))
        return take(self, people, done)

    async def scored(some: Any, here: Any, children: Any, *rest: Any) -> AsyncIterator[Any]:
        begun = asyncio.Event()

        async def joined(*args: Any) -> None:
            try:
                await ready(*args)
            finally:
                begun.set()

        monkeypatch.setattr(ranges, "ready", joined)
        loop = asyncio.get_running_loop()

        def patient(people: Any) -> bytes:
            if children:
                asyncio.run_coroutine_threadsafe(begun.wait(), loop).result(60)
            return here(people)  # type: ignore[no-any-return]

        async for each in original(some, patient, children, *rest):
            yield each

    original = ranges.scored
    monkeypatch.setattr(ranges.Away, "take", taken)
    monkeypatch.setattr(ranges, "scored", scored)
    return counted


async def run(company: Any, pool: Pool | None) -> Mapping[str, Any]:
    async with company.database.unit_of_work(company.tenant_id) as uow:
        cycle = await open_cycle(uow, "test", "2026-05")
        asked = await run_cycle(uow, "test", cycle.id, enqueue=company.jobs.enqueue, now=company.clock())

    async def silent(done: int, total: int, note: str) -> None:
        return None

    return await execute(company.database, company.clock, company.tenant_id, asked.run_id, None, rewards=REWARDS,
                         progress=silent, pool=pool)


async def written(company: Any, done: Mapping[str, Any]) -> dict[str, list[Any]]:
    """Every row of the run, without what differs from run to run."""
    found = {
        table: await company.fetch(
            f"select * from {table} where tenant_id = $1 and run_id = $2", done["run"])  # noqa: S608
        for table in ("scorecard", "run_scheme", "run_reading", "reward_line")
    }
    found["score_line"] = await company.fetch(
        "select card.scheme_key, card.subject_code, line.* from score_line line join scorecard card "
        "on card.tenant_id = $1 and card.id = line.scorecard_id where line.tenant_id = $1 and line.run_id = $2",
        done["run"])
    return {table: sorted(repr([(name, str(value) if isinstance(value, Decimal) else value)
                                for name, value in row.items() if name not in FIXED]) for row in rows)
            for table, rows in found.items()}


async def test_rows_and_digests_are_those_of_one_process(company: Any, pool: Pool, away: list[int]) -> None:
    alone = await run(company, None)
    assert away == []
    rows = await written(company, alone)
    assert {table: len(some) > 0 for table, some in rows.items()} == dict.fromkeys(rows, True)
    many = await run(company, pool)
    assert sum(away) > 0
    assert [many[name] for name in ("state", "input_digest", "result_digest", "failed", "subjects")] == [
        alone[name] for name in ("state", "input_digest", "result_digest", "failed", "subjects")]
    assert await written(company, many) == rows


async def test_rows_and_digests_are_the_same_whenever_it_is_worked_out_what_lines_come_to(
    company: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """At once where the database is behind; else not before so many wait for it, or everybody has lines."""
    left, line_portion = list[int](), Appraisal.line_portion

    def noted(self: Appraisal, *arguments: Any) -> None:
        left.append(len(self.unended))
        line_portion(self, *arguments)

    monkeypatch.setattr(Appraisal, "line_portion", noted)
    found = []
    for behind, most in ((True, 99), (False, 99), (False, 2)):
        monkeypatch.setattr(Wire, "behind", behind)
        monkeypatch.setattr(writing, "MOST_UNENDED", most)
        left.clear()
        done = await run(company, None)
        found.append((max(left), [done[name] for name in ("input_digest", "result_digest", "subjects")],
                      await written(company, done)))
    (at_once, *first), (late, *second), (some, *third) = found
    assert 0 == at_once < some < late
    assert first == second == third


@pytest.mark.parametrize("when", ["idle", "asked", "told the scheme"])
async def test_a_killed_process_costs_its_range_and_no_run(
    company: Any, pool: Pool, away: list[int], monkeypatch: pytest.MonkeyPatch, when: str
) -> None:
    first = await run(company, pool)
    rows, asked, killed = await written(company, first), Child._asked, list[int]()

    def kill(child: Child) -> None:
        if child.pid is not None:
            killed.append(child.pid)
            os.kill(child.pid, signal.SIGKILL)

    async def dying(self: Child, message: bytes) -> Any:
        if (b"Task" in message) == (when == "told the scheme"):
            kill(self)
        return await asked(self, message)

    if when == "idle":
        for each in pool._free:
            kill(each)
    else:
        monkeypatch.setattr(Child, "_asked", dying)
    again = await run(company, pool)
    assert killed
    assert again["result_digest"] == first["result_digest"]
    assert await written(company, again) == rows
    monkeypatch.undo()
    assert (await run(company, pool))["result_digest"] == first["result_digest"]


async def test_what_is_given_up_leaves_no_process_in_the_middle_of_an_answer(pool: Pool) -> None:
    [child, *_] = pool._free
    with suppress(TimeoutError):
        async with asyncio.timeout(0.3):  # it has not even started by then
            await child.ask(b"\0" * 7)
    assert child.pid is None
    with pytest.raises(Gone):
        await child.ask(b"\0\0\0\0\0\0\0\5xxxxx")  # no pickle: it ends, and says so
    assert child.pid is None


def test_no_process_is_left_when_its_server_is_killed(tmp_path: Any) -> None:
    server = subprocess.Popen([sys.executable, "-c", textwrap.dedent("""
        import asyncio
        from meritline.appraisal.run.parallel.pool import Child
        from meritline.appraisal.run.parallel.talk import packed

        async def main():
            child = Child()
            await child.ask(packed("nothing that it knows"))
            print(child.pid, flush=True)
            await asyncio.sleep(3600)

        asyncio.run(main())
    """)], stdout=subprocess.PIPE, text=True, cwd=tmp_path)
    assert server.stdout is not None
    pid = int(server.stdout.readline())
    os.kill(pid, 0)
    server.kill()
    server.wait()
    server.stdout.close()
    for _ in range(200):
        if not running(pid):
            return
        signal.sigtimedwait([], 0.05)
    raise AssertionError(f"{pid} is still there")


def running(pid: int) -> bool:
    """Whether there is such a process, and it is no mere entry that nobody has read."""
    try:
        with open(f"/proc/{pid}/stat") as stat:
            return stat.read().rsplit(")", 1)[1].split()[0] != "Z"
    except FileNotFoundError:
        return False
