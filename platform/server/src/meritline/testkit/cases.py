"""A golden case by SQL: its records stand in the record tables, the application role reads what they give.

The records behind each number are asked for as well: there must be as many as were counted.
"""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid4, uuid5

from meritline.db import Connection, Database
from meritline.measuring.coverage import coverage_of
from meritline.measuring.evidence import records_behind
from meritline.measuring.memberships import Memberships, Stay
from meritline.measuring.requests import TallyRequest
from meritline.measuring.store import tallied
from meritline.records.columns import current_table
from meritline_sdk.evaluate.answers import asked_here
from meritline_sdk.evaluate.readings import beside_values, read
from meritline_sdk.evaluate.tallies import NOTHING
from meritline_sdk.model.indicators import indicator_tallies
from meritline_sdk.model.kinds import Kind
from meritline_sdk.model.measures import OF_NO_RECORDS
from meritline_sdk.model.records import RecordDeclaration
from meritline_sdk.model.schemes import SubjectKind
from meritline_sdk.testing import GoldenCase, read_case
from meritline_sdk.testing.golden import known, tallied_case
from meritline_sdk.testing.golden_scene import employed_of

HOUSEKEEPING = ("tenant_id", "source", "external_id", "version", "digest", "recorded_at")
ALWAYS = date(1900, 1, 1), date(2200, 1, 1)


class Done(Exception):
    """Ends the transaction of a case, so that it is rolled back."""


async def difference(database: Database, case: GoldenCase) -> str | None:
    """In what SQL reads the case otherwise than plain Python does."""
    found: list[str] = []
    tenant = uuid4()
    try:
        async with database.unit_of_work(tenant) as uow:
            await write(uow.conn, tenant, case)
            found = [told async for told in differences(uow.conn, tenant, case)]
            raise Done
    except Done:
        return "; ".join(found) or None


async def differences(conn: Connection, tenant: UUID, case: GoldenCase) -> Any:
    """Each difference, in words."""
    asked = {tally: TallyRequest.of(tally, case.parameters) for tally in indicator_tallies(case.indicator)}
    who = (case.subject.kind, tenant if case.subject.kind is SubjectKind.COMPANY else identity(case.subject.key))
    people = people_of(case)
    found = await tallied(conn, tenant, asked.values(), case.window, people, clock=case.clock)
    windows = [case.window(periods) for periods in sorted({each.earlier for each in asked} | {0})]
    delivered = (await coverage_of(conn, tenant, windows)).covers(case.window)
    mine = {tally: found[request].get(who, NOTHING) for tally, request in asked.items()}
    reading = read(case.indicator, mine, covered=delivered, parameters=case.parameters,
                   minimum_sample=case.body.get("minimum_sample"), asked=asked_here(case.window()))
    if reading != read_case(case):
        yield f"SQL reads {reading}, plain Python {read_case(case)}"
    beside = beside_values(case.indicator, mine, covered=delivered, parameters=case.parameters)
    plain = beside_values(case.indicator, tallied_case(case), covered=case.covered, parameters=case.parameters)
    if beside != plain:
        yield f"beside it SQL reads {beside}, plain Python {plain}"
    for tally in asked:
        behind = await records_behind(conn, tenant, tally, case.parameters, case.window(tally.earlier), *who, people,
                                      clock=case.clock)
        if tally.how not in OF_NO_RECORDS and len(behind.records) != mine[tally].records:
            yield f"{len(behind.records)} records stand behind {mine[tally].records} counted ones of {tally.record}"


async def write(conn: Connection, tenant: UUID, case: GoldenCase) -> None:
    """The records of the case, and what was delivered."""
    declared = known(case.indicator)
    for record_type, records in case.records.items():
        await insert(conn, tenant, declared[record_type], records)
    await deliver(conn, tenant, case)


def identity(key: str) -> UUID:
    """The id of an employee or department of the cases."""
    return uuid5(NAMESPACE_URL, key)


def people_of(case: GoldenCase) -> Memberships:
    """The people whom the case places in departments, and the subject with the days of employment."""
    stays: dict[str, list[tuple[date, date | None]]] = {}
    parents: dict[UUID, UUID | None] = dict.fromkeys(map(identity, teams_of(case)))
    places: dict[str, str] = {}
    for person, given in case.body.get("departments", {}).items():
        line = [given] if isinstance(given, str) else given
        stays[person], places[person] = [ALWAYS], line[0]
        for below, above in zip(line, [*line[1:], None], strict=True):
            parents[identity(below)] = above and identity(above)
    if case.subject.kind is SubjectKind.EMPLOYEE:
        stays[case.subject.key] = [(max(first, ALWAYS[0]), min(end, ALWAYS[1])) for first, end in employed_of(case)]
    if case.subject.kind is SubjectKind.DEPARTMENT:
        parents.setdefault(identity(case.subject.key), None)
    return Memberships(
        [Stay(identity(person), identity(places[person]) if person in places else None, *stay)
         for person, several in stays.items() for stay in several], parents, case.zone)  # fmt: skip


def teams_of(case: GoldenCase) -> Iterator[str]:
    """The departments that records name."""
    for record_type, records in case.records.items():
        teams = [spec.name for spec in known(case.indicator)[record_type].fields if spec.kind is Kind.TEAM]
        yield from (record[name] for record in records for name in teams if record.get(name))  # type: ignore[misc]


def columns_of(declaration: RecordDeclaration, record: Mapping[str, Any]) -> dict[str, Any]:
    """A record as its table holds it."""
    row: dict[str, Any] = {}
    for spec in declaration.fields:
        value = record.get(spec.name)
        if value is None:
            continue
        match spec.kind:
            case Kind.PERSON | Kind.TEAM:
                row |= {spec.name: identity(value), f"{spec.name}_code": value}
            case Kind.PEOPLE:
                row |= {f"{spec.name}_codes": [who or "?" for who, _ in value],
                        f"{spec.name}_ids": [who and identity(who) for who, _ in value],
                        f"{spec.name}_shares": [part for _, part in value]}
            case _:
                row[spec.name] = value
    return row


async def insert(conn: Connection, tenant: UUID, declaration: RecordDeclaration, records: Any) -> None:
    """Write the records as the application may."""
    for record in records:
        row = columns_of(declaration, record)
        names = ", ".join((*HOUSEKEEPING, *(f'"{name}"' for name in row)))
        places = ", ".join(f"${place}" for place in range(1, len(row) + 4))
        await conn.execute(
            f"insert into {current_table(declaration.key)} ({names}) "  # noqa: S608
            f"values ($1, $2, $3, 1, '', now(){places.removeprefix('$1, $2, $3')})",
            tenant, record["source"], record["external_id"], *row.values(),
        )  # fmt: skip


async def deliver(conn: Connection, tenant: UUID, case: GoldenCase) -> None:
    """Say that everything was delivered, or of which record types."""
    covered = (tally.record for tally in indicator_tallies(case.indicator) if case.covered(tally))
    for record_type in dict.fromkeys(covered):
        import_id = await conn.fetchval("insert into import_batch (tenant_id, source, record_type) "
                                        "values ($1, 'golden', $2) returning id", tenant, record_type)
        await conn.execute("insert into coverage (tenant_id, source, record_type, period_from, period_to, import_id) "
                           "values ($1, 'golden', $2, $3, $4, $5)", tenant, record_type, date(1, 1, 1),
                           date(9999, 12, 31), import_id)
