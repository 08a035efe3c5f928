"""What GraphQL shows of schemes that are being written."""

import json
from collections.abc import Mapping
from typing import Any

from meritline.graphql.kit import Column, Computed, Filter, GlobalId, Object, Order, RequestContext, Visible


def problems_of(needed: Mapping[str, Any], context: RequestContext) -> list[dict[str, Any]]:
    """What was wrong when the draft was kept, in the reader's language."""
    absent = {"field": None, "value": None}
    return [{**absent, **one[context.language], "severity": one["severity"]} for one in json.loads(needed["problems"])]


SCHEME_DRAFT_PROBLEM = Object(
    name="SchemeDraftProblem",
    description="What keeps a draft from being saved as a scheme, or is to be looked at.",
    fields=(
        Column("code", "String!", "The stable code; its page stands under docs/errors."),
        Column("severity", "String!", "error: it must be mended; warning: it is only told."),
        Column("message", "String!", "What is wrong, in the reader's language."),
        Column("field", "String", "Where in the document."),
        Column("value", "String", "The value that would be refused."),
        Column("remedy", "String!", "What to do."),
    ),
)
SCHEME_DRAFT = Object(
    name="SchemeDraft",
    description="A scheme that is being written: with open blanks and mistakes; it appraises nobody.",
    table="scheme_draft",
    visible=Visible(action="schemes:write"),
    fields=(
        GlobalId(),
        Column("key", "String!", "The key of the scheme that shall come of it."),
        Column("document", "JSON!", "The document as it was kept.", sql="{t}.document"),
        Column("version", "Int!", "The version that a change must name."),
        Column("savedAt", "DateTime!", "When it was kept."),
        Column("savedBy", "String!", "Who kept it."),
        Computed("problems", "[SchemeDraftProblem!]!", "What was wrong with it when it was kept.",
                 resolve=problems_of, needs={"problems": "{t}.problems"}),
    ),
    order=(Order("key", "{t}.key", "text"),),
    orders=(Order("KEY", "{t}.key", "text", "By the scheme's short name."),),
    filters=(Filter("keys", "[String!]", "{t}.key = any({value})", "One of these."),),
)  # fmt: skip
DRAFT_OBJECTS = (SCHEME_DRAFT, SCHEME_DRAFT_PROBLEM)
