"""The rows of ratings. Decides that a rater has one voice in a role, and that a change names the version it saw."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Final
from uuid import UUID

from meritline.db import Connection
from meritline.tenancy.visibility import TEAM_SUBJECT

COLUMNS: Final = (
    "id, period, scheme_key, indicator_key, subject_kind, subject_id, rater_id, rater_role, value, scale_min, "
    "scale_max, comment, submitted_by, submitted_at, version"
)
INSERT: Final = f"""
insert into rating (tenant_id, period, scheme_key, indicator_key, subject_kind, subject_id, rater_role, rater_id,
    value, scale_min, scale_max, comment, submitted_by, submitted_at)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)
on conflict on constraint rating_once do nothing
returning {COLUMNS}
"""  # noqa: S608
FIND: Final = f"""
select {COLUMNS} from rating
where tenant_id = $1 and period = $2 and scheme_key = $3 and indicator_key = $4 and subject_kind = $5
    and subject_id = $6 and rater_role = $7 and rater_id is not distinct from $8
for update
"""  # noqa: S608
CHANGE: Final = f"""
update rating set value = $3, scale_min = $4, scale_max = $5, comment = $6, submitted_by = $7, submitted_at = $8,
    version = version + 1
where tenant_id = $1 and id = $2
returning {COLUMNS}
"""  # noqa: S608
IN_TEAM: Final = (
    "select true from (select $4::text as subject_kind, $5::uuid as subject_id) t where "  # noqa: S608
    + TEAM_SUBJECT.format(t="t", tenant="$1::uuid", employee="$2::uuid", today="$3::date")
)


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

    def values(self) -> tuple[object, ...]:
        """In the order of the statements."""
        return (self.period, self.scheme_key, self.indicator_key, self.subject_kind, self.subject_id,
                self.rater_role, self.rater_id)


@dataclass(frozen=True, slots=True)
class Voice:
    """What was said, on which scale, by whom and when."""

    value: Decimal
    scale_min: Decimal
    scale_max: Decimal
    comment: str | None
    submitted_by: str
    submitted_at: datetime

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


async def in_team(conn: Connection, tenant_id: UUID, manager: UUID, on: date, kind: str, subject: UUID) -> bool:
    """Whether the manager leads the subject on the day."""
    return await conn.fetchval(IN_TEAM, tenant_id, manager, on, kind, subject) is True


async def employee_id(conn: Connection, tenant_id: UUID, number: str) -> UUID | None:
    """The employee of a number."""
    found: UUID | None = await conn.fetchval(
        "select id from employee where tenant_id = $1 and number = $2", tenant_id, number
    )
    return found
