"""Executes a run: takes it, computes it, writes all of it or nothing.

The run's row is held from the first statement of the unit to its commit. An attempt whose worker was given up waits
there for the other one and then finds the run complete; so a run is written once, whoever writes it.
"""

import asyncio
import gc
import json
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from meritline.appraisal import cycles
from meritline.appraisal import store as runs
from meritline.appraisal.run import store
from meritline.appraisal.run.answers import OF_FUNCTIONS, Answers, Functions, Told
from meritline.appraisal.run.asides import package_of
from meritline.appraisal.run.frame import Clock, Frame, Progress, RewardStep
from meritline.appraisal.run.inputs import frame_digest, whole_of_sum
from meritline.appraisal.run.parallel import Pool
from meritline.appraisal.run.readings import SubjectId
from meritline.appraisal.run.scoring import uncollected
from meritline.appraisal.run.snapshot import Snapshot, take
from meritline.appraisal.run.writing import total_of, write_cards
from meritline.appraisal.store import Cycle, Run
from meritline.audit import append
from meritline.audit import store as chain
from meritline.db import Database, UnitOfWork
from meritline.domain.cycles import CycleAction, after
from meritline.domain.digest import closed, summed
from meritline.domain.digest import kept as sum_bytes
from meritline.errors import Problem, Refused, problem
from meritline.jobs import failure
from meritline.measuring.attempts import BROKEN
from meritline.records.turns import short_turns
from meritline.records.upkeep import records_read
from meritline.tenancy import store as company

YOUNG: Final = 0
"""The generation of all that was made since the collector was held back."""


async def execute(database: Database, clock: Clock, tenant_id: UUID, run_id: UUID, scheme: str | None, *,
                  rewards: RewardStep, progress: Progress, functions: Functions | None = None,
                  pool: Pool | None = None) -> Mapping[str, Any]:
    """Bring the run to its end; what it came to. Without ``functions`` what a Python function computes fails; with a
    ``pool`` several processes score."""
    async with database.unit_of_work(tenant_id) as uow:
        run = await cycles.held_run(uow, run_id)
        if run.state == "failed":
            raise Refused(failure.load(run.error))
        if run.ended:
            return summary(run, await store.idle_schemes(uow.conn, tenant_id, run_id))
        await runs.begin_run(uow.conn, tenant_id, run_id, clock())
    await progress(0, 0, "waiting for imports")
    async with database.unit_of_work(tenant_id) as uow:
        # Imports hold this row to their commit: what is recorded by now is visible to the snapshot, and what comes
        # later is recorded later. So the records that count are those recorded by this moment, for ever.
        await company.lock(uow.conn, tenant_id)
        known_at = await runs.know(uow.conn, tenant_id, run_id, clock())
    answers = Answers()
    if functions is not None and functions.any:
        await ask_early(database, tenant_id, run, scheme, known_at, functions, answers, progress)
        await functions.keep_differed(database, answers)
    letting = None
    with ExitStack() as eased:
        async with database.unit_of_work(tenant_id, isolation="repeatable_read") as uow:
            run = await cycles.held_run(uow, run_id)
            if not run.ended:  # else the cycle points to it, and whoever refreshes it holds the cycle first
                cycle = await cycles.held_cycle(uow, run.cycle_id)
                eased.enter_context(uncollected())
                eased.enter_context(short_turns())
                letting = await compute(Frame(uow.conn, tenant_id, cycle, run, scheme, known_at, progress, functions,
                                              answers, pool), clock, rewards)
        if functions is not None:  # what was asked anew in the unit
            await functions.keep_differed(database, answers)
        done = await told(database, clock, tenant_id, run_id)
        if letting is not None:
            await letting
        return done


async def told(database: Database, clock: Clock, tenant_id: UUID, run_id: UUID) -> Mapping[str, Any]:
    """What the run came to, once it is said."""
    async with database.unit_of_work(tenant_id) as uow:
        run = await cycles.held_run(uow, run_id)
        of = await runs.cycle(uow.conn, tenant_id, run.cycle_id)
        assert of is not None
        await tell(uow, of, run)
        await records_read(uow, run.known_at, clock())
        return summary(run, await store.idle_schemes(uow.conn, tenant_id, run_id))


async def ask_early(database: Database, tenant_id: UUID, run: Run, scheme: str | None, known_at: datetime,
                    functions: Functions, answers: Answers, progress: Progress) -> None:
    """Ask the Python functions before the cycle is held: they may take their time, and nobody waits for them then."""
    async with database.scoped_read(tenant_id, snapshot=True) as conn:
        cycle = await runs.cycle(conn, tenant_id, run.cycle_id)
        snapshot = None if cycle is None else await take(conn, tenant_id, cycle, scheme, known_at, functions_only=True)
    if snapshot is not None:
        await functions.answer(snapshot, answers, asking(progress))


def asking(progress: Progress) -> Told:
    """How far the functions are."""
    return lambda done, total: progress(done, total, "asking plugins")


async def compute(frame: Frame, clock: Clock, rewards: RewardStep) -> asyncio.Task[None]:
    """Read, score, write and point the cycle to the result; what was read and scored is then being let go."""
    await frame.progress(0, 0, "reading")
    audit_number, _ = await chain.read_head(frame.conn, frame.tenant_id)
    snapshot = await take(frame.conn, frame.tenant_id, frame.cycle, frame.scheme, frame.known_at)
    if frame.functions is not None:
        await frame.functions.answer(snapshot, frame.answers, asking(frame.progress))
    kept = [] if frame.earlier is None or frame.scheme is None else await store.keep_others(
        frame.conn, frame.tenant_id, frame.earlier, frame.run.id, frame.scheme)  # fmt: skip
    async with frame.wire:
        cards, digests = await write_cards(frame, snapshot, rewards.make_room)
        total = total_of(snapshot)
        await frame.progress(total, total, "rewarding")
        paid = await rewards.write(frame, snapshot, cards)
        # While the last of it is on the wire.
        frame_seal, tallied, result = await asyncio.to_thread(seals, frame, snapshot, [*kept, *digests, *paid])
        failed, covering, read = failed_readings(snapshot), snapshot.covering, [snapshot]
        del snapshot, cards
        letting = asyncio.create_task(asyncio.to_thread(let_go, read))
    failed += await kept_failures(frame)
    outcome = runs.Outcome(
        "partial" if failed else "complete", frame.known_at, clock(), len(digests) + len(kept),
        whole_of_sum(frame_seal, tallied), closed(result), failure.dump(Refused(failed)) if failed else None,
        frame_seal, json.dumps(covering), audit_number if frame.earlier is None else None,
        sum_bytes(tallied), sum_bytes(result),
    )  # fmt: skip
    await runs.end_run(frame.conn, frame.tenant_id, frame.run.id, outcome)
    state = after(frame.cycle.state, CycleAction.FINISH, period=frame.cycle.period)
    await runs.move_cycle(frame.conn, frame.tenant_id, frame.cycle.id, state, frame.run.id)
    return letting


def seals(frame: Frame, snapshot: Snapshot, results: Sequence[str]) -> tuple[str, int, int]:
    """What seals the frame, and the sums of what was tallied and of all results."""
    seal = frame_digest(frame.cycle.period, snapshot.appraisals, snapshot.ratings, snapshot.delivered, snapshot.names,
                        frame.tenant_id, snapshot.calendar.hash, snapshot.earlier)
    return seal, summed(one for each in snapshot.appraisals for one in each.tallied.values()), summed(results)


def let_go(read: list[Snapshot]) -> None:
    """Of what was read and scored, while the last of it is on the wire and committed: neither waits for it. The list
    has the only reference to it. The collector comes now, beside the event loop, and has little left to do: it lets
    nobody in between."""
    for each in read[0].appraisals:
        each.let_go()
    read.clear()
    gc.collect(YOUNG)


def failed_readings(snapshot: Snapshot) -> list[Problem]:
    """What could not be computed: a warning for each indicator and reason, with how many subjects lack its reading."""
    found: dict[tuple[str, str], set[SubjectId]] = {}
    told: dict[tuple[str, str], dict[str, str]] = {}
    for each in snapshot.appraisals:
        for (key, reason), targets in each.reader.failures.items():
            found.setdefault((key, reason), set()).update(targets)
            told.setdefault((key, reason), {"told": each.reader.told.get((key, reason), "—"),
                                            "package": package_of(each.indicators[key]) or "—"})
    return [failed_reading(key, reason, len(targets), told[key, reason])
            for (key, reason), targets in sorted(found.items())]


async def kept_failures(frame: Frame) -> list[Problem]:
    """What the run before this one could not compute for the schemes that this one leaves alone, as it told it."""
    if frame.earlier is None or frame.scheme is None:
        return []
    rows = await store.kept_failures(frame.conn, frame.tenant_id, frame.run.id, frame.scheme)
    before = await runs.run(frame.conn, frame.tenant_id, frame.earlier) if rows else None
    told = {(each.code, each.value): each.params for each in failure.load(before.error if before else None)}
    return [failed_reading(row["indicator_key"], row["reason"] or BROKEN, row["count"],
                           told.get((code_of(row["reason"] or BROKEN), row["indicator_key"]), {})) for row in rows]


def failed_reading(indicator: str, reason: str, count: int, told: Mapping[str, object]) -> Problem:
    """The warning of one indicator; of a Python function also the package, and what its process told."""
    words: dict[str, Any] = {"package": "—", "told": "—"} if reason in OF_FUNCTIONS else {}
    words |= {name: str(told[name]) for name in words if name in told}
    return problem(code_of(reason), field="indicator", value=indicator, count=count, **words)


def code_of(reason: str) -> str:
    """``E-RUN-READING-PLUGIN-RAISED``."""
    return f"E-RUN-READING-{reason.upper().replace('_', '-')}"


async def tell(uow: UnitOfWork, cycle: Cycle, run: Run) -> None:
    """Say it in the audit chain, once; apart from the run's own unit, which would wait there for all other writers."""
    action, subject = "run.complete", f"run:{run.id}"
    if run.state in ("complete", "partial") and not await runs.told(uow.conn, uow.tenant_id, action, subject):
        await append(uow.conn, uow.tenant_id, actor="worker", action=action, subject=subject,
                     body={"period": cycle.period, "run": run.number, "state": run.state, "subjects": run.subjects,
                           "input": run.input_digest, "result": run.result_digest})


def summary(run: Run, idle: list[str]) -> Mapping[str, Any]:
    """The result of the job; ``idle`` are the schemes that appraised nobody, ``failed`` what was not computed."""
    return {"run": str(run.id), "number": run.number, "state": run.state, "subjects": run.subjects,
            "input_digest": run.input_digest, "result_digest": run.result_digest, "idle": idle,
            "failed": [failure.plain(each) for each in failure.load(run.error)]}
