"""What GraphQL shows of the schemes that a company may begin from."""

from collections.abc import Callable, Mapping
from typing import Any

from meritline.appraisal.offered import SCHEME, STARTER, TEMPLATE, everything
from meritline.graphql.kit import Column, Computed, Object, RequestContext, Translated, words
from meritline.graphql.kit.paging import DEFAULT_FIRST, Connection, listed

OfferKind = words(
    "SchemeTemplateKind",
    "What a scheme template is.",
    {
        TEMPLATE: "A document of the field as it is printed, its blanks open.",
        STARTER: "A complete scheme of ours beside one, with the reasons for what was made up.",
        SCHEME: "A scheme that its set brings ready; a company that enables the set has it.",
    },
)


def part(name: str) -> Callable[[Mapping[str, Any], RequestContext], Any]:
    """The values that belong to a field."""

    def given(needs: Mapping[str, Any], _: RequestContext) -> Any:
        return needs[name]

    return given


def several(name: str, kind: str, description: str) -> Computed:
    """A list of parts."""
    return Computed(name, f"[{kind}!]!", description, resolve=part(name), needs={name: ""})


TEMPLATE_NOTE = Object(
    name="SchemeTemplateNote",
    description="A sentence about a template.",
    fields=(
        Column("about", "String", "The line or the choice that it is about."),
        Translated("text", "The sentence.", en="", zh=""),
    ),
)
TEMPLATE_BLANK = Object(
    name="SchemeTemplateBlank",
    description="A number that a document leaves open and that a company fills: blanks of saveScheme.",
    fields=(
        Column("key", "String!", "Its name among the blanks."),
        Translated("title", "What it is.", en="", zh=""),
        Column("printed", "String!", "How it is printed."),
        Column("suggested", "String", "What we propose; never used unasked."),
        Column("taken", "Boolean!", "Printed as a deduction: filled without a minus."),
        Column("places", "[String!]!", "The lines and reward rules in which it stands."),
    ),
)
TEMPLATE_LINE = Object(
    name="SchemeTemplateLine",
    description="A line of a template.",
    fields=(
        Column("key", "String!", "Its name within the scheme."),
        Column("kind", "LineKind!", "A weighted item or an event."),
        Translated("title", "What it is called.", en="", zh="", nullable=True),
        Column("wording", "String", "The words of the document."),
        Column("indicatorKeys", "[String!]!", "The indicators that it reads, by their full names."),
        Column("weight", "Decimal", "Its weight; null: open, or none."),
        Column("target", "Decimal", "Its target in the indicator's unit; null: open, or none."),
        Column("rule", "String", "The kind of its rule; null for a composite."),
    ),
)
SCHEME_TEMPLATE = Object(
    name="SchemeTemplate",
    description="A scheme that a company may begin from: saveScheme with template = its key.",
    fields=(
        Column("key", "String!", "Its full name: set.key."),
        Column("kind", "SchemeTemplateKind!", "A document as printed, ours beside it, or a set's own scheme."),
        Column("setKey", "String!", "The indicator set that brings it."),
        Translated("title", "What it is called.", en="", zh=""),
        Translated("source", "The document that it is after.", en="", zh="", nullable=True),
        Column("subjectKind", "SubjectKind!", "Whom it appraises."),
        Column("periodKind", "PeriodKind!", "How often."),
        Column("beside", "String", "The template beside which a starter stands."),
        several("blanks", "SchemeTemplateBlank", "The numbers that are open, in the order in which they stand."),
        several("lines", "SchemeTemplateLine", "Its items and events."),
        several("missing", "SchemeTemplateNote", "What the document does not say."),
        several("notes", "SchemeTemplateNote", "How its contradictions were read."),
        several("reasons", "SchemeTemplateNote", "Why a starter is as it is."),
        Column("settings", "JSON!", "What saveScheme with it sets of indicators where the company has not: indicator, "
               "parameter, value as saveIndicator takes it."),
        Column("document", "JSON!", "The whole of it as saveScheme takes it, blanks as { blank: key }."),
        Column("rewardDocuments", "JSON!", "Its reward tables as saveRewardTable takes them."),
    ),
)  # fmt: skip


def scheme_templates(_: Mapping[str, Any], context: RequestContext, first: int = DEFAULT_FIRST,
                     after: str | None = None, kinds: list[OfferKind] | None = None) -> Connection:  # type: ignore[valid-type]
    """What the installed sets offer."""
    wanted = None if kinds is None else [str(getattr(one, "value", one)) for one in kinds]
    return listed(context.declarations.classes["SchemeTemplate"], everything(context.platform.catalogue, wanted),
                  first, after)  # fmt: skip


SCHEME_TEMPLATES = Computed(
    "schemeTemplates", "SchemeTemplateConnection!", "What a scheme may begin from, by key.", resolve=scheme_templates,
)  # fmt: skip
