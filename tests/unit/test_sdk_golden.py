"""Golden cases: calendars, employment, related records, parts, and what a case that is wrong is told."""

import tomllib
from decimal import Decimal
from typing import Any

import pytest

from meritline_sdk import (
    CLOCK,
    COUNT,
    HIGHER,
    HOURS,
    LOWER,
    PERCENT,
    YES_NO,
    Attribution,
    Beside,
    Code,
    Complete,
    Count,
    Day,
    Distinct,
    EmployedDays,
    Flag,
    Indicator,
    IndicatorSet,
    Instant,
    Int,
    Kind,
    Mean,
    Parameter,
    PeriodDays,
    Person,
    Ratio,
    RecordType,
    Text,
    Total,
    days,
    elapsed,
    exists,
    local_day,
    only_last,
)
from meritline_sdk.testing import laws_for
from meritline_sdk.testing.golden import CaseError, parsed, read_case, run_golden

TITLE = Text("Title", "标题")


class Order(RecordType, key="golden_order", title=Text("Order", "工单")):
    person = Person(optional=True)
    opened_at = Instant()
    closed_at = Instant(optional=True)
    number = Code(optional=True)
    defaults = Attribution(credit=person, at=closed_at)


class Survey(RecordType, key="golden_survey", title=Text("Survey", "调查")):
    person = Person(optional=True)
    number = Code(optional=True)
    answered_at = Instant()
    score = Int(optional=True)
    defaults = Attribution(credit=person, at=answered_at)


class Shift(RecordType, key="golden_shift", title=Text("Shift", "班次")):
    person = Person()
    on = Day()
    kept = Flag()
    defaults = Attribution(credit=person, at=on)


o, s, d = Order, Survey, Shift
WINDOW = Parameter("window", blank=Kind.DURATION)
LAST = only_last(s, by=[s.number], order=s.answered_at, where=s.score >= 0)
INDICATORS = (
    Indicator("time", TITLE, Mean(elapsed(o.opened_at, o.closed_at, CLOCK)), HOURS, LOWER),
    Indicator("latest", TITLE, Mean(s.score, where=LAST), COUNT, HIGHER, beside=(Beside(TITLE, Count(s)),)),
    Indicator("followed", TITLE, Ratio(Count(o, where=exists(s, lambda v: v.number == o.number)), Count(o)), PERCENT,
              HIGHER, settles_after=days(7)),
    Indicator("full", TITLE, Complete((Count(d, where=d.kept), Count(d)), (EmployedDays(), PeriodDays())), YES_NO,
              HIGHER),
    Indicator("all", TITLE, Total(Count(o), Count(s)), COUNT, HIGHER),
    Indicator("days", TITLE, Distinct(s, by=[s.number, local_day(s.answered_at)]), COUNT, HIGHER),
    Indicator("blank", TITLE, Count(o, where=o.closed_at - o.opened_at <= WINDOW), COUNT, HIGHER),
)
SET = IndicatorSet("golden", TITLE, records=(Order, Survey, Shift), indicators=INDICATORS)

CASES = """
[[case]]  # Friday 17:00 to Monday 10:00, of which 17-18 and 9-10 are worked; Saturday 9-10 makes up for a holiday
indicator = "time"
period = "2026-05"
parameters = { clock = "business" }
records = [{ person = "E1", opened_at = 2026-05-08T17:00:00+08:00, closed_at = 2026-05-11T10:00:00+08:00 }]
expect = { value = 3, sample = 1, state = "measured" }
[case.calendar]
monday = ["09:00-12:00", "13:00-18:00"]
friday = ["09:00-18:00"]
holidays = ["2026-05-01"]
working_days = { 2026-05-09 = ["09:00-10:00"] }

[[case]]  # the same without a calendar: there is no working time
indicator = "time"
period = "2026-05"
parameters = { clock = "business" }
records = [{ person = "E1", opened_at = 2026-05-08T17:00:00+08:00, closed_at = 2026-05-11T10:00:00+08:00 }]
expect = { state = "not_measured", reason = "no_records" }

[[case]]  # a second answer replaces the first; two at the same moment: the greater outside id; no number: each counts
indicator = "latest"
defaults = { person = "E1", answered_at = 2026-05-03T10:00:00+08:00 }
records = [{ number = "a", score = 1, external_id = "x9" }, { number = "a", score = 5, external_id = "x10" },
           { number = "b", score = 2 }, { number = "b", score = 4, answered_at = 2026-05-03T10:00:01+08:00 },
           { score = 3 }, { score = 4 }]
expect = { value = 3, numerator = 12, denominator = 4, sample = 4, beside = [6] }

[[case]]
indicator = "followed"
period = "2026-05"
defaults = { person = "E1", opened_at = 2026-05-01T10:00:00+08:00, closed_at = 2026-05-02T10:00:00+08:00 }
expect = { value = "100/3", provisional_until = 2026-06-08T00:00:00+08:00 }
[case.records]
golden_order = [{ number = "a" }, { number = "b" }, {}]
golden_survey = [{ number = "a", answered_at = 2026-06-20T10:00:00+08:00 }, { answered_at = 2026-06-20T10:00:00+08:00 }]

[[case]]
indicator = "full"
period = "2026-05"
records = [{ person = "E1", on = 2026-05-02, kept = true }, { person = "E1", on = 2026-05-03, kept = true }]
expect = { value = 1, sample = 31, parts = [1, 1] }

[[case]]  # joined within the month
indicator = "full"
period = "2026-05"
employed = ["2026-05-02"]
records = [{ person = "E1", on = 2026-05-02, kept = true }]
expect = { value = 0, parts = [1, 0] }

[[case]]  # no scheduled day
indicator = "full"
period = "2026-05"
subject = "E1"
expect = { value = 0, parts = [0, 1], provisional_until = false }

[[case]]
indicator = "full"
period = "2026-05"
subject = "E1"
covered = false
expect = { state = "not_measured", reason = "not_delivered" }

[[case]]  # what was delivered counts, what was not is shown as such
indicator = "all"
company = true
covered = ["golden_order"]
records = { golden_order = [{ opened_at = 2026-05-03T10:00:00+08:00, closed_at = 2026-05-03T10:00:00+08:00 }] }
expect = { value = 1, sample = 1, parts = [1, "not_measured"] }

[[case]]  # no orders, and no source of surveys at all
indicator = "all"
company = true
covered = { golden_order = true }
expect = { value = 0, parts = [0, "not_measured"] }

[[case]]  # no orders, and the surveys have not come yet
indicator = "all"
company = true
covered = { golden_order = true, golden_survey = false }
expect = { state = "not_measured", reason = "not_delivered" }

[[case]]  # once each local day; what has no number is nothing
indicator = "days"
period = "2026-05"
defaults = { person = "E1", answered_at = 2026-05-03T23:59:59+08:00 }
records = [{ number = "a" }, { number = "a", answered_at = 2026-05-03T00:00:00+08:00 }, { number = "b" }, {},
           { number = "a", answered_at = 2026-05-04T00:00:00+08:00 }]
expect = { value = 3, sample = 4 }

[[case]]
indicator = "blank"
subject = "E1"
expect = { state = "not_measured", reason = "blank:window" }

[[case]]
indicator = "blank"
parameters = { window = 60 }
records = [{ person = "E1", opened_at = 2026-05-03T10:00:00+08:00, closed_at = 2026-05-03T10:01:00+08:00 }]
expect = { value = 1 }
"""
TestLaws = laws_for([SET])
BODIES = tomllib.loads(CASES, parse_float=Decimal)["case"]


@pytest.mark.parametrize("body", BODIES, ids=[f"{place} {one['indicator']}" for place, one in enumerate(BODIES)])
def test_the_case_gives_what_was_worked_by_hand(body: dict[str, Any]) -> None:
    run_golden(parsed(body, "here", [SET]))


@pytest.mark.parametrize(("wanted", "says"), [
    ({"value": 5}, "value is 3"), ({"beside": [7]}, "beside"), ({"numerator": "12.5"}, "numerator is 12")])
def test_what_was_not_expected_is_named(wanted: dict[str, Any], says: str) -> None:
    case = parsed({**BODIES[2], "expect": wanted}, "here", [SET])
    with pytest.raises(AssertionError, match=says):
        run_golden(case)


@pytest.mark.parametrize(("change", "says"), [
    ({"periods": "2026-05"}, "no periods"), ({"parameters": {"clock": "lunar"}}, "calendar, business"),
    ({"calendar": {"moonday": ["09:00-12:00"]}}, "moonday"), ({"calendar": {"monday": ["9-12"]}}, "09:00-12:00"),
    ({"period": None}, "say period"), ({"records": [{"opened": 1}]}, "did you mean 'opened_at'"),
])
def test_a_case_that_is_wrong_says_what_to_mend(change: dict[str, Any], says: str) -> None:
    body = {name: value for name, value in (BODIES[0] | change).items() if value is not None}
    with pytest.raises(CaseError, match=says):
        read_case(parsed(body, "here", [SET]))
