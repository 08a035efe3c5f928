"""The queries of companies and their people. Decides how natural keys become rows and back.

Rows are read as a whole and written as sets: a few statements for any number of people. Writers of one company queue
at its profile row (``lock``), so what was read is still true when it is written.
"""

import json
from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from meritline.db import Connection
from meritline.errors import MeritlineError
from meritline.tenancy.calendar_document import fiscal_document, fiscal_of
from meritline.tenancy.values import Department, Employee, ExternalCode, Position, Profile, Source, Span
from meritline_sdk.evaluate.hours import calendar_from, plain_of
from meritline_sdk.evaluate.windows import CALENDAR_MONTHS


async def find_tenant(conn: Connection, key: str) -> UUID | None:
    """The tenant of a key; the table is global."""
    found: UUID | None = await conn.fetchval("select id from tenant where key = $1", key)
    return found


async def tenants(conn: Connection) -> list[tuple[UUID, str]]:
    """All tenants but the platform's own, by key."""
    rows = await conn.fetch("select id, key from tenant where key <> 'platform' order by key")
    return [(row["id"], row["key"]) for row in rows]


async def newest(conn: Connection, most: int) -> list[Any]:
    """Ids and keys of the companies that came last."""
    return await conn.fetch("select id, key from tenant order by id desc limit $1", most)


async def insert_tenant(conn: Connection, tenant_id: UUID, key: str) -> bool:
    """Whether the key was free."""
    return await conn.fetchval(
        "insert into tenant (id, key) values ($1, $2) on conflict (key) do nothing returning true", tenant_id, key
    ) is True  # fmt: skip


async def tenant_key(conn: Connection, tenant_id: UUID) -> str | None:
    """The key of a tenant."""
    found: str | None = await conn.fetchval("select key from tenant where id = $1", tenant_id)
    return found


async def lock(conn: Connection, tenant_id: UUID) -> None:
    """Hold the company against other administrative writers until the unit ends."""
    await conn.execute("select 1 from tenant_profile where tenant_id = $1 for update", tenant_id)


async def profile(conn: Connection, tenant_id: UUID) -> Profile | None:
    """The company's profile."""
    row = await conn.fetchrow(
        "select name, time_zone, currency, languages, country, calendar, fiscal, refresh, version, origin "
        "from tenant_profile "
        "where tenant_id = $1", tenant_id,
    )  # fmt: skip
    if row is None:
        return None
    fiscal = fiscal_of(json.loads(row["fiscal"])) if row["fiscal"] else CALENDAR_MONTHS
    calendar = calendar_from(json.loads(row["calendar"])) if row["calendar"] else None
    return Profile(**{**dict(row), "calendar": calendar, "fiscal": fiscal, "languages": tuple(row["languages"])})


async def put_profile(conn: Connection, tenant_id: UUID, wanted: Profile, version: int) -> None:
    """The profile with its next version."""
    await conn.execute(
        "insert into tenant_profile (tenant_id, name, time_zone, currency, languages, country, fiscal, version, "
        "updated_at, origin, calendar, refresh) "
        "values ($1, $2, $3, $4, $5, $6, $7, $8, transaction_timestamp(), $9, $10, $11) "
        "on conflict (tenant_id) do update set name = excluded.name, time_zone = excluded.time_zone, "
        "currency = excluded.currency, languages = excluded.languages, country = excluded.country, "
        "calendar = excluded.calendar, fiscal = excluded.fiscal, version = excluded.version, "
        "updated_at = excluded.updated_at, origin = excluded.origin, refresh = excluded.refresh",
        tenant_id, wanted.name, wanted.time_zone, wanted.currency, list(wanted.languages), wanted.country,
        canonical_json(fiscal_document(wanted.fiscal)) if wanted.fiscal != CALENDAR_MONTHS else None, version,
        wanted.origin, canonical_json(plain_of(wanted.calendar)) if wanted.calendar else None,
        wanted.refresh,
    )  # fmt: skip


async def hold(conn: Connection, tenant_id: UUID) -> None:
    """Keep the profile as it is until the unit ends; others may hold it too."""
    await conn.execute("select 1 from tenant_profile where tenant_id = $1 for share", tenant_id)


async def cycle_periods(conn: Connection, tenant_id: UUID) -> list[str]:
    """The periods that have a cycle."""
    rows = await conn.fetch("select period from cycle where tenant_id = $1 order by period", tenant_id)
    return [row["period"] for row in rows]


async def departments(conn: Connection, tenant_id: UUID) -> dict[str, Department]:
    """All departments by code."""
    rows = await conn.fetch(
        "select d.code, d.name, above.code as parent, d.version from department d left join department above "
        "on above.tenant_id = d.tenant_id and above.id = d.parent_id where d.tenant_id = $1 order by d.code", tenant_id,
    )  # fmt: skip
    return {row["code"]: Department(**dict(row)) for row in rows}


async def put_departments(conn: Connection, tenant_id: UUID, rows: Sequence[Department]) -> None:
    """Departments with their next versions; all first, then who is above whom."""
    await conn.execute(
        "insert into department (tenant_id, code, name, version) select $1, code, name, version "
        "from unnest($2::text[], $3::text[], $4::int[]) given (code, name, version) "
        "on conflict (tenant_id, code) do update set name = excluded.name, version = excluded.version",
        tenant_id, *columns(rows, "code", "name", "version"),
    )  # fmt: skip
    await conn.execute(
        "update department d set parent_id = above.id from unnest($2::text[], $3::text[]) given (code, parent) "
        "left join department above on above.tenant_id = $1 and above.code = given.parent "
        "where d.tenant_id = $1 and d.code = given.code and d.parent_id is distinct from above.id",
        tenant_id, *columns(rows, "code", "parent"),
    )  # fmt: skip


async def positions(conn: Connection, tenant_id: UUID) -> dict[str, Position]:
    """All positions by code."""
    rows = await conn.fetch(
        "select code, name_en, name_zh, version from position where tenant_id = $1 order by code", tenant_id
    )
    return {row["code"]: Position(**dict(row)) for row in rows}


async def put_positions(conn: Connection, tenant_id: UUID, rows: Sequence[Position]) -> None:
    """Positions with their next versions."""
    await conn.execute(
        "insert into position (tenant_id, code, name_en, name_zh, version) select $1, code, name_en, name_zh, version "
        "from unnest($2::text[], $3::text[], $4::text[], $5::int[]) given (code, name_en, name_zh, version) "
        "on conflict (tenant_id, code) do update set name_en = excluded.name_en, name_zh = excluded.name_zh, "
        "version = excluded.version",
        tenant_id, *columns(rows, "code", "name_en", "name_zh", "version"),
    )  # fmt: skip


async def employees(conn: Connection, tenant_id: UUID) -> dict[str, Employee]:
    """All employees by number, with their intervals."""
    spans: dict[str, list[Span]] = {}
    for row in await conn.fetch(
        "select e.number, m.valid_from, m.valid_to, d.code as department, p.code as position, "
        "boss.number as manager, m.status from employment m "
        "join employee e on e.tenant_id = m.tenant_id and e.id = m.employee_id "
        "left join department d on d.tenant_id = m.tenant_id and d.id = m.department_id "
        "left join position p on p.tenant_id = m.tenant_id and p.id = m.position_id "
        "left join employee boss on boss.tenant_id = m.tenant_id and boss.id = m.manager_id "
        "where m.tenant_id = $1 order by e.number, m.valid_from", tenant_id,
    ):  # fmt: skip
        number, *rest = row.values()
        spans.setdefault(number, []).append(Span(*rest))
    rows = await conn.fetch(
        "select number, name, performance_pay, base_pay, version from employee where tenant_id = $1 order by number",
        tenant_id,
    )
    return {row["number"]: Employee(**dict(row), employments=tuple(spans.get(row["number"], ()))) for row in rows}


async def put_employees(conn: Connection, tenant_id: UUID, rows: Sequence[Employee]) -> None:
    """Employees with their next versions."""
    await conn.execute(
        "insert into employee (tenant_id, number, name, performance_pay, base_pay, version) "
        "select $1, number, name, pay, base, version "
        "from unnest($2::text[], $3::text[], $4::numeric[], $5::numeric[], $6::int[]) "
        "given (number, name, pay, base, version) on conflict (tenant_id, number) do update set name = excluded.name, "
        "performance_pay = excluded.performance_pay, base_pay = excluded.base_pay, version = excluded.version",
        tenant_id, *columns(rows, "number", "name", "performance_pay", "base_pay", "version"),
    )  # fmt: skip


async def drop_spans(conn: Connection, tenant_id: UUID, spans: Sequence[tuple[str, Span]]) -> None:
    """Take intervals away, each named by its employee and first day."""
    await conn.execute(
        "delete from employment m using employee e, unnest($2::text[], $3::date[]) gone (number, since) "
        "where m.tenant_id = $1 and e.tenant_id = $1 and e.id = m.employee_id and e.number = gone.number "
        "and m.valid_from = gone.since",
        tenant_id, [number for number, _ in spans], [span.valid_from for _, span in spans],
    )  # fmt: skip


async def add_spans(conn: Connection, tenant_id: UUID, spans: Sequence[tuple[str, Span]]) -> None:
    """Add intervals; every one, or the unit fails."""
    done = await conn.execute(
        "insert into employment (tenant_id, employee_id, department_id, position_id, manager_id, status, valid_from, "
        "valid_to) select $1, e.id, d.id, p.id, boss.id, given.status, given.since, given.until "
        "from unnest($2::text[], $3::date[], $4::date[], $5::text[], $6::text[], $7::text[], $8::text[]) "
        "given (number, since, until, department, position, manager, status) "
        "join employee e on e.tenant_id = $1 and e.number = given.number "
        "left join department d on d.tenant_id = $1 and d.code = given.department "
        "left join position p on p.tenant_id = $1 and p.code = given.position "
        "left join employee boss on boss.tenant_id = $1 and boss.number = given.manager on conflict do nothing",
        tenant_id, [number for number, _ in spans],
        *columns([span for _, span in spans], "valid_from", "valid_to", "department", "position", "manager", "status"),
    )  # fmt: skip
    require_all(done, len(spans))


async def codes(conn: Connection, tenant_id: UUID, spaces: Iterable[str] | None = None) -> list[ExternalCode]:
    """Outside codes, of some code spaces or of all."""
    rows = await conn.fetch(
        "select c.code_space, c.code, e.number as employee, d.code as department, c.valid_from, c.valid_to "
        "from external_code c left join employee e on e.tenant_id = c.tenant_id and e.id = c.employee_id "
        "left join department d on d.tenant_id = c.tenant_id and d.id = c.department_id where c.tenant_id = $1 "
        "and ($2::text[] is null or c.code_space = any($2)) order by c.code_space, c.code, c.valid_from nulls first",
        tenant_id, None if spaces is None else list(spaces),
    )  # fmt: skip
    return [ExternalCode(*row.values()) for row in rows]


async def replace_codes(conn: Connection, tenant_id: UUID, keys: Sequence[tuple[str, str]],
                        rows: Sequence[ExternalCode]) -> None:
    """All that these codes mean, in place of what they meant."""
    await conn.execute(
        "delete from external_code c using unnest($2::text[], $3::text[]) gone (space, code) "
        "where c.tenant_id = $1 and c.code_space = gone.space and c.code = gone.code",
        tenant_id, [space for space, _ in keys], [code for _, code in keys],
    )  # fmt: skip
    done = await conn.execute(
        "insert into external_code (tenant_id, code_space, code, employee_id, department_id, valid_from, valid_to) "
        "select $1, given.space, given.code, e.id, d.id, given.since, given.until "
        "from unnest($2::text[], $3::text[], $4::text[], $5::text[], $6::timestamptz[], $7::timestamptz[]) "
        "given (space, code, employee, department, since, until) "
        "left join employee e on e.tenant_id = $1 and e.number = given.employee "
        "left join department d on d.tenant_id = $1 and d.code = given.department on conflict do nothing",
        tenant_id, *columns(rows, "code_space", "code", "employee", "department", "valid_from", "valid_to"),
    )  # fmt: skip
    require_all(done, len(rows))


async def sources(conn: Connection, tenant_id: UUID) -> dict[str, Source]:
    """All sources by key."""
    rows = await conn.fetch(
        "select key, record_type, body, strict, version from source where tenant_id = $1 order by key", tenant_id
    )
    return {row["key"]: Source(**{**dict(row), "body": json.loads(row["body"])}) for row in rows}


async def put_source(conn: Connection, tenant_id: UUID, wanted: Source, version: int) -> None:
    """The source with its next version."""
    await conn.execute(
        "insert into source (tenant_id, key, record_type, body, strict, version) values ($1, $2, $3, $4, $5, $6) "
        "on conflict (tenant_id, key) do update set record_type = excluded.record_type, body = excluded.body, "
        "strict = excluded.strict, version = excluded.version",
        tenant_id, wanted.key, wanted.record_type, canonical_json(wanted.body), wanted.strict, version,
    )  # fmt: skip


async def new_id(conn: Connection) -> UUID:
    """An id that sorts by time."""
    found: UUID = await conn.fetchval("select uuidv7()")
    return found


def require_all(done: str, count: int) -> None:
    """Raise where ``on conflict do nothing`` (which a distributed Postgres asks for) swallowed a row."""
    if done != f"INSERT 0 {count}":
        raise MeritlineError("E-CONFLICT-BUSY")


def columns(rows: Sequence[Any], *names: str) -> list[list[Any]]:
    """The rows by column, as unnest takes them."""
    return [[getattr(row, name) for row in rows] for name in names]


def canonical_json(value: Any) -> str:
    """JSON with one spelling; a number that JSON would round is a text."""
    return json.dumps(value, default=str, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)
