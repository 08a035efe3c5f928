"""Periods: local midnights as instants, whatever the clocks of a zone do; and the states of a cycle."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from meritline.domain.cycles import CycleAction, CycleState, CycleStateRefused, after, may
from meritline.domain.periods import PeriodRefused, ZoneRefused, local_days, previous, window, windows_back

ZONES = ["Asia/Shanghai", "UTC", "Europe/Berlin", "America/Sao_Paulo", "America/Havana", "Asia/Beirut", "Pacific/Apia",
         "Asia/Kathmandu", "Africa/Cairo", "Australia/Lord_Howe"]
spelled = st.one_of(
    st.builds(lambda year, month: f"{year}-{month:02}", st.integers(1971, 2035), st.integers(1, 12)),
    st.builds(lambda year, quarter: f"{year}-Q{quarter}", st.integers(1971, 2035), st.integers(1, 4)),
    st.integers(1971, 2035).map(str),
)  # fmt: skip


@settings(max_examples=200, deadline=None)
@given(spelled, st.sampled_from(ZONES))
def test_periods_follow_each_other_without_gap_or_overlap(period: str, zone: str) -> None:
    found, before = window(period, zone), window(previous(period), zone)
    assert before.end == found.start < found.end
    assert (before.end_day, before.kind) == (found.first_day, found.kind)
    assert previous(previous(period), -1) == period
    assert found.start.astimezone(ZoneInfo(zone)).date() == found.first_day
    assert (found.start - timedelta(microseconds=1)).astimezone(ZoneInfo(zone)).date() < found.first_day
    assert found.holds(found.start)
    assert not found.holds(found.end)
    assert windows_back(period, zone)(1) == before


@settings(max_examples=60, deadline=None)
@given(spelled, st.sampled_from(ZONES), st.integers(0, 10**9))
def test_every_instant_lies_in_the_local_day_that_the_zone_says(period: str, zone: str, offset: int) -> None:
    found = window(period, zone)
    days = local_days(found, zone)
    assert (days[0].start, days[-1].end) == (found.start, found.end)
    assert all(first.end == second.start for first, second in pairwise(days))
    moment = found.start + timedelta(seconds=offset % int((found.end - found.start) / timedelta(seconds=1)))
    [day] = [day.day for day in days if day.start <= moment < day.end]
    assert day == moment.astimezone(ZoneInfo(zone)).date()


@pytest.mark.parametrize(("period", "start", "end", "first", "last"), [
    ("2026-05", "2026-04-30T16:00", "2026-05-31T16:00", date(2026, 5, 1), date(2026, 6, 1)),
    ("2026-Q4", "2026-09-30T16:00", "2026-12-31T16:00", date(2026, 10, 1), date(2027, 1, 1)),
    ("2024", "2023-12-31T16:00", "2024-12-31T16:00", date(2024, 1, 1), date(2025, 1, 1)),
])
def test_a_period_in_shanghai(period: str, start: str, end: str, first: date, last: date) -> None:
    found = window(period, "Asia/Shanghai")
    edges = [datetime.fromisoformat(text).replace(tzinfo=UTC) for text in (start, end)]
    assert [found.start, found.end, found.first_day, found.end_day] == [*edges, first, last]


@pytest.mark.parametrize("text", ["2026-13", "2026-5", "26-05", "2026-Q5", "2026Q1", "", "2026-05-01", "0000", "９999"])
def test_what_is_no_period_is_refused_with_a_remedy(text: str) -> None:
    with pytest.raises(PeriodRefused, match="quarter as 2026-Q2") as refused:
        window(text, "UTC")
    assert refused.value.problem.code == "E-PERIOD"
    assert "考核期" in refused.value.problem.text("zh")


@pytest.mark.parametrize("zone", ["Asia/Nowhere", "../etc/passwd", "", "+08:00"])
def test_what_is_no_zone_is_refused(zone: str) -> None:
    with pytest.raises(ZoneRefused, match="Asia/Shanghai"):
        window("2026-05", zone)


def test_a_published_cycle_stays_as_it_is() -> None:
    assert after(CycleState.OPEN, CycleAction.RUN) == CycleState.RUNNING
    assert after("running", "finish") == CycleState.COMPUTED
    assert after("computed", "run") == CycleState.RUNNING
    assert after("computed", "publish") == CycleState.PUBLISHED
    assert [after("running", "fail", computed=computed) for computed in (True, False)] == ["computed", "open"]
    allowed: set[Any] = {(state, action) for state in CycleState for action in CycleAction if may(state, action)}
    assert {state for state, _ in allowed} == set(CycleState) - {CycleState.PUBLISHED}
    assert {action for state, action in allowed if state == CycleState.LOCKED} == {CycleAction.PUBLISH}
    for state in CycleState:
        for action in CycleAction:
            if (state, action) not in allowed:
                with pytest.raises(CycleStateRefused, match="2026-05"):
                    after(state, action, period="2026-05")
