"""The terms on which a table pays. Decides whom they refuse, with what numbers, and how much of an amount is left."""

from collections.abc import Iterable
from fractions import Fraction

from meritline.domain.grounds import Grounds, Worth, both, number, printed
from meritline.domain.ranking import Result
from meritline_sdk.evaluate.numbers import rational_text
from meritline_sdk.evaluate.rules import Step
from meritline_sdk.evaluate.scoring import COMPLETE
from meritline_sdk.model.rewards import RewardRule, RewardTable, Terms
from meritline_sdk.model.schemes import ANY_EMPLOYMENT
from meritline_sdk.model.text import Text


def refusal(table: RewardTable, rule: RewardRule, grounds: Grounds) -> Step | None:
    """The step that says which terms refuse the subject the rule's money, or None where none does."""
    unmet = [step for terms in table.terms if terms.concern(rule) for step in unmet_by(terms, grounds)]
    return {"step": "refused", "terms": unmet} if unmet else None


def unmet_by(terms: Terms, grounds: Grounds) -> Iterable[Step]:
    """Every term that the subject does not meet, with what was found and what is needed."""
    scored, facts = grounds.card.scored, grounds.facts
    if terms.least_measured is not None and scored.measured < number(terms.least_measured):
        yield {"term": "least_measured", "found": rational_text(scored.measured), "needed": str(terms.least_measured)}
    if terms.complete and scored.state != COMPLETE:
        yield {"term": "complete", "state": scored.state, "missing": unmeasured(scored)}
    if terms.passed and not scored.passed:
        limit = grounds.scheme.pass_score
        yield {"term": "passed", "score": None if scored.score is None else str(scored.score),
               "needed": None if limit is None else str(limit)}
    if terms.employment not in (ANY_EMPLOYMENT, facts.employment):
        yield {"term": "employment", "found": facts.employment, "needed": terms.employment}
    if facts.days < terms.least_days:
        yield {"term": "least_days", "found": facts.days, "needed": terms.least_days}
    if terms.to_the_end and not facts.to_the_end:
        yield {"term": "to_the_end"}


def unmeasured(scored: Result) -> list[dict[str, str]]:
    """The titles of the lines for want of which the card is not complete."""
    return [both(line.title or Text(line.key, line.key)) for line in scored.lines
            if line.policy is not None and line.policy != "exempt" and not (line.kind == "event" and line.rated)]


def pro_rata(table: RewardTable, rule: RewardRule, grounds: Grounds, found: Worth) -> Worth:
    """The part of the amount that the days employed leave, still not rounded."""
    facts = grounds.facts
    if (found.exact is None or facts.days >= facts.period_days
            or not any(terms.by_days and terms.concern(rule) for terms in table.terms)):
        return found
    exact = found.exact * Fraction(facts.days, facts.period_days)
    return Worth(exact, (*found.steps, {
        "step": "by_days", "days": facts.days, "period_days": facts.period_days, "whole": rational_text(found.exact),
        "exact": rational_text(exact), "amount": printed(exact),
    }))  # fmt: skip
