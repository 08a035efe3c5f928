"""A corrected record, from its delivery to the amended cards, against a full run.

Two kinds of corrections: one changes a reading within the band of its points, so that the card is all that changes; the
other changes a score, so that places may move. What the refreshes leave must be what a full run finds: the digests are
compared at the end.
"""

import random
import time
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any, Final
from uuid import UUID

from tests.bench import deliveries, profiling
from tests.bench.deliveries import delivered
from tests.bench.report import Row, Section, shown
from tests.bench.rounds import WARM_UP, Act, Figures, alternate
from tests.bench.runs import refreshing, stated
from tests.bench.runs.appraising import Appraising
from tests.bench.sizes import Size
from tests.bench.stage import Scene, Stage
from tests.bench.tickets import PERIOD, Ticket, as_ndjson, renamed, tickets

from meritline.records.gathering import Door, Gatherer
from meritline.records.summary import ImportSummary

FULL: Final = "full run from records"
CARD, RANKED = "one corrected record to the new card", "one corrected record to the new card and ranks"
MEANING = """\
Seconds for {employees:,} employees and {records:,} tickets of one month, 12 indicators in one scheme. A *corrected
record* is delivered as the records endpoint takes one row of NDJSON, and then the cycle is refreshed; both are in the
figure. In the first kind a duration changes within the band of its points, so that no score and no place moves; in the
second the number of reassignments changes, and with it the score. A round is the mean of {count} corrections. A ratio
of 0.01x is a hundred times faster than a *full run*."""
CYCLE: Final = "select id, run_id from cycle where tenant_id = $1 and period = $2"


async def measure(stage: Stage, size: Size) -> list[Section]:
    """The benchmark on a database of its own."""
    async with delivered(stage, size) as (scene, firm):
        bench = Correcting(scene, Appraising(scene, firm), size.records)
        await bench.full(WARM_UP)
        await scene.settle()
        variants: dict[str, Act] = {FULL: bench.full, CARD: bench.act(CARD, later), RANKED: bench.act(RANKED, again)}
        found = await alternate(variants, size.rounds, stage.tell)
        await bench.compare()
        why = await bench.why(stage) if stage.profile else {}
    rows = tuple(Row(name, each, None if name == FULL else each.per(found[FULL])) for name, each in found.items())
    meaning = MEANING.format(employees=size.employees, records=size.records, count=refreshing.CORRECTIONS)
    ratios = {"corrected": found[FULL].per(found[CARD]), "ranked": found[FULL].per(found[RANKED])}
    return [Section("One corrected record", "seconds", meaning, rows, bench.notes(), ratios, why)]


def later(row: Ticket) -> None:
    """Resolved a second later: another duration, hardly ever other points."""
    row["resolved_at"] += timedelta(seconds=1)


def again(row: Ticket) -> None:
    """Reassigned once more."""
    row["transfers"] += 1


async def alone(*_: object) -> ImportSummary:
    """A row that is not taken with others would be measured on another path."""
    raise AssertionError


class Correcting:
    """One company with a cycle that was run."""

    def __init__(self, scene: Scene, appraising: Appraising, records: int) -> None:
        self.scene, self.appraising, self.firm = scene, appraising, appraising.firm
        rows = tickets(self.firm.numbers, min(records, deliveries.AT_ONCE))
        self.rows = [row for row in rows if row["status"] == "closed" and row["closed_at"].day > 1]
        self.dice, self.alone = random.Random(2), dict[str, list[float]]()
        self.moved: dict[str, list[int]] = {}
        self.door = Door(self.firm.tenant_id, deliveries.RECORD, deliveries.SOURCE)
        self.gatherer = Gatherer(scene.database, scene.catalogue.records, deliveries.now)

    async def full(self, number: int) -> float:
        """Everything anew from the records; the state is there again for the refreshes."""
        await stated.drop(self.scene, self.firm)
        self.appraising.digests.clear()  # corrected records in between
        seconds = await self.appraising.run(number)
        await stated.rebuild(self.scene, self.firm, PERIOD)
        return seconds

    def act(self, name: str, change: Callable[[Ticket], None]) -> Act:
        """Some corrections, one after the other; before the first nothing is prepared."""

        async def act(number: int) -> float:
            await self.once(name, change)
            self.moved[name] = []
            times = [await self.once(name, change) for _ in range(refreshing.CORRECTIONS)]
            if number != WARM_UP:
                self.alone.setdefault(name, []).extend(refreshed for _, refreshed in times)
            return sum(delivered + refreshed for delivered, refreshed in times) / len(times)

        return act

    async def once(self, name: str, change: Callable[[Ticket], None]) -> tuple[float, float]:
        """One correction: how long the delivery took, and the refresh."""
        row = self.dice.choice(self.rows)
        change(row)
        content = renamed(as_ndjson([row]), "part0")
        cycle = await self.cycle()
        start = time.perf_counter()
        summary = await self.gatherer.take(self.door, content, lambda _: None, alone)
        assert summary is not None, "one row is gathered"
        delivered = time.perf_counter()
        done = await refreshing.refresh(self.scene, self.firm, cycle["id"])
        end = time.perf_counter()
        if summary.updated != 1 or not done.cards:
            raise AssertionError(f"updated {summary.updated}, {done}")
        self.moved.setdefault(name, []).append(done.places)
        return delivered - start, end - delivered

    async def compare(self) -> None:
        """A full run must come to what the refreshes left."""
        before = await self.digest()
        await self.full(WARM_UP)
        after = await self.digest()
        if before != after:
            raise AssertionError(f"refreshed {before}, run anew {after}")

    async def cycle(self) -> Any:
        """The cycle."""
        return await self.scene.owner.fetchrow(CYCLE, self.firm.tenant_id, PERIOD)

    async def digest(self) -> str:
        """The digest of the run that counts."""
        run: UUID = (await self.cycle())["run_id"]
        return str(await self.scene.owner.fetchval("select result_digest from run where tenant_id = $1 and id = $2",
                                                   self.firm.tenant_id, run))  # fmt: skip

    def notes(self) -> tuple[str, ...]:
        """What else is known."""
        return ("after all corrections a full run found the digest that the refreshes left", *(
            f"{name}: of it the refresh {shown(1000 * Figures(tuple(times)).median)} ms; on average "
            f"{sum(self.moved[name]) / len(self.moved[name]):.1f} other cards changed place"
            for name, times in self.alone.items()
        ))  # fmt: skip

    async def why(self, stage: Stage) -> dict[str, str]:
        """What takes the time of a correction."""
        found = {}
        for key, name, change in (("corrected", CARD, later), ("ranked", RANKED, again)):
            profiling.forget_statements(stage)
            line = await profiling.of_work(partial(self.act(name, change), WARM_UP))
            found[key] = f"Python {line}; Postgres {profiling.statements(stage, 5)}"
        return found
