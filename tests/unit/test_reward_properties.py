"""What holds for every reward table: sums to the cent, ties that touch nobody else, money that is never negative."""

from collections import defaultdict
from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from meritline.domain.facts import Facts
from meritline.domain.pools import split
from meritline.domain.ranking import Card
from meritline.domain.rewarding import RewardLine, reward
from meritline_sdk import (
    Award,
    ByRank,
    Fine,
    Fixed,
    Item,
    PerReading,
    Pool,
    RatedIndicator,
    Reduction,
    RewardTable,
    Scheme,
    Terms,
    Text,
    When,
    rules,
)
from meritline_sdk.evaluate.readings import Reading
from meritline_sdk.evaluate.scoring import Scored
from meritline_sdk.evaluate.tallies import Subject
from meritline_sdk.model.schemes import SubjectKind
from meritline_sdk.model.units import COUNT

T = Text("Reward", "奖励")
EVENTS, OTHER = RatedIndicator("events", T, unit=COUNT), RatedIndicator("other", T, unit=COUNT)
SCHEME = Scheme("s", T, (Item(EVENTS, 100, rules.AsPoints()),), pass_score=60)
MONEY = st.integers(0, 10**7).map(lambda cents: Decimal(cents).scaleb(-2))
SCORES = st.integers(0, 12000).map(lambda score: Decimal(score).scaleb(-2))
COUNTS = st.none() | st.builds(Fraction, st.integers(-3, 90), st.sampled_from([1, 3, 7]))


def subject(number: int) -> Subject:
    return Subject(SubjectKind.EMPLOYEE, f"E{number:02}")


def rewarded(table: Sequence[Any], scores: Sequence[Decimal | None], readings: Sequence[Fraction | None] = (),
             facts: Sequence[Facts] = (), terms: Sequence[Terms] = ()) -> list[RewardLine]:
    cards = [Card(subject(number), Scored((), None if score is None else Fraction(score), score, None,
                                          None if score is None else score >= 60, "complete"))
             for number, score in enumerate(scores)]
    found = {}
    for number, card in enumerate(cards):
        value = readings[number] if readings else Fraction(1)
        reading = Reading("not_measured") if value is None else Reading("measured", value, sample=1)
        found[card.subject] = {("events", "own"): reading, ("other", "own"): reading,
                               ("events", "company"): Reading("measured", Fraction(7), sample=1)}
    return list(reward(RewardTable("t", T, "s", tuple(table), tuple(terms)), SCHEME, cards, found,
                       facts={subject(number): one for number, one in enumerate(facts)}))


@settings(max_examples=1000)
@given(MONEY, st.sampled_from(["equal", "by_score", "by_days", "by_pay"]),
       st.lists(st.tuples(st.none() | SCORES, st.integers(0, 31), st.none() | MONEY, st.booleans()), min_size=1,
                max_size=9))
def test_pools_sum_exactly_to_the_amount(amount: Decimal, by: str, people: list[Any]) -> None:
    """For every split, with people whom the terms refuse, and others who have nothing to share by."""
    facts = [Facts(days, 31, employment="regular" if regular else "probation", performance_pay=pay)
             for _, days, pay, regular in people]
    lines = rewarded((Pool("pool", T, EVENTS, amount, at_least=1, split=by),), [one[0] for one in people], (), facts,
                     (Terms(employment="regular"),))
    basis = {"equal": lambda one: 1, "by_score": lambda one: one[0], "by_days": lambda one: one[1],
             "by_pay": lambda one: one[2]}[by]
    sharing = [bool(basis(one)) and one[3] for one in people]
    assert sum(line.amount or 0 for line in lines) == (amount if any(sharing) else 0)
    for line, shares in zip(lines, sharing, strict=True):
        assert shares or not line.amount


@settings(max_examples=1000)
@given(st.integers(0, 10**8), st.lists(st.builds(Fraction, st.integers(0, 999), st.integers(1, 9)), min_size=1))
def test_no_part_is_a_cent_off(cents: int, weights: list[Fraction]) -> None:
    parts, extra = split(Decimal(cents).scaleb(-2), weights)
    whole = sum(weights)
    if whole:
        assert sum(parts) == Decimal(cents).scaleb(-2)
        exact = [cents * weight / whole for weight in weights]
        assert all(abs(Fraction(part) * 100 - one) < 1 for part, one in zip(parts, exact, strict=True))
        left = sorted((one - one.__floor__(), -at) for at, one in enumerate(exact))[::-1]
        assert extra == frozenset(-at for _, at in left[:len(extra)])
    else:
        assert not any(parts)


@settings(max_examples=1000)
@given(st.lists(SCORES, min_size=2, max_size=9, unique=True), st.data(), st.lists(MONEY, min_size=1, max_size=4),
       st.sampled_from(["mean_of_places", "better_place"]), st.booleans(), MONEY, MONEY)
def test_a_tie_changes_nobody_elses_pay(scores: list[Decimal], data: st.DataObject, amounts: list[Decimal], ties: str,
                                        tail: bool, step: Decimal, low: Decimal) -> None:
    """Those who stand one behind the other come to share the first one's score; everybody else is paid as before."""
    after: dict[str, Any] = {"tail_step": step, "tail_least": low} if tail else {"beyond": step}
    table = (ByRank("rank", T, tuple(amounts), ties=ties, low_score=50, low_amount=low, **after),
             Award("best", T, 5, When(rank_at_most=2)), Award("share", T, 6, When(best_percent=50)))
    order = sorted(range(len(scores)), key=lambda number: -scores[number])
    first = data.draw(st.integers(0, len(order) - 2))
    count = data.draw(st.integers(2, len(order) - first))
    tied = order[first:first + count]
    drawn = [scores[order[first]] if number in tied else score for number, score in enumerate(scores)]

    def pay(given_: list[Decimal]) -> dict[tuple[Subject, str], Decimal | None]:
        return {(line.subject, line.rule_key): line.amount for line in rewarded(table, given_)}

    before, now = pay(scores), pay(drawn)
    others = {subject(number) for number in range(len(scores)) if number not in tied}
    assert {key: amount for key, amount in before.items() if key[0] in others} == {
        key: amount for key, amount in now.items() if key[0] in others}
    shared = {now[subject(number), "rank"] for number in tied}
    assert len(shared) == 1, "they share one amount"
    if ties == "mean_of_places" and all(scores[number] >= 50 for number in tied):
        places = sum(before[subject(number), "rank"] or 0 for number in tied)
        assert abs(places - count * (shared.pop() or 0)) * 200 <= count, "what their places pay, but for the rounding"


@settings(max_examples=1000)
@given(MONEY, MONEY, st.none() | SCORES, COUNTS, st.booleans(), st.lists(
    st.tuples(st.sampled_from(["first", "second"]), st.sampled_from(["fine", "percent"]), st.integers(1, 10**6),
              st.integers(1, 100), st.none() | MONEY), max_size=6))
def test_no_money_is_ever_negative(first: Decimal, each: Decimal, score: Decimal | None, count: Fraction | None,
                                   refused: bool, takings: list[tuple[str, str, int, int, Decimal | None]]) -> None:
    table = [Fixed("first", T, first), PerReading("second", T, EVENTS, each)]
    for number, (pays, kind, cents, percent, cap) in enumerate(takings):
        table.append(Fine(f"off{number}", T, OTHER, Decimal(cents).scaleb(-2), pays, cap=cap) if kind == "fine" else
                     Reduction(f"off{number}", T, percent, When(score_at_least=0), reduces=pays))  # type: ignore[arg-type]
    terms = (Terms(rules=("first",), employment="regular"),) if refused else ()
    lines = rewarded(table, [score], [count], [Facts(employment="probation")], terms)
    money: dict[str, Decimal] = defaultdict(Decimal)
    for line, rule in zip(lines, table, strict=True):
        money[getattr(rule, "reduces", line.pays)] += line.amount or 0
        assert line.rule_key in ("first", "second") or line.amount is None or line.amount <= 0
    paid = {line.pays: line.amount or Decimal(0) for line in lines[:2]}
    assert all(left >= min(paid[name], Decimal(0)) for name, left in money.items()), "never below what was paid or 0"


@settings(max_examples=1000)
@given(st.lists(st.tuples(st.none() | SCORES, COUNTS), min_size=1, max_size=7), st.randoms(use_true_random=False))
def test_the_order_of_people_is_irrelevant(people: list[tuple[Decimal | None, Fraction | None]], chance: Any) -> None:
    table = RewardTable("t", T, "s", (
        ByRank("rank", T, (100, 50), beyond=3), Pool("pool", T, EVENTS, 100, at_least=1, split="by_score"),
        PerReading("each", T, EVENTS, "1.11"), Award("best", T, 5, When(best_percent=30))))
    cards = [Card(subject(number), Scored((), None, score, None, None, "complete"))
             for number, (score, _) in enumerate(people)]
    readings = {subject(number): {("events", read_from): Reading("not_measured") if count is None else Reading(
        "measured", count if read_from == "own" else Fraction(3)) for read_from in ("own", "company")}
        for number, (_, count) in enumerate(people)}
    wanted = reward(table, SCHEME, cards, readings)
    chance.shuffle(cards)
    assert reward(table, SCHEME, cards, dict(reversed(readings.items()))) == wanted
