"""Which way a rule runs: whether more of a reading means more points. States for each rule when that is so at all.

A rule runs one way where its own numbers say so; the score then runs the same way, since weights are not negative, and
caps, the sum, its limits, vetoes and the rounding never turn an order round.

- ``deduct``: up where what is below target costs, down where what is above it does; the other way with points below 0.
- ``around_target``: up where it gives nothing less above and nothing more below; down the other way round. With both
  sides giving, or both taking, the target itself is the least or the best, and the rule runs neither way.
- ``above_floor``, ``threshold``, ``per_unit``: by the sign of their points.
- ``judged``: by its sign. ``zero_tolerance``: down. ``as_points``: up.
- ``target_met``: towards what is better, unless missing gives more; where neither way is better, neither way.
- ``to_target``: down where lower is better, else up.
- ``bands``: up or down where the points rise or fall from range to range, else neither way.
"""

from collections.abc import Iterator, Mapping

from meritline_sdk.evaluate.numbers import fraction
from meritline_sdk.model import rules
from meritline_sdk.model.indicators import AnyIndicator
from meritline_sdk.model.items import Part, key_of, source_of
from meritline_sdk.model.schemes import Scheme
from meritline_sdk.model.units import HIGHER, LOWER, Direction


def rising(rule: rules.Rule, better: Direction) -> bool | None:
    """Whether more reading never means fewer points (True), never more (False), or neither can be said (None)."""
    match rule:
        case rules.Deduct():
            return (rule.when == rules.BELOW_TARGET) is (fraction(rule.points) >= 0)
        case rules.AroundTarget():
            return either(fraction(rule.above) >= 0 >= fraction(rule.below),
                          fraction(rule.above) <= 0 <= fraction(rule.below))
        case rules.AboveFloor() | rules.Threshold() | rules.PerUnit():
            return fraction(rule.points) >= 0
        case rules.Judged():
            return rule.sign > 0
        case rules.ZeroTolerance():
            return False
        case rules.TargetMet():
            gains = fraction(rule.met) >= fraction(rule.missed)
            return None if better not in (HIGHER, LOWER) else (better is HIGHER) is gains
        case rules.ToTarget():
            return better is not LOWER
        case rules.Bands():
            worths = [fraction(worth) for _, worth in rule.steps]
            worths = [*worths, fraction(rule.rest)] if rule.closed == "upper" else [fraction(rule.rest), *worths]
            return either(worths == sorted(worths), worths == sorted(worths, reverse=True))
    return True


def either(up: bool, down: bool) -> bool | None:
    """Up, down, or neither; what is level counts as up."""
    return True if up else False if down else None


def directions(scheme: Scheme, indicators: Mapping[str, AnyIndicator]) -> dict[tuple[str, str], bool | None]:
    """Which way the score runs with each reading; neither where two lines pull the same reading different ways."""
    found: dict[tuple[str, str], bool | None] = {}
    for key, way in ways(scheme, indicators):
        found[key] = way if found.get(key, way) is way else None
    return found


def ways(scheme: Scheme, indicators: Mapping[str, AnyIndicator]) -> Iterator[tuple[tuple[str, str], bool | None]]:
    """Each reading that a line, a part or a veto looks at, and which way that runs."""
    def better(named: AnyIndicator | str | None) -> Direction:
        indicator = indicators[named] if isinstance(named, str) else named
        return HIGHER if indicator is None else indicator.better

    for item in scheme.items:
        for part in leaves(item.parts):
            if part.rule is not None:
                yield (key_of(part.indicator), item.read_from), rising(part.rule, better(part.indicator))
        if item.rule is not None and not item.parts:
            yield (source_of(item), item.read_from), rising(item.rule, better(item.indicator))
    for event in scheme.events:
        yield (key_of(event.indicator), event.read_from), rising(event.rule, better(event.indicator))
    for veto in scheme.vetoes:
        yield (key_of(veto.indicator), veto.read_from), False


def leaves(parts: tuple[Part, ...]) -> Iterator[Part]:
    """The parts that have an indicator, at any depth."""
    for part in parts:
        yield from leaves(part.parts) if part.parts else (part,)
