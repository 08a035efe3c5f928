"""Records in, against a bare COPY of the same rows into the same table.

The import does everything: it reads the file, validates each value, looks up two people per row by outside codes, finds
repetitions, keeps versions and marks whose days changed. The COPY sends finished rows of the table, as its owner.
"""

import io
import time
from collections.abc import Awaitable, Callable

from tests.bench import deliveries
from tests.bench.declared import POSITION
from tests.bench.deliveries import RECORD
from tests.bench.report import Row, Section
from tests.bench.rounds import Act, alternate
from tests.bench.sizes import Size
from tests.bench.stage import Company, Scene, Stage, company
from tests.bench.tickets import as_csv, as_ndjson, renamed, tickets

from meritline.records.columns import current_columns

EMPLOYEES = 500
BARE, CSV, NDJSON, AGAIN = "bare COPY of the same rows", "import of CSV", "import of NDJSON", "the same NDJSON again"
MEANING = f"""\
Rows per second of {{rows:,}} tickets of 18 columns at a time, two of them people named by outside codes, of
{EMPLOYEES} employees and one month. *Bare COPY* sends finished rows of the same table with its indexes as text, as the
table's owner, without policies. An *import* begins with the file's bytes and ends with the commit: format, validation
of every value, codes, dedupe, versions, marks of what changed; that of NDJSON also gives a verdict for every row. *The
same again* is a repeated delivery, in which every row is known. A ratio of 0.5x is half as many rows per second."""


async def measure(stage: Stage, size: Size) -> list[Section]:
    """The benchmark on a database of its own."""
    async with stage.database() as scene:
        stage.tell("onboarding a company")
        firm = await company(scene, "importer", EMPLOYEES, POSITION, codes=True)
        await deliveries.add_source(scene, firm)
        bench = Importing(scene, firm, size.import_rows)
        deliveries.require(await deliveries.deliver_csv(scene, firm, bench.file), accepted=size.import_rows)
        deliveries.require(await deliveries.deliver_ndjson(scene, firm, bench.body), accepted=size.import_rows)
        variants: dict[str, Act] = {BARE: bench.bare, CSV: bench.csv, NDJSON: bench.ndjson, AGAIN: bench.again}
        found = await alternate(variants, size.rounds, stage.tell)
    base = found[BARE]
    rows = tuple(Row(name, figures, None if name == BARE else figures.per(base)) for name, figures in found.items())
    return [Section("Records in", "rows per second", MEANING.format(rows=size.import_rows), rows)]


class Importing:
    """The ways of getting rows into one table."""

    def __init__(self, scene: Scene, firm: Company, count: int) -> None:
        self.scene, self.firm, self.count = scene, firm, count
        rows = list(tickets(firm.numbers, count))
        self.file, self.body = renamed(as_csv(rows), "file"), renamed(as_ndjson(rows), "body")

    async def csv(self, number: int) -> float:
        """New rows as a file."""
        content = self.file.replace(b"file-", f"file{number}-".encode())

        async def act() -> None:
            deliveries.require(await deliveries.deliver_csv(self.scene, self.firm, content), accepted=self.count)

        return await self.timed(act)

    async def ndjson(self, number: int) -> float:
        """New rows as a request."""
        content = self.body.replace(b"body-", f"body{number}-".encode())

        async def act() -> None:
            deliveries.require(await deliveries.deliver_ndjson(self.scene, self.firm, content), accepted=self.count)

        return await self.timed(act)

    async def again(self, _: int) -> float:
        """Rows that are all known."""

        async def act() -> None:
            summary = await deliveries.deliver_ndjson(self.scene, self.firm, self.body)
            deliveries.require(summary, accepted=0, unchanged=self.count)

        return await self.timed(act)

    async def bare(self, number: int) -> float:
        """The rows of the first delivery once more, under other ids and for another company."""
        record = self.scene.catalogue.records[RECORD]
        columns = [column.name for column in current_columns(record)]
        others = {"tenant_id": "md5('bare')::uuid", "external_id": f"'{number}-' || external_id"}
        chosen = ", ".join(others.get(name, f'"{name}"') for name in columns)
        file = io.BytesIO()
        await self.scene.owner.copy_from_query(
            f"select {chosen} from record_{RECORD} where tenant_id = $1 and external_id like 'file-%' "  # noqa: S608
            "order by external_id", self.firm.tenant_id, output=file,
        )  # fmt: skip
        file.seek(0)

        async def act() -> None:
            done = await self.scene.owner.copy_to_table(f"record_{RECORD}", source=file, columns=columns)
            if done != f"COPY {self.count}":
                raise AssertionError(done)

        return await self.timed(act)

    async def timed(self, act: Callable[[], Awaitable[None]]) -> float:
        """Rows per second."""
        await self.scene.settle()
        start = time.perf_counter()
        await act()
        return self.count / (time.perf_counter() - start)
