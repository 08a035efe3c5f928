"""Rewards that look at the scorecard or at several in a row: awards, reductions, and what is no money at all.

Decides when such a rule acts (a condition on the card, and how many periods in a row it must hold) and which acts that
are no money exist. They are proposals to people; nothing is done to anybody by itself.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, ClassVar

from meritline_sdk.model.blanks import Blank, Open, is_open
from meritline_sdk.model.records import DeclarationError, require_key
from meritline_sdk.model.reward_rules import RewardRule, money
from meritline_sdk.model.rules import exact
from meritline_sdk.model.text import Text

PRIZE, TITLE, TRAINING, WARNING = "prize", "title", "training", "warning"
CHANGE_OF_POSITION, PROMOTION, RECOGNITION, CONVERSION = "change_of_position", "promotion", "recognition", "conversion"
ACTS = (PRIZE, TITLE, TRAINING, WARNING, CHANGE_OF_POSITION, PROMOTION, RECOGNITION, CONVERSION)
SKIP, BREAK = "skip", "break"
GAPS = (SKIP, BREAK)
HUNDRED = Decimal(100)
CONDITIONS = ("passed", "score_below", "score_at_least", "rank_at_most", "best_percent")


@dataclass(frozen=True, slots=True)
class When:
    """A condition on a scorecard; everything that is said must hold. A card without a score meets none.

    ``grades``: one of these; ``passed``: the pass score reached, or not; ``score_below`` (the limit excluded),
    ``score_at_least`` (included); ``rank_at_most``: this place or a better one (all who share it);
    ``best_percent``: the place lies within that share of those who are ranked, rounded down to whole places.
    """

    grades: tuple[str, ...] = ()
    passed: bool | None = None
    score_below: Open | None = None
    score_at_least: Open | None = None
    rank_at_most: int | None = None
    best_percent: Open | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "grades", tuple(self.grades))
        for name in ("score_below", "score_at_least", "best_percent"):
            if getattr(self, name) is not None:
                object.__setattr__(self, name, exact(getattr(self, name), f"when, {name}"))
        if self.grades == () and all(getattr(self, name) is None for name in CONDITIONS):
            raise DeclarationError(f"when: say grades, or one of {', '.join(CONDITIONS)}")
        low, high = self.score_at_least, self.score_below
        if None not in (low, high) and not is_open(low, high) and low >= high:  # type: ignore[operator]
            raise DeclarationError(f"when: no score is at least {low} and below {high}")
        if self.rank_at_most is not None and self.rank_at_most < 1:
            raise DeclarationError("when: rank_at_most is a place, from 1 on")
        if self.best_percent is not None and not is_open(self.best_percent) and not 0 < self.best_percent <= HUNDRED:  # type: ignore[operator]
            raise DeclarationError("when: best_percent is above 0 and at most 100")


@dataclass(frozen=True, slots=True)
class InARow:
    """How many periods of the scheme in a row the condition must hold, this one included, across the turn of a year.

    The rule acts in the period in which the run reaches ``periods``, once per run; with ``every`` in each period from
    then on. A period without a score (not measured, on leave, not appraised at all) neither counts nor breaks the run
    (``gaps="skip"``), or breaks it (``"break"``).
    """

    periods: int
    gaps: str = SKIP
    every: bool = False

    def __post_init__(self) -> None:
        if self.periods < 1 or self.gaps not in GAPS:
            raise DeclarationError(f"in a row: periods from 1 on, gaps one of {', '.join(GAPS)}")


@dataclass(frozen=True, slots=True)
class Proposal(RewardRule):
    """An act that is no money (``act``), proposed where ``when`` holds, ``in_a_row`` if that is said.

    ``detail`` says what exactly: the prize, the title, the course.
    """

    kind: ClassVar[str] = "proposal"
    key: str
    title: Text
    act: str
    when: When
    in_a_row: InARow | None = None
    detail: Text | None = None
    pays: str = ""

    def __post_init__(self) -> None:
        require_key(self.key, "reward rule")
        if self.act not in ACTS:
            raise DeclarationError(f"reward rule {self.key!r}: act is one of {', '.join(ACTS)}, not {self.act!r}")
        object.__setattr__(self, "pays", self.pays or self.key)


@dataclass(frozen=True, slots=True)
class Award(RewardRule):
    """``amount`` of money where ``when`` holds, ``in_a_row`` if that is said.

    >>> Award("champion", Text("Best of the month", "月度冠军"), 300, When(rank_at_most=1)).amount
    Decimal('300.00')
    """

    kind: ClassVar[str] = "award"
    key: str
    title: Text
    amount: Open
    when: When
    in_a_row: InARow | None = None
    pays: str = ""

    def __post_init__(self) -> None:
        require_key(self.key, "reward rule")
        object.__setattr__(self, "amount", money(self.amount, f"reward rule {self.key!r}"))
        object.__setattr__(self, "pays", self.pays or self.key)


@dataclass(frozen=True, slots=True)
class Reduction(RewardRule):
    """``percent`` of the money named ``reduces`` off where ``when`` holds; before the fines, never below zero."""

    kind: ClassVar[str] = "reduction"
    key: str
    title: Text
    percent: Open
    when: When
    in_a_row: InARow | None = None
    reduces: str = "performance_bonus"
    pays: str = ""

    def __post_init__(self) -> None:
        require_key(self.key, "reward rule")
        object.__setattr__(self, "percent", exact(self.percent, f"reward rule {self.key!r}, percent"))
        if not is_open(self.percent) and not 0 < self.percent <= HUNDRED:  # type: ignore[operator]
            raise DeclarationError(f"reward rule {self.key!r}: percent is above 0 and at most 100")
        object.__setattr__(self, "pays", self.pays or f"reduction_{self.key}")


@dataclass(frozen=True, slots=True, init=False)
class Coefficient(RewardRule):
    """The personal performance-pay base times a coefficient: by grade, or ``score / per`` (100 by default).

    ``Coefficient("performance", Text(...), by_grade={"poor": "0.6", "good": 1, "excellent": "1.2"})``. By score the
    coefficient stays within ``least`` and ``most``. Whoever has no performance pay on record gets no line of zero, but
    none.
    """

    kind: ClassVar[str] = "coefficient"
    key: str
    title: Text
    by_grade: tuple[tuple[str, Decimal | Blank], ...]
    per: Open | None
    least: Open
    most: Open | None
    pays: str

    def __init__(self, key: str, title: Text, by_grade: Mapping[str, Open] | None = None, *, per: Open | None = None,
                 least: Open = 0, most: Open | None = None, pays: str = "performance_bonus") -> None:
        require_key(key, "reward rule")
        what = f"reward rule {key!r}"
        if bool(by_grade) == (per is not None):
            raise DeclarationError(f"{what}: it needs by_grade={{grade: coefficient}}, or per= (100), not both")
        put = object.__setattr__
        put(self, "key", key)
        put(self, "title", title)
        put(self, "by_grade", tuple((grade, exact(number, f"{what}, grade {grade!r}"))
                                    for grade, number in (by_grade or {}).items()))
        for name, number in (("per", per), ("least", least), ("most", most)):
            put(self, name, None if number is None else exact(number, f"{what}, {name}"))
        put(self, "pays", pays)
        if any(not isinstance(number, Blank) and number < 0 for _, number in self.by_grade):
            raise DeclarationError(f"{what}: a coefficient is not negative")
        if per is not None and not is_open(self.per) and self.per <= 0:  # type: ignore[operator]
            raise DeclarationError(f"{what}: per is above zero")

    def with_filled(self, fill: Callable[[Any], Any]) -> "Coefficient":
        """The same with blanks filled."""
        by_grade = {grade: fill(number) for grade, number in self.by_grade} or None
        return Coefficient(self.key, self.title, by_grade, per=fill(self.per), least=fill(self.least),
                           most=fill(self.most), pays=self.pays)
