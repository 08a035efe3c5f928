"""What reward files and pay statements read. Decides that a line is shown with the scorecard that it rewards.

In the statements ``{tenant}`` and ``{period}`` are bound; ``{visible}`` is the condition of what the reader may see.
A pay statement is of a person; what a department or the company gets stands among the rewards.
"""

from collections.abc import Sequence
from typing import Any, Final

from meritline.db import Connection

PLACE: Final = "line.position, line.rule_key"
COLUMNS: Final = """
    card.period, line.scheme_key, line.subject_kind, line.subject_id, line.subject_code, card.subject_name,
    card.department_code, line.rule_key, line.kind, line.title_en, line.title_zh, line.amount,
    line.currency, line.steps, line.digest, line.act, line.detail_en, line.detail_zh, card.score, card.grade,
    card.grade_title_en, card.grade_title_zh, card.rank, card.ranked_among, card.state
"""
SHOWN: Final = """
from reward_line line
join cycle on cycle.tenant_id = line.tenant_id and cycle.id = line.cycle_id
join scorecard card on card.tenant_id = line.tenant_id and card.id = line.scorecard_id
where line.tenant_id = {tenant} and cycle.tenant_id = {tenant} and card.tenant_id = {tenant}
    and cycle.period = {period} and {visible}
"""
LINES_SHOWN: Final = (
    f"select {COLUMNS} {SHOWN} order by line.scheme_key, line.subject_kind, line.subject_code, {PLACE}"
)
BY_PERSON: Final = (
    f"select {COLUMNS} {SHOWN} and line.subject_kind = 'employee' "
    f"order by line.subject_code, line.subject_id, line.scheme_key, {PLACE}"
)
KINDS: Final = (
    f"select line.scheme_key, line.rule_key, line.title_en, line.title_zh, min(line.position) as place, "
    f"bool_or(line.amount is not null or line.act is null) as money {SHOWN} "
    "and line.subject_kind = 'employee' group by 1, 2, 3, 4 order by 1, 5, 2"
)
TOTALS: Final = (
    f"select line.currency, sum(line.amount) as total {SHOWN} and line.subject_kind = 'employee' "
    "group by line.currency having sum(line.amount) is not null order by 1"
)


async def rows(conn: Connection, statement: str, values: Sequence[object]) -> list[Any]:
    """The rows of a short statement."""
    return await conn.fetch(statement, *values)
