"""What the exports read. Decides that only the run that its cycle points to is shown."""

from collections.abc import Sequence
from typing import Any, Final
from uuid import UUID

from meritline.db import Connection

SCORECARDS: Final = """
select card.period, card.scheme_key, card.subject_kind, card.subject_code, card.subject_name, card.department_code,
    card.score, card.grade, card.grade_title_en, card.grade_title_zh, card.rank, card.ranked_among, card.state,
    card.passed, card.digest, (select count(*) from score_line line where line.tenant_id = $1
        and line.scorecard_id = card.id and line.entered is not null) as entered_lines
from scorecard card join cycle on cycle.tenant_id = card.tenant_id and cycle.run_id = card.run_id
where card.tenant_id = $1 and cycle.tenant_id = $1 and cycle.period = $2
order by card.scheme_key, card.rank nulls last, card.subject_code
"""
SCORE_LINES: Final = """
select card.period, card.scheme_key, card.subject_kind, card.subject_code, card.subject_name, line.position, line.kind,
    line.key, line.title_en, line.title_zh, line.unit, line.target, line.reading_state, line.reading_value,
    line.reading_exact, line.numerator, line.denominator, line.sample_size, line.raw_points, line.weight,
    line.weighted_points, line.weighted_points_exact, line.policy, line.steps, line.reading_reason, line.entered
from score_line line
join scorecard card on card.tenant_id = line.tenant_id and card.id = line.scorecard_id
join cycle on cycle.tenant_id = card.tenant_id and cycle.run_id = card.run_id
where line.tenant_id = $1 and card.tenant_id = $1 and cycle.tenant_id = $1 and cycle.period = $2
order by card.scheme_key, card.rank nulls last, card.subject_code, line.position
"""


async def scorecards(conn: Connection, tenant_id: UUID, period: str) -> Sequence[Any]:
    """The scorecards of a period, by scheme and place."""
    return await conn.fetch(SCORECARDS, tenant_id, period)


async def score_lines(conn: Connection, tenant_id: UUID, period: str) -> Sequence[Any]:
    """Their lines, in the same order."""
    return await conn.fetch(SCORE_LINES, tenant_id, period)
