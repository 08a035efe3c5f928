"""What the exports read. Decides that only the run that its cycle points to is shown.

In the statements ``{tenant}`` and ``{period}`` are bound; ``{visible}`` is the condition of what the reader may see.
"""

from collections.abc import AsyncIterator, Sequence
from typing import Any, Final
from uuid import UUID

from meritline.db import Connection

AT_ONCE: Final = 500

SCORECARDS: Final = """
select card.period, card.scheme_key, version.version as scheme_version, card.subject_kind, card.subject_code,
    card.subject_name, card.department_code, card.score, card.grade, card.grade_title_en, card.grade_title_zh,
    card.rank, card.ranked_among, card.state, card.passed, card.digest,
    card.days_employed, card.period_days, card.steps,
    (select count(*) from score_line line where line.tenant_id = {tenant}
        and line.scorecard_id = card.id and line.entered is not null) as entered_lines
from scorecard card join cycle on cycle.tenant_id = card.tenant_id and cycle.run_id = card.run_id
join scheme_version version on version.tenant_id = card.tenant_id and version.id = card.scheme_version_id
where card.tenant_id = {tenant} and cycle.tenant_id = {tenant} and version.tenant_id = {tenant}
    and cycle.period = {period} and {visible}
order by card.scheme_key, card.rank nulls last, card.subject_kind, card.subject_code
"""
SCORE_LINES: Final = """
select card.period, card.scheme_key, card.subject_kind, card.subject_code, card.subject_name, line.position, line.kind,
    line.key, line.dimension as dimension_en, line.dimension_zh, line.title_en, line.title_zh, line.unit, line.target,
    line.reading_state, line.reading_value, line.reading_exact, line.numerator, line.denominator, line.sample_size,
    line.raw_points, line.weight, line.effective_weight_exact, line.weighted_points, line.weighted_points_exact,
    line.policy, line.steps, line.reading_reason, line.entered
from score_line line
join scorecard card on card.tenant_id = line.tenant_id and card.id = line.scorecard_id
join cycle on cycle.tenant_id = card.tenant_id and cycle.run_id = card.run_id
where line.tenant_id = {tenant} and card.tenant_id = {tenant} and cycle.tenant_id = {tenant}
    and cycle.period = {period} and {visible}
order by card.scheme_key, card.rank nulls last, card.subject_kind, card.subject_code, line.position
"""
HEAD: Final = """
select cycle.period, cycle.state, profile.name as company, profile.currency, profile.time_zone, run.number,
    run.finished_at, run.result_digest
from cycle join tenant_profile profile on profile.tenant_id = cycle.tenant_id
left join run on run.tenant_id = cycle.tenant_id and run.id = cycle.run_id
where cycle.tenant_id = $1 and profile.tenant_id = $1 and cycle.period = $2
"""
SCHEMES: Final = """
select used.scheme_key, version.version, version.valid_from, definition.body, table_.body as rewards
from cycle join run_scheme used on used.tenant_id = cycle.tenant_id and used.run_id = cycle.run_id
join scheme_version version on version.tenant_id = used.tenant_id and version.id = used.scheme_version_id
join definition on definition.tenant_id = used.tenant_id and definition.hash = used.scheme_hash
left join definition table_ on table_.tenant_id = $1 and table_.hash = used.reward_hash
where cycle.tenant_id = $1 and used.tenant_id = $1 and version.tenant_id = $1 and definition.tenant_id = $1
    and cycle.period = $2
order by used.scheme_key
"""


async def some(conn: Connection, statement: str, values: Sequence[object]) -> AsyncIterator[list[Any]]:
    """The rows of a statement, some at a time: a file of thousands of people is never in memory as a whole."""
    cursor = await conn.cursor(statement, *values)
    while rows := await cursor.fetch(AT_ONCE):
        yield rows


async def head(conn: Connection, tenant_id: UUID, period: str) -> Any:
    """The cycle with its company and the run that counts; None where there is no such cycle."""
    return await conn.fetchrow(HEAD, tenant_id, period)


async def schemes(conn: Connection, tenant_id: UUID, period: str) -> Sequence[Any]:
    """The schemes that appraised, with their versions and definitions."""
    return await conn.fetch(SCHEMES, tenant_id, period)
