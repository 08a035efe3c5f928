"""A company's calendar as a document: ``[calendar]`` and ``[fiscal]`` of tenant.toml, and the JSON of ``saveCalendar``.

Decides how working hours, holidays and fiscal months are written. What a document does not name stays as it is; in
JSON, null takes it away.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any, Final

from meritline.documents import Document, Table
from meritline.errors import Problem, Refused
from meritline.tenancy.values import Profile
from meritline_sdk.evaluate.calendars import CalendarError, Hours, WorkCalendar, joined
from meritline_sdk.evaluate.hours import WEEKDAYS, hours_of, plain_of
from meritline_sdk.evaluate.windows import CALENDAR_MONTHS, LAST_MONTH_START, FiscalCalendar

MONTHS: Final = ("january", "february", "march", "april", "may", "june", "july", "august", "september", "october",
                 "november", "december")  # fmt: skip
MOST_DAYS: Final = 5_000


@dataclass(frozen=True, slots=True)
class CalendarDraft:
    """What a document says of the calendar: ``calendar`` and ``fiscal`` of a profile, each only where it is named."""

    document: Document
    changes: Mapping[str, Any] = field(default_factory=dict)

    def applied(self, profile: Profile) -> Profile:
        """The profile with the calendar that the document wants."""
        return replace(profile, **self.changes)


def read_calendar(table: Table) -> CalendarDraft:
    """The two tables inside this one; every mistake is collected with its place."""
    changes: dict[str, Any] = {}
    calendar, fiscal = table.table("calendar"), table.table("fiscal")
    if "calendar" in table.data:
        changes["calendar"] = None if calendar is None else read_work(calendar)
    if "fiscal" in table.data:
        changes["fiscal"] = CALENDAR_MONTHS if fiscal is None else read_fiscal(fiscal)
    return CalendarDraft(table.document, changes)


def given_calendar(document: Document) -> CalendarDraft:
    """What a document says that holds nothing else; refused with all its mistakes."""
    problems: list[Problem] = []
    table = Table(document, problems)
    draft = read_calendar(table)
    table.finish()
    if problems:
        raise Refused(problems)
    return draft


def read_work(table: Table) -> WorkCalendar | None:
    """Working hours, holidays and the days of work that make up for them."""
    found = len(table.problems)
    week = read_week(table)
    worked = read_worked_days(table)
    free = read_holidays(table)
    table.finish()
    if len(free) + len(worked) > MOST_DAYS:
        table.report("E-CALENDAR-MANY", value=len(free) + len(worked), most=MOST_DAYS)
    for place, day in free:
        if day in worked:
            table.report("E-CALENDAR-DAY", "holidays", place, value=day)
    if len(table.problems) > found:
        return None
    return WorkCalendar(week, (*worked.items(), *((day, ()) for _, day in free)))


def read_week(table: Table) -> tuple[Hours, ...]:
    """The hours of each weekday; a day that is not named is free."""
    week = table.table("working_hours", required=True)
    if week is None:
        return ((),) * len(WEEKDAYS)
    found = tuple(read_hours(week, day) for day in WEEKDAYS)
    week.finish()
    if not any(week.data.values()):
        table.report("E-CALENDAR-EMPTY", "working_hours")
    return found


def read_hours(table: Table, key: str) -> Hours:
    """The hours of one day."""
    value = table.raw(key)
    if value is None:
        return ()
    if not isinstance(value, list | tuple):
        table.report("E-DOC-LIST", key, value=value)
        return ()
    found: list[tuple[int, int]] = []
    for place, text in enumerate(value):
        try:
            found.append(hours_of(str(text)))
        except CalendarError:
            table.report("E-CALENDAR-HOURS", key, place, value=text)
    try:
        return joined(found)
    except CalendarError:
        table.report("E-CALENDAR-OVERLAP", key, value=", ".join(map(str, value)))
        return ()


def read_worked_days(table: Table) -> dict[date, Hours]:
    """The days with hours of their own."""
    days = table.table("working_days")
    found: dict[date, Hours] = {}
    for key in days.data if days else ():
        day = day_of(key)
        if day is None:
            table.report("E-DOC-DATE", "working_days", key, value=key)
        elif hours := read_hours(days, key) if days else ():
            found[day] = hours
        elif days and not days.data[key]:
            days.report("E-CALENDAR-HOURS", key, value="")
    return found


def read_holidays(table: Table) -> list[tuple[int, date]]:
    """The free days with their places in the list."""
    value = table.raw("holidays")
    if value is None:
        return []
    if not isinstance(value, list | tuple):
        table.report("E-DOC-LIST", "holidays", value=value)
        return []
    found: list[tuple[int, date]] = []
    seen: set[date] = set()
    for place, each in enumerate(value):
        day = day_of(each)
        if day is None:
            table.report("E-DOC-DATE", "holidays", place, value=each)
        elif day in seen:
            table.report("E-DOC-TWICE", "holidays", place, value=day)
        else:
            seen.add(day)
            found.append((place, day))
    return found


def day_of(value: object) -> date | None:
    """A day of TOML, or the text of one."""
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    try:
        return date.fromisoformat(value) if isinstance(value, str) and len(value) == len("2026-05-01") else None
    except ValueError:
        return None


def read_fiscal(table: Table) -> FiscalCalendar:
    """On which day months begin, and with which month years."""
    start = table.whole("month_start", least=1, default=1) or 1
    if start > LAST_MONTH_START:
        table.report("E-FISCAL-MONTH", "month_start", value=start, most=LAST_MONTH_START)
        start = 1
    year = table.choice("year_start", MONTHS, default=MONTHS[0]) or MONTHS[0]
    table.finish()
    return FiscalCalendar(start, MONTHS.index(year) + 1)


def fiscal_document(fiscal: FiscalCalendar) -> dict[str, Any]:
    """``[fiscal]``."""
    return {"month_start": fiscal.month_start, "year_start": MONTHS[fiscal.year_start - 1]}


def fiscal_of(document: Mapping[str, Any]) -> FiscalCalendar:
    """The fiscal months of a stored document."""
    return FiscalCalendar(document["month_start"], MONTHS.index(document["year_start"]) + 1)


def calendar_tables(profile: Profile) -> dict[str, Any]:
    """``[calendar]`` and ``[fiscal]`` as tenant.toml has them, with real days; nothing where nobody set anything."""
    found: dict[str, Any] = {}
    if profile.calendar is not None:
        plain = plain_of(profile.calendar)
        found["calendar"] = {**plain, "holidays": [date.fromisoformat(day) for day in plain["holidays"]]}
    if profile.fiscal != CALENDAR_MONTHS:
        found["fiscal"] = fiscal_document(profile.fiscal)
    return found
