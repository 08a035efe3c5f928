"""A complete appraisal run, against one hand-written statement that aggregates the same indicators.

The statement gives numbers; the run gives scorecards: exact readings, points, weights, grades, ranks, rewards, their
explanations and digests, all of it written. Both must find the same numbers, or there is no benchmark.
"""

import time
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import UUID

from tests.bench import deliveries
from tests.bench.declared import BENCH, POSITION
from tests.bench.deliveries import now
from tests.bench.report import Row, Section
from tests.bench.rounds import WARM_UP, Act, alternate
from tests.bench.sizes import Size
from tests.bench.stage import ACTOR, Company, Scene, Stage, company
from tests.bench.tickets import PERIOD, ZONE

from meritline.appraisal.cycles import open_cycle
from meritline.appraisal.run.execute import execute
from meritline.appraisal.service import run_cycle
from meritline.domain import periods
from meritline.jobs.outbox import enqueue
from meritline.rewards.service import write_rewards

BASELINE = Path(__file__).with_name("baseline.sql").read_text("utf-8")
BY_HAND, RUN = "one hand-written aggregate statement", "complete appraisal run"
READINGS = """
select c.subject_id, l.indicator_key, l.reading_value from scorecard c
join score_line l on l.tenant_id = c.tenant_id and l.scorecard_id = c.id where c.tenant_id = $1 and c.run_id = $2
"""
NEAR = Decimal("0.00001")
MEANING = """\
Seconds for {employees:,} employees and {records:,} tickets of one month, 12 indicators in one scheme, two of them exact
percentiles. The *statement* is a single scan with one aggregate, written by hand and fetched; it stops at the
indicators. The *run* goes on to what a company needs: readings as exact fractions, points by rules, weights, grades,
ranks, rewards, explanations and digests, and writes {employees:,} scorecards, {lines:,} score lines and the rewards in
one transaction. Both are compared, reading by reading, before a figure counts. Of the tickets {distinct:,} differ; the
rest repeat them under other ids. A ratio of 4x takes four times as long; smaller is better."""


async def measure(stage: Stage, size: Size) -> list[Section]:
    """The benchmark on a database of its own."""
    async with stage.database() as scene:
        stage.tell("onboarding a company")
        firm = await company(scene, "appraised", size.employees, POSITION, codes=True)
        stage.tell(f"importing {size.records:,} records")
        await deliveries.load(scene, firm, size.records)
        await scene.settle()
        bench = Appraising(scene, firm)
        variants: dict[str, Act] = {BY_HAND: bench.by_hand, RUN: bench.run}
        found = await alternate(variants, size.rounds, stage.tell)
        stage.tell("comparing the readings")
        compared = await bench.compare()
    ratio = found[RUN].per(found[BY_HAND])
    rows = (Row(BY_HAND, found[BY_HAND]), Row(RUN, found[RUN], ratio))
    meaning = MEANING.format(employees=size.employees, records=size.records, lines=12 * size.employees,
                             distinct=min(size.records, deliveries.AT_ONCE))
    return [Section("A complete appraisal run", "seconds", meaning, rows,
                   (f"{compared:,} readings compared, all equal", bench.parts()))]


class Appraising:
    """The two ways of getting the indicators of a month."""

    def __init__(self, scene: Scene, firm: Company) -> None:
        self.scene, self.firm = scene, firm
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
        return await self.scene.database.read(tenant_id, BASELINE, tenant_id, month.start, month.end)

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
        done = await execute(database, now, tenant_id, asked.run_id, None, rewards=write_rewards, progress=progress)
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
