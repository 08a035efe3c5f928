"""Working time by arrays is what the clock on the wall shows minute by minute, also where it is put forward or back."""

from bisect import bisect_right
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from meritline_sdk.evaluate.calendars import CalendarError, Clock, Hours, WorkCalendar, clock_for
from meritline_sdk.evaluate.windows import window

MINUTE = timedelta(minutes=1)
HOUR = 3600
# A day on which the clock of the zone was changed, or left out: by an hour, by half an hour, at midnight, by a day.
CHANGES = [
    ("America/New_York", date(2026, 3, 8)), ("America/New_York", date(2026, 11, 1)),
    ("Europe/Berlin", date(2026, 3, 29)), ("Europe/Berlin", date(2026, 10, 25)),
    ("America/Sao_Paulo", date(2018, 11, 4)), ("America/Sao_Paulo", date(2018, 2, 18)),
    ("America/Havana", date(2025, 11, 2)), ("Australia/Lord_Howe", date(2026, 4, 5)),
    ("Pacific/Apia", date(2011, 12, 30)), ("Asia/Pyongyang", date(2018, 5, 5)), ("Asia/Shanghai", date(2026, 5, 1)),
]  # fmt: skip
OFFICE: Hours = ((9 * HOUR, 12 * HOUR), (13 * HOUR + 1800, 18 * HOUR))


def wall(moment: datetime, zone: str) -> datetime:
    """What the clock shows."""
    return moment.astimezone(ZoneInfo(zone)).replace(tzinfo=None)


def worked(calendar: WorkCalendar, zone: str, moment: datetime) -> bool:
    """Whether the minute that begins then is working time: by the clock on the wall, the meaning in one line."""
    shown = wall(moment, zone)
    second = (shown - datetime.combine(shown.date(), time())).seconds
    return any(start <= second < end for start, end in calendar.hours(shown.date()))


@st.composite
def hours(draw: st.DrawFn) -> Hours:
    edges = sorted(draw(st.sets(st.integers(0, 24 * 60), max_size=6)))
    return tuple((start * 60, end * 60) for start, end in zip(edges[::2], edges[1::2], strict=False))


near = st.sampled_from([day + timedelta(days=each) for _, day in CHANGES for each in (-1, 0, 1)])
exceptions = st.dictionaries(near, hours()).map(lambda by: tuple(by.items()))
calendars = st.builds(WorkCalendar, st.tuples(*[hours()] * 7), exceptions)


@settings(max_examples=60, deadline=None)
@given(calendars, st.sampled_from(CHANGES), st.data())
def test_working_time_is_what_the_wall_clock_shows_minute_by_minute(calendar: WorkCalendar, change: tuple[str, date],
                                                                    data: st.DataObject) -> None:
    zone, day = change
    clock = Clock(zone, calendar, day - timedelta(days=2), day + timedelta(days=3))
    opened, closed = clock.midnights[0], clock.midnights[-1]
    minutes = (closed - opened) // MINUTE
    until, spare = data.draw(st.integers(0, minutes - 1)), data.draw(st.integers(0, 59_999_999))
    expected = sum(60_000_000 for each in range(until) if worked(calendar, zone, opened + each * MINUTE))
    expected += spare * worked(calendar, zone, opened + until * MINUTE)
    assert clock.worked_until(opened + until * MINUTE + timedelta(microseconds=spare)) == expected
    assert clock.worked_until(closed) == sum(
        60_000_000 for each in range(minutes) if worked(calendar, zone, opened + each * MINUTE))


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(CHANGES), st.integers(0, 24 * 60), st.integers(-1, 1))
def test_a_wall_clock_time_is_the_first_instant_at_which_the_clock_has_reached_it(change: tuple[str, date], minute: int,
                                                                                  beside: int) -> None:
    zone, day = change[0], change[1] + timedelta(days=beside)
    clock = Clock(zone, None, change[1] - timedelta(days=2), change[1] + timedelta(days=3))
    sought = datetime.combine(day, time()) + minute * MINUTE
    opened = clock.midnights[0]
    first = next(moment for each in range(6 * 24 * 60) if wall(moment := opened + each * MINUTE, zone) >= sought)
    assert clock.at_clock(day, minute * 60_000_000) == first
    assert clock.clock_times(minute * 60_000_000)[(day - clock.first_day).days] == first


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(CHANGES), st.integers(0, 5 * 24 * 3600 * 10**6))
def test_the_local_day_of_an_instant_is_the_one_the_clock_shows(change: tuple[str, date], microseconds: int) -> None:
    clock = Clock(change[0], None, change[1] - timedelta(days=2), change[1] + timedelta(days=3))
    moment = clock.midnights[0] + timedelta(microseconds=microseconds)
    expected = wall(moment, change[0]).date()
    assert clock.local_day(moment) == (expected if expected < clock.end_day else None)


@pytest.mark.parametrize(("zone", "period"), [("Asia/Shanghai", "2026-05"), ("America/New_York", "2026-Q4"),
                                              ("Pacific/Apia", "2012"), ("America/St_Johns", "2010-11")])
def test_what_sql_binds_is_sorted_without_gaps_and_never_empty(zone: str, period: str) -> None:
    for calendar in (None, WorkCalendar(((),) * 7), WorkCalendar((OFFICE,) * 7)):
        clock = clock_for(found := window(period, zone), zone, calendar)
        assert clock.days == (found.first_day - timedelta(days=3650),
                              (found.end_day - found.first_day).days + 3650 + 400)
        assert len(clock.midnights) == clock.days[1] + 1 == len(clock.work_days_before)
        assert len(clock.worked_starts) == len(clock.worked_ends) == len(clock.worked_before) >= 1
        assert list(clock.midnights) == sorted(clock.midnights)
        assert clock.worked_starts[0] == clock.worked_ends[0] == clock.midnights[0]
        assert all(end <= start for end, start in zip(clock.worked_ends, clock.worked_starts[1:], strict=False))
        assert all(first <= second for first, second in pairwise(clock.worked_before))
        # As the database looks it up: width_bucket, and positions from 1.
        moment = found.start + timedelta(hours=11, microseconds=1)
        at = bisect_right(clock.worked_starts, moment)
        looked_up = clock.worked_before[at - 1] + (min(moment, clock.worked_ends[at - 1]) - clock.worked_starts[at - 1]
                                                   ) // timedelta(microseconds=1)
        assert clock.worked_until(moment) == (looked_up if calendar else None)


def test_an_office_week_by_hand() -> None:
    holiday, made_up = date(2026, 10, 1), date(2026, 10, 10)
    calendar = WorkCalendar((OFFICE,) * 5 + ((), ()), ((made_up, ((9 * HOUR, 12 * HOUR),)), (holiday, ())))
    clock = clock_for(window("2026-10", "Asia/Shanghai"), "Asia/Shanghai", calendar)

    def between(start: str, end: str) -> int:
        edges = [clock.worked_until(datetime.fromisoformat(f"{text}+08:00")) for text in (start, end)]
        assert edges[0] is not None
        assert edges[1] is not None
        return (edges[1] - edges[0]) // 60_000_000

    assert between("2026-09-30T17:00", "2026-10-02T09:30") == 60 + 30, "a holiday between an evening and a morning"
    assert between("2026-10-09T17:30", "2026-10-12T09:00") == 30 + 180, "a Saturday that makes up for it"
    assert between("2026-10-12T11:30", "2026-10-12T14:00") == 60, "without the noon break"
    assert between("2026-10-11T08:00", "2026-10-11T20:00") == 0, "a Sunday"
    days = {day: clock.work_days_until(date(2026, 10, day)) for day in (1, 2, 9, 12)}
    assert days[2] == (days[1] or 0) + 1
    assert days[12] == (days[9] or 0) + 2, "the Saturday and the Monday"


@pytest.mark.parametrize(("zone", "day", "hours"), [
    ("America/New_York", date(2026, 3, 8), 2), ("America/New_York", date(2026, 11, 1), 4),
    ("Europe/Berlin", date(2026, 3, 29), 2), ("Europe/Berlin", date(2026, 10, 25), 4),
    ("Asia/Shanghai", date(2026, 3, 8), 3),
])
def test_a_night_shift_over_the_change_of_the_clock_by_hand(zone: str, day: date, hours: int) -> None:
    clock = Clock(zone, WorkCalendar((((1 * HOUR, 4 * HOUR),),) * 7), day, day + timedelta(days=1))
    assert clock.worked_until(clock.midnights[-1]) == hours * HOUR * 10**6
    assert len(clock.worked_starts) == 2, "one interval beside the empty one: nobody stops at the change"


def test_a_day_that_the_zone_left_out_is_nobodys_working_day() -> None:
    # Samoa went from Thursday the 29th to Saturday the 31st of December 2011.
    clock = Clock("Pacific/Apia", WorkCalendar((OFFICE,) * 7), date(2011, 12, 28), date(2012, 1, 2))
    days = [clock.work_days_until(clock.first_day + timedelta(days=count)) for count in range(5)]
    assert days == [1, 2, 2, 3, 4]
    assert clock.midnights[2] == clock.midnights[3]
    assert clock.local_day(clock.midnights[2]) == date(2011, 12, 31)


def test_outside_its_range_a_clock_says_nothing() -> None:
    clock = Clock("Asia/Shanghai", WorkCalendar((OFFICE,) * 7), date(2026, 5, 1), date(2026, 6, 1))
    start, end = datetime(2026, 4, 30, 16, tzinfo=UTC), datetime(2026, 5, 31, 16, tzinfo=UTC)
    moment = timedelta(microseconds=1)
    assert (clock.local_day(start), clock.local_day(end - moment)) == (date(2026, 5, 1), date(2026, 5, 31))
    assert (clock.local_day(start - moment), clock.local_day(end)) == (None, None)
    assert (clock.worked_until(start - moment), clock.worked_until(start), clock.worked_until(end + moment)) == (
        None, 0, None)
    assert clock.worked_until(end) == 31 * 7.5 * HOUR * 10**6
    assert (clock.work_days_until(date(2026, 4, 30)), clock.work_days_until(date(2026, 5, 31)),
            clock.work_days_until(date(2026, 6, 1))) == (None, 31, None)
    assert (clock.at_clock(date(2026, 6, 1), 0), clock.at_clock(date(2026, 5, 1), 86_400_000_001)) == (None, None)


@pytest.mark.parametrize("week", [
    (((9, 9),),) + ((),) * 6, (((0, 86_401),),) + ((),) * 6, (((9, 12), (11, 13)),) + ((),) * 6, ((),) * 6,
])
def test_hours_that_no_day_can_have_are_refused(week: tuple[Hours, ...]) -> None:
    with pytest.raises(CalendarError):
        WorkCalendar(week)


def test_equal_calendars_are_spelled_equal() -> None:
    one = WorkCalendar((((60, 120), (120, 180)),) + ((),) * 6, ((date(2026, 5, 2), ()), (date(2026, 5, 1), ())))
    other = WorkCalendar((((60, 180),),) + ((),) * 6, ((date(2026, 5, 1), ()), (date(2026, 5, 2), ())))
    assert one == other
    assert hash(one) == hash(other)
