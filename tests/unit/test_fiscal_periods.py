"""Fiscal months, quarters and years: named by one rule, next to each other without gaps, in any zone."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from meritline.domain.calendars import CompanyCalendar, parse
from meritline.domain.periods import PeriodKind, PeriodRefused
from meritline.records.service import delivery_period
from meritline_sdk.evaluate.calendars import WorkCalendar
from meritline_sdk.evaluate.windows import FiscalCalendar, PeriodError, earlier, window

ZONES = ["Asia/Shanghai", "America/New_York", "Europe/Berlin", "Pacific/Apia"]
rules = st.builds(FiscalCalendar, st.integers(1, 28), st.integers(1, 12))
years = st.integers(1975, 2060)


@settings(max_examples=200, deadline=None)
@given(years, rules, st.sampled_from(ZONES))
def test_a_year_is_four_quarters_and_twelve_months_without_a_gap(year: int, fiscal: FiscalCalendar, zone: str) -> None:
    whole = window(f"{year}", zone, fiscal)
    for parts in ([window(f"{year}-Q{quarter}", zone, fiscal) for quarter in range(1, 5)],
                  [window(earlier(f"{year}-{fiscal.year_start:02}", -count), zone, fiscal) for count in range(12)]):
        assert (parts[0].start, parts[-1].end) == (whole.start, whole.end)
        assert all(one.end == after.start and one.end_day == after.first_day
                   for one, after in pairwise(parts))
    before = window(earlier(f"{year}"), zone, fiscal)
    assert (before.end, before.end_day) == (whole.start, whole.first_day)


@settings(max_examples=200, deadline=None)
@given(years, st.integers(1, 12), rules, st.sampled_from(ZONES))
def test_a_month_is_named_by_the_month_in_which_it_ends(year: int, month: int, fiscal: FiscalCalendar,
                                                        zone: str) -> None:
    found = window(f"{year}-{month:02}", zone, fiscal)
    last = found.end_day - timedelta(days=1)
    assert (last.year, last.month) == (year, month)
    assert found.first_day.day == found.end_day.day == fiscal.month_start
    assert 28 <= (found.end_day - found.first_day).days <= 31


@pytest.mark.parametrize(("period", "fiscal", "first", "end"), [
    ("2026-05", FiscalCalendar(26), date(2026, 4, 26), date(2026, 5, 26)),
    ("2026-01", FiscalCalendar(26), date(2025, 12, 26), date(2026, 1, 26)),
    ("2026-03", FiscalCalendar(28), date(2026, 2, 28), date(2026, 3, 28)),
    ("2026-Q1", FiscalCalendar(26), date(2025, 12, 26), date(2026, 3, 26)),
    ("2026-Q1", FiscalCalendar(1, 4), date(2026, 4, 1), date(2026, 7, 1)),
    ("2026-Q4", FiscalCalendar(1, 4), date(2027, 1, 1), date(2027, 4, 1)),
    ("2026", FiscalCalendar(1, 4), date(2026, 4, 1), date(2027, 4, 1)),
    ("2026", FiscalCalendar(26, 4), date(2026, 3, 26), date(2027, 3, 26)),
    ("2026-05", FiscalCalendar(1, 4), date(2026, 5, 1), date(2026, 6, 1)),
])
def test_periods_by_hand(period: str, fiscal: FiscalCalendar, first: date, end: date) -> None:
    found = window(period, "Asia/Shanghai", fiscal)
    assert (found.first_day, found.end_day) == (first, end)
    assert found.start == datetime(first.year, first.month, first.day, tzinfo=UTC) - timedelta(hours=8)


@pytest.mark.parametrize("wrong", [(0, 1), (29, 1), (1, 0), (1, 13)])
def test_months_that_not_every_month_has_are_refused(wrong: tuple[int, int]) -> None:
    with pytest.raises(PeriodError):
        FiscalCalendar(*wrong)


def test_the_edge_of_time_is_refused_not_crashed_into() -> None:
    with pytest.raises(PeriodError, match="0001-01"):
        window("0001-01", "Asia/Shanghai", FiscalCalendar(26))
    with pytest.raises(PeriodRefused):
        CompanyCalendar("Asia/Shanghai").window("0001")


def test_a_delivery_speaks_for_the_fiscal_period_that_it_names() -> None:
    calendar = CompanyCalendar("Asia/Shanghai", None, FiscalCalendar(26))
    assert delivery_period("2026-05", calendar) == (date(2026, 4, 26), date(2026, 5, 26))
    assert delivery_period("2026-05-01..2026-05-15", calendar) == (date(2026, 5, 1), date(2026, 5, 16))


def test_a_calendar_comes_back_from_its_text_with_the_same_hash() -> None:
    week = (((9 * 3600, 18 * 3600),),) * 5 + ((), ())
    whole = CompanyCalendar("Europe/Berlin", WorkCalendar(week, ((date(2026, 10, 3), ()),)), FiscalCalendar(26, 4))
    assert parse(whole.text()) == whole
    assert len({whole.hash, CompanyCalendar("Europe/Berlin").hash, CompanyCalendar("Asia/Shanghai").hash,
                CompanyCalendar("Europe/Berlin", None, FiscalCalendar(26, 4)).hash}) == 4
    assert parse(CompanyCalendar("Asia/Shanghai").text()).window("2026-05").first_day == date(2026, 5, 1)


@settings(max_examples=100, deadline=None)
@given(years, rules, st.sampled_from(["", "-Q1", "-Q4"]), st.sampled_from([PeriodKind.MONTH, PeriodKind.QUARTER]))
def test_the_shorter_periods_inside_one_fill_it_without_a_gap(year: int, fiscal: FiscalCalendar, quarter: str,
                                                              kind: PeriodKind) -> None:
    shorter = PeriodKind.MONTH if quarter else kind
    calendar = CompanyCalendar("Asia/Shanghai", fiscal=fiscal)
    whole = calendar.window(f"{year}{quarter}")
    parts = [calendar.window(each) for each in calendar.inside(f"{year}{quarter}", shorter)]
    assert [each.kind for each in parts] == [shorter] * (3 if quarter else {"month": 12, "quarter": 4}[shorter])
    assert (parts[0].start, parts[-1].end) == (whole.start, whole.end)
    assert all(one.end == after.start for one, after in pairwise(parts))
