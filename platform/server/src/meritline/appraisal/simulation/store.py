"""What a simulation reads of past cycles: the runs that count, their cards, money and readings."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final
from uuid import UUID

from meritline.appraisal.run.seen import APART
from meritline.db import Connection

RUNS: Final = """
select cycle.period, cycle.id as cycle_id, cycle.run_id, run.known_at, used.scheme_key, used.scheme_hash,
    scheme.body as scheme, used.definitions, used.reward_hash, reward.body as reward
from cycle
join run on run.tenant_id = cycle.tenant_id and run.id = cycle.run_id
left join run_scheme used on used.tenant_id = cycle.tenant_id and used.run_id = cycle.run_id and used.tenant_id = $1
left join definition scheme on scheme.tenant_id = used.tenant_id and scheme.hash = used.scheme_hash
left join definition reward on reward.tenant_id = used.tenant_id and reward.hash = used.reward_hash
where cycle.tenant_id = $1 and run.tenant_id = $1 and cycle.period = any($2)
order by cycle.starts_at, used.scheme_key
"""
CARDS: Final = """
select subject_code, subject_name, department_code, trim_scale(score) as score, exact_score, grade, rank,
    coalesce(ranked_among, 0) as among, state, passed
from scorecard
where tenant_id = $1 and run_id = $2 and scheme_key = any($3)
order by subject_code
"""
MONEY: Final = """
select subject_code, sum(amount) as amount
from reward_line
where tenant_id = $1 and cycle_id = $2 and scheme_key = any($3)
group by subject_code
"""
READINGS: Final = """
select indicator_key, read_from, readings from run_reading
where tenant_id = $1 and run_id = $2 and scheme_key = $3 and indicator_key = any($4)
"""
READ_AGAIN: Final = """
select place, readings from run_reading_change where tenant_id = $1 and run_id = $2 and scheme_key = $3 order by id
"""


async def runs(conn: Connection, tenant_id: UUID, periods: Sequence[str]) -> list[Any]:
    """The runs that count in these periods, a row for each scheme that they computed."""
    return await conn.fetch(RUNS, tenant_id, list(periods))


async def cards(conn: Connection, tenant_id: UUID, run_id: UUID, schemes: Sequence[str]) -> list[Any]:
    """The scorecards of a run, by code."""
    return await conn.fetch(CARDS, tenant_id, run_id, list(schemes))


async def money(conn: Connection, tenant_id: UUID, cycle_id: UUID, schemes: Sequence[str]) -> list[Any]:
    """What each subject gets in a cycle."""
    return await conn.fetch(MONEY, tenant_id, cycle_id, list(schemes))


async def readings(conn: Connection, tenant_id: UUID, run_id: UUID, scheme: str,
                   indicators: Sequence[str]) -> list[dict[str, str]]:
    """The texts with what a run read of these indicators, as its refreshes left them."""
    rows = [dict(row) for row in await conn.fetch(READINGS, tenant_id, run_id, scheme, list(indicators))]
    again = await conn.fetch(READ_AGAIN, tenant_id, run_id, scheme) if rows else []
    return [row | {"readings": as_read_again(row, again)} for row in rows] if again else rows


def as_read_again(row: Mapping[str, str], again: Iterable[Any]) -> str:
    """The text of a reading with the lines of those who were read again."""
    lines = row["readings"].split("\n")
    for place, found in again:
        for line in found.split("\n"):
            key, read_from, text = line.split(APART)
            if (key, read_from) == (row["indicator_key"], row["read_from"]):
                lines[place] = text
    return "\n".join(lines)
