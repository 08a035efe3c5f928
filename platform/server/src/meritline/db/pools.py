"""The connection pool of the application role. Decides how its connections are set up.

Nothing is ever set for the length of a session (the tenant lives and ends with a transaction), so connections go back
to the pool without a reset, and the same code works behind a pooler in transaction mode.
"""

from typing import Final

import asyncpg
from asyncpg.pool import PoolConnectionProxy

from meritline.db.wire import ScopedConnection, connect
from meritline.errors import MeritlineError

type Connection = asyncpg.Connection | PoolConnectionProxy
type Pool = asyncpg.Pool

# Startup parameters. PgBouncer passes them only if told to: ignore_startup_parameters = jit, timezone ... and set them
# for the role in the database.
SESSION: Final = {"jit": "off", "timezone": "UTC", "application_name": "meritline"}
# Compiled reads are longer than asyncpg's default of 15 kB, and replanning costs more than the read.
LONGEST_CACHED_STATEMENT: Final = 128 * 1024
CACHED_STATEMENTS: Final = 256


async def open_pool(
    url: str,
    *,
    application_name: str = "meritline",
    min_size: int = 1,
    max_size: int = 10,
    cached_statements: int = CACHED_STATEMENTS,
    connect_timeout: float = 10,
) -> Pool:
    """A pool on the application role's address; ``cached_statements=0`` for poolers without prepared statements."""
    try:
        return await asyncpg.create_pool(
            url,
            min_size=min_size,
            max_size=max_size,
            timeout=connect_timeout,
            statement_cache_size=cached_statements,
            max_cached_statement_lifetime=0,
            max_cacheable_statement_size=LONGEST_CACHED_STATEMENT,
            reset=settled,
            connect=connect,
            connection_class=ScopedConnection,
            server_settings=SESSION | {"application_name": application_name},
        )
    except (OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
        raise MeritlineError("E-UNAVAILABLE", service="database", reason=unavailable(error)) from error


async def settled(conn: Connection) -> None:
    """The reset: it ends what was prepared and never executed, which asyncpg does not know to be a transaction, and
    does nothing else; asyncpg itself still rolls back what a bug left open."""
    if conn.wire.unended:
        await conn.execute("select 1")


def unavailable(error: BaseException) -> str:
    """Why the database is out of reach, without the address (it holds a password)."""
    return str(error).splitlines()[0] if str(error) else type(error).__name__
