"""Hypothesis strategies: rules, indicators and their readings, made up. Limits and readings often meet exactly."""

from decimal import Decimal
from fractions import Fraction
from functools import cache
from itertools import product
from typing import Any

from hypothesis import strategies as st

from meritline_sdk.evaluate.readings import (
    FAILED,
    MEASURED,
    NOT_MEASURED,
    SAMPLE_TOO_SMALL,
    WAIVED,
    Reading,
    ReadingPart,
)  # fmt: skip
from meritline_sdk.model import rules
from meritline_sdk.model.indicators import AnyIndicator, Indicator, RatedIndicator
from meritline_sdk.model.kinds import Kind
from meritline_sdk.model.measures import Credit, Mean, Ratio, Tally
from meritline_sdk.model.nodes import Field, Literal
from meritline_sdk.model.text import Text
from meritline_sdk.model.units import COUNT, MINUTES, PERCENT, SCORE_5, Direction


@cache
def decimals(low: int, high: int, places: int = 2) -> st.SearchStrategy[Decimal]:
    """Exact decimals within the limits."""
    return st.integers(low * 10**places, high * 10**places).map(lambda whole: Decimal(whole).scaleb(-places))


@cache
def levels() -> st.SearchStrategy[Decimal]:
    """A target, a limit or a reading; the round ones come often, so that they meet."""
    return st.sampled_from([Decimal(level) for level in (1, 2, 50, 80, 90, 100)]) | decimals(1, 100)


@cache
def scoring_rules() -> st.SearchStrategy[rules.Rule]:
    """Any rule, its numbers of any sign that makes sense."""
    points, caps, fulls = decimals(0, 20), st.none() | decimals(50, 150), (20, 100)
    limits = st.dictionaries(levels(), decimals(0, 120), min_size=1, max_size=5)
    return st.one_of(
        st.builds(lambda how, points, floor: rules.Deduct(points, per=how[0], step=how[1], when=how[2], floor=floor),
                  together((1, 5, Decimal("0.1"), 3), rules.STEPS, (rules.BELOW_TARGET, rules.ABOVE_TARGET)), points,
                  decimals(-50, 20)),
        st.builds(lambda how, above, below, cap: rules.AroundTarget(above, below, per=how[0], cap=cap, step=how[1]),
                  together((1, 3), rules.STEPS), decimals(-10, 10), decimals(-10, 10), caps),
        st.builds(rules.AboveFloor, decimals(0, 90), points, cap=caps, step=one_of(*rules.STEPS)),
        st.builds(rules.PerUnit, decimals(-20, 20), start=decimals(0, 100), floor=one_of(None, 0), cap=caps),
        st.builds(rules.TargetMet, points, points, strict=st.booleans()),
        together((0, 1, 2), fulls).map(lambda how: rules.ZeroTolerance(how[0], full=how[1])),
        st.builds(rules.Judged, st.just(1), decimals(1, 20), one_of(-1, 1), st.none() | decimals(0, 60)),
        together(fulls, (None, 100)).map(lambda how: rules.ToTarget(full=how[0], cap=how[1])),
        st.builds(rules.AsPoints, full=one_of(*fulls), cap=caps),
        st.builds(rules.Threshold, levels(), points),
        st.builds(lambda table, rest: rules.Bands(up_to=table, beyond=rest), limits, points),
        st.builds(lambda table, rest: rules.Bands(at_least=table, below=rest), limits, points),
    )  # fmt: skip


def tally(how: str) -> Tally:
    """A tally of some record, for indicators whose readings are made up."""
    value = None if how == "count" else Literal(1, Kind.NUMBER)
    return Tally(how, "made_up", Credit(None, "company"), Field("made_up", "at", Kind.INSTANT), value=value)


def put(measure: Any, **values: Any) -> Any:
    """A measure of made-up tallies."""
    found = object.__new__(measure)
    for name, value in values.items():
        object.__setattr__(found, name, value)
    return found


@cache
def indicators(key: str) -> st.SearchStrategy[AnyIndicator]:
    """A ratio, a mean, or a rating."""
    title = Text(f"Title {key}", f"标题 {key}")
    ratio = put(Ratio, numerator=tally("count"), denominator=tally("count"))
    mean = put(Mean, tally=tally("sum"))
    return one_of(
        *(Indicator(key, title, ratio, unit, better) for unit, better in product((PERCENT, COUNT), Direction)),
        *(Indicator(key, title, mean, unit, better) for unit, better in product((COUNT, SCORE_5), Direction)),
        *(RatedIndicator(key, title, unit=unit, better=better) for unit, better in product((SCORE_5, MINUTES),
                                                                                          Direction)),
    )  # fmt: skip


@cache
def one_of(*values: Any) -> st.SearchStrategy[Any]:
    """One of the values."""
    return st.sampled_from(values)


@cache
def together(*choices: tuple[Any, ...]) -> st.SearchStrategy[Any]:
    """One of each at a single draw: a draw takes longer than all that is done with it. No more than some hundred
    combinations: of a wide range Hypothesis draws the beginning far more often."""
    return st.sampled_from([*product(*choices)])


@cache
def up_to(high: int) -> st.SearchStrategy[int]:
    """A whole number from 0 to ``high``."""
    return st.integers(0, high)


STATES = (MEASURED, MEASURED, MEASURED, MEASURED, NOT_MEASURED, SAMPLE_TOO_SMALL, WAIVED, FAILED)
COINS = (True, False)


@st.composite
def readings(draw: st.DrawFn, indicator: AnyIndicator) -> Reading:
    """A reading that the indicator may give, measured most of the time."""
    found = draw_reading(draw, indicator, STATES)
    assert found is not None
    return found


def draw_reading(draw: st.DrawFn, indicator: AnyIndicator, states: tuple[str | None, ...]) -> Reading | None:
    """A reading in one of the states; for None there is none."""
    state, round_, whole = draw(together(states, COINS, COINS))
    if state is None:
        return None
    if state in (NOT_MEASURED, FAILED):
        return Reading(state)
    ratio = isinstance(indicator, Indicator) and isinstance(indicator.measure, Ratio)
    factor = indicator.unit.ratio_factor if ratio else 1
    below = 1 + draw(up_to(399))
    if round_:
        above = Fraction(draw(LEVELS_AND_NONE)) * below / factor
    else:
        above = Fraction(draw(up_to(1200))) if whole else Fraction(draw(up_to(50_000)), 100)
    needed = below + 1 if state == SAMPLE_TOO_SMALL else 1
    return Reading(state, above / below * factor, above, Fraction(below), below, needed=needed)


LEVELS_AND_NONE = levels() | one_of(Decimal(0))


@st.composite
def mean_scores(draw: st.DrawFn) -> Reading:
    """The mean of the scores of some months, or too few of them."""
    scores = [Fraction(draw(decimals(0, 130))) for _ in range(draw(up_to(3)))]
    parts = tuple(ReadingPart(Reading(MEASURED, one), period=f"2026-0{month}") for month, one in enumerate(scores, 1))
    if not scores:
        return Reading(NOT_MEASURED, sample=0)
    total = sum(scores, Fraction(0))
    return Reading(MEASURED, total / len(scores), total, Fraction(len(scores)), len(scores), parts=parts)
