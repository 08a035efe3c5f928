"""From lines to the score. Decides the limits, what a veto leaves, the one rounding, and the grade.

In this order: the events' additions and deductions, each within its cap; the sum with the items; the scheme's floor and
cap; the vetoes, one after another; the rounding; grade and pass by the rounded score; a grade that was granted.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction

from meritline_sdk.evaluate.bands import grade_of
from meritline_sdk.evaluate.drafts import Known, resolve
from meritline_sdk.evaluate.lines import ScoredLine
from meritline_sdk.evaluate.numbers import decimal, fraction, rational_text, rounded
from meritline_sdk.evaluate.plans import HUNDRED, NONE, Plan
from meritline_sdk.evaluate.readings import MEASURED, UNREAD, Reading
from meritline_sdk.evaluate.rules import Step
from meritline_sdk.evaluate.shown import reading_step
from meritline_sdk.model.bands import GradeBands, Granted
from meritline_sdk.model.blanks import Open
from meritline_sdk.model.items import OWN, Veto, key_of
from meritline_sdk.model.schemes import Scheme
from meritline_sdk.model.text import Text


@dataclass(frozen=True, slots=True)
class Scored:
    """A subject's result under a scheme.

    ``exact`` is the score before its one rounding, ``score`` after it; ``grade`` (a key) and ``passed`` look at
    ``score``. ``steps`` explain the sum. ``measured`` is the percentage of the weights whose lines have a reading;
    what is exempt is in neither side.
    """

    lines: tuple[ScoredLine, ...]
    exact: Fraction | None
    score: Decimal | None
    grade: str | None
    passed: bool | None
    state: str
    steps: tuple[Step, ...] = field(default=(), hash=False)
    measured: Fraction = HUNDRED


def summed(plan: Plan, lines: tuple[ScoredLine, ...], known: Known, state: str, measured: Fraction) -> Scored:
    """The score of the lines."""
    scheme = plan.scheme
    amount = sum((line.weighted_points for line in lines if line.weighted_points is not None), NONE)
    capped = event_caps(scheme, lines)
    amount += sum((change for change, _ in capped), NONE)
    exact, limit = within(amount, scheme.floor, scheme.cap)
    step: Step = {
        "step": "total", "places": scheme.places, "sum": rational_text(amount), "limit": limit,
        "terms": [[line.key, rational_text(line.weighted_points)] for line in lines
                  if line.weighted_points is not None],
        "left_out": [{"key": line.key, **titles(line)} for line in lines if line.weighted_points is None],
    }  # fmt: skip
    if capped:
        step["capped"] = [told for _, told in capped]
    if scheme.vetoes:
        step["limited"] = rational_text(exact)
        step["vetoes"] = []
        for veto in scheme.vetoes:
            exact, told = vetoed(veto, exact, known)
            step["vetoes"].append(told)
    result = rounded(exact, scheme.places)
    grade = grade_of(scheme.grades, result).key if scheme.grades else None
    if scheme.grades is not None and scheme.grades.granted:
        granted = granted_grade(scheme.grades, known)
        if granted is not None:
            grade = granted.key
            step["granted"] = {"en": granted.title.en, "zh": granted.title.zh}
    passed = None if scheme.pass_score is None else result >= decimal(scheme.pass_score)
    step |= {"exact": rational_text(exact), "score": str(result), "grade": grade}
    return Scored(lines, exact, result, grade, passed, state, (step, *group_steps(plan, lines)), measured)


def within(amount: Fraction, least: Open | None, most: Open | None) -> tuple[Fraction, str | None]:
    """The amount within its limits, and which one held."""
    result, limit = amount, None
    if least is not None and result < fraction(least):
        result, limit = fraction(least), "floor"
    if most is not None and result > fraction(most):
        result, limit = fraction(most), "cap"
    return result, limit


def event_caps(scheme: Scheme, lines: Sequence[ScoredLine]) -> list[tuple[Fraction, Step]]:
    """By how much the caps on what events add and take change the sum, with what is told; only caps that held."""
    found: list[tuple[Fraction, Step]] = []
    for name, cap, sign in (("additions", scheme.additions_cap, 1), ("deductions", scheme.deductions_cap, -1)):
        if cap is None:
            continue
        terms = [(line.key, line.weighted_points) for line in lines
                 if line.kind == "event" and line.weighted_points is not None and line.weighted_points * sign > 0]
        total, most = sum((points for _, points in terms), NONE), fraction(cap)
        if total * sign > most:
            found.append((most * sign - total, {
                "side": name, "cap": rational_text(most), "sum": rational_text(total),
                "terms": [[key, rational_text(points)] for key, points in terms]}))  # fmt: skip
    return found


def vetoed(veto: Veto, exact: Fraction, known: Known) -> tuple[Fraction, Step]:
    """What the veto leaves of the score, and what is told of it."""
    indicator = resolve(veto.indicator, known.indicators)
    reading = known.readings.get((key_of(veto.indicator), veto.read_from), UNREAD)
    over, least = fraction(veto.over), fraction(veto.score)
    held = reading.state == MEASURED and reading.value is not None and reading.value > over
    left = min(exact, least) if held else exact
    return left, {
        "key": veto.key, "title": {"en": veto.title.en, "zh": veto.title.zh}, "held": held,
        "reading": reading_step(reading, indicator), "over": rational_text(over), "score": rational_text(least),
        "taken": rational_text(exact - left), "left": rational_text(left),
    }  # fmt: skip


def granted_grade(bands: GradeBands, known: Known) -> Granted | None:
    """The highest grade that somebody granted."""
    for granted in reversed(bands.granted):
        reading: Reading = known.readings.get((key_of(granted.indicator), OWN), UNREAD)
        if reading.state == MEASURED and reading.value is not None and reading.value >= 1:
            return granted
    return None


def group_steps(plan: Plan, lines: Sequence[ScoredLine]) -> list[Step]:
    """What each dimension that is weighed within itself came to, out of 100."""
    found: list[Step] = []
    for place, group in enumerate(plan.groups):
        kept = [(item.weight, line.raw_points, item.full) for item, line in zip(plan.items, lines, strict=False)
                if item.group == place and line.raw_points is not None]
        weights = sum((weight for weight, _, _ in kept), NONE)
        if weights:
            result = sum((weight * points / full for weight, points, full in kept), NONE) * 100 / weights
            found.append({
                "step": "dimension", "key": group.key, "title": {"en": group.title.en, "zh": group.title.zh},
                "weight": rational_text(fraction(group.weight or 0)), "weights": rational_text(weights),
                "terms": [[rational_text(number) for number in term] for term in kept],
                "result": rational_text(result)})  # fmt: skip
    return found


def title_of(line: ScoredLine) -> Text:
    """The line's title, or its key where it has none."""
    return line.title or Text(line.key, line.key)


def titles(line: ScoredLine) -> dict[str, str]:
    """The line's title in both languages."""
    title = title_of(line)
    return {"en": title.en, "zh": title.zh}
