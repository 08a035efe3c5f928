"""The server's side of the testkit sees a difference where there is one, and leaves nothing in the database."""

from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from meritline.domain import pools as rewards
from meritline.local import LocalServices
from meritline.records.columns import current_table
from meritline.testkit import Server, cases
from meritline_appliance_repair import APPLIANCE_REPAIR
from meritline_sdk import Pool, RewardTable, Text
from meritline_sdk.testing import load_golden

GOLDEN = Path(__file__).parents[2] / "plugins/appliance-repair/golden"
CASE = next(case for case in load_golden(GOLDEN, [APPLIANCE_REPAIR]) if len(case.records.get("work_order", ())) > 2)


def test_a_record_that_sql_does_not_see_is_a_difference(meritline_server: Server, monkeypatch: pytest.MonkeyPatch,
                                                        local: LocalServices) -> None:
    real = cases.write

    async def part(conn: Any, tenant: Any, case: Any) -> None:
        await real(conn, tenant, replace(case, records={key: some[:1] for key, some in case.records.items()}))

    assert meritline_server.differs(CASE) is None
    monkeypatch.setattr(cases, "write", part)
    told = meritline_server.differs(CASE)
    assert told is not None
    assert told.startswith("SQL reads Reading(")
    assert local.postgres is not None
    statement = f"select count(*) from {current_table('work_order')};"  # noqa: S608
    assert local.postgres.sql(statement, "golden_cases").strip() == "0"


def test_a_pool_that_loses_a_cent_is_named(meritline_server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    scheme = APPLIANCE_REPAIR.schemes[0]
    source = scheme.items[0].indicator
    assert source is not None
    table = RewardTable("pay", Text("Pay", "奖励"), scheme.key, (
        Pool("pot", Text("Pot", "奖金池"), source, 100, 50, per_step=10, cap=250),))
    assert meritline_server.pools_that_leak(table, scheme) == []

    real = rewards.split
    monkeypatch.setattr(rewards, "split", lambda amount, weights: (
        [part - Decimal("0.01") * (not at) for at, part in enumerate(real(amount, weights)[0])], frozenset()))
    assert meritline_server.pools_that_leak(table, scheme)[0] == "pot: 1 people get 99.99 of 100.00"
