"""Explanations of reward lines in GraphQL: the text, the same as a structure, and the records behind it."""

from collections.abc import Mapping
from functools import cache
from typing import Any

from meritline.appraisal.graphql_explanation import explained
from meritline.appraisal.graphql_structure import Lazily, told
from meritline.graphql.kit import Column, Computed, Object, RequestContext
from meritline.graphql.kit.language import LanguageChoice
from meritline.graphql.kit.paging import DEFAULT_FIRST, Connection
from meritline_sdk import Text


def reward_explanation(
    needed: Mapping[str, Any], context: RequestContext, language: LanguageChoice | None = None
) -> dict[str, Any]:
    """Why this amount, in words and as a structure."""
    # Imported late: most requests ask for no explanation.
    from meritline_sdk.explain import reward_text
    from meritline_sdk.explain.reward_structure import reward_structure

    steps, spoken = explained(needed), context.language_or(language)
    title = Text(needed["title_en"], needed["title_zh"])
    whole = cache(lambda: reward_structure(steps, needed["amount"], spoken))
    structure = Lazily(lambda part: getattr(whole(), part))
    return {**needed, "text": reward_text(steps, title, spoken), "structure": structure}


async def records_behind(
    needed: Mapping[str, Any], context: RequestContext, first: int = DEFAULT_FIRST, after: str | None = None
) -> Connection:
    """The records of the reading that the rule looked at, as they were known then."""
    from meritline.appraisal.graphql_evidence import evidence_page
    from meritline.rewards.explanation.store import reward_origin

    return await evidence_page(context, lambda conn, tenant_id: reward_origin(conn, tenant_id, needed["line"]), first,
                               after)


REWARD_EXPLANATION = Object(
    name="RewardExplanation",
    description="Why a reward line has its amount. The text is made from the line, as it was computed.",
    fields=(
        Column("text", "String!", "In words; its arithmetic closes on a pocket calculator."),
        Column("steps", "JSON!", "The steps, free of language."),
        told("formula", "String", "The formula with the numbers put in, free of language; null: there is no amount."),
        told("amount", "String", "The amount, as the one rounding left it."),
        told("reading", "ExplainedReading", "What was read, where the rule looks at an indicator."),
        told("rule", "ExplainedRule", "The rule that paid; null where its terms refused the money."),
        told("rounding", "ExplainedRounding", "The one rounding, of what the formula comes to."),
        told("limits", "[ExplainedLimit!]!", "The limits that held."),
        told("conditions", "[ExplainedCondition!]!", "What had to hold, and whether it did."),
        Computed("records", "ServiceRecordConnection",
                 "The records behind the reading that the rule looked at, as they were known then; none where it looks "
                 "at grade, place or days; null where the viewer may not see them.",
                 resolve=records_behind, needs={"line": "line"}),
    ),
)  # fmt: skip

REWARD_EXPLAINED = Computed(
    "explanation",
    "RewardExplanation!",
    "Why this amount.",
    resolve=reward_explanation,
    needs={"line": "{t}.id", "steps": "{t}.steps", "title_en": "{t}.title_en", "title_zh": "{t}.title_zh",
           "amount": "{t}.amount"},
    lasting=True, passed=frozenset({"line"}),
)  # fmt: skip
