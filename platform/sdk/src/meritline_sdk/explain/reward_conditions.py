"""Why a reward acts or not, in words: its terms, its condition, and the run of periods behind it."""

from fractions import Fraction

from meritline_sdk.explain.figures import TIMES, factor, figure
from meritline_sdk.explain.phrases import say
from meritline_sdk.explain.readings import Step
from meritline_sdk.explain.reward_phrases import tell, titled


def refused_text(step: Step, language: str) -> str:
    """The terms are not met: 60% of the weights measured, 80% needed; 0.00."""
    terms = tell(language, "and").join(term_text(one, language) for one in step["terms"])
    return tell(language, "refused", terms=terms, amount="0.00")


def term_text(term: Step, language: str) -> str:
    """One term with what was found and what is needed."""
    match term["term"]:
        case "least_measured":
            return tell(language, "term_least_measured", found=figure(Fraction(term["found"]), 2),
                        needed=term["needed"])
        case "complete":
            missing = say(language, "comma").join(titled(one, language) for one in term["missing"])
            return tell(language, "term_complete" if missing else "term_complete_unnamed", missing=missing)
        case "passed":
            why = ("term_passed_no_score" if term["score"] is None else
                   "term_passed_no_limit" if term["needed"] is None else "term_passed")
            return tell(language, why, score=term["score"], needed=term["needed"])
        case "employment":
            return tell(language, "term_employment", found=tell(language, term["found"]),
                        needed=tell(language, term["needed"]))
        case "least_days":
            return tell(language, "term_least_days", found=term["found"], needed=term["needed"])
    return tell(language, "term_to_the_end")


def holds_text(step: Step, language: str) -> str:
    """The condition holds: the score of 55.00 is below the pass score of 60."""
    if step["score"] is None:
        return tell(language, "no_score_no_condition")
    tests = tell(language, "and").join(test_text(one, language) for one in step["tests"])
    return tell(language, "holds" if step["holds"] else "holds_not", tests=tests)


def test_text(test: Step, language: str) -> str:
    """One part of a condition with what was found."""
    match test["test"]:
        case "grades":
            wanted = say(language, "comma").join(titled(one, language) for one in test["wanted"])
            found = say(language, "no_number") if test["found"] is None else titled(test["found"], language)
            return tell(language, "grades", found=found, wanted=wanted)
        case "passed":
            if test["found"] is None:
                return tell(language, "term_passed_no_limit")
            return tell(language, "passed" if test["found"] else "passed_not", score=test["score"],
                        limit=test["limit"])
        case "score_below" | "score_at_least":
            below = Fraction(test["score"]) < Fraction(test["limit"])
            said = below if test["test"] == "score_below" else not below
            return tell(language, test["test"] + ("" if said else "_not"), score=test["score"], limit=test["limit"])
        case "best_percent":
            share = Fraction(test["percent"]) * test["among"] / 100
            formula = f"{test['among']} {TIMES} {factor(Fraction(test['percent']))} / 100 = {figure(share)}"
            return tell(language, "best_percent", percent=test["percent"], formula=formula, limit=test["limit"],
                        place=place_text(test, language))
    return place_text(test, language)


def place_text(test: Step, language: str) -> str:
    """Place 2 of 12 is within the first 3."""
    if test["rank"] is None:
        return tell(language, "unranked")
    return tell(language, "rank_at_most" if test["rank"] <= test["limit"] else "rank_at_most_not", rank=test["rank"],
                among=test["among"], limit=test["limit"])


def run_text(step: Step, language: str) -> list[str]:
    """2 in a row, 2 needed: 2026-03 (55.00), 2026-04 (50.00)."""
    comma = say(language, "comma")
    over = comma.join(tell(language, "run_period", period=one["period"] or tell(language, "this_period"),
                           score=one["score"]) for one in step["over"])
    late = not step["acts"] and step["length"] > step["needed"]
    told = [tell(language, "run_once" if late else "run", length=step["length"], needed=step["needed"], over=over)]
    if step["skipped"]:
        told.append(tell(language, "run_skipped", periods=comma.join(step["skipped"])))
    return told


def act_text(step: Step, language: str) -> str:
    """Proposed: a warning."""
    act = tell(language, f"act_{step['act']}")
    if step.get("detail") is None:
        return tell(language, "proposed", act=act)
    return tell(language, "proposed_detail", act=act, detail=titled(step["detail"], language))
