"""The rows of rewards. Decides that a cycle has one line for each scheme, subject and rule, however often it is run.

A second run takes away what the first wrote before it writes its own, and a line that comes again keeps its id; nothing
is ever added twice. Once the cycle is published no run comes here.
"""

from collections.abc import Collection, Sequence
from typing import Final
from uuid import UUID

from meritline.appraisal.refresh.unpacked import as_json, given
from meritline.appraisal.run.bulk import ONCE, insert_payload, insertion
from meritline.appraisal.run.frame import PaidBefore
from meritline.appraisal.run.store import distributed
from meritline.db import Connection
from meritline.rewards.rows import NEW_REWARD_LINE, REWARD_LINE, rows_again

FIXED: Final = {"tenant_id": "uuid", "cycle_id": "uuid", "run_id": "uuid", "currency": "text"}
INSERT: Final = {
    spread: insertion(
        "reward_line", FIXED, NEW_REWARD_LINE, ONCE if spread else "",
        joined="join scorecard card on card.tenant_id = $1 and card.run_id = $3 and card.id = new.scorecard_id")
    for spread in (False, True)
}
# One row for each rule, with the ids of all its lines behind one another: to make a value of each id in the client
# would take as long as to delete them.
TAKE_AWAY: Final = """
with gone as (
    delete from reward_line where tenant_id = $1 and cycle_id = $2 and ($3::text is null or scheme_key = $3)
    returning id, scheme_key, subject_kind, subject_id, rule_key
)
select scheme_key, subject_kind, rule_key, string_agg(uuid_send(subject_id) || uuid_send(id), '') as ids
from gone group by scheme_key, subject_kind, rule_key
"""
AMENDED: Final = ("subject_code", "kind", "title_en", "title_zh", "amount", "currency", "steps", "digest", "act",
                  "detail_en", "detail_zh", "position")  # fmt: skip
AMEND: Final = f"""
with came as materialized ({given(REWARD_LINE, 7)}), gone as (
    delete from reward_line line where tenant_id = $1 and cycle_id = $2 and scheme_key = $5 and subject_id = any($6)
        and not exists (select from came where came.subject_id = line.subject_id
            and came.subject_kind = line.subject_kind and came.rule_key = line.rule_key)
    returning line.digest
), amended as (
    insert into reward_line (tenant_id, cycle_id, run_id, currency, {', '.join(REWARD_LINE)})
    select $1::uuid, $2::uuid, $3::uuid, $4::text, came.* from came
    on conflict (tenant_id, cycle_id, scheme_key, subject_kind, subject_id, rule_key) do update set
        {', '.join(f"{name} = excluded.{name}" for name in AMENDED)}
    where ({', '.join(f'reward_line.{name}' for name in AMENDED)}) is distinct from
        ({', '.join(f'excluded.{name}' for name in AMENDED)})
    returning old.digest as was, new.digest as now
)
select digest as was, null as now from gone union all select was, now from amended
"""  # noqa: S608 - names of our own
KEEP_OTHERS: Final = """
update reward_line set run_id = $3, scorecard_id = card.id
from scorecard card
where reward_line.tenant_id = $1 and reward_line.cycle_id = $2 and reward_line.scheme_key <> $4
    and card.tenant_id = $1 and card.run_id = $3 and card.scheme_key = reward_line.scheme_key
    and card.subject_kind = reward_line.subject_kind and card.subject_id = reward_line.subject_id
"""


async def take_away(conn: Connection, tenant_id: UUID, cycle_id: UUID, scheme: str | None) -> PaidBefore:
    """Take away the lines of the cycle, or of a scheme of it alone; their ids."""
    rows = await conn.fetch(TAKE_AWAY, tenant_id, cycle_id, scheme)
    return {(row["scheme_key"], row["subject_kind"], row["rule_key"]): by_subject(row["ids"]) for row in rows}


def by_subject(ids: bytes) -> dict[bytes, bytes]:
    """Of a subject's id and a line's, sixteen bytes each, again and again: the second by the first."""
    return {ids[at:at + 16]: ids[at + 16:at + 32] for at in range(0, len(ids), 32)}


async def insert(conn: Connection, tenant_id: UUID, cycle_id: UUID, run_id: UUID, currency: str, rows: bytes) -> None:
    """Write lines of a run, of which none is there."""
    await insert_payload(conn, INSERT[await distributed(conn)], (tenant_id, cycle_id, run_id, currency), rows)


async def amend(conn: Connection, tenant_id: UUID, cycle_id: UUID, run_id: UUID, currency: str, scheme: str,
                people: Collection[UUID], rows: Sequence[bytes]) -> list[tuple[str | None, str | None]]:
    """Bring the lines of some people of a scheme up to date; the digests of those that differ, before and after."""
    found = await conn.fetch(AMEND, tenant_id, cycle_id, run_id, currency, scheme, list(people),
                             as_json(rows_again(rows), REWARD_LINE))  # fmt: skip
    return [(row["was"], row["now"]) for row in found]


async def keep_others(conn: Connection, tenant_id: UUID, cycle_id: UUID, run_id: UUID, scheme: str) -> None:
    """Bind the lines of all other schemes to the scorecards that the run took over for them."""
    await conn.execute(KEEP_OTHERS, tenant_id, cycle_id, run_id, scheme)


async def remove_vanished(conn: Connection, tenant_id: UUID, cycle_id: UUID, run_id: UUID) -> None:
    """Remove what neither this run gives nor one before it gave to a card that this one took over."""
    await conn.execute(
        "delete from reward_line where tenant_id = $1 and cycle_id = $2 and run_id <> $3", tenant_id, cycle_id, run_id
    )


async def digests(conn: Connection, tenant_id: UUID, cycle_id: UUID) -> list[str]:
    """The digests of all lines of the cycle."""
    rows = await conn.fetch(
        "select digest from reward_line where tenant_id = $1 and cycle_id = $2", tenant_id, cycle_id
    )
    return [row["digest"] for row in rows]
