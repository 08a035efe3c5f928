"""Records in, against a bare COPY of the same rows into the same table.

The import does everything: it reads the file, validates each value, looks up two people per row by outside codes, finds
repetitions, keeps versions and marks whose days changed. The COPY sends finished rows of the table, as its owner.
"""

import io
import time
from collections.abc import Awaitable, Callable
from datetime import date
from itertools import cycle
from typing import Final

from tests.bench import deliveries, profiling
from tests.bench.declared import POSITION
from tests.bench.deliveries import RECORD
from tests.bench.processes import family_seconds
from tests.bench.report import Row, Section, shown
from tests.bench.rounds import WARM_UP, Act, Figures, alternate
from tests.bench.runs import stated
from tests.bench.sizes import Size
from tests.bench.stage import Company, Scene, Stage, company
from tests.bench.tickets import as_csv, as_ndjson, renamed, tickets

from meritline.records.columns import current_columns

EMPLOYEES: Final = 500
BARE, CSV, NDJSON, AGAIN = "bare COPY of the same rows", "import of CSV", "import of NDJSON", "the same NDJSON again"
WITH_STATE: Final = "import of CSV, and the state brought up to it"
FIRST_YEAR: Final = 2026
SINCE: Final = date(2001, 1, 1)
MEANING = f"""\
Rows per second of {{rows:,}} tickets of 18 columns at a time, two of them people named by outside codes, of
{EMPLOYEES} employees and one month. *Bare COPY* sends finished rows of the same table with its indexes as text, as the
table's owner, without policies. An *import* begins with the file's bytes and ends with the commit: format, validation
of every value, codes, dedupe, versions, marks of what changed; that of NDJSON also gives a verdict for every row. With
the *state* the worker's part is in it as well: the measure state of twelve indicators is made of the new month. *The
same again* is a repeated delivery, in which every row is known. Every other delivery is of a month of its own. A ratio
of 0.5x is half as many rows per second."""


async def measure(stage: Stage, size: Size) -> list[Section]:
    """The benchmark on a database of its own."""
    async with stage.database() as scene:
        stage.tell("onboarding a company")
        firm = await company(scene, "importer", EMPLOYEES, POSITION, codes=True, since=SINCE)
        await deliveries.add_source(scene, firm)
        bench = Importing(stage, scene, firm, size.import_rows)
        deliveries.require(await deliveries.deliver_csv(scene, firm, bench.file), accepted=size.import_rows)
        deliveries.require(await deliveries.deliver_ndjson(scene, firm, bench.body), accepted=size.import_rows)
        variants: dict[str, Act] = {BARE: bench.bare, CSV: bench.csv, NDJSON: bench.ndjson, AGAIN: bench.again,
                                    WITH_STATE: bench.with_state}  # fmt: skip
        found = await alternate(variants, size.rounds, stage.tell)
        why = await bench.why() if stage.profile else {}
    base = found[BARE]
    rows = tuple(Row(name, figures, None if name == BARE else figures.per(base)) for name, figures in found.items())
    ratios = {"ingest": found[CSV].per(base), "ingest_state": found[WITH_STATE].per(base)}
    return [Section("Records in", "rows per second", MEANING.format(rows=size.import_rows), rows, bench.notes(),
                    ratios, why)]  # fmt: skip


class Importing:
    """The ways of getting rows into one table."""

    def __init__(self, stage: Stage, scene: Scene, firm: Company, count: int) -> None:
        self.stage, self.scene, self.firm, self.count = stage, scene, firm, count
        # Years come again where there are more rounds than years; the ids tell the rows apart.
        self.years = enumerate(cycle(range(FIRST_YEAR - 1, SINCE.year, -1)))
        self.used: dict[str, list[tuple[float, float]]] = {}
        rows = list(tickets(firm.numbers, count))
        self.file, self.body = renamed(as_csv(rows), "file"), renamed(as_ndjson(rows), "body")

    def another(self, content: bytes, name: str) -> tuple[bytes, int]:
        """The same rows under other ids and in another year, and which."""
        number, year = next(self.years)
        content = content.replace(f"{name}-".encode(), f"{name}{number}-".encode())
        return content.replace(b"%d-" % FIRST_YEAR, b"%d-" % year), year

    async def csv(self, number: int) -> float:
        """New rows as a file."""
        return await self.timed(CSV, number, self.file_act(state=False))

    async def with_state(self, number: int) -> float:
        """New rows as a file, and what the worker does then."""
        await stated.take_in(self.scene, self.firm)  # what the others left
        return await self.timed(WITH_STATE, number, self.file_act(state=True))

    def file_act(self, *, state: bool) -> Callable[[], Awaitable[None]]:
        """The import of a file that is ready."""
        content, year = self.another(self.file, "file")

        async def act() -> None:
            deliveries.require(await deliveries.deliver_csv(self.scene, self.firm, content), accepted=self.count)
            if state:
                await stated.bring_up(self.scene, self.firm, f"{year}-05")

        return act

    async def ndjson(self, number: int) -> float:
        """New rows as a request."""
        content, _ = self.another(self.body, "body")

        async def act() -> None:
            deliveries.require(await deliveries.deliver_ndjson(self.scene, self.firm, content), accepted=self.count)

        return await self.timed(NDJSON, number, act)

    async def again(self, number: int) -> float:
        """Rows that are all known."""

        async def act() -> None:
            summary = await deliveries.deliver_ndjson(self.scene, self.firm, self.body)
            deliveries.require(summary, accepted=0, unchanged=self.count)

        return await self.timed(AGAIN, number, act)

    async def bare(self, number: int) -> float:
        """The rows of the first delivery once more, under other ids, in another year, and for another company."""
        columns = current_columns(self.scene.catalogue.records[RECORD])
        others = {"tenant_id": "md5('bare')::uuid", "external_id": f"'{number}-' || external_id"}
        later = f"\"{{0}}\" - interval '{FIRST_YEAR - next(self.years)[1]} years'"
        chosen = ", ".join(
            others.get(each.name, later.format(each.name) if each.name.endswith("_at") and each.kind else
                       f'"{each.name}"') for each in columns
        )  # fmt: skip
        file = io.BytesIO()
        await self.scene.owner.copy_from_query(
            f"select {chosen} from record_{RECORD} where tenant_id = $1 and external_id ~ '^file-' "  # noqa: S608
            "order by external_id", self.firm.tenant_id, output=file,
        )  # fmt: skip
        file.seek(0)

        async def act() -> None:
            names = [each.name for each in columns]
            done = await self.scene.owner.copy_to_table(f"record_{RECORD}", source=file, columns=names)
            if done != f"COPY {self.count}":
                raise AssertionError(done)

        return await self.timed(BARE, number, act)

    async def timed(self, name: str, number: int, act: Callable[[], Awaitable[None]]) -> float:
        """Rows per second."""
        await self.scene.settle()
        before = time.process_time(), family_seconds(self.stage.postgres_pid) or 0
        start = time.perf_counter()
        await act()
        passed = time.perf_counter() - start
        after = time.process_time(), family_seconds(self.stage.postgres_pid) or 0
        if number != WARM_UP:
            self.used.setdefault(name, []).append((after[0] - before[0], after[1] - before[1]))
        return self.count / passed

    def notes(self) -> tuple[str, ...]:
        """Where the processor's time went."""
        thousands = self.count / 1000
        return tuple(
            f"{name}: processor time for 1,000 rows: Python {shown(1000 * own / thousands)} ms, "
            f"Postgres {shown(1000 * theirs / thousands)} ms"
            for name, each in self.used.items()
            for own, theirs in [(Figures(tuple(column)).median for column in zip(*each, strict=True))]
        )

    async def why(self) -> dict[str, str]:
        """What Python and Postgres do most of."""
        found = {}
        for key, state in {"ingest": False, "ingest_state": True}.items():
            act = self.file_act(state=state)
            await self.scene.settle()
            profiling.forget_statements(self.stage)
            told = await profiling.of_work(act)
            found[key] = f"Python {told}; Postgres {profiling.statements(self.stage)}"
        return found
