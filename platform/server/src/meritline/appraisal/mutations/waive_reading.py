"""``waiveReading``: a reading is set aside with a reason."""

from collections.abc import Mapping
from typing import Any

import strawberry

from meritline.appraisal.figures.service import waive
from meritline.appraisal.graphql_schemes import SubjectKind
from meritline.appraisal.mutations.withdraw_figure import named
from meritline.graphql.kit import RequestContext
from meritline.graphql.kit.mutating import Mutation


@strawberry.input(description="Which reading is set aside, and why.")
class WaiveReadingInput:
    """Which reading is set aside, and why."""

    period: str = strawberry.field(description="Its period.")
    indicator: str = strawberry.field(description="The indicator's full name.")
    subject_kind: SubjectKind | None = strawberry.field(  # type: ignore[valid-type]
        default=strawberry.UNSET, description="Told by employeeNo or departmentCode; with neither it is the company."
    )
    employee_no: str | None = strawberry.field(default=strawberry.UNSET, description="The employee.")
    department_code: str | None = strawberry.field(default=strawberry.UNSET, description="The department.")
    reason: str = strawberry.field(description="Why; it is shown on the line.")
    expected_version: int | None = strawberry.field(
        default=strawberry.UNSET, description="The version that was seen, where a figure or waiver stands already."
    )


async def work(context: RequestContext, given: WaiveReadingInput) -> Mapping[str, Any]:
    """Waive it."""
    async with context.platform.database.unit_of_work(context.principal.tenant_id) as uow:
        found = await waive(uow, context.principal, given.period, named(given), given.reason,
                            clock=context.platform.clock)
    return {"figure": found.id}


WAIVE_READING = Mutation(
    name="waiveReading",
    description="Set a reading aside: its item drops out, and the line says why.",
    action="readings:waive",
    input=WaiveReadingInput,
    returns={"figure": ("EnteredFigure", "The waiver as it stands now.")},
    work=work,
)
