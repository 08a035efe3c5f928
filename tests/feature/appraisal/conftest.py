"""A company of eight people with tickets, made from an indicator set that only these tests know."""

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager, nullcontext
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import pytest

from meritline.access.principal import Principal
from meritline.appraisal.cycles import open_cycle
from meritline.appraisal.jobs import handlers
from meritline.appraisal.service import run_cycle
from meritline.db import Database, UnitOfWork
from meritline.jobs.progress import JobProgress
from meritline.jobs.service import Jobs
from meritline.local import LocalUrls
from meritline.onboarding.enabling import enable_indicator_set
from meritline.plugins.host import catalogue_of
from meritline.records.ddl import ensure_record_tables
from meritline.rewards.service import REWARDS
from meritline.tenancy.service import open_tenant, upsert_departments, upsert_employees, upsert_positions
from meritline.tenancy.values import Department, Employee, Position, Profile, Span
from meritline_sdk import (
    COUNT,
    HIGHER,
    HOURS,
    LOWER,
    PERCENT,
    Attribution,
    ByGrade,
    Count,
    Event,
    Fine,
    Flag,
    Grade,
    GradeBands,
    Indicator,
    IndicatorSet,
    Instant,
    Int,
    Item,
    Percentile,
    Person,
    Pool,
    Ranking,
    RatedIndicator,
    Ratio,
    RecordType,
    RewardTable,
    Scheme,
    SubjectKind,
    Team,
    Text,
    rules,
)

NOW = datetime(2026, 6, 2, 8, 0, tzinfo=UTC)
PERIOD = "2026-05"
ACTOR = "test"


def text(word: str) -> Text:
    return Text(word, word)


class Ticket(RecordType, key="run_ticket", title=text("Ticket")):
    agent = Person(optional=True)
    queue = Team(optional=True)
    opened_at = Instant()
    closed_at = Instant(optional=True)
    visits = Int(minimum=0)
    abandoned = Flag()
    defaults = Attribution(credit=agent, at=closed_at)


class Complaint(RecordType, key="run_complaint", title=text("Complaint")):
    agent = Person()
    made_at = Instant()
    defaults = Attribution(credit=agent, at=made_at)


t, c = Ticket, Complaint
FIX = Indicator("fix", text("Fixed at once"), Ratio(Count(t, where=t.visits == 1), Count(t)), PERCENT, HIGHER,
                minimum_sample=2)  # fmt: skip
SPEED = Indicator("speed", text("Time to close, p90"), Percentile(t.closed_at - t.opened_at, 90), HOURS, LOWER)
LOST = Indicator("lost", text("Lost in the queue"),
                 Ratio(Count(t, where=t.abandoned == True, credit=t.queue), Count(t, credit=t.queue)), PERCENT,  # noqa: E712
                 LOWER)  # fmt: skip
COMPLAINTS = Indicator("complaints", text("Complaints"), Count(c), COUNT, LOWER)
MANNER = RatedIndicator("manner", text("Manner"), raters=("manager", "self"))

GRADES = GradeBands((Grade("weak", text("Weak")), Grade("good", text("Good"), 60), Grade("best", text("Best"), 90)))
AGENTS = Scheme(
    "agents", text("Agents"),
    items=(
        Item(FIX, weight=40, target=85, rule=rules.Deduct(2)),
        Item(SPEED, weight=30, rule=rules.Bands(up_to={4: 100, 24: 60}, beyond=0)),
        Item(LOST, weight=10, target=10, rule=rules.TargetMet(), read_from="department"),
        Item(MANNER, weight=20, rule=rules.AsPoints()),
    ),
    events=(Event(COMPLAINTS, rules.PerUnit(-5, start=0, floor=None)),),
    for_positions=("agent",), grades=GRADES, pass_score=60, ranking=Ranking(minimum_sample=3),
)  # fmt: skip
TEAMS = Scheme("teams", text("Teams"), items=(Item(FIX, weight=60, rule=rules.AsPoints()),
                                              Item(LOST, weight=40, target=10, rule=rules.TargetMet())),
               subject=SubjectKind.DEPARTMENT)  # fmt: skip
FIRM = Scheme("firm", text("The firm"), items=(Item(FIX, weight=100, rule=rules.AsPoints()),),
              subject=SubjectKind.COMPANY)  # fmt: skip
BONUS = RewardTable("bonus", text("Bonus"), "agents", (
    ByGrade("level", text("Level"), {"weak": 0, "good": 400, "best": "800.50"}),
    Fine("grumble", text("Complaints"), COMPLAINTS, amount=150),
    Pool("together", text("All together"), FIX, amount=100, at_least=50),
), fines_confirmed=True)  # fmt: skip
DESK = IndicatorSet("desk", text("Desk"), records=[Ticket, Complaint],
                    indicators=[FIX, SPEED, LOST, COMPLAINTS, MANNER], schemes=[AGENTS, TEAMS, FIRM], rewards=[BONUS])


@pytest.fixture(scope="module")
async def urls(migrated_database: LocalUrls) -> LocalUrls:
    """A migrated database with the record tables of the set."""
    owner = await asyncpg.connect(migrated_database.migration_database_url)
    try:
        await ensure_record_tables(owner, [Ticket.declaration, Complaint.declaration],
                                   app_role="meritline_app")
    finally:
        await owner.close()
    return migrated_database


@pytest.fixture(scope="module")
async def database(urls: LocalUrls) -> AsyncIterator[Database]:
    async with await Database.open(urls.database_url) as opened:
        yield opened


@dataclass
class Company:
    """The company under test, and what is done to it."""

    database: Database
    tenant_id: UUID
    jobs: Jobs
    now: datetime = NOW
    employees: dict[str, UUID] = field(default_factory=dict)
    departments: dict[str, UUID] = field(default_factory=dict)

    def clock(self) -> datetime:
        """The injected clock: a second later each time it is asked."""
        self.now += timedelta(seconds=1)
        return self.now

    async def appraise(self, period: str = PERIOD, scheme: str | None = None) -> JobProgress:
        """Open, run and wait."""
        async with self.database.unit_of_work(self.tenant_id) as uow:
            cycle = await open_cycle(uow, ACTOR, period)
            asked = await run_cycle(uow, ACTOR, cycle.id, scheme, enqueue=self.jobs.enqueue, now=self.clock())
        async with self.jobs.working():
            return await self.jobs.wait(self.tenant_id, asked.job_id, 120)

    async def ticket(self, name: str, agent: str | None, day: int, *, hours: int = 2, visits: int = 1,
                     queue: str | None = None, abandoned: bool = False, version: int = 1,
                     agent_code: str | None = None, uow: UnitOfWork | None = None) -> None:
        """A ticket, or a newer version of it, known from now on; in a unit that is under way, or in its own."""
        closed = datetime(2026, 5, day, 10, tzinfo=UTC)
        await self._record("run_ticket", name, version, {
            "agent_code": agent or agent_code, "agent": agent and self.employees[agent], "queue_code": queue,
            "queue": queue and self.departments[queue], "opened_at": closed - timedelta(hours=hours),
            "closed_at": closed, "visits": visits, "abandoned": abandoned,
        }, uow)  # fmt: skip

    async def complaint(self, name: str, agent: str, day: int) -> None:
        """A complaint about an agent."""
        await self._record("run_complaint", name, 1, {
            "agent_code": agent, "agent": self.employees[agent], "made_at": datetime(2026, 5, day, 12, tzinfo=UTC),
        })  # fmt: skip

    async def _record(self, kind: str, name: str, version: int, fields: dict[str, Any],
                      inside: UnitOfWork | None = None) -> None:
        key = {"tenant_id": self.tenant_id, "source": "desk", "external_id": name}
        row = key | {"version": version, "digest": sha256(repr(fields).encode()).digest(), "recorded_at": self.clock()}
        unit = self.database.unit_of_work(self.tenant_id) if inside is None else nullcontext(inside)
        async with unit as uow:
            where = "tenant_id = $1 and source = $2 and external_id = $3"
            if version > 1:
                names = ", ".join(['"tenant_id", "source", "external_id", "version", "digest", "recorded_at"',
                                   *fields])
                await uow.conn.execute(
                    f"insert into record_{kind}_history ({names}, superseded_at) select {names}, $4 "  # noqa: S608
                    f"from record_{kind} where {where}", *key.values(), row["recorded_at"])
            row |= fields
            names, places = ", ".join(row), ", ".join(f"${place}" for place in range(1, len(row) + 1))
            updates = ", ".join(f"{column} = excluded.{column}" for column in row if column not in key)
            await uow.conn.execute(
                f"insert into record_{kind} ({names}) values ({places}) "  # noqa: S608
                f"on conflict (tenant_id, source, external_id) do update set {updates}", *row.values())

    async def delivered(self, kind: str, first: date = date(2026, 5, 1), end: date = date(2026, 6, 1)) -> None:
        """The source said that the days are complete."""
        async with self.database.unit_of_work(self.tenant_id) as uow:
            batch = await uow.conn.fetchval(
                "insert into import_batch (tenant_id, source, record_type, state) values ($1, 'desk', $2, 'done') "
                "returning id", self.tenant_id, kind)
            await uow.conn.execute(
                "insert into coverage (tenant_id, source, record_type, period_from, period_to, import_id) "
                "values ($1, 'desk', $2, $3, $4, $5)", self.tenant_id, kind, first, end, batch)

    async def fetch(self, statement: str, *values: Any) -> list[Any]:
        """Rows as the application role sees them; ``$1`` is the tenant."""
        async with self.database.scoped_read(self.tenant_id) as conn:
            return await conn.fetch(statement, self.tenant_id, *values)

    async def cards(self, scheme: str = "agents") -> dict[str, Any]:
        """The scorecards that count, by subject."""
        rows = await self.fetch(
            "select card.* from scorecard card join cycle on cycle.tenant_id = $1 and cycle.run_id = card.run_id "
            "where card.tenant_id = $1 and scheme_key = $2", scheme)
        return {row["subject_code"]: row for row in rows}

    async def lines(self, subject: str, scheme: str = "agents") -> dict[str, Any]:
        """The score lines of a card, by key."""
        card = (await self.cards(scheme))[subject]
        rows = await self.fetch("select * from score_line where tenant_id = $1 and scorecard_id = $2", card["id"])
        return {row["key"]: row for row in rows}

    def place_of(self, line: Any) -> tuple[UUID, int]:
        """What a line is known by: its card and its position there."""
        return line["scorecard_id"], line["position"]

    async def rewards(self) -> dict[tuple[str, str], Any]:
        """The amounts by subject and rule."""
        rows = await self.fetch("select * from reward_line where tenant_id = $1")
        return {(row["subject_code"], row["rule_key"]): row["amount"] for row in rows}

    async def busy_may(self) -> None:
        """A month of work: E1 best, E2 middling, E3 with complaints, E4 with too little, E5 with nothing at all."""
        await self.delivered("run_ticket")
        await self.delivered("run_complaint")
        for number in range(10):
            await self.ticket(f"E1-{number}", "E1", 2 + number, queue="north")
            await self.ticket(f"E2-{number}", "E2", 2 + number, hours=10, visits=1 if number < 8 else 2, queue="north")
            await self.ticket(f"E3-{number}", "E3", 2 + number, visits=1 if number < 8 else 3, queue="south",
                                 abandoned=number < 3)
        for number in range(2):
            await self.ticket(f"E4-{number}", "E4", 5 + number)
        for number in range(4):
            await self.ticket(f"E6-{number}", "E6", 10 + 4 * number)
        for number in range(4):
            await self.complaint(f"C-{number}", "E3", 8 + number)

    def principal(self, role: Any, employee: str | None = None) -> Principal:
        """Somebody with a key."""
        return Principal(self.tenant_id, uuid4(), role, employee and self.employees[employee])


@asynccontextmanager
async def company_in(database: Database, redis_url: str, *, lease: timedelta = timedelta(seconds=15),
                     ) -> AsyncIterator[Company]:
    """A company with people and schemes, and no records yet."""
    async with database.global_work() as conn:
        tenant_id: UUID = await conn.fetchval("select uuidv7()")
    company = Company(database, tenant_id, None)  # type: ignore[arg-type]
    company.jobs = Jobs(redis_url, database, handlers(database, company.clock, REWARDS),
                        queue_name=f"test:{tenant_id}", lease=lease, sweep_s=0.2)
    async with database.unit_of_work(tenant_id) as uow:
        await open_tenant(uow, key=f"firm-{tenant_id.hex[-12:]}", actor=ACTOR,
                          profile=Profile("The firm", "Asia/Shanghai", "CNY", ("en", "zh"), "CN"))
        await upsert_departments(uow, ACTOR, [Department("all", "All"), Department("north", "North", "all"),
                                              Department("south", "South", "all")])
        await upsert_positions(uow, ACTOR, [Position("agent", "Agent", "客服"), Position("boss", "Boss", "主管")])
        await upsert_employees(uow, ACTOR, PEOPLE)
        await enable_indicator_set(uow, ACTOR, catalogue_of(DESK), "desk")
        company.employees = {row["number"]: row["id"] for row in await uow.conn.fetch(
            "select number, id from employee where tenant_id = $1", tenant_id)}
        company.departments = {row["code"]: row["id"] for row in await uow.conn.fetch(
            "select code, id from department where tenant_id = $1", tenant_id)}
    try:
        yield company
    finally:
        await company.jobs.close()


def person(number: str, department: str, position: str = "agent", manager: str | None = None) -> Employee:
    """Somebody who has always been where they are."""
    return Employee(number, f"Person {number}", employments=(
        Span(date(2020, 1, 1), None, department, position, manager),))


MOVED = Employee("E6", "Person E6", employments=(
    Span(date(2020, 1, 1), date(2026, 5, 16), "north", "agent"), Span(date(2026, 5, 16), None, "south", "agent")))
LEFT = Employee("E7", "Person E7", employments=(Span(date(2020, 1, 1), date(2026, 4, 30), "north", "agent"),))
PEOPLE: Sequence[Employee] = (
    person("B1", "north", "boss"), person("E1", "north", manager="B1"), person("E2", "north"), person("E3", "south"),
    person("E4", "south"), person("E5", "south"), MOVED, LEFT,
)  # fmt: skip


@pytest.fixture
def make_company(database: Database, urls: LocalUrls) -> Callable[..., Any]:
    """Makes further companies."""
    return lambda **options: company_in(database, urls.redis_url, **options)


@pytest.fixture
async def company(database: Database, urls: LocalUrls) -> AsyncIterator[Company]:
    """A company with its May."""
    async with company_in(database, urls.redis_url) as made:
        await made.busy_may()
        yield made
