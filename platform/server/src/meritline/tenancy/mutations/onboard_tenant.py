"""``onboardTenant``: open a company. The first key of its administrator is in the answer, and nowhere else ever."""

from collections.abc import Mapping
from typing import Any

import strawberry

from meritline.documents import Document as Given
from meritline.graphql.kit import Column, Object, RequestContext
from meritline.graphql.kit.documents import given_document
from meritline.graphql.kit.ids import global_id
from meritline.graphql.kit.mutating import Mutation
from meritline.graphql.kit.scalars import Document
from meritline.tenancy.calendar_document import given_calendar
from meritline.tenancy.service import onboard_tenant
from meritline.tenancy.values import Profile

ONBOARDED_TENANT = Object(
    name="OnboardedTenant",
    description="A company that exists from now on.",
    fields=(
        Column("id", "ID!", "Its opaque id, the same that its own keys see."),
        Column("key", "String!", "The short name by which commands call it."),
        Column("adminKey", "String!", "The first key, of the role admin; shown this once."),
    ),
)


@strawberry.input(description="The company to open.")
class OnboardTenantInput:
    """The company to open."""

    key: str = strawberry.field(description="The short name: lower-case letters, digits and hyphens.")
    name: str = strawberry.field(description="The company's name.")
    time_zone: str = strawberry.field(description="Where its days begin, such as Asia/Shanghai.")
    currency: str = strawberry.field(description="What it pays in, by ISO 4217.")
    country: str = strawberry.field(description="Its country by ISO 3166.")
    languages: list[str] = strawberry.field(description="The languages it works in: en, zh.")
    calendar: Document | None = strawberry.field(
        default=None, description="Working hours, holidays and fiscal months: what `saveCalendar` takes."
    )


async def work(context: RequestContext, given: OnboardTenantInput) -> Mapping[str, Any]:
    """Open it."""
    profile = Profile(given.name, given.time_zone, given.currency, tuple(given.languages), given.country)
    if given.calendar is not None:
        profile = given_calendar(Given(given_document(given.calendar))).applied(profile)
    opened = await onboard_tenant(
        context.platform.database, key=given.key, profile=profile, actor=context.principal.actor, now=context.now
    )
    found = {"id": global_id("Tenant", opened.tenant_id), "key": given.key, "adminKey": opened.admin_key}
    return {"tenant": found}


ONBOARD_TENANT = Mutation(
    name="onboardTenant",
    description="Open a company. For the platform's operator.",
    action="tenant:create",
    input=OnboardTenantInput,
    returns={"tenant": ("OnboardedTenant", "The company and its first key.")},
    work=work,
)
