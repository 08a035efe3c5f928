"""From readings to a score. Decides weights, what a missing reading does, the limits and the one rounding.

- An item's weighted points are ``points / full * effective weight``; an event's points are added as they are.
- Effective weights: the items that count share 100 (``as_given``: the sum of all weights) in proportion.
- An item without a reading is left out and its weight spread over the rest (``renormalise``), gets nothing
  (``zero``) or everything (``full``). A reading that was waived is always left out.
- An event without a reading adds nothing and says so.
- Where no item with a weight was measured there is no score, whatever the policies say.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction

from meritline_sdk.evaluate.bands import grade_of
from meritline_sdk.evaluate.lines import Draft, ScoredLine, event_line, item_draft, policy_of, present, weighed
from meritline_sdk.evaluate.numbers import fraction, rational_text, rounded
from meritline_sdk.evaluate.readings import MEASURED, Reading
from meritline_sdk.evaluate.rules import Step
from meritline_sdk.model.indicators import AnyIndicator
from meritline_sdk.model.schemes import AS_GIVEN, Scheme

COMPLETE, INCOMPLETE = "complete", "incomplete"
NOT_MEASURED = "not_measured"


@dataclass(frozen=True, slots=True)
class Scored:
    """A subject's result under a scheme.

    ``exact`` is the score before its one rounding, ``score`` after it; ``grade`` (a key) and ``passed`` look at
    ``score``. ``steps`` explain the sum.
    """

    lines: tuple[ScoredLine, ...]
    exact: Fraction | None
    score: Decimal | None
    grade: str | None
    passed: bool | None
    state: str
    steps: tuple[Step, ...] = field(default=(), hash=False)


def score(scheme: Scheme, readings: Mapping[tuple[str, str], Reading],
          indicators: Mapping[str, AnyIndicator]) -> Scored:
    """The result for readings keyed by (indicator's full key, ``read_from``); an absent one was not measured."""
    drafts = [item_draft(scheme, item, readings, indicators) for item in scheme.items]
    base = total(drafts) if scheme.weights == AS_GIVEN else Fraction(100)
    counting = total([draft for draft in drafts if present(draft)])
    lines = [weighed(draft, position, base, counting, scheme.places) for position, draft in enumerate(drafts, 1)]
    events = [event_line(event, len(lines) + position, readings, indicators)
              for position, event in enumerate(scheme.events, 1)]
    state = state_of(drafts, events)
    every = (*lines, *events)
    if state == NOT_MEASURED:
        return Scored(every, None, None, None, None, state, ({"step": "no_score", "state": state},))
    return summed(scheme, every, state)


def total(drafts: list[Draft]) -> Fraction:
    """The sum of the declared weights."""
    return sum((fraction(draft.item.weight) for draft in drafts), Fraction(0))


def state_of(drafts: list[Draft], events: list[ScoredLine]) -> str:
    """Whether all, some or none of what counts was measured; a person who gave no event rating reported no event."""
    weighty = [draft for draft in drafts if fraction(draft.item.weight)]
    if not any(draft.measured for draft in weighty):
        return NOT_MEASURED
    whole = all(draft.whole for draft in weighty)
    return COMPLETE if whole and all(line.rated or line.reading.state == MEASURED for line in events) else INCOMPLETE


def summed(scheme: Scheme, lines: tuple[ScoredLine, ...], state: str) -> Scored:
    """The sum within floor and cap, rounded once; grade and pass look at the rounded score."""
    amount = sum((line.weighted_points or Fraction(0) for line in lines), Fraction(0))
    exact, limit = amount, None
    if scheme.floor is not None and exact < fraction(scheme.floor):
        exact, limit = fraction(scheme.floor), "floor"
    if scheme.cap is not None and exact > fraction(scheme.cap):
        exact, limit = fraction(scheme.cap), "cap"
    result = rounded(exact, scheme.places)
    grade = grade_of(scheme.grades, result).key if scheme.grades else None
    passed = None if scheme.pass_score is None else result >= Decimal(scheme.pass_score)
    step: Step = {
        "step": "total", "places": scheme.places, "sum": rational_text(amount), "limit": limit,
        "terms": [[line.key, rational_text(line.weighted_points)] for line in lines
                  if line.weighted_points is not None],
        "left_out": [{"key": line.key, **titles(line)} for line in lines if line.weighted_points is None],
        "exact": rational_text(exact), "score": str(result), "grade": grade,
    }  # fmt: skip
    return Scored(lines, exact, result, grade, passed, state, (step,))


def titles(line: ScoredLine) -> dict[str, str]:
    """The line's title in both languages."""
    return {"en": line.title.en, "zh": line.title.zh} if line.title else {"en": line.key, "zh": line.key}


__all__ = ["COMPLETE", "INCOMPLETE", "NOT_MEASURED", "Scored", "ScoredLine", "policy_of", "score"]
