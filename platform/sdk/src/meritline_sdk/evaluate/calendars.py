"""Calendars of work: when a company works, and how much working time lies between two instants.

A company says its hours as wall-clock times of a week, and the days that differ. Instants are UTC, so a calendar
becomes arrays of instants: an instant is working time exactly where the clock on the wall shows a time inside the
hours of the day it shows. A clock put forward takes the hour away, a clock put back gives it twice.

SQL gets the same answers from the same arrays, bound as they are, all sorted (``width_bucket(x, array)`` is the number
of elements up to and including x, as ``bisect_right`` here; SQL counts array positions from 1):

- the local day of an instant t: ``first_day + width_bucket(t, midnights) - 1``, where
  ``midnights[1] <= t < midnights[the last]``, else null. A day that the zone left out is never the answer.
- the working time up to t, in microseconds: with ``i = width_bucket(t, worked_starts)``,
  ``worked_before[i] + least(t, worked_ends[i]) - worked_starts[i]``, where
  ``midnights[1] <= t <= midnights[the last]``, else null. The first interval is an empty one at the range's start, so
  that i is never 0.
- the working days up to and including day d: ``work_days_before[d - first_day + 2]``, where
  ``first_day <= d < end_day``, else null.
- a wall-clock time on day d: ``clock_times(time)[d - first_day + 1]``, in the same range, else null.

Without a calendar the arrays hold no work; working time and working days are then null, whatever the range.
"""

from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cached_property, lru_cache
from itertools import accumulate, pairwise

from meritline_sdk.evaluate.walls import MICROSECOND, Stretch, instant_of, stretches
from meritline_sdk.evaluate.windows import Window, midnight, zone_of

Hours = tuple[tuple[int, int], ...]

DAY_SECONDS = 86_400
DAY_MICROSECONDS = DAY_SECONDS * 1_000_000
DAYS_BEFORE, DAYS_AFTER = 3_650, 400
FIRST_DAY, END_DAY = date(1, 1, 3), date(9999, 12, 30)


class CalendarError(ValueError):
    """Hours that no day can have."""


@dataclass(frozen=True)
class WorkCalendar:
    """A week of working hours, Monday first, in seconds of the day, and the days with other hours.

    An exception without hours is a holiday, one with hours a day of work. Equal calendars are spelled equal: hours are
    sorted, those that touch are joined, exceptions go by date.

    >>> WorkCalendar(((((32_400, 43_200), (43_200, 64_800)),) * 5 + ((), ()))).week[0]
    ((32400, 64800),)
    """

    week: tuple[Hours, ...]
    exceptions: tuple[tuple[date, Hours], ...] = ()

    def __post_init__(self) -> None:
        if len(self.week) != 7:
            raise CalendarError("a week has seven days, Monday first")
        if len({day for day, _ in self.exceptions}) != len(self.exceptions):
            raise CalendarError("a day has one exception at most")
        object.__setattr__(self, "week", tuple(joined(hours) for hours in self.week))
        object.__setattr__(self, "exceptions", tuple(sorted((day, joined(hours)) for day, hours in self.exceptions)))

    @cached_property
    def by_day(self) -> dict[date, Hours]:
        """The exceptions, to be looked up."""
        return dict(self.exceptions)

    def hours(self, day: date) -> Hours:
        """The working hours of the day; none on a day without work."""
        return self.by_day.get(day, self.week[day.weekday()])


def joined(hours: Iterable[tuple[int, int]]) -> Hours:
    """The hours of one day, sorted; those that touch are one."""
    found: list[tuple[int, int]] = []
    for start, end in sorted(hours):
        if not 0 <= start < end <= DAY_SECONDS:
            raise CalendarError("working hours begin before they end, inside one day")
        if found and start < found[-1][1]:
            raise CalendarError("working hours of one day do not overlap")
        if found and start == found[-1][1]:
            found[-1] = (found[-1][0], end)
        else:
            found.append((start, end))
    return tuple(found)


@dataclass(frozen=True)
class Clock:
    """The days and the working time of a zone, from ``first_day`` to before ``end_day``: outside, all is missing."""

    zone: str
    calendar: WorkCalendar | None
    first_day: date
    end_day: date

    @cached_property
    def days(self) -> tuple[date, int]:
        """The first day, and how many there are."""
        return self.first_day, (self.end_day - self.first_day).days

    @cached_property
    def midnights(self) -> tuple[datetime, ...]:
        """Where each day begins, and where the last ends; equal neighbours are a day that the zone left out."""
        return tuple(midnight(self.first_day + timedelta(days=count), self.zone) for count in range(self.days[1] + 1))

    @cached_property
    def _worked(self) -> tuple[tuple[datetime, datetime], ...]:
        opened, closed = self.midnights[0], self.midnights[-1]
        found = [(opened, opened)]
        for stretch in stretches(opened, closed, zone_of(self.zone)) if self.calendar else ():
            for start, end in self._worked_in(stretch):
                if start == found[-1][1] and len(found) > 1:
                    found[-1] = (found[-1][0], end)
                else:
                    found.append((start, end))
        return tuple(found)

    def _worked_in(self, stretch: Stretch) -> Iterator[tuple[datetime, datetime]]:
        """The working time while the wall clock keeps its offset, cut at the stretch's edges."""
        first, last = ((edge + stretch.offset).date() for edge in (stretch.start, stretch.end))
        for count in range((last - first).days + 1):
            day = first + timedelta(days=count)
            begun = datetime.combine(day, time(), UTC) - stretch.offset
            for opens, closes in self.calendar.hours(day) if self.calendar else ():
                start, end = begun + timedelta(seconds=opens), begun + timedelta(seconds=closes)
                if start < stretch.end and end > stretch.start:
                    yield max(start, stretch.start), min(end, stretch.end)

    @cached_property
    def worked_starts(self) -> tuple[datetime, ...]:
        """Where each interval of working time begins; the first one is empty, at the range's start."""
        return tuple(start for start, _ in self._worked)

    @cached_property
    def worked_ends(self) -> tuple[datetime, ...]:
        """Where each interval of working time ends."""
        return tuple(end for _, end in self._worked)

    @cached_property
    def worked_before(self) -> tuple[int, ...]:
        """The microseconds worked before each interval."""
        return tuple(accumulate(((end - start) // MICROSECOND for start, end in self._worked[:-1]), initial=0))

    @cached_property
    def work_days_before(self) -> tuple[int, ...]:
        """The working days before each day, and before the range's end: one element more than days."""
        worked = (
            bool(self.calendar and begun < ended and self.calendar.hours(self.first_day + timedelta(days=count)))
            for count, (begun, ended) in enumerate(pairwise(self.midnights))
        )
        return tuple(accumulate((int(each) for each in worked), initial=0))

    def local_day(self, instant: datetime) -> date | None:
        """The day in which the instant lies."""
        if not self.midnights[0] <= instant < self.midnights[-1]:
            return None
        return self.first_day + timedelta(days=bisect_right(self.midnights, instant) - 1)

    def worked_until(self, instant: datetime) -> int | None:
        """The microseconds of working time from the range's start to the instant; None without a calendar."""
        if self.calendar is None or not self.midnights[0] <= instant <= self.midnights[-1]:
            return None
        found = bisect_right(self.worked_starts, instant) - 1
        worked = min(instant, self.worked_ends[found]) - self.worked_starts[found]
        return self.worked_before[found] + worked // MICROSECOND

    def work_days_until(self, day: date) -> int | None:
        """The working days from the range's start to the day, which counts as well; None without a calendar."""
        if self.calendar is None or not self.first_day <= day < self.end_day:
            return None
        return self.work_days_before[(day - self.first_day).days + 1]

    def at_clock(self, day: date, microseconds: int) -> datetime | None:
        """The instant at which the clock first shows that time of the local day, or a later one."""
        if not (self.first_day <= day < self.end_day and 0 <= microseconds <= DAY_MICROSECONDS):
            return None
        wall = datetime.combine(day, time()) + timedelta(microseconds=microseconds)
        return instant_of(wall, zone_of(self.zone))

    def clock_times(self, microseconds: int) -> tuple[datetime | None, ...]:
        """``at_clock`` of every day."""
        first, count = self.days
        return tuple(self.at_clock(first + timedelta(days=each), microseconds) for each in range(count))


@lru_cache(maxsize=64)
def _clock(zone: str, calendar: WorkCalendar | None, first_day: date, end_day: date) -> Clock:
    return Clock(zone, calendar, first_day, end_day)


def clock_for(window: Window, zone: str, calendar: WorkCalendar | None = None) -> Clock:
    """The clock for a window: from 3,650 days before its first day to 400 days after its end."""
    first_day = max(window.first_day, FIRST_DAY + timedelta(days=DAYS_BEFORE)) - timedelta(days=DAYS_BEFORE)
    end_day = min(window.end_day, END_DAY - timedelta(days=DAYS_AFTER)) + timedelta(days=DAYS_AFTER)
    return _clock(zone, calendar, first_day, end_day)
