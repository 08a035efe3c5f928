"""API keys: made once, verified exactly, refused alike."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import asyncpg
import pytest

from meritline.access import (
    PLATFORM_TENANT,
    Principal,
    allows,
    authenticate,
    create_key,
    list_keys,
    reach,
    require,
    revoke_key,
)
from meritline.access.service import Unauthenticated
from meritline.access.tokens import parse
from meritline.db import Database
from meritline.errors import Forbidden, MeritlineError, NotFound
from meritline.local import LocalUrls

ALPHA, BETA = UUID(int=0xA), UUID(int=0xB)
WANG = UUID(int=0xA1)
SOON = timedelta(hours=1)


@pytest.fixture(scope="module")
async def database(migrated_database: LocalUrls) -> AsyncIterator[Database]:
    async with await Database.open(migrated_database.database_url) as database:
        for tenant in (ALPHA, BETA):
            async with database.unit_of_work(tenant) as uow:
                await uow.conn.execute("insert into tenant (id, key) values ($1, $2)", tenant, tenant.hex)
        async with database.unit_of_work(ALPHA) as uow:
            await uow.conn.execute(
                "insert into employee (tenant_id, id, number, name) values ($1, $2, 'E1', 'Wang')", ALPHA, WANG
            )
        yield database


async def made(database: Database, tenant: UUID = ALPHA, role: str = "hr", **more: object) -> tuple[UUID, str]:
    async with database.unit_of_work(tenant) as uow:
        return await create_key(uow.conn, tenant, role=role, **more)  # type: ignore[arg-type]


async def refusal(database: Database, token: object, now: datetime | None = None) -> str:
    with pytest.raises(Unauthenticated) as caught:
        await authenticate(database, token, now=now)  # type: ignore[arg-type]
    return str(caught.value)


async def test_a_key_gives_its_tenant_role_and_employee(database: Database) -> None:
    key_id, token = await made(database, role="employee", employee_id=WANG, label="Wang's phone")
    assert await authenticate(database, token) == Principal(ALPHA, key_id, "employee", WANG)
    key_id, token = await made(database, PLATFORM_TENANT, "operator")
    assert await authenticate(database, token) == Principal(PLATFORM_TENANT, key_id, "operator")


async def test_only_a_hash_is_kept_and_the_making_is_told(database: Database) -> None:
    key_id, token = await made(database, label="payroll", actor="key:boss")
    secret = token[-43:]
    [row] = await database.read(ALPHA, "select k::text as text from api_key k where id = $1", key_id)
    [entry] = await database.read(
        ALPHA, "select actor, action, body from audit_entry where subject = $1", f"key:{key_id}"
    )
    assert secret not in row["text"] + entry["body"] + repr(parse(token))
    assert (entry["actor"], entry["action"]) == ("key:boss", "key.create")


async def test_every_refusal_is_the_same(database: Database) -> None:
    key_id, token = await made(database, expires_at=datetime.now(UTC) + SOON)
    other_id, revoked = await made(database)
    async with database.unit_of_work(ALPHA) as uow:
        await revoke_key(uow.conn, ALPHA, other_id, actor="key:boss")
        again = await revoke_key(uow.conn, ALPHA, other_id, actor="key:boss")
        assert again.revoked_at is not None
        assert [key.id for key in await list_keys(uow.conn, ALPHA) if key.revoked_at] == [other_id]
    swapped = token.replace(ALPHA.hex, BETA.hex)
    flipped = token[:-1] + ("A" if token[-1] != "A" else "B")
    unknown = token.replace(key_id.hex, uuid4().hex)
    texts = {await refusal(database, wrong) for wrong in (swapped, flipped, unknown, revoked, "", "mlk_")}
    texts.add(await refusal(database, token, now=datetime.now(UTC) + SOON))
    assert len(texts) == 1
    assert token not in texts.pop()
    assert (await authenticate(database, token)).key_id == key_id


@pytest.mark.parametrize(
    "spoil",
    [
        lambda token: token.upper(),
        lambda token: token + "\n",
        lambda token: " " + token,
        lambda token: token + "=",
        lambda token: token[:-1] + "\x00",
        lambda token: token[:-1] + "Ａ",
        lambda token: token.replace("_", "＿"),
        lambda token: token.replace("mlk", "mlＫ"),
        lambda token: token[:4] + "٣" * 32 + token[36:],
        lambda token: token * 100_000,
        lambda token: token.encode(),
        lambda token: None,
    ],
)
async def test_a_key_has_one_spelling(database: Database, spoil: object) -> None:
    _, token = await made(database)
    await refusal(database, spoil(token))  # type: ignore[operator]


@pytest.mark.parametrize(
    ("tenant", "details", "code"),
    [
        (ALPHA, {"role": "root"}, "E-KEY-ROLE"),
        (ALPHA, {"role": "operator"}, "E-KEY-ROLE"),
        (PLATFORM_TENANT, {"role": "admin"}, "E-KEY-ROLE"),
        (ALPHA, {"role": "manager"}, "E-KEY-EMPLOYEE"),
        (ALPHA, {"role": "employee", "employee_id": uuid4()}, "E-NOT-FOUND"),
        (BETA, {"role": "employee", "employee_id": WANG}, "E-NOT-FOUND"),
        (ALPHA, {"role": "hr", "expires_at": datetime(2020, 1, 1, tzinfo=UTC)}, "E-KEY-EXPIRY"),
        (ALPHA, {"role": "hr", "expires_at": datetime(2099, 1, 1)}, "E-KEY-EXPIRY"),  # noqa: DTZ001
    ],
)
async def test_a_key_that_fits_nobody_is_not_made(
    database: Database, tenant: UUID, details: dict[str, object], code: str
) -> None:
    with pytest.raises(MeritlineError) as caught:
        await made(database, tenant, **details)  # type: ignore[arg-type]
    assert caught.value.problem.code == code
    assert caught.value.problem.text("zh") != caught.value.problem.text("en")


async def test_no_company_can_hold_an_operators_key_even_by_sql(database: Database) -> None:
    with pytest.raises(asyncpg.CheckViolationError):
        async with database.unit_of_work(ALPHA) as uow:
            await uow.conn.execute(
                "insert into api_key (tenant_id, role, label, secret_hash) values ($1, 'operator', '', sha256(''))",
                ALPHA,
            )


async def test_what_is_not_allowed_is_forbidden() -> None:
    employee = Principal(ALPHA, uuid4(), "employee", WANG)
    assert require(employee, "scorecards:read") == "own"
    with pytest.raises(Forbidden, match="employee may not do this: schemes:write"):
        require(employee, "schemes:write")
    assert reach("manager", "ratings:write") == "team"
    assert not allows("operator", "scorecards:read"), "the platform's operator sees nothing inside a company"
    assert not allows("integrator", "rewards:read")
    assert not allows("anyone", "schema:read")


async def test_an_unknown_key_cannot_be_revoked(database: Database) -> None:
    with pytest.raises(NotFound):
        async with database.unit_of_work(BETA) as uow:
            await revoke_key(uow.conn, BETA, (await made(database))[0], actor="key:boss")
