"""Before beside after: who gains, who loses, what it costs. Pure. Decides by what somebody gains.

Money decides; where neither side has a reward table, the score does. Who is appraised on one side only gets nothing,
or had nothing, on the other.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from typing import Final, Literal, NamedTuple

from meritline.appraisal.simulation.outcomes import Side

type Verdict = Literal["gains", "loses", "unchanged"]
NOTHING: Final = Decimal("0.00")
CENT: Final = Decimal("0.01")
NO_GRADE: Final = ""


class Pair(NamedTuple):
    """A subject in a period, before and after; None where it is not appraised."""

    period: str
    before: Side | None
    after: Side | None

    @property
    def difference(self) -> Decimal:
        """By how much the money changes."""
        return paid(self.after) - paid(self.before)


@dataclass(slots=True)
class Person:
    """A subject over all periods."""

    code: str
    name: str
    pairs: list[Pair] = field(default_factory=list)

    @property
    def before(self) -> Decimal:
        """The money that stands."""
        return sum((paid(one.before) for one in self.pairs), NOTHING)

    @property
    def after(self) -> Decimal:
        """The money of the draft."""
        return sum((paid(one.after) for one in self.pairs), NOTHING)


@dataclass(frozen=True, slots=True)
class Compared:
    """A person with what the change comes to."""

    person: Person
    difference: Decimal
    score_difference: Decimal
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class PeriodTotal:
    """A period over all people. ``grades`` count the cards of each grade, by key; without a grade under ''."""

    period: str
    people: int
    before: Decimal
    after: Decimal
    grades_before: Mapping[str, int]
    grades_after: Mapping[str, int]


def paid(side: Side | None) -> Decimal:
    """The money of a side."""
    return NOTHING if side is None or side.money is None else side.money


def by_person(periods: Iterable[tuple[str, Mapping[str, Side], Mapping[str, Side]]],
              names: Mapping[str, str]) -> dict[str, Person]:
    """Everybody who is appraised on either side in any period."""
    found: dict[str, Person] = {}
    for period, before, after in periods:
        for code in before.keys() | after.keys():
            person = found.get(code)
            if person is None:
                person = found[code] = Person(code, names.get(code, code))
            person.pairs.append(Pair(period, before.get(code), after.get(code)))
    return found


def compared(people: Iterable[Person], *, by_money: bool) -> list[Compared]:
    """Who gains comes first, by how much; who loses most comes last; equals by code."""
    found = [compare(person, by_money=by_money) for person in people]
    return sorted(found, key=lambda one: (-one.difference, -one.score_difference, one.person.code))


def compare(person: Person, *, by_money: bool) -> Compared:
    """What the change comes to for a person."""
    money = sum((one.difference for one in person.pairs), NOTHING)
    score = sum((points(one.after) - points(one.before) for one in person.pairs), Decimal(0))
    decides = money if by_money else score
    return Compared(person, money, score, "gains" if decides > 0 else "loses" if decides < 0 else "unchanged")


def points(side: Side | None) -> Decimal:
    """The score of a side; none counts as nothing where sums are compared."""
    return Decimal(0) if side is None or side.score is None else side.score


def mean_score(sides: Iterable[Side | None]) -> Decimal | None:
    """The mean of the scores there are, to two places."""
    scores = [side.score for side in sides if side is not None and side.score is not None]
    return (sum(scores, Decimal(0)) / len(scores)).quantize(CENT, ROUND_HALF_UP) if scores else None


def period_total(period: str, before: Mapping[str, Side], after: Mapping[str, Side]) -> PeriodTotal:
    """What a period comes to on either side."""
    return PeriodTotal(period, len(before.keys() | after.keys()), sum(map(paid, before.values()), NOTHING),
                       sum(map(paid, after.values()), NOTHING), counted(before.values()), counted(after.values()))


def counted(sides: Iterable[Side]) -> Mapping[str, int]:
    """How many have which grade."""
    return Counter(side.grade or NO_GRADE for side in sides)
