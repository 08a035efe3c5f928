"""The benchmark of complete runs: from records, from state, against a hand-written aggregate and an ORM loop.

Also how the time of a run from state grows when there are four times the records.
"""

import asyncio
import json
import random
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable
from decimal import Decimal
from typing import Any, Final

from tests.bench import deliveries, profiling
from tests.bench.declared import POSITION
from tests.bench.deliveries import delivered
from tests.bench.processes import family_seconds
from tests.bench.report import Row, Section, shown
from tests.bench.rounds import WARM_UP, Act, Figures, alternate
from tests.bench.runs import multiplying, orm, stated
from tests.bench.runs.appraising import NEAR, Appraising
from tests.bench.sizes import Size
from tests.bench.stage import Scene, Stage, company
from tests.bench.tickets import PERIOD, ZONE

from meritline.appraisal.run.parallel import Pool
from meritline.domain import periods

BY_HAND: Final = "one hand-written aggregate statement"
RECORDS, STATE = "complete run from records", "complete run from state"
QUERIES, OBJECTS = "ORM loop, a query for each indicator", "ORM loop, one query for each employee"
LARGER: Final = "complete run from state, four times the records"
TIMES: Final = 4
ORM_EMPLOYEES: Final = 25
MEANING = """\
Seconds for {employees:,} employees and {records:,} tickets of one month{beside}, 12 indicators in one scheme, two of
them exact percentiles. The *statement* is a single scan with one aggregate, written by hand and fetched; it stops at
the indicators. The *run* goes on to what a company needs: readings as exact fractions, points by rules, weights,
grades, ranks, rewards, explanations and digests, and writes {employees:,} scorecards, {lines:,} score lines and the
rewards in one transaction, under row level security. Both are compared, reading by reading, before a figure counts; all
runs have one digest. The *ORM loops* are Tortoise's, compute with floats, write cards and lines without explanations or
digests, and are measured on {orm} employees and multiplied; the goal is measured by the loop with a query for each
indicator. A ratio of 4x takes four times as long; smaller is better."""


async def measure(stage: Stage, size: Size) -> list[Section]:
    """The benchmark on a database of its own."""
    async with delivered(stage, size) as (scene, firm), Pool() as pool:
        if size.others:
            stage.tell(f"{size.others:,} records of other months")
            await multiplying.other_months(scene, firm, size.records, size.others)
        bench = Running(stage, size, scene, Appraising(scene, firm, pool))
        await scene.owner.execute(orm.TICKETS.replace("$1", f"'{firm.tenant_id}'") + orm.KEYS)
        variants: dict[str, Act] = {BY_HAND: bench.appraising.by_hand, RECORDS: bench.from_records,
                                    STATE: bench.from_state, LARGER: await bench.larger(),
                                    QUERIES: bench.orm("queries"), OBJECTS: bench.orm("objects")}  # fmt: skip
        await scene.settle()
        found = await alternate(variants, size.rounds, stage.tell)
        stage.tell("comparing the readings")
        notes = [f"{await bench.appraising.compare():,} readings compared, all equal", *bench.notes()]
        why = await bench.why() if stage.profile else {}
    rows = tuple(Row(name, each, None if name == BY_HAND else each.per(found[BY_HAND])) for name, each in found.items())
    beside = f" beside {size.others:,} of other months" if size.others else ""
    meaning = MEANING.format(employees=size.employees, records=size.records, beside=beside, lines=12 * size.employees,
                             orm=ORM_EMPLOYEES)  # fmt: skip
    return [Section("A complete appraisal run", "seconds", meaning, rows, tuple(notes), ratios(found), why)]


def ratios(found: dict[str, Figures]) -> dict[str, Figures]:
    """What the goals ask for."""
    by_hand, state = found[BY_HAND], found[STATE]
    return {"run_records": found[RECORDS].per(by_hand), "run_state": state.per(by_hand),
            "run_orm": found[QUERIES].per(state), "growth": found[LARGER].per(state)}  # fmt: skip


class Running:
    """The ways of a run."""

    def __init__(self, stage: Stage, size: Size, scene: Scene, appraising: Appraising) -> None:
        self.stage, self.size, self.scene, self.appraising = stage, size, scene, appraising
        self.used: dict[str, list[tuple[float, float]]] = {}

    async def from_records(self, number: int) -> float:
        """Without any state."""
        await stated.drop(self.scene, self.appraising.firm)
        return await self.metered(RECORDS, number, self.appraising.run)

    async def from_state(self, number: int) -> float:
        """With all of it."""
        await stated.rebuild(self.scene, self.appraising.firm, PERIOD)
        return await self.metered(STATE, number, self.appraising.run)

    async def larger(self) -> Act:
        """Another company of that size with more records, with its state."""
        self.stage.tell(f"another company, {TIMES} times the records")
        firm = await company(self.scene, "larger", self.size.employees, POSITION, codes=True)
        await deliveries.load(self.scene, firm, self.size.records)
        await multiplying.same_month(self.scene, firm, TIMES)
        await stated.rebuild(self.scene, firm, PERIOD)
        appraising = Appraising(self.scene, firm, self.appraising.pool)
        return lambda number: self.metered(LARGER, number, appraising.run)

    async def metered(self, name: str, number: int, run: Callable[[int], Awaitable[float]]) -> float:
        """A run with its processor time."""
        await self.scene.settle()
        before = time.process_time(), family_seconds(self.stage.postgres_pid) or 0
        seconds = await run(number)
        after = time.process_time(), family_seconds(self.stage.postgres_pid) or 0
        if number != WARM_UP:
            self.used.setdefault(name, []).append((after[0] - before[0], after[1] - before[1]))
        return seconds

    def orm(self, way: str) -> Act:
        """A loop of the ORM over some employees, taken for all of them."""
        month, firm = periods.window(PERIOD, ZONE), self.appraising.firm

        async def act(number: int) -> float:
            by_hand = {str(row["employee"]): row for row in await self.appraising.aggregated()}
            some = random.Random(number).sample(sorted(by_hand), min(ORM_EMPLOYEES + 1, len(by_hand)))
            command = [sys.executable, "-m", "tests.bench.runs.orm", self.scene.urls.migration_database_url,
                       way, month.start.isoformat(), month.end.isoformat(), *some]
            done = await asyncio.to_thread(subprocess.run, command, capture_output=True, check=False)
            if done.returncode != 0:
                raise RuntimeError(done.stderr.decode()[-1000:])
            found = json.loads(done.stdout)
            same(found["found"], by_hand[some[0]])
            return float(found["seconds"]) * len(firm.numbers)

        return act

    def notes(self) -> list[str]:
        """The steps of a run, and where the processor's time went."""
        return [self.appraising.parts(), *(
            f"{name}: processor time: Python {shown(own)} s, Postgres {shown(theirs)} s"
            for name, each in self.used.items()
            for own, theirs in [(Figures(tuple(column)).median for column in zip(*each, strict=True))]
        )]  # fmt: skip

    async def why(self) -> dict[str, str]:
        """What takes the time of a run."""
        told: dict[str, str] = {}
        for keys, prepare in ((("run_records",), stated.drop), (("run_state", "growth", "run_orm"), self.state_again)):
            await prepare(self.scene, self.appraising.firm)
            await self.scene.settle()
            profiling.forget_statements(self.stage)
            line = await profiling.of_work(lambda: self.appraising.run(WARM_UP))
            told |= dict.fromkeys(keys, f"Python {line}; Postgres {profiling.statements(self.stage)}")
        return told

    async def state_again(self, scene: Scene, firm: Any) -> None:
        """The state of the period."""
        await stated.rebuild(scene, firm, PERIOD)


def same(found: dict[str, float | None], by_hand: Any) -> None:
    """The ORM's numbers must be the others', as near as floats are."""
    for key, value in found.items():
        other = by_hand[key]
        if (value is None) != (other is None) or (value is not None and abs(Decimal(value) - Decimal(other)) > NEAR):
            raise AssertionError(f"{key}: {value} by the ORM, {other} by hand")
