"""What explains a reward line. Decides that it is explained by the reward table of its own run, never by today's."""

import json
from typing import Final
from uuid import UUID

from meritline.appraisal.explanation.store import Origin, origin_of, without_records
from meritline.db import Connection
from meritline.errors import NotFound
from meritline_sdk.model.canonical import parse
from meritline_sdk.model.rewards import Pool, RewardTable
from meritline_sdk.model.schemes import OWN, key_of

LINE: Final = """
select line.rule_key, line.steps, card.subject_kind, card.subject_id, card.department_id, card.period, card.spans,
    run.known_at, used.definitions, table_.body as rewards, calendar.body as calendar
from reward_line line
join scorecard card on card.tenant_id = line.tenant_id and card.id = line.scorecard_id
join run on run.tenant_id = card.tenant_id and run.id = card.run_id
join run_scheme used on used.tenant_id = card.tenant_id and used.run_id = card.run_id
    and used.scheme_key = card.scheme_key
join definition table_ on table_.tenant_id = used.tenant_id and table_.hash = used.reward_hash
left join definition calendar on calendar.tenant_id = used.tenant_id and calendar.tenant_id = $1
    and calendar.hash = used.calendar_hash
where line.tenant_id = $1 and card.tenant_id = $1 and run.tenant_id = $1 and used.tenant_id = $1
    and table_.tenant_id = $1 and line.id = $2
"""


async def reward_origin(conn: Connection, tenant_id: UUID, line_id: UUID) -> Origin:
    """The line with what its run was computed with."""
    row = await conn.fetchrow(LINE, tenant_id, line_id)
    if row is None:
        raise NotFound(kind="reward line", value=line_id)
    keys, read_from = looked_at(parse(row["rewards"]), row["rule_key"])
    return origin_of(row, keys, read_from, without_records(keys[0] if keys else None, json.loads(row["steps"])))


def looked_at(table: RewardTable, key: str) -> tuple[tuple[str, ...], str]:
    """The indicator of a rule, and whose reading it is; a rule by grade, place or days looks at none."""
    rule = next(each for each in table.rules if each.key == key)
    indicator = getattr(rule, "indicator", None)
    return (() if indicator is None else (key_of(indicator),)), rule.read_from if isinstance(rule, Pool) else OWN
