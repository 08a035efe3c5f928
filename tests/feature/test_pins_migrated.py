"""Migration 0021 on a database with data: what stood before is read by what the company has, as a save would pin it."""

from importlib.resources import files
from typing import Any
from uuid import UUID

import asyncpg
import pytest

from meritline.appraisal.definitions import schemes_in_force
from meritline.appraisal.pins_store import snapshot_hash
from meritline.appraisal.reward_tables import save_reward_table
from meritline.db import Database
from meritline.local import LocalUrls
from meritline.onboarding.enabling import ALWAYS, enable_indicator_set
from meritline.plugins import load_catalogue
from meritline.tenancy.service import onboard_tenant
from meritline.tenancy.values import Profile
from meritline_sdk.model.rated import RatedIndicator

BEFORE = """
drop table scheme_version_definition, reward_table_version_definition;
alter table scheme_version drop column snapshot_hash;
alter table reward_table_version drop column snapshot_hash;
alter table scheme drop column ends_on;
alter table indicator drop column plugin, drop column plugin_version, drop column sample_chosen;
alter table enabled_set drop column removed_at, drop column uses, drop column records_hash;
"""
SCHEMES = """
select s.key, v.version, v.snapshot_hash, pin.indicator_key, pin.definition_hash, pin.set_key, pin.plugin,
  pin.plugin_version
from scheme_version v join scheme s on s.tenant_id = v.tenant_id and s.id = v.scheme_id
left join scheme_version_definition pin on pin.tenant_id = v.tenant_id and pin.scheme_version_id = v.id
where v.tenant_id = $1 order by 1, 2, 4
"""
TABLES = SCHEMES.replace("scheme", "reward_table")
SETTINGS = "select key, sample_chosen from indicator where tenant_id = $1 and sample_chosen order by key"


async def test_back_filled_pins_are_those_that_saving_writes(migrated_database: LocalUrls) -> None:
    catalogue = load_catalogue()
    async with await Database.open(migrated_database.database_url) as database:
        profile = Profile("Old", "Asia/Shanghai", "CNY", ("zh",), "CN")
        tenants = [(await onboard_tenant(database, key=key, profile=profile, actor="test")).tenant_id
                   for key in ("old-one", "old-two")]
        for tenant in tenants:
            async with database.unit_of_work(tenant) as uow:
                for key in catalogue.sets:
                    await enable_indicator_set(uow, "me", catalogue, key)
                await save_reward_table(uow, "me", {
                    "reward_table": "extra", "scheme": "engineers", "valid_from": "2026-01-01", "reward": [
                        {"kind": "per_reading", "key": f"each_{place}", "title": "Each", "title_zh": "每项",
                         "indicator": key, "amount": 5}
                        for place, key in enumerate([borrowing(catalogue), "appliance_repair.first_time_fix_rate"])]})
                await uow.conn.execute("update indicator set minimum_sample = minimum_sample + 7, sample_chosen = true "
                                       "where tenant_id = $1 and key like '%_rate'", tenant)
        written = await everything(migrated_database.migration_database_url, tenants)
        assert any(row["indicator_key"] for row in written[tenants[0]][0])
        asked = {row["indicator_key"] for row in written[tenants[0]][1]} - {None}
        assert len(asked) == 3, "also the indicator whose ratings the first one reads"
        owner = await asyncpg.connect(migrated_database.migration_database_url)
        try:
            await owner.execute(BEFORE)
            await owner.execute(files("meritline.db").joinpath("migrations/0021_scheme_pins.sql").read_text("utf-8"))
            await owner.execute("grant select on scheme_version_definition, reward_table_version_definition "
                                "to meritline_app")
        finally:
            await owner.close()
        for tenant in tenants:
            found = await everything(migrated_database.migration_database_url, tenants)
            assert found[tenant] == written[tenant]
            async with database.scoped_read(tenant) as conn:
                schemes = await schemes_in_force(conn, tenant, ALWAYS)
                assert schemes
                for one in schemes:
                    row = next(row for row in found[tenant][0] if row["key"] == one.scheme.key)
                    own = {key: pin for key, pin in one.pins.items() if key in {
                        each["indicator_key"] for each in found[tenant][0] if each["key"] == one.scheme.key}}
                    assert snapshot_hash(own) == row["snapshot_hash"]


def borrowing(catalogue: Any) -> str:
    """A rated indicator that reads the ratings of another one."""
    return next(key for key, one in catalogue.indicators().items() if isinstance(one, RatedIndicator) and one.of)


async def everything(url: str, tenants: list[UUID]) -> dict[UUID, list[list[Any]]]:
    """The pins of each company, as the owner sees them."""
    owner = await asyncpg.connect(url)
    try:
        return {tenant: [[dict(row) for row in await owner.fetch(query, tenant)]
                         for query in (SCHEMES, TABLES, SETTINGS)] for tenant in tenants}
    finally:
        await owner.close()


@pytest.mark.parametrize("table", ["scheme_version_definition", "reward_table_version_definition"])
async def test_a_pin_is_never_changed(migrated_database: LocalUrls, table: str) -> None:
    conn = await asyncpg.connect(migrated_database.database_url)
    try:
        for verb in ("update", "delete", "truncate"):
            assert not await conn.fetchval("select has_table_privilege($1, $2)", table, verb)
    finally:
        await conn.close()
