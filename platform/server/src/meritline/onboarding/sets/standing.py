"""What a company has of indicator sets, and what reads it. Decides which versions of schemes and reward tables count:
those that decide today or later."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from meritline.appraisal import schemes_store as store
from meritline.appraisal.indicators import TenantIndicator, bound, parse_row
from meritline.appraisal.own.saving import in_force
from meritline.appraisal.pins import Pins, pins_of
from meritline.appraisal.pins_store import REWARDS, SCHEME
from meritline.appraisal.schemes_overlap import TEMPLATE
from meritline.db import Connection
from meritline_sdk import RewardTable, Scheme, SubjectKind, Text
from meritline_sdk.model.canonical import parse


@dataclass(frozen=True, slots=True)
class Deciding:
    """A version of a scheme or reward table that decides today or later; ``last`` is the number of its newest one."""

    kind: str
    key: str
    value: Scheme | RewardTable
    version: int
    valid_from: date
    until: date
    created_by: str
    pins: Pins

    @property
    def title(self) -> Text:
        """What it is called."""
        return self.value.title

    @property
    def untouched(self) -> bool:
        """Whether it stands as its set brought it."""
        return self.created_by.startswith(TEMPLATE)

    @property
    def for_nobody(self) -> bool:
        """Whether it appraises nobody whoever comes: an employees' scheme without positions."""
        one = self.value
        return isinstance(one, Scheme) and one.subject is SubjectKind.EMPLOYEE and not one.for_positions


@dataclass(frozen=True, slots=True)
class Sets:
    """Indicators by key, also those that were put away (``retired``), the enabled sets' rows, and what decides."""

    indicators: Mapping[str, TenantIndicator]
    retired: frozenset[str]
    enabled: Mapping[str, Any]
    deciding: tuple[Deciding, ...]

    def readers(self, key: str) -> tuple[Deciding, ...]:
        """What reads an indicator, today or later, for somebody."""
        return tuple(one for one in self.deciding if key in one.pins and not one.for_nobody)

    def of_set(self, set_key: str) -> dict[str, TenantIndicator]:
        """The indicators that a set brought and that are not put away."""
        return {key: one for key, one in self.indicators.items() if one.set_key == set_key and key not in self.retired}


async def sets_of(conn: Connection, tenant_id: UUID, today: date | None) -> Sets:
    """Read it; without a day every version counts."""
    rows = await store.indicators(conn, tenant_id, retired=True)
    ends = await store.ends_of(conn, tenant_id)
    schemes = versions(SCHEME, await store.scheme_versions(conn, tenant_id), ends, "key", today)
    tables = versions(REWARDS, await store.reward_versions(conn, tenant_id), ends, "scheme_key", today)
    every = (*schemes, *tables)
    return Sets(
        {row["key"]: bound(row, parse_row(row)) for row in rows},
        frozenset(row["key"] for row in rows if row["retired"]),
        {row["set_key"]: row for row in await store.enabled(conn, tenant_id)},
        tuple(one for one in every if one.until > (today or date.min)),
    )  # fmt: skip


def versions(kind: str, rows: Iterable[Any], ends: Mapping[str, date], scheme: str,
             today: date | None) -> list[Deciding]:
    """The versions of each key that decide today or later; those of what was put away by then last until that day."""
    by_key: dict[str, dict[date, Any]] = {}
    for row in sorted(rows, key=lambda row: (row["key"], row["version"])):
        by_key.setdefault(row["key"], {})[row["valid_from"]] = row  # of one day the newest decides
    return [Deciding(kind, key, parse(row["body"]), row["version"], row["valid_from"],
                     ends.get(row[scheme], date.max), row["created_by"], pins_of(row["pins"]))
            for key, some in by_key.items() for row in in_force([*some.values()], today)]
