"""Keys: made, verified, revoked. Decides that every refusal looks alike."""

from datetime import UTC, datetime
from hmac import compare_digest
from typing import Final, cast
from uuid import UUID, uuid4

from meritline import audit
from meritline.access import store
from meritline.access.principal import Principal
from meritline.access.roles import PERSONAL, PLATFORM_ROLE, ROLES, Role
from meritline.access.tokens import PLATFORM_TENANT, Token, new_token, parse
from meritline.db import Connection, Database
from meritline.errors import MeritlineError, NotFound

_NO_HASH: Final = bytes(32)


class Unauthenticated(MeritlineError):
    """No key, a wrong one, an expired or a revoked one: nobody learns which."""

    code = "E-KEY-REFUSED"


async def authenticate(database: Database, token: str, *, now: datetime | None = None) -> Principal:
    """The principal behind the text of a key, or ``Unauthenticated``."""
    shown = parse(token)
    if shown is None:
        raise Unauthenticated
    return principal_of(shown.tenant_id, await verified(database, shown, now or datetime.now(UTC)))


def principal_of(tenant_id: UUID, key: store.KeyRow) -> Principal:
    """Whose key it is."""
    return Principal(tenant_id, key.id, cast(Role, key.role), key.employee_id)


async def verified(database: Database, shown: Token, now: datetime) -> store.KeyRow:
    """The key that somebody shows, or ``Unauthenticated``."""
    found = await store.look_up(database, shown.tenant_id, shown.key_id)
    key, secret_hash = found or (None, _NO_HASH)
    # Compared also where there is no key, so that time tells nothing either.
    matches = compare_digest(secret_hash, shown.secret_hash)
    if key is None or not matches or not key.usable(now) or key.role not in ROLES:
        raise Unauthenticated
    return key


async def create_key(
    conn: Connection,
    tenant_id: UUID,
    *,
    role: str,
    employee_id: UUID | None = None,
    label: str = "",
    expires_at: datetime | None = None,
    actor: str = "system",
    now: datetime | None = None,
) -> tuple[UUID, str]:
    """A new key and its text, which exists only in this answer."""
    moment = now or datetime.now(UTC)
    require_sound(tenant_id, role, employee_id, expires_at, moment)
    if employee_id is not None and not await store.employee_exists(conn, tenant_id, employee_id):
        raise NotFound(kind="employee", value=employee_id, field="employee")
    token = new_token(tenant_id, uuid4())
    key = store.KeyRow(token.key_id, role, employee_id, label, moment, expires_at, None)
    await store.insert(conn, tenant_id, key, token.secret_hash)
    told = {"role": role, "employee": employee_id, "label": label, "expires_at": expires_at}
    await audit.append(conn, tenant_id, actor=actor, action="key.create", subject=f"key:{key.id}", body=told, at=moment)
    return key.id, token.text


async def revoke_key(
    conn: Connection, tenant_id: UUID, key_id: UUID, *, actor: str, now: datetime | None = None
) -> store.KeyRow:
    """The key, revoked. Repeating it changes nothing."""
    moment = now or datetime.now(UTC)
    key = await store.revoke(conn, tenant_id, key_id, moment)
    if key is None:
        raise NotFound(kind="key", value=key_id)
    if key.revoked_at == moment:
        await audit.append(conn, tenant_id, actor=actor, action="key.revoke", subject=f"key:{key_id}", at=moment)
    return key


async def list_keys(conn: Connection, tenant_id: UUID) -> list[store.KeyRow]:
    """Every key of the tenant, without secrets."""
    return await store.all_keys(conn, tenant_id)


def require_sound(
    tenant_id: UUID, role: str, employee_id: UUID | None, expires_at: datetime | None, now: datetime
) -> None:
    """Raise where the parts of a key do not fit each other."""
    known = [each for each in ROLES if (each == PLATFORM_ROLE) == (tenant_id == PLATFORM_TENANT)]
    if role not in known:
        raise MeritlineError("E-KEY-ROLE", field="role", value=role, known=known)
    if role in PERSONAL and employee_id is None:
        raise MeritlineError("E-KEY-EMPLOYEE", field="employee", role=role)
    if expires_at is not None and (expires_at.tzinfo is None or expires_at <= now):
        raise MeritlineError("E-KEY-EXPIRY", field="expires", value=expires_at)
