"""Requests of single records that come at the same time: taken together, and answered as if each had come alone."""

import asyncio
import json
import random
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import asyncpg
import httpx2
import pytest

from meritline.access import create_key
from meritline.appraisal.cycles import open_cycle
from meritline.appraisal.service import run_cycle
from meritline.appraisal.store import know
from meritline.bootstrap import Platform, open_platform
from meritline.db import Database
from meritline.http.app import create_app
from meritline.jobs.outbox import enqueue
from meritline.local import LocalUrls
from meritline.records import gathering, together
from meritline.records.repeating import Request
from meritline.records.summary import ImportSummary
from meritline.records.together import Together
from meritline.settings import Settings
from meritline.tenancy import store as companies
from meritline.tenancy.service import map_external_codes, onboard_tenant, save_source, upsert_employees
from meritline.tenancy.values import Employee, ExternalCode, Profile, Source

CRM = {
    "record": "survey_response", "external_id": "id", "time_zone": "Asia/Shanghai", "external_codes": "crm",
    "fields": {"kind": {"constant": "transactional"}, "agent": "who", "responded_at": "at", "overall": "score",
               "scale_max": {"constant": 5}, "valid": "valid"},
}  # fmt: skip
ROW = {"kind": "transactional", "agent": "x1", "responded_at": "2026-05-03T09:30:00+08:00", "overall": 4.5,
       "scale_max": 5, "valid": True}  # fmt: skip


class Company:
    """A tenant and a client of its own server."""

    def __init__(self, platform: Platform, client: httpx2.AsyncClient, tenant_id: Any, key: str) -> None:
        self.platform, self.client, self.tenant_id, self.key = platform, client, tenant_id, key

    async def post(self, body: str, **headers: str) -> tuple[int, Any]:
        """Status and answer of a request, without what is made anew each time."""
        sent = {"authorization": f"Bearer {self.key}"} | {name.replace("_", "-"): one for name, one in headers.items()}
        answer = await self.client.post("/v1/records/survey_response", content=body.encode(), headers=sent)
        return answer.status_code, answer.json()

    async def rows(self, sql: str) -> list[dict[str, Any]]:
        """What the database has."""
        async with self.platform.database.scoped_read(self.tenant_id) as conn:
            return [dict(row) for row in await conn.fetch(sql)]


@pytest.fixture(scope="module")
async def platform(migrated_database: LocalUrls) -> Any:
    settings = Settings(database_url=migrated_database.database_url, redis_url=migrated_database.redis_url)
    async with open_platform(settings, queue_name=f"test-{uuid4()}") as made:
        yield made


async def company(platform: Platform, client: httpx2.AsyncClient) -> Company:
    """An onboarded company with a source and a key."""
    profile = Profile("Firm", "Asia/Shanghai", "CNY", ("zh",), "CN")
    opened = await onboard_tenant(platform.database, key=f"t{uuid4().hex}", profile=profile, actor="test")
    async with platform.database.unit_of_work(opened.tenant_id) as uow:
        await upsert_employees(uow, "test", [Employee("E1", "Li"), Employee("E2", "Wang")])
        await map_external_codes(uow, "test", [ExternalCode("crm", "x1", employee="E1"),
                                               ExternalCode("crm", "x2", employee="E2")])  # fmt: skip
        await save_source(uow, "test", Source("crm", "survey_response", CRM))
        _, key = await create_key(uow.conn, opened.tenant_id, role="integrator", label="k", actor="test")
    return Company(platform, client, opened.tenant_id, key)


@pytest.fixture
async def client(platform: Platform) -> Any:
    transport = httpx2.ASGITransport(create_app(platform), raise_app_exceptions=False)
    async with httpx2.AsyncClient(transport=transport, base_url="http://meritline.test") as made:
        yield made


def bodies(count: int) -> list[str]:
    """Requests of one to three rows, good and bad, each of records of its own."""
    dice = random.Random(3)
    odd: list[dict[str, Any]] = [
        {}, {"agent": "x2"}, {"agent": "x9"}, {"agent": None}, {"overall": "NaN"}, {"overall": "3.25"}, {"agnet": "x"},
        {"responded_at": "2026-05-31T23:59:59Z"}, {"responded_at": "yesterday"}, {"valid": None}, {"kind": "good"},
    ]  # fmt: skip
    rows = [[ROW | dice.choice(odd) | {"external_id": f"S{number}-{place}"} for place in range(dice.choice((1, 1, 3)))]
            for number in range(count)]  # fmt: skip
    return ["\n".join(map(json.dumps, some)) + dice.choice(("", "\n", "\nnonsense")) for some in rows]


MARKS = "select e.number, t.month, t.days from touched t left join employee e on e.id = t.subject_id order by 1, 2"
RECORDS = "select * from record_survey_response order by external_id"
REJECTS = "select line, external_id, raw, reasons from import_reject order by external_id, raw, line"
IMPORTS = ("select lines, accepted, updated, unchanged, rejected, unresolved, state, count(*) from import_batch "
           "group by 1, 2, 3, 4, 5, 6, 7 order by 1, 2, 3, 4, 5, 6, 7")  # fmt: skip


COUNTED = "select count(*), sum(accepted) as accepted, sum(updated) as updated, sum(unresolved) from import_batch"
MARKED_LATER = """
select (select max(touched_at) from touched where subject_id = r.agent) >= max(recorded_at) as at_least
from record_survey_response r where agent is not null group by agent
"""
OWN = {"tenant_id", "import_id", "recorded_at", "superseded_at", "agent"}


async def test_together_is_as_alone(platform: Platform, client: httpx2.AsyncClient) -> None:
    first, second = await company(platform, client), await company(platform, client)
    sent = bodies(60)
    again = [body.replace("4.5", "2") if number % 3 else body for number, body in enumerate(sent)]
    for some in (sent, again):
        alone = [await first.post(body, content_type="application/x-ndjson") for body in some]
        together = await asyncio.gather(*(second.post(body) for body in some))
        for (status, one), (other_status, other) in zip(alone, together, strict=True):
            assert other.pop("import") != one.pop("import")
            assert (status, one) == (other_status, other)
    for sql in (MARKS, REJECTS, IMPORTS):
        assert await second.rows(sql) == await first.rows(sql), sql
    mine, theirs = [[{name: one for name, one in row.items() if name not in OWN} for row in await each.rows(RECORDS)]
                    for each in (first, second)]  # fmt: skip
    assert theirs == mine
    assert [row["import_id"] is not None for row in await second.rows(RECORDS)]


async def test_few_rows_land_by_one_statement_as_many_do_by_more(
    platform: Platform, client: httpx2.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The marks of few are told by the database, those of many by us. People and days change from time to time."""
    dice, firms, landed = random.Random(5), [await company(platform, client) for _ in range(2)], list[int]()
    days = [f"2026-0{month}-{day:02}T{hour:02}:30:00Z" for month in (5, 6) for day in (1, 30) for hour in (1, 15, 16)]
    sent = ["\n".join(json.dumps(ROW | {"external_id": f"S{one}", "agent": dice.choice(("x1", "x2", "x9", None)),
                                        "responded_at": dice.choice(days), "overall": dice.randint(1, 3)})
                      for one in dice.sample(range(12), dice.randint(1, 4))) for _ in range(40)]  # fmt: skip
    land = Together.landed

    async def landing(self: Together, *arguments: Any) -> Any:
        landed.append(1)
        return await land(self, *arguments)

    monkeypatch.setattr(Together, "landed", landing)
    answers = list[list[Any]]()
    for firm, few in zip(firms, (20, 0), strict=True):
        monkeypatch.setattr(together, "FEW", few)
        answers.append([await firm.post(body) for body in sent])
    for (status, one), (other_status, other) in zip(*answers, strict=True):
        assert one.pop("import") != other.pop("import")
        assert (status, one) == (other_status, other)
    assert len(landed) == len(sent)
    history = RECORDS.replace("response", "response_history") + ", version"
    for sql in (MARKS, IMPORTS, COUNTED, RECORDS, history):
        one, other = [[{name: each for name, each in row.items() if name not in OWN} for row in await firm.rows(sql)]
                      for firm in firms]  # fmt: skip
        assert one == other, sql
        assert one
    for firm in firms:
        assert all(row["at_least"] for row in await firm.rows(MARKED_LATER))


async def test_what_comes_after_a_run_is_recorded_after_it_whatever_the_clock_says(
        platform: Platform, client: httpx2.AsyncClient) -> None:
    firm, now = await company(platform, client), datetime.now(UTC)
    known_at = now + timedelta(minutes=5)  # by the clock of the server that computed
    async with platform.database.unit_of_work(firm.tenant_id) as uow:
        cycle = await open_cycle(uow, "test", "2026-05")
        run = await run_cycle(uow, "test", cycle.id, enqueue=enqueue, now=now)
        await know(uow.conn, firm.tenant_id, run.run_id, known_at)
    assert (await firm.post(json.dumps(ROW | {"external_id": "S1"})))[1]["accepted"] == 1
    (row,) = await firm.rows("select recorded_at, (select min(touched_at) from touched) as touched_at "
                             "from record_survey_response")
    assert row["recorded_at"] > known_at
    assert row["touched_at"] > known_at


async def test_one_commit_serves_many(platform: Platform, client: httpx2.AsyncClient,
                                      monkeypatch: pytest.MonkeyPatch) -> None:  # fmt: skip
    firm, taken = await company(platform, client), list[int]()
    take = Together.take

    async def counted(self: Together, parts: Any) -> Any:
        taken.append(len(parts))
        return await take(self, parts)

    monkeypatch.setattr(Together, "take", counted)
    monkeypatch.setattr(gathering, "WINDOW_S", 0.2)
    some = [json.dumps(ROW | {"external_id": f"S{number}"}) for number in range(40)]
    answers = await asyncio.gather(*(firm.post(body) for body in some))
    assert [answer["accepted"] for _, answer in answers] == [1] * 40
    assert len(taken) < 5
    assert len({answer["import"] for _, answer in answers}) == 40


async def test_the_same_record_at_once_keeps_every_version(platform: Platform, client: httpx2.AsyncClient) -> None:
    firm = await company(platform, client)
    some = [json.dumps(ROW | {"external_id": "S1", "overall": number}) for number in range(1, 6)]
    answers = await asyncio.gather(*(firm.post(body) for body in some))
    assert sorted(answer["accepted"] + 2 * answer["updated"] for _, answer in answers) == [1, 2, 2, 2, 2]
    assert [row["version"] for row in await firm.rows(RECORDS)] == [5]
    assert len(await firm.rows("select 1 from record_survey_response_history")) == 4


async def test_companies_whose_sources_are_alike_share_no_more(platform: Platform, client: httpx2.AsyncClient) -> None:
    """What reads their rows is the same, and is handed from one to the other while each waits for its database."""
    first, second = await company(platform, client), await company(platform, client)
    async with platform.database.unit_of_work(second.tenant_id) as uow:
        await map_external_codes(uow, "test", [ExternalCode("crm", "x3", employee="E1")])
    for number in range(15):
        rows = [json.dumps(ROW | {"agent": agent, "external_id": f"S{number}-{agent}"}) for agent in ("x1", "x3")]
        found = await asyncio.gather(*(each.post("\n".join(rows)) for each in (first, second)))
        assert [answer["unresolved"] for _, answer in found] == [1, 0]
        assert [[row["verdict"] for row in answer["rows"]] for _, answer in found] == [
            ["accepted", "unresolved"], ["accepted", "accepted"]]  # fmt: skip
    named = ("select e.number, r.agent_code, count(*) from record_survey_response r "
             "left join employee e on e.id = r.agent group by 1, 2 order by 2")  # fmt: skip
    expected = [({"number": "E1", "agent_code": "x1", "count": 15}, {"number": one, "agent_code": "x3", "count": 15})
                for one in (None, "E1")]  # fmt: skip
    for each, rows in zip((first, second), expected, strict=True):
        assert tuple(await each.rows(named)) == rows


async def test_a_key_counts_once_among_many_and_a_bad_one_fails_alone(
    platform: Platform, client: httpx2.AsyncClient
) -> None:
    firm = await company(platform, client)
    row = json.dumps(ROW | {"external_id": "S1"})
    other = json.dumps(ROW | {"external_id": "S2"})
    found = await asyncio.gather(
        *(firm.post(row, idempotency_key="k1") for _ in range(5)), firm.post(other, idempotency_key="k1"),
        firm.post(other, idempotency_key="x" * 201), firm.post(other),
    )  # fmt: skip
    assert [status for status, _ in found] == [200] * 5 + [409, 400, 200]
    assert len({answer["import"] for _, answer in found[:5]}) == 1
    assert (await firm.post(row, idempotency_key="k1"))[1] == found[0][1]
    assert [each["external_id"] for each in await firm.rows(RECORDS)] == ["S1", "S2"]


@pytest.mark.parametrize(("known", "statement"), [(False, "HOLD"), (True, "HELD_LOOKED_UP")])
async def test_what_the_database_refuses_is_taken_one_by_one(
    platform: Platform, client: httpx2.AsyncClient, monkeypatch: pytest.MonkeyPatch, known: bool, statement: str
) -> None:
    firm = await company(platform, client)
    if known:
        await firm.post(json.dumps(ROW | {"external_id": "S"}))
    some = [json.dumps(ROW | {"external_id": f"S{number}"}) for number in range(3)]
    broken = ", ".join(["select 1 / 0 as time_zone", "$1::uuid", "$2::int", "$3::text[]",
                        *(f"${place}::text[]" for place in (4, 5, 6) if known)])  # fmt: skip
    asked = list[str]()
    monkeypatch.setattr(f"meritline.records.together.{statement}", broken)
    monkeypatch.setattr(asyncpg.Connection, "fetchrow", counting(asyncpg.Connection.fetchrow, asked))
    answers = await asyncio.gather(*(firm.post(body) for body in some))
    assert [answer["accepted"] for _, answer in answers] == [1, 1, 1]
    assert f"fetchrow {broken}" in asked


async def test_a_record_is_read_by_what_holds_when_the_company_is_held(
    platform: Platform, client: httpx2.AsyncClient
) -> None:
    """The rows are read beforehand, by what held for the request before this one."""
    firm = await company(platform, client)
    for number, changed in enumerate((False, True, False)):
        async with platform.database.unit_of_work(firm.tenant_id) as uow:
            await companies.lock(uow.conn, firm.tenant_id)
            waiting = asyncio.create_task(firm.post(json.dumps(ROW | {"external_id": f"S{number}"})))
            if changed:
                await until_somebody_waits(uow.conn, waiting)
                await upsert_employees(uow, "test", [Employee("E3", "Zhao")])
                await map_external_codes(uow, "test", [ExternalCode("desk", "x1", employee="E3")])
                await save_source(uow, "test", Source("crm", "survey_response", CRM | {"external_codes": "desk"}))
        status, answer = await waiting
        assert (status, answer["accepted"]) == (200, 1), answer
    found = await firm.rows("select external_id, number from record_survey_response r "
                            "left join employee e on e.id = r.agent order by 1")  # fmt: skip
    assert [(each["external_id"], each["number"]) for each in found] == [("S0", "E1"), ("S1", "E3"), ("S2", "E3")]


async def test_whom_nobody_can_be_named_by_is_told_of_at_his_place_among_what_else_is_wrong(
    platform: Platform, client: httpx2.AsyncClient
) -> None:
    """People are read before everything else of a row, once it is known how."""
    firm, told = await company(platform, client), list[Any]()
    wrong = ROW | {"kind": "good", "agent": "x" * 201, "overall": "NaN"}
    for number in range(2):
        _, answer = await firm.post(json.dumps(wrong | {"external_id": f"S{number}"}))
        told.append(answer["rows"][0]["reasons"])
    assert told[0] == told[1]
    assert [each["code"] for each in told[0]] == ["E-ROW-CHOICE", "E-ROW-LONG", "E-ROW-NUMBER"]


async def until_somebody_waits(conn: Any, task: asyncio.Task[Any]) -> None:
    """For a lock; whoever ended instead tells how."""
    while not await conn.fetchval("select exists (select from pg_locks where not granted)"):
        if task.done():
            raise AssertionError(f"nothing was waited for: {task.result()}")
        await asyncio.sleep(0.01)


async def test_a_single_record_takes_two_statements(
    platform: Platform, client: httpx2.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    firm, asked = await company(platform, client), list[str]()
    for way in ("execute", "fetch", "fetchrow", "fetchval"):
        monkeypatch.setattr(asyncpg.Connection, way, counting(getattr(asyncpg.Connection, way), asked))
    gatherer = gathering.Gatherer(platform.database, platform.catalogue.records, lambda: datetime.now(UTC))
    door = gathering.Door(firm.tenant_id, "survey_response", None)
    for expected in (3, 2, 2):  # the first one finds by what it is read
        asked.clear()
        body = json.dumps(ROW | {"external_id": str(uuid4())}).encode()
        done = await gatherer.take(door, body, lambda _: None, alone)
        assert done is not None
        assert done.accepted == 1
        assert len([each for each in asked if not each.startswith("execute")]) == expected, asked


async def test_what_was_answered_meanwhile_under_a_key_is_not_written_again(
    platform: Platform, client: httpx2.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    firm, merge, sent = await company(platform, client), Together.merge, list[Request]()
    body = json.dumps(ROW | {"external_id": "S1"})

    async def merged(self: Together, conn: Any, *arguments: Any) -> Any:
        """Another server was faster, with the same request."""
        async with platform.database.unit_of_work(firm.tenant_id) as uow:
            await sent[0].keep(uow.conn, firm.tenant_id, told)
        return await merge(self, conn, *arguments)

    told = ImportSummary(import_id=uuid4(), source="crm", record_type="survey_response", lines=77, accepted=77)
    await firm.post(json.dumps(ROW | {"external_id": "S0"}))
    monkeypatch.setattr(Together, "asked", kept(Together.asked, sent))
    monkeypatch.setattr(Together, "merge", merged)
    assert (await firm.post(body, idempotency_key="k1"))[1]["accepted"] == 77
    assert [each["external_id"] for each in await firm.rows(RECORDS)] == ["S0"]


def kept(asked: Any, sent: list[Request]) -> Any:
    """The same, with the requests that it was asked for."""

    def found(self: Together, parts: Any, read: Any) -> Any:
        sent.extend(part.request for part in parts)
        return asked(self, parts, read)

    return found


@pytest.mark.parametrize("begins", [False, True])
async def test_what_a_record_wants_done_is_a_job_that_waits(
    platform: Platform, client: httpx2.AsyncClient, monkeypatch: pytest.MonkeyPatch, begins: bool
) -> None:
    firm, landed = await company(platform, client), Together.landed
    jobs = "select id from job where kind = 'appraisal.refresh' and state = 'queued'"
    async with platform.database.unit_of_work(firm.tenant_id) as uow:
        await uow.conn.execute("update tenant_profile set refresh = 'on_import' where tenant_id = $1", firm.tenant_id)
    found = list[list[Any]]()

    async def begun() -> None:
        async with platform.database.unit_of_work(firm.tenant_id) as uow:
            await uow.conn.execute("update job set state = 'running' where tenant_id = $1", firm.tenant_id)

    async def landing(self: Together, *arguments: Any) -> Any:
        if begins and len(found) == 1:
            await begun()
        return await landed(self, *arguments)

    async def lost(_: Together) -> None:
        raise ConnectionResetError

    monkeypatch.setattr(Together, "landed", landing)
    if not begins:  # what comes after the commit may be lost with the process
        monkeypatch.setattr(Together, "have_jobs", lost)
    for number in range(2):
        assert (await firm.post(json.dumps(ROW | {"external_id": f"S{number}"})))[1]["accepted"] == 1
        found.append(await firm.rows(jobs))
    (first,), (second,) = found
    assert (first == second) is not begins
    await begun()
    assert (await firm.post(json.dumps(ROW | {"external_id": "S1"})))[1]["unchanged"] == 1
    assert await firm.rows(jobs) == []


async def test_single_records_need_no_connection_that_keeps_statements(
    platform: Platform, client: httpx2.AsyncClient, migrated_database: LocalUrls
) -> None:
    firm = await company(platform, client)
    door = gathering.Door(firm.tenant_id, "survey_response", None)
    async with await Database.open(migrated_database.database_url, cached_statements=0) as plain_one:
        gatherer = gathering.Gatherer(plain_one, platform.catalogue.records, lambda: datetime.now(UTC))
        for number in range(2):
            body = json.dumps(ROW | {"external_id": f"S{number}"}).encode()
            done = await gatherer.take(door, body, lambda _: None, alone)
            assert done is not None
            assert done.accepted == 1
    assert len(await firm.rows(RECORDS)) == 2


async def alone(*_: object) -> Any:
    """Nobody goes by himself here."""
    raise AssertionError


def counting(way: Any, asked: list[str]) -> Any:
    """The same, counted."""

    async def counted(conn: Any, *args: Any, **options: Any) -> Any:
        asked.append(f"{way.__name__} {args[0]}")
        return await way(conn, *args, **options)

    return counted
