"""Explanations in GraphQL: a score line in words, its numbers, and the records behind it."""

from collections.abc import Mapping
from functools import cache, lru_cache
from typing import Any, Final

import msgspec

from meritline.appraisal.graphql_structure import STRUCTURE_FIELDS, STRUCTURE_OBJECTS, Lazily
from meritline.graphql.kit import Column, Computed, Object, RequestContext
from meritline.graphql.kit.language import LanguageChoice
from meritline.graphql.kit.paging import DEFAULT_FIRST, Connection
from meritline.messages import Language
from meritline_sdk import Text

MOST_TITLES: Final = 512
STEPS: Final = msgspec.json.Decoder(list[dict[str, Any]])
"""The steps of a line or a score, free of language, as they are kept."""


@cache
def telling() -> tuple[Any, Any, Any]:
    """What tells a line in words, what as a structure, and what tells a score. Loaded late: most requests ask for no
    explanation."""
    from meritline_sdk.explain import line_text, score_text
    from meritline_sdk.explain.structure import Told

    return line_text, Told, score_text


def explained(needed: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The steps of a line, free of language."""
    return STEPS.decode(needed["steps"])


def line_explanation(
    needed: Mapping[str, Any], context: RequestContext, language: LanguageChoice | None = None
) -> dict[str, Any]:
    """How the line came to its points."""
    name = needed["dimension"]
    target = None if needed["target"] is None else str(needed["target"])
    text, structure = told_of(
        needed["steps"], titled(needed["title_en"], needed["title_zh"]), context.language_or(language), target,
        needed["unit"], titled(name, needed["dimension_zh"] or name) if name else None,
    )  # fmt: skip
    return {**needed, "text": text, "structure": structure}


@lru_cache(MOST_TITLES)
def titled(en: str, zh: str) -> Text:
    """A title, of which a scheme has few."""
    return Text(en, zh)


def told_of(
    steps: str, title: Text, language: Language, target: str | None, unit: str, group: Text | None
) -> tuple[str, Lazily]:
    """A line in words, and its structure. Not remembered here: hardly anything is asked for twice before its answer as
    JSON is, which is remembered (``compiled.remembering``) and takes less room than a line with its steps."""
    in_words, as_structure, _ = telling()
    made = STEPS.decode(steps)
    return in_words(made, title, language), Lazily(as_structure(made, language, target, unit, group).part)


async def records_behind(
    needed: Mapping[str, Any], context: RequestContext, first: int = DEFAULT_FIRST, after: str | None = None,
    indicator: str | None = None,
) -> Connection:
    """The records that the line's reading was measured from, as they were known then."""
    from meritline.appraisal.explanation.store import line_origin
    from meritline.appraisal.graphql_evidence import evidence_page

    return await evidence_page(
        context, lambda conn, tenant_id: line_origin(conn, tenant_id, needed["card"], needed["position"]), first, after,
        indicator)  # fmt: skip


EXPLANATION = Object(
    name="Explanation",
    description="How a score line came to its points. The text is made from the line and the definitions of its run.",
    fields=(
        Column("text", "String!", "In words; its arithmetic closes on a pocket calculator."),
        Column("numerator", "String", "What was divided."),
        Column("denominator", "String", "By what."),
        Column("steps", "JSON!", "The steps, free of language, every number exact."),
        *STRUCTURE_FIELDS,
        Computed("records", "ServiceRecordConnection",
                 "The records behind the reading, as they were known then; null where the viewer may not see them. "
                 "Of a composite those of its first part, or of the part of that indicator.",
                 resolve=records_behind, needs={"card": "card", "position": "position"}),
    ),
)  # fmt: skip

def score_explanation(
    needed: Mapping[str, Any], context: RequestContext, language: LanguageChoice | None = None
) -> dict[str, Any] | None:
    """How the lines came to the score; a card from before this was kept has none."""
    if needed["steps"] is None:
        return None
    return {"text": score_told(needed["steps"], context.language_or(language)), "steps": needed["steps"]}


def score_told(steps: str, language: Language) -> str:
    """A score in words: a pure function of its steps."""
    _, _, in_words = telling()
    return in_words(STEPS.decode(steps), language)  # type: ignore[no-any-return]


SCORE_EXPLANATION = Object(
    name="ScoreExplanation",
    description="How a scorecard's lines came to its score, or why it has none.",
    fields=(
        Column("text", "String!", "In words: the sum, its limits, vetoes, what was left out, the one rounding."),
        Column("steps", "JSON!", "The steps, free of language, every number exact."),
    ),
)

EXPLANATION_OBJECTS = (EXPLANATION, SCORE_EXPLANATION, *STRUCTURE_OBJECTS)

explained_score = Computed(
    "explanation", "ScoreExplanation", "How the lines came to the score, or why there is none; null on cards of old.",
    resolve=score_explanation, needs={"steps": "{t}.steps"}, lasting=True,
)

explained_line = Computed(
    "explanation",
    "Explanation!",
    "How the line came to its points.",
    resolve=line_explanation,
    needs={
        "card": "{t}.scorecard_id",
        "position": "{t}.position",
        "steps": "{t}.steps",
        "title_en": "{t}.title_en",
        "title_zh": "{t}.title_zh",
        "numerator": "{t}.numerator",
        "denominator": "{t}.denominator",
        "target": "{t}.target",
        "unit": "{t}.unit",
        "dimension": "{t}.dimension",
        "dimension_zh": "{t}.dimension_zh",
    },
    lasting=True,
    passed=frozenset({"card", "position", "numerator", "denominator"}),
)
