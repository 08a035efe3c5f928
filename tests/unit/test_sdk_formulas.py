"""Formulas: the text of a measure means that measure, whatever it is; every mistake is named at its place."""

import random
import string

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from meritline.plugins import load_catalogue
from meritline_sdk import (
    Attribution,
    Choice,
    Code,
    Count,
    Flag,
    Instant,
    Int,
    Mean,
    Number,
    Percentile,
    Person,
    Ratio,
    RecordType,
    Sum,
    Text,
    days,
    exists,
    hours,
)
from meritline_sdk.formulas import OF_AN_AUTHOR, FormulaError, fields_needed, measure_of, text
from meritline_sdk.model.indicators import Indicator
from meritline_sdk.testing.random_measures import measures
from meritline_sdk.testing.random_records import Mate, Probe


class Boiler(RecordType, key="boiler", title=Text("Boiler", "锅炉单")):
    fitter = Person(optional=True)
    opened_at = Instant()
    closed_at = Instant(optional=True)
    visits = Int(minimum=0, maximum=50)
    price = Number(places=2, optional=True)
    paid = Flag()
    order_no = Code()
    outcome = Choice(options=("resolved", "open", "abandoned"))
    defaults = Attribution(credit=fitter, at=closed_at)


class Valve(RecordType, key="valve", title=Text("Valve", "阀门单")):
    fitter = Person()
    at = Instant()
    order_no = Code()
    seq = Int()
    defaults = Attribution(credit=fitter, at=at)


b = Boiler
RECORDS = {kind.declaration.key: kind.declaration for kind in (Boiler, Valve)}


def means(formula: str) -> object:
    return measure_of(formula, RECORDS)


def wrong(formula: str) -> list[tuple[str, int, int, str]]:
    with pytest.raises(FormulaError) as found:
        means(formula)
    return [(each.code, each.line, each.column, each.value) for each in found.value.problems]


@pytest.mark.parametrize(("formula", "measure"), [
    ("count(boiler)", Count(b)),
    ("Count(Boiler, where=Boiler.visits == 1)", Count(b, where=b.visits == 1)),
    ('ratio(count(boiler, visits == 1 and outcome == "resolved", at=opened_at), count(boiler, visits >= 1, '
     "at=opened_at))", Ratio(Count(b, (b.visits == 1) & (b.outcome == "resolved"), at=b.opened_at),
                             Count(b, b.visits >= 1, at=b.opened_at))),
    ("count(boiler, visits == 1) / count(boiler)", Ratio(Count(b, b.visits == 1), Count(b))),
    ("count(boiler, 0 < visits < 3)", Count(b, where=(b.visits < 3) & (b.visits > 0))),
    ("count(boiler, not paid or price is None)", Count(b, where=~b.paid | b.price.missing())),
    ('count(boiler, outcome in ("resolved", "open"))', Count(b, where=b.outcome.one_of("resolved", "open"))),
    ("percentile(boiler.closed_at - boiler.opened_at, 90)", Percentile(b.closed_at - b.opened_at, 90)),
    ('mean(boiler, closed_at - opened_at, closed_at - opened_at < "24 h")',
     Mean(b.closed_at - b.opened_at, where=b.closed_at - b.opened_at < hours(24))),
    ("sum(boiler, price * 0.5, credit=company_only(), at=AS_THINGS_STAND)", None),
    ("count(boiler, exists(valve, valve.order_no == boiler.order_no and valve.seq > 1))",
     Count(b, where=exists(Valve, lambda v: (v.order_no == Boiler.order_no) & (v.seq > 1)))),
    ("count(boiler, exists(boiler, other.order_no == order_no and other.opened_at - boiler.closed_at <= days(7)))",
     Count(b, where=exists(b, lambda o: (o.order_no == b.order_no) & (o.opened_at - b.closed_at <= days(7))))),
])  # fmt: skip
def test_a_formula_is_what_an_author_would_write(formula: str, measure: object) -> None:
    found = means(formula)
    if measure is not None and "0 < visits" not in formula:
        assert found == measure
    assert means(text(found)) == found


@settings(max_examples=400, deadline=None, suppress_health_check=list(HealthCheck))
@given(measures())
def test_every_measure_can_be_written_and_read_back(drawn: object) -> None:
    records = {kind.declaration.key: kind.declaration for kind in (Probe, Mate)}
    measure = getattr(drawn, "measure", drawn)
    assert measure_of(text(measure), records, OF_AN_AUTHOR) == measure


def test_every_indicator_of_the_installed_plugins_can_be_written_and_read_back() -> None:
    catalogue = load_catalogue()
    found = {key: one for key, one in catalogue.indicators().items() if isinstance(one, Indicator)}
    for key, one in found.items():
        assert measure_of(text(one.measure), catalogue.records, OF_AN_AUTHOR) == one.measure, key
    assert len(found) >= 50


@pytest.mark.parametrize(("formula", "expected"), [
    ("count(boilr)", ("E-FORMULA-RECORD", 1, 7, "boilr")),
    ("count(boiler,\n  visit == 1)", ("E-FORMULA-FIELD", 2, 3, "visit")),
    ("count(boiler, visits == hours(24))", ("E-FORMULA-KINDS", 1, 15, "visits == hours(24)")),
    ('count(boiler, outcome == "resolvd")', ("E-FORMULA-OPTION", 1, 26, "resolvd")),
    ("cuont(boiler)", ("E-FORMULA-FUNCTION", 1, 1, "cuont")),
    ("ratio(count(boiler), 100)", ("E-FORMULA-DENOMINATOR", 1, 22, "100")),
    ("ratio(count(boiler), sum(boiler, 0))", ("E-FORMULA-DENOMINATOR", 1, 22, "sum(boiler, 0)")),
    ("count(boiler, visits > 50)", ("E-FORMULA-NEVER", 1, 15, "visits > 50")),
    ("count(boiler, visits == 1 and visits == 2)", ("E-FORMULA-NEVER", 1, 15, "visits == 1 and visits == 2")),
    ("count(boiler, opened_at is None)", ("E-FORMULA-NEVER", 1, 15, "opened_at is None")),
    ("count(boiler, paid and not paid)", ("E-FORMULA-NEVER", 1, 15, "paid and not paid")),
    ('count(boiler, outcome == "open" and outcome in ("resolved", "abandoned"))', ("E-FORMULA-NEVER", 1, 15, None)),
    ("ratio(employed_days(), period_days())", ("E-FORMULA-NO-RECORDS", 1, 1, "")),
    ("visits == 1", ("E-FORMULA-MEASURE", 1, 1, "visits == 1")),
    ("count(boiler, valve.seq == 1)", ("E-FORMULA-OTHER-RECORD", 1, 15, "valve.seq")),
    ("count(boiler, exists(valve, valve.seq == 1))", ("E-FORMULA-TIE", 1, 15, "exists")),
    ("sum(visits)", ("E-FORMULA-WHOSE", 1, 1, "sum(visits)")),
    ("sum(boiler, paid)", ("E-FORMULA-KIND", 1, 13, "paid")),
    ("count(boiler, credit=visits)", ("E-FORMULA-CREDIT", 1, 22, "visits")),
    ("mean(boiler, price / 2)", ("E-FORMULA-DIVISION", 1, 14, "price / 2")),
    ("count(boiler, visits == 0.1e5)", ("E-FORMULA-NUMBER", 1, 25, "0.1e5")),
    ("count(boiler, opened_at > '2026')", ("E-FORMULA-DATE", 1, 27, "2026")),
])  # fmt: skip
def test_a_mistake_is_named_at_its_place(formula: str, expected: tuple[str, int, int, str | None]) -> None:
    (found,) = wrong(formula)
    assert found == expected if expected[3] is not None else found[:3] == expected[:3]


def test_the_nearest_name_comes_first_and_several_mistakes_are_told_at_once() -> None:
    with pytest.raises(FormulaError) as found:
        means("ratio(count(boiler, visit == 1), count(valve, sec > 1))")
    assert [each.params["known"][0] for each in found.value.problems] == ["visits", "seq"]  # type: ignore[index]


def test_what_can_be_met_is_not_refused() -> None:
    for condition in ("visits >= 0", "visits <= 0", "visits > 1 or visits < 0", "fitter is None", "closed_at is None",
                      "visits == 1 or visits == 2", "price < 0", 'parameter("most", 3) > visits', "True"):
        means(f"count(boiler, {condition})")


def test_numbers_stay_exact() -> None:
    assert text(means("sum(boiler, price * 0.10)")) == "sum(boiler, price * 0.1)"
    assert text(Sum(b.price * 3)) == "sum(boiler, price * 3)"


def test_the_fields_that_are_needed_are_told() -> None:
    found = fields_needed(means("count(boiler, exists(valve, valve.order_no == boiler.order_no))"))  # type: ignore[arg-type]
    assert found == (("boiler", "closed_at"), ("boiler", "fitter"), ("boiler", "order_no"), ("valve", "order_no"))


GOOD = 'ratio(count(boiler, visits == 1 and outcome == "open", at=opened_at), count(boiler, exists(valve, ' \
       "valve.order_no == boiler.order_no)))"


@settings(max_examples=500, deadline=None)
@given(st.one_of(st.text(max_size=80), st.integers(0, 10**9).map(lambda seed: shaken(GOOD, random.Random(seed)))))
def test_nothing_but_a_measure_or_a_named_mistake_ever_comes_of_a_text(formula: str) -> None:
    try:
        found = means(formula)
    except FormulaError:
        return
    assert means(text(found)) == found  # type: ignore[arg-type]


def shaken(formula: str, dice: random.Random) -> str:
    """The formula with a few pieces cut, doubled or replaced."""
    for _ in range(dice.randint(1, 4)):
        at, end = sorted(dice.sample(range(len(formula) + 1), 2))
        end = min(end, at + 12)
        piece = dice.choice(["", formula[at:end] * 2, dice.choice(string.printable), "not ", "(", ")", "1", '"', "==",
                             "other", "valve", " is None", "0.1", "[", "{", ":", "=", ",", "hours(1)", "-"])
        formula = formula[:at] + piece + formula[end:]
    return formula
