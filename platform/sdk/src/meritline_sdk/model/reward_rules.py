"""The rules that pay by grade, rank or reading. Decides what each must say.

Amounts are in the tenant's currency, exact to the cent; each rule makes one reward line and rounds once.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, ClassVar

from meritline_sdk.model.blanks import Blank, Open, is_open, young
from meritline_sdk.model.indicators import AnyIndicator
from meritline_sdk.model.records import DeclarationError, require_key
from meritline_sdk.model.rules import exact
from meritline_sdk.model.schemes import READ_FROM
from meritline_sdk.model.text import Text

MEAN_OF_PLACES, BETTER_PLACE = "mean_of_places", "better_place"
TIES = (MEAN_OF_PLACES, BETTER_PLACE)
MONTH, LITERAL = "month", "literal"
PAY_MODES = (MONTH, LITERAL)
EQUAL, BY_SCORE, BY_DAYS, BY_PAY = "equal", "by_score", "by_days", "by_pay"
SPLITS = (EQUAL, BY_SCORE, BY_DAYS, BY_PAY)
CENT = Decimal("0.01")
MONEY_DIGITS = 15


def money(value: Open, what: str) -> Any:
    """The amount, exact to the cent; a blank as it is."""
    amount = exact(value, what)
    if isinstance(amount, Blank):
        return amount
    if amount.adjusted() >= MONEY_DIGITS:
        raise DeclarationError(f"{what}: an amount has at most {MONEY_DIGITS} digits before the point")
    if amount != amount.quantize(CENT):
        raise DeclarationError(f"{what}: {value} is finer than a cent")
    return amount.quantize(CENT)


class RewardRule:
    """Base of the reward rules. ``pays`` names the money: two rules of one table must not pay the same."""

    __slots__ = ()
    kind: ClassVar[str]
    key: str
    title: Text
    pays: str


@dataclass(frozen=True, slots=True, init=False)
class ByGrade(RewardRule):
    """An amount for each grade: ``ByGrade("level_bonus", Text(...), {"junior": 400, ...})``."""

    kind: ClassVar[str] = "by_grade"
    key: str
    title: Text
    amounts: tuple[tuple[str, Decimal | Blank], ...]
    pays: str

    def __init__(self, key: str, title: Text, amounts: Mapping[str, Open],
                 pays: str = "performance_bonus") -> None:
        require_key(key, "reward rule")
        object.__setattr__(self, "key", key)
        object.__setattr__(self, "title", title)
        object.__setattr__(self, "amounts", tuple((grade, money(amount, f"reward rule {key!r}, grade {grade!r}"))
                                                  for grade, amount in amounts.items()))
        object.__setattr__(self, "pays", pays)

    def with_filled(self, fill: Callable[[Any], Any]) -> "ByGrade":
        """The same with blanks filled."""
        return ByGrade(self.key, self.title, {grade: fill(amount) for grade, amount in self.amounts}, self.pays)


@dataclass(frozen=True, slots=True)
class ByRank(RewardRule):
    """An amount for each place of the ranking; after the last, ``tail_step`` less per place, not below ``tail_least``,
    or ``beyond`` for each: one of both is said, so that no place is uncovered.

    ``ties``: equal scores share the mean of their places' amounts, or each gets the better place's.
    A score below ``low_score`` gets ``low_amount`` whatever its place.
    """

    kind: ClassVar[str] = "by_rank"
    key: str
    title: Text
    amounts: tuple[Open, ...]
    tail_step: Open | None = None
    tail_least: Open = 0
    ties: str = MEAN_OF_PLACES
    low_score: Open | None = None
    low_amount: Open = 0
    pays: str = "performance_bonus"
    beyond: Open | None = young(None)

    def __post_init__(self) -> None:
        require_key(self.key, "reward rule")
        what = f"reward rule {self.key!r}"
        object.__setattr__(self, "amounts", tuple(money(amount, what) for amount in self.amounts))
        for name in ("tail_step", "tail_least", "low_amount", "beyond"):
            if getattr(self, name) is not None:
                object.__setattr__(self, name, money(getattr(self, name), f"{what}, {name}"))
        if self.low_score is not None:
            object.__setattr__(self, "low_score", exact(self.low_score, f"{what}, low_score"))
        if not self.amounts or self.ties not in TIES:
            raise DeclarationError(f"{what}: it needs amounts, and ties one of {', '.join(TIES)}")
        if (self.tail_step is None) == (self.beyond is None):
            raise DeclarationError(f"{what}: say what the places after the {len(self.amounts)} listed ones get: "
                                   "tail_step=, or beyond=, not both")


@dataclass(frozen=True, slots=True)
class Fine(RewardRule):
    """``amount`` off for each unit of the indicator's reading, taken from the money named ``reduces``, never below 0.

    What the bonus cannot bear is shown and not carried over. ``cap`` is the most that it takes in a period.
    """

    kind: ClassVar[str] = "fine"
    key: str
    title: Text
    indicator: AnyIndicator | str
    amount: Open
    reduces: str = "performance_bonus"
    pays: str = ""
    cap: Open | None = young(None)

    def __post_init__(self) -> None:
        require_key(self.key, "reward rule")
        object.__setattr__(self, "amount", money(self.amount, f"reward rule {self.key!r}"))
        if self.cap is not None:
            object.__setattr__(self, "cap", money(self.cap, f"reward rule {self.key!r}, cap"))
        if not is_open(self.amount) and self.amount <= 0:  # type: ignore[operator]
            raise DeclarationError(f"reward rule {self.key!r}: a fine is written as an amount above zero")
        object.__setattr__(self, "pays", self.pays or f"fine_{self.key}")


@dataclass(frozen=True, slots=True)
class PerReading(RewardRule):
    """``amount`` for each unit of the reading above ``above``: pay per order, per event, per order beyond the quota."""

    kind: ClassVar[str] = "per_reading"
    key: str
    title: Text
    indicator: AnyIndicator | str
    amount: Open
    cap: Open | None = None
    pays: str = ""
    above: Open = young(0)

    def __post_init__(self) -> None:
        require_key(self.key, "reward rule")
        object.__setattr__(self, "amount", money(self.amount, f"reward rule {self.key!r}"))
        if self.cap is not None:
            object.__setattr__(self, "cap", money(self.cap, f"reward rule {self.key!r}, cap"))
        object.__setattr__(self, "above", exact(self.above, f"reward rule {self.key!r}, above"))
        object.__setattr__(self, "pays", self.pays or self.key)


@dataclass(frozen=True, slots=True)
class WhenMet(RewardRule):
    """``amount`` where the reading is at least ``at_least``, at most ``at_most``, or between both."""

    kind: ClassVar[str] = "when_met"
    key: str
    title: Text
    indicator: AnyIndicator | str
    amount: Open
    at_least: Open | None = None
    at_most: Open | None = None
    pays: str = ""

    def __post_init__(self) -> None:
        require_key(self.key, "reward rule")
        what = f"reward rule {self.key!r}"
        object.__setattr__(self, "amount", money(self.amount, what))
        for name in ("at_least", "at_most"):
            if getattr(self, name) is not None:
                object.__setattr__(self, name, exact(getattr(self, name), f"{what}, {name}"))
        if self.at_least is None and self.at_most is None:
            raise DeclarationError(f"{what}: say at_least or at_most")
        if not is_open(self.at_least, self.at_most) and None not in (self.at_least, self.at_most) and (
                self.at_least > self.at_most):  # type: ignore[operator]
            raise DeclarationError(f"{what}: nothing is at least {self.at_least} and at most {self.at_most}")
        object.__setattr__(self, "pays", self.pays or self.key)


@dataclass(frozen=True, slots=True)
class Pool(RewardRule):
    """``amount`` for the whole group where the indicator's reading is at least ``at_least``, split exactly to the cent.

    The members are the subjects of the scheme whom its terms admit; ``read_from`` says whose reading decides: the
    department's or the company's. ``per_step``: the amount for each full step of that size from ``at_least`` on, that
    one included, instead of once; ``cap`` the most in all. ``split``: ``equal``, ``by_score``, ``by_days`` employed, or
    ``by_pay`` (the personal performance pay); cents left over go by the largest remainder, then by employee number.
    """

    kind: ClassVar[str] = "pool"
    key: str
    title: Text
    indicator: AnyIndicator | str
    amount: Open
    at_least: Open
    read_from: str = "company"
    pays: str = ""
    split: str = young(EQUAL)
    per_step: Open | None = young(None)
    cap: Open | None = young(None)

    def __post_init__(self) -> None:
        require_key(self.key, "reward rule")
        object.__setattr__(self, "amount", money(self.amount, f"reward rule {self.key!r}"))
        object.__setattr__(self, "at_least", exact(self.at_least, f"reward rule {self.key!r}, at_least"))
        if self.per_step is not None:
            object.__setattr__(self, "per_step", exact(self.per_step, f"reward rule {self.key!r}, per_step"))
            if not is_open(self.per_step) and self.per_step <= 0:  # type: ignore[operator]
                raise DeclarationError(f"reward rule {self.key!r}: per_step is above zero")
        if self.cap is not None:
            object.__setattr__(self, "cap", money(self.cap, f"reward rule {self.key!r}, cap"))
        if self.split not in SPLITS:
            raise DeclarationError(f"reward rule {self.key!r}: split is one of {', '.join(SPLITS)}")
        if self.read_from not in READ_FROM[1:]:
            raise DeclarationError(f"reward rule {self.key!r}: read_from is one of {', '.join(READ_FROM[1:])}")
        object.__setattr__(self, "pays", self.pays or self.key)


@dataclass(frozen=True, slots=True)
class Fixed(RewardRule):
    """The same ``amount`` for everybody whom the scheme appraises: a meal allowance."""

    kind: ClassVar[str] = "fixed"
    key: str
    title: Text
    amount: Open
    pays: str = ""

    def __post_init__(self) -> None:
        require_key(self.key, "reward rule")
        object.__setattr__(self, "amount", money(self.amount, f"reward rule {self.key!r}"))
        object.__setattr__(self, "pays", self.pays or self.key)


@dataclass(frozen=True, slots=True)
class BasePay(RewardRule):
    """The employee's base pay of the month, with the day rate (``base / days``) and the hour rate
    (``base / days / hours``) that the company's rules divide it into.

    ``mode``: ``month`` pays the base pay; ``literal`` pays ``base / days * hours``, as one document prints it. Whoever
    has no base pay on record gets no line of zero, but none.
    """

    kind: ClassVar[str] = "base_pay"
    key: str
    title: Text
    days: Open = 22
    hours: Open = 8
    mode: str = MONTH
    pays: str = ""

    def __post_init__(self) -> None:
        require_key(self.key, "reward rule")
        for name in ("days", "hours"):
            object.__setattr__(self, name, exact(getattr(self, name), f"reward rule {self.key!r}, {name}"))
            if not is_open(getattr(self, name)) and getattr(self, name) <= 0:
                raise DeclarationError(f"reward rule {self.key!r}: {name} is above zero")
        if self.mode not in PAY_MODES:
            raise DeclarationError(f"reward rule {self.key!r}: mode is one of {', '.join(PAY_MODES)}")
        object.__setattr__(self, "pays", self.pays or self.key)
