"""Rewards of a run, written in the run's own unit: either scorecards and rewards change together, or neither."""

import asyncio
from collections.abc import Mapping, Sequence
from hashlib import sha256
from itertools import batched
from typing import Final
from uuid import UUID

from meritline.appraisal.refresh.frame import Amending, PaidLine
from meritline.appraisal.run.facts import facts_of
from meritline.appraisal.run.frame import CardIds, Frame, PaidBefore, RewardStep
from meritline.appraisal.run.scoring import Appraisal
from meritline.appraisal.run.snapshot import Snapshot
from meritline.domain.rewarding import RewardLine, reward
from meritline.rewards import store
from meritline.rewards.rows import STEPS, ids_of, new_rows, rows_of
from meritline_sdk.evaluate.tallies import Subject

AT_ONCE: Final = 5_000


async def make_room(frame: Frame) -> None:
    """Take away the lines that the run gives anew; those of schemes that it leaves alone stay."""
    others = frame.scheme if frame.earlier is not None else None
    frame.paid_before.update(await store.take_away(frame.conn, frame.tenant_id, frame.cycle.id, others))


async def write_rewards(frame: Frame, snapshot: Snapshot, cards: CardIds) -> list[str]:
    """Reward everybody by the tables in force; the digests of all reward lines of the cycle as they now stand."""
    conn, tenant_id, cycle_id, run_id = frame.conn, frame.tenant_id, frame.cycle.id, frame.run.id
    digests: list[str] = []
    others = frame.scheme if frame.earlier is not None else None
    for appraisal in snapshot.appraisals:
        heaps, some = await asyncio.to_thread(rewarded, frame.cycle.period, appraisal, snapshot,
                                              cards[appraisal.chosen.scheme.key], frame.paid_before)
        for heap in heaps:
            await frame.wire.send(store.insert(conn, tenant_id, cycle_id, run_id, snapshot.profile.currency, heap),
                                  len(heap))
        digests += some
    if others is None:
        return digests
    await frame.wire.send(store.keep_others(conn, tenant_id, cycle_id, run_id, others))
    await frame.wire.send(store.remove_vanished(conn, tenant_id, cycle_id, run_id))
    await frame.wire.settle()
    return await store.digests(conn, tenant_id, cycle_id)


REWARDS: Final = RewardStep(make_room, write_rewards)


async def amend_rewards(at: Amending, snapshot: Snapshot, appraisal: Appraisal, ids: Mapping[UUID, UUID],
                        ) -> list[tuple[str | None, str | None]]:
    """Bring the rewards of some people of a scheme up to date; the digests of the lines that differ, before and
    after."""
    cards = {who.subject: ids[who.id] for who in appraisal.people}
    lines = lines_of(at.cycle.period, appraisal, snapshot)
    rows, digests = rows_of(at.cycle.period, appraisal, lines, cards)
    if paid_already(at, appraisal, lines, digests):
        return []
    return await store.amend(at.conn, at.tenant_id, at.cycle.id, at.run.id, snapshot.profile.currency,
                             appraisal.chosen.scheme.key, ids.keys() & {who.id for who in appraisal.people}, rows)


def paid_already(at: Amending, appraisal: Appraisal, lines: Sequence[RewardLine], digests: Sequence[str]) -> bool:
    """Whether everybody of the scheme is known to have exactly these lines: nothing needs to be written then."""
    scheme, people = appraisal.chosen.scheme.key, {who.subject: who.id for who in appraisal.people}
    if not at.paid.keys() >= set(people.values()):
        return False
    found: dict[UUID, set[PaidLine]] = {who: set() for who in people.values()}
    for line, digest in zip(lines, digests, strict=True):
        steps = sha256(STEPS.encode(line.steps).encode()).digest()
        found[people[line.subject]].add(PaidLine(scheme, line.rule_key, digest, steps))
    return all({one for one in at.paid[who] if one.scheme == scheme} == now for who, now in found.items())


def rewarded(period: str, appraisal: Appraisal, snapshot: Snapshot, cards: Mapping[Subject, UUID],
             before: PaidBefore) -> tuple[list[bytes], list[str]]:
    """The reward lines of a scheme as rows, in heaps, and their digests."""
    lines = lines_of(period, appraisal, snapshot)
    rows, digests = rows_of(period, appraisal, lines, cards)
    ids = ids_of(appraisal, lines, before)
    return [new_rows(*zip(*heap, strict=True)) for heap in batched(zip(ids, rows, strict=True), AT_ONCE)], digests


def lines_of(period: str, appraisal: Appraisal, snapshot: Snapshot) -> tuple[RewardLine, ...]:
    """What the scheme's table gives; nothing where it has none."""
    chosen = appraisal.chosen
    if chosen.reward is None:
        return ()
    return reward(chosen.reward, chosen.scheme, tuple(appraisal.cards.values()), appraisal.readings, appraisal.places,
                  appraisal.declarations, facts_of(appraisal, snapshot), period)
