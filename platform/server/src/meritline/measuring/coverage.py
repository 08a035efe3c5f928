"""What the sources delivered. Decides when nothing found means zero, and when it means not measured.

A record type is covered for a window when every local day of it lies in a period that some source delivered for
that type; the periods of all its sources are joined. A window with a gap, such as a month that is not over, is only
partly covered: a count of nothing there is not measured, since a later delivery may still bring something.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from meritline.db.pools import Connection
from meritline_sdk.evaluate.measured import Covered
from meritline_sdk.evaluate.windows import Window
from meritline_sdk.model.measures import OF_NO_RECORDS, Tally

type Days = tuple[date, date]

DELIVERED = """
SELECT record_type, period_from, period_to FROM coverage
WHERE tenant_id = $1 AND period_from < {end}::date AND period_to > {first}::date
UNION ALL (SELECT record_type, NULL::date, NULL::date FROM source WHERE tenant_id = $1
  UNION SELECT record_type, NULL::date, NULL::date FROM coverage WHERE tenant_id = $1)
ORDER BY 1, 2, 3
"""
"""The periods that touch some days, of which first and end are to be named; without days every record type that the
tenant has a source of or delivered."""
DELIVERED_BETWEEN = DELIVERED.format(first="$2", end="$3")


@dataclass(frozen=True, slots=True)
class Coverage:
    """The delivered days of each record type, as half-open ranges that neither touch nor overlap."""

    delivered: Mapping[str, tuple[Days, ...]]
    expected: frozenset[str] = frozenset()
    """The record types that the tenant has a source of, or ever delivered."""

    def full(self, record: str, window: Window) -> bool:
        """Whether every day of the window was delivered."""
        return any(first <= window.first_day and window.end_day <= end for first, end in self.delivered.get(record, ()))

    def partial(self, record: str, window: Window) -> bool:
        """Whether some day of the window was delivered, but not every one."""
        return not self.full(record, window) and any(
            first < window.end_day and window.first_day < end for first, end in self.delivered.get(record, ())
        )

    def covers(self, window_of: Callable[[int], Window]) -> Covered:
        """Whether a tally's own window was delivered, as ``meritline_sdk.evaluate.readings.read`` asks: None where the
        tenant has no source of the record type. Days need no delivery."""

        def covered_tally(tally: Tally) -> bool | None:
            if tally.how in OF_NO_RECORDS or self.full(tally.record, window_of(tally.earlier)):
                return True
            return False if tally.record in self.expected else None

        return covered_tally


async def coverage_of(conn: Connection, tenant_id: UUID, windows: Iterable[Window]) -> Coverage:
    """What was delivered anywhere in the windows; one statement for all of them."""
    rows = await conn.fetch(DELIVERED_BETWEEN, tenant_id, *edges(windows))
    return coverage_from(rows)


def edges(windows: Iterable[Window]) -> Days:
    """From the first day of any of the windows to the end of the last."""
    found = [(each.first_day, each.end_day) for each in windows]
    return min(first for first, _ in found), max(end for _, end in found)


def coverage_from(rows: Iterable[Sequence[Any]]) -> Coverage:
    """What the rows of ``DELIVERED`` say."""
    found: dict[str, list[Days]] = {}
    expected = set[str]()
    for record, first, end in rows:
        if first is None:
            expected.add(record)
            continue
        joined = found.setdefault(record, [])
        if joined and first <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((first, end))
    return Coverage({record: tuple(days) for record, days in found.items()}, frozenset(expected))


async def covered(conn: Connection, tenant_id: UUID, window: Window) -> frozenset[str]:
    """The record types of which every day of the window was delivered."""
    found = await coverage_of(conn, tenant_id, [window])
    return frozenset(record for record in found.delivered if found.full(record, window))
