"""Runs as they are asked for. Decides which a cycle takes, and what a failed one leaves behind.

A cycle is held while it runs: the run that was asked for first goes on, another is refused until it has ended.
"""

from dataclasses import dataclass
from datetime import datetime
from functools import cache
from importlib.metadata import version
from typing import Final
from uuid import UUID

from meritline.appraisal import store
from meritline.appraisal.cycles import held_cycle, held_for, held_run
from meritline.audit import append
from meritline.db import UnitOfWork
from meritline.documents.table import nearest_first
from meritline.domain.cycles import CycleAction, after
from meritline.errors import MeritlineError
from meritline.jobs.outbox import Enqueue

RUN_JOB: Final = "appraisal.run"


DIGESTS: Final = 2
"""The edition of what digests seal (1: a card with its rank in one; 2: its content, and that with its rank)."""


@cache
def engine() -> str:
    """What computes: it stands with every run."""
    return f"meritline {version('meritline')}, sdk {version('meritline-sdk')}, digests {DIGESTS}"


@dataclass(frozen=True, slots=True)
class Asked:
    """A run that was asked for."""

    run_id: UUID
    job_id: UUID
    number: int


async def run_cycle(uow: UnitOfWork, actor: str, cycle_id: UUID, scheme: str | None = None, *,
                    enqueue: Enqueue, now: datetime) -> Asked:
    """Write a run and its job; refused while another runs and once the cycle is locked or published."""
    cycle, state = await held_for(uow, cycle_id, CycleAction.RUN)
    if scheme is not None:
        await require_scheme(uow, scheme)
    run_id = await store.new_run_id(uow.conn)
    job_id = await enqueue(uow, RUN_JOB, {"run": str(run_id), "scheme": scheme})
    number = await store.insert_run(uow.conn, uow.tenant_id, run_id, cycle_id, job_id, now, engine())
    await store.move_cycle(uow.conn, uow.tenant_id, cycle_id, state, cycle.run_id)
    await append(uow.conn, uow.tenant_id, actor=actor, action="cycle.run", subject=f"cycle:{cycle.period}",
                 body={"run": number, "scheme": scheme})
    return Asked(run_id, job_id, number)


async def require_scheme(uow: UnitOfWork, scheme: str) -> None:
    """Raise unless the company has the scheme, naming those that are called alike."""
    known = await store.scheme_keys(uow.conn, uow.tenant_id)
    if scheme not in known:
        raise MeritlineError("E-SCHEME-UNKNOWN", field="scheme", value=scheme,
                             known=nearest_first(scheme, known)[:5] or ("—",))


async def fail_run(uow: UnitOfWork, run_id: UUID, error: MeritlineError, text: str, now: datetime) -> None:
    """The run has failed as a whole; the cycle is as it was before it. Doing so twice changes nothing."""
    run = await held_run(uow, run_id)
    if run.ended:
        return
    cycle = await held_cycle(uow, run.cycle_id)
    await store.end_run(uow.conn, uow.tenant_id, run_id, store.Outcome("failed", run.known_at, now, error=text))
    state = after(cycle.state, CycleAction.FAIL, period=cycle.period, computed=cycle.run_id is not None)
    await store.move_cycle(uow.conn, uow.tenant_id, cycle.id, state, cycle.run_id)
    await append(uow.conn, uow.tenant_id, actor="worker", action="run.failed", subject=f"cycle:{cycle.period}",
                 body={"run": run.number, "code": error.problem.code})
