"""A simulated year of a changed scheme, against the complete run of one of its months.

What a company asks before it changes a target: who would have gained, who would have lost, what it would have cost. The
year's cycles are run once; then a draft is tried over all of them, from what the runs kept, and again with a reading
that no run took, so that every month's records are read anew.
"""

import time
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from tests.bench import deliveries
from tests.bench.declared import POSITION, SCHEME, SCHEMES
from tests.bench.deliveries import now
from tests.bench.report import Row, Section
from tests.bench.rounds import Act, alternate
from tests.bench.sizes import Size
from tests.bench.stage import ACTOR, Company, Scene, Stage, company
from tests.bench.tickets import FIRST_DAY, as_csv, renamed, tickets

from meritline.appraisal.cycles import open_cycle
from meritline.appraisal.documents import scheme_document
from meritline.appraisal.run.execute import execute
from meritline.appraisal.service import run_cycle
from meritline.appraisal.simulation.service import Asked, Simulation, simulate
from meritline.documents import Document
from meritline.domain.periods import previous
from meritline.jobs.outbox import enqueue
from meritline.rewards.service import REWARDS
from meritline_sdk import Event, Scheme, rules

RUN, TRIED, AGAIN = "complete run of one month", "simulated year, from what the runs kept", \
    "simulated year, one reading more from every month's records"
VALID_FROM = date(2020, 1, 1)
MEANING = """\
Seconds for {employees:,} employees over {months} months of {records:,} tickets each, 12 indicators in one scheme. The
*run* appraises one month and writes it, explanations and all. The *simulation* scores, grades, ranks and pays every
month under a draft with another target and other weights, beside what stands, and writes nothing: {cards:,} cards and
{lines:,} lines. Where the draft reads something that no run read, the records of each month are read anew. A simulated
year that costs as much as so many runs has that ratio; {months} runs are what the year would cost by running it."""


async def measure(stage: Stage, size: Size) -> list[Section]:
    """The benchmark on a database of its own."""
    async with stage.database() as scene:
        stage.tell("onboarding a company")
        firm = await company(scene, "simulated", size.employees, POSITION, codes=True)
        bench = Simulating(scene, firm, size)
        stage.tell(f"importing {size.months} months of {size.month_records:,} records")
        await bench.load()
        await scene.settle()
        for period in bench.periods:
            stage.tell(f"running {period}: {await bench.run(period):.1f} s")
        await scene.settle()
        variants: dict[str, Act] = {RUN: bench.run_last, TRIED: bench.tried, AGAIN: bench.read_again}
        found = await alternate(variants, size.rounds, stage.tell)
    rows = (Row(RUN, found[RUN]), Row(TRIED, found[TRIED], found[TRIED].per(found[RUN])),
            Row(AGAIN, found[AGAIN], found[AGAIN].per(found[RUN])))
    meaning = MEANING.format(employees=size.employees, months=size.months, records=size.month_records,
                             cards=size.months * size.employees, lines=12 * size.months * size.employees)
    year = found[TRIED].per(found[RUN]).median / size.months
    return [Section("A simulated year", "seconds", meaning, rows,
                   (bench.told, f"against running all {size.months} months: {year:.3f}x"))]


class Simulating:
    """A company with a year behind it."""

    def __init__(self, scene: Scene, firm: Company, size: Size) -> None:
        self.scene, self.firm, self.size = scene, firm, size
        last = f"{FIRST_DAY:%Y-%m}"
        self.periods = [previous(last, count) for count in reversed(range(size.months))]
        (self.scheme,) = (one for one in SCHEMES if one.key == SCHEME)
        self.told = ""

    async def load(self) -> None:
        """The tickets of every month."""
        await deliveries.add_source(self.scene, self.firm)
        for period in self.periods:
            first_day = FIRST_DAY.replace(year=int(period[:4]), month=int(period[5:]))
            content = as_csv(tickets(self.firm.numbers, self.size.month_records, first_day))
            found = await deliveries.deliver_csv(self.scene, self.firm, renamed(content, period))
            deliveries.require(found, accepted=self.size.month_records)

    async def run_last(self, _: int) -> float:
        """The last month once more."""
        return await self.run(self.periods[-1])

    async def run(self, period: str) -> float:
        """A complete run."""
        tenant_id, database = self.firm.tenant_id, self.scene.database
        async with database.unit_of_work(tenant_id) as uow:
            cycle = await open_cycle(uow, ACTOR, period)
            asked = await run_cycle(uow, ACTOR, cycle.id, enqueue=enqueue, now=now())
        start = time.perf_counter()
        done = await execute(database, now, tenant_id, asked.run_id, None, rewards=REWARDS, progress=quiet)
        if done["subjects"] != len(self.firm.numbers):
            raise AssertionError(done)
        return time.perf_counter() - start

    async def tried(self, _: int) -> float:
        """Another target and other weights."""
        found, seconds = await self.simulate(self.draft())
        if found.again:
            raise AssertionError(f"read again: {found.again}")
        self.told = (f"of {len(found.people):,} people {found.how_many('gains'):,} would have gained and "
                     f"{found.how_many('loses'):,} lost; {found.before} {found.currency} became {found.after}")
        return seconds

    async def read_again(self, _: int) -> float:
        """The same with a reading that no run took: the whole company's."""
        event = Event("bench.closed", rules.Threshold(over=0, points=1), read_from="company", key="firm_closed")
        found, seconds = await self.simulate(replace(self.draft(), events=(event,)))
        if found.again != tuple(self.periods):
            raise AssertionError(f"read again: {found.again}")
        return seconds

    def draft(self) -> Scheme:
        """The scheme with its first target raised and two weights exchanged."""
        sla, fix, slow, *others = self.scheme.items
        return replace(self.scheme, items=(replace(sla, target=92, weight=15), replace(fix, weight=20), slow, *others))

    async def simulate(self, scheme: Scheme) -> tuple[Simulation, float]:
        """A simulation of the whole year, and how long it took."""
        document: Any = scheme_document(scheme, VALID_FROM)
        for item in document["item"]:
            item["indicator"] = item["indicator"] if "." in item["indicator"] else f"bench.{item['indicator']}"
        start = time.perf_counter()
        found = await simulate(self.scene.database, self.firm.tenant_id, self.scene.catalogue,
                               Asked(Document(document), None, self.periods[0], self.periods[-1]),
                               now() + timedelta(seconds=1))
        seconds = time.perf_counter() - start
        if len(found.people) != len(self.firm.numbers):
            raise AssertionError(f"{len(found.people)} people")
        return found, seconds


async def quiet(*_: Any) -> None:
    """Nobody watches."""
