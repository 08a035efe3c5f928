"""Every golden case of ratings again from the database: what the table gives back reads like what was given."""

from collections.abc import AsyncIterator
from decimal import Decimal
from pathlib import Path
from uuid import uuid4

import pytest

from meritline.appraisal.run.snapshot import ratings_of
from meritline.db import Database
from meritline.local import LocalUrls
from meritline_after_sales_common import COMMON
from meritline_appliance_repair import APPLIANCE_REPAIR
from meritline_call_center import CALL_CENTER
from meritline_ecommerce_service import ECOMMERCE_SERVICE
from meritline_sdk.evaluate.ratings import reading_of
from meritline_sdk.model.rated import role_named
from meritline_sdk.model.schemes import SubjectKind
from meritline_sdk.testing.rated_cases import RatedCase, load_rated, read_rated

PLUGINS = Path(__file__).parents[2] / "plugins"
SETS = {"after-sales-common": COMMON, "appliance-repair": APPLIANCE_REPAIR, "call-center": CALL_CENTER,
        "ecommerce-service": ECOMMERCE_SERVICE}  # fmt: skip
CASES = [pytest.param(case, id=case.place.removesuffix(".toml"))
         for plugin, one in SETS.items() for case in load_rated(PLUGINS / plugin / "golden", [one])]
# A voice is heard again in the same row, as submitRating does it; here its reference stands for the rater.
GIVE = """
insert into rating (tenant_id, period, scheme_key, indicator_key, subject_kind, subject_id, rater_role, reference,
    value, scale_min, scale_max, submitted_by, submitted_at)
values ($1, '2026-05', 's', $2, 'employee', $3, $4, $5, $6, $7, $8, 'test', now())
on conflict on constraint rating_once do update
set value = excluded.value, scale_min = excluded.scale_min, scale_max = excluded.scale_max, version = rating.version + 1
"""


@pytest.fixture(scope="module")
async def database(migrated_database: LocalUrls) -> AsyncIterator[Database]:
    async with await Database.open(migrated_database.database_url) as opened:
        yield opened


@pytest.mark.parametrize("case", CASES)
async def test_the_table_gives_back_what_was_given(database: Database, case: RatedCase) -> None:
    tenant, subject = uuid4(), uuid4()
    settled = case.source.settled(case.body.get("parameters", {}), case.body.get("minimum_sample"))
    async with database.unit_of_work(tenant) as uow:
        for number, one in enumerate(case.body["ratings"]):
            await uow.conn.execute(
                GIVE, tenant, settled.key, subject, role_named(one["role"]), one.get("rater", f"voice {number}"),
                Decimal(str(one["value"])), Decimal(one.get("scale_min", settled.scale_min)),
                Decimal(one.get("scale_max", settled.scale_max)),
            )  # fmt: skip
    async with database.unit_of_work(tenant, readonly=True) as uow:
        found = await ratings_of(uow.conn, tenant, "2026-05")
    given = found.get(("s", settled.key, (SubjectKind.EMPLOYEE, subject)), ())
    assert reading_of(settled, given) == read_rated(case)
