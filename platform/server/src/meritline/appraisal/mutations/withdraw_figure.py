"""``withdrawFigure``: a figure or waiver no longer stands."""

from collections.abc import Mapping
from typing import Any

import strawberry

from meritline.appraisal.figures.service import withdraw
from meritline.appraisal.figures.values import FigureInput
from meritline.appraisal.graphql_schemes import SubjectKind
from meritline.appraisal.mutations.figure_inputs import subject_of
from meritline.graphql.kit import RequestContext
from meritline.graphql.kit.mutating import Mutation, seen_version


@strawberry.input(description="Which figure no longer stands, and why.")
class WithdrawFigureInput:
    """Which figure no longer stands, and why."""

    period: str = strawberry.field(description="Its period.")
    indicator: str = strawberry.field(description="The indicator's full name.")
    subject_kind: SubjectKind | None = strawberry.field(  # type: ignore[valid-type]
        default=strawberry.UNSET, description="Told by employeeNo or departmentCode; with neither it is the company."
    )
    employee_no: str | None = strawberry.field(default=strawberry.UNSET, description="The employee.")
    department_code: str | None = strawberry.field(default=strawberry.UNSET, description="The department.")
    reason: str = strawberry.field(description="Why.")
    expected_version: int | None = strawberry.field(default=strawberry.UNSET, description="The version that was seen.")


def named(given: Any) -> FigureInput:
    """The reading that an input names."""
    kind, subject = subject_of(given)
    return FigureInput(indicator=given.indicator, subject_kind=kind, subject=subject,
                       expected_version=seen_version(given.expected_version))


async def work(context: RequestContext, given: WithdrawFigureInput) -> Mapping[str, Any]:
    """Withdraw it."""
    async with context.platform.database.unit_of_work(context.principal.tenant_id) as uow:
        found = await withdraw(uow, context.principal, given.period, named(given), given.reason,
                               clock=context.platform.clock)
    return {"figure": found.id}


WITHDRAW_FIGURE = Mutation(
    name="withdrawFigure",
    description="Withdraw a figure or a waiver: the reading is again what the records give.",
    action="figures:write",
    input=WithdrawFigureInput,
    returns={"figure": ("EnteredFigure", "The figure, withdrawn.")},
    work=work,
)
