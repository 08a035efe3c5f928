"""Explanations: every formula that is printed closes on a pocket calculator, in any language, for any line."""

import re
from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction
from string import Formatter

import pytest
from hypothesis import given, settings

from meritline_sdk import (
    COUNT,
    HIGHER,
    LOWER,
    PERCENT,
    Attribution,
    Count,
    Flag,
    Indicator,
    Instant,
    Int,
    Item,
    Person,
    Ratio,
    RecordType,
    Scheme,
    Text,
    exists,
    rules,
)
from meritline_sdk.evaluate.numbers import cut, rounded
from meritline_sdk.evaluate.readings import Reading
from meritline_sdk.evaluate.scoring import score
from meritline_sdk.explain import line_text, score_text, sentence
from meritline_sdk.explain.phrases import PHRASES
from meritline_sdk.explain.vocabulary import SENTENCES
from meritline_sdk.explain.words import WORDS
from meritline_sdk.testing.strategies import Situation, situations

NUMBER = r"−?\d+(?:\.\d+)?…?%?"
OPERAND = rf"\(*{NUMBER}(?:/\d+)?\)*"
FORMULA = re.compile(
    rf"(?P<left>{OPERAND}(?: ?[+−×/] ?{OPERAND})*) = (?P<right>{NUMBER})"
    r"(?P<rounded> \(rounded to (?P<to>[\d.]+)\)|（四舍五入到 (?P<zu>[\d.]+)）)?")  # fmt: skip


def calculated(text: str) -> Fraction:
    """What a calculator gives for the keys as printed."""
    keys = text.replace("…", "").replace("×", "*").replace("−", "-").replace("%", "/100")
    while keys.count("(") > keys.count(")"):
        keys = keys.replace("(", "", 1)
    code = re.sub(r"\d+(?:\.\d+)?", lambda found: f"Fraction('{found[0]}')", keys)
    return eval(code, {"Fraction": Fraction})


def formulas(text: str) -> Iterator[re.Match[str]]:
    return FORMULA.finditer(text)


def assert_closes(text: str) -> int:
    """Every formula's right side is what its left side gives; the number of formulas."""
    every = list(formulas(text))
    for found in every:
        left, right = calculated(found["left"]), calculated(found["right"])
        scale = 100 if "%" in found["right"] else 1
        places = len(found["right"].strip("%…").partition(".")[2])
        if found["rounded"]:
            assert Decimal(found["to"] or found["zu"]) == Decimal(1).scaleb(-places), text
            assert Fraction(rounded(left, places)) == right, f"{found[0]} in {text}"
        elif "…" in found["right"]:
            assert "…" not in found["left"], f"{found[0]} in {text}"
            assert Fraction(cut(left * scale, places)) == right * scale, f"{found[0]} in {text}"
        else:
            assert left == right, f"{found[0]} in {text}"
    assert text.count(" = ") == len(every), f"a formula of {text!r} was not understood"
    return len(every)


@settings(max_examples=400, deadline=None)
@given(situations())
def test_the_arithmetic_of_any_line_closes(situation: Situation) -> None:
    found = score(situation.scheme, situation.readings, situation.indicators, situation.carried)
    for language in ("en", "zh"):
        for line in found.lines:
            title = line.title or Text(line.key, line.key)
            text = line_text(line.steps, title, language)
            count = assert_closes(text)
            if line.kind == "item" and line.weighted_points is not None:
                assert count, text
                *_, last = formulas(text)
                assert Fraction(calculated(last["right"])) == Fraction(
                    rounded(line.weighted_points, situation.scheme.places)), text
        told = score_text(found.steps, language)
        assert_closes(told)
        if found.score is not None:
            assert str(found.score).replace("-", "−") in told


class Callout(RecordType, key="explained_callout", title=Text("Call-out", "急修单")):
    mechanic = Person(title=Text("Mechanic", "维保工"))
    closed_at = Instant(title=Text("Closed at", "完成时间"))
    visits = Int(title=Text("Visits", "上门次数"))
    trapped = Flag(title=Text("Person trapped", "困人"))
    defaults = Attribution(credit=mechanic, at=closed_at)


FIRST_VISIT = Indicator(
    "first_visit_rate", Text("Fixed at the first visit", "一次修复率"),
    Ratio(Count(Callout, where=Callout.visits == 1), Count(Callout, where=Callout.visits >= 1)), PERCENT, HIGHER,
    minimum_sample=10)  # fmt: skip
SCHEME = Scheme("mechanics", Text("Mechanics", "维保工"), (
    Item(FIRST_VISIT, 30, rules.Deduct(2), target=85), Item("other", 70, rules.AsPoints()),
))  # fmt: skip
OTHER = {"other": FIRST_VISIT}


def test_the_question_every_employee_asks() -> None:
    readings = {("first_visit_rate", "own"): Reading("measured", Fraction(2800, 34), Fraction(28), Fraction(34), 34),
                ("other", "own"): Reading("measured", Fraction(90), sample=34)}
    line = score(SCHEME, readings, OTHER).lines[0]
    assert line_text(line.steps, FIRST_VISIT.title, "zh") == (
        "一次修复率 28/34 = 82.3529…%，目标 85%。每低 1 个百分点，扣 2 分：100 − 2 × (85 − 2800/34) = 94.7058… 分；"
        "94.7058… × 30% = 28.41（四舍五入到 0.01）。")
    assert line_text(line.steps, FIRST_VISIT.title, "en") == (
        "Fixed at the first visit: 28/34 = 82.3529…%, target 85%. 2 points off for each percentage point below target: "
        "100 − 2 × (85 − 2800/34) = 94.7058… points; 94.7058… × 30% = 28.41 (rounded to 0.01).")


def test_on_the_edge_of_rounding_a_fraction_is_printed() -> None:
    readings = {("first_visit_rate", "own"): Reading("measured", Fraction(85)),
                ("other", "own"): Reading("measured", Fraction(5683, 60))}
    scheme = Scheme("edge", Text("Edge", "边"), (Item("other", 30, rules.AsPoints()), Item("first_visit_rate", 70,
                                                                                         rules.AsPoints())))
    text = line_text(score(scheme, readings, OTHER | {"first_visit_rate": FIRST_VISIT}).lines[0].steps,
                     Text("Other", "其他"), "en")
    assert "(5683/60) × 30% = 28.42 (rounded to 0.01)" in text
    assert assert_closes(text)


@pytest.mark.parametrize(("state", "words"), [
    ("not_measured", "not measured"), ("sample_too_small", "rests on 4 records, fewer than the 10 that are needed"),
    ("failed", "could not be computed"), ("waived", "waived")])
def test_a_line_without_a_reading_says_why_and_what_was_done(state: str, words: str) -> None:
    value = Fraction(75) if state == "sample_too_small" else None
    readings = {("first_visit_rate", "own"): Reading(state, value, sample=4, needed=10),
                ("other", "own"): Reading("measured", Fraction(90), sample=34)}
    first, other = score(SCHEME, readings, OTHER).lines
    text = line_text(first.steps, FIRST_VISIT.title, "en")
    assert words in text
    assert "its weight of 30 goes to the other lines" in text
    assert "the weight 70 counts as 70 × 100 / 70 = 100" in line_text(other.steps, Text("Other", "其他"), "en").lower()


def test_an_indicator_says_itself() -> None:
    assert sentence(FIRST_VISIT, "en") == (
        "The number of “Call-out” records where visits is 1, divided by the number of “Call-out” records where visits "
        "is at least 1; in percent. The period is decided by closed at. Counts for mechanic. At least 10 records are "
        "needed. Higher is better.")
    narrower = Indicator("trapped", Text("Trapped", "困人率"), Ratio(Count(Callout, where=Callout.trapped),
                                                                   Count(Callout)), PERCENT, HIGHER)
    assert sentence(narrower, "zh") == ("在“急修单”记录中，困人的占比；单位：百分比。按完成时间确定考核期。"
                                        "计入维保工。越高越好。")


@pytest.mark.parametrize("table", [PHRASES, SENTENCES, WORDS])
def test_both_languages_are_filled_with_the_same(table: dict[str, tuple[str, str]]) -> None:
    for key, texts in table.items():
        english, chinese = ({name for _, name, _, _ in Formatter().parse(text) if name} for text in texts)
        assert english == chinese, key


def test_a_look_tells_the_records_own_fields_from_the_others() -> None:
    again = exists(Callout, lambda other: (other.mechanic == Callout.mechanic) & (other.visits > Callout.visits))
    repeated = Indicator("repeated", Text("Repeated", "重复"), Count(Callout, where=again), COUNT, LOWER)
    assert "its mechanic is this record's mechanic and its visits is above this record's visits" in sentence(
        repeated, "en")
    assert "本记录的" in sentence(repeated, "zh")
