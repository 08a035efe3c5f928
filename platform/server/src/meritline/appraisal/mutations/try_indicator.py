"""``tryIndicator``: what an indicator would say and read, before it is kept. Writes nothing."""

from collections.abc import Mapping
from typing import Any

import strawberry

from meritline.appraisal.graphql_schemes import BetterDirection, SubjectKind
from meritline.appraisal.graphql_trial import trial_values
from meritline.appraisal.mutations.indicator_inputs import given_of, of_input, own_document
from meritline.appraisal.own.drafts import OwnDraft, probable_unit, read_own
from meritline.appraisal.own.saving import enabled_records
from meritline.db import Connection
from meritline.documents import Document as Written
from meritline.errors import Forbidden, MeritlineError, Refused
from meritline.graphql.kit import RequestContext
from meritline.graphql.kit.mutating import Mutation
from meritline.graphql.kit.scalars import Document
from meritline.tenancy import store as company
from meritline_sdk.model.records import RecordDeclaration
from meritline_sdk.model.schemes import SubjectKind as Kind

FIRST_SUBJECTS, FIRST_RECORDS = 20, 20


@strawberry.input(description="A formula, the period it is tried on, and how much is shown.")
class TryIndicatorInput:
    """A formula to try."""

    formula: str = strawberry.field(description="What it measures, as for saveIndicator.")
    period: str = strawberry.field(description="A month, quarter or year: 2026-05, 2026-Q2, 2026.")
    key: str | None = strawberry.field(default=strawberry.UNSET, description="The name that it shall have.")
    title_en: str | None = strawberry.field(default=strawberry.UNSET, description="What it shall be called.")
    title_zh: str | None = strawberry.field(default=strawberry.UNSET, description="The same in Chinese.")
    unit: str | None = strawberry.field(default=strawberry.UNSET, description="By default one that fits the formula.")
    better: BetterDirection | None = strawberry.field(  # type: ignore[valid-type]
        default=strawberry.UNSET, description="Which way is better."
    )
    minimum_sample: int | None = strawberry.field(default=strawberry.UNSET, description="By default 1.")
    note_en: str | None = strawberry.field(default=strawberry.UNSET, description="A note for readers.")
    note_zh: str | None = strawberry.field(default=strawberry.UNSET, description="The same in Chinese.")
    parameters: Document | None = strawberry.field(
        default=strawberry.UNSET, description="The values of its parameters by name."
    )
    golden_cases: list[Document] | None = strawberry.field(
        default=strawberry.UNSET, description="Cases that must come out."
    )
    subject_kinds: list[SubjectKind] | None = strawberry.field(  # type: ignore[valid-type]
        default=strawberry.UNSET, description="Whose readings; by default those of all three kinds."
    )
    subject: str | None = strawberry.field(
        default=strawberry.UNSET, description="Only the reading and the records of this employee number or department."
    )
    first: int = strawberry.field(default=FIRST_SUBJECTS, description="How many readings are shown, at most 100.")
    records: int = strawberry.field(
        default=FIRST_RECORDS, description="How many records are shown behind one of them, at most 100."
    )


async def work(context: RequestContext, asked: TryIndicatorInput) -> Mapping[str, Any]:
    """Check the formula, then read the records by it."""
    # Readings of everybody and records of anybody: a manager, who sees a team, is refused.
    if context.reach("records:read") != "company":
        raise Forbidden(role=str(context.principal.role), action="records:read")
    from meritline.appraisal.own.trial import tried  # with the compiler of measures

    tenant_id, database = context.principal.tenant_id, context.platform.database
    try:
        async with database.scoped_read(tenant_id) as conn:
            records = await enabled_records(conn, tenant_id, context.platform.catalogue)
            draft = await drafted(conn, context, asked, records)
        kinds = [Kind(each.value) for each in given_of(asked.subject_kinds) or ()] or list(Kind)
        found = await tried(database, tenant_id, draft, asked.period, first=asked.first, kinds=kinds,
                            code=given_of(asked.subject), records=asked.records)
    except MeritlineError as refused:
        raise Refused(of_input(each) for each in refused.problems) from refused
    return trial_values(context, draft, found, records)


async def drafted(conn: Connection, context: RequestContext, asked: TryIndicatorInput,
                  records: Mapping[str, RecordDeclaration]) -> OwnDraft:
    """The checked draft; what was left out is made up, since a trial keeps nothing."""
    profile = await company.profile(conn, context.principal.tenant_id)
    document: dict[str, Any] = {"indicator": "trial", "title": "Trial", "title_zh": "试算", "better": "neither",
                                **own_document(asked)}
    if "unit" not in document:
        document["unit"] = probable_unit(asked.formula, records)
    draft, problems = read_own(Written(document), records, profile.time_zone if profile else None)
    if draft is None:
        raise Refused(problems)
    return draft


TRY_INDICATOR = Mutation(
    name="tryIndicator",
    description="What an indicator would say and read on the company's records of a period. Nothing is kept.",
    action="schemes:write",
    input=TryIndicatorInput,
    returns={
        "trial": ("IndicatorTrial", "What the formula says."),
        "readings": ("[TrialReading!]", "The first readings, those with a value before those without."),
        "looked": ("[TrialLook!]", "What each part of the formula looked at in the whole company."),
        "records": ("[ServiceRecord!]", "The first records behind one reading."),
    },
    work=work,
)
