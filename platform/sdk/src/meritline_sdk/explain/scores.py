"""The scores of shorter periods in words. Decides that each is named, with its score or why it has none."""

from fractions import Fraction
from typing import Any

from meritline_sdk.evaluate.numbers import parsed, rounded, terminating
from meritline_sdk.evaluate.scores import NO_SCORE, NO_SHORTER, NOT_APPRAISED, NOT_LOCKED
from meritline_sdk.explain.figures import added, figure, operand, signed, with_unit
from meritline_sdk.explain.phrases import say
from meritline_sdk.model.units import UNITS

type Step = dict[str, Any]
PLACES = 2


def scores_text(step: Step, language: str) -> str:
    """``(80.00 + 90.00 + 85.00) / 3 = 85 points (mean of the scores of 2026-01: 80.00, ...)``, or why there is none."""
    if step["value"] is None and step["state"] != "not_measured":
        return say(language, step["state"])
    if step.get("reason") == NO_SHORTER:
        return say(language, NO_SHORTER)
    told = known_text(step, language) if step["value"] is not None else say(
        language, "no_scores", sample=step["sample"], least=step["least"], scheme=step["scheme"])
    missing = [text for why in (NOT_LOCKED, NOT_APPRAISED, NO_SCORE) if (text := without(step, why, language))]
    return told if not missing else say(language, "scores_without", text=told,
                                        missing=say(language, "comma").join(missing))


def known_text(step: Step, language: str) -> str:
    """The value, how it was made, and the score of each period."""
    value = parsed(step["value"])
    shown = with_unit(figure(value), UNITS[step["unit"]], language)
    known = [(one["period"], parsed(one["value"])) for one in step.get("scores", ()) if one["value"] is not None]
    if not known:
        return shown
    if len(known) == 1:
        return say(language, "scores_one", value=shown, periods=known[0][0], scheme=step["scheme"])
    periods = say(language, "comma").join(say(language, "score_of_period", period=period, value=printed(score))
                                          for period, score in known)
    if step["combine"] == "mean" and sum((score for _, score in known), Fraction(0)) == value * len(known):
        shown = f"({added([printed(score) for _, score in known])}) / {len(known)} = {shown}"
    return say(language, f"scores_{step['combine']}", value=shown, periods=periods, scheme=step["scheme"])


def without(step: Step, why: str, language: str) -> str | None:
    """The periods that have no score for this reason."""
    periods = [one["period"] for one in step.get("scores", ()) if one.get("why") == why]
    return say(language, f"scores_{why}", periods=say(language, "comma").join(periods)) if periods else None


def printed(score: Fraction) -> str:
    """The score as scorecards have it: with two decimals, or with as many as it needs."""
    places = terminating(score)
    if places is None or places > PLACES or score < 0:
        return operand(score)
    return signed(f"{rounded(score, PLACES):f}")
