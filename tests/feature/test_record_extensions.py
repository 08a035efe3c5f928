"""Fields that a set adds to the record type of another: side by side in one table, for the companies that have the set.

On a real database as the application role, through the doors that a company uses.
"""

import json
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import httpx2
import pytest

from meritline.access import create_key
from meritline.bootstrap import Platform, open_platform
from meritline.db.migrate import migrate
from meritline.errors import MeritlineError, Refused
from meritline.http.app import create_app
from meritline.local import LocalUrls
from meritline.onboarding.enabling import enable_indicator_set
from meritline.onboarding.manifest import check
from meritline.plugins import Catalogue, catalogue_of, load_catalogue
from meritline.records.resolve import resolve_codes
from meritline.records.service import import_file
from meritline.settings import Settings
from meritline.tenancy.service import map_external_codes, onboard_tenant, save_source, upsert_employees
from meritline.tenancy.values import Employee, ExternalCode, Profile, Source
from meritline_sdk import Attribution, IndicatorSet, Instant, Int, Person, RecordType, Text
from meritline_sdk.model.canonical import canonical, parse

BASE = """
    from meritline_sdk import *
    class Job(RecordType, key="ext_job", title=Text("Job", "工单")):
        worker = Person()
        done_at = Instant()
        defaults = Attribution(credit=worker, at=done_at)
    DONE = Indicator("done", Text("Done", "完成量"), measure=Count(Job), unit=COUNT, better=HIGHER)
    SET = IndicatorSet("ext_base", Text("Base", "基础"), records=[Job], indicators=[DONE])
    @hookimpl
    def indicator_sets():
        return [SET]
"""
ADDS = """
    from meritline_sdk import *
    from probe_base import SET as BASE, Job
    class Wider(RecordType, extends=Job, by="{set}"):
        {fields}
    SUM = Indicator("sum", Text("Sum", "合计"), measure={measured}, unit=COUNT, better=HIGHER)
    @hookimpl
    def indicator_sets():
        return [IndicatorSet("{set}", Text("Set", "指标集"), records=[Wider], indicators=[{indicators}], uses=[BASE])]
"""
LIFTS = ADDS.format(set="ext_lifts", fields="floors = Int(optional=True); helper = Person(optional=True)",
                    measured="Sum(Wider.floors)", indicators="SUM")
DOORS = ADDS.format(set="ext_doors", measured="Count(Job)",
                    fields="floors = Choice(optional=True, options=('up', 'down'))",
                    indicators="")
ALL = frozenset({"base", "lifts", "doors"})
ROW = {"external_id": "J1", "worker": "E1", "done_at": "2026-05-03T09:30:00+08:00"}
type Install = Callable[..., None]


@pytest.fixture
def plugins(install: Install) -> Install:
    install("base", BASE)
    install("lifts", LIFTS)
    install("doors", DOORS)
    return install


async def migrated(urls: LocalUrls, catalogue: Catalogue) -> None:
    await migrate(urls.migration_database_url, records=catalogue.records.values())


class Firm:
    """A company with some of the sets, and a client of its own."""

    def __init__(self, platform: Platform, client: httpx2.AsyncClient, tenant_id: UUID, key: str) -> None:
        self.platform, self.client, self.tenant_id, self.key = platform, client, tenant_id, key

    async def post(self, *rows: dict[str, Any]) -> Any:
        body = "\n".join(json.dumps(row) for row in rows)
        answer = await self.client.post("/v1/records/ext_job", content=body.encode(),
                                        headers={"authorization": f"Bearer {self.key}"})
        return answer.json()

    async def ask(self, query: str) -> Any:
        answer = await self.client.post("/graphql", json={"query": query},
                                        headers={"authorization": f"Bearer {self.key}"})
        return answer.json()["data"]

    async def fields(self) -> list[dict[str, Any]]:
        query = '{ serviceRecords(recordType: "ext_job") { nodes { externalId fields } } }'
        return [each["fields"] for each in (await self.ask(query))["serviceRecords"]["nodes"]]

    async def rows(self, sql: str) -> list[dict[str, Any]]:
        async with self.platform.database.scoped_read(self.tenant_id) as conn:
            return [dict(row) for row in await conn.fetch(sql)]


class Town:
    """A server whose plugins a test may exchange, and companies on it."""

    def __init__(self, urls: LocalUrls, platform: Platform, client: httpx2.AsyncClient) -> None:
        self.urls, self.platform, self.client = urls, platform, client

    async def firm(self, *sets: str, role: str = "integrator") -> Firm:
        database = self.platform.database
        profile = Profile("Firm", "Asia/Shanghai", "CNY", ("zh",), "CN")
        opened = await onboard_tenant(database, key=f"t{uuid4().hex}", profile=profile, actor="test")
        async with database.unit_of_work(opened.tenant_id) as uow:
            await upsert_employees(uow, "test", [Employee("E1", "Li"), Employee("E2", "Wu")])
            for key in sets:
                await enable_indicator_set(uow, "test", self.platform.catalogue, key)
            _, token = await create_key(uow.conn, opened.tenant_id, role="integrator", label="i", actor="test")
        return Firm(self.platform, self.client, opened.tenant_id, str(token))


@pytest.fixture
async def town(plugins: Install, migrated_databases: Callable[[], LocalUrls]) -> AsyncIterator[Town]:
    urls, catalogue = migrated_databases(), load_catalogue(ALL)
    assert catalogue.problems == ()
    await migrated(urls, catalogue)
    settings = Settings(database_url=urls.database_url, redis_url=urls.redis_url, plugins=ALL)
    async with open_platform(settings, queue_name=f"test-{uuid4()}") as platform:
        transport = httpx2.ASGITransport(create_app(platform), raise_app_exceptions=False)
        async with httpx2.AsyncClient(transport=transport, base_url="http://meritline.test") as client:
            yield Town(urls, platform, client)


def test_extensions_are_merged_in_the_order_of_the_sets(plugins: Install) -> None:
    catalogue = load_catalogue(ALL)
    assert [one.text() for one in catalogue.problems] == []
    named = [spec.name for spec in catalogue.records["ext_job"].fields]
    assert named == ["worker", "done_at", "ext_doors__floors", "ext_lifts__floors", "ext_lifts__helper"]
    by_company = {sets: [spec.name for spec in catalogue.records.for_sets(sets)["ext_job"].fields][2:]
                  for sets in (("ext_base",), ("ext_doors",), ("ext_lifts", "gone"), ())}
    assert by_company == {("ext_base",): [], ("ext_doors",): ["ext_doors__floors"], (): [],
                          ("ext_lifts", "gone"): ["ext_lifts__floors", "ext_lifts__helper"]}


async def test_each_company_fills_and_sees_the_fields_of_its_own_sets(town: Town) -> None:
    lifts, doors, plain = await town.firm("ext_lifts"), await town.firm("ext_doors"), await town.firm("ext_base")
    both = await town.firm("ext_doors", "ext_lifts")
    said = await lifts.post(ROW | {"ext_lifts__floors": 30, "ext_lifts__helper": "E2"})
    assert (said["accepted"], said["rejected"]) == (1, 0), said
    (fields,) = await lifts.fields()
    assert (fields["ext_lifts__floors"], "ext_doors__floors" in fields) == (30, False)
    for firm in (doors, plain):
        said = await firm.post(ROW | {"ext_lifts__floors": 30})
        assert [each["code"] for each in said["rows"][0]["reasons"]] == ["E-ROW-FIELD"], said
        assert (await firm.post(ROW))["accepted"] == 1
    assert "ext_lifts__floors" not in (await plain.fields())[0]
    said = await both.post(ROW | {"ext_lifts__floors": 7, "ext_doors__floors": "up"})
    assert said["accepted"] == 1
    assert [(row["ext_lifts__floors"], row["ext_doors__floors"]) for row in await both.fields()] == [(7, "up")]


async def test_a_source_names_them_and_the_file_lands(town: Town) -> None:
    document = {"record": "ext_job", "external_id": "id", "time_zone": "Asia/Shanghai", "external_codes": "crm",
                "fields": {"worker": "who", "done_at": "when", "ext_lifts__floors": "floors",
                           "ext_lifts__helper": "helper"}}  # fmt: skip
    file = b"id,who,when,floors,helper\nJ1,x1,2026-05-03 09:30,12,x2\n"
    firm, other = await town.firm("ext_lifts"), await town.firm("ext_base")
    for each in (firm, other):
        async with town.platform.database.unit_of_work(each.tenant_id) as uow:
            codes = [ExternalCode("crm", "x1", employee="E1"), ExternalCode("crm", "x2", employee="E1")]
            await map_external_codes(uow, "test", codes)
            await save_source(uow, "test", Source("crm", "ext_job", document))

    async def imported(each: Firm) -> Any:
        return await import_file(town.platform.database, each.tenant_id, town.platform.catalogue.records, source="crm",
                                 given=file, name="jobs.csv", actor="test", clock=town.platform.clock)

    assert (await imported(firm)).accepted == 1
    with pytest.raises(MeritlineError) as refused:
        await imported(other)
    assert refused.value.problem.code == "E-SOURCE-BROKEN"
    assert "ext_lifts__floors" in str(refused.value)
    helpers = "select ext_lifts__helper as helper, version from record_ext_job"
    (before,) = await firm.rows(helpers)
    async with town.platform.database.unit_of_work(firm.tenant_id) as uow:
        await map_external_codes(uow, "test", [ExternalCode("crm", "x2", employee="E2")])
        await resolve_codes(uow, town.platform.catalogue.records, [("crm", "x2")], now=town.platform.clock())
    (after,) = await firm.rows(helpers)
    assert (after["version"], after["helper"] == before["helper"]) == (2, False), "people of added fields are resolved"


SOURCES = """
[crm]
record = "ext_job"
external_id = "id"
time_zone = "Asia/Shanghai"
[crm.fields]
worker = "who"
done_at = "when"
ext_lifts__floors = "floors"
"""


@pytest.mark.parametrize(("sets", "codes"), [("ext_lifts", []), ("ext_base", ["E-SOURCE-FIELD"])])
def test_a_manifest_may_map_the_fields_of_its_own_sets(plugins: Install, tmp_path: Path, sets: str, codes: Any) -> None:
    (tmp_path / "tenant.toml").write_text(
        'key = "firm"\nname = "Firm"\ntime_zone = "Asia/Shanghai"\ncurrency = "CNY"\ncountry = "CN"\n'
        f'languages = ["zh"]\nindicator_sets = ["{sets}"]\n')
    (tmp_path / "sources.toml").write_text(SOURCES)
    found = check(tmp_path, load_catalogue(ALL))
    assert [one.code for one in found] == codes if isinstance(found, list) else not codes


async def test_what_a_set_added_outlives_it_and_the_history_keeps_it(town: Town, plugins: Install) -> None:
    firm = await town.firm("ext_base", "ext_lifts")
    await firm.post(ROW | {"ext_lifts__floors": 30})
    smaller = load_catalogue(frozenset({"base", "doors"}))
    await migrated(town.urls, smaller)
    assert await firm.rows("select ext_lifts__floors from record_ext_job") == [{"ext_lifts__floors": 30}]
    async with town.platform.database.unit_of_work(firm.tenant_id) as uow:
        await uow.conn.execute("update enabled_set set removed_at = now() where set_key = 'ext_lifts'")
    assert (await firm.post(ROW | {"ext_lifts__floors": 31}))["rejected"] == 1, "a company that removed it is as others"
    assert (await firm.post(ROW))["updated"] == 1
    assert await firm.rows("select ext_lifts__floors, version from record_ext_job_history") == [
        {"ext_lifts__floors": 30, "version": 1}], "what it said before is not lost"
    assert (await firm.rows("select ext_lifts__floors from record_ext_job"))[0]["ext_lifts__floors"] is None


async def test_a_changed_kind_is_told_and_not_applied(town: Town, plugins: Install) -> None:
    plugins("lifts", LIFTS.replace("floors = Int(optional=True)", "floors = Code(optional=True)").replace(
        "Sum(Wider.floors)", "Count(Job)"), version="3.0")  # fmt: skip
    with pytest.raises(Refused, match="E-RECORD-KIND"):
        await migrated(town.urls, load_catalogue(ALL))
    settings = Settings(database_url=town.urls.database_url, redis_url=town.urls.redis_url, plugins=ALL)
    async with open_platform(settings, queue_name=f"test-{uuid4()}") as platform:
        assert list(platform.catalogue.sets) == ["ext_base", "ext_doors"], "the others go on"
        (told,) = [one for one in platform.catalogue.problems if one.code == "E-PLUGIN-TABLES"]
        for language in ("en", "zh"):
            text = told.text(language)
            assert all(word in text for word in ("probe-lifts 3.0", "ext_lifts__floors", "int", "code")), text
    conn = await asyncpg.connect(town.urls.migration_database_url)
    try:
        kind = await conn.fetchval("select data_type from information_schema.columns "
                                   "where table_name = 'record_ext_job' and column_name = 'ext_lifts__floors'")
    finally:
        await conn.close()
    assert kind == "bigint"


def test_an_extension_whose_base_is_not_there_falls_with_it(plugins: Install) -> None:
    alone = load_catalogue(frozenset({"lifts", "doors"}))
    assert list(alone.sets) == []
    assert {one.code for one in alone.problems} == {"E-PLUGIN-USES"}


class Job(RecordType, key="here_job", title=Text("Job", "工单")):
    worker = Person()
    done_at = Instant()
    defaults = Attribution(credit=worker, at=done_at)


class Wider(RecordType, extends=Job, by="here_lifts"):
    floors = Int(optional=True)


def test_what_a_process_says_of_extensions_is_not_believed() -> None:
    """The SDK refuses these where they are declared; another process may say them all the same."""
    base = IndicatorSet("here_base", Text("Base", "基础"), records=[Job])
    lifts = IndicatorSet("here_lifts", Text("Lifts", "电梯"), records=[Wider], uses=[base])
    assert catalogue_of(base, lifts).problems == ()
    forged = parse(canonical(lifts))
    object.__setattr__(forged, "uses", ())
    for given, code in (((base, forged), "E-PLUGIN-EXTENDS-FOREIGN"), ((forged,), "E-PLUGIN-EXTENDS-ABSENT")):
        catalogue = catalogue_of(*given)
        assert "here_lifts" not in catalogue.sets
        assert [one.code for one in catalogue.problems] == [code]
        assert "here_job" in catalogue.problems[0].text("zh")
    taking = parse(canonical(lifts))
    stolen = replace(lifts.extensions[0], fields=(replace(lifts.extensions[0].fields[0], name="worker"),))
    object.__setattr__(taking, "extensions", (stolen,))
    catalogue = catalogue_of(base, taking)
    assert list(catalogue.sets) == ["here_base"], "the declaring set keeps its field"
    assert catalogue.records["here_job"] == Job.declaration


@pytest.mark.parametrize(("field", "other"), [("Int", "c"), ("Person", "c_code"), ("People", "c_shares")])
def test_two_sets_that_mean_one_column_are_both_left_out(install: Install, field: str, other: str) -> None:
    """Also where one field takes several columns: else no plugin's tables could be made any more."""
    install("base", BASE)
    install("one", ADDS.format(set="ext_a", fields=f"b__c = {field}(optional=True)", measured="Count(Job)",
                               indicators=""))
    install("two", ADDS.format(set="ext_a__b", fields=f"{other} = Int(optional=True)", measured="Count(Job)",
                               indicators=""))
    catalogue = load_catalogue(frozenset({"base", "one", "two"}))
    assert list(catalogue.sets) == ["ext_base"]
    told = [one for one in catalogue.problems if one.code == "E-PLUGIN-FIELD-TWICE"]
    assert len(told) == 2
    assert all("probe-one 2.5" in one.text() and "probe-two 2.5" in one.text() for one in told)
