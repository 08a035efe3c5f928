"""Windows: which instants and days a month, quarter or year has in a time zone.

A period is half-open and begins at local midnight. Where the clock is put forward over midnight the day begins at
the moment of the change; where midnight comes twice, at the first.

Months are calendar months unless a company has fiscal ones. With fiscal months that begin on the 26th, ``2026-05`` runs
from 26 April to before 26 May: it is named by the month in which it ends. With a fiscal year that begins in April,
``2026`` is the twelve months from ``2026-04`` to ``2027-03`` and ``2026-Q1`` the first three of them: years and
quarters are named by the calendar year in which the year's first month lies. A month keeps its name either way.
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
LAST_MONTH_START = 28


class PeriodError(ValueError):
    """Something that names no period, or a time zone that is not known."""


@dataclass(frozen=True, slots=True)
class FiscalCalendar:
    """On which day a company's months begin (1 to 28), and with which month its years."""

    month_start: int = 1
    year_start: int = 1

    def __post_init__(self) -> None:
        if not 1 <= self.month_start <= LAST_MONTH_START:
            raise PeriodError(f"a fiscal month begins on a day from 1 to {LAST_MONTH_START}, not {self.month_start}")
        if not 1 <= self.year_start <= 12:
            raise PeriodError(f"a fiscal year begins with a month from 1 to 12, not {self.year_start}")

    def first_day(self, months: int) -> date:
        """The first day of the month so many months after the beginning of the year 0."""
        if self.month_start == 1:
            return date(months // 12, months % 12 + 1, 1)
        return date((months - 1) // 12, (months - 1) % 12 + 1, self.month_start)


CALENDAR_MONTHS = FiscalCalendar()


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


def window(period: str, zone: str, fiscal: FiscalCalendar | None = None) -> Window:
    """The window of a period in an IANA time zone, by calendar months or the company's fiscal ones.

    >>> window("2026-05", "Asia/Shanghai").start.isoformat()
    '2026-04-30T16:00:00+00:00'
    >>> found = window("2026-Q4", "Asia/Shanghai", FiscalCalendar(month_start=26, year_start=4))
    >>> str(found.first_day), str(found.end_day)
    ('2026-12-26', '2027-03-26')
    """
    kind, year, month = parse(period)
    rule = fiscal or CALENDAR_MONTHS
    months = year * 12 + month - 1 + (0 if kind is PeriodKind.MONTH else rule.year_start - 1)
    try:
        first, end = rule.first_day(months), rule.first_day(months + MONTHS[kind])
        return Window(period, kind, midnight(first, zone), midnight(end, zone), first, end)
    except (OverflowError, ValueError) as problem:
        if isinstance(problem, PeriodError):
            raise
        raise PeriodError(f"{period!r} reaches beyond the years that can be counted") from problem


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
