"""Measuring from outside, by cases a reader can count: who gets a record, when it counts, what was known then."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import pytest

from meritline.db import Database
from meritline.local import LocalUrls
from meritline.measuring.coverage import coverage_of, covered
from meritline.measuring.evidence import records_behind
from meritline.measuring.memberships import Memberships, Stay
from meritline.measuring.requests import TallyRequest
from meritline.measuring.store import tallied
from meritline.records.ddl import ensure_record_tables
from meritline_sdk import (
    Attribution,
    Change,
    Count,
    Instant,
    Int,
    People,
    Percentile,
    Person,
    RecordType,
    SubjectKind,
    Sum,
    Team,
    Text,
    divided,
    each,
)  # fmt: skip
from meritline_sdk.evaluate.tallies import NOTHING
from meritline_sdk.evaluate.windows import Window, earlier, window
from meritline_sdk.model.kinds import Kind
from meritline_sdk.model.measures import Credit, Tally, tallies_of
from meritline_sdk.model.nodes import Compare, Field, Literal

ZONE = "Asia/Shanghai"
MAY = window("2026-05", ZONE)
EMPLOYEE, DEPARTMENT, COMPANY = SubjectKind.EMPLOYEE, SubjectKind.DEPARTMENT, SubjectKind.COMPANY
ANNA, BO, CAI = (UUID(int=number) for number in (1, 2, 3))
FIRM, NORTH, SOUTH = (UUID(int=number) for number in (11, 12, 13))
NOON = datetime(2026, 5, 10, 4, tzinfo=UTC)
PEOPLE = Memberships(
    [Stay(ANNA, NORTH, date(2026, 1, 1), date(2026, 5, 16)), Stay(ANNA, SOUTH, date(2026, 5, 16)),
     Stay(BO, NORTH, date(2026, 1, 1)), Stay(CAI, None, date(2026, 1, 1))],
    {FIRM: None, NORTH: FIRM, SOUTH: FIRM}, ZONE,
)  # fmt: skip


class Repair(RecordType, key="measuring_repair", title=Text("Repair", "维修")):
    agent = Person()
    crew = People(optional=True)
    queue = Team(optional=True)
    done = Instant()
    asked = Instant(optional=True)
    minutes = Int(optional=True)
    heads = Int(optional=True)
    defaults = Attribution(credit=agent, at=done)


def window_of(periods: int) -> Window:
    return window(earlier("2026-05", periods), ZONE)


@pytest.fixture(scope="module")
async def database(migrated_database: LocalUrls) -> AsyncIterator[Database]:
    owner = await asyncpg.connect(migrated_database.migration_database_url)
    await ensure_record_tables(owner, [Repair.declaration], app_role="meritline_app")
    await owner.close()
    async with await Database.open(migrated_database.database_url) as opened:
        yield opened


@pytest.fixture
async def tenant() -> UUID:
    return uuid4()


async def add(
    database: Database, tenant: UUID, *records: dict[str, Any], table: str = "record_measuring_repair"
) -> None:
    """Records as ingest writes them: at noon of 10 May by Anna, and known since 1 June, unless they say otherwise."""
    async with database.unit_of_work(tenant) as uow:
        for given in records:
            row = {"tenant_id": tenant, "source": "crm", "external_id": str(uuid4()), "version": 1, "digest": b"",
                   "recorded_at": datetime(2026, 6, 1, tzinfo=UTC), "agent": ANNA, "done": NOON} | given
            places = ", ".join(f"${place}" for place in range(1, len(row) + 1))
            sql = f"INSERT INTO {table} ({', '.join(row)}) VALUES ({places})"  # noqa: S608
            await uow.conn.execute(sql, *row.values())


async def amounts(
    database: Database, tenant: UUID, tally: Tally, **how: Any
) -> dict[tuple[SubjectKind, UUID], Fraction]:
    """What the tally gives each subject in May."""
    request = TallyRequest.of(tally)
    async with database.scoped_read(tenant) as conn:
        found = await tallied(conn, tenant, [request], window_of, PEOPLE, **how)
    return {subject: one.amount for subject, one in found[request].items()}


async def test_a_record_counts_for_the_department_of_its_own_moment(database: Database, tenant: UUID) -> None:
    transfer = datetime(2026, 5, 15, 16, tzinfo=UTC)  # midnight of 16 May in Shanghai
    await add(database, tenant, {"done": transfer - timedelta(microseconds=1)}, {"done": transfer}, {"agent": BO},
              {"agent": CAI}, {"agent": None}, {"done": MAY.end})  # fmt: skip
    assert await amounts(database, tenant, Count(Repair).tally) == {
        (EMPLOYEE, ANNA): 2, (EMPLOYEE, BO): 1, (EMPLOYEE, CAI): 1,
        (DEPARTMENT, NORTH): 2, (DEPARTMENT, SOUTH): 1, (DEPARTMENT, FIRM): 3, (COMPANY, tenant): 5,
    }  # fmt: skip
    async with database.scoped_read(tenant) as conn:
        behind = {place: await records_behind(conn, tenant, Count(Repair).tally, {}, MAY, DEPARTMENT, place, PEOPLE)
                  for place in (NORTH, SOUTH)}  # fmt: skip
    assert transfer - timedelta(microseconds=1) in {one.at for one in behind[NORTH].records}
    assert [one.at for one in behind[SOUTH].records] == [transfer]


async def test_a_shared_record_is_split_exactly_and_counted_once_above(database: Database, tenant: UUID) -> None:
    await add(database, tenant, {"crew_codes": ["a", "b", "?"], "crew_ids": [ANNA, BO, None], "crew_shares": [2, 3, 2],
                                 "minutes": 10, "queue": SOUTH, "heads": 3})  # fmt: skip
    crew: Any = Repair.crew
    assert await amounts(database, tenant, Sum(Repair.minutes, credit=crew).tally) == {
        (EMPLOYEE, ANNA): Fraction(20, 7), (EMPLOYEE, BO): Fraction(30, 7), (DEPARTMENT, NORTH): Fraction(50, 7),
        (DEPARTMENT, FIRM): Fraction(50, 7), (COMPANY, tenant): 10,
    }  # fmt: skip
    assert await amounts(database, tenant, Count(Repair, credit=each(crew)).tally) == {
        (EMPLOYEE, ANNA): 1, (EMPLOYEE, BO): 1, (DEPARTMENT, NORTH): 1, (DEPARTMENT, FIRM): 1, (COMPANY, tenant): 1,
    }  # fmt: skip
    assert await amounts(database, tenant, Count(Repair, credit=Repair.queue).tally) == {
        (DEPARTMENT, SOUTH): 1, (DEPARTMENT, FIRM): 1, (COMPANY, tenant): 1,
    }  # fmt: skip
    assert await amounts(database, tenant, Count(Repair, credit=divided(Repair.agent, Repair.heads)).tally) == {
        (EMPLOYEE, ANNA): Fraction(1, 3), (DEPARTMENT, NORTH): Fraction(1, 3), (DEPARTMENT, FIRM): Fraction(1, 3),
        (COMPANY, tenant): 1,
    }  # fmt: skip


async def test_one_pass_answers_many_tallies_and_periods(database: Database, tenant: UUID) -> None:
    await add(database, tenant, {"minutes": 30}, {"minutes": 10}, {"minutes": None},
              {"minutes": 7, "done": NOON - timedelta(days=30)}, {"minutes": 99, "done": NOON - timedelta(days=60)})
    asked = (*tallies_of(Change(Count(Repair))), Percentile(Repair.minutes, 50).tally)
    requests = [TallyRequest.of(one) for one in asked]
    async with database.scoped_read(tenant) as conn:
        statements: list[str] = []
        with conn.query_logger(lambda logged: statements.append(logged.query)):
            found = await tallied(conn, tenant, requests, window_of, PEOPLE)
    now, before, values = (found[request][EMPLOYEE, ANNA] for request in requests)
    assert (now.records, before.records, values.values) == (3, 1, (10, 30))
    assert len([sql for sql in statements if "record_measuring_repair" in sql]) == 1


@pytest.mark.parametrize("levels", [{EMPLOYEE}, set(SubjectKind)], ids=["employees alone", "everybody"])
async def test_values_stand_in_order_whatever_they_are_and_their_sums_are_exact(
    database: Database, tenant: UUID, levels: set[SubjectKind]
) -> None:
    waits = [timedelta(0), timedelta(microseconds=-1), timedelta(days=20_000, microseconds=3), timedelta(hours=-9),
             timedelta(hours=10), timedelta(minutes=9), None, timedelta(days=9), timedelta(days=-730_000)]  # fmt: skip
    minutes = [None, 10, 9, -3, -20, 0, 100, -(10**12), 9]
    whose = {ANNA: (waits, minutes), BO: ([timedelta(minutes=1)], [None]), CAI: ([None], [5])}
    await add(database, tenant, *({"agent": agent, "minutes": number, "asked": None if wait is None else NOON - wait}
                                  for agent, columns in whose.items() for wait, number in zip(*columns, strict=True)))
    away: Any = Repair.done - Repair.asked
    ranked = [Percentile(each, 50).tally for each in (away, Repair.minutes)]
    added = [replace(each, how="sum") for each in ranked]
    found = {}
    async with database.scoped_read(tenant) as conn:
        for some in (ranked + added, added):  # a sum is asked for only where the values are not
            requests = [TallyRequest.of(each) for each in some]
            found = await tallied(conn, tenant, requests, window_of, PEOPLE, levels=levels)
            for agent, columns in whose.items():
                known = [[each // timedelta(microseconds=1) for each in columns[0] if each is not None],
                         [each for each in columns[1] if each is not None]]
                told = [found[each].get((EMPLOYEE, agent), NOTHING) for each in requests]
                assert [(one.records, one.amount) for one in told[-2:]] == [(len(one), sum(one)) for one in known]
                if some is not added:
                    assert [one.values for one in told[:2]] == [tuple(sorted(one)) for one in known]
                    assert [one.records for one in told[:2]] == [len(one) for one in known]
    assert {kind for one in found.values() for kind, _ in one} == levels


async def test_only_what_is_asked_for_is_answered(database: Database, tenant: UUID) -> None:
    await add(database, tenant, {}, {"agent": BO, "crew_codes": ["a"], "crew_ids": [ANNA], "crew_shares": [1]})
    count, crew = Count(Repair).tally, Count(Repair, credit=Repair.crew).tally
    assert await amounts(database, tenant, count, employees=[BO]) == {(EMPLOYEE, BO): 1}
    assert await amounts(database, tenant, crew, employees=[ANNA]) == {(EMPLOYEE, ANNA): 1}
    assert await amounts(database, tenant, crew, employees=[BO]) == {}
    assert await amounts(database, tenant, count, levels={COMPANY}) == {(COMPANY, tenant): 2}
    assert (DEPARTMENT, NORTH) not in await amounts(database, tenant, count, levels={EMPLOYEE, COMPANY})


async def test_what_was_known_then_stays_what_it_was(database: Database, tenant: UUID) -> None:
    at_run = datetime(2026, 6, 2, tzinfo=UTC)
    later = at_run + timedelta(hours=1)
    first = {"external_id": "WO-1", "agent": ANNA, "minutes": 8, "superseded_at": later}
    corrected = {"external_id": "WO-1", "agent": BO, "minutes": 5, "version": 2, "recorded_at": later}
    await add(database, tenant, first, table="record_measuring_repair_history")
    await add(database, tenant, corrected, {"external_id": "WO-2", "recorded_at": at_run + timedelta(hours=2)})
    total = Sum(Repair.minutes).tally
    assert await amounts(database, tenant, total, known_at=at_run) == {
        (EMPLOYEE, ANNA): 8, (DEPARTMENT, NORTH): 8, (DEPARTMENT, FIRM): 8, (COMPANY, tenant): 8,
    }  # fmt: skip
    assert (await amounts(database, tenant, total))[EMPLOYEE, BO] == 5
    async with database.scoped_read(tenant) as conn:
        then = await records_behind(conn, tenant, total, {}, MAY, DEPARTMENT, NORTH, PEOPLE, at_run)
        now = await records_behind(conn, tenant, total, {}, MAY, EMPLOYEE, ANNA, PEOPLE)
    assert [(one.external_id, one.version, one.value, one.share) for one in then.records] == [("WO-1", 1, 8, 1)]
    assert then.records[0].fields["agent"] == ANNA
    assert not then.more
    assert now.records == ()


async def test_the_records_of_another_tenant_never_count(database: Database, tenant: UUID) -> None:
    await add(database, other := uuid4(), {}, {})
    await add(database, tenant, {})
    assert (await amounts(database, tenant, Count(Repair).tally))[COMPANY, tenant] == 1
    request = TallyRequest.of(Count(Repair).tally)
    async with database.scoped_read(tenant) as conn:  # a wrong tenant id in the statement: the policy holds
        assert await tallied(conn, other, [request], window_of, PEOPLE) == {request: {}}


async def test_a_stored_definition_cannot_smuggle_sql(database: Database, tenant: UUID) -> None:
    """Definitions come back from their store unchecked; names are checked again where they become SQL."""
    clean = Count(Repair).tally
    bad = Field("measuring_repair", 'n" = 1 OR true --', Kind.INT)
    for tally in (
        replace(clean, record='measuring_repair" --'), replace(clean, at=replace(clean.at, name='done", now() --')),
        replace(clean, credit=Credit(replace(bad, kind=Kind.PERSON))),
        replace(clean, where=Compare("==", bad, Literal(1, Kind.INT))),
    ):  # fmt: skip
        with pytest.raises(ValueError, match="cannot name a table or a column"):
            await amounts(database, tenant, tally)
    with pytest.raises(KeyError):
        await amounts(database, tenant, replace(clean, where=Compare("= 1 OR 1 =", clean.at, clean.at)))


async def delivered(
    database: Database, tenant: UUID, source: str, *days: tuple[date, date], record: str = "call"
) -> None:
    """That a source delivered these days."""
    async with database.unit_of_work(tenant) as uow:
        batch = await uow.conn.fetchval("INSERT INTO import_batch (tenant_id, source, record_type) VALUES ($1, $2, $3) "
                                        "RETURNING id", tenant, source, record)  # fmt: skip
        await uow.conn.executemany(
            "INSERT INTO coverage (tenant_id, source, record_type, period_from, period_to, import_id) "
            "VALUES ($1, $2, $3, $4, $5, $6)", [(tenant, source, record, *period, batch) for period in days],
        )  # fmt: skip


async def test_a_month_is_covered_when_no_day_of_it_is_missing(database: Database, tenant: UUID) -> None:
    half = date(2026, 5, 11)
    await delivered(database, tenant, "pbx", (date(2026, 4, 20), half), (half, date(2026, 5, 20)))
    async with database.scoped_read(tenant) as conn:
        assert await covered(conn, tenant, MAY) == frozenset()
        found = await coverage_of(conn, tenant, [MAY])
    assert found.partial("call", MAY)
    assert not found.partial("ticket", MAY)
    await delivered(database, tenant, "chat", (date(2026, 5, 18), date(2026, 6, 1)))
    await delivered(database, tenant, "crm", (date(2026, 5, 2), date(2026, 7, 1)), record="ticket")
    async with database.scoped_read(tenant) as conn:
        assert await covered(conn, tenant, MAY) == {"call"}
        found = await coverage_of(conn, tenant, [MAY, window_of(1)])
    assert found.covers(window_of)(replace(Count(Repair).tally, record="call"))
    # Delivered before, and not for all of this window: awaited. Never delivered, and no source of it: nothing to await.
    assert found.covers(window_of)(replace(Count(Repair).tally, record="call", earlier=1)) is False
    assert found.covers(window_of)(replace(Count(Repair).tally, record="survey")) is None
    assert found.partial("call", window_of(1))


async def test_the_coverage_of_another_tenant_is_not_ours(database: Database, tenant: UUID) -> None:
    await delivered(database, uuid4(), "pbx", (date(2026, 1, 1), date(2027, 1, 1)))
    async with database.scoped_read(tenant) as conn:
        assert await covered(conn, tenant, MAY) == frozenset()
