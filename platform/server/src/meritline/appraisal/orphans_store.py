"""Rows of a run that belong to nothing. Decides how many are looked at: their foreign keys are not enforced.

A run writes lines, cards and rewards from the same people and counts that they fit, so nothing but a hand or a partial
restore makes an orphan (``docs/decisions``); ``meritline doctor`` looks for them.
"""

from typing import Any
from uuid import UUID

MOST_LINES = 200_000
NO_CARD = """
(select count(*) from (select scorecard_id from {table} where tenant_id = $1 order by {newest} desc limit $2) as line
where not exists (select from scorecard c where c.tenant_id = $1 and c.id = line.scorecard_id))
"""
NO_SCHEME = """
(select count(*) from (
    select run_id, scheme_key, scheme_version_id from scorecard where tenant_id = $1 order by id desc limit $2) as card
where not exists (select from run_scheme s where s.tenant_id = $1 and s.run_id = card.run_id
    and s.scheme_key = card.scheme_key and s.scheme_version_id = card.scheme_version_id))
"""
#: The ids of cards grow with time, so that the newest lines are those of the last cards.
LINES = NO_CARD.format(table="score_line", newest="scorecard_id")
REWARDS = NO_CARD.format(table="reward_line", newest="id")
ORPHANS = f"select {LINES} + {REWARDS} + {NO_SCHEME}"


async def orphans(conn: Any, tenant_id: UUID, most: int = MOST_LINES) -> int:
    """How many of the tenant's newest lines belong to no card, and of its newest cards to no scheme of a run."""
    found: int = await conn.fetchval(ORPHANS, tenant_id, most)
    return found
