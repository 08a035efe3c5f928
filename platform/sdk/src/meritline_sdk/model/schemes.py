"""Schemes: indicators, targets, rules and weights for a subject. Decides what a scheme must say to be whole."""

from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum

from meritline_sdk.model.bands import GradeBands
from meritline_sdk.model.indicators import AnyIndicator
from meritline_sdk.model.records import DeclarationError, require_key
from meritline_sdk.model.rules import Rule, ToTarget, exact
from meritline_sdk.model.text import Text


class SubjectKind(StrEnum):
    """Who or what is appraised."""

    EMPLOYEE = "employee"
    DEPARTMENT = "department"
    COMPANY = "company"


class PeriodKind(StrEnum):
    """How long a period is."""

    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"


MUST_SUM_TO_100, RENORMALISED, AS_GIVEN = "must_sum_to_100", "renormalise", "as_given"
WEIGHT_CHOICES = (MUST_SUM_TO_100, RENORMALISED, AS_GIVEN)
RENORMALISE, ZERO, FULL = "renormalise", "zero", "full"
MISSING_POLICIES = (RENORMALISE, ZERO, FULL)
OWN = "own"
READ_FROM = (OWN, "department", "company")


@dataclass(frozen=True, slots=True)
class Part:
    """One indicator inside a composite item, with its inner weight."""

    indicator: AnyIndicator | str
    weight: Decimal | int | str
    rule: Rule
    target: Decimal | int | str | None = None

    def __post_init__(self) -> None:
        for name in ("weight", "target"):
            if getattr(self, name) is not None:
                object.__setattr__(self, name, exact(getattr(self, name), f"part, {name}"))


@dataclass(frozen=True, slots=True)
class Item:
    """One weighted line of a scorecard.

    ``indicator`` is the declaration, or the key ``set.key`` of one from elsewhere; a composite item has ``parts``
    instead, whose points are averaged by their inner weights. ``target`` is in the indicator's unit. ``read_from``
    takes the reading of the subject's department or of the company instead of its own. ``missing`` says what happens
    when there is no reading, None for the scheme's own choice.
    """

    indicator: AnyIndicator | str | None
    weight: Decimal | int | str
    rule: Rule | None = None
    target: Decimal | int | str | None = None
    dimension: Text | None = None
    minimum_sample: int | None = None
    missing: str | None = None
    read_from: str = OWN
    parts: tuple[Part, ...] = ()
    title: Text | None = None
    key: str = ""

    def __post_init__(self) -> None:
        object.__setattr__(self, "weight", exact(self.weight, "item, weight"))
        if self.target is not None:
            object.__setattr__(self, "target", exact(self.target, "item, target"))
        if self.weight < 0:  # type: ignore[operator]
            raise DeclarationError(f"item {self.name()!r}: a weight is not negative")
        if (self.indicator is None) != bool(self.parts):
            raise DeclarationError(f"item {self.name()!r}: it has an indicator, or parts, not both")
        if self.parts and not (self.title and self.key):
            raise DeclarationError("a composite item needs a key and a title of its own")
        if self.indicator is not None:
            require_rule(self.name(), self.rule, self.target)
        if self.parts and (sum(Decimal(part.weight) for part in self.parts) <= 0
                           or any(Decimal(part.weight) < 0 for part in self.parts)):
            raise DeclarationError(f"item {self.name()!r}: inner weights are not negative, and not all zero")
        for part in self.parts:
            require_rule(self.name(), part.rule, part.target)
        if self.missing not in (None, *MISSING_POLICIES) or self.read_from not in READ_FROM:
            raise DeclarationError(f"item {self.name()!r}: missing is one of {', '.join(MISSING_POLICIES)}, "
                                   f"read_from one of {', '.join(READ_FROM)}")

    def name(self) -> str:
        """What the item is called in its scheme: its own key, or its indicator's."""
        return self.key or key_of(self.indicator)


@dataclass(frozen=True, slots=True)
class Event:
    """Something added to, or taken from, the total: ``rule`` gives the points of the reading, which may be negative."""

    indicator: AnyIndicator | str
    rule: Rule
    title: Text | None = None
    read_from: str = OWN
    target: Decimal | int | str | None = None
    key: str = ""

    def __post_init__(self) -> None:
        if self.target is not None:
            object.__setattr__(self, "target", exact(self.target, "event, target"))
        require_rule(self.name(), self.rule, self.target)

    def name(self) -> str:
        """What the event is called in its scheme."""
        return self.key or key_of(self.indicator)


def key_of(indicator: AnyIndicator | str | None) -> str:
    """The key by which the item names its indicator."""
    return indicator if isinstance(indicator, str) else indicator.key if indicator is not None else ""


def require_rule(name: str, rule: Rule | None, target: object) -> None:
    """Raise unless there is a rule and the target it needs."""
    if rule is None:
        raise DeclarationError(f"item {name!r}: it needs a rule that turns the reading into points")
    if rule.needs_target and target is None:
        raise DeclarationError(f"item {name!r}: rule {rule.kind!r} needs a target")
    if isinstance(rule, ToTarget) and Decimal(str(target)) <= 0:
        raise DeclarationError(f"item {name!r}: rule {rule.kind!r} divides by the target, which must be above zero")
    if Decimal(rule.full) <= 0:
        raise DeclarationError(f"item {name!r}: rule {rule.kind!r}: full must be above zero, not {rule.full}")


@dataclass(frozen=True, slots=True)
class Ranking:
    """How subjects of a scheme are ranked. Equal scores share the better place and the next places stay empty.

    ``minimum_sample``: a subject with fewer records behind its best-founded line of its own is scored, not ranked.
    """

    minimum_sample: int = 0


@dataclass(frozen=True, slots=True)
class Scheme:
    """A scheme as a value; ``SchemeTemplate`` in a plugin, a version of a tenant's scheme in the server.

    The score is the sum of the items' weighted points plus the events, within ``floor`` and ``cap``, rounded once
    (half up, ``places`` decimals); grades and ranks look at that rounded score, so what is printed is what decides.
    """

    key: str
    title: Text
    items: tuple[Item, ...]
    events: tuple[Event, ...] = ()
    subject: SubjectKind = SubjectKind.EMPLOYEE
    period: PeriodKind = PeriodKind.MONTH
    for_positions: tuple[str, ...] = ()
    weights: str = MUST_SUM_TO_100
    missing: str = RENORMALISE
    grades: GradeBands | None = None
    pass_score: Decimal | int | str | None = None
    floor: Decimal | int | str | None = 0
    cap: Decimal | int | str | None = None
    places: int = 2
    ranking: Ranking = field(default_factory=Ranking)

    def __post_init__(self) -> None:
        require_key(self.key, "scheme")
        for name in ("items", "events", "for_positions"):
            object.__setattr__(self, name, tuple(getattr(self, name)))
        for name in ("pass_score", "floor", "cap"):
            if getattr(self, name) is not None:
                object.__setattr__(self, name, exact(getattr(self, name), f"scheme {self.key!r}, {name}"))
        names = [*(item.name() for item in self.items), *(event.name() for event in self.events)]
        if len(set(names)) != len(names):
            twice = sorted({name for name in names if names.count(name) > 1})
            raise DeclarationError(f"scheme {self.key!r}: {', '.join(twice)} stands twice; give each its own key=")
        if not self.items or self.missing not in MISSING_POLICIES or self.weights not in WEIGHT_CHOICES:
            raise DeclarationError(f"scheme {self.key!r}: it needs items, missing one of "
                                   f"{', '.join(MISSING_POLICIES)}, weights one of {', '.join(WEIGHT_CHOICES)}")
        require_weights(self)


def require_weights(scheme: Scheme) -> None:
    """Raise where the weights break what the scheme says of them."""
    total = sum((Decimal(item.weight) for item in scheme.items), Decimal(0))
    if scheme.weights == MUST_SUM_TO_100 and total != 100:
        raise WeightsError(scheme.key, total)
    if total <= 0:
        raise DeclarationError(f"scheme {scheme.key!r}: all weights are zero")


class WeightsError(DeclarationError):
    """The weights do not sum to 100, and the scheme says that they must."""

    def __init__(self, scheme: str, total: Decimal) -> None:
        self.total = total
        word = f"add the missing {100 - total}" if total < 100 else f"take off the {total - 100} too many"
        super().__init__(f"scheme {scheme!r}: the items sum to {total}, and weights = \"{MUST_SUM_TO_100}\"; {word}, "
                         f"or choose weights = \"{RENORMALISED}\"")


SchemeTemplate = Scheme
