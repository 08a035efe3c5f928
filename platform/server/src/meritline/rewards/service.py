"""Rewards of a run, written in the run's own unit: either scorecards and rewards change together, or neither."""

import asyncio
import json
from collections.abc import Mapping, Sequence
from typing import Any, Final
from uuid import UUID

from meritline.appraisal.refresh.frame import Amending
from meritline.appraisal.run.facts import facts_of
from meritline.appraisal.run.frame import CardIds, Frame
from meritline.appraisal.run.scoring import Appraisal
from meritline.appraisal.run.sizes import MOST_MONEY, require_size
from meritline.appraisal.run.snapshot import Snapshot
from meritline.appraisal.run.subjects import Appraised
from meritline.domain.digest import reward_digest
from meritline.domain.rewarding import RewardLine, reward
from meritline.rewards import store
from meritline_sdk.evaluate.rules import Step
from meritline_sdk.evaluate.tallies import Subject

STEPS: Final = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))


async def write_rewards(frame: Frame, snapshot: Snapshot, cards: CardIds) -> list[str]:
    """Reward everybody by the tables in force; the digests of all reward lines of the cycle as they now stand."""
    conn, tenant_id, cycle_id, run_id = frame.conn, frame.tenant_id, frame.cycle.id, frame.run.id
    digests: list[str] = []
    others = frame.scheme if frame.earlier is not None else None
    for appraisal in snapshot.appraisals:
        rows = await asyncio.to_thread(rows_of, frame.cycle.period, appraisal, snapshot,
                                       cards[appraisal.chosen.scheme.key])
        await frame.wire.send(store.upsert(conn, tenant_id, cycle_id, run_id, snapshot.profile.currency, rows))
        digests += [each[store.DIGEST] for each in rows]
    if others is not None:
        await frame.wire.send(store.keep_others(conn, tenant_id, cycle_id, run_id, others))
    await frame.wire.send(store.remove_vanished(conn, tenant_id, cycle_id, run_id))
    if others is None:
        return digests
    await frame.wire.settle()
    return await store.digests(conn, tenant_id, cycle_id)


async def amend_rewards(at: Amending, snapshot: Snapshot, appraisal: Appraisal, ids: Mapping[UUID, UUID],
                        ) -> list[tuple[str | None, str | None]]:
    """Bring the rewards of some people of a scheme up to date; the digests of the lines that differ, before and
    after."""
    cards = {who.subject: ids[who.id] for who in appraisal.people}
    rows = rows_of(at.cycle.period, appraisal, snapshot, cards)
    return await store.amend(at.conn, at.tenant_id, at.cycle.id, at.run.id, snapshot.profile.currency,
                             appraisal.chosen.scheme.key, ids.keys() & {who.id for who in appraisal.people}, rows)


def rows_of(period: str, appraisal: Appraisal, snapshot: Snapshot,
            ids: Mapping[Subject, UUID]) -> list[tuple[Any, ...]]:
    """The reward lines of a scheme, as rows."""
    people, chosen = {who.subject: who for who in appraisal.people}, appraisal.chosen
    places = {rule.key: place for place, rule in enumerate(chosen.reward.rules)} if chosen.reward else {}
    lines = lines_of(period, appraisal, snapshot)
    # Of many who are paid alike there is one explanation: it is known by its identity, and ``lines`` keeps it.
    spelt = {id(steps): steps_text(steps) for steps in {id(line.steps): line.steps for line in lines}.values()}
    return [row(period, chosen.scheme.key, line, people[line.subject], ids[line.subject], places[line.rule_key],
                spelt[id(line.steps)]) for line in lines]


def steps_text(steps: Sequence[Step]) -> str:
    """The explanation of a line as it is kept."""
    return STEPS.encode(steps)


def lines_of(period: str, appraisal: Appraisal, snapshot: Snapshot) -> tuple[RewardLine, ...]:
    """What the scheme's table gives; nothing where it has none."""
    chosen = appraisal.chosen
    if chosen.reward is None:
        return ()
    return reward(chosen.reward, chosen.scheme, tuple(appraisal.cards.values()), appraisal.readings, appraisal.places,
                  appraisal.declarations, facts_of(appraisal, snapshot), period)


def row(period: str, scheme: str, line: RewardLine, who: Appraised, card: UUID, place: int,
        steps: str) -> tuple[Any, ...]:
    """The line as the columns of ``REWARD_LINE``."""
    require_size(line.amount, MOST_MONEY, who.subject.key, line.rule_key)
    return (
        card, scheme, who.subject.kind.value, who.id, who.subject.key, line.rule_key, line.kind, line.title.en,
        line.title.zh, line.amount, steps, reward_digest(period, scheme, line), line.act,
        line.detail and line.detail.en, line.detail and line.detail.zh, place,
    )  # fmt: skip
