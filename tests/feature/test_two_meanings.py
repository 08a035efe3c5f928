"""SQL and plain Python give every expression and every measure the same meaning.

Records, people, calendars, expressions and measures are random (``meritline_sdk.testing.random_*``); what the database
tallies, read as the application role, must equal ``meritline_sdk.evaluate`` for every employee, every department and
the company. An expression or measure over a heap of records is one set: the first two tests try at least 1,000 of
them each, and 10,000 with HYPOTHESIS_PROFILE=nightly (``make test-nightly``); the third, of which every set takes a
statement for every subject, an eighth of that.
"""

import os
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import Any
from unittest.mock import patch
from uuid import NAMESPACE_URL, UUID, uuid5
from zoneinfo import ZoneInfo

import asyncpg
import pytest
from hypothesis import HealthCheck, assume, event, given, settings
from hypothesis import strategies as st

from meritline.db import Database
from meritline.local import LocalUrls
from meritline.measuring.again import Again
from meritline.measuring.binds import Binds
from meritline.measuring.compiler import Compiler
from meritline.measuring.evidence import Evidence, records_behind
from meritline.measuring.memberships import Memberships, Stay
from meritline.measuring.reach import Reach
from meritline.measuring.requests import TallyRequest
from meritline.measuring.state import build
from meritline.measuring.state import refresh as upkeep
from meritline.measuring.state.parts import Asked, wanted_of
from meritline.measuring.state.reading import from_state
from meritline.measuring.state.refresh import ensure, refresh
from meritline.measuring.store import tallied
from meritline.records.ddl import ensure_record_tables
from meritline_sdk import SECONDS, Expr, SubjectKind
from meritline_sdk.evaluate.expressions import Scene, value_of
from meritline_sdk.evaluate.measured import measured
from meritline_sdk.evaluate.scenes import Others
from meritline_sdk.evaluate.tallies import NOTHING, Subject, Tallied, tally_record, tally_records
from meritline_sdk.evaluate.windows import Window
from meritline_sdk.model.kinds import Kind
from meritline_sdk.model.measures import OF_NO_RECORDS, tallies_of
from meritline_sdk.model.nodes import Related, Scalar, kind_of, walk
from meritline_sdk.testing.random_expressions import MATE, PROBE, bound, expressions
from meritline_sdk.testing.random_measures import measures, python_measures
from meritline_sdk.testing.random_records import (
    EMPLOYEES,
    NAMES,
    PARENTS,
    Heap,
    Mate,
    Probe,
    Surroundings,
    heaps,
    made,
    some_day,
    surroundings,
)  # fmt: skip

NIGHTLY = os.environ.get("HYPOTHESIS_PROFILE") == "nightly"
SETS, AT_ONCE = 10_000 if NIGHTLY else 1_000, 8
"""How many sets each test tries, and how many of them share one heap of records."""

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def tried(examples: int) -> settings:
    """So many examples; the same every day, others every night."""
    return settings(
        max_examples=examples, derandomize=not NIGHTLY, deadline=None, database=None,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.large_base_example],
    )  # fmt: skip


def key_id(key: str) -> UUID:
    """The id of an employee or department of the tests."""
    return uuid5(NAMESPACE_URL, key)


# The people ----------------------------------------------------------------------------------------------------------

@dataclass(frozen=True)
class Company:
    """Where everybody is on which local day."""

    zone: str
    stays: tuple[tuple[str, str | None, date, date | None], ...]

    def department_of(self, employee: str, moment: datetime | date) -> frozenset[str]:
        """The department on the local day of the moment and those above, found by the calendar alone."""
        local = moment.astimezone(ZoneInfo(self.zone)).date() if isinstance(moment, datetime) else moment
        for person, department, first, end in self.stays:
            if person == employee and department and first <= local and (end is None or local < end):
                return above(department)
        return frozenset()

    def employed_days(self, subject: Subject, window: Window) -> int:
        """The days of the window on which the employee was anywhere, counted one by one."""
        days = (window.first_day + timedelta(days=count) for count in range((window.end_day - window.first_day).days))
        return sum(any(person == subject.key and first <= day and (end is None or day < end)
                       for person, _, first, end in self.stays) for day in days)

    def memberships(self) -> Memberships:
        """The same for the server."""
        stays = [Stay(key_id(person), department and key_id(department), first, end)  # type: ignore[arg-type]
                 for person, department, first, end in self.stays]  # fmt: skip
        return Memberships(stays, {key_id(key): up and key_id(up) for key, up in PARENTS.items()}, self.zone)  # type: ignore[misc]


def above(department: str) -> frozenset[str]:
    """The department and those above it."""
    up = PARENTS[department]
    return frozenset({department}) | (above(up) if up else frozenset())


def company(zone: str, seed: int) -> Company:
    """People who move between departments, also inside a month, and who are gone for a while."""
    source, stays = Random(seed), list[tuple[str, str | None, date, date | None]]()
    for employee in EMPLOYEES:
        cuts = sorted({some_day(source) for _ in range(source.randint(0, 3))})
        spells = list(zip([date(2020, 1, 1), *cuts], [*cuts, None], strict=True))
        gone = {place for place in range(len(spells)) if not source.randrange(6)} if len(spells) > 1 else set[int]()
        stays += [(employee, source.choice((*PARENTS, None)), first, end) for place, (first, end) in enumerate(spells)
                  if place not in gone or len(gone) == len(spells)]
    return Company(zone, tuple(stays))


# Both meanings -------------------------------------------------------------------------------------------------------

@pytest.fixture(scope="module")
async def database(migrated_database: LocalUrls) -> AsyncIterator[Database]:
    owner = await asyncpg.connect(migrated_database.migration_database_url)
    await ensure_record_tables(owner, [Probe.declaration, Mate.declaration], app_role="meritline_app")
    await owner.close()
    async with await Database.open(migrated_database.database_url) as opened:
        yield opened


KEPT = ("tenant_id", "source", "external_id", "version", "digest", "recorded_at")
COLUMNS = {
    "meaning_probe": ("agent", "helper", "crew_codes", "crew_ids", "crew_shares", "queue", "opened", "closed", "day",
                      "other", "n", "m", "x", "y", "yes", "word", "mode"),
    "meaning_mate": ("who", "place", "at", "on", "k", "z", "fine", "ref"),
}  # fmt: skip
HOLDERS = ("agent", "helper", "queue", "who", "place")


def insert_into(table: str, *columns: str) -> str:
    """An INSERT of one row of these columns."""
    places = ", ".join(f"${place}" for place in range(1, len(columns) + 1))
    listed = ", ".join(f'"{each}"' for each in columns)
    return f"INSERT INTO {table} ({listed}) VALUES ({places})"  # noqa: S608


SUBJECTS = [Subject(SubjectKind.COMPANY, "tenant"), *(Subject(SubjectKind.EMPLOYEE, key) for key in EMPLOYEES),
            *(Subject(SubjectKind.DEPARTMENT, key) for key in PARENTS)]  # fmt: skip


def row_of(record_type: str, record: Mapping[str, Any]) -> list[Any]:
    """The record as the table holds it."""
    row = {name: value and key_id(value) if name in HOLDERS else value for name, value in record.items()}
    if "crew" in record:
        crew = record["crew"]
        row |= {"crew_codes": crew and [key or "?" for key, _ in crew], "crew_shares": crew and [n for _, n in crew],
                "crew_ids": crew and [key and key_id(key) for key, _ in crew]}
    return [row[name] for name in COLUMNS[record_type]]


class Undone(Exception):
    """Takes back what an example wrote."""


type Versions = Mapping[str, Sequence[Sequence[Mapping[str, Any] | None]]]


@asynccontextmanager
async def filled(database: Database, tenant: UUID, found: Versions) -> AsyncIterator[Any]:
    """A connection of the application that sees these records, each with its versions an hour apart.

    None for a version says that at its hour nothing came. All is taken back at the end.
    """
    with suppress(Undone):
        async with database.unit_of_work(tenant) as uow:
            for record_type, records in found.items():
                table, columns = f"record_{record_type}", (*KEPT, *COLUMNS[record_type])
                newest, older = rows_of(tenant, record_type, records)
                await uow.conn.executemany(insert_into(table, *columns), newest)
                await uow.conn.executemany(insert_into(f"{table}_history", *columns, "superseded_at"), older)
            yield uow.conn
            raise Undone


def rows_of(tenant: UUID, record_type: str, records: Sequence[Sequence[Mapping[str, Any] | None]],
            ) -> tuple[list[Any], list[Any]]:
    """The rows of the newest versions, and of those before."""
    newest, older = list[Any](), list[Any]()
    for versions in records:
        came = [(hour, record) for hour, record in enumerate(versions) if record is not None]
        for version, (hour, record) in enumerate(came, 1):
            row = (tenant, record["source"], record["external_id"], version, b"", at_hour(hour),
                   *row_of(record_type, record))
            if version == len(came):
                newest.append(row)
            else:
                older.append((*row, at_hour(came[version][0])))
    return newest, older


def at_hour(hour: int) -> datetime:
    """When the version of an hour was recorded."""
    return datetime(2026, 6, 1, tzinfo=UTC) + timedelta(hours=hour)


def once(heap: Heap) -> Versions:
    """Each record in its only version."""
    return {key: [[record] for record in records] for key, records in heap.items()}


# Of every three measures one is a Python function, which sees each record.
some = st.integers(0, 2).flatmap(lambda place: measures() if place else python_measures())
several = st.lists(some, min_size=AT_ONCE, max_size=AT_ONCE + 2)


@given(heap=heaps(), asked=several, around=surroundings(), parameters=bound, seed=st.integers(0, 2**30))
@tried(SETS // AT_ONCE)
async def test_sql_tallies_what_python_tallies_for_every_subject(
    database: Database, heap: Heap, asked: list[Any], around: Surroundings, parameters: dict[str, Scalar], seed: int,
) -> None:
    tenant, people, others = key_id("tenant"), company(around.zone, seed), Others(heap)
    # Where only employees are asked for, each is told of his one row, and nobody's are shared out.
    subjects = SUBJECTS if seed % 2 else [each for each in SUBJECTS if each.kind is SubjectKind.EMPLOYEE]
    tallies = [tally for measure in asked for tally in tallies_of(measure)]
    # Beside values their sum as well: one scheme asks for the mean and the 90th percentile of the same.
    tallies += [replace(tally, how="sum") for tally in tallies if tally.how == "values"]
    requests = {tally: TallyRequest.of(tally, parameters) for tally in tallies}
    async with filled(database, tenant, once(heap)) as conn:
        by_sql = await tallied(conn, tenant, requests.values(), around.window, people.memberships(),
                               clock=around.clock, levels={subject.kind for subject in subjects})
    known = {(subject.kind, key_id(subject.key)) for subject in subjects}
    for request in requests.values():
        assert by_sql[request].keys() <= known, "somebody got a record who is nobody"
    for subject in subjects:
        found, wanted = {}, {}
        for tally, request in requests.items():
            wanted[tally] = replace(tally_records(
                tally, heap.get(tally.record, ()), around.window(tally.earlier), parameters, subject, above=above,
                department_of=people.department_of, others=others, clock=around.clock,
                employed_days=people.employed_days,
            ), keys=frozenset())  # fmt: skip
            found[tally] = by_sql[request].get((subject.kind, key_id(subject.key)), NOTHING)
            event(f"{tally.how} {'something' if wanted[tally].records else 'nothing'}")
            assert found[tally] == wanted[tally], (subject, tally)
            assert repr(found[tally].rows) == repr(wanted[tally].rows), "of the same types, spelt alike"
        for measure in asked:
            assert reading(measure, found, parameters) == reading(measure, wanted, parameters)


def reading(measure: Any, found: Mapping[Any, Tallied], parameters: Mapping[str, Scalar]) -> Any:
    """What the measure reads, whatever was tallied."""
    return measured(measure, SECONDS, found, lambda tally: tally.record == "meaning_probe", parameters)


@given(heap=heaps(), around=surroundings(), parameters=bound,
       asked=st.lists(expressions(PROBE, 3), min_size=AT_ONCE, max_size=AT_ONCE + 4),
       of_mates=st.lists(expressions(MATE, 2), min_size=1, max_size=2))  # fmt: skip
@tried(SETS // AT_ONCE)
async def test_sql_computes_what_python_computes_for_every_record(
    database: Database, heap: Heap, around: Surroundings, parameters: dict[str, Scalar], asked: list[Expr],
    of_mates: list[Expr],
) -> None:
    tenant = key_id("tenant")
    scene = Scene(parameters, around.window(), around.clock, Others(heap))
    async with filled(database, tenant, once(heap)) as conn:
        for record_type, some in (("meaning_probe", asked), ("meaning_mate", of_mates)):
            binds = Binds()
            compiler = Compiler(binds, reach=Reach(tenant), clock=around.clock, window=around.window())
            pieces = [compiler.piece(expression.node, parameters) for expression in some]
            sql = f"SELECT source, external_id, {', '.join(piece.text for piece in pieces)} " \
                  f"FROM record_{record_type} AS r WHERE tenant_id = {binds.add(tenant, 'uuid')}"  # noqa: S608
            rows = {(source, name): values for source, name, *values in await conn.fetch(sql, *binds.values)}
            for record in heap[record_type]:
                by_sql = rows[record["source"], record["external_id"]]
                for expression, piece, value in zip(some, pieces, by_sql, strict=True):
                    require_same(expression, piece.counted, value, value_of(expression.node, record, scene))


def require_same(expression: Expr, counted: bool, by_sql: Any, by_python: Any) -> None:
    """One value in both meanings."""
    for node in walk(expression.node):
        if isinstance(node, Related):
            event(f"{node.how} looked")
    if by_python is not None and counted:
        by_python = (by_python - EPOCH) // timedelta(microseconds=1)
    assert by_sql == by_python, expression
    assert by_sql is None or isinstance(by_sql, bool) == (kind_of(expression.node) is Kind.FLAG)


@given(seeds=st.lists(st.integers(0, 2**40), min_size=3, max_size=10), heap=heaps(most=0), asked=some,
       around=surroundings(), parameters=bound, hour=st.integers(0, 2), seed=st.integers(0, 2**30))  # fmt: skip
@tried(SETS // AT_ONCE)
async def test_the_records_behind_a_number_are_those_that_were_counted_then(
    database: Database, seeds: list[int], heap: Heap, asked: Any, around: Surroundings, parameters: dict[str, Scalar],
    hour: int, seed: int,
) -> None:
    tally = next((each for each in tallies_of(asked) if each.how not in OF_NO_RECORDS), None)
    assume(tally is not None)
    assert tally is not None
    tenant, people = key_id("tenant"), company(around.zone, seed)
    window, request = around.window(tally.earlier), TallyRequest.of(tally, parameters)
    written = {**once(heap), "meaning_probe": [versions(place, each) for place, each in enumerate(seeds)]}
    known = {key: known_then(records, hour) for key, records in written.items()}
    others = Others({key: list(records.values()) for key, records in known.items()})
    async with filled(database, tenant, written) as conn:
        by_sql = await tallied(conn, tenant, [request], lambda _: window, people.memberships(),
                               known_at=at_hour(hour), clock=around.clock)
        pages = {subject: await every_page(conn, tenant, tally, parameters, window, subject.kind, key_id(subject.key),
                                           people.memberships(), at_hour(hour), around.clock) for subject in SUBJECTS}
    for subject, behind in pages.items():
        assert [one.key for one in behind] == sorted({one.key for one in behind}), "in order, each once"
        expected = {name: found for name, record in known[tally.record].items() if (found := tally_record(
            tally, record, window, parameters, subject, people.department_of, above, others=others, clock=around.clock,
        )) is not None}  # fmt: skip
        assert {(one.source, one.external_id, one.version): (one.value, one.share) for one in behind} == expected
        shown = by_sql[request].get((subject.kind, key_id(subject.key)), NOTHING)
        assert shown.records == len(expected)
        event(f"{subject.kind} {'something' if expected else 'nothing'}")
        if tally.how in ("count", "sum"):
            assert shown.amount == sum(share if value is None else share * value for value, share in expected.values())
        for one in behind:
            record = known[tally.record][one.source, one.external_id, one.version]
            plain = {name: value for name, value in record.items() if name in one.fields and name not in HOLDERS}
            assert plain.items() <= dict(one.fields).items()


def versions(place: int, seed: int) -> list[dict[str, Any] | None]:
    """What came of a record in three hours."""
    name, source = NAMES[place]
    each = Random(seed)
    return [made(Probe, each.randrange(2**40)) | {"external_id": name, "source": source} if each.randrange(4) else None
            for _ in range(3)]


def known_then(records: Sequence[Sequence[Mapping[str, Any] | None]], hour: int,
               ) -> dict[tuple[str, str, int], Mapping[str, Any]]:
    """The version of each record that was known at the hour, by its name and number."""
    found = {}
    for each in records:
        came = [record for record in each[: hour + 1] if record is not None]
        if came:
            found[str(came[-1]["source"]), str(came[-1]["external_id"]), len(came)] = came[-1]
    return found


@given(seeds=st.lists(st.integers(0, 2**40), min_size=3, max_size=12), heap=heaps(most=0),
       asked=st.lists(measures(), min_size=AT_ONCE, max_size=AT_ONCE + 2),
       around=surroundings(), parameters=bound, seed=st.integers(0, 2**30))  # fmt: skip
@tried(SETS // AT_ONCE // 4)
async def test_the_state_says_what_the_records_say(
    database: Database, seeds: list[int], heap: Heap, asked: list[Any], around: Surroundings,
    parameters: dict[str, Scalar], seed: int,
) -> None:
    tenant, people, source = key_id("tenant"), company(around.zone, seed).memberships(), Random(seed)
    requests = [TallyRequest.of(tally, parameters) for measure in asked for tally in tallies_of(measure)]
    probes = [versions(place, each) for place, each in enumerate(seeds)]
    wanted = wanted_of(requests, around.window, around.zone, around.clock)
    # Now and then a few values are too many to be kept, or a few marks so many that whole days are made anew.
    few_values = patch.object(build, "MOST_VALUES", source.choice((1, 50_000)))
    with suppress(Undone), few_values, patch.object(upkeep, "MOST_PAIRS", source.choice((2, 5_000))):
        async with database.unit_of_work(tenant, isolation="repeatable_read") as uow:
            for hour in range(3):
                await write_hour(uow.conn, tenant, {**once(heap), "meaning_probe": probes}, hour, around.zone)
                if hour == 0 or not source.randrange(3):
                    assert await ensure(uow.conn, tenant, wanted) >= (len(wanted) if hour == 0 else 0)
                if source.randrange(2):
                    await refresh(uow.conn, tenant, most=source.choice((1, 5, 1000)))
            for moment in (None, *map(at_hour, range(3))):
                some = None if source.randrange(3) else [key_id(each) for each in source.sample(EMPLOYEES, 2)]
                levels = source.choice(([SubjectKind.EMPLOYEE], list(SubjectKind)))
                ways = {"known_at": moment, "employees": some, "levels": levels, "clock": around.clock}
                reading = Asked(tenant, around.window, people, frozenset(levels), moment, some, around.clock)
                event(f"{len(await from_state(uow.conn, reading, requests))} of {len(requests)} from state")
                by_state = await tallied(uow.conn, tenant, requests, around.window, people, **ways)
                with suppress(Undone):
                    async with uow.conn.transaction():
                        await uow.conn.execute("delete from measure_state_span where tenant_id = $1", tenant)
                        by_records = await tallied(uow.conn, tenant, requests, around.window, people, **ways)
                        raise Undone
                for request in requests:
                    assert by_state[request] == by_records[request], (moment, request)
            await compare_again(uow.conn, tenant, requests, around, people, source)
            raise Undone


async def compare_again(conn: Any, tenant: UUID, requests: list[TallyRequest], around: Surroundings, people: Any,
                        source: Random) -> None:
    """What is asked of a few employees again and again, by itself and within another statement."""
    some = [key_id(each) for each in source.sample(EMPLOYEES, 2)]
    by_records = await tallied(conn, tenant, requests, around.window, people, employees=some, clock=around.clock)
    again = Again.of(tenant, requests, around.window, people, around.clock)
    queries, values = again.within("$1::uuid[]", 2)
    row = await conn.fetchrow(f"select {', '.join(queries)}", sorted(some), *values) if queries else ()
    for found in (await again.tallied(conn, some), await again.tallied(conn, some, tuple(row))):
        for request in requests:
            assert found.get(request, {}) == by_records[request], request


async def write_hour(conn: Any, tenant: UUID, found: Versions, hour: int, zone: str) -> None:
    """The records as they are at the hour, with the marks of what the hour changed."""
    marks = set()
    for record_type, records in found.items():
        table, columns = f"record_{record_type}", (*KEPT, *COLUMNS[record_type])
        newest, older = rows_of(tenant, record_type, [record[: hour + 1] for record in records])
        anew = ", ".join(f'"{each}" = excluded."{each}"' for each in columns[3:])
        await conn.executemany(f"{insert_into(table, *columns)} on conflict (tenant_id, source, external_id) "
                               f"do update set {anew}", newest)
        await conn.executemany(f"{insert_into(f'{table}_history', *columns, 'superseded_at')} on conflict do nothing",
                               older)
        for record in records:
            if hour < len(record) and record[hour] is not None:
                before = next((each for each in reversed(record[:hour]) if each is not None), None)
                marks |= {(record_type, who, day) for each in (before, record[hour]) if each is not None
                          for who in named(each) for day in local_days(each, zone)}
    await conn.executemany(
        "insert into touched (tenant_id, record_type, subject_id, month, days, touched_at) "
        "values ($1, $2, $3, $4, $5, $6) "
        "on conflict (tenant_id, record_type, subject_id, month) do update set days = touched.days | excluded.days, "
        "touched_at = excluded.touched_at",
        [(tenant, record_type, who, day.replace(day=1), 1 << day.day - 1, at_hour(hour))
         for record_type, who, day in sorted(marks)])  # fmt: skip


def named(record: Mapping[str, Any]) -> set[UUID]:
    """Everybody that a record names; nobody where a name is missing."""
    crew = [key for key, _ in record.get("crew") or ((None, 1),)]
    return {key_id(key) if key else UUID(int=0) for key in (*(record.get(each) for each in HOLDERS), *crew)}


def local_days(record: Mapping[str, Any], zone: str) -> set[date]:
    """The local days of its moments."""
    moments = [record.get(name) for name in ("opened", "closed", "day", "other", "at", "on")]
    return {each.astimezone(ZoneInfo(zone)).date() if isinstance(each, datetime) else each
            for each in moments if each is not None}


async def every_page(conn: Any, *asked: Any) -> list[Evidence]:
    """All the records, three at a time."""
    *asked_before, clock = asked
    found: list[Evidence] = []
    while True:
        page = await records_behind(conn, *asked_before, first=3, after=found[-1].key if found else None, clock=clock)
        found += page.records
        if not page.more:
            return found
