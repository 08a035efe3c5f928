"""A server with two companies on a real database, and clients with keys of every role."""

import json
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

import httpx2
import pytest

from meritline.access import PLATFORM_TENANT, create_key
from meritline.bootstrap import Platform, open_platform
from meritline.http.app import create_app
from meritline.local import LocalUrls
from meritline.settings import Settings
from meritline.tenancy.service import onboard_tenant, upsert_departments, upsert_employees
from meritline.tenancy.values import Department, Employee, Profile, Span

PERIOD, SCHEME = "2026-05", "engineers"


@dataclass
class Company:
    """A company with results, and a key for each role."""

    id: UUID
    key: str
    keys: dict[str, str]
    cards: dict[str, UUID] = field(default_factory=dict)
    cycle: UUID | None = None


@dataclass
class Answer:
    """What came back."""

    status: int
    body: Any
    headers: Any

    @property
    def data(self) -> Any:
        assert "errors" not in self.body, self.body["errors"]
        return self.body["data"]

    @property
    def codes(self) -> list[str]:
        return [each["extensions"]["code"] for each in self.body["errors"]]


type Ask = Callable[..., Awaitable[Answer]]


@pytest.fixture(scope="module")
async def platform(migrated_database: LocalUrls) -> AsyncIterator[Platform]:
    settings = Settings(
        database_url=migrated_database.database_url, redis_url=migrated_database.redis_url, request_timeout_s=20
    )
    async with open_platform(settings, with_worker=True, queue_name=f"test-{uuid4()}") as made:
        yield made


@pytest.fixture(scope="module")
async def http(platform: Platform) -> AsyncIterator[httpx2.AsyncClient]:
    transport = httpx2.ASGITransport(create_app(platform), raise_app_exceptions=False)
    async with httpx2.AsyncClient(transport=transport, base_url="http://meritline.test") as client:
        yield client


@pytest.fixture(scope="module")
def ask(http: httpx2.AsyncClient) -> Ask:
    async def post(query: str, key: str | None = None, variables: Any = None, **headers: str) -> Answer:
        sent = {"accept": "application/graphql-response+json", **headers}
        if key is not None:
            sent["authorization"] = f"Bearer {key}"
        body = {"query": query, "variables": variables}
        answer = await http.post("/graphql", json=body, headers=sent)
        return Answer(answer.status_code, answer.json(), answer.headers)

    return post


@pytest.fixture(scope="module")
async def operator(platform: Platform) -> str:
    async with platform.database.unit_of_work(PLATFORM_TENANT) as uow:
        return (await create_key(uow.conn, PLATFORM_TENANT, role="operator"))[1]


@pytest.fixture(scope="module")
async def north(platform: Platform) -> Company:
    return await company(platform, "north", 1)


@pytest.fixture(scope="module")
async def south(platform: Platform) -> Company:
    return await company(platform, "south", 2)


async def company(platform: Platform, key: str, size: int) -> Company:
    """Departments A (with A1 below) and B; five people in each times ``size``; E1 leads A."""
    profile = Profile(key.title(), "Asia/Shanghai", "CNY", ("zh", "en"), "CN")
    opened = await onboard_tenant(platform.database, key=key, profile=profile, actor="test")
    made = Company(opened.tenant_id, key, {"admin": opened.admin_key})
    async with platform.database.unit_of_work(made.id) as uow:
        await upsert_departments(
            uow, "test", [Department("A", "甲部"), Department("A1", "甲一组", "A"), Department("B", "乙部")]
        )
        await upsert_employees(uow, "test", [person(n, size) for n in range(1, 10 * size + 1)])
        people = {
            row["number"]: row
            for row in await uow.conn.fetch("select number, name, id from employee where tenant_id = $1", made.id)
        }
        for role in ("hr", "auditor", "integrator"):
            made.keys[role] = (await create_key(uow.conn, made.id, role=role))[1]
        for role, number in (("manager", "E1"), ("employee", "E2")):
            made.keys[role] = (await create_key(uow.conn, made.id, role=role, employee_id=people[number]["id"]))[1]
        await results(uow.conn, made, list(people.values()))
    return made


def person(n: int, size: int) -> Employee:
    """E1 and E2 work in A, the next in A1 and B by turns."""
    department = "A" if n <= 2 else "A1" if n % 2 else "B"
    return Employee(
        f"E{n}", f"{'张王李赵'[n % 4]}{n}", Decimal("1234.50"), (Span(date(2024, 1, 1), None, department, "engineer"),)
    )


async def results(conn: Any, made: Company, people: list[Any]) -> None:
    """A computed cycle with a card of two lines and a reward for everybody, written as a run would."""
    t = made.id
    digest = "0" * 64
    await conn.execute(
        "insert into definition (tenant_id, hash, kind, body) values ($1, $2, 'scheme', '{}')", t, digest
    )
    scheme = await conn.fetchval(
        "insert into scheme (tenant_id, key, title_en, title_zh, subject_kind, period_kind) "
        "values ($1, $2, 'Engineers', '工程师', 'employee', 'month') returning id",
        t,
        SCHEME,
    )
    version = await conn.fetchval(
        "insert into scheme_version (tenant_id, scheme_id, version, valid_from, definition_hash, created_by) "
        "values ($1, $2, 1, '2026-01-01', $3, 'test') returning id",
        t,
        scheme,
        digest,
    )
    job = await conn.fetchval("insert into job (tenant_id, kind, state) values ($1, 'test', 'done') returning id", t)
    made.cycle = await conn.fetchval(
        "insert into cycle (tenant_id, period, period_kind, starts_at, ends_at) "
        "values ($1, $2, 'month', '2026-04-30T16:00Z', '2026-05-31T16:00Z') returning id",
        t,
        PERIOD,
    )
    run = await conn.fetchval(
        "insert into run (tenant_id, cycle_id, number, job_id, state, as_of, known_at, engine) "
        "values ($1, $2, 1, $3, 'complete', now(), now(), 'test') returning id",
        t,
        made.cycle,
        job,
    )
    await conn.execute(
        "update cycle set state = 'computed', run_id = $3 where tenant_id = $1 and id = $2", t, made.cycle, run
    )
    for place, one in enumerate(sorted(people, key=lambda row: int(row["number"][1:])), 1):
        ranked = place % 4 != 0
        card = await conn.fetchval(
            "insert into scorecard (tenant_id, run_id, cycle_id, period, scheme_key, scheme_version_id, subject_kind, "
            "subject_id, subject_code, subject_name, department_code, score, exact_score, grade, grade_title_en, "
            "grade_title_zh, rank, ranked, ranked_among, state, digest) values ($1, $2, $3, $4, $5, $6, 'employee', "
            "$7, $8, $9, 'A', $10, '1/3', $11, 'Good', '良好', $12, $13, 9, 'complete', $14) returning id",
            t,
            run,
            made.cycle,
            PERIOD,
            SCHEME,
            version,
            one["id"],
            one["number"],
            one["name"],
            Decimal(90 - place // 2) if place % 5 else None,
            "good" if place % 3 else None,
            place if ranked else None,
            ranked,
            digest,
        )
        made.cards[one["number"]] = card
        for position in range(2):
            await conn.execute(
                "insert into score_line (tenant_id, run_id, scorecard_id, position, kind, key, indicator_key, "
                "title_en, title_zh, unit, direction, target, reading_state, reading_value, numerator, "
                "denominator, sample_size, raw_points, weight, weighted_points, steps) values ($1, $2, $3, $4, "
                "'item', $5, $6, 'Fixed at the first visit', '一次修复率', 'percent', "
                "'higher', 85, 'measured', 82.3529411765, "
                "'28', '34', 34, 94.7058823529, 30, 28.41, $7)",
                t,
                run,
                card,
                position,
                f"line{position}",
                f"set.line{position}",
                STEPS,
            )
        await conn.execute(
            "insert into reward_line (tenant_id, cycle_id, run_id, scorecard_id, scheme_key, subject_kind, subject_id, "
            "subject_code, rule_key, kind, title_en, title_zh, amount, currency, steps, digest) values ($1, $2, $3, "
            "$4, $5, 'employee', $6, $7, 'bonus', 'by_grade', 'Bonus', '绩效奖金', 1200, 'CNY', $9, $8)",
            t,
            made.cycle,
            run,
            card,
            SCHEME,
            one["id"],
            one["number"],
            digest,
            PAID,
        )


READ = {"step": "reading", "state": "measured", "unit": "percent", "sample": 34, "form": "ratio", "value": "1400/17",
        "numerator": "28", "denominator": "34"}  # fmt: skip
STEPS = json.dumps([READ, {"step": "add", "points": "28"}])
PAID = json.dumps([{"step": "fixed", "amount": "1200.00"}])
