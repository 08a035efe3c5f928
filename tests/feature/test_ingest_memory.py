"""An import takes the same memory for a file of any size: looked at in a process of its own, at its peak."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import asyncpg
import pytest

from meritline.local import LocalUrls
from meritline.records.ddl import ensure_record_tables
from meritline_sdk import Attribution, Code, Instant, Int, Person, RecordType, Text

MOST_GROWTH_KB = 16 * 1024
ROWS = 20_000


class Call(RecordType, key="flat_call", title=Text("Call", "通话")):
    """Few columns, so that many rows take little time."""

    agent = Person(optional=True)
    ended_at = Instant()
    seconds = Int(optional=True)
    note = Code(optional=True, longest=100)
    defaults = Attribution(credit=agent, at=ended_at)


CHILD = """
import asyncio, datetime, resource, sys
from pathlib import Path
from meritline.db import Database
from meritline.records.delivery import Delivery
from meritline.records.formats import open_table
from meritline.records.ingest import ingest
from meritline.records.sources import parse_source
from meritline.tenancy.service import onboard_tenant
from meritline.tenancy.values import Profile
sys.path.insert(0, sys.argv[1])
from test_ingest_memory import Call
from meritline.records import preparing
preparing.BATCH_ROWS = 4000  # so that the short file has several of them

async def main():
    source = parse_source({"record": "flat_call", "external_id": "id", "instant_format": "%Y-%m-%d %H:%M:%S",
                           "fields": {"agent": "agent", "ended_at": "ended", "seconds": "seconds", "note": "note"}},
                          {"flat_call": Call.declaration}, key="crm")
    async with await Database.open(sys.argv[2]) as database:
        tenant = await onboard_tenant(database, key="flat", profile=Profile("Firm", "UTC", "CNY", ("zh",), "CN"),
                                      actor="test")
        for file in sys.argv[3:]:
            delivery = Delivery(source=source, table=open_table(Path(file)), actor="test", file_name=file)
            done = await ingest(database, tenant.tenant_id, delivery,
                                clock=lambda: datetime.datetime(2026, 6, 1, tzinfo=datetime.UTC))
            print(done.accepted, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)

asyncio.run(main())
"""


@pytest.fixture
async def url(migrated_databases: Callable[[], LocalUrls]) -> str:
    urls = migrated_databases()
    owner = await asyncpg.connect(urls.migration_database_url)
    await ensure_record_tables(owner, [Call.declaration], app_role="meritline_app")
    await owner.close()
    return urls.database_url


def written(path: Path, rows: int) -> Path:
    """A file of so many calls, each with something of its own in it, a fifth of them of nobody."""
    name = path.stem
    with path.open("w") as file:
        file.write("id,agent,ended,seconds,note\n")
        for row in range(rows):
            moment = f"2026-05-{row % 28 + 1:02d} {row % 24:02d}:{row % 60:02d}:{row // 60 % 60:02d}"
            file.write(f"{name}-{row},{'' if row % 5 == 0 else f'a{row % 300}'},{moment},{row},note {row} {'x' * 40}\n")
    return path


async def test_a_file_four_times_as_long_takes_no_more_memory(url: str, tmp_path: Path) -> None:
    files = [written(tmp_path / f"{name}.csv", rows) for name, rows in (("short", ROWS), ("long", 4 * ROWS))]
    command = [sys.executable, "-c", CHILD, str(Path(__file__).parent), url, *map(str, files)]
    found = subprocess.run(command, capture_output=True, text=True, check=False, timeout=300)  # noqa: ASYNC221
    assert found.returncode == 0, found.stderr
    (short, before), (long, after) = (map(int, line.split()) for line in found.stdout.splitlines())
    assert (short, long) == (ROWS, 4 * ROWS)
    assert after - before < MOST_GROWTH_KB
