"""The queries of API keys."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from meritline.db import Connection, Database


@dataclass(frozen=True, slots=True)
class KeyRow:
    """A key as it is stored; the secret itself nowhere is."""

    id: UUID
    role: str
    employee_id: UUID | None
    label: str
    created_at: datetime
    expires_at: datetime | None
    revoked_at: datetime | None

    def usable(self, now: datetime) -> bool:
        """Neither revoked nor expired."""
        return self.revoked_at is None and (self.expires_at is None or now < self.expires_at)


COLUMNS = "id, role, employee_id, label, created_at, expires_at, revoked_at"

FIND = f"select {COLUMNS}, secret_hash from api_key where tenant_id = $1 and id = $2"  # noqa: S608


async def look_up(database: Database, tenant_id: UUID, key_id: UUID) -> tuple[KeyRow, bytes] | None:
    """The key and the hash of its secret, by a read of its own: what stands before every request."""
    return found(await database.read(tenant_id, FIND, tenant_id, key_id))


async def find(conn: Connection, tenant_id: UUID, key_id: UUID) -> tuple[KeyRow, bytes] | None:
    """The same within a unit of work."""
    return found(await conn.fetch(FIND, tenant_id, key_id))


def found(rows: Sequence[Any]) -> tuple[KeyRow, bytes] | None:
    """The key of the one row, if there is one."""
    if not rows:
        return None
    *values, secret_hash = rows[0]
    return KeyRow(*values), secret_hash


async def insert(conn: Connection, tenant_id: UUID, key: KeyRow, secret_hash: bytes) -> None:
    """A new key."""
    await conn.execute(
        "insert into api_key (tenant_id, id, role, employee_id, label, secret_hash, created_at, expires_at) "
        "values ($1, $2, $3, $4, $5, $6, $7, $8)",
        tenant_id, key.id, key.role, key.employee_id, key.label, secret_hash, key.created_at, key.expires_at,
    )  # fmt: skip


async def employee_exists(conn: Connection, tenant_id: UUID, employee_id: UUID) -> bool:
    """Is it one of the tenant's people?"""
    there: bool = await conn.fetchval(
        "select exists (select from employee where tenant_id = $1 and id = $2)", tenant_id, employee_id
    )
    return there


async def revoke(conn: Connection, tenant_id: UUID, key_id: UUID, at: datetime) -> KeyRow | None:
    """Revoked from now on; the first revocation counts."""
    await conn.execute(
        "update api_key set revoked_at = $3 where tenant_id = $1 and id = $2 and revoked_at is null",
        tenant_id,
        key_id,
        at,
    )
    known = await find(conn, tenant_id, key_id)
    return known and known[0]


async def all_keys(conn: Connection, tenant_id: UUID) -> list[KeyRow]:
    """Every key of the tenant, the newest first."""
    rows = await conn.fetch(
        f"select {COLUMNS} from api_key where tenant_id = $1 order by created_at desc, id",  # noqa: S608
        tenant_id,
    )
    return [KeyRow(**dict(row)) for row in rows]
