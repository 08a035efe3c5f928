"""Reward tables: what a grade, a rank or an event is worth. Decides that every grade has a pay and nothing two.

Amounts are in the tenant's currency, exact to the cent; each rule makes one reward line and rounds once.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import ClassVar

from meritline_sdk.model.bands import GradeBands
from meritline_sdk.model.indicators import AnyIndicator
from meritline_sdk.model.records import DeclarationError, require_key
from meritline_sdk.model.rules import exact
from meritline_sdk.model.schemes import READ_FROM
from meritline_sdk.model.text import Text

MEAN_OF_PLACES, BETTER_PLACE = "mean_of_places", "better_place"
TIES = (MEAN_OF_PLACES, BETTER_PLACE)
MONTH, LITERAL = "month", "literal"
PAY_MODES = (MONTH, LITERAL)
CENT = Decimal("0.01")
MONEY_DIGITS = 15


def money(value: Decimal | int | str, what: str) -> Decimal:
    """The amount, exact to the cent."""
    amount = exact(value, what)
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
    amounts: tuple[tuple[str, Decimal], ...]
    pays: str

    def __init__(self, key: str, title: Text, amounts: Mapping[str, Decimal | int | str],
                 pays: str = "performance_bonus") -> None:
        require_key(key, "reward rule")
        object.__setattr__(self, "key", key)
        object.__setattr__(self, "title", title)
        object.__setattr__(self, "amounts", tuple((grade, money(amount, f"reward rule {key!r}, grade {grade!r}"))
                                                  for grade, amount in amounts.items()))
        object.__setattr__(self, "pays", pays)


@dataclass(frozen=True, slots=True)
class ByRank(RewardRule):
    """An amount for each place of the ranking; after the last, ``tail_step`` less per place, not below ``tail_least``.

    ``ties``: equal scores share the mean of their places' amounts, or each gets the better place's.
    A score below ``low_score`` gets ``low_amount`` whatever its place.
    """

    kind: ClassVar[str] = "by_rank"
    key: str
    title: Text
    amounts: tuple[Decimal | int | str, ...]
    tail_step: Decimal | int | str | None = None
    tail_least: Decimal | int | str = 0
    ties: str = MEAN_OF_PLACES
    low_score: Decimal | int | str | None = None
    low_amount: Decimal | int | str = 0
    pays: str = "performance_bonus"

    def __post_init__(self) -> None:
        require_key(self.key, "reward rule")
        what = f"reward rule {self.key!r}"
        object.__setattr__(self, "amounts", tuple(money(amount, what) for amount in self.amounts))
        for name in ("tail_step", "tail_least", "low_amount"):
            if getattr(self, name) is not None:
                object.__setattr__(self, name, money(getattr(self, name), f"{what}, {name}"))
        if self.low_score is not None:
            object.__setattr__(self, "low_score", exact(self.low_score, f"{what}, low_score"))
        if not self.amounts or self.ties not in TIES:
            raise DeclarationError(f"{what}: it needs amounts, and ties one of {', '.join(TIES)}")


@dataclass(frozen=True, slots=True)
class Fine(RewardRule):
    """``amount`` off for each unit of the indicator's reading, taken from the money named ``reduces``, never below 0.

    What the bonus cannot bear is shown and not carried over.
    """

    kind: ClassVar[str] = "fine"
    key: str
    title: Text
    indicator: AnyIndicator | str
    amount: Decimal | int | str
    reduces: str = "performance_bonus"
    pays: str = ""

    def __post_init__(self) -> None:
        require_key(self.key, "reward rule")
        object.__setattr__(self, "amount", money(self.amount, f"reward rule {self.key!r}"))
        if self.amount <= 0:  # type: ignore[operator]
            raise DeclarationError(f"reward rule {self.key!r}: a fine is written as an amount above zero")
        object.__setattr__(self, "pays", self.pays or f"fine_{self.key}")


@dataclass(frozen=True, slots=True)
class PerReading(RewardRule):
    """``amount`` for each unit of the reading: pay per order, per event."""

    kind: ClassVar[str] = "per_reading"
    key: str
    title: Text
    indicator: AnyIndicator | str
    amount: Decimal | int | str
    cap: Decimal | int | str | None = None
    pays: str = ""

    def __post_init__(self) -> None:
        require_key(self.key, "reward rule")
        object.__setattr__(self, "amount", money(self.amount, f"reward rule {self.key!r}"))
        if self.cap is not None:
            object.__setattr__(self, "cap", money(self.cap, f"reward rule {self.key!r}, cap"))
        object.__setattr__(self, "pays", self.pays or self.key)


@dataclass(frozen=True, slots=True)
class WhenMet(RewardRule):
    """``amount`` where the reading is at least ``at_least``, at most ``at_most``, or between both."""

    kind: ClassVar[str] = "when_met"
    key: str
    title: Text
    indicator: AnyIndicator | str
    amount: Decimal | int | str
    at_least: Decimal | int | str | None = None
    at_most: Decimal | int | str | None = None
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
        object.__setattr__(self, "pays", self.pays or self.key)


@dataclass(frozen=True, slots=True)
class Pool(RewardRule):
    """``amount`` for the whole group where the indicator's reading is at least ``at_least``, split evenly to the cent.

    The members are the subjects of the scheme; cents left over go to the first by employee number.
    ``read_from`` says whose reading decides: the department's or the company's.
    """

    kind: ClassVar[str] = "pool"
    key: str
    title: Text
    indicator: AnyIndicator | str
    amount: Decimal | int | str
    at_least: Decimal | int | str
    read_from: str = "company"
    pays: str = ""

    def __post_init__(self) -> None:
        require_key(self.key, "reward rule")
        object.__setattr__(self, "amount", money(self.amount, f"reward rule {self.key!r}"))
        object.__setattr__(self, "at_least", exact(self.at_least, f"reward rule {self.key!r}, at_least"))
        if self.read_from not in READ_FROM[1:]:
            raise DeclarationError(f"reward rule {self.key!r}: read_from is one of {', '.join(READ_FROM[1:])}")
        object.__setattr__(self, "pays", self.pays or self.key)


@dataclass(frozen=True, slots=True)
class Fixed(RewardRule):
    """The same ``amount`` for everybody whom the scheme appraises: a meal allowance."""

    kind: ClassVar[str] = "fixed"
    key: str
    title: Text
    amount: Decimal | int | str
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
    days: Decimal | int | str = 22
    hours: Decimal | int | str = 8
    mode: str = MONTH
    pays: str = ""

    def __post_init__(self) -> None:
        require_key(self.key, "reward rule")
        for name in ("days", "hours"):
            object.__setattr__(self, name, exact(getattr(self, name), f"reward rule {self.key!r}, {name}"))
            if getattr(self, name) <= 0:
                raise DeclarationError(f"reward rule {self.key!r}: {name} is above zero")
        if self.mode not in PAY_MODES:
            raise DeclarationError(f"reward rule {self.key!r}: mode is one of {', '.join(PAY_MODES)}")
        object.__setattr__(self, "pays", self.pays or self.key)


@dataclass(frozen=True, slots=True)
class RewardTable:
    """The reward rules of a scheme."""

    key: str
    title: Text
    scheme: str
    rules: tuple[RewardRule, ...]

    def __post_init__(self) -> None:
        require_key(self.key, "reward table")
        object.__setattr__(self, "rules", tuple(self.rules))
        for names, what in (([rule.key for rule in self.rules], "key"), ([rule.pays for rule in self.rules], "pays")):
            for name in sorted({name for name in names if names.count(name) > 1}):
                raise DeclarationError(f"reward table {self.key!r}: two rules have {what} {name!r}; "
                                       "the same money is paid once: keep one of them")
        paid = {rule.pays for rule in self.rules}
        for rule in self.rules:
            if isinstance(rule, Fine) and rule.reduces not in paid:
                raise DeclarationError(f"reward table {self.key!r}: fine {rule.key!r} reduces {rule.reduces!r}, "
                                       "which no rule of the table pays")


def require_grades(table: RewardTable, grades: GradeBands | None) -> None:
    """Raise unless every rule by grade names every grade of the scheme, and no other."""
    known = grades.keys() if grades else ()
    for rule in table.rules:
        if isinstance(rule, ByGrade):
            named = [grade for grade, _ in rule.amounts]
            for wrong, word in ((set(known) - set(named), "has no amount for"), (set(named) - set(known), "knows no")):
                if wrong:
                    raise DeclarationError(f"reward table {table.key!r}, rule {rule.key!r}: {word} grade "
                                           f"{', '.join(sorted(wrong))}; the grades are {', '.join(known) or 'none'}")


REWARD_RULES: dict[str, type[RewardRule]] = {rule.kind: rule for rule in (
    ByGrade, ByRank, Fine, PerReading, WhenMet, Pool, Fixed, BasePay,
)}  # fmt: skip
