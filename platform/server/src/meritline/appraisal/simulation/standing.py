"""What stands in the cycles: the run that counts, its cards and money, and which of its readings a draft may use.

Decides that a stored reading is used only where the indicator is defined and set as it was for the run: then the
records of that run, as known then, give the same.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from meritline.appraisal.definitions import TenantIndicator, parsed
from meritline.appraisal.pins import Pin, Pins
from meritline.appraisal.rated import source_key
from meritline.appraisal.run.needs import Need
from meritline.appraisal.run.seen import read_again
from meritline.appraisal.simulation import store
from meritline.appraisal.simulation.outcomes import Side, Who
from meritline.db import Connection
from meritline_sdk.evaluate.plans import HUNDRED
from meritline_sdk.evaluate.quick import QuickScore, Seen, judged
from meritline_sdk.evaluate.quick_lines import ratio
from meritline_sdk.model.canonical import to_plain
from meritline_sdk.model.indicators import Indicator
from meritline_sdk.model.items import SCORE
from meritline_sdk.model.rewards import RewardTable
from meritline_sdk.model.schemes import Scheme

NOTHING: Final = Decimal("0.00")


@dataclass(frozen=True, slots=True)
class Standing:
    """A scheme in the run that counts for a period."""

    period: str
    cycle_id: UUID
    run_id: UUID
    known_at: datetime
    key: str
    scheme: Scheme
    table: RewardTable | None
    definitions: Mapping[str, Any]

    @property
    def pins(self) -> Pins:
        """The definitions that the run read by."""
        return {key: Pin(one["hash"], "") for key, one in self.definitions.items()}


@dataclass(frozen=True, slots=True)
class Cards:
    """The cards of a scheme in a run, in order of code, with their money; ``scores`` are as scoring gives them."""

    people: Sequence[Who]
    sides: Mapping[str, Side]
    scores: Sequence[QuickScore]
    among: int

    @property
    def names(self) -> dict[str, str]:
        """What everybody is called."""
        return {who.code: who.name for who in self.people}


async def standing_of(conn: Connection, tenant_id: UUID, periods: tuple[str, ...]) -> dict[str, dict[str, Standing]]:
    """By period and scheme."""
    found: dict[str, dict[str, Standing]] = {period: {} for period in periods}
    for row in await store.runs(conn, tenant_id, periods):
        if row["scheme_key"] is not None:
            reward = None if row["reward"] is None else parsed(row["reward_hash"], row["reward"])
            found[row["period"]][row["scheme_key"]] = Standing(
                row["period"], row["cycle_id"], row["run_id"], row["known_at"], row["scheme_key"],
                parsed(row["scheme_hash"], row["scheme"]), reward, json.loads(row["definitions"]))
    return found


async def cards_of(conn: Connection, tenant_id: UUID, held: Standing) -> Cards:
    """The cards with their money."""
    rows = await store.cards(conn, tenant_id, held.run_id, [held.key])
    paid = {row["subject_code"]: row["amount"]
            for row in await store.money(conn, tenant_id, held.cycle_id, [held.key])}
    none = None if held.table is None else NOTHING
    people: list[Who] = []
    sides: dict[str, Side] = {}
    scores: list[QuickScore] = []
    among = 0
    for code, name, department, score, exact, grade, rank, among, state, passed in rows:  # noqa: B007
        people.append(Who(code, name, department))
        amount = paid.get(code)
        sides[code] = Side(score, grade, rank, state, passed, none if amount is None else amount)
        scores.append(QuickScore(*ratio(exact or "0"), score, grade, passed, state, HUNDRED, 0))
    return Cards(people, sides, scores, among)


async def stored(conn: Connection, tenant_id: UUID, held: Standing, wanted: Sequence[Need],
                 known: Mapping[str, TenantIndicator], cells: dict[str, Seen]) -> dict[Need, list[Seen]]:
    """The readings of the run that may be used, in the order of its cards: those whose indicator is as it was.

    ``cells`` are those that were spelt out already, in whatever period.
    """
    keys = sorted({key for key, _ in wanted if unchanged(key, held, known)})
    found: dict[Need, list[Seen]] = {}
    for row in await store.readings(conn, tenant_id, held.run_id, held.key, keys):
        key = row["indicator_key"]
        minimum = other_minimum(held.definitions.get(key), known.get(key))
        column = read_again(row["readings"], cells)
        found[key, row["read_from"]] = column if minimum is None else [judged(cell, minimum) for cell in column]
    return found


def unchanged(key: str, held: Standing, known: Mapping[str, TenantIndicator]) -> bool:
    """Whether the reading would be the same now; of what is rated, also what asks for the ratings must be as it was."""
    if key.startswith(SCORE):
        return True
    source = source_key(key, known[key].indicator) if key in known else key
    return all(same(held.definitions.get(each), known.get(each)) for each in {key, source})


def same(then: Mapping[str, Any] | None, now: TenantIndicator | None) -> bool:
    """Whether the indicator is defined and set as it was; of what is rated, its minimum is part of the reading."""
    if then is None or now is None or then["hash"] != now.definition_hash:
        return False
    parameters = {name: to_plain(value) for name, value in now.parameters.items()}
    if json.loads(json.dumps(parameters)) != then["parameters"]:
        return False
    return isinstance(now.indicator, Indicator) or then["minimum_sample"] == now.minimum_sample


def other_minimum(then: Mapping[str, Any] | None, now: TenantIndicator | None) -> int | None:
    """By which minimum sample a stored reading is judged anew; None where it is the same."""
    if then is None or now is None or then["minimum_sample"] == now.minimum_sample:
        return None
    # Without a minimum to speak of, a count of nothing is a result: as ``readings.read`` has it.
    return now.minimum_sample if now.minimum_sample > 1 else 0
