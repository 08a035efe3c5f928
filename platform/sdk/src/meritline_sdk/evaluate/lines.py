"""One line of a scorecard. Decides how an item's reading, or its absence, becomes points and weighted points."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from typing import NamedTuple

from meritline_sdk.evaluate.numbers import fraction, rational_text
from meritline_sdk.evaluate.readings import MEASURED, UNREAD, WAIVED, Reading
from meritline_sdk.evaluate.rules import Step, apply
from meritline_sdk.evaluate.shown import reading_step
from meritline_sdk.model.indicators import AnyIndicator, RatedIndicator
from meritline_sdk.model.rules import Rule
from meritline_sdk.model.schemes import FULL, RENORMALISE, ZERO, Event, Item, Part, Scheme, key_of
from meritline_sdk.model.text import Text
from meritline_sdk.model.units import Direction, Unit

type Readings = Mapping[tuple[str, str], Reading]
type Indicators = Mapping[str, AnyIndicator]

NOTHING_ADDED = "nothing"
HUNDRED = Fraction(100)


@dataclass(frozen=True, slots=True)
class ScoredLine:
    """A line of a scorecard; ``kind`` is ``item`` or ``event``, ``position`` counts from 1 over both.

    ``policy`` is what was done for want of a reading, None where there is one. An item that was left out has an
    effective weight of 0 and no points. A composite item has no indicator; its reading is its points.
    """

    position: int
    kind: str
    key: str
    indicator: str | None
    read_from: str
    title: Text | None
    dimension: Text | None
    unit: Unit | None
    better: Direction | None
    target: Decimal | None
    reading: Reading
    raw_points: Fraction | None
    full: Fraction | None
    weight: Decimal | None
    effective_weight: Fraction | None
    weighted_points: Fraction | None
    policy: str | None
    rated: bool = False
    steps: tuple[Step, ...] = field(default=(), hash=False)


class Draft(NamedTuple):
    """An item with its points, before the weights of the others are known."""

    item: Item
    indicator: AnyIndicator | None
    reading: Reading
    points: Fraction | None
    full: Fraction
    measured: bool
    whole: bool
    policy: str | None
    steps: tuple[Step, ...]


def present(draft: Draft) -> bool:
    """Whether the item's weight counts."""
    return draft.points is not None


def resolve(named: AnyIndicator | str, indicators: Indicators) -> AnyIndicator:
    """The declaration that a scheme names, or holds."""
    return indicators[named] if isinstance(named, str) else named


def policy_of(scheme: Scheme, item: Item, reading: Reading) -> str:
    """What is done for want of this reading."""
    return RENORMALISE if reading.state == WAIVED else item.missing or scheme.missing


def item_draft(scheme: Scheme, item: Item, readings: Readings, indicators: Indicators) -> Draft:
    """The item with its points; without a reading, with what the policy gives."""
    if item.parts:
        return composite_draft(scheme, item, readings, indicators)
    assert item.indicator is not None
    assert item.rule is not None
    indicator = resolve(item.indicator, indicators)
    reading = readings.get((key_of(item.indicator), item.read_from), UNREAD)
    if item.minimum_sample is not None:
        reading = reading.needing(item.minimum_sample)
    full = fraction(item.rule.full)
    told = reading_step(reading, indicator)
    if reading.state != MEASURED or reading.value is None:
        policy = policy_of(scheme, item, reading)
        return Draft(item, indicator, reading, points_without(policy, full), full, False, False, policy, (told,))
    points, step = scored(item.rule, reading.value, item.target, indicator)
    return Draft(item, indicator, reading, points, full, True, True, None, (told, step))


def points_without(policy: str, full: Fraction) -> Fraction | None:
    """The points of an item without a reading."""
    return {ZERO: Fraction(0), FULL: full}.get(policy)


def scored(rule: Rule, value: Fraction, target: Decimal | int | str | None,
           indicator: AnyIndicator) -> tuple[Fraction, Step]:
    """Points of a reading and their step."""
    points, step = apply(rule, value, None if target is None else fraction(target), indicator.better)
    step["unit"], step["better"] = indicator.unit.key, indicator.better.value
    return points, step


def composite_draft(scheme: Scheme, item: Item, readings: Readings, indicators: Indicators) -> Draft:
    """The parts' shares of their full points, averaged by their inner weights, out of 100."""
    found = [part_points(scheme, item, part, readings, indicators) for part in item.parts]
    steps = tuple(step for *_, step in found)
    measured = [reading for reading, _, _ in found if reading.state == MEASURED]
    sample = max((reading.sample for reading in measured), default=0)
    counting = [(fraction(part.weight), share) for part, (_, share, _) in zip(item.parts, found, strict=True)
                if share is not None]
    weights = sum((weight for weight, _ in counting), Fraction(0))
    if not measured or not weights:
        states = {reading.state for reading, _, _ in found}
        reading = Reading(states.pop() if len(states) == 1 else UNREAD.state)
        policy = policy_of(scheme, item, reading)
        return Draft(item, None, reading, points_without(policy, HUNDRED), HUNDRED, False, False, policy, steps)
    points = sum((weight * share for weight, share in counting), Fraction(0)) * 100 / weights
    combine: Step = {"step": "combine", "weights": rational_text(weights), "result": rational_text(points)}
    return Draft(item, None, Reading(MEASURED, points, sample=sample), points, HUNDRED, True,
                 len(measured) == len(found), None, (*steps, combine))


def part_points(scheme: Scheme, item: Item, part: Part, readings: Readings,
                indicators: Indicators) -> tuple[Reading, Fraction | None, Step]:
    """The reading of a part, its share of its full points, and its step."""
    indicator = resolve(part.indicator, indicators)
    reading = readings.get((key_of(part.indicator), item.read_from), UNREAD)
    if item.minimum_sample is not None:
        reading = reading.needing(item.minimum_sample)
    step: Step = {
        "step": "part", "indicator": key_of(part.indicator), "weight": rational_text(fraction(part.weight)),
        "title": {"en": indicator.title.en, "zh": indicator.title.zh}, "full": rational_text(fraction(part.rule.full)),
        "steps": [reading_step(reading, indicator)],
    }  # fmt: skip
    full = fraction(part.rule.full)
    if reading.state != MEASURED or reading.value is None:
        policy = policy_of(scheme, item, reading)
        points = points_without(policy, full)
        step["policy"] = policy
    else:
        points, told = scored(part.rule, reading.value, part.target, indicator)
        step["steps"].append(told)
    step["points"] = None if points is None else rational_text(points)
    return reading, None if points is None else points / full, step


@lru_cache(maxsize=4096)
def shared(weight: Fraction, base: Fraction, counting: Fraction, full: Fraction,
           counts: bool) -> tuple[Fraction, Fraction, tuple[tuple[str, str], ...]]:
    """The effective weight, what it makes of a point, and what the step tells of it: the same for most people."""
    effective = weight * base / counting if counts and counting else Fraction(0)
    told = {"step": "weigh", "weight": rational_text(weight), "effective": rational_text(effective),
            "base": rational_text(base), "counting": rational_text(counting), "full": rational_text(full)}
    return effective, effective / full if counts else effective, tuple(told.items())


def weighed(draft: Draft, position: int, base: Fraction, counting: Fraction, places: int) -> ScoredLine:
    """The line of the item once it is known which weights count."""
    item, points = draft.item, draft.points
    effective, factor, told = shared(fraction(item.weight), base, counting, draft.full, points is not None)
    weighted = None if points is None else points * factor
    step: Step = {
        **dict(told), "points": None if points is None else rational_text(points), "places": places,
        "result": None if weighted is None else rational_text(weighted), "policy": draft.policy,
    }  # fmt: skip
    found = draft.indicator
    return ScoredLine(
        position=position, kind="item", key=item.name(), indicator=key_of(item.indicator) or None,
        read_from=item.read_from, title=item.title or (found.title if found else None), dimension=item.dimension,
        unit=found.unit if found else None, better=found.better if found else None,
        target=None if item.target is None else Decimal(item.target), reading=draft.reading,
        raw_points=draft.points, full=draft.full, weight=Decimal(item.weight), effective_weight=effective,
        weighted_points=weighted, policy=draft.policy, rated=isinstance(found, RatedIndicator),
        steps=(*draft.steps, step),
    )  # fmt: skip


def event_line(event: Event, position: int, readings: Readings, indicators: Indicators) -> ScoredLine:
    """The line of an event: its points are added as they are."""
    indicator = resolve(event.indicator, indicators)
    reading = readings.get((key_of(event.indicator), event.read_from), UNREAD)
    steps: tuple[Step, ...] = (reading_step(reading, indicator),)
    points = None
    if reading.state == MEASURED and reading.value is not None:
        points, told = scored(event.rule, reading.value, event.target, indicator)
        steps = (*steps, told)
    added: Step = {"step": "add", "points": None if points is None else rational_text(points)}
    return ScoredLine(
        position=position, kind="event", key=event.name(), indicator=key_of(event.indicator),
        read_from=event.read_from, title=event.title or indicator.title, dimension=None, unit=indicator.unit,
        better=indicator.better, target=None if event.target is None else Decimal(event.target), reading=reading,
        raw_points=points, full=None, weight=None, effective_weight=None, weighted_points=points,
        policy=None if points is not None else NOTHING_ADDED, rated=isinstance(indicator, RatedIndicator),
        steps=(*steps, added),
    )  # fmt: skip


__all__ = ["NOTHING_ADDED", "Draft", "ScoredLine", "event_line", "item_draft", "policy_of", "present", "weighed"]
