"""Tallies and readings: whom a record counts for, that batches merge, and that nothing is not zero."""

from datetime import UTC, date, datetime
from decimal import Decimal
from fractions import Fraction
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from meritline_sdk import (
    COUNT,
    HIGHER,
    HOURS,
    LOWER,
    PERCENT,
    PERCENTAGE_POINT,
    SECONDS,
    Attribution,
    Change,
    Count,
    Day,
    Flag,
    Indicator,
    Instant,
    Int,
    Mean,
    Number,
    People,
    Percentile,
    Person,
    RatedIndicator,
    Ratio,
    RecordType,
    Sum,
    Team,
    Text,
    Total,
    company_only,
    divided,
    each,
)
from meritline_sdk.evaluate.readings import Reading, rated, read
from meritline_sdk.evaluate.tallies import NOTHING, Subject, Tallied, tally_records
from meritline_sdk.evaluate.windows import window
from meritline_sdk.model.measures import Tally, tallies_of
from meritline_sdk.model.schemes import SubjectKind


class Order(RecordType, key="tallies_order", title=Text("Order", "工单")):
    person = Person(optional=True)
    people = People(optional=True)
    team = Team(optional=True)
    opened_at = Instant()
    closed_at = Instant(optional=True)
    worked_on = Day(optional=True)
    hands = Int(optional=True)
    cost = Number(optional=True)
    good = Flag(optional=True)
    defaults = Attribution(credit=person, at=closed_at)


o: Any = Order
TITLE = Text("Title", "标题")
MAY = window("2026-05", "Asia/Shanghai")
EMPLOYEES = [Subject(SubjectKind.EMPLOYEE, key) for key in ("E1", "E2", "E3")]
UNITS = [Subject(SubjectKind.DEPARTMENT, key) for key in ("D1", "D2", "ALL")]
COMPANY = Subject(SubjectKind.COMPANY, "C")
HOME = {"E1": frozenset({"D1", "ALL"}), "E2": frozenset({"D2", "ALL"}), "E3": frozenset({"D1", "ALL"})}
ABOVE = {"D1": frozenset({"D1", "ALL"}), "D2": frozenset({"D2", "ALL"}), "ALL": frozenset({"ALL"})}


def tallied(tally: Tally, records: list[dict[str, Any]], subject: Subject) -> Tallied:
    return tally_records(tally, records, MAY, {}, subject, department_of=lambda person, _: HOME[person],
                         above=lambda key: ABOVE[key])


moments = st.none() | st.datetimes(datetime(2026, 4, 29), datetime(2026, 6, 2), timezones=st.just(UTC))  # noqa: DTZ001
persons = st.none() | st.sampled_from(["E1", "E2", "E3"])
orders = st.fixed_dictionaries({
    "person": persons, "people": st.lists(st.tuples(persons, st.integers(0, 3)), max_size=3).map(tuple),
    "team": st.none() | st.sampled_from(["D1", "D2", "ALL"]), "closed_at": moments,
    "opened_at": st.just(datetime(2026, 5, 1, tzinfo=UTC)), "hands": st.none() | st.integers(0, 4),
    "worked_on": st.none() | st.dates(date(2026, 4, 29), date(2026, 6, 2)),
    "cost": st.none() | st.integers(-500, 500).map(lambda cents: Decimal(cents).scaleb(-2)),
    "good": st.none() | st.booleans(),
})  # fmt: skip
TALLIES = [part for measure in (
    Count(o), Count(o, where=o.good, credit=o.people), Count(o, credit=each(o.people)), Count(o, credit=o.team),
    Count(o, credit=divided(o.person, by=o.hands)), Sum(o.cost, credit=o.people, at=o.worked_on),
    Sum(o.closed_at - o.opened_at), Percentile(o.cost, 50), Count(o, credit=company_only()),
) for part in tallies_of(measure)]  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(st.lists(orders, max_size=12), st.lists(orders, max_size=12), st.integers())
def test_batches_merge_in_any_order(first: list[Any], second: list[Any], seed: int) -> None:
    shuffled = first + second
    Random(seed).shuffle(shuffled)
    for tally in TALLIES:
        for subject in (*EMPLOYEES, *UNITS, COMPANY):
            whole = tallied(tally, shuffled, subject)
            assert whole == tallied(tally, first, subject) + tallied(tally, second, subject)
            assert whole + NOTHING == whole


@settings(max_examples=60, deadline=None)
@given(st.lists(orders, max_size=12))
def test_nobody_gets_more_than_the_whole(records: list[Any]) -> None:
    for tally in TALLIES:
        if tally.how != "count" or tally.credit.mode == "each":
            continue
        company = tallied(tally, records, COMPANY).amount
        people = sum(tallied(tally, records, subject).amount for subject in EMPLOYEES)
        assert people <= company
        if tally.credit.field is not None and tally.credit.field.name != "team":
            assert tallied(tally, records, UNITS[2]).amount == people


def test_shares_are_parts_of_the_whole_and_a_team_counts_a_case_once() -> None:
    at = {"closed_at": datetime(2026, 5, 3, tzinfo=UTC)}
    record = at | {"people": (("E1", 1), ("E3", 2), (None, 1)), "person": "E1", "hands": 3, "team": "D1"}
    [shared] = tallies_of(Count(o, credit=o.people))
    [whole] = tallies_of(Count(o, credit=each(o.people)))
    [part] = tallies_of(Count(o, credit=divided(o.person, by=o.hands)))
    [team] = tallies_of(Count(o, credit=o.team))
    assert [tallied(shared, [record], one).amount for one in EMPLOYEES] == [Fraction(1, 4), 0, Fraction(1, 2)]
    assert [tallied(whole, [record], one).amount for one in EMPLOYEES] == [1, 0, 1]
    assert [tallied(part, [record], one).amount for one in EMPLOYEES] == [Fraction(1, 3), 0, 0]
    assert [tallied(shared, [record], one).amount for one in UNITS] == [Fraction(3, 4), 0, Fraction(3, 4)]
    assert [tallied(whole, [record], one).amount for one in UNITS] == [1, 0, 1]
    assert [tallied(team, [record], one).amount for one in (*EMPLOYEES, *UNITS)] == [0, 0, 0, 1, 0, 1]
    assert all(tallied(tally, [record], COMPANY) == Tallied(Fraction(1), 1) for tally in (shared, whole, part, team))
    assert tallied(part, [record | {"hands": 0}], EMPLOYEES[0]) == NOTHING


def test_the_period_is_half_open_in_the_tenants_zone() -> None:
    [tally] = tallies_of(Count(o))
    edges = [datetime(2026, 4, 30, 15, 59, 59, 999999, tzinfo=UTC), datetime(2026, 4, 30, 16, tzinfo=UTC),
             datetime(2026, 5, 31, 15, 59, 59, 999999, tzinfo=UTC), datetime(2026, 5, 31, 16, tzinfo=UTC)]
    found = [tallied(tally, [{"person": "E1", "closed_at": edge}], EMPLOYEES[0]).records for edge in edges]
    assert found == [0, 1, 1, 0]


def reading(measure: Any, unit: Any, records: list[dict[str, Any]], covered: bool = True, minimum: int = 1) -> Reading:
    indicator = Indicator("x", TITLE, measure, unit, LOWER if unit in (SECONDS, HOURS) else HIGHER, minimum)
    found = {tally: tallied(tally, records, EMPLOYEES[0]) for tally in tallies_of(measure) if not tally.earlier}
    return read(indicator, found, covered=lambda tally: covered)


def closed(**values: Any) -> dict[str, Any]:
    return {"person": "E1", "opened_at": datetime(2026, 5, 2, tzinfo=UTC),
            "closed_at": datetime(2026, 5, 2, 1, 30, tzinfo=UTC)} | values


def test_nothing_is_not_measured_unless_it_could_have_been_counted() -> None:
    nothing, undelivered = Reading("not_measured", reason="no_records"), Reading("not_measured", reason="not_delivered")
    for measure, unit in ((Ratio(Count(o, where=o.good), Count(o)), PERCENT), (Mean(o.cost), COUNT),
                          (Percentile(o.cost, 90), COUNT)):
        assert reading(measure, unit, []) == nothing
        assert reading(measure, unit, [], covered=False) == undelivered
    assert reading(Count(o), COUNT, [], covered=False) == undelivered
    assert reading(Count(o), COUNT, []) == Reading("measured", Fraction(0))
    assert reading(Sum(o.cost), COUNT, [closed(cost=None)]) == Reading("measured", Fraction(0))
    assert reading(Ratio(Sum(o.cost), Sum(o.cost)), PERCENT, [closed(cost=Decimal(0))]) == Reading(
        "not_measured", sample=1, reason="denominator_zero")


def test_a_ratio_needs_both_sides_delivered() -> None:
    ratio = Ratio(Count(o, where=o.good), Count(o))
    records = [closed(good=False)] * 4
    assert reading(ratio, PERCENT, records).value == 0
    assert reading(ratio, PERCENT, records, covered=False).state == "not_measured"
    assert reading(ratio, PERCENT, [*records, closed(good=True)], covered=False).value == 20


def test_too_few_records_keep_their_value_for_the_reader() -> None:
    found = reading(Ratio(Count(o, where=o.good), Count(o)), PERCENT, [closed(good=True)] * 3, minimum=4)
    assert (found.state, found.value, found.sample, found.needed) == ("sample_too_small", 100, 3, 4)
    assert found.needing(3).state == "measured"


def test_times_come_in_the_indicators_unit() -> None:
    span = o.closed_at - o.opened_at
    records = [closed(), closed(closed_at=datetime(2026, 5, 2, 0, 30, tzinfo=UTC))]
    mean = reading(Mean(span), HOURS, records)
    assert (mean.value, mean.numerator, mean.denominator, mean.sample) == (1, 2, 2, 2)
    assert reading(Percentile(span, 50), SECONDS, records).value == 1800
    assert reading(Ratio(Sum(span), Count(o)), HOURS, records).value == 1


@pytest.mark.parametrize(("percent", "count", "wanted"), [
    (50, 4, 2), (90, 10, 9), (90, 11, 10), (1, 5, 1), (100, 3, 3)])
def test_a_percentile_is_the_nearest_rank(percent: int, count: int, wanted: int) -> None:
    records = [closed(cost=Decimal(value)) for value in range(count, 0, -1)]
    assert reading(Percentile(o.cost, percent), COUNT, records).value == wanted


def test_a_change_needs_both_periods() -> None:
    measure = Change(Ratio(Count(o, where=o.good), Count(o)))
    indicator = Indicator("x", TITLE, measure, PERCENTAGE_POINT, HIGHER)
    good, every = tallies_of(measure.measure)
    now = {good: Tallied(Fraction(3), 3), every: Tallied(Fraction(4), 4)}
    before = {good.before(): Tallied(Fraction(1), 1), every.before(): Tallied(Fraction(2), 2)}
    found = read(indicator, now | before, covered=lambda tally: True)
    assert (found.value, found.earlier, found.sample) == (25, 50, 2)
    assert read(indicator, now, covered=lambda tally: True).state == "not_measured"


def test_a_rating_is_the_mean_of_the_raters() -> None:
    indicator = RatedIndicator("attitude", TITLE, minimum_raters=2)
    assert rated(indicator, []).state == "not_measured"
    assert rated(indicator, [Decimal(90)]).state == "sample_too_small"
    assert rated(indicator, [Decimal(90), Decimal("80.5"), Decimal(85)]).value == Fraction(511, 6)


class Question(RecordType, key="tallies_question", title=Text("Question", "咨询")):
    asked_at = Instant()
    defaults = Attribution(at=asked_at)


def test_a_total_leaves_aside_what_the_company_has_no_source_of_and_waits_for_what_it_has() -> None:
    orders, questions = Count(Order), Count(Question)
    both = Indicator("both", Text("Both", "合计"), Total(orders, questions), COUNT, HIGHER)

    def of_nothing(order: bool | None, question: bool | None) -> str:
        states = {orders.tally: order, questions.tally: question}
        return read(both, {}, covered=lambda tally: states[tally]).state

    assert [of_nothing(True, None), of_nothing(True, True)] == ["measured", "measured"]
    assert {of_nothing(True, False), of_nothing(None, None), of_nothing(False, None)} == {"not_measured"}
