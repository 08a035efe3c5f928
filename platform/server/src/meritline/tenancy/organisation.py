"""Departments and positions: added and changed as a batch, or not at all."""

from collections.abc import Sequence

from meritline.db import UnitOfWork
from meritline.errors import Refused
from meritline.tenancy import store
from meritline.tenancy.checks import check_departments, check_positions
from meritline.tenancy.places import Places
from meritline.tenancy.upserts import changed, check_versions, summary, tell
from meritline.tenancy.values import Changes, Department, Position


async def upsert_departments(uow: UnitOfWork, actor: str, rows: Sequence[Department],
                             places: Places | None = None) -> Changes:
    """Add and change departments by code; those not named stay as they are. A cycle is refused."""
    at = places or Places("departments")
    await store.lock(uow.conn, uow.tenant_id)
    before = await store.departments(uow.conn, uow.tenant_id)
    wanted = {row.code: row for row in rows}
    problems = [*check_departments(rows, {code: one.parent for code, one in before.items()}, at),
                *check_versions("department", wanted, before, at)]
    if problems:
        raise Refused(problems)
    writes = changed(wanted, before)
    if writes:
        await store.put_departments(uow.conn, uow.tenant_id, writes)
    changes = summary([row.code for row in writes], before)
    await tell(uow, actor, "departments", changes, before, wanted)
    return changes


async def upsert_positions(uow: UnitOfWork, actor: str, rows: Sequence[Position],
                           places: Places | None = None) -> Changes:
    """Add and change positions by code; those not named stay as they are."""
    at = places or Places("positions")
    await store.lock(uow.conn, uow.tenant_id)
    before = await store.positions(uow.conn, uow.tenant_id)
    wanted = {row.code: row for row in rows}
    problems = [*check_positions(rows, at), *check_versions("position", wanted, before, at)]
    if problems:
        raise Refused(problems)
    writes = changed(wanted, before)
    if writes:
        await store.put_positions(uow.conn, uow.tenant_id, writes)
    changes = summary([row.code for row in writes], before)
    await tell(uow, actor, "positions", changes, before, wanted)
    return changes
