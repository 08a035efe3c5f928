"""The tenant as a prefix of a read: one round trip, and nothing that could outlive it. Decides what goes on the wire.

A read leaves asyncpg as one write, Bind + Execute + Sync. In front of it, in the same write, go Bind + Execute of
``CALL app.tenant($1)`` and of ``SET TRANSACTION READ ONLY``, both prepared before. Everything up to the Sync is one
implicit transaction: what the CALL sets holds for this read and ends with it, whether it succeeds, fails or is
cancelled. A prefix is never written by itself: an error of the client's between two writes would leave it in force.
A transaction whose first statement is known begins likewise, with BEGIN and the CALL in front of that statement (or the
CALL of a procedure that also holds what the statement reads); any other takes the CALL along in the text of its BEGIN.
One that began so may end so: its last statement has the COMMIT behind it, before the Sync. Where the statement fails,
the server passes over the COMMIT.

asyncpg has no such thing, so this leans on two of its habits: that the batch is one write, and that it reads over the
answers of more than one Execute. ``proof`` tries them on each connection before the first read that relies on them;
where they do not hold (another asyncpg, a pooler that drops prepared statements), reads take a plain transaction. The
decision record is docs/decisions/reads-in-one-trip.md.
"""

import asyncio
import struct
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final, NamedTuple
from uuid import UUID

import asyncpg

from meritline.db.beside import beside

SET_TENANT: Final = "CALL app.tenant($1)"  # never SELECT: a distributed Postgres forwards only the CALL
READ_ONLY: Final = "SET TRANSACTION READ ONLY"
BEGIN: Final = "BEGIN ISOLATION LEVEL READ COMMITTED"
COMMIT: Final = "COMMIT"
ENDS: Final = ("COMMIT;", "ROLLBACK;")
"""As asyncpg ends a transaction."""
PARSE, BIND, SYNC, FLUSH = ord("P"), ord("B"), ord("S"), ord("H")
LOST: Final = asyncpg.InvalidSQLStatementNameError
"""Of a pooler that does not keep prepared statements."""


def message(kind: bytes, body: bytes) -> bytes:
    """A message of the protocol."""
    return kind + struct.pack("!i", len(body) + 4) + body


EXECUTE: Final = message(b"E", b"\0\0\0\0\0")
PREPARED: Final = {"_tenant": SET_TENANT, "_read_only": READ_ONLY, "_begin": BEGIN, "_commit": COMMIT}
CALLED_BY: Final = b"\0_caller\0" + struct.pack("!hhhi", 1, 1, 3, 16)
TAIL: Final = message(b"B", b"\0_read_only\0" + bytes(6)) + EXECUTE
BEGUN: Final = message(b"B", b"\0_begin\0" + bytes(6)) + EXECUTE
HOLDS: Final = {"_hold_company": "CALL app.hold_company($1)", "_hold_cycle": "CALL app.hold_cycle($1, $2, $3)"}
COMMITTED: Final = message(b"B", b"\0_commit\0" + bytes(6)) + EXECUTE
SYNCED: Final = 5
"""A Sync or a Flush is so long, and what a message begins with."""


class Call(NamedTuple):
    """A prepared procedure that sets the tenant, and its arguments: ids and texts."""

    name: str
    arguments: tuple[UUID | str, ...]

    @property
    def message(self) -> bytes:
        """Bind and Execute; the arguments are binary, so nothing is ever quoted."""
        found = [each.bytes if isinstance(each, UUID) else each.encode() for each in self.arguments]
        head = b"\0" + self.name.encode() + b"\0" + struct.pack("!hhh", 1, 1, len(found))
        fields = b"".join(struct.pack("!i", len(each)) + each for each in found)
        return message(b"B", head + fields + b"\0\0") + EXECUTE


@lru_cache(1024)
def prefix(tenant_id: UUID) -> bytes:
    """What goes before a read of this tenant."""
    return Call("_tenant", (tenant_id,)).message + TAIL


def prefix_by(tenant_id: UUID, key_id: UUID, secret_hash: bytes) -> bytes:
    """The same as ``prefix`` for whoever shows this key: the read fails unless it is one of the tenant's and stands."""
    key = struct.pack("!i", 16) + key_id.bytes + struct.pack("!i", len(secret_hash)) + secret_hash
    return message(b"B", CALLED_BY + tenant_id.bytes + key + b"\0\0") + EXECUTE + TAIL


@dataclass(slots=True)
class Opening:
    """Whose transaction begins, with which statement and its arguments; ``found`` is the row that it gave. ``holding``
    goes before it and sets the tenant as well; ``meanwhile`` is done while it is waited for. ``begun`` says whether all
    that was one trip: then the transaction can end in that of its last statement."""

    tenant_id: UUID
    first: tuple[Any, ...] | None = None
    holding: Call | None = None
    meanwhile: Callable[[], object] | None = None
    found: Any = None
    begun: bool = False


class Wire:
    """The transport of a connection, which puts ``scope`` before whatever is a whole batch."""

    __slots__ = ("__weakref__", "asks", "bare", "ended", "ending", "ends", "holds", "kept", "last", "once", "opening",
                 "opens", "proven", "scope", "unended")

    def __init__(self, transport: Any) -> None:
        self.bare = transport
        self.scope: bytes | None = None
        #: Put it before one batch alone.
        self.once = False
        #: What the next BEGIN begins.
        self.opening: Opening | None = None
        #: None until it was tried.
        self.proven: bool | None = None
        #: Whether a transaction can begin in front of its first statement.
        self.opens = False
        #: Whether such a CALL can also hold something.
        self.holds = False
        #: Whether one that began so can end behind its last statement.
        self.ends = False
        #: Put the COMMIT behind the batch of this statement.
        self.ending: bytes | None = None
        #: The name it was prepared under meanwhile.
        self.last: bytes | None = None
        #: The transaction has ended so; asyncpg does not know it yet.
        self.ended = False
        #: Whether a read can take along that the key which asks still stands.
        self.asks = False
        #: asyncpg closes a prepared statement that nobody holds.
        self.kept: tuple[Any, ...] = ()
        #: The last that was written ends in a Flush: the server holds an implicit transaction, and its locks, until a
        #: Sync. What is cancelled between preparing and executing leaves a connection so.
        self.unended = False

    def __getattr__(self, name: str) -> Any:
        return getattr(self.bare, name)

    def write(self, data: Any) -> None:
        """Write; what only prepares (it ends in a Flush) or is no batch goes as it is."""
        last = data[-SYNCED] if len(data) >= SYNCED else 0
        if self.scope is not None or self.ending is not None:
            if data[0] == BIND and last == SYNC:
                data = self.whole(bytes(data))
            elif data[0] == PARSE and self.last is None:
                self.prepared(bytes(data))
        self.unended = last == FLUSH
        self.bare.write(data)

    def whole(self, batch: bytes) -> bytes:
        """The batch with what goes before and behind it."""
        if self.ending is not None and self.last in (None, text_at(batch, 1)):
            batch, self.ending = b"".join((batch[:-SYNCED], COMMITTED, batch[-SYNCED:])), None
        if self.scope is not None:
            batch = self.scope + batch
            if self.once:
                self.scope = None
        return batch

    def prepared(self, batch: bytes) -> None:
        """Of a statement that is new asyncpg may ask what its types are before it executes it."""
        if text_at(batch, 1) == self.ending:
            self.last = text_at(batch, 0)


def text_at(data: bytes, place: int) -> bytes:
    """One of the first texts of a message, each of which ends in a zero."""
    return data[SYNCED:].split(b"\0", place + 1)[place]


class ScopedConnection(asyncpg.Connection):
    """A connection that knows its wire."""

    __slots__ = ("wire",)
    wire: Wire

    async def execute(self, query: str, *args: Any, **options: Any) -> str:
        """As asyncpg does; the BEGIN of a transaction that is somebody's takes the CALL along, in one trip. What would
        end one that has ended is not sent."""
        if self.wire.ended:
            self.wire.ended = False
            if query not in ENDS:
                raise RuntimeError("a statement came after the last one of its unit")
            return COMMIT
        opening = self.wire.opening
        if opening is not None and not args:
            self.wire.opening = None
            plain = query == f"{BEGIN};"  # as asyncpg writes it of a transaction that is to be like most
            if plain and opening.first is not None and await begun_before(self, opening, opening.first):
                return "BEGIN"
            query = begun_for(query, opening.tenant_id)
        return await super().execute(query, *args, **options)  # type: ignore[no-any-return]


def begun_for(begin: str, tenant_id: UUID) -> str:
    """The BEGIN (asyncpg ends it in a semicolon) with its tenant: of a number nothing but digits can come."""
    return f"{begin} CALL app.tenant('{tenant_id.int:032x}')"


async def begun_before(conn: ScopedConnection, opening: Opening, first: tuple[Any, ...]) -> bool:
    """Begin in front of the first statement, in its trip; False where the connection cannot, and nothing has begun."""
    wire, holding = conn.wire, opening.holding
    if not wire.opens or (holding is not None and not wire.holds):
        return False
    wire.scope, wire.once = BEGUN + (holding or Call("_tenant", (opening.tenant_id,))).message, True
    try:
        asked = conn.fetchrow(*first)
        opening.found = await (asked if opening.meanwhile is None else beside(asked, opening.meanwhile))
    except LOST:  # see ``read_on``
        wire.opens = False
        if conn.is_in_transaction():
            raise
        return False
    finally:
        wire.scope, wire.once = None, False
    opening.first, opening.begun = None, True
    return True


async def ended_behind(conn: Any, *last: Any) -> Any:
    """The first row of the last statement of a transaction, which is committed in the same trip; whoever began it in
    front of a statement may do so. The next that is executed must be what asyncpg ends the transaction with."""
    wire = conn.wire
    wire.ending, wire.last = last[0].encode(), None
    try:
        found = await conn.fetchrow(*last)
    finally:
        wire.ending = None
    wire.ended = True
    return found


class Introduction:
    """Stands in for asyncpg's protocol until that has been given the wire instead of the bare transport."""

    def __init__(self, inner: Any, wired: Callable[[Any], Wire]) -> None:
        self.inner, self.wired = inner, wired

    def connection_made(self, transport: Any) -> None:
        """Introduce them."""
        self.inner.connection_made(self.wired(transport))

    def __getattr__(self, name: str) -> Any:
        return getattr(self.inner, name)


class Wiring:
    """The loop as asyncpg sees it while it connects: transports of its protocol come as wires."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self.loop = loop
        self.wires: list[Wire] = []

    def __getattr__(self, name: str) -> Any:
        return getattr(self.loop, name)

    def wired(self, transport: Any) -> Wire:
        """The wire of a new transport."""
        self.wires.append(Wire(transport))
        return self.wires[-1]

    async def create_connection(self, factory: Callable[[], Any], *args: Any, **options: Any) -> tuple[Any, Any]:
        """A TCP connection."""
        return await self.introduced(self.loop.create_connection, factory, *args, **options)

    async def create_unix_connection(self, factory: Callable[[], Any], *args: Any, **options: Any) -> tuple[Any, Any]:
        """A connection on a Unix socket."""
        return await self.introduced(self.loop.create_unix_connection, factory, *args, **options)

    async def introduced(
        self, connect: Callable[..., Any], factory: Callable[[], Any], *args: Any, **options: Any
    ) -> tuple[Any, Any]:
        """The connection; the same transport may first ask for TLS and then carry asyncpg's protocol."""
        inner = factory()
        transport, _ = await connect(lambda: Introduction(inner, self.wired), *args, **options)
        transport.set_protocol(inner)
        return self.wires[-1], inner

    async def start_tls(self, transport: Any, *args: Any, **options: Any) -> Wire:
        """The encrypted transport, as a wire."""
        return self.wired(await self.loop.start_tls(transport.bare, *args, **options))  # type: ignore[arg-type]


async def connect(*args: Any, **options: Any) -> ScopedConnection:
    """Connect as asyncpg does."""
    wiring = Wiring(asyncio.get_running_loop())
    options |= {"loop": wiring, "connection_class": ScopedConnection}
    made: ScopedConnection = await asyncpg.connect(*args, **options)
    # With several hosts there are several; a wrong one would be found out by ``prove``.
    made.wire = wiring.wires[-1]
    if options.get("statement_cache_size") == 0:  # a pooler that does not keep prepared statements apart
        made.wire.proven = False
    return made


def one_trip(conn: Any) -> bool:
    """Whether reads of this connection are known to be able to rely on the prefix."""
    wire: Wire | None = getattr(conn, "wire", None)
    return wire is not None and wire.proven is True


def asks(conn: Any) -> bool:
    """Whether reads of this connection are known to be able to take along that a key stands."""
    return one_trip(conn) and bool(conn.wire.asks)
