"""Levels that a share reached: against counting, on random readings."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from meritline.appraisal.simulation.levels import Column, levels_of
from meritline_sdk.model.units import Direction


@given(st.lists(st.fractions(-5, 200, max_denominator=7), min_size=1, max_size=30),
       st.sampled_from([Direction.HIGHER, Direction.LOWER]))
def test_a_level_is_the_best_that_so_many_reached(values: list[Fraction], better: Direction) -> None:
    def met(level: Fraction) -> int:
        return sum(value >= level if better is Direction.HIGHER else value <= level for value in values)

    for level in levels_of(values, better):
        enough = [value for value in values if met(value) * 100 >= level.percent * len(values)]
        assert level.exact == (max(enough) if better is Direction.HIGHER else min(enough))
        assert met(Fraction(level.value)) >= met(level.exact), "cut to the side on which they still reach it"
        assert abs(Fraction(level.value) - level.exact) < Fraction(1, 100)


@pytest.mark.parametrize(("better", "written"), [(Direction.HIGHER, "66.66"), (Direction.LOWER, "66.67")])
def test_a_level_is_cut_so_that_those_who_reached_it_still_do(better: Direction, written: str) -> None:
    assert str(levels_of([Fraction(200, 3)], better)[0].value) == written


def test_fewer_than_four_people_give_no_level_however_many_months() -> None:
    column = Column("line", "set.key", "percent", Direction.HIGHER, None, own=True)
    for month in range(12):
        for code in ("A", "B", "C"):
            column.add(code, Fraction(month))
    assert (column.suggestion().reason, column.suggestion().levels, column.suggestion().readings) == ("too_few", (), 36)
    column.add("D", Fraction(1))
    assert column.suggestion().reason is None
