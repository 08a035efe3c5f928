"""The calendar of a company: what everyone asks who makes a window. Decides which changes of it are refused.

A cycle has the window with which it was opened: neither another zone nor other fiscal months may move it.
"""

from uuid import UUID

from meritline.db import Connection
from meritline.documents import Document
from meritline.domain.calendars import CompanyCalendar
from meritline.errors import NotFound, Problem, problem
from meritline.tenancy import store
from meritline.tenancy.values import Profile

__all__ = ["CompanyCalendar", "calendar_of", "company_calendar", "moved_cycles"]

MOST_NAMED = 12


async def company_calendar(conn: Connection, tenant_id: UUID) -> CompanyCalendar:
    """Zone, working hours and fiscal months as they stand now."""
    profile = await store.profile(conn, tenant_id)
    if profile is None:
        raise NotFound(kind="tenant", value=tenant_id)
    return calendar_of(profile)


def calendar_of(profile: Profile) -> CompanyCalendar:
    """The calendar of a profile."""
    return CompanyCalendar(profile.time_zone, profile.calendar, profile.fiscal)


async def moved_cycles(conn: Connection, tenant_id: UUID, before: Profile, after: Profile,
                       document: Document | None = None) -> list[Problem]:
    """What the change would move: the cycles there are whose windows would be others."""
    was, will = calendar_of(before), calendar_of(after)
    if (was.zone, was.fiscal) == (will.zone, will.fiscal):
        return []
    moved = [period for period in await store.cycle_periods(conn, tenant_id)
             if edges(was, period) != edges(will, period)]
    if not moved:
        return []
    part = "fiscal" if was.fiscal != will.fiscal else "time_zone"
    named = ", ".join(moved[:MOST_NAMED]) + (" …" if len(moved) > MOST_NAMED else "")
    if document is None:
        return [problem("E-CALENDAR-CYCLES", field=part, value=named)]
    return [document.problem("E-CALENDAR-CYCLES", (part,), value=named)]


def edges(calendar: CompanyCalendar, period: str) -> tuple[object, object]:
    """Where the period begins and ends."""
    found = calendar.window(period)
    return found.start, found.end
