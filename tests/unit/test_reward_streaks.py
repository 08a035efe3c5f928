"""Runs of periods: two months below standard are a warning, three a change of position (R24, R25, R26)."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from meritline.domain.facts import Facts, Outcome
from meritline.domain.periods import previous
from meritline.domain.ranking import Card
from meritline.domain.rewarding import RewardLine, reward
from meritline_sdk import Award, Fixed, InARow, Item, Proposal, RatedIndicator, Reduction, RewardTable, Scheme, Text
from meritline_sdk.evaluate.readings import Reading
from meritline_sdk.evaluate.scoring import score
from meritline_sdk.evaluate.tallies import Subject
from meritline_sdk.explain import reward_text
from meritline_sdk.model import rules
from meritline_sdk.model.consequences import When
from meritline_sdk.model.schemes import SubjectKind

T = Text("Act", "措施")
E1 = Subject(SubjectKind.EMPLOYEE, "E1")
QUALITY = RatedIndicator("quality", T)
SCHEME = Scheme("engineers", T, (Item(QUALITY, 100, rules.AsPoints()),), pass_score=60)
FAILED = When(passed=False)
TABLE = (
    Proposal("warning", Text("Warning", "绩效警告"), "warning", FAILED, InARow(2)),
    Proposal("training", Text("Training", "培训改进"), "training", FAILED),
    Proposal("position", Text("Change of position", "岗位调整"), "change_of_position", FAILED, InARow(3)),
)
ACTS = {"W": "warning", "T": "training", "P": "position"}


def month(number: int) -> str:
    """The months from November 2025 on: every table of more than two crosses the turn of the year."""
    return previous("2025-11", -number)


def outcome(period: str, value: int | None) -> Outcome:
    return Outcome(period, None if value is None else Decimal(value), None, None if value is None else value >= 60)


def lines(table: Sequence[object], now: int | None, history: Sequence[Outcome],
          period: str) -> Mapping[str, RewardLine]:
    reading = Reading("not_measured") if now is None else Reading("measured", Fraction(now), sample=1)
    readings = {("quality", "own"): reading}
    card = Card(E1, score(SCHEME, readings, {}))
    found = reward(RewardTable("t", T, "engineers", tuple(table)), SCHEME, [card], {E1: readings},  # type: ignore[arg-type]
                   facts={E1: Facts(history=tuple(history))}, period=period)
    return {line.rule_key: line for line in found}


def played(table: Sequence[object], months: Sequence[int | str | None]) -> list[set[str]]:
    """What acts in each month when the months are appraised one after the other; "-" is one that never was."""
    history: list[Outcome] = []
    acted: list[set[str]] = []
    for number, value in enumerate(months):
        if isinstance(value, str):
            acted.append(set())
            continue
        found = lines(table, value, history, month(number))
        acted.append({key for key, line in found.items() if line.act is not None})
        history.append(outcome(month(number), value))
    return acted


@pytest.mark.parametrize(("months", "wanted"), [
    ([50, 50, 50, 50, 50], ["T", "WT", "TP", "T", "T"]),  # each once in a run, training in every month
    ([50, 80, 50, 50, 80, 50], ["T", "", "T", "WT", "", "T"]),  # a month that is passed ends the run
    ([50, 50, 80, 50, 50, 50], ["T", "WT", "", "T", "WT", "TP"]),  # and a new run acts anew
    ([50, None, 50, None, 50, 50], ["T", "", "WT", "", "TP", "T"]),  # not measured: neither counts nor breaks
    ([50, "-", 50, "-", "-", 50], ["T", "", "WT", "", "", "TP"]),  # on leave, no cycle at all: the same
    ([None, 50, 50], ["", "T", "WT"]),
    ([60, 59, 60], ["", "T", ""]),  # the pass score itself is passed
])
def test_months_below_standard(months: list[int | str | None], wanted: list[str]) -> None:
    assert played(TABLE, months) == [{ACTS[letter] for letter in letters} for letters in wanted]


@pytest.mark.parametrize("missing", [None, "-"])
@pytest.mark.parametrize(("gaps", "every", "wanted"), [
    ("skip", False, [0, 0, 0, 1, 0, 0]), ("skip", True, [0, 0, 0, 1, 1, 1]), ("break", False, [0, 0, 0, 0, 1, 0])])
def test_gaps_break_where_the_table_says_so_whether_the_month_has_a_cycle_or_not(
        gaps: str, every: bool, wanted: list[int], missing: str | None) -> None:
    rule = (Proposal("warning", T, "warning", FAILED, InARow(2, gaps, every)),)
    assert [len(one) for one in played(rule, [80, 50, missing, 50, 50, 50])] == wanted


def test_a_gap_just_before_this_month_is_seen_though_the_history_ends_before_it() -> None:
    rule = (Proposal("warning", T, "warning", FAILED, InARow(2, "break")),)
    history = [outcome("2025-11", 50)]
    assert set(lines(rule, 50, history, "2025-12")) == {"warning"}
    assert lines(rule, 50, history, "2026-01") == {}
    assert set(lines((replace(rule[0], in_a_row=InARow(2)),), 50, history, "2026-01")) == {"warning"}


def test_an_older_cycle_that_is_run_again_does_not_look_ahead() -> None:
    history = [outcome("2025-11", 50), outcome("2026-01", 50), outcome("2026-02", 50)]
    assert set(lines(TABLE, 50, history, "2025-12")) == {"warning", "training"}


def test_quarters_and_years_have_runs_of_their_own() -> None:
    rule = (Proposal("warning", T, "warning", FAILED, InARow(2, "break")),)
    assert set(lines(rule, 50, [outcome("2025-Q4", 50)], "2026-Q1")) == {"warning"}
    assert lines(rule, 50, [outcome("2025-Q3", 50)], "2026-Q1") == {}
    assert lines(rule, 50, [outcome("2025-12", 50)], "2026-Q1") == {}, "months are no quarters"
    assert set(lines(rule, 50, [outcome("2025", 50)], "2026")) == {"warning"}


def test_a_proposal_says_what_when_and_over_which_periods() -> None:
    course = Proposal("position", Text("Change of position", "岗位调整"), "change_of_position", FAILED, InARow(3),
                      Text("to the parts store", "调往配件库"))
    history = [outcome("2025-11", 55), outcome("2025-12", None), outcome("2026-01", 50)]
    line = lines((course,), 59, history, "2026-02")["position"]
    assert (line.amount, line.act, line.detail) == (None, "change_of_position", course.detail)
    assert reward_text(line.steps, line.title, "en") == (
        "Change of position: the condition holds: the score of 59.00 is below the pass score of 60. 3 in a row, 3 "
        "needed: 2025-11 (55), 2026-01 (50), 2026-02 (59); without a score and skipped: 2025-12; proposed: a change "
        "of position, to the parts store.")
    assert reward_text(line.steps, line.title, "zh") == (
        "岗位调整 满足条件：总分 59.00 低于及格线 60。连续 3 期，要求连续 3 期：2025-11（55）、2026-01（50）、"
        "2026-02（59）；无总分、跳过：2025-12；提议：调岗，调往配件库。")


def test_money_may_hang_on_a_run_too() -> None:
    table = (Fixed("bonus", Text("Bonus", "奖金"), 1000, pays="performance_bonus"),
             Award("steady", T, 200, When(score_at_least=90), InARow(3, every=True)),
             Reduction("cut", T, 25, FAILED, InARow(2)))
    good = [outcome("2025-11", 95), outcome("2025-12", 90)]
    found = lines(table, 90, good, "2026-01")
    assert [found[key].amount for key in ("bonus", "steady", "cut")] == [Decimal("1000.00"), Decimal("200.00"), 0]
    found = lines(table, 90, good[:1], "2026-01")
    assert found["steady"].amount == 0
    assert "2 in a row, 3 needed" in reward_text(found["steady"].steps, T, "en")
    bad = [outcome("2025-12", 40)]
    assert lines(table, 10, bad, "2026-01")["cut"].amount == Decimal("-250.00")
    late = lines(table, 10, [outcome("2025-11", 40), *bad], "2026-01")["cut"]
    assert late.amount == 0
    assert "acts once in a run, when it reaches 2" in reward_text(late.steps, T, "en")


@settings(max_examples=1000)
@given(st.lists(st.sampled_from([50, 80, None, "-"]), min_size=1, max_size=14), st.integers(1, 4),
       st.sampled_from(["skip", "break"]), st.booleans())
def test_a_run_acts_as_counting_forwards_says(months: list[int | str | None], needed: int, gaps: str,
                                             every: bool) -> None:
    """The rule looks back from each month; somebody who counts along from the first comes to the same."""
    rule = (Proposal("warning", T, "warning", FAILED, InARow(needed, gaps, every)),)
    length, wanted = 0, []
    for value in months:
        if value == 50:
            length += 1
        elif value == 80 or gaps == "break":
            length = 0
        wanted.append(value == 50 and (length >= needed if every else length == needed))
    assert [bool(one) for one in played(rule, months)] == wanted
