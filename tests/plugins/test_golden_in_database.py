"""Every golden case again by SQL: its records stand in the record tables, the application role reads what they give.

Each case is a tenant of its own, so that what one case leaves behind could not help another. The records behind each
number are asked for as well: there must be as many as were counted.
"""

from collections.abc import AsyncIterator, Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid4, uuid5

import pytest

from meritline.db import Connection, Database
from meritline.local import LocalUrls
from meritline.measuring.coverage import coverage_of
from meritline.measuring.evidence import records_behind
from meritline.measuring.memberships import Memberships, Stay
from meritline.measuring.requests import TallyRequest
from meritline.measuring.store import tallied
from meritline.records.columns import current_table
from meritline_after_sales_common import COMMON
from meritline_appliance_repair import APPLIANCE_REPAIR
from meritline_call_center import CALL_CENTER
from meritline_ecommerce_service import ECOMMERCE_SERVICE
from meritline_sdk.evaluate.readings import beside_values, read
from meritline_sdk.evaluate.tallies import NOTHING
from meritline_sdk.model.indicators import indicator_tallies
from meritline_sdk.model.kinds import Kind
from meritline_sdk.model.measures import OF_NO_RECORDS
from meritline_sdk.model.records import RecordDeclaration
from meritline_sdk.model.schemes import SubjectKind
from meritline_sdk.testing import GoldenCase, load_golden, read_case
from meritline_sdk.testing.golden import known, tallied_case
from meritline_sdk.testing.golden_scene import employed_of

PLUGINS = Path(__file__).parents[2] / "plugins"
SETS = {"after-sales-common": COMMON, "appliance-repair": APPLIANCE_REPAIR, "call-center": CALL_CENTER,
        "ecommerce-service": ECOMMERCE_SERVICE}  # fmt: skip
CASES = [pytest.param(case, id=f"{plugin} {case.place.removesuffix('.toml')}")
         for plugin, one in SETS.items() for case in load_golden(PLUGINS / plugin / "golden", [one])]
HOUSEKEEPING = ("tenant_id", "source", "external_id", "version", "digest", "recorded_at")
ALWAYS = date(1900, 1, 1), date(2200, 1, 1)


@pytest.fixture(scope="module")
async def database(migrated_database: LocalUrls) -> AsyncIterator[Database]:
    async with await Database.open(migrated_database.database_url) as opened:
        yield opened


@pytest.mark.parametrize("case", CASES)
async def test_sql_reads_what_plain_python_reads(database: Database, case: GoldenCase) -> None:
    tenant, declared = uuid4(), known(case.indicator)
    asked = {tally: TallyRequest.of(tally, case.parameters) for tally in indicator_tallies(case.indicator)}
    async with database.unit_of_work(tenant) as uow:
        for record_type, records in case.records.items():
            await insert(uow.conn, tenant, declared[record_type], records)
        await deliver(uow.conn, tenant, case)
    who = (case.subject.kind, tenant if case.subject.kind is SubjectKind.COMPANY else identity(case.subject.key))
    people = people_of(case)
    async with database.unit_of_work(tenant, readonly=True) as uow:
        found = await tallied(uow.conn, tenant, asked.values(), case.window, people, clock=case.clock)
        windows = [case.window(periods) for periods in sorted({each.earlier for each in asked} | {0})]
        delivered = (await coverage_of(uow.conn, tenant, windows)).covers(case.window)
        behind = {tally: await records_behind(uow.conn, tenant, tally, case.parameters, case.window(tally.earlier),
                                              *who, people, clock=case.clock) for tally in asked}  # fmt: skip
    mine = {tally: found[request].get(who, NOTHING) for tally, request in asked.items()}
    reading = read(case.indicator, mine, covered=delivered, parameters=case.parameters,
                   minimum_sample=case.body.get("minimum_sample"))
    assert reading == read_case(case)
    assert beside_values(case.indicator, mine, covered=delivered, parameters=case.parameters) == beside_values(
        case.indicator, tallied_case(case), covered=case.covered, parameters=case.parameters)  # fmt: skip
    for tally in asked:
        assert tally.how in OF_NO_RECORDS or len(behind[tally].records) == mine[tally].records, tally


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
