"""Periods of a tenant: their instants and local days. Decides what the server says when a period or zone is wrong.

The calendar itself is the SDK's (``meritline_sdk.evaluate.windows``), so that golden cases of plugins agree with it.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from meritline.errors import MeritlineError
from meritline_sdk.evaluate import windows
from meritline_sdk.evaluate.windows import FiscalCalendar, PeriodError, Window
from meritline_sdk.model.schemes import PeriodKind

__all__ = ["LocalDay", "PeriodKind", "PeriodRefused", "Window", "inside", "kind_of", "local_days", "previous",
           "shorter", "window", "windows_back"]


class PeriodRefused(MeritlineError):
    """What was given names no period."""

    code = "E-PERIOD"


class ZoneRefused(MeritlineError):
    """What was given names no time zone."""

    code = "E-TIME-ZONE"


@dataclass(frozen=True, slots=True)
class LocalDay:
    """A calendar day of the tenant and the instants between which it lies; a day the zone skipped is empty."""

    day: date
    start: datetime
    end: datetime


def kind_of(period: str) -> PeriodKind:
    """Whether the period is a month, a quarter or a year."""
    try:
        return windows.parse(period)[0]
    except PeriodError as problem:
        raise PeriodRefused(field="period", value=period) from problem


def window(period: str, zone: str, fiscal: FiscalCalendar | None = None) -> Window:
    """The window of ``2026-05``, ``2026-Q2`` or ``2026`` in the zone, by the fiscal months if there are any."""
    kind_of(period)
    require_zone(zone)
    try:
        return windows.window(period, zone, fiscal)
    except PeriodError as problem:
        raise PeriodRefused(field="period", value=period) from problem


def previous(period: str, count: int = 1) -> str:
    """The period so many of its kind before."""
    kind_of(period)
    try:
        return windows.earlier(period, count)
    except PeriodError as problem:
        raise PeriodRefused(field="period", value=period) from problem


def shorter(kind: PeriodKind) -> PeriodKind | None:
    """The next shorter kind: a year is made of quarters, a quarter of months."""
    return {PeriodKind.YEAR: PeriodKind.QUARTER, PeriodKind.QUARTER: PeriodKind.MONTH}.get(kind)


def inside(period: str, kind: PeriodKind, fiscal: FiscalCalendar | None = None) -> tuple[str, ...]:
    """The periods of the shorter kind that make up this one, in order.

    >>> inside("2026-Q2", PeriodKind.MONTH)
    ('2026-04', '2026-05', '2026-06')
    >>> inside("2026-Q4", PeriodKind.MONTH, FiscalCalendar(year_start=4))
    ('2027-01', '2027-02', '2027-03')
    """
    own = kind_of(period)
    _, year, month = windows.parse(period)
    count = windows.MONTHS[own] // windows.MONTHS[kind]
    # A month has its calendar name; quarters and years begin with the fiscal year.
    shift = (fiscal or windows.CALENDAR_MONTHS).year_start - 1 if kind is PeriodKind.MONTH else 0
    months = year * 12 + month - 1 + (shift if own is not PeriodKind.MONTH else 0)
    first = windows.spell(kind, months // 12, months % 12 + 1)
    return tuple(previous(first, -place) for place in range(count))


def windows_back(period: str, zone: str, fiscal: FiscalCalendar | None = None) -> Callable[[int], Window]:
    """What measuring asks for: the window so many periods earlier."""
    return lambda earlier: window(previous(period, earlier), zone, fiscal)


def local_days(found: Window, zone: str) -> tuple[LocalDay, ...]:
    """Every local day of the window, so that a database never has to convert a time zone."""
    require_zone(zone)
    days = [found.first_day + timedelta(days=count) for count in range((found.end_day - found.first_day).days + 1)]
    starts = [windows.midnight(day, zone) for day in days]
    return tuple(LocalDay(day, start, end) for day, start, end in zip(days, starts, starts[1:], strict=False))


def require_zone(zone: str) -> None:
    """Raise unless the name is an IANA time zone."""
    try:
        windows.zone_of(zone)
    except PeriodError as problem:
        raise ZoneRefused(field="time_zone", value=zone) from problem
