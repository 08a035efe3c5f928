"""Companies and their people through the service functions, on a real database as the application role."""

from collections.abc import AsyncIterator
from datetime import UTC, date, datetime
from decimal import Decimal
from uuid import UUID

import pytest

from meritline.access import authenticate
from meritline.audit import verify
from meritline.db import Database, UnitOfWork
from meritline.domain.periods import window
from meritline.errors import MeritlineError, NotFound, Refused, Stale
from meritline.local import LocalUrls
from meritline.tenancy.codes import CodeBook
from meritline.tenancy.people import employments
from meritline.tenancy.service import (
    find_tenant,
    map_external_codes,
    onboard_tenant,
    save_profile,
    save_source,
    tenant_profile,
    upsert_departments,
    upsert_employees,
)
from meritline.tenancy.values import Changes, Department, Employee, ExternalCode, Profile, Source, Span

ACME = Profile("Acme Repair", "Asia/Shanghai", "CNY", ("zh", "en"), "CN")
TREE = [Department("hq", "Head office"), Department("east", "East", "hq"), Department("west", "West", "hq")]
JANUARY, MARCH = date(2026, 1, 1), date(2026, 3, 1)


@pytest.fixture(scope="module")
async def database(migrated_database: LocalUrls) -> AsyncIterator[Database]:
    async with await Database.open(migrated_database.database_url) as opened:
        yield opened


@pytest.fixture
async def tenant(database: Database, request: pytest.FixtureRequest) -> UUID:
    key = request.node.name.replace("_", "-").removeprefix("test-").strip("-")[:60].rstrip("-")
    return (await onboard_tenant(database, key=key, profile=ACME, actor="test")).tenant_id


@pytest.fixture
async def uow(database: Database, tenant: UUID) -> AsyncIterator[UnitOfWork]:
    async with database.unit_of_work(tenant) as unit:
        yield unit


def codes(refused: pytest.ExceptionInfo[Refused]) -> list[tuple[str, str | None]]:
    return [(found.code, found.field) for found in refused.value.problems]


async def test_a_company_is_opened_with_the_key_of_its_first_administrator(database: Database) -> None:
    opened = await onboard_tenant(database, key="first", profile=ACME, actor="operator")
    principal = await authenticate(database, opened.admin_key)
    assert (principal.tenant_id, principal.role) == (opened.tenant_id, "admin")
    assert await find_tenant(database, "first") == opened.tenant_id
    with pytest.raises(MeritlineError) as taken:
        await onboard_tenant(database, key="first", profile=ACME, actor="operator")
    assert taken.value.problem.code == "E-TENANT-EXISTS"
    for key in ("platform", "nobody"):
        with pytest.raises(NotFound):
            await find_tenant(database, key)


async def test_every_mistake_of_a_profile_is_named_at_once(database: Database) -> None:
    wrong = Profile(" ", "Asia/Nowhere", "yuan", ("zh", "fr"), "China")
    with pytest.raises(Refused) as refused:
        await onboard_tenant(database, key="Bad Key", profile=wrong, actor="operator")
    assert sorted(field for _, field in codes(refused)) == [
        "country", "currency", "key", "languages", "name", "time_zone",
    ]  # fmt: skip
    assert all(found.text("zh") != found.text("en") for found in refused.value.problems)
    with pytest.raises(NotFound):
        await find_tenant(database, "Bad Key")


async def test_a_stale_profile_is_refused_and_the_same_again_changes_nothing(uow: UnitOfWork) -> None:
    from dataclasses import replace

    renamed = await save_profile(uow, "key:1", replace(ACME, name="Acme"), 1)
    assert renamed.version == 2
    assert (await save_profile(uow, "key:1", replace(ACME, name="Acme"))).version == 2
    with pytest.raises(Stale) as stale:
        await save_profile(uow, "key:2", replace(ACME, name="Other"), 1)
    assert "version 1" in stale.value.problem.text()
    assert "now 2" in stale.value.problem.text()
    assert (await tenant_profile(uow.conn, uow.tenant_id)).name == "Acme"


async def test_departments_are_a_tree_and_stay_one(uow: UnitOfWork) -> None:
    assert await upsert_departments(uow, "me", TREE) == Changes(("hq", "east", "west"))
    assert not await upsert_departments(uow, "me", TREE), "the same again"
    with pytest.raises(Refused) as refused:
        await upsert_departments(uow, "me", [Department("hq", "Head office", "east"), Department("new", "", "gone")])
    assert codes(refused) == [("E-DEPARTMENT-CYCLE", "departments[0].parent"), ("E-PEOPLE-TEXT", "departments[1].name"),
                              ("E-DEPARTMENT-UNKNOWN", "departments[1].parent")]
    assert "hq → east → hq" in refused.value.problems[0].text()
    moved = Department("west", "West", "east", expected_version=1)
    assert await upsert_departments(uow, "me", [moved]) == Changes((), ("west",))
    with pytest.raises(Refused) as stale:
        await upsert_departments(uow, "me", [moved])
    assert codes(stale) == [("E-CONFLICT-STALE", "departments[0].expected_version")]


async def test_a_transfer_is_a_new_interval_and_overlaps_are_refused_with_both(uow: UnitOfWork) -> None:
    await upsert_departments(uow, "me", TREE)
    boss = Employee("E1", "Boss", employments=(Span(JANUARY, None, "hq", "manager"),))
    first = Span(JANUARY, MARCH, "east", "engineer", "E1")
    worker = Employee("E2", "Worker", Decimal("1500.50"), (first, Span(MARCH, None, "west", "engineer", "E1")))
    assert await upsert_employees(uow, "me", [worker, boss]) == Changes(("E2", "E1"))
    assert not await upsert_employees(uow, "me", [worker, boss])
    with pytest.raises(Refused) as refused:
        await upsert_employees(uow, "me", [Employee("E2", "Worker", None, (Span(JANUARY, date(2026, 4, 1), "east"),
                                                                         Span(MARCH, None, "nowhere", None, "E2")))])
    assert [code for code, _ in codes(refused)] == ["E-DEPARTMENT-UNKNOWN", "E-EMPLOYMENT-SELF",
                                                    "E-EMPLOYMENT-OVERLAP"]
    assert "2026-01-01 – 2026-04-01 and 2026-03-01 – …" in refused.value.problems[2].text()

    people = await employments(uow.conn, uow.tenant_id)
    for period, department in (("2026-02", "east"), ("2026-03", "west"), ("2026-Q1", "west")):
        subjects = people.subjects(window(period, "Asia/Shanghai"))
        decided = {one.number: one for one in subjects.values()}["E2"]
        assert decided.department_id is not None
        assert people.departments[decided.department_id].code == department, "the last employment of the period decides"
        assert [people.departments[one].code for one in people.lineage(decided.department_id)] == [department, "hq"]
    assert people.subjects(window("2025-12", "Asia/Shanghai")) == {}


async def test_employments_not_given_are_left_alone(uow: UnitOfWork) -> None:
    await upsert_employees(uow, "me", [Employee("E1", "Old", employments=(Span(JANUARY, None, None, "engineer"),))])
    assert await upsert_employees(uow, "me", [Employee("E1", "New")]) == Changes((), ("E1",))
    (one,) = (await employments(uow.conn, uow.tenant_id)).intervals
    assert (one.name, one.position, one.valid_from) == ("New", "engineer", JANUARY)


async def test_a_code_is_whom_it_was_at_the_moment(uow: UnitOfWork) -> None:
    await upsert_departments(uow, "me", TREE)
    await upsert_employees(uow, "me", [Employee("E1", "One"), Employee("E2", "Two")])
    turn = datetime(2026, 2, 1, tzinfo=UTC)
    rows = [ExternalCode("crm", "A7", "E1", valid_to=turn), ExternalCode("crm", "A7", "E2", valid_from=turn),
            ExternalCode("acd", "queue9", department="east")]
    assert await map_external_codes(uow, "me", rows) == (("crm", "A7"), ("acd", "queue9"))
    assert await map_external_codes(uow, "me", rows) == ()
    ids = {row["number"]: row["id"] for row in await uow.conn.fetch("select number, id from employee")}
    book = await CodeBook.load(uow.conn, uow.tenant_id, {"crm"})
    assert book.employee("crm", "A7", datetime(2026, 1, 31, 23, 59, tzinfo=UTC)) == ids["E1"]
    assert book.employee("crm", "A7", turn) == ids["E2"], "the moment itself belongs to the second"
    assert book.employee(None, "E1", turn) == ids["E1"]
    assert book.department(None, "east", turn) is not None
    assert book.employee("acd", "queue9", turn) is None, "a space that was not asked for"
    whole = await CodeBook.load(uow.conn, uow.tenant_id)
    assert whole.department("acd", "queue9", turn) is not None
    assert whole.employee("acd", "queue9", turn) is None
    with pytest.raises(Refused) as refused:
        await map_external_codes(uow, "me", [ExternalCode("crm", "A7", "E1"), rows[1],
                                             ExternalCode("crm", "B1", "E1", "east"), ExternalCode("crm", "B2", "E9")])
    assert [code for code, _ in codes(refused)] == ["E-CODE-OVERLAP", "E-CODE-SUBJECT", "E-EMPLOYEE-UNKNOWN"]
    assert "E1 (… – …) and E2 (2026-02-01T00:00:00+00:00 – …)" in refused.value.problems[0].text()


async def test_a_source_carries_versions(uow: UnitOfWork) -> None:
    source = Source("crm", "work_order", {"fields": {"visits": "上门次数"}}, strict=True)
    assert (await save_source(uow, "me", source)).version == 1
    assert (await save_source(uow, "me", source)).version == 1
    changed = Source("crm", "work_order", {"fields": {}}, expected_version=1)
    assert (await save_source(uow, "me", changed)).version == 2
    with pytest.raises(Stale):
        await save_source(uow, "me", Source("crm", "work_order", {"x": 1}, expected_version=1))


async def test_nothing_is_half_applied_and_everything_is_told(database: Database, tenant: UUID) -> None:
    async def half() -> None:
        async with database.unit_of_work(tenant) as unit:
            await upsert_departments(unit, "me", TREE)
            await upsert_employees(unit, "me", [Employee("E1", "One", employments=(Span(JANUARY, JANUARY),))])

    with pytest.raises(Refused):
        await half()
    async with database.unit_of_work(tenant) as unit:
        assert (await employments(unit.conn, tenant)).departments == {}
        await upsert_departments(unit, "key:42", TREE)
    async with database.scoped_read(tenant, snapshot=True) as conn:
        told = await conn.fetch("select actor, action from audit_entry order by seq")
        assert [tuple(row) for row in told] == [
            ("test", "tenant.create"), ("test", "key.create"), ("key:42", "departments.upsert"),
        ]  # fmt: skip
        assert await verify(conn, tenant) is None


async def test_writers_of_one_company_wait_for_each_other(database: Database, tenant: UUID) -> None:
    import asyncio

    async def add(number: int) -> None:
        async with database.unit_of_work(tenant) as unit:
            await upsert_departments(unit, "me", [Department("same", f"name {number}")])

    await asyncio.gather(*(add(number) for number in range(8)))
    async with database.scoped_read(tenant) as conn:
        assert await conn.fetchval("select version from department") == 8, "no change was lost"
