"""The months of windows, and the days that a mark may mean. Decides which days are rebuilt for a mark.

A month of the state begins on any day up to the 28th, as a company's months do, and lasts to the same day of the next.
A day of the state lasts from one local midnight to the next, as windows and stays do. A mark tells the local day by the
offset of its moment; where the clock is changed around midnight the two may differ, so the neighbours are meant too.
"""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from itertools import pairwise

from meritline.records.clock import offsets
from meritline_sdk.evaluate.windows import Window, midnight, zone_of
from meritline_sdk.model.schemes import PeriodKind

ONE_DAY = timedelta(days=1)
NEAR_MIDNIGHT = timedelta(hours=4)
FIRST_SURE, LAST_SURE = date(1970, 1, 3), date(2099, 12, 28)
LAST_MONTH_DAY = 28


def next_month(month: date) -> date:
    """The same day of the next month."""
    return date(month.year + month.month // 12, month.month % 12 + 1, month.day)


def months_of(window: Window) -> tuple[date, ...]:
    """The months that make up the window; none where it is not made of months."""
    if window.first_day.day > LAST_MONTH_DAY:
        return ()
    found, month = [], window.first_day
    try:
        while month < window.end_day:
            found.append(month)
            month = next_month(month)
    except ValueError:
        return ()
    return tuple(found) if month == window.end_day else ()


def days_window(first: date, end: date, zone: str) -> Window:
    """The window of some days."""
    return Window("", PeriodKind.MONTH, midnight(first, zone), midnight(end, zone), first, end)


def days_between(first: date, end: date) -> Iterator[date]:
    """Every day from the first to before the end."""
    return (first + timedelta(days=count) for count in range((end - first).days))


def meant(day: date, zone: str) -> tuple[date, ...]:
    """The days of the state that a mark of the day may be about."""
    if FIRST_SURE <= day <= LAST_SURE and day not in odd_days(zone):
        return (day,)
    around = (day.toordinal() + count for count in (-1, 0, 1))
    return tuple(date.fromordinal(each) for each in around if 0 < each <= date.max.toordinal())


@lru_cache(maxsize=256)
def odd_days(zone: str) -> frozenset[date]:
    """The local days around a change of the clock near midnight."""
    found: set[date] = set()
    changes = offsets(zone_of(zone))
    for (_, before), (change, after) in pairwise(changes):
        for offset in (before, after):
            local = (change + offset).replace(tzinfo=None)
            if (local - NEAR_MIDNIGHT).date() != (local + NEAR_MIDNIGHT).date():
                found |= {(local + timedelta(days=count)).date() for count in (-1, 0, 1)}
    return frozenset(found)


def epoch() -> datetime:
    """Before anything was recorded."""
    return datetime(1, 1, 2, tzinfo=UTC)
