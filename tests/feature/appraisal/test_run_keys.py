"""What cards and rewards name cannot go, though it is not asked for row by row: by other keys, and by a count."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any
from uuid import UUID

import asyncpg
import pytest

from meritline.appraisal.orphans_store import orphans
from meritline.appraisal.run import store, writing
from meritline.appraisal.run.ids import Span, span_of
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
OF_SCHEME = "select id from scorecard where run_id = $1 and scheme_key = 'agents' order by id"
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
    wrote = span_of([row["id"] for row in await owner.fetch(OF_SCHEME, run)])
    assert wrote.size == 6

    async def require(first: int = 0, last: int = 0) -> None:
        cards = Span(UUID(int=wrote.first.int + first), UUID(int=wrote.last.int + last))
        await store.require_cards(owner, company.tenant_id, run, "agents", cards)

    await require()
    for other in ((0, 1), (-1, 0), (0, -1), (1, 0)):
        with pytest.raises(LookupError, match="scorecards of agents were written, 6 stand with the run"):
            await require(*other)
    for other in ((1, 1), (-1, -1), (3, 3)):
        with pytest.raises(LookupError, match=f"name 6 scorecards, {6 - abs(other[0])} of them are there"):
            await require(*other)
    for column in ("cycle_id", "scheme_version_id"):
        change = owner.transaction()
        await change.start()
        await owner.execute(f"update scorecard set {column} = uuidv7() where tenant_id = $1 and run_id = $2 "  # noqa: S608
                            "and subject_code = 'E2'", company.tenant_id, run)
        with pytest.raises(LookupError, match="stand with the run"):
            await require()
        await change.rollback()


@pytest.mark.parametrize(("beside", "few"), [(-1, 1), (6, 6)])
async def test_a_line_of_no_card_that_the_run_writes_ends_it(company: Any, monkeypatch: pytest.MonkeyPatch,
                                                             caplog: pytest.LogCaptureFixture, beside: int,
                                                             few: int) -> None:
    """The first is before the cards, all are behind them."""
    write = writing.line_bytes

    def elsewhere(appraisal: Any, people: Any, ids: Any) -> bytes:
        if appraisal.chosen.scheme.key != "agents":
            return write(appraisal, people, ids)
        other = dict(ids)
        for who in people[:few]:
            other[who.subject] = UUID(int=ids[people[0].subject].int + beside)
        return write(appraisal, people, other)

    monkeypatch.setattr(writing, "line_bytes", elsewhere)
    assert (await company.appraise()).state == "failed"
    assert f"{5 * few} of 30 rows of {store.INSERT_LINES[False].staging} refer to what is not there" in caplog.text
    assert not await company.fetch("select 1 from score_line where tenant_id = $1")


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
