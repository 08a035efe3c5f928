"""Scoring rules: how a reading becomes points. Decides which rules exist and that each covers every reading.

A rule is data; what it gives is decided in ``meritline_sdk.evaluate.rules``. ``full`` is what a perfect item gets:
an item's weighted points are ``points / full * weight``. Numbers are exact: int, Decimal or a decimal string.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any, ClassVar, overload

from meritline_sdk.model.blanks import Blank, Open, is_open, young
from meritline_sdk.model.nodes import DIGITS, within_digits
from meritline_sdk.model.records import DeclarationError

BELOW_TARGET = "below_target"
"""``when=`` of ``Deduct``: what lies below the target costs points."""
ABOVE_TARGET = "above_target"
"""``when=`` of ``Deduct``: what lies above the target costs points."""
PROPORTIONAL = "proportional"
"""``step=``: a part of a unit counts for its part."""
WHOLE = "whole"
"""``step=``: only whole units count."""
STARTED = "started"
"""``step=``: a unit that has begun counts whole."""
STEPS = (PROPORTIONAL, WHOLE, STARTED)


@overload
def exact(value: int | Decimal | str, what: str) -> Decimal: ...
@overload
def exact(value: Open, what: str) -> Decimal | Blank: ...


def exact(value: Open, what: str) -> Decimal | Blank:
    """The number as a finite Decimal, or the blank as it is; a float, NaN or infinity is refused."""
    if isinstance(value, Blank):
        return value
    if isinstance(value, bool | float):
        raise DeclarationError(f"{what}: {value!r} is not exact; write an int, a Decimal or a decimal string")
    try:
        number = Decimal(value)
    except (InvalidOperation, TypeError, ValueError) as problem:
        raise DeclarationError(f"{what}: {value!r} is not a number") from problem
    if not number.is_finite():
        raise DeclarationError(f"{what}: {value!r} is not a finite number")
    if not within_digits(number):
        raise DeclarationError(f"{what}: a number has at most {DIGITS} digits before the point and {DIGITS} after it")
    return number


class Rule:
    """Base of the scoring rules; ``kind`` names it in manifests, ``needs_target`` says that an item must have one."""

    __slots__ = ()
    kind: ClassVar[str]
    needs_target: ClassVar[bool] = False
    full: Open

    def _exact(self, *names: str) -> None:
        for name in names:
            value = getattr(self, name)
            if value is not None:
                object.__setattr__(self, name, exact(value, f"rule {self.kind!r}, {name}"))

    def _one_of(self, name: str, allowed: tuple[str, ...]) -> None:
        if getattr(self, name) not in allowed:
            raise DeclarationError(f"rule {self.kind!r}: {name} is one of {', '.join(allowed)}, "
                                   f"not {getattr(self, name)!r}")


@dataclass(frozen=True, slots=True)
class Deduct(Rule):
    """``full`` less ``points`` for each ``per`` units by which the reading misses the target, not below ``floor``.

    ``Deduct(2, full=100)`` on a percentage takes 2 points for each percentage point below target.
    """

    kind: ClassVar[str] = "deduct"
    needs_target: ClassVar[bool] = True
    points: Open
    per: Open = 1
    when: str = BELOW_TARGET
    full: Open = 100
    floor: Open = 0
    step: str = PROPORTIONAL

    def __post_init__(self) -> None:
        self._exact("points", "per", "full", "floor")
        self._one_of("when", (BELOW_TARGET, ABOVE_TARGET))
        self._one_of("step", STEPS)
        require_positive(self, "per")


@dataclass(frozen=True, slots=True)
class AroundTarget(Rule):
    """``full`` at the target, changed by ``above`` or ``below`` points (with their sign) for each ``per`` units."""

    kind: ClassVar[str] = "around_target"
    needs_target: ClassVar[bool] = True
    above: Open
    below: Open
    per: Open = 1
    full: Open = 100
    floor: Open = 0
    cap: Open | None = None
    step: str = PROPORTIONAL

    def __post_init__(self) -> None:
        self._exact("above", "below", "per", "full", "floor", "cap")
        self._one_of("step", STEPS)
        require_positive(self, "per")


@dataclass(frozen=True, slots=True)
class AboveFloor(Rule):
    """``points`` for each unit above ``start``; nothing at or below it."""

    kind: ClassVar[str] = "above_floor"
    start: Open
    points: Open
    full: Open = 100
    cap: Open | None = None
    step: str = PROPORTIONAL

    def __post_init__(self) -> None:
        self._exact("start", "points", "full", "cap")
        self._one_of("step", STEPS)


@dataclass(frozen=True, slots=True)
class PerUnit(Rule):
    """``start`` plus ``points`` (with their sign) for each unit of the reading, within ``floor`` and ``cap``.

    ``PerUnit(-10, start=20, full=20)``: 20 points, 10 off per absence, not below 0.
    """

    kind: ClassVar[str] = "per_unit"
    points: Open
    start: Open = 100
    full: Open = 100
    floor: Open | None = 0
    cap: Open | None = None

    def __post_init__(self) -> None:
        self._exact("points", "start", "full", "floor", "cap")


@dataclass(frozen=True, slots=True)
class TargetMet(Rule):
    """``met`` points where the target is reached, ``missed`` points otherwise.

    The limit is included; with ``strict`` it is not: "must fall" is a target of 0 that a change lies below.
    """

    kind: ClassVar[str] = "target_met"
    needs_target: ClassVar[bool] = True
    met: Open = 100
    missed: Open = 0
    full: Open = 100
    strict: bool = young(False)

    def __post_init__(self) -> None:
        self._exact("met", "missed", "full")


@dataclass(frozen=True, slots=True)
class ToTarget(Rule):
    """``full`` times reading over target (target over reading where lower is better), within 0 and ``cap``."""

    kind: ClassVar[str] = "to_target"
    needs_target: ClassVar[bool] = True
    full: Open = 100
    cap: Open | None = 100

    def __post_init__(self) -> None:
        self._exact("full", "cap")


@dataclass(frozen=True, slots=True)
class AsPoints(Rule):
    """The reading itself is the points, within ``floor`` and ``cap``."""

    kind: ClassVar[str] = "as_points"
    full: Open = 100
    floor: Open | None = 0
    cap: Open | None = 100

    def __post_init__(self) -> None:
        self._exact("full", "floor", "cap")


@dataclass(frozen=True, slots=True)
class ZeroTolerance(Rule):
    """``full`` where the reading is not above ``allowed``, nothing where it is."""

    kind: ClassVar[str] = "zero_tolerance"
    allowed: Open = 0
    full: Open = 100

    def __post_init__(self) -> None:
        self._exact("allowed", "full")


@dataclass(frozen=True, slots=True)
class Judged(Rule):
    """Points that somebody judged event by event, from ``least`` to ``most`` each; the reading is their sum.

    ``sign`` -1 takes them, 1 gives them; ``cap`` is the most that all together give or take. What is judged outside the
    range is refused where it is entered, and a scheme whose indicator would let it through is refused.
    """

    kind: ClassVar[str] = "judged"
    least: Open
    most: Open
    sign: int = -1
    cap: Open | None = None
    full: Open = 100

    def __post_init__(self) -> None:
        self._exact("least", "most", "cap", "full")
        if self.sign not in (-1, 1):
            raise DeclarationError(f"rule {self.kind!r}: sign is -1 or 1, not {self.sign!r}")
        if not is_open(self.least, self.most) and not 0 <= Decimal(self.least) <= Decimal(self.most):  # type: ignore[arg-type]
            raise DeclarationError(f"rule {self.kind!r}: least is from 0 on and not above most, "
                                   f"not {self.least} and {self.most}")


@dataclass(frozen=True, slots=True)
class Threshold(Rule):
    """``points`` where the reading lies strictly above ``over``, else 0."""

    kind: ClassVar[str] = "threshold"
    over: Open
    points: Open
    full: Open = 100

    def __post_init__(self) -> None:
        self._exact("over", "points", "full")


type Limits = Mapping[int | Decimal | str, Open]


@dataclass(frozen=True, slots=True, init=False)
class Bands(Rule):
    """Points by range of the reading; what lies past the last limit is said too, so no reading is uncovered.

    ``Bands(up_to={1800: 100, 2700: 80}, beyond=0)``: to 1800 inclusive 100, above it to 2700 inclusive 80, else 0.
    ``Bands(at_least={90: 100, 80: 60}, below=0)``: from 90 inclusive 100, from 80 to below 90 60, else 0.
    """

    kind: ClassVar[str] = "bands"
    closed: str
    steps: tuple[tuple[Decimal, Decimal | Blank], ...]
    rest: Decimal | Blank
    full: Open

    def __init__(self, *, up_to: Limits | None = None, beyond: Open | None = None,
                 at_least: Limits | None = None, below: Open | None = None,
                 full: Open = 100) -> None:
        if bool(up_to) == bool(at_least):
            raise DeclarationError("rule 'bands' takes either up_to={limit: points} with beyond, "
                                   "or at_least={limit: points} with below")
        table, rest, word = (up_to, beyond, "beyond") if up_to else (at_least, below, "below")
        if rest is None or table is None:
            raise DeclarationError(f"rule 'bands': say what lies {word} the last limit: {word}=points")
        steps = tuple(sorted(((exact(limit, "rule 'bands', limit"), exact(points, "rule 'bands', points"))
                              for limit, points in table.items()), key=lambda step: step[0]))
        if len({limit for limit, _ in steps}) != len(steps):
            raise DeclarationError("rule 'bands': a limit stands twice")
        object.__setattr__(self, "closed", "upper" if up_to else "lower")
        object.__setattr__(self, "steps", steps)
        object.__setattr__(self, "rest", exact(rest, f"rule 'bands', {word}"))
        object.__setattr__(self, "full", exact(full, "rule 'bands', full"))

    def with_filled(self, fill: Callable[[Any], Any]) -> "Bands":
        """The same with blanks filled."""
        steps: dict[Decimal | int | str, Open] = {limit: fill(points) for limit, points in self.steps}
        rest = fill(self.rest)
        if self.closed == "upper":
            return Bands(up_to=steps, beyond=rest, full=fill(self.full))
        return Bands(at_least=steps, below=rest, full=fill(self.full))


def require_positive(rule: Rule, name: str) -> None:
    """Raise unless the parameter is above zero."""
    if not is_open(getattr(rule, name)) and not getattr(rule, name) > 0:
        raise DeclarationError(f"rule {rule.kind!r}: {name} must be above zero, not {getattr(rule, name)}")


RULES: dict[str, type[Rule]] = {rule.kind: rule for rule in (
    Deduct, AroundTarget, AboveFloor, PerUnit, TargetMet, ToTarget, AsPoints, Threshold, Bands, ZeroTolerance, Judged,
)}  # fmt: skip
