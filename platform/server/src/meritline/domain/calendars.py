"""A company's calendar: its zone, its fiscal months, its working hours. The one place where its windows come from.

A run keeps the calendar it was computed with under its hash; what explains the run takes that one, never today's.
"""

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from meritline.domain import periods
from meritline.domain.periods import PeriodKind, Window
from meritline_sdk.evaluate.calendars import Clock, WorkCalendar, clock_for
from meritline_sdk.evaluate.hours import calendar_from, plain_of
from meritline_sdk.evaluate.windows import CALENDAR_MONTHS, FiscalCalendar

__all__ = ["CALENDAR_MONTHS", "CompanyCalendar", "FiscalCalendar", "WorkCalendar", "parse"]


@dataclass(frozen=True, slots=True)
class CompanyCalendar:
    """When a company's days and periods begin, and when it works; without ``work`` there is no working time."""

    zone: str
    work: WorkCalendar | None = None
    fiscal: FiscalCalendar = CALENDAR_MONTHS

    def window(self, period: str) -> Window:
        """The window of ``2026-05``, ``2026-Q2`` or ``2026``."""
        return periods.window(period, self.zone, self.fiscal)

    def windows_back(self, period: str) -> Callable[[int], Window]:
        """The window so many periods earlier."""
        return periods.windows_back(period, self.zone, self.fiscal)

    def inside(self, period: str, kind: PeriodKind) -> tuple[str, ...]:
        """The shorter periods that make up this one."""
        return periods.inside(period, kind, self.fiscal)

    def clock(self, window: Window) -> Clock:
        """Local days and working time around the window."""
        return clock_for(window, self.zone, self.work)

    def text(self) -> str:
        """All of it in one spelling."""
        plain = {"zone": self.zone, "fiscal": asdict(self.fiscal), "work": self.work and plain_of(self.work)}
        return json.dumps(plain, ensure_ascii=False, sort_keys=True, separators=(",", ":"))

    @property
    def hash(self) -> str:
        """The name under which it is kept."""
        return hashlib.sha256(self.text().encode()).hexdigest()


def parse(text: str) -> CompanyCalendar:
    """The calendar again."""
    plain: Mapping[str, Any] = json.loads(text)
    work = plain["work"]
    return CompanyCalendar(plain["zone"], None if work is None else calendar_from(work),
                           FiscalCalendar(**plain["fiscal"]))
