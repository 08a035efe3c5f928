"""A deputy who wants to see the head's pay, and requests that no client should send, against a real database."""

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

import httpx2
import pytest

from meritline.access import create_key
from meritline.appraisal.ratings.store import team_of
from meritline.bootstrap import Platform, open_platform
from meritline.http.app import create_app
from meritline.local import LocalUrls
from meritline.settings import Settings
from meritline.tenancy.service import onboard_tenant, upsert_departments, upsert_employees
from meritline.tenancy.values import Department, Employee, Profile, Span

type Post = Callable[..., Awaitable[httpx2.Response]]
HEAD, DEPUTY, WORKER, BOSS = "E1", "E2", "E3", "E9"


@dataclass
class Company:
    id: UUID
    keys: dict[str, str] = field(default_factory=dict)
    people: dict[str, UUID] = field(default_factory=dict)


@pytest.fixture(scope="module")
async def platform(migrated_database: LocalUrls) -> AsyncIterator[Platform]:
    settings = Settings(database_url=migrated_database.database_url, redis_url=migrated_database.redis_url)
    async with open_platform(settings, queue_name=f"test-{uuid4()}") as made:
        yield made


@pytest.fixture(scope="module")
async def company(platform: Platform) -> Company:
    """The boss leads the head, the head the deputy, the deputy the worker; the last three sit in one department."""
    profile = Profile("Attacked", "Asia/Shanghai", "CNY", ("zh", "en"), "CN")
    opened = await onboard_tenant(platform.database, key="attacked", profile=profile, actor="test")
    made = Company(opened.tenant_id, {"admin": opened.admin_key})
    since = date(2024, 1, 1)
    async with platform.database.unit_of_work(made.id) as uow:
        await upsert_departments(uow, "test", [Department("A", "甲部")])
        await upsert_employees(uow, "test", [
            Employee(number, number, Decimal("1234.50"), (Span(since, None, "A", "engineer", manager=above),))
            for number, above in ((BOSS, None), (HEAD, BOSS), (DEPUTY, HEAD), (WORKER, DEPUTY))
        ])  # fmt: skip
        rows = await uow.conn.fetch("select number, id from employee where tenant_id = $1", made.id)
        made.people = {row["number"]: row["id"] for row in rows}
        for name, number in (("head", HEAD), ("deputy", DEPUTY)):
            made.keys[name] = (await create_key(uow.conn, made.id, role="manager", employee_id=made.people[number]))[1]
        await cards(uow.conn, made)
    return made


async def cards(conn: Any, made: Company) -> None:
    """A computed cycle with a card and a reward for everybody, written as a run would."""
    t, digest = made.id, "0" * 64
    await conn.execute(
        "insert into definition (tenant_id, hash, kind, body) values ($1, $2, 'scheme', '{}')", t, digest)
    scheme = await conn.fetchval(
        "insert into scheme (tenant_id, key, title_en, title_zh, subject_kind, period_kind) "
        "values ($1, 's', 'S', 'S', 'employee', 'month') returning id", t)  # fmt: skip
    version = await conn.fetchval(
        "insert into scheme_version (tenant_id, scheme_id, version, valid_from, definition_hash, created_by) "
        "values ($1, $2, 1, '2026-01-01', $3, 'test') returning id", t, scheme, digest)  # fmt: skip
    job = await conn.fetchval("insert into job (tenant_id, kind, state) values ($1, 'test', 'done') returning id", t)
    cycle = await conn.fetchval(
        "insert into cycle (tenant_id, period, period_kind, starts_at, ends_at) "
        "values ($1, '2026-05', 'month', '2026-04-30T16:00Z', '2026-05-31T16:00Z') returning id", t)  # fmt: skip
    run = await conn.fetchval(
        "insert into run (tenant_id, cycle_id, number, job_id, state, as_of, known_at, engine) "
        "values ($1, $2, 1, $3, 'complete', now(), now(), 'test') returning id", t, cycle, job)  # fmt: skip
    await conn.execute(
        "update cycle set state = 'computed', run_id = $3 where tenant_id = $1 and id = $2", t, cycle, run)
    department = await conn.fetchval("select id from department where tenant_id = $1", t)
    for number, one in made.people.items():
        card = await conn.fetchval(
            "insert into scorecard (tenant_id, run_id, cycle_id, period, scheme_key, scheme_version_id, subject_kind, "
            "subject_id, subject_code, subject_name, department_id, department_code, score, exact_score, ranked, "
            "state, digest) values ($1, $2, $3, '2026-05', 's', $4, 'employee', $5, $6, $6, $7, 'A', 90, '90', false, "
            "'complete', $8) returning id", t, run, cycle, version, one, number, department, digest)  # fmt: skip
        await conn.execute(
            "insert into reward_line (tenant_id, cycle_id, run_id, scorecard_id, scheme_key, subject_kind, "
            "subject_id, subject_code, rule_key, kind, title_en, title_zh, amount, currency, steps, digest) "
            "values ($1, $2, $3, $4, "
            "'s', 'employee', $5, $6, 'bonus', 'by_grade', 'B', 'B', 1200, 'CNY', '[]', $7)",
            t, cycle, run, card, one, number, digest)  # fmt: skip


@pytest.fixture(scope="module")
async def post(platform: Platform, company: Company) -> AsyncIterator[Post]:
    transport = httpx2.ASGITransport(create_app(platform), raise_app_exceptions=False)
    async with httpx2.AsyncClient(transport=transport, base_url="http://meritline.test") as client:

        async def send(content: str, who: str = "admin", path: str = "/graphql", kind: str = "json") -> httpx2.Response:
            headers = {"authorization": f"Bearer {company.keys[who]}", "content-type": f"application/{kind}"}
            return await client.post(path, content=content, headers=headers)

        yield send


def asked(query: str) -> str:
    return '{"query": "' + query.replace('"', '\\"') + '"}'


@pytest.mark.parametrize(("who", "team"), [("head", {HEAD, DEPUTY, WORKER}), ("deputy", {DEPUTY, WORKER})])
async def test_nobody_leads_those_whom_they_report_to(post: Post, who: str, team: set[str]) -> None:
    query = "{ employees { nodes { number } } scorecards { nodes { subject { code } rewards { id } } } }"
    found = (await post(asked(query), who)).json()["data"]
    assert {each["number"] for each in found["employees"]["nodes"]} == team
    assert {each["subject"]["code"] for each in found["scorecards"]["nodes"]} == team
    assert all(each["rewards"] for each in found["scorecards"]["nodes"])


async def test_nobody_rates_those_whom_they_report_to(platform: Platform, company: Company) -> None:
    today = datetime.now(UTC).date()
    async with platform.database.scoped_read(company.id) as conn:
        team = await team_of(conn, company.id, company.people[DEPUTY], today)
    assert {number for number, one in company.people.items() if ("employee", one) in team} == {WORKER}


async def test_a_viewer_knows_their_company(post: Post) -> None:
    found = (await post(asked("{ viewer { tenant { key } } tenant { key } }"))).json()
    assert found == {"data": {"viewer": {"tenant": {"key": "attacked"}}, "tenant": {"key": "attacked"}}}


@pytest.mark.parametrize("place", ["query", "variables"])
async def test_an_absurd_number_is_bad_input_and_not_our_failure(post: Post, place: str) -> None:
    absurd = "1e" + "9" * 25
    bodies = {
        "query": asked("mutation { saveScheme(input: {document: {a: " + absurd + "}}) { errors { code } } }"),
        "variables": '{"query": "query ($i: ID!) { node(id: $i) { id } }", "variables": {"i": ' + absurd + "}}",
    }
    answer = await post(bodies[place])
    assert answer.status_code < 500
    assert answer.json()["errors"][0]["extensions"]["code"] == "BAD_USER_INPUT"


async def test_an_empty_condition_meets_nothing(post: Post) -> None:
    """An integration that looks up an empty list must not get every record of the company."""
    row = '{"external_id": "D1", "employee": "E3", "occurred_at": "2026-05-05T08:00:00Z", "kind": "other_rule", '
    landed = await post(row + '"verified": true}', path="/v1/records/discipline_event", kind="x-ndjson")
    assert landed.json()["accepted"] == 1
    expected = {"": 1, "source: null": 1, "externalIds: []": 0, 'source: ""': 0, 'employee: ""': 0}
    for condition, count in expected.items():
        query = f'{{ serviceRecords(recordType: "discipline_event", filter: {{{condition}}}) {{ totalCount }} }}'
        assert (await post(asked(query))).json()["data"]["serviceRecords"] == {"totalCount": count}, condition
