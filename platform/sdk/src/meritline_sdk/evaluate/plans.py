"""What of a scheme is the same for everybody. Decides what a line weighs, given which lines count.

- Items share 100 (``as_given``: the sum of all weights) in proportion to their weights, among those that count.
- The items of a dimension that is weighed within itself share the dimension's weight; where none of them counts, the
  dimension is left out, and its weight is spread over the rest.

A run scores the same scheme for thousands of people: what does not depend on a person is worked out once.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction

from meritline_sdk.evaluate.numbers import decimal, fraction, rational_text
from meritline_sdk.evaluate.rules import Step
from meritline_sdk.model.blanks import Open
from meritline_sdk.model.items import Event, Item, key_of, source_of
from meritline_sdk.model.schemes import AS_GIVEN, Scheme
from meritline_sdk.model.text import Text
from meritline_sdk.model.weights import Dimension, whole_weights

HUNDRED, NONE = Fraction(100), Fraction(0)
REMEMBERED = 4096

type Source = tuple[str, str]


@dataclass(frozen=True, slots=True)
class ItemPlan:
    """An item with its numbers as fractions; ``whole`` is what it weighs of the whole, ``group`` its dimension's place
    among those that are weighed within themselves."""

    item: Item
    name: str
    source: Source
    dimension: Text | None
    group: int | None
    weight: Fraction
    declared: Decimal
    whole: Fraction
    full: Fraction
    target: Decimal | None
    goal: Fraction | None


@dataclass(frozen=True, slots=True)
class EventPlan:
    """An event with its numbers as fractions."""

    event: Event
    name: str
    source: Source
    target: Decimal | None
    goal: Fraction | None


@dataclass(frozen=True, slots=True)
class Weighing:
    """What an item weighs in the end, what that makes of one of its points, and what its step tells of both."""

    effective: Fraction
    factor: Fraction
    told: Step


@dataclass(frozen=True, slots=True)
class Plan:
    """A scheme, ready to score one subject after another."""

    scheme: Scheme
    items: tuple[ItemPlan, ...]
    events: tuple[EventPlan, ...]
    groups: tuple[Dimension, ...]
    base: Fraction
    weighings: dict[tuple[bool, ...], tuple[Weighing, ...]] = field(default_factory=dict, compare=False)

    def weighed(self, counts: tuple[bool, ...]) -> tuple[Weighing, ...]:
        """What each item weighs where these count: the same for most people, so it is remembered."""
        found = self.weighings.get(counts)
        if found is None:
            if len(self.weighings) >= REMEMBERED:
                self.weighings.clear()
            found = self.weighings[counts] = self._weighed(counts)
        return found

    def _weighed(self, counts: tuple[bool, ...]) -> tuple[Weighing, ...]:
        kept = [line for line, count in zip(self.items, counts, strict=True) if count]
        within = [sum((line.weight for line in kept if line.group == place), NONE) for place in range(len(self.groups))]
        counting = sum((line.weight for line in kept if line.group is None), NONE)
        counting += sum((fraction(group.weight or 0) for group, part in zip(self.groups, within, strict=True) if part),
                        NONE)
        return tuple(self._weighing(line, count, within, counting)
                     for line, count in zip(self.items, counts, strict=True))

    def _weighing(self, line: ItemPlan, counts: bool, within: Sequence[Fraction], counting: Fraction) -> Weighing:
        told: Step = {"step": "weigh", "weight": rational_text(line.weight)}
        part = line.weight
        if line.group is not None:
            group, inside = self.groups[line.group], within[line.group]
            weight = fraction(group.weight or 0)
            part = weight * line.weight / inside if inside else NONE
            told["group"] = {"title": {"en": group.title.en, "zh": group.title.zh}, "weight": rational_text(weight),
                             "counting": rational_text(inside)}
        effective = part * self.base / counting if counts and counting else NONE
        told |= {"effective": rational_text(effective), "base": rational_text(self.base),
                 "counting": rational_text(counting), "full": rational_text(line.full)}
        return Weighing(effective, effective / line.full, told)


_plans: dict[int, Plan] = {}


def plan_of(scheme: Scheme) -> Plan:
    """The scheme's plan, remembered by its identity: to hash a scheme takes longer than to score it."""
    known = _plans.get(id(scheme))
    if known is None or known.scheme is not scheme:
        if len(_plans) >= REMEMBERED:
            _plans.clear()
        known = _plans[id(scheme)] = made(scheme)
    return known


def made(scheme: Scheme) -> Plan:
    """The plan of a scheme; an open blank raises."""
    groups = tuple(one for one in scheme.dimensions if one.inner)
    items = tuple(item_plan(scheme, item, groups) for item in scheme.items)
    events = tuple(EventPlan(event, event.name(), (key_of(event.indicator), event.read_from), declared(event.target),
                             goal(event.target)) for event in scheme.events)
    base = HUNDRED
    if scheme.weights == AS_GIVEN:
        base = sum((line.weight for line in items if line.group is None), NONE)
        base += sum((fraction(group.weight or 0) for group in groups), NONE)
    return Plan(scheme, items, events, groups, base)


def item_plan(scheme: Scheme, item: Item, groups: Sequence[Dimension]) -> ItemPlan:
    """The item's part of the plan."""
    named = scheme.dimension_of(item)
    dimension = named.title if named is not None else item.dimension if isinstance(item.dimension, Text) else None
    group = groups.index(named) if named is not None and named.inner else None
    full = HUNDRED if item.rule is None or item.parts else fraction(item.rule.full)
    weight = fraction(item.weight)
    whole = whole_weights(scheme.items, scheme.dimensions)[item.name()]
    return ItemPlan(item, item.name(), (source_of(item), item.read_from), dimension, group, weight,
                    decimal(item.weight), NONE if whole is None else whole, full, declared(item.target),
                    goal(item.target))


def declared(target: Open | None) -> Decimal | None:
    """The target as it was declared."""
    return None if target is None else decimal(target)


def goal(target: Open | None) -> Fraction | None:
    """The target to calculate with."""
    return None if target is None else fraction(target)
