"""Refreshes: corrected records amend a computed cycle instead of computing all of it again.

Decides that a refresh is one unit in which imports wait, so that it knows every record up to one moment; that it ends
in what a full run at that moment would have written, to the digest; and that it changes nothing where it cannot.
"""

import logging
from collections.abc import Callable, Iterable
from contextlib import AbstractAsyncContextManager
from datetime import datetime
from functools import partial
from typing import Any, Final
from uuid import UUID

from meritline.appraisal import cycles
from meritline.appraisal.refresh import opening, store
from meritline.appraisal.refresh.amend import amend
from meritline.appraisal.refresh.desk import Desk
from meritline.appraisal.refresh.frame import FEW, Amending, AmendRewards, Refreshed
from meritline.appraisal.refresh.kept import Kept, Last
from meritline.appraisal.refresh.reach import Changed, concerned, holding
from meritline.appraisal.refresh.standing import (
    Standing,
    harmless,
    require_covering,
    require_run,
    require_unchanged,
)
from meritline.appraisal.refresh.sums import after
from meritline.appraisal.run.inputs import frame_digest, whole_of_sum
from meritline.appraisal.run.snapshot import Basis, Snapshot, basis_of, covering_of, read_on
from meritline.appraisal.store import Cycle, Run
from meritline.audit import COUNTED, append, following, following_open
from meritline.audit import store as chain
from meritline.db import Connection, Database, UnitOfWork
from meritline.domain.cycles import CycleAction
from meritline.domain.cycles import after as after_action
from meritline.measuring.attempts import OWN_STATEMENT, TOO_LARGE
from meritline.measuring.coverage import edges
from meritline.measuring.state.store import Mark
from meritline.tenancy import store as company

type Clock = Callable[[], datetime]

log = logging.getLogger(__name__)
KEPT: Final = Kept()
FAILED_AHEAD: Final = (*TOO_LARGE, *OWN_STATEMENT)
"""What the statement that begins a refresh may fail with because of an indicator: then it is read by itself, and the
refresh says which."""


async def refresh(database: Database, clock: Clock, tenant_id: UUID, cycle_id: UUID, *, rewards: AmendRewards,
                  actor: str, job_id: UUID | None = None, kept: Kept = KEPT) -> Refreshed:
    """Bring the run that counts up to date with the records; ``NeedsRun`` where only a full run can."""
    once = partial(refreshed, database, clock, tenant_id, cycle_id, rewards, actor, job_id, kept)
    last = kept.last(cycle_id)
    if last is not None:
        try:
            return await once(last)
        except (*opening.NOT_HELD, store.NotAtOnce):
            pass
        except FAILED_AHEAD as error:
            log.warning("a refresh is done step by step: %s", error, extra={"tenant_id": str(tenant_id)})
    return await once(None)


async def refreshed(database: Database, clock: Clock, tenant_id: UUID, cycle_id: UUID, rewards: AmendRewards,
                    actor: str, job_id: UUID | None, kept: Kept, last: Last | None) -> Refreshed:
    """The same, once: in few trips with the basis that was the ``last``, but then it fails where the cycle cannot be
    refreshed, and where others tell the audit chain of something meanwhile."""
    async with begun(database, tenant_id, cycle_id, last) as uow:
        (cycle, run), found = await held(uow, cycle_id) if last is None else opening.held_and_found(uow.first)
        require_run(cycle, run)
        assert run is not None
        basis = await basis_for(uow.conn, tenant_id, cycle, run, kept)
        if found is None or last is None or basis is not last.basis:
            assert run.audit_number is not None
            after_entry = max(run.audit_number, kept.seen(cycle.id, run.id, basis))
            found = await opening.stands(uow.conn, tenant_id, run, after_entry, asked(basis))
        now = Standing(cycle, run, found)
        require_unchanged(now, basis)
        if found.head is not None:
            kept.saw(cycle.id, run.id, basis, found.head.seq)
        some = concerned(basis, named_by(found.marks, basis))
        done = Refreshed(touched=len(basis.names) if some is None else len(some))
        if done.touched:
            if some is None or len(some) > FEW:
                await opening.plan_anew(uow.conn)
            at_once = last is not None and found.head is not None and done.touched <= FEW
            at = Amending(uow.conn, tenant_id, cycle, run, max(clock(), found.newest or run.known_at),
                          found.paid or {}, at_once)
            frame = await amended(at, kept.desk(cycle.id, basis, now.covering), now, some, done, rewards)
            await keep(uow, at, now, done, frame, actor, job_id)
        return done


def begun(database: Database, tenant_id: UUID, cycle_id: UUID,
          last: Last | None) -> AbstractAsyncContextManager[UnitOfWork]:
    """The unit of a refresh, which holds its cycle; how that stands is read in the same trip if it is known by what."""
    if last is None:
        return database.unit_of_work(tenant_id, first=opening.hold(tenant_id, cycle_id))
    first = opening.held_stands(tenant_id, cycle_id, last.seen, asked(last.basis),
                                holding(last.basis, opening.SINCE), last.again)
    return database.unit_of_work(tenant_id, first=first, holding=opening.holding(tenant_id, cycle_id))


async def held(uow: UnitOfWork, cycle_id: UUID) -> tuple[opening.Held, None]:
    """The cycle and its run, held after the company: in the order of whoever opens a cycle and has it run in one unit;
    else each would wait for the other."""
    found = opening.held_from(uow.first)
    if found is None:  # it says why, or the cycle can be refreshed now
        await cycles.allowed(uow, cycle_id, CycleAction.REFRESH)
        await company.lock(uow.conn, uow.tenant_id)
        found = await cycles.held_cycle(uow, cycle_id), None
    cycle, run = found
    after_action(cycle.state, CycleAction.REFRESH, period=cycle.period)
    if run is None and cycle.run_id is not None:
        run = await cycles.held_run(uow, cycle.run_id)
    return (cycle, run), None


def asked(basis: Basis) -> opening.Asked:
    """What is looked at to know whether the basis still holds, and for whom."""
    return opening.Asked(harmless(basis), edges(basis.windows), tuple(basis.people))


async def amended(at: Amending, desk: Desk, now: Standing, some: frozenset[UUID] | None, done: Refreshed,
                  rewards: AmendRewards) -> str:
    """Score those whom it concerns and write what differs; the digest of what is no subject's own records."""
    basis = desk.basis
    if some is None:
        snapshot = await read_on(at.conn, basis, at.known_at)
        require_covering(now, snapshot.covering)
    else:
        require_covering(now, covering_of(basis, now.found.coverage.covers(basis.back)))
        snapshot = await desk.read(at.conn, some, now.found.ahead)
    await amend(at, basis, snapshot, done, rewards, None if some is None else now.found.seats, everybody=some is None)
    assert at.run.frame_digest is not None
    return at.run.frame_digest if some is not None else framed(at, snapshot)


def framed(at: Amending, snapshot: Snapshot) -> str:
    """The digest of what departments, the company and related records came to, with everything else."""
    return frame_digest(at.cycle.period, snapshot.appraisals, snapshot.ratings, snapshot.delivered, snapshot.names,
                        at.tenant_id, snapshot.calendar.hash, snapshot.earlier)


async def keep(uow: UnitOfWork, at: Amending, now: Standing, done: Refreshed, frame: str, actor: str,
               job_id: UUID | None) -> None:
    """The run's row with its digests as they are now, the refresh beside it, and an entry in the audit chain; and what
    waited to be written with them."""
    run, tenant_id = at.run, at.tenant_id
    tallied, _, tallied_kept = after(run.tallied_sum or b"", done.inputs)
    _, done.result_digest, result_kept = after(run.result_sum or b"", done.results)
    done.input_digest = whole_of_sum(frame, tallied)
    number = now.found.refreshes + 1
    told: dict[str, Any] = {"actor": actor, "action": "run.refresh", "subject": f"run:{run.id}", "body": {
        "period": at.cycle.period, "run": run.number, "refresh": number, "known_at": at.known_at,
        "touched": done.touched, "cards": done.cards, "lines": done.lines if done.unmoved is None else COUNTED,
        "places": done.places, "rewards": done.rewards, "input": done.input_digest, "result": done.result_digest,
        "result_before": run.result_digest,
    }}  # fmt: skip
    row = (run.id, number, job_id, actor, run.known_at, at.known_at, done.touched, done.cards, done.lines, done.places,
           done.rewards, run.input_digest, done.input_digest, run.result_digest, done.result_digest)
    moved, head = (frame, tallied_kept, result_kept), now.found.head
    if not at.at_once or head is None:
        await store.keep(uow.conn, tenant_id, row, moved)
        await append(uow.conn, tenant_id, **told)
    elif done.unmoved is None:
        await store.keep_and_tell(uow, row, moved, following(tenant_id, head, **told))
    else:
        entry = following_open(tenant_id, head, **told)
        done.lines = await store.write_keep_and_tell(uow, done.unmoved, row, moved, entry)


async def basis_for(conn: Connection, tenant_id: UUID, cycle: Cycle, run: Run, kept: Kept) -> Basis:
    """People, schemes and definitions, read anew only where this process does not have them."""
    assert run.audit_number is not None
    found = kept.get(cycle.id, run.audit_number)
    if found is None:
        number, _ = await chain.read_head(conn, tenant_id)
        found = await basis_of(conn, tenant_id, cycle, None)
        kept.put(cycle.id, number, found)
    return found


def named_by(marks: Iterable[Mark], basis: Basis) -> Changed:
    """Whom changed records name, by record type; what lies in none of the windows that are read changes nothing."""
    within = basis.days_read
    found: dict[str, set[UUID]] = {}
    for mark in marks:
        if within is None or any(first <= day < end for day in mark.days for first, end in within):
            found.setdefault(mark.record_type, set()).add(mark.subject)
    return found
