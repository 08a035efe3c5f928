"""Schemes and reward tables as documents: any scheme comes back from its document as it was, with its blanks too."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from meritline.appraisal.documents import read_reward_table, read_scheme, reward_document, scheme_document
from meritline.documents import Document
from meritline.errors import Problem
from meritline_sdk import Scheme, Text
from meritline_sdk.model.bands import Grade, GradeBands
from meritline_sdk.model.blanks import Blank, filled, open_blanks
from meritline_sdk.model.canonical import content_hash
from meritline_sdk.model.consequences import ACTS, GAPS, Award, Coefficient, InARow, Proposal, Reduction, When
from meritline_sdk.model.items import Item
from meritline_sdk.model.rewards import (
    SPLITS,
    TIES,
    BasePay,
    ByGrade,
    ByRank,
    Fine,
    Fixed,
    PerReading,
    Pool,
    RewardTable,
    Terms,
    WhenMet,
)
from meritline_sdk.model.rules import AsPoints
from meritline_sdk.model.schemes import EMPLOYMENTS
from meritline_sdk.testing import strategies as made

DAY = date(2026, 5, 1)
MANY = settings(max_examples=120, deadline=None, suppress_health_check=list(HealthCheck))
# A made-up scheme may say what no company can mean; that is another test's matter.
CANNOT_BE_MEANT = {"E-RULE-UNIT", "E-RULE-SCALE", "E-RULE-DIRECTION", "E-TARGET-RANGE", "E-JUDGED-SUM", "E-DOC-ORDER"}


def codes(problems: list[Problem]) -> set[str]:
    return {one.code for one in problems if one.severity == "error"}


@st.composite
def situations(draw: Any) -> made.Situation:
    """A scheme whose lines have their keys, as those of every set and every document have."""
    found = draw(made.situations())
    events = tuple(replace(one, key=one.name()) for one in found.scheme.events)
    return replace(found, scheme=replace(found.scheme, events=events))


@MANY
@given(situations())
def test_any_scheme_comes_back_from_its_document(found: made.Situation) -> None:
    draft, problems = read_scheme(Document(scheme_document(found.scheme, DAY)), found.indicators)
    assert codes(problems) <= CANNOT_BE_MEANT, [one.text() for one in problems]
    if draft is not None:
        assert draft.scheme == found.scheme
        assert content_hash(draft.scheme) == content_hash(found.scheme)


NO_BLANKS = ("places", "minimum_sample", "score_of", "sign", "ranking")


def places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Where numbers stand that may be blanks."""
    if isinstance(value, dict):
        return [one for key, part in value.items() if key not in NO_BLANKS for one in places(part, (*path, key))]
    if isinstance(value, list):
        return [one for place, part in enumerate(value) for one in places(part, (*path, place))]
    return [path] if isinstance(value, int | Decimal) and not isinstance(value, bool) else []


def put(document: Any, path: tuple[Any, ...], value: Any) -> None:
    for step in path[:-1]:
        document = document[step]
    document[path[-1]] = value


def at(document: Any, path: tuple[Any, ...]) -> Any:
    for step in path:
        document = document[step]
    return document


@MANY
@given(situations(), st.data())
def test_a_blank_stands_anywhere_and_is_filled_in_the_unit_of_its_place(found: made.Situation, data: Any) -> None:
    document = scheme_document(found.scheme, DAY)
    if read_scheme(Document(document), found.indicators)[0] is None:
        return
    chosen = data.draw(st.lists(st.sampled_from(places(document)), min_size=1, max_size=4, unique=True))
    numbers = {f"b{place}": at(document, path) for place, path in enumerate(chosen)}
    for place, path in enumerate(chosen):
        put(document, path, {"blank": f"b{place}", "title": "Number", "title_zh": "数"})

    whole, problems = read_scheme(Document({**document, "blanks": numbers}), found.indicators)
    assert whole is not None, [one.text() for one in problems]
    assert whole.scheme == found.scheme

    draft, problems = read_scheme(Document(document), found.indicators)
    assert draft is None
    told = [one for one in problems if one.code == "E-SCHEME-BLANK"]
    assert {one.params["blank"] for one in told} == set(numbers), "all at once"
    assert all("数" in one.text("zh") and one.params["item"] for one in told)

    kept, problems = read_scheme(Document(document), found.indicators, blanks_stay=True)
    if kept is None:  # a blank where ranges must be known to be checked
        return
    assert {one.key for one in open_blanks(kept.scheme)} == set(numbers)
    assert filled(kept.scheme, numbers) == found.scheme
    again, _ = read_scheme(Document(scheme_document(kept.scheme, DAY)), found.indicators, blanks_stay=True)
    assert again is not None
    assert again.scheme == kept.scheme


GRADES = GradeBands((Grade("low", Text("Low", "低")), Grade("high", Text("High", "高"), 60)))
PAID = Scheme("paid", Text("Paid", "计酬"), (Item("made.up", 100, AsPoints()),), grades=GRADES, pass_score=60)
amounts, percents = made.decimals(1, 900), made.decimals(1, 100)
whens = st.builds(When, st.sampled_from([(), ("low",), ("high", "low")]), st.none() | st.booleans(),
                  st.just(90), st.none() | st.just(10), st.none() | st.integers(1, 9), st.none() | st.just(25))
runs = st.none() | st.builds(InARow, st.integers(1, 12), st.sampled_from(GAPS), st.booleans())
title = st.sampled_from([Text("Money", "钱"), Text("Same", "Same")])


@st.composite
def tables(draw: Any) -> RewardTable:
    """Any reward table: one rule that pays the bonus, and some of every other kind."""
    graded = {"low": draw(amounts), "high": draw(amounts)}
    first = draw(st.sampled_from([
        ByGrade("bonus", draw(title), graded),
        ByRank("bonus", draw(title), (5, draw(amounts)), beyond=draw(amounts), ties=draw(st.sampled_from(TIES))),
        ByRank("bonus", draw(title), (draw(amounts),), 1, draw(amounts), low_score=50, low_amount=draw(amounts)),
        Coefficient("bonus", draw(title), graded),
        Coefficient("bonus", draw(title), per=100, least="0.5", most=draw(st.none() | st.just(2))),
    ]))  # fmt: skip
    caps, some = st.none() | amounts, st.integers(0, 2)
    others: list[Any] = [
        *(Fine(f"f{n}", draw(title), "made.up", draw(amounts), cap=draw(caps)) for n in range(draw(some))),
        *(PerReading(f"r{n}", draw(title), "made.up", draw(amounts), draw(caps), above=n) for n in range(draw(some))),
        *(WhenMet(f"m{n}", draw(title), "made.up", draw(amounts), at_least=n) for n in range(draw(some))),
        *(Pool(f"p{n}", draw(title), "made.up", draw(amounts), 5, split=draw(st.sampled_from(SPLITS)), cap=draw(caps),
               per_step=draw(st.none() | st.just(2))) for n in range(draw(some))),
        *(Fixed(f"x{n}", draw(title), draw(amounts)) for n in range(draw(some))),
        *(BasePay(f"y{n}", draw(title), 22, 13) for n in range(draw(some))),
        *(Award(f"a{n}", draw(title), draw(amounts), draw(whens), draw(runs)) for n in range(draw(some))),
        *(Reduction(f"d{n}", draw(title), draw(percents), draw(whens), draw(runs)) for n in range(draw(some))),
        *(Proposal(f"s{n}", draw(title), draw(st.sampled_from(ACTS)), draw(whens), draw(runs),
                   draw(st.none() | title)) for n in range(draw(some))),
    ]  # fmt: skip
    rules = (first, *draw(st.permutations(others)))
    names = st.lists(st.sampled_from([one.key for one in rules if not isinstance(one, Pool)]), max_size=2, unique=True)
    terms = draw(st.lists(st.builds(
        Terms, names.map(tuple), st.none() | made.decimals(0, 100), st.booleans(), st.booleans(),
        st.sampled_from(EMPLOYMENTS), st.integers(0, 20), st.booleans(), st.booleans()), max_size=2))
    return RewardTable("pay", Text("Pay", "奖金"), "paid", rules, tuple(terms), fines_confirmed=True)



@MANY
@given(tables(), made.indicators("up"), st.data())
def test_any_reward_table_comes_back_from_its_document(table: RewardTable, indicator: Any, data: Any) -> None:
    document, known = reward_document(table, DAY), {"made.up": indicator}
    draft, problems = read_reward_table(Document(document), known, {"paid": PAID})
    assert not problems, [one.text() for one in problems]
    assert draft is not None
    assert draft.table == table
    open_places = [path for path in places(document) if path[-1] not in ("periods", "rank_at_most", "least_days")]
    path = data.draw(st.sampled_from(open_places))
    number = at(document, path)
    put(document, path, {"blank": "here", "printed": "( )"})
    assert codes(read_reward_table(Document(document), known, {"paid": PAID})[1]) == {"E-SCHEME-BLANK"}
    whole, _ = read_reward_table(Document({**document, "blanks": {"here": number}}), known, {"paid": PAID})
    assert whole is not None
    assert whole.table == table
    kept, _ = read_reward_table(Document(document), known, {"paid": PAID}, blanks_stay=True)
    assert kept is not None
    assert open_blanks(kept.table) == (Blank("here", Text("here", "here")),)
    again, _ = read_reward_table(Document(reward_document(kept.table, DAY)), known, {"paid": PAID}, blanks_stay=True)
    assert again is not None
    assert again.table == kept.table
