"""An item's points before the weights of the others are known. Decides what stands in for a missing reading."""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import NamedTuple

from meritline_sdk.evaluate.plans import ItemPlan
from meritline_sdk.evaluate.readings import MEASURED, UNREAD, Reading
from meritline_sdk.evaluate.rules import Step, apply
from meritline_sdk.evaluate.shown import reading_step, score_step
from meritline_sdk.model.indicators import AnyIndicator
from meritline_sdk.model.policies import NOT_MEASURED, WITHOUT, policy_for
from meritline_sdk.model.rules import Rule
from meritline_sdk.model.schemes import CARRY, EXEMPT, FULL, MANUAL, ZERO, Item, Scheme
from meritline_sdk.model.units import HIGHER, POINTS, Direction, Unit

type Readings = Mapping[tuple[str, str], Reading]
type Indicators = Mapping[str, AnyIndicator]


@dataclass(frozen=True, slots=True)
class Carried:
    """The share of its full points that an item had in the last earlier period in which it was measured."""

    share: Fraction
    period: str


type Carries = Mapping[str, Carried]


class Known(NamedTuple):
    """What is known of a subject: readings, the declarations behind them, shares of earlier periods by item."""

    readings: Readings
    indicators: Indicators
    carried: Carries


class Draft(NamedTuple):
    """An item with its points. ``measured``: from a reading; ``whole``: nothing of it is missing that was due.

    ``policy`` is what was done for want of a reading, None where there is one.
    """

    line: ItemPlan
    indicator: AnyIndicator | None
    reading: Reading
    points: Fraction | None
    measured: bool
    whole: bool
    policy: str | None
    steps: tuple[Step, ...]
    carried: Carried | None = None

    @property
    def counts(self) -> bool:
        """Whether the item's weight counts: it has points, or waits for somebody who gives it some."""
        return self.points is not None or self.policy == MANUAL


def resolve(named: AnyIndicator | str, indicators: Indicators) -> AnyIndicator:
    """The declaration that a scheme names, or holds."""
    return indicators[named] if isinstance(named, str) else named


def policy_of(scheme: Scheme, item: Item, reading: Reading) -> str:
    """What is done for want of this reading."""
    state = reading.state if reading.state in WITHOUT else NOT_MEASURED
    return policy_for(state, item.policies, item.missing, scheme.policies, scheme.missing)


def indicator_draft(scheme: Scheme, line: ItemPlan, known: Known) -> Draft:
    """The item of one reading with its points; without the reading, with what the policy gives."""
    item = line.item
    reading = known.readings.get(line.source, UNREAD)
    if item.minimum_sample is not None:
        reading = reading.needing(item.minimum_sample)
    assert item.rule is not None
    if item.score_of is not None:
        indicator, unit, better, told = None, POINTS, HIGHER, score_step(reading, item.score_of)
    else:
        assert item.indicator is not None
        indicator = resolve(item.indicator, known.indicators)
        unit, better, told = indicator.unit, indicator.better, reading_step(reading, indicator)
    if reading.state != MEASURED or reading.value is None:
        return without(scheme, line, reading, (told,), known.carried, indicator)
    points, step = scored(item.rule, reading.value, line.goal, unit, better)
    return Draft(line, indicator, reading, points, True, True, None, (told, step))


def without(scheme: Scheme, line: ItemPlan, reading: Reading, steps: tuple[Step, ...], carries: Carries,
            indicator: AnyIndicator | None = None) -> Draft:
    """The item without a reading: what its policy gives, or nothing."""
    policy = policy_of(scheme, line.item, reading)
    carried = carries.get(line.name) if policy == CARRY else None
    points = points_without(policy, line.full) if carried is None else carried.share * line.full
    return Draft(line, indicator, reading, points, False, policy == EXEMPT, policy, steps, carried)


def points_without(policy: str, full: Fraction) -> Fraction | None:
    """The points of an item without a reading, None where it is left out or waits."""
    return {ZERO: Fraction(0), FULL: full}.get(policy)


def scored(rule: Rule, value: Fraction, goal: Fraction | None, unit: Unit, better: Direction) -> tuple[Fraction, Step]:
    """Points of a reading and their step."""
    points, step = apply(rule, value, goal, better)
    step["unit"], step["better"] = unit.key, better.value
    return points, step
