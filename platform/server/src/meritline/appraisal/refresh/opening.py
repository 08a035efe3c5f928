"""The beginning of a refresh: what it holds, and how the cycle stands then.

Decides in which order rows are held (the company, the cycle, its run), and that all else is read by a later statement,
which sees what was committed while these were waited for. Where the people and definitions of a cycle are known from
before, that statement needs nothing that is found while holding, so both begin the unit in one trip; else it comes
second. Of a row that is held the columns are those that whoever held it before left.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields, replace
from datetime import date, datetime
from functools import lru_cache
from typing import Any, Final
from uuid import UUID

from asyncpg import ObjectNotInPrerequisiteStateError, UndefinedFunctionError

from meritline.appraisal.refresh.frame import FEW, Paid, PaidLine
from meritline.appraisal.refresh.seats import MOST_SEATS, SEAT_ROW, Seats, seats_from
from meritline.appraisal.store import Cycle, Run
from meritline.audit.store import HEAD, Head
from meritline.db import Call, Connection
from meritline.domain.cycles import CycleAction, CycleState, may
from meritline.measuring.again import Again, Rows
from meritline.measuring.coverage import DELIVERED, Coverage, coverage_from
from meritline.measuring.state.store import CHANGED, Mark, mark_of
from meritline_sdk.model.schemes import SubjectKind

FROM: Final = [state.value for state in CycleState if may(state, CycleAction.REFRESH)]
CYCLE_FIELDS, RUN_FIELDS = ([each.name for each in fields(kind)] for kind in (Cycle, Run))
CYCLE, RUN = ", ".join(CYCLE_FIELDS), ", ".join(RUN_FIELDS)
HOLD: Final = f"""
select held.*, counts.*
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
OF_NAMED: Final = "subject_kind = named.kind and subject_id = named.subject_id and scheme_key = named.scheme"
"""Whoever was appraised for years has many cards: each is looked up by all that tells it, and by nothing less."""


def stands_by(run: str, known_at: str, after: str, cycle: str, last: int, concerning: str = "true") -> str:
    """How a run stands, from SQL for its id, for up to when it knows the records, for the number of an entry of the
    chain and for the cycle's id; $1 is the tenant. The parameters up to ``last`` are those of ``Asked``. ``concerning``
    is a condition for the marks that matter."""
    harmless, own, first, end, schemes, limit = (f"${place}" for place in range(last - 5, last + 1))
    return f"""
marks as materialized ({CHANGED.replace("$2", known_at)}),
those as materialized (select * from marks where {concerning}),
named as (select distinct subject_id, kind, scheme from those, unnest('{{{','.join(SubjectKind)}}}'::text[]) kind,
    unnest({schemes}::text[]) scheme)
select (select coalesce(max(number), 0) from run_refresh where tenant_id = $1 and run_id = {run}) as refreshes,
    (select array_agg(distinct action) from audit_entry where tenant_id = $1 and seq > {after} and seq <= {limit}
        and action <> all({harmless}) and not (action = any({own}) and subject = 'run:' || {run})) as changes,
    (select max(touched_at) from marks) as newest,
    array(select row(record_type, subject_id, month, days) from those) as marks,
    array(select row(given.*) from ({DELIVERED.format(first=first, end=end)}) given) as delivered,
    case when (select count(*) from those) <= {MOST_SEATS} then array(select found.* from named, lateral (
        select {SEAT_ROW} from scorecard where tenant_id = $1 and run_id = {run} and {OF_NAMED} limit 1) found)
        end as seats,
    case when (select count(*) from those) <= {MOST_SEATS} then array(select found.* from named, lateral (
        select row(subject_id, scheme_key, rule_key, digest, sha256(convert_to(steps, 'UTF8'))) from reward_line
        where tenant_id = $1 and cycle_id = {cycle} and {OF_NAMED} offset 0) found) end as paid,
    head.*"""  # noqa: S608 - queries of our own


STANDS: Final = f"""
with {stands_by("$2::uuid", "$3", "$4", "$5", 11)}
from (select) once left join lateral ({HEAD}) head on true
"""
"""$2 the run, $3 up to when it knows the records, $4 the entry, $5 the cycle."""
COLUMNS_FOUND, OF_BOTH = 10, len(CYCLE_FIELDS) + len(RUN_FIELDS)
NEXT: Final = 11
"""The first parameter behind those of ``held_stands_by`` itself."""
SINCE: Final = "(select known_at from counts)"
WHOM: Final = "(select array_agg(distinct subject_id) from those)"
NOT_HELD: Final = (ObjectNotInPrerequisiteStateError, UndefinedFunctionError)
"""What ``holding`` fails with; a database of the version before does not know it, until it is migrated."""

type Held = tuple[Cycle, Run | None]


@dataclass(frozen=True, slots=True)
class Found:
    """How often the run was refreshed; what was done since it, save what is harmless and what tells of itself; when the
    newest change of a record was recorded that it does not know; those changes; what was delivered; the seats of those
    whom the changes name and what they are paid, None where they are many; the end of the audit chain, which nobody
    holds; and the rows of the passes over their records, if they were read ahead."""

    refreshes: int
    changes: tuple[str, ...]
    newest: datetime | None
    marks: tuple[Mark, ...]
    coverage: Coverage
    seats: Seats | None
    paid: Paid | None
    head: Head | None
    ahead: tuple[Rows, ...] = ()


@dataclass(frozen=True, slots=True)
class Asked:
    """What is looked at beside the run: which actions are harmless, between which days, for people of which schemes."""

    harmless: tuple[str, ...]
    days: tuple[date, date]
    schemes: tuple[str, ...]

    @property
    def parameters(self) -> tuple[Any, ...]:
        """As the statements take it."""
        return list(self.harmless), list(OWN_RUN), *self.days, list(self.schemes), LAST


def hold(tenant_id: UUID, cycle_id: UUID) -> tuple[Any, ...]:
    """The statement, with its arguments, that begins a refresh: it holds the cycle and the run that counts to the end
    of the unit, and before them the company: imports hold that row to their commit, so every record that was recorded
    by now is seen afterwards."""
    return HOLD, tenant_id, cycle_id, FROM


def holding(tenant_id: UUID, cycle_id: UUID) -> Call:
    """The same as a call, which fails (``NOT_HELD``) where the cycle cannot be refreshed. Statements are no longer
    planned for their values in this unit."""
    return Call("_hold_cycle", (tenant_id, cycle_id, ",".join(FROM)))


def held_stands(tenant_id: UUID, cycle_id: UUID, seen: tuple[UUID, int] | None, asked: Asked,
                mine: tuple[tuple[str, str], ...] = (), again: Again | None = None) -> tuple[Any, ...]:
    """The statement, with its arguments, that follows ``holding``; ``seen`` says of which run, and up to which entry,
    the chain was looked through before. ``mine`` are conditions by record type: of few marks only those are told that
    meet them. With ``again`` the records of whom these name are read as well."""
    queries, values = again.within(WHOM, NEXT) if again is not None else ([], [])
    statement = held_stands_by(mine, tuple(queries))
    return statement, tenant_id, cycle_id, *(seen or (None, None)), *asked.parameters, *values


@lru_cache(maxsize=64)
def held_stands_by(mine: tuple[tuple[str, str], ...], queries: tuple[str, ...]) -> str:
    """The same as ``STANDS`` of a cycle that is held ($2); its row and that of its run are behind. $3 is a run of which
    the chain was looked through up to the entry $4. ``mine`` says of record types which marks matter, if they are few;
    the queries stand behind all that, and are asked if these are few."""
    whose = "".join(f" when '{record}' then {each}" for record, each in mine)
    concerning = f"""
    case when (select count(*) from marks) > {MOST_SEATS} then true else case record_type{whose} else true end end
"""  # noqa: S608 - names of our own, and of record types
    ahead = "".join(f""",
    case when (select count(*) from those) between 1 and {FEW} then {each} end""" for each in queries)  # noqa: S608
    return f"""
with held as materialized (select {CYCLE} from cycle where tenant_id = $1 and id = $2),
counts as materialized (select {RUN} from run where tenant_id = $1 and id = (select run_id from held)),
{stands_by("(select id from counts)", SINCE,
           "(select greatest(audit_number, case when id = $3 then $4::bigint end) from counts)", "$2", 10,
           concerning if mine else "true")},
    held.*, counts.*{ahead}
from (select) once left join lateral ({HEAD}) head on true left join held on true left join counts on true
"""  # noqa: S608 - names of our own, and quoted names of record types


def held_from(row: Any) -> Held | None:
    """The cycle and the run that ``hold`` held. None, and nothing is held, where the cycle cannot be refreshed. The run
    is missing where there is none, and where it came meanwhile."""
    if row is None:
        return None
    columns = tuple(row)
    run = columns[len(CYCLE_FIELDS):OF_BOTH]
    return Cycle(*columns[:len(CYCLE_FIELDS)]), None if run[0] is None else Run(*run)


def held_and_found(row: Any) -> tuple[Held, Found]:
    """What ``held_stands`` found of what ``holding`` held."""
    found = held_from(row[COLUMNS_FOUND:])
    assert found is not None
    return found, replace(found_in(row), ahead=tuple(row[COLUMNS_FOUND + OF_BOTH:]))


async def stands(conn: Connection, tenant_id: UUID, run: Run, after: int, asked: Asked) -> Found:
    """How a run stands that is held, by entries of the chain after that one."""
    return found_in(await conn.fetchrow(STANDS, tenant_id, run.id, run.known_at, after, run.cycle_id,
                                        *asked.parameters))


def found_in(row: Any) -> Found:
    """What was found. By place, since a run has columns of the same names."""
    refreshes, changes, newest, marked, delivered, seated, paid, *head = row[:COLUMNS_FOUND]
    marks = tuple(map(mark_of, marked))
    return Found(refreshes, tuple(changes or ()), newest, marks, coverage_from(delivered),
                 None if seated is None else seats_from(seated),
                 None if seated is None else paid_from({each.subject for each in marks}, paid),
                 None if head[0] is None else Head(*head))


def paid_from(subjects: Iterable[UUID], rows: Iterable[Sequence[Any]]) -> Paid:
    """What each of the subjects is paid, nothing if that is so."""
    found: dict[UUID, set[PaidLine]] = {each: set() for each in subjects}
    for subject, *line in rows:
        found[subject].add(PaidLine(*line))
    return found


async def plan_anew(conn: Connection) -> None:
    """From here on each statement may be planned for its values again: those of many people are."""
    await conn.execute(PLAN_ANEW)
