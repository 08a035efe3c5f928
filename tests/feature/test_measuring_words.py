"""The grown language by SQL, by cases a reader can count: choices, calendars, keys, moments that are computed, days."""

from collections.abc import AsyncIterator, Mapping
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import pytest

from meritline.db import Database
from meritline.local import LocalUrls
from meritline.measuring.evidence import Evidence, records_behind
from meritline.measuring.memberships import Memberships, Stay
from meritline.measuring.requests import TallyRequest
from meritline.measuring.store import tallied
from meritline.measuring.unresolved import unresolved_codes
from meritline.records.ddl import ensure_record_tables
from meritline_sdk import (
    AS_THINGS_STAND,
    PERIOD_END,
    Attribution,
    Code,
    Count,
    Day,
    Distinct,
    EmployedDays,
    If,
    Instant,
    Int,
    Number,
    Parameter,
    PeriodDays,
    Person,
    RecordType,
    SubjectKind,
    Sum,
    Text,
    at_clock,
    business_time,
    credit_choice,
    days,
    earliest,
    elapsed,
    first_present,
    hours,
    in_period,
    local_day,
    minutes,
    working_days,
)  # fmt: skip
from meritline_sdk.evaluate.calendars import WorkCalendar, clock_for
from meritline_sdk.evaluate.windows import Window, earlier, window
from meritline_sdk.model.kinds import Kind

ZONE = "Asia/Shanghai"
MAY = window("2026-05", ZONE)
EMPLOYEE, DEPARTMENT, COMPANY = SubjectKind.EMPLOYEE, SubjectKind.DEPARTMENT, SubjectKind.COMPANY
ANNA, BO, CAI = (UUID(int=number) for number in (1, 2, 3))
FIRM, NORTH, SOUTH = (UUID(int=number) for number in (11, 12, 13))
PEOPLE = Memberships(
    [Stay(ANNA, NORTH, date(2026, 1, 1), date(2026, 5, 16)), Stay(ANNA, SOUTH, date(2026, 5, 16)),
     Stay(BO, NORTH, date(2026, 5, 30)), Stay(BO, SOUTH, date(2026, 5, 1), date(2026, 5, 4)),
     Stay(CAI, None, date(2026, 6, 1))],
    {FIRM: None, NORTH: FIRM, SOUTH: FIRM}, ZONE,
)  # fmt: skip
DAY = ((9 * 3600, 12 * 3600), (13 * 3600, 18 * 3600))
CALENDAR = WorkCalendar((DAY,) * 5 + ((), ()), ((date(2026, 5, 5), ()), (date(2026, 5, 9), DAY)))


class Job(RecordType, key="words_job", title=Text("Job", "活")):
    agent = Person()
    second = Person(optional=True)
    made = Instant()
    done = Instant(optional=True)
    due = Day(optional=True)
    shop = Code(optional=True)
    price = Number(places=4, optional=True)
    n = Int(optional=True)
    defaults = Attribution(credit=agent, at=made)


j: Any = Job


def window_of(periods: int) -> Window:
    return window(earlier("2026-05", periods), ZONE)


def at(day: int, hour: int = 12, minute: int = 0, month: int = 5) -> datetime:
    """A moment by the clock on the wall in Shanghai."""
    return datetime(2026, month, day, hour, minute, tzinfo=UTC) - timedelta(hours=8)


@pytest.fixture(scope="module")
async def database(migrated_database: LocalUrls) -> AsyncIterator[Database]:
    owner = await asyncpg.connect(migrated_database.migration_database_url)
    await ensure_record_tables(owner, [Job.declaration], app_role="meritline_app")
    await owner.close()
    async with await Database.open(migrated_database.database_url) as opened:
        yield opened


@pytest.fixture
def tenant() -> UUID:
    return uuid4()


async def add(database: Database, tenant: UUID, *records: dict[str, Any]) -> None:
    """Jobs as ingest writes them: Anna's, made at noon of 6 May unless they say otherwise."""
    async with database.unit_of_work(tenant) as uow:
        for number, given in enumerate(records):
            row = {"tenant_id": tenant, "source": "crm", "external_id": f"J-{number}", "version": 1, "digest": b"",
                   "recorded_at": at(1, month=6), "agent": ANNA, "made": at(6)} | given
            places = ", ".join(f"${place}" for place in range(1, len(row) + 1))
            await uow.conn.execute(f"insert into record_words_job ({', '.join(row)}) values ({places})",  # noqa: S608
                                   *row.values())


async def amounts(database: Database, tenant: UUID, measure: Any, parameters: Mapping[str, Any] | None = None,
                  calendar: WorkCalendar | None = CALENDAR, zone: str = ZONE) -> dict[tuple[SubjectKind, UUID], Any]:
    """What the tally of the measure gives each subject in May."""
    request = TallyRequest.of(measure.tally, parameters)
    async with database.scoped_read(tenant) as conn:
        found = await tallied(conn, tenant, [request], window_of, PEOPLE, clock=clock_for(MAY, zone, calendar))
    return {subject: one.amount for subject, one in found[request].items()}


async def whole(database: Database, tenant: UUID, measure: Any, **how: Any) -> Any:
    """What it gives the company."""
    return (await amounts(database, tenant, measure, **how)).get((COMPANY, tenant), 0)


async def behind(database: Database, tenant: UUID, measure: Any, kind: SubjectKind, who: UUID) -> list[Evidence]:
    """All the records behind it, two at a time."""
    found: list[Evidence] = []
    async with database.scoped_read(tenant) as conn:
        while True:
            page = await records_behind(conn, tenant, measure.tally, {}, MAY, kind, who, PEOPLE, first=2,
                                        after=found[-1].key if found else None, clock=clock_for(MAY, ZONE, CALENDAR))
            found += page.records
            if not page.more:
                return found


async def test_a_computed_moment_decides_period_and_department(database: Database, tenant: UUID) -> None:
    await add(database, tenant, {"made": at(1, month=4), "done": at(20)}, {"made": at(10)}, {"done": at(1, month=6)},
              {"made": at(1, month=4)}, {"made": at(31, month=3), "done": at(1, 0)})  # fmt: skip
    for ended in (first_present(j.done, j.made), first_present(j.done, j.made) + hours(0)):
        by_ended = Count(Job, at=ended)
        assert await amounts(database, tenant, by_ended) == {
            (EMPLOYEE, ANNA): 3, (DEPARTMENT, NORTH): 2, (DEPARTMENT, SOUTH): 1, (DEPARTMENT, FIRM): 3,
            (COMPANY, tenant): 3,
        }  # fmt: skip
        for who, moments in ((NORTH, [at(1, 0), at(10)]), (SOUTH, [at(20)]), (FIRM, [at(1, 0), at(10), at(20)])):
            assert [one.at for one in await behind(database, tenant, by_ended, DEPARTMENT, who)] == moments
    assert await whole(database, tenant, Count(Job, at=local_day(j.done))) == 2


async def test_as_things_stand_every_record_counts_on_the_last_day(database: Database, tenant: UUID) -> None:
    await add(database, tenant, {"made": at(1, month=1)}, {"made": at(30, month=6), "done": at(1)}, {"agent": BO})
    opened = Count(Job, j.done.missing(), at=AS_THINGS_STAND)
    assert await amounts(database, tenant, opened) == {
        (EMPLOYEE, ANNA): 1, (EMPLOYEE, BO): 1, (DEPARTMENT, SOUTH): 1, (DEPARTMENT, NORTH): 1, (DEPARTMENT, FIRM): 2,
        (COMPANY, tenant): 2,
    }  # fmt: skip
    found = await behind(database, tenant, Count(Job, at=AS_THINGS_STAND), DEPARTMENT, FIRM)
    assert [(one.external_id, one.at) for one in found] == [(f"J-{n}", date(2026, 5, 31)) for n in range(3)]


async def test_what_several_people_did_is_one_thing_for_their_team(database: Database, tenant: UUID) -> None:
    await add(database, tenant, {"shop": "A", "price": Decimal("1.5")}, {"shop": "A", "price": Decimal("1.5000")},
              {"shop": "A", "price": Decimal("1.5"), "agent": BO, "made": at(31)}, {"shop": "B"},
              {"shop": None, "price": Decimal(1)}, {"shop": "B", "agent": BO, "made": at(30)})  # fmt: skip
    assert await amounts(database, tenant, Distinct(Job, by=[j.shop])) == {
        (EMPLOYEE, ANNA): 2, (EMPLOYEE, BO): 2, (DEPARTMENT, NORTH): 2, (DEPARTMENT, FIRM): 2, (COMPANY, tenant): 2,
    }  # fmt: skip
    assert (await amounts(database, tenant, Distinct(Job, by=[j.shop, j.price])))[COMPANY, tenant] == 1
    by_day = Distinct(Job, by=[j.shop, local_day(j.made), j.agent])
    assert (await amounts(database, tenant, by_day))[COMPANY, tenant] == 4
    assert len(await behind(database, tenant, by_day, COMPANY, tenant)) == 5


async def test_working_time_knows_holidays_and_the_wall_clock(database: Database, tenant: UUID) -> None:
    await add(
        database, tenant,
        {"made": at(4, 17), "done": at(6, 10)},  # Monday 1 h, a holiday, Wednesday 1 h
        {"made": at(8, 11), "done": at(9, 14)},  # Friday 1 h + 5 h, the Saturday that is worked 3 h + 1 h
        {"made": at(7, 14), "done": at(6, 14)},  # the wrong way round: minus a day of 8 h
        {"made": at(6), "done": datetime(1990, 1, 1, tzinfo=UTC)}, {"done": None},
    )  # fmt: skip
    worked: Any = business_time(j.made, j.done)
    assert await whole(database, tenant, Count(Job, worked == hours(10))) == 1
    assert await whole(database, tenant, Count(Job, worked <= hours(0) - hours(8))) == 1
    assert await whole(database, tenant, Count(Job, worked.missing())) == 2, "beyond the clock's range, and not done"
    assert await whole(database, tenant, Sum(worked, record=Job)) == (2 + 10 - 8) * 3_600_000_000
    # The same of moments that are calculated, which SQL counts in microseconds.
    later: Any = business_time(j.made + minutes(0), j.done + minutes(30))
    assert await whole(database, tenant, Sum(later, record=Job)) == (2 + 10 - 8) * 3_600_000_000 + 3 * 1_800_000_000
    assert await whole(database, tenant, Count(Job, worked.missing()), calendar=None) == 5
    assert await whole(database, tenant, Count(Job, (j.done - j.made).missing()), calendar=None) == 1
    quick = Count(Job, (elapsed(j.made, j.done) <= hours(11)) & (j.done >= j.made))
    assert await whole(database, tenant, quick, parameters={"clock": "business"}) == 2
    assert await whole(database, tenant, quick, parameters={"clock": "calendar"}) == 0


async def test_days_and_times_of_day_are_those_of_the_zone(database: Database, tenant: UUID) -> None:
    # Berlin puts its clock back on 25 October 2026 at 3:00: 2:30 comes twice.
    await add(database, tenant, {"due": date(2026, 10, 25), "done": datetime(2026, 10, 25, 20, tzinfo=UTC)},
              {"due": date(2026, 5, 9), "done": at(8, 23, 59)}, {"due": date(1890, 1, 1)})
    half_past: Any = at_clock(j.due, hours(2) + minutes(30))
    first = datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    assert await whole(database, tenant, Count(Job, half_past == first), zone="Europe/Berlin") == 1
    assert await whole(database, tenant, Count(Job, half_past.missing())) == 1, "beyond the clock's range"
    blank: Any = at_clock(j.due, Parameter("cutoff", blank=Kind.DURATION))
    assert await whole(database, tenant, Count(Job, blank.missing())) == 3
    same: Any = local_day(j.done) == j.due
    assert [await whole(database, tenant, Count(Job, same), zone=zone) for zone in ("Europe/Berlin", ZONE)] == [1, 0]
    gone: Any = working_days(local_day(j.made), j.due)
    assert await whole(database, tenant, Sum(gone, where=j.due == date(2026, 5, 9), record=Job)) == 3
    assert await whole(database, tenant, Count(Job, gone.missing())) == 1


async def test_the_edges_are_those_of_the_tally_itself(database: Database, tenant: UUID) -> None:
    await add(database, tenant, {"done": at(31, 23)}, {"done": at(1, 0, month=6)}, {"done": None},
              {"made": at(6, month=4), "done": at(1)})  # fmt: skip
    kept = Count(Job, in_period(j.done))
    late = Count(Job, earliest(j.done, PERIOD_END) == PERIOD_END)
    assert (await whole(database, tenant, kept), await whole(database, tenant, late)) == (1, 2)
    requests = [TallyRequest.of(each.tally.before(n)) for each in (kept, late) for n in (0, 1)]
    async with database.scoped_read(tenant) as conn:
        found = await tallied(conn, tenant, requests, window_of, PEOPLE)
    counts = [found[each][COMPANY, tenant].records if found[each] else 0 for each in requests]
    assert counts == [1, 0, 2, 1]


async def test_choices_keep_their_kind(database: Database, tenant: UUID) -> None:
    await add(database, tenant, {"n": 10**18 - 1, "price": Decimal("0.1250")}, {"n": 2}, {"price": Decimal("0.5")}, {})
    large: Any = If(j.n > 5, j.n * j.n * j.n, j.n)
    assert await whole(database, tenant, Sum(large, record=Job)) == (10**18 - 1) ** 3 + 2
    mixed: Any = first_present(j.price, j.n)
    assert await whole(database, tenant, Sum(mixed, record=Job)) == Decimal("2.625")
    assert await whole(database, tenant, Count(Job, If(j.n > 5, 1).missing())) == 3
    assert await whole(database, tenant, Sum(earliest(j.n, 7), record=Job)) == 7 + 2 + 7 + 7


async def test_the_company_chooses_who_is_credited(database: Database, tenant: UUID) -> None:
    await add(database, tenant, {"second": BO, "made": at(31)})
    chosen = Parameter("who", "first", options=("first", "second"))
    counted = Count(Job, credit=credit_choice(chosen, {"first": j.agent, "second": j.second}))
    assert (EMPLOYEE, ANNA) in await amounts(database, tenant, counted)
    assert (await amounts(database, tenant, counted, {"who": "second"})).keys() == {
        (EMPLOYEE, BO), (DEPARTMENT, NORTH), (DEPARTMENT, FIRM), (COMPANY, tenant)}


async def test_a_code_that_is_nobody_is_told_of_the_records_that_count(database: Database, tenant: UUID) -> None:
    nobody = {"agent": None, "agent_code": "X9"}
    await add(database, tenant, nobody | {"made": at(1, month=1)}, nobody | {"done": at(7), "made": at(1, month=1)},
              nobody | {"n": 1}, {"agent": None}, {"agent_code": "E1"})  # fmt: skip
    async with database.scoped_read(tenant) as conn:
        for measure, count in ((Count(Job, j.done.missing(), at=AS_THINGS_STAND), 2),
                               (Count(Job, at=first_present(j.done, j.made)), 2), (Count(Job, j.n == 1), 1)):
            found = await unresolved_codes(conn, tenant, TallyRequest.of(measure.tally), MAY, clock_for(MAY, ZONE), 5)
            assert [tuple(row) for row in found] == [("X9", count)]


async def test_days_of_employment_need_no_records(database: Database, tenant: UUID) -> None:
    assert await amounts(database, tenant, EmployedDays()) == {
        (EMPLOYEE, ANNA): 31, (EMPLOYEE, BO): 5, (DEPARTMENT, FIRM): 31, (DEPARTMENT, NORTH): 31,
        (DEPARTMENT, SOUTH): 31, (COMPANY, tenant): 31,
    }  # fmt: skip
    assert (await amounts(database, tenant, PeriodDays()))[EMPLOYEE, CAI] == 31
    assert await behind(database, tenant, EmployedDays(), COMPANY, tenant) == []


async def test_a_distance_in_days_may_be_as_long_as_it_likes(database: Database, tenant: UUID) -> None:
    await add(database, tenant, {"made": at(6), "done": datetime(9999, 12, 30, tzinfo=UTC)})
    beyond: Any = j.done + days(400)
    assert await whole(database, tenant, Count(Job, (beyond > j.made) & (beyond > PERIOD_END))) == 1
