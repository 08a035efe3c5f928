"""People and where they worked: added and changed as a batch, or not at all.

A transfer is a new interval; intervals of one person never overlap. A position that nobody knew is made, named by its
code, since people come before positions in every export.
"""

from collections.abc import Mapping, Sequence

from meritline.db import UnitOfWork
from meritline.errors import Refused
from meritline.tenancy import store
from meritline.tenancy.checks import check_employees
from meritline.tenancy.organisation import upsert_positions
from meritline.tenancy.places import Places
from meritline.tenancy.upserts import changed, check_versions, summary, tell
from meritline.tenancy.values import Changes, Employee, Position, Span


async def upsert_employees(uow: UnitOfWork, actor: str, rows: Sequence[Employee],
                           places: Places | None = None) -> Changes:
    """Add and change employees by number; those not named stay as they are."""
    at = places or Places("employees")
    await store.lock(uow.conn, uow.tenant_id)
    before = await store.employees(uow.conn, uow.tenant_id)
    departments = await store.departments(uow.conn, uow.tenant_id)
    given = {row.number: row for row in rows}
    problems = [*check_employees(rows, departments, before, at), *check_versions("employee", given, before, at)]
    if problems:
        raise Refused(problems)
    wanted = {number: row.settled(before.get(number)) for number, row in given.items()}
    writes = changed(wanted, before)
    if writes:
        await add_positions(uow, actor, writes)
        await store.put_employees(uow.conn, uow.tenant_id, writes)
        await write_spans(uow, writes, before)
    changes = summary([row.number for row in writes], before)
    await tell(uow, actor, "employees", changes, before, wanted)
    return changes


async def add_positions(uow: UnitOfWork, actor: str, rows: Sequence[Employee]) -> None:
    """Make the positions that nobody knew."""
    known = await store.positions(uow.conn, uow.tenant_id)
    named = {span.position for row in rows for span in row.employments or () if span.position is not None}
    new = sorted(named - known.keys())
    if new:
        await upsert_positions(uow, actor, [Position(code, code, code) for code in new])


async def write_spans(uow: UnitOfWork, rows: Sequence[Employee], before: Mapping[str, Employee]) -> None:
    """Take away the intervals that are gone, then add the new ones."""
    gone: list[tuple[str, Span]] = []
    new: list[tuple[str, Span]] = []
    for row in rows:
        stood = set((before[row.number].employments if row.number in before else None) or ())
        stands = set(row.employments or ())
        gone.extend((row.number, span) for span in sorted(stood - stands, key=lambda span: span.valid_from))
        new.extend((row.number, span) for span in sorted(stands - stood, key=lambda span: span.valid_from))
    if gone:
        await store.drop_spans(uow.conn, uow.tenant_id, gone)
    if new:
        await store.add_spans(uow.conn, uow.tenant_id, new)
