"""Every golden case again by SQL: its records stand in the record tables, the application role reads what they give.

Each case is a tenant of its own, so that what one case leaves behind could not help another.
"""

from collections.abc import AsyncIterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid4, uuid5

import pytest

from meritline.db import Connection, Database
from meritline.local import LocalUrls
from meritline.measuring.coverage import coverage_of
from meritline.measuring.memberships import Memberships
from meritline.measuring.requests import TallyRequest
from meritline.measuring.store import tallied
from meritline.records.columns import current_table
from meritline_after_sales_common import COMMON
from meritline_appliance_repair import APPLIANCE_REPAIR
from meritline_call_center import CALL_CENTER
from meritline_ecommerce_service import ECOMMERCE_SERVICE
from meritline_sdk.evaluate.readings import Reading, read
from meritline_sdk.evaluate.tallies import NOTHING
from meritline_sdk.evaluate.windows import Window, earlier, window
from meritline_sdk.model.kinds import Kind
from meritline_sdk.model.measures import tallies_of
from meritline_sdk.model.records import RecordDeclaration
from meritline_sdk.model.schemes import SubjectKind
from meritline_sdk.testing import GoldenCase, load_golden, read_case
from meritline_sdk.testing.golden import known, subject_of

PLUGINS = Path(__file__).parents[2] / "plugins"
SETS = {"after-sales-common": COMMON, "appliance-repair": APPLIANCE_REPAIR, "call-center": CALL_CENTER,
        "ecommerce-service": ECOMMERCE_SERVICE}  # fmt: skip
CASES = [pytest.param(case, id=f"{plugin} {case.place.removesuffix('.toml')}")
         for plugin, one in SETS.items() for case in load_golden(PLUGINS / plugin / "golden", [one])]
ZONE = "Asia/Shanghai"
HOUSEKEEPING = ("tenant_id", "source", "external_id", "version", "digest", "recorded_at")


@pytest.fixture(scope="module")
async def database(migrated_database: LocalUrls) -> AsyncIterator[Database]:
    async with await Database.open(migrated_database.database_url) as opened:
        yield opened


@pytest.mark.parametrize("case", CASES)
async def test_sql_reads_what_plain_python_reads(database: Database, case: GoldenCase) -> None:
    tenant, subject = uuid4(), subject_of(case)
    period = str(case.body["period"])
    asked = {tally: TallyRequest.of(tally, case.body.get("parameters", {})) for tally in tallies_of(
        case.indicator.measure)}  # fmt: skip
    declared = known(case.indicator)

    def window_of(periods: int) -> Window:
        return window(earlier(period, periods), ZONE)

    async with database.unit_of_work(tenant) as uow:
        for record_type, records in case.records.items():
            await insert(uow.conn, tenant, declared[record_type], records)
        if case.body.get("covered", True):
            await deliver(uow.conn, tenant, declared)
    who = tenant if subject.kind is SubjectKind.COMPANY else identity(subject.key)
    async with database.unit_of_work(tenant, readonly=True) as uow:
        everybody = Memberships((), {identity("Q1"): None}, ZONE)
        found = await tallied(uow.conn, tenant, asked.values(), window_of, everybody)
        delivered = await coverage_of(uow.conn, tenant, [window_of(0), window_of(1)])
    mine = {tally: found[request].get((subject.kind, who), NOTHING) for tally, request in asked.items()}
    reading = read(case.indicator, mine, covered=delivered.covers(window_of))
    assert said(reading) == said(read_case(case))


def said(reading: Reading) -> tuple[Any, ...]:
    """Everything a reading says."""
    return (reading.state, reading.value, reading.numerator, reading.denominator, reading.sample, reading.earlier)


def identity(key: str) -> UUID:
    """The id of an employee or department of the cases."""
    return uuid5(NAMESPACE_URL, key)


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
                row |= {f"{spec.name}_codes": [who for who, _ in value],
                        f"{spec.name}_ids": [identity(who) for who, _ in value],
                        f"{spec.name}_shares": [part for _, part in value]}
            case _:
                row[spec.name] = value
    return row


async def insert(conn: Connection, tenant: UUID, declaration: RecordDeclaration, records: Any) -> None:
    """Write the records as the application may."""
    for number, record in enumerate(records):
        row = columns_of(declaration, record)
        names = ", ".join((*HOUSEKEEPING, *(f'"{name}"' for name in row)))
        places = ", ".join(f"${place}" for place in range(1, len(row) + 4))
        await conn.execute(
            f"insert into {current_table(declaration.key)} ({names}) "  # noqa: S608
            f"values ($1, $2, $3, 1, '', now(){places.removeprefix('$1, $2, $3')})",
            tenant, "golden", str(number), *row.values(),
        )  # fmt: skip


async def deliver(conn: Connection, tenant: UUID, declared: Mapping[str, RecordDeclaration]) -> None:
    """Say that everything of April and May 2026 was delivered."""
    for record_type in declared:
        import_id = await conn.fetchval("insert into import_batch (tenant_id, source, record_type) "
                                        "values ($1, 'golden', $2) returning id", tenant, record_type)
        await conn.execute("insert into coverage (tenant_id, source, record_type, period_from, period_to, import_id) "
                           "values ($1, 'golden', $2, $3, $4, $5)", tenant, record_type, date(2026, 4, 1),
                           date(2026, 6, 1), import_id)
