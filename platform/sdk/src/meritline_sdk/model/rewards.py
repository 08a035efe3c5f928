"""Reward tables: what a grade, a rank or an event is worth. Decides that every grade has a pay and no money two rules.

Amounts are in the tenant's currency, exact to the cent; each rule makes one reward line and rounds once.
"""

from dataclasses import dataclass

from meritline_sdk.model.bands import GradeBands
from meritline_sdk.model.blanks import Open, is_open, young
from meritline_sdk.model.consequences import (
    ACTS,
    Award,
    Coefficient,
    InARow,
    Proposal,
    Reduction,
    When,
)  # fmt: skip
from meritline_sdk.model.records import DeclarationError, require_key
from meritline_sdk.model.reward_rules import (
    BETTER_PLACE,
    CENT,
    EQUAL,
    LITERAL,
    MEAN_OF_PLACES,
    MONTH,
    PAY_MODES,
    SPLITS,
    TIES,
    BasePay,
    ByGrade,
    ByRank,
    Fine,
    Fixed,
    PerReading,
    Pool,
    RewardRule,
    WhenMet,
    money,
)  # fmt: skip
from meritline_sdk.model.rules import exact
from meritline_sdk.model.schemes import ANY_EMPLOYMENT, EMPLOYMENTS
from meritline_sdk.model.text import Text

__all__ = [
    "ACTS", "BETTER_PLACE", "CENT", "EQUAL", "LITERAL", "MEAN_OF_PLACES", "MONTH", "PAY_MODES", "REWARD_RULES",
    "SPLITS", "TIES", "Award", "BasePay", "ByGrade", "ByRank", "Coefficient", "Fine", "Fixed", "InARow", "PerReading",
    "Pool", "Proposal", "Reduction", "RewardRule", "RewardTable", "Terms", "When", "WhenMet", "money", "require_grades",
]  # fmt: skip

REDUCING = (Fine, Reduction)
NOT_PAID = (Fine, Reduction, Proposal)


@dataclass(frozen=True, slots=True)
class Terms:
    """Who gets the money of some rules (of all that pay where ``rules`` is empty), and how much of it.

    Fines, reductions and proposals are concerned only where they are named: who is refused money is still warned.

    ``least_measured``: the percentage of the scheme's weights that must be measured; ``complete``: every line;
    ``passed``: the pass score is reached; ``employment``: regular staff only, or those on probation; ``least_days``:
    days employed under the scheme in the period; ``to_the_end``: still employed on the period's last day; ``by_days``:
    the amount times days employed over days of the period, rounded once.
    """

    rules: tuple[str, ...] = ()
    least_measured: Open | None = None
    complete: bool = False
    passed: bool = False
    employment: str = ANY_EMPLOYMENT
    least_days: int = 0
    to_the_end: bool = False
    by_days: bool = False

    def __post_init__(self) -> None:
        object.__setattr__(self, "rules", tuple(self.rules))
        if self.least_measured is not None:
            object.__setattr__(self, "least_measured", exact(self.least_measured, "terms, least_measured"))
            if not is_open(self.least_measured) and not 0 <= self.least_measured <= 100:  # type: ignore[operator]
                raise DeclarationError("terms: least_measured is a percentage from 0 to 100")
        if self.employment not in EMPLOYMENTS or self.least_days < 0:
            raise DeclarationError(f"terms: employment is one of {', '.join(EMPLOYMENTS)}, least_days from 0 on")

    def concern(self, rule: RewardRule) -> bool:
        """Whether the terms hold for the rule."""
        return rule.key in self.rules if self.rules else not isinstance(rule, NOT_PAID)


@dataclass(frozen=True, slots=True)
class RewardTable:
    """The reward rules of a scheme, with the terms on which they pay.

    ``scheme`` is the key of a scheme of the set. ``fines_confirmed``: the company has read that fines are limited by
    law where it works, and means them all the same. Raises ``DeclarationError`` where two rules pay the same money.

    >>> PAY = RewardTable("pay", Text("Bonus", "奖金"), "mechanics", (
    ...     Award("champion", Text("Best of the month", "月度冠军"), 300, When(rank_at_most=1)),))
    >>> PAY.rules[0].pays
    'champion'
    """

    key: str
    title: Text
    scheme: str
    rules: tuple[RewardRule, ...]
    terms: tuple[Terms, ...] = young(())
    fines_confirmed: bool = young(False)

    def __post_init__(self) -> None:
        require_key(self.key, "reward table")
        object.__setattr__(self, "rules", tuple(self.rules))
        object.__setattr__(self, "terms", tuple(self.terms))
        for names, what in (([rule.key for rule in self.rules], "key"), ([rule.pays for rule in self.rules], "pays")):
            for name in sorted({name for name in names if names.count(name) > 1}):
                raise DeclarationError(f"reward table {self.key!r}: two rules have {what} {name!r}; "
                                       "the same money is paid once: keep one of them")
        paid = {rule.pays for rule in self.rules}
        for rule in self.rules:
            if isinstance(rule, REDUCING) and rule.reduces not in paid:
                raise DeclarationError(f"reward table {self.key!r}: {rule.kind} {rule.key!r} reduces {rule.reduces!r}, "
                                       "which no rule of the table pays")
        known = {rule.key for rule in self.rules}
        for key in (key for terms in self.terms for key in terms.rules):
            if key not in known:
                raise DeclarationError(f"reward table {self.key!r}: terms for rule {key!r}, which it does not have")


def require_grades(table: RewardTable, grades: GradeBands | None) -> None:
    """Raise unless every rule by grade names every grade of the scheme, and every condition only such as there are."""
    known = grades.keys() if grades else ()
    for rule in table.rules:
        named, whole = grades_named(rule)
        missing, unknown = set(known) - set(named) if whole else set(), set(named) - set(known)
        for wrong, word in ((missing, "has no amount for"), (unknown, "knows no")):
            if wrong:
                raise DeclarationError(f"reward table {table.key!r}, rule {rule.key!r}: {word} grade "
                                       f"{', '.join(sorted(wrong))}; the grades are {', '.join(known) or 'none'}")


def grades_named(rule: RewardRule) -> tuple[tuple[str, ...], bool]:
    """The grades that a rule names, and whether it must name them all."""
    if isinstance(rule, ByGrade):
        return tuple(grade for grade, _ in rule.amounts), True
    if isinstance(rule, Coefficient):
        return tuple(grade for grade, _ in rule.by_grade), bool(rule.by_grade)
    if isinstance(rule, Proposal | Award | Reduction):
        return rule.when.grades, False
    return (), False


REWARD_RULES: dict[str, type[RewardRule]] = {rule.kind: rule for rule in (
    ByGrade, ByRank, Fine, PerReading, WhenMet, Pool, Fixed, BasePay, Coefficient, Award, Reduction, Proposal,
)}  # fmt: skip
