"""The queries of the state whose text is fixed; ``build`` has those that are made for a measure.

Marks are taken in the unit that rebuilds what they mark, and before it looks at the records: an import that commits in
between has left a mark that was not there to be taken. Ingest writes marks with DO UPDATE, so that one which is being
taken is waited for; one that an import is writing is left for the next time.
"""

from calendar import monthrange
from collections.abc import Collection, Iterable, Sequence
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Any, NamedTuple
from uuid import UUID

from meritline.db import Connection
from meritline.measuring.state.kept import Kept
from meritline.records.columns import current_table


class Mark(NamedTuple):
    """Whose numbers of which days are out of date."""

    record_type: str
    subject: UUID
    days: tuple[date, ...]


VERSION = "coalesce((select version from tenant_profile where tenant_id = $1), 0)"
LOCK_ROW = "insert into measure_state_lock (tenant_id) values ($1) on conflict do nothing"
LOCK = "select 1 from measure_state_lock where tenant_id = $1 for update"
TAKE = """
with wanted as (
  select record_type, subject_id, month from touched where tenant_id = $1 order by record_type, month, subject_id
  limit $2 for update skip locked
), gone as (
  delete from touched t using wanted w where t.tenant_id = $1 and t.record_type = w.record_type
    and t.subject_id = w.subject_id and t.month = w.month
  returning t.record_type, t.subject_id, t.month, t.days, t.touched_at
), noted as (
  insert into touched_taken as known (tenant_id, record_type, subject_id, month, days, touched_at)
  select $1, record_type, subject_id, month, days, touched_at from gone
  on conflict (tenant_id, record_type, subject_id, month) do update
  set days = known.days | excluded.days, touched_at = greatest(known.touched_at, excluded.touched_at)
)
select record_type, subject_id, month, days from gone
"""
STATES = f"""
select s.id, s.digest, s.record_type, s.definition, s.refused, s.profile_version = {VERSION} as valid,
  array(select month from measure_state_span p where p.tenant_id = $1 and p.state_id = s.id order by 1) as months
from measure_state s where s.tenant_id = $1
"""  # noqa: S608
ADD = f"""
insert into measure_state (tenant_id, id, digest, pass, record_type, measures, definition, zone, profile_version)
values ($1, uuidv7(), $2, $3, $4, $5, $6, $7, {VERSION}) returning id
"""  # noqa: S608
REFUSE = """
update measure_state set refused = $3, made_at = transaction_timestamp() where tenant_id = $1 and id = $2
"""
TRIED_AGAIN = """
delete from measure_state where tenant_id = $1 and record_type = any($2) and refused is not null
  and made_at < transaction_timestamp() - interval '1 hour'
"""
KEPT_MONTHS = "select distinct month from measure_state_span where tenant_id = $1"
FORGET = (
    """delete from measure_state_day d using unnest($2::date[]) as gone(month)
       where d.tenant_id = $1 and d.day >= gone.month and d.day < gone.month + interval '1 month'""",
    "delete from measure_state_month where tenant_id = $1 and month = any($2)",
    "delete from measure_state_span where tenant_id = $1 and month = any($2)",
)
FORGET_STATES = """
delete from measure_state s where s.tenant_id = $1 and s.refused is null
  and not exists (select from measure_state_span p where p.tenant_id = $1 and p.state_id = s.id)
"""
TABLES = ("measure_state_day", "measure_state_month", "measure_state_span")
SPAN = """
insert into measure_state_span (tenant_id, state_id, month, known_from) values ($1, $2, $3, $4)
on conflict (tenant_id, state_id, month) do update set known_from = excluded.known_from
"""
NEWEST_MARK = """
select greatest((select max(touched_at) from touched where tenant_id = $1 and record_type = $2),
  (select max(touched_at) from touched_taken where tenant_id = $1 and record_type = $2))
"""
MARKS = """
select t.record_type, m.subject_id, m.month, m.days from unnest($2::text[]) as t(record_type), lateral (
  select subject_id, month, days from touched
  where tenant_id = $1 and record_type = t.record_type and month >= $3 and month < $4
  union all
  select subject_id, month, days from touched_taken
  where tenant_id = $1 and record_type = t.record_type and touched_at > $5 and month >= $3 and month < $4
  limit $6
) m
"""
CHANGED = """
select record_type, subject_id, month, days, touched_at from touched where tenant_id = $1 and touched_at > $2
union all
select record_type, subject_id, month, days, touched_at from touched_taken where tenant_id = $1 and touched_at > $2
"""
"""The marks of records that changed since a moment, whether the state has taken them in or not. Nobody (``NOBODY``)
stands for records that name none, which count for the company; departments are those named."""
WAITING = "select count(*) from touched where tenant_id = $1"
OVERVIEW = """
select s.record_type, cardinality(s.measures) as measures, s.refused,
  array(select month from measure_state_span p where p.tenant_id = $1 and p.state_id = s.id order by 1) as months,
  (select count(*) from measure_state_day d where d.tenant_id = $1 and d.state_id = s.id) as day_rows,
  (select count(*) from measure_state_month m where m.tenant_id = $1 and m.state_id = s.id) as month_rows
from measure_state s where s.tenant_id = $1 order by s.record_type, s.digest
"""
FOUND = f"""
select s.id, s.pass, s.measures, p.month, p.known_from,
  current_setting('transaction_isolation') <> 'read committed' as snapshot from measure_state s
join measure_state_span p on p.tenant_id = s.tenant_id and p.state_id = s.id
where s.tenant_id = $1 and s.pass = any($2) and p.month = any($3) and s.profile_version = {VERSION}
"""  # noqa: S608


MONTH_ROWS = """
select state_id, month, subject_id, holding, counts, sums::text[], case when state_id = any($4) then vals end as vals
from measure_state_month where tenant_id = $1
  and (state_id, month) in (select state_id, month from unnest($2::uuid[], $3::date[]) as wanted(state_id, month))
  and ($5::uuid[] is null or subject_id = any($5))
"""
DAY_ROWS = """
select day, subject_id, holding, counts, sums, vals from measure_state_day
where tenant_id = $1 and state_id = $2 and day >= $3 and day < $4 and subject_id = any($5)
"""


async def lock(conn: Connection, tenant_id: UUID) -> None:
    """Hold the state of the tenant to the end of the unit; what is read after it is what the last holder left."""
    await conn.execute(LOCK_ROW, tenant_id)
    await conn.execute(LOCK, tenant_id)


async def take_marks(conn: Connection, tenant_id: UUID, most: int) -> list[Mark]:
    """Take marks that nobody is writing."""
    return [mark_of(row) for row in await conn.fetch(TAKE, tenant_id, most)]


async def states(conn: Connection, tenant_id: UUID) -> list[Any]:
    """Every state, with its months; ``valid`` where the company's profile is still that by which it was made."""
    return await conn.fetch(STATES, tenant_id)


async def add(conn: Connection, tenant_id: UUID, kept: Kept) -> UUID:
    """A state that has no month yet."""
    found: UUID = await conn.fetchval(ADD, tenant_id, kept.digest, kept.pass_digest, kept.one.record,
                                      list(kept.measures), kept.definition(), kept.zone)
    return found


async def drop(conn: Connection, tenant_id: UUID, ids: Collection[UUID]) -> None:
    """The states with all their rows."""
    if ids:
        for table in TABLES:
            await conn.execute(f"delete from {table} where tenant_id = $1 and state_id = any($2)",  # noqa: S608
                               tenant_id, list(ids))
        await conn.execute("delete from measure_state where tenant_id = $1 and id = any($2)", tenant_id, list(ids))


async def refuse(conn: Connection, tenant_id: UUID, state_id: UUID, reason: str) -> None:
    """That a state cannot be made, and why; its rows go."""
    for table in TABLES:
        await conn.execute(f"delete from {table} where tenant_id = $1 and state_id = $2", tenant_id, state_id)  # noqa: S608
    await conn.execute(REFUSE, tenant_id, state_id, reason)


async def tried_again(conn: Connection, tenant_id: UUID, records: Collection[str]) -> None:
    """Forget that states of these record types could not be made, where that is long ago: they are missing then."""
    await conn.execute(TRIED_AGAIN, tenant_id, list(records))


async def kept_months(conn: Connection, tenant_id: UUID) -> set[date]:
    """The months that any state has."""
    return {row["month"] for row in await conn.fetch(KEPT_MONTHS, tenant_id)}


async def forget(conn: Connection, tenant_id: UUID, months: Collection[date]) -> None:
    """Remove these months of all states, and the states that have no other."""
    for statement in FORGET:
        await conn.execute(statement, tenant_id, list(months))
    await conn.execute(FORGET_STATES, tenant_id)


async def sorted_groups(conn: Connection) -> None:
    """Until the unit ends, groups are made of sorted rows: a table of all groups with their values would not fit."""
    await conn.execute("set local enable_hashagg = off")


async def clear(conn: Connection, tenant_id: UUID, state_id: UUID, first: date, end: date, month: date,
                subjects: Sequence[UUID] | None, pairs: Iterable[tuple[UUID, date]] | None) -> None:
    """Remove the rows that are made anew: of some days, and of their month."""
    if pairs is None or subjects is None:
        await conn.execute("delete from measure_state_day where tenant_id = $1 and state_id = $2 and day >= $3 "
                           "and day < $4", tenant_id, state_id, first, end)
    else:
        who, days = zip(*pairs, strict=True)
        await conn.execute("delete from measure_state_day d using unnest($3::uuid[], $4::date[]) as p(who, day) "
                           "where d.tenant_id = $1 and d.state_id = $2 and d.day = p.day and d.subject_id = p.who",
                           tenant_id, state_id, list(who), list(days))
    await conn.execute("delete from measure_state_month where tenant_id = $1 and state_id = $2 and month = $3 "
                       "and ($4::uuid[] is null or subject_id = any($4))", tenant_id, state_id, month,
                       None if subjects is None else list(subjects))


async def complete(conn: Connection, tenant_id: UUID, state_id: UUID, month: date, known_from: datetime) -> None:
    """That a month is whole."""
    await conn.execute(SPAN, tenant_id, state_id, month, known_from)


async def newest_mark(conn: Connection, tenant_id: UUID, record: str) -> datetime | None:
    """When a record of the type was last recorded, as far as marks tell."""
    found: datetime | None = await conn.fetchval(NEWEST_MARK, tenant_id, record)
    return found


async def newest_record(conn: Connection, tenant_id: UUID, record: str) -> datetime | None:
    """When the newest version of any record of the type was recorded."""
    found: datetime | None = await conn.fetchval(
        f"select max(recorded_at) from {current_table(record)} where tenant_id = $1", tenant_id)  # noqa: S608
    return found


async def found_states(conn: Connection, tenant_id: UUID, passes: Sequence[str], months: Sequence[date]) -> list[Any]:
    """The states of these passes that have any of the months: a row for each month."""
    return await conn.fetch(FOUND, tenant_id, list(passes), list(months))


async def month_rows(conn: Connection, tenant_id: UUID, wanted: Iterable[tuple[UUID, date]],
                     with_values: Collection[UUID], subjects: Collection[UUID] | None) -> list[Any]:
    """The rows of these months, of everybody or of some; their values only where they are asked for. Sums come as text:
    nearly all are whole, and it is much quicker to make a whole number of a text than a decimal of a numeric."""
    ids, months = zip(*wanted, strict=True)
    return await conn.fetch(MONTH_ROWS, tenant_id, list(ids), list(months), list(with_values),
                            None if subjects is None else list(subjects))


async def day_rows(conn: Connection, tenant_id: UUID, state_id: UUID, first: date, end: date,
                   subjects: Collection[UUID]) -> list[Any]:
    """The rows of some subjects, day by day."""
    return await conn.fetch(DAY_ROWS, tenant_id, state_id, first, end, list(subjects))


async def marks(conn: Connection, tenant_id: UUID, records: Sequence[str], first: date, end: date,
                known_at: datetime | None, most: int) -> list[Mark]:
    """Whose numbers of which days the state does not know as they were at the moment; at most so many of each type."""
    return [mark_of(row) for row in await conn.fetch(MARKS, tenant_id, list(records), first.replace(day=1), end,
                                                     known_at, most)]


def mark_of(row: Any) -> Mark:
    """A mark from its row."""
    record_type, subject, month, bits = row
    return Mark(record_type, subject, tuple(day for place, day in enumerate(days_from(month)) if bits >> place & 1))


@lru_cache(maxsize=1024)
def days_from(month: date) -> tuple[date, ...]:
    """The days of a month of the calendar."""
    return tuple(month + timedelta(days=count) for count in range(monthrange(month.year, month.month)[1]))


async def waiting(conn: Connection, tenant_id: UUID) -> int:
    """How many marks there are."""
    found: int = await conn.fetchval(WAITING, tenant_id)
    return found


async def overview(conn: Connection, tenant_id: UUID) -> list[Any]:
    """What every state has."""
    return await conn.fetch(OVERVIEW, tenant_id)
