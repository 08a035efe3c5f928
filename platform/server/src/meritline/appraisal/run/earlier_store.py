"""What a run reads of other cycles. Decides that only the run that its cycle points to tells what a period came to."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from meritline.db import Connection

# The card's place counts from the latest earlier period that has a score; no more are read than rules may look at.
HISTORY: Final = """
select * from (
    select card.scheme_key, card.subject_kind, card.subject_id, card.period, trim_scale(card.score) as score,
        card.grade, card.passed, card.rank, card.ranked_among, cycle.starts_at, row_number() over (
            partition by card.scheme_key, card.subject_kind, card.subject_id order by cycle.starts_at desc) as place
    from cycle
    join scorecard card on card.tenant_id = cycle.tenant_id and card.run_id = cycle.run_id
    where cycle.tenant_id = $1 and card.tenant_id = $1 and cycle.period_kind = $2 and cycle.starts_at < $3
        and card.scheme_key = any($4) and card.score is not null) earlier
where place <= $5
order by starts_at
"""
SCORES: Final = """
select cycle.period, cycle.state, card.scheme_key, card.subject_kind, card.subject_id, trim_scale(card.score) as score
from cycle
left join scorecard card on card.tenant_id = cycle.tenant_id and card.run_id = cycle.run_id and card.tenant_id = $1
    and card.scheme_key = any($3) and cycle.state = any($4)
where cycle.tenant_id = $1 and cycle.period = any($2)
"""
# The full points stand in the step that weighed the line.
CARRIED: Final = """
select distinct on (card.scheme_key, card.subject_kind, card.subject_id, line.key)
    card.scheme_key, card.subject_kind, card.subject_id, line.key, card.period, line.raw_points_exact,
    (select one ->> 'full' from json_array_elements(line.steps::json) one where one ->> 'step' = 'weigh') as full_points
from cycle
join scorecard card on card.tenant_id = cycle.tenant_id and card.run_id = cycle.run_id
join score_line line on line.tenant_id = card.tenant_id and line.scorecard_id = card.id
join unnest($3::text[], $4::text[]) wanted(scheme_key, key)
    on wanted.scheme_key = card.scheme_key and wanted.key = line.key
where cycle.tenant_id = $1 and card.tenant_id = $1 and line.tenant_id = $1 and cycle.period = any($2)
    and line.kind = 'item' and line.reading_state = 'measured' and line.raw_points_exact is not null
order by card.scheme_key, card.subject_kind, card.subject_id, line.key, cycle.starts_at desc
"""


async def history(conn: Connection, tenant_id: UUID, kind: str, before: datetime, schemes: Sequence[str],
                  most: int) -> list[Any]:
    """The scored cards of earlier periods, the oldest first."""
    return await conn.fetch(HISTORY, tenant_id, kind, before, list(schemes), most)


async def scores(conn: Connection, tenant_id: UUID, periods: Sequence[str], schemes: Sequence[str],
                 states: Sequence[str]) -> list[Any]:
    """The cycles of the periods, with the scores of those that are in one of the states."""
    return await conn.fetch(SCORES, tenant_id, list(periods), list(schemes), list(states))


async def carried(conn: Connection, tenant_id: UUID, periods: Sequence[str],
                  wanted: Mapping[str, Sequence[str]]) -> list[Any]:
    """The last measured line of each item of these schemes in one of the periods."""
    pairs = [(scheme, key) for scheme, keys in wanted.items() for key in keys]
    return await conn.fetch(CARRIED, tenant_id, list(periods), [one for one, _ in pairs], [one for _, one in pairs])
