"""What the records of a tenant tally to, for every subject. Decides that a run is one statement per pass.

All queries of this room stand here, in ``evidence.py`` and in ``coverage.py``; their text is made in
``statements.py``, ``rows.py`` and ``compiler.py``.
"""

import asyncio
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID

from meritline.db.pools import Connection
from meritline.measuring import sharing
from meritline.measuring.alone import each_alone
from meritline.measuring.binds import Binds
from meritline.measuring.compiler import Compiler
from meritline.measuring.credits import holding_of
from meritline.measuring.days import SubjectKey, days_of
from meritline.measuring.memberships import Memberships, Moves, last_day, span
from meritline.measuring.reach import Reach
from meritline.measuring.requests import Pass, TallyRequest, passes
from meritline.measuring.sharing import Everybody, totals
from meritline.measuring.state.parts import Asked
from meritline.measuring.state.reading import from_state
from meritline.measuring.statements import tally_statement
from meritline.measuring.yields import Yields
from meritline_sdk.evaluate.calendars import Clock
from meritline_sdk.evaluate.tallies import Tallied
from meritline_sdk.evaluate.windows import Window
from meritline_sdk.model.functions import ROWS
from meritline_sdk.model.measures import OF_NO_RECORDS
from meritline_sdk.model.schemes import SubjectKind

type Found = dict[TallyRequest, Mapping[SubjectKey, Tallied]]

EVERY_LEVEL = frozenset(SubjectKind)
ROOM = "SET LOCAL work_mem = '128MB'"
"""Thousands of groups with their values; otherwise they go to disk. Postgres reckons with much more for each group than
it takes, and begins to write by that reckoning: at 64 MB from 4,000 groups on."""
ANEW = "SET LOCAL plan_cache_mode = force_custom_plan"
"""Planned with its values each time, where everybody is tallied: from its sixth run on a connection Postgres may take a
plan without them, which took twice as long."""


async def tallied(
    conn: Connection,
    tenant_id: UUID,
    requests: Iterable[TallyRequest],
    window_of: Callable[[int], Window],
    people: Memberships,
    *,
    levels: Collection[SubjectKind] = EVERY_LEVEL,
    known_at: datetime | None = None,
    employees: Collection[UUID] | None = None,
    clock: Clock | None = None,
) -> Found:
    """What each request tallies to for each subject that has any record in it; who is absent has nothing.

    What the state knows as it was at the moment comes from it, the rest from one pass over the records for each credit
    and moment. ``window_of(n)`` is the window ``n`` periods before the one appraised, ``clock`` (``clock_for``) that of
    the period appraised; without one local days and working time are missing. The company's subject id is the tenant's.
    Without ``known_at`` the newest versions count. With ``employees`` only they are tallied, and nobody else.
    """
    wanted = frozenset({SubjectKind.EMPLOYEE} if employees is not None else levels)
    reach, asked = Reach(tenant_id, known_at, employees), list(requests)
    found: Found = {
        each: days_of(each.tally, window_of(each.tally.earlier), people, tenant_id, wanted, employees)
        for each in asked if each.tally.how in OF_NO_RECORDS
    }  # fmt: skip
    found |= await from_state(conn, Asked(tenant_id, window_of, people, wanted, known_at, employees, clock), asked)
    await conn.execute(ROOM if employees is not None else f"{ROOM}; {ANEW}")
    for one, together in passes(each for each in asked if each not in found).items():
        found |= await one_pass(conn, one, together, window_of, people, wanted, reach, clock)
    return found


async def one_pass(conn: Connection, one: Pass, requests: Sequence[TallyRequest], window_of: Callable[[int], Window],
                   people: Memberships, levels: frozenset[SubjectKind], reach: Reach, clock: Clock | None,
                   ) -> Found:
    """The answers of one scan."""
    windows = {each: window_of(each) for each in sorted({request.tally.earlier for request in requests})}
    compiler = Compiler(Binds(), reach=reach, clock=clock)
    moves = moves_of(one, list(windows.values()), people, levels)
    statement = tally_statement(one, requests, windows, moves, compiler, grouped=levels != {SubjectKind.COMPANY})
    rows = await conn.fetch(statement.sql, *statement.values)
    everybody = Everybody(reach.tenant_id, people, levels, reach.employees)
    heap = partial(heaped, rows, statement.groups, one, requests, moves, everybody)
    # Every record by itself is much more to make than a few numbers for each group: nobody waits for that.
    return await asyncio.to_thread(heap) if any(each.tally.how == ROWS for each in requests) else heap()


def heaped(rows: Sequence[Any], groups: Sequence[str], one: Pass, requests: Sequence[TallyRequest], moves: Moves,
           everybody: Everybody) -> Found:
    """What the groups come to for everybody."""
    if len(groups) == 1 and everybody.alone(one):
        return dict(each_alone(rows, requests, everybody.employees))
    yields = Yields(requests, len(groups))
    held = ((holding_of(one.credit, dict(zip(groups, row, strict=False)), moves.moment), yields.of(row))
            for row in rows)  # fmt: skip
    return dict(totals(sharing.heaped(one, held, len(requests), everybody), requests))


def moves_of(one: Pass, windows: Sequence[Window], people: Memberships, levels: frozenset[SubjectKind]) -> Moves:
    """Who changes department or scheme while the records of the pass are counted; as things stand nobody does."""
    if one.at is None:
        return Moves(last_day(windows[0]))
    start, end = span(windows, one.instants)
    if SubjectKind.DEPARTMENT not in levels and not people.pieces:
        return Moves(start)
    return people.moves(start, end, departments=SubjectKind.DEPARTMENT in levels)
