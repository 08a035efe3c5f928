"""Working hours as people write them, ``09:00-12:00``, and a whole calendar as a plain document.

The document is the ``[calendar]`` of a company's manifest, the JSON of a mutation and what is stored: hours by weekday,
holidays, and the days of work that make up for them.
"""

import re
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from meritline_sdk.evaluate.calendars import DAY_SECONDS, CalendarError, Hours, WorkCalendar

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
SPELLING = re.compile(r"([01][0-9]|2[0-4]):([0-5][0-9])-([01][0-9]|2[0-4]):([0-5][0-9])", re.ASCII)


def hours_of(text: str) -> tuple[int, int]:
    """The seconds of the day between which work is done.

    >>> hours_of("13:30-18:00")
    (48600, 64800)
    """
    found = SPELLING.fullmatch(text)
    first, first_minute, last, last_minute = map(int, found.groups()) if found else (0, 0, 0, 0)
    start, end = first * 3600 + first_minute * 60, last * 3600 + last_minute * 60
    if not 0 <= start < end <= DAY_SECONDS:
        raise CalendarError(f"{text!r} are not working hours of one day: write 09:00-12:00, or 22:00-24:00")
    return start, end


def spelled(hours: Iterable[tuple[int, int]]) -> list[str]:
    """The hours of a day as people write them.

    >>> spelled([(48600, 64800)])
    ['13:30-18:00']
    """
    return ["-".join(f"{edge // 3600:02}:{edge % 3600 // 60:02}" for edge in pair) for pair in hours]


def calendar_from(document: Mapping[str, Any]) -> WorkCalendar:
    """The calendar of a plain document, whose days are dates or their ISO text."""
    week = document.get("working_hours", {})
    unknown = sorted({*document} - {"working_hours", "holidays", "working_days"}) + sorted({*week} - {*WEEKDAYS})
    if unknown:
        raise CalendarError(f"a calendar has no {unknown[0]!r}")
    worked = tuple((day_of(day), hours_of_day(texts)) for day, texts in document.get("working_days", {}).items())
    free = tuple((day_of(day), ()) for day in document.get("holidays", ()))
    return WorkCalendar(tuple(hours_of_day(week.get(day, ())) for day in WEEKDAYS), (*worked, *free))


def plain_of(calendar: WorkCalendar) -> dict[str, Any]:
    """The calendar as a plain document; one spelling for equal calendars."""
    week = zip(WEEKDAYS, calendar.week, strict=True)
    return {
        "working_hours": {day: spelled(hours) for day, hours in week if hours},
        "holidays": [day.isoformat() for day, hours in calendar.exceptions if not hours],
        "working_days": {day.isoformat(): spelled(hours) for day, hours in calendar.exceptions if hours},
    }


def hours_of_day(texts: Iterable[str]) -> Hours:
    """The hours of one day."""
    return tuple(hours_of(text) for text in texts)


def day_of(value: date | str) -> date:
    """The day."""
    return date.fromisoformat(value) if isinstance(value, str) else value
