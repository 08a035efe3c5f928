"""The beginning of a refresh: what it holds, and how the cycle stands then, in two statements.

Decides in which order rows are held (the company, the cycle, its run), and that all else is read by a later statement,
which sees what was committed while these were waited for. Of a row that is held the columns are those that whoever held
it before left.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from meritline.appraisal.refresh.frame import Paid, PaidLine
from meritline.appraisal.refresh.seats import MOST_SEATS, SEAT_ROW, Seats, seats_from
from meritline.appraisal.store import Cycle, Run
from meritline.audit.store import HEAD, Head
from meritline.db import Connection
from meritline.domain.cycles import CycleAction, CycleState, may
from meritline.measuring.coverage import DELIVERED, Coverage, coverage_from
from meritline.measuring.state.store import CHANGED, Mark, mark_of

FROM: Final = [state.value for state in CycleState if may(state, CycleAction.REFRESH)]
CYCLE_FIELDS, RUN_FIELDS = ([each.name for each in fields(kind)] for kind in (Cycle, Run))
CYCLE, RUN = ", ".join(CYCLE_FIELDS), ", ".join(RUN_FIELDS)
HOLD: Final = f"""
select held.*, counts.*, case when $4 then set_config('plan_cache_mode', 'force_generic_plan', true) end
from (select tenant_id from tenant_profile where tenant_id = $1
    and exists (select from cycle where tenant_id = $1 and id = $2 and state = any($3)) for update) company
cross join lateral (select {CYCLE} from cycle
    where tenant_id = $1 and tenant_id = company.tenant_id and id = $2 for update) held
left join lateral (select {RUN} from run where tenant_id = $1 and id = held.run_id for update) counts on true
"""  # noqa: S608 - names of our own
PLAN_ANEW: Final = "set local plan_cache_mode to default"
LAST: Final = 2**63 - 1
"""No entry comes after it. Of a range with an end the planner believes that it has few rows, whatever its values."""
OWN_RUN: Final = ("run.complete", "run.refresh")
STANDS: Final = f"""
with marks as materialized ({CHANGED})
select (select coalesce(max(number), 0) from run_refresh where tenant_id = $1 and run_id = $3) as refreshes,
    (select array_agg(distinct action) from audit_entry where tenant_id = $1 and seq > $4 and seq <= $11
        and action <> all($5) and not (action = any($6) and subject = $7)) as changes,
    (select max(touched_at) from marks) as newest,
    array(select row(record_type, subject_id, month, days) from marks) as marks,
    array(select row(given.*) from ({DELIVERED.format(first="$8", end="$9")}) given) as delivered,
    case when (select count(*) from marks) <= {MOST_SEATS} then array(select {SEAT_ROW} from scorecard
        where tenant_id = $1 and run_id = $3 and scheme_key = any($10)
            and subject_id = any(array(select subject_id from marks))) end as seats,
    case when (select count(*) from marks) <= {MOST_SEATS} then array(select row(subject_id, scheme_key, rule_key,
        digest, sha256(convert_to(steps, 'UTF8'))) from reward_line
        where tenant_id = $1 and cycle_id = $12 and subject_id = any(array(select subject_id from marks))) end as paid,
    head.*
from (select) once left join lateral ({HEAD}) head on true
"""  # noqa: S608 - queries of our own

type Held = tuple[Cycle, Run | None]


@dataclass(frozen=True, slots=True)
class Found:
    """How often the run was refreshed; what was done since it, save what is harmless and what tells of itself; when the
    newest change of a record was recorded that it does not know; those changes; what was delivered; the seats of those
    whom the changes name and what they are paid, None where they are many; the end of the audit chain, which nobody
    holds."""

    refreshes: int
    changes: tuple[str, ...]
    newest: datetime | None
    marks: tuple[Mark, ...]
    coverage: Coverage
    seats: Seats | None
    paid: Paid | None
    head: Head | None


def hold(tenant_id: UUID, cycle_id: UUID, *, made_ready: bool) -> tuple[Any, ...]:
    """The statement, with its arguments, that begins a refresh: it holds the cycle and the run that counts to the end
    of the unit, and before them the company: imports hold that row to their commit, so every record that was recorded
    by now is seen afterwards.

    With ``made_ready`` statements are no longer planned for their values in this unit: for a few people whose indexes
    are known it takes as long as running them.
    """
    return HOLD, tenant_id, cycle_id, FROM, made_ready


def held_from(row: Any) -> Held | None:
    """The cycle and the run that ``hold`` held. None, and nothing is held, where the cycle cannot be refreshed. The run
    is missing where there is none, and where it came meanwhile."""
    if row is None:
        return None
    columns = tuple(row)
    run = columns[len(CYCLE_FIELDS):-1]
    return Cycle(*columns[:len(CYCLE_FIELDS)]), None if run[0] is None else Run(*run)


async def stands(conn: Connection, tenant_id: UUID, run: Run, after: int, harmless: Sequence[str],
                 days: tuple[date, date], schemes: Sequence[str]) -> Found:
    """How a run stands that is held, by entries of the chain after that one, between these days and for people of these
    schemes."""
    row: Any = await conn.fetchrow(STANDS, tenant_id, run.known_at, run.id, after, list(harmless), list(OWN_RUN),
                                   f"run:{run.id}", *days, list(schemes), LAST, run.cycle_id)
    seats, marks = row["seats"], tuple(map(mark_of, row["marks"]))
    return Found(row["refreshes"], tuple(row["changes"] or ()), row["newest"], marks, coverage_from(row["delivered"]),
                 None if seats is None else seats_from(seats),
                 None if seats is None else paid_from({each.subject for each in marks}, row["paid"]),
                 None if row["seq"] is None else Head(row["seq"], row["hash"], row["at"]))


def paid_from(subjects: Iterable[UUID], rows: Iterable[Sequence[Any]]) -> Paid:
    """What each of the subjects is paid, nothing if that is so."""
    found: dict[UUID, set[PaidLine]] = {each: set() for each in subjects}
    for subject, *line in rows:
        found[subject].add(PaidLine(*line))
    return found


async def plan_anew(conn: Connection) -> None:
    """From here on each statement may be planned for its values again: those of many people are."""
    await conn.execute(PLAN_ANEW)
