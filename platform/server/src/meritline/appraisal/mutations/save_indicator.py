"""``saveIndicator``: declare an indicator of the company's own, or set the parameters of one that came with a set."""

from collections.abc import Mapping
from typing import Any

import strawberry

from meritline.appraisal.graphql_schemes import BetterDirection
from meritline.appraisal.indicators import save_indicator
from meritline.appraisal.mutations.indicator_inputs import given_of, of_input, own_document, settings_document
from meritline.appraisal.own.drafts import PREFIX
from meritline.appraisal.own.saving import resave_own, save_own
from meritline.errors import MeritlineError, Refused
from meritline.graphql.kit import RequestContext
from meritline.graphql.kit.mutating import Keys, Mutation, seen_version
from meritline.graphql.kit.scalars import Document


@strawberry.input(description="An indicator of the company's own; without a formula, settings of one that is there.")
class SaveIndicatorInput:
    """An indicator as it shall be."""

    key: str = strawberry.field(description="Its name. The company's own are own.<name>; the prefix may be left out "
                                "where a formula is given.")
    title_en: str | None = strawberry.field(default=strawberry.UNSET, description="What it is called in English.")
    title_zh: str | None = strawberry.field(default=strawberry.UNSET, description="What it is called in Chinese.")
    unit: str | None = strawberry.field(default=strawberry.UNSET, description="percent, count, hour, second, ...")
    better: BetterDirection | None = strawberry.field(  # type: ignore[valid-type]
        default=strawberry.UNSET, description="Which way is better."
    )
    formula: str | None = strawberry.field(
        default=strawberry.UNSET,
        description="What it measures: ratio(count(work_order, visits == 1), count(work_order, visits >= 1)).",
    )
    minimum_sample: int | None = strawberry.field(
        default=strawberry.UNSET, description="With fewer records a reading is 'sample too small'."
    )
    note_en: str | None = strawberry.field(default=strawberry.UNSET, description="A note for readers, in English.")
    note_zh: str | None = strawberry.field(default=strawberry.UNSET, description="A note for readers, in Chinese.")
    parameters: Document | None = strawberry.field(
        default=strawberry.UNSET, description="The values of its parameters by name."
    )
    golden_cases: list[Document] | None = strawberry.field(
        default=strawberry.UNSET,
        description="Records and the reading they must give, worked out by hand; they are run before it is kept.",
    )
    expected_version: int | None = strawberry.field(
        default=strawberry.UNSET, description="The version that was seen; 0 for one that is new."
    )


async def work(context: RequestContext, asked: SaveIndicatorInput) -> Mapping[str, Any]:
    """Check everything, then keep it as the next version."""
    actor, expected = context.principal.actor, seen_version(asked.expected_version)
    catalogue, today = context.platform.catalogue, context.now.date()
    try:
        async with context.platform.database.unit_of_work(context.principal.tenant_id) as uow:
            if given_of(asked.formula) is not None:
                key = (await save_own(uow, actor, catalogue, own_document(asked), expected, today=today)).key
            elif asked.key.startswith(PREFIX):
                key = (await resave_own(uow, actor, catalogue, settings_document(asked), expected, today=today)).key
            else:
                key = asked.key
                await save_indicator(uow, actor, settings_document(asked), expected)
    except MeritlineError as refused:
        raise Refused(of_input(each) for each in refused.problems) from refused
    return {"indicator": Keys("{t}.key", [key])}


SAVE_INDICATOR = Mutation(
    name="saveIndicator",
    description="Declare an indicator of the company's own as data, or set parameters of one that came with a set.",
    action="schemes:write",
    input=SaveIndicatorInput,
    returns={"indicator": ("Indicator", "The indicator as it stands now; its sentence says what it measures.")},
    work=work,
)
