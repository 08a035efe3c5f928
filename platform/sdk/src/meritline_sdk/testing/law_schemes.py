"""The laws of schemes. Decides on which readings a scheme is tried, and what a better reading may do to its score."""

from collections.abc import Iterator, Sequence
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise

from meritline_sdk.evaluate.numbers import fraction
from meritline_sdk.evaluate.readings import MEASURED, Reading
from meritline_sdk.evaluate.scoring import score
from meritline_sdk.evaluate.totals import Scored
from meritline_sdk.explain import line_text, score_text
from meritline_sdk.model.blanks import open_blanks
from meritline_sdk.model.indicators import AnyIndicator, Indicator
from meritline_sdk.model.items import Event, Item, Part, Veto
from meritline_sdk.model.rated import RatedIndicator
from meritline_sdk.model.rules import Bands
from meritline_sdk.model.schemes import OWN, Scheme, key_of, source_of
from meritline_sdk.model.sets import IndicatorSet
from meritline_sdk.model.text import Text
from meritline_sdk.model.units import HIGHER, LOWER
from meritline_sdk.testing.bounds import Bounds, bounds_of
from meritline_sdk.testing.law import law, plain
from meritline_sdk.testing.monotone import leaves

type Asked = tuple[str, str]
"""An indicator's key, and whose reading of it."""
VALUES = tuple(Fraction(one) for one in (0, 1, 2, 3, 5, 10, 25, 50, 75, 90, 95, 100, 120))
ALL_READ = (Fraction(0), Fraction(250, 3), Fraction(100))
HAIR = Fraction(1, 1000)


def indicators_of(scheme: Scheme, sets: Sequence[IndicatorSet]) -> dict[str, AnyIndicator]:
    """Every indicator of the scheme by its key; a stand-in for one of another set."""
    declared = {f"{one.key}.{found.key}": found for one in sets for found in one.indicators}
    return {key: declared.get(key) or stand_in(key) for key, _ in asked_by(scheme)}


def asked_by(scheme: Scheme) -> list[Asked]:
    """Every reading that the scheme looks at."""
    asked = [(source_of(item), item.read_from) for item in scheme.items if not item.parts]
    asked += [(key_of(part.indicator), item.read_from) for item in scheme.items for part in leaves(item.parts)]
    asked += [(key_of(event.indicator), event.read_from) for event in scheme.events]
    asked += [(key_of(veto.indicator), veto.read_from) for veto in scheme.vetoes]
    asked += [(key_of(grade.indicator), OWN) for grade in (scheme.grades.granted if scheme.grades else ())]
    return list(dict.fromkeys(asked))


def stand_in(key: str) -> RatedIndicator:
    """In place of an indicator of another set."""
    return RatedIndicator(key.rpartition(".")[2], Text(key, key))


def read_as(value: Fraction) -> Reading:
    """A reading of this value."""
    return Reading(MEASURED, value, sample=1000)


def require_scores(scheme: Scheme, sets: Sequence[IndicatorSet]) -> None:
    """Nothing measured gives no score; everything measured gives one, explained in both languages."""
    asked, indicators, broken = asked_by(scheme), indicators_of(scheme, sets), law("scores")
    if score(scheme, {}, indicators).score is not None:
        raise broken.broken(scheme.key, "a score where nothing is measured")
    for value in ALL_READ:
        found = score(scheme, dict.fromkeys(asked, read_as(value)), indicators)
        if found.score is None:
            raise broken.broken(scheme.key, "no score", f"every reading is {plain(value)}")
        for language in ("en", "zh"):
            words = [score_text(found.steps, language),
                     *(line_text(one.steps, one.title or Text(one.key, one.key), language) for one in found.lines)]
            if not all(words):
                raise broken.broken(scheme.key, f"a line that says nothing in {language!r}")


def require_bounds(scheme: Scheme, sets: Sequence[IndicatorSet]) -> None:
    """Whatever is read, the score lies within what the scheme says."""
    asked, indicators = asked_by(scheme), indicators_of(scheme, sets)
    least, most = (None if one is None else fraction(one) for one in (scheme.floor, scheme.cap))
    for value in (*VALUES, Fraction(10**6)):
        found = score(scheme, dict.fromkeys(asked, read_as(value)), indicators)
        told = f"every reading is {plain(value)}"
        if found.score is None:
            continue
        if not Bounds(least, most).hold(Fraction(found.score)):
            raise law("bounds").broken(scheme.key, f"a score of {found.score}", told)
        if -int(found.score.as_tuple().exponent) > scheme.places:
            raise law("bounds").broken(scheme.key, f"{found.score} has more than {scheme.places} places", told)
        if scheme.grades is not None and found.grade is None:
            raise law("bounds").broken(scheme.key, f"a score of {found.score} without a grade", told)


def require_monotone(scheme: Scheme, sets: Sequence[IndicatorSet]) -> None:
    """One reading at a time, from worse to better: the score never falls."""
    if open_blanks(scheme):
        return
    asked, indicators = asked_by(scheme), indicators_of(scheme, sets)
    known = {f"{one.key}.{found.key}" for one in sets for found in one.indicators}
    for key in asked:
        indicator = indicators[key[0]] if key[0] in known else None
        if indicator is None or indicator.better not in (HIGHER, LOWER):
            continue
        for rest in (Fraction(50), Fraction(90)):
            base = dict.fromkeys(asked, read_as(rest))
            tried = [(value, score(scheme, base | {key: read_as(value)}, indicators))
                     for value in values_for(scheme, key, indicator)]
            for (low, worse), (high, better) in pairwise(tried if indicator.better is HIGHER else tried[::-1]):
                if falls(worse, better):
                    raise law("monotone").broken(
                        scheme.key, f"{key[0]} goes from {plain(low)} to the better {plain(high)}, the score from "
                        f"{worse.score} to {better.score}", f"every other reading is {plain(rest)}")


def falls(worse: Scored, better: Scored) -> bool:
    """Whether the better reading gives less."""
    return worse.exact is not None and better.exact is not None and better.exact < worse.exact


def values_for(scheme: Scheme, key: Asked, indicator: AnyIndicator) -> list[Fraction]:
    """The values to try, in order: round ones, and a hair around every limit that the scheme names for the reading."""
    limits = {limit for one in lines_on(scheme, key) for limit in limits_of(one)}
    bounds = bounds_of(indicator) if isinstance(indicator, Indicator) else Bounds(
        Fraction(0), Fraction(indicator.scale_max if indicator.unit.most is None else indicator.unit.most))
    found = {*VALUES, *(limit + change for limit in limits for change in (-HAIR, Fraction(0), HAIR))}
    return sorted(one for one in found if bounds.hold(one))


def lines_on(scheme: Scheme, key: Asked) -> Iterator[Item | Part | Event | Veto]:
    """Whatever looks at the reading."""
    for item in scheme.items:
        if (source_of(item), item.read_from) == key:
            yield item
        yield from (part for part in leaves(item.parts) if (key_of(part.indicator), item.read_from) == key)
    others: tuple[Event | Veto, ...] = (*scheme.events, *scheme.vetoes)
    yield from (one for one in others if (key_of(one.indicator), one.read_from) == key)


def limits_of(line: Item | Part | Event | Veto) -> Iterator[Fraction]:
    """The numbers at which it may jump."""
    if isinstance(line, Veto):
        yield fraction(line.over)
        return
    if line.target is not None:
        yield fraction(line.target)
    if isinstance(line.rule, Bands):
        yield from (Fraction(limit) for limit, _ in line.rule.steps)
    for name in ("start", "over", "allowed"):
        value = getattr(line.rule, name, None)
        if isinstance(value, int | Decimal):
            yield fraction(value)
