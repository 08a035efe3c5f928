"""From the scores of shorter periods to one reading. Decides what a quarter makes of its months.

The score of each period counts as it is printed, rounded as its own scheme says: what people were shown is what is
averaged. Nothing is rounded again. A period that is not final yet, or in which there was no score, takes no part and is
named.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from meritline_sdk.evaluate.results import MEASURED, NOT_MEASURED, Reading, ReadingPart
from meritline_sdk.model.items import GREATEST, LATEST, LEAST, ScoreOf

NOT_LOCKED, NOT_APPRAISED, NO_SCORE, NO_SHORTER = "not_locked", "not_appraised", "no_score", "no_shorter_period"


@dataclass(frozen=True, slots=True)
class PeriodScore:
    """The score of a shorter period; without one, the word for why."""

    period: str
    score: Decimal | None = None
    why: str | None = None


def combined(asked: ScoreOf, scores: Sequence[PeriodScore]) -> Reading:
    """The reading of the scores, which stand in the order of their periods."""
    parts = tuple(part(one) for one in scores)
    known = [Fraction(one.score) for one in scores if one.score is not None]
    if len(known) < asked.least or not known:
        return Reading(NOT_MEASURED, sample=len(known), needed=asked.least, reason=why_none(scores), parts=parts)
    if asked.combine in (LATEST, LEAST, GREATEST):
        value = known[-1] if asked.combine == LATEST else min(known) if asked.combine == LEAST else max(known)
        return Reading(MEASURED, value, sample=len(known), needed=asked.least, parts=parts)
    total = sum(known, Fraction(0))
    return Reading(MEASURED, total / len(known), total, Fraction(len(known)), len(known), needed=asked.least,
                   parts=parts)


def part(one: PeriodScore) -> ReadingPart:
    """The score as a reading of its period."""
    if one.score is None:
        return ReadingPart(Reading(NOT_MEASURED, reason=one.why), period=one.period)
    return ReadingPart(Reading(MEASURED, Fraction(one.score), sample=1), period=one.period)


def why_none(scores: Sequence[PeriodScore]) -> str:
    """``scores:2026-02 not_locked, 2026-03 no_score``."""
    return "scores:" + ", ".join(f"{one.period} {one.why}" for one in scores if one.score is None)
