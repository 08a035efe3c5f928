"""What a company measures and by which schemes: its own versioned rows, read back as SDK values.

This is the door for everyone who computes; what changes definitions stands in ``schemes`` and ``indicators`` and is
offered here too.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from uuid import UUID

from meritline.appraisal import schemes_store as store
from meritline.appraisal.indicators import TenantIndicator, bound, save_indicator
from meritline.appraisal.pins import NO_PINS, Pins, as_pinned, pins_of
from meritline.appraisal.pins_store import parsed
from meritline.appraisal.reward_tables import save_reward_table
from meritline.appraisal.schemes import Saved, save_scheme
from meritline.db import Connection
from meritline_sdk import RewardTable, Scheme

__all__ = [
    "Saved", "SchemeInForce", "TenantIndicator", "as_pinned", "indicators_of", "parsed", "save_indicator",
    "save_reward_table", "save_scheme", "schemes_in_force",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class SchemeInForce:
    """The version of a scheme that decides on a day, with the reward table that goes with it, if there is one.

    ``pins`` are the definitions they were saved with; what both pinned is read as the scheme has it.
    """

    scheme_id: UUID
    version_id: UUID
    version: int
    scheme: Scheme
    hash: str
    valid_from: date
    reward: RewardTable | None = None
    reward_version_id: UUID | None = None
    reward_hash: str | None = None
    pins: Pins = NO_PINS


async def indicators_of(conn: Connection, tenant_id: UUID) -> tuple[TenantIndicator, ...]:
    """The company's indicators with their present parameters, by key; also those that were put away, since an earlier
    period may be computed again by a scheme that read them then."""
    rows = await store.indicators(conn, tenant_id, retired=True)
    return tuple(bound(row, parsed(row["definition_hash"], row["body"])) for row in rows)


async def schemes_in_force(conn: Connection, tenant_id: UUID, on: date) -> tuple[SchemeInForce, ...]:
    """Of each scheme the version that decides on the day: the latest that is valid by then; by key."""
    rewards = {row["scheme_key"]: row for row in await store.rewards_on(conn, tenant_id, on)}
    return tuple(in_force(await store.schemes_on(conn, tenant_id, on), rewards))


def in_force(rows: Iterable[Any], rewards: dict[str, Any]) -> Iterable[SchemeInForce]:
    """Schemes with their rewards."""
    for row in rows:
        found = SchemeInForce(
            row["scheme_id"], row["id"], row["version"], parsed(row["definition_hash"], row["body"]),
            row["definition_hash"], row["valid_from"], pins=pins_of(row["pins"]),
        )  # fmt: skip
        reward = rewards.get(row["key"])
        if reward is None:
            yield found
            continue
        table = parsed(reward["definition_hash"], reward["body"])
        yield replace(found, reward=table, reward_version_id=reward["id"], reward_hash=reward["definition_hash"],
                      pins=pins_of(reward["pins"], row["pins"]))
