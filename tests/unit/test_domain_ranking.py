"""Ranking and digests: places by the printed score, and results that depend on nothing but numbers and keys."""

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from hashlib import sha256
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from meritline.domain.digest import PIECE, card_digest, combined, digest, hashed, reward_digest
from meritline.domain.ranking import Card, Place, rank
from meritline.domain.rewarding import reward
from meritline_sdk import ByRank, Item, Ranking, RatedIndicator, RewardTable, Scheme, Text, rules
from meritline_sdk.evaluate.readings import Reading
from meritline_sdk.evaluate.scoring import score
from meritline_sdk.evaluate.tallies import Subject
from meritline_sdk.model.schemes import SubjectKind

TITLE = Text("Title", "标题")
QUALITY = RatedIndicator("quality", TITLE)
SCHEME = Scheme("s", TITLE, (Item(QUALITY, 100, rules.AsPoints()),), ranking=Ranking(minimum_sample=3))
RANKS = RewardTable("ranks", TITLE, "s", (ByRank("rank_bonus", TITLE, (1000, 800, 600), beyond=0),))


def card(number: int, value: str | Fraction | None, sample: int = 5) -> Card:
    reading = Reading("not_measured") if value is None else Reading("measured", Fraction(value), sample=sample)
    return Card(Subject(SubjectKind.EMPLOYEE, f"E{number:03}"), score(SCHEME, {("quality", "own"): reading}, {}))


cards = st.lists(st.tuples(st.none() | st.integers(0, 12), st.integers(0, 6)), max_size=15).map(
    lambda found: [card(number, None if value is None else str(value), sample)
                   for number, (value, sample) in enumerate(found)])  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(cards, st.randoms())
def test_the_place_is_one_more_than_the_better_ones(people: list[Card], random: Any) -> None:
    places = rank(people, SCHEME.ranking)
    ranked = [one for one in people if places[one.subject].ranked]
    for one in people:
        place = places[one.subject]
        assert place.among == len(ranked)
        if place.rank is not None:
            scores = [other.scored.score for other in ranked]
            assert place.rank == 1 + sum(other > one.scored.score for other in scores)  # type: ignore[operator]
            assert place.shared == scores.count(one.scored.score)
        else:
            assert place.reason == ("no_score" if one.scored.score is None else "sample_too_small")
    shuffled = list(people)
    random.shuffle(shuffled)
    assert rank(shuffled, SCHEME.ranking) == places
    assert reward(RANKS, SCHEME, shuffled, {}) == reward(RANKS, SCHEME, people, {})


def test_equal_printed_scores_share_the_better_place() -> None:
    places = rank([card(1, "90.004"), card(2, "90"), card(3, "91"), card(4, "89.99"), card(5, "99", sample=2)],
                  SCHEME.ranking)
    assert [place.rank for place in places.values()] == [2, 2, 1, 4, None]
    assert list(places.values())[4] == Place(None, 4, 0, "sample_too_small", 2, 3)


def test_records_of_the_company_do_not_make_a_person_eligible() -> None:
    other = RatedIndicator("other", TITLE)
    scheme = replace(SCHEME, items=(Item(QUALITY, 50, rules.AsPoints()), Item(other, 50, rules.AsPoints(),
                                                                             read_from="company")))
    readings = {("quality", "own"): Reading("measured", Fraction(1), sample=2),
                ("other", "company"): Reading("measured", Fraction(1), sample=500)}
    one = Card(Subject(SubjectKind.EMPLOYEE, "E1"), score(scheme, readings, {}))
    assert rank([one], scheme.ranking)[one.subject].reason == "sample_too_small"


@settings(max_examples=60, deadline=None)
@given(cards, st.randoms())
def test_digests_name_the_result_and_nothing_else(people: list[Card], random: Any) -> None:
    places = rank(people, SCHEME.ranking)

    def whole(found: list[Card]) -> str:
        lines = reward(RANKS, SCHEME, found, {}, places)
        return combined([*(card_digest("2026-05", "s", "hash", one, places[one.subject]) for one in found),
                         *(reward_digest("2026-05", "s", line) for line in lines)])

    shuffled = list(people)
    random.shuffle(shuffled)
    assert whole(shuffled) == whole(people)


@given(st.text(), st.integers(0, 3_000), st.text())
def test_a_text_has_the_digest_of_its_bytes_however_long_it_is(first: str, count: int, last: str) -> None:
    told = first + "维x" * count + last
    assert hashed(told) == sha256(told.encode()).hexdigest()


@pytest.mark.parametrize("size", [0, *(pieces * PIECE + more for pieces in (1, 2) for more in (-1, 0, 1))])
def test_nothing_of_a_text_is_lost_between_its_pieces(size: int) -> None:
    assert hashed("x" * size) == sha256(b"x" * size).hexdigest()


def test_a_digest_sees_what_counts() -> None:
    one = card(1, Fraction(250, 3))
    place = rank([one])[one.subject]
    first = card_digest("2026-05", "s", "hash", one, place)
    titled = replace(one, scored=replace(one.scored, steps=(), lines=tuple(replace(line, title=Text("x", "x"), steps=())
                                                                          for line in one.scored.lines)))
    assert card_digest("2026-05", "s", "hash", titled, place) == first, "words are no part of a result"
    assert first == card_digest("2026-05", "s", "hash", card(1, Fraction(500, 6)), place)
    others = [card_digest("2026-06", "s", "hash", one, place), card_digest("2026-05", "s", "other", one, place),
              card_digest("2026-05", "s", "hash", card(1, "83.3333333333"), place),
              card_digest("2026-05", "s", "hash", one, None)]
    assert len({first, *others}) == 5


@pytest.mark.parametrize("value", [1.5, {"a": 0.1}, object(), [Decimal("NaN")], Decimal("Infinity")])
def test_what_is_not_exact_has_no_digest(value: object) -> None:
    with pytest.raises((TypeError, ValueError, OverflowError)):
        digest(value)
