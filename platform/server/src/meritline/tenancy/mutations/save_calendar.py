"""``saveCalendar``: when a company works, its holidays, and by which months it counts."""

from collections.abc import Mapping
from typing import Any

import strawberry

from meritline.documents import Document as Given
from meritline.graphql.kit import RequestContext
from meritline.graphql.kit.documents import given_document
from meritline.graphql.kit.mutating import Mutation, seen_version
from meritline.graphql.kit.scalars import Document
from meritline.tenancy.service import save_calendar


@strawberry.input(description="The calendar as it shall be; what the document does not name stays.")
class SaveCalendarInput:
    """The calendar as it shall be."""

    document: Document = strawberry.field(
        description="The tables `calendar` (working_hours, holidays, working_days) and `fiscal` (month_start, "
        "year_start), with the keys that tenant.toml has; null takes one away."
    )
    expected_version: int | None = strawberry.field(
        default=strawberry.UNSET, description="The version of the tenant that was seen."
    )


async def work(context: RequestContext, given: SaveCalendarInput) -> Mapping[str, Any]:
    """Check the whole document, then keep it."""
    document = Given(given_document(given.document))
    async with context.platform.database.unit_of_work(context.principal.tenant_id) as uow:
        await save_calendar(uow, context.principal.actor, document, seen_version(given.expected_version))
    return {"tenant": context.principal.tenant_id}


SAVE_CALENDAR = Mutation(
    name="saveCalendar",
    description="Say when the company works and by which months it counts; what was computed before stays as it is.",
    action="tenant:write",
    input=SaveCalendarInput,
    returns={"tenant": ("Tenant", "The company as it stands now.")},
    work=work,
    document=True,
)
