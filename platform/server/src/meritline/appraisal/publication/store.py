"""What the blockers of a publication are read from."""

import json
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from meritline.appraisal.store import Cycle, cycle, run
from meritline.db import Connection
from meritline.domain.periods import Window
from meritline.records.columns import code_column, codes_column, current_table, ids_column, quoted
from meritline_sdk.model.canonical import from_plain, parse
from meritline_sdk.model.indicators import AnyIndicator
from meritline_sdk.model.kinds import Kind
from meritline_sdk.model.nodes import Field, Scalar

type Used = tuple[AnyIndicator, dict[str, Scalar]]

DEFINITIONS: Final = "select definitions from run_scheme where tenant_id = $1 and run_id = $2"
BODIES: Final = "select hash, body from definition where tenant_id = $1 and hash = any($2)"
OPEN_LINES: Final = """
select card.scheme_key, line.indicator_key, line.reading_state, count(*)
from score_line line
join scorecard card on card.tenant_id = line.tenant_id and card.id = line.scorecard_id
join indicator known on known.tenant_id = line.tenant_id and known.key = line.indicator_key
where line.tenant_id = $1 and card.tenant_id = $1 and known.tenant_id = $1 and line.run_id = $2
    and (line.reading_state = 'failed' or (known.kind = 'rated' and line.reading_state = 'not_measured'
                                           and line.kind = 'item'))
group by card.scheme_key, line.indicator_key, line.reading_state
order by card.scheme_key, line.indicator_key, line.reading_state
"""
WAITING: Final = """
select card.scheme_key, line.key, line.policy = 'manual' as manual, count(*)
from score_line line
join scorecard card on card.tenant_id = line.tenant_id and card.id = line.scorecard_id
where line.tenant_id = $1 and card.tenant_id = $1 and line.run_id = $2
    and (line.policy = 'manual' and line.reading_state <> 'failed' or line.reading_reason like 'scores:%not_%')
group by 1, 2, 3 order by 1, 2, 3
"""


@dataclass(frozen=True, slots=True)
class ComputedCycle:
    """A cycle with the run that counts."""

    period: str
    run_id: UUID
    partial: bool


@dataclass(frozen=True, slots=True)
class Credited:
    """A field by which records of a type are somebody's, and the moment that decides their period."""

    record: str
    field: Field
    at: Field


async def computed_cycle(conn: Connection, tenant_id: UUID, cycle_id: UUID) -> ComputedCycle | None:
    """The cycle, if a run of it counts."""
    found: Cycle | None = await cycle(conn, tenant_id, cycle_id)
    counting = None if found is None or found.run_id is None else await run(conn, tenant_id, found.run_id)
    return None if found is None or counting is None else ComputedCycle(found.period, counting.id,
                                                                        counting.state == "partial")


async def indicators_used(conn: Connection, tenant_id: UUID, run_id: UUID) -> list[Used]:
    """The definitions that the run was computed with, and their parameters."""
    rows = await conn.fetch(DEFINITIONS, tenant_id, run_id)
    used = [each for row in rows for each in json.loads(row["definitions"]).values()]
    hashes = sorted({each["hash"] for each in used})
    bodies = {row["hash"]: parse(row["body"]) for row in await conn.fetch(BODIES, tenant_id, hashes)}
    return [(bodies[each["hash"]], {name: from_plain(value) for name, value in each["parameters"].items()})
            for each in used if each["hash"] in bodies]


async def open_lines(conn: Connection, tenant_id: UUID, run_id: UUID) -> list[Any]:
    """Failed readings and missing ratings, counted by scheme and indicator."""
    return await conn.fetch(OPEN_LINES, tenant_id, run_id)


async def waiting_lines(conn: Connection, tenant_id: UUID, run_id: UUID) -> list[Any]:
    """Lines that wait for somebody, and those for which shorter periods are not final, counted by scheme and line."""
    return await conn.fetch(WAITING, tenant_id, run_id)


async def unresolved_codes(conn: Connection, tenant_id: UUID, credited: Credited, window: Window,
                           most: int) -> list[Any]:
    """The commonest codes of the period that mean nobody; none where there is no such table: that is told as failed."""
    if not await known_table(conn, credited.record):
        return []
    instants = credited.at.kind is Kind.INSTANT
    start, end = (window.start, window.end) if instants else (window.first_day, window.end_day)
    at, name = quoted(credited.at.name), credited.field.name
    if credited.field.kind is Kind.PEOPLE:
        source = (f"{current_table(credited.record)} r, "
                  f"unnest(r.{quoted(codes_column(name))}, r.{quoted(ids_column(name))}) as one(code, id)")
    else:
        source = (f"{current_table(credited.record)} r, "
                  f"lateral (select r.{quoted(code_column(name))} as code, r.{quoted(name)} as id) as one")
    return await conn.fetch(
        f"select one.code, count(*) from {source} where r.tenant_id = $1 and r.{at} >= $3 and r.{at} < $4 "  # noqa: S608
        "and one.id is null and one.code is not null group by one.code order by count(*) desc, one.code limit $2",
        tenant_id, most, start, end,
    )  # fmt: skip


async def known_table(conn: Connection, record: str) -> bool:
    """Whether there is a table of the record type."""
    return bool(await conn.fetchval("select to_regclass($1) is not null", current_table(record)))
