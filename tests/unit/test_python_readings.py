"""What a Python function is given, what passes the border, and how a reader is told of it."""

import importlib
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from meritline_sdk import (
    HIGHER,
    HOURS,
    MINUTES,
    PERCENT,
    SCORE_5,
    SCORE_100,
    TIMES_PER_WEEK,
    Answer,
    Attribution,
    Indicator,
    Instant,
    Item,
    Number,
    Period,
    Person,
    PythonMeasure,
    RecordType,
    Row,
    Scheme,
    SubjectKind,
    Text,
    Unit,
    rules,
)
from meritline_sdk.evaluate.answers import ANSWER_REASONS, AnswerError, asked_here, checked
from meritline_sdk.evaluate.readings import FAILED, Reading, read
from meritline_sdk.evaluate.scoring import score
from meritline_sdk.evaluate.tallies import Subject, row_name, tally_records
from meritline_sdk.evaluate.windows import window
from meritline_sdk.explain import line_text
from meritline_sdk.explain.structure import line_structure
from meritline_sdk.model.canonical import canonical, parse
from meritline_sdk.model.functions import digest_of

MAY = window("2026-05", "UTC")
MINE = Subject(SubjectKind.EMPLOYEE, "E1")


class Visit(RecordType, key="python_visit", title=Text("Visit", "上门")):
    who = Person()
    begun = Instant()
    done = Instant(optional=True)
    score = Number(places=2, optional=True)
    defaults = Attribution(credit=who, at=begun)


def share_of_good(rows: Sequence[Row], settings: Mapping[str, Any], period: Period) -> Answer:
    """Those with a score above one of those that have one."""
    known = [row for row in rows if row.score is not None]
    good = sum(row.score > 1 for row in known)
    return Answer(Fraction(100 * good, len(known)), PERCENT, good, len(known), used=tuple(row.id for row in known))


v = Visit
GOOD = Indicator("good", Text("Good visits", "好评率"), PythonMeasure(
    share_of_good, v, rows={"took": v.done - v.begun, "score": v.score, "late": v.done > v.begun},
    says=Text("Good ones of those judged.", "好评占已评。")), PERCENT, HIGHER)


def visit(name: str, score: str | None, minutes: int | None, source: str = "desk") -> dict[str, Any]:
    """A visit of E1."""
    begun = datetime(2026, 5, 3, 8, tzinfo=UTC)
    return {"source": source, "external_id": name, "who": "E1", "begun": begun,
            "done": None if minutes is None else begun + timedelta(minutes=minutes),
            "score": None if score is None else Decimal(score)}


def tallied(*visits: dict[str, Any]) -> Any:
    """What the measure's tally finds."""
    assert isinstance(GOOD.measure, PythonMeasure)
    return {GOOD.measure.tally: tally_records(GOOD.measure.tally, visits, MAY, {}, MINE)}


VISITS = (visit("b", "1.50", 30), visit("a", "1.00", None), visit("c", None, 5), visit("d", "1.5", 30))


def test_a_row_says_the_same_however_it_was_stored() -> None:
    (found,) = tallied(*VISITS).values()
    assert [name for name, _ in found.rows] == ["desk/a", "desk/b", "desk/c", "desk/d"]
    assert repr(found.rows[1][1]) == repr(found.rows[3][1]) == repr((timedelta(minutes=30), Decimal("1.5"), True))
    assert found.rows[0][1] == (None, Decimal(1), None)
    assert found == tallied(*VISITS[:2])[GOOD.measure.tally] + tallied(*VISITS[2:])[GOOD.measure.tally]  # type: ignore[union-attr]
    assert row_name("a/b", "c") != row_name("a", "b/c")


def test_it_reads_scores_and_says_what_it_rests_on() -> None:
    reading = read(GOOD, tallied(*VISITS), covered=lambda _: True, asked=asked_here(MAY))
    assert (reading.value, reading.numerator, reading.denominator, reading.sample) == (Fraction(200, 3), 2, 3, 3)
    scheme = Scheme("s", Text("S", "方案"), (Item(GOOD, weight=100, rule=rules.AsPoints()),), for_positions=("a",))
    (line,) = score(scheme, {("x.good", "own"): reading, ("good", "own"): reading}, {"good": GOOD}).lines
    english = line_text(line.steps, GOOD.title, "en")
    assert "2/3 = 66.6666…% (Good ones of those judged; computed by share_of_good of " in english
    assert "from 3 records)" in english
    assert "（好评占已评；由 " in line_text(line.steps, GOOD.title, "zh")
    told = line_structure(line.steps, "en").reading
    assert told is not None
    assert (told.says, told.numerator, told.denominator, told.sample_size) == (
        "Good ones of those judged.", "2", "3", 3)
    assert told.function == f"{__name__}:share_of_good"


def test_what_nobody_asked_failed_and_is_not_zero() -> None:
    assert read(GOOD, tallied(*VISITS), covered=lambda _: True) == Reading(FAILED, reason="not_asked")
    assert parse(canonical(GOOD)) == GOOD


def test_two_texts_that_do_not_do_the_same_have_two_digests(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Python ends no line at U+2028 or at a form feed, so what stands behind one in a comment is not done."""
    monkeypatch.syspath_prepend(str(tmp_path))
    digests = {}
    for number, end in enumerate(("\n", "\r\n", "\u2028", "\x0c")):
        text = f"def f():{end}    n = 1  # ours{end}    n = 2{end}    return n".replace(end, "\n", 1)
        (tmp_path / f"digested_{number}.py").write_bytes((text[::-1].replace(end[::-1], "\n", 1)[::-1]).encode())
        function = importlib.import_module(f"digested_{number}").f
        digests.setdefault(function(), set()).add(digest_of(function.__module__))
    assert {done: len(found) for done, found in digests.items()} == {2: 1, 1: 2}
    assert not digests[1] & digests[2]


@pytest.mark.parametrize(("answer", "reason"), [
    (Answer(50, PERCENT, 1, 2), None),
    (Answer(50, PERCENT, 1), "answer_quotient"),
    (Answer(50, PERCENT, None, 2), "answer_quotient"),
    (Answer(50, PERCENT, 1, 0), "answer_quotient"),
    (Answer(51, PERCENT, 1, 2), "answer_quotient"),
    (Answer(Fraction(1, 2), PERCENT, 1, 2), "answer_quotient"),
    (Answer(0, PERCENT, 0, 2), None),
    (Answer(50.0, PERCENT), "answer_float"),  # type: ignore[arg-type]
    (Answer(50, PERCENT, 1.0, 2), "answer_float"),  # type: ignore[arg-type]
    (Answer(True, PERCENT), "answer_type"),
    (Answer(Decimal("NaN"), PERCENT), "answer_not_finite"),
    (Answer(Decimal("1e70"), PERCENT), "answer_too_large"),
    (Answer(50, MINUTES), "answer_unit"),
    (Answer(50, PERCENT, sample=3), "answer_sample"),
    (Answer(50, PERCENT, sample=2, used=("desk/a", "desk/a")), "answer_sample"),
    (Answer(50, PERCENT, used=("desk/z",)), "answer_used"),
    ("50", "answer_type"),
])  # fmt: skip
def test_what_passes_the_border(answer: Any, reason: str | None) -> None:
    if reason is None:
        assert checked(answer, PERCENT, ["desk/a", "desk/b"]).value == answer.value
        return
    with pytest.raises(AnswerError) as refused:
        checked(answer, PERCENT, ["desk/a", "desk/b"])
    assert refused.value.reason == reason
    assert reason in ANSWER_REASONS


@pytest.mark.parametrize(("value", "unit"), [(Fraction(10001, 100), SCORE_100), (Decimal("-0.01"), SCORE_5),
                                             (-1, TIMES_PER_WEEK)])
def test_nothing_leaves_the_scale_of_its_unit(value: Any, unit: Unit) -> None:
    assert checked(Answer(unit.most or 700, unit), unit, ["a"]).value == (unit.most or 700)
    with pytest.raises(AnswerError) as refused:
        checked(Answer(value, unit), unit, ["a"])
    assert refused.value.reason == "answer_range"


def test_a_quotient_in_other_units_closes_too() -> None:
    assert checked(Answer(14, TIMES_PER_WEEK, 2, 1), TIMES_PER_WEEK, ["a"]).value == 14
    assert checked(Answer(Fraction(3, 2), HOURS, 3, 2), HOURS, ["a"]).value == Fraction(3, 2)
