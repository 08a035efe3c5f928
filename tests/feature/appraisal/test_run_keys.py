"""What cards and rewards name cannot go, though it is not asked for row by row: by other keys, and by a count."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import asyncpg
import pytest

from meritline.appraisal.orphans_store import orphans
from meritline.appraisal.run import store
from meritline.errors import MeritlineError
from meritline.local import LocalUrls
from meritline.onboarding.deletion import delete_tenant


@pytest.fixture
async def owner(urls: LocalUrls) -> AsyncIterator[asyncpg.Connection]:
    conn = await asyncpg.connect(urls.migration_database_url)
    yield conn
    await conn.close()


CARDS = """
select run.id as run, run.cycle_id as cycle, card.scheme_version_id as scheme_version, card.department_id as department,
    count(*) over () as cards, (select count(*) from score_line line where line.run_id = run.id) as lines
from cycle join run on run.id = cycle.run_id join scorecard card on card.run_id = run.id and card.scheme_key = 'agents'
where cycle.tenant_id = $1 and card.subject_code = 'E1'
"""
OF_SCHEME = """
select count(distinct card.id) as cards, count(line.position) as lines from scorecard card
join score_line line on line.scorecard_id = card.id where card.run_id = $1 and card.scheme_key = 'agents'
"""
WAITS = """
select exists (select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'),
    pg_sleep(0.02)
"""


async def test_what_a_card_names_cannot_be_deleted(company: Any, owner: asyncpg.Connection) -> None:
    await company.appraise()
    named = await owner.fetchrow(CARDS, company.tenant_id)
    for table in ("run", "cycle", "scheme_version", "department"):
        with pytest.raises(asyncpg.ForeignKeyViolationError):
            await owner.execute(f"delete from {table} where tenant_id = $1 and id = $2", company.tenant_id,  # noqa: S608
                                named[table])
    with pytest.raises(asyncpg.ForeignKeyViolationError):
        await owner.execute("delete from run_scheme where tenant_id = $1; delete from run where tenant_id = $1"
                            .replace("$1", f"'{company.tenant_id}'"))


async def test_cards_that_do_not_stand_with_their_run_end_it(company: Any, owner: asyncpg.Connection) -> None:
    await company.appraise()
    run = (await owner.fetchrow(CARDS, company.tenant_id))["run"]
    wrote = dict(await owner.fetchrow(OF_SCHEME, run))

    async def require(**other: int) -> None:
        await store.require_cards(owner, company.tenant_id, run, "agents", **{**wrote, **other})

    await require()
    with pytest.raises(LookupError, match="scorecards of agents"):
        await require(cards=wrote["cards"] + 1)
    with pytest.raises(LookupError, match="score lines of agents"):
        await require(lines=wrote["lines"] + 1)
    for column in ("cycle_id", "scheme_version_id"):
        change = owner.transaction()
        await change.start()
        await owner.execute(f"update scorecard set {column} = uuidv7() where tenant_id = $1 and run_id = $2 "  # noqa: S608
                            "and subject_code = 'E2'", company.tenant_id, run)
        with pytest.raises(LookupError, match="stand with the run"):
            await require()
        await change.rollback()


async def test_what_is_removed_by_hand_is_counted(company: Any, owner: asyncpg.Connection) -> None:
    await company.appraise()
    assert await orphans(owner, company.tenant_id) == 0
    gone = owner.transaction()
    await gone.start()
    paid = await owner.fetchval("select count(*) from reward_line where tenant_id = $1 and subject_code = 'E1'",
                                company.tenant_id)
    lines = await owner.fetchval(
        "select count(*) from score_line line join scorecard card on card.id = line.scorecard_id "
        "where card.tenant_id = $1 and card.subject_code = 'E1'", company.tenant_id)
    assert paid
    await owner.execute("delete from scorecard where tenant_id = $1 and subject_code = 'E1'", company.tenant_id)
    assert await orphans(owner, company.tenant_id) == paid + lines
    await owner.execute("delete from run_scheme where tenant_id = $1 and scheme_key = 'agents'", company.tenant_id)
    rest = await owner.fetchval("select count(*) from scorecard where tenant_id = $1 and scheme_key = 'agents'",
                                company.tenant_id)
    assert await orphans(owner, company.tenant_id) == paid + lines + rest
    await gone.rollback()


async def test_of_many_lines_those_of_the_newest_cards_are_looked_at(company: Any, owner: asyncpg.Connection) -> None:
    await company.appraise()
    for card, found in (("uuidv7()", 1), ("'00000000-0000-7000-8000-000000000000'", 0)):
        change = owner.transaction()
        await change.start()
        await owner.execute(
            "insert into score_line (tenant_id, run_id, scorecard_id, position, kind, key, title_en, title_zh, unit, "  # noqa: S608
            f"direction, reading_state, steps) values ($1, uuidv7(), {card}, 0, 'item', 'k', 'K', 'K', 'u', 'higher', "
            "'not_measured', '[]')", company.tenant_id)
        assert (await orphans(owner, company.tenant_id, 1), await orphans(owner, company.tenant_id)) == (found, 1)
        await change.rollback()


async def test_a_company_that_is_deleted_while_it_is_appraised_leaves_nothing_behind(
        make_company: Any, owner: asyncpg.Connection, urls: LocalUrls, monkeypatch: pytest.MonkeyPatch) -> None:
    """The deletion began first and waits for the run, whose rows it does not see; where the run then wants a row that
    the deletion holds, the database ends one of the two, and the run is tried again."""
    async with make_company() as company:
        await company.busy_may()
        deletions: list[asyncio.Task[Any]] = []
        insert = store.insert_scheme

        async def late(*values: Any) -> None:
            if not deletions:
                deletions.append(asyncio.create_task(delete_tenant(urls.migration_database_url, company.tenant_id)))
                while not await owner.fetchval(WAITS):
                    pass
            await insert(*values)

        monkeypatch.setattr(store, "insert_scheme", late)
        await company.appraise()
        with pytest.raises(MeritlineError) as told:
            await deletions[0]
        assert told.value.problem.code == "E-TENANT-IN-USE"
        assert await orphans(owner, company.tenant_id) == 0
        assert await company.cards()
