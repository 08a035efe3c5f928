"""What the benchmarks say of their figures: a goal counts as reached in its own direction, and none is passed over."""

import sys
from datetime import date
from pathlib import Path

import pytest
from graphql import build_schema, parse, validate

ROOT = Path(__file__).parents[2]
sys.path.append(str(ROOT))  # the benchmarks are run from here, and are no distribution

from tests.bench.goals import GOALS, Reached  # noqa: E402
from tests.bench.report import Row, Section, page, summary  # noqa: E402
from tests.bench.rounds import Figures  # noqa: E402
from tests.bench.sizes import SIZES  # noqa: E402

BY_KEY = {each.key: each for each in GOALS}


@pytest.mark.parametrize(
    ("key", "figures", "reached"),
    [
        ("list", (2.4, 2.5, 9), Reached.GOAL),
        ("list", (1.5, 2.4, 2.6), Reached.FLOOR),
        ("list", (1.4, 1.4, 9), Reached.NO),
        ("run_state", (0.1, 0.35, 2), Reached.GOAL),
        ("run_state", (0.1, 0.8, 2), Reached.FLOOR),
        ("run_state", (0.1, 0.81, 2), Reached.NO),
    ],
)
def test_the_median_decides_in_the_direction_of_the_goal(key: str, figures: tuple[float, ...], reached: Reached):
    assert BY_KEY[key].reached(Figures(figures)) is reached


def test_every_goal_lies_beyond_its_floor_and_stands_in_the_table():
    assert all((each.goal > each.floor) is each.more for each in GOALS)
    assert [row[0] for row in summary([])] == [each.what for each in GOALS]
    assert {row[-1] for row in summary([])} == {str(Reached.UNKNOWN)}


def test_the_page_says_why_a_goal_was_missed_and_how_to_find_out():
    missed = Figures((1.0,))
    rows = (Row("peer", missed), Row("mine", missed, missed))
    section = Section("Reads", "per second", "What it is.", rows, (), {"list": missed, "card": missed},
                      {"list": "all of it in the serializer"})  # fmt: skip
    text = page([section], SIZES["small"], date(2026, 5, 1), "18")
    assert "all of it in the serializer" in text
    assert f"- **{BY_KEY['card'].what}**: not profiled" in text


def test_what_the_product_is_asked_stands_in_its_schema():
    schema = build_schema((ROOT / "schema.graphql").read_text("utf-8"))
    asked = [each for each in (ROOT / "tests/bench/reads/queries").glob("*.graphql") if ".peer" not in each.name]
    assert len(asked) == 4
    for each in asked:
        assert validate(schema, parse(each.read_text("utf-8"))) == [], each.name
