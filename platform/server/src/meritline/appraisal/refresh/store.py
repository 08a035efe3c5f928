"""What a refresh reads and writes. Decides that only rows that differ are written, and that places, digests and the
run's row are brought up to date in sets.

A card's digest is made of its content and its place, so that a change of places needs no score lines: the statement
below spells it as ``domain.digest`` does.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from asyncpg import InvalidTextRepresentationError

from meritline.appraisal.refresh.frame import FEW, Unmoved
from meritline.appraisal.refresh.sums import Exchanged, exchanged
from meritline.appraisal.refresh.unpacked import as_json, given
from meritline.appraisal.run.bulk import framed, insertion
from meritline.appraisal.run.rows import SCORE_LINE, SCORECARD
from meritline.appraisal.run.store import CARD, INSERT_CARDS
from meritline.audit import Entry, OpenEntry
from meritline.audit.store import columns_of, entered
from meritline.db import Connection, UnitOfWork

FIXED_CARD: Final = ("scheme_key", "scheme_version_id", "subject_kind", "subject_id", "subject_code", "subject_name",
                     "department_id", "department_code", "days_employed", "period_days", "spans")  # fmt: skip
PLACED: Final = ("rank", "ranked_among", "digest")
CONTENT: Final = tuple(name for name in SCORECARD if name not in (*FIXED_CARD, *PLACED))
"""The columns of a card that may be others after a refresh, its place apart."""
STAGE_CARDS, STAGE_LINES = INSERT_CARDS[False], insertion("score_line", {}, SCORE_LINE)


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
    "old.digest as was, new.digest as now, old.input_digest as read, new.input_digest as reads"
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
READY: Final = f"{STAGE_CARDS.create}; {STAGE_LINES.create}; {STAGE_CARDS.empty}; {STAGE_LINES.empty}"


def changed(cards: int) -> str:
    """The parts of a statement that change what differs, from rows that are staged; the cards are this parameter.
    ``found`` has how many lines differ, and how many were or are there alone."""
    return f"""
cards as ({UPDATE_CARDS}), lines as ({UPDATE_LINES} returning 1),
found as (select (select count(*) from (select scorecard_id, position from {STAGE_LINES.staging}) new
    full join (select scorecard_id, position from score_line where tenant_id = $1 and scorecard_id = any(${cards})) line
    using (scorecard_id, position) where new.position is null or line.position is null) as stray,
    (select count(*) from lines) as lines)
"""  # noqa: S608 - names of our own


def few(first: int) -> str:
    """The parts that stage the rows which are parameters, from this one on, and write what was read: the cards' rows,
    those of the lines, the scheme, by place what was read of each."""
    rows, lines, scheme, places, read = range(first, first + 5)
    return f"""
{STAGE_CARDS.staging} as materialized ({given(CARD, rows)}),
{STAGE_LINES.staging} as materialized ({given(SCORE_LINE, lines)}),
readings as (insert into run_reading_change (tenant_id, run_id, scheme_key, place, readings)
    select $1, $2, ${scheme}, * from unnest(${places}::int[], ${read}::text[]))
"""  # noqa: S608 - names of our own


WRITTEN: Final = "select stray, lines, cards.* from found left join cards on true"
"""A row for each card that differs, and one where none does; $1 tenant, $2 run, $3 the cards."""
WRITE: Final = f"with {changed(3)} {WRITTEN}"
WRITE_FEW: Final = f"with {few(4)}, {changed(3)} {WRITTEN}"
"""The same with what was read, the rows as parameters instead of in temporary tables."""
PLACES: Final = f"""
with standing as materialized (
    select id, rank, ranked_among, case when ranked then rank() over (partition by ranked order by score desc) end as
        place, count(*) filter (where ranked) over () as among
    from scorecard where tenant_id = $1 and run_id = $2 and scheme_key = $3),
moved as materialized (
    select id, place, among from standing where rank is distinct from place or ranked_among is distinct from among)
update scorecard card set rank = place, ranked_among = among, digest = {digest_of('content_digest', 'place')}
from moved where card.tenant_id = $1 and card.id = moved.id
returning card.subject_id, card.id, old.digest, new.digest
"""  # noqa: S608 - an expression of our own
SHARED: Final = """
select rank, count(*) as shared from scorecard
where tenant_id = $1 and run_id = $2 and scheme_key = $3 and ranked group by rank
"""


def kept(lines: str) -> str:
    """The parts of a statement that keep a refresh; SQL for how many lines differ."""
    return f"""
moved as (update run set known_at = $7, input_digest = $14, result_digest = $16, frame_digest = $17,
        tallied_sum = $18, result_sum = $19
    where tenant_id = $1 and id = $2 and state = 'complete'),
kept as (insert into run_refresh (tenant_id, run_id, number, job_id, actor, known_before, known_at, touched, cards,
        lines, places, rewards, input_before, input_digest, result_before, result_digest)
    values ($1, $2, $3, $4, $5, $6, $7, $8, $9, {lines}, $11, $12, $13, $14, $15, $16))
"""  # noqa: S608 - an expression of our own


KEEP_ALONE: Final = f"with {kept("$10")} select"
KEEP_AND_TELL: Final = f"""
with {kept("$10")}, {entered(20)}
select case when count(*) = 1 then 1 else ('the audit chain went on meanwhile: ' || count(*))::int end from head
"""  # noqa: S608 - statements of our own
"""Fails, and so does the unit, where others told the chain of something since its head was read."""
LINES: Final = "(select $10::int + lines::int from found)"
WRITE_KEEP_AND_TELL: Final = f"""
with {few(30)}, {changed(28)}, {kept(LINES)}, {entered(20, LINES)}
select case when (select count(*) from head) = 1 and stray = 0
        and (select count(*) from cards where not moves and now = any($29::text[])) = $9 then lines
    else ('a card, a line or the audit chain is not as it was found: ' || stray)::int end as lines
from found
"""  # noqa: S608 - statements of our own
"""The same with what is written, of few people of one scheme whose places stay: $28 the cards, $29 their digests. Fails
where any of that is not so."""
INSERT_READINGS: Final = """
insert into run_reading_change (tenant_id, run_id, scheme_key, place, readings)
select $1, $2, $3, * from unnest($4::int[], $5::text[])
"""


@dataclass(frozen=True, slots=True)
class Written:
    """How many rows differed, whether any card may have another place now, and what the digests were and are."""

    cards: int
    lines: int
    moves: bool
    results: Exchanged
    inputs: Exchanged


async def write(conn: Connection, tenant_id: UUID, run_id: UUID, scheme: str, cards: bytes, lines: bytes,
                written: Collection[UUID], read: Sequence[tuple[int, str]]) -> Written | None:
    """Bring cards and their lines up to date where they differ; None where a card has other lines than it had. With it
    what was ``read`` of people who were read again is kept, by their place among those of the scheme."""
    places, texts = by_place(read)
    if len(written) <= FEW:
        found = await conn.fetch(WRITE_FEW, tenant_id, run_id, list(written), as_json(cards, CARD),
                                 as_json(lines, SCORE_LINE), scheme, places, texts)  # fmt: skip
    else:
        await conn.execute(READY)
        for how, rows in ((STAGE_CARDS, cards), (STAGE_LINES, lines)):
            await conn.copy_to_table(how.staging, source=framed(rows), columns=how.columns, format="binary")
        found = await conn.fetch(WRITE, tenant_id, run_id, list(written))
        await conn.execute(INSERT_READINGS, tenant_id, run_id, scheme, places, texts)
    if found[0]["stray"]:
        return None
    differing = [row for row in found if row["moves"] is not None]
    return Written(len(differing), found[0]["lines"], any(row["moves"] for row in differing),
                   exchanged((row["was"], row["now"]) for row in differing),
                   exchanged((row["read"], row["reads"]) for row in differing))


async def place(conn: Connection, tenant_id: UUID, run_id: UUID, scheme: str) -> tuple[dict[UUID, UUID], Exchanged]:
    """Give everybody of a scheme the place that the scores say; the cards that have another one, by subject."""
    rows = await conn.fetch(PLACES, tenant_id, run_id, scheme)
    return {row[0]: row[1] for row in rows}, exchanged((row[2], row[3]) for row in rows)


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


class NotAtOnce(Exception):
    """Others told the audit chain of something while a refresh went on, which has to wait for them; or what was to be
    written at once has to be looked at on the way."""


def by_place(read: Sequence[tuple[int, str]]) -> tuple[list[int], list[str]]:
    """What was read, as columns."""
    return [place for place, _ in read], [text for _, text in read]


async def keep(conn: Connection, tenant_id: UUID, refreshed: Sequence[Any], moved: Sequence[Any]) -> None:
    """That the run was refreshed, and what that changed; it now knows everything up to the moment."""
    await conn.execute(KEEP_ALONE, tenant_id, *refreshed, *moved)


async def keep_and_tell(uow: UnitOfWork, refreshed: Sequence[Any], moved: Sequence[Any], entry: Entry) -> None:
    """The same with an entry of the audit chain, as the last that is done in the unit."""
    try:
        await uow.last(KEEP_AND_TELL, uow.tenant_id, *refreshed, *moved, *columns_of(entry))
    except InvalidTextRepresentationError as error:
        raise NotAtOnce from error


async def write_keep_and_tell(uow: UnitOfWork, written: Unmoved, refreshed: Sequence[Any], moved: Sequence[Any],
                              entry: OpenEntry | None) -> int:
    """The same with what is written; how many lines differ."""
    if entry is None:
        raise NotAtOnce
    try:
        found = await uow.last(
            WRITE_KEEP_AND_TELL, uow.tenant_id, *refreshed, *moved, *columns_of(entry), written.cards, written.digests,
            as_json(written.rows, CARD), as_json(written.lines, SCORE_LINE), written.scheme, *by_place(written.read),
        )  # fmt: skip
    except InvalidTextRepresentationError as error:
        raise NotAtOnce from error
    return int(found["lines"])


async def waiting(conn: Connection, tenant_id: UUID, kind: str, cycle: str) -> UUID | None:
    """The job that refreshes the cycle and has not begun."""
    found: UUID | None = await conn.fetchval(
        "select id from job where tenant_id = $1 and kind = $2 and state = 'queued' "
        "and payload::json ->> 'cycle' = $3 limit 1", tenant_id, kind, cycle,
    )  # fmt: skip
    return found
