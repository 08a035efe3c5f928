"""What a connection is tried for before anything relies on its wire. Decides that whatever does not hold is not used.

Each connection is tried once: with tenants made up for that, a read that carries its tenant, a transaction that begins
in front of a statement and ends behind one, a read that is refused for a key that does not exist.
"""

from collections.abc import Mapping
from typing import Any, Final
from uuid import uuid4

import asyncpg

from meritline.db.wire import HOLDS, PREPARED, Opening, Wire, begun_before, ended_behind, prefix, prefix_by

CALLER: Final = "CALL app.caller($1, $2, $3)"
SEEN: Final = "select coalesce(current_setting('app.tenant_id', true), '') || current_setting('transaction_read_only')"
SEEN_FIRST: Final = f"{SEEN} as first"


async def prove(conn: Any) -> bool:
    """Whether reads of this connection may rely on the prefix; tried once for each."""
    wire: Wire | None = getattr(conn, "wire", None)
    if wire is None:
        return False
    if wire.proven is None:
        try:
            wire.proven = await holds(conn, wire)
        except (asyncpg.UndefinedFunctionError, asyncpg.InvalidSchemaNameError):
            raise  # a database before its first migration: no read is possible in any form
        except (asyncpg.PostgresError, asyncpg.InterfaceError):
            wire.proven = False
        finally:
            if wire.proven is None:
                conn.terminate()  # cancelled half way: nobody knows which statements it has
    return wire.proven


async def holds(conn: Any, wire: Wire) -> bool:
    """Whether a prefixed statement has the tenant and cannot write, and the next one has none."""
    wire.kept = tuple([await conn.prepare(sql, name=name) for name, sql in PREPARED.items()])
    await conn.execute("select 1")  # preparing ends without a Sync, which would keep a pooler's server
    for tenant_id in (uuid4(), uuid4()):
        wire.scope = prefix(tenant_id)
        try:
            inside = await conn.fetchval(SEEN)
        finally:
            wire.scope = None
        if inside != f"{tenant_id}on" or await conn.fetchval(SEEN) != "off":
            return False
    wire.opens, wire.ends = await begins(conn, wire)
    wire.asks, wire.holds = await refuses(conn, wire), await knows(conn, wire, HOLDS)
    return True


async def knows(conn: Any, wire: Wire, statements: Mapping[str, str]) -> bool:
    """Prepare these; False of a database of the version before, until it is migrated."""
    try:
        wire.kept += tuple([await conn.prepare(sql, name=name) for name, sql in statements.items()])
    except asyncpg.UndefinedFunctionError:
        return False
    finally:
        await conn.execute("select 1")  # preparing ends without a Sync
    return True


async def refuses(conn: Any, wire: Wire) -> bool:
    """Whether a read is refused for a key that does not exist, and nothing of it is left."""
    if not await knows(conn, wire, {"_caller": CALLER}):
        return False
    wire.scope = prefix_by(uuid4(), uuid4(), bytes(32))
    try:
        await conn.fetchval(SEEN)
    except asyncpg.InvalidPasswordError:
        wire.scope = None
        return bool(await conn.fetchval(SEEN) == "off")
    finally:
        wire.scope = None
    return False


async def begins(conn: Any, wire: Wire) -> tuple[bool, bool]:
    """Whether a transaction can begin in front of a statement that was never prepared, and has its tenant; and whether
    it can end behind one."""
    wire.opens, opening = True, Opening(uuid4())
    seen = f"{opening.tenant_id}off"
    try:
        if not (await begun_before(conn, opening, (SEEN_FIRST,)) and conn.is_in_transaction()
                and opening.found[0] == seen):
            return False, False
        last = await ended_behind(conn, SEEN_FIRST)
        return True, last[0] == seen and not conn.is_in_transaction()
    except asyncpg.PostgresError:  # another isolation is the default: nobody may choose one after a look
        return False, False
    finally:
        wire.ended = False
        if conn.is_in_transaction():
            await conn.execute("ROLLBACK")
