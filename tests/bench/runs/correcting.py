"""A corrected record, from its delivery to the amended cards, against a full run.

Two companies of the same size: in the one the scheme does not rank, so that the card is all; in the other the
correction moves places. What a refresh leaves must be what a full run would: the digests are compared at the end.
"""

import random
import time
from typing import Any, Final

from tests.bench import deliveries, profiling
from tests.bench.declared import PLAIN_POSITION, POSITION
from tests.bench.report import Row, Section, shown
from tests.bench.rounds import WARM_UP, Act, Figures, alternate
from tests.bench.runs import refreshing, stated
from tests.bench.runs.appraising import Appraising
from tests.bench.sizes import Size
from tests.bench.stage import Scene, Stage, company
from tests.bench.tickets import PERIOD, Ticket, as_ndjson, renamed, tickets

FULL: Final = "full run from records"
CARD, RANKED = "one corrected record to the new card", "one corrected record to the new card and ranks"
MOST: Final = 20_000
MEANING = """\
Seconds for {employees:,} employees and {records:,} tickets of one month, 12 indicators in one scheme. A *corrected
record* is delivered as one row of NDJSON through the whole import, and then the cycle is refreshed; both are in the
figure. In the first company the scheme does not rank, in the second it does, and places change. A round is the mean of
{count} corrections of different people. A ratio of 0.01x is a hundred times faster than a *full run*."""


async def measure(stage: Stage, size: Size) -> list[Section]:
    """The benchmark on a database of its own."""
    if not refreshing.THERE:
        return []
    async with stage.database() as scene:
        both = {}
        for name, key, position in ((CARD, "plain", PLAIN_POSITION), (RANKED, "ranked", POSITION)):
            stage.tell(f"onboarding a company, importing {size.records:,} records")
            firm = await company(scene, key, size.employees, position, codes=True)
            await deliveries.load(scene, firm, size.records)
            appraising = Appraising(scene, firm)
            await stated.rebuild(scene, firm, PERIOD)
            await appraising.run(WARM_UP)
            both[name] = Correcting(scene, appraising, list(tickets(firm.numbers, min(size.records, MOST))))
        await scene.settle()
        ranked = both[RANKED]
        variants: dict[str, Act] = {FULL: ranked.full, CARD: both[CARD].corrected, RANKED: ranked.corrected}
        found = await alternate(variants, size.rounds, stage.tell)
        for each in both.values():
            await each.compare()
        why = await reasons(stage, both) if stage.profile else {}
    rows = tuple(Row(name, each, None if name == FULL else each.per(found[FULL])) for name, each in found.items())
    meaning = MEANING.format(employees=size.employees, records=size.records, count=refreshing.CORRECTIONS)
    ratios = {"corrected": found[FULL].per(found[CARD]), "ranked": found[FULL].per(found[RANKED])}
    notes = ("after all corrections a full run found the digests that the refreshes left",
             *(f"{name}: the refresh alone {shown(1000 * each.alone().median)} ms" for name, each in both.items()))
    return [Section("One corrected record", "seconds", meaning, rows, notes, ratios, why)]


class Correcting:
    """One company with a cycle that was run."""

    def __init__(self, scene: Scene, appraising: Appraising, rows: list[Ticket]) -> None:
        self.scene, self.appraising, self.rows = scene, appraising, rows
        self.dice, self.refreshes = random.Random(2), list[float]()
        self.cards = 0

    async def full(self, number: int) -> float:
        """Everything anew, whatever state there is."""
        await stated.drop(self.scene, self.appraising.firm)
        self.appraising.digests.clear()  # corrected records in between
        seconds = await self.appraising.run(number)
        await stated.rebuild(self.scene, self.appraising.firm, PERIOD)
        return seconds

    async def corrected(self, number: int) -> float:
        """Some corrections, one after the other; the first after a full run finds nothing prepared."""
        await self.once()
        times = [await self.once() for _ in range(refreshing.CORRECTIONS)]
        if number != WARM_UP:
            self.refreshes += [refreshed for _, refreshed in times]
        return sum(delivered + refreshed for delivered, refreshed in times) / len(times)

    async def once(self) -> tuple[float, float]:
        """One correction: how long the delivery took, and the refresh."""
        content = renamed(as_ndjson([self.changed()]), "part0")
        start = time.perf_counter()
        summary = await deliveries.deliver_ndjson(self.scene, self.appraising.firm, content)
        delivered = time.perf_counter()
        await refreshing.refresh(self.scene, self.appraising.firm)
        end = time.perf_counter()
        if (summary.updated, summary.rejected) != (1, 0):
            raise AssertionError(f"updated {summary.updated}, rejected {summary.rejected}")
        return delivered - start, end - delivered

    def changed(self) -> Ticket:
        """A ticket that counts, with another number of reassignments."""
        row = self.dice.choice(self.rows)
        while row["status"] != "closed":
            row = self.dice.choice(self.rows)
        row["transfers"] += 1
        return row

    async def compare(self) -> None:
        """A full run must come to what the refreshes left."""
        before = await self.left()
        self.appraising.digests.clear()
        await stated.drop(self.scene, self.appraising.firm)
        await self.appraising.run(WARM_UP)
        after = await self.left()
        if before != after:
            raise AssertionError(f"refreshed {before}, run anew {after}")

    async def left(self) -> Any:
        """The digest of the run that counts."""
        return await self.scene.owner.fetchval(
            "select r.result_digest from cycle c join run r on r.tenant_id = c.tenant_id and r.id = c.run_id "
            "where c.tenant_id = $1 and c.period = $2", self.appraising.firm.tenant_id, PERIOD,
        )  # fmt: skip

    def alone(self) -> Figures:
        """The refreshes without the deliveries."""
        return Figures(tuple(self.refreshes))


async def reasons(stage: Stage, both: dict[str, Correcting]) -> dict[str, str]:
    """What takes the time of a correction."""
    found = {}
    for key, name in (("corrected", CARD), ("ranked", RANKED)):
        await both[name].once()
        profiling.forget_statements(stage)
        line = await profiling.of_work(lambda name=name: both[name].corrected(WARM_UP))
        found[key] = f"Python {line}; Postgres {profiling.statements(stage, 5)}"
    return found
