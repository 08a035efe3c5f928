"""Complete appraisal runs of one company and period, and the indicators of it by one hand-written statement.

The statement gives numbers; the run gives scorecards: exact readings, points, weights, grades, ranks, rewards, their
explanations and digests, all of it written. Both must find the same numbers, or there is no benchmark.
"""

import time
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any, Final
from uuid import UUID

from tests.bench.declared import BENCH
from tests.bench.deliveries import now
from tests.bench.rounds import WARM_UP
from tests.bench.stage import ACTOR, Company, Scene
from tests.bench.tickets import PERIOD, ZONE

from meritline.appraisal.cycles import open_cycle
from meritline.appraisal.run.execute import execute
from meritline.appraisal.run.parallel import Pool
from meritline.appraisal.service import run_cycle
from meritline.domain import periods
from meritline.jobs.outbox import enqueue
from meritline.rewards.service import REWARDS

BASELINE: Final = Path(__file__).with_name("baseline.sql").read_text("utf-8")
READINGS: Final = """
select c.subject_id, l.indicator_key, l.reading_value from scorecard c
join score_line l on l.tenant_id = c.tenant_id and l.scorecard_id = c.id where c.tenant_id = $1 and c.run_id = $2
"""
NEAR: Final = Decimal("0.00001")


class Appraising:
    """The two ways of getting the indicators of a month."""

    def __init__(self, scene: Scene, firm: Company, pool: Pool | None = None) -> None:
        self.scene, self.firm, self.pool = scene, firm, pool
        self.last_run: UUID | None = None
        self.digests: set[str] = set()
        self.steps: dict[str, list[float]] = {}

    async def by_hand(self, _: int) -> float:
        """The hand-written statement, as the application under its policies, fetched."""
        start = time.perf_counter()
        await self.aggregated()
        return time.perf_counter() - start

    async def aggregated(self) -> list[Any]:
        """Its rows."""
        month, tenant_id = periods.window(PERIOD, ZONE), self.firm.tenant_id
        async with self.scene.database.scoped_read(tenant_id) as conn:
            found: list[Any] = await conn.fetch(BASELINE, tenant_id, month.start, month.end)
        return found

    async def run(self, number: int) -> float:
        """A new run of the same cycle, from the job's begin to its end."""
        tenant_id, database = self.firm.tenant_id, self.scene.database
        async with database.unit_of_work(tenant_id) as uow:
            cycle = await open_cycle(uow, ACTOR, PERIOD)
            asked = await run_cycle(uow, ACTOR, cycle.id, enqueue=enqueue, now=now())
        marks: list[tuple[str, float]] = []

        async def progress(_: int, __: int, note: str) -> None:
            if not marks or marks[-1][0] != note:
                marks.append((note, time.perf_counter()))

        start = time.perf_counter()
        done = await execute(database, now, tenant_id, asked.run_id, None, rewards=REWARDS, progress=progress,
                             pool=self.pool)
        end = time.perf_counter()
        if number != WARM_UP:
            self.keep(marks, end)
        self.check(done)
        self.last_run = asked.run_id
        return end - start

    def keep(self, marks: list[tuple[str, float]], end: float) -> None:
        """How long each step took."""
        for (note, begun), (_, following) in zip(marks, [*marks[1:], ("", end)], strict=True):
            self.steps.setdefault(note, []).append(following - begun)

    def check(self, done: Mapping[str, Any]) -> None:
        """Every run must find the same."""
        self.digests.add(done["result_digest"])
        if done["state"] != "complete" or done["subjects"] != len(self.firm.numbers) or len(self.digests) > 1:
            raise AssertionError(f"{done}, {self.digests}")

    async def compare(self) -> int:
        """How many readings are equal in both ways; fails on the first that is not."""
        names = {f"{BENCH.key}.{each.key}": each.key for each in BENCH.indicators}
        by_hand = {row["employee"]: row for row in await self.aggregated()}
        count = 0
        for subject, key, value in await self.scene.database.read(
            self.firm.tenant_id, READINGS, self.firm.tenant_id, self.last_run
        ):
            other = by_hand[subject][names[key]]
            if (value is None) != (other is None) or (value is not None and abs(value - Decimal(other)) > NEAR):
                raise AssertionError(f"{key} of {subject}: {value} in the run, {other} by hand")
            count += 1
        if count != len(self.firm.numbers) * len(names):
            raise AssertionError(f"{count} readings")
        return count

    def parts(self) -> str:
        """The steps of the run as shares of its time."""
        sums = {note: sum(values) for note, values in self.steps.items()}
        whole = sum(sums.values()) or 1
        return "of a run: " + ", ".join(f"{note} {100 * each / whole:.0f}%" for note, each in sums.items())
