"""A key that was shown before needs no look-up of its own, and gives nothing once it does not stand."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import asyncpg
import pytest
from httpx2 import ASGITransport, AsyncClient

from meritline.access import create_key, remembered, revoke_key
from meritline.access.remembered import Remembered
from meritline.access.service import Unauthenticated
from meritline.bootstrap import Platform
from meritline.db import Database
from meritline.db.warrants import WARRANT, Warrant, unproven
from meritline.db.wire import prefix_by
from meritline.http.app import create_app
from meritline.local import LocalUrls

PAGE = "{ employees(first: 2) { nodes { number name } totalCount } }"
#: Read compiled, read by the plain resolvers, without any database, not executed at all, refused, and written.
DOCUMENTS = {
    "a page": PAGE,
    "two pages": "{ a: employees(first: 1) { totalCount } b: departments { totalCount } }",
    "a node": '{ node(id: "TmVuZQ") { id } viewer { role } }',
    "evidence": '{ scorecards(first: 1) { nodes { lines { explanation { records(first: 1) { totalCount } } } } } }',
    "nothing of the database": "{ __typename }",
    "the schema": "{ __schema { queryType { name } } }",
    "no document": "{ employees(",
    "no such field": "{ nobody }",
    "what the role may not": "{ auditEntries(first: 1) { totalCount } }",
    "a department is written": 'mutation { upsertDepartments(input: {departments: [{code: "NEW", name: "New"}]}) '
                               "{ errors { code } } }",
    "the same by another name": 'fragment F on UpsertDepartmentsPayload { errors { code } } mutation M { other: '
                                'upsertDepartments(input: {departments: [{code: "NEW", name: "New"}]}) { ...F } }',
}  # fmt: skip


async def made(platform: Platform, company: Any, role: str = "hr", **more: Any) -> tuple[UUID, str]:
    async with platform.database.unit_of_work(company.id) as uow:
        return await create_key(uow.conn, company.id, role=role, **more)


async def revoked(platform: Platform, company: Any, key: UUID) -> None:
    async with platform.database.unit_of_work(company.id) as uow:
        await revoke_key(uow.conn, company.id, key, actor="test")


async def departments(platform: Platform, company: Any) -> set[str]:
    rows = await platform.database.read(company.id, "select code from department where tenant_id = $1", company.id)
    return {row["code"] for row in rows}


@pytest.mark.parametrize("name", DOCUMENTS)
async def test_a_key_that_is_revoked_gets_nothing_and_does_nothing(ask: Any, north: Any, platform: Platform,
                                                                   name: str) -> None:
    key, text = await made(platform, north)
    for _ in range(3):  # remembered, and on connections that have proven themselves
        assert (await ask(PAGE, text)).data["employees"]["totalCount"] > 2
    await revoked(platform, north, key)
    never = await ask(DOCUMENTS[name], "mlk_nonsense")
    for _ in range(2):
        answer = await ask(DOCUMENTS[name], text)
        assert (answer.status, answer.codes) == (401, ["UNAUTHENTICATED"])
        assert answer.body == never.body
        assert "data" not in answer.body
        assert answer.headers["www-authenticate"] == never.headers["www-authenticate"]
    assert "NEW" not in await departments(platform, north)


async def test_what_is_remembered_is_no_key(ask: Any, north: Any, south: Any, platform: Platform) -> None:
    _, text = await made(platform, north)
    _, other = await made(platform, south)
    for each in (text, other, text, other):
        assert (await ask(PAGE, each)).status == 200
    wrong = {text[:-1] + ("A" if text[-1] != "A" else "B"), text.replace(north.id.hex, south.id.hex),
             text[: 4 + 32 + 33] + other[4 + 32 + 33 :], text[:37] + other[37:69] + text[69:]}
    for each in wrong:
        assert (await ask(PAGE, each)).status == 401, each
    assert {(await ask(PAGE, each)).data["employees"]["totalCount"] for each in (text, other)} == {10, 20}


async def test_an_expired_key_is_refused(north: Any, platform: Platform) -> None:
    moment = datetime.now(UTC)
    _, text = await made(platform, north, expires_at=moment + timedelta(hours=1))
    keys = Remembered(platform.database)
    assert (await keys.principal(text, moment))[1] is None
    assert (await keys.principal(text, moment + timedelta(minutes=59)))[1] is not None
    for _ in range(2):
        with pytest.raises(Unauthenticated):
            await keys.principal(text, moment + timedelta(hours=1))


async def test_so_many_are_remembered_and_no_more(north: Any, platform: Platform,
                                                  monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(remembered, "MOST", 2)
    keys, texts = Remembered(platform.database), [(await made(platform, north))[1] for _ in range(3)]
    now = datetime.now(UTC)

    async def known(place: int) -> bool:
        return (await keys.principal(texts[place], now))[1] is not None

    assert [await known(place) for place in (0, 1, 0, 2, 0, 1)] == [False, False, True, False, True, False]


async def warrant(platform: Platform, company: Any, *, stands: bool) -> Warrant:
    """The warrant of a new key that is remembered."""
    keys, (key, text) = Remembered(platform.database), await made(platform, company)
    await keys.principal(text, datetime.now(UTC))
    found = (await keys.principal(text, datetime.now(UTC)))[1]
    assert found is not None
    await platform.database.read_value(company.id, "select 1")  # a connection that has proven itself is at hand
    if not stands:
        await revoked(platform, company, key)
    return found


@contextmanager
def in_force(warrant: Warrant) -> Iterator[Warrant]:
    token = WARRANT.set(warrant)
    try:
        yield warrant
    finally:
        WARRANT.reset(token)


WAYS: dict[str, Callable[[Platform, Any, Any], Awaitable[object]]] = {
    "a read": lambda platform, north, _: platform.database.read_value(north.id, "select 1"),
    "JSON": lambda platform, north, _: platform.database.read_json(north.id, "select '1'"),
    "of another company": lambda platform, _, south: platform.database.read_value(south.id, "select 1"),
    "several statements": lambda platform, north, _: within(platform.database.scoped_read(north.id)),
    "a unit of work": lambda platform, north, _: within(platform.database.unit_of_work(north.id)),
    "without a company": lambda platform, _, __: within(platform.database.global_work()),
}


async def within(block: Any) -> object:
    async with block as given:
        return await getattr(given, "conn", given).fetchval("select 1")


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("asks", [True, False])
async def test_every_way_into_the_database_proves_it(north: Any, south: Any, platform: Platform,
                                                     monkeypatch: pytest.MonkeyPatch, way: str, asks: bool) -> None:
    if not asks:
        monkeypatch.setattr("meritline.db.scope.asks", lambda _: False)
    with in_force(await warrant(platform, north, stands=True)) as good:
        assert str(await WAYS[way](platform, north, south)) == "1"
        assert good.proven
        assert unproven() is None
    with in_force(await warrant(platform, north, stands=False)) as bad:
        for _ in range(2):
            with pytest.raises(Unauthenticated):
                await WAYS[way](platform, north, south)
            with pytest.raises(Unauthenticated):
                await bad.settle()
        assert not bad.proven


async def test_a_read_that_fails_proves_nothing(north: Any, platform: Platform) -> None:
    with in_force(await warrant(platform, north, stands=False)) as bad:
        with pytest.raises(Unauthenticated):  # and not by what the statement itself would say
            await platform.database.read_value(north.id, "select 1 / (random() * 0)::int")
        assert not bad.proven
    with in_force(await warrant(platform, north, stands=True)) as good:
        with pytest.raises(asyncpg.DivisionByZeroError):
            await platform.database.read_value(north.id, "select 1 / (random() * 0)::int")
        assert not good.proven
        assert await platform.database.read_value(north.id, "select current_setting('transaction_read_only')") == "on"
        assert good.proven


async def test_prepared_statements_that_are_lost_are_no_failure(north: Any, platform: Platform,
                                                                migrated_database: LocalUrls) -> None:
    """A pooler drops them: the read is done again, once the key was looked up."""
    async with await Database.open(migrated_database.database_url) as database:
        await database.read_value(north.id, "select 1")
        conn = database._lanes.at_hand()
        await conn.execute("deallocate _caller")
        database._lanes.give(conn)
        with in_force(await warrant(platform, north, stands=True)) as good:
            assert await database.read_value(north.id, "select 7") == 7
            assert good.proven


async def test_where_the_prefix_does_not_hold_the_key_is_looked_up(north: Any, platform: Platform,
                                                                  migrated_database: LocalUrls) -> None:
    """Behind a pooler without prepared statements nothing goes in front of a read."""
    async with await Database.open(migrated_database.database_url, cached_statements=0) as database:
        await database.read_value(north.id, "select 1")
        conn = database._lanes.at_hand()
        assert (conn.wire.proven, conn.wire.asks) == (False, False)
        conn.wire.asks = True  # as if it had been tried and had seemed to hold
        database._lanes.give(conn)
        for stands in (True, False):
            with in_force(await warrant(platform, north, stands=stands)) as one:
                one.scope = b"never written"
                if stands:
                    assert await database.read_value(north.id, "select 7") == 7
                else:
                    with pytest.raises(Unauthenticated):
                        await database.read_value(north.id, "select 7")
                assert one.proven == stands


@pytest.mark.parametrize("stands", [True, False])
async def test_of_many_reads_at_once_any_may_prove_it(north: Any, platform: Platform, migrated_database: LocalUrls,
                                                      stands: bool) -> None:
    """Some on connections that can, some on new ones, while others have proven it already."""
    async with await Database.open(migrated_database.database_url, max_size=6) as database:
        await database.read_value(north.id, "select 1")
        for _ in range(5):
            with in_force(await warrant(platform, north, stands=stands)) as one:
                found = await asyncio.gather(*(database.read_value(north.id, f"select {number}, pg_sleep(0.002)")
                                               for number in range(20)), return_exceptions=True)  # fmt: skip
                assert one.proven == stands
                if stands:
                    assert found == list(range(20))
                else:
                    assert {type(each) for each in found} == {Unauthenticated}


async def test_a_refusal_is_the_only_answer(north: Any, platform: Platform) -> None:
    key, text = await made(platform, north)
    app = create_app(platform)

    async def messages() -> list[Any]:
        sent: list[Any] = []
        headers = [(b"host", b"here"), (b"content-type", b"application/json"),
                   (b"authorization", f"Bearer {text}".encode())]

        async def receive() -> Any:
            return {"type": "http.request", "body": b'{"query": "{ __typename }"}', "more_body": False}

        async def send(message: Any) -> None:
            sent.append(message)

        await app({"type": "http", "method": "POST", "path": "/graphql", "query_string": b"", "headers": headers,
                   "client": None, "state": {}}, receive, send)
        return sent

    for _ in range(2):
        assert [each.get("status") for each in await messages()] == [200, None]
    await revoked(platform, north, key)
    assert [each.get("status") for each in await messages()] == [401, None]


async def test_what_is_shown_to_the_database_is_the_whole_key(north: Any, south: Any, platform: Platform) -> None:
    key, _ = await made(platform, north)
    shown = await platform.database.read_value(north.id, "select secret_hash from api_key where id = $1", key)

    async def stands(*by: Any) -> bool:
        async def never() -> None:
            raise AssertionError("nothing is looked up")

        await platform.database.read_value(by[0], "select 1")  # a connection that has proven itself is at hand
        with in_force(Warrant(by[0], prefix_by(*by), never, Unauthenticated)):
            try:
                return await platform.database.read_value(by[0], "select 1") == 1
            except Unauthenticated:
                return False

    assert await stands(north.id, key, shown)
    assert not await stands(north.id, key, bytes(32))
    assert not await stands(north.id, key, shown[:31])
    assert not await stands(north.id, UUID(int=key.int ^ 1), shown)
    assert not await stands(south.id, key, shown)


async def test_no_answer_leaves_after_a_revocation(north: Any, platform: Platform) -> None:
    """Many at once, with the key revoked among them: whoever asks after that is answered nothing."""
    key, text = await made(platform, north)
    transport = ASGITransport(create_app(platform), raise_app_exceptions=False)
    enough, gone = asyncio.Event(), asyncio.Event()
    found: list[tuple[bool, int]] = []
    async with AsyncClient(transport=transport, base_url="http://meritline.test") as client:
        async def one(number: int) -> None:
            for _ in range(20):
                after = gone.is_set()
                query = PAGE if number % 3 else "{ __typename }"
                answer = await client.post("/graphql", json={"query": query},
                                           headers={"authorization": f"Bearer {text}"})
                found.append((after, answer.status_code))
                if len(found) == 20:
                    enough.set()

        async def revoke() -> None:
            await enough.wait()
            await revoked(platform, north, key)
            gone.set()

        await asyncio.gather(revoke(), *map(one, range(8)))
    assert {status for after, status in found if after} == {401}
    assert {status for _, status in found} == {200, 401}
