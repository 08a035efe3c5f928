"""Schemes: indicators, targets, rules and weights for a subject. Decides what a scheme must say to be whole."""

from dataclasses import dataclass, field
from enum import StrEnum

from meritline_sdk.model.bands import GradeBands
from meritline_sdk.model.blanks import Open, young
from meritline_sdk.model.items import (
    OWN,
    READ_FROM,
    Event,
    Item,
    Part,
    ScoreOf,
    Veto,
    key_of,
    require_rule,
    source_of,
)  # fmt: skip
from meritline_sdk.model.policies import (
    CARRY,
    EXEMPT,
    FULL,
    MANUAL,
    MISSING_POLICIES,
    RENORMALISE,
    ZERO,
    Policies,
)  # fmt: skip
from meritline_sdk.model.records import DeclarationError, require_key
from meritline_sdk.model.rules import exact
from meritline_sdk.model.text import Text
from meritline_sdk.model.weights import (
    AS_GIVEN,
    MUST_SUM_TO_100,
    RENORMALISED,
    UNDECIDED,
    WEIGHT_CHOICES,
    Dimension,
    WeightsError,
    require_weights,
)  # fmt: skip

__all__ = [
    "ANY_EMPLOYMENT", "AS_GIVEN", "CARRY", "EMPLOYMENTS", "EXEMPT", "FULL", "MANUAL", "MISSING_POLICIES",
    "MUST_SUM_TO_100", "OWN", "PROBATION", "READ_FROM", "REGULAR", "RENORMALISE", "RENORMALISED", "UNDECIDED",
    "WEIGHT_CHOICES", "ZERO", "Dimension", "Event", "Item", "Part", "PeriodKind", "Policies", "Ranking", "Scheme",
    "SchemeTemplate", "ScoreOf", "SubjectKind", "Veto", "WeightsError", "key_of", "require_rule", "require_weights",
    "source_of",
]  # fmt: skip


class SubjectKind(StrEnum):
    """Who or what is appraised: employees, departments, or the company as a whole."""

    EMPLOYEE = "employee"
    DEPARTMENT = "department"
    COMPANY = "company"

    __hash__ = str.__hash__  # it stands in the keys of millions of look-ups, and an enum's own hash is made in Python


class PeriodKind(StrEnum):
    """How long a period is: a scheme appraises by month, quarter or year."""

    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"


ANY_EMPLOYMENT, REGULAR, PROBATION = "any", "regular", "probation"
EMPLOYMENTS = (ANY_EMPLOYMENT, REGULAR, PROBATION)


@dataclass(frozen=True, slots=True)
class Ranking:
    """How subjects of a scheme are ranked. Equal scores share the better place and the next places stay empty.

    ``minimum_sample``: a subject with fewer records behind its best-founded line of its own is scored, not ranked.
    """

    minimum_sample: int = 0


@dataclass(frozen=True, slots=True)
class Scheme:
    """A scheme as a value; ``SchemeTemplate`` in a plugin, a version of a tenant's scheme in the server.

    The score is the sum of the items' weighted points plus the events, within ``floor`` and ``cap``, not above what a
    veto leaves, rounded once (half up, ``places`` decimals); grades and ranks look at that rounded score, so what is
    printed is what decides.

    ``weight_tolerance``: by how much the weights may miss 100 (0.01 for three times 33.33). ``heaviest``: the items
    that no other may outweigh. ``least_measured``: the percentage of the weights that must be measured for a score at
    all. ``additions_cap`` and ``deductions_cap``: the most that all events together add, and take. ``for_employment``:
    regular staff, those on probation, or any. Raises ``DeclarationError`` where weights do not sum to what they must.

    >>> Scheme("mechanics", Text("Mechanics", "维修工"), (Item(FIRST, 100, rules.AsPoints()),), cap=100).places
    2
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
    pass_score: Open | None = None
    floor: Open | None = 0
    cap: Open | None = None
    places: int = 2
    ranking: Ranking = field(default_factory=Ranking)
    dimensions: tuple[Dimension, ...] = young(())
    weight_tolerance: Open = young(0)
    heaviest: tuple[str, ...] = young(())
    policies: Policies = young(Policies())
    least_measured: Open | None = young(None)
    additions_cap: Open | None = young(None)
    deductions_cap: Open | None = young(None)
    vetoes: tuple[Veto, ...] = young(())
    for_employment: str = young(ANY_EMPLOYMENT)

    def __post_init__(self) -> None:
        require_key(self.key, "scheme")
        for name in ("items", "events", "for_positions", "dimensions", "heaviest", "vetoes"):
            object.__setattr__(self, name, tuple(getattr(self, name)))
        for name in ("pass_score", "floor", "cap", "weight_tolerance", "least_measured", "additions_cap",
                     "deductions_cap"):
            if getattr(self, name) is not None:
                object.__setattr__(self, name, exact(getattr(self, name), f"scheme {self.key!r}, {name}"))
        names = [*(item.name() for item in self.items), *(event.name() for event in self.events)]
        if len(set(names)) != len(names):
            twice = sorted({name for name in names if names.count(name) > 1})
            raise DeclarationError(f"scheme {self.key!r}: {', '.join(twice)} stands twice; give each its own key=")
        if not self.items or self.missing not in MISSING_POLICIES or self.weights not in (*WEIGHT_CHOICES, UNDECIDED):
            raise DeclarationError(f"scheme {self.key!r}: it needs items, missing one of "
                                   f"{', '.join(MISSING_POLICIES)}, weights one of {', '.join(WEIGHT_CHOICES)}")
        if self.for_employment not in EMPLOYMENTS:
            raise DeclarationError(f"scheme {self.key!r}: for_employment is one of {', '.join(EMPLOYMENTS)}")
        require_weights(self.key, self.items, self.weights, self.dimensions, self.weight_tolerance, self.heaviest)

    def dimension_of(self, item: Item) -> Dimension | None:
        """The declared dimension that the item names by key."""
        return next((one for one in self.dimensions if one.key == item.dimension), None)


SchemeTemplate = Scheme
