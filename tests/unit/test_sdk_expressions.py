"""Expressions: what would mean nothing is refused when it is written, and unknown is neither true nor false."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from itertools import product
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from meritline_sdk import (
    COUNT,
    HIGHER,
    LOWER,
    PERCENT,
    SECONDS,
    Attribution,
    ByGrade,
    Choice,
    Code,
    Count,
    Day,
    DeclarationError,
    Expr,
    ExpressionError,
    Flag,
    Indicator,
    Instant,
    Int,
    Mean,
    Number,
    Parameter,
    People,
    Percentile,
    Person,
    Quotient,
    Ratio,
    RecordType,
    Sum,
    Team,
    Text,
    divided,
    each,
    hours,
    rules,
    seconds,
)
from meritline_sdk.evaluate.expressions import value_of


class Visit(RecordType, key="expressions_visit", title=Text("Visit", "上门")):
    person = Person()
    helpers = People(optional=True)
    team = Team(optional=True)
    opened_at = Instant()
    closed_at = Instant(optional=True)
    due_on = Day(optional=True)
    visits = Int(optional=True)
    cost = Number(optional=True)
    paid = Flag(optional=True)
    status = Choice(options=("open", "closed"), optional=True)
    code = Code(optional=True)
    defaults = Attribution(credit=person, at=closed_at)


v: Any = Visit
TITLE = Text("Title", "标题")


def given_record(expression: Expr, **record: object) -> Any:
    return value_of(expression.node, record, {})


@pytest.mark.parametrize(("write", "says"), [
    (lambda: (v.visits == 1) and (v.paid == True), "(a) & (b)"),  # noqa: E712
    (lambda: (v.visits == 1) or v.paid, "(a) & (b)"),
    (lambda: not v.paid, "(a) & (b)"),
    (lambda: 1 <= v.visits <= 3, "chained comparison"),
    (lambda: v.visits == 1.5, "float is never exact"),
    (lambda: v.cost == Decimal("NaN"), "cannot stand in an expression"),
    (lambda: v.cost < Decimal("Infinity"), "cannot stand in an expression"),
    (lambda: v.cost < Decimal("1E+999999"), "at most 18 digits"),
    (lambda: v.visits / 2, "Quotient"),
    (lambda: v.visits == "1", "cannot be compared"),
    (lambda: v.closed_at - v.opened_at > 3600, "use seconds()"),
    (lambda: v.opened_at > datetime(2026, 5, 1), "instant with a zone"),  # noqa: DTZ001
    (lambda: v.code < "b", "equality only"),
    (lambda: v.person < v.person, "equality only"),
    (lambda: v.helpers == v.helpers, "cannot be compared"),
    (lambda: v.visits & v.paid, "true or false"),
    (lambda: v.opened_at + v.closed_at, "means nothing"),
    (lambda: Count(v, where=v.visits), "true or false"),
    (lambda: Mean(v.code), "added up"),
    (lambda: Mean(v.cost, credit=v.helpers), "cannot be shared"),
    (lambda: Percentile(v.cost, 90, credit=divided(v.person, by=v.visits)), "cannot be shared"),
    (lambda: Percentile(v.cost, 0), "from 1 to 100"),
    (lambda: Count(v, credit=v.visits), "credit goes to"),
    (lambda: Count(v, at=v.visits), "an instant or a day"),
    (lambda: Parameter("limit", v.visits), "is a constant"),
    (lambda: Quotient(v.cost, v.visits, places=13), "between 0 and 12"),
])
def test_what_means_nothing_is_refused_at_once(write: Any, says: str) -> None:
    with pytest.raises(ExpressionError) as refused:
        write()
    assert says in str(refused.value)


@pytest.mark.parametrize(("write", "says"), [
    (lambda: Indicator("x", TITLE, Mean(v.closed_at - v.opened_at), PERCENT, LOWER), "measures a time"),
    (lambda: Indicator("x", TITLE, Count(v), SECONDS, LOWER), "not a time"),
    (lambda: Indicator("x", TITLE, Count(v), PERCENT, HIGHER), "use Ratio"),
    (lambda: Indicator("x", TITLE, Ratio(Sum(v.closed_at - v.opened_at), Count(v)), PERCENT, LOWER), "is a time"),
    (lambda: rules.Deduct(0.5), "not exact"),  # type: ignore[arg-type]
    (lambda: rules.Deduct(Decimal("NaN")), "finite"),
    (lambda: rules.Deduct("1E+999999"), "at most 18 digits"),
    (lambda: rules.Deduct(2, per=0), "above zero"),
    (lambda: ByGrade("b", TITLE, {"low": 10**15}), "at most 15 digits"),
    (lambda: rules.Bands(up_to={10: 100}), "beyond"),
])
def test_a_declaration_that_contradicts_itself_is_refused(write: Any, says: str) -> None:
    with pytest.raises(DeclarationError) as refused:
        write()
    assert says in str(refused.value)


def test_a_misspelt_field_names_the_nearest() -> None:
    with pytest.raises(AttributeError, match="did you mean 'closed_at'"):
        v.close_at  # noqa: B018
    with pytest.raises(AttributeError, match="has no field 'xyz'; it has person, helpers"):
        v.xyz  # noqa: B018


LOGIC = (True, False, None)


@pytest.mark.parametrize(("left", "right"), list(product(LOGIC, LOGIC)))
def test_and_or_not_know_the_unknown(left: bool | None, right: bool | None) -> None:
    record = {"paid": left, "visits": None if right is None else int(right)}
    other = v.visits == 1
    both = False if left is False or right is False else None if left is None or right is None else True
    either = True if left is True or right is True else None if left is None or right is None else False
    assert given_record(v.paid & other, **record) is both
    assert given_record(v.paid | other, **record) is either
    assert given_record(~v.paid, **record) is (None if left is None else not left)
    assert given_record(v.paid.missing(), **record) is (left is None)
    assert given_record(v.paid.present(), **record) is (left is not None)


def test_a_filter_on_a_missing_value_is_unknown() -> None:
    assert given_record(v.status.one_of("open"), status=None) is None
    assert given_record(v.visits != 1, visits=None) is None
    assert given_record(v.closed_at - v.opened_at, opened_at=datetime(2026, 5, 1, tzinfo=UTC)) is None
    assert given_record(v.helpers.missing(), helpers=()) is True


@given(st.decimals(allow_nan=False, allow_infinity=False, places=12, min_value=-10**20, max_value=10**20),
       st.integers(-10**18, 10**18), st.integers(0, 12))
def test_arithmetic_is_exact_and_a_quotient_is_cut_towards_zero(cost: Decimal, visits: int, places: int) -> None:
    product_ = given_record(v.cost * v.visits, cost=cost, visits=visits)
    assert Fraction(product_) == Fraction(cost) * visits
    found = given_record(Quotient(v.cost, v.visits, places=places), cost=cost, visits=visits)
    if visits == 0:
        assert found is None
        return
    above, below = abs(int(Fraction(cost) * 10**12)) * 10**places, abs(visits) * 10**12
    wanted = above // below * (1 if (cost >= 0) == (visits > 0) else -1)
    assert Fraction(found) * 10**places == wanted
    assert not (found == 0 and found.is_signed())


def test_times_are_compared_as_instants_where_the_clock_is_put_back() -> None:
    zone = ZoneInfo("Europe/Berlin")
    first = datetime(2026, 10, 25, 2, 30, tzinfo=zone, fold=0)
    second = datetime(2026, 10, 25, 2, 15, tzinfo=zone, fold=1)
    assert given_record(v.closed_at > v.opened_at, opened_at=first, closed_at=second) is True
    assert given_record(v.closed_at - v.opened_at, opened_at=first, closed_at=second) == 45 * 60 * 1_000_000
    assert given_record(v.closed_at - v.opened_at <= hours(1), opened_at=first, closed_at=second) is True


def test_days_and_parameters() -> None:
    assert given_record(v.due_on - date(2026, 5, 1), due_on=date(2026, 5, 4)) == 3
    within = v.closed_at - v.opened_at <= Parameter("within", seconds(20))
    record = {"opened_at": datetime(2026, 5, 1, tzinfo=UTC), "closed_at": datetime(2026, 5, 1, 0, 0, 21, tzinfo=UTC)}
    assert value_of(within.node, record, {}) is False
    assert value_of(within.node, record, {"within": 21_000_000}) is True
    later = record["opened_at"] + timedelta(hours=2)
    assert given_record(v.opened_at + hours(2) == v.closed_at, opened_at=record["opened_at"], closed_at=later) is True


def test_each_of_a_group_may_be_credited_with_a_percentile() -> None:
    assert Percentile(v.cost, 50, credit=each(v.helpers)).tally.credit.mode == "each"
    assert Indicator("x", TITLE, Count(v), COUNT, HIGHER).records() == ("expressions_visit",)
