"""A refresh comes to what a full run would, whatever was corrected: cards, lines, readings, places, rewards, digests.

Records go through the import, so that what it marks is all a refresh knows of them.
"""

import asyncio
import json
import random
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import asyncpg
import pytest

from meritline.appraisal.cycles import open_cycle
from meritline.appraisal.jobs import handlers
from meritline.appraisal.publication import lock_cycle
from meritline.appraisal.refresh import amend, asking, opening, service
from meritline.appraisal.refresh.asking import ask_refresh
from meritline.appraisal.refresh.reach import holding
from meritline.appraisal.refresh.service import refresh
from meritline.appraisal.refresh.standing import NeedsRun
from meritline.appraisal.run.execute import execute
from meritline.appraisal.service import run_cycle
from meritline.appraisal.simulation import store as simulated
from meritline.audit import COUNTED, append, verify
from meritline.db import Database
from meritline.domain.cycles import CycleLocked, CycleStateRefused
from meritline.jobs.progress import JobProgress
from meritline.jobs.service import Jobs
from meritline.local import LocalUrls
from meritline.measuring import again
from meritline.onboarding.enabling import enable_indicator_set
from meritline.plugins.host import catalogue_of
from meritline.records.ddl import ensure_record_tables
from meritline.records.delivery import Delivery
from meritline.records.formats import open_table
from meritline.records.ingest import ingest
from meritline.records.resolve import resolve_codes
from meritline.records.service import direct_for
from meritline.rewards.service import REWARDS, amend_rewards
from meritline.tenancy import store as companies
from meritline.tenancy.service import (
    map_external_codes,
    open_tenant,
    save_source,
    upsert_departments,
    upsert_employees,
    upsert_positions,
)
from meritline.tenancy.values import Department, Employee, ExternalCode, Position, Profile, Source, Span
from meritline_sdk import (
    COUNT,
    HIGHER,
    HOURS,
    LOWER,
    PERCENT,
    Attribution,
    Award,
    ByGrade,
    ByRank,
    Code,
    Count,
    Event,
    Fine,
    Grade,
    GradeBands,
    Indicator,
    IndicatorSet,
    Instant,
    Int,
    Item,
    Number,
    Percentile,
    Person,
    Pool,
    Ranking,
    Ratio,
    RecordType,
    RewardTable,
    Scheme,
    SubjectKind,
    Sum,
    Text,
    When,
    company_only,
    exists,
    rules,
)

ACTOR, PERIOD, NOW = "test", "2026-05", datetime(2026, 6, 2, 8, 0, tzinfo=UTC)
PEOPLE = tuple(f"E{number:02d}" for number in range(12))
SPACE = "outside"
STATEMENTS = 5
"""Those of a warm refresh of one scheme, with what opens and closes its transaction."""


def text(word: str) -> Text:
    return Text(word, word)


class Visit(RecordType, key="refresh_visit", title=text("Visit")):
    fitter = Person(optional=True)
    helper = Person(optional=True)
    opened_at = Instant()
    closed_at = Instant(optional=True)
    visits = Int(minimum=0)
    charged = Number(optional=True)
    defaults = Attribution(credit=fitter, at=closed_at)


class Case(RecordType, key="refresh_case", title=text("Case")):
    agent = Person(optional=True)
    case_no = Code()
    made_at = Instant()
    defaults = Attribution(credit=agent, at=made_at)


v, c = Visit, Case
FIX = Indicator("fix", text("Fixed at once"), Ratio(Count(v, where=v.visits == 1), Count(v)), PERCENT, HIGHER,
                minimum_sample=2)  # fmt: skip
SPEED = Indicator("speed", text("Time to close, p90"), Percentile(v.closed_at - v.opened_at, 90), HOURS, LOWER)
CHARGED = Indicator("charged", text("Charged"), Sum(v.charged), COUNT, HIGHER)
HELPED = Indicator("helped", text("Helped"), Count(v, credit=v.helper), COUNT, HIGHER)
DONE = Indicator("done", text("Visits"), Count(v), COUNT, HIGHER)
REOPENED = Indicator("reopened", text("Came back"), Count(c, where=exists(
    c, lambda other: (other.case_no == c.case_no) & (other.made_at > c.made_at))), COUNT, LOWER)  # fmt: skip
GRADES = GradeBands((Grade("weak", text("Weak")), Grade("good", text("Good"), 60), Grade("best", text("Best"), 90)))
ITEMS = (Item(FIX, weight=40, target=85, rule=rules.Deduct(2)),
         Item(SPEED, weight=30, rule=rules.Bands(up_to={4: 100, 24: 60}, beyond=0)),
         Item(DONE, weight=30, target=8, rule=rules.ToTarget(full=100, cap=120)))  # fmt: skip
FITTERS = Scheme("fitters", text("Fitters"), items=ITEMS,
                 events=(Event(REOPENED, rules.PerUnit(-5, start=0, floor=None)),), for_positions=("fitter",),
                 grades=GRADES, pass_score=60, ranking=Ranking(minimum_sample=3))  # fmt: skip
NAMED = Scheme("fitters", text("Fitters"), items=(
    *ITEMS[:2], Item(CHARGED, weight=30, target=80, rule=rules.ToTarget(full=100, cap=120))),
    for_positions=("fitter",), grades=GRADES, ranking=Ranking())
HELPERS = replace(NAMED, items=(*NAMED.items[:2], replace(NAMED.items[2], weight=20),
                                Item(HELPED, weight=10, target=8, rule=rules.ToTarget(full=100, cap=120))))
TEAMS = Scheme("teams", text("Teams"), items=(Item(FIX, weight=100, rule=rules.AsPoints()),),
               subject=SubjectKind.DEPARTMENT)  # fmt: skip
BY_PLACE = RewardTable("bonus", text("Bonus"), "fitters", (
    ByRank("place", text("Place"), amounts=(300, 200, 100), beyond=0),
    Award("top", text("Top"), 150, When(best_percent=30)),
    Fine("back", text("Came back"), REOPENED, amount=50),
), fines_confirmed=True)  # fmt: skip
DRIVERS = Scheme("drivers", text("Drivers"), items=(
    Item(FIX, weight=60, rule=rules.AsPoints()),
    Item(DONE, weight=40, target=4, rule=rules.ToTarget(full=100, cap=120)),
), for_positions=("driver",), grades=GRADES, ranking=Ranking())
ALONE, AROUND = (Indicator(key, text(key), Count(c, credit=credit), COUNT, HIGHER)
                 for key, credit in (("of_all", company_only()), ("around", c.agent)))
LOOKING = Scheme("fitters", text("Fitters"), items=(
    Item(FIX, weight=60, target=85, rule=rules.Deduct(2)),
    Item(AROUND, weight=20, target=8, rule=rules.ToTarget(full=100, cap=120), read_from="department"),
    Item(ALONE, weight=20, target=8, rule=rules.ToTarget(full=100, cap=120), read_from="company"),
), for_positions=("fitter",), grades=GRADES, ranking=Ranking())
PLAIN = RewardTable("bonus", text("Bonus"), "fitters", (
    ByGrade("level", text("Level"), {"weak": 0, "good": 400, "best": "800.50"}),))
SHARED = RewardTable("bonus", text("Bonus"), "fitters", (
    Pool("together", text("All together"), FIX, amount=100, at_least=50),
))  # fmt: skip


def declared(*schemes: Scheme, rewards: RewardTable) -> IndicatorSet:
    return IndicatorSet("fit", text("Fit"), records=[Visit, Case],
                        indicators=[FIX, SPEED, DONE, CHARGED, HELPED, REOPENED, AROUND, ALONE],
                        schemes=list(schemes), rewards=[rewards])  # fmt: skip


@dataclass
class Firm:
    """A company whose records come by import."""

    database: Database
    tenant_id: UUID
    jobs: Jobs = field(init=False)
    now: datetime = NOW
    records: dict[str, dict[str, dict[str, Any]]] = field(default_factory=lambda: {"refresh_visit": {},
                                                                                   "refresh_case": {}})

    def clock(self) -> datetime:
        self.now += timedelta(seconds=1)
        return self.now

    async def deliver(self, kind: str, rows: Mapping[str, dict[str, Any]]) -> None:
        """Through the import; what is not named stays as it was."""
        known = self.records[kind]
        known.update({name: {**known.get(name, {}), **row} for name, row in rows.items()})
        lines = [{"external_id": name, **known[name]} for name in rows]
        content = "\n".join(json.dumps(line) for line in lines).encode()
        async with self.database.scoped_read(self.tenant_id) as conn:
            mapping, _ = await direct_for(conn, self.tenant_id, kind, kind, DECLARATIONS)
        told = await ingest(self.database, self.tenant_id, Delivery(
            source=mapping, table=open_table(content, name="rows.ndjson"), actor=ACTOR), clock=self.clock)
        assert told.rejected == 0, told

    async def map_code(self, code: str, employee: str) -> None:
        """An outside code means somebody else from now on, at all times."""
        async with self.database.unit_of_work(self.tenant_id) as uow:
            changed = await map_external_codes(uow, ACTOR, [ExternalCode(SPACE, code, employee=employee)])
            await resolve_codes(uow, DECLARATIONS, changed, now=self.clock())

    async def run(self) -> JobProgress:
        async with self.database.unit_of_work(self.tenant_id) as uow:
            cycle = await open_cycle(uow, ACTOR, PERIOD)
            asked = await run_cycle(uow, ACTOR, cycle.id, None, enqueue=self.jobs.enqueue, now=self.clock())
        return await self.ended(asked.job_id)

    async def refresh(self) -> Mapping[str, Any]:
        async with self.database.unit_of_work(self.tenant_id) as uow:
            _, job = await ask_refresh(uow, ACTOR, PERIOD, enqueue=self.jobs.enqueue)
        return (await self.ended(job)).result or {}

    async def ended(self, job: UUID) -> JobProgress:
        async with self.jobs.working():
            done = await self.jobs.wait(self.tenant_id, job, 120)
        assert done.state == "done", done
        return done

    async def fetch(self, statement: str, *values: Any) -> list[Any]:
        async with self.database.scoped_read(self.tenant_id) as conn:
            return await conn.fetch(statement, self.tenant_id, *values)

    async def standing(self) -> dict[str, Any]:
        """Everything that counts of the cycle, without the ids of rows."""
        (run,) = await self.fetch("select run.* from cycle join run on run.tenant_id = $1 and run.id = cycle.run_id "
                                  "where cycle.tenant_id = $1")
        found: dict[str, Any] = {name: run[name] for name in ("input_digest", "result_digest", "frame_digest",
                                                              "tallied_sum", "result_sum", "delivered", "subjects")}
        cards = await self.fetch("select * from scorecard where tenant_id = $1 and run_id = $2", run["id"])
        names = {card["id"]: (card["scheme_key"], card["subject_code"]) for card in cards}
        found["cards"] = {names[card["id"]]: plain(card) for card in cards}
        found["lines"] = {(*names[line["scorecard_id"]], line["position"]): plain(line) for line in await self.fetch(
            "select * from score_line where tenant_id = $1 and run_id = $2", run["id"])}
        found["rewards"] = {(line["subject_code"], line["rule_key"]): plain(line) for line in await self.fetch(
            "select * from reward_line where tenant_id = $1")}
        async with self.database.scoped_read(self.tenant_id) as conn:
            for scheme in {scheme for scheme, _ in names.values()}:
                for row in await simulated.readings(conn, self.tenant_id, run["id"], scheme, KEYS):
                    found["read", scheme, row["indicator_key"], row["read_from"]] = row["readings"]
        return found


def plain(row: Any) -> dict[str, Any]:
    """A row without what differs from run to run."""
    return {name: value for name, value in dict(row).items() if name not in ("id", "run_id", "scorecard_id")}


DECLARATIONS = {one.declaration.key: one.declaration for one in (Visit, Case)}
KEYS = [f"fit.{one.key}" for one in (FIX, SPEED, DONE, CHARGED, HELPED, REOPENED)]


@pytest.fixture(scope="module")
async def urls(migrated_database: LocalUrls) -> LocalUrls:
    owner = await asyncpg.connect(migrated_database.migration_database_url)
    try:
        await ensure_record_tables(owner, list(DECLARATIONS.values()), app_role="meritline_app")
    finally:
        await owner.close()
    return migrated_database


@pytest.fixture
async def make(database: Database, urls: LocalUrls) -> AsyncIterator[Callable[..., Any]]:
    """Makes a company of twelve fitters in two teams, one of them with a change of team, and a May."""
    made: list[Firm] = []

    async def firm(schemes: IndicatorSet, zone: str = "Asia/Shanghai") -> Firm:
        async with database.global_work() as conn:
            company = Firm(database, await conn.fetchval("select uuidv7()"))
        company.jobs = Jobs(urls.redis_url, database, handlers(database, company.clock, REWARDS, None,
                            amend_rewards), queue_name=f"test:{company.tenant_id}", sweep_s=0.2)  # fmt: skip
        made.append(company)
        async with database.unit_of_work(company.tenant_id) as uow:
            await open_tenant(uow, key=f"firm-{company.tenant_id.hex[-12:]}", actor=ACTOR,
                              profile=Profile("The firm", zone, "CNY", ("en", "zh"), "CN"))
            await upsert_departments(uow, ACTOR, [Department("north", "North"), Department("south", "South")])
            await upsert_positions(uow, ACTOR, [Position("fitter", "Fitter", "维修工"),
                                                 Position("driver", "Driver", "司机")])
            await upsert_employees(uow, ACTOR, [Employee(number, f"Person {number}", employments=spans(place))
                                                for place, number in enumerate(PEOPLE)])
            await map_external_codes(uow, ACTOR, [ExternalCode(SPACE, number, employee=number) for number in PEOPLE])
            visited = ("helper", "opened_at", "closed_at", "visits", "charged")
            for kind, person, names in (("refresh_visit", "fitter", visited),
                                        ("refresh_case", "agent", ("case_no", "made_at"))):
                await save_source(uow, ACTOR, Source(kind, kind, {
                    "record": kind, "format": "csv", "external_id": "external_id", "external_codes": SPACE,
                    "fields": {name: name for name in (person, *names)}}))
                batch = await uow.conn.fetchval(
                    "insert into import_batch (tenant_id, source, record_type, state) values ($1, $2, $2, 'done') "
                    "returning id", company.tenant_id, kind)
                await uow.conn.execute(
                    "insert into coverage (tenant_id, source, record_type, period_from, period_to, import_id) "
                    "values ($1, $2, $2, '2026-05-01', '2026-06-01', $3)", company.tenant_id, kind, batch)
        async with database.unit_of_work(company.tenant_id) as uow:
            await enable_indicator_set(uow, ACTOR, catalogue_of(schemes), "fit")
        await company.deliver("refresh_visit", {f"V{number}": visit(random.Random(number)) for number in range(120)})
        await company.deliver("refresh_case", {f"C{number}": a_case(random.Random(number)) for number in range(24)})
        return company

    yield firm
    for company in made:
        await company.jobs.close()


def spans(place: int) -> tuple[Span, ...]:
    """Where somebody was; within the month the last one changes team, one before the position, and so the scheme if
    there is one for it, and one leaves."""
    began = date(2020, 1, 1)
    if place == len(PEOPLE) - 2:
        return (Span(began, date(2026, 5, 12), "north", "fitter"), Span(date(2026, 5, 12), None, "south", "driver"))
    if place == len(PEOPLE) - 3:
        return (Span(began, date(2026, 5, 21), "south", "fitter"),)
    if place == len(PEOPLE) - 1:
        return (Span(date(2020, 1, 1), date(2026, 5, 16), "north", "fitter"),
                Span(date(2026, 5, 16), None, "south", "fitter"))
    return (Span(date(2020, 1, 1), None, "north" if place % 2 else "south", "fitter"),)


def moment(dice: random.Random, month: int = 5) -> str:
    return datetime(2026, month, dice.randint(1, 28), dice.randint(0, 23), tzinfo=UTC).isoformat()


def visit(dice: random.Random, month: int = 5) -> dict[str, Any]:
    opened = datetime(2026, month, dice.randint(2, 27), tzinfo=UTC)
    return {"fitter": dice.choice(PEOPLE), "opened_at": opened.isoformat(),
            "closed_at": (opened + timedelta(hours=dice.randint(1, 30))).isoformat(), "visits": dice.choice((1, 1, 2))}


def a_case(dice: random.Random) -> dict[str, Any]:
    return {"agent": dice.choice(PEOPLE), "case_no": f"K{dice.randint(1, 12)}", "made_at": moment(dice)}


async def corrected(firm: Firm, dice: random.Random, number: int, *, cases: bool) -> None:
    """One correction of any sort."""
    known = f"V{dice.randrange(120)}"
    match dice.randrange(7 if cases else 6):
        case 0:
            await firm.deliver("refresh_visit", {f"N{number}-{dice.random()}": visit(dice)})
        case 1:
            await firm.deliver("refresh_visit", {known: {"visits": dice.randint(0, 3)}})
        case 2:
            await firm.deliver("refresh_visit", {known: {"fitter": dice.choice((*PEOPLE, "nobody"))}})
        case 3:  # to another month, and sometimes back
            await firm.deliver("refresh_visit", {known: visit(dice, dice.choice((4, 5, 6)))})
        case 4:
            await firm.deliver("refresh_visit", {known: {"closed_at": None}})
        case 5:
            await firm.map_code(dice.choice(PEOPLE), dice.choice(PEOPLE))
        case _:  # a case comes back, and so another record than the one that came counts otherwise
            await firm.deliver("refresh_case", {f"R{number}-{dice.random()}": a_case(dice)})


@pytest.mark.parametrize(("schemes", "cases", "seed"), [
    (declared(FITTERS, rewards=BY_PLACE), False, 1), (declared(FITTERS, rewards=BY_PLACE), True, 2),
    (declared(FITTERS, rewards=SHARED), True, 3), (declared(FITTERS, TEAMS, rewards=BY_PLACE), True, 4),
    (declared(FITTERS, DRIVERS, rewards=BY_PLACE), False, 5), (declared(LOOKING, rewards=PLAIN), False, 6),
], ids=["employees alone", "related records", "money shared by all", "teams", "two schemes",
        "cards that look around"])  # fmt: skip
async def test_refreshes_end_where_a_full_run_does(make: Callable[..., Any], schemes: IndicatorSet, cases: bool,
                                                   seed: int, caplog: pytest.LogCaptureFixture) -> None:
    firm, dice = await make(schemes), random.Random(seed)
    await firm.run()
    changed = 0
    for number in range(4):
        for _ in range(dice.randint(1, 4)):
            await corrected(firm, dice, number, cases=cases)
        done = await firm.refresh()
        assert done["refreshed"], done
        changed += done["cards"]
        refreshed = await firm.standing()
        await firm.run()
        fresh = await firm.standing()
        assert {key for key in fresh if fresh[key] != refreshed.get(key)} == set()
    assert changed
    assert "step by step" not in caplog.text


@pytest.mark.parametrize(("scheme", "zone"), [(NAMED, "Asia/Shanghai"), (NAMED, "Pacific/Kiritimati"),
                                              (NAMED, "Etc/GMT+12"), (HELPERS, "Asia/Shanghai")],
                         ids=["Shanghai", "a day early", "a day late", "helpers count"])  # fmt: skip
async def test_refreshes_one_after_the_other_end_where_a_full_run_does(
    make: Callable[..., Any], scheme: Scheme, zone: str, caplog: pytest.LogCaptureFixture
) -> None:
    """Each knows what the one before it knew, and reads and writes in as few trips as it can."""
    firm, dice = await make(declared(scheme, rewards=PLAIN), zone), random.Random(zone)
    await firm.run()
    (cycle,) = await firm.fetch("select id from cycle where tenant_id = $1")
    moved = written = 0
    lines = list[int]()
    for _ in range(3):
        for number in range(12):
            for _ in range(dice.choice((1, 1, 3))):
                await firm.deliver("refresh_visit", {f"V{dice.randrange(120)}": named(dice, ZoneInfo(zone))})
            before = await firm.standing() if number else None
            done = await refresh(firm.database, firm.clock, firm.tenant_id, cycle["id"], rewards=amend_rewards,
                                 actor=ACTOR)
            now = await firm.standing()
            if before is not None:
                assert done.lines == sum(now["lines"][key] != before["lines"][key] for key in now["lines"])
                assert done.cards == sum(now["cards"][key]["input_digest"] != card["input_digest"]
                                         for key, card in before["cards"].items())
                moved, written = moved + bool(done.places), written + bool(done.cards and not done.places)
            lines += [done.lines] if done.touched else []
        refreshed = await firm.standing()
        await firm.run()
        assert await firm.standing() == refreshed
    assert moved
    assert written
    assert "step by step" not in caplog.text
    kept = await firm.fetch("select number, cards, lines from run_refresh where tenant_id = $1 order by known_at")
    assert [row["lines"] for row in kept] == lines
    told = await firm.fetch("select body from audit_entry where tenant_id = $1 and action = 'run.refresh' order by seq")
    assert [(row["number"], row["cards"], row["lines"]) for row in kept] == [
        (body["refresh"], body["cards"], body["lines"]) for body in (json.loads(row["body"]) for row in told)]
    async with firm.database.scoped_read(firm.tenant_id, snapshot=True) as conn:
        assert await verify(conn, firm.tenant_id) is None


def named(dice: random.Random, zone: ZoneInfo) -> dict[str, Any]:
    """Something else about a visit: who fitted, who only helped, when it closed (often about midnight, and at the ends
    of the month), what it came to."""
    day = datetime(2026, dice.choice((4, 5, 5, 5, 6)), dice.choice((1, 2, 15, 29, 30)), tzinfo=zone)
    closed = (day + dice.choice((timedelta(0), -timedelta(seconds=1), timedelta(hours=11)))).astimezone(UTC)
    return dict(dice.sample([
        ("fitter", dice.choice((*PEOPLE, "nobody", None))), ("helper", dice.choice((*PEOPLE, None))),
        ("closed_at", dice.choice((closed.isoformat(), closed.isoformat(), None))), ("visits", dice.randint(0, 3)),
        ("charged", dice.choice((None, 12, "7.25", "9999.75"))),
    ], dice.choice((1, 1, 2))))  # fmt: skip


@pytest.mark.parametrize(("scheme", "expected"), [
    # The first one knows nothing beforehand. Of a visit that is not closed nothing is read.
    (NAMED, [(2, 1), (1, 1), (1, 0), (2, 2), (1, 1), (0, 0)]),
    (HELPERS, [(2, 1), (2, 1), (3, 2), (3, 2), (2, 2), (2, 0)]),
], ids=["counts for nobody", "counts too"])  # fmt: skip
async def test_whom_a_record_only_names_is_not_read_again(make: Callable[..., Any], scheme: Scheme,
                                                          expected: list[tuple[int, int]]) -> None:
    firm = await make(declared(scheme, rewards=PLAIN))
    rows = {"V1": {"fitter": "E01", "closed_at": "2026-05-03T16:00:00Z", "helper": "E02"}}
    await firm.deliver("refresh_visit", rows)
    await firm.run()
    (cycle,) = await firm.fetch("select id from cycle where tenant_id = $1")
    found = list[tuple[int, int]]()
    for row in ({"charged": 7}, {"charged": 3}, {"helper": "E03"}, {"fitter": "E04"}, {"closed_at": None},
                {"charged": 2}):
        await firm.deliver("refresh_visit", {"V1": row})
        done = await refresh(firm.database, firm.clock, firm.tenant_id, cycle["id"], rewards=amend_rewards, actor=ACTOR)
        found.append((done.touched, done.cards))
    assert found == expected
    refreshed = await firm.standing()
    await firm.run()
    assert await firm.standing() == refreshed


async def test_a_record_type_by_which_others_are_found_too_concerns_all_whom_it_names(make: Callable[..., Any]) -> None:
    firm = await make(declared(FITTERS, rewards=PLAIN))
    await firm.run()
    (cycle,) = await firm.fetch("select id from cycle where tenant_id = $1")
    for day in ("04", "05"):
        await firm.deliver("refresh_case", {"C1": {"made_at": f"2026-05-{day}T00:00:00Z"}})
        done, last = await firm.refresh(), service.KEPT.last(cycle["id"])
        assert last is not None
        assert done["touched"] == len(last.basis.names) > len(PEOPLE)
        assert [record for record, _ in holding(last.basis, "now()")] == ["refresh_visit"]


@pytest.mark.parametrize("wrong", [None, "read ahead", "places", "digits", "lines"])
async def test_what_cannot_be_done_at_once_is_done_step_by_step(
    make: Callable[..., Any], wrong: str | None, monkeypatch: pytest.MonkeyPatch, urls: LocalUrls,
    caplog: pytest.LogCaptureFixture,
) -> None:
    firm, asked = await make(declared(NAMED, rewards=PLAIN)), list[str]()
    await firm.run()
    await firm.deliver("refresh_visit", {"V1": {"fitter": "E01", "charged": 900}})
    await firm.refresh()
    (cycle,) = await firm.fetch("select id from cycle where tenant_id = $1")
    # What is charged is over the cap, whatever it is: the reading is another one, the score is not.
    await firm.deliver("refresh_visit", {"V1": {"charged": 0 if wrong == "places" else 901}})
    before, placed = await firm.standing(), again.placed
    if wrong == "read ahead":
        fails = "1 / (select count(*) from those where false) > 0"
        monkeypatch.setattr(again, "placed", lambda *given: f"case when {fails} then {placed(*given)} end")
    elif wrong == "places":
        monkeypatch.setattr(amend, "unmoved", lambda *_: True)
    elif wrong == "lines":
        owner = await asyncpg.connect(urls.migration_database_url)
        await owner.execute("delete from score_line where tenant_id = $1 and position = 1", firm.tenant_id)
        await owner.close()
        before = await firm.standing()
    with monkeypatch.context() as patch:
        for way in ("execute", "fetch", "fetchrow"):
            patch.setattr(asyncpg.Connection, way, counting(getattr(asyncpg.Connection, way), asked))
        doing = refresh(firm.database, firm.clock, firm.tenant_id, cycle["id"], rewards=amend_rewards,
                        actor=f"E{COUNTED}" if wrong == "digits" else ACTOR)
        if wrong == "lines":
            with pytest.raises(NeedsRun, match="E-REFRESH-PEOPLE"):
                await doing
            assert await firm.standing() == before
            return
        assert (await doing).cards == 1
    assert len([each for each in asked if "from tenant_profile" in each and "for update" in each]) == bool(wrong)
    assert ("step by step" in caplog.text) == (wrong == "read ahead")
    if wrong is None:
        assert len(asked) == 2, asked
    refreshed = await firm.standing()
    await firm.run()
    assert await firm.standing() == refreshed


async def test_what_a_refresh_cannot_do_it_says_and_has_a_full_run_made(make: Callable[..., Any]) -> None:
    firm = await make(declared(FITTERS, rewards=BY_PLACE))
    await firm.run()
    assert (await firm.refresh())["touched"] == 0
    assert await firm.fetch("select from run_refresh where tenant_id = $1") == []
    await firm.deliver("refresh_visit", {"V1": {"visits": 5}})
    async with firm.database.unit_of_work(firm.tenant_id) as uow:
        await upsert_employees(uow, ACTOR, [Employee("E00", "Another name", employments=spans(0))])
    told = await firm.refresh()
    assert (told["refreshed"], told["why"]["code"], told["why"]["params"]) == (
        False, "E-REFRESH-CHANGED", {"changes": "employees.upsert"})
    await firm.ended(UUID(told["job"]))
    run = await firm.standing()
    await firm.run()
    assert await firm.standing() == run
    await firm.deliver("refresh_visit", {"V1": {"visits": 1}})
    async with firm.database.unit_of_work(firm.tenant_id) as uow:
        await uow.conn.execute("update coverage set period_to = '2026-05-20' where tenant_id = $1", firm.tenant_id)
    told = await firm.refresh()
    assert (told["refreshed"], told["why"]["code"]) == (False, "E-REFRESH-DELIVERED")
    await firm.ended(UUID(told["job"]))
    async with firm.database.unit_of_work(firm.tenant_id) as uow:
        await lock_cycle(uow, ACTOR, PERIOD)
    with pytest.raises(CycleLocked):
        await firm.refresh()


async def test_an_amendment_is_told_and_evidence_moves_with_it(make: Callable[..., Any]) -> None:
    firm = await make(declared(FITTERS, rewards=BY_PLACE))
    first = (await firm.run()).result or {}
    await firm.deliver("refresh_visit", {"V1": {"visits": 7}, "V2": {"visits": 7}})
    async with firm.database.unit_of_work(firm.tenant_id) as uow:  # a second asker waits for the same
        cycle, job = await ask_refresh(uow, ACTOR, PERIOD, enqueue=firm.jobs.enqueue)
        assert await ask_refresh(uow, ACTOR, PERIOD, enqueue=firm.jobs.enqueue) == (cycle, job)
    done = (await firm.ended(job)).result or {}
    (row,) = await firm.fetch("select * from run_refresh where tenant_id = $1")
    (run,) = await firm.fetch("select * from run where tenant_id = $1")
    assert (row["job_id"], row["cards"], row["result_before"], row["result_digest"]) == (
        job, done["cards"], first["result_digest"], done["result_digest"])
    assert row["known_before"] < row["known_at"] == run["known_at"]
    (entry,) = await firm.fetch("select body from audit_entry where tenant_id = $1 and action = 'run.refresh'")
    assert json.loads(entry["body"])["result"] == run["result_digest"] == done["result_digest"]


async def test_a_company_may_have_every_import_refresh_its_cycles(make: Callable[..., Any]) -> None:
    firm = await make(declared(FITTERS, rewards=BY_PLACE))
    await firm.run()
    async with firm.database.unit_of_work(firm.tenant_id) as uow:
        await uow.conn.execute("update tenant_profile set refresh = 'on_import' where tenant_id = $1", firm.tenant_id)
    for visits in (7, 8):  # the second is taken in by the job that waits
        await firm.deliver("refresh_visit", {"V1": {"visits": visits}})
    (job,) = await firm.fetch("select id from job where tenant_id = $1 and kind = 'appraisal.refresh'")
    told = (await firm.ended(job["id"])).result or {}
    assert (told[PERIOD]["refreshed"], told[PERIOD]["lines"] > 0) == (True, True)
    refreshed = await firm.standing()
    await firm.run()
    assert await firm.standing() == refreshed


async def on_import(firm: Firm) -> None:
    """Every import refreshes from now on."""
    async with firm.database.unit_of_work(firm.tenant_id) as uow:
        await uow.conn.execute("update tenant_profile set refresh = 'on_import' where tenant_id = $1", firm.tenant_id)


async def refreshes(firm: Firm) -> list[UUID]:
    """The refreshes that wait."""
    return [row["id"] for row in await firm.fetch(
        "select id from job where tenant_id = $1 and kind = 'appraisal.refresh' and state = 'queued' order by id")]


async def test_an_import_is_taken_in_though_a_refresh_of_one_cycle_waits(make: Callable[..., Any]) -> None:
    firm = await make(declared(FITTERS, rewards=BY_PLACE))
    await firm.run()
    await on_import(firm)
    async with firm.database.unit_of_work(firm.tenant_id) as uow:
        _, asked = await ask_refresh(uow, ACTOR, PERIOD, enqueue=firm.jobs.enqueue)
    for visits in (7, 8):
        await firm.deliver("refresh_visit", {"V1": {"visits": visits}})
    assert len(await refreshes(firm)) == 2, "one of that cycle alone, and one of all"
    assert asked in await refreshes(firm)


async def test_what_is_imported_while_a_cycle_runs_is_taken_in_after_it(make: Callable[..., Any]) -> None:
    firm = await make(declared(FITTERS, rewards=BY_PLACE))
    await firm.run()
    await on_import(firm)
    async with firm.database.unit_of_work(firm.tenant_id) as uow:
        cycle = await open_cycle(uow, ACTOR, PERIOD)
        asked = await run_cycle(uow, ACTOR, cycle.id, None, enqueue=without_worker, now=firm.clock())
    told: list[Any] = []

    async def progress(_: float, __: float, note: str) -> None:
        if note == "reading":  # what counts is decided by now
            await firm.deliver("refresh_visit", {"V1": {"visits": 7}, "V2": {"fitter": "E01"}})
            (job,) = await refreshes(firm)
            told.append((await firm.ended(job)).result)

    await execute(firm.database, firm.clock, firm.tenant_id, asked.run_id, None, rewards=REWARDS,
                  progress=progress)
    assert told == [{}], "nobody refreshes a cycle that runs"
    (job,) = await refreshes(firm)
    assert ((await firm.ended(job)).result or {})[PERIOD]["refreshed"]
    assert await refreshes(firm) == []
    refreshed = await firm.standing()
    await firm.run()
    assert await firm.standing() == refreshed


async def without_worker(uow: Any, kind: str, payload: Mapping[str, Any]) -> UUID:
    """A job that no worker is told of."""
    job: UUID = await uow.conn.fetchval(
        "insert into job (tenant_id, kind, payload, state) values ($1, $2, $3, 'running') returning id", uow.tenant_id,
        kind, json.dumps(payload))
    return job


async def test_a_cycle_that_is_locked_meanwhile_does_not_keep_others_from_being_refreshed(
    make: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    firm = await make(declared(FITTERS, rewards=BY_PLACE))
    async with firm.database.unit_of_work(firm.tenant_id) as uow:
        june = await open_cycle(uow, ACTOR, "2026-06")
        asked = await run_cycle(uow, ACTOR, june.id, None, enqueue=firm.jobs.enqueue, now=firm.clock())
    await firm.ended(asked.job_id)
    await firm.run()
    async with firm.database.unit_of_work(firm.tenant_id) as uow:
        await lock_cycle(uow, ACTOR, "2026-06")
    await on_import(firm)
    await firm.deliver("refresh_visit", {"V1": {"visits": 7}})
    monkeypatch.setattr(asking, "may", lambda *_: True)  # as it was when the cycles were looked up
    (job,) = await refreshes(firm)
    done = (await firm.ended(job)).result or {}
    assert (done["2026-06"]["refreshed"], done["2026-06"]["why"]["code"]) == (False, "E-CYCLE-LOCKED")
    assert done[PERIOD]["refreshed"]


async def test_a_refresh_that_ends_half_way_leaves_nothing_behind(make: Callable[..., Any],
                                                                  monkeypatch: pytest.MonkeyPatch) -> None:
    firm = await make(declared(FITTERS, rewards=BY_PLACE))
    await firm.run()
    before = await firm.standing()
    await firm.deliver("refresh_visit", {"V1": {"visits": 7}, "V2": {"fitter": "E01"}})
    (cycle,) = await firm.fetch("select id from cycle where tenant_id = $1")

    async def killed(*_: Any, **__: Any) -> None:
        raise ConnectionResetError

    with monkeypatch.context() as patch:
        patch.setattr(service, "keep", killed)
        with pytest.raises(ConnectionResetError):
            await refresh(firm.database, firm.clock, firm.tenant_id, cycle["id"], rewards=amend_rewards, actor=ACTOR)
    assert await firm.standing() == before
    assert (await firm.refresh())["cards"]
    refreshed = await firm.standing()
    await firm.run()
    assert await firm.standing() == refreshed


async def test_who_asks_for_a_run_does_not_stand_in_the_way_of_a_refresh_that_stands_in_his(
    make: Callable[..., Any],
) -> None:
    firm = await make(declared(FITTERS, rewards=BY_PLACE))
    await firm.run()
    async with firm.database.unit_of_work(firm.tenant_id) as uow:
        cycle = await open_cycle(uow, ACTOR, PERIOD)
        waiting = asyncio.create_task(refresh(firm.database, firm.clock, firm.tenant_id, cycle.id,
                                              rewards=amend_rewards, actor=ACTOR))
        await kept_waiting(uow.conn, waiting)
        asked = await run_cycle(uow, ACTOR, cycle.id, None, enqueue=firm.jobs.enqueue, now=firm.clock())
    with pytest.raises(CycleStateRefused):
        await waiting
    await firm.ended(asked.job_id)


async def kept_waiting(conn: Any, task: asyncio.Task[Any]) -> None:
    """Until somebody waits for a lock; what ended instead tells how."""
    while not await conn.fetchval("select exists (select from pg_locks where not granted)"):
        if task.done():
            raise AssertionError(f"nothing was waited for: {task.result()}")
        await asyncio.sleep(0.01)


@pytest.mark.parametrize("another", [False, True])
@pytest.mark.parametrize("known", [False, True])
async def test_what_is_held_is_as_it_was_left_by_whoever_held_it_before(make: Callable[..., Any], known: bool,
                                                                        another: bool) -> None:
    firm = await make(declared(FITTERS, rewards=PLAIN))
    await firm.run()
    (cycle,) = await firm.fetch("select id, run_id from cycle where tenant_id = $1")
    if known:
        await firm.refresh()
    last = service.KEPT.last(cycle["id"])
    assert (last is not None) is known

    async def wait() -> tuple[Any, Any]:
        async with service.begun(firm.database, firm.tenant_id, cycle["id"], last) as uow:
            return (await service.held(uow, cycle["id"]) if last is None else opening.held_and_found(uow.first))[0]

    async with firm.database.unit_of_work(firm.tenant_id) as uow:
        await companies.lock(uow.conn, firm.tenant_id)
        waiting = asyncio.create_task(wait())
        await kept_waiting(uow.conn, waiting)
        run = cycle["run_id"]
        if another:  # which was not there when the waiting statement began
            run = await uow.conn.fetchval(
                "insert into run (tenant_id, id, cycle_id, number, job_id, state, as_of, known_at, engine) "
                "select tenant_id, uuidv7(), cycle_id, number + 1, job_id, 'complete', as_of, known_at, engine "
                "from run where tenant_id = $1 returning id", firm.tenant_id)  # fmt: skip
        await uow.conn.execute("update run set subjects = 77 where tenant_id = $1 and id = $2", firm.tenant_id, run)
        await uow.conn.execute("update cycle set run_id = $2, version = 99 where tenant_id = $1", firm.tenant_id, run)
    held, counts = await waiting
    assert (held.run_id, held.version, counts.id, counts.subjects) == (run, 99, run, 77)


@pytest.mark.parametrize("known", [False, True])
async def test_the_run_that_counts_is_held(make: Callable[..., Any], known: bool) -> None:
    firm = await make(declared(FITTERS, rewards=PLAIN))
    await firm.run()
    if known:
        await firm.refresh()
    (cycle,) = await firm.fetch("select id from cycle where tenant_id = $1")
    async with firm.database.unit_of_work(firm.tenant_id) as uow:
        await uow.conn.execute("select from run where tenant_id = $1 for update", firm.tenant_id)
        waiting = asyncio.create_task(refresh(firm.database, firm.clock, firm.tenant_id, cycle["id"],
                                              rewards=amend_rewards, actor=ACTOR))
        await kept_waiting(uow.conn, waiting)
    await waiting


async def test_a_refresh_needs_nothing_that_comes_with_the_next_migration(make: Callable[..., Any],
                                                                         urls: LocalUrls) -> None:
    """Whoever serves before the database is migrated does it as the version before."""
    firm = await make(declared(FITTERS, rewards=PLAIN))
    await firm.run()
    (cycle,) = await firm.fetch("select id from cycle where tenant_id = $1")
    owner = await asyncpg.connect(urls.migration_database_url)
    await owner.execute("alter procedure app.hold_cycle(uuid, uuid, text) rename to hold_cycle_later")
    try:
        async with await Database.open(urls.database_url) as database:
            for visits in (7, 1):
                await firm.deliver("refresh_visit", {"V1": {"visits": visits}})
                done = await refresh(database, firm.clock, firm.tenant_id, cycle["id"], rewards=amend_rewards,
                                     actor=ACTOR)
                assert done.cards == 1
    finally:
        await owner.execute("alter procedure app.hold_cycle_later(uuid, uuid, text) rename to hold_cycle")
        await owner.close()


async def test_who_has_a_card_of_two_schemes_has_both_amended(make: Callable[..., Any]) -> None:
    firm, both = await make(declared(FITTERS, DRIVERS, rewards=PLAIN)), PEOPLE[-2]
    await firm.run()
    (cycle,) = await firm.fetch("select id from cycle where tenant_id = $1")
    for number in range(2):  # with nothing known, and with what the first one knows
        rows = {f"B{number}-{day}": visit(random.Random(day)) | {
            "fitter": both, "opened_at": f"2026-05-{day:02}T00:00:00Z", "closed_at": f"2026-05-{day:02}T09:00:00Z",
        } for day in (3, 20)}
        await firm.deliver("refresh_visit", rows)
        done = await refresh(firm.database, firm.clock, firm.tenant_id, cycle["id"], rewards=amend_rewards, actor=ACTOR)
        assert done.cards == 2
    refreshed = await firm.standing()
    await firm.run()
    assert await firm.standing() == refreshed


async def test_both_are_amended_where_neither_score_moves(make: Callable[..., Any]) -> None:
    charged = Item(CHARGED, weight=100, target=80, rule=rules.ToTarget(full=100, cap=120))
    drivers = replace(DRIVERS, items=(charged,), grades=None)
    firm, both = await make(declared(NAMED, drivers, rewards=PLAIN)), PEOPLE[-2]
    rows = {f"B{day}": visit(random.Random(day)) | {
        "fitter": both, "opened_at": f"2026-05-{day:02}T00:00:00Z", "closed_at": f"2026-05-{day:02}T09:00:00Z",
        "charged": 900} for day in (3, 20)}  # over the cap
    await firm.deliver("refresh_visit", rows)
    await firm.run()
    await firm.refresh()
    (cycle,) = await firm.fetch("select id from cycle where tenant_id = $1")
    await firm.deliver("refresh_visit", {name: {"charged": 901} for name in rows})
    done = await refresh(firm.database, firm.clock, firm.tenant_id, cycle["id"], rewards=amend_rewards, actor=ACTOR)
    assert (done.cards, done.lines, done.places) == (2, 2, 0)
    refreshed = await firm.standing()
    await firm.run()
    assert await firm.standing() == refreshed


async def test_a_basis_that_no_longer_holds_is_not_looked_at_by(make: Callable[..., Any]) -> None:
    firm = await make(declared(FITTERS, rewards=PLAIN))
    await firm.run()
    await firm.refresh()
    (cycle,) = await firm.fetch("select id from cycle where tenant_id = $1")
    last = service.KEPT.last(cycle["id"])
    assert last is not None
    service.KEPT.put(cycle["id"], 0, replace(last.basis, people={}))  # as it was before there was any scheme
    await firm.deliver("refresh_visit", {"V1": {"visits": 7}})
    done = await refresh(firm.database, firm.clock, firm.tenant_id, cycle["id"], rewards=amend_rewards, actor=ACTOR)
    assert done.cards == 1


@pytest.mark.parametrize(("known", "row"), [(False, {"visits": 7}), (True, {"visits": 7}), (True, {"charged": 901})])
async def test_an_amendment_is_told_though_others_tell_of_something_meanwhile(make: Callable[..., Any], known: bool,
                                                                             row: dict[str, Any]) -> None:
    firm, tries = await make(declared(NAMED, rewards=PLAIN)), 0
    await firm.deliver("refresh_visit", {"V1": {"fitter": "E01", "charged": 900}})  # over the cap
    await firm.run()
    if known:  # then it is tried without waiting for others
        await firm.refresh()
    await firm.deliver("refresh_visit", {"V1": row})
    (cycle,) = await firm.fetch("select id from cycle where tenant_id = $1")

    async def meanwhile(at: Any, snapshot: Any, appraisal: Any, ids: Any) -> Any:
        nonlocal tries
        tries += 1
        async with firm.database.unit_of_work(firm.tenant_id) as uow:
            await append(uow.conn, firm.tenant_id, actor=ACTOR, action="key.create", subject=f"key:{tries}")
        return await amend_rewards(at, snapshot, appraisal, ids)

    await refresh(firm.database, firm.clock, firm.tenant_id, cycle["id"], rewards=meanwhile, actor=ACTOR)
    assert tries == 1 + known
    told = await firm.fetch("select action from audit_entry where tenant_id = $1 order by seq desc limit $2", 1 + tries)
    assert [row["action"] for row in told] == ["run.refresh", *["key.create"] * tries]
    (kept,) = await firm.fetch("select count(*) from run_refresh where tenant_id = $1")
    assert kept["count"] == 1
    async with firm.database.scoped_read(firm.tenant_id, snapshot=True) as conn:
        assert await verify(conn, firm.tenant_id) is None
    refreshed = await firm.standing()
    await firm.run()
    assert await firm.standing() == refreshed


async def test_a_cycle_that_runs_is_refused_at_once_though_its_row_is_held(make: Callable[..., Any]) -> None:
    firm = await make(declared(FITTERS, rewards=PLAIN))
    await firm.run()
    await firm.refresh()  # so that what it needs is known beforehand
    async with firm.database.unit_of_work(firm.tenant_id) as uow:
        cycle = await open_cycle(uow, ACTOR, PERIOD)
        asked = await run_cycle(uow, ACTOR, cycle.id, None, enqueue=firm.jobs.enqueue, now=firm.clock())
    async with firm.database.unit_of_work(firm.tenant_id) as uow:  # as the run does, for as long as it computes
        await uow.conn.execute("select from cycle where tenant_id = $1 for update", firm.tenant_id)
        async with asyncio.timeout(20):
            with pytest.raises(CycleStateRefused):
                await refresh(firm.database, firm.clock, firm.tenant_id, cycle.id, rewards=amend_rewards, actor=ACTOR)
    await firm.ended(asked.job_id)


async def test_a_refresh_needs_no_connection_that_keeps_statements(make: Callable[..., Any], urls: LocalUrls) -> None:
    """Behind a pooler that keeps none everything is said in statements of its own."""
    firm = await make(declared(FITTERS, rewards=BY_PLACE))
    await firm.run()
    (cycle,) = await firm.fetch("select id from cycle where tenant_id = $1")
    async with await Database.open(urls.database_url, cached_statements=0) as plain_one:
        for visits in (7, 1):  # with nothing known, and with what the first one knows
            await firm.deliver("refresh_visit", {"V1": {"visits": visits}})
            done = await refresh(plain_one, firm.clock, firm.tenant_id, cycle["id"], rewards=amend_rewards, actor=ACTOR)
            assert done.cards == 1
    refreshed = await firm.standing()
    await firm.run()
    assert await firm.standing() == refreshed


async def test_imports_refreshes_and_runs_at_once_end_where_a_full_run_does(make: Callable[..., Any]) -> None:
    firm, dice = await make(declared(FITTERS, DRIVERS, rewards=BY_PLACE)), random.Random(6)
    await firm.run()
    await on_import(firm)

    async def correct(number: int) -> None:
        for step in range(3):
            await corrected(firm, dice, number * 10 + step, cases=True)

    async def again() -> None:
        with suppress(CycleStateRefused):
            async with firm.database.unit_of_work(firm.tenant_id) as uow:
                cycle = await open_cycle(uow, ACTOR, PERIOD)
                await run_cycle(uow, ACTOR, cycle.id, None, enqueue=firm.jobs.enqueue, now=firm.clock())

    async def ask() -> None:
        with suppress(CycleStateRefused):
            async with firm.database.unit_of_work(firm.tenant_id) as uow:
                await ask_refresh(uow, ACTOR, PERIOD, enqueue=firm.jobs.enqueue)

    async with firm.jobs.working():
        for number in range(3):
            await asyncio.gather(correct(number), ask(), again(), correct(number + 5), ask())
        for job in await firm.fetch("select id from job where tenant_id = $1"):
            await firm.jobs.wait(firm.tenant_id, job["id"], 120)
        while left := await refreshes(firm):
            await firm.jobs.wait(firm.tenant_id, left[0], 120)
    failed = await firm.fetch("select kind, error from job where tenant_id = $1 and state = 'failed'")
    # A cycle may begin to run between being asked to be refreshed and being refreshed: the run takes in as much.
    assert {json.loads(row["error"])[0]["code"] for row in failed} <= {"E-CYCLE-STATE"}
    assert all(row["kind"] == "appraisal.refresh" for row in failed)
    refreshed = await firm.standing()
    await firm.run()
    assert await firm.standing() == refreshed


async def test_a_record_is_taken_in_though_the_clock_that_tells_its_time_is_behind(make: Callable[..., Any]) -> None:
    firm = await make(declared(FITTERS, rewards=BY_PLACE))
    await firm.run()
    ahead, firm.now = firm.now, firm.now - timedelta(minutes=5)  # another server takes the records, and the code
    await firm.deliver("refresh_visit", {"V1": {"visits": 7}})
    await firm.map_code(PEOPLE[3], PEOPLE[4])
    assert (await firm.refresh())["touched"]
    refreshed = await firm.standing()
    await firm.deliver("refresh_visit", {"V2": {"visits": 7}})
    firm.now = ahead - timedelta(minutes=10)  # and one that is further behind computes
    await firm.run()
    computed = await firm.standing()
    firm.now = ahead + timedelta(minutes=5)
    await firm.run()
    assert await firm.standing() == computed != refreshed


async def test_a_refresh_asks_so_many_statements_however_many_people_there_are(
    make: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    firm = await make(declared(FITTERS, rewards=PLAIN))
    await firm.run()
    (cycle,) = await firm.fetch("select id from cycle where tenant_id = $1")
    counted: list[tuple[bool, int]] = []
    for number, names in enumerate((("V1",), ("V2",), tuple(f"V{place}" for place in range(3, 40)))):
        await firm.deliver("refresh_visit", {name: {"closed_at": None} for name in names})
        asked: list[str] = []
        with monkeypatch.context() as patch:
            for way in ("execute", "fetch", "fetchrow", "fetchval", "copy_to_table", "copy_records_to_table"):
                patch.setattr(asyncpg.Connection, way, counting(getattr(asyncpg.Connection, way), asked))
            done = await refresh(firm.database, firm.clock, firm.tenant_id, cycle["id"], rewards=amend_rewards,
                                 actor=ACTOR)
        if number:  # the first one reads people and definitions
            counted.append((bool(done.rewards), len(asked)))
    assert counted == [(False, STATEMENTS), (True, STATEMENTS + 1)]  # rewards are written where they are others


def counting(way: Callable[..., Any], asked: list[str]) -> Callable[..., Any]:
    """The same, counted."""

    async def counted(conn: Any, *args: Any, **options: Any) -> Any:
        asked.append(f"{way.__name__} {args[0]}")
        return await way(conn, *args, **options)

    return counted
