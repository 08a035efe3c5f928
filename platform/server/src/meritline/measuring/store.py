"""What the records of a tenant tally to, for every subject. Decides that a run is one statement per pass.

All queries of this room stand here, in ``evidence.py`` and in ``coverage.py``; their text is made in
``statements.py`` and ``compiler.py``.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from meritline.db.pools import Connection
from meritline.measuring.credits import holding_of, shares
from meritline.measuring.heaps import NOTHING, Cell, Heap
from meritline.measuring.memberships import Memberships, Moves, span
from meritline.measuring.requests import Pass, TallyRequest, passes
from meritline.measuring.statements import Reach, tally_statement
from meritline_sdk.evaluate.tallies import Tallied
from meritline_sdk.evaluate.windows import Window
from meritline_sdk.model.schemes import SubjectKind

type SubjectKey = tuple[SubjectKind, UUID]
type Found = dict[TallyRequest, dict[SubjectKey, Tallied]]

EVERY_LEVEL = frozenset(SubjectKind)


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
) -> Found:
    """What each request tallies to for each subject that has any record in it; who is absent has nothing.

    ``window_of(n)`` is the window ``n`` periods before the one appraised. The company's subject id is the tenant's.
    Without ``known_at`` the newest versions count. With ``employees`` only they are tallied, and nobody else.
    """
    wanted = frozenset({SubjectKind.EMPLOYEE} if employees is not None else levels)
    reach = Reach(tenant_id, known_at, employees)
    found: Found = {}
    for one, asked in passes(requests).items():
        found |= await one_pass(conn, one, asked, window_of, people, wanted, reach)
    return found


async def one_pass(conn: Connection, one: Pass, requests: Sequence[TallyRequest], window_of: Callable[[int], Window],
                   people: Memberships, levels: frozenset[SubjectKind], reach: Reach,
                   ) -> Found:
    """The answers of one scan."""
    windows = {each: window_of(each) for each in sorted({request.tally.earlier for request in requests})}
    start, end = span(list(windows.values()), one.instants)
    moves = people.moves(start, end) if SubjectKind.DEPARTMENT in levels else Moves(start)
    statement = tally_statement(one, requests, windows, moves, reach, grouped=levels != {SubjectKind.COMPANY})
    heaps: dict[SubjectKey, list[Heap]] = {}
    for row in await conn.fetch(statement.sql, *statement.values):
        holding = holding_of(one.credit, dict(zip(statement.groups, row, strict=False)), moves.moment)
        cells = taken(requests, iter(tuple(row)[len(statement.groups) :]))
        for share in shares(one.credit, holding, people, reach.tenant_id):
            if share.kind in levels and (reach.employees is None or share.subject in reach.employees):
                mine = heaps.get((share.kind, share.subject))
                if mine is None:
                    mine = heaps[share.kind, share.subject] = [Heap() for _ in requests]
                for heap, cell in zip(mine, cells, strict=True):
                    heap.add(cell, share)
    return {request: {subject: mine[place].tallied() for subject, mine in heaps.items() if mine[place].records}
            for place, request in enumerate(requests)}  # fmt: skip


def taken(requests: Iterable[TallyRequest], columns: Iterator[Any]) -> list[Cell]:
    """What a row holds for each request."""
    found = []
    for request in requests:
        match request.tally.how:
            case "count":
                records = next(columns)
                found.append(Cell(records, records))
            case "sum":
                found.append(Cell(next(columns), next(columns)))
            case _:
                values = next(columns)
                found.append(Cell(len(values), None, values) if values else NOTHING)
    return found
