"""How ratings become one number: groups, weights, least numbers, scales; and that the explanation closes."""

import re
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given as drawn
from hypothesis import strategies as st

from meritline_sdk import POINTS, DeclarationError, RatedIndicator, Raters, Text, canonical, content_hash
from meritline_sdk.evaluate.ratings import Rating
from meritline_sdk.evaluate.readings import Reading, rated
from meritline_sdk.evaluate.shown import reading_step
from meritline_sdk.explain import sentence
from meritline_sdk.explain.readings import reading_text
from meritline_sdk.model.canonical import parse

TITLE = Text("Teamwork", "团队合作")
TEAM = RatedIndicator("team", TITLE, raters=(Raters("superior", 50), Raters("peer", 50), "self"))


def voices(*given: tuple[str, str | int] | tuple[str, str | int, str]) -> list[Rating]:
    return [Rating(one[0], Decimal(one[1]), one[2] if len(one) > 2 else None) for one in given]


def told(reading: Reading, indicator: RatedIndicator, language: str = "en") -> str:
    """The explanation; every formula in it closes, with what a calculator makes of it."""
    text = reading_text(reading_step(reading, indicator), language)
    for formula, result in re.findall(r"([\d(][\d./()×−+ ]*) = ([\d.…]+)", text):
        whole = re.sub(r"(\d+(?:\.\d+)?)", r"Fraction('\1')", formula.replace("×", "*").replace("−", "-"))
        found = eval(whole, {"Fraction": Fraction})
        shown = Fraction(result.rstrip("…"))
        assert found == shown if not result.endswith("…") else 0 <= found - shown < Fraction(1, 1000), text
    return text


def test_groups_are_weighted_and_what_is_too_small_or_only_shown_is_left_out() -> None:
    given = voices(("manager", 80), ("peer", 90), ("peer", 85), ("peer", 80), ("self", 100))
    reading = rated(TEAM, given)
    assert (reading.state, reading.value, reading.numerator, reading.denominator, reading.sample) == (
        "measured", Fraction(165, 2), 8250, 100, 4)
    assert told(reading, TEAM) == ("superiors 80 (1 rating), peers 255/3 = 85 (3 ratings); "
                                   "(50 × 80 + 50 × 85)/100 = 82.5 (of 100); oneself 100 (1 rating), shown only")
    few = rated(TEAM, voices(("manager", 80), ("peer", 90), ("peer", 85), ("self", 100)))
    assert (few.state, few.value, few.sample) == ("measured", 80, 1)
    assert told(few, TEAM, "zh") == ("上级 80（百分制）（1 份评价）；同事仅 2 份评价，不足 3 份，不计入；"
                                     "本人 100（1 份评价），仅供参考")
    silent = rated(TEAM, voices(("manager", 80)))
    assert "peers: no ratings, their weight 50 is left out" in told(silent, TEAM)


def test_too_few_of_every_group_is_a_small_sample_and_tells_no_mean() -> None:
    reading = rated(TEAM, voices(("peer", 90), ("peer", 30), ("self", 70)))
    assert (reading.state, reading.value, reading.sample, reading.needed) == ("sample_too_small", None, 2, 3)
    assert reading.needing(1) == reading
    text = told(reading, TEAM)
    assert text == ("too few ratings: superiors: no ratings, their weight 50 is left out; peers: 2 of at least 3 "
                    "ratings, not counted; oneself 70 (1 rating), shown only")
    alone = rated(TEAM, voices(("self", 70)))
    assert (alone.state, alone.value) == ("not_measured", None)
    assert told(alone, TEAM).startswith("not measured: nobody who counts has given a rating")
    assert rated(TEAM, []).state == "not_measured"


def test_one_voice_per_rater_is_the_last_one() -> None:
    given = voices(("peer", 10, "E1"), ("peer", 60, "E2"), ("peer", 90, "E1"), ("peer", 90, "E3"))
    assert rated(TEAM, given).value == 80
    assert rated(TEAM, given[1:]).value == 80
    assert rated(TEAM, given[:3]).state == "sample_too_small"  # two people, however often they speak


def test_the_least_number_of_all_ratings_keeps_the_value() -> None:
    least = RatedIndicator("x", TITLE, minimum_raters=2)
    reading = rated(least, [Decimal(90)])
    assert (reading.state, reading.value) == ("sample_too_small", 90)
    assert told(reading, least).endswith("but of the 2 ratings that are needed there are 1")
    assert rated(least, [Decimal(90), Decimal("80.5"), Decimal(85)]).value == Fraction(511, 6)


@pytest.mark.parametrize(("indicator", "value"), [
    (RatedIndicator("x", TITLE, scale_min=1, scale_max=5), 90),
    (RatedIndicator("x", TITLE, scale_min=1, scale_max=5, normalising="min_max"), Fraction("87.5")),
    (RatedIndicator("x", TITLE, scale_max=5, unit=POINTS), Fraction("4.5")),
])  # fmt: skip
def test_four_and_a_half_of_five(indicator: RatedIndicator, value: Fraction) -> None:
    reading = rated(indicator, [Decimal(5), Decimal(4)])
    assert reading.value == value  # C11: 90 by the maximum, 87.5 by the range; a native scale stays
    told(reading, indicator)


def test_a_rating_keeps_the_scale_it_was_given_on() -> None:
    now = RatedIndicator("x", TITLE, scale_min=0, scale_max=20, unit=POINTS)
    before = Rating("manager", Decimal(4), "A", 0, 5)
    assert rated(now, [before]).value == 16
    hundred = RatedIndicator("x", TITLE, scale_min=0, scale_max=10)
    reading = rated(hundred, [before, Rating("manager", Decimal(9), "B", 0, 10)])
    assert reading.value == 85
    told(reading, hundred)


def test_what_a_company_sets() -> None:
    names = {one.name: one.default for one in TEAM.parameters()}
    assert (names["weight_manager"], names["minimum_peer"], names["weight_self"], names["weight_customer"]) == (
        50, 3, 0, None)
    mine = TEAM.settled({**names, "weight_customer": Decimal(25), "minimum_peer": 4, "scale_max": 5, "name": "We"}, 2)
    assert [(one.role, one.weight, one.minimum) for one in mine.groups] == [
        ("manager", 50, 1), ("peer", 50, 4), ("self", 0, 1), ("customer", 25, 1)]
    assert (mine.title, mine.scale_max, mine.minimum_raters) == (Text("We", "We"), 5, 2)
    unnamed = RatedIndicator("x", TITLE, needs_name=True)
    assert unnamed.settled({}).needs_name
    assert not unnamed.settled({"name_zh": "学习能力"}).needs_name
    assert TEAM.settled(names) == TEAM


@pytest.mark.parametrize("given", [
    {"weight_manager": Decimal(0), "weight_peer": Decimal(0)}, {"weight_peer": Decimal(-1)}, {"minimum_peer": 0},
    {"scale_max": 0}, {"scale_min": 100}, {"normalising": "by_feeling"}, {"scale_max": 10**30},
])  # fmt: skip
def test_what_a_company_cannot_set(given: dict[str, Any]) -> None:
    with pytest.raises(DeclarationError):
        TEAM.settled(given)


def test_it_is_written_down_and_read_again_also_from_before_there_were_groups() -> None:
    assert parse(canonical(TEAM)) == TEAM
    assert content_hash(parse(canonical(TEAM))) == content_hash(TEAM)
    old = parse('{"is":"RatedIndicator","key":"x","title":{"is":"Text","en":"X","zh":"X"},"raters":["manager","self"]}')
    assert [(one.role, one.weight) for one in old.groups] == [("manager", 1), ("self", 0)]
    assert rated(old, voices(("manager", 80), ("self", 91))).value == 80


def test_the_sentence_says_who_rates_and_how() -> None:
    assert sentence(TEAM, "en") == (
        "Rated from 0 to 100 by superiors (weight 50), peers (weight 50). The mean within each group, then the groups "
        "by their weights; a group without enough ratings is left out. Shown, not counted: oneself. At least 3 ratings "
        "by peers. The lowest and the highest value need a comment. Higher is better.")
    assert sentence(TEAM, "zh").startswith("由上级（权重 50）、同事（权重 50）评分（0 至 100）。")


VOICES = st.lists(st.builds(
    Rating, st.sampled_from(["manager", "peer", "self", "customer"]),
    st.decimals(0, 5, places=4, allow_nan=False, allow_infinity=False),
    st.none() | st.sampled_from("ABCDE"), st.just(0), st.sampled_from([5, 10])), max_size=12)  # fmt: skip


@drawn(VOICES, st.randoms(use_true_random=False))
def test_whatever_people_give_the_reading_is_within_the_scale_and_knows_no_order(
        given: list[Rating], chance: Any) -> None:
    once = list({(one.role, one.rater or place): one for place, one in enumerate(given)}.values())
    shuffled = once[:]
    chance.shuffle(shuffled)
    reading = rated(TEAM, once)
    assert rated(TEAM, shuffled) == reading
    assert (reading.value is None) == (reading.state != "measured")
    if reading.value is not None:
        assert 0 <= reading.value <= 100
        assert reading.value == Fraction(reading.numerator or 0) / (reading.denominator or 1)
    told(reading, TEAM)
    assert told(reading, TEAM, "zh")
