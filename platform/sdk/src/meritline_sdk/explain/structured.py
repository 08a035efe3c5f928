"""The parts of a structured explanation. Decides that every number in it is exact text, a formula arithmetic.

A formula is free of language: numbers, ``+ − × /``, brackets, and ``min(a, b)``, ``max(a, b)``, ``floor(a)``,
``ceil(a)``. What it comes to is the exact number that stands beside it.
"""

from dataclasses import dataclass
from typing import Any

type Step = dict[str, Any]

HALF_UP, LARGEST_REMAINDER = "half_up", "largest_remainder"


@dataclass(frozen=True, slots=True)
class Figure:
    """A number: exact, and as a reader sees it with its unit."""

    exact: str
    text: str


@dataclass(frozen=True, slots=True)
class ReadingTold:
    """What was read, or why there is no number."""

    state: str
    value: str | None
    unit: str
    text: str
    numerator: str | None = None
    denominator: str | None = None
    sample_size: int | None = None
    reason: str | None = None
    says: str | None = None
    function: str | None = None
    package: str | None = None


@dataclass(frozen=True, slots=True)
class Parameter:
    """One number or choice of a rule."""

    name: str
    value: str


@dataclass(frozen=True, slots=True)
class RuleTold:
    """The rule that was applied, with its parameters; ``text`` says what it gave."""

    kind: str
    parameters: tuple[Parameter, ...]
    text: str


@dataclass(frozen=True, slots=True)
class PolicyTold:
    """What was done for want of a reading, and the state that caused it; ``period`` is the one that was carried."""

    policy: str
    state: str
    text: str
    period: str | None = None


@dataclass(frozen=True, slots=True)
class Limit:
    """A limit that held: what there was before it and what it left."""

    kind: str
    limit: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Rounding:
    """The one rounding: of the exact number, to so many decimals (to 0.01), to the printed one."""

    exact: str
    places: int
    to: str
    mode: str
    result: str


@dataclass(frozen=True, slots=True)
class DimensionTold:
    """The group of a line; ``weight`` and ``counting`` where its lines are weighed among themselves."""

    title: str
    weight: str | None = None
    counting: str | None = None


@dataclass(frozen=True, slots=True)
class Condition:
    """Something that had to hold: a term, a condition on the card, a run of periods, a limit of the reading."""

    kind: str
    holds: bool
    text: str


@dataclass(frozen=True, slots=True)
class PartTold:
    """One part of a composite line; ``points`` are out of ``full``."""

    title: str
    indicator: str | None
    weight: str
    full: str
    formula: str | None
    points: str | None
    reading: ReadingTold | None
    target: Figure | None
    rule: RuleTold | None
    policy: PolicyTold | None
    limits: tuple[Limit, ...]
    parts: "tuple[PartTold, ...]"


@dataclass(frozen=True, slots=True)
class LineStructure:
    """A score line. ``formula`` comes to ``points``, ``weight_formula`` to ``effective_weight``, ``weighted_formula``
    to ``weighted_points``."""

    formula: str | None
    points: str | None
    weight: str | None
    weight_formula: str | None
    effective_weight: str | None
    weighted_formula: str | None
    weighted_points: str | None
    reading: ReadingTold | None
    target: Figure | None
    rule: RuleTold | None
    dimension: DimensionTold | None
    policy: PolicyTold | None
    rounding: Rounding | None
    limits: tuple[Limit, ...]
    parts: tuple[PartTold, ...]


@dataclass(frozen=True, slots=True)
class RewardStructure:
    """A reward line. ``formula`` comes to the exact number that ``rounding`` rounds to ``amount``."""

    formula: str | None
    amount: str | None
    reading: ReadingTold | None
    rule: RuleTold | None
    rounding: Rounding | None
    limits: tuple[Limit, ...]
    conditions: tuple[Condition, ...]
