"""Deliveries of tickets through the product's own door: the benchmarks get all their records in this way."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from functools import lru_cache

from tests.bench.declared import POSITION
from tests.bench.sizes import Size
from tests.bench.stage import ACTOR, CODE_SPACE, Company, Scene, Stage, company
from tests.bench.tickets import as_csv, renamed, tickets

from meritline.records.delivery import Delivery
from meritline.records.formats import open_table
from meritline.records.ingest import ingest
from meritline.records.service import direct_for, import_file
from meritline.records.summary import ImportSummary
from meritline.tenancy.service import save_source
from meritline.tenancy.values import Source

RECORD, SOURCE = "ticket", "desk"
AT_ONCE = 100_000
FIELDS = [name for name in next(tickets(("E",), 1)) if name != "external_id"]
FLAGS = ("within_sla", "escalated")


def now() -> datetime:
    """The clock of the deliveries."""
    return datetime.now(UTC)


async def add_source(scene: Scene, firm: Company) -> None:
    """What a company writes of the export of its ticket system."""
    body = {
        "record": RECORD, "format": "csv", "external_id": "external_id", "external_codes": CODE_SPACE,
        "instant_format": "%Y-%m-%d %H:%M:%S", "coverage": "by_months",
        "fields": {name: {"column": name, "true": ["yes"], "false": ["no"]} if name in FLAGS else name
                   for name in FIELDS},
    }  # fmt: skip
    async with scene.database.unit_of_work(firm.tenant_id) as uow:
        await save_source(uow, ACTOR, Source(SOURCE, RECORD, body))


async def deliver_csv(scene: Scene, firm: Company, content: bytes) -> ImportSummary:
    """As ``meritline import`` does with a file."""
    return await import_file(scene.database, firm.tenant_id, scene.catalogue.records, source=SOURCE, given=content,
                             actor=ACTOR, clock=now, name="tickets.csv")


async def deliver_ndjson(scene: Scene, firm: Company, content: bytes) -> ImportSummary:
    """As the records endpoint does with a body: every row gets its verdict."""
    async with scene.database.scoped_read(firm.tenant_id) as conn:
        mapping, _ = await direct_for(conn, firm.tenant_id, RECORD, SOURCE, scene.catalogue.records)
    delivery = Delivery(source=mapping, table=open_table(content, name="tickets.ndjson"), actor=ACTOR, rows_wanted=True)
    return await ingest(scene.database, firm.tenant_id, delivery, clock=now)


async def load(scene: Scene, firm: Company, count: int) -> None:
    """So many tickets of the month, said to be all of them."""
    await add_source(scene, firm)
    for part, left in enumerate(range(count, 0, -AT_ONCE)):
        content = renamed(export(firm.numbers, min(left, AT_ONCE)), f"part{part}")
        require(await deliver_csv(scene, firm, content), accepted=min(left, AT_ONCE))


@lru_cache(1)
def export(numbers: tuple[str, ...], count: int) -> bytes:
    """The file of a company; two with the same numbers have the same, which takes as long to write as to import."""
    return as_csv(tickets(numbers, count))


def require(summary: ImportSummary, *, accepted: int, unchanged: int = 0) -> None:
    """A benchmark of an import that refused something would measure something else."""
    found = (summary.accepted, summary.unchanged, summary.rejected, summary.unresolved)
    if found != (accepted, unchanged, 0, 0):
        raise AssertionError(f"accepted, unchanged, rejected, unresolved: {found}; {summary.rejects[:3]}")


@asynccontextmanager
async def delivered(stage: Stage, size: Size) -> AsyncIterator[tuple[Scene, Company]]:
    """A database with a company and the records of its month, which are delivered once for all benchmarks."""
    async def fill(scene: Scene) -> Company:
        stage.tell(f"onboarding a company, importing {size.records:,} records")
        firm = await company(scene, "appraised", size.employees, POSITION, codes=True)
        await load(scene, firm, size.records)
        return firm

    async with stage.filled_by("appraised", fill) as found:
        yield found
