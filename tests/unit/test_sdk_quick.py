"""The quick way to a score and the explained way are one meaning: compared on random schemes with random readings."""

from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st

from meritline_sdk.evaluate.drafts import Carried
from meritline_sdk.evaluate.quick import UNSEEN, Quick, seen
from meritline_sdk.evaluate.readings import MEASURED
from meritline_sdk.evaluate.scoring import score
from meritline_sdk.testing.strategies import Situation, situations


@settings(max_examples=1000)
@given(situations(), st.dictionaries(st.integers(0, 4), st.fractions(0, 2, max_denominator=9), max_size=3))
def test_quick_is_score(situation: Situation, shares: dict[int, Fraction]) -> None:
    scheme, known = situation.scheme, situation.readings
    carried = {scheme.items[place].name(): Carried(share, "2026-04") for place, share in shares.items()
               if place < len(scheme.items)}
    told = score(scheme, known, situation.indicators, carried)
    quick = Quick(scheme, situation.indicators)
    row = [seen(known[need]) if need in known else UNSEEN for need in quick.needs]
    sample = max((line.reading.sample for line in told.lines
                  if line.read_from == "own" and line.reading.state == MEASURED), default=0)
    for _ in range(2):  # the second time from what is remembered
        found = quick.score(row, carried)
        assert (found.exact, found.score, found.grade, found.passed, found.state, found.measured, found.sample) == (
            told.exact, told.score, told.grade, told.passed, told.state, told.measured, sample)  # fmt: skip
    assert dict(quick.shares(row)) == {
        line.key: line.raw_points / line.full for line in told.lines
        if line.kind == "item" and line.policy is None and line.raw_points is not None and line.full}
