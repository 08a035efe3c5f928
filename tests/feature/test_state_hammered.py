"""No change is lost: imports, corrections, rebuilds and readings at once, and every reading is what the records say.

What the state says is compared with a pass over the records in the same snapshot, as it was known at a moment taken as
a run takes it. In the end a state that was kept up is the same, row by row, as one that is made anew.
"""

import asyncio
import copy
import json
from collections.abc import AsyncIterator, Sequence
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from random import Random
from typing import Any
from uuid import UUID

import asyncpg
import pytest

from meritline.db import Database
from meritline.local import LocalUrls
from meritline.measuring.memberships import Memberships
from meritline.measuring.requests import TallyRequest
from meritline.measuring.state import service
from meritline.measuring.state.parts import Asked, wanted_of
from meritline.measuring.state.reading import from_state
from meritline.measuring.store import tallied
from meritline.records.ddl import ensure_record_tables
from meritline.records.delivery import Delivery
from meritline.records.formats import open_table
from meritline.records.ingest import ingest
from meritline.records.resolve import resolve_codes
from meritline.records.sources import direct_mapping
from meritline.tenancy import store as company
from meritline.tenancy.people import employments
from meritline.tenancy.service import onboard_tenant, upsert_departments, upsert_employees
from meritline.tenancy.values import Department, Employee, Profile, Span
from meritline_sdk import (
    Attribution,
    Count,
    Instant,
    Int,
    People,
    Percentile,
    Person,
    RecordType,
    SubjectKind,
    Sum,
    Text,
)
from meritline_sdk.evaluate.windows import earlier, window
from meritline_sdk.model.credits import each
from meritline_sdk.model.measures import Change, tallies_of

ZONE = "Asia/Shanghai"
MAY = window("2026-05", ZONE)


class Job(RecordType, key="hammered_job", title=Text("Job", "任务")):
    agent = Person(optional=True)
    crew = People(optional=True)
    opened_at = Instant()
    done_at = Instant(optional=True)
    minutes = Int(optional=True)
    defaults = Attribution(credit=agent, at=opened_at)


MEASURES = (
    Change(Count(Job)), Sum(Job.minutes), Percentile(Job.minutes, 90), Count(Job, at=Job.done_at),
    Percentile(Job.done_at - Job.opened_at, 50, at=Job.done_at), Count(Job, credit=Job.crew),
    Sum(Job.minutes, credit=each(Job.crew), where=Job.minutes > 3),
)  # fmt: skip
REQUESTS = [TallyRequest.of(tally) for measure in MEASURES for tally in tallies_of(measure)]
AGENTS = tuple(f"E{number}" for number in range(6))


def back(count: int) -> Any:
    """The windows of May and of the months before."""
    return window(earlier("2026-05", count), ZONE)


WANTED = wanted_of(REQUESTS, back, ZONE, None)


class Firm:
    """A company, its records and everything that happens to them."""

    def __init__(self, database: Database, tenant_id: UUID, people: Memberships) -> None:
        self.database, self.tenant_id, self.people = database, tenant_id, people
        self.from_state, self.checked = 0, 0

    async def deliver(self, source: Random) -> None:
        """Some records, new or changed: other people, other days, other months."""
        rows = [self.row(source) for _ in range(source.randint(1, 12))]
        table = open_table("\n".join(map(json.dumps, rows)).encode(), name="jobs.ndjson")
        await ingest(self.database, self.tenant_id, Delivery(source=direct_mapping(Job.declaration, "api"), table=table,
                                                             actor="test"), clock=now)

    def row(self, source: Random) -> dict[str, Any]:
        opened = datetime(2026, 4, 20, tzinfo=UTC) + timedelta(minutes=source.randrange(50 * 1440))
        crew = source.sample((*AGENTS, "E9"), source.randint(0, 3))
        row: dict[str, Any] = {"external_id": f"J{source.randrange(120)}", "opened_at": opened.isoformat()}
        row |= {"agent": source.choice((*AGENTS, "E9"))} if source.randrange(5) else {}
        row |= {"crew": ";".join(crew)} if crew else {}
        row |= {"done_at": (opened + timedelta(hours=source.randrange(60))).isoformat()} if source.randrange(3) else {}
        return row | ({"minutes": source.randrange(9)} if source.randrange(4) else {})

    async def check(self, source: Random) -> None:
        """One reading, as a run makes it: the moment while no import is under way, then the snapshot."""
        async with self.database.unit_of_work(self.tenant_id) as uow:
            await company.lock(uow.conn, self.tenant_id)
            known_at = now()
        await asyncio.sleep(source.random() / 20)
        levels = source.choice(([SubjectKind.EMPLOYEE], list(SubjectKind)))
        elsewhere = copy.copy(self.people)
        elsewhere.zone = "Nowhere"  # for which there is no state
        async with self.database.scoped_read(self.tenant_id, snapshot=True) as conn:
            by_state, by_records = [
                await tallied(conn, self.tenant_id, REQUESTS, back, people, levels=levels, known_at=known_at)
                for people in (self.people, elsewhere)
            ]
            asked = Asked(self.tenant_id, back, self.people, frozenset(levels), known_at, None, None)
            self.from_state += len(await from_state(conn, asked, REQUESTS))
        self.checked += len(REQUESTS)
        assert by_state == by_records

    async def keep_up(self, source: Random) -> None:
        """What the worker does, and now and then what nobody should."""
        match source.randrange(12):
            case 0:
                await service.drop(self.database, self.tenant_id)
            case 1 | 2 | 3:
                await service.make(self.database, self.tenant_id, WANTED)
            case _:
                await service.take_in(self.database, self.tenant_id)

    async def hire(self) -> None:
        """The number that nobody had is somebody's now, so records are resolved again."""
        async with self.database.unit_of_work(self.tenant_id) as uow:
            changed = await upsert_employees(uow, "test", [employee("E9")])
            await resolve_codes(uow, {"hammered_job": Job.declaration}, [(None, "E9")], now=now())
            assert changed

    async def state_rows(self) -> Sequence[Any]:
        """All rows of the state, by what they are about."""
        return [await self.database.read(
            self.tenant_id, f"select s.digest, t.{day}, t.subject_id, t.holding, t.counts, t.sums, "  # noqa: S608
            "(select array_agg(v order by v) from unnest(t.vals) as v) as vals "
            f"from measure_state_{day} t join measure_state s on s.tenant_id = t.tenant_id and s.id = t.state_id "
            "where t.tenant_id = $1 order by 1, 2, 3, 4", self.tenant_id) for day in ("day", "month")]


def now() -> datetime:
    return datetime.now(UTC)


def employee(number: str) -> Employee:
    """Somebody who is in the south from the middle of May on, or all the time."""
    middle, first = date(2026, 5, 14), date(2026, 1, 1)
    spans = [Span(first, middle, "north", "agent"), Span(middle, None, "south", "agent")]
    stays = tuple(spans) if number in ("E0", "E3") else (Span(first, None, "south", "agent"),)
    return Employee(number, number, Decimal(1), stays)


@pytest.fixture
async def firm(migrated_database: LocalUrls) -> AsyncIterator[Firm]:
    owner = await asyncpg.connect(migrated_database.migration_database_url)
    await ensure_record_tables(owner, [Job.declaration], app_role="meritline_app")
    await owner.close()
    async with await Database.open(migrated_database.database_url) as database:
        profile = Profile("Hammered", ZONE, "CNY", ("en",), "CN")
        opened = await onboard_tenant(database, key="hammered", profile=profile, actor="test")
        async with database.unit_of_work(opened.tenant_id) as uow:
            await upsert_departments(uow, "test", [Department("firm", "Firm"), Department("north", "North", "firm"),
                                                   Department("south", "South", "firm")])
            await upsert_employees(uow, "test", [employee(number) for number in AGENTS])
        async with database.scoped_read(opened.tenant_id) as conn:
            people = Memberships.of(await employments(conn, opened.tenant_id), ZONE)
        yield Firm(database, opened.tenant_id, people)


async def test_nothing_is_lost_while_imports_rebuilds_and_readings_go_on(firm: Firm) -> None:
    await firm.deliver(Random(0))
    await service.make(firm.database, firm.tenant_id, WANTED)

    async def again(what: Any, times: int, seed: int) -> None:
        source = Random(seed)
        for _ in range(times):
            await what(source)

    async def hired(_: Random) -> None:
        await asyncio.sleep(0.5)
        await firm.hire()

    async with asyncio.TaskGroup() as group:
        for seed in (1, 2, 3):
            group.create_task(again(firm.deliver, 25, seed))
        for seed in (4, 5):
            group.create_task(again(firm.keep_up, 30, seed))
        for seed in (6, 7):
            group.create_task(again(firm.check, 20, seed))
        group.create_task(again(hired, 1, 8))
    assert firm.from_state * 3 > firm.checked, "the state answered"
    await service.take_in(firm.database, firm.tenant_id)
    await service.make(firm.database, firm.tenant_id, WANTED)
    await firm.deliver(Random(9))
    assert await service.take_in(firm.database, firm.tenant_id) > 0
    await firm.check(Random(10))
    kept_up = await firm.state_rows()
    assert all(kept_up)
    await service.drop(firm.database, firm.tenant_id)
    await service.make(firm.database, firm.tenant_id, WANTED)
    assert await firm.state_rows() == kept_up
