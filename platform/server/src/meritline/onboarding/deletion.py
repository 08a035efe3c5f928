"""Deleting a company: every row of it, in every table that the catalogue knows.

The application role may not delete what is published, so this works as the owner of the schema.
"""

from typing import Final
from uuid import UUID

import asyncpg

from meritline.db.pools import unavailable
from meritline.db.scope import SET_TENANT
from meritline.errors import MeritlineError
from meritline.onboarding import store
from meritline.tenancy import store as company

WRITTEN_MEANWHILE: Final = (asyncpg.ForeignKeyViolationError, asyncpg.DeadlockDetectedError)


async def delete_tenant(owner_url: str, tenant_id: UUID) -> dict[str, int]:
    """Delete the company; how many rows went from which table. Where something is written for it meanwhile, nothing is
    deleted."""
    try:
        conn = await asyncpg.connect(owner_url)
    except (OSError, asyncpg.PostgresError) as wrong:
        raise MeritlineError("E-UNAVAILABLE", service="database", reason=unavailable(wrong)) from wrong
    try:
        async with conn.transaction():
            await conn.execute(SET_TENANT, tenant_id)
            gone = await store.empty(conn, await store.tenant_tables(conn), tenant_id)
            await store.forget(conn, tenant_id)
    except WRITTEN_MEANWHILE as wrong:  # rows that it did not see, or a row that a writer wanted who had another
        key = await company.tenant_key(conn, tenant_id)
        raise MeritlineError("E-TENANT-IN-USE", value=key, told=str(wrong)) from wrong
    finally:
        await conn.close()
    return {table: count for table, count in gone.items() if count}
