"""Reads that carry their tenant in front of them: one trip, nothing written, nothing left behind, whatever happens."""

import asyncio
import contextlib
import json
import random
import time
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from typing import Any
from urllib.parse import urlsplit, urlunsplit
from uuid import UUID, uuid4

import asyncpg
import pytest

from meritline.db import Database, wire
from meritline.db.lanes import REST_S
from meritline.errors import MeritlineError
from meritline.local import LocalUrls

TENANTS = ALPHA, BETA = UUID(int=0xA), UUID(int=0xB)
OWN = {ALPHA: [UUID(int=0xA00 + n) for n in range(20)], BETA: [UUID(int=0xB00 + n) for n in range(20)]}
DEPARTMENT = "insert into department (tenant_id, id, code, name) values ($1, $2, $3, $3)"
LIST = "select coalesce(json_agg(id order by id)::text, '[]') from department where code like 'own-%'"
MINE = "select id from department where code = $1"
SCOPE = "select coalesce(current_setting('app.tenant_id', true), '')"


@pytest.fixture(scope="module")
async def urls(migrated_database: LocalUrls) -> LocalUrls:
    async with await Database.open(migrated_database.database_url) as database:
        for tenant in TENANTS:
            async with database.unit_of_work(tenant) as uow:
                await uow.conn.execute("insert into tenant (id, key) values ($1, $2)", tenant, tenant.hex)
                for each in OWN[tenant]:
                    await uow.conn.execute(DEPARTMENT, tenant, each, f"own-{each.int:x}")
    return migrated_database


@pytest.fixture
async def database(urls: LocalUrls) -> AsyncIterator[Database]:
    async with await Database.open(urls.database_url, max_size=4) as database:
        yield database


class Trips:
    """A wire of its own to the database, which counts how often the client had to wait for an answer."""

    def __init__(self) -> None:
        self.count = 0
        self.asking = False

    async def pump(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, *, asking: bool) -> None:
        with contextlib.suppress(OSError):
            while data := await reader.read(1 << 16):
                self.count += asking and not self.asking
                self.asking = asking
                writer.write(data)
        writer.close()

    @asynccontextmanager
    async def between(self, url: str) -> AsyncIterator[str]:
        parts = urlsplit(url)

        async def met(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            onward, back = await asyncio.open_connection(parts.hostname, parts.port)
            await asyncio.gather(self.pump(reader, back, asking=True), self.pump(onward, writer, asking=False))

        async with await asyncio.start_server(met, "127.0.0.1", 0) as server:
            place = f"{parts.username}:{parts.password}@127.0.0.1:{server.sockets[0].getsockname()[1]}"
            yield urlunsplit(parts._replace(netloc=place))


async def test_a_known_statement_is_read_in_one_round_trip(urls: LocalUrls) -> None:
    trips = Trips()
    async with trips.between(urls.database_url) as url, await Database.open(url, max_size=1) as database:
        for tenant in TENANTS:
            await database.read_json(tenant, LIST)
        for read in (database.read_json, database.read_value, database.read):
            before = trips.count
            await read(ALPHA, LIST)
            assert trips.count - before == 1
        for opened in (database.scoped_read, database.unit_of_work):  # BEGIN with its CALL, the statement, COMMIT
            before = trips.count
            async with opened(ALPHA) as unit:
                await getattr(unit, "conn", unit).fetchval(LIST)
            assert trips.count - before == 3
        for expected in (3, 2, 2):  # to prepare it; BEGIN, its CALL and the first statement, COMMIT
            before = trips.count
            async with database.unit_of_work(ALPHA, first=(MINE, "own-a00")) as uow:
                assert uow.first["id"] == OWN[ALPHA][0]
            assert trips.count - before == expected


async def test_a_unit_ends_in_the_trip_of_its_last_statement(urls: LocalUrls) -> None:
    trips, hooks = Trips(), list[int]()
    async with trips.between(urls.database_url) as url, await Database.open(url, max_size=1) as database:
        for expected in (4, 2, 2):  # to prepare both; BEGIN, its CALL and the first statement; the last one and COMMIT
            before, made = trips.count, uuid4()
            async with database.unit_of_work(ALPHA, first=(MINE, "own-a00")) as uow:
                uow.after_commit(partial(asyncio.sleep, 0, hooks.append(0)))
                assert await uow.last(f"{DEPARTMENT} returning id", ALPHA, made, f"last-{made}") == (made,)
            assert trips.count - before == expected
            assert await database.read_value(ALPHA, "select count(*) from department where id = $1", made) == 1
            assert await database.read_value(BETA, "select count(*) from department where id = $1", made) == 0
        assert len(hooks) == 3
        before, made = trips.count, uuid4()
        async with database.unit_of_work(ALPHA) as uow:  # it has not begun in front of a statement
            assert await uow.last(f"{DEPARTMENT} returning id", ALPHA, made, f"last-{made}") == (made,)
        assert trips.count - before == 3
        assert await database.read_value(ALPHA, "select count(*) from department where id = $1", made) == 1


@pytest.mark.parametrize("cached", [256, 0])
async def test_the_last_statement_of_a_unit_may_be_of_types_that_nobody_asked_for_before(
    urls: LocalUrls, cached: int
) -> None:
    """asyncpg asks what they are by a statement of its own, between preparing and executing the last one."""
    for number, kind in enumerate(("point", "line", "box")):
        async with await Database.open(urls.database_url, max_size=1, cached_statements=cached) as database:
            made = uuid4()
            async with database.unit_of_work(ALPHA, first=(MINE, "own-a00")) as uow:
                found = await uow.last(
                    f"with made as ({DEPARTMENT} returning id) "  # noqa: S608 - types of our own
                    f"select id, array[]::{kind}[], ({SCOPE}) from made",
                    ALPHA, made, f"typed-{made}")  # fmt: skip
            assert found == (made, [], str(ALPHA))
            for tenant in TENANTS:
                assert await database.read_value(
                    tenant, "select count(*) from department where id = $1", made) == (tenant == ALPHA), number


@pytest.mark.parametrize("cached", [256, 0])
async def test_a_unit_whose_last_statement_fails_leaves_nothing(urls: LocalUrls, cached: int) -> None:
    async with await Database.open(urls.database_url, max_size=1, cached_statements=cached) as database:
        made = uuid4()

        async def failing() -> None:
            async with database.unit_of_work(ALPHA, first=(MINE, "own-a00")) as uow:
                await uow.conn.execute(DEPARTMENT, ALPHA, made, f"lost-{made}")
                await uow.last("select 1 / count(*) from department where id is null")

        with pytest.raises(asyncpg.DivisionByZeroError):
            await failing()
        for tenant in TENANTS:  # the connection is as good as new
            assert await database.read_value(tenant, SCOPE) == str(tenant)
            assert await database.read_value(tenant, "select count(*) from department where id = $1", made) == 0
        await unscoped(database)


async def test_nothing_is_asked_after_the_last_statement_of_a_unit(database: Database) -> None:
    made = uuid4()

    async def late(way: str, statement: str) -> None:
        async with database.unit_of_work(ALPHA, first=(MINE, "own-a00")) as uow:
            await uow.last(SCOPE)
            await getattr(uow.conn, way)(statement, ALPHA, made, f"late-{made}")

    with pytest.raises(RuntimeError, match="last"):
        await late("execute", DEPARTMENT)
    with pytest.raises(asyncpg.PostgresError):
        await late("fetchrow", f"{DEPARTMENT} returning id")
    assert await database.read_value(ALPHA, "select count(*) from department where id = $1", made) == 0


async def test_each_read_sees_its_own_tenant_and_the_connection_keeps_none(database: Database) -> None:
    for tenant in (ALPHA, BETA, ALPHA, UUID(int=0)):
        assert await database.read_value(tenant, SCOPE) == str(tenant)
        assert (await database.read(tenant, SCOPE))[0][0] == str(tenant)
        async with database.global_work() as conn:
            assert await conn.fetchval(SCOPE) == ""
    for nobody in (None, "", str(ALPHA), 1):
        with pytest.raises(MeritlineError, match="E-TENANT-REQUIRED"):
            await database.read_json(nobody, LIST)  # type: ignore[arg-type]


@pytest.mark.parametrize("read", ["read", "read_value", "read_json"])
async def test_a_read_in_one_trip_writes_nothing(database: Database, read: str) -> None:
    with pytest.raises(asyncpg.ReadOnlySQLTransactionError):
        await getattr(database, read)(ALPHA, f"{DEPARTMENT} returning id", ALPHA, uuid4(), "sneaky")
    with pytest.raises((asyncpg.ReadOnlySQLTransactionError, asyncpg.PostgresSyntaxError)):
        await getattr(database, read)(ALPHA, f"with made as ({DEPARTMENT} returning 1) select 1", ALPHA, uuid4(), "x")
    async with database.unit_of_work(ALPHA) as uow:  # what was read only ended with the read
        await uow.conn.execute(DEPARTMENT, ALPHA, uuid4(), f"after-{read}")


async def unscoped(database: Database) -> str:
    """Somebody without a tenant sees no rows; a session that had one before may say so louder."""
    async with database.global_work() as conn:
        assert await conn.fetchval(SCOPE) == ""
        with contextlib.suppress(asyncpg.DataError):
            assert await conn.fetch("select id from department") == []
    return "unscoped"


async def one_operation(database: Database, chance: random.Random) -> str:
    """One of the things that happen to connections; raises what the database raises."""
    tenant = chance.choice(TENANTS)
    own = [str(each) for each in OWN[tenant]]
    match chance.randrange(16):
        case 0 | 1:
            one = chance.choice(OWN[ALPHA] + OWN[BETA])
            found = await database.read_value(tenant, "select id from department where id = $1", one)
            assert found == (one if one in OWN[tenant] else None)
        case 2 | 3:
            found = await database.read_json(tenant, LIST)
            assert json.loads(found or "") == own
        case 4:
            rows = await database.read(tenant, "select id, tenant_id from department where code ~ '^own-' order by 1")
            assert [(str(row["id"]), row["tenant_id"]) for row in rows] == [(each, tenant) for each in own]
        case 5:
            return await unscoped(database)
        case 6:
            wrong = chance.choice(["1/0", "nobody", "pg_sleep(0), 1 / (random() * 0)::int"])
            await database.read(tenant, f"select {wrong}")
        case 7:
            await database.read_value(tenant, "select id from department where id = $1", "no uuid")
        case 8:
            async with asyncio.timeout(chance.random() / 100):
                await database.read_value(tenant, "select pg_sleep(0.005), count(*) from department")
        case 9:
            one = chance.choice(OWN[ALPHA] + OWN[BETA])
            async with database.unit_of_work(tenant, first=(MINE, f"own-{one.int:x}")) as uow:
                assert uow.first == ((one,) if one in OWN[tenant] else None)
                assert json.loads(await uow.conn.fetchval(LIST)) == own
        case 10:
            wrong = chance.choice([("select 1/0",), ("select nobody",), (MINE, 1), (MINE,)])
            with contextlib.suppress(asyncpg.InterfaceError):
                async with database.unit_of_work(tenant, first=wrong):
                    raise AssertionError
        case 11:
            async with asyncio.timeout(chance.random() / 100), database.unit_of_work(
                tenant, first=("select pg_sleep(0.005), count(*) from department",)):
                await database.read_value(tenant, LIST)
        case 12 | 13:
            async with database.unit_of_work(tenant, first=(SCOPE,)) as uow:
                assert uow.first[0] == str(tenant)
                assert json.loads((await uow.last(LIST))[0]) == own
        case 14:
            wrong = chance.choice([("select 1/0",), ("select nobody",), (MINE, 1),
                                   ("select pg_sleep(0.005), count(*) from department",)])
            async with asyncio.timeout(chance.random() / 100), database.unit_of_work(tenant, first=(SCOPE,)) as uow:
                await uow.last(*wrong)
        case _:
            async with database.unit_of_work(tenant, readonly=True) as uow:
                assert await uow.conn.fetchval("select count(*) from department where tenant_id <> $1", tenant) == 0
                assert await uow.conn.fetchval(LIST) is not None
    return "answered"


async def hammered(database: Database, operations: int, seed: int) -> Counter[str]:
    """So many operations by eight tasks, some of which are cancelled at any moment."""
    chance, endings = random.Random(seed), Counter[str]()

    async def worker(own: random.Random) -> None:
        for _ in range(operations // 8):
            task = asyncio.create_task(one_operation(database, own))
            if own.random() < 0.1:
                await asyncio.sleep(own.random() / 200)
                task.cancel()
            try:
                endings[await task] += 1
            except (asyncpg.PostgresError, asyncpg.DataError, TimeoutError, asyncio.CancelledError) as error:
                endings[type(error).__name__] += 1

    async with asyncio.TaskGroup() as group:
        for _ in range(8):
            group.create_task(worker(random.Random(chance.random())))
    return endings


async def test_thousands_of_mixed_operations_leak_nothing(database: Database) -> None:
    endings = await hammered(database, 3000, 20261122)
    assert set(endings) >= {"answered", "unscoped", "CancelledError", "TimeoutError", "DataError",
                            "DivisionByZeroError", "UndefinedColumnError"}, endings  # fmt: skip
    await asyncio.sleep(3 * REST_S)
    assert database.pool.get_idle_size() == database.pool.get_size() <= 4, "connections went astray"
    for held in [await database.pool.acquire(timeout=5) for _ in range(4)]:
        assert not held.is_in_transaction()
        assert await held.fetchval(SCOPE) == ""
        assert held.wire.proven in (True, None), "a connection lost the short way"
        assert held.wire.opens is bool(held.wire.proven)
        assert held.wire.opens is held.wire.ends
        assert held.wire.opening is held.wire.scope is None
        assert (held.wire.ending, held.wire.ended) == (None, False)
        await database.pool.release(held)


async def test_where_the_prefix_does_not_hold_reads_take_a_transaction(
    urls: LocalUrls, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def bare(self: wire.Wire, data: Any) -> None:
        self.bare.write(data)

    monkeypatch.setattr(wire.Wire, "write", bare)
    async with await Database.open(urls.database_url, max_size=4) as database:
        assert "take a transaction each" in caplog.text
        assert await database.read_value(BETA, SCOPE) == str(BETA)
        endings = await hammered(database, 400, 7)
        assert endings["answered"] > 100
        with pytest.raises(asyncpg.ReadOnlySQLTransactionError):
            await database.read(ALPHA, f"{DEPARTMENT} returning id", ALPHA, uuid4(), "sneaky")


async def test_prepared_statements_lost_on_the_way_are_no_failure(urls: LocalUrls) -> None:
    """What a pooler does that hands out another server connection and does not prepare anew."""
    async with await Database.open(urls.database_url, max_size=1) as database:
        async with database.pool.acquire() as conn:
            await conn.execute("deallocate all")
        async with database.unit_of_work(BETA, first=(SCOPE,)) as uow:
            assert uow.first[0] == str(BETA) == await uow.conn.fetchval(SCOPE)
        assert await database.read_value(BETA, SCOPE) == str(BETA)
        assert json.loads(await database.read_json(ALPHA, LIST) or "") == [str(each) for each in OWN[ALPHA]]


@pytest.mark.parametrize(("transaction_local", "proven"), [("true", True), ("false", False)])
async def test_a_prefix_that_stays_in_force_is_found_out(
    urls: LocalUrls, monkeypatch: pytest.MonkeyPatch, transaction_local: str, proven: bool
) -> None:
    sets = f"select 1 where set_config('app.tenant_id', $1::uuid::text, {transaction_local}) is null"
    monkeypatch.setitem(wire.PREPARED, "_tenant", sets)
    async with await Database.open(urls.database_url, max_size=1) as database, database.pool.acquire() as conn:
        assert conn.wire.proven is proven


async def test_lost_connections_are_replaced_and_waiting_ends(urls: LocalUrls) -> None:
    pool = await asyncpg.create_pool(urls.database_url, min_size=1, max_size=2)
    async with Database(pool, wait_s=0.2) as database:  # connections of another make: the plain way
        pids = {await database.read_value(ALPHA, "select pg_backend_pid()") for _ in range(3)}
        assert len(pids) == 1, "a connection that was just read from is at hand"
        async with database.unit_of_work(ALPHA):
            with contextlib.suppress(asyncpg.PostgresError, asyncpg.InterfaceError):
                await database.read_value(ALPHA, "select pg_terminate_backend(pg_backend_pid())")
            assert await database.read_value(BETA, SCOPE) == str(BETA)
            async with database.unit_of_work(BETA):
                with pytest.raises(MeritlineError, match="E-DB-BUSY"):
                    await database.read_value(ALPHA, SCOPE)
        assert await asyncio.gather(*(database.read_value(one, SCOPE) for one in TENANTS * 20)) == [
            str(one) for one in TENANTS * 20]


async def test_what_was_prepared_and_never_executed_holds_no_lock(urls: LocalUrls, monkeypatch) -> None:
    """A request that ends between the two messages of its first read leaves nothing that a migration waits for."""
    write, reading, stopped = wire.Wire.write, list[asyncio.Task[Any]](), 0
    statements = [f"{LIST} and {number} = {number}" for number in range(4)]
    loop = asyncio.get_running_loop()

    def stopping(self: wire.Wire, data: Any) -> None:
        nonlocal stopped
        write(self, data)
        if reading and bytes(data[-5:-4]) == b"H" and LIST.encode() in bytes(data):
            time.sleep(0.1)  # the answer is there when the loop looks, and the cancellation before whoever waits for it
            loop.call_soon(loop.call_soon, reading.pop().cancel)
            stopped += 1

    monkeypatch.setattr(wire.Wire, "write", stopping)
    owner = await asyncpg.connect(urls.migration_database_url)
    try:
        async with await Database.open(urls.database_url, max_size=2) as database:
            for statement in statements:
                task = asyncio.create_task(database.read_value(ALPHA, statement))
                reading.append(task)
                with contextlib.suppress(asyncio.CancelledError):
                    await task
                assert task.cancelled()
                async with owner.transaction():
                    await owner.execute("set local lock_timeout = '5s'")
                    await owner.execute("lock table department in access exclusive mode")
                assert json.loads(await database.read_value(ALPHA, statement)) == [str(each) for each in OWN[ALPHA]]
        assert stopped == len(statements)
    finally:
        await owner.close()
