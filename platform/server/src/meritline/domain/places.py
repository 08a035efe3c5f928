"""What a place in the ranking is worth. Decides how those who share places share their money.

A place is worth what the table says of it, whoever stands there: who shares places changes nobody else's pay.
"""

from fractions import Fraction

from meritline.domain.grounds import NOTHING, Grounds, Worth, number, printed
from meritline_sdk.evaluate.rules import Step
from meritline_sdk.model.rewards import MEAN_OF_PLACES, ByRank


def by_rank(rule: ByRank, grounds: Grounds) -> Worth:
    """The place's amount; those who share places share their amounts, or all get the best."""
    place, score = grounds.place, grounds.card.scored.score
    step: Step = {"step": "by_rank", "rank": place.rank, "among": place.among, "shared": place.shared}
    if score is not None and rule.low_score is not None and Fraction(score) < number(rule.low_score):
        amount = number(rule.low_amount)
        return Worth(amount, (step | {
            "low_score": str(rule.low_score), "score": str(score), "amount": printed(amount),
        },))  # fmt: skip
    if place.rank is None:
        return Worth(None, (step | {
            "reason": place.reason, "sample": place.sample, "needed": place.needed, "amount": None,
        },))  # fmt: skip
    taken = range(place.rank, place.rank + (place.shared if rule.ties == MEAN_OF_PLACES else 1))
    amounts = [place_amount(rule, at) for at in taken]
    amount = sum(amounts, NOTHING) / len(amounts)
    return Worth(amount, (step | {
        "ties": rule.ties, "places": [printed(one) for one in amounts], "amount": printed(amount),
    },))  # fmt: skip


def place_amount(rule: ByRank, place: int) -> Fraction:
    """What a place is worth: from the list, or after it by the tail or the amount for all beyond."""
    if place <= len(rule.amounts):
        return number(rule.amounts[place - 1])
    if rule.tail_step is None:
        return NOTHING if rule.beyond is None else number(rule.beyond)
    after = number(rule.amounts[-1]) - number(rule.tail_step) * (place - len(rule.amounts))
    return max(after, number(rule.tail_least))
