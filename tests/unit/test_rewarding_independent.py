"""Whole random reward tables, calculated a second time in plain fractions, from the words of the rules alone.

Nothing of the domain's arithmetic is imported: places are counted, runs are counted forwards, cents rounded by hand.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from decimal import Decimal
from fractions import Fraction
from math import floor
from random import Random
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from meritline.domain.facts import Facts, Outcome
from meritline.domain.ranking import SAMPLE_TOO_SMALL, Card, Place
from meritline.domain.rewarding import reward
from meritline_sdk import (
    Award,
    BasePay,
    ByGrade,
    ByRank,
    Coefficient,
    Fine,
    Fixed,
    Grade,
    GradeBands,
    InARow,
    Item,
    PerReading,
    Pool,
    Proposal,
    RatedIndicator,
    Reduction,
    RewardTable,
    Scheme,
    Terms,
    Text,
    When,
    WhenMet,
    rules,
)
from meritline_sdk.evaluate.readings import Reading
from meritline_sdk.evaluate.scoring import Scored
from meritline_sdk.evaluate.tallies import Subject
from meritline_sdk.model.schemes import SubjectKind
from meritline_sdk.model.units import COUNT

T = Text("Reward", "奖励")
EVENTS, RATE = RatedIndicator("events", T, unit=COUNT), RatedIndicator("rate", T, unit=COUNT)
GRADES = GradeBands((Grade("low", T), Grade("mid", T, 60), Grade("high", T, 90)))
SCHEME = Scheme("s", T, (Item(EVENTS, 100, rules.AsPoints()),), grades=GRADES, pass_score=60)
MONTHS = [*(f"2025-{number:02}" for number in range(8, 13)), "2026-01"]
MONEY = "performance_bonus"


@dataclass(frozen=True)
class Person:
    number: int
    score: Fraction | None
    measured: Fraction
    complete: bool
    events: Fraction | None
    department: str
    days: int
    to_the_end: bool
    employment: str
    base: Fraction | None
    performance: Fraction | None
    before: tuple[Fraction | str | None, ...]

    @property
    def key(self) -> Subject:
        return Subject(SubjectKind.EMPLOYEE, f"E{self.number:02}")


def half_up(value: Fraction) -> Fraction:
    return Fraction(floor(value * 100 + Fraction(1, 2)), 100)


def grade(score: Fraction) -> str:
    return "high" if score >= 90 else "mid" if score >= 60 else "low"


# --- what the rules say, a second time -------------------------------------------------------------------------------

def place(who: Person, people: Sequence[Person]) -> tuple[int, int, int]:
    """Place, how many share it, how many are ranked."""
    scores = [one.score for one in people if one.score is not None]
    return 1 + sum(score > who.score for score in scores), scores.count(who.score), len(scores)  # type: ignore[operator]


def met(when: When, score: Fraction | None, rank: int, among: int) -> bool:
    if score is None:
        return False
    return not ((when.grades and grade(score) not in when.grades)
                or (when.passed is not None and (score >= 60) != when.passed)
                or (when.score_below is not None and score >= Fraction(when.score_below))
                or (when.score_at_least is not None and score < Fraction(when.score_at_least))
                or (when.rank_at_most is not None and rank > when.rank_at_most)
                or (when.best_percent is not None and rank > floor(Fraction(when.best_percent) * among / 100)))


def acts(rule: Any, who: Person, people: Sequence[Person]) -> bool:
    """Counted forwards: every month adds to the run, ends it, or is passed over."""
    rank, _, among = place(who, people) if who.score is not None else (0, 0, 0)
    now = met(rule.when, who.score, rank, among)
    if rule.in_a_row is None or not now:
        return now
    length = 0
    for value in who.before:
        if value is None or value == "-":
            length = 0 if rule.in_a_row.gaps == "break" else length
        else:
            length = length + 1 if met(rule.when, value, 1, 1) else 0  # type: ignore[arg-type]
    length += 1
    return length >= rule.in_a_row.periods if rule.in_a_row.every else length == rule.in_a_row.periods


def admitted(rule: Any, table: RewardTable, who: Person) -> bool:
    for terms in table.terms:
        named = rule.key in terms.rules if terms.rules else rule.kind not in ("fine", "reduction", "proposal")
        if named and ((terms.least_measured is not None and who.measured < Fraction(terms.least_measured))
                      or (terms.complete and not who.complete)
                      or (terms.passed and (who.score is None or who.score < 60))
                      or (terms.employment != "any" and terms.employment != who.employment)
                      or who.days < terms.least_days or (terms.to_the_end and not who.to_the_end)):
            return False
    return True


def days_share(rule: Any, table: RewardTable, who: Person) -> Fraction:
    for terms in table.terms:
        if terms.by_days and (rule.key in terms.rules if terms.rules else True):
            return Fraction(who.days, 30)
    return Fraction(1)


def worth(rule: Any, who: Person, people: Sequence[Person]) -> Fraction | None:
    """What a rule pays, not rounded."""
    score, events = who.score, who.events
    match rule.kind:
        case "fixed":
            return Fraction(rule.amount)
        case "by_grade":
            return None if score is None else Fraction(dict(rule.amounts)[grade(score)])
        case "by_rank":
            if score is None:
                return None
            if rule.low_score is not None and score < Fraction(rule.low_score):
                return Fraction(rule.low_amount)
            rank, shared, _ = place(who, people)
            return by_place(rule, rank, shared if rule.ties == "mean_of_places" else 1)
        case "per_reading":
            if events is None:
                return None
            paid = Fraction(rule.amount) * max(events - Fraction(rule.above), Fraction(0))
            return paid if rule.cap is None else min(paid, Fraction(rule.cap))
        case "when_met":
            if events is None:
                return None
            return Fraction(rule.amount) if Fraction(rule.at_least) <= events <= Fraction(rule.at_most) else Fraction(0)
        case "base_pay":
            if who.base is None:
                return None
            return who.base if rule.mode == "month" else who.base / Fraction(rule.days) * Fraction(rule.hours)
        case "coefficient":
            if score is None or who.performance is None:
                return None
            if rule.by_grade:
                return who.performance * Fraction(dict(rule.by_grade)[grade(score)])
            return who.performance * min(max(score / Fraction(rule.per), Fraction(rule.least)), Fraction(rule.most))
        case "award":
            return None if score is None else Fraction(rule.amount) if acts(rule, who, people) else Fraction(0)
    raise AssertionError(rule.kind)


def by_place(rule: ByRank, rank: int, shared: int) -> Fraction:
    found = []
    for at in range(rank, rank + shared):
        if at <= len(rule.amounts):
            found.append(Fraction(rule.amounts[at - 1]))  # type: ignore[arg-type]
        elif rule.beyond is not None:
            found.append(Fraction(rule.beyond))  # type: ignore[arg-type]
        else:
            tail = Fraction(rule.amounts[-1]) - (at - len(rule.amounts)) * Fraction(rule.tail_step)  # type: ignore[arg-type]
            found.append(max(tail, Fraction(rule.tail_least)))  # type: ignore[arg-type]
    return sum(found, Fraction(0)) / len(found)


def pool(rule: Pool, table: RewardTable, people: Sequence[Person],
         rates: Mapping[str, Fraction | None]) -> dict[int, Fraction | None]:
    """Everybody's part of the group's money."""
    found: dict[int, Fraction | None] = {}
    for group in ({one.department for one in people} if rule.read_from == "department" else {"all"}):
        members = [one for one in people if group in ("all", one.department)]
        found |= {one.number: Fraction(0) for one in members if not admitted(rule, table, one)}
        members = sorted((one for one in members if admitted(rule, table, one)), key=lambda one: one.number)
        value = rates[group]
        if value is None or value < Fraction(rule.at_least):  # type: ignore[arg-type]
            found |= {one.number: None if value is None else Fraction(0) for one in members}
            continue
        times = 1 if rule.per_step is None else 1 + floor((value - Fraction(rule.at_least)) / Fraction(rule.per_step))  # type: ignore[arg-type]
        amount = Fraction(rule.amount) * times  # type: ignore[arg-type]
        if rule.cap is not None:
            amount = min(amount, Fraction(rule.cap))  # type: ignore[arg-type]
        basis = {"equal": lambda one: Fraction(1), "by_score": lambda one: one.score,
                 "by_days": lambda one: Fraction(one.days), "by_pay": lambda one: one.performance}[rule.split]
        weights = {one.number: basis(one) for one in members}
        found |= largest_remainders(amount, weights)
    return found


def largest_remainders(amount: Fraction, weights: Mapping[int, Fraction | None]) -> dict[int, Fraction | None]:
    whole = sum((weight for weight in weights.values() if weight), Fraction(0))
    parts: dict[int, Fraction | None] = {number: None if weight is None else Fraction(0)
                                         for number, weight in weights.items()}
    if not whole:
        return parts
    exact = {number: amount * 100 * (weight or Fraction(0)) / whole for number, weight in weights.items()}
    cents = {number: floor(part) for number, part in exact.items()}
    while sum(cents.values()) < amount * 100:
        first = max(exact, key=lambda number: (exact[number] - cents[number], -number))
        cents[first] += 1
    return {number: None if weights[number] is None else Fraction(cents[number], 100) for number in parts}


def calculated(table: RewardTable, people: Sequence[Person],
               rates: Mapping[str, Fraction | None]) -> dict[tuple[int, str], Fraction | None]:
    """The amount of every line; a proposal has one of None where it is made."""
    found: dict[tuple[int, str], Fraction | None] = {}
    pools = {rule.key: pool(rule, table, people, rates) for rule in table.rules if isinstance(rule, Pool)}
    for who in people:
        money: dict[str, Fraction | None] = {}
        for rule in table.rules:
            if rule.kind in ("fine", "reduction", "proposal"):
                continue
            if rule.kind == "pool":
                amount = pools[rule.key][who.number]
            elif not admitted(rule, table, who):
                amount = Fraction(0)
            else:
                exact = worth(rule, who, people)
                amount = None if exact is None else half_up(exact * days_share(rule, table, who))
            found[who.number, rule.key] = amount
            money[rule.pays] = amount
        take_away(table, who, people, money, found)
    return found


def take_away(table: RewardTable, who: Person, people: Sequence[Person], money: dict[str, Fraction | None],
              found: dict[tuple[int, str], Fraction | None]) -> None:
    """Reductions of what was paid, then fines, then what is no money."""
    paid = dict(money)
    for kind in ("reduction", "fine", "proposal"):
        for rule in (rule for rule in table.rules if rule.kind == kind):
            if isinstance(rule, Proposal):
                if acts(rule, who, people) and admitted(rule, table, who):
                    found[who.number, rule.key] = None
                continue
            assert isinstance(rule, Fine | Reduction)
            if not admitted(rule, table, who):
                found[who.number, rule.key] = Fraction(0)
            elif (who.score if kind == "reduction" else who.events) is None:
                found[who.number, rule.key] = None
            else:
                there = money.get(rule.reduces, Fraction(0))
                of_events = isinstance(rule, Fine)
                acting = half_up(taken(rule, who, people, {})) if of_events else acts(rule, who, people)
                if there is None and acting:
                    found[who.number, rule.key] = None
                    continue
                off = min(half_up(taken(rule, who, people, paid)), there or Fraction(0))
                money[rule.reduces] = None if there is None else there - off
                found[who.number, rule.key] = -off


def taken(rule: Fine | Reduction, who: Person, people: Sequence[Person], paid: Mapping[str, Fraction | None],
          ) -> Fraction:
    if isinstance(rule, Reduction):
        share = Fraction(rule.percent) / 100  # type: ignore[arg-type]
        return (paid.get(rule.reduces) or Fraction(0)) * share if acts(rule, who, people) else Fraction(0)
    due = Fraction(rule.amount) * (who.events or Fraction(0))  # type: ignore[arg-type]
    return due if rule.cap is None else min(due, Fraction(rule.cap))  # type: ignore[arg-type]


# --- random tables and people ----------------------------------------------------------------------------------------

SCORES = [None, *map(Fraction, ("0", "49.99", "50", "59.99", "60", "77.77", "89.99", "90", "100.5"))]
PARTS = [None, *(Fraction(number, by) for by in (1, 3, 7) for number in (0, 1, 2, 7, 23, 45))]
SALARIES = [None, *map(Fraction, ("0", "0.01", "1234.56", "3000", "4999.99"))]
PASTS = [Fraction(40), Fraction(70), None, "-"]


def person(number: int, seed: int) -> Person:
    r = Random(seed)
    return Person(number, r.choice(SCORES), Fraction(r.choice(["0", "50", "200/3", "100"])), r.random() < 0.5,
                  r.choice(PARTS), r.choice("AB"), r.choice([0, 9, 10, 17, 30]), r.random() < 0.5,
                  r.choice(["regular", "regular", "probation"]), r.choice(SALARIES), r.choice(SALARIES),
                  tuple(r.choice(PASTS) for _ in range(5)))


def with_twins(seeds: list[int], seed: int) -> list[Person]:
    """People, and others who differ from one of them in a single thing: what is remembered of the one is not theirs."""
    r = Random(seed)
    found = [person(number, one) for number, one in enumerate(seeds)]
    for name in r.sample([each.name for each in fields(Person) if each.name != "number"], 3):
        other = person(0, r.randrange(2**32))
        found.append(replace(r.choice(found), number=len(found), **{name: getattr(other, name)}))
    return found


def money(r: Random, high: int = 100000, low: int = 0) -> Decimal:
    return Decimal(r.randint(low, high)).scaleb(-2)


def condition(r: Random) -> tuple[When, InARow | None]:
    """A condition on the card; one that looks back does not ask for places, which the months before do not tell."""
    past = [{"passed": r.random() < 0.5}, {"score_below": r.choice([50, 60, 90])}]
    if r.random() < 0.5:
        return When(**r.choice(past)), InARow(r.randint(1, 4), r.choice(["skip", "break"]), r.random() < 0.5)
    return When(**r.choice([*past, {"rank_at_most": r.randint(1, 4)}, {"best_percent": r.randint(1, 100)},
                            {"grades": ("low", "high")}, {"score_at_least": r.choice([50, 60, 90])}])), None


def by_rank(r: Random) -> ByRank:
    tail = {"beyond": money(r)} if r.random() < 0.5 else {"tail_step": money(r), "tail_least": money(r, 9999)}
    low = {"low_score": 50, "low_amount": money(r)} if r.random() < 0.5 else {}
    return ByRank("by_rank", T, tuple(money(r) for _ in range(r.randint(1, 3))), pays="place",
                  ties=r.choice(["mean_of_places", "better_place"]), **tail, **low)


def coefficient(r: Random) -> Coefficient:
    by_grade = {name: r.choice(["0.6", "1", "1.25"]) for name in ("low", "mid", "high")}
    if r.random() < 0.5:
        return Coefficient("coefficient", T, by_grade, pays="own")
    return Coefficient("coefficient", T, per=r.choice([90, 100]), least="0.5", most="1.1", pays="own")


def of_group(r: Random) -> Pool:
    return Pool("pool", T, RATE, money(r), at_least=1, read_from=r.choice(["company", "department"]),
                split=r.choice(["equal", "by_score", "by_days", "by_pay"]), per_step=r.choice([None, 1, "0.7"]),
                cap=r.choice([None, money(r)]))


PAYING: Mapping[str, Callable[[Random], Any]] = {
    "fixed": lambda r: Fixed("fixed", T, money(r)),
    "by_grade": lambda r: ByGrade("by_grade", T, {name: money(r) for name in ("low", "mid", "high")}),
    "by_rank": by_rank, "coefficient": coefficient, "pool": of_group,
    "each": lambda r: PerReading("each", T, EVENTS, money(r, 999), r.choice([None, money(r, 5000)]),
                                 above=r.choice([0, 2, "3.5"])),
    "limits": lambda r: WhenMet("limits", T, EVENTS, money(r), at_least=2, at_most="4.5"),
    "base": lambda r: BasePay("base", T, 22, 13, r.choice(["month", "literal"])),
    "award": lambda r: Award("award", T, money(r), *condition(r)),
}  # fmt: skip
OTHERS: Sequence[Callable[[Random, int, list[str]], Any]] = (
    lambda r, at, pays: Proposal(f"act{at}", T, "warning", *condition(r)),
    lambda r, at, pays: Reduction(f"cut{at}", T, r.randint(1, 100), *condition(r), reduces=r.choice(pays)),
    lambda r, at, pays: Fine(f"fine{at}", T, EVENTS, money(r, 20000, 1), reduces=r.choice(pays),
                             cap=r.choice([None, money(r, 30000)])),
)  # fmt: skip


def table_of(names: list[str], others: list[int], terms: list[int], seed: int) -> RewardTable:
    """A table of some paying rules, of what takes away, and terms for all or for some."""
    r = Random(seed)
    found = [PAYING[name](r) for name in names]
    pays = [rule.pays for rule in found]
    found += [OTHERS[kind](r, at, pays) for at, kind in enumerate(others)]
    r.shuffle(found)
    return RewardTable("t", T, "s", tuple(found), tuple(terms_of(Random(one), found) for one in terms))


def terms_of(r: Random, found: Sequence[Any]) -> Terms:
    named = tuple({rule.key for rule in r.sample(list(found), min(2, len(found)))}) if r.random() < 0.5 else ()
    return Terms(named, r.choice([None, None, 50, "66.7"]), r.random() < 0.1, r.random() < 0.2,
                 r.choice(["any", "any", "regular"]), r.choice([0, 0, 10]), r.random() < 0.2, r.random() < 0.7)


SEEDS = st.integers(0, 2**32)
TABLES = st.builds(table_of, st.lists(st.sampled_from(sorted(PAYING)), unique=True, min_size=1, max_size=5),
                   st.lists(st.integers(0, 2), max_size=5), st.lists(SEEDS, max_size=2), SEEDS)
PEOPLE = st.builds(with_twins, st.lists(SEEDS, min_size=1, max_size=4), SEEDS)
RATES = st.none() | st.sampled_from(["0.99", "1", "1.7", "4.2"]).map(Fraction)


def as_card(who: Person) -> Card:
    exact = who.score
    state = "complete" if who.complete else "incomplete"
    score = None if exact is None else Decimal(exact.numerator) / Decimal(exact.denominator)
    return Card(who.key, Scored((), exact, score, None if exact is None else grade(exact),
                                None if exact is None else exact >= 60, state, measured=who.measured), who.department)


def as_facts(who: Person) -> Facts:
    def decimal(value: Fraction | None) -> Decimal | None:
        return None if value is None else Decimal(int(value * 100)).scaleb(-2)

    history = tuple(
        Outcome(period, None if value is None else Decimal(int(value)), None if value is None else grade(value),  # type: ignore[arg-type]
                None if value is None else value >= 60)  # type: ignore[operator]
        for period, value in zip(MONTHS, who.before, strict=False) if value != "-")
    return Facts(who.days, 30, who.to_the_end, who.employment, decimal(who.base), decimal(who.performance), history)


@settings(max_examples=1000)
@given(TABLES, PEOPLE, RATES, RATES, RATES)
def test_whole_tables_come_out_as_fractions_say(table: RewardTable, people: list[Person], company: Fraction | None,
                                                a: Fraction | None, b: Fraction | None) -> None:
    rates = {"all": company, "A": a, "B": b}
    readings = {}
    for who in people:
        given_ = {("events", "own"): who.events, ("rate", "company"): company,
                  ("rate", "department"): rates[who.department]}
        readings[who.key] = {key: Reading("not_measured") if value is None else Reading("measured", value, sample=1)
                             for key, value in given_.items()}
    cards = [as_card(who) for who in reversed(people)]
    lines = reward(table, SCHEME, cards, readings, facts={who.key: as_facts(who) for who in people}, period=MONTHS[-1])
    found = {(int(line.subject.key[1:]), line.rule_key): None if line.amount is None else Fraction(line.amount)
             for line in lines}
    assert len(found) == len(lines)
    assert found == calculated(table, people, rates)


def test_of_one_score_only_the_ranked_one_has_a_place_that_pays() -> None:
    table = RewardTable("t", T, "s", (ByRank("by_rank", T, (Decimal(500),), beyond=Decimal(100)),))
    first, second = (replace(person(number, 1), score=Fraction(90)) for number in (0, 1))
    places = {first.key: Place(1, 1, 1), second.key: Place(None, 1, 0, SAMPLE_TOO_SMALL, 2, 5)}
    lines = reward(table, SCHEME, [as_card(first), as_card(second)], {}, places)
    assert {line.subject: line.amount for line in lines} == {first.key: Decimal(500), second.key: None}
    assert "sample" in lines[1].steps[0]
