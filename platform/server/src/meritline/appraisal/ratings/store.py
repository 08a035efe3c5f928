"""The rows of ratings. Decides that a rater has one voice in a role, and that a change names the version it saw."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Final
from uuid import UUID

from meritline.db import Connection
from meritline.tenancy.visibility import LED_DEPARTMENTS, NOW, OWN_DEPARTMENTS, SUPERIORS, TEAM

COLUMNS: Final = (
    "id, period, scheme_key, indicator_key, subject_kind, subject_id, rater_id, rater_role, value, scale_min, "
    "scale_max, comment, submitted_by, submitted_at, version, reference"
)
INSERT: Final = f"""
insert into rating (tenant_id, period, scheme_key, indicator_key, subject_kind, subject_id, rater_role, rater_id,
    reference, value, scale_min, scale_max, comment, submitted_by, submitted_at)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)
on conflict on constraint rating_once do nothing
returning {COLUMNS}
"""  # noqa: S608
FIND: Final = f"""
select {COLUMNS} from rating
where tenant_id = $1 and period = $2 and scheme_key = $3 and indicator_key = $4 and subject_kind = $5
    and subject_id = $6 and rater_role = $7 and rater_id is not distinct from $8
    and reference is not distinct from $9
for update
"""  # noqa: S608
CHANGE: Final = f"""
update rating set value = $3, scale_min = $4, scale_max = $5, comment = $6, submitted_by = $7, submitted_at = $8,
    version = version + 1
where tenant_id = $1 and id = $2
returning {COLUMNS}
"""  # noqa: S608
TEAM_OF: Final = (
    f"select 'employee' as kind, member.employee_id as id from {TEAM} member where member.employee_id <> {{employee}} "  # noqa: S608
    f"union all select 'department', led.department_id from {LED_DEPARTMENTS} as led(department_id)"
).format(tenant="$1::uuid", employee="$2::uuid", today="$3::date")
COLLEAGUES_OF: Final = (
    "select distinct other.employee_id from employment other where other.tenant_id = {tenant} "  # noqa: S608
    f"and {NOW.format(name='other')} and other.department_id in {OWN_DEPARTMENTS} "
    f"and other.employee_id <> {{employee}} and other.employee_id not in {SUPERIORS} "
    "and (other.manager_id is null or other.manager_id <> {employee})"
).format(tenant="$1::uuid", employee="$2::uuid", today="$3::date")
HAS_REPORTS: Final = (
    f"select true from employment other where other.tenant_id = {{tenant}} and {NOW.format(name='other')} "  # noqa: S608
    "and other.manager_id = {employee} limit 1"
).format(tenant="$1::uuid", employee="$2::uuid", today="$3::date")
OTHER_ROLE: Final = """
select rater_role from rating
where tenant_id = $1 and period = $2 and scheme_key = $3 and indicator_key = $4 and subject_kind = $5
    and subject_id = $6 and rater_role <> $7 and rater_id = $8 and reference is null
limit 1
"""
GIVEN: Final = f"""
select {COLUMNS} from rating
where tenant_id = $1 and period = $2 and rater_id is not distinct from $3 and reference is null
"""  # noqa: S608
SEAL: Final = """
insert into rating_seal (tenant_id, secret) values ($1, $2) on conflict (tenant_id) do nothing
"""


@dataclass(frozen=True, slots=True)
class Key:
    """What makes two ratings the same voice."""

    period: str
    scheme_key: str
    indicator_key: str
    subject_kind: str
    subject_id: UUID
    rater_role: str
    rater_id: UUID | None
    reference: str | None = None

    def values(self) -> tuple[object, ...]:
        """In the order of the statements."""
        return (self.period, self.scheme_key, self.indicator_key, self.subject_kind, self.subject_id,
                self.rater_role, self.rater_id, self.reference)


@dataclass(frozen=True, slots=True)
class Voice:
    """What was said, on which scale, by whom and when."""

    value: Decimal
    scale_min: Decimal
    scale_max: Decimal
    comment: str | None
    submitted_by: str
    submitted_at: datetime

    def says_the_same_as(self, before: "Rating") -> bool:
        """Whether the rating that stands has the same value, on the same scale, with the same words."""
        return (self.value, self.scale_min, self.scale_max, self.comment) == (
            before.value, before.scale_min, before.scale_max, before.comment)

    def values(self) -> tuple[object, ...]:
        """In the order of the statements."""
        return (self.value, self.scale_min, self.scale_max, self.comment, self.submitted_by, self.submitted_at)


@dataclass(frozen=True, slots=True)
class Rating:
    """A row of ``rating``."""

    id: UUID
    period: str
    scheme_key: str
    indicator_key: str
    subject_kind: str
    subject_id: UUID
    rater_id: UUID | None
    rater_role: str
    value: Decimal
    scale_min: Decimal
    scale_max: Decimal
    comment: str | None
    submitted_by: str
    submitted_at: datetime
    version: int
    reference: str | None = None


async def insert(conn: Connection, tenant_id: UUID, key: Key, voice: Voice) -> Rating | None:
    """The new rating; None where the voice was heard before."""
    row = await conn.fetchrow(INSERT, tenant_id, *key.values(), *voice.values())
    return None if row is None else Rating(**dict(row))


async def find(conn: Connection, tenant_id: UUID, key: Key) -> Rating:
    """The rating that was heard before, held until the unit ends."""
    row = await conn.fetchrow(FIND, tenant_id, *key.values())
    assert row is not None  # ratings are never deleted
    return Rating(**dict(row))


async def change(conn: Connection, tenant_id: UUID, rating_id: UUID, voice: Voice) -> Rating:
    """The rating with another value."""
    row = await conn.fetchrow(CHANGE, tenant_id, rating_id, *voice.values())
    assert row is not None
    return Rating(**dict(row))


async def team_of(conn: Connection, tenant_id: UUID, manager: UUID, on: date) -> list[tuple[str, UUID]]:
    """The people and departments that somebody leads on a day, not themselves."""
    return [(row["kind"], row["id"]) for row in await conn.fetch(TEAM_OF, tenant_id, manager, on)]


async def has_reports(conn: Connection, tenant_id: UUID, employee: UUID, on: date) -> bool:
    """Whether anybody names them as manager on a day."""
    return await conn.fetchval(HAS_REPORTS, tenant_id, employee, on) is True


async def colleagues_of(conn: Connection, tenant_id: UUID, employee: UUID, on: date) -> list[UUID]:
    """Everybody of the same department on a day who is neither above nor directly below."""
    return [row["employee_id"] for row in await conn.fetch(COLLEAGUES_OF, tenant_id, employee, on)]


async def other_role(conn: Connection, tenant_id: UUID, key: Key) -> str | None:
    """Another role in which the rater has rated the same."""
    found: str | None = await conn.fetchval(OTHER_ROLE, tenant_id, *key.values()[:-1])
    return found


async def given(conn: Connection, tenant_id: UUID, period: str, rater: UUID | None) -> list[Rating]:
    """What a rater has given in a period, in person."""
    return [Rating(**dict(row)) for row in await conn.fetch(GIVEN, tenant_id, period, rater)]


async def seal(conn: Connection, tenant_id: UUID, fresh: bytes) -> bytes:
    """The company's secret for rating sheets; ``fresh`` becomes it where there is none yet."""
    await conn.execute(SEAL, tenant_id, fresh)
    found: bytes = await conn.fetchval("select secret from rating_seal where tenant_id = $1", tenant_id)
    return found


async def employee_id(conn: Connection, tenant_id: UUID, number: str) -> UUID | None:
    """The employee of a number."""
    found: UUID | None = await conn.fetchval(
        "select id from employee where tenant_id = $1 and number = $2", tenant_id, number
    )
    return found
