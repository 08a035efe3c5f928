"""One period under a scheme: score and place of everybody, without explanations. Pure.

Decides how periods hang together: what a simulated month came to is the past of the months after it, for runs of
periods and for shares that are carried; before the first one, the past is what stands. People are known by their code,
since a scheme has subjects of one kind.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import NamedTuple

from meritline.domain.facts import NO_FACTS, Facts, Outcome
from meritline.domain.ranking import firsts
from meritline_sdk.evaluate.lines import Carried
from meritline_sdk.evaluate.quick import Need, Quick, QuickScore, Seen
from meritline_sdk.model.indicators import AnyIndicator
from meritline_sdk.model.rewards import RewardTable
from meritline_sdk.model.schemes import Scheme

NOBODY: Mapping[str, Carried] = {}


class Who(NamedTuple):
    """Whoever is appraised."""

    code: str
    name: str
    department: str | None


class Side(NamedTuple):
    """What a subject comes to in a period; ``money`` is None where there is no reward table at all."""

    score: Decimal | None
    grade: str | None
    rank: int | None
    state: str
    passed: bool | None
    money: Decimal | None


@dataclass(frozen=True, slots=True)
class Given:
    """What a period is scored from; ``rows`` stand beside ``people`` and hold, for each of ``needs``, what was seen.
    ``facts`` are there where the table looks at them, ``carried`` where the scheme carries, both by code;
    ``indicators`` are those that are pinned and not as they are at present, ``read_by`` the hashes of these."""

    period: str
    scheme: Scheme
    table: RewardTable | None
    people: Sequence[Who]
    needs: tuple[Need, ...]
    rows: Sequence[Sequence[Seen]]
    facts: Mapping[str, Facts] = field(default_factory=dict)
    carried: Mapping[str, Mapping[str, Carried]] = field(default_factory=dict)
    indicators: Mapping[str, AnyIndicator] = field(default_factory=dict)
    read_by: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Scores:
    """The scores of a period with their places, beside the people; ``shared``: how many have the place."""

    scores: Sequence[QuickScore]
    ranks: Sequence[int | None]
    shared: Mapping[Decimal, int]
    among: int


@dataclass(slots=True)
class Chain:
    """What simulated periods came to, for those after them."""

    outcomes: dict[str, dict[str, Outcome]] = field(default_factory=dict)
    shares: dict[str, dict[str, Carried]] = field(default_factory=dict)

    def note(self, given: Given, found: Scores) -> None:
        """A period is past."""
        for who, one, rank in zip(given.people, found.scores, found.ranks, strict=True):
            self.outcomes.setdefault(who.code, {})[given.period] = Outcome(
                given.period, one.score, one.grade, one.passed, rank, found.among)

    def facts(self, code: str, facts: Mapping[str, Facts]) -> Facts:
        """The facts with the simulated past in the place of what stands."""
        known, mine = facts.get(code, NO_FACTS), self.outcomes.get(code)
        if not mine:
            return known
        whole = {one.period: one for one in known.history} | mine
        return replace(known, history=tuple(whole[period] for period in sorted(whole)))

    def carried(self, code: str, stored: Mapping[str, Carried]) -> Mapping[str, Carried]:
        """The shares of the last period in which each item was measured, simulated or standing."""
        mine = self.shares.get(code)
        if not mine:
            return stored
        return {**mine, **{key: one for key, one in stored.items() if key not in mine or mine[key].period < one.period}}


def scored(given: Given, quick: Quick, chain: Chain, *, carries: bool) -> list[QuickScore]:
    """The scores of a period; ``carries`` where an item may take a share from an earlier one."""
    at = [given.needs.index(need) for need in quick.needs]
    straight = at == list(range(len(given.needs)))
    rows = given.rows if straight else [[row[place] for place in at] for row in given.rows]
    if not carries:
        score = quick.score
        return [score(row) for row in rows]
    found: list[QuickScore] = []
    for who, row in zip(given.people, rows, strict=True):
        found.append(quick.score(row, chain.carried(who.code, given.carried.get(who.code, NOBODY))))
        mine = chain.shares.setdefault(who.code, {})
        mine.update((key, Carried(share, given.period)) for key, share in quick.shares(row))
    return found


def placed(scores: Sequence[QuickScore], least_sample: int) -> Scores:
    """The scores with their places: who rests on too few records has none, and takes none from anybody."""
    first, shared = firsts(one.score for one in scores if one.score is not None and one.sample >= least_sample)
    ranks = [first[one.score] if one.score is not None and one.sample >= least_sample else None for one in scores]
    return Scores(scores, ranks, shared, sum(shared.values()))


def sides(given: Given, found: Scores, money: Sequence[Decimal | None]) -> dict[str, Side]:
    """Everybody's side, by code."""
    return {who.code: Side(one.score, one.grade, rank, one.state, one.passed, amount)
            for who, one, rank, amount in zip(given.people, found.scores, found.ranks, money, strict=True)}
