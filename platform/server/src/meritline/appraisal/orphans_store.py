"""Score lines without a scorecard. Decides how many are looked at: the foreign key between them is not enforced.

A run writes both from the same cards in one statement each, so nothing but a hand or a partial restore makes an orphan
(``docs/decisions``); ``meritline doctor`` looks for them.
"""

from typing import Any
from uuid import UUID

MOST_LINES = 200_000
ORPHANS = """
select count(*) from (
    select scorecard_id from score_line where tenant_id = $1 order by scorecard_id desc limit $2) as line
where not exists (select from scorecard c where c.tenant_id = $1 and c.id = line.scorecard_id)
"""


async def orphans(conn: Any, tenant_id: UUID, most: int = MOST_LINES) -> int:
    """How many of the tenant's newest lines belong to no card."""
    found: int = await conn.fetchval(ORPHANS, tenant_id, most)
    return found
