"""Time by the tenant's calendar in SQL: positions in sorted arrays of instants, which Python made.

Postgres never converts a time zone (its zone data and ours may differ). The arrays are those that
``meritline_sdk.evaluate.calendars`` describes; each is bound once per statement. A position beyond an array is null,
and so is what lies outside the clock's range.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from meritline.measuring.binds import Binds
from meritline.measuring.pieces import (
    MICROSECOND,
    WIDEST_INSTANT,
    Sql,
    constant,
    counted,
    distance,
    shaped,
)
from meritline_sdk.evaluate.calendars import Clock
from meritline_sdk.evaluate.windows import Window
from meritline_sdk.model import nodes
from meritline_sdk.model.kinds import Kind

ONE_DAY: Final = timedelta(days=1)


def edge(binds: Binds, node: nodes.PeriodEdge, window: Window | None) -> Sql:
    """Where the tally's window begins or ends."""
    found = None if window is None else {
        "start": window.start, "end": window.end, "first_day": window.first_day,
        "last_day": window.end_day - ONE_DAY,
    }[node.edge]  # fmt: skip
    return Sql(constant(binds, found, node.kind).text, node.kind, WIDEST_INSTANT if node.kind is Kind.INSTANT else 0)


@dataclass(frozen=True, slots=True)
class Times:
    """The arrays of one clock, bound when they are needed."""

    binds: Binds
    clock: Clock | None

    def local_day(self, instant: Sql) -> Sql:
        """The day in which the instant lies."""
        if self.clock is None:
            return constant(self.binds, None, Kind.DAY)
        first, count = self.clock.days
        days = self.array("days", "date", lambda _: [first + timedelta(days=each) for each in range(count)])
        return Sql(f"({days})[width_bucket({instant.text}, {self.instants('midnights', instant)})]", Kind.DAY)

    def clock_time(self, day: Sql, time: int | None) -> Sql:
        """The instant at which the clock shows the time on the day."""
        if self.clock is None or time is None:
            return Sql("NULL::timestamptz", Kind.INSTANT, WIDEST_INSTANT)
        times = self.array(f"clock {time}", "timestamptz", lambda clock: clock.clock_times(time))
        return Sql(f"({times})[{self.place(day)}]", Kind.INSTANT, WIDEST_INSTANT)

    def work_days(self, first: Sql, last: Sql) -> Sql:
        """The working days after the first up to and including the last."""
        if self.clock is None or self.clock.calendar is None:
            return constant(self.binds, None, Kind.INT)
        before = self.array("work days", "bigint", lambda clock: clock.work_days_before[1:])
        return Sql(f"(({before})[{self.place(last)}] - ({before})[{self.place(first)}])", Kind.INT, 10**7)

    def worked(self, start: Sql, end: Sql) -> Sql:
        """The working time between two instants."""
        if self.clock is None or self.clock.calendar is None:
            return constant(self.binds, None, Kind.DURATION)
        if not start.counted and not end.counted:
            return distance(f"({self.worked_until(end)} - {self.worked_until(start)})")
        start, end = counted(start), counted(end)
        text = f"({self.worked_until(end)} - {self.worked_until(start)})::bigint"
        return Sql(text, Kind.DURATION, 2 * WIDEST_INSTANT)

    def worked_until(self, instant: Sql) -> str:
        """The working time from the range's start to the instant, in the form that a distance of two such has."""
        place = f"width_bucket({instant.text}, {self.instants('worked from', instant)})"
        starts, ends = self.instants("worked_starts", instant), self.instants("worked_ends", instant)
        before = self.array("worked_before", "bigint", lambda clock: clock.worked_before) if instant.counted else \
            self.array("worked_before", "interval", lambda clock: [each * MICROSECOND for each in clock.worked_before])
        return f"(({before})[{place}] + (least({instant.text}, ({ends})[{place}]) - ({starts})[{place}]))"

    def place(self, day: Sql) -> str:
        """The place of a day in an array of the clock's days."""
        assert self.clock is not None
        return f"{day.text} - {self.binds.add(self.clock.first_day, 'date')} + 1"

    def instants(self, name: str, like: Sql) -> str:
        """An array of instants in the form of the instant that is looked up."""
        return self.array(name, like.sql_type, lambda clock: [shaped(each, like) for each in INSTANTS[name](clock)])

    def array(self, name: str, sql_type: str, made: Callable[[Clock], Iterable[Any]]) -> str:
        """The place of an array of the clock."""
        clock = self.clock
        assert clock is not None
        return self.binds.once((name, sql_type, id(clock)), f"{sql_type}[]", lambda: list(made(clock)))


def ended(clock: Clock) -> tuple[datetime, ...]:
    """Where intervals of work begin, and the first instant beyond the range, where there is no interval."""
    return (*clock.worked_starts, clock.midnights[-1] + MICROSECOND)


INSTANTS: Final[dict[str, Callable[[Clock], Sequence[datetime]]]] = {
    "midnights": lambda clock: clock.midnights,
    "worked from": ended,
    "worked_starts": lambda clock: clock.worked_starts,
    "worked_ends": lambda clock: clock.worked_ends,
}

