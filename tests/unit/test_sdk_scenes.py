"""Expressions that look beyond their record: choices, the period, the clock on the wall, working time, others."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any, get_args

import pytest

from meritline_sdk import (
    FIRST_DAY,
    LAST_DAY,
    PERIOD_END,
    PERIOD_START,
    Attribution,
    Code,
    Day,
    Expr,
    Flag,
    If,
    Instant,
    Int,
    Kind,
    Parameter,
    Person,
    RecordType,
    Text,
    at_clock,
    business_time,
    cutoff,
    days,
    earliest,
    elapsed,
    exists,
    first_present,
    greatest_of,
    hours,
    how_many,
    in_period,
    latest,
    least_of,
    local_day,
    minutes,
    only_first,
    only_last,
    sum_of,
    working_days,
)  # fmt: skip
from meritline_sdk.evaluate.calendars import WorkCalendar, clock_for
from meritline_sdk.evaluate.expressions import MEANINGS, Scene, value_of
from meritline_sdk.evaluate.scenes import Others
from meritline_sdk.evaluate.windows import window
from meritline_sdk.model.nodes import Node

TITLE = Text("Title", "标题")


class Case(RecordType, key="scenes_case", title=Text("Case", "案件")):
    person = Person(optional=True)
    number = Code(optional=True)
    opened_at = Instant()
    closed_at = Instant(optional=True)
    due = Day(optional=True)
    score = Int(optional=True)
    good = Flag(optional=True)
    defaults = Attribution(credit=person, at=opened_at)


class Visit(RecordType, key="scenes_visit", title=Text("Visit", "上门")):
    person = Person(optional=True)
    number = Code(optional=True)
    at = Instant(optional=True)
    minutes = Int(optional=True)
    defaults = Attribution(credit=person, at=at)


c: Any = Case
v: Any = Visit
MAY = window("2026-05", "Asia/Shanghai")
WEEK = WorkCalendar((((32_400, 43_200), (46_800, 64_800)),) * 5 + ((), ()),
                    ((date(2026, 5, 1), ()), (date(2026, 5, 9), ((32_400, 43_200),))))
SCENE = Scene({}, MAY, clock_for(MAY, "Asia/Shanghai", WEEK))


def of(expression: Expr, scene: Scene | Mapping[str, Any] = SCENE, **record: object) -> Any:
    return value_of(expression.node, record, scene)


def at(text: str, zone: str = "+08:00") -> datetime:
    return datetime.fromisoformat(f"2026-{text}{zone}").astimezone(UTC)


def test_every_node_has_a_meaning() -> None:
    assert set(get_args(Node.__value__)) == set(MEANINGS)


def test_a_choice_takes_the_first_only_where_its_condition_is_true() -> None:
    chosen = If(c.good, c.score, 7)
    assert [of(chosen, good=good, score=1) for good in (True, False, None)] == [1, 7, 7]
    assert of(If(c.good, c.score), good=None, score=1) is None
    assert of(chosen, good=True, score=None) is None


def test_what_is_missing_is_passed_over() -> None:
    first, last = at("05-02T10:00:00"), at("05-03T10:00:00")
    assert of(first_present(c.closed_at, c.opened_at), opened_at=last) == last
    assert of(earliest(c.closed_at, c.opened_at), opened_at=last, closed_at=first) == first
    assert of(latest(c.closed_at, c.opened_at), opened_at=last, closed_at=first) == last
    assert of(latest(c.closed_at, c.opened_at), opened_at=last) == last
    assert of(earliest(c.closed_at, c.opened_at)) is None
    assert of(first_present(c.closed_at, c.opened_at)) is None


def test_a_blank_is_missing_until_it_is_filled() -> None:
    limit = Parameter("limit", blank=Kind.INT)
    assert of(c.score <= limit, {}, score=3) is None
    assert of(c.score <= limit, {"limit": 3}, score=3) is True


def test_the_period_has_its_edges_in_the_tenants_zone() -> None:
    assert of(PERIOD_START) == datetime(2026, 4, 30, 16, tzinfo=UTC)
    assert of(PERIOD_END) == datetime(2026, 5, 31, 16, tzinfo=UTC)
    assert (of(FIRST_DAY), of(LAST_DAY)) == (date(2026, 5, 1), date(2026, 5, 31))
    assert of(cutoff(days(3))) == at("06-04T00:00:00")
    assert [of(in_period(c.opened_at), opened_at=at(text)) for text in (
        "05-01T00:00:00", "05-31T23:59:59.999999", "06-01T00:00:00")] == [True, True, False]
    assert [of(in_period(c.due), due=day) for day in (date(2026, 4, 30), date(2026, 5, 31), None)] == [
        False, True, None]
    assert of(PERIOD_START, {}) is None


def test_an_instant_has_the_day_of_the_tenants_clock_within_its_range() -> None:
    assert of(local_day(c.opened_at), opened_at=datetime(2026, 5, 1, 15, 59, 59, 999999, UTC)) == date(2026, 5, 1)
    assert of(local_day(c.opened_at), opened_at=datetime(2026, 5, 1, 16, tzinfo=UTC)) == date(2026, 5, 2)
    assert of(local_day(c.opened_at), opened_at=MAY.start - timedelta(days=3_651)) is None
    assert of(local_day(c.opened_at), opened_at=MAY.end + timedelta(days=400)) is None
    assert of(local_day(c.opened_at), {}, opened_at=MAY.start) is None
    assert of(local_day(c.opened_at)) is None


@pytest.mark.parametrize(("month", "day", "time", "shown"), [
    ("2026-05", date(2026, 5, 31), hours(19) + minutes(30), datetime(2026, 5, 31, 23, 30, tzinfo=UTC)),
    ("2026-03", date(2026, 3, 8), hours(2) + minutes(30), datetime(2026, 3, 8, 7, tzinfo=UTC)),  # put forward
    ("2026-11", date(2026, 11, 1), hours(1) + minutes(30), datetime(2026, 11, 1, 5, 30, tzinfo=UTC)),  # comes twice
])
def test_the_clock_on_the_wall_shows_a_time_at_an_instant(month: str, day: date, time: Expr, shown: datetime) -> None:
    there = window(month, "America/New_York")
    assert of(at_clock(c.due, time), Scene({}, there, clock_for(there, "America/New_York")), due=day) == shown


@pytest.mark.parametrize(("start", "end", "worked"), [
    ("05-07T11:00:00", "05-07T14:00:00", 2 * 60),  # over lunch
    ("05-08T17:00:00", "05-11T10:00:00", 60 + 180 + 60),  # over a weekend with a Saturday that makes up
    ("04-30T17:30:00", "05-04T09:00:00.000001", 30),  # a holiday and a weekend, and a microsecond of Monday
    ("05-11T10:00:00", "05-08T17:00:00", -(60 + 180 + 60)),
])
def test_working_time_is_what_the_calendar_says(start: str, end: str, worked: int) -> None:
    record = {"opened_at": at(start), "closed_at": at(end)}
    found = of(business_time(c.opened_at, c.closed_at), **record)
    assert found == worked * 60_000_000 + end.endswith(".000001")
    without = Scene({}, MAY, clock_for(MAY, "Asia/Shanghai"))
    assert of(business_time(c.opened_at, c.closed_at), without, **record) is None


def test_working_days_count_the_last_and_not_the_first() -> None:
    def between(first: date, last: date) -> Any:
        return of(working_days(c.due, local_day(c.opened_at)), due=first,
                  opened_at=datetime(last.year, last.month, last.day, tzinfo=UTC))

    friday, saturday, monday = date(2026, 5, 8), date(2026, 5, 9), date(2026, 5, 11)
    assert [between(friday, day) for day in (friday, saturday, monday)] == [0, 1, 2]
    assert between(monday, friday) == -2
    assert between(date(2026, 4, 30), date(2026, 5, 4)) == 1  # the first of May is free


def test_the_tenant_chooses_the_clock() -> None:
    record = {"opened_at": at("05-08T17:00:00"), "closed_at": at("05-11T10:00:00")}
    assert of(elapsed(c.opened_at, c.closed_at), **record) == 65 * 3_600_000_000
    business = Scene({"clock": "business"}, MAY, SCENE.clock)
    assert of(elapsed(c.opened_at, c.closed_at), business, **record) == 5 * 3_600_000_000


# Other records --------------------------------------------------------------------------------------------------------

VISITS = [
    {"number": "a", "at": at("05-02T10:00:00"), "minutes": 30, "person": "E1"},
    {"number": "a", "at": at("05-03T10:00:00"), "minutes": None, "person": "E2"},
    {"number": "a", "at": None, "minutes": 45, "person": None},
    {"number": None, "at": at("05-01T10:00:00"), "minutes": 60, "person": "E1"},
]


def beside(others: list[dict[str, Any]], key: str = "scenes_visit") -> Scene:
    return Scene({}, MAY, SCENE.clock, {key: others})


def test_what_other_records_come_to() -> None:
    scene, here = beside(VISITS), {"number": "a", "person": "E1", "opened_at": at("05-02T12:00:00")}

    def tied(o: Any) -> Expr:
        return o.number == c.number  # type: ignore[no-any-return]

    def value(expression: Expr, **changed: Any) -> Any:
        return of(expression, scene, **(here | changed))

    assert value(how_many(v, tied)) == 3
    assert value(how_many(v, lambda o: tied(o) & (o.at > c.opened_at))) == 1  # an unknown time is not after
    assert value(how_many(v, lambda o: tied(o) & (c.person == o.person))) == 1
    assert value(sum_of(v, lambda o: o.minutes, tied)) == 75
    assert value(least_of(v, lambda o: o.at, tied)) == at("05-02T10:00:00")
    assert value(greatest_of(v, lambda o: o.at - c.opened_at, tied)) == 22 * 3_600_000_000
    assert [value(exists(v, tied), number=number) for number in ("a", "b", None)] == [True, False, False]
    assert value(sum_of(v, lambda o: o.minutes, tied), number="b") == 0
    assert value(least_of(v, lambda o: o.at, tied), number="b") is None
    assert value(how_many(v, lambda o: tied(o) & in_period(o.at) & (o.at >= PERIOD_START + days(2)))) == 1


def test_a_record_never_finds_itself_but_its_equal() -> None:
    one, twin = ({"number": "a", "opened_at": at("05-02T10:00:00")} for _ in range(2))
    again = exists(c, lambda o: (o.number == c.number) & (o.opened_at >= c.opened_at))
    assert value_of(again.node, one, beside([one], "scenes_case")) is False
    assert value_of(again.node, one, beside([one, twin], "scenes_case")) is True


def test_one_of_those_that_are_alike_counts() -> None:
    answers = [
        {"external_id": "10", "source": "s", "number": "a", "score": 1, "opened_at": at("05-02T10:00:00")},
        {"external_id": "9", "source": "s", "number": "a", "score": 2, "opened_at": at("05-02T10:00:00")},
        {"external_id": "9", "source": "S", "number": "a", "score": 3, "opened_at": at("05-02T10:00:00")},
        {"external_id": "8", "source": "s", "number": "b", "score": None, "opened_at": at("05-03T10:00:00")},
        {"external_id": "7", "source": "s", "number": "b", "score": 4, "opened_at": at("05-02T10:00:00")},
        {"external_id": "\uffff", "source": "s", "number": "c", "score": 5, "opened_at": at("05-02T10:00:00")},
        {"external_id": "\U0001f600", "source": "s", "number": "c", "score": 6, "opened_at": at("05-02T10:00:00")},
        {"external_id": "1", "source": "s", "number": None, "score": 7, "opened_at": at("05-02T10:00:00")},
        {"external_id": "2", "source": "s", "number": None, "score": 8, "opened_at": at("05-02T10:00:00")},
    ]

    def kept(macro: Any) -> list[Any]:
        rule = macro(c, by=[c.number], order=c.opened_at, where=c.score > 0)
        return [one["score"] for one in answers
                if value_of(rule.node, one, beside(answers, "scenes_case")) is True]

    assert kept(only_last) == [2, 4, 6, 7, 8]
    assert kept(only_first) == [1, 4, 5, 7, 8]


def test_a_look_does_not_walk_through_all_records() -> None:
    looks = [0]

    class Counted(dict[str, Any]):
        def get(self, *key: Any) -> Any:
            looks[0] += 1
            return super().get(*key)

    many = [Counted(number=str(number), opened_at=MAY.start) for number in range(1_000)]
    others = Others({"scenes_case": many})
    again = exists(c, lambda o: (o.number == c.number) & (o.opened_at > c.opened_at))
    assert not any(value_of(again.node, one, Scene({}, MAY, None, others)) for one in many)
    assert looks[0] < 10 * len(many)
