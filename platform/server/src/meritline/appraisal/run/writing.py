"""Scores everybody and writes it: while some score lines are on the wire, the next people are scored.

Lines need no place, so they go out as soon as they are scored; cards follow once everybody has one. All computing is
done beside the event loop, so that leases are kept and the server answers meanwhile.
"""

import asyncio
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, nullcontext
from dataclasses import dataclass
from itertools import islice
from typing import Final
from uuid import UUID

from meritline.appraisal.run import store
from meritline.appraisal.run.frame import CardIds, Frame
from meritline.appraisal.run.ids import new_ids, span_of
from meritline.appraisal.run.parallel import ranges
from meritline.appraisal.run.parallel.away import Away
from meritline.appraisal.run.parallel.pool import Child
from meritline.appraisal.run.rows import card_bytes, line_bytes
from meritline.appraisal.run.scoring import Appraisal
from meritline.appraisal.run.seen import reading_rows
from meritline.appraisal.run.snapshot import Snapshot
from meritline.appraisal.run.subjects import Appraised
from meritline.appraisal.run.wire import Write
from meritline_sdk.evaluate.tallies import Subject

AT_ONCE: Final = 500
FIRST: Final = 60
"""The first heap is small, so that the database has something to write soon; each is twice the one before it."""
CARDS_AT_ONCE: Final = 2_500
FIRST_CARDS: Final = 1_000
"""Cards are all known when the first of them goes out: fewer heaps are fewer trips. The first is smaller, since the
database has written nearly all lines by then and would wait for it."""
MOST_UNENDED: Final = 10
"""Of so many heaps only the lines are made ahead: cards can wait, the database with nothing to write should not."""


@dataclass(slots=True)
class Progress:
    """How many of how many people are scored."""

    total: int
    done: int = 0


async def write_cards(frame: Frame, snapshot: Snapshot, early: Callable[[Frame], Write]) -> tuple[CardIds, list[str]]:
    """Scorecards and score lines of every scheme; the ids and digests of the cards. Some may still be on the wire.
    ``early`` is what the database can do before anybody is scored."""
    calendar = await store.keep_calendar(frame.conn, frame.tenant_id, snapshot.calendar)
    spread = await store.distributed(frame.conn)
    await frame.wire.send(early(frame))
    progress = Progress(total_of(snapshot))
    ids: dict[str, Mapping[Subject, UUID]] = {}
    digests: list[str] = []
    for appraisal in snapshot.appraisals:
        found = await write_scheme(frame, snapshot, appraisal, calendar, progress, spread=spread)
        ids[appraisal.chosen.scheme.key] = found[0]
        digests += found[1]
    return ids, digests


async def write_scheme(frame: Frame, snapshot: Snapshot, appraisal: Appraisal, calendar: str, progress: Progress, *,
                       spread: bool) -> tuple[Mapping[Subject, UUID], list[str]]:
    """Everything of one scheme."""
    conn, tenant_id, run_id, wire = frame.conn, frame.tenant_id, frame.run.id, frame.wire
    made = new_ids(len(appraisal.people))
    ids, cards = dict(zip((who.subject for who in appraisal.people), made, strict=True)), span_of(made)
    used = appraisal.used
    declarations = appraisal.declarations
    shares = snapshot.earlier.shares.get(appraisal.chosen.scheme.key)

    def scored(people: Sequence[Appraised]) -> bytes:
        while appraisal.unended and (wire.behind or len(appraisal.unended) >= MOST_UNENDED):
            appraisal.end_portion()
        appraisal.line_portion(people, declarations, shares)
        return line_bytes(appraisal, people, ids)

    await wire.send(store.insert_scheme(conn, tenant_id, run_id, appraisal.chosen, used, calendar))
    if appraisal.people:
        await frame.progress(progress.done, progress.total, "scoring")
    async with hands(frame, appraisal) as children:
        async for people, rows in ranges.scored(heaps(appraisal.people, FIRST, AT_ONCE), scored, children,
                                                lambda: Away(snapshot, appraisal, frame.cycle.period, shares), ids):
            await wire.send(store.insert_lines(conn, tenant_id, run_id, cards, rows, spread=spread), len(rows))
            progress.done += len(people)
            await frame.progress(progress.done, progress.total, "scoring")
    await asyncio.to_thread(appraisal.end_portions)
    await asyncio.to_thread(appraisal.rank_all)
    digests: list[str] = []
    for people in heaps(appraisal.people, FIRST_CARDS, CARDS_AT_ONCE):
        await frame.progress(progress.done, progress.total, "writing")
        rows, some = await asyncio.to_thread(card_bytes, appraisal, people, ids, frame.cycle.period)
        await wire.send(store.insert_cards(conn, tenant_id, run_id, frame.cycle.id, frame.cycle.period, rows,
                                           spread=spread), len(rows))
        digests += some
    kept = await asyncio.to_thread(list, reading_rows(appraisal))
    await wire.send(store.insert_readings(conn, tenant_id, run_id, appraisal.chosen.scheme.key, kept))
    await wire.send(store.require_cards(conn, tenant_id, run_id, appraisal.chosen.scheme.key, cards))
    return ids, digests


def hands(frame: Frame, appraisal: Appraisal) -> AbstractAsyncContextManager[list[Child]]:
    """The processes that help; none where Python functions answered, since their readings are here alone."""
    if frame.pool is None or appraisal.reader.answers:
        return nullcontext([])
    return frame.pool.taken(len(appraisal.people))


def heaps(people: Sequence[Appraised], first: int, most: int) -> Iterator[Sequence[Appraised]]:
    """As many as go over the wire at once: each time twice as many, up to the most."""
    rest, size = iter(people), min(first, most)
    while heap := tuple(islice(rest, size)):
        yield heap
        size = min(2 * size, most)


def total_of(snapshot: Snapshot) -> int:
    """How many scorecards there will be."""
    return sum(len(each.people) for each in snapshot.appraisals)
