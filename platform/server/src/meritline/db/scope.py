"""The tenant scope: the only place that opens transactions. Decides what a unit of work is.

* ``unit_of_work(tenant_id)``: everything in it is committed together or not at all. It yields a ``UnitOfWork``; stores
  take its ``conn`` and ``tenant_id``. What must happen only if the commit did (handing a job to the queue, waking a
  subscriber) is given to ``after_commit``.
* ``scoped_read(tenant_id)``: a read-only transaction; yields the connection.
* ``read``, ``read_value``, ``read_json``: one statement, read for a tenant in one round trip (``wire``); in a
  transaction like any other where the connection does not allow that.
* ``global_work()``: a transaction without a tenant, for ``tenant`` and ``job_ref`` alone; in it every tenant table is
  empty and refuses writes.

Without a tenant nothing opens. Inside, ``conn.transaction()`` is a savepoint; nobody else begins or commits. All three
are safe to cancel: the connection returns to the pool without a transaction.
"""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, Literal, Self
from uuid import UUID

import asyncpg

from meritline.db.lanes import Lanes
from meritline.db.pools import Connection, Pool, open_pool
from meritline.db.proof import prove
from meritline.db.roles import require_served_role
from meritline.db.warrants import Warrant, unproven
from meritline.db.wire import HOLDS, LOST, SET_TENANT, Call, Opening, Wire, asks, ended_behind, one_trip, prefix
from meritline.errors import MeritlineError

type Isolation = Literal["read_committed", "repeatable_read", "serializable"]
type AfterCommit = Callable[[], Awaitable[object]]
type HandOver = Callable[[UUID, UUID], Awaitable[object]]

WAIT_FOR_CONNECTION_S = 30.0
GRACE_S = 10.0
log = logging.getLogger(__name__)


@dataclass(slots=True)
class UnitOfWork:
    """One transaction of one tenant."""

    conn: Connection
    tenant_id: UUID
    first: Any = None
    _hooks: list[AfterCommit] = field(default_factory=list)
    hand_over: HandOver | None = None
    _begun: bool = False

    async def last(self, sql: str, *args: object) -> Any:
        """The first row of the unit's last statement. Whatever it answers, the unit stands: it is committed in the same
        trip where that is possible. Nothing may be asked after it."""
        if self._begun and self.conn.wire.ends:
            return await ended_behind(self.conn, sql, *args)
        return await self.conn.fetchrow(sql, *args)

    def after_commit(self, hook: AfterCommit) -> None:
        """Run the hook once this unit has committed, in the order given; never if it has not.

        A hook that fails is logged and does not fail the unit, which is done by then. So a hook may only hasten what
        would happen anyway (the sweeper finds a job that was never handed over).
        """
        self._hooks.append(hook)


class Database:
    """The database as the application role sees it. Made once by bootstrap and handed around; never a global."""

    def __init__(self, pool: Pool, *, wait_s: float = WAIT_FOR_CONNECTION_S) -> None:
        self.pool = pool
        self._lanes = Lanes(pool, wait_s)
        #: Takes a tenant's job to the queue of this process, once its unit has committed; whoever has a queue says so.
        self.hand_over: HandOver | None = None

    @classmethod
    async def open(
        cls, url: str, *, application_name: str = "meritline", max_size: int = 10, cached_statements: int = 256
    ) -> Self:
        """Connect, and refuse a role that row level security would not hold, or a server that is too old."""
        pool = await open_pool(
            url, application_name=application_name, max_size=max_size, cached_statements=cached_statements
        )
        try:
            async with pool.acquire() as conn:
                await require_served_role(conn)
                await tell_form(conn)
        except BaseException:
            await pool.close()
            raise
        return cls(pool)

    async def close(self, grace_s: float = GRACE_S) -> None:
        """Wait for the units at work, for a while; then close the connections, which rolls back what is left."""
        try:
            async with asyncio.timeout(grace_s):
                await self._lanes.close()
                await self.pool.close()
        except TimeoutError:
            log.warning("units of work were cut off at the close of the database")
            self.pool.terminate()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    def connections(self) -> dict[str, int]:
        """The connections of this process: ``limit``, ``used``, ``free``, and who is ``waiting``."""
        return self._lanes.counted()

    @asynccontextmanager
    async def unit_of_work(
        self, tenant_id: UUID, *, isolation: Isolation = "read_committed", readonly: bool = False,
        first: tuple[Any, ...] | None = None, holding: Call | None = None,
        meanwhile: Callable[[], object] | None = None,
    ) -> AsyncIterator[UnitOfWork]:  # fmt: skip
        """A transaction of this tenant; commits at the end of the block, rolls back if it raises.

        ``first`` is a statement with its arguments: where it is known beforehand the unit begins in the same trip. Its
        first row is the unit's ``first``. ``holding`` sets the tenant and holds what that statement reads.
        ``meanwhile`` is done while that trip is waited for, if it is one; else whoever needs it has to do it.
        """
        require_tenant(tenant_id)
        hooks: list[AfterCommit] = []
        opening = Opening(tenant_id, first, holding, meanwhile)
        async with self._transaction(isolation, readonly, opening) as conn:
            yield UnitOfWork(conn, tenant_id, opening.found, hooks, self.hand_over, opening.begun)
        for hook in hooks:
            await run_hook(hook, tenant_id)

    @asynccontextmanager
    async def scoped_read(self, tenant_id: UUID, *, snapshot: bool = False) -> AsyncIterator[Connection]:
        """Reads of this tenant; ``snapshot`` where several statements must see the same moment."""
        require_tenant(tenant_id)
        isolation: Isolation = "repeatable_read" if snapshot else "read_committed"
        async with self._transaction(isolation, True, Opening(tenant_id)) as conn:
            yield conn

    async def read(self, tenant_id: UUID, sql: str, *args: object) -> list[Any]:
        """The rows of one statement, read for this tenant: what most reads are."""
        return await self._read("fetch", tenant_id, sql, args)  # type: ignore[no-any-return]

    async def read_value(self, tenant_id: UUID, sql: str, *args: object) -> Any:
        """The first value of the first row of one statement; None where there is no row."""
        return await self._read("fetchval", tenant_id, sql, args)

    async def read_json(self, tenant_id: UUID, sql: str, *args: object) -> str | None:
        """The text of the one value of a statement that answers with JSON: what a compiled read is."""
        return await self._read("fetchval", tenant_id, sql, args)  # type: ignore[no-any-return]

    async def _read(self, fetch: str, tenant_id: UUID, sql: str, args: tuple[object, ...]) -> Any:
        require_tenant(tenant_id)
        warrant = unproven()
        if warrant is not None and warrant.tenant_id != tenant_id:
            await warrant.settle()
            warrant = None
        conn = self._lanes.at_hand() or await self._lanes.take()
        if warrant is not None and not asks(conn):
            self._lanes.give(conn)  # the look-up needs one as well
            await warrant.settle()
            return await self._read(fetch, tenant_id, sql, args)
        try:
            found = await (read_on(conn, fetch, tenant_id, sql, args) if warrant is None
                           else warranted(conn, fetch, warrant, sql, args))  # fmt: skip
        except BaseException as error:
            await self._lanes.drop(conn)
            if warrant is None or not isinstance(error, LOST):
                raise
        else:
            self._lanes.give(conn)
            return found
        await warrant.settle()
        return await self._read(fetch, tenant_id, sql, args)

    @asynccontextmanager
    async def global_work(self, *, readonly: bool = False) -> AsyncIterator[Connection]:
        """A transaction without a tenant, for the global tables."""
        async with self._transaction("read_committed", readonly, None) as conn:
            yield conn

    @asynccontextmanager
    async def _transaction(
        self, isolation: Isolation, readonly: bool, opening: Opening | None
    ) -> AsyncIterator[Connection]:
        if (warrant := unproven()) is not None:
            await warrant.settle()
        # Nothing is awaited between taking a connection and the try that gives it back. What did not end well goes back
        # to the pool, which is shielded from cancellation and ends a half-begun transaction; the others stay at hand.
        acquired = await self._lanes.take()
        try:
            async with begun(acquired, isolation, readonly, opening):
                yield acquired
        except BaseException:
            await self._lanes.drop(acquired)
            raise
        self._lanes.give(acquired)


@asynccontextmanager
async def begun(conn: Any, isolation: Isolation, readonly: bool, opening: Opening | None) -> AsyncIterator[None]:
    """A transaction of a tenant: its BEGIN takes the tenant along where the connection is one of ours."""
    wire = getattr(conn, "wire", None) or Wire(None)
    if opening is not None and opening.first is not None:
        await prove(conn)
    wire.opening = opening
    try:
        async with conn.transaction(isolation=isolation, readonly=readonly):
            if wire.opening is not None:
                await conn.execute(SET_TENANT, wire.opening.tenant_id)
            wire.opening = None
            if opening is not None and opening.first is not None:
                if opening.holding is not None:
                    await conn.execute(HOLDS[opening.holding.name], *opening.holding.arguments)
                opening.found = await conn.fetchrow(*opening.first)
            yield
    finally:
        wire.opening = None


async def read_on(conn: Any, fetch: str, tenant_id: UUID, sql: str, args: tuple[object, ...]) -> Any:
    """The statement for this tenant: in one trip where the connection has proven itself, else in a transaction."""
    if one_trip(conn) or await prove(conn):
        try:
            return await prefixed(conn, fetch, prefix(tenant_id), sql, args)
        except LOST:
            conn.wire.proven = False
            log.warning("a pooler lost the prepared statements of a connection; its reads take a transaction each")
    async with begun(conn, "read_committed", True, Opening(tenant_id)):
        return await getattr(conn, fetch)(sql, *args)


async def warranted(conn: Any, fetch: str, warrant: Warrant, sql: str, args: tuple[object, ...]) -> Any:
    """The statement of a connection that ``asks``, if the key of the request still stands."""
    try:
        found = await prefixed(conn, fetch, warrant.scope, sql, args)
    except asyncpg.InvalidPasswordError:
        warrant.refused = True
        raise warrant.refusal from None
    except LOST:
        conn.wire.asks = False
        raise
    warrant.proven = True
    return found


async def prefixed(conn: Any, fetch: str, scope: bytes, sql: str, args: tuple[object, ...]) -> Any:
    """The statement with its tenant in front of it. Never inside a transaction: there a prefix would outlive it."""
    if conn.is_in_transaction():
        raise RuntimeError("a connection came to a read inside a transaction")
    wire = conn.wire
    wire.scope = scope
    try:
        return await getattr(conn, fetch)(sql, *args)
    finally:
        wire.scope = None


async def tell_form(conn: Connection) -> None:
    """Say at start where reads cannot take the short way."""
    try:
        if not await prove(conn):
            log.warning("reads take a transaction each: this connection does not carry a tenant before a statement")
    except asyncpg.PostgresError:
        pass  # a database before its first migration


def require_tenant(tenant_id: UUID) -> None:
    """Fail before a connection is taken."""
    if not isinstance(tenant_id, UUID):
        raise MeritlineError("E-TENANT-REQUIRED", value=tenant_id)


async def run_hook(hook: AfterCommit, tenant_id: UUID) -> None:
    """One hook; the unit is committed whatever comes of it."""
    try:
        await hook()
    except MeritlineError as error:
        log.warning("after the commit: %s", error, extra={"tenant_id": str(tenant_id)})
    except Exception:
        log.exception("a hook after commit failed", extra={"tenant_id": str(tenant_id)})
