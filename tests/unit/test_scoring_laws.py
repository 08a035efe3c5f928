"""The laws of scoring that people rely on, a thousand random cases each."""

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from typing import Any

from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from meritline_sdk import LOWER_INCLUSIVE, UPPER_INCLUSIVE, Grade, GradeBands, Text, rules
from meritline_sdk.evaluate.bands import grade_of
from meritline_sdk.evaluate.readings import Reading
from meritline_sdk.evaluate.rules import points
from meritline_sdk.evaluate.scoring import score
from meritline_sdk.model.units import Direction
from meritline_sdk.testing.monotone import directions, rising
from meritline_sdk.testing.strategies import Situation, decimals, levels, scoring_rules, situations

TITLE = Text("Title", "标题")
LEAST = Fraction(1, 10**9)
THOUSAND = settings(max_examples=1000, deadline=None, suppress_health_check=[HealthCheck.too_slow,
                                                                             HealthCheck.filter_too_much])


def around(limits: Sequence[Decimal]) -> list[Fraction]:
    """Every limit exactly, a hair on either side, and the middle between two."""
    exact = [Fraction(limit) for limit in limits]
    return sorted({value + change for value in exact for change in (-LEAST, Fraction(0), LEAST)}
                  | {(low + high) / 2 for low, high in pairwise(exact)})


def place_of(value: Fraction, limits: Sequence[Decimal], upper: bool) -> int:
    """The only range that holds the value: ``(before, limit]`` in the upper reading, ``[limit, next)`` in the lower."""
    edges = [None, *map(Fraction, limits), None]
    places = [place for place, (low, high) in enumerate(pairwise(edges)) if (
        (low is None or (value > low if upper else value >= low))
        and (high is None or (value <= high if upper else value < high)))]
    assert len(places) == 1
    return places[0]


@THOUSAND
@given(st.lists(decimals(-50, 150), unique=True, min_size=1, max_size=6), decimals(-60, 160, 4), st.booleans())
def test_bands_of_a_rule_partition_the_range(limits: list[Decimal], value: Decimal, upper: bool) -> None:
    rise = sorted(limits)
    if upper:
        rule = rules.Bands(up_to={limit: place for place, limit in enumerate(rise)}, beyond=len(rise))
    else:
        rule = rules.Bands(at_least={limit: place for place, limit in enumerate(rise, 1)}, below=0)
    for each in [Fraction(value), *around(rise)]:
        assert points(rule, each) == place_of(each, rise, upper)


@THOUSAND
@given(st.lists(decimals(-50, 150), unique=True, max_size=6), decimals(-60, 160, 4), st.booleans())
def test_grade_bands_partition_the_range(limits: list[Decimal], value: Decimal, upper: bool) -> None:
    rise = sorted(limits)
    bounds = [*rise, None] if upper else [None, *rise]
    bands = GradeBands(tuple(Grade(f"g{place}", TITLE, limit) for place, limit in enumerate(bounds)),
                       UPPER_INCLUSIVE if upper else LOWER_INCLUSIVE)
    for each in [Fraction(value), *around(rise)]:
        assert grade_of(bands, each).key == f"g{place_of(each, rise, upper)}"


@THOUSAND
@given(scoring_rules(), levels(), levels(), levels(), st.sampled_from(Direction))
def test_a_better_reading_never_gets_fewer_points(rule: Any, one: Decimal, other: Decimal, target: Decimal,
                                                  better: Direction) -> None:
    upward = rising(rule, better)
    assume(upward is not None)
    low, high = sorted((Fraction(one) - 1, Fraction(other) - 1))
    worse, good = (points(rule, value, Fraction(target), better) for value in ((low, high) if upward else (high, low)))
    assert worse <= good


@THOUSAND
@given(situations(), st.data(), levels())
def test_a_better_reading_never_gives_a_lower_score(situation: Situation, data: st.DataObject, step: Decimal) -> None:
    ways = {key: way for key, way in directions(situation.scheme, situation.indicators).items()
            if way is not None and situation.readings.get(key, Reading("failed")).state == "measured"}
    before = score(situation.scheme, situation.readings, situation.indicators, situation.carried)
    assume(ways and before.exact is not None)
    key = data.draw(st.sampled_from(sorted(ways)))
    found = situation.readings[key]
    assert found.value is not None
    moved = replace(found, value=max(found.value + (Fraction(step) if ways[key] else -Fraction(step)), Fraction(0)))
    after = score(situation.scheme, situation.readings | {key: moved}, situation.indicators, situation.carried)
    assert before.exact is not None
    assert after.exact is not None
    assert before.exact <= after.exact
    bands = situation.scheme.grades
    if bands is not None and before.grade is not None and after.grade is not None:
        assert bands.keys().index(before.grade) <= bands.keys().index(after.grade)


@THOUSAND
@given(situations(), st.randoms())
def test_weights_share_what_there_is_and_the_order_of_readings_does_not_matter(situation: Situation,
                                                                               random: Any) -> None:
    pairs = list(situation.readings.items())
    random.shuffle(pairs)
    scheme = situation.scheme
    found = score(scheme, dict(pairs), situation.indicators, situation.carried)
    assert found == score(scheme, situation.readings, situation.indicators, situation.carried)
    kept = sum((line.effective_weight or 0 for line in found.lines), Fraction(0))
    if scheme.weights == "as_given":
        inner = {one.key for one in scheme.dimensions if one.inner}
        whole = sum((Fraction(item.weight) for item in scheme.items if item.dimension not in inner), Fraction(0))
        whole += sum((Fraction(one.weight) for one in scheme.dimensions if one.inner), Fraction(0))  # type: ignore[arg-type,misc]
    else:
        whole = Fraction(100)
    assert kept == (whole if kept else 0)
    assert kept or not any(line.weighted_points for line in found.lines if line.kind == "item")
    assert all(line.effective_weight >= 0 for line in found.lines if line.effective_weight is not None)
