"""Taking a starter sets what its indicators still need, by a manifest and by the API; what a company set stays."""

import json
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from meritline.appraisal.indicators import save_indicator
from meritline.appraisal.schemes import save_scheme
from meritline.appraisal.schemes_store import indicators
from meritline.db import Database
from meritline.errors import Problem, Refused
from meritline.local import LocalUrls
from meritline.onboarding.apply import apply_folder
from meritline.onboarding.manifest import check
from meritline.plugins import load_catalogue
from meritline_sdk.model.canonical import from_plain

CATALOGUE = load_catalogue()
COMMON, OWN = "after_sales_common", "appliance_repair"
HOURS = 3_600_000_000
TIMELY, RESOLVED = f"{COMMON}.complaint_timely_rate", f"{COMMON}.complaint_resolution_rate"
PROMISE, LADDER = f"{COMMON}.response_timely_rate", f"{OWN}.skill_cert_level"
WANTED = {
    TIMELY: {"complaint_response_limit": 2 * HOURS, "complaint_resolution_limit": 48 * HOURS},
    RESOLVED: {"complaint_resolution_limit": 48 * HOURS}, PROMISE: {"default_promise": 2 * HOURS},
    LADDER: {"ladder_levels": 5},
}  # fmt: skip
TENANT = """\
key = "{key}"
name = "维修公司"
time_zone = "Asia/Shanghai"
currency = "CNY"
languages = ["zh", "en"]
country = "CN"
indicator_sets = ["appliance_repair"]
"""
SCHEME = """\
scheme = "engineers"
template = "appliance_repair.s01_starter"
for_positions = ["engineer"]
valid_from = 2026-01-01
"""
PROMISED = f'[[indicator]]\nkey = "{PROMISE}"\nminimum_sample = 4\n'
TIMES = f'[[indicator]]\nkey = "{TIMELY}"\nparameters = {{ complaint_response_limit = "30 min" }}\n'
type Write = Callable[..., Path]


@pytest.fixture
def folder(tmp_path: Path) -> Write:
    """Writes a company that takes the starter."""

    def write(key: str, **files: str) -> Path:
        whole = {"tenant.toml": TENANT.format(key=key), "schemes/engineers.toml": SCHEME,
                 "people.csv": "number,name,department,position,manager,from,to\nE1,王平,,engineer,,2025-01-01,\n",
                 **{f"{name}.toml": text for name, text in files.items()}}  # fmt: skip
        for name, text in whole.items():
            path = tmp_path / name
            path.parent.mkdir(exist_ok=True)
            path.write_text(text, "utf-8")
        return tmp_path

    return write


@pytest.fixture(scope="module")
async def platform(migrated_database: LocalUrls) -> AsyncIterator[Any]:
    async with await Database.open(migrated_database.database_url) as database:
        yield SimpleNamespace(database=database, catalogue=CATALOGUE, clock=lambda: datetime(2026, 6, 1, tzinfo=UTC))


async def standing(platform: Any, tenant: Any) -> dict[str, dict[str, Any]]:
    """What stands as set, by indicator."""
    async with platform.database.scoped_read(tenant) as conn:
        rows = {row["key"]: json.loads(row["parameters"]) for row in await indicators(conn, tenant)}
    return {key: {name: from_plain(value) for name, value in own.items()} for key, own in rows.items() if own}


def told(warnings: tuple[Problem, ...]) -> list[str]:
    return [one.text() for one in warnings if one.code == "E-STARTER-SET"]


async def test_a_manifest_with_a_starter_sets_and_tells_once(platform: Any, folder: Write) -> None:
    where = folder("takes")
    assert not isinstance(check(where, CATALOGUE), list), "checked without a database"
    first = await apply_folder(platform, where, actor="me")
    assert await standing(platform, first.tenant_id) == WANTED
    notes = told(first.warnings)
    assert len(notes) == 5
    assert all(one.startswith("schemes/engineers.toml:2  template: Set by the starter: ") for one in notes)
    assert any("complaint_response_limit = 2 h of" in one for one in notes)
    async with platform.database.scoped_read(first.tenant_id) as conn:
        saved = await conn.fetchval("select count(*) from audit_entry where tenant_id = $1 "
                                    "and action = 'indicator.save'", first.tenant_id)  # fmt: skip
    assert saved == 4
    again = await apply_folder(platform, where, actor="me")
    assert (again.differences, again.warnings) == ((), ())


async def test_what_the_manifest_or_the_company_set_stays(platform: Any, folder: Write) -> None:
    """The manifest names a response limit and a sample of its own; later somebody sets another promise by the API."""
    where = folder("keeps", indicators=TIMES + PROMISED)
    done = await apply_folder(platform, where, actor="me")
    own = {**WANTED, TIMELY: {**WANTED[TIMELY], "complaint_response_limit": HOURS // 2}}
    assert await standing(platform, done.tenant_id) == own
    assert len(told(done.warnings)) == 4
    async with platform.database.unit_of_work(done.tenant_id) as uow:
        await save_indicator(uow, "api", {"key": LADDER, "parameters": {"ladder_levels": 3}})
    again = await apply_folder(platform, where, actor="me")
    assert again.differences == ()
    assert (await standing(platform, done.tenant_id))[LADDER] == {"ladder_levels": 3}
    async with platform.database.unit_of_work(done.tenant_id) as uow:
        await save_indicator(uow, "api", {"key": LADDER, "parameters": {}})
    once_more = await apply_folder(platform, where, actor="me")
    assert len(told(once_more.warnings)) == 1, "unset again: set again, and told"
    assert (await standing(platform, done.tenant_id))[LADDER] == {"ladder_levels": 5}


async def test_a_scheme_saved_from_a_starter_sets_in_the_same_unit_of_work(platform: Any, folder: Write) -> None:
    """A promise of the company's own stays; a refused save sets nothing; the same again changes and tells nothing."""
    where = folder("saves")
    (where / "schemes/engineers.toml").unlink()
    tenant = (await apply_folder(platform, where, actor="me")).tenant_id
    document = {"scheme": "engineers", "template": f"{OWN}.s01_starter", "for_positions": ["engineer"],
                "valid_from": "2026-01-01"}  # fmt: skip
    offered = {"templates": CATALOGUE.templates(), "records": CATALOGUE.records, "started": CATALOGUE.settings()}
    async with platform.database.unit_of_work(tenant) as uow:
        await save_indicator(uow, "api", {"key": PROMISE, "parameters": {"default_promise": "1 h"}})
    with pytest.raises(Refused):
        async with platform.database.unit_of_work(tenant) as uow:
            await save_scheme(uow, "api", {**document, "for_positions": ["pilot"]}, **offered)
    assert await standing(platform, tenant) == {PROMISE: {"default_promise": HOURS}}

    async with platform.database.unit_of_work(tenant) as uow:
        saved = await save_scheme(uow, "api", document, **offered)
    assert await standing(platform, tenant) == {**WANTED, PROMISE: {"default_promise": HOURS}}
    assert [one.params["parameter"] for one in saved.warnings if one.code == "E-STARTER-SET"] == [
        "complaint_response_limit", "complaint_resolution_limit", "complaint_resolution_limit", "ladder_levels"]
    assert {one.severity for one in saved.warnings} == {"warning"}
    async with platform.database.unit_of_work(tenant) as uow:
        again = await save_scheme(uow, "api", document, **offered)
    assert (again.changed, told(again.warnings)) == (False, [])
