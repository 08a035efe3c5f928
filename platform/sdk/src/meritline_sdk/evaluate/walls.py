"""What the clock on the wall of a time zone shows, and when: whatever changes of the clock lie between.

``instant_of`` decides which instant a wall-clock time names: where it comes twice, the first; where the clock was put
forward over it, the moment of the change. In other words: the first instant at which the clock shows that time or a
later one. ``stretches`` cuts a span of time at the changes of the clock, so that inside each the offset is one.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

STEP = timedelta(days=1)
MICROSECOND = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class Stretch:
    """From ``start`` to before ``end`` (UTC) the wall clock is ``offset`` ahead of UTC."""

    start: datetime
    end: datetime
    offset: timedelta


def instant_of(wall: datetime, zone: ZoneInfo) -> datetime:
    """The instant, in UTC, at which the clock of the zone shows the wall-clock time for the first time.

    >>> instant_of(datetime(2026, 3, 8, 2, 30), ZoneInfo("America/New_York")).isoformat()
    '2026-03-08T07:00:00+00:00'
    """
    first, second = (wall.replace(tzinfo=zone, fold=fold).astimezone(UTC) for fold in (0, 1))
    return first if first <= second else change_between(second, first, zone)


def offset_at(moment: datetime, zone: ZoneInfo) -> timedelta:
    """How far the wall clock is ahead of UTC at the instant."""
    return moment.astimezone(zone).utcoffset() or timedelta()


def change_between(start: datetime, end: datetime, zone: ZoneInfo) -> datetime:
    """The first instant after ``start`` with another offset than there; ``end`` has another one."""
    before, low, high = offset_at(start, zone), 0, (end - start) // MICROSECOND
    while high - low > 1:
        middle = (low + high) // 2
        if offset_at(start + middle * MICROSECOND, zone) == before:
            low = middle
        else:
            high = middle
    return start + high * MICROSECOND


def stretches(start: datetime, end: datetime, zone: ZoneInfo) -> list[Stretch]:
    """The span cut at every change of the clock, gap-free and in order."""
    found: list[Stretch] = []
    opened, seen, offset = start, start, offset_at(start, zone)
    while seen < end:
        after = min(seen + STEP, end)
        if offset_at(after, zone) == offset:
            seen = after
            continue
        seen = change_between(seen, after, zone)
        if seen < end:
            found.append(Stretch(opened, seen, offset))
            opened, offset = seen, offset_at(seen, zone)
    return [*found, Stretch(opened, end, offset)]
