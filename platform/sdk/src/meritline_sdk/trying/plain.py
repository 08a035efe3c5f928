"""What ``try --json`` prints: every number as exact text, every state as its word."""

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from meritline_sdk.evaluate.numbers import rational_text
from meritline_sdk.explain import line_text, score_text
from meritline_sdk.model.text import Text
from meritline_sdk.trying.cards import Card, Cards
from meritline_sdk.trying.company import Company
from meritline_sdk.trying.readings import Told, behind
from meritline_sdk.trying.records import Loaded
from meritline_sdk.trying.refusals import Refusal
from meritline_sdk.trying.rewards import paid


def exact(value: Fraction | None) -> str | None:
    """The number as exact text; None where there is none, which is not zero."""
    return None if value is None else rational_text(value)


def file_plain(one: Loaded) -> dict[str, Any]:
    """A file."""
    return {"file": one.file, "record": one.record.key, "rows": one.rows, "used": len(one.records)}


def refusals_plain(given: Sequence[Refusal], language: str) -> list[dict[str, object]]:
    """What is wrong with the files."""
    return [one.as_dict(language) for one in given]


def reading_plain(company: Company, one: Told, language: str, *, records: bool) -> dict[str, Any]:
    """A reading."""
    found = one.reading
    plain: dict[str, Any] = {
        "indicator": one.key, "unit": one.indicator.unit.key, "subject_kind": one.subject.kind.value,
        "subject": one.subject.key, "state": found.state, "value": exact(found.value),
        "numerator": exact(found.numerator), "denominator": exact(found.denominator), "sample": found.sample,
        "reason": found.reason, "text": one.text(language),
    }
    if one.failure is not None:
        plain["failure"] = one.failure
    if records:
        plain["records"] = dict(behind(company, one))
    return plain


def scheme_plain(found: Cards, language: str) -> dict[str, Any]:
    """A scheme with its cards."""
    why = None if found.why is None else {"reason": found.why[0], **dict(found.why[1])}
    return {"scheme": found.offered.key, "not_scored": why,
            "cards": [card_plain(card, language) | {"rewards": [
                {"table": one.table, "rule": one.rule, "amount": None if one.amount is None else f"{one.amount:.2f}",
                 "text": one.text(language)} for one in paid(card, found.offered)]} for card in found.cards]}


def card_plain(card: Card, language: str) -> dict[str, Any]:
    """A scorecard."""
    scored = card.scored
    return {
        "subject_kind": card.subject.kind.value, "subject": card.subject.key, "state": scored.state,
        "score": None if scored.score is None else f"{scored.score:f}", "exact": exact(scored.exact),
        "grade": scored.grade, "passed": scored.passed, "measured": exact(scored.measured),
        "text": score_text(scored.steps, language),
        "lines": [{"key": line.key, "indicator": line.indicator, "points": exact(line.raw_points),
                   "full": exact(line.full), "weight": None if line.weight is None else f"{line.weight:f}",
                   "weighted_points": exact(line.weighted_points), "state": line.reading.state,
                   "text": line_text(line.steps, line.title or Text(line.key, line.key), language)}
                  for line in scored.lines],
    }
