"""What a refresh reads and writes. Decides that only rows that differ are written, and that places, digests and the
run's row are brought up to date in sets.

A card's digest is made of its content and its place, so that a change of places needs no score lines: the statement
below spells it as ``domain.digest`` does.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from meritline.appraisal.refresh.sums import Exchanged, exchanged
from meritline.appraisal.run.bulk import count_of, framed
from meritline.appraisal.run.rows import SCORE_LINE, SCORECARD
from meritline.appraisal.run.store import INSERT_CARDS, INSERT_LINES
from meritline.appraisal.store import Run
from meritline.db import Connection

SINCE: Final = """
select (select coalesce(max(number), 0) from run_refresh where tenant_id = $1 and run_id = $2) as refreshes,
    (select array_agg(distinct action) from audit_entry where tenant_id = $1 and seq > $3 and action <> all($4)
        and not (action = any($5) and subject = $6)) as changes,
    (select max(touched_at) from (select touched_at from touched where tenant_id = $1 and touched_at > $7
        union all select touched_at from touched_taken where tenant_id = $1 and touched_at > $7) marks) as newest
"""
OWN_RUN: Final = ("run.complete", "run.refresh")
IDS: Final = """
select scheme_key, subject_id, id from scorecard
where tenant_id = $1 and run_id = $2 and ($3::uuid[] is null or subject_id = any($3))
"""
FIXED_CARD: Final = ("scheme_key", "scheme_version_id", "subject_kind", "subject_id", "subject_code", "subject_name",
                     "department_id", "department_code", "days_employed", "period_days", "spans")  # fmt: skip
PLACED: Final = ("rank", "ranked_among", "digest")
CONTENT: Final = tuple(name for name in SCORECARD if name not in (*FIXED_CARD, *PLACED))
"""The columns of a card that may be others after a refresh, its place apart."""
STAGE_CARDS, STAGE_LINES = INSERT_CARDS[False], INSERT_LINES[False]


def digest_of(content: str, rank: str) -> str:
    """SQL for the digest of a card, from SQL for that of its content and for its place."""
    return (f"""encode(sha256(convert_to('{{"content":"' || {content} || '","rank":' """
            f"""|| coalesce('"' || {rank} || '"', 'null') || '}}', 'UTF8')), 'hex')""")


# A card that has a place keeps it until everybody has been given theirs; one that comes to have one gets any.
RANK: Final = "case when came.ranked then coalesce(card.rank, 1) end"
UPDATE_CARDS: Final = (
    "update scorecard card set "  # noqa: S608
    + ", ".join(f"{name} = came.{name}" for name in CONTENT)
    + f", rank = {RANK}, digest = {digest_of('came.content_digest', f'({RANK})')}"
    + f" from {STAGE_CARDS.staging} came where card.tenant_id = $1 and card.run_id = $2 and card.id = came.id and ("
    + ", ".join(f"card.{name}" for name in CONTENT) + ") is distinct from ("
    + ", ".join(f"came.{name}" for name in CONTENT)
    + ") returning (old.score, old.ranked) is distinct from (new.score, new.ranked) as moves, "
    "old.digest, new.digest, old.input_digest, new.input_digest"
)
LINE: Final = tuple(name for name in SCORE_LINE if name not in ("scorecard_id", "position"))
UPDATE_LINES: Final = (
    "update score_line line set "  # noqa: S608
    + ", ".join(f"{name} = new.{name}" for name in LINE)
    + f" from {STAGE_LINES.staging} new where line.tenant_id = $1 and line.scorecard_id = new.scorecard_id "
    "and line.position = new.position and ("
    + ", ".join(f"line.{name}" for name in LINE) + ") is distinct from ("
    + ", ".join(f"new.{name}" for name in LINE) + ")"
)
STRAY_LINES: Final = f"""
select count(*) from (select scorecard_id, position from {STAGE_LINES.staging}) new
full join (select scorecard_id, position from score_line where tenant_id = $1 and scorecard_id = any($2)) line
using (scorecard_id, position) where new.position is null or line.position is null
"""  # noqa: S608 - a name of our own
PLACES: Final = f"""
with standing as materialized (
    select id, case when ranked then rank() over (partition by ranked order by score desc) end as place,
        count(*) filter (where ranked) over () as among
    from scorecard where tenant_id = $1 and run_id = $2 and scheme_key = $3)
update scorecard card set rank = place, ranked_among = among, digest = {digest_of('content_digest', 'place')}
from standing
where card.tenant_id = $1 and card.id = standing.id
    and (card.rank is distinct from place or card.ranked_among is distinct from among)
returning card.subject_id, card.id, old.digest, new.digest
"""  # noqa: S608 - an expression of our own
STANDING: Final = "select subject_id, rank, ranked_among from scorecard where tenant_id = $1 and id = any($2)"
SHARED: Final = """
select rank, count(*) as shared from scorecard
where tenant_id = $1 and run_id = $2 and scheme_key = $3 and ranked group by rank
"""
MOVE_RUN: Final = """
update run set known_at = $3, input_digest = $4, result_digest = $5, frame_digest = $6, tallied_sum = $7,
    result_sum = $8
where tenant_id = $1 and id = $2 and state = 'complete'
"""
INSERT_REFRESH: Final = """
insert into run_refresh (tenant_id, run_id, number, job_id, actor, known_before, known_at, touched, cards, lines,
    places, rewards, input_before, input_digest, result_before, result_digest)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)
"""
INSERT_READINGS: Final = """
insert into run_reading_change (tenant_id, run_id, scheme_key, place, readings)
select $1, $2, $3, * from unnest($4::int[], $5::text[])
"""


async def since(conn: Connection, tenant_id: UUID, run: Run, harmless: Sequence[str]) -> Any:
    """How often the run was refreshed; what was done since it, save what is harmless and what tells of itself; and when
    the newest change of a record was recorded that it does not know."""
    return await conn.fetchrow(SINCE, tenant_id, run.id, run.audit_number, list(harmless), list(OWN_RUN),
                               f"run:{run.id}", run.known_at)


async def ids(conn: Connection, tenant_id: UUID, run_id: UUID, some: Collection[UUID] | None,
              ) -> dict[str, dict[UUID, UUID]]:
    """The ids of the cards of some subjects, or of everybody, by scheme and subject."""
    found: dict[str, dict[UUID, UUID]] = {}
    for row in await conn.fetch(IDS, tenant_id, run_id, None if some is None else list(some)):
        found.setdefault(row["scheme_key"], {})[row["subject_id"]] = row["id"]
    return found


@dataclass(frozen=True, slots=True)
class Written:
    """How many rows differed, whether any card may have another place now, and what the digests were and are."""

    cards: int
    lines: int
    moves: bool
    results: Exchanged
    inputs: Exchanged


async def write(conn: Connection, tenant_id: UUID, run_id: UUID, cards: bytes, lines: bytes,
                written: Collection[UUID]) -> Written | None:
    """Bring cards and their lines up to date where they differ; None where a card has other lines than it had."""
    for how, rows in ((STAGE_CARDS, cards), (STAGE_LINES, lines)):
        await conn.execute(how.create)
        await conn.copy_to_table(how.staging, source=framed(rows), columns=how.columns, format="binary")
    if await conn.fetchval(STRAY_LINES, tenant_id, list(written)):
        return None
    differing = await conn.fetch(UPDATE_CARDS, tenant_id, run_id)
    changed = count_of(await conn.execute(UPDATE_LINES, tenant_id))
    for how in (STAGE_CARDS, STAGE_LINES):
        await conn.execute(how.empty)
    return Written(len(differing), changed, any(row[0] for row in differing),
                   exchanged((row[1], row[2]) for row in differing), exchanged((row[3], row[4]) for row in differing))


async def place(conn: Connection, tenant_id: UUID, run_id: UUID, scheme: str) -> tuple[dict[UUID, UUID], Exchanged]:
    """Give everybody of a scheme the place that the scores say; the cards that have another one, by subject."""
    rows = await conn.fetch(PLACES, tenant_id, run_id, scheme)
    return {row[0]: row[1] for row in rows}, exchanged((row[2], row[3]) for row in rows)


async def standing(conn: Connection, tenant_id: UUID, cards: Collection[UUID]) -> dict[UUID, tuple[int | None, int]]:
    """The place of each of some cards, by subject, and among how many it is."""
    rows = await conn.fetch(STANDING, tenant_id, list(cards))
    return {row["subject_id"]: (row["rank"], row["ranked_among"] or 0) for row in rows}


async def shared(conn: Connection, tenant_id: UUID, run_id: UUID, scheme: str) -> dict[int, int]:
    """How many share each place."""
    return {row["rank"]: row["shared"] for row in await conn.fetch(SHARED, tenant_id, run_id, scheme)}


async def at_places(conn: Connection, tenant_id: UUID, run_id: UUID, scheme: str, ranks: Sequence[int],
                    ) -> dict[UUID, UUID]:
    """The cards that stand at some places, by subject."""
    rows = await conn.fetch(
        "select subject_id, id from scorecard where tenant_id = $1 and run_id = $2 and scheme_key = $3 "
        "and rank = any($4)", tenant_id, run_id, scheme, list(ranks),
    )  # fmt: skip
    return {row["subject_id"]: row["id"] for row in rows}


async def keep_readings(conn: Connection, tenant_id: UUID, run_id: UUID, scheme: str,
                        rows: Sequence[tuple[int, str]]) -> None:
    """What was read of people who were read again, by their place among those of the scheme."""
    await conn.execute(INSERT_READINGS, tenant_id, run_id, scheme, [one for one, _ in rows], [text for _, text in rows])


async def move_run(conn: Connection, tenant_id: UUID, run_id: UUID, values: Sequence[Any]) -> None:
    """The run is now one that knew everything up to the moment."""
    await conn.execute(MOVE_RUN, tenant_id, run_id, *values)


async def keep_refresh(conn: Connection, tenant_id: UUID, values: Sequence[Any]) -> None:
    """That it was refreshed, and what that changed."""
    await conn.execute(INSERT_REFRESH, tenant_id, *values)


async def waiting(conn: Connection, tenant_id: UUID, kind: str, cycle: str) -> UUID | None:
    """The job that refreshes the cycle and has not begun."""
    found: UUID | None = await conn.fetchval(
        "select id from job where tenant_id = $1 and kind = $2 and state = 'queued' "
        "and payload::json ->> 'cycle' = $3 limit 1", tenant_id, kind, cycle,
    )  # fmt: skip
    return found
