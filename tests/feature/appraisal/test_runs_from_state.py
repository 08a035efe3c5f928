"""A run says the same, to the last digit of its digests, whether it reads the records or the measure state."""

from argparse import Namespace
from datetime import date
from types import SimpleNamespace
from typing import Any
from uuid import UUID

import pytest

from meritline.appraisal.state import bring_up, rebuild
from meritline.cli import state as command
from meritline.errors import MeritlineError
from meritline.measuring import store
from meritline.measuring.state import service
from meritline.measuring.state.build import NOBODY

DIGESTS = "select input_digest, result_digest from run where tenant_id = $1 order by number desc limit 1"
ASKED = "select count(*) from job where tenant_id = $1 and kind = 'measuring.state'"


@pytest.fixture
def passes(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many requests each pass over the records was made for."""
    asked, one_pass = list[int](), store.one_pass

    async def counted(conn: Any, one: Any, requests: Any, *rest: Any) -> Any:
        asked.append(len(requests))
        return await one_pass(conn, one, requests, *rest)

    monkeypatch.setattr(store, "one_pass", counted)
    return asked


async def mark_touched(company: Any, day: int, *named: UUID) -> None:
    """As ingest marks what it changed: all whom a record named before and names now."""
    async with company.database.unit_of_work(company.tenant_id) as uow:
        await uow.conn.executemany(
            "insert into touched (tenant_id, record_type, subject_id, month, days, touched_at) "
            "values ($1, 'run_ticket', $2, '2026-05-01', $3, $4)",
            [(company.tenant_id, who, 1 << day - 1, company.now) for who in named])


async def test_a_run_from_state_has_the_digests_of_one_from_the_records(company: Any, passes: list[int]) -> None:
    await company.appraise()
    [from_records] = await company.fetch(DIGESTS)
    looked = sum(passes)
    assert (await bring_up(company.database, company.tenant_id))["months"] > 0
    passes.clear()
    await company.appraise()
    [from_state] = await company.fetch(DIGESTS)
    assert tuple(from_state) == tuple(from_records)
    assert sum(passes) < looked
    # A record that is corrected after the state was made is read from the records until the state has taken it in.
    await company.ticket("E2-9", "E2", 11, hours=1, version=2)
    await mark_touched(company, 11, company.employees["E2"], company.departments["north"], NOBODY)
    await company.appraise()
    [marked] = await company.fetch(DIGESTS)
    assert marked["result_digest"] != from_state["result_digest"]
    assert await service.take_in(company.database, company.tenant_id) == 3
    await company.appraise()
    assert await company.fetch(DIGESTS) == [marked]
    await service.drop(company.database, company.tenant_id)
    await company.appraise()
    assert await company.fetch(DIGESTS) == [marked]
    # So small a company is not worth a state of its own making.
    assert [row["count"] for row in await company.fetch(ASKED)] == [0]


async def test_the_command_makes_shows_and_drops_it(company: Any, capsys: pytest.CaptureFixture[str]) -> None:
    [row] = await company.fetch("select key from tenant where id = $1")
    platform = SimpleNamespace(database=company.database)

    async def told(what: str, **more: Any) -> str:
        given = Namespace(state_command=what, tenant=row["key"], json=False, **more)
        assert await command.run(given, platform) == 0
        return capsys.readouterr().out

    made = await told("rebuild", period="2026-05")
    assert made.startswith("months: ")
    assert made != "months: 0\n"
    assert "run_ticket" in (shown := await told("show"))
    assert "2026-05-01" in shown
    with pytest.raises(MeritlineError):
        await told("rebuild", period="2026-13")
    assert await told("show") == shown, "what is no period drops nothing"
    await mark_touched(company, 2, company.employees["E1"])
    assert "1 marks of changed records wait" in await told("show")
    assert await told("refresh") == "marks: 1, months: 0\n"
    assert (await told("drop")) != "states: 0\n"
    assert await told("show") == "0 marks of changed records wait\n"


async def test_another_profile_makes_the_state_anew(company: Any, passes: list[int]) -> None:
    await company.appraise()
    looked = sum(passes)
    made = await bring_up(company.database, company.tenant_id)
    async with company.database.unit_of_work(company.tenant_id) as uow:
        await uow.conn.execute("update tenant_profile set version = version + 1 where tenant_id = $1",
                               company.tenant_id)
    passes.clear()
    await company.appraise()
    assert sum(passes) == looked, "days may begin at another moment now"
    assert await bring_up(company.database, company.tenant_id) == made
    assert await bring_up(company.database, company.tenant_id) == {"marks": 0, "months": 0}


async def test_what_was_refused_is_tried_again_once_its_records_changed(company: Any) -> None:
    await company.appraise()
    await bring_up(company.database, company.tenant_id)
    [row] = await company.fetch("select count(*) from measure_state_span p join measure_state s on s.id = p.state_id "
                                "where s.tenant_id = $1 and s.record_type = 'run_ticket'")

    async def refuse(hours_ago: int) -> None:
        async with company.database.unit_of_work(company.tenant_id) as uow:
            await uow.conn.execute("delete from measure_state_span where tenant_id = $1", company.tenant_id)
            await uow.conn.execute("update measure_state set refused = 'a sum is too large', made_at = now() - $2 * "
                                   "interval '1 hour' where tenant_id = $1", company.tenant_id, hours_ago)

    await refuse(hours_ago=2)
    assert (await bring_up(company.database, company.tenant_id))["months"] == 0, "nothing has changed"
    await mark_touched(company, 2, company.employees["E1"])
    assert (await bring_up(company.database, company.tenant_id))["months"] == row["count"] > 0
    await refuse(hours_ago=0)
    await mark_touched(company, 2, company.employees["E1"])
    assert (await bring_up(company.database, company.tenant_id))["months"] == 0, "it was tried just now"


async def test_the_months_of_settled_cycles_are_forgotten(company: Any) -> None:
    await company.appraise()
    made = await bring_up(company.database, company.tenant_id)
    assert await rebuild(company.database, company.tenant_id, "2026-02") > 0, "a month that somebody asked for by hand"
    assert await bring_up(company.database, company.tenant_id) == made
    async with company.database.unit_of_work(company.tenant_id) as uow:
        await uow.conn.execute("update cycle set state = 'locked' where tenant_id = $1", company.tenant_id)
    assert await bring_up(company.database, company.tenant_id) == {"marks": 0, "months": 0}
    for table in ("span", "day", "month"):
        left = await company.fetch(f"select 1 from measure_state_{table} where tenant_id = $1 and "  # noqa: S608
                                   f"{'day' if table == 'day' else 'month'} >= '2026-05-01'")
        assert left == [], table
    async with company.database.scoped_read(company.tenant_id) as conn:
        assert date(2026, 2, 1) in await service.months(conn, company.tenant_id)
