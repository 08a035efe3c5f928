"""Measures made of several tallies: what they come to by hand, and what is said where there is no number."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest

from meritline_sdk import (
    AS_THINGS_STAND,
    COUNT,
    HIGHER,
    HOURS,
    LOWER,
    PERCENT,
    SCORE_100,
    SECONDS,
    YES_NO,
    Attribution,
    Beside,
    Change,
    Code,
    Complete,
    Count,
    Distinct,
    EmployedDays,
    Flag,
    Indicator,
    Instant,
    Kind,
    Largest,
    Mean,
    Number,
    Parameter,
    People,
    PeriodDays,
    Person,
    Pooled,
    Ratio,
    RecordType,
    Smallest,
    Sum,
    Text,
    Total,
    Weighted,
    credit_choice,
    days,
    each,
    earliest,
    exists,
    hours,
    local_day,
)  # fmt: skip
from meritline_sdk.evaluate.calendars import clock_for
from meritline_sdk.evaluate.readings import Reading, beside_values, provisional_until, read
from meritline_sdk.evaluate.tallies import NOTHING, Subject, Tallied, tally_records
from meritline_sdk.evaluate.windows import earlier, window
from meritline_sdk.model.indicators import indicator_tallies
from meritline_sdk.model.measures import Tally
from meritline_sdk.model.schemes import SubjectKind
from meritline_sdk.model.tallies import mergeable

TITLE = Text("Title", "标题")


class Order(RecordType, key="measures_order", title=Text("Order", "工单")):
    person = Person(optional=True)
    people = People(optional=True)
    opened_at = Instant()
    closed_at = Instant(optional=True)
    customer = Code(optional=True)
    cost = Number(optional=True)
    good = Flag(optional=True)
    defaults = Attribution(credit=person, at=closed_at)


class Ticket(RecordType, key="measures_ticket", title=Text("Ticket", "工单票")):
    person = Person(optional=True)
    opened_at = Instant()
    solved_at = Instant(optional=True)
    customer = Code(optional=True)
    score = Number(optional=True)
    defaults = Attribution(credit=person, at=solved_at)


o: Any = Order
k: Any = Ticket
ZONE = "Asia/Shanghai"
MAY = window("2026-05", ZONE)
E1, E2 = Subject(SubjectKind.EMPLOYEE, "E1"), Subject(SubjectKind.EMPLOYEE, "E2")
TEAM, COMPANY = Subject(SubjectKind.DEPARTMENT, "D1"), Subject(SubjectKind.COMPANY, "C")

type Rows = Mapping[str, list[dict[str, Any]]]


def at(text: str) -> datetime:
    return datetime.fromisoformat(f"2026-{text}+08:00").astimezone(UTC)


def order(day: str = "05-10", **values: Any) -> dict[str, Any]:
    closed = at(f"{day}T12:00:00")
    return {"person": "E1", "opened_at": closed - timedelta(hours=1), "closed_at": closed} | values


def ticket(day: str = "05-10", **values: Any) -> dict[str, Any]:
    solved = at(f"{day}T12:00:00")
    return {"person": "E1", "opened_at": solved - timedelta(hours=3), "solved_at": solved} | values


def rows(*orders: dict[str, Any], tickets: tuple[dict[str, Any], ...] = ()) -> Rows:
    return {"measures_order": list(orders), "measures_ticket": list(tickets)}


def tallied(tally: Tally, found: Rows, subject: Subject, parameters: Mapping[str, Any]) -> Tallied:
    def department_of(person: str, moment: datetime | date) -> frozenset[str]:
        local = moment if not isinstance(moment, datetime) else (moment + timedelta(hours=8)).date()
        return frozenset({"D1"} if person == "E1" or local >= date(2026, 5, 31) else {"D2"})

    return tally_records(tally, found.get(tally.record, []), window(earlier("2026-05", tally.earlier), ZONE),
                         parameters, subject, department_of=department_of, others=found,
                         clock=clock_for(MAY, ZONE), employed_days=lambda who, looked: 10)


def reading(measure: Any, unit: Any, found: Rows, subject: Subject = E1, covered: Any = True, minimum: int = 1,
            beside: Any = None, **parameters: Any) -> Any:
    indicator = Indicator("x", TITLE, measure, unit, LOWER if unit in (SECONDS, HOURS) else HIGHER, minimum,
                          beside=() if beside is None else (Beside(TITLE, beside),))
    results = {tally: tallied(tally, found, subject, parameters) for tally in indicator_tallies(indicator)}
    said = covered if callable(covered) else lambda tally: covered
    if beside is not None:
        return [one for _, one in beside_values(indicator, results, covered=said, parameters=parameters)]
    return read(indicator, results, covered=said, parameters=parameters)


def delivered_orders(tally: Tally) -> bool:
    return tally.record == "measures_order"


def why(found: Reading) -> tuple[str, str | None]:
    return found.state, found.reason


# Different things -----------------------------------------------------------------------------------------------------

def test_what_is_the_same_counts_once_for_each_and_for_all() -> None:
    measure = Distinct(o, by=[o.customer, local_day(o.closed_at)])
    found = rows(order(customer="a"), order(customer="a"), order("05-11", customer="a"), order(customer="b"),
                 order(customer=None), order(customer="a", person="E2"), order("06-01", customer="c"))
    assert [reading(measure, COUNT, found, who).value for who in (E1, E2, COMPANY)] == [3, 1, 3]
    assert reading(measure, COUNT, found).sample == 4
    shared = Distinct(o, by=[o.customer], credit=each(o.people))
    together = rows(order(customer="a", people=(("E1", 1), ("E2", 1))), order(customer="a", people=(("E1", 1),)))
    assert [reading(shared, COUNT, together, who).value for who in (E1, E2, TEAM, COMPANY)] == [1, 1, 1, 1]


def test_batches_of_different_things_are_united_and_what_looks_around_is_not_mergeable() -> None:
    [tally] = indicator_tallies(Indicator("x", TITLE, Distinct(o, by=[o.customer]), COUNT, HIGHER))
    first, second = ([order(customer=name) for name in names] for names in ("ab", "bc"))
    halves = [tallied(tally, rows(*part), E1, {}) for part in (first, second)]
    assert halves[0] + halves[1] == tallied(tally, rows(*first, *second), E1, {})
    assert (halves[0] + halves[1]).amount == 3
    assert halves[0] + NOTHING == halves[0]
    assert mergeable(tally)
    assert not mergeable(Count(o, where=exists(k, lambda v: v.customer == o.customer)).tally)
    assert not mergeable(EmployedDays().tally)


# Several tallies ------------------------------------------------------------------------------------------------------

def test_a_total_adds_up_what_several_types_have_and_shows_its_parts() -> None:
    measure, found = Total(Count(o), Count(k)), rows(order(), order(), tickets=(ticket(),))
    both = reading(measure, COUNT, found)
    assert (both.value, both.sample, [part.reading.value for part in both.parts]) == (3, 3, [2, 1])
    half = reading(measure, COUNT, rows(order()), covered=delivered_orders)
    assert (half.value, [why(part.reading) for part in half.parts][1]) == (1, ("not_measured", "not_delivered"))
    assert why(reading(measure, COUNT, rows(), covered=False)) == ("not_measured", "not_delivered")
    assert reading(measure, COUNT, rows()).value == 0
    assert reading(Total(Sum(o.closed_at - o.opened_at), Sum(k.solved_at - k.opened_at)), HOURS, found).value == 5


def test_a_ratio_of_totals_divides_all_by_all() -> None:
    solved, every = Total(Count(o, where=o.good), Count(k, where=k.score > 0)), Total(Count(o), Count(k))
    found = rows(order(good=True), order(), tickets=(ticket(score=1), ticket(score=0)))
    measured = reading(Ratio(solved, every), PERCENT, found)
    assert (measured.value, measured.numerator, measured.denominator, measured.sample) == (50, 2, 4, 4)
    assert why(reading(Ratio(solved, every), PERCENT, rows())) == ("not_measured", "no_records")
    assert why(reading(Ratio(solved, every), PERCENT, rows(), covered=False)) == ("not_measured", "not_delivered")


def test_a_pooled_mean_weighs_every_record_alike() -> None:
    measure = Pooled(Mean(o.closed_at - o.opened_at), Mean(k.solved_at - k.opened_at))
    found = reading(measure, HOURS, rows(order(), order(), order(), tickets=(ticket(),)))
    assert (found.value, found.numerator, found.denominator, found.sample) == (Fraction(3, 2), 6, 4, 4)
    assert why(reading(measure, HOURS, rows())) == ("not_measured", "no_records")


@pytest.mark.parametrize(("measure", "value"), [(Largest(o.cost), 7), (Smallest(o.cost), -2)])
def test_the_largest_and_the_smallest(measure: Any, value: int) -> None:
    found = rows(order(cost=Decimal(7)), order(cost=Decimal(-2)), order(cost=None), order("06-01", cost=Decimal(99)))
    assert (reading(measure, COUNT, found).value, reading(measure, COUNT, found).sample) == (value, 2)
    assert why(reading(measure, COUNT, rows())) == ("not_measured", "no_records")
    assert why(reading(measure, COUNT, rows(), covered=False)) == ("not_measured", "not_delivered")


def test_the_author_says_what_the_largest_of_nothing_is() -> None:
    longest = Largest(o.closed_at - o.opened_at, nothing=0)
    assert (reading(longest, HOURS, rows()).value, reading(longest, HOURS, rows()).state) == (0, "measured")
    assert reading(longest, HOURS, rows(order())).value == 1
    assert why(reading(longest, HOURS, rows(), covered=False)) == ("not_measured", "not_delivered")


def subs(*weights: Any) -> Weighted:
    parts = [Mean(k.score, where=k.customer == name) for name in ("attitude", "skill", "efficiency", "standard")]
    return Weighted(*zip(parts, weights, strict=True))


def test_a_composite_is_the_weighted_mean_of_what_is_measured() -> None:
    scores = {"attitude": 92, "skill": 88, "efficiency": 84, "standard": 96}
    found = rows(tickets=tuple(ticket(customer=name, score=Decimal(score)) for name, score in scores.items()))
    assert reading(subs(1, 1, 1, 1), SCORE_100, found).value == 90
    heavy = Parameter("weight", 25)
    measured = reading(subs(heavy, 20, 20, 20), SCORE_100, found, weight=Decimal(40))
    assert (measured.value, measured.numerator, measured.denominator) == (Fraction(904, 10), 9040, 100)
    assert [(part.reading.value, part.weight) for part in measured.parts] == [(92, 40), (88, 20), (84, 20), (96, 20)]
    lacking = rows(tickets=tuple(ticket(customer=name, score=Decimal(80)) for name in ("skill", "standard")))
    assert reading(subs(1, 1, 1, 1), SCORE_100, lacking).denominator == 2
    assert why(reading(subs(1, 1, 1, 1), SCORE_100, rows())) == ("not_measured", "no_records")
    assert why(reading(subs(0, 1, 0, 1), SCORE_100, rows(tickets=(ticket(customer="attitude", score=Decimal(80)),)))
               ) == ("not_measured", "denominator_zero")


def test_complete_is_one_where_nothing_lacks() -> None:
    measure = Complete((Count(o, where=o.good), Count(o)))
    assert reading(measure, YES_NO, rows(order(good=True))).value == 1
    assert reading(measure, YES_NO, rows(order(good=True), order(good=None))).value == 0
    assert reading(measure, YES_NO, rows()).value == 0
    for found in (rows(), rows(order(good=True))):  # what is not all there cannot be complete for sure
        assert why(reading(measure, YES_NO, found, covered=False)) == ("not_measured", "not_delivered")
    assert reading(measure, YES_NO, rows(order(good=False)), covered=False).value == 0
    joined = Complete((Count(o, where=o.good), Count(o)), (EmployedDays(), PeriodDays()))
    assert reading(joined, YES_NO, rows(order(good=True))).value == 0
    assert reading(joined, YES_NO, rows(order(good=True)), COMPANY).value == 1


def test_days_are_those_of_the_employee_and_else_of_the_period() -> None:
    assert [reading(EmployedDays(), COUNT, rows(), who).value for who in (E1, TEAM, COMPANY)] == [10, 31, 31]
    assert reading(PeriodDays(), COUNT, rows(), covered=False).value == 31
    assert reading(Ratio(Count(o), EmployedDays()), COUNT, rows(order(), order())).value == Fraction(1, 5)


def test_a_relative_change_is_of_the_earlier_value() -> None:
    measure = Change(Mean(k.score), relative=True)
    found = rows(tickets=(ticket("04-10", score=Decimal("5.5")), ticket(score=Decimal("5.2"))))
    changed = reading(measure, PERCENT, found)
    assert (changed.numerator, changed.denominator, changed.earlier) == tuple(map(Fraction, ("-0.3", "5.5", "5.5")))
    assert changed.value == Fraction(-300, 55)
    assert why(reading(measure, PERCENT, rows(tickets=(ticket(score=Decimal(5)),)))) == (
        "not_measured", "earlier_not_measured")
    assert why(reading(measure, PERCENT, rows(tickets=(ticket("04-10", score=Decimal(5)),)))) == (
        "not_measured", "no_records")
    zero = rows(tickets=(ticket("04-10", score=Decimal(0)), ticket(score=Decimal(5))))
    assert why(reading(measure, PERCENT, zero)) == ("not_measured", "denominator_zero")
    times = Change(Mean(o.closed_at - o.opened_at), relative=True)
    slower = rows(order("04-10"), order(opened_at=at("05-10T10:00:00")))
    assert (reading(times, PERCENT, slower).value, reading(times, PERCENT, slower).denominator) == (100, 3600)


def test_a_denominator_of_zero_is_named() -> None:
    nothing = rows(order(cost=Decimal(0)))
    assert why(reading(Ratio(Count(o), Sum(o.cost)), COUNT, nothing)) == ("not_measured", "denominator_zero")


# Parameters -----------------------------------------------------------------------------------------------------------

def test_a_blank_must_be_filled_before_anything_is_measured() -> None:
    limit = Parameter("limit", blank=Kind.DURATION)
    quick = Ratio(Count(o, where=o.closed_at - o.opened_at <= limit), Count(o))
    assert why(reading(quick, PERCENT, rows(order()))) == ("not_measured", "blank:limit")
    assert reading(quick, PERCENT, rows(order()), limit=3_600_000_000).value == 100
    weight = Parameter("weight", blank=Kind.NUMBER)
    found = rows(order(cost=Decimal(4)), tickets=(ticket(score=Decimal(8)),))
    both = Weighted((Mean(o.cost), 1), (Mean(k.score), weight))
    assert why(reading(both, COUNT, found)) == ("not_measured", "blank:weight")
    assert reading(both, COUNT, found, weight=3).value == 7


def test_the_tenant_chooses_whom_a_record_counts_for() -> None:
    whose = Parameter("whose", "person", options=("person", "all"))
    measure = Count(o, credit=credit_choice(whose, {"person": o.person, "all": each(o.people)}))
    found = rows(order(people=(("E1", 1), ("E2", 1))))
    assert [reading(measure, COUNT, found, who).value for who in (E1, E2)] == [1, 0]
    assert [reading(measure, COUNT, found, who, whose="all").value for who in (E1, E2)] == [1, 1]


def test_as_things_stand_every_record_counts_where_people_are_on_the_last_day() -> None:
    measure = Count(o, at=AS_THINGS_STAND)
    found = rows(order("03-10"), order(closed_at=None), order("07-10"), order("05-02", person="E2"))
    assert [reading(measure, COUNT, found, who).value for who in (E1, TEAM, COMPANY)] == [3, 4, 4]


def test_the_moment_may_be_worked_out() -> None:
    measure = Count(o, at=earliest(o.closed_at, o.opened_at + hours(24)))
    found = rows(order("06-01", opened_at=at("05-30T10:00:00")), order("06-01", opened_at=at("05-31T10:00:00")),
                 order(closed_at=None, opened_at=at("04-30T00:00:00")))
    assert reading(measure, COUNT, found).value == 2


def test_numbers_stand_beside_the_reading_and_it_may_be_provisional() -> None:
    found = rows(order(), order(good=True))
    [unanswered] = reading(Mean(o.closed_at - o.opened_at), HOURS, found, beside=Count(o, where=o.good.missing()))
    assert (unanswered.value, unanswered.sample) == (1, 1)
    [worked] = reading(Mean(o.closed_at - o.opened_at), HOURS, found, beside=Sum(o.closed_at - o.opened_at))
    assert worked.value == 2
    wait = Parameter("reopen", days(7))
    later = Indicator("x", TITLE, Count(o), COUNT, HIGHER, settles_after=wait)
    assert provisional_until(later, MAY) == at("06-08T00:00:00")
    assert provisional_until(later, MAY, {"reopen": 86_400_000_000}) == at("06-02T00:00:00")
    assert provisional_until(Indicator("x", TITLE, Count(o), COUNT, HIGHER), MAY) is None
