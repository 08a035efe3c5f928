"""Conditions on a scorecard. Decides whether one holds, for this period and for an earlier one, and tells each part.

A card without a score meets no condition; a place that somebody does not have meets none either. Those who share a
place all have it.
"""

from fractions import Fraction

from meritline.domain.facts import Outcome
from meritline.domain.grounds import Grounds, both, grade_titles, number
from meritline.domain.streaks import in_a_row
from meritline_sdk.evaluate.rules import Step
from meritline_sdk.model.blanks import Open
from meritline_sdk.model.rewards import InARow, When
from meritline_sdk.model.schemes import Scheme
from meritline_sdk.model.text import Text


def acts(when: When, row: InARow | None, grounds: Grounds) -> tuple[bool, tuple[Step, ...]]:
    """Whether the rule acts in this period, and the steps that say why."""
    outcome = grounds.outcome
    step: Step = {"step": "condition", "holds": holds(when, outcome), "tests": tests(when, outcome, grounds.scheme),
                  "score": None if outcome.score is None else str(outcome.score)}
    if row is None or not step["holds"]:
        return step["holds"], (step,)
    run = in_a_row(row, outcome, grounds.facts.history, lambda earlier: holds(when, earlier))
    return run.acts, (step, run.step(row))


def holds(when: When, outcome: Outcome) -> bool:
    """Whether everything that is said holds."""
    score, rank = outcome.score, outcome.rank
    if score is None:
        return False
    return all((
        not when.grades or outcome.grade in when.grades,
        when.passed is None or outcome.passed is when.passed,
        when.score_below is None or Fraction(score) < number(when.score_below),
        when.score_at_least is None or Fraction(score) >= number(when.score_at_least),
        when.rank_at_most is None or (rank is not None and rank <= when.rank_at_most),
        when.best_percent is None or (rank is not None and rank <= best_places(when.best_percent, outcome.among)),
    ))  # fmt: skip


def best_places(percent: Open, among: int) -> int:
    """How many whole places lie within the share.

    >>> best_places(10, 29), best_places("33.4", 3)
    (2, 1)
    """
    share = number(percent) * among / 100
    return share.numerator // share.denominator


def tests(when: When, outcome: Outcome, scheme: Scheme) -> list[Step]:
    """Every part of the condition with what was found."""
    score = None if outcome.score is None else str(outcome.score)
    found: list[Step] = []
    if when.grades:
        found.append({"test": "grades", "wanted": [title_of(scheme, key) for key in when.grades],
                      "found": None if outcome.grade is None else title_of(scheme, outcome.grade)})
    if when.passed is not None:
        found.append({"test": "passed", "wanted": when.passed, "found": outcome.passed, "score": score,
                      "limit": None if scheme.pass_score is None else str(scheme.pass_score)})
    for test, limit in (("score_below", when.score_below), ("score_at_least", when.score_at_least)):
        if limit is not None:
            found.append({"test": test, "limit": str(limit), "score": score})
    place: Step = {"rank": outcome.rank, "among": outcome.among}
    if when.rank_at_most is not None:
        found.append({"test": "rank_at_most", "limit": when.rank_at_most, **place})
    if when.best_percent is not None:
        found.append({"test": "best_percent", "percent": str(when.best_percent),
                      "limit": best_places(when.best_percent, outcome.among), **place})
    return found


def title_of(scheme: Scheme, key: str) -> dict[str, str]:
    """The grade's title in both languages."""
    return both(grade_titles(scheme).get(key, Text(key, key)))
