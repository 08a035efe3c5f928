"""A run takes the cycle's reward lines away early and writes them anew at its end: to whoever looks they never went."""

from typing import Any

import pytest

from meritline.appraisal.cycles import open_cycle
from meritline.appraisal.run.execute import execute
from meritline.appraisal.run.frame import Frame, RewardStep
from meritline.appraisal.service import run_cycle
from meritline.rewards import store
from meritline.rewards.service import REWARDS, make_room

LINES = """
select line.*, cycle.run_id = line.run_id and card.run_id = line.run_id as of_run from reward_line line
join cycle on cycle.tenant_id = $1 and cycle.id = line.cycle_id
join scorecard card on card.tenant_id = $1 and card.id = line.scorecard_id
where line.tenant_id = $1 order by line.id
"""


async def silent(done: int, total: int, note: str) -> None:
    """Nobody looks on."""


async def lines(company: Any) -> list[dict[str, Any]]:
    """What stands, but for the run and the card that it belongs to, which must be those that count."""
    rows = [dict(row) for row in await company.fetch(LINES)]
    assert all(row["of_run"] for row in rows)
    return [{name: value for name, value in row.items() if name not in ("run_id", "scorecard_id")} for row in rows]


async def move(company: Any, who: str, position: str) -> None:
    """Give somebody another position, so that another scheme appraises them or none does."""
    async with company.database.unit_of_work(company.tenant_id) as uow:
        await uow.conn.execute(
            "update employment set position_id = (select id from position where tenant_id = $1 and code = $3) "
            "where tenant_id = $1 and employee_id = $2", company.tenant_id, company.employees[who], position)


@pytest.mark.parametrize("scheme", [None, "agents", "teams", "firm"])
async def test_a_line_keeps_its_id_whatever_is_run_again(company: Any, scheme: str | None) -> None:
    await company.appraise()
    before = await lines(company)
    assert len(before) == 18
    for _ in range(2):
        assert (await company.appraise(scheme=scheme)).state == "done"
        assert await lines(company) == before


async def test_who_goes_takes_their_lines_along_and_the_others_keep_theirs(company: Any) -> None:
    await company.appraise()
    ids = {(row["subject_code"], row["rule_key"]): row["id"] for row in await lines(company)}
    await move(company, "E6", "boss")
    await company.appraise(scheme="agents")
    stay = {key: each for key, each in ids.items() if key[0] != "E6"}
    assert len(stay) == len(ids) - 3
    assert {(row["subject_code"], row["rule_key"]): row["id"] for row in await lines(company)} == stay
    await move(company, "E6", "agent")
    await company.appraise()
    again = {(row["subject_code"], row["rule_key"]): row["id"] for row in await lines(company)}
    assert (again.keys(), {key: again[key] for key in stay}) == (ids.keys(), stay)
    assert not {each for key, each in again.items() if key not in stay} & set(ids.values())


async def test_a_run_over_one_scheme_takes_away_nothing_of_another(company: Any) -> None:
    await company.appraise()
    before = await lines(company)
    async with company.database.unit_of_work(company.tenant_id) as uow:
        cycle_id = await uow.conn.fetchval("select cycle_id from reward_line where tenant_id = $1 limit 1",
                                           company.tenant_id)
        assert not await store.take_away(uow.conn, company.tenant_id, cycle_id, "teams")
    assert await lines(company) == before
    async with company.database.unit_of_work(company.tenant_id) as uow:
        gone = await store.take_away(uow.conn, company.tenant_id, cycle_id, "agents")
    assert gone == {
        ("agents", "employee", rule): {row["subject_id"].bytes: row["id"].bytes for row in before
                                       if row["rule_key"] == rule}
        for rule in ("level", "grumble", "together")
    }
    assert not await lines(company)


async def test_a_run_that_fails_leaves_the_lines(company: Any) -> None:
    await company.appraise()
    before = await company.fetch(LINES)
    taken: list[int] = []

    async def broken(frame: Frame, *_: Any) -> list[str]:
        await frame.wire.settle()
        taken.extend(map(len, frame.paid_before.values()))
        raise RuntimeError("no rewards today")

    async with company.database.unit_of_work(company.tenant_id) as uow:
        cycle = await open_cycle(uow, "test", "2026-05")
        asked = await run_cycle(uow, "test", cycle.id, enqueue=company.jobs.enqueue, now=company.clock())
    with pytest.raises(RuntimeError, match="no rewards today"):
        await execute(company.database, company.clock, company.tenant_id, asked.run_id, None,
                      rewards=RewardStep(make_room, broken), progress=silent)
    assert taken == [6, 6, 6]
    assert await company.fetch(LINES) == before
    await execute(company.database, company.clock, company.tenant_id, asked.run_id, None, rewards=REWARDS,
                  progress=silent)
    assert [row["id"] for row in await company.fetch(LINES)] == [row["id"] for row in before]
