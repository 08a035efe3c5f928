"""What a scoring rule gives for a reading. Compares unrounded; every limit named in a rule is included on its own side.

``apply`` also tells each number it used, as a language-free step that ``meritline_sdk.explain`` turns into words.
"""

from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from math import ceil, floor
from typing import Any, NamedTuple

from meritline_sdk.evaluate.numbers import fraction as number
from meritline_sdk.evaluate.numbers import rational_text
from meritline_sdk.model import rules
from meritline_sdk.model.blanks import Open
from meritline_sdk.model.rules import Rule
from meritline_sdk.model.units import Direction

type Step = dict[str, Any]


class Applied(NamedTuple):
    """Points and how they came about."""

    points: Fraction
    step: Step


def points(rule: Rule, value: Fraction, target: Fraction | None = None,
           better: Direction = Direction.HIGHER) -> Fraction:
    """The points of the reading.

    >>> points(rules.Deduct(2), Fraction(2800, 34), Fraction(85))
    Fraction(1610, 17)
    """
    return apply(rule, value, target, better).points


def apply(rule: Rule, value: Fraction, target: Fraction | None = None,
          better: Direction = Direction.HIGHER) -> Applied:
    """The points of the reading, with the step that explains them."""
    match rule:
        case rules.Deduct():
            return deduct(rule, value, wanted(rule, target))
        case rules.AroundTarget():
            return around(rule, value, wanted(rule, target))
        case rules.AboveFloor():
            count = stepped(value - number(rule.start), rule.step) if value > number(rule.start) else Fraction(0)
            return limited(rule, count * number(rule.points), None, rule.cap, over=value - number(rule.start),
                           count=count)
        case rules.PerUnit():
            return limited(rule, number(rule.start) + number(rule.points) * value, rule.floor, rule.cap)
        case rules.TargetMet():
            met = reached(value, wanted(rule, target), better, rule.strict)
            return limited(rule, number(rule.met if met else rule.missed), None, None, target=target, reached=met)
        case rules.ToTarget():
            return to_target(rule, value, wanted(rule, target), better)
        case rules.AsPoints():
            return limited(rule, value, rule.floor, rule.cap)
        case rules.Threshold():
            over = value > number(rule.over)
            return limited(rule, number(rule.points) if over else Fraction(0), None, None, reached=over)
        case rules.Bands():
            return band(rule, value)
        case rules.ZeroTolerance():
            over = value > number(rule.allowed)
            return limited(rule, Fraction(0) if over else number(rule.full), None, None, reached=over)
        case rules.Judged():
            return judged(rule, value)
    raise TypeError(f"{type(rule).__name__} is no rule that this version of Meritline knows")


def wanted(rule: Rule, target: Fraction | None) -> Fraction:
    """The target, which the scheme's declaration made sure of."""
    if target is None:
        raise ValueError(f"rule {rule.kind!r} needs a target")
    return target


def reached(value: Fraction, target: Fraction, better: Direction, strict: bool = False) -> bool:
    """Whether the target is reached, the limit included unless it is ``strict``.

    Where neither way is better only the target itself reaches it, strict or not.
    """
    if better not in (Direction.HIGHER, Direction.LOWER):
        return value == target
    if value == target:
        return not strict
    return (value > target) is (better is Direction.HIGHER)


def stepped(count: Fraction, step: str) -> Fraction:
    """How many steps count: in proportion, complete ones, or each one begun."""
    if step == rules.PROPORTIONAL:
        return count
    return Fraction(floor(count) if step == rules.WHOLE else ceil(count))


def deduct(rule: rules.Deduct, value: Fraction, target: Fraction) -> Applied:
    """Points off for each step by which the target is missed."""
    over = target - value if rule.when == rules.BELOW_TARGET else value - target
    count = stepped(over / number(rule.per), rule.step) if over > 0 else Fraction(0)
    return limited(rule, number(rule.full) - number(rule.points) * count, rule.floor, None,
                   target=target, over=over, count=count)


def around(rule: rules.AroundTarget, value: Fraction, target: Fraction) -> Applied:
    """Full points at the target, more or fewer on either side."""
    over = value - target
    count = stepped(abs(over) / number(rule.per), rule.step)
    each = number(rule.above if over > 0 else rule.below)
    return limited(rule, number(rule.full) + each * count, rule.floor, rule.cap,
                   target=target, over=over, count=count, each=each)


def to_target(rule: rules.ToTarget, value: Fraction, target: Fraction, better: Direction) -> Applied:
    """The share of the target that was reached.

    Where less is better, nothing at all is the best there can be and gets the most there is: ``cap``, or ``full`` where
    no cap is said, since target over reading grows without end as the reading falls to 0.
    """
    if better is not Direction.LOWER:
        return limited(rule, number(rule.full) * value / target, 0, rule.cap, target=target, inverse=False)
    most = rule.full if rule.cap is None else rule.cap
    if value <= 0:
        return limited(rule, number(most), 0, most, target=target, inverse=True, best=True)
    return limited(rule, number(rule.full) * target / value, 0, most, target=target, inverse=True)


def judged(rule: rules.Judged, value: Fraction) -> Applied:
    """The judged points with the rule's sign, all together not more than the cap."""
    cap = None if rule.cap is None else number(rule.cap)
    if rule.sign > 0:
        return limited(rule, value, None, cap)
    return limited(rule, -value, None if cap is None else -cap, None)


def band(rule: rules.Bands, value: Fraction) -> Applied:
    """The points of the range in which the reading lies."""
    above = below = None
    found = rule.rest
    for limit, worth in rule.steps if rule.closed == "upper" else reversed(rule.steps):
        if value <= limit if rule.closed == "upper" else value >= limit:
            above, below, found = (above, limit, worth) if rule.closed == "upper" else (limit, below, worth)
            break
        above, below = (limit, None) if rule.closed == "upper" else (None, limit)
    return limited(rule, number(found), None, None, low=above, high=below)


def limited(rule: Rule, amount: Fraction, least: Open | Fraction | None, most: Open | Fraction | None,
            **details: Any) -> Applied:
    """The amount within its limits, and the step that says which limit held."""
    result, limit = amount, None
    if least is not None and result < number(least):
        result, limit = number(least), "floor"
    if most is not None and result > number(most):
        result, limit = number(most), "cap"
    step: Step = dict(declared(rule))
    step |= {"distance" if name == "over" else name: json_value(value) for name, value in details.items()}
    step |= {"unlimited": rational_text(amount), "limit": limit, "result": rational_text(result)}
    return Applied(result, step)


@lru_cache(maxsize=1024)
def declared(rule: Rule) -> tuple[tuple[str, Any], ...]:
    """What the step says of the rule itself, the same for every reading."""
    step: Step = {"step": "rule", "kind": rule.kind, "full": rational_text(number(rule.full))}
    for name in ("points", "per", "when", "start", "above", "below", "met", "missed", "over", "closed",
                 "allowed", "least", "most", "sign"):
        if hasattr(rule, name):
            step[name] = json_value(getattr(rule, name))
    if getattr(rule, "strict", False):
        step["strict"] = True
    if isinstance(getattr(rule, "step", None), str):
        step["mode"] = rule.step  # type: ignore[attr-defined]
    return tuple(step.items())


def json_value(value: Any) -> Any:
    """The number as JSON holds it exactly: text."""
    if type(value) is Fraction:
        return rational_text(value)
    return rational_text(number(value)) if type(value) in (Decimal, int) else value
