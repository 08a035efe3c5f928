"""SQL and plain Python give every expression and every measure the same meaning.

Records, people and measures are generated; what the database tallies, read as the application role, must equal
``meritline_sdk.evaluate`` for every employee, every department and the company. HYPOTHESIS_PROFILE=nightly tries
10,000 companies instead of 200.
"""

import os
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5
from zoneinfo import ZoneInfo

import asyncpg
import pytest
from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st

from meritline.db import Database
from meritline.local import LocalUrls
from meritline.measuring.binds import Binds
from meritline.measuring.compiler import Compiler
from meritline.measuring.evidence import Evidence, records_behind
from meritline.measuring.memberships import Memberships, Stay
from meritline.measuring.requests import TallyRequest
from meritline.measuring.store import tallied
from meritline.records.ddl import ensure_record_tables
from meritline_sdk import (
    Attribution,
    Change,
    Choice,
    Code,
    Count,
    Day,
    Expr,
    Flag,
    Instant,
    Int,
    Mean,
    Number,
    Parameter,
    People,
    Percentile,
    Person,
    Quotient,
    Ratio,
    RecordType,
    SubjectKind,
    Sum,
    Team,
    Text,
    company_only,
    days,
    divided,
    each,
    hours,
    seconds,
)  # fmt: skip
from meritline_sdk.evaluate.expressions import value_of
from meritline_sdk.evaluate.tallies import NOTHING, Subject, tally_record, tally_records
from meritline_sdk.evaluate.windows import Window, earlier, window
from meritline_sdk.model.expressions import as_expr
from meritline_sdk.model.kinds import Kind
from meritline_sdk.model.measures import tallies_of
from meritline_sdk.model.nodes import Scalar, kind_of

NIGHTLY = os.environ.get("HYPOTHESIS_PROFILE") == "nightly"
EVERY_WAY = settings(
    max_examples=10_000 if NIGHTLY else 200, derandomize=not NIGHTLY, deadline=None, database=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.large_base_example],
)  # fmt: skip

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
WIDEST = 10**18 - 1
PERIODS = ("2026-03", "2026-04", "2026-Q1")
ZONES = ("UTC", "Asia/Shanghai", "America/New_York", "Europe/Berlin", "America/Santiago", "Asia/Kolkata")
EMPLOYEES = ("E1", "E2", "E3", "E4")
PARENTS = {"D0": None, "D1": "D0", "D2": "D0", "D3": "D1", "D4": None}
WORDS = ("a", "A", "á", "售后", "", " a", "%", "'")


class Probe(RecordType, key="meaning_probe", title=Text("Probe", "探针")):
    agent = Person()
    helper = Person(optional=True)
    crew = People(optional=True)
    queue = Team(optional=True)
    opened = Instant()
    closed = Instant(optional=True)
    day = Day(optional=True)
    other = Day(optional=True)
    n = Int(optional=True)
    m = Int(optional=True)
    x = Number(places=9, optional=True)
    y = Number(places=2, optional=True)
    yes = Flag(optional=True)
    word = Code(optional=True)
    mode = Choice(options=WORDS, optional=True)
    defaults = Attribution(credit=agent, at=opened)


p: Any = Probe
PARAMETERS: dict[str, Parameter] = {found.node.name: found for found in (  # type: ignore[union-attr]
    Parameter("limit", 2), Parameter("rate", Decimal("0.25")), Parameter("wait", timedelta(hours=24)),
    Parameter("since", datetime(2026, 3, 29, 1, tzinfo=UTC)), Parameter("from_day", date(2026, 3, 2)),
    Parameter("named", "a"), Parameter("on", True),
)}  # fmt: skip


def key_id(key: str) -> UUID:
    """The id of an employee or department of the tests."""
    return uuid5(NAMESPACE_URL, key)


# What a record can hold ----------------------------------------------------------------------------------------------

@st.composite
def edges(draw: st.DrawFn) -> datetime:
    """An instant at the edge of a period or of a day, or a microsecond beside it."""
    zone = draw(st.sampled_from(ZONES))
    edge = draw(st.sampled_from([window(period, zone) for period in PERIODS]))
    moment = draw(st.sampled_from([edge.start, edge.end, edge.start + timedelta(days=10)]))
    return moment + timedelta(microseconds=draw(st.sampled_from([-1, 0, 1, 86_399_999_999])))


inside = st.datetimes(datetime(2026, 2, 20), datetime(2026, 5, 10), timezones=st.just(UTC))  # noqa: DTZ001
instants = st.one_of(edges(), inside)
some_days = st.one_of(
    st.sampled_from([date(2026, 2, 28), date(2026, 3, 1), date(2026, 3, 31), date(2026, 4, 1), date(2024, 2, 29)]),
    st.dates(date(2026, 2, 20), date(2026, 5, 10)),
)
ints = st.sampled_from([0, 1, -1, 2, WIDEST, -WIDEST]) | st.integers(-5, 5) | st.integers(-WIDEST, WIDEST)


def decimals(places: int) -> st.SearchStrategy[Decimal]:
    """Numbers of so many decimals: zeros, ties, the largest and the smallest there are."""
    smallest = Decimal(1).scaleb(-places)
    return (st.sampled_from([Decimal(0), Decimal("0.5"), Decimal("-0.5"), smallest, -smallest, Decimal(WIDEST)])
            | st.integers(-10**6, 10**6).map(lambda units: Decimal(units).scaleb(-places))
            | st.integers(-10**18 + 1, 10**18 - 1).map(lambda units: Decimal(units).scaleb(-places)))


people = st.sampled_from([*EMPLOYEES, None])
crews = st.none() | st.lists(st.tuples(people, st.integers(1, 7)), min_size=1, max_size=4).map(tuple)
records = st.fixed_dictionaries({
    "agent": people, "helper": people, "crew": crews, "queue": st.sampled_from([*PARENTS, None]),
    "opened": instants, "closed": instants | st.none(), "day": some_days | st.none(), "other": st.none() | some_days,
    "n": st.none() | ints, "m": st.none() | ints, "x": st.none() | decimals(9), "y": st.none() | decimals(2),
    "yes": st.sampled_from([True, False, None]), "word": st.sampled_from([*WORDS, None]),
    "mode": st.sampled_from([*WORDS, None]),
})  # fmt: skip


# What can be said of it ----------------------------------------------------------------------------------------------

type Operators = Sequence[Callable[[Any, Any], Any]]
EQUALITY: Operators = (lambda a, b: a == b, lambda a, b: a != b)
ORDER: Operators = (*EQUALITY, lambda a, b: a < b, lambda a, b: a <= b, lambda a, b: a > b, lambda a, b: a >= b)
SUMS: Operators = (lambda a, b: a + b, lambda a, b: a - b)
CALCULATIONS: Operators = (*SUMS, lambda a, b: a * b)
DIFFERENCE: Operators = SUMS[1:]
LOGIC: Operators = (lambda a, b: a & b, lambda a, b: a | b)


def binary(draw: st.DrawFn, how: Operators, left: st.SearchStrategy[Expr], right: st.SearchStrategy[Expr]) -> Expr:
    """An operator of the table between two things."""
    found: Expr = draw(st.sampled_from(how))(draw(left), draw(right))
    return found


def constant(draw: st.DrawFn, given: st.SearchStrategy[Any]) -> Expr:
    """A value as an expression."""
    return as_expr(draw(given))


@st.composite
def whole(draw: st.DrawFn, depth: int) -> Expr:
    match draw(st.integers(0, 2 if depth else 1)):
        case 0:
            return draw(st.sampled_from([p.n, p.m, PARAMETERS["limit"], p.day - p.other]))
        case 1:
            return constant(draw, ints)
        case _:
            return binary(draw, CALCULATIONS, whole(depth - 1), whole(depth - 1))


@st.composite
def numbers(draw: st.DrawFn, depth: int) -> Expr:
    match draw(st.integers(0, 5 if depth else 2)):
        case 0:
            return draw(st.sampled_from([p.x, p.y, PARAMETERS["rate"]]))
        case 1:
            return constant(draw, decimals(12))
        case 2 | 3:
            return draw(whole(depth))
        case 4:
            return Quotient(draw(numbers(depth - 1)), draw(numbers(depth - 1)), places=draw(st.integers(0, 12)))
        case _:
            return binary(draw, CALCULATIONS, numbers(depth - 1), numbers(depth - 1))


@st.composite
def short(draw: st.DrawFn) -> Expr:
    """A duration that keeps an instant within the calendar."""
    if draw(st.booleans()):
        return constant(draw, st.timedeltas(timedelta(days=-400), timedelta(days=400)))
    return draw(st.sampled_from([p.closed - p.opened, PARAMETERS["wait"], seconds(1), hours(24), days(31)]))


@st.composite
def durations(draw: st.DrawFn, depth: int) -> Expr:
    match draw(st.integers(0, 4 if depth else 0)):
        case 0 | 1:
            return draw(short())
        case 2:
            return binary(draw, SUMS, durations(depth - 1), durations(depth - 1))
        case 3:
            one, other = draw(st.permutations([durations(depth - 1), whole(0)]))
            return binary(draw, CALCULATIONS[2:], one, other)
        case _:
            return binary(draw, DIFFERENCE, moments(depth - 1), moments(depth - 1))


@st.composite
def moments(draw: st.DrawFn, depth: int) -> Expr:
    match draw(st.integers(0, 3 if depth else 1)):
        case 0:
            return draw(st.sampled_from([p.opened, p.closed, PARAMETERS["since"]]))
        case 1:
            return constant(draw, instants)
        case 2:
            return binary(draw, SUMS, moments(0), short())
        case _:
            return binary(draw, SUMS[:1], short(), moments(0))


@st.composite
def calendar(draw: st.DrawFn) -> Expr:
    return draw(st.sampled_from([p.day, p.other, PARAMETERS["from_day"], as_expr(draw(some_days))]))


@st.composite
def texts(draw: st.DrawFn) -> Expr:
    return draw(st.sampled_from([p.word, p.mode, PARAMETERS["named"], as_expr(draw(st.sampled_from(WORDS)))]))


holders = st.sampled_from([p.agent, p.helper, p.crew, p.queue, p.yes])


@st.composite
def memberships_of(draw: st.DrawFn, depth: int) -> Expr:
    """A value that is one of several."""
    item, among = draw(st.sampled_from([
        (texts(), st.sampled_from(WORDS)), (whole(depth), ints), (moments(1), instants), (calendar(), some_days),
        (numbers(depth), decimals(2) | ints),
    ]))  # fmt: skip
    return draw(item).one_of(*draw(st.lists(among, min_size=1, max_size=4)))


@st.composite
def conditions(draw: st.DrawFn, depth: int) -> Expr:
    """Whatever is true, false or unknown."""
    below = max(depth - 1, 0)
    match draw(st.integers(0, 11 if depth else 8)):
        case 0:
            return binary(draw, ORDER, numbers(below), numbers(below))
        case 1:
            return binary(draw, ORDER, durations(below), durations(below))
        case 2:
            return binary(draw, ORDER, moments(depth), moments(depth))
        case 3:
            return binary(draw, ORDER, calendar(), calendar())
        case 4:
            return binary(draw, EQUALITY, texts(), texts())
        case 5:
            return draw(st.sampled_from([p.agent == p.helper, p.helper != p.agent, p.yes, PARAMETERS["on"],
                                         p.yes == PARAMETERS["on"], p.yes != True]))  # noqa: E712
        case 6:
            return draw(memberships_of(below))
        case 7:
            return draw(st.one_of(holders, numbers(below), durations(below), moments(1), texts(), calendar())).missing()
        case 8:
            return draw(holders).present()
        case 9:
            return ~draw(conditions(below))
        case _:
            return binary(draw, LOGIC, conditions(below), conditions(below))


whole_credits = st.sampled_from([None, p.agent, p.helper, p.queue, each(p.crew), company_only()])
any_credits = st.one_of(whole_credits, st.just(p.crew), whole(1).map(lambda by: divided(p.agent, by)))


@st.composite
def simple_measures(draw: st.DrawFn, makers: Sequence[Any]) -> Any:
    """A measure of one tally."""
    make = draw(st.sampled_from(makers))
    where = draw(conditions(2)) if draw(st.booleans()) else None
    at = draw(st.sampled_from([None, p.opened, p.closed, p.day]))
    credit = draw(any_credits if make in (Count, Sum) else whole_credits)
    if make is Count:
        return Count(Probe, where, credit=credit, at=at)
    value = draw(st.one_of(numbers(2), durations(2)))
    if make is Percentile:
        return Percentile(value, draw(st.integers(1, 100)), where, credit=credit, at=at, record=Probe)
    return make(value, where, credit=credit, at=at, record=Probe)


@st.composite
def measures(draw: st.DrawFn) -> Any:
    """Any measure of the SDK."""
    if draw(st.integers(0, 3)) == 0:
        found: Any = Ratio(draw(simple_measures([Count, Sum])), draw(simple_measures([Count, Sum])))
    else:
        found = draw(simple_measures([Count, Sum, Mean, Percentile]))
    return Change(found) if draw(st.booleans()) else found


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

    def memberships(self) -> Memberships:
        """The same for the server."""
        stays = [Stay(key_id(person), department and key_id(department), first, end)  # type: ignore[arg-type]
                 for person, department, first, end in self.stays]  # fmt: skip
        return Memberships(stays, {key_id(key): up and key_id(up) for key, up in PARENTS.items()}, self.zone)  # type: ignore[misc]


def above(department: str) -> frozenset[str]:
    """The department and those above it."""
    up = PARENTS[department]
    return frozenset({department}) | (above(up) if up else frozenset())


@st.composite
def companies(draw: st.DrawFn) -> Company:
    """People who move between departments, also inside a month, and who are nowhere for a while."""
    stays: list[tuple[str, str | None, date, date | None]] = []
    for employee in EMPLOYEES:
        cuts = sorted(set(draw(st.lists(some_days, max_size=3))))
        for first, end in zip([date(2020, 1, 1), *cuts], [*cuts, None], strict=True):
            department = draw(st.sampled_from([*PARENTS, None, "absent"]))
            if department != "absent":
                stays.append((employee, department, first, end))
    return Company(draw(st.sampled_from(ZONES)), tuple(stays))


bound = st.fixed_dictionaries({}, optional={
    "limit": st.integers(-3, 3), "rate": decimals(3), "wait": st.integers(-10**12, 10**12), "since": instants,
    "from_day": some_days, "named": st.sampled_from(WORDS), "on": st.booleans(),
})  # fmt: skip


# Both meanings -------------------------------------------------------------------------------------------------------

@pytest.fixture(scope="module")
async def database(migrated_database: LocalUrls) -> AsyncIterator[Database]:
    owner = await asyncpg.connect(migrated_database.migration_database_url)
    await ensure_record_tables(owner, [Probe.declaration], app_role="meritline_app")
    await owner.close()
    async with await Database.open(migrated_database.database_url) as opened:
        yield opened


KEPT = ("tenant_id", "source", "external_id", "version", "digest", "recorded_at")
COLUMNS = ("agent", "helper", "crew_codes", "crew_ids", "crew_shares", "queue", "opened", "closed", "day", "other",
           "n", "m", "x", "y", "yes", "word", "mode")  # fmt: skip


def insert_into(table: str, *columns: str) -> str:
    """An INSERT of one row of these columns."""
    places = ", ".join(f"${place}" for place in range(1, len(columns) + 1))
    return f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({places})"  # noqa: S608


SUBJECTS = [Subject(SubjectKind.COMPANY, "tenant"), *(Subject(SubjectKind.EMPLOYEE, key) for key in EMPLOYEES),
            *(Subject(SubjectKind.DEPARTMENT, key) for key in PARENTS)]  # fmt: skip


def row_of(record: Mapping[str, Any]) -> list[Any]:
    """The record as the table holds it."""
    crew = record["crew"]
    row = {**record, "crew_codes": crew and [key or "?" for key, _ in crew],
           "crew_ids": crew and [key and key_id(key) for key, _ in crew], "crew_shares": crew and [n for _, n in crew]}
    for name in ("agent", "helper", "queue"):
        row[name] = record[name] and key_id(record[name])
    return [row[name] for name in COLUMNS]


class Undone(Exception):
    """Takes back what an example wrote."""


@asynccontextmanager
async def filled(database: Database, tenant: UUID, found: Sequence[Sequence[Mapping[str, Any] | None]]
                 ) -> AsyncIterator[Any]:
    """A connection of the application that sees these records, each with its versions an hour apart.

    None for a version says that at its hour nothing came. All is taken back at the end.
    """
    with suppress(Undone):
        async with database.unit_of_work(tenant) as uow:
            newest, older = [], []
            for name, versions in enumerate(found):
                came = [(hour, record) for hour, record in enumerate(versions) if record is not None]
                for version, (hour, record) in enumerate(came, 1):
                    row = (tenant, "s", str(name), version, b"", at_hour(hour), *row_of(record))
                    if version == len(came):
                        newest.append(row)
                    else:
                        older.append((*row, at_hour(came[version][0])))
            await uow.conn.executemany(insert_into("record_meaning_probe", *KEPT, *COLUMNS), newest)
            await uow.conn.executemany(
                insert_into("record_meaning_probe_history", *KEPT, *COLUMNS, "superseded_at"), older
            )
            yield uow.conn
            raise Undone


def at_hour(hour: int) -> datetime:
    """When the version of an hour was recorded."""
    return datetime(2026, 6, 1, tzinfo=UTC) + timedelta(hours=hour)


@given(found=st.lists(records, min_size=3, max_size=16), asked=st.lists(measures(), min_size=3, max_size=8),
       company=companies(), period=st.sampled_from(PERIODS), parameters=bound)  # fmt: skip
@EVERY_WAY
async def test_sql_tallies_what_python_tallies_for_every_subject(
    database: Database, found: list[dict[str, Any]], asked: list[Any], company: Company, period: str,
    parameters: dict[str, Scalar],
) -> None:
    tenant = key_id("tenant")
    requests = [TallyRequest.of(tally, parameters) for measure in asked for tally in tallies_of(measure)]

    def window_of(periods: int) -> Window:
        return window(earlier(period, periods), company.zone)

    async with filled(database, tenant, [[record] for record in found]) as conn:
        by_sql = await tallied(conn, tenant, requests, window_of, company.memberships())
    for request in requests:
        for subject in SUBJECTS:
            by_python = tally_records(
                request.tally, found, window_of(request.tally.earlier), parameters, subject,
                department_of=company.department_of, above=above,
            )  # fmt: skip
            event(f"{request.tally.how} {request.tally.credit.mode} "
                  f"{'something' if by_python.records else 'nothing'}")  # fmt: skip
            assert by_sql[request].get((subject.kind, key_id(subject.key)), NOTHING) == by_python, (subject, request)
        known = {(subject.kind, key_id(subject.key)) for subject in SUBJECTS}
        assert by_sql[request].keys() <= known, "somebody got a record who is nobody"


@given(found=st.lists(records, min_size=1, max_size=8), parameters=bound, asked=st.lists(
    st.one_of(conditions(3), numbers(3), durations(3), moments(2)), min_size=5, max_size=12))  # fmt: skip
@EVERY_WAY
async def test_sql_computes_what_python_computes_for_every_record(
    database: Database, found: list[dict[str, Any]], asked: list[Expr], parameters: dict[str, Scalar]
) -> None:
    tenant, binds = key_id("tenant"), Binds()
    pieces = [Compiler(binds).piece(expression.node, parameters) for expression in asked]
    listed = ", ".join(piece.text for piece in pieces)
    sql = f"SELECT {listed} FROM record_meaning_probe AS r WHERE tenant_id = {binds.add(tenant, 'uuid')} " \
          "ORDER BY external_id::int"  # noqa: S608
    async with filled(database, tenant, [[record] for record in found]) as conn:
        rows = await conn.fetch(sql, *binds.values)
    for record, row in zip(found, rows, strict=True):
        for expression, piece, by_sql in zip(asked, pieces, row, strict=True):
            by_python = value_of(expression.node, record, parameters)
            if by_python is not None and piece.counted:
                by_python = (by_python - EPOCH) // timedelta(microseconds=1)
            assert by_sql == by_python, (expression, record)
            assert by_sql is None or isinstance(by_sql, bool) == (kind_of(expression.node) is Kind.FLAG)


@given(found=st.lists(st.lists(st.none() | records, min_size=3, max_size=3), min_size=3, max_size=10), asked=measures(),
       company=companies(), period=st.sampled_from(PERIODS), parameters=bound, hour=st.integers(0, 2))  # fmt: skip
@EVERY_WAY
async def test_the_records_behind_a_number_are_those_that_were_counted_then(
    database: Database, found: list[list[dict[str, Any] | None]], asked: Any, company: Company, period: str,
    parameters: dict[str, Scalar], hour: int,
) -> None:
    tenant, tally, people = key_id("tenant"), tallies_of(asked)[0], company.memberships()
    of_tally, request = window(earlier(period, tally.earlier), company.zone), TallyRequest.of(tally, parameters)
    known = {}
    for name, versions in enumerate(found):
        came = [record for record in versions[: hour + 1] if record is not None]
        if came:
            known[str(name), len(came)] = came[-1]
    async with filled(database, tenant, found) as conn:
        by_sql = await tallied(conn, tenant, [request], lambda _: of_tally, people, known_at=at_hour(hour))
        pages = {subject: await every_page(conn, tenant, tally, parameters, of_tally, subject.kind,
                                           key_id(subject.key), people, at_hour(hour)) for subject in SUBJECTS}
    for subject, behind in pages.items():
        assert [one.key for one in behind] == sorted({one.key for one in behind}), "in order, each once"
        expected = {key: found for key, record in known.items() if (found := tally_record(
            tally, record, of_tally, parameters, subject, company.department_of, above)) is not None}  # fmt: skip
        assert {(one.external_id, one.version): (one.value, one.share) for one in behind} == expected
        shown = by_sql[request].get((subject.kind, key_id(subject.key)), NOTHING)
        assert shown.records == len(expected)
        event(f"{subject.kind} {'something' if expected else 'nothing'}")
        if tally.how != "values":
            assert shown.amount == sum(share if value is None else share * value for value, share in expected.values())
        for one in behind:
            assert one.fields["n"] == known[one.external_id, one.version]["n"]


async def every_page(conn: Any, *asked: Any) -> list[Evidence]:
    """All the records, two at a time."""
    found: list[Evidence] = []
    while True:
        page = await records_behind(conn, *asked, first=2, after=found[-1].key if found else None)
        found += page.records
        if not page.more:
            return found
