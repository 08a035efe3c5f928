"""Rolls of rules, indicators and their readings, made up. Limits and readings often meet exactly."""

from decimal import Decimal
from fractions import Fraction
from functools import cache
from itertools import product
from typing import Any

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
from meritline_sdk.testing.dice import Dice, Roll


@cache
def decimals(low: int, high: int, places: int = 2) -> Roll[Decimal]:
    """Exact decimals within the limits."""
    return lambda dice: Decimal(dice.between(low * 10**places, high * 10**places)).scaleb(-places)


COINS = (True, False)
ROUND = [Decimal(level) for level in (1, 2, 50, 80, 90, 100)]
ANY_LEVEL = decimals(1, 100)


def levels(dice: Dice) -> Decimal:
    """A target, a limit or a reading; the round ones come often, so that they meet."""
    return dice.choice(ROUND) if dice.below(2) else ANY_LEVEL(dice)


def seldom[T](roll: Roll[T]) -> Roll[T | None]:
    """Nothing as often as something."""
    return lambda dice: roll(dice) if dice.below(2) else None


POINTS, CAPS, FULLS = decimals(0, 20), seldom(decimals(50, 150)), (20, 100)
PERS = tuple(map(Decimal, ("1", "5", "0.1", "3")))
LOST, CHANGES = decimals(-50, 20), decimals(-10, 10)


def limits(dice: Dice) -> rules.Limits:
    """Points at one to five limits."""
    return {levels(dice): decimals(0, 120)(dice) for _ in range(1 + dice.below(5))}


RULES: tuple[Roll[rules.Rule], ...] = (
    lambda dice: rules.TargetMet(POINTS(dice), POINTS(dice), strict=dice.choice(COINS)),
    lambda dice: rules.Deduct(
        POINTS(dice), per=dice.choice(PERS), step=dice.choice(rules.STEPS),
        when=dice.choice((rules.BELOW_TARGET, rules.ABOVE_TARGET)), floor=LOST(dice)),
    lambda dice: rules.AroundTarget(CHANGES(dice), CHANGES(dice), per=dice.choice((1, 3)), cap=CAPS(dice),
                                    step=dice.choice(rules.STEPS)),
    lambda dice: rules.AboveFloor(decimals(0, 90)(dice), POINTS(dice), cap=CAPS(dice), step=dice.choice(rules.STEPS)),
    lambda dice: rules.PerUnit(decimals(-20, 20)(dice), start=decimals(0, 100)(dice), floor=dice.choice((None, 0)),
                               cap=CAPS(dice)),
    lambda dice: rules.ZeroTolerance(dice.below(3), full=dice.choice(FULLS)),
    lambda dice: rules.Judged(1, decimals(1, 20)(dice), dice.choice((-1, 1)), seldom(decimals(0, 60))(dice)),
    lambda dice: rules.ToTarget(full=dice.choice(FULLS), cap=dice.choice((None, 100))),
    lambda dice: rules.AsPoints(full=dice.choice(FULLS), cap=CAPS(dice)),
    lambda dice: rules.Threshold(levels(dice), POINTS(dice)),
    lambda dice: rules.Bands(up_to=limits(dice), beyond=POINTS(dice)),
    lambda dice: rules.Bands(at_least=limits(dice), below=POINTS(dice)),
)  # fmt: skip


def scoring_rules(dice: Dice) -> rules.Rule:
    """Any rule, its numbers of any sign that makes sense."""
    return dice.choice(RULES)(dice)


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
def indicators(key: str) -> tuple[AnyIndicator, ...]:
    """Ratios, means and ratings, one of which is to be chosen."""
    title = Text(f"Title {key}", f"标题 {key}")
    ratio = put(Ratio, numerator=tally("count"), denominator=tally("count"))
    mean = put(Mean, tally=tally("sum"))
    return (
        *(Indicator(key, title, ratio, unit, better) for unit, better in product((PERCENT, COUNT), Direction)),
        *(Indicator(key, title, mean, unit, better) for unit, better in product((COUNT, SCORE_5), Direction)),
        *(RatedIndicator(key, title, unit=unit, better=better) for unit, better in product((SCORE_5, MINUTES),
                                                                                          Direction)),
    )  # fmt: skip


STATES = (MEASURED, MEASURED, MEASURED, MEASURED, NOT_MEASURED, SAMPLE_TOO_SMALL, WAIVED, FAILED)


def reading(dice: Dice, indicator: AnyIndicator, states: tuple[str | None, ...] = STATES) -> Reading | None:
    """A reading that the indicator may give, in one of the states; for None there is none."""
    state, round_, whole = dice.choice(states), dice.choice(COINS), dice.choice(COINS)
    if state is None:
        return None
    if state in (NOT_MEASURED, FAILED):
        return Reading(state)
    ratio = isinstance(indicator, Indicator) and isinstance(indicator.measure, Ratio)
    factor = indicator.unit.ratio_factor if ratio else 1
    below = dice.between(1, 400)
    if round_:
        above = Fraction(levels(dice) if dice.below(3) else 0) * below / factor
    else:
        above = Fraction(dice.between(0, 1200)) if whole else Fraction(dice.between(0, 50_000), 100)
    needed = below + 1 if state == SAMPLE_TOO_SMALL else 1
    return Reading(state, above / below * factor, above, Fraction(below), below, needed=needed)


def mean_scores(dice: Dice) -> Reading:
    """The mean of the scores of some months, or too few of them."""
    scores = [Fraction(decimals(0, 130)(dice)) for _ in range(dice.below(4))]
    parts = tuple(ReadingPart(Reading(MEASURED, one), period=f"2026-0{month}") for month, one in enumerate(scores, 1))
    if not scores:
        return Reading(NOT_MEASURED, sample=0)
    total = sum(scores, Fraction(0))
    return Reading(MEASURED, total / len(scores), total, Fraction(len(scores)), len(scores), parts=parts)
