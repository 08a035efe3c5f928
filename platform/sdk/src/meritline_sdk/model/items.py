"""The lines of a scheme: items with their weights, parts of composites, events. Decides what a line must say."""

from dataclasses import dataclass
from decimal import Decimal

from meritline_sdk.model.blanks import Blank, Open, is_open, young
from meritline_sdk.model.indicators import AnyIndicator
from meritline_sdk.model.policies import MISSING_POLICIES, Policies
from meritline_sdk.model.records import DeclarationError, require_key
from meritline_sdk.model.rules import Rule, ToTarget, exact
from meritline_sdk.model.text import Text

OWN = "own"
READ_FROM = (OWN, "department", "company")
MEAN, LATEST, LEAST, GREATEST = "mean", "latest", "least", "greatest"
COMBINATIONS = (MEAN, LATEST, LEAST, GREATEST)
SCORE = "score:"


@dataclass(frozen=True, slots=True)
class ScoreOf:
    """The subject's scores under another scheme in the shorter periods that make up this one.

    A quarter takes the locked months, a year the locked quarters, or the months with ``period="month"``. ``combine``
    says how several become one (``mean`` by default). ``least`` is how many of them must have a score: with fewer there
    is no reading.

    >>> ScoreOf("mechanics", "latest", least=2).key
    'score:mechanics:latest:2:'
    """

    scheme: str
    combine: str = MEAN
    least: int = 1
    period: str | None = None

    def __post_init__(self) -> None:
        require_key(self.scheme, "scheme")
        if self.combine not in COMBINATIONS or self.least < 1:
            raise DeclarationError(f"score of {self.scheme!r}: combine is one of {', '.join(COMBINATIONS)}, "
                                   "least a whole number from 1 on")
        if self.period not in (None, "month", "quarter"):
            raise DeclarationError(f"score of {self.scheme!r}: period is month or quarter, not {self.period!r}")

    @property
    def key(self) -> str:
        """What its reading is filed under: ``score:engineers:mean:month``."""
        return f"{SCORE}{self.scheme}:{self.combine}:{self.least}:{self.period or ''}"


@dataclass(frozen=True, slots=True)
class Part:
    """One indicator inside a composite item, with its inner weight; or a composite of its own, with ``parts``.

    >>> Part(FIRST, 50, rules.AsPoints()).weight
    Decimal('50')
    """

    indicator: AnyIndicator | str | None
    weight: Open
    rule: Rule | None = None
    target: Open | None = None
    parts: "tuple[Part, ...]" = young(())
    title: Text | None = young(None)

    def __post_init__(self) -> None:
        object.__setattr__(self, "parts", tuple(self.parts))
        for name in ("weight", "target"):
            if getattr(self, name) is not None:
                object.__setattr__(self, name, exact(getattr(self, name), f"part, {name}"))
        if (self.indicator is None) != bool(self.parts):
            raise DeclarationError("a part has an indicator, or parts, not both")
        if self.parts and self.title is None:
            raise DeclarationError("a part that is a composite itself needs a title")


@dataclass(frozen=True, slots=True)
class Item:
    """One weighted line of a scorecard.

    ``indicator`` is the declaration, or the key ``set.key`` of one from elsewhere; a composite item has ``parts``
    instead, whose points are averaged by their inner weights; ``score_of`` takes scores of shorter periods. ``target``
    is in the indicator's unit. ``dimension`` is a title, or the key of one of the scheme's dimensions. ``read_from``
    takes the reading of the subject's department or of the company instead of its own. ``missing`` and ``policies``
    say what happens when there is no reading; what they leave open is the scheme's choice. Raises ``DeclarationError``
    for a line without a rule, and for a rule that needs a target where there is none.

    >>> Item(FIRST, 60, rules.Deduct(2, full=100), target=90).weight
    Decimal('60')
    """

    indicator: AnyIndicator | str | None
    weight: Open
    rule: Rule | None = None
    target: Open | None = None
    dimension: Text | str | None = None
    minimum_sample: int | None = None
    missing: str | None = None
    read_from: str = OWN
    parts: tuple[Part, ...] = ()
    title: Text | None = None
    key: str = ""
    policies: Policies = young(Policies())
    score_of: ScoreOf | None = young(None)

    def __post_init__(self) -> None:
        object.__setattr__(self, "parts", tuple(self.parts))
        object.__setattr__(self, "weight", exact(self.weight, "item, weight"))
        if self.target is not None:
            object.__setattr__(self, "target", exact(self.target, "item, target"))
        if not isinstance(self.weight, Blank) and self.weight < 0:  # type: ignore[operator]
            raise DeclarationError(f"item {self.name()!r}: a weight is not negative")
        if sum((self.indicator is not None, bool(self.parts), self.score_of is not None)) != 1:
            raise DeclarationError(f"item {self.name()!r}: it has an indicator, or parts, or score_of: one of them")
        if self.indicator is None and not (self.title and self.key):
            raise DeclarationError("an item without an indicator of its own needs a key and a title")
        if not self.parts:
            require_rule(self.name(), self.rule, self.target)
        require_parts(self.name(), self.parts)
        if self.missing not in (None, *MISSING_POLICIES) or self.read_from not in READ_FROM:
            raise DeclarationError(f"item {self.name()!r}: missing is one of {', '.join(MISSING_POLICIES)}, "
                                   f"read_from one of {', '.join(READ_FROM)}")

    def name(self) -> str:
        """What the item is called in its scheme: its own key, or its indicator's."""
        return self.key or key_of(self.indicator)


@dataclass(frozen=True, slots=True)
class Event:
    """Something added to, or taken from, the total: ``rule`` gives the points of the reading, which may be negative.

    >>> Event(FIRST, rules.Threshold(99, 5)).name()
    'first'
    """

    indicator: AnyIndicator | str
    rule: Rule
    title: Text | None = None
    read_from: str = OWN
    target: Open | None = None
    key: str = ""

    def __post_init__(self) -> None:
        if self.target is not None:
            object.__setattr__(self, "target", exact(self.target, "event, target"))
        require_rule(self.name(), self.rule, self.target)

    def name(self) -> str:
        """What the event is called in its scheme."""
        return self.key or key_of(self.indicator)


@dataclass(frozen=True, slots=True)
class Veto:
    """Zero tolerance: where the reading is above ``over``, the score is not above ``score``, whatever was earned.

    >>> Veto("accident", Text("Accident", "事故"), FIRST, over=0, score=59).score
    Decimal('59')
    """

    key: str
    title: Text
    indicator: AnyIndicator | str
    over: Open = 0
    score: Open = 0
    read_from: str = OWN

    def __post_init__(self) -> None:
        require_key(self.key, "veto")
        for name in ("over", "score"):
            object.__setattr__(self, name, exact(getattr(self, name), f"veto {self.key!r}, {name}"))
        if self.read_from not in READ_FROM:
            raise DeclarationError(f"veto {self.key!r}: read_from is one of {', '.join(READ_FROM)}")


def key_of(indicator: AnyIndicator | str | None) -> str:
    """The key by which the item names its indicator."""
    return indicator if isinstance(indicator, str) else indicator.key if indicator is not None else ""


def source_of(item: Item) -> str:
    """What the item's reading is filed under: its indicator's key, or its ``score_of``'s; nothing for a composite."""
    return item.score_of.key if item.score_of is not None else key_of(item.indicator)


def require_parts(name: str, parts: tuple[Part, ...]) -> None:
    """Raise unless inner weights say something and every part has its rule."""
    weights = [part.weight for part in parts]
    known = [] if is_open(*weights) else [Decimal(str(one)) for one in weights]
    if known and (sum(known) <= 0 or min(known) < 0):
        raise DeclarationError(f"item {name!r}: inner weights are not negative, and not all zero")
    for part in parts:
        if part.parts:
            require_parts(name, part.parts)
        else:
            require_rule(name, part.rule, part.target)


def require_rule(name: str, rule: Rule | None, target: object) -> None:
    """Raise unless there is a rule and the target it needs."""
    if rule is None:
        raise DeclarationError(f"item {name!r}: it needs a rule that turns the reading into points")
    if rule.needs_target and target is None:
        raise DeclarationError(f"item {name!r}: rule {rule.kind!r} needs a target")
    if isinstance(rule, ToTarget) and not is_open(target) and Decimal(str(target)) <= 0:
        raise DeclarationError(f"item {name!r}: rule {rule.kind!r} divides by the target, which must be above zero")
    if not is_open(rule.full) and Decimal(rule.full) <= 0:  # type: ignore[arg-type]
        raise DeclarationError(f"item {name!r}: rule {rule.kind!r}: full must be above zero, not {rule.full}")
