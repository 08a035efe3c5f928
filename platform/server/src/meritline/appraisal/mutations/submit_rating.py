"""``submitRating``: a number that a person gives."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import strawberry

from meritline.appraisal.graphql_schemes import SubjectKind
from meritline.graphql.kit import RequestContext
from meritline.graphql.kit.mutating import Mutation, seen_version
from meritline_sdk.model.schemes import SubjectKind as Subject

ROLES = ("In which role, of those that the indicator asks: manager (a superior), team_leader, peer, self, customer, "
         "department or inspector.")


@strawberry.input(description="A rating.")
class SubmitRatingInput:
    """A rating."""

    period: str = strawberry.field(description="The rated period: 2026-05, 2026-Q2 or 2026.")
    scheme: str = strawberry.field(description="The scheme that asks for it.")
    indicator: str = strawberry.field(description="The rated indicator's full name.")
    subject: str = strawberry.field(description="Employee number, department code or the company's key.")
    subject_kind: SubjectKind | None = strawberry.field(  # type: ignore[valid-type]
        default=strawberry.UNSET, description="An employee unless told otherwise."
    )
    value: Decimal = strawberry.field(description="The number, within the indicator's scale.")
    rater_role: str = strawberry.field(default="manager", description=ROLES)
    rater: str | None = strawberry.field(
        default=strawberry.UNSET, description="The number of the employee who rates, where HR enters it for them."
    )
    comment: str | None = strawberry.field(default=strawberry.UNSET, description="What is said with it.")
    reference: str | None = strawberry.field(
        default=strawberry.UNSET,
        description="Tells apart voices of one role: the customer's number, the sampled record, the department.",
    )
    expected_version: int | None = strawberry.field(
        default=strawberry.UNSET, description="The version that was seen, where the rater changes their mind."
    )


async def work(context: RequestContext, given: SubmitRatingInput) -> Mapping[str, Any]:
    """Write it."""
    from meritline.appraisal.ratings import RatingInput, submit_rating  # with the roster of a run

    kind: Any = given.subject_kind
    rating = RatingInput(
        period=given.period,
        scheme=given.scheme,
        indicator=given.indicator,
        subject=given.subject,
        value=given.value,
        subject_kind=Subject(kind.value) if kind else Subject.EMPLOYEE,
        rater_role=given.rater_role,
        rater=given.rater or None,
        comment=given.comment or None,
        expected_version=seen_version(given.expected_version),
        reference=given.reference or None,
    )
    async with context.platform.database.unit_of_work(context.principal.tenant_id) as uow:
        stored = await submit_rating(uow, context.principal, rating, clock=context.platform.clock)
    return {"rating": stored.id}


SUBMIT_RATING = Mutation(
    name="submitRating",
    description="Rate somebody. The same rater in the same role has one voice.",
    action="ratings:write",
    input=SubmitRatingInput,
    returns={"rating": ("Rating", "The rating as it stands now.")},
    work=work,
)
