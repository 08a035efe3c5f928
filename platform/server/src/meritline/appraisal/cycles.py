"""Cycles: one appraisal of a tenant for a period. Decides when one is opened and how its rows are held."""

from uuid import UUID

from meritline.appraisal import store
from meritline.appraisal.store import Cycle, Run
from meritline.audit import append
from meritline.db import Connection, UnitOfWork
from meritline.domain import periods
from meritline.domain.cycles import CycleAction, CycleState, after
from meritline.errors import NotFound
from meritline.tenancy import store as company
from meritline.tenancy.calendar import company_calendar


async def open_cycle(uow: UnitOfWork, actor: str, period: str) -> Cycle:
    """The cycle of the period, opened if there is none; a period of the tenant's own calendar."""
    await company.hold(uow.conn, uow.tenant_id)
    window = (await company_calendar(uow.conn, uow.tenant_id)).window(period)
    made = await store.insert_cycle(uow.conn, uow.tenant_id, window)
    if made is not None:
        await append(uow.conn, uow.tenant_id, actor=actor, action="cycle.open", subject=f"cycle:{period}")
    return await cycle_of(uow.conn, uow.tenant_id, period)


async def cycle_of(conn: Connection, tenant_id: UUID, period: str) -> Cycle:
    """The cycle of the period, which must be open already."""
    periods.kind_of(period)
    found = await store.cycle_of_period(conn, tenant_id, period)
    if found is None:
        raise NotFound(kind="cycle", value=period)
    return found


async def held_run(uow: UnitOfWork, run_id: UUID) -> Run:
    """The run, held until the unit ends."""
    found = await store.run(uow.conn, uow.tenant_id, run_id, lock=True)
    if found is None:
        raise NotFound(kind="run", value=run_id)
    return found


async def held_cycle(uow: UnitOfWork, cycle_id: UUID) -> Cycle:
    """The cycle, held until the unit ends."""
    found = await store.cycle(uow.conn, uow.tenant_id, cycle_id, lock=True)
    if found is None:
        raise NotFound(kind="cycle", value=cycle_id)
    return found


async def held_for(uow: UnitOfWork, cycle_id: UUID, action: CycleAction) -> tuple[Cycle, CycleState]:
    """The cycle, held until the unit ends, with the state that the action brings it to, which must be allowed.

    A run holds its cycle for as long as it computes: whoever cannot act anyway is told at once and does not wait.
    """
    await allowed(uow, cycle_id, action)
    held = await held_cycle(uow, cycle_id)
    return held, after(held.state, action, period=held.period)


async def allowed(uow: UnitOfWork, cycle_id: UUID, action: CycleAction) -> None:
    """Raise if the cycle's state refuses the action now; nothing is held."""
    found = await store.cycle(uow.conn, uow.tenant_id, cycle_id)
    if found is not None:
        after(found.state, action, period=found.period)
