"""Windows: which instants and days a month, quarter or year has in a time zone.

A period is half-open and begins at local midnight. Where the clock is put forward over midnight the day begins at
the moment of the change; where midnight comes twice, at the first.
"""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from meritline_sdk.evaluate.walls import instant_of
from meritline_sdk.model.schemes import PeriodKind

MONTHS = {PeriodKind.MONTH: 1, PeriodKind.QUARTER: 3, PeriodKind.YEAR: 12}
SPELLING = re.compile(r"(?P<year>[0-9]{4})(?:-(?:(?P<month>0[1-9]|1[0-2])|Q(?P<quarter>[1-4])))?")
LAST_YEAR = 9998


class PeriodError(ValueError):
    """Something that names no period, or a time zone that is not known."""


@dataclass(frozen=True, slots=True)
class Window:
    """A period in a time zone: instants from ``start`` to before ``end`` (UTC), days likewise."""

    period: str
    kind: PeriodKind
    start: datetime
    end: datetime
    first_day: date
    end_day: date

    def holds(self, moment: datetime | date) -> bool:
        """Whether the instant, or the local day, lies in the period."""
        if isinstance(moment, datetime):
            return self.start <= moment.astimezone(UTC) < self.end
        return self.first_day <= moment < self.end_day


def parse(period: str) -> tuple[PeriodKind, int, int]:
    """The kind, the year and the first month of ``2026-05``, ``2026-Q2`` or ``2026``.

    >>> parse("2026-Q2")[1:]
    (2026, 4)
    """
    found = SPELLING.fullmatch(period)
    if found is None or not 1 <= int(found["year"]) <= LAST_YEAR:
        raise PeriodError(f"{period!r} is not a period: write a month 2026-05, a quarter 2026-Q2 or a year 2026")
    if found["month"]:
        return PeriodKind.MONTH, int(found["year"]), int(found["month"])
    if found["quarter"]:
        return PeriodKind.QUARTER, int(found["year"]), int(found["quarter"]) * 3 - 2
    return PeriodKind.YEAR, int(found["year"]), 1


def spell(kind: PeriodKind, year: int, month: int) -> str:
    """The period's name; the inverse of ``parse``."""
    if kind is PeriodKind.MONTH:
        return f"{year:04}-{month:02}"
    return f"{year:04}-Q{(month + 2) // 3}" if kind is PeriodKind.QUARTER else f"{year:04}"


def earlier(period: str, count: int = 1) -> str:
    """The period so many of its kind before; a negative count goes forward.

    >>> earlier("2026-01"), earlier("2026-Q1"), earlier("2026", -1)
    ('2025-12', '2025-Q4', '2027')
    """
    kind, year, month = parse(period)
    months = year * 12 + month - 1 - count * MONTHS[kind]
    if not 12 <= months < (LAST_YEAR + 1) * 12:
        raise PeriodError(f"there is no period {count} before {period!r}")
    return spell(kind, months // 12, months % 12 + 1)


def window(period: str, zone: str) -> Window:
    """The window of a period in an IANA time zone.

    >>> window("2026-05", "Asia/Shanghai").start.isoformat()
    '2026-04-30T16:00:00+00:00'
    """
    kind, year, month = parse(period)
    first = date(year, month, 1)
    after = year * 12 + month - 1 + MONTHS[kind]
    end = date(after // 12, after % 12 + 1, 1)
    return Window(period, kind, midnight(first, zone), midnight(end, zone), first, end)


def midnight(day: date, zone: str) -> datetime:
    """The instant at which the local day begins, in UTC."""
    return instant_of(datetime.combine(day, time()), zone_of(zone))


# Files beside the zones that name no place: the machine's own zone, and clocks that count leap seconds.
NO_PLACES = ("localtime", "posixrules", "Factory", "posix/", "right/")


@lru_cache(maxsize=512)
def zone_of(name: str) -> ZoneInfo:
    """The time zone of this name; the same on every machine."""
    try:
        if name.startswith(NO_PLACES):
            raise ValueError(name)
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as problem:
        raise PeriodError(f"{name!r} is not a time zone: write an IANA name such as Asia/Shanghai") from problem
