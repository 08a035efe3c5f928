"""Real exports that nobody wrote for us, by mappings as a company writes them, with the figures of their README."""

from collections.abc import AsyncIterator
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from meritline.db import Database
from meritline.documents import Document, read_toml
from meritline.local import LocalUrls
from meritline.records.delivery import Delivery
from meritline.records.formats import open_table
from meritline.records.ingest import ingest
from meritline.records.sources import SourceMapping, parse_source
from meritline.records.summary import ImportSummary
from meritline.tenancy.service import map_external_codes, onboard_tenant, upsert_departments, upsert_employees
from meritline.tenancy.values import Department, Employee, ExternalCode, Profile
from meritline_after_sales_common import RECORDS

DATA = Path(__file__).parents[2].parent / "shared" / "data"
DECLARED = {each.declaration.key: each.declaration for each in RECORDS}
SOURCES = """
[incidents]
record = "ticket"
external_id = "number"
time_zone = "America/Sao_Paulo"
missing = "?"
instant_format = "%d/%m/%Y %H:%M"
fold = { order = ["sys_updated_at:instant", "sys_mod_count:int", "line"] }
coverage = "by_months"
[incidents.fields]
status = "ident_state"
topic = "category#2"
channel = "contact_type"
priority = "priority"
group = { column = "assignment_group", external_codes = "groups" }
resolved_by = { column = "resolved_by", external_codes = "resolvers" }
created_at = "opened_at"
resolved_at = "resolved_at"
closed_at = "closed_at"
within_sla = "made_sla"
transfers = "reassignment_count"
reopenings = "reopen_count"

[calls]
record = "call_record"
time_zone = "Asia/Jerusalem"
external_id = ["vru+line", "call_id"]
instant_format = "%y%m%d %H:%M:%S"
skip_when = { outcome = ["PHANTOM"] }
[calls.fields]
queue = { column = "type", external_codes = "call_types" }
agent = { column = "server", external_codes = "servers", missing = "NO_SERVER", when = { outcome = "AGENT" } }
topic = "type"
talk_seconds = { column = "ser_time", when = { outcome = "AGENT" } }
[calls.fields.offered_at]
first_of = [
  { columns = ["date", "q_start"], missing = "0:00:00" },
  { columns = ["date", "vru_exit"] },
]
[calls.fields.answered_at]
columns = ["date", "ser_start"]
missing = "0:00:00"
when = { outcome = "AGENT" }
rolls_over_from = "offered_at"
[calls.fields.abandoned_at]
columns = ["date", "q_exit"]
missing = "0:00:00"
when = { outcome = "HANG" }
rolls_over_from = "offered_at"
[calls.fields.ended_at]
columns = ["date", "ser_exit"]
missing = "0:00:00"
when = { outcome = "AGENT" }
rolls_over_from = "offered_at"

[orders]
record = "work_order"
sheet = "WOs"
external_id = "WO"
time_zone = "America/Toronto"
[orders.fields]
service = "Service"
district = { column = "District", external_codes = "districts" }
engineer = { column = "LeadTech", external_codes = "technicians" }
technicians = { column = "LeadTech", count = "Techs", external_codes = "technicians" }
technician_count = "Techs"
created_at = "ReqDate"
resolved_at = "WorkDate"
requested_on = "ReqDate"
worked_on = "WorkDate"
rush = { column = "Rush", true = "Yes", false = "" }
warranty_labour = { column = "WtyLbr", true = "Yes", false = "" }
labour_hours = "LbrHrs"
parts_cost = "PartsCost"
"""


def mapping(key: str) -> SourceMapping:
    document = read_toml(SOURCES.encode(), "sources.toml")
    assert isinstance(document, Document)
    found = parse_source(document, DECLARED, key=key, path=(key,))
    assert isinstance(found, SourceMapping), [each.text() for each in found]
    return found


class Firm:
    """A tenant that knows every code of its files."""

    def __init__(self, database: Database, tenant_id: UUID) -> None:
        self.database, self.tenant_id = database, tenant_id
        self.known = set[str]()

    async def take(self, key: str, name: str) -> ImportSummary:
        """Import a file of the shared folder, after mapping every code that it has."""
        source, path = mapping(key), DATA / name
        if not path.exists():
            pytest.skip(f"{path} is not there: real files are not part of the project")
        if key not in self.known:
            await self.know(source, path)
            self.known.add(key)
        table = open_table(path, source.hints)
        delivery = Delivery(source=source, table=table, actor="test", file_name=path.name)
        return await ingest(self.database, self.tenant_id, delivery, clock=lambda: datetime.now(UTC))

    async def know(self, source: SourceMapping, path: Path) -> None:
        """One employee or department per outside code."""
        codes: dict[tuple[str, str, str], None] = {}
        for chunk in open_table(path, source.hints).chunks():
            for each in source.fields:
                if each.code_space:
                    kind = "department" if each.spec.kind == "team" else "employee"
                    found = set(chunk.cells(each.columns[0])) - each.missing - source.missing
                    codes |= dict.fromkeys((each.code_space, kind, code) for code in found)
        rows = [ExternalCode(space, code, **{kind: f"{space}-{code}"}) for space, kind, code in codes]
        async with self.database.unit_of_work(self.tenant_id) as uow:
            await upsert_departments(uow, "test", [Department(row.department, "x") for row in rows if row.department])
            await upsert_employees(uow, "test", [Employee(row.employee, "x") for row in rows if row.employee])
            await map_external_codes(uow, "test", rows)

    async def rows(self, query: str) -> list[tuple[Any, ...]]:
        async with self.database.scoped_read(self.tenant_id) as conn:
            return [tuple(row) for row in await conn.fetch(query)]


@pytest.fixture(scope="module")
async def served(migrated_database: LocalUrls) -> AsyncIterator[Database]:
    async with await Database.open(migrated_database.database_url) as database:
        yield database


@pytest.fixture
async def firm(served: Database, request: pytest.FixtureRequest) -> Firm:
    profile = Profile("Firm", "America/Sao_Paulo", "BRL", ("en",), "BR")
    key = f"t{abs(hash(request.node.nodeid))}"
    return Firm(served, (await onboard_tenant(served, key=key, profile=profile, actor="test")).tenant_id)


async def test_the_incident_log_folds_to_the_truth(firm: Firm) -> None:
    summary = await firm.take("incidents", "itsm_incident_event_log.csv.gz")
    assert (summary.lines, summary.accepted, summary.folded) == (141_712, 24_918, 141_712 - 24_918)
    assert (summary.rejected, summary.unresolved, summary.updated) == (0, 0, 0)
    months = await firm.rows("""
        select to_char(closed_at at time zone 'UTC' - interval '3 hours', 'YYYY-MM'), count(*),
               round(100.0 * count(*) filter (where within_sla) / count(*), 2)
        from record_ticket where resolved_by is not null and closed_at < '2016-06-01 03:00Z' group by 1 order by 1""")
    assert months[-3:] == [("2016-03", 5812, Decimal("42.65")), ("2016-04", 8280, Decimal("71.38")),
                          ("2016-05", 8418, Decimal("76.82"))]  # fmt: skip
    assert await firm.rows("select count(distinct resolved_by) from record_ticket") == [(216,)]
    assert await firm.rows("select count(*) from record_ticket where resolved_at is null") == [(1556,)]
    again = await firm.take("incidents", "itsm_incident_event_log.csv.gz")
    assert (again.accepted, again.updated, again.unchanged) == (0, 0, 24_918)


async def test_the_bank_calls_keep_their_count_and_their_seconds(firm: Firm) -> None:
    summary = await firm.take("calls", "bank_calls_1999_02.tsv.gz")
    assert (summary.lines, summary.accepted, summary.skipped, summary.rejected) == (33_344, 33_066, 278, 0)
    [(served, total, abandoned)] = await firm.rows("""
        select count(*) filter (where agent is not null), sum(talk_seconds) filter (where agent is not null),
               count(*) filter (where agent_code is null and talk_seconds is null) from record_call_record""")
    assert (served, round(Decimal(total) / served, 2), abandoned) == (26_671, Decimal("179.03"), 5904)
    [(backwards,)] = await firm.rows("select count(*) from record_call_record where ended_at < answered_at")
    assert backwards == 0


async def test_the_work_orders_credit_the_lead_with_a_part(firm: Firm) -> None:
    summary = await firm.take("orders", "service_work_orders_1000.xlsx")
    assert (summary.lines, summary.accepted, summary.rejected) == (1000, 1000, 0)
    [(done, waited, still_open)] = await firm.rows("""
        select count(worked_on), round(sum(worked_on - requested_on)::numeric / count(worked_on), 1),
               count(*) filter (where worked_on is null) from record_work_order""")
    assert (done, waited, still_open) == (858, Decimal("28.0"), 142)
    assert await firm.rows("""
        select technician_count, technicians_ids[1] = engineer, cardinality(technicians_ids),
               cardinality(array_remove(technicians_ids, null)), technicians_shares
        from record_work_order group by 1, 2, 3, 4, 5 order by 1""") == [
        (1, True, 1, 1, [1]), (2, True, 2, 1, [1, 1]), (3, True, 3, 1, [1, 1, 1])]  # fmt: skip
    [(cost,)] = await firm.rows("select parts_cost from record_work_order where external_id = 'A00101'")
    assert cost == Decimal("90.0416")
    assert summary.covered
    assert summary.covered[1] > date(2021, 1, 1)
