"""``enterFigures``: ready-made figures for what no system counts. Good rows land, each bad one has its own error."""

import strawberry

from meritline.appraisal.figures.service import enter
from meritline.appraisal.figures.values import FigureInput
from meritline.appraisal.mutations.figure_inputs import EnterFigure, figure_of
from meritline.errors import MeritlineError, Problem
from meritline.graphql.kit import RequestContext
from meritline.graphql.kit.mutating import Keys, Mutation, Partly, user_error

MOST = 1000


@strawberry.input(description="Figures of a period.")
class EnterFiguresInput:
    """Figures of a period."""

    period: str = strawberry.field(description="The period: 2026-05, 2026-Q2 or 2026.")
    figures: list[EnterFigure] = strawberry.field(description="The figures, at most 1000.")


async def work(context: RequestContext, given: EnterFiguresInput) -> Partly:
    """Write what can be written."""
    if len(given.figures) > MOST:
        raise MeritlineError("E-FIGURE-MANY", field="figures", value=len(given.figures), most=MOST)
    rows = [figure_of(each, row) for row, each in enumerate(given.figures, 1)]
    good = [each for each in rows if isinstance(each, FigureInput)]
    async with context.platform.database.unit_of_work(context.principal.tenant_id) as uow:
        outcome = await enter(uow, context.principal, given.period, good, clock=context.platform.clock)
    found = [*outcome.written, *outcome.unchanged]
    problems = [*(each for each in rows if isinstance(each, Problem)), *outcome.problems]
    values = {
        "figures": Keys("{t}.id", [each.id for each in found]) if found else None,
        "written": len(outcome.written), "unchanged": len(outcome.unchanged),
        "warnings": [user_error(each, context) for each in outcome.warnings],
    }  # fmt: skip
    return Partly(values, sorted(problems, key=lambda each: each.row or 0))


ENTER_FIGURES = Mutation(
    name="enterFigures",
    description="Enter ready-made figures. They stand instead of what records give, marked as entered.",
    action="figures:write",
    input=EnterFiguresInput,
    returns={
        "figures": ("[EnteredFigure!]", "The figures that stand now, of the rows that were taken."),
        "written": ("Int", "How many were new or changed."),
        "unchanged": ("Int", "How many stood there already."),
        "warnings": ("[UserError!]", "What was taken, and may not be what was meant: no scheme reads it."),
    },
    work=work,
    partly=True,
)
