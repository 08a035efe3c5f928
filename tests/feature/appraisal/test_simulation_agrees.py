"""A simulation of what stands gives what stands, from what the run kept and from the records; it writes nothing."""

from datetime import date
from decimal import Decimal
from typing import Any

import asyncpg
import pytest

from meritline.appraisal.documents import reward_document, scheme_document
from meritline.appraisal.ratings import RatingInput, submit_rating
from meritline.appraisal.simulation import gathering, service
from meritline.appraisal.simulation.service import Asked, Simulation, simulate
from meritline.documents import Document
from meritline.plugins.host import catalogue_of
from meritline_sdk.model.canonical import parse

BODY = ("select d.body from {kind}_version v join {kind} h on h.tenant_id = $1 and h.id = v.{kind}_id "
        "join definition d on d.tenant_id = $1 and d.hash = v.definition_hash where v.tenant_id = $1 and h.{name} = $2 "
        "order by v.version desc limit 1")  # fmt: skip


async def stored(company: Any, kind: str, key: str, name: str = "key") -> Any:
    """A definition as it stands."""
    ((body,),) = await company.fetch(BODY.format(kind=kind, name=name), key)
    return parse(body)


async def tried(company: Any, desk: Any, scheme: Any = None, table: Any = None, **asked: Any) -> Simulation:
    """A simulation of May."""
    documents = (None if scheme is None else Document(scheme_document(scheme, date(2020, 1, 1))),
                 None if table is None else Document({**reward_document(table, date(2020, 1, 1)),
                                                      "fines_confirmed": True}))  # fmt: skip
    return await simulate(company.database, company.tenant_id, catalogue_of(desk), Asked(
        *documents, **{"first": "2026-05", **asked}), company.clock())


@pytest.fixture
def desk(request: pytest.FixtureRequest) -> Any:
    """The indicator set of the company."""
    conftest = request.config.pluginmanager.getplugin(str(request.path.parent / "conftest.py"))
    return conftest.DESK


async def appraised(company: Any) -> None:
    """May with a rating, run."""
    async with company.database.unit_of_work(company.tenant_id) as uow:
        await submit_rating(uow, company.principal("hr"), RatingInput(
            "2026-05", "agents", "desk.manner", "E2", Decimal(70)), clock=company.clock)
    await company.appraise()


@pytest.mark.parametrize("way", ["run", "records"])
@pytest.mark.parametrize("key", ["agents", "teams", "firm"])
async def test_the_scheme_that_stands_gives_what_stands(company: Any, desk: Any, key: str, way: str,
                                                         monkeypatch: pytest.MonkeyPatch) -> None:
    await appraised(company)
    if way == "records":
        async def nothing_kept(*_: Any, **__: Any) -> None:
            return None

        monkeypatch.setattr(gathering, "from_run", nothing_kept)
    found = await tried(company, desk, await stored(company, "scheme", key))
    assert found.again == (("2026-05",) if way == "records" else ())
    cards = await company.cards(key)
    assert {one.person.code for one in found.people} == set(cards)
    for one in found.people:
        (pair,) = one.person.pairs
        assert pair.before == pair.after, one.person.code
        assert pair.after is not None
        assert (pair.after.score, pair.after.grade, pair.after.rank, pair.after.state) == tuple(
            cards[one.person.code][name] for name in ("score", "grade", "rank", "state"))
    assert (found.how_many("unchanged"), found.before) == (len(found.people), found.after)
    if key == "agents":
        paid = await company.rewards()
        assert found.after == sum(amount for amount in paid.values() if amount is not None) > 0


async def test_a_table_alone_with_a_pool_and_a_fine_pays_what_it_pays(company: Any, desk: Any) -> None:
    await appraised(company)
    found = await tried(company, desk, table=await stored(company, "reward_table", "agents", "scheme_key"))
    assert (found.before, found.how_many("unchanged")) == (found.after, len(found.people))


async def test_an_indicator_that_was_set_otherwise_since_is_read_again(company: Any, desk: Any) -> None:
    """The minimum of records for a reading rises from 2 to 9: E4 and E6 with 2 and 4 tickets lose theirs."""
    await appraised(company)
    async with company.database.unit_of_work(company.tenant_id) as uow:
        from meritline.appraisal.definitions import save_indicator

        await save_indicator(uow, "test", {"key": "desk.fix", "minimum_sample": 9})
    found = await tried(company, desk, await stored(company, "scheme", "firm"))
    assert found.again == ()
    agents = await tried(company, desk, await stored(company, "scheme", "agents"))
    sides = {one.person.code: one.person.pairs[0] for one in agents.people}
    assert sides["E4"].before != sides["E4"].after
    assert sides["E1"].before == sides["E1"].after


async def test_nothing_can_be_written(company: Any, desk: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever a simulation did, the database would refuse it."""
    await appraised(company)
    scheme = await stored(company, "scheme", "agents")
    before = await everything(company)
    await tried(company, desk, scheme)
    await tried(company, desk, scheme, first="2026-04", to="2026-05")
    assert await everything(company) == before
    real = service.employments

    async def writing(conn: Any, tenant_id: Any) -> Any:
        await conn.execute("delete from reward_line where tenant_id = $1", tenant_id)
        return await real(conn, tenant_id)

    monkeypatch.setattr(service, "employments", writing)
    with pytest.raises(asyncpg.ReadOnlySQLTransactionError):
        await tried(company, desk, scheme)


async def everything(company: Any) -> dict[str, int]:
    """How many rows each table of the company has."""
    tables = await company.fetch("select relname::text from pg_class where relkind = 'r' and $1::uuid is not null and "
                                 "relnamespace = 'public'::regnamespace and has_table_privilege(oid, 'select')")
    found = {}
    for (name,) in tables:
        if name not in ("tenant", "job_ref", "tortoise_migrations", "plugin_release"):
            ((found[name],),) = await company.fetch(f"select count(*) from {name} where tenant_id = $1")  # noqa: S608
    return found
