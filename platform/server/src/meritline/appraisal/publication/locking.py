"""Locking a cycle: its results are final from then on. Decides that nothing may be open that would change them."""

from meritline.appraisal import store
from meritline.appraisal.cycles import cycle_of, held_for
from meritline.appraisal.publication.blockers import blockers
from meritline.appraisal.store import Cycle
from meritline.audit import append
from meritline.db import UnitOfWork
from meritline.domain.cycles import CycleAction
from meritline.errors import Problem, Refused, Stale


async def lock_cycle(uow: UnitOfWork, actor: str, period: str,
                     expected_version: int | None = None) -> tuple[Cycle, list[Problem]]:
    """Lock it, or refuse with every problem that blocks; the cycle, and what was open and only told."""
    found = await cycle_of(uow.conn, uow.tenant_id, period)
    cycle, state = await held_for(uow, found.id, CycleAction.LOCK)
    if expected_version is not None and expected_version != cycle.version:
        raise Stale(kind="cycle", value=period, expected=expected_version, actual=cycle.version)
    told = await blockers(uow.conn, uow.tenant_id, cycle.id)
    blocking = [each for each in told if each.severity == "error"]
    if blocking:
        raise Refused(blocking)
    await store.move_cycle(uow.conn, uow.tenant_id, cycle.id, state, cycle.run_id)
    counting = None if cycle.run_id is None else await store.run(uow.conn, uow.tenant_id, cycle.run_id)
    await append(uow.conn, uow.tenant_id, actor=actor, action="cycle.lock", subject=f"cycle:{period}",
                 body={"run": counting and counting.number, "result": counting and counting.result_digest,
                       "warnings": len(told)})
    return await cycle_of(uow.conn, uow.tenant_id, period), told
