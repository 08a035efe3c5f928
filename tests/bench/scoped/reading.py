"""What the tenant scope costs: reads as the product makes them, against the same statements without any scope.

Base is a held connection of the tables' owner, who is above row level security: no pool, no tenant, no policy.
"""

import time
from collections.abc import Awaitable, Callable
from functools import partial
from pathlib import Path
from typing import Any, Final
from uuid import UUID

from tests.bench import deliveries, profiling
from tests.bench.declared import SHORT_POSITION, SHORT_SCHEME
from tests.bench.reads import bare
from tests.bench.report import Row, Section, shown
from tests.bench.rounds import WARM_UP, Act, alternate
from tests.bench.runs.appraising import Appraising
from tests.bench.sizes import Size
from tests.bench.stage import Company, Scene, Stage, company
from tests.bench.tickets import PERIOD

LIST: Final = bare.CARDS
POINT: Final = (Path(__file__).with_name("point.sql")).read_text("utf-8")
FIRST: Final = 50
LIGHTER: Final = 8
OFTEN: Final = 4  # short rounds, and many: a disturbance then hits both sides of a ratio
CARDS: Final = 500
UNSCOPED: Final = "held connection without scope"
SCOPED: Final = "read of the product"
BY_HAND: Final = "pool, BEGIN, CALL, statement, COMMIT"
MEANING = """\
Milliseconds for a read, one after the other, {reads:,} in a round, of lists an eighth of that. A *list* is the page of
50 scorecards with their lines as JSON that the list benchmark asks for, a *point* is one scorecard's score by its key.
The *{unscoped}* belongs to the owner of the tables, who is above the policies; the *{scoped}* takes a connection from
the pool and brings the tenant along (`Database.read_json`). A transaction of four steps stands beside it. Smaller is
better."""
type Read = Callable[[], Awaitable[Any]]


async def measure(stage: Stage, size: Size) -> list[Section]:
    """The benchmark on a database of its own."""
    async with stage.database() as scene:
        stage.tell("onboarding a company")
        firm = await company(scene, "scoped", CARDS, SHORT_POSITION, codes=True)
        await deliveries.load(scene, firm, 12 * CARDS)
        appraised = Appraising(scene, firm)
        await appraised.run(WARM_UP)
        await scene.settle()
        bench = Scoped(scene, firm)
        reads = {f"{what}: {name}": read for what in ("list", "point") for name, read in (await bench.of(what)).items()}
        await same(reads)
        variants: dict[str, Act] = {
            name: timed(read, size.reads // (LIGHTER if name.startswith("list") else 1)) for name, read in reads.items()
        }
        found = await alternate(variants, OFTEN * size.rounds, stage.tell)
        why = await bench.why() if stage.profile else {}
    rows, ratios = [], {}
    for name, each in found.items():
        what = name.partition(":")[0]
        base = found[f"{what}: {UNSCOPED}"]
        rows.append(Row(name, each, None if each is base else each.per(base)))
        if name.endswith(SCOPED):
            ratios[f"scoped_{what}"] = each.per(base)
    meaning = MEANING.format(reads=size.reads, unscoped=UNSCOPED, scoped=SCOPED)
    least = (f"{each.what}: the least was {shown(each.figures.least)} ms" for each in rows)
    return [Section("Reads in the scope of a tenant", "milliseconds", meaning, tuple(rows), tuple(least), ratios, why)]


class Scoped:
    """The same statements by three ways."""

    def __init__(self, scene: Scene, firm: Company) -> None:
        self.scene, self.tenant_id = scene, firm.tenant_id

    async def of(self, what: str) -> dict[str, Read]:
        """The ways of one read."""
        sql, args = (LIST, (self.tenant_id, PERIOD, SHORT_SCHEME, FIRST)) if what == "list" else (
            POINT, (self.tenant_id, await self.any_card()))  # fmt: skip
        database, owner, tenant_id = self.scene.database, self.scene.owner, self.tenant_id

        async def by_hand() -> Any:
            async with database.scoped_read(tenant_id) as conn:
                return await conn.fetchval(sql, *args)

        return {
            UNSCOPED: lambda: owner.fetchval(sql, *args),
            SCOPED: lambda: database.read_json(tenant_id, sql, *args),
            BY_HAND: by_hand,
        }

    async def any_card(self) -> UUID:
        """The key of a scorecard."""
        found = await self.scene.owner.fetchval("select id from scorecard where tenant_id = $1 limit 1", self.tenant_id)
        assert isinstance(found, UUID)
        return found

    async def why(self) -> dict[str, str]:
        """Where the time of the product's reads goes."""
        found = {}
        for what in ("list", "point"):
            read = (await self.of(what))[SCOPED]
            found[f"scoped_{what}"] = await profiling.of_work(partial(many, read, 300))
        return found


async def same(reads: dict[str, Read]) -> None:
    """Every way must find the same."""
    found: dict[str, set[Any]] = {}
    for name, read in reads.items():
        found.setdefault(name.partition(":")[0], set()).add(await read())
    if any(len(answers) != 1 or answers == {None} for answers in found.values()):
        raise AssertionError({what: [str(each)[:200] for each in answers] for what, answers in found.items()})


def timed(read: Read, count: int) -> Act:
    """A read's milliseconds, so many of them one after the other."""

    async def act(_: int) -> float:
        start = time.perf_counter()
        await many(read, count)
        return 1000 * (time.perf_counter() - start) / count

    return act


async def many(read: Read, count: int) -> None:
    """One after the other."""
    for _ in range(count):
        await read()
