"""Numbers as they are printed: what is made of a number's text at once, and kept, is what is made of the number."""

from fractions import Fraction
from itertools import product

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from meritline_sdk import Text
from meritline_sdk.evaluate.numbers import half_up, half_up_of, parsed, ratio, rational_text, rounded, sign_of
from meritline_sdk.explain import line_text
from meritline_sdk.explain.figures import CUT, closing_sum, factor, figure, operand, spelt, with_unit
from meritline_sdk.explain.rules import rule_text, worded
from meritline_sdk.model.units import COUNT, MONEY, PERCENT, RATING, UNITS, YES_NO

FRACTIONS = st.one_of(st.fractions(), st.fractions(max_denominator=400), st.decimals(-999, 999, places=4).map(Fraction))


@given(FRACTIONS)
@example(Fraction(0))
@example(Fraction(-1, 3_000_000))
@example(Fraction(1, 64))
@example(Fraction(-1, 128))
def test_a_number_is_spelt_of_its_text_as_of_itself(value: Fraction) -> None:
    text = rational_text(value)
    assert ratio(text) == value.as_integer_ratio()
    assert parsed(text) == value
    assert sign_of(text) == (value > 0) - (value < 0)
    shown = spelt(text)
    assert shown[:3] == (figure(value), operand(value), factor(value))
    assert Fraction(*shown.exact) == value
    assert Fraction(*shown.read) == Fraction(shown.figure.replace("−", "-").removesuffix(CUT))


@pytest.mark.parametrize("text", ["2800/34", "-10/5", "12.50", "007", "1e3", "٣"])
def test_another_spelling_of_a_number_is_the_same_number(text: str) -> None:
    assert Fraction(*ratio(text)) == parsed(text) == Fraction(text)
    assert spelt(text) == spelt(rational_text(Fraction(text)))


@pytest.mark.parametrize("text", ["", "-", "1/", "/2", "1/0", "1/-2", "x", "1//2"])
def test_what_is_no_number_is_none(text: str) -> None:
    with pytest.raises((ValueError, ZeroDivisionError)):
        ratio(text)


@given(FRACTIONS, st.integers(1, 10**6), st.integers(0, 6))
def test_a_quotient_is_rounded_in_any_terms(value: Fraction, times: int, places: int) -> None:
    assert half_up_of(value.numerator * times, value.denominator * times, places) == half_up(value, places)
    assert Fraction(half_up(value, places), 10**places) == Fraction(rounded(value, places))


@given(st.lists(FRACTIONS, max_size=12), st.integers(0, 4))
def test_a_sum_is_spelt_so_that_it_rounds_to_what_it_is(values: list[Fraction], places: int) -> None:
    shown = closing_sum([spelt(rational_text(value)) for value in values], places)
    read = [Fraction(text.replace("−", "-").replace(CUT, "").strip("()")) for text in shown]
    assert half_up(sum(read, Fraction(0)), places) == half_up(sum(values, Fraction(0)), places)


def test_a_sum_is_spelt_as_short_as_it_closes() -> None:
    terms = [spelt(text) for text in ("1/3", "1/7", "11/21")]
    assert closing_sum(terms, 2) == ["0.3333…", "0.1428…", "0.5238…"]
    assert closing_sum(terms, 4) == ["0.333333…", "0.142857…", "0.523809…"]
    assert closing_sum([spelt("1/2"), *terms], 4)[0] == "0.5"


@pytest.mark.parametrize(("unit", "language"), [*product(UNITS.values(), ("en", "zh", "zh-CN"))])
def test_every_unit_has_its_words_in_every_language(unit: object, language: str) -> None:
    told = with_unit("8.5", unit, language)  # type: ignore[arg-type]
    assert told.count("8.5") == 1
    assert (told == "8.5") == (unit in (COUNT, MONEY, RATING, YES_NO))
    assert (told == "8.5%") == (unit is PERCENT)


def test_words_that_are_kept_are_those_of_their_rule_unit_and_language() -> None:
    told = {(phrase, each, per, unit, language): worded(phrase, each, per, unit, language)
            for phrase in ("deduct_below", "deduct_above", "more_above", "more_below") for each in ("1", "2.5")
            for per in ("1", "2", "1/2") for unit in ("percent", "second", "minute") for language in ("en", "zh")}
    assert len(set(told.values())) == len(told)
    assert told["deduct_below", "1", "1", "percent", "en"] == "1 points off for each percentage point below target"
    assert told["deduct_below", "2.5", "1/2", "second", "zh"] == "每低 0.5 秒，扣 2.5 分"


def test_the_same_points_of_two_lines_are_told_by_the_weights_of_each() -> None:
    reading = {"step": "reading", "state": "measured", "unit": "count", "sample": 3, "form": "count", "value": "3"}
    rule = {"step": "rule", "kind": "as_points", "result": "8", "unlimited": "8", "limit": None, "unit": "count"}
    assert rule_text(rule, reading, "en") == "the reading is the points: 8 points"
    weigh = {"step": "weigh", "weight": "20", "effective": "20", "base": "100", "counting": "100", "full": "10",
             "points": "8", "places": 2, "result": "16", "policy": None}  # fmt: skip
    group = {"title": {"en": "Care", "zh": "关怀"}, "weight": "50", "counting": "40"}
    steps = [weigh, {**weigh, "full": "100", "result": "8/5"}, {**weigh, "effective": "25", "counting": "80"},
             {**weigh, "group": group}, {**weigh, "group": {**group, "weight": "60"}},
             {**weigh, "places": 0}]  # fmt: skip
    told = [line_text([reading, rule, step], Text("A", "甲"), language) for step in steps for language in ("en", "zh")]
    assert len(set(told[:-2])) == len(told) - 2
    assert told[-2:] == [told[0].replace("16.00", "16"), told[1].replace("16.00", "16")]
